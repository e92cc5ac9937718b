import Expressions

/// A vector of tensors, one per part of a state: its axes, then those of a target. Nil is zero.
private typealias Effects = [Expression?]

/// The closed form of a recurrence's total derivative: with J the one-step Jacobian and E_k what
/// reaches the state at step k without an earlier state, D_t = Σ_k J_t ⋯ J_{k+1} E_k.
extension Differentiation {
  /// Fixed numbers of steps up to this one are multiplied out.
  private static let longestUnrolling = 16

  mutating func derivative(
    ofState symbol: Symbol, _ time: Time, at indices: [Index], _ block: BlockState, _ pass: Pass,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    guard let row = block.place(of: symbol), disabled != .recurrence else { return nil }
    let key = SystemKey(
      source: pass.target.source.symbol, held: pass.target.held, symbol: symbol)
    let shape = workspace[pass.target.source.symbol].shape
    let upper = time.scaled(by: block.direction)
    var terms: [Expression?] = []

    if let cut = pass.target.source.time {
      let columns = try columns(into: block, from: pass.target, key, shape, &workspace)
      for column in columns {
        let lower = cut.scaled(by: block.direction) + column.lag
        terms.append(
          try reach(
            row, upper, from: lower, column, at: indices, block, pass, shape, &workspace))
      }
    }
    let immediate = try immediates(block, pass, shape, &workspace)
    if disabled == .parameter { return workspace.plus(terms) }
    if immediate.contains(where: { $0 != nil }) {
      terms.append(
        try accumulated(row, upper, immediate, at: indices, block, pass, shape, &workspace))
    }
    terms.append(
      try fromInstances(row, upper, at: indices, block, pass, key, shape, &workspace))
    return workspace.plus(terms)
  }

  /// J_upper ⋯ J_{lower+1} applied to a column at `lower`.
  private mutating func reach(
    _ row: Int, _ upper: Time, from lower: Time, _ column: Column, at indices: [Index],
    _ block: BlockState, _ pass: Pass, _ shape: Shape, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let isLater = knowledge.isNonnegative(upper - lower)
    if isLater == .no { return nil }
    var effects: Effects = []
    for (place, entry) in column.entries.enumerated() {
      guard let entry else {
        effects.append(nil)
        continue
      }
      var guards: [Time] = []
      if let first = block.first[place] {
        if place == column.identity {
          // The state at the last step before the first is an input, earlier ones are not read.
          if !block.isGuarded, knowledge.isNonnegative(lower - first + 1) == .no {
            effects.append(nil)
            continue
          }
        } else {
          let holds = knowledge.isNonnegative(lower - first)
          if holds == .no {
            effects.append(nil)
            continue
          }
          if holds == .open { guards = [lower - first] }
        }
      }
      let placed = workspace.substituting(block.step, by: lower, in: entry)
      effects.append(try restricted(placed, by: guards, &workspace))
    }
    let sum = try carried(
      effects, from: lower, to: upper, row, at: indices, block, pass, shape, &workspace)
    return workspace.guarded(sum, by: isLater == .open ? [upper - lower] : [])
  }

  /// Σ_k J_upper ⋯ J_{k+1} E_k over the steps that the equations compute.
  private mutating func accumulated(
    _ row: Int, _ upper: Time, _ immediate: [Expression?], at indices: [Index],
    _ block: BlockState, _ pass: Pass, _ shape: Shape, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    // Without guards all parts start at once.
    if let first = block.first[row], !block.isGuarded, let length = (upper - first).literal,
      length < Differentiation.longestUnrolling
    {
      if length < 0 { return nil }
      var effects = Effects(repeating: nil, count: block.count)
      for offset in 0...length {
        let step = first + offset
        effects = try advanced(effects, to: step, block, pass, shape, &workspace)
        for (place, entry) in immediate.enumerated() {
          guard let entry else { continue }
          let placed = workspace.substituting(block.step, by: step, in: entry)
          effects[place] = workspace.plus([effects[place], placed])
        }
      }
      guard let effect = effects[row] else { return nil }
      return workspace.component(effect, at: indices + pass.component)
    }
    var terms: [Expression?] = []
    for (place, entry) in immediate.enumerated() {
      guard let entry else { continue }
      let step = workspace.time(named: "k")
      let placed = workspace.substituting(block.step, by: Time(step), in: entry)
      var effects = Effects(repeating: nil, count: block.count)
      effects[place] = placed
      let term = try carried(
        effects, from: Time(step), to: upper, row, at: indices, block, pass, shape, &workspace)
      guard let term else { continue }
      let from: Time
      if let known = block.first[place] {
        from = known
      } else if block.direction == 1 {
        from = Time(start(&workspace))
      } else {
        from = Time(end(&workspace)).scaled(by: -1)
      }
      terms.append(
        workspace.expression(.timeSum(step, from: from, through: upper, term)))
    }
    return workspace.plus(terms)
  }

