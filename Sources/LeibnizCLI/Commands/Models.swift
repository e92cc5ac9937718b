import Leibniz

/// Lists the standard systems, or prints one.
func systems(_ name: String?) -> ExitStatus {
  answering { () throws(Refusal) in
    guard let name else { return Answer(models()) }
    return Answer(try model(named: name))
  }
}
