import Expressions

/// A node that is cut off from its definition: a symbol at a time. A parameter's copy counts as the
/// parameter at the time of the equations that use it.
struct CutNode: Hashable {
  var symbol: Symbol
  /// Nil for a symbol without a time, meant in all its uses.
  var time: Time?
}

/// What is perturbed: one of several nodes cut off together.
struct Target: Hashable {
  var members: [CutNode]
  var active: Int
  var held: [Symbol]
  /// Whether the members are copies of parameters.
  var isCopy: Bool

  var source: CutNode { members[active] }
}

/// One run of the forward rules.
struct Pass {
  enum Reach: Hashable {
    /// Along all paths.
    case total
    /// Through equations of one step (all times of it for nil).
    case ownStep(Time)
    /// The written expression alone.
    case equation
    /// From the target to one step, reading no state of another step.
    case step(Time)
    /// From nodes that stand at no fixed distance to one step, reading no state of another step.
    case beyond(Time)
    /// To the differentials of what is not computed.
    case differential
  }
  var reach: Reach
  var target: Target
  /// The component of the target.
  var component: [Index]
  /// The time of the equation in which the expression stands.
  var owner: Time?
  /// The states that are not passed through from one step to the next.
  var states: [Symbol] = []
  /// States that run the other way; see `BlockState`.
  var outside: [Symbol] = []
}

extension Differentiation {
  /// The derivative of a component of a variable.
  mutating func derivative(
    of variable: Variable, at indices: [Index], _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let symbol = variable.symbol
    if pass.reach == .differential {
      return try differentialComponent(of: variable, at: indices, pass, &workspace)
    }
    let isTargetCopy = pass.target.isCopy && pass.target.source.symbol == symbol
    let time = isTargetCopy ? variable.copy ?? pass.owner : variable.time

    // The node itself.
    var terms: [Expression?] = []
    var isCutElsewhere: [Time] = []
    for (place, member) in pass.target.members.enumerated() where member.symbol == symbol {
      let identity =
        place == pass.target.active ? workspace.delta(indices, pass.component) : nil
      guard let cut = member.time else { return identity }
      guard let time else { continue }
      switch pass.reach {
      case .step(let step):
        if (time - cut).literal == 0 { return identity }
        // A state at another step, or what cannot be told apart: other paths count it.
        if (step - time).literal == nil { return nil }
      case .beyond:
        if pass.outside.contains(symbol) { break }
        continue
      default:
        switch knowledge.areEqual(time, cut) {
        case .yes: return identity
        case .no: continue
        case .open:
          terms.append(workspace.guarded(identity, by: [time - cut, cut - time]))
          isCutElsewhere = [time, cut]
        }
      }
    }
    if pass.target.held.contains(symbol) { return workspace.plus(terms) }
    let graph = graph(holding: pass.target.held, workspace)
    guard model.computes(symbol), graph.reaches(from: pass.target.source.symbol, to: symbol)
    else { return workspace.plus(terms) }
    if disabled == .chain { return workspace.plus(terms) }
    if graph.isCircular(symbol) { throw .circular(symbol) }

    switch pass.reach {
    case .differential, .equation: break
    case .total:
      if let time {
        if !isBeforeFirstStep(symbol, time),
          let block = try blockState(leadingTo: symbol, pass.target, &workspace),
          block.holds(symbol)
        {
          // The path product counts the node itself as well.
          return try derivative(
            ofState: symbol, time, at: indices, block, pass, &workspace)
        }
        // Only a state may lead back to its own family.
        let mayReturn = graph.isOnCycle(symbol) && !isBeforeFirstStep(symbol, time)
        if mayReturn, underway.contains(symbol) { throw .circular(symbol) }
        if mayReturn { underway.append(symbol) }
        defer { if mayReturn { underway.removeLast() } }
        var passed: Expression?
        for way in alternatives(for: symbol, at: time, &workspace) {
          var inner = pass
          inner.owner = time
          let term = try derivative(way.body, at: indices, inner, &workspace)
          passed = workspace.plus([passed, workspace.guarded(term, by: way.guards)])
        }
        if pass.target.members.count > 1, let first = isCutElsewhere.first {
          let cut = isCutElsewhere[1]
          let later = workspace.guarded(passed, by: [first - cut - 1])
          let earlier = workspace.guarded(passed, by: [cut - first - 1])
          terms += [later, earlier]
        } else {
          terms.append(passed)
        }
      } else {
        terms.append(try unfolded(symbol, at: indices, pass, &workspace))
      }
    case .ownStep(let step):
      guard let time else { return try unfolded(symbol, at: indices, pass, &workspace) }
      let isOwn = knowledge.areEqual(time, step)
      if isOwn == .no { break }
      for way in alternatives(for: symbol, at: time, &workspace) {
        var inner = pass
        inner.owner = time
        let term = try derivative(way.body, at: indices, inner, &workspace)
        let same = isOwn == .yes ? [] : [time - step, step - time]
        terms.append(workspace.guarded(term, by: way.guards + same))
      }
    case .step(let step):
      guard let time, let lag = (step - time).literal else { break }
      if pass.outside.contains(symbol) { break }
      if lag != 0, pass.states.contains(symbol) { break }
      let isState = pass.states.contains(symbol)
      for way in alternatives(
        for: symbol, at: time, &workspace, generalOnly: isState, isRelative: true)
      {
        var inner = pass
        inner.owner = time
        let term = try derivative(way.body, at: indices, inner, &workspace)
        terms.append(workspace.guarded(term, by: way.guards))
      }
    case .beyond(let step):
      guard let time else {
        var whole = pass
        whole.reach = .total
        return try derivative(of: variable, at: indices, whole, &workspace)
      }
      let isOutside = pass.outside.contains(symbol)
      guard let lag = isOutside ? nil : (step - time).literal else {
        var whole = pass
        whole.reach = .total
        whole.states = []
        whole.outside = []
        if underway.contains(symbol) { throw .circular(symbol) }
        underway.append(symbol)
        defer { underway.removeLast() }
        return try derivative(of: variable, at: indices, whole, &workspace)
      }
      if lag != 0, pass.states.contains(symbol) { break }
      let isState = pass.states.contains(symbol)
      for way in alternatives(
        for: symbol, at: time, &workspace, generalOnly: isState, isRelative: true)
      {
        var inner = pass
        inner.owner = time
        let term = try derivative(way.body, at: indices, inner, &workspace)
        terms.append(workspace.guarded(term, by: way.guards))
      }
    }
    return workspace.plus(terms)
  }

