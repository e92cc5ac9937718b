import Expressions

/// Derivatives in matrix notation: of a scalar by carrying adjoints from the result down to the
/// variable (Giles 2008, *Collected matrix derivative results*), of a vector by a vector by carrying
/// Jacobians upwards. It proposes; what it says is compared with the index form before it is used.
package struct MatrixDerivative {
  let variable: Expression
  var gradient: [Monomial] = []
  private var isWritten = true
  /// The expression that a node has for its value.
  private var named: (value: Expression, node: Expression)?
  /// Whether columns are scaled by diagonal matrices, so that their transposes read well.
  private var asRows = false

  private init(by variable: Expression) { self.variable = variable }

  /// What a seed at an expression brings to the variable; nil where there is no matrix notation.
  ///
  /// - Parameters:
  ///   - node: the name of the expression's value, by which its slope is written.
  ///   - seed: the derivative of a result by the expression.
  static func adjoints(
    of expression: Expression, named node: Expression, _ seed: Monomial, by variable: Expression,
    asRows: Bool, in workspace: inout Workspace
  ) -> [Monomial]? {
    var derivative = MatrixDerivative(by: variable)
    derivative.named = (expression, node)
    derivative.asRows = asRows
    derivative.carry(seed, to: expression, in: &workspace)
    return derivative.isWritten ? derivative.gradient : nil
  }

  /// The derivative, in the layout's arrangement; nil where there is no matrix notation, or where it
  /// is zero.
  ///
  /// - Parameter variable: a name, whose value nothing else in the expression depends on.
  package static func notation(
    of expression: Expression, by variable: Expression, layout: Layout,
    in workspace: inout Workspace
  ) -> Expression? {
    guard let above = try? workspace.shape(of: expression),
      let below = try? workspace.shape(of: variable), !below.isRow, !above.isRow
    else { return nil }
    if above.isScalar {
      guard var terms = gradient(of: expression, by: variable, in: &workspace) else { return nil }
      if below.isVector, layout.givesRows {
        terms = terms.map { workspace.transposed($0) }
      }
      return workspace.sum(of: terms)
    }
    guard above.isVector, below.isVector else { return nil }
    let derivative = MatrixDerivative(by: variable)
    guard var terms = derivative.jacobian(of: expression, in: &workspace) else { return nil }
    if layout == .denominator { terms = terms.map { workspace.transposed($0) } }
    return workspace.sum(of: terms)
  }

  /// The matrix of second derivatives of a scalar by a vector.
  package static func hessian(
    of expression: Expression, by variable: Expression, in workspace: inout Workspace
  ) -> Expression? {
    guard (try? workspace.shape(of: expression))?.isScalar == true,
      (try? workspace.shape(of: variable))?.isVector == true,
      let terms = gradient(of: expression, by: variable, in: &workspace),
      let whole = workspace.sum(of: terms)
    else { return nil }
    return notation(of: whole, by: variable, layout: .numerator, in: &workspace)
  }

  static func gradient(
    of expression: Expression, by variable: Expression, in workspace: inout Workspace
  ) -> [Monomial]? {
    var derivative = MatrixDerivative(by: variable)
    derivative.carry(Monomial(), to: expression, in: &workspace)
    return derivative.isWritten ? derivative.gradient : nil
  }

  func isFree(_ expression: Expression, _ workspace: borrowing Workspace) -> Bool {
    !workspace.contains(expression) { node in
      if case .variable = node { return node == workspace[variable] }
      return false
    }
  }

  // MARK: Adjoints

  /// - Parameter seed: the derivative of the result by this node, in the node's shape.
  private mutating func carry(
    _ seed: Monomial, to node: Expression, in workspace: inout Workspace
  ) {
    if !isWritten || isFree(node, workspace) { return }
    if node == variable {
      gradient.append(seed)
      return
    }
    guard let shape = try? workspace.shape(of: node) else {
      isWritten = false
      return
    }
    switch workspace[node] {
    case .sum(let terms):
      for term in terms {
        if isFree(term, workspace) { continue }
        let own = try? workspace.shape(of: term)
        var inner = seed
        if let own, own.isRow, shape.isMatrix, !shape.isRow {
          // A row is added to each of the matrix's rows.
          let ones = workspace.expression(.ones(.vector(shape.dimensions[0])))
          inner.chain.insert(workspace.expression(.transpose(ones)), at: 0)
        } else if own != shape {
          isWritten = false
          return
        }
        carry(inner, to: term, in: &workspace)
      }
    case .negative(let operand): carry(seed.negated, to: operand, in: &workspace)
    case .transpose(let operand):
      carry(workspace.transposed(seed), to: operand, in: &workspace)
    case .product(let factors): carry(seed, toProduct: factors, shape, in: &workspace)
    case .hadamard(let factors):
      for (place, factor) in factors.enumerated() where !isFree(factor, workspace) {
        guard (try? workspace.shape(of: factor)) == shape else {
          isWritten = false
          return
        }
        var others = factors
        others.remove(at: place)
        carry(scaled(seed, by: others, shape, in: &workspace), to: factor, in: &workspace)
      }
    case .quotient(let above, let below):
      carry(seed, toQuotient: above, below, shape, in: &workspace)
    case .power(let base, let exponent):
      carry(seed, toPower: base, exponent, shape, in: &workspace)
    case .apply(.log, 0, let operand):
      // log det U has the adjoint U^{-T}; Petersen, Pedersen 2012, eq. 57.
      if case .tensorFunction(.determinant, let matrix) = workspace[operand] {
        var inner = seed
        inner.chain = [inverseTransposed(matrix, in: &workspace)]
        carry(inner, to: matrix, in: &workspace)
      } else {
        carry(divided(seed, by: operand, shape, in: &workspace), to: operand, in: &workspace)
      }
    case .apply(let function, let order, let operand):
      if let factors = slopeByName(function, order, node, in: &workspace) {
        carry(scaled(seed, by: factors, shape, in: &workspace), to: operand, in: &workspace)
        return
      }
      guard let slope = workspace.slope(of: function, order: order + 1, at: operand) else { return }
      carry(scaled(seed, by: [slope], shape, in: &workspace), to: operand, in: &workspace)
    case .stack(let rows, 1, let blocks) where rows == blocks.count && shape.isVector:
      for (place, block) in blocks.enumerated() where !isFree(block, workspace) {
        guard let selector = selector(of: place, blocks, in: &workspace) else {
          isWritten = false
          return
        }
        var inner = seed
        inner.chain.insert(selector, at: 0)
        carry(inner, to: block, in: &workspace)
      }
    case .tensorFunction(let function, let operand):
      carry(seed, to: function, of: operand, node, in: &workspace)
    default: isWritten = false
    }
  }

  /// y ⊙ (1 − y) for the slope of y = σ(x), 1 − y ⊙ y for that of y = tanh(x).
  private func slopeByName(
    _ function: ElementwiseFunction, _ order: Int, _ node: Expression,
    in workspace: inout Workspace
  ) -> [Expression]? {
    guard let named, named.value == node, order == 0 else { return nil }
    let one = workspace.number(1)
    switch function {
    case .sigmoid:
      let rest = workspace.expression(.negative(named.node))
      return [named.node, workspace.sum([one, rest])]
    case .tanh:
      // The power of a matrix is a matrix product.
      let isMatrix = (try? workspace.shape(of: node)).map { $0.isMatrix && !$0.isRow } ?? true
      let square =
        isMatrix
        ? workspace.hadamard([named.node, named.node])
        : workspace.expression(.power(named.node, workspace.number(2)))
      return [workspace.sum([one, workspace.expression(.negative(square))])]
    default: return nil
    }
  }

  /// [0 I 0], which takes a block out of a stack of columns.
  private func selector(
    of place: Int, _ blocks: [Expression], in workspace: inout Workspace
  ) -> Expression? {
    guard let own = try? workspace.shape(of: blocks[place]), own.isVector else { return nil }
    var parts: [Expression] = []
    for (other, block) in blocks.enumerated() {
      guard let shape = try? workspace.shape(of: block), shape.isVector else { return nil }
      parts.append(
        workspace.expression(
          other == place
            ? .identity(own.dimensions[0])
            : .zero(.matrix(own.dimensions[0], shape.dimensions[0]))))
    }
    return workspace.expression(.stack(rows: 1, columns: parts.count, parts))
  }

  /// The seed times tensors of its own shape, entry by entry.
  private func scaled(
    _ seed: Monomial, by factors: [Expression], _ shape: Shape, in workspace: inout Workspace
  ) -> Monomial {
    var result = seed
    if shape.isScalar {
      for factor in factors { workspace.multiply(&result, by: factor) }
      return result
    }
    if asRows, shape.isVector {
      var diagonal = factors
      if let first = seed.chain.first, case .tensorFunction(.diag, let inner) = workspace[first] {
        result.chain.removeFirst()
        if case .hadamard(let known) = workspace[inner] {
          diagonal = known + factors
        } else {
          diagonal = [inner] + factors
        }
      }
      let matrix = workspace.expression(.tensorFunction(.diag, workspace.hadamard(diagonal)))
      result.chain.insert(matrix, at: 0)
      return result
    }
    let own = workspace.product(seed.chain)
    if case .ones = workspace[own] {
      result.chain = [workspace.hadamard(factors)]
    } else if named != nil, case .hadamard(let known) = workspace[own] {
      result.chain = [workspace.hadamard(known + factors)]
    } else {
      result.chain = [workspace.hadamard([own] + factors)]
    }
    return result
  }

  private func divided(
    _ seed: Monomial, by divisor: Expression, _ shape: Shape, in workspace: inout Workspace
  ) -> Monomial {
    var result = seed
    if shape.isScalar {
      workspace.divide(&result, by: divisor)
    } else {
      let own = workspace.product(seed.chain)
      result.chain = [workspace.expression(.quotient(own, divisor))]
    }
    return result
  }

  /// Σ of the entries of the seed times those of a product of tensors of the node's shape.
  private func inner(
    _ seed: Monomial, _ tensors: [Expression], _ shape: Shape, in workspace: inout Workspace
  ) -> Monomial {
    var result = seed
    result.chain = []
    if shape.isScalar {
      if !tensors.isEmpty { workspace.multiply(&result, by: workspace.product(tensors)) }
      return result
    }
    let product: Expression
    if shape.isRow {
      product = workspace.product(seed.chain + workspace.transposed(tensors))
    } else {
      product = workspace.product(workspace.transposed(seed.chain) + tensors)
    }
    workspace.multiply(
      &result,
      by: shape.isVector || shape.isRow
        ? product : workspace.expression(.tensorFunction(.trace, product)))
    return result
  }

  private mutating func carry(
    _ seed: Monomial, toProduct factors: [Expression], _ shape: Shape,
    in workspace: inout Workspace
  ) {
    var areScalar: [Bool] = []
    for factor in factors {
      guard let own = try? workspace.shape(of: factor) else {
        isWritten = false
        return
      }
      areScalar.append(own.isScalar)
    }
    for (place, factor) in factors.enumerated() where !isFree(factor, workspace) {
      var scaled = seed
      var left: [Expression] = []
      var right: [Expression] = []
      for (i, other) in factors.enumerated() where i != place {
        if areScalar[i] {
          workspace.multiply(&scaled, by: other)
        } else if i < place {
          left.append(other)
        } else {
          right.append(other)
        }
      }
      if areScalar[place] {
        carry(inner(scaled, left + right, shape, in: &workspace), to: factor, in: &workspace)
      } else {
        scaled.chain =
          workspace.transposed(left) + scaled.chain + workspace.transposed(right)
        carry(scaled, to: factor, in: &workspace)
      }
    }
  }

  private mutating func carry(
    _ seed: Monomial, toQuotient above: Expression, _ below: Expression, _ shape: Shape,
    in workspace: inout Workspace
  ) {
    guard let divisor = try? workspace.shape(of: below) else {
      isWritten = false
      return
    }
    if divisor.isScalar {
      var inner = seed
      workspace.divide(&inner, by: below)
      carry(inner, to: above, in: &workspace)
      if isFree(below, workspace) { return }
      workspace.divide(&inner, by: below)
      let scalar = shape.isScalar ? nil : above
      var outer = self.inner(inner, [scalar].compactMap { $0 }, shape, in: &workspace)
      if scalar == nil { workspace.multiply(&outer, by: above) }
      carry(outer.negated, to: below, in: &workspace)
      return
    }
    guard divisor == shape, (try? workspace.shape(of: above)) == shape else {
      isWritten = false
      return
    }
    carry(divided(seed, by: below, shape, in: &workspace), to: above, in: &workspace)
    if isFree(below, workspace) { return }
    let ratio = workspace.expression(.quotient(above, workspace.hadamard([below, below])))
    carry(scaled(seed, by: [ratio], shape, in: &workspace).negated, to: below, in: &workspace)
  }

  private mutating func carry(
    _ seed: Monomial, toPower base: Expression, _ exponent: Expression, _ shape: Shape,
    in workspace: inout Workspace
  ) {
    guard case .number(let value) = workspace[exponent] else {
      isWritten = false
      return
    }
    if shape.isMatrix, !shape.isRow {
      guard let n = value.exactInt, n != 0, abs(n) <= 4 else {
        isWritten = false
        return
      }
      for m in 0..<abs(n) {
        var inner = seed
        let (left, right) = n > 0 ? (m, n - 1 - m) : (-m - 1, m + n)
        inner.chain =
          transposedPower(base, left, in: &workspace) + seed.chain
          + transposedPower(base, right, in: &workspace)
        carry(n > 0 ? inner : inner.negated, to: base, in: &workspace)
      }
      return
    }
    if case .tensorFunction(.norm, let operand) = workspace[base], value == Rational(2) {
      var inner = seed
      inner.coefficient = inner.coefficient * value
      workspace.multiply(&inner, by: operand)
      carry(inner, to: operand, in: &workspace)
      return
    }
    guard let slope = workspace.powerSlope(base, exponent) else { return }
    carry(scaled(seed, by: [slope], shape, in: &workspace), to: base, in: &workspace)
  }

  /// (X^n)ᵀ as a chain: empty for the identity.
  private func transposedPower(
    _ base: Expression, _ n: Int, in workspace: inout Workspace
  ) -> [Expression] {
    workspace.matrixPower(base, n).map { [workspace.transposed($0)] } ?? []
  }

  private func inverseTransposed(
    _ matrix: Expression, in workspace: inout Workspace
  ) -> Expression {
    let exponent = workspace.number(-1)
    let inverse = workspace.expression(.power(matrix, exponent))
    return workspace.expression(.transpose(inverse))
  }

  private mutating func carry(
    _ seed: Monomial, to function: TensorFunction, of operand: Expression, _ node: Expression,
    in workspace: inout Workspace
  ) {
    guard let shape = try? workspace.shape(of: operand), !shape.isScalar else {
      isWritten = false
      return
    }
    var inner = seed
    switch function {
    case .trace: inner.chain = [workspace.expression(.identity(shape.dimensions[0]))]
    case .determinant:
      workspace.multiply(&inner, by: node)
      inner.chain = [inverseTransposed(operand, in: &workspace)]
    case .norm:
      workspace.divide(&inner, by: node)
      workspace.multiply(&inner, by: operand)
    case .total: inner.chain = [workspace.expression(.ones(shape))]
    case .diag:
      inner.chain = [
        workspace.expression(.tensorFunction(.diag, workspace.product(seed.chain)))
      ]
    case .softmax where shape.isVector:
      // p ⊙ s − (pᵀs) p
      carry(scaled(seed, by: [node], shape, in: &workspace), to: operand, in: &workspace)
      inner = self.inner(seed, [node], shape, in: &workspace).negated
      inner.chain = [node]
    case .softmax, .vec, .maximum, .spectralNorm, .spectralRadius:
      isWritten = false
      return
    }
    carry(inner, to: operand, in: &workspace)
  }

}
