import Expressions

/// The nodes of the unrolled model: computed by their definitions, fixed, or drawn.
extension Laboratory {
  /// The cells of a variable as read in the given environment.
  mutating func read(
    _ variable: Variable, _ environment: Environment, _ workspace: borrowing Workspace,
    in origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    if let time = variable.time {
      return try node(variable.symbol, try value(of: time, environment), workspace)
    }
    let whole = try node(variable.symbol, nil, workspace)
    var step = environment.step
    if let copy = variable.copy { step = try value(of: copy, environment) }
    guard let step else { return whole }
    // Each step reads a copy of its own, so that it can be moved alone.
    let key = Key(kind: .use, id: variable.symbol.id, words: [step])
    if let slot = known[key] { return slot }
    let slot = try emit(.copy, whole.axes, origin, a: whole.start, p: whole.count)
    remember(key, slot)
    return slot
  }

  /// The cells of a node (symbol, time).
  mutating func node(
    _ symbol: Symbol, _ time: Int?, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    let key = Key(kind: .node, id: symbol.id, words: time.map { [$0] } ?? [])
    if let slot = known[key] { return slot }
    if underway.contains(key) { throw .cycle(symbol, time: time) }
    try prepare(symbol, time, workspace)
    if let slot = known[key] { return slot }
    underway.append(key)
    let axes = try axes(of: workspace[symbol].shape)
    let definition = try definition(of: symbol, at: time)
    var record: NodeRecord
    if let (value, environment) = try fixing(of: symbol, at: time) {
      let slot = try assigned(value, environment, axes, workspace)
      record = NodeRecord(
        symbol: symbol, time: time, slot: slot, instruction: program.instructions.count - 1,
        isComputed: definition != nil)
      program.frozen.append(program.instructions.count - 1)
    } else if let (body, environment) = definition {
      let slot = try assigned(body, environment, axes, workspace)
      record = NodeRecord(
        symbol: symbol, time: time, slot: slot, instruction: program.instructions.count - 1,
        isComputed: true)
    } else {
      let slot = draw(symbol, time, axes, workspace)
      record = NodeRecord(
        symbol: symbol, time: time, slot: slot, instruction: nil, isComputed: false)
    }
    underway.removeLast()
    nodes.append(record)
    remember(key, record.slot)
    return record.slot
  }

  /// Compiles the nodes of a long recurrence from its start, so that the recursion stays flat.
  private mutating func prepare(
    _ symbol: Symbol, _ time: Int?, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) {
    guard let time, !underway.contains(where: { $0.id == symbol.id }), states.contains(symbol),
      !ascending.contains(symbol),
      let i = general[symbol]
    else { return }
    var first = earliest
    if let from = model.definitions[i].from { first = try value(of: from, Environment()) }
    if time - first <= 12 { return }
    if time - first > Laboratory.longestSum { throw .tooLarge(model.definitions[i].body) }
    for step in stride(from: first, to: time, by: 4) { _ = try node(symbol, step, workspace) }
  }

  /// A node's own cells, filled from an expression; a number fills a tensor.
  private mutating func assigned(
    _ body: Expression, _ environment: Environment, _ axes: [Axis],
    _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    let source = try compile(body, environment, workspace)
    guard source.axes == axes || source.isScalar || sizesAgree(source.axes, axes) else {
      throw .shapes(body)
    }
    return try emit(.copy, axes, body, a: source.start, p: source.count)
  }

  private func sizesAgree(_ a: [Axis], _ b: [Axis]) -> Bool {
    a.map { $0.size } == b.map { $0.size }
  }

  /// The equation by which a node is computed; nil for parameters and inputs.
  private func definition(
    of symbol: Symbol, at time: Int?
  ) throws(MeasurementFailure) -> (Expression, Environment)? {
    guard let time else {
      guard let i = general[symbol], model.definitions[i].time == nil else { return nil }
      return (model.definitions[i].body, Environment())
    }
    for i in instances[symbol] ?? [] {
      let definition = model.definitions[i]
      guard let instance = definition.instance else { continue }
      if try value(of: instance, Environment()) == time {
        return (definition.body, Environment(step: time))
      }
    }
    guard let i = general[symbol] else { return nil }
    let definition = model.definitions[i]
    if let from = definition.from {
      if time < (try value(of: from, Environment())) { return nil }
    } else if time < earliest {
      return nil
    }
    if let through = definition.through {
      if time > (try value(of: through, Environment())) { return nil }
    } else if ascending.contains(symbol), time > latest {
      return nil
    }
    var environment = Environment(step: time)
    if let own = definition.time { environment = environment.binding(own, to: time) }
    return (definition.body, environment)
  }