  /// What enters through the equations of single instances, such as that of the initial state.
  private mutating func fromInstances(
    _ row: Int, _ upper: Time, at indices: [Index], _ block: BlockState, _ pass: Pass,
    _ key: SystemKey, _ shape: Shape, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    var terms: [Expression?] = []
    for (place, part) in block.parts.enumerated() where part.delay == 0 {
      for definition in model.instances(of: part.symbol) {
        guard let instance = definition.instance else { continue }
        let lower = instance.scaled(by: block.direction)
        if let first = block.first[place], !block.isGuarded,
          (first - 1 - lower).literal != 0
        {
          continue
        }
        let isLater = knowledge.isNonnegative(upper - lower)
        if isLater == .no { continue }
        let rows = workspace.freshLabels(for: workspace[part.symbol].shape)
        let labels = workspace.freshLabels(for: shape)
        var inner = pass
        inner.reach = .total
        inner.component = labels.asIndices
        inner.owner = instance
        let start = CutNode(symbol: part.symbol, time: instance)
        if instancesUnderway.contains(start) { throw .circular(part.symbol) }
        instancesUnderway.append(start)
        defer { instancesUnderway.removeLast() }
        let body = try derivative(definition.body, at: rows.asIndices, inner, &workspace)
        guard let body else { continue }
        let own = workspace.tensor(rows + labels, body)
        // What the instance changes within its own step counts as well.
        let node = Target(
          members: [start], active: 0, held: pass.target.held, isCopy: false)
        let partShape = workspace[part.symbol].shape
        var effects = Effects(repeating: nil, count: block.count)
        for column in try columns(into: block, from: node, key, partShape, &workspace) {
          for (other, entry) in column.entries.enumerated() {
            if other == place {
              effects[place] = own
            } else if let entry {
              effects[other] = try sameStep(
                entry, own, at: lower, other, place, block, shape, &workspace)
            }
          }
        }
        let term = try carried(
          effects, from: lower, to: upper, row, at: indices, block, pass, shape, &workspace)
        terms.append(workspace.guarded(term, by: isLater == .open ? [upper - lower] : []))
      }
    }
    return workspace.plus(terms)
  }

  /// The effect on another part of an instance's own step.
  private mutating func sameStep(
    _ entry: Expression, _ own: Expression, at step: Time, _ other: Int, _ place: Int,
    _ block: BlockState, _ shape: Shape, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    var guards: [Time] = []
    if let first = block.first[other] {
      let holds = knowledge.isNonnegative(step - first)
      if holds == .no { return nil }
      if holds == .open { guards = [step - first] }
    }
    let rows = workspace.freshLabels(for: partShape(other, block, workspace))
    let middle = workspace.freshLabels(for: partShape(place, block, workspace))
    let labels = workspace.freshLabels(for: shape)
    let placed = workspace.substituting(block.step, by: step, in: entry)
    let term = workspace.times([
      workspace.component(placed, at: rows.asIndices + middle.asIndices),
      workspace.component(own, at: middle.asIndices + labels.asIndices),
    ])
    guard let sum = workspace.contraction(over: middle, term) else { return nil }
    return try restricted(workspace.tensor(rows + labels, sum), by: guards, &workspace)
  }

