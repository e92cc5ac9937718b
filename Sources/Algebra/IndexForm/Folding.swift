import Expressions

/// What definitions do to nodes. A node is its own symbol; a node that an activation computes is
/// found again where its formula is written; other nodes are replaced by their formula, except for
/// states, which a recurrence reads at another time.
extension Prover {
  enum Treatment {
    case atom
    case unfolded
    case state
  }

  /// A symbol whose definition is a function of an interned form, or that form itself.
  struct Activation {
    enum Slot {
      /// The node's own time plus an offset.
      case own(Int)
      case fixed(Moment)
    }
    var symbol: Symbol
    var function: ElementwiseFunction?
    var key: FormKey
    /// For each open label of the form: the symbol's axis.
    var axes: [Int]
    var slots: [Slot]
    var isTimed: Bool
    var instance: Moment?
    var from: Moment?
    var through: Moment?
    /// Times that have an equation of their own.
    var exceptions: [Moment]
  }

  /// Reads the model once: which symbols are states, which are activations.
  mutating func prepare(_ workspace: borrowing Workspace) throws(Failure) {
    if isPrepared { return }
    isPrepared = true
    var reads: [Symbol: [(symbol: Symbol, isSameTime: Bool)]] = [:]
    for definition in model.definitions {
      for variable in workspace.variables(in: definition.body)
      where model.computes(variable.symbol) {
        let own = definition.time.map { Time($0) } ?? definition.instance
        reads[definition.symbol, default: []].append((variable.symbol, variable.time == own))
      }
    }
    func reaches(_ start: Symbol, _ goal: Symbol, sameTimeOnly: Bool) -> Bool {
      var seen: [Symbol] = []
      var work = [start]
      while let symbol = work.popLast() {
        for read in reads[symbol] ?? [] where !sameTimeOnly || read.isSameTime {
          if read.symbol == goal { return true }
          if !seen.contains(read.symbol) {
            seen.append(read.symbol)
            work.append(read.symbol)
          }
        }
      }
      return false
    }
    var states: [Symbol] = []
    for definition in model.definitions where treatments[definition.symbol] == nil {
      let symbol = definition.symbol
      var isState = reaches(symbol, symbol, sameTimeOnly: true)
      for reader in model.definitions where !isState {
        for read in reads[reader.symbol] ?? [] where read.symbol == symbol && !read.isSameTime {
          if reader.symbol == symbol || reaches(symbol, reader.symbol, sameTimeOnly: false) {
            isState = true
          }
        }
      }
      treatments[symbol] = isState ? .state : .unfolded
      if isState { states.append(symbol) }
    }
    for symbol in try activated(states, workspace) { treatments[symbol] = .atom }
    // What reads such a node reads it as an atom.
    for symbol in try activated(states, workspace) { treatments[symbol] = .atom }
    for definition in model.definitions {
      guard case .state = treatments[definition.symbol] ?? .atom else { continue }
      if let whole = try activation(definition, nil, definition.body, workspace) {
        activations.append(whole)
      }
    }
  }

  /// Finds the nodes that an activation computes, as their arguments are read now.
  private mutating func activated(
    _ states: [Symbol], _ workspace: borrowing Workspace
  ) throws(Failure) -> [Symbol] {
    (activations, distributions) = ([], [])
    var activated: [Symbol] = []
    // States come first, so that another name for the same function is replaced by the state.
    for wantsState in [true, false] {
      for definition in model.definitions {
        guard states.contains(definition.symbol) == wantsState,
          case .apply(let function, 0, let operand) = workspace[definition.body],
          Prover.isFolded(function)
        else { continue }
        if let activation = try activation(definition, function, operand, workspace) {
          activations.append(activation)
        }
      }
    }
    for definition in model.definitions {
      guard case .tensorFunction(.softmax, let operand) = workspace[definition.body] else {
        continue
      }
      if let activation = try activation(definition, .exp, operand, workspace) {
        distributions.append(activation)
      }
    }
    for (n, activation) in activations.enumerated() {
      let symbol = activation.symbol
      let isDouble = activations[..<n].contains {
        $0.key == activation.key && $0.function == activation.function && $0.symbol != symbol
      }
      let others = model.definitions.filter { $0.symbol == symbol }.count
      if activations.filter({ $0.symbol == symbol }).count < others { continue }
      if isDouble, case .unfolded = treatments[symbol] ?? .atom { continue }
      activated.append(symbol)
    }
    return activated
  }

  private static func isFolded(_ function: ElementwiseFunction) -> Bool {
    switch function {
    case .sigmoid, .tanh, .softplus, .generic: return true
    default: return false
    }
  }

