import Expressions

/// One part of a Markov state: a family, some steps ago.
struct StatePart: Hashable {
  var symbol: Symbol
  /// How many steps ago; 0 for the present.
  var delay: Int
}

/// The states between a target and a node as one vector per step, and its one-step Jacobian.
///
/// A backward recurrence is run in mirrored time: step i stands for the time −i.
struct BlockState {
  var parts: [StatePart]
  /// 1 forwards, −1 backwards.
  var direction: Int
  /// Runs over the steps in `blocks` and in the columns.
  var step: TimeSymbol
  /// The one-step Jacobian, row by row; nil is zero.
  var blocks: [Expression?]
  /// Per part the first step, mirrored, that its general equation computes.
  var first: [Time?]
  /// Whether rows are zero before their first step, rather than never asked for.
  var isGuarded: Bool
  /// States between the target and the block that run the other way: what comes from them counts as
  /// entering anew at every step.
  var outside: [Symbol] = []

  var count: Int { parts.count }

  func holds(_ symbol: Symbol) -> Bool { place(of: symbol) != nil }

  func place(of symbol: Symbol) -> Int? {
    parts.firstIndex { $0.symbol == symbol && $0.delay == 0 }
  }

  /// The parts through which a path from `column` to `row` can lead; nil if there is none.
  func between(_ row: Int, _ column: Int) -> [Int]? {
    var reached = [Bool](repeating: false, count: count)
    var reaching = reached
    reached[column] = true
    reaching[row] = true
    for _ in 0..<count {
      for a in 0..<count {
        for b in 0..<count where blocks[a * count + b] != nil {
          if reached[b] { reached[a] = true }
          if reaching[a] { reaching[b] = true }
        }
      }
    }
    if !reached[row] { return nil }
    return (0..<count).filter { reached[$0] && reaching[$0] }
  }
}

struct SystemKey: Hashable {
  var source: Symbol
  var held: [Symbol]
  var symbol: Symbol
}

struct ColumnKey: Hashable {
  var system: SystemKey
  var members: [Symbol]
  var active: Int
  var isCopy: Bool
}

struct BlockKey: Hashable {
  var row: StatePart
  var column: StatePart
  var states: [Symbol]
  var outside: [Symbol]
  var held: [Symbol]
  var isGuarded: Bool
}

/// The effect of a target on the state `lag` steps later, passing no earlier state.
struct Column {
  var lag: Int
  /// Per part a tensor (its axes, then the target's); nil is zero.
  var entries: [Expression?]
  /// The part that is the target itself.
  var identity: Int?
}

