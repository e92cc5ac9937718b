import Expressions

/// Functions of square matrices.
extension Differentiation {
  mutating func matrix(
    _ rule: Rule, _ node: Node, _ place: Place, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let indices = place.indices
    switch node {
    case .tensorFunction(.trace, let operand):
      let shape = try shape(of: operand, workspace)
      if shape.isScalar { return try derivative(operand, at: [], place.pass, &workspace) }
      let label = workspace.freshLabel(shape.dimensions[0])
      let term = try derivative(
        operand, at: [.label(label), .label(label)], place.pass, &workspace)
      return workspace.contraction(over: label, term)
    case .tensorFunction(.determinant, let operand):
      // d det X = det X · tr(X⁻¹ dX)
      let shape = try shape(of: operand, workspace)
      if shape.isScalar { return try derivative(operand, at: [], place.pass, &workspace) }
      let labels = workspace.freshLabels(for: shape)
      let minusOne = workspace.number(-1)
      let inverse = workspace.expression(.power(operand, minusOne))
      let term = workspace.times([
        workspace.component(inverse, at: [.label(labels[1]), .label(labels[0])]),
        try derivative(operand, at: labels.asIndices, place.pass, &workspace),
      ])
      return workspace.times([
        place.expression, workspace.contraction(over: labels, term),
      ])
    case .power(let base, let exponent):
      guard let time = value(exponent, workspace) else { throw .unsupported(place.expression) }
      if let literal = time.literal {
        return try matrixPower(base, literal, indices, place.pass, &workspace)
      }
      // d X^n = Σ_m X^m dX X^{n−1−m}
      let middle = workspace.time(named: "m")
      let left = workspace.expression(.timeValue(Time(middle)))
      let right = workspace.expression(.timeValue(time - 1 - Time(middle)))
      let term = try sandwich(
        workspace.expression(.power(base, left)), base,
        workspace.expression(.power(base, right)), indices, place.pass, &workspace)
      guard let term else { return nil }
      return workspace.expression(.timeSum(middle, from: .zero, through: time - 1, term))
    default: throw .unsupported(place.expression)
    }
  }

  /// d X^n, for n < 0 as −Σ_m X^{−m} dX X^{m−1+n}.
  private mutating func matrixPower(
    _ base: Expression, _ exponent: Int, _ indices: [Index], _ pass: Pass,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    var terms: [Expression?] = []
    if exponent > 0 {
      for m in 0..<exponent {
        terms.append(
          try sandwich(
            workspace.matrixPower(base, m), base, workspace.matrixPower(base, exponent - 1 - m),
            indices, pass, &workspace))
      }
    } else if exponent < 0 {
      for m in 1...(-exponent) {
        terms.append(
          workspace.minus(
            try sandwich(
              workspace.matrixPower(base, -m), base,
              workspace.matrixPower(base, m - 1 + exponent), indices, pass, &workspace)))
      }
    }
    return workspace.plus(terms)
  }

  /// A component of A · dX · B; nil for A or B is the identity.
  private mutating func sandwich(
    _ left: Expression?, _ middle: Expression, _ right: Expression?, _ indices: [Index],
    _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let labels = workspace.freshLabels(for: try shape(of: middle, workspace))
    let term = workspace.times([
      left.map { workspace.component($0, at: [indices[0], .label(labels[0])]) }
        ?? workspace.delta(indices[0], .label(labels[0])),
      try derivative(middle, at: labels.asIndices, pass, &workspace),
      right.map { workspace.component($0, at: [.label(labels[1]), indices[1]]) }
        ?? workspace.delta(.label(labels[1]), indices[1]),
    ])
    return workspace.contraction(over: labels, term)
  }
}

extension Workspace {
  /// X^n; nil for the identity.
  mutating func matrixPower(_ base: Expression, _ exponent: Int) -> Expression? {
    if exponent == 0 { return nil }
    if exponent == 1 { return base }
    let power = number(exponent)
    return expression(.power(base, power))
  }
}