  private mutating func activation(
    _ definition: Definition, _ function: ElementwiseFunction?, _ body: Expression,
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Activation? {
    let (savedContext, savedTimes) = (context, timeEnvironment)
    defer {
      context = savedContext
      timeEnvironment = savedTimes
    }
    let variable = table.freshTime()
    var own: Moment?
    if let symbol = definition.time {
      own = Moment(variable)
      timeEnvironment[symbol] = Moment(variable)
    } else if let instance = definition.instance {
      own = try? moment(instance)
    }
    do throws(Failure) {
      let from: Moment? = if let from = definition.from { try moment(from) } else { nil }
      let through: Moment? = if let end = definition.through { try moment(end) } else { nil }
      context = .everything
      if let own {
        if let from { context.require(from, atMost: own) }
        if let through { context.require(own, atMost: through) }
      }
      var exceptions: [Moment] = []
      if definition.instance == nil {
        for instance in model.instances(of: definition.symbol) {
          if let time = instance.instance { exceptions.append(try moment(time)) }
        }
      }
      let shape = try shape(definition.body, workspace).squeezed
      let open = shape.dimensions.map { table.label(over: $0) }
      let form = try component(body, open, workspace)
      let interned = try intern(form)
      if interned.labels.count != open.count { return nil }
      let stored = table.forms[Int(interned.key)].terms
      if stored.isEmpty || function != nil && stored[0].coefficient.isLedByNegative { return nil }
      var slots: [Activation.Slot] = []
      for time in interned.times {
        slots.append(
          definition.time != nil && time.base == variable ? .own(time.offset) : .fixed(time))
      }
      if definition.time != nil,
        !slots.contains(where: { if case .own = $0 { return true } else { return false } })
      {
        return nil
      }
      return Activation(
        symbol: definition.symbol, function: function, key: interned.key,
        axes: interned.labels.map { open.firstIndex(of: $0) ?? 0 }, slots: slots,
        isTimed: own != nil, instance: definition.instance == nil ? nil : own, from: from,
        through: through, exceptions: exceptions)
    } catch {
      if case .budget = error { throw error }
      return nil
    }
  }

  private func covers(_ activation: Activation, _ time: Moment?, in zone: Zone) -> Bool {
    guard let time else { return !activation.isTimed }
    if let instance = activation.instance { return zone.difference(instance, time) == 0 }
    if let from = activation.from, !zone.implies(from, atMost: time) { return false }
    if let through = activation.through, !zone.implies(time, atMost: through) { return false }
    for exception in activation.exceptions {
      var same = zone
      same.require(exception, equals: time)
      if !same.isEmpty { return false }
    }
    return true
  }

  /// The node that the function of the stored form is, if one is defined so at these times.
  func folded(
    _ function: ElementwiseFunction?, _ key: FormKey, _ labels: [Label], _ times: [Moment],
    _ zone: Zone
  ) -> Factor? {
    folded(function, key, labels, times, zone, among: activations)
  }

  /// The node that is the softmax of the stored form.
  func distribution(
    _ key: FormKey, _ labels: [Label], _ times: [Moment], _ zone: Zone
  ) -> Factor? {
    folded(.exp, key, labels, times, zone, among: distributions)
  }

  /// The node whose definition is the form, for people; names for a single factor are none.
  mutating func named(_ form: Form, _ workspace: borrowing Workspace) -> Factor? {
    if namedNodes == nil {
      var nodes: [Activation] = []
      for definition in model.definitions {
        guard case .unfolded = treatments[definition.symbol] ?? .atom,
          let node = try? activation(definition, nil, definition.body, workspace)
        else { continue }
        let terms = table.forms[Int(node.key)].terms
        if terms.count > 1 || terms[0].factors.count > 1 { nodes.append(node) }
      }
      namedNodes = nodes
    }
    guard let stored = try? intern(form) else { return nil }
    return folded(
      nil, stored.key, stored.labels, stored.times, writtenZone, among: namedNodes ?? [])
  }

  private func folded(
    _ function: ElementwiseFunction?, _ key: FormKey, _ labels: [Label], _ times: [Moment],
    _ zone: Zone, among activations: [Activation]
  ) -> Factor? {
    for activation in activations
    where activation.key == key && activation.function == function {
      var own = activation.instance
      for (slot, time) in zip(activation.slots, times) where own == nil {
        if case .own(let offset) = slot { own = time + -offset }
      }
      if activation.isTimed, own == nil { continue }
      var isSame = true
      for (slot, time) in zip(activation.slots, times) {
        switch slot {
        case .own(let offset):
          if let own, zone.difference(own + offset, time) != 0 { isSame = false }
        case .fixed(let moment): if zone.difference(moment, time) != 0 { isSame = false }
        }
      }
      guard isSame, covers(activation, own, in: zone) else { continue }
      var places = labels
      for (p, axis) in activation.axes.enumerated() { places[axis] = labels[p] }
      guard
        let head = symbolHeads[
          SymbolUse(symbol: activation.symbol, isTimed: activation.isTimed, isCopied: false)]
      else { continue }
      return Factor(head, places, [own].compactMap { $0 })
    }
    return nil
  }

  /// Labels and times at which the activation's form makes this node.
  func unfolded(
    _ activation: Activation, _ factor: Factor, in zone: Zone
  ) -> (labels: [Label], times: [Moment])? {
    let own = factor.times.first
    guard covers(activation, own, in: zone) else { return nil }
    var times: [Moment] = []
    for slot in activation.slots {
      switch slot {
      case .own(let offset):
        guard let own else { return nil }
        times.append(own + offset)
      case .fixed(let moment): times.append(moment)
      }
    }
    return (activation.axes.map { factor.labels[$0] }, times)
  }

  /// A node at a time: its symbol, or what its definition says where one holds.
  mutating func node(
    _ symbol: Symbol, _ time: Moment?, _ copy: Moment?, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    guard copy == nil, case .unfolded = treatments[symbol] ?? .atom else {
      return try atom(symbol, time, copy, labels, workspace)
    }
    return try unfoldedNode(symbol, time, labels, workspace)
  }

  /// What the definitions say of a node, where they hold; elsewhere the node itself.
  mutating func unfoldedNode(
    _ symbol: Symbol, _ time: Moment?, _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    let saved = context
    defer { context = saved }
    guard let time else {
      guard let definition = model.definition(of: symbol), definition.time == nil else {
        return try atom(symbol, time, nil, labels, workspace)
      }
      return try component(definition.body, labels, workspace)
    }
    var result: Form = []
    var rest = [context]
    for definition in model.instances(of: symbol) {
      guard let at = definition.instance else { continue }
      let instance = try moment(at)
      var left: [Zone] = []
      for zone in rest {
        var same = zone
        same.require(instance, equals: time)
        if same.isEmpty {
          left.append(zone)
          continue
        }
        context = same
        result += try component(definition.body, labels, workspace)
        left += zone.subtracting(same)
      }
      rest = left
    }
    let general = model.definition(of: symbol)
    for zone in rest {
      var inside = zone
      if let general {
        if let from = general.from { inside.require(try moment(from), atMost: time) }
        if let through = general.through { inside.require(time, atMost: try moment(through)) }
      }
      if let general, !inside.isEmpty {
        context = inside
        let outer = general.time.flatMap { timeEnvironment[$0] }
        if let own = general.time { timeEnvironment[own] = time }
        result += try component(general.body, labels, workspace)
        if let own = general.time { timeEnvironment[own] = outer }
      }
      for outside in general == nil ? [zone] : zone.subtracting(inside) {
        context = outside
        result += try atom(symbol, time, nil, labels, workspace)
      }
    }
    return result
  }

  struct SymbolUse: Hashable {
    var symbol: Symbol
    var isTimed: Bool
    var isCopied: Bool
  }

  mutating func atom(
    _ symbol: Symbol, _ time: Moment?, _ copy: Moment?, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    let head = symbolHead(symbol, time != nil, copy != nil, workspace)
    let times = [time, copy].compactMap { $0 }
    if labels.count == 2, workspace[symbol].properties.contains(.diagonal) {
      return try simplifiedAll(
        try multiplied(
          try delta(labels[0], labels[1]), entry(head, [labels[0], labels[0]], times)))
    }
    return entry(head, labels, times)
  }

  private mutating func symbolHead(
    _ symbol: Symbol, _ isTimed: Bool, _ isCopied: Bool, _ workspace: borrowing Workspace
  ) -> Head {
    let use = SymbolUse(symbol: symbol, isTimed: isTimed, isCopied: isCopied)
    if let known = symbolHeads[use] { return known }
    let record = workspace[symbol]
    var traits: Traits = []
    let isSquare =
      record.shape.squeezed.order == 2
      && record.shape.squeezed.dimensions[0] == record.shape.squeezed.dimensions[1]
    if isSquare, !record.properties.isDisjoint(with: [.symmetric, .positiveDefinite]) {
      traits.insert(.symmetric)
    }
    if isSquare, record.properties.contains(.orthogonal) { traits.insert(.orthogonal) }
    if record.properties.contains(.unitNorm) { traits.insert(.unitNorm) }
    if record.properties.contains(.oneHot) { traits.insert(.oneHot) }
    if record.properties.contains(.positive) { traits.insert(.positive) }
    let head = table.head(
      .symbol(symbol, timed: isTimed, copied: isCopied), traits)
    symbolHeads[use] = head
    return head
  }

  /// All heads that folding may need.
  mutating func registerHeads(_ workspace: borrowing Workspace) {
    for definition in model.definitions {
      _ = symbolHead(
        definition.symbol, definition.time != nil || definition.instance != nil, false, workspace)
    }
  }
}
