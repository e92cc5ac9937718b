import Documents
import Expressions

/// A derivative that may be asked of a model, at all times at which its nodes exist.
package struct DerivativeQuestion: Sendable {
  package var derivative: Expression
  /// Each is ≥ 0.
  package var domain: [Time]
}

/// Every derivative that may be asked of a model: of every computed name by every name that reaches
/// it, total; by what its own equation reads and its step uses, immediate; of a state by itself, all
/// that lies between held; of what is summed over all times by every copy of a parameter.
struct DerivativeQuestions {
  let setting: Setting
  private let edges: [(from: Symbol, to: Symbol)]
  private(set) var all: [DerivativeQuestion] = []

  init(of setting: Setting, in workspace: inout Workspace) {
    self.setting = setting
    var edges: [(from: Symbol, to: Symbol)] = []
    for definition in setting.model.definitions {
      for variable in workspace.variables(in: definition.body)
      where !edges.contains(where: { $0 == (variable.symbol, definition.symbol) }) {
        edges.append((variable.symbol, definition.symbol))
      }
    }
    self.edges = edges
    let later = Time(workspace.time(named: "t"))
    let earlier = Time(workspace.time(named: "k"))
    for symbol in computed {
      askTotal(symbol, later, earlier, in: &workspace)
      if setting.opaque.contains(symbol) { continue }
      askImmediate(symbol, later, in: &workspace)
      askHeld(symbol, later, earlier, in: &workspace)
    }
  }

  /// The names that equations compute, in the order of the page.
  private var computed: [Symbol] {
    var symbols: [Symbol] = []
    for definition in setting.model.definitions where !symbols.contains(definition.symbol) {
      symbols.append(definition.symbol)
    }
    return symbols
  }

  /// All names of the model: first those that are computed.
  private var names: [Symbol] {
    var symbols = computed
    for edge in edges where !symbols.contains(edge.from) { symbols.append(edge.from) }
    return symbols
  }

  /// Whether there is a path of at least one equation.
  private func isReached(_ symbol: Symbol, from start: Symbol) -> Bool {
    var reached: [Symbol] = []
    var pending = [start]
    while let next = pending.popLast() {
      for edge in edges where edge.from == next && !reached.contains(edge.to) {
        reached.append(edge.to)
        pending.append(edge.to)
      }
    }
    return reached.contains(symbol)
  }

  private func node(
    _ symbol: Symbol, at time: Time, in workspace: inout Workspace
  ) -> Expression {
    workspace.variable(symbol, at: workspace[symbol].isFamily ? time : nil)
  }

  private mutating func askTotal(
    _ symbol: Symbol, _ later: Time, _ earlier: Time, in workspace: inout Workspace
  ) {
    let a = node(symbol, at: later, in: &workspace)
    let isFamily = workspace[symbol].isFamily
    let hasSteps = setting.model.definitions.contains { $0.time != nil }
    for other in names where isReached(symbol, from: other) {
      ask(a, by: node(other, at: isFamily ? earlier : later, in: &workspace), in: &workspace)
      let isParameter = !workspace[other].isFamily && !setting.model.computes(other)
      if isParameter, !isFamily, hasSteps {
        ask(a, by: workspace.variable(other, copy: earlier), in: &workspace)
      }
    }
  }

  /// Where a state feeds itself both by its own equation and through others, those held.
  private mutating func askHeld(
    _ symbol: Symbol, _ later: Time, _ earlier: Time, in workspace: inout Workspace
  ) {
    guard edges.contains(where: { $0 == (symbol, symbol) }) else { return }
    let between = computed.filter {
      $0 != symbol && isReached($0, from: symbol) && isReached(symbol, from: $0)
    }
    if between.isEmpty { return }
    let a = node(symbol, at: later, in: &workspace)
    let b = node(symbol, at: earlier, in: &workspace)
    ask(a, by: b, Intervention(held: between), in: &workspace)
  }

  /// By each argument of the equation itself, and by the parameters that its step uses.
  private mutating func askImmediate(
    _ symbol: Symbol, _ time: Time, in workspace: inout Workspace
  ) {
    guard let definition = setting.model.definition(of: symbol), let formal = definition.time
    else { return }
    let a = node(symbol, at: time, in: &workspace)
    let immediate = Intervention(mode: .immediate)
    for variable in workspace.variables(in: definition.body) {
      guard let at = variable.time?.substituting(formal, by: time) else { continue }
      ask(a, by: workspace.variable(variable.symbol, at: at), immediate, in: &workspace)
    }
    for parameter in names
    where !workspace[parameter].isFamily && isReached(symbol, from: parameter) {
      ask(a, by: workspace.variable(parameter), immediate, in: &workspace)
    }
  }

  private mutating func ask(
    _ a: Expression, by b: Expression, _ intervention: Intervention = Intervention(),
    in workspace: inout Workspace
  ) {
    let derivative = workspace.expression(.derivative(of: a, by: b, intervention))
    if all.contains(where: { $0.derivative == derivative }) { return }
    var survey = DomainSurvey(setting: setting)
    survey.add(derivative, in: workspace)
    all.append(
      DerivativeQuestion(
        derivative: derivative, domain: survey.required.filter { !$0.isAlwaysTrue }))
  }
}
