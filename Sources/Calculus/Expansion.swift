import Expressions

/// Why a sum over time cannot be written out. Holds no wording.
package enum ExpansionProblem: Error, Hashable, Sendable {
  /// Neither a family nor a sum of one over time.
  case noSumOverTime(Symbol)
  /// No recurrence leads from the parameter to the result.
  case noState(Symbol)
  /// More than one: the pair's Jacobian has blocks.
  case severalStates([Symbol])
  /// The one-step Jacobian has no matrix notation.
  case noMatrixNotation(Symbol)
  /// The one-step Jacobians differ in more than the arguments of slopes.
  case noPower(Symbol)
  /// The first or last time of a sum is no number for this many steps.
  case unknownTime(Time)
}

/// A gradient by backpropagation through time, written out term by term.
package struct Expansion: Sendable {
  package enum Form: String, Hashable, Sendable, CaseIterable {
    /// ∂L_t/∂h_t ∂h_t/∂h_k ∂⁺h_k/∂W, for k = t as well.
    case chain
    /// ∂h_t/∂h_k multiplied out into steps; nothing for k = t.
    case steps
    /// (diag(σ′) W)^{t−k}, slopes without arguments.
    case power
    /// Every slope with its argument.
    case full
  }
  package struct Term: Hashable, Sendable {
    /// The time of the loss.
    package var lossTime: Int
    /// The step whose use of the parameter is meant.
    package var useTime: Int
    package var expression: Expression
  }

  /// By loss time, then by the step of use.
  package private(set) var terms: [Term] = []
  /// The terms of one loss time are a sum of their own where there are several.
  package private(set) var whole: Expression
  /// What is expanded, as a derivative.
  package private(set) var derivative: Expression

  /// - Parameter result: a loss that sums a family over time, or a family itself at time `last`.
  /// - Parameter last: the value of the last time T.
  package init(
    of result: Symbol, by parameter: Symbol, last: Int, as form: Form, in model: Model,
    _ workspace: inout Workspace
  ) throws(ExpansionProblem) {
    let denominator = workspace.variable(parameter)
    let numerator: Expression
    let losses: (symbol: Symbol, times: ClosedRange<Int>)
    if workspace[result].isFamily {
      losses = (result, last...last)
      numerator = workspace.variable(result, at: Time(last))
    } else {
      losses = try Expansion.losses(of: result, last, model, workspace)
      numerator = workspace.variable(result)
    }
    let graph = Graph(model, in: workspace)
    let states = graph.states.filter {
      graph.reaches(from: parameter, to: $0) && graph.reaches(from: $0, to: losses.symbol)
    }
    guard let state = states.first else { throw .noState(result) }
    if states.count > 1 { throw .severalStates(states) }

    var writer = ChainWriter(
      model: model, state: state, parameter: denominator, form: form)
    let first = try writer.firstUse(
      of: parameter, last: last, losses.times.lowerBound, &workspace)
    derivative = workspace.expression(
      .derivative(of: numerator, by: denominator, Intervention()))
    var groups: [Expression] = []
    for time in losses.times {
      var group: [Expression] = []
      for use in stride(from: first, through: time, by: 1) {
        let expression = try writer.term(of: losses.symbol, at: time, using: use, &workspace)
        terms.append(Term(lossTime: time, useTime: use, expression: expression))
        group.append(expression)
      }
      if !group.isEmpty { groups.append(workspace.sum(group)) }
    }
    whole = workspace.sum(groups)
  }

  /// The family that a loss sums, and the times.
  private static func losses(
    of result: Symbol, _ last: Int, _ model: Model, _ workspace: borrowing Workspace
  ) throws(ExpansionProblem) -> (symbol: Symbol, times: ClosedRange<Int>) {
    guard let definition = model.definition(of: result),
      case .timeSum(let time, let from, let through, let body) = workspace[definition.body],
      case .variable(let variable) = workspace[body], variable.time == Time(time)
    else { throw .noSumOverTime(result) }
    guard let lower = from.value({ _ in last }) else { throw .unknownTime(from) }
    guard let upper = through.value({ _ in last }), lower <= upper else {
      throw .unknownTime(through)
    }
    return (variable.symbol, lower...upper)
  }
}

