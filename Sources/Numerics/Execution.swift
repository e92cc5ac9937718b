import Expressions

/// Running one instruction over any kind of number.
extension Program {
  /// Runs the instruction with the given index.
  ///
  /// - Parameter base: where the program was run before; a kink's argument must keep its sign.
  /// - Returns: false where a kink is too near, or was crossed since `base`.
  /// - Precondition: the instruction is no finite difference.
  @specialized(where Number == Double)
  @specialized(where Number == Bounded)
  func execute<Number: Quantity>(
    _ index: Int, _ memory: UnsafeMutablePointer<Number>, base: UnsafePointer<Double>?
  ) -> Bool {
    let step = instructions[index]
    let target = memory + step.target
    let a = memory + step.a
    switch step.operation {
    case .copy:
      if step.p == step.count {
        for i in 0..<step.count { target[i] = a[i] }
      } else {
        for i in 0..<step.count { target[i] = a[i % step.p] }
      }
    case .gather:
      for i in 0..<step.count {
        let place = tables[step.a + i]
        target[i] = place < 0 ? Number(0.0) : memory[place]
      }
    case .add: combine(step, memory) { $0 + $1 }
    case .subtract: combine(step, memory) { $0 - $1 }
    case .multiply: combine(step, memory) { $0 * $1 }
    case .divide: combine(step, memory) { $0 / $1 }
    case .larger:
      combine(step, memory) { $0.larger($1) }
      for i in 0..<step.count {
        let gap = a[i % step.p] - memory[step.b + i % step.q]
        if let base {
          let former = base[step.a + i % step.p] - base[step.b + i % step.q]
          if gap.approximation < 0 ? former >= 0 : former < 0 { return false }
        } else if gap.isUnsettled {
          return false
        }
      }
    case .negate: for i in 0..<step.count { target[i] = -a[i] }
    case .apply(let function, let derivative):
      if function.hasKink {
        for i in 0..<step.count {
          if let base {
            let (now, then) = (a[i].approximation, base[step.a + i])
            if now > 0 ? then <= 0 : then > 0 { return false }
          } else if function.jumps(derivative: derivative), a[i].isUnsettled {
            return false
          }
        }
      }
      for i in 0..<step.count { target[i] = a[i].applying(function, derivative: derivative) }
    case .drawn(let derivative):
      let function = functions[step.b]
      for i in 0..<step.count { target[i] = a[i].applying(function, derivative: derivative) }
    case .contract:
      let b = memory + step.b
      for i in 0..<step.p {
        for k in 0..<step.r {
          target[i * step.r + k] = Number.dot(
            a + i * step.q, b + k, count: step.q, stride: step.r)
        }
      }
    case .integerPower: for i in 0..<step.count { target[i] = a[i].raised(to: step.p) }
    case .realPower:
      for i in 0..<step.count { target[i] = a[i].raised(to: memory[step.b]) }
    case .total:
      var sum = a[0]
      for i in 1..<max(step.p, 1) { sum = sum + a[i] }
      target[0] = sum
    case .norm:
      var sum = a[0] * a[0]
      for i in 1..<max(step.p, 1) { sum = sum + a[i] * a[i] }
      target[0] = sum.squareRoot()
    case .spectralNorm:
      target[0] = Spectrum.norm((0..<(step.p * step.q)).map { a[$0] }, rows: step.p)
    case .spectralRadius:
      target[0] = Spectrum.radius((0..<(step.p * step.p)).map { a[$0] }, size: step.p)
    case .largest: return largest(step, memory, base: base)
    case .softmax: softmax(step, memory)
    case .inverse: inverse(step, memory)
    case .determinant: target[0] = determinant(step, memory)
    case .difference: preconditionFailure("a difference runs a program, not an instruction")
    }
    return true
  }

  @inline(__always)
  private func combine<Number: Quantity>(
    _ step: Instruction, _ memory: UnsafeMutablePointer<Number>,
    _ operation: (Number, Number) -> Number
  ) {
    let (target, a, b) = (memory + step.target, memory + step.a, memory + step.b)
    if step.p == step.count, step.q == step.count {
      for i in 0..<step.count { target[i] = operation(a[i], b[i]) }
    } else {
      for i in 0..<step.count { target[i] = operation(a[i % step.p], b[i % step.q]) }
    }
  }

