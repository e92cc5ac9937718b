import Expressions

/// How the standard functions and their derivatives run: where they rise, what bounds them.
extension ElementwiseFunction {
  enum Course {
    case rising, falling
    /// Even, largest at zero, falling on either side.
    case evenPeak
    /// Even, smallest at zero, rising on either side.
    case evenValley
    /// Neither; bounded, with a bounded slope.
    case wavy((value: Double, slope: Double))
    case unknown
  }

  func course(derivative: Int) -> Course {
    switch self {
    case .exp: return .rising
    case .log:
      // The derivatives of 1/x alternate in sign, and fall in magnitude.
      return derivative == 0 || derivative % 2 == 0 ? .rising : .falling
    case .sqrt: return derivative == 0 || derivative % 2 == 0 ? .rising : .falling
    case .sin, .cos: return .wavy((1, 1))
    case .sigmoid:
      switch derivative {
      case 0: return .rising
      case 1: return .evenPeak
      default: return .wavy((bound(derivative, 0.5), bound(derivative + 1, 0.5)))
      }
    case .tanh:
      switch derivative {
      case 0: return .rising
      case 1: return .evenPeak
      default: return .wavy((bound(derivative, 2), bound(derivative + 1, 2)))
      }
    case .softplus:
      return derivative == 0
        ? .rising : ElementwiseFunction.sigmoid.course(derivative: derivative - 1)
    case .relu: return derivative <= 1 ? .rising : .unknown
    case .absolute: return derivative == 0 ? .evenValley : derivative == 1 ? .rising : .unknown
    case .sign: return derivative == 0 ? .rising : .unknown
    case .generic: return .unknown
    }
  }

  /// A generous bound of a derivative of σ or tanh.
  private func bound(_ derivative: Int, _ scale: Double) -> Double {
    var product = scale
    for n in 1...max(derivative, 1) { product *= scale * Double(n) }
    return max(product, 1)
  }

  /// Between which numbers all values lie.
  func limits(derivative: Int) -> (Double, Double) {
    switch (self, derivative) {
    case (.sigmoid, 0), (.softplus, 1): return (0, 1)
    case (.sigmoid, 1), (.softplus, 2): return (0, 0.25)
    case (.tanh, 0), (.sin, _), (.cos, _): return (-1, 1)
    case (.tanh, 1): return (0, 1)
    case (.exp, _), (.softplus, 0), (.relu, 0), (.absolute, 0), (.sqrt, 0): return (0, .infinity)
    case (.relu, 1): return (0, 1)
    case (.sign, 0), (.absolute, 1): return (-1, 1)
    default: return (-.infinity, .infinity)
    }
  }

  /// The value, or the limit where the argument is infinite (or zero, for log and sqrt); whether it
  /// is exact.
  func limitingValue(derivative: Int, at x: Double) -> (value: Double, isExact: Bool) {
    if x == .infinity || x == -.infinity {
      let isUpper = x > 0
      switch (self, derivative) {
      case (.sigmoid, 0), (.softplus, 1): return (isUpper ? 1 : 0, true)
      case (.tanh, 0): return (isUpper ? 1 : -1, true)
      case (.exp, _): return (isUpper ? .infinity : 0, true)
      case (.softplus, 0), (.relu, 0): return (isUpper ? .infinity : 0, true)
      case (.absolute, 0), (.log, 0), (.sqrt, 0): return (.infinity, true)
      case (.relu, 1): return (isUpper ? 1 : 0, true)
      case (.sign, 0), (.absolute, 1): return (isUpper ? 1 : -1, true)
      default: return (0, true)
      }
    }
    if x == 0 {
      switch (self, derivative) {
      case (.log, 0): return (-.infinity, true)
      case (.log, _), (.sqrt, 1...):
        return (course(derivative: derivative).isFalling ? .infinity : -.infinity, true)
      case (.softplus, 0): return (value(derivative: 0, at: 0), false)
      case (.sigmoid, 0...3), (.tanh, 0...1), (.exp, _), (.relu, 0), (.absolute, 0), (.sqrt, 0):
        return (value(derivative: derivative, at: 0), true)
      default: return (value(derivative: derivative, at: 0), false)
      }
    }
    switch self {
    case .relu, .absolute, .sign: return (value(derivative: derivative, at: x), true)
    case .log where derivative == 0 && x == 1: return (0, true)
    default: return (value(derivative: derivative, at: x), false)
    }
  }
}

extension ElementwiseFunction.Course {
  fileprivate var isFalling: Bool {
    if case .falling = self { return true }
    return false
  }
}