  /// A tensor with guards as a factor of its entries.
  private mutating func restricted(
    _ tensor: Expression, by guards: [Time], _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression {
    if guards.isEmpty { return tensor }
    return workspace.product([workspace.expression(.iverson(guards)), tensor])
  }

  /// A component of one row of the path product applied to effects at `lower`.
  private mutating func carried(
    _ effects: Effects, from lower: Time, to upper: Time, _ row: Int, at indices: [Index],
    _ block: BlockState, _ pass: Pass, _ shape: Shape, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    if let length = (upper - lower).literal, length <= Differentiation.longestUnrolling {
      if length < 0 { return nil }
      var current = effects
      for offset in 0..<length {
        current = try advanced(current, to: lower + (offset + 1), block, pass, shape, &workspace)
      }
      guard let effect = current[row] else { return nil }
      return component(of: effect, at: indices + pass.component, &workspace)
    }
    var terms: [Expression?] = []
    for (column, effect) in effects.enumerated() {
      guard let effect, let path = pathProduct(row, column, lower, upper, block, &workspace)
      else { continue }
      let labels = workspace.freshLabels(for: partShape(column, block, workspace))
      let term = workspace.times([
        workspace.component(path, at: indices + labels.asIndices),
        component(of: effect, at: labels.asIndices + pass.component, &workspace),
      ])
      terms.append(workspace.contraction(over: labels, term))
    }
    return workspace.plus(terms)
  }

  private func partShape(
    _ place: Int, _ block: BlockState, _ workspace: borrowing Workspace
  ) -> Shape {
    workspace[block.parts[place].symbol].shape
  }

  /// An entry of a tensor or of a scaled one.
  private func component(
    of effect: Expression, at indices: [Index], _ workspace: inout Workspace
  ) -> Expression {
    if case .product(let factors) = workspace[effect], factors.count == 2,
      case .iverson = workspace[factors[0]]
    {
      let entry = workspace.component(factors[1], at: indices)
      return workspace.times([factors[0], entry]) ?? workspace.number(0)
    }
    if case .sum(let terms) = workspace[effect] {
      var entries: [Expression?] = []
      for term in terms { entries.append(workspace.component(term, at: indices)) }
      return workspace.plus(entries) ?? workspace.number(0)
    }
    return workspace.component(effect, at: indices)
  }

  /// One step: J_step applied to the effects at the step before.
  private mutating func advanced(
    _ effects: Effects, to step: Time, _ block: BlockState, _ pass: Pass, _ shape: Shape,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Effects {
    var result: Effects = []
    for row in block.parts.indices {
      var terms: [Expression?] = []
      let rows = workspace.freshLabels(for: partShape(row, block, workspace))
      let labels = workspace.freshLabels(for: shape)
      for (column, effect) in effects.enumerated() {
        guard let effect, let jacobian = block.blocks[row * block.count + column] else { continue }
        let middle = workspace.freshLabels(for: partShape(column, block, workspace))
        let placed = workspace.substituting(block.step, by: step, in: jacobian)
        let term = workspace.times([
          workspace.component(placed, at: rows.asIndices + middle.asIndices),
          component(of: effect, at: middle.asIndices + labels.asIndices, &workspace),
        ])
        terms.append(workspace.contraction(over: middle, term))
      }
      if let sum = workspace.plus(terms) {
        result.append(workspace.tensor(rows + labels, sum))
      } else {
        result.append(nil)
      }
    }
    return result
  }

  /// The block of J_upper ⋯ J_{lower+1}, over no more parts than lie between.
  private func pathProduct(
    _ row: Int, _ column: Int, _ lower: Time, _ upper: Time, _ block: BlockState,
    _ workspace: inout Workspace
  ) -> Expression? {
    guard let parts = block.between(row, column), let newRow = parts.firstIndex(of: row),
      let newColumn = parts.firstIndex(of: column)
    else { return nil }
    var blocks: [Expression] = []
    for a in parts {
      for b in parts {
        if let known = block.blocks[a * block.count + b] {
          blocks.append(known)
        } else {
          let axes =
            partShape(a, block, workspace).squeezed.dimensions
            + partShape(b, block, workspace).squeezed.dimensions
          blocks.append(
            axes.isEmpty ? workspace.number(0) : workspace.expression(.zero(Shape(axes))))
        }
      }
    }
    return workspace.expression(
      .pathProduct(
        PathProduct(
          step: block.step, lower: lower, upper: upper, row: newRow, column: newColumn,
          blocks: blocks, size: parts.count)))
  }
}