  private func largest<Number: Quantity>(
    _ step: Instruction, _ memory: UnsafeMutablePointer<Number>, base: UnsafePointer<Double>?
  ) -> Bool {
    let a = memory + step.a
    var best = 0
    for i in 1..<max(step.p, 1) where a[i].approximation > a[best].approximation { best = i }
    memory[step.target] = a[best]
    if let base {
      for i in 0..<step.p where base[step.a + i] > base[step.a + best] { return false }
    } else {
      for i in 0..<step.p where i != best && (a[best] - a[i]).isUnsettled { return false }
    }
    return true
  }

  private func softmax<Number: Quantity>(
    _ step: Instruction, _ memory: UnsafeMutablePointer<Number>
  ) {
    for row in 0..<step.p {
      let a = memory + step.a + row * step.q
      let target = memory + step.target + row * step.q
      var top = a[0]
      for i in 1..<step.q where a[i].approximation > top.approximation { top = a[i] }
      // A shift by an exact number changes nothing.
      let shift = Number(top.approximation.isFinite ? top.approximation : 0)
      var sum = Number(0.0)
      for i in 0..<step.q {
        target[i] = (a[i] - shift).applying(.exp, derivative: 0)
        sum = sum + target[i]
      }
      for i in 0..<step.q { target[i] = target[i] / sum }
    }
  }

  /// Gauss and Jordan with row pivoting.
  private func inverse<Number: Quantity>(
    _ step: Instruction, _ memory: UnsafeMutablePointer<Number>
  ) {
    let n = step.p
    var left = (0..<(n * n)).map { memory[step.a + $0] }
    var right = (0..<(n * n)).map { Number($0 / n == $0 % n ? 1.0 : 0.0) }
    for column in 0..<n {
      guard let pivot = pivot(left, n, column) else {
        for i in 0..<(n * n) { memory[step.target + i] = Number(1.0) / Number(0.0) }
        return
      }
      if pivot != column {
        for j in 0..<n {
          left.swapAt(pivot * n + j, column * n + j)
          right.swapAt(pivot * n + j, column * n + j)
        }
      }
      let divisor = left[column * n + column]
      for j in 0..<n {
        left[column * n + j] = left[column * n + j] / divisor
        right[column * n + j] = right[column * n + j] / divisor
      }
      for i in 0..<n where i != column {
        let factor = left[i * n + column]
        for j in 0..<n {
          left[i * n + j] = left[i * n + j] - factor * left[column * n + j]
          right[i * n + j] = right[i * n + j] - factor * right[column * n + j]
        }
      }
    }
    for i in 0..<(n * n) { memory[step.target + i] = right[i] }
  }

  private func determinant<Number: Quantity>(
    _ step: Instruction, _ memory: UnsafeMutablePointer<Number>
  ) -> Number {
    let n = step.p
    var rows = (0..<(n * n)).map { memory[step.a + $0] }
    var product = Number(1.0)
    for column in 0..<n {
      guard let pivot = pivot(rows, n, column) else {
        return expansion(Array(0..<n), 0, n, memory + step.a)
      }
      if pivot != column {
        for j in 0..<n { rows.swapAt(pivot * n + j, column * n + j) }
        product = -product
      }
      let divisor = rows[column * n + column]
      product = product * divisor
      for i in (column + 1)..<max(n, column + 1) {
        let factor = rows[i * n + column] / divisor
        for j in column..<n { rows[i * n + j] = rows[i * n + j] - factor * rows[column * n + j] }
      }
    }
    return product
  }

  /// Laplace's expansion along the rows; for singular matrices, where elimination stops.
  private func expansion<Number: Quantity>(
    _ columns: [Int], _ row: Int, _ n: Int, _ matrix: UnsafeMutablePointer<Number>
  ) -> Number {
    if row == n { return Number(1.0) }
    var sum = Number(0.0)
    for (place, column) in columns.enumerated() {
      var rest = columns
      rest.remove(at: place)
      let term = matrix[row * n + column] * expansion(rest, row + 1, n, matrix)
      sum = place % 2 == 0 ? sum + term : sum - term
    }
    return sum
  }

  /// The row of the largest entry of a column, at or below the diagonal; nil if none is settled.
  private func pivot<Number: Quantity>(_ rows: [Number], _ n: Int, _ column: Int) -> Int? {
    var best: Int?
    for i in column..<n {
      let candidate = rows[i * n + column]
      if candidate.isUnsettled { continue }
      if let known = best,
        rows[known * n + column].approximation.magnitude >= candidate.approximation.magnitude
      {
        continue
      }
      best = i
    }
    return best
  }
}
