import Expressions

/// Gives slopes that were written without an argument the argument that stands at their place: a
/// product of Jacobians is walked along the model, from the node on its left to that on its right.
/// Nothing is searched: where the walk finds no activation the slope stays open.
struct ElidedSlopes {
  let model: Model
  let layout: Layout
  /// Whether a power of a product of slopes was multiplied out.
  private(set) var usedShorthand = false
  /// Whether some slope could not be given an argument.
  private(set) var isStuck = false
  /// The parameters of the product that is being walked: a slope before W belongs to an activation
  /// whose argument reads W.
  private var parameters: [Symbol] = []

  init(model: Model, layout: Layout) {
    self.model = model
    self.layout = layout
  }

  /// Where the walk stands: at a node, or at an expression that has no name.
  enum Cursor: Hashable {
    case node(Variable)
    case expression(Expression)
    case nowhere
  }

  mutating func close(
    _ root: Expression, from start: Cursor, in workspace: inout Workspace
  ) -> Expression {
    var cursor = start
    return close(root, &cursor, in: &workspace)
  }

  private mutating func close(
    _ root: Expression, _ cursor: inout Cursor, in workspace: inout Workspace
  ) -> Expression {
    guard workspace.isElided(root) else { return root }
    let node = workspace[root]
    switch node {
    case .elided(let function, let derivative, _):
      guard let argument = activation(function, &cursor, in: &workspace) else {
        isStuck = true
        return root
      }
      return workspace.expression(.apply(function, derivative: derivative, argument))
    case .sum(let terms):
      let start = cursor
      var new: [Expression] = []
      for term in terms {
        var own = start
        new.append(close(term, &own, in: &workspace))
        if term == terms[terms.count - 1] { cursor = own }
      }
      return workspace.expression(.sum(new))
    case .product(let factors): return product(factors, &cursor, in: &workspace)
    case .power(let base, let exponent):
      return power(root, base, exponent, &cursor, in: &workspace)
    case .timeProduct(let step, let from, let through, let body, let order):
      // Each step's slope belongs to the node of that step.
      var own = cursor
      if case .node(let variable) = cursor, variable.time != nil {
        own = .node(Variable(variable.symbol, at: Time(step)))
      }
      let closed = close(body, &own, in: &workspace)
      if case .node(let variable) = cursor, variable.time != nil {
        cursor = .node(Variable(variable.symbol, at: from - 1))
      }
      return workspace.expression(
        .timeProduct(step, from: from, through: through, closed, order))
    default:
      var new: [Expression] = []
      for child in node.children { new.append(close(child, &cursor, in: &workspace)) }
      return workspace.expression(node.replacingChildren(new))
    }
  }

  private mutating func product(
    _ factors: [Expression], _ cursor: inout Cursor, in workspace: inout Workspace
  ) -> Expression {
    let outer = parameters
    defer { parameters = outer }
    parameters = factors.flatMap { workspace.variables(in: $0) }.filter {
      $0.time == nil && !model.computes($0.symbol)
    }.map { $0.symbol }
    var new = factors
    let order =
      layout == .denominator ? Array(factors.indices.reversed()) : Array(factors.indices)
    for i in order {
      if case .derivative(_, let by, _) = workspace[factors[i]] {
        if case .variable(let variable) = workspace[by] {
          cursor = .node(variable)
        } else {
          cursor = .expression(by)
        }
      } else {
        new[i] = close(factors[i], &cursor, in: &workspace)
      }
    }
    return workspace.expression(.product(new))
  }

  /// `(diag(σ′)W)^m`: m factors at m steps, the latest on the left.
  private mutating func power(
    _ root: Expression, _ base: Expression, _ exponent: Expression, _ cursor: inout Cursor,
    in workspace: inout Workspace
  ) -> Expression {
    switch workspace[exponent] {
    case .number(let value):
      guard let count = value.exactInt, count >= 1, count <= 64, isMatrixLike(base, in: workspace)
      else { break }
      if count > 1 { usedShorthand = true }
      var factors: [Expression] = []
      for _ in 0..<count { factors.append(close(base, &cursor, in: &workspace)) }
      if layout == .denominator { factors.reverse() }
      return workspace.product(factors)
    case .timeValue(let count):
      guard case .node(let variable) = cursor, let time = variable.time,
        isMatrixLike(base, in: workspace)
      else { break }
      usedShorthand = true
      let step = workspace.time(named: "i")
      var own = Cursor.node(Variable(variable.symbol, at: Time(step)))
      let closed = close(base, &own, in: &workspace)
      cursor = .node(Variable(variable.symbol, at: time - count))
      return workspace.expression(
        .timeProduct(
          step, from: time - count + 1, through: time, closed,
          layout == .denominator ? .ascending : .descending))
    default: break
    }
    return workspace.expression(.power(close(base, &cursor, in: &workspace), exponent))
  }

