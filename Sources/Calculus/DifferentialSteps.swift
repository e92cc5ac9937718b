import Expressions

/// How a differential comes about, one node after the other: Magnus, Neudecker 2019, chapter 8.
package struct DifferentialSteps {
  private let variable: Expression
  private var explained: [Expression] = []
  /// d of a node = what its rule makes of the differentials of its operands, outermost first.
  package private(set) var steps: [Step] = []
  /// Whether every node had a rule in matrix notation.
  package private(set) var isWhole = true

  /// - Parameter variable: what varies; all else is constant.
  package init(of root: Expression, by variable: Expression, in workspace: inout Workspace) {
    self.variable = variable
    explain(root, in: &workspace)
  }

  private func isFree(_ expression: Expression, _ workspace: borrowing Workspace) -> Bool {
    !workspace.contains(expression) { node in
      if case .variable = node { return node == workspace[variable] }
      return false
    }
  }

  private func differential(_ node: Expression, in workspace: inout Workspace) -> Expression {
    workspace.expression(.differential(node))
  }

  private mutating func explain(_ node: Expression, in workspace: inout Workspace) {
    if node == variable || isFree(node, workspace) || explained.contains(node) { return }
    explained.append(node)
    guard let (rule, after) = rule(for: node, in: &workspace) else {
      isWhole = false
      return
    }
    let before = differential(node, in: &workspace)
    if before != after { steps.append(Step(rule: rule, before: before, after: after)) }
    var operands = workspace[node].children
    if rule == .squaredNorm { operands = workspace[operands[0]].children }
    for operand in operands { explain(operand, in: &workspace) }
  }

  private func rule(
    for node: Expression, in workspace: inout Workspace
  ) -> (Rule, Expression)? {
    guard let shape = try? workspace.shape(of: node) else { return nil }
    switch workspace[node] {
    case .sum(let terms):
      var new: [Expression] = []
      for term in terms where !isFree(term, workspace) {
        guard (try? workspace.shape(of: term)) == shape else { return nil }
        new.append(signed(term, in: &workspace))
      }
      return (.sum, workspace.sum(new))
    case .negative: return (.negative, signed(node, in: &workspace))
    case .product(let factors):
      return (.product, replacingEach(of: factors, in: &workspace) { $0.product($1) })
    case .hadamard(let factors):
      return (.hadamard, replacingEach(of: factors, in: &workspace) { $0.hadamard($1) })
    case .kronecker(let a, let b):
      let sum = replacingEach(of: [a, b], in: &workspace) {
        $0.expression(.kronecker($1[0], $1[1]))
      }
      return (.kronecker, sum)
    case .quotient(let above, let below):
      // The divisor stands before the differential: d over something would be a derivative.
      let isScalar = (try? workspace.shape(of: below))?.isScalar == true
      let one = workspace.number(1)
      func over(_ divisor: Expression, _ factors: [Expression]) -> Expression {
        let scale = workspace.expression(.quotient(one, divisor))
        return isScalar
          ? workspace.product([scale] + factors) : workspace.hadamard([scale] + factors)
      }
      var terms: [Expression] = []
      if !isFree(above, workspace) {
        terms.append(over(below, [differential(above, in: &workspace)]))
      }
      if !isFree(below, workspace) {
        let two = workspace.number(2)
        let square =
          isScalar ? workspace.expression(.power(below, two)) : workspace.hadamard([below, below])
        let change = differential(below, in: &workspace)
        terms.append(workspace.expression(.negative(over(square, [change, above]))))
      }
      return (.quotient, workspace.sum(terms))
    case .transpose(let operand):
      return (
        .transpose, workspace.expression(.transpose(differential(operand, in: &workspace)))
      )
    case .power(let base, let exponent): return power(base, exponent, shape, in: &workspace)
    case .apply(let function, let order, let operand):
      guard let slope = workspace.slope(of: function, order: order + 1, at: operand) else {
        return nil
      }
      let change = differential(operand, in: &workspace)
      return (
        .elementwise,
        shape.isScalar ? workspace.product([slope, change]) : workspace.hadamard([slope, change])
      )
    case .tensorFunction(let function, let operand):
      return tensorFunction(function, operand, node, in: &workspace)
    case .indexSum(let label, let body):
      return (
        .indexSum, workspace.expression(.indexSum(label, differential(body, in: &workspace)))
      )
    case .entry(let operand, let indices):
      return (
        .entry, workspace.expression(.entry(differential(operand, in: &workspace), indices))
      )
    default: return nil
    }
  }

  /// d(−u) = −du, without a sign inside.
  private func signed(_ term: Expression, in workspace: inout Workspace) -> Expression {
    if case .negative(let operand) = workspace[term] {
      return workspace.expression(.negative(differential(operand, in: &workspace)))
    }
    return differential(term, in: &workspace)
  }

  private func replacingEach(
    of operands: [Expression], in workspace: inout Workspace,
    _ rebuilt: (inout Workspace, [Expression]) -> Expression
  ) -> Expression {
    var terms: [Expression] = []
    for (place, operand) in operands.enumerated() where !isFree(operand, workspace) {
      var new = operands
      new[place] = differential(operand, in: &workspace)
      terms.append(rebuilt(&workspace, new))
    }
    return workspace.sum(terms)
  }

  private func power(
    _ base: Expression, _ exponent: Expression, _ shape: Shape, in workspace: inout Workspace
  ) -> (Rule, Expression)? {
    guard case .number(let value) = workspace[exponent] else { return nil }
    if case .tensorFunction(.norm, let operand) = workspace[base], value == Rational(2) {
      return (
        .squaredNorm,
        workspace.product([workspace.number(2), inner(operand, in: &workspace)])
      )
    }
    let change = differential(base, in: &workspace)
    if shape.isMatrix, !shape.isRow {
      guard let n = value.exactInt, n != 0, abs(n) <= 4 else { return nil }
      var terms: [Expression] = []
      for m in 0..<abs(n) {
        let left = workspace.matrixPower(base, n > 0 ? m : -m - 1)
        let right = workspace.matrixPower(base, n > 0 ? n - 1 - m : m + n)
        let term = workspace.product([left, change, right].compactMap { $0 })
        terms.append(n > 0 ? term : workspace.expression(.negative(term)))
      }
      return (n > 0 ? .matrixPower : .inverse, workspace.sum(terms))
    }
    guard let slope = workspace.powerSlope(base, exponent) else { return nil }
    return (
      .power,
      shape.isScalar ? workspace.product([slope, change]) : workspace.hadamard([slope, change])
    )
  }

  /// uᵀ du for a vector, tr(uᵀ du) for a matrix.
  private func inner(_ operand: Expression, in workspace: inout Workspace) -> Expression {
    let row = workspace.expression(.transpose(operand))
    let product = workspace.product([row, differential(operand, in: &workspace)])
    let isVector = (try? workspace.shape(of: operand))?.isVector == true
    return isVector ? product : workspace.expression(.tensorFunction(.trace, product))
  }

  private func tensorFunction(
    _ function: TensorFunction, _ operand: Expression, _ node: Expression,
    in workspace: inout Workspace
  ) -> (Rule, Expression)? {
    let change = differential(operand, in: &workspace)
    func linear(_ rule: Rule) -> (Rule, Expression) {
      (rule, workspace.expression(.tensorFunction(function, change)))
    }
    switch function {
    case .trace: return linear(.trace)
    case .diag: return linear(.diagonal)
    case .total: return linear(.total)
    case .vec: return linear(.vec)
    case .determinant:
      let exponent = workspace.number(-1)
      let inverse = workspace.expression(.power(operand, exponent))
      let trace = workspace.expression(
        .tensorFunction(.trace, workspace.product([inverse, change])))
      return (.determinant, workspace.product([node, trace]))
    case .norm:
      return (
        .norm, workspace.expression(.quotient(inner(operand, in: &workspace), node))
      )
    case .softmax:
      let row = workspace.expression(.transpose(node))
      let weighted = workspace.product([workspace.product([row, change]), node])
      return (
        .softmax,
        workspace.sum([
          workspace.hadamard([node, change]), workspace.expression(.negative(weighted)),
        ])
      )
    case .maximum, .spectralNorm, .spectralRadius: return nil
    }
  }
}
