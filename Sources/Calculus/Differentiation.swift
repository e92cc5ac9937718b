import Expressions

/// Replaces derivatives by expressions without them, for all sizes and all times.
///
/// The derivative of a component of an expression by a component of a node is built as a scalar
/// with labels, forwards: the tables in `Rules` say how each kind of node passes on the derivatives
/// of its operands, `Intervention` what a variable's is, `BlockState` that of a recurrence.
package struct Differentiation {
  package private(set) var model: Model
  /// What was done, in order.
  package internal(set) var steps: [Step] = []
  /// Stands for the first step of a recurrence that has none.
  package internal(set) var unknownStart: TimeSymbol?
  /// Stands for the last step of a recurrence that runs backwards and has none.
  package internal(set) var unknownEnd: TimeSymbol?

  /// The tests' sabotage: this row gives zero.
  var disabled: Rule?

  var knowledge = TimeKnowledge()
  var shapes: [Expression: Shape] = [:]
  var graphs: [[Symbol]: Graph] = [:]
  var systems: [SystemKey: BlockState] = [:]
  var columns: [ColumnKey: [Column]] = [:]
  var stepBlocks: [BlockKey: Expression?] = [:]
  private var step: TimeSymbol?
  var underway: [Symbol] = []
  var instancesUnderway: [CutNode] = []
  private var replaced: [Expression: Expression] = [:]
  private var openBinders = 0
  private var isPrepared = false

  package init(model: Model) { self.model = model }

  /// Every derivative and differential replaced, inner ones first, arranged by its layout.
  ///
  /// - Parameter domain: what is known of the free times; each is ≥ 0.
  package mutating func eliminatingDerivatives(
    _ root: Expression, for domain: [Time] = [], in workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression {
    try prepare(in: &workspace)
    let facts = model.domain + domain
    if knowledge.facts != facts {
      knowledge.facts = facts
      replaced = [:]
    }
    return try eliminate(root, &workspace)
  }

  /// Takes the derivatives out of the equations themselves, in the order of the document.
  private mutating func prepare(in workspace: inout Workspace) throws(DerivativeProblem) {
    if isPrepared { return }
    isPrepared = true
    defer { graphs[[]] = Graph(model, in: workspace) }
    let all = model.definitions
    model.definitions = all.filter { !hasDerivatives($0.body, workspace) }
    knowledge.facts = model.domain
    for definition in all where hasDerivatives(definition.body, workspace) {
      graphs = [[]: Graph(model, in: workspace)]
      var plain = definition
      let outside = knowledge.facts
      if let time = definition.time {
        if let from = definition.from { knowledge.facts.append(Time(time) - from) }
        if let through = definition.through { knowledge.facts.append(through - Time(time)) }
      }
      plain.body = try eliminate(definition.body, &workspace)
      knowledge.facts = outside
      model.definitions.append(plain)
      systems = [:]
      columns = [:]
      stepBlocks = [:]
      replaced = [:]
    }
  }

  private func hasDerivatives(_ root: Expression, _ workspace: borrowing Workspace) -> Bool {
    workspace.contains(root) { node in
      switch node {
      case .derivative, .differential: return true
      default: return false
      }
    }
  }

  private mutating func eliminate(
    _ root: Expression, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression {
    if openBinders == 0, let known = replaced[root] { return known }
    if !hasDerivatives(root, workspace) { return root }
    let node = workspace[root]
    let result: Expression
    switch node {
    case .derivative(let numerator, let denominator, let intervention):
      let inner = try eliminate(numerator, &workspace)
      explain(root, inner, denominator, intervention, &workspace)
      result = try arranged(inner, by: denominator, intervention, &workspace)
      note(.chain, root, result)
    case .differential(let operand):
      let inner = try eliminate(operand, &workspace)
      result = try differentialOrZero(of: inner, &workspace)
      note(.chain, root, result)
    case .timeSum(let time, let from, let through, let body):
      let inner = try eliminate(body, under: time, from, through, &workspace)
      result = workspace.expression(.timeSum(time, from: from, through: through, inner))
    case .timeProduct(let time, let from, let through, let body, let order):
      let inner = try eliminate(body, under: time, from, through, &workspace)
      result = workspace.expression(.timeProduct(time, from: from, through: through, inner, order))
    case .pathProduct(var path):
      for place in path.blocks.indices {
        path.blocks[place] = try eliminate(
          path.blocks[place], under: path.step, path.lower + 1, path.upper, &workspace)
      }
      result = workspace.expression(.pathProduct(path))
    default:
      var new: [Expression] = []
      for child in node.children { new.append(try eliminate(child, &workspace)) }
      result = workspace.expression(node.replacingChildren(new))
    }
    if openBinders == 0 { replaced[root] = result }
    return result
  }

  /// What stands under a binder knows more of its time, so that it is not remembered.
  private mutating func eliminate(
    _ body: Expression, under time: TimeSymbol, _ from: Time, _ through: Time,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression {
    let outside = knowledge.facts
    defer {
      knowledge.facts = outside
      openBinders -= 1
    }
    openBinders += 1
    knowledge.facts += [Time(time) - from, through - Time(time)]
    return try eliminate(body, &workspace)
  }

  mutating func note(_ rule: Rule, _ before: Expression, _ after: Expression) {
    if before != after { steps.append(Step(rule: rule, before: before, after: after)) }
  }

  /// The shape of an expression without derivatives, remembered.
  mutating func shape(
    of expression: Expression, _ workspace: borrowing Workspace
  ) throws(DerivativeProblem) -> Shape {
    if let known = shapes[expression] { return known }
    do throws(ShapeMismatch) {
      let shape = try workspace.shape(of: expression, &shapes)
      return shape
    } catch {
      throw .illTyped(error.expression)
    }
  }

  mutating func graph(
    holding held: [Symbol], _ workspace: borrowing Workspace
  ) -> Graph {
    if let known = graphs[held] { return known }
    let graph = Graph(model, held: held, in: workspace)
    graphs[held] = graph
    return graph
  }

  /// The step that runs in every path product: one symbol, so that equal ones are equal handles.
  mutating func runningStep(_ workspace: inout Workspace) -> TimeSymbol {
    if let step { return step }
    let symbol = workspace.time(named: "i")
    step = symbol
    return symbol
  }

  mutating func start(_ workspace: inout Workspace) -> TimeSymbol {
    if let unknownStart { return unknownStart }
    let symbol = workspace.time(named: "s")
    unknownStart = symbol
    knowledge.start = symbol
    return symbol
  }

  mutating func end(_ workspace: inout Workspace) -> TimeSymbol {
    if let unknownEnd { return unknownEnd }
    let symbol = workspace.time(named: "e")
    unknownEnd = symbol
    knowledge.end = symbol
    return symbol
  }
}
