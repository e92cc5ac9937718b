import Expressions

/// The differential of an expression in matrix notation: linear in the differentials of what is not
/// computed. Magnus, Neudecker 2019, chapter 8.
extension Differentiation {
  mutating func differentialOrZero(
    of expression: Expression, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression {
    let shape = try shape(of: expression, workspace)
    return try differential(of: expression, &workspace) ?? workspace.zero(shape)
  }

  /// Nil is zero.
  private mutating func differential(
    of root: Expression, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    switch workspace[root] {
    case .number, .decimal, .timeValue, .dimensionValue, .identity, .ones, .zero, .unitVector,
      .delta, .iverson:
      return nil
    case .elided: throw .elidedSlope(root)
    case .derivative, .differential: throw .unsupported(root)
    case .variable(let variable): return try differential(of: variable, root, &workspace)
    case .sum(let terms):
      var new: [Expression?] = []
      for term in terms { new.append(try differential(of: term, &workspace)) }
      guard let sum = workspace.plus(new) else { return nil }
      // A row that is left alone still stands in every row.
      let whole = try shape(of: root, workspace)
      if let kept = try? workspace.shape(of: sum), kept != whole {
        return workspace.sum([sum, workspace.zero(whole)])
      }
      return sum
    case .negative(let operand):
      return workspace.minus(try differential(of: operand, &workspace))
    case .product(let factors):
      return try replacing(each: factors, &workspace) { $0.product($1) }
    case .hadamard(let factors):
      return try replacing(each: factors, &workspace) { $0.hadamard($1) }
    case .kronecker(let a, let b):
      return try replacing(each: [a, b], &workspace) { $0.expression(.kronecker($1[0], $1[1])) }
    case .stack(let rows, let columns, let blocks):
      var new: [Expression] = []
      var isZero = true
      for block in blocks {
        if let part = try differential(of: block, &workspace) {
          new.append(part)
          isZero = false
        } else {
          new.append(workspace.zero(try shape(of: block, workspace)))
        }
      }
      return isZero ? nil : workspace.expression(.stack(rows: rows, columns: columns, new))
    case .quotient(let above, let below):
      let da = try differential(of: above, &workspace)
      var terms = [workspace.ratio(da, below)]
      if let db = try differential(of: below, &workspace) {
        let square = workspace.hadamard([below, below])
        terms.append(workspace.minus(workspace.ratio(workspace.hadamard([above, db]), square)))
      }
      return workspace.plus(terms)
    case .transpose(let operand):
      return try differential(of: operand, &workspace).map {
        workspace.expression(.transpose($0))
      }
    case .apply(let function, let order, let operand):
      guard let inner = try differential(of: operand, &workspace),
        let slope = workspace.slope(of: function, order: order + 1, at: operand)
      else { return nil }
      return workspace.hadamard([slope, inner])
    case .power(let base, let exponent):
      return try differential(ofPower: root, base, exponent, &workspace)
    case .tensorFunction(let function, let operand):
      return try differential(of: function, operand, root, &workspace)
    case .entry(let operand, let indices):
      return try differential(of: operand, &workspace).map {
        workspace.expression(.entry($0, indices))
      }
    case .indexSum(let label, let body):
      return try differential(of: body, &workspace).map {
        workspace.expression(.indexSum(label, $0))
      }
    case .tabulate(let labels, let body):
      return try differential(of: body, &workspace).map {
        workspace.expression(.tabulate(labels, $0))
      }
    case .timeSum(let time, let from, let through, let body):
      return try differential(of: body, &workspace).map {
        workspace.expression(.timeSum(time, from: from, through: through, $0))
      }
    case .maximum, .timeProduct, .pathProduct, .opaque, .opaquePartial:
      return try tabulatedDifferential(of: root, &workspace)
    }
  }

  private mutating func differential(
    of variable: Variable, _ root: Expression, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let symbol = variable.symbol
    guard model.computes(symbol) else {
      if workspace[symbol].properties.contains(.constant) { return nil }
      return workspace.expression(.differential(root))
    }
    guard let time = variable.time else {
      guard let definition = model.definition(of: symbol) else { return nil }
      if underway.contains(symbol) { throw .circular(symbol) }
      underway.append(symbol)
      defer { underway.removeLast() }
      return try differential(of: definition.body, &workspace)
    }
    if time.literal == nil, let graph = graphs[[]], graph.isOnCycle(symbol) {
      throw .circular(symbol)
    }
    let ways = alternatives(for: symbol, at: time, &workspace)
    if ways.isEmpty { return workspace.expression(.differential(root)) }
    var terms: [Expression?] = []
    for way in ways {
      let term = try differential(of: way.body, &workspace)
      terms.append(workspace.guarded(term, by: way.guards))
    }
    return workspace.plus(terms)
  }

  /// Σ over the operands of the node with that one replaced by its differential.
  private mutating func replacing(
    each operands: [Expression], _ workspace: inout Workspace,
    _ rebuilt: (inout Workspace, [Expression]) -> Expression
  ) throws(DerivativeProblem) -> Expression? {
    var terms: [Expression?] = []
    for place in operands.indices {
      guard let inner = try differential(of: operands[place], &workspace) else { continue }
      var new = operands
      new[place] = inner
      terms.append(rebuilt(&workspace, new))
    }
    return workspace.plus(terms)
  }

  private mutating func differential(
    ofPower root: Expression, _ base: Expression, _ exponent: Expression,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    switch try rule(for: root, workspace[root], workspace) {
    case .power:
      guard let inner = try differential(of: base, &workspace),
        let slope = workspace.powerSlope(base, exponent)
      else { return nil }
      return workspace.hadamard([slope, inner])
    case .inverse, .matrixPower:
      guard let inner = try differential(of: base, &workspace),
        let power = value(exponent, workspace)?.literal
      else { return nil }
      var terms: [Expression?] = []
      for m in 0..<abs(power) {
        let left = workspace.matrixPower(base, power > 0 ? m : -m - 1)
        let right = workspace.matrixPower(base, power > 0 ? power - 1 - m : m + power)
        let term = workspace.product([left, inner, right].compactMap { $0 })
        terms.append(power > 0 ? term : workspace.minus(term))
      }
      return workspace.plus(terms)
    default: return try tabulatedDifferential(of: root, &workspace)
    }
  }

  private mutating func differential(
    of function: TensorFunction, _ operand: Expression, _ root: Expression,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    guard let inner = try differential(of: operand, &workspace) else { return nil }
    switch function {
    case .diag, .trace, .total, .vec:
      return workspace.expression(.tensorFunction(function, inner))
    case .determinant:
      let minusOne = workspace.number(-1)
      let inverse = workspace.expression(.power(operand, minusOne))
      let product = workspace.product([inverse, inner])
      return workspace.product([root, workspace.expression(.tensorFunction(.trace, product))])
    case .norm:
      let product = workspace.hadamard([operand, inner])
      return workspace.ratio(workspace.expression(.tensorFunction(.total, product)), root)
    case .spectralNorm, .spectralRadius: throw .unsupported(root)
    case .softmax, .maximum: return try tabulatedDifferential(of: root, &workspace)
    }
  }

  /// Entry by entry, by the tables of rules.
  private mutating func tabulatedDifferential(
    of root: Expression, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let shape = try shape(of: root, workspace)
    let labels = workspace.freshLabels(for: shape)
    let target = Target(members: [], active: 0, held: [], isCopy: false)
    let pass = Pass(reach: .differential, target: target, component: [], owner: nil)
    guard let entry = try derivative(root, at: labels.asIndices, pass, &workspace) else {
      return nil
    }
    let tensor = workspace.tensor(labels, entry)
    return shape.isRow ? workspace.expression(.transpose(tensor)) : tensor
  }

  /// An entry of a variable's differential.
  mutating func differentialComponent(
    of variable: Variable, at indices: [Index], _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let root = workspace.expression(.variable(variable))
    guard let whole = try differential(of: variable, root, &workspace) else { return nil }
    return workspace.component(whole, at: indices)
  }
}
