import Expressions

/// Derivatives as interventions in the compiled model: which cells are moved, which instructions
/// are cut off, what is run again.
extension Laboratory {
  /// The cells that a denominator names; -1 where the model has no such node.
  private struct Denominator {
    var cells: [Int]
    var axes: [Axis]
    var variables: [Variable]
    /// The place of the one entry that is meant, if it is one.
    var entry: Int?
  }

  mutating func derivative(
    of numerator: Expression, by denominator: Expression, _ intervention: Intervention,
    _ origin: Expression, _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    // The entry of a whole is picked from the whole's Jacobian.
    var whole = numerator
    var picked: Int?
    if case .entry(let inner, let indices) = workspace[numerator] {
      whole = inner
      let slot = try compile(inner, environment, workspace)
      picked = try cell(of: indices, in: slot, numerator, environment)
    }
    let above = try compile(whole, environment, workspace)
    let below = try self.denominator(denominator, environment, workspace)
    let cuts = try cuts(whole, below, intervention, environment, workspace)
    let jacobian = try jacobian(above, below.cells, cuts, weights: nil, origin)
    let columns = below.cells.count
    let numeratorAxes = picked == nil ? above.axes : []
    let denominatorAxes = below.entry == nil ? below.axes : []
    let rowRange = picked.map { $0..<($0 + 1) } ?? 0..<above.count
    let columnRange = below.entry.map { $0..<($0 + 1) } ?? 0..<columns
    let own = numeratorAxes.filter { !$0.isUnit }
    let other = denominatorAxes.filter { !$0.isUnit }
    var isTransposed = false
    var isTurned = false
    var axes: [Axis]
    if own.isEmpty {
      let isVector = denominatorAxes.count == 1
      axes =
        isVector && intervention.layout.givesRows
        ? [.unit, denominatorAxes[0]] : denominatorAxes
      if intervention.layout == .transposed, denominatorAxes.count == 2 {
        axes.reverse()
        isTurned = true
      }
    } else if other.isEmpty {
      axes =
        intervention.layout == .denominator && numeratorAxes.count == 1
        ? [.unit, numeratorAxes[0]] : numeratorAxes
    } else if intervention.layout == .denominator {
      axes = other + own
      isTransposed = true
    } else {
      axes = own + other
    }
    var places: [Int] = []
    if isTurned {
      let width = denominatorAxes[1].size
      for column in 0..<width {
        for row in 0..<(columns / width) {
          places.append(jacobian.start + rowRange.lowerBound * columns + row * width + column)
        }
      }
    } else if isTransposed {
      for column in columnRange {
        for row in rowRange { places.append(jacobian.start + row * columns + column) }
      }
    } else {
      for row in rowRange {
        for column in columnRange { places.append(jacobian.start + row * columns + column) }
      }
    }
    return try gather(places, axes, origin)
  }

  /// d of an expression: along the directions of all drawn tensors that it depends on at once.
  mutating func differential(
    _ operand: Expression, _ origin: Expression, _ environment: Environment,
    _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    let slot = try compile(operand, environment, workspace)
    var isNeeded = [Bool](repeating: false, count: memory.count)
    for cell in slot.cells { isNeeded[cell] = true }
    for index in program.instructions.indices.reversed() {
      let step = program.instructions[index]
      if program.frozen.contains(index) { continue }
      if (step.target..<(step.target + step.count)).contains(where: { isNeeded[$0] }) {
        program.inputs(of: index) { for cell in $0 { isNeeded[cell] = true } }
      }
    }
    var cells: [Int] = []
    var weights: [Int] = []
    for record in nodes where record.instruction == nil || !record.isComputed {
      guard record.slot.cells.contains(where: { isNeeded[$0] }) else { continue }
      cells += record.slot.cells
      weights += direction(of: record, workspace).cells
    }
    let slopes = try jacobian(slot, cells, [], weights: weights, origin)
    return Slot(start: slopes.start, axes: slot.axes)
  }

