import Expressions

/// Jacobians of vectors by vectors in matrix notation.
extension MatrixDerivative {
  /// The Jacobian of a vector by the vector, numerator layout; nil where there is no matrix notation.
  func jacobian(
    of node: Expression, in workspace: inout Workspace
  ) -> [Monomial]? {
    if isFree(node, workspace) { return [] }
    guard let shape = try? workspace.shape(of: node), shape.isVector else { return nil }
    if node == variable {
      return [Monomial(chain: [workspace.expression(.identity(shape.dimensions[0]))])]
    }
    switch workspace[node] {
    case .sum(let terms):
      var all: [Monomial] = []
      for term in terms {
        guard let part = jacobian(of: term, in: &workspace) else { return nil }
        all += part
      }
      return all
    case .negative(let operand):
      return jacobian(of: operand, in: &workspace)?.map { $0.negated }
    case .product(let factors): return jacobian(ofProduct: factors, in: &workspace)
    case .hadamard(let factors):
      var all: [Monomial] = []
      for (place, factor) in factors.enumerated() where !isFree(factor, workspace) {
        var others = factors
        others.remove(at: place)
        let scale = workspace.hadamard(others)
        guard (try? workspace.shape(of: factor)) == shape,
          (try? workspace.shape(of: scale)) == shape,
          let part = jacobian(of: factor, in: &workspace)
        else { return nil }
        all += diagonal(scale, times: part, in: &workspace)
      }
      return all
    case .quotient(let above, let below):
      return jacobian(ofQuotient: above, below, shape, in: &workspace)
    case .power(let base, let exponent):
      guard case .number = workspace[exponent],
        let slope = workspace.powerSlope(base, exponent),
        let part = jacobian(of: base, in: &workspace)
      else { return nil }
      return diagonal(slope, times: part, in: &workspace)
    case .apply(let function, let order, let operand):
      guard let part = jacobian(of: operand, in: &workspace) else { return nil }
      guard let slope = workspace.slope(of: function, order: order + 1, at: operand) else {
        return []
      }
      return diagonal(slope, times: part, in: &workspace)
    case .tensorFunction(.softmax, let operand):
      guard let part = jacobian(of: operand, in: &workspace) else { return nil }
      var all = diagonal(node, times: part, in: &workspace)
      for term in part {
        var other = term.negated
        other.chain = [node, workspace.transposed(node)] + term.chain
        all.append(other)
      }
      return all
    default: return nil
    }
  }

  private func diagonal(
    _ vector: Expression, times terms: [Monomial], in workspace: inout Workspace
  ) -> [Monomial] {
    // A number among the factors of the vector stays outside of diag.
    var outer = Monomial()
    workspace.multiply(&outer, by: vector)
    let inside = workspace.product(outer.chain)
    outer.chain = []
    let matrix = workspace.expression(.tensorFunction(.diag, inside))
    return terms.map { term in
      var result = term
      result.coefficient = result.coefficient * outer.coefficient
      result.scalars += outer.scalars
      result.divisors += outer.divisors
      result.chain.insert(matrix, at: 0)
      return result
    }
  }

  /// A column times the row of a scalar's derivative.
  private func outer(
    _ column: [Expression], _ scalar: Expression, in workspace: inout Workspace
  ) -> [Monomial]? {
    guard
      let gradient = MatrixDerivative.gradient(of: scalar, by: variable, in: &workspace)
    else { return nil }
    var first = Monomial()
    for factor in column { workspace.multiply(&first, by: factor) }
    return gradient.map { term in
      var result = workspace.transposed(term)
      result.coefficient = result.coefficient * first.coefficient
      result.scalars += first.scalars
      result.divisors += first.divisors
      result.chain = first.chain + result.chain
      return result
    }
  }

  func jacobian(
    ofProduct factors: [Expression], in workspace: inout Workspace
  ) -> [Monomial]? {
    var tensors: [Expression] = []
    var scalars: [Expression] = []
    for factor in factors {
      guard let shape = try? workspace.shape(of: factor) else { return nil }
      if shape.isScalar { scalars.append(factor) } else { tensors.append(factor) }
    }
    guard let last = tensors.last, (try? workspace.shape(of: last))?.isVector == true else {
      return nil
    }
    for tensor in tensors.dropLast() where !isFree(tensor, workspace) { return nil }
    guard let part = jacobian(of: last, in: &workspace) else { return nil }
    var all: [Monomial] = []
    for term in part {
      var result = term
      result.chain = []
      for factor in scalars { workspace.multiply(&result, by: factor) }
      for factor in tensors.dropLast() { workspace.multiply(&result, by: factor) }
      result.chain += term.chain
      all.append(result)
    }
    for (place, scalar) in scalars.enumerated() where !isFree(scalar, workspace) {
      guard let terms = outer(tensors, scalar, in: &workspace) else { return nil }
      for var term in terms {
        for (i, other) in scalars.enumerated() where i != place {
          workspace.multiply(&term, by: other)
        }
        all.append(term)
      }
    }
    return all
  }

  func jacobian(
    ofQuotient above: Expression, _ below: Expression, _ shape: Shape,
    in workspace: inout Workspace
  ) -> [Monomial]? {
    guard let divisor = try? workspace.shape(of: below) else { return nil }
    if divisor.isScalar {
      guard let part = jacobian(of: above, in: &workspace) else { return nil }
      var all: [Monomial] = []
      for var term in part {
        workspace.divide(&term, by: below)
        all.append(term)
      }
      if isFree(below, workspace) { return all }
      guard let terms = outer([above], below, in: &workspace) else { return nil }
      for var term in terms {
        workspace.divide(&term, by: below)
        workspace.divide(&term, by: below)
        all.append(term.negated)
      }
      return all
    }
    let one = workspace.number(1)
    guard divisor == shape else { return nil }
    var all: [Monomial] = []
    if (try? workspace.shape(of: above)) == shape, !isFree(above, workspace) {
      guard let part = jacobian(of: above, in: &workspace) else { return nil }
      all += diagonal(
        workspace.expression(.quotient(one, below)), times: part, in: &workspace)
    }
    guard let part = jacobian(of: below, in: &workspace) else { return nil }
    let slope = workspace.expression(.quotient(above, workspace.hadamard([below, below])))
    return all + diagonal(slope, times: part, in: &workspace).map { $0.negated }
  }
}