  /// A power of a product of matrices, not of the slope alone.
  private func isMatrixLike(_ base: Expression, in workspace: borrowing Workspace) -> Bool {
    if case .product = workspace[base] { return true }
    return false
  }

  // MARK: The walk

  /// The argument of the next activation at or below the cursor, which then moves past it.
  private func activation(
    _ function: ElementwiseFunction, _ cursor: inout Cursor, in workspace: inout Workspace
  ) -> Expression? {
    switch cursor {
    case .nowhere: return nil
    case .expression(let expression):
      guard let found = find(function, from: expression, in: &workspace) else { return nil }
      cursor = after(found, in: workspace)
      return found
    case .node(let variable):
      guard let body = body(of: variable, in: &workspace),
        let found = find(function, from: body, in: &workspace)
      else { return nil }
      cursor = after(found, in: workspace)
      return found
    }
  }

  private func body(
    of variable: Variable, in workspace: inout Workspace
  ) -> Expression? {
    if let time = variable.time {
      for instance in model.instances(of: variable.symbol) where instance.instance == time {
        return instance.body
      }
    }
    guard let definition = model.definition(of: variable.symbol) else { return nil }
    guard let formal = definition.time, let time = variable.time else { return definition.body }
    return workspace.substituting(formal, by: time, in: definition.body)
  }

  /// The argument of the nearest application of the function, through named parts if need be; of
  /// several equally near the first that reads a parameter of the product.
  private func find(
    _ function: ElementwiseFunction, from root: Expression, in workspace: inout Workspace
  ) -> Expression? {
    var level = [root]
    var seen: Set<Variable> = []
    for _ in 0...6 {
      var found: [Expression] = []
      var read: [Variable] = []
      var labels: [IndexSymbol] = []
      for expression in level {
        workspace.visit(expression) { _, node in
          switch node {
          case .apply(let own, 0, let argument) where own == function: found.append(argument)
          case .tabulate(let own, _): labels += own
          case .variable(let variable): if !seen.contains(variable) { read.append(variable) }
          default: break
          }
        }
      }
      if let nearest = found.first {
        let argument = found.first { argument in
          workspace.variables(in: argument).contains { parameters.contains($0.symbol) }
        }
        return workspace.gathering(argument ?? nearest, over: labels)
      }
      seen.formUnion(read)
      level = read.compactMap { body(of: $0, in: &workspace) }
    }
    return nil
  }

  /// The computed node that an argument reads.
  private func after(_ argument: Expression, in workspace: borrowing Workspace) -> Cursor {
    for variable in workspace.variables(in: argument) where model.computes(variable.symbol) {
      return .node(variable)
    }
    return .expression(argument)
  }
}

extension Workspace {
  /// All entries of what was found within a table of entries: `σ(t_i)` applies σ to t.
  fileprivate mutating func gathering(
    _ argument: Expression, over labels: [IndexSymbol]
  ) -> Expression {
    let own = labels.filter { mentions($0, in: argument) }
    if own.isEmpty { return argument }
    if case .entry(let whole, let indices) = self[argument], indices == own.map({ .label($0) }) {
      return whole
    }
    var body = argument
    var axes: [IndexSymbol] = []
    for label in own {
      let axis = index(self[label])
      body = substituting(label, by: .label(axis), in: body)
      axes.append(axis)
    }
    return expression(.tabulate(axes, body))
  }

  /// Whether a slope without an argument occurs.
  func isElided(_ root: Expression) -> Bool {
    holds(.elided, in: root)
  }
}
