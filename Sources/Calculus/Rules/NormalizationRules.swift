import Expressions

/// Norms, softmax and the largest entry.
extension Differentiation {
  mutating func normalization(
    _ rule: Rule, _ node: Node, _ place: Place, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    switch node {
    case .tensorFunction(.norm, let operand):
      guard let half = try halfSquareSlope(of: operand, place.pass, &workspace) else { return nil }
      return workspace.ratio(half, place.expression)
    case .power(let norm, _):
      guard case .tensorFunction(.norm, let operand) = workspace[norm] else {
        throw .unsupported(place.expression)
      }
      return workspace.times([
        workspace.number(2), try halfSquareSlope(of: operand, place.pass, &workspace),
      ])
    case .tensorFunction(.softmax, let operand):
      // ∂s_i = s_i (∂u_i − Σ_j s_j ∂u_j), row by row for matrices
      let shape = try shape(of: operand, workspace)
      guard !place.indices.isEmpty else { return nil }
      let label = workspace.freshLabel(shape.dimensions[shape.order - 1])
      let other = Array(place.indices.dropLast()) + [.label(label)]
      let own = try derivative(operand, at: place.indices, place.pass, &workspace)
      let term = workspace.times([
        workspace.component(place.expression, at: other),
        try derivative(operand, at: other, place.pass, &workspace),
      ])
      let mean = workspace.contraction(over: label, term)
      return workspace.times([
        workspace.component(place.expression, at: place.indices),
        workspace.plus([own, workspace.minus(mean)]),
      ])
    case .tensorFunction(.maximum, let operand):
      // 1 − sign(max − u_i) is one where the entry is the largest
      let labels = workspace.freshLabels(for: try shape(of: operand, workspace))
      let entry = workspace.component(operand, at: labels.asIndices)
      let gap = workspace.sum([place.expression, workspace.minus(entry) ?? entry])
      let sign = workspace.expression(.apply(.sign, derivative: 0, gap))
      let isLargest = workspace.sum([
        workspace.number(1), workspace.expression(.negative(sign)),
      ])
      let term = workspace.times([
        isLargest, try derivative(operand, at: labels.asIndices, place.pass, &workspace),
      ])
      return workspace.contraction(over: labels, term)
    default: throw .unsupported(place.expression)
    }
  }

  /// Σ u ∂u.
  private mutating func halfSquareSlope(
    of operand: Expression, _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let labels = workspace.freshLabels(for: try shape(of: operand, workspace))
    let term = workspace.times([
      workspace.component(operand, at: labels.asIndices),
      try derivative(operand, at: labels.asIndices, pass, &workspace),
    ])
    return workspace.contraction(over: labels, term)
  }
}
