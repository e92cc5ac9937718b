import Expressions

/// Equations between inputs that nothing drawn at random satisfies, solved for one of them.
extension Theory {
  /// What to draw an input as so that an assumption holds; all that satisfies it is of this form.
  func solution(
    of premise: Premise, in setting: Int, _ workspace: inout Workspace
  ) -> Premise? {
    guard case .condition(let left, .equal, let right) = premise.content,
      let found = matrixOfEigenvector(left, right, in: setting, &workspace)
        ?? vectorOfTotal(left, right, in: setting, &workspace)
        ?? unitVector(left, right, in: setting, &workspace)
    else { return nil }
    return Premise(
      content: .value(found.variable, found.value), statement: premise.statement)
  }

  /// `M v = \lambda v`: M = N + (λ v − N v) vᵀ / vᵀv for any N; of a symmetric M it is
  /// P N P + λ v vᵀ / vᵀv with P = I − v vᵀ / vᵀv.
  private func matrixOfEigenvector(
    _ left: Expression, _ right: Expression, in setting: Int, _ workspace: inout Workspace
  ) -> (variable: Variable, value: Expression)? {
    guard case .product(let image) = workspace[left], image.count == 2,
      case .product(let multiple) = workspace[right], multiple.count == 2,
      image[1] == multiple[1], case .variable(let matrix) = workspace[image[0]],
      case .variable(let vector) = workspace[image[1]],
      case .variable(let number) = workspace[multiple[0]]
    else { return nil }
    let record = workspace[matrix.symbol]
    let isSymmetric = record.properties == .symmetric
    guard matrix.time == nil, matrix.copy == nil, record.properties.isEmpty || isSymmetric,
      record.shape.isMatrix, record.shape.dimensions[0] == record.shape.dimensions[1],
      workspace[vector.symbol].shape == .vector(record.shape.dimensions[0]),
      workspace[number.symbol].shape.isScalar,
      [matrix, vector, number].allSatisfy({ !settings[setting].model.computes($0.symbol) })
    else { return nil }
    let free = fresh("N", record.shape, record.properties, &workspace)
    let (v, turned) = (image[1], workspace.expression(.transpose(image[1])))
    let square = workspace.expression(.product([turned, v]))
    func along(_ column: Expression) -> Expression {
      workspace.expression(
        .quotient(workspace.expression(.product([column, turned])), square))
    }
    if isSymmetric {
      let identity = workspace.expression(.identity(record.shape.dimensions[0]))
      let across = workspace.expression(
        .sum([identity, workspace.expression(.negative(along(v)))]))
      let rest = workspace.expression(.product([across, free, across]))
      return (matrix, workspace.expression(.sum([rest, along(right)])))
    }
    let old = workspace.expression(.product([free, v]))
    let gap = workspace.expression(.sum([right, workspace.expression(.negative(old))]))
    return (matrix, workspace.expression(.sum([free, along(gap)])))
  }

  /// `\sum_i q_i = 1`: q = r + (1 − Σ r) / n for any r.
  private func vectorOfTotal(
    _ left: Expression, _ right: Expression, in setting: Int, _ workspace: inout Workspace
  ) -> (variable: Variable, value: Expression)? {
    guard case .indexSum(let label, let body) = workspace[left],
      case .entry(let operand, [.label(label)]) = workspace[body],
      case .variable(let vector) = workspace[operand], case .number = workspace[right],
      let shape = freeShape(of: vector, in: setting, workspace)
    else { return nil }
    let free = fresh("r", shape, [], &workspace)
    let size = shape.dimensions[0]
    let total = workspace.expression(
      .indexSum(label, workspace.expression(.entry(free, [.label(label)]))))
    let gap = workspace.expression(.sum([right, workspace.expression(.negative(total))]))
    let share = workspace.expression(
      .quotient(gap, workspace.expression(.dimensionValue(size))))
    let ones = workspace.expression(.ones(shape))
    return (
      vector,
      workspace.expression(.sum([free, workspace.expression(.product([share, ones]))]))
    )
  }

  /// `v^\top v = 1`, `\|v\| = 1`: v = r / ‖r‖ for any r.
  private func unitVector(
    _ left: Expression, _ right: Expression, in setting: Int, _ workspace: inout Workspace
  ) -> (variable: Variable, value: Expression)? {
    guard case .number(let one) = workspace[right], one.isOne else { return nil }
    var side = left
    if case .power(let base, let exponent) = workspace[left],
      workspace[exponent] == .number(Rational(2))
    {
      side = base
    }
    var measured: Expression?
    switch workspace[side] {
    case .tensorFunction(.norm, let operand): measured = operand
    case .product(let factors) where factors.count == 2 && side == left:
      if workspace[factors[0]] == .transpose(factors[1]) { measured = factors[1] }
    default: break
    }
    guard let measured, case .variable(let vector) = workspace[measured],
      let shape = freeShape(of: vector, in: setting, workspace)
    else { return nil }
    let free = fresh("r", shape, [], &workspace)
    let norm = workspace.expression(.tensorFunction(.norm, free))
    return (vector, workspace.expression(.quotient(free, norm)))
  }

  /// The shape of a vector that is an input at no step and of which nothing else is known.
  private func freeShape(
    of vector: Variable, in setting: Int, _ workspace: borrowing Workspace
  ) -> Shape? {
    let record = workspace[vector.symbol]
    guard vector.time == nil, vector.copy == nil, record.properties.isEmpty,
      record.shape.isVector, !settings[setting].model.computes(vector.symbol)
    else { return nil }
    return record.shape
  }

  private func fresh(
    _ name: String, _ shape: Shape, _ properties: Properties, _ workspace: inout Workspace
  ) -> Expression {
    let symbol = workspace.symbol(SymbolRecord(name: name, shape: shape, isFamily: false))
    workspace[symbol].properties = properties
    return workspace.variable(symbol)
  }
}