  private mutating func denominator(
    _ expression: Expression, _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Denominator {
    switch workspace[expression] {
    case .variable(let variable):
      let axes = try axes(of: workspace[variable.symbol].shape)
      let count = axes.reduce(1) { $0 * $1.size }
      let time = try variable.time.map { time throws(MeasurementFailure) in
        try value(of: time, environment)
      }
      var key = Key(kind: .node, id: variable.symbol.id, words: time.map { [$0] } ?? [])
      if time == nil, let copy = variable.copy {
        key = Key(
          kind: .use, id: variable.symbol.id, words: [try value(of: copy, environment)])
      }
      let cells = known[key].map { Array($0.cells) } ?? [Int](repeating: -1, count: count)
      return Denominator(cells: cells, axes: axes, variables: [variable])
    case .entry(let operand, let indices):
      var whole = try denominator(operand, environment, workspace)
      guard whole.entry == nil else { throw .unsupported(expression) }
      let slot = Slot(start: 0, axes: whole.axes)
      whole.entry = try cell(of: indices, in: slot, expression, environment)
      return whole
    case .transpose(let operand):
      var whole = try denominator(operand, environment, workspace)
      guard whole.entry == nil, whole.axes.count <= 2 else { throw .unsupported(expression) }
      if whole.axes.count == 1 {
        whole.axes = [.unit, whole.axes[0]]
      } else if whole.axes.count == 2 {
        let (m, n) = (whole.axes[0], whole.axes[1])
        let cells = whole.cells
        whole.cells = (0..<cells.count).map { cells[$0 % m.size * n.size + $0 / m.size] }
        whole.axes = Slot.canonical([n, m])
      }
      return whole
    case .tensorFunction(.vec, let operand):
      var whole = try denominator(operand, environment, workspace)
      guard whole.entry == nil else { throw .unsupported(expression) }
      if whole.axes.count == 2 {
        let (m, n) = (whole.axes[0], whole.axes[1])
        let cells = whole.cells
        whole.cells = (0..<cells.count).map { cells[$0 % m.size * n.size + $0 / m.size] }
        whole.axes = Slot.canonical([
          Axis(size: cells.count, isUnit: m.isUnit && n.isUnit)
        ])
      }
      return whole
    case .stack(let rows, let columns, let blocks) where rows == 1 || columns == 1:
      var result = Denominator(cells: [], axes: [], variables: [])
      for block in blocks {
        let part = try denominator(block, environment, workspace)
        if part.axes.count > 1, part.entry == nil, !(rows == 1 && part.axes[0].isUnit) {
          throw .unsupported(expression)
        }
        result.cells += part.entry.map { [part.cells[$0]] } ?? part.cells
        result.variables += part.variables
      }
      let axis = Axis(size: result.cells.count, isUnit: false)
      result.axes = columns == 1 ? [axis] : [.unit, axis]
      return result
    default: throw .unsupported(expression)
    }
  }

  /// The instructions that an intervention takes out of the model, sorted.
  private func cuts(
    _ numerator: Expression, _ denominator: Denominator, _ intervention: Intervention,
    _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> [Int] {
    var cuts: [Int] = []
    var moved: [(Symbol, Int?)] = []
    for variable in denominator.variables {
      let time = try variable.time.map { time throws(MeasurementFailure) in
        try value(of: time, environment)
      }
      moved.append((variable.symbol, time))
    }
    let isByParameter = moved.allSatisfy { $0.1 == nil && !model.computes($0.0) }
    var written: [(Symbol, Int?)] = []
    var latestStep: Int?
    if intervention.mode == .immediate {
      let variables = workspace.variables(in: numerator)
      for variable in variables {
        var time: Int?
        if let own = variable.time {
          // A time bound within the numerator: the whole expression is one step.
          guard let value = try? value(of: own, environment) else {
            latestStep = nil
            written = []
            break
          }
          time = value
          latestStep = max(latestStep ?? value, value)
        }
        written.append((variable.symbol, time))
      }
      if !isByParameter,
        written.contains(where: { one in moved.contains { $0 == one } })
      {
        written = []
      }
    }
    for record in nodes {
      guard let instruction = record.instruction else { continue }
      let node = (record.symbol, record.time)
      var isCut = moved.contains { $0 == node } || intervention.held.contains(record.symbol)
      if intervention.mode == .immediate {
        if isByParameter {
          if let latestStep, let time = record.time, time != latestStep { isCut = true }
        } else if !written.contains(where: { $0 == node }) {
          isCut = true
        }
      }
      if isCut { cuts.append(instruction) }
    }
    return cuts.sorted()
  }

  /// The matrix of derivatives of a slot's cells by the given cells (-1: of nothing), or its
  /// derivative along the weights; kept for the next time.
  private mutating func jacobian(
    _ numerator: Slot, _ cells: [Int], _ cuts: [Int], weights: [Int]?, _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    let columns = weights == nil ? cells.count : 1
    // Every column is measured with several steps, each running what lies between.
    if numerator.count * columns > Laboratory.capacity / 16
      || columns * max(1, program.instructions.count) > Laboratory.capacity
    {
      throw .tooLarge(origin)
    }
    let axes = [
      Axis(size: numerator.count, isUnit: false), Axis(size: columns, isUnit: false),
    ]
    let (list, inputs) = path(from: cells, to: numerator.cells, cuts)
    let isReached = !list.isEmpty || cells.contains { numerator.cells.contains($0) }
    // What is run again tells interventions apart; their cuts only matter to differences within.
    let isNested = list.contains { isDifference($0) }
    let kept = isNested ? cuts : []
    var words = [numerator.start, numerator.count, weights == nil ? 0 : 1, cells.count]
    words += cells
    words.append(list.count)
    words += list
    words += kept
    let key = Key(kind: .jacobian, id: 0, words: words)
    if let slot = known[key] { return slot }
    let slot: Slot
    if !isReached {
      slot = filled(0, axes)
    } else {
      let present = cells.filter { $0 >= 0 }
      var extent = max(numerator.cells.upperBound, (present.max() ?? 0) + 1)
      for index in list {
        let step = program.instructions[index]
        extent = max(extent, step.target + step.count)
      }
      for range in inputs { extent = max(extent, range.upperBound) }
      for weight in weights ?? [] { extent = max(extent, weight + 1) }
      var hasKink = false
      for index in list where program.hasKink(index) { hasKink = true }
      var all = inputs
      all.append(numerator.cells)
      for cell in present { all.append(cell..<(cell + 1)) }
      for weight in weights ?? [] { all.append(weight..<(weight + 1)) }
      program.differences.append(
        Difference(
          numerator: numerator.cells, cells: present, weights: weights, instructions: list,
          cuts: kept, inputs: all, extent: extent, hasKink: hasKink,
          isNested: isNested))
      let width = weights == nil ? present.count : 1
      let result = try emit(
        .difference, [axes[0], Axis(size: width, isUnit: false)], origin,
        a: program.differences.count - 1)
      if width == columns {
        slot = result
      } else {
        var places: [Int] = []
        for row in 0..<numerator.count {
          var next = 0
          for cell in cells {
            places.append(cell < 0 ? -1 : result.start + row * width + next)
            if cell >= 0 { next += 1 }
          }
        }
        slot = try gather(places, axes, origin)
      }
    }
    remember(key, slot)
    return slot
  }

  private func isDifference(_ index: Int) -> Bool {
    if case .difference = program.instructions[index].operation { return true }
    return false
  }

  /// The instructions through which the given cells reach the target, in order, and the cells
  /// that they read.
  private func path(
    from cells: [Int], to target: Range<Int>, _ cuts: [Int]
  ) -> (instructions: [Int], inputs: [Range<Int>]) {
    let limit = target.upperBound
    var isMoved = [Bool](repeating: false, count: limit)
    var lowest = Int.max
    for cell in cells where cell >= 0 && cell < limit {
      isMoved[cell] = true
      lowest = min(lowest, cell)
    }
    if lowest == .max { return ([], []) }
    let skipped = Set(cuts).union(program.frozen)
    var downstream: [Int] = []
    for index in program.instructions.indices {
      let step = program.instructions[index]
      if step.target >= limit { break }
      if step.target < lowest || skipped.contains(index) { continue }
      var isReached = false
      program.inputs(of: index) { range in
        if !isReached {
          for cell in range where cell < limit && isMoved[cell] {
            isReached = true
            break
          }
        }
      }
      if isReached {
        downstream.append(index)
        for cell in step.target..<min(step.target + step.count, limit) { isMoved[cell] = true }
      }
    }
    var isNeeded = [Bool](repeating: false, count: limit)
    for cell in target { isNeeded[cell] = true }
    var instructions: [Int] = []
    var inputs: [Range<Int>] = []
    for index in downstream.reversed() {
      let step = program.instructions[index]
      var isUsed = false
      for cell in step.target..<min(step.target + step.count, limit) where isNeeded[cell] {
        isUsed = true
        break
      }
      if isUsed {
        instructions.append(index)
        program.inputs(of: index) { range in
          inputs.append(range)
          for cell in range where cell < limit { isNeeded[cell] = true }
        }
      }
    }
    return (instructions.reversed(), inputs)
  }
}
