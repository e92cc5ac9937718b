import Expressions

/// What floating-point numbers cannot see: an addend that rounding swallows, an activation that is
/// saturated. Whatever stands there, the values stay the same; such a point says nothing about it.
extension Laboratory {
  /// Below which part of its companions an addend counts as swallowed.
  private static var resolution: Double { 1e-9 }

  /// Whether something that the expression is computed from is lost to rounding at this point.
  package mutating func losesToRounding(
    _ expression: Expression, in workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Bool {
    let mark = checkpoint
    defer { rewind(to: mark) }
    _ = try tabulated([], expression, Environment(), workspace)
    try advance()
    return program.instructions.contains { swallows($0) }
  }

  private func swallows(_ step: Instruction) -> Bool {
    let (a, b) = (step.a, step.b)
    switch step.operation {
    case .add, .subtract:
      return (0..<step.count).contains {
        isUneven([values[a + $0 % step.p], values[b + $0 % step.q]])
      }
    case .contract:
      return (0..<step.p).contains { i in
        (0..<step.r).contains { k in
          isUneven((0..<step.q).map { values[a + i * step.q + $0] * values[b + $0 * step.r + k] })
        }
      }
    case .total: return isUneven(Array(values[a..<(a + step.p)]))
    case .norm: return isUneven(values[a..<(a + step.p)].map { $0 * $0 })
    case .softmax:
      return (0..<step.p).contains { row in
        let start = step.target + row * step.q
        return isUneven(Array(values[start..<(start + step.q)]))
      }
    case .apply(let function, let derivative):
      return values[a..<(a + step.count)].contains {
        function.isSaturated(derivative: derivative, at: $0)
      }
    default: return false
    }
  }

  /// Whether one addend is next to nothing beside another.
  private func isUneven(_ addends: [Double]) -> Bool {
    var largest = 0.0
    var smallest = Double.infinity
    for addend in addends where addend != 0 {
      largest = max(largest, addend.magnitude)
      smallest = min(smallest, addend.magnitude)
    }
    return smallest < Laboratory.resolution * largest
  }
}

extension ElementwiseFunction {
  /// Whether the value no longer tells what the argument is.
  fileprivate func isSaturated(derivative: Int, at x: Double) -> Bool {
    switch (self, derivative) {
    case (.sigmoid, 0), (.softplus, 1): return x > 20
    case (.softplus, 0): return x > 20
    case (.tanh, 0): return x.magnitude > 10
    default: return false
    }
  }
}