extension Differentiation {
  /// The recurrence through which a target acts on a family; nil if no cycle lies between.
  mutating func blockState(
    leadingTo symbol: Symbol, _ target: Target, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> BlockState? {
    let key = SystemKey(source: target.source.symbol, held: target.held, symbol: symbol)
    if let known = systems[key] { return known.count == 0 ? nil : known }
    let outside = knowledge.facts
    knowledge.facts = model.domain
    defer { knowledge.facts = outside }
    let system = try makeBlockState(key, &workspace)
    systems[key] = system
    return system.count == 0 ? nil : system
  }

  private mutating func makeBlockState(
    _ key: SystemKey, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> BlockState {
    let graph = graph(holding: key.held, workspace)
    let step = runningStep(&workspace)
    let none = BlockState(
      parts: [], direction: 1, step: step, blocks: [], first: [], isGuarded: false)
    if !graph.isOnCycle(key.symbol) { return none }
    let relevant = graph.computed.filter {
      graph.reaches(from: key.source, to: $0) && graph.reaches(from: $0, to: key.symbol)
    }
    var states: [Symbol] = []
    for symbol in relevant where graph.isOnCycle(symbol) {
      for reader in relevant {
        for read in graph.reads(of: reader) where read.symbol == symbol {
          if case .before(let lag) = read.when, lag != 0, !states.contains(symbol) {
            states.append(symbol)
          }
        }
      }
    }
    if !states.contains(key.symbol) { return none }
    let isBackward = graph.isBackward(key.symbol)
    let outside = states.filter { graph.isBackward($0) != isBackward }
    states = states.filter { !outside.contains($0) }
    let direction = isBackward ? -1 : 1
    let reads = stateReads(states, relevant.filter { !outside.contains($0) }, graph)
    if reads.contains(where: { $0.lag * direction < 0 }) { throw .mixedDirections(states) }

    var parts: [StatePart] = []
    for symbol in states { parts.append(StatePart(symbol: symbol, delay: 0)) }
    for symbol in states {
      let depth = reads.filter { $0.symbol == symbol }.map { $0.lag * direction }.max() ?? 1
      if depth > 1 {
        for delay in 1..<depth { parts.append(StatePart(symbol: symbol, delay: delay)) }
      }
    }
    var first: [Time?] = []
    for part in parts {
      first.append(
        direction == 1 ? firstStep(of: part.symbol) : lastStep(of: part.symbol)?.scaled(by: -1))
    }
    let isGuarded = parts.count > states.count || Set(first).count > 1
    var block = BlockState(
      parts: parts, direction: direction, step: step,
      blocks: [Expression?](repeating: nil, count: parts.count * parts.count), first: first,
      isGuarded: isGuarded, outside: outside)
    for row in parts.indices {
      for column in parts.indices {
        block.blocks[row * parts.count + column] = try stepBlock(
          row, column, block, states, key.held, &workspace)
      }
    }
    return block
  }

  /// The states that the states' equations read, through everything of the step, and how many steps
  /// before; in a fixed order.
  private func stateReads(
    _ states: [Symbol], _ relevant: [Symbol], _ graph: Graph
  ) -> [(symbol: Symbol, lag: Int)] {
    var found: [(symbol: Symbol, lag: Int)] = []
    var pending: [(symbol: Symbol, lag: Int)] = []
    for state in states { pending.append((state, 0)) }
    var place = 0
    while place < pending.count {
      let (symbol, lag) = pending[place]
      place += 1
      let general = graph.reads(of: symbol)
      let list = states.contains(symbol) ? general : graph.allReads(of: symbol)
      for read in list where relevant.contains(read.symbol) {
        guard case .before(let more) = read.when else { continue }
        let total = lag + more
        if total != 0, states.contains(read.symbol) {
          if !found.contains(where: { $0.symbol == read.symbol && $0.lag == total }) {
            found.append((read.symbol, total))
          }
        } else {
          Differentiation.follow(read, total, isGeneral: general.contains(read), &pending)
        }
      }
    }
    return found
  }

  /// What is known at a step of the block: its rows' equations hold.
  private mutating func enter(_ step: Time, of row: Int, _ block: BlockState) {
    if let first = block.first[row] { knowledge.facts.append(step - first) }
    let symbol = block.parts[row].symbol
    let last =
      block.direction == 1 ? lastStep(of: symbol) : firstStep(of: symbol)?.scaled(by: -1)
    if let last { knowledge.facts.append(last - step) }
  }

  private mutating func stepBlock(
    _ row: Int, _ column: Int, _ block: BlockState, _ states: [Symbol], _ held: [Symbol],
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let (to, from) = (block.parts[row], block.parts[column])
    let key = BlockKey(
      row: to, column: from, states: states, outside: block.outside, held: held,
      isGuarded: block.isGuarded)
    if let known = stepBlocks[key] { return known }
    let made = try makeStepBlock(row, column, block, states, held, &workspace)
    stepBlocks.updateValue(made, forKey: key)
    return made
  }

  private mutating func makeStepBlock(
    _ row: Int, _ column: Int, _ block: BlockState, _ states: [Symbol], _ held: [Symbol],
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let (to, from) = (block.parts[row], block.parts[column])
    let rows = workspace.freshLabels(for: workspace[to.symbol].shape)
    let columns = workspace.freshLabels(for: workspace[from.symbol].shape)
    if to.delay > 0 {
      guard to.symbol == from.symbol, from.delay == to.delay - 1,
        let identity = workspace.delta(rows.asIndices, columns.asIndices)
      else { return nil }
      return workspace.tensor(rows + columns, identity)
    }
    let step = Time(block.step)
    let target = Target(
      members: [
        CutNode(
          symbol: from.symbol,
          time: (step - 1 - from.delay).scaled(by: block.direction))
      ], active: 0, held: held, isCopy: false)
    let now = step.scaled(by: block.direction)
    let outside = knowledge.facts
    defer { knowledge.facts = outside }
    enter(step, of: row, block)
    var pass = Pass(
      reach: .step(now), target: target, component: columns.asIndices, owner: now, states: states,
      outside: block.outside)
    let scalar = try stepEffect(on: to.symbol, at: rows.asIndices, now, &pass, &workspace)
    guard let scalar else { return nil }
    let guards = block.isGuarded ? block.first[row].map { [step - $0] } ?? [] : []
    return workspace.tensor(rows + columns, workspace.guarded(scalar, by: guards) ?? scalar)
  }

  /// The derivative of a family's general equation at one step.
  private mutating func stepEffect(
    on symbol: Symbol, at indices: [Index], _ now: Time, _ pass: inout Pass,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    guard let general = model.definition(of: symbol), let own = general.time else { return nil }
    let body = workspace.substituting(own, by: now, in: general.body)
    pass.owner = now
    return try derivative(body, at: indices, pass, &workspace)
  }

  /// The ways from a target into the state, by how many steps later they arrive.
  mutating func columns(
    into block: BlockState, from target: Target, _ key: SystemKey, _ shape: Shape,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> [Column] {
    let columnKey = ColumnKey(
      system: key, members: target.members.map { $0.symbol }, active: target.active,
      isCopy: target.isCopy)
    if let known = columns[columnKey] { return known }
    let outside = knowledge.facts
    knowledge.facts = model.domain
    defer { knowledge.facts = outside }
    let states = block.parts.filter { $0.delay == 0 }.map { $0.symbol }
    let identity = target.isCopy ? nil : block.place(of: target.source.symbol)
    let graph = graph(holding: key.held, workspace)
    if block.outside.contains(target.source.symbol) { return [] }
    let lags =
      identity != nil ? [0] : sourceLags(target, states, block.outside, graph)
    let step = Time(block.step)
    var result: [Column] = []
    for lag in lags {
      let mirrored = lag * block.direction
      var entries: [Expression?] = []
      let now = step.scaled(by: block.direction)
      let source = now - lag
      var local = target
      for place in local.members.indices { local.members[place].time = source }
      for (place, part) in block.parts.enumerated() {
        let rows = workspace.freshLabels(for: workspace[part.symbol].shape)
        let labels = workspace.freshLabels(for: shape)
        var entry: Expression?
        if place == identity {
          entry = workspace.delta(rows.asIndices, labels.asIndices)
        } else if part.delay == 0,
          mirrored != 0 || !target.members.contains(where: { $0.symbol == part.symbol })
        {
          enter(step, of: place, block)
          var pass = Pass(
            reach: .step(now), target: local, component: labels.asIndices, owner: now,
            states: states, outside: block.outside)
          entry = try stepEffect(on: part.symbol, at: rows.asIndices, now, &pass, &workspace)
          knowledge.facts = model.domain
        }
        if let entry {
          entries.append(workspace.tensor(rows + labels, entry))
        } else {
          entries.append(nil)
        }
      }
      result.append(Column(lag: mirrored, entries: entries, identity: identity))
    }
    columns[columnKey] = result
    return result
  }

  /// Goes on from what is read, once for every lag; from what only instances read once, as they may read one
  /// another in a circle, `x_1 = x_2`.
  private static func follow(
    _ read: Graph.Read, _ lag: Int, isGeneral: Bool, _ pending: inout [(symbol: Symbol, lag: Int)]
  ) {
    let isKnown = pending.contains { $0.symbol == read.symbol && ($0.lag == lag || !isGeneral) }
    if !isKnown { pending.append((read.symbol, lag)) }
  }

  /// How many steps after the target's time a state's step reads it.
  private func sourceLags(
    _ target: Target, _ states: [Symbol], _ outside: [Symbol], _ graph: Graph
  ) -> [Int] {
    var lags: [Int] = []
    var pending: [(symbol: Symbol, lag: Int)] = []
    for state in states { pending.append((state, 0)) }
    var place = 0
    while place < pending.count {
      let (symbol, lag) = pending[place]
      place += 1
      let general = graph.reads(of: symbol)
      let list = states.contains(symbol) ? general : graph.allReads(of: symbol)
      for read in list
      where graph.reaches(from: target.source.symbol, to: read.symbol) {
        var more = 0
        switch read.when {
        case .before(let steps): more = steps
        case .always: if !target.isCopy { continue }
        case .at: continue
        }
        let total = lag + more
        if read.symbol == target.source.symbol, !lags.contains(total) { lags.append(total) }
        if case .always = read.when { continue }
        if outside.contains(read.symbol) || total != 0 && states.contains(read.symbol) { continue }
        Differentiation.follow(read, total, isGeneral: general.contains(read), &pending)
      }
    }
    return lags.sorted()
  }

  /// What reaches each part at a step other than from a fixed number of steps before.
  mutating func immediates(
    _ block: BlockState, _ pass: Pass, _ shape: Shape, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> [Expression?] {
    let states = block.parts.filter { $0.delay == 0 }.map { $0.symbol }
    let step = Time(block.step)
    let now = step.scaled(by: block.direction)
    var result: [Expression?] = []
    for (place, part) in block.parts.enumerated() {
      if part.delay > 0 {
        result.append(nil)
        continue
      }
      let rows = workspace.freshLabels(for: workspace[part.symbol].shape)
      let labels = workspace.freshLabels(for: shape)
      let outside = knowledge.facts
      enter(step, of: place, block)
      defer { knowledge.facts = outside }
      var inner = Pass(
        reach: .beyond(now), target: pass.target, component: labels.asIndices, owner: now,
        states: states, outside: block.outside)
      let entry = try stepEffect(on: part.symbol, at: rows.asIndices, now, &inner, &workspace)
      if let entry {
        result.append(workspace.tensor(rows + labels, entry))
      } else {
        result.append(nil)
      }
    }
    return result
  }
}
