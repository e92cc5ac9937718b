import Expressions

/// Derivatives by central differences, extrapolated (Ridders 1982): the program is run again on both
/// sides of the point, nothing is known of any rule.
extension Program {
  /// Derivatives and error bounds: entry (r, j) is that of numerator cell r by direction j.
  struct Slopes {
    var values: [Double]
    var errors: [Double]
  }

  /// Why a point is no good for differences.
  enum Obstacle {
    case kink, undefined
  }

  /// Runs instructions on floating-point numbers, but not those that are cut off.
  /// - Returns: false where a kink was crossed or a difference within could not be taken.
  func run(
    _ list: [Int], _ memory: UnsafeMutablePointer<Double>, base: UnsafePointer<Double>,
    cuts: [Int]
  ) -> Bool {
    for index in list {
      if case .difference = instructions[index].operation {
        if isCut(index, cuts) { continue }
        let step = instructions[index]
        switch slopes(step.a, at: memory, cuts: cuts) {
        case .success(let slopes):
          for i in 0..<step.count { memory[step.target + i] = slopes.values[i] }
        case .failure: return false
        }
      } else if cuts.isEmpty || !isCut(index, cuts) {
        if !execute(index, memory, base: base) { return false }
      }
    }
    return true
  }

  /// About how much a difference runs: both sides of the point at each step of the
  /// table, for every direction.
  func work(ofDifference index: Int) -> Int {
    let difference = differences[index]
    var once = 0
    for index in difference.instructions {
      let step = instructions[index]
      if case .difference = step.operation {
        once += work(ofDifference: step.a)
      } else {
        once += step.cost
      }
    }
    return 2 * Ladder.height * difference.directions * once
  }