  /// Through the equation of a symbol without a time.
  private mutating func unfolded(
    _ symbol: Symbol, at indices: [Index], _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    guard let definition = model.definition(of: symbol) else { return nil }
    if underway.contains(symbol) { throw .circular(symbol) }
    underway.append(symbol)
    defer { underway.removeLast() }
    var inner = pass
    inner.owner = nil
    return try derivative(definition.body, at: indices, inner, &workspace)
  }
}

/// An equation that may compute a node, and when it does.
struct Alternative {
  /// All ≥ 0 where the equation holds; empty where that is known.
  var guards: [Time]
  var body: Expression
}

extension Differentiation {
  /// The equations of (symbol, time), as far as it is not known that they do not hold there.
  ///
  /// - Parameter isRelative: whether an instance's times are written as steps from `time`, which is
  ///   the instance's own where its guards hold.
  mutating func alternatives(
    for symbol: Symbol, at time: Time, _ workspace: inout Workspace, generalOnly: Bool = false,
    isRelative: Bool = false
  ) -> [Alternative] {
    var result: [Alternative] = []
    let instances = model.instances(of: symbol)
    for definition in instances {
      guard let instance = definition.instance else { continue }
      switch knowledge.areEqual(time, instance) {
      case .yes:
        return generalOnly ? [] : [Alternative(guards: [], body: definition.body)]
      case .no: continue
      case .open:
        if generalOnly { continue }
        var body = definition.body
        if isRelative {
          body = workspace.mappingTimes(body) { old in
            guard let lag = (old - instance).literal else { return old }
            return time + lag
          }
        }
        result.append(
          Alternative(guards: [time - instance, instance - time], body: body))
      }
    }
    guard let general = model.definition(of: symbol), let own = general.time else { return result }
    var ranges: [[Time]] = [[]]
    if let first = firstStep(of: symbol) {
      switch knowledge.isNonnegative(time - first) {
      case .yes: break
      case .no: return result
      case .open: ranges = [[time - first]]
      }
    } else {
      // Either side of an instance in the middle.
      for definition in instances {
        guard let instance = definition.instance,
          knowledge.areEqual(time, instance) == .open
        else { continue }
        var split: [[Time]] = []
        for range in ranges {
          split.append(range + [time - instance - 1])
          split.append(range + [instance - time - 1])
        }
        ranges = split
      }
    }
    if let last = lastStep(of: symbol) {
      switch knowledge.isNonnegative(last - time) {
      case .yes: break
      case .no: return result
      case .open: for place in ranges.indices { ranges[place].append(last - time) }
      }
    }
    let body = workspace.substituting(own, by: time, in: general.body)
    for range in ranges { result.append(Alternative(guards: range, body: body)) }
    return result
  }

  /// The first time at which the general equation holds; instances after one another push a
  /// recurrence on.
  func firstStep(of symbol: Symbol) -> Time? {
    guard let general = model.definition(of: symbol) else { return nil }
    guard let graph = graphs[[]], graph.isOnCycle(symbol), !graph.isBackward(symbol) else {
      return general.from
    }
    return instanceTimes(of: symbol, ascending: true).reduce(general.from) { first, instance in
      guard let first else { return instance + 1 }
      guard let gap = (instance - first).literal, gap >= 0 else { return first }
      return instance + 1
    }
  }

  /// The last time at which the general equation holds.
  func lastStep(of symbol: Symbol) -> Time? {
    guard let general = model.definition(of: symbol) else { return nil }
    guard let graph = graphs[[]], graph.isBackward(symbol) else { return general.through }
    return instanceTimes(of: symbol, ascending: false).reduce(general.through) { last, instance in
      guard let last else { return instance - 1 }
      guard let gap = (last - instance).literal, gap >= 0 else { return last }
      return instance - 1
    }
  }

  private func instanceTimes(of symbol: Symbol, ascending: Bool) -> [Time] {
    var times: [Time] = []
    for definition in model.instances(of: symbol) {
      if let instance = definition.instance { times.append(instance) }
    }
    return times.sorted { a, b in
      guard let gap = (b - a).literal else { return false }
      return ascending ? gap > 0 : gap < 0
    }
  }

  /// Whether the node is known to lie outside what the general equation computes.
  func isBeforeFirstStep(_ symbol: Symbol, _ time: Time) -> Bool {
    if let first = firstStep(of: symbol), knowledge.isNonnegative(time - first) == .no {
      return true
    }
    if let last = lastStep(of: symbol), knowledge.isNonnegative(last - time) == .no {
      return true
    }
    return false
  }
}
