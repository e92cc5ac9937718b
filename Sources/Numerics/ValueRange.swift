import Expressions

/// The numbers that an expression's entries can be.
///
/// The ends are always sound. An end that is not attained is not reached either where the range is
/// only an enclosure; one that is attained is known to be reached only where `isTight` holds.
package struct ValueRange: Hashable, Sendable {
  package var lower: Double
  package var upper: Double
  package var lowerIsAttained: Bool
  package var upperIsAttained: Bool
  /// Whether the ends are the infimum and the supremum, attained exactly where it is said.
  package var isTight: Bool

  package init(
    lower: Double, upper: Double, lowerIsAttained: Bool = true, upperIsAttained: Bool = true,
    isTight: Bool = true
  ) {
    self.lower = lower
    self.upper = upper
    self.lowerIsAttained = lowerIsAttained && lower > -.infinity
    self.upperIsAttained = upperIsAttained && upper < .infinity
    self.isTight = isTight
  }

  package static let reals = ValueRange(lower: -.infinity, upper: .infinity)
  package static func point(_ value: Double) -> ValueRange {
    ValueRange(lower: value, upper: value)
  }

  /// Whether all values lie in the other range.
  package func isContained(in other: ValueRange) -> Bool {
    (lower > other.lower || lower == other.lower && (other.lowerIsAttained || !lowerIsAttained))
      && (upper < other.upper
        || upper == other.upper && (other.upperIsAttained || !upperIsAttained))
  }
  package var isPositive: Bool { lower > 0 || lower == 0 && !lowerIsAttained }
  package var isNegative: Bool { upper < 0 || upper == 0 && !upperIsAttained }

  /// The same as an enclosure only.
  var loosened: ValueRange {
    var result = self
    result.isTight = false
    return result
  }
  var isReals: Bool { lower == -.infinity && upper == .infinity }
  var isZero: Bool { lower == 0 && upper == 0 }
  func contains(_ value: Double) -> Bool {
    (lower < value || lower == value && lowerIsAttained)
      && (value < upper || value == upper && upperIsAttained)
  }
}

extension ValueRange {
  static prefix func - (range: ValueRange) -> ValueRange {
    ValueRange(
      lower: -range.upper, upper: -range.lower, lowerIsAttained: range.upperIsAttained,
      upperIsAttained: range.lowerIsAttained, isTight: range.isTight)
  }

  /// Of independent quantities; tight if both are.
  static func + (lhs: ValueRange, rhs: ValueRange) -> ValueRange {
    ValueRange(
      lower: Interval.sum(lhs.lower, rhs.lower, downwards: true),
      upper: Interval.sum(lhs.upper, rhs.upper, downwards: false),
      lowerIsAttained: lhs.lowerIsAttained && rhs.lowerIsAttained,
      upperIsAttained: lhs.upperIsAttained && rhs.upperIsAttained,
      isTight: lhs.isTight && rhs.isTight)
  }

  /// Of independent quantities; tight if both are.
  static func * (lhs: ValueRange, rhs: ValueRange) -> ValueRange {
    if lhs.isZero || rhs.isZero {
      var zero = ValueRange.point(0)
      zero.isTight = lhs.isTight && rhs.isTight
      return zero
    }
    var result = ValueRange(
      lower: .infinity, upper: -.infinity, isTight: lhs.isTight && rhs.isTight)
    for (a, aIsAttained) in lhs.ends {
      for (b, bIsAttained) in rhs.ends {
        let low = Interval.product(a, b, downwards: true)
        let high = Interval.product(a, b, downwards: false)
        // Zero is reached by one factor alone, at whatever value of the other.
        let isAttained =
          low == 0 && high == 0
          ? a == 0 && aIsAttained || b == 0 && bIsAttained : aIsAttained && bIsAttained
        result.lowerIsAttained = result.join(
          low < result.lower, low == result.lower, result.lowerIsAttained, isAttained)
        result.lower = min(result.lower, low)
        result.upperIsAttained = result.join(
          high > result.upper, high == result.upper, result.upperIsAttained, isAttained)
        result.upper = max(result.upper, high)
      }
    }
    return result
  }

  private var ends: [(Double, Bool)] { [(lower, lowerIsAttained), (upper, upperIsAttained)] }
  private func join(_ isBetter: Bool, _ isEqual: Bool, _ former: Bool, _ new: Bool) -> Bool {
    isBetter ? new : isEqual ? former || new : former
  }

  /// 1/x; the reals if zero may be reached or approached from both sides.
  var reciprocal: ValueRange {
    func inverse(_ value: Double, _ fallback: Double, downwards: Bool) -> Double {
      if value == 0 { return fallback }
      if value.magnitude == .infinity { return 0 }
      let quotient = Interval(1.0) / Interval(value)
      return downwards ? quotient.lower : quotient.upper
    }
    if isPositive {
      return ValueRange(
        lower: inverse(upper, .infinity, downwards: true),
        upper: inverse(lower, .infinity, downwards: false),
        lowerIsAttained: upperIsAttained && upper < .infinity, upperIsAttained: lowerIsAttained,
        isTight: isTight)
    }
    if isNegative { return -(-self).reciprocal }
    return ValueRange.reals.loosened
  }

  /// The value of a rising function.
  func mapping(
    isTight keeps: Bool = true, _ function: (Interval) -> Interval
  ) -> ValueRange {
    ValueRange(
      lower: function(Interval(lower)).lower, upper: function(Interval(upper)).upper,
      lowerIsAttained: lowerIsAttained, upperIsAttained: upperIsAttained,
      isTight: isTight && keeps)
  }

