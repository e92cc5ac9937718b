import Expressions

/// All numbers between two ends, rounded outwards after every operation that is not exact.
struct Interval: Quantity {
  var lower: Double
  var upper: Double

  init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
  init(_ value: Double) { self.init(lower: value, upper: value) }
  init(_ value: Rational) {
    let nearest = value.approximation
    if let whole = value.exactInt, Double(exactly: whole) != nil {
      self.init(nearest)
    } else if Interval.isDyadic(value) {
      self.init(nearest)
    } else {
      self = Interval(nearest).widened(units: 4)
    }
  }
  static let undefined = Interval(.nan)

  /// Whether a fraction is a small integer over a power of two, hence a floating-point number.
  private static func isDyadic(_ value: Rational) -> Bool {
    guard value.numerator.digitCount <= 1, let denominator = value.denominator.exactInt else {
      return false
    }
    return denominator & (denominator - 1) == 0
  }

  var approximation: Double { lower / 2 + upper / 2 }
  var isSound: Bool { lower <= upper && lower > -.infinity && upper < .infinity }
  var isUnsettled: Bool { !(lower > 0 || upper < 0) }

  /// Wider by the given number of units in the last place on either side.
  func widened(units: Int) -> Interval {
    var result = self
    for _ in 0..<units {
      result.lower = result.lower.nextDown
      result.upper = result.upper.nextUp
    }
    return result
  }

  static prefix func - (value: Interval) -> Interval {
    Interval(lower: -value.upper, upper: -value.lower)
  }
  static func + (lhs: Interval, rhs: Interval) -> Interval {
    Interval(
      lower: sum(lhs.lower, rhs.lower, downwards: true),
      upper: sum(lhs.upper, rhs.upper, downwards: false))
  }
  static func - (lhs: Interval, rhs: Interval) -> Interval { lhs + -rhs }
  static func * (lhs: Interval, rhs: Interval) -> Interval {
    var result = Interval(lower: .infinity, upper: -.infinity)
    for a in [lhs.lower, lhs.upper] {
      for b in [rhs.lower, rhs.upper] {
        if a.isNaN || b.isNaN { return .undefined }
        // An end at infinity stands for arbitrarily large numbers: times zero they are zero.
        result.lower = min(result.lower, product(a, b, downwards: true))
        result.upper = max(result.upper, product(a, b, downwards: false))
      }
    }
    return result
  }
  static func / (lhs: Interval, rhs: Interval) -> Interval {
    if rhs.isUnsettled { return .undefined }
    let inverse = Interval(lower: 1 / rhs.upper, upper: 1 / rhs.lower)
    let isExact = rhs.lower == rhs.upper && rhs.lower.significand == 1
    return lhs * (isExact ? inverse : inverse.widened(units: 1))
  }

  /// Rounded outwards unless exact (the residual of the sum is known exactly: Knuth's two-sum).
  static func sum(_ a: Double, _ b: Double, downwards: Bool) -> Double {
    let value = a + b
    if !value.isFinite { return value }
    let part = value - a
    let residual = (a - (value - part)) + (b - part)
    if residual == 0 { return value }
    return downwards ? value.nextDown : value.nextUp
  }
  static func product(_ a: Double, _ b: Double, downwards: Bool) -> Double {
    if a == 0 || b == 0 { return 0 }
    let value = a * b
    if !value.isFinite { return value }
    let residual = (-value).addingProduct(a, b)
    if residual == 0, value != 0 { return value }
    return downwards ? value.nextDown : value.nextUp
  }

  func raised(to exponent: Int) -> Interval {
    if exponent < 0 { return Interval(1.0) / raised(to: -exponent) }
    var base = self
    if exponent % 2 == 0 {
      let far = max(-lower, upper)
      base = Interval(
        lower: isUnsettled ? 0 : min(lower.magnitude, upper.magnitude), upper: far)
    }
    // Both ends for themselves: the power rises between them.
    return Interval(
      lower: Interval.power(base.lower, exponent).lower,
      upper: Interval.power(base.upper, exponent).upper)
  }
  private static func power(_ x: Double, _ exponent: Int) -> Interval {
    var (result, base, rest) = (Interval(1.0), Interval(x), exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * base }
      rest >>= 1
      if rest > 0 { base = base * base }
    }
    return result
  }
  func raised(to exponent: Interval) -> Interval {
    if !(lower > 0) {
      if lower == 0, exponent.lower > 0 {
        let top = Interval(upper).raised(to: exponent)
        return upper == 0 ? Interval(0.0) : Interval(lower: 0, upper: top.upper)
      }
      return .undefined
    }
    return (applying(.log, derivative: 0) * exponent).applying(.exp, derivative: 0)
  }
  func squareRoot() -> Interval {
    if lower < 0 { return .undefined }
    func root(_ x: Double, downwards: Bool) -> Double {
      let value = x.squareRoot()
      if value * value == x, (-x).addingProduct(value, value) == 0 { return value }
      return downwards ? max(0, value.nextDown) : value.nextUp
    }
    return Interval(lower: root(lower, downwards: true), upper: root(upper, downwards: false))
  }
  func larger(_ other: Interval) -> Interval {
    Interval(lower: max(lower, other.lower), upper: max(upper, other.upper))
  }

  func applying(_ function: ElementwiseFunction, derivative: Int) -> Interval {
    if lower.isNaN || upper.isNaN { return .undefined }
    if function.isLimitedToPositive, lower < 0 { return .undefined }
    if function == .sqrt, derivative == 0 { return squareRoot() }
    switch function.course(derivative: derivative) {
    case .rising: return ends(function, derivative, lower, upper)
    case .falling: return ends(function, derivative, upper, lower)
    case .evenPeak:
      let far = max(-lower, upper)
      let near = isUnsettled ? 0 : min(lower.magnitude, upper.magnitude)
      return ends(function, derivative, far, near)
    case .evenValley:
      let far = max(-lower, upper)
      let near = isUnsettled ? 0 : min(lower.magnitude, upper.magnitude)
      return ends(function, derivative, near, far)
    case .wavy(let bound):
      // Between the values at the middle, as far as the slope's bound allows.
      let middle = approximation
      guard middle.isFinite else { return Interval(lower: -bound.value, upper: bound.value) }
      let value = function.value(derivative: derivative, at: middle)
      let reach = (max(upper - middle, middle - lower) * bound.slope).nextUp.nextUp
      let around = Interval(lower: value - reach, upper: value + reach)
      let slack = 32 * Bounded.unit * bound.value
      return Interval(
        lower: max(around.lower.nextDown - slack, -bound.value),
        upper: min(around.upper.nextUp + slack, bound.value))
    case .unknown: return .undefined
    }
  }

  /// The interval between two values of a function.
  private func ends(
    _ function: ElementwiseFunction, _ derivative: Int, _ low: Double, _ high: Double
  ) -> Interval {
    var (bottom, top) = function.limits(derivative: derivative)
    let below = function.limitingValue(derivative: derivative, at: low)
    let above = function.limitingValue(derivative: derivative, at: high)
    if below.isExact { bottom = max(bottom, below.value) }
    if above.isExact { top = min(top, above.value) }
    var result = Interval(lower: below.value, upper: above.value)
    if !below.isExact { result.lower = Interval(below.value).widened(units: 6).lower }
    if !above.isExact { result.upper = Interval(above.value).widened(units: 6).upper }
    return Interval(lower: max(result.lower, bottom), upper: min(result.upper, top))
  }
  func applying(_ function: DrawnFunction, derivative: Int) -> Interval { .undefined }
}
