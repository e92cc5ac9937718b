import Expressions

extension Workspace {
  /// The first step whose derivatives a sum over time adds up, if that is a number: of
  /// `\sum_{t=0}^{T-1} \bar z_{t+1} h_t^\top` it is 1.
  package func firstStep(ofSum node: Node) -> Int? {
    guard case .timeSum(let symbol, let from, _, let body) = node, let first = from.literal else {
      return nil
    }
    var ahead: Int?
    visit(body) { _, inner in
      guard case .derivative(let numerator, let denominator, _) = inner else { return }
      for variable in variables(in: numerator) + variables(in: denominator) {
        guard let time = variable.time, let offset = (time - Time(symbol)).literal else { continue }
        ahead = min(ahead ?? offset, offset)
      }
    }
    return first + max(0, ahead ?? 0)
  }
}