  package static func - (lhs: ValueRange, rhs: ValueRange) -> ValueRange { lhs + -rhs }

  /// What lies in both.
  package func intersection(_ other: ValueRange) -> ValueRange {
    let bottom = larger(other)
    let top = (-self).larger(-other)
    return ValueRange(
      lower: bottom.lower, upper: -top.lower,
      lowerIsAttained: bottom.lowerIsAttained, upperIsAttained: top.lowerIsAttained,
      isTight: isTight && other.isTight)
  }

  func raised(to exponent: Int) -> ValueRange {
    if exponent == 0 { return .point(1) }
    if exponent < 0 { return raised(to: -exponent).reciprocal }
    if exponent % 2 == 1 { return mapping { $0.raised(to: exponent) } }
    return magnitude.mapping { $0.raised(to: exponent) }
  }

  /// |x|.
  var magnitude: ValueRange {
    if lower >= 0 { return self }
    if upper <= 0 { return -self }
    let negated = -lower
    if negated > upper {
      return ValueRange(
        lower: 0, upper: negated, upperIsAttained: lowerIsAttained, isTight: isTight)
    }
    return ValueRange(
      lower: 0, upper: upper,
      upperIsAttained: upperIsAttained || negated == upper && lowerIsAttained, isTight: isTight)
  }

  func larger(_ other: ValueRange) -> ValueRange {
    func end(_ a: (Double, Bool), _ b: (Double, Bool), isLower: Bool) -> (Double, Bool) {
      if a.0 != b.0 { return a.0 > b.0 ? a : b }
      return (a.0, isLower ? a.1 && b.1 : a.1 || b.1)
    }
    let low = end((lower, lowerIsAttained), (other.lower, other.lowerIsAttained), isLower: true)
    let high = end((upper, upperIsAttained), (other.upper, other.upperIsAttained), isLower: false)
    return ValueRange(
      lower: low.0, upper: high.0, lowerIsAttained: low.1, upperIsAttained: high.1,
      isTight: isTight && other.isTight)
  }

  /// Everything in either.
  func union(_ other: ValueRange) -> ValueRange {
    let top = larger(other)
    let bottom = (-self).larger(-other)
    return ValueRange(
      lower: -bottom.upper, upper: top.upper, lowerIsAttained: bottom.upperIsAttained,
      upperIsAttained: top.upperIsAttained, isTight: top.isTight)
  }

  /// A function by its course; nil where nothing is known of it.
  func applying(_ function: ElementwiseFunction, derivative: Int) -> ValueRange? {
    func value(_ x: Double, attained: Bool) -> (Interval, Bool) {
      let limit = function.limitingValue(derivative: derivative, at: x)
      var interval = Interval(limit.value)
      if !limit.isExact { interval = interval.widened(units: 6) }
      let (bottom, top) = function.limits(derivative: derivative)
      interval.lower = max(interval.lower, bottom)
      interval.upper = min(interval.upper, top)
      return (interval, attained)
    }
    if function.isLimitedToPositive, lower < 0 {
      // Where the function is defined.
      var rest = self
      rest.lower = 0
      rest.lowerIsAttained = contains(0)
      return rest.applying(function, derivative: derivative)?.loosened
    }
    var range: ValueRange
    switch function.course(derivative: derivative) {
    case .rising, .falling:
      let isRising: Bool
      if case .rising = function.course(derivative: derivative) {
        isRising = true
      } else {
        isRising = false
      }
      let (low, lowIsAttained) = value(
        isRising ? lower : upper, attained: isRising ? lowerIsAttained : upperIsAttained)
      let (high, highIsAttained) = value(
        isRising ? upper : lower, attained: isRising ? upperIsAttained : lowerIsAttained)
      range = ValueRange(
        lower: low.lower, upper: high.upper, lowerIsAttained: lowIsAttained,
        upperIsAttained: highIsAttained, isTight: isTight)
      if function.hasKink, !(function == .absolute && derivative == 0) {
        // Constant stretches are attained.
        range.lowerIsAttained = range.lower > -.infinity
        range.upperIsAttained = range.upper < .infinity
        if function == .relu, derivative == 0, lower >= 0 {
          range.lowerIsAttained = lowerIsAttained
        }
        if function == .relu, derivative == 0, upper > 0 { range.upperIsAttained = upperIsAttained }
      }
      return range
    case .evenPeak, .evenValley:
      let size = magnitude
      let near = value(size.lower, attained: size.lowerIsAttained)
      let far = value(size.upper, attained: size.upperIsAttained)
      if case .evenPeak = function.course(derivative: derivative) {
        return ValueRange(
          lower: far.0.lower, upper: near.0.upper, lowerIsAttained: far.1,
          upperIsAttained: near.1, isTight: isTight)
      }
      return ValueRange(
        lower: near.0.lower, upper: far.0.upper, lowerIsAttained: near.1,
        upperIsAttained: far.1, isTight: isTight)
    case .wavy(let bound):
      if case .sin = function, upper - lower >= 6.2831853072 { return .init(lower: -1, upper: 1) }
      if case .cos = function, upper - lower >= 6.2831853072 { return .init(lower: -1, upper: 1) }
      if isReals { return ValueRange(lower: -bound.value, upper: bound.value, isTight: false) }
      let enclosed = Interval(lower: lower, upper: upper).applying(
        function, derivative: derivative)
      if enclosed.lower.isNaN { return nil }
      return ValueRange(lower: enclosed.lower, upper: enclosed.upper, isTight: false)
    case .unknown: return nil
    }
  }
}
