import Expressions

extension Workspace {
  /// The first step whose derivatives a sum over time adds up, if that is a number: of
  /// `\sum_{t=0}^{T-1} \bar z_{t+1} h_t^\top` it is 1, and of one over lags, `\sum_{j=0}^{t-1} ∂h_t/∂h_{t-j} …`, as well.
  package func firstStep(ofSum node: Node) -> Int? {
    guard case .timeSum(let symbol, let from, let through, let body) = node,
      let first = from.literal
    else { return nil }
    var (ahead, last): (Int?, Int?) = (nil, nil)
    visit(body) { _, inner in
      guard case .derivative(let numerator, let denominator, _) = inner else { return }
      for variable in variables(in: numerator) + variables(in: denominator) {
        guard let time = variable.time else { continue }
        if let offset = (time - Time(symbol)).literal { ahead = min(ahead ?? offset, offset) }
        if time.coefficient(of: symbol) == -1,
          let step = time.substituting(symbol, by: through).literal
        {
          last = min(last ?? step, step)
        }
      }
    }
    if ahead == nil, let last { return last }
    return first + max(0, ahead ?? 0)
  }
}
