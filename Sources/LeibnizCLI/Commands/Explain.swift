import Leibniz

/// Prints the page about a code.
func page(_ code: String) -> ExitStatus {
  answering { () throws(Refusal) in Answer(try explain(code)) }
}