  private func fixing(
    of symbol: Symbol, at time: Int?
  ) throws(MeasurementFailure) -> (Expression, Environment)? {
    for fixing in fixings where fixing.variable.symbol == symbol {
      guard let time else {
        if fixing.variable.time == nil { return (fixing.value, Environment()) }
        continue
      }
      guard let pattern = fixing.variable.time else {
        return (fixing.value, Environment(step: time))
      }
      let free = pattern.terms.filter { sample[$0.symbol] == nil }
      if free.isEmpty {
        if try value(of: pattern, Environment()) == time {
          return (fixing.value, Environment(step: time))
        }
      } else if free.count == 1, pattern.terms.count == 1 {
        let (coefficient, rest) = (free[0].coefficient, time - pattern.constant)
        if rest % coefficient == 0 {
          let environment = Environment(step: time)
          return (fixing.value, environment.binding(free[0].symbol, to: rest / coefficient))
        }
      }
    }
    return nil
  }

  /// Whether a parameter is scaled so that states neither vanish nor explode.
  func isTransition(_ symbol: Symbol, _ time: Int?, _ workspace: borrowing Workspace) -> Bool {
    let record = workspace[symbol]
    guard time == nil, record.properties.isDisjoint(with: [.orthogonal, .unitNorm, .oneHot]),
      !bounds.contains(where: { $0.symbol == symbol })
    else { return false }
    let shape = record.shape
    if states.isEmpty || !shape.isMatrix && !shape.isScalar { return false }
    if shape.isScalar {
      return states.allSatisfy { workspace[$0].shape.isScalar }
    }
    return shape.dimensions.allSatisfy { dimension in
      stateDimensions.contains(dimension)
        || dimension.symbols.contains { symbol in
          stateDimensions.contains { $0.symbols.contains(symbol) }
        }
    }
  }

  private func drawing(_ symbol: Symbol, _ workspace: borrowing Workspace) -> Drawing {
    let bound = bounds.first { $0.symbol == symbol }
    return Drawing(
      kind: sample.drawing, properties: workspace[symbol].properties, lower: bound?.lower,
      upper: bound?.upper)
  }

  private mutating func draw(
    _ symbol: Symbol, _ time: Int?, _ axes: [Axis], _ workspace: borrowing Workspace
  ) -> Slot {
    hasDrawn = true
    var generator = RandomGenerator(
      seed: sample.seed, [1, workspace.ordinal(of: symbol), time == nil ? 0 : 1, time ?? 0])
    let drawing = drawing(symbol, workspace)
    var entries = drawing.entries(axes.map { $0.size }, &generator)
    if isTransition(symbol, time, workspace) {
      let scale = scale(in: workspace)
      for i in entries.indices { entries[i] *= scale }
    }
    let isRounded = !drawing.properties.isDisjoint(with: [.orthogonal, .unitNorm])
    let slot = constant(entries, axes)
    if isRounded {
      for cell in slot.cells { memory[cell].error = 8 * Bounded.unit }
    }
    return slot
  }

  /// The independent random tensor that d of a drawn node stands for.
  mutating func direction(
    of record: NodeRecord, _ workspace: borrowing Workspace
  ) -> Slot {
    let key = Key(
      kind: .direction, id: record.symbol.id, words: record.time.map { [$0] } ?? [])
    if let slot = known[key] { return slot }
    var generator = RandomGenerator(
      seed: sample.seed,
      [2, workspace.ordinal(of: record.symbol), record.time == nil ? 0 : 1, record.time ?? 0])
    let drawing = drawing(record.symbol, workspace)
    var entries = drawing.direction(
      record.slot.axes.map { $0.size }, at: Array(values[record.slot.cells]), &generator)
    if drawing.properties.contains(.constant) { entries = entries.map { _ in 0 } }
    let slot = constant(entries, record.slot.axes, relativeError: 4 * Bounded.unit)
    remember(key, slot)
    return slot
  }
}
