import Algebra
import Expressions

/// A model in which every stack has a name, so that what is written of it keeps stacks whole.
struct NamedStacks {
  private struct Stack {
    var symbol: Symbol
    /// The step of a family.
    var step: TimeSymbol?
    var body: Expression
  }

  private(set) var model: Model
  private var stacks: [Stack] = []

  init(_ model: Model, in workspace: inout Workspace) {
    self.model = model
    // A node that is nothing but a stack has its name already.
    self.model.definitions.removeAll { definition in
      if case .stack = workspace[definition.body] { return true } else { return false }
    }
    for i in self.model.definitions.indices {
      self.model.definitions[i].body = naming(
        self.model.definitions[i].body, in: &workspace)
    }
  }

  /// The expression with a name for each stack that has no open label.
  mutating func naming(_ root: Expression, in workspace: inout Workspace) -> Expression {
    workspace.rewriting(root) { workspace, expression in
      guard case .stack = workspace[expression] else { return nil }
      return name(of: expression, in: &workspace)
    }
  }

  private mutating func name(
    of stack: Expression, in workspace: inout Workspace
  ) -> Expression? {
    var times: [Time] = []
    var hasLabels = false
    workspace.visit(stack) { _, node in
      for index in node.ownIndices {
        if case .label = index { hasLabels = true }
      }
      for time in node.ownTimes where !times.contains(time) { times.append(time) }
    }
    guard !hasLabels, let shape = try? workspace.shape(of: stack) else { return nil }
    var body = spelling(stack, in: &workspace)
    let time = times.first
    let step = time == nil ? nil : workspace.time(named: "t")
    if let time, let step {
      guard let symbol = time.symbol, times.allSatisfy({ ($0 - time).literal != nil }) else {
        return nil
      }
      body = workspace.substituting(symbol, by: Time(step, plus: -time.constant), in: body)
    }
    if let known = stacks.first(where: { $0.body == body }) {
      return workspace.variable(known.symbol, at: time)
    }
    let symbol = workspace.symbol(
      SymbolRecord(name: "stack", shape: shape, isFamily: time != nil))
    stacks.append(Stack(symbol: symbol, step: step, body: body))
    return workspace.variable(symbol, at: time)
  }

  /// The expression with the stacks that the names stand for.
  func spelling(_ root: Expression, in workspace: inout Workspace) -> Expression {
    workspace.rewriting(root) { workspace, expression in
      guard case .variable(let variable) = workspace[expression],
        let stack = stacks.first(where: { $0.symbol == variable.symbol })
      else { return nil }
      guard let step = stack.step, let time = variable.time else { return stack.body }
      return workspace.substituting(step, by: time, in: stack.body)
    }
  }
}