  /// Bounds on the rounding errors by which two neighbouring points differ. What the moved cells do not
  /// reach is the same on both sides, however inexactly it is known.
  func noise(ofDifference index: Int, at memory: [Bounded]) -> [Double] {
    let difference = differences[index]
    var known = memory[difference.numerator]
    if known.contains(where: { $0.error > 0x1p-44 * $0.value.magnitude }) {
      var cells = memory[..<difference.extent].map { Bounded($0.value) }
      cells.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        for index in difference.instructions {
          let step = instructions[index]
          var isRun = false
          if case .difference = step.operation {} else { isRun = execute(index, start, base: nil) }
          if !isRun { for i in step.target..<(step.target + step.count) { start[i] = memory[i] } }
        }
      }
      known = cells[difference.numerator]
    }
    // Running bounds are worst cases; what two neighbouring points differ by is far smaller.
    return known.map { $0.error / 4 + Bounded.unit * $0.value.magnitude }
  }

  private func isCut(_ index: Int, _ cuts: [Int]) -> Bool {
    var (low, high) = (0, cuts.count)
    while low < high {
      let middle = (low + high) / 2
      if cuts[middle] == index { return true }
      if cuts[middle] < index { low = middle + 1 } else { high = middle }
    }
    return false
  }

  enum Outcome {
    case success(Slopes)
    case failure(Obstacle)
  }

  /// The derivatives of a difference at the given memory.
  ///
  /// - Parameter cuts: what an enclosing intervention has cut off already.
  func slopes(
    _ index: Int, at memory: UnsafePointer<Double>, cuts outer: [Int] = []
  ) -> Outcome {
    let difference = differences[index]
    let rows = difference.numerator.count
    let columns = difference.directions
    var slopes = Slopes(
      values: [Double](repeating: 0, count: rows * columns),
      errors: [Double](repeating: 0, count: rows * columns))
    if rows == 0 || columns == 0 { return .success(slopes) }
    var scratch = Array(UnsafeBufferPointer(start: memory, count: difference.extent))
    var obstacle: Obstacle?
    // What is cut off here stays cut off in the differences within.
    let cuts = difference.isNested ? (outer + difference.cuts).sorted() : outer
    scratch.withUnsafeMutableBufferPointer { buffer in
      guard let cells = buffer.baseAddress else { return }
      var ladder = Ladder(rows: rows)
      for column in 0..<columns {
        obstacle = extrapolate(
          difference, column, cells, base: memory, cuts: cuts, &ladder)
        if obstacle != nil { return }
        for row in 0..<rows {
          slopes.values[row * columns + column] = ladder.best[row]
          slopes.errors[row * columns + column] =
            ladder.bounds[row] + 2 * Bounded.unit * ladder.best[row].magnitude
        }
      }
    }
    if let obstacle { return .failure(obstacle) }
    return .success(slopes)
  }

  /// The table of extrapolations for one direction, row by row of the numerator.
  private struct Ladder {
    static let height = 7
    var current: [Double]
    var previous: [Double]
    var plus: [Double]
    var best: [Double]
    var bounds: [Double]

    init(rows: Int) {
      current = [Double](repeating: 0, count: rows * Ladder.height)
      previous = current
      plus = [Double](repeating: 0, count: rows)
      best = plus
      bounds = plus
    }
  }

  /// Fills `ladder.best` and `ladder.bounds` for one direction.
  private func extrapolate(
    _ difference: Difference, _ column: Int, _ cells: UnsafeMutablePointer<Double>,
    base: UnsafePointer<Double>, cuts: [Int], _ ladder: inout Ladder
  ) -> Obstacle? {
    let rows = difference.numerator.count
    for row in 0..<rows { ladder.bounds[row] = .infinity }
    var scale = 1.0
    if difference.weights == nil {
      scale = max(1, base[difference.cells[column]].magnitude / 8)
    }
    var reached = false
    var blocked = false
    for exponent in [3, 6, 10, 14] {
      let widest = scale * (1.0 / Double(1 << exponent))
      if difference.hasKink {
        // Ten steps away from every kink, on either side.
        var isFree = true
        for side in [10.0, -10.0] {
          move(difference, column, cells, base: base, by: side * widest)
          if !run(difference.instructions, cells, base: base, cuts: cuts) { isFree = false }
        }
        if !isFree {
          blocked = true
          move(difference, column, cells, base: base, by: 0)
          continue
        }
      }
      if climb(difference, column, cells, base: base, cuts: cuts, widest, &ladder) {
        reached = true
        if isSatisfied(difference, ladder, widest) { break }
      }
    }
    move(difference, column, cells, base: base, by: 0)
    if !reached { return blocked ? .kink : .undefined }
    return nil
  }

  /// Whether the bounds are about as good as rounding allows, or good enough for any use.
  private func isSatisfied(_ difference: Difference, _ ladder: Ladder, _ step: Double) -> Bool {
    var largest = 0.0
    for value in ladder.best { largest = max(largest, value.magnitude) }
    for row in ladder.best.indices
    where ladder.bounds[row] > 1e-11 * largest + 64 * difference.noise(row) / step { return false }
    return true
  }

  private func move(
    _ difference: Difference, _ column: Int, _ cells: UnsafeMutablePointer<Double>,
    base: UnsafePointer<Double>, by step: Double
  ) {
    if let weights = difference.weights {
      for (i, cell) in difference.cells.enumerated() {
        cells[cell] = base[cell] + step * base[weights[i]]
      }
    } else {
      let cell = difference.cells[column]
      cells[cell] = base[cell] + step
    }
  }

  /// One table of differences with the given widest step; keeps the best values seen so far.
  /// - Returns: false if the numerator is not defined or crosses a kink that near.
  private func climb(
    _ difference: Difference, _ column: Int, _ cells: UnsafeMutablePointer<Double>,
    base: UnsafePointer<Double>, cuts: [Int], _ widest: Double, _ ladder: inout Ladder
  ) -> Bool {
    let rows = difference.numerator.count
    let start = difference.numerator.lowerBound
    let height = Ladder.height
    var amplification = [Double](repeating: 0, count: height)
    var step = widest
    var any = false
    for level in 0..<height {
      swap(&ladder.current, &ladder.previous)
      let former = amplification
      move(difference, column, cells, base: base, by: step)
      var isDefined = run(difference.instructions, cells, base: base, cuts: cuts)
      var width = 2 * step
      if difference.weights == nil { width = cells[difference.cells[column]] }
      for row in 0..<rows {
        ladder.plus[row] = cells[start + row]
        if !ladder.plus[row].isFinite { isDefined = false }
      }
      if isDefined {
        move(difference, column, cells, base: base, by: -step)
        isDefined = run(difference.instructions, cells, base: base, cuts: cuts)
        if difference.weights == nil { width -= cells[difference.cells[column]] }
      }
      if isDefined {
        for row in 0..<rows {
          let slope = (ladder.plus[row] - cells[start + row]) / width
          if !slope.isFinite { isDefined = false }
          ladder.current[row] = slope
        }
      }
      if !isDefined { return any }
      amplification[0] = 1 / step
      var power = 1.0
      for k in stride(from: 1, through: level, by: 1) {
        power *= 4
        amplification[k] = (power * amplification[k - 1] + former[k - 1]) / (power - 1)
        for row in 0..<rows {
          let finer = ladder.current[(k - 1) * rows + row]
          let coarser = ladder.previous[(k - 1) * rows + row]
          let value = finer + (finer - coarser) / (power - 1)
          ladder.current[k * rows + row] = value
          let bound =
            max((value - finer).magnitude, (value - coarser).magnitude)
            + difference.noise(row) * amplification[k]
          if bound < ladder.bounds[row] {
            ladder.bounds[row] = bound
            ladder.best[row] = value
          }
        }
      }
      if level > 0 { any = true }
      if level > 1, isSettled(difference, ladder, amplification[0]) { return true }
      step /= 2
    }
    return true
  }

  /// Whether a smaller step could only make rounding worse.
  private func isSettled(
    _ difference: Difference, _ ladder: Ladder, _ amplification: Double
  ) -> Bool {
    for row in ladder.best.indices
    where ladder.bounds[row] > 4 * difference.noise(row) * amplification { return false }
    return true
  }
}

extension Difference {
  /// A bound on the rounding error of a cell of the numerator.
  func noise(_ row: Int) -> Double { noise.isEmpty ? 0x1p-51 : noise[row] }
}
