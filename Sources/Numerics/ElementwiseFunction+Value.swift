import Expressions

/// Values of the standard functions and of their derivatives of every order.
extension ElementwiseFunction {
  /// Whether the function is defined for positive numbers only (the square root also at zero).
  var isLimitedToPositive: Bool { self == .log || self == .sqrt }

  /// Whether the function, or the derivative of this order, jumps at zero.
  func jumps(derivative: Int) -> Bool {
    switch self {
    case .sign: return true
    case .relu, .absolute: return derivative > 0
    default: return false
    }
  }
  /// Whether the function is not smooth at zero.
  var hasKink: Bool { self == .relu || self == .absolute || self == .sign }

  /// The `derivative`-th derivative at `x`; NaN where undefined.
  /// - Precondition: not a generic function.
  func value(derivative: Int, at x: Double) -> Double {
    switch self {
    case .exp: return ElementaryFunctions.exp(x)
    case .sin, .cos:
      let shift = derivative + (self == .cos ? 1 : 0)
      switch shift % 4 {
      case 0: return ElementaryFunctions.sin(x)
      case 1: return ElementaryFunctions.cos(x)
      case 2: return -ElementaryFunctions.sin(x)
      default: return -ElementaryFunctions.cos(x)
      }
    case .log:
      if x <= 0 { return .nan }
      if derivative == 0 { return ElementaryFunctions.log(x) }
      var value = 1 / x
      for n in 1..<derivative { value *= -Double(n) / x }
      return value
    case .sqrt:
      if x < 0 || x == 0 && derivative > 0 { return .nan }
      var value = x.squareRoot()
      for n in 0..<derivative { value *= (0.5 - Double(n)) / x }
      return value
    case .sigmoid: return logistic(derivative, x)
    case .softplus:
      if derivative > 0 { return logistic(derivative - 1, x) }
      return x.larger(0) + logOnePlus(ElementaryFunctions.exp(-x.magnitude))
    case .tanh: return hyperbolic(derivative, x)
    case .relu:
      return derivative == 0 ? x.larger(0) : derivative == 1 ? (x > 0 ? 1 : 0) : 0
    case .absolute:
      return derivative == 0 ? x.magnitude : derivative == 1 ? (x > 0 ? 1 : x < 0 ? -1 : 0) : 0
    case .sign: return derivative == 0 ? (x > 0 ? 1 : x < 0 ? -1 : 0) : 0
    case .generic: preconditionFailure("a generic function has no fixed value")
    }
  }
}

private func logistic(_ derivative: Int, _ x: Double) -> Double {
  let e = ElementaryFunctions.exp(-x.magnitude)
  let (small, large) = (e / (1 + e), 1 / (1 + e))
  let (s, t) = x >= 0 ? (large, small) : (small, large)
  switch derivative {
  case 0: return s
  case 1: return s * t
  case 2: return s * t * (t - s)
  case 3: return s * t * (1 - 6 * s * t)
  default:
    // As a polynomial in s, by P ↦ P'·s(1 − s).
    var coefficients = [0.0, 1.0]
    for _ in 0..<derivative {
      var next = [Double](repeating: 0, count: coefficients.count + 1)
      for n in 1..<coefficients.count {
        next[n] += Double(n) * coefficients[n]
        next[n + 1] -= Double(n) * coefficients[n]
      }
      coefficients = next
    }
    return polynomial(coefficients, s)
  }
}

private func hyperbolic(_ derivative: Int, _ x: Double) -> Double {
  let y = ElementaryFunctions.tanh(x)
  if derivative == 0 { return y }
  let slope = 4 * logistic(1, 2 * x)
  switch derivative {
  case 1: return slope
  case 2: return -2 * y * slope
  case 3: return (6 * y * y - 2) * slope
  default:
    // As a polynomial in y, by P ↦ P'·(1 − y²).
    var coefficients = [0.0, 1.0]
    for _ in 0..<derivative {
      var next = [Double](repeating: 0, count: coefficients.count + 1)
      for n in 1..<coefficients.count {
        next[n - 1] += Double(n) * coefficients[n]
        next[n + 1] -= Double(n) * coefficients[n]
      }
      coefficients = next
    }
    return polynomial(coefficients, y)
  }
}

private func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
  var sum = 0.0
  for coefficient in coefficients.reversed() { sum = sum * x + coefficient }
  return sum
}

/// log(1 + x) for 0 ≤ x ≤ 1, also accurate for small x (Kahan).
private func logOnePlus(_ x: Double) -> Double {
  let sum = 1 + x
  return sum == 1 ? x : ElementaryFunctions.log(sum) * x / (sum - 1)
}

/// A smooth function of one number drawn at random: what an unspecified `f` stands for.
struct DrawnFunction: Sendable {
  /// One term: amplitude · sin or tanh(frequency · x + phase).
  private struct Wave {
    var amplitude: Double
    var frequency: Double
    var phase: Double
  }
  private var first: Wave
  private var second: Wave
  private var third: Wave
  private var slope: Double

  init(_ generator: inout RandomGenerator) {
    func wave(_ generator: inout RandomGenerator) -> Wave {
      Wave(
        amplitude: generator.signed(0.3, 0.9), frequency: generator.signed(0.6, 1.4),
        phase: generator.uniform(-1.5, 1.5))
    }
    first = wave(&generator)
    second = wave(&generator)
    third = wave(&generator)
    slope = generator.signed(0.2, 0.6)
  }

  func value(derivative: Int, at x: Double) -> Double {
    func term(_ wave: Wave, _ function: ElementwiseFunction) -> Double {
      wave.amplitude * wave.frequency.raised(to: derivative)
        * function.value(derivative: derivative, at: wave.frequency * x + wave.phase)
    }
    let linear = derivative == 0 ? slope * x : derivative == 1 ? slope : 0
    return linear + term(first, .sin) + term(second, .sin) + term(third, .tanh)
  }

  /// The size of the terms, for rounding errors.
  func magnitude(derivative: Int) -> Double {
    func term(_ wave: Wave) -> Double {
      wave.amplitude.magnitude * wave.frequency.raised(to: derivative).magnitude
    }
    return slope.magnitude + term(first) + term(second) + term(third).magnitude * 24
  }
}
