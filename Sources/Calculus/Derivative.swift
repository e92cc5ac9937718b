import Expressions

extension Differentiation {
  /// The derivative of one component of an expression by the pass's component of its target; nil is
  /// zero. One table row per kind of node.
  ///
  /// - Parameter indices: one for every axis of size other than one.
  mutating func derivative(
    _ expression: Expression, at indices: [Index], _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let node = workspace[expression]
    guard let rule = try rule(for: expression, node, workspace) else {
      if case .variable(let variable) = node {
        return try derivative(of: variable, at: indices, pass, &workspace)
      }
      return nil
    }
    if rule == disabled { return nil }
    let place = Place(expression: expression, indices: indices, pass: pass)
    switch rule {
    case .chain, .recurrence, .parameter: return nil
    case .sum, .negative, .transpose, .entry, .indexSum, .tabulate, .timeSum, .stack, .total,
      .vec, .diagonal:
      return try linear(rule, node, place, &workspace)
    case .product, .hadamard, .quotient, .kronecker, .timeProduct, .pathProduct:
      return try bilinear(rule, node, place, &workspace)
    case .elementwise, .maximum, .power, .exponential, .opaque, .opaquePartial:
      return try elementwise(rule, node, place, &workspace)
    case .trace, .determinant, .matrixPower, .inverse, .timePower:
      return try matrix(rule, node, place, &workspace)
    case .norm, .squaredNorm, .softmax, .largestEntry:
      return try normalization(rule, node, place, &workspace)
    }
  }

  /// The row that is meant for a node; nil for variables and constants.
  func rule(
    for expression: Expression, _ node: Node, _ workspace: borrowing Workspace
  ) throws(DerivativeProblem) -> Rule? {
    switch node {
    case .number, .decimal, .timeValue, .dimensionValue, .identity, .ones, .zero, .unitVector,
      .delta, .iverson, .variable:
      return nil
    case .sum: return .sum
    case .negative: return .negative
    case .product: return .product
    case .hadamard: return .hadamard
    case .quotient: return .quotient
    case .power(let base, let exponent):
      return try powerRule(base, exponent, workspace)
    case .transpose: return .transpose
    case .apply: return .elementwise
    case .maximum: return .maximum
    case .tensorFunction(let function, _):
      switch function {
      case .diag: return .diagonal
      case .trace: return .trace
      case .determinant: return .determinant
      case .norm: return .norm
      case .spectralNorm, .spectralRadius: throw .unsupported(expression)
      case .softmax: return .softmax
      case .vec: return .vec
      case .total: return .total
      case .maximum: return .largestEntry
      }
    case .kronecker: return .kronecker
    case .stack: return .stack
    case .entry: return .entry
    case .indexSum: return .indexSum
    case .tabulate: return .tabulate
    case .timeSum: return .timeSum
    case .timeProduct: return .timeProduct
    case .pathProduct: return .pathProduct
    case .opaque: return .opaque
    case .opaquePartial: return .opaquePartial
    case .elided: throw .elidedSlope(expression)
    case .derivative, .differential: throw .unsupported(expression)
    }
  }

  private func powerRule(
    _ base: Expression, _ exponent: Expression, _ workspace: borrowing Workspace
  ) throws(DerivativeProblem) -> Rule {
    if case .tensorFunction(.norm, _) = workspace[base], value(exponent, workspace) == Time(2) {
      return .squaredNorm
    }
    let shape: Shape
    do throws(ShapeMismatch) { shape = try workspace.shape(of: base) } catch {
      throw .illTyped(error.expression)
    }
    if shape.isMatrix, !shape.isRow {
      guard let time = value(exponent, workspace) else { throw .unsupported(base) }
      if time == Time(-1) { return .inverse }
      return time.literal == nil ? .timePower : .matrixPower
    }
    return workspace.isNumeric(exponent) ? .power : .exponential
  }

  /// A numeric expression as an integer or affine in times; nil if it is neither.
  func value(_ expression: Expression, _ workspace: borrowing Workspace) -> Time? {
    switch workspace[expression] {
    case .number(let number): return number.exactInt.map { Time($0) }
    case .decimal(let number, _): return number.exactInt.map { Time($0) }
    case .timeValue(let time): return time
    case .negative(let operand): return value(operand, workspace)?.scaled(by: -1)
    case .sum(let terms):
      var sum = Time.zero
      for term in terms {
        guard let time = value(term, workspace) else { return nil }
        sum = sum + time
      }
      return sum
    case .product(let factors):
      var product = Time(1)
      for factor in factors {
        guard let time = value(factor, workspace) else { return nil }
        if let literal = product.literal {
          product = time.scaled(by: literal)
        } else if let literal = time.literal {
          product = product.scaled(by: literal)
        } else {
          return nil
        }
      }
      return product
    default: return nil
    }
  }

  /// The component of an operand that stands in a tensor of another shape: a scalar for every place,
  /// a row for every row.
  func indices(_ indices: [Index], of operand: Shape, in whole: Shape) -> [Index] {
    if operand.isScalar { return [] }
    let count = operand.squeezed.order
    return count == indices.count ? indices : Array(indices.suffix(count))
  }
}

/// Where a rule is applied: to which node, which component, in which pass.
struct Place {
  var expression: Expression
  var indices: [Index]
  var pass: Pass
}
