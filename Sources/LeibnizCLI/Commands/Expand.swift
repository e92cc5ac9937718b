import Leibniz

/// Prints a sum of backpropagation through time written out; what the witnesses say of it goes to
/// standard error.
func expansion(_ call: ExpandCall) -> ExitStatus {
  do throws(Refusal) {
    let output = BufferedOutput()
    let request = ExpansionRequest(
      symbol: call.symbol, node: call.node, steps: call.steps, model: try choice(call.model),
      form: call.form, format: call.format, isStandalone: call.isStandalone)
    let remark = try expand(request) { output.write($0) }
    complain(remark.text)
    return output.flush().joined(with: ExitStatus(remark.outcome))
  } catch {
    complain(error.message)
    return .unusable
  }
}
