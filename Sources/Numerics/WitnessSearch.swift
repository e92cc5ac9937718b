import Expressions

/// A point at which an entry of an expression is as large, or as small, as a search could make it.
package struct Extreme: Hashable, Sendable {
  package struct Coordinate: Hashable, Sendable {
    package var symbol: Symbol
    package var time: Int?
    package var dimensions: [Int]
    package var values: [Double]
  }
  package var value: Double
  package var error: Double
  /// Which entry of the expression.
  package var entry: Int
  package var point: [Coordinate]
  /// What else was asked for, at the same point.
  package var beside: [Measurement]
}

extension Laboratory {
  /// Searches the parameters and inputs behind an expression for its largest (or smallest) entry:
  /// round candidates first, then coordinate by coordinate, at last rounded where that costs
  /// nothing. It ends where the entry has gone far enough beyond zero (`goal`). Symbols with properties, bounds or fixed values keep what was drawn.
  package func extreme(
    of expression: Expression, upwards: Bool, goal: Double = .infinity,
    beside others: [Expression] = [], in workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Extreme {
    var trial = self
    let slot = try trial.compile(expression, Environment(), workspace)
    var slots: [Slot] = []
    for other in others { slots.append(try trial.compile(other, Environment(), workspace)) }
    try trial.advance()
    var isNeeded = [Bool](repeating: false, count: trial.memory.count)
    for cell in slot.cells { isNeeded[cell] = true }
    for index in trial.program.instructions.indices.reversed() {
      let step = trial.program.instructions[index]
      for cell in step.target..<(step.target + step.count) where isNeeded[cell] {
        trial.program.inputs(of: index) { for cell in $0 { isNeeded[cell] = true } }
        break
      }
    }
    let list = trial.program.instructions.indices.filter { index in
      isNeeded[trial.program.instructions[index].target]
    }
    var cells: [Int] = []
    let restrained: Properties = [
      .symmetric, .orthogonal, .diagonal, .positiveDefinite, .oneHot, .unitNorm, .positive,
      .invertible, .positiveDeterminant, .bits, .signs,
    ]
    let records = trial.nodes.filter { record in
      record.instruction == nil && record.slot.cells.contains { isNeeded[$0] }
    }
    for record in records
    where workspace[record.symbol].properties.isDisjoint(with: restrained)
      && !bounds.contains(where: { $0.symbol == record.symbol })
    {
      cells += record.slot.cells
    }
    var memory = trial.values
    let search = WitnessSearch(
      program: trial.program, list: list, slot: slot, sign: upwards ? 1 : -1,
      goal: goal)
    var best = search.value(&memory)
    search.tryRound(&memory, cells, &best)
    search.climb(&memory, cells, &best)
    search.round(&memory, cells, &best)
    _ = search.value(&memory)
    // Once more with error bounds.
    for cell in cells {
      trial.memory[cell] = Bounded(memory[cell])
      trial.values[cell] = memory[cell]
    }
    trial.executed = 0
    try trial.advance()
    var entry = slot.start
    for cell in slot.cells {
      let (now, former) = (trial.memory[cell].value, trial.memory[entry].value)
      if upwards ? now > former : now < former { entry = cell }
    }
    return Extreme(
      value: trial.memory[entry].value, error: trial.memory[entry].error,
      entry: entry - slot.start,
      point: records.map { record in
        Extreme.Coordinate(
          symbol: record.symbol, time: record.time, dimensions: record.slot.axes.map { $0.size },
          values: Array(trial.values[record.slot.cells]))
      },
      beside: slots.map { slot in
        let cells = trial.memory[slot.cells]
        return Measurement(
          dimensions: slot.axes.map { $0.size }, values: cells.map { $0.value },
          errors: cells.map { $0.error })
      })
  }
}

/// Climbing over the cells of a program's memory.
private struct WitnessSearch {
  let program: Program
  let list: [Int]
  let slot: Slot
  let sign: Double
  /// Where the search ends.
  let goal: Double

  /// The largest signed entry; −∞ where it is not defined.
  func value(_ memory: inout [Double]) -> Double {
    memory.withUnsafeMutableBufferPointer { buffer in
      guard let cells = buffer.baseAddress else { return -.infinity }
      for index in list {
        if case .difference = program.instructions[index].operation {
          let step = program.instructions[index]
          guard case .success(let slopes) = program.slopes(step.a, at: cells) else {
            return -.infinity
          }
          for i in 0..<step.count { cells[step.target + i] = slopes.values[i] }
        } else {
          _ = program.execute(index, cells, base: nil)
        }
      }
      var best = -Double.infinity
      for cell in slot.cells where cells[cell].isFinite { best = max(best, sign * cells[cell]) }
      return best
    }
  }

  /// All cells at once at zero, at one value, or scaled.
  func tryRound(_ memory: inout [Double], _ cells: [Int], _ best: inout Double) {
    let drawn = cells.map { memory[$0] }
    for constant in [0.0, 1, -1, 2, -2, 0.5, -0.5] where best < goal {
      attempt(&memory, cells, &best) { _ in constant }
    }
    for factor in [-1.0, 0.1, -0.1, 3, -3, 10, -10, 100, -100] where best < goal {
      attempt(&memory, cells, &best) { factor * drawn[$0] }
    }
  }

  func climb(_ memory: inout [Double], _ cells: [Int], _ best: inout Double) {
    var step = 2.0
    var rounds = 0
    while step > 1e-6, rounds < 120, best < goal {
      rounds += 1
      let former = best
      for cell in cells {
        let old = memory[cell]
        for move in [step, -step, old == 0 ? step / 7 : -old] where best < goal {
          attempt(&memory, [cell], &best) { _ in old + move }
          if memory[cell] != old { break }
        }
      }
      if !(best > former) { step /= 4 }
    }
  }

  /// Rounds every cell to a few digits if nothing is lost.
  func round(_ memory: inout [Double], _ cells: [Int], _ best: inout Double) {
    for cell in cells {
      for grid in [1.0, 2, 4, 10, 100] {
        let old = memory[cell]
        let rounded = (old * grid).rounded() / grid
        memory[cell] = rounded
        let now = value(&memory)
        if now >= min(best, goal) {
          best = now
          break
        }
        memory[cell] = old
      }
    }
  }

  private func attempt(
    _ memory: inout [Double], _ cells: [Int], _ best: inout Double, _ change: (Int) -> Double
  ) {
    let old = cells.map { memory[$0] }
    for (i, cell) in cells.enumerated() { memory[cell] = change(i) }
    let now = value(&memory)
    if now > best {
      best = now
    } else {
      for (i, cell) in cells.enumerated() { memory[cell] = old[i] }
    }
  }
}
