import Leibniz

/// Compares every derivative of the systems with finite differences.
func validation(_ request: ValidationRequest) -> ExitStatus {
  answering { () throws(Refusal) in try validate(request) }
}
