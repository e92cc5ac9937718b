import Leibniz

/// Compares every derivative of the systems with finite differences.
func validation(_ call: ValidateCall) -> ExitStatus {
  answering { () throws(Refusal) in
    var request = ValidationRequest(sizes: call.sizes)
    for name in call.models {
      if let model = try choice(name) { request.models.append(model) }
    }
    request.steps = call.steps ?? request.steps
    request.seed = call.seed ?? request.seed
    defer { showProgress(nil) }
    return try validate(request) { progress in
      showProgress("\(progress.model): \(progress.done) of \(progress.count) derivatives")
    }
  }
}
