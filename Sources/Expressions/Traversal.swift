/// A place in an expression's tree: the number of the child to go to at each level.
package struct Path: Hashable, Sendable {
  package var steps: [Int]
  package init(_ steps: [Int] = []) { self.steps = steps }
  package func appending(_ step: Int) -> Path { Path(steps + [step]) }
}

extension Node {
  /// The operands in the order in which they are written.
  package var children: [Expression] {
    switch self {
    case .number, .decimal, .variable, .timeValue, .dimensionValue, .identity, .ones, .zero,
      .unitVector, .delta, .iverson, .elided:
      return []
    case .sum(let operands), .product(let operands), .hadamard(let operands),
      .stack(_, _, let operands), .opaque(_, _, let operands),
      .opaquePartial(_, _, _, let operands):
      return operands
    case .negative(let operand), .transpose(let operand), .apply(_, _, let operand),
      .tensorFunction(_, let operand), .entry(let operand, _), .indexSum(_, let operand),
      .tabulate(_, let operand), .timeSum(_, _, _, let operand),
      .timeProduct(_, _, _, let operand, _), .differential(let operand):
      return [operand]
    case .quotient(let a, let b), .power(let a, let b), .maximum(let a, let b),
      .kronecker(let a, let b), .derivative(let a, let b, _):
      return [a, b]
    case .pathProduct(let path): return path.blocks
    }
  }

  /// The same node over other operands.
  /// - Precondition: as many as `children` has.
  package func replacingChildren(_ new: [Expression]) -> Node {
    switch self {
    case .number, .decimal, .variable, .timeValue, .dimensionValue, .identity, .ones, .zero,
      .unitVector, .delta, .iverson, .elided:
      return self
    case .sum: return .sum(new)
    case .product: return .product(new)
    case .hadamard: return .hadamard(new)
    case .stack(let rows, let columns, _): return .stack(rows: rows, columns: columns, new)
    case .opaque(let function, let time, _): return .opaque(function, at: time, new)
    case .opaquePartial(let function, let time, let slots, _):
      return .opaquePartial(function, at: time, slots: slots, new)
    case .negative: return .negative(new[0])
    case .transpose: return .transpose(new[0])
    case .apply(let function, let derivative, _):
      return .apply(function, derivative: derivative, new[0])
    case .tensorFunction(let function, _): return .tensorFunction(function, new[0])
    case .entry(_, let indices): return .entry(new[0], indices)
    case .indexSum(let index, _): return .indexSum(index, new[0])
    case .tabulate(let indices, _): return .tabulate(indices, new[0])
    case .timeSum(let symbol, let from, let through, _):
      return .timeSum(symbol, from: from, through: through, new[0])
    case .timeProduct(let symbol, let from, let through, _, let order):
      return .timeProduct(symbol, from: from, through: through, new[0], order)
    case .differential: return .differential(new[0])
    case .quotient: return .quotient(new[0], new[1])
    case .power: return .power(new[0], new[1])
    case .maximum: return .maximum(new[0], new[1])
    case .kronecker: return .kronecker(new[0], new[1])
    case .derivative(_, _, let intervention):
      return .derivative(of: new[0], by: new[1], intervention)
    case .pathProduct(var path):
      path.blocks = new
      return .pathProduct(path)
    }
  }
}

extension Workspace {
  /// The expression with every node replaced, innermost first, by what `replacement` gives for the
  /// node over its already replaced children; nil keeps it. Shared nodes are visited once.
  package mutating func rewriting(
    _ root: Expression, _ replacement: (inout Workspace, Expression) -> Expression?
  ) -> Expression {
    var done: [Expression: Expression] = [:]
    return rewrite(root, &done, replacement)
  }

  private mutating func rewrite(
    _ root: Expression, _ done: inout [Expression: Expression],
    _ replacement: (inout Workspace, Expression) -> Expression?
  ) -> Expression {
    if let known = done[root] { return known }
    let node = self[root]
    let children = node.children
    var new: [Expression] = []
    for child in children { new.append(rewrite(child, &done, replacement)) }
    let rebuilt = new == children ? root : expression(node.replacingChildren(new))
    let result = replacement(&self, rebuilt) ?? rebuilt
    done[root] = result
    return result
  }

  /// Whether an expression stands within another.
  package func occurs(_ part: Expression, in whole: Expression) -> Bool {
    var found = false
    visit(whole) { expression, _ in if expression == part { found = true } }
    return found
  }

  /// Visits every distinct node below and at `root` that is of one of the kinds or holds one,
  /// children first.
  package func visit(
    _ root: Expression, holding kinds: NodeKinds = .all, _ body: (Expression, Node) -> Void
  ) {
    var seen: Set<Expression> = []
    visit(root, kinds, &seen, body)
  }

  private func visit(
    _ root: Expression, _ kinds: NodeKinds, _ seen: inout Set<Expression>,
    _ body: (Expression, Node) -> Void
  ) {
    if !holds(kinds, in: root) || !seen.insert(root).inserted { return }
    let node = self[root]
    for child in node.children { visit(child, kinds, &seen, body) }
    body(root, node)
  }

  package func contains(_ root: Expression, where predicate: (Node) -> Bool) -> Bool {
    var found = false
    visit(root) { _, node in if !found, predicate(node) { found = true } }
    return found
  }

  /// Whether a label occurs free.
  package func mentions(_ label: IndexSymbol, in root: Expression) -> Bool {
    let node = self[root]
    if node.ownIndices.contains(.label(label)) { return true }
    switch node {
    case .tabulate(let labels, _): if labels.contains(label) { return false }
    case .indexSum(let bound, _): if bound == label { return false }
    default: break
    }
    return node.children.contains { mentions(label, in: $0) }
  }

  /// Whether the expression is a written zero.
  package func isZero(_ expression: Expression) -> Bool {
    switch self[expression] {
    case .number(let value): return value.isZero
    case .decimal(let value, _): return value.isZero
    case .zero: return true
    case .negative(let operand), .tabulate(_, let operand): return isZero(operand)
    default: return false
    }
  }

  /// The subexpression at a place; nil if the path leaves the tree.
  package func subexpression(of root: Expression, at path: Path) -> Expression? {
    var current = root
    for step in path.steps {
      let children = self[current].children
      guard children.indices.contains(step) else { return nil }
      current = children[step]
    }
    return current
  }

  /// The expression with the one occurrence at `path` replaced.
  package mutating func replacing(
    at path: Path, in root: Expression, by new: Expression
  ) -> Expression {
    guard let step = path.steps.first else { return new }
    let node = self[root]
    var children = node.children
    guard children.indices.contains(step) else { return root }
    children[step] = replacing(
      at: Path(Array(path.steps.dropFirst())), in: children[step], by: new)
    return expression(node.replacingChildren(children))
  }
}

extension Workspace {
  /// The number of nodes, shared ones counted wherever they are written, up to a limit.
  package func treeSize(_ root: Expression) -> Int {
    var count = 0
    var work = [root]
    while let expression = work.popLast(), count < 10_000 {
      count += 1
      work += self[expression].children
    }
    return count
  }
}
