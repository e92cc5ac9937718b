import Leibniz

/// Prints a sum of backpropagation through time written out.
func expansion(_ call: ExpandCall) -> ExitStatus {
  answering { () throws(Refusal) in
    try expand(
      ExpansionRequest(
        symbol: call.symbol, node: call.node, steps: call.steps, model: try choice(call.model),
        form: call.form, format: call.format, isStandalone: call.isStandalone))
  }
}
