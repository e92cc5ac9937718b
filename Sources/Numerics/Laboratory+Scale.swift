import Expressions

/// Scaling weights so that states neither vanish nor explode.
extension Laboratory {
  /// By which state-transition matrices are multiplied when drawn.
  package mutating func scale(in workspace: borrowing Workspace) -> Double {
    if let knownScale { return knownScale }
    let scale = fittingScale(workspace)
    knownScale = scale
    return scale
  }

  /// The factor of the state-transition matrices with which the Jacobian of all states by the
  /// states one step earlier has a spectral norm as near to one as it gets; one if there is none.
  private func fittingScale(_ workspace: borrowing Workspace) -> Double {
    if states.isEmpty { return 1 }
    var trial = Laboratory(
      model: model, sample: sample, fixing: fixings, bounds: bounds, scale: .fixed(1),
      earliest: earliest, in: workspace)
    var later: [Slot] = []
    var earlier: [Slot] = []
    do throws(MeasurementFailure) {
      let step = try middleStep()
      for state in states { later.append(try trial.node(state, step, workspace)) }
      for state in states { earlier.append(try trial.node(state, step - 1, workspace)) }
    } catch {
      return 1
    }
    let program = trial.program
    for step in program.instructions {
      if case .difference = step.operation { return 1 }
    }
    var scaled: [Int] = []
    for record in trial.nodes
    where record.instruction == nil && isTransition(record.symbol, record.time, workspace) {
      scaled += record.slot.cells
    }
    if scaled.isEmpty { return 1 }
    let moved = earlier.flatMap { Array($0.cells) }
    let read = later.flatMap { Array($0.cells) }
    if moved.count > 64 { return 1 }
    var best = (factor: 1.0, distance: Double.infinity)
    var factor = 0.6
    while factor < 9 {
      var memory = trial.values
      for cell in scaled { memory[cell] *= factor }
      let norm = memory.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map {
          program.norm(of: read, by: moved, $0, buffer.count)
        } ?? 0
      }
      if norm > 0, norm.isFinite {
        let distance = ElementaryFunctions.log(norm).magnitude
        if distance < best.distance - 0.05 { best = (factor, distance) }
      }
      factor *= 1.3
    }
    return best.factor
  }

  /// A time at which all equations hold, also one step earlier if possible.
  private func middleStep() throws(MeasurementFailure) -> Int {
    var first = earliest + 1
    var last = Int.max
    for state in states {
      guard let i = general[state] else { continue }
      if let from = model.definitions[i].from {
        first = max(first, try value(of: from, Environment()) + 1)
      }
      if let through = model.definitions[i].through {
        last = min(last, try value(of: through, Environment()))
      }
    }
    return min(first, last)
  }
}

extension Program {
  /// The spectral norm of a Jacobian, roughly: one-sided differences and power iteration. Nodes at
  /// the moved cells are cut off.
  fileprivate func norm(
    of read: [Int], by moved: [Int], _ memory: UnsafeMutablePointer<Double>, _ count: Int
  ) -> Double {
    let base = UnsafeMutablePointer<Double>.allocate(capacity: count)
    defer { base.deallocate() }
    base.initialize(from: memory, count: count)
    for index in instructions.indices { _ = execute(index, base, base: nil) }
    let isMoved = Set(moved)
    let later = instructions.indices.filter { !isMoved.contains(instructions[$0].target) }
    var jacobian = [Double](repeating: 0, count: read.count * moved.count)
    let step = 1e-5
    for (column, cell) in moved.enumerated() {
      for i in 0..<count { memory[i] = base[i] }
      memory[cell] += step
      for index in later { _ = execute(index, memory, base: nil) }
      for (row, target) in read.enumerated() {
        jacobian[row * moved.count + column] = (memory[target] - base[target]) / step
      }
    }
    var vector = (0..<moved.count).map { 1 + 0.1 * Double($0) }
    var norm = 0.0
    for _ in 0..<12 {
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if !(length > 0) { return 0 }
      vector = vector.map { $0 / length }
      let image = read.indices.map { row in
        moved.indices.reduce(0) { $0 + jacobian[row * moved.count + $1] * vector[$1] }
      }
      norm = image.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vector = moved.indices.map { column in
        read.indices.reduce(0) { $0 + jacobian[$1 * moved.count + column] * image[$1] }
      }
    }
    return norm
  }
}