/// Writes the terms of one state's recurrence.
private struct ChainWriter {
  let model: Model
  let state: Symbol
  let parameter: Expression
  let form: Expansion.Form
  var sites = 0
  var differentiation: Differentiation

  init(model: Model, state: Symbol, parameter: Expression, form: Expansion.Form) {
    self.model = model
    self.state = state
    self.parameter = parameter
    self.form = form
    differentiation = Differentiation(model: model)
  }

  /// The first step whose equation uses the parameter.
  mutating func firstUse(
    of symbol: Symbol, last: Int, _ firstLoss: Int, _ workspace: inout Workspace
  ) throws(ExpansionProblem) -> Int {
    _ = try? differentiation.eliminatingDerivatives(parameter, in: &workspace)
    var first = firstLoss
    if let from = differentiation.firstStep(of: state) {
      guard let value = from.value({ _ in last }) else { throw .unknownTime(from) }
      first = value
    }
    let graph = Graph(model, in: workspace)
    for definition in model.instances(of: state) {
      guard let time = definition.instance?.literal, time < first else { continue }
      let uses = workspace.variables(in: definition.body).contains {
        graph.reaches(from: symbol, to: $0.symbol)
      }
      if uses { first = time }
    }
    return first
  }

  mutating func term(
    of loss: Symbol, at time: Int, using use: Int, _ workspace: inout Workspace
  ) throws(ExpansionProblem) -> Expression {
    var factors: [Expression] = []
    let last = workspace.variable(state, at: Time(time))
    let used = workspace.variable(state, at: Time(use))
    if loss != state {
      let numerator = workspace.variable(loss, at: Time(time))
      factors.append(
        workspace.expression(.derivative(of: numerator, by: last, Intervention())))
    }
    switch form {
    case .chain:
      factors.append(workspace.expression(.derivative(of: last, by: used, Intervention())))
    case .steps:
      for step in stride(from: time, to: use, by: -1) {
        let now = workspace.variable(state, at: Time(step))
        let before = workspace.variable(state, at: Time(step - 1))
        factors.append(workspace.expression(.derivative(of: now, by: before, Intervention())))
      }
    case .power:
      if time > use {
        let base = try elidedStep(time, &workspace)
        let exponent = workspace.number(time - use)
        factors.append(
          time - use == 1 ? base : workspace.expression(.power(base, exponent)))
      }
    case .full:
      for step in stride(from: time, to: use, by: -1) {
        factors.append(try jacobian(at: step, &workspace))
      }
    }
    factors.append(
      workspace.expression(
        .derivative(of: used, by: parameter, Intervention(mode: .immediate))))
    return workspace.product(factors)
  }

  /// ∂h_i/∂h_{i−1} in matrix notation.
  private mutating func jacobian(
    at step: Int, _ workspace: inout Workspace
  ) throws(ExpansionProblem) -> Expression {
    let now = workspace.variable(state, at: Time(step))
    let before = workspace.variable(state, at: Time(step - 1))
    let jacobian = differentiation.matrixJacobian(
      of: now, by: before, unfolding: Time(step), &workspace)
    guard case .matrix(let matrix)? = jacobian else { throw .noMatrixNotation(state) }
    return matrix
  }

  /// The same with slopes that do not say where.
  private mutating func elidedStep(
    _ step: Int, _ workspace: inout Workspace
  ) throws(ExpansionProblem) -> Expression {
    let matrix = try jacobian(at: step, &workspace)
    var site = sites
    let elided = workspace.rewriting(matrix) { workspace, expression in
      guard case .apply(let function, let order, _) = workspace[expression], order > 0 else {
        return nil
      }
      site += 1
      return workspace.expression(.elided(function, derivative: order, site: site))
    }
    sites = site
    for variable in workspace.variables(in: elided) where variable.time != nil {
      throw .noPower(state)
    }
    return elided
  }
}
