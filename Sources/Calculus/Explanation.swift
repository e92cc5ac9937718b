import Expressions

/// The steps of a derivation in matrix notation, where there is one.
extension Differentiation {
  /// Writes down how a derivative of one node by another comes about.
  mutating func explain(
    _ root: Expression, _ numerator: Expression, _ denominator: Expression,
    _ intervention: Intervention, _ workspace: inout Workspace
  ) {
    guard case .variable(let below) = workspace[denominator] else { return }
    guard case .variable(let above) = workspace[numerator] else {
      if workspace.variables(in: numerator).contains(below) {
        _ = matrixJacobian(of: numerator, by: denominator, recording: intervention, &workspace)
      }
      return
    }
    guard model.computes(above.symbol) else { return }
    if let time = above.time, let state = singleState(above, below, &workspace) {
      if let other = below.time, (time - other).literal == nil {
        explainRecurrence(root, state, time, other, intervention, &workspace)
        return
      }
      if below.time == nil, below.copy == nil, intervention.mode == .total {
        explainParameter(root, state, time, denominator, intervention, &workspace)
        return
      }
    }
    // One equation, rule by rule.
    let ways: [Alternative]
    if let time = above.time {
      ways = alternatives(for: above.symbol, at: time, &workspace)
    } else {
      guard let definition = model.definition(of: above.symbol) else { return }
      ways = [Alternative(guards: [], body: definition.body)]
    }
    guard ways.count == 1, workspace.variables(in: ways[0].body).contains(below) else { return }
    note(
      .chain, root,
      workspace.expression(.derivative(of: ways[0].body, by: denominator, intervention)))
    _ = matrixJacobian(of: ways[0].body, by: denominator, recording: intervention, &workspace)
  }

  /// The state whose recurrence leads from one node to another of its own family or from a
  /// parameter; nil if there are several, or none.
  private mutating func singleState(
    _ above: Variable, _ below: Variable, _ workspace: inout Workspace
  ) -> Symbol? {
    let target = Target(
      members: [CutNode(symbol: below.symbol, time: below.time)], active: 0, held: [],
      isCopy: false)
    guard let block = try? blockState(leadingTo: above.symbol, target, &workspace),
      block.count == 1, block.direction == 1, block.holds(above.symbol)
    else { return nil }
    if below.time != nil, below.symbol != above.symbol { return nil }
    return above.symbol
  }

  /// ∂h_t/∂h_k = ∏_{i=k+1}^t ∂h_i/∂h_{i−1}
  private mutating func explainRecurrence(
    _ root: Expression, _ state: Symbol, _ upper: Time, _ lower: Time,
    _ intervention: Intervention, _ workspace: inout Workspace
  ) {
    guard intervention.layout != .denominator else { return }
    let step = workspace.time(named: "i")
    let now = workspace.variable(state, at: Time(step))
    let before = workspace.variable(state, at: Time(step, plus: -1))
    let factor = workspace.expression(.derivative(of: now, by: before, intervention))
    note(
      .recurrence, root,
      workspace.expression(
        .timeProduct(step, from: lower + 1, through: upper, factor, .descending)))
    if let general = model.definition(of: state), let own = general.time {
      let body = workspace.substituting(own, by: Time(step), in: general.body)
      note(
        .chain, factor,
        workspace.expression(.derivative(of: body, by: before, intervention)))
      _ = matrixJacobian(of: body, by: before, recording: intervention, &workspace)
    }
  }

  /// ∂h_t/∂W = Σ_k ∂h_t/∂h_k ∂⁺h_k/∂W
  private mutating func explainParameter(
    _ root: Expression, _ state: Symbol, _ time: Time, _ parameter: Expression,
    _ intervention: Intervention, _ workspace: inout Workspace
  ) {
    guard intervention.layout != .denominator else { return }
    let step = workspace.time(named: "k")
    let last = workspace.variable(state, at: time)
    let node = workspace.variable(state, at: Time(step))
    var immediate = intervention
    immediate.mode = .immediate
    let path = workspace.expression(.derivative(of: last, by: node, intervention))
    let direct = workspace.expression(.derivative(of: node, by: parameter, immediate))
    let from = firstStep(of: state) ?? Time(start(&workspace))
    let product = workspace.product([path, direct])
    note(
      .parameter, root,
      workspace.expression(.timeSum(step, from: from, through: time, product)))
  }
}
