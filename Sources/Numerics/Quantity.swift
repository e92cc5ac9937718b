import Expressions

/// What a program can be run over: floating-point numbers, numbers with an error bound, exact
/// fractions, intervals.
protocol Quantity {
  init(_ value: Double)
  init(_ value: Rational)
  var approximation: Double { get }
  /// Whether nothing went wrong on the way: defined, finite, within budget.
  var isSound: Bool { get }
  /// Whether the sign cannot be told.
  var isUnsettled: Bool { get }
  static prefix func - (value: Self) -> Self
  static func + (lhs: Self, rhs: Self) -> Self
  static func - (lhs: Self, rhs: Self) -> Self
  static func * (lhs: Self, rhs: Self) -> Self
  static func / (lhs: Self, rhs: Self) -> Self
  func raised(to exponent: Int) -> Self
  func raised(to exponent: Self) -> Self
  func squareRoot() -> Self
  func larger(_ other: Self) -> Self
  /// a[0] b[0] + a[1] b[stride] + a[2] b[2 stride] + …, of `count` products.
  static func dot(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, count: Int, stride: Int
  ) -> Self
  /// The largest singular value of a matrix of at least two rows and columns, row by row.
  static func largestSingularValue(_ entries: [Self], rows: Int) -> Self
  /// The value of a function of fixed meaning, or of a derivative of it.
  func applying(_ function: ElementwiseFunction, derivative: Int) -> Self
  /// The value of a drawn function, or of a derivative of it.
  func applying(_ function: DrawnFunction, derivative: Int) -> Self
}

extension Quantity {
  @inline(__always)
  static func dot(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, count: Int, stride: Int
  ) -> Self {
    var sum = a[0] * b[0]
    for j in 1..<max(count, 1) { sum = sum + a[j] * b[j * stride] }
    return sum
  }

  static func largestSingularValue(_ entries: [Self], rows: Int) -> Self {
    Self(0.0) / Self(0.0)
  }
}

extension Double: Quantity {
  init(_ value: Rational) { self = value.approximation }
  var approximation: Double { self }
  var isSound: Bool { isFinite }
  var isUnsettled: Bool { self == 0 }

  func raised(to exponent: Int) -> Double {
    var (result, base, rest) = (1.0, self, exponent.magnitude)
    while rest > 0 {
      if rest & 1 == 1 { result *= base }
      rest >>= 1
      if rest > 0 { base *= base }
    }
    return exponent < 0 ? 1 / result : result
  }
  func raised(to exponent: Double) -> Double {
    if self < 0 { return .nan }
    return ElementaryFunctions.pow(self, exponent)
  }
  func larger(_ other: Double) -> Double { self < other ? other : self }
  func applying(_ function: ElementwiseFunction, derivative: Int) -> Double {
    function.value(derivative: derivative, at: self)
  }
  func applying(_ function: DrawnFunction, derivative: Int) -> Double {
    function.value(derivative: derivative, at: self)
  }
}

/// A number and a bound on how far it is from what it stands for (running error analysis, Wilkinson).
struct Bounded: Quantity {
  var value: Double
  var error: Double

  static let unit = 0x1p-53

  init(_ value: Double, error: Double) {
    self.value = value
    self.error = error
  }
  init(_ value: Double) { self.init(value, error: 0) }
  init(_ value: Rational) {
    let nearest = value.approximation
    let isExact = value.isInteger && nearest.magnitude < 0x1p53
    self.init(nearest, error: isExact ? 0 : 4 * Bounded.unit * nearest.magnitude)
  }
  static let undefined = Bounded(.nan)

  var approximation: Double { value }
  var isSound: Bool { value.isFinite && error.isFinite }
  var isUnsettled: Bool { !(value.magnitude > 16 * error) }

  private static func rounded(_ value: Double, _ error: Double, units: Double = 1) -> Bounded {
    Bounded(value, error: error + units * unit * value.magnitude)
  }
  static prefix func - (value: Bounded) -> Bounded { Bounded(-value.value, error: value.error) }
  static func + (lhs: Bounded, rhs: Bounded) -> Bounded {
    rounded(lhs.value + rhs.value, lhs.error + rhs.error)
  }
  static func - (lhs: Bounded, rhs: Bounded) -> Bounded {
    rounded(lhs.value - rhs.value, lhs.error + rhs.error)
  }
  static func * (lhs: Bounded, rhs: Bounded) -> Bounded {
    rounded(
      lhs.value * rhs.value,
      lhs.value.magnitude * rhs.error + rhs.value.magnitude * lhs.error + lhs.error * rhs.error)
  }
  static func / (lhs: Bounded, rhs: Bounded) -> Bounded {
    let room = rhs.value.magnitude - rhs.error
    guard rhs.value.magnitude > 8 * rhs.error else { return .undefined }
    let quotient = lhs.value / rhs.value
    return rounded(quotient, (lhs.error + quotient.magnitude * rhs.error) / room)
  }
  func raised(to exponent: Int) -> Bounded {
    if exponent < 0 { return Bounded(1) / raised(to: -exponent) }
    var (result, base, rest) = (Bounded(1), self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * base }
      rest >>= 1
      if rest > 0 { base = base * base }
    }
    return result
  }
  func raised(to exponent: Bounded) -> Bounded {
    if value == 0, error == 0, exponent.value > 0 { return Bounded(0) }
    guard value > 8 * error else { return .undefined }
    let power = ElementaryFunctions.pow(value, exponent.value)
    let relative =
      exponent.value.magnitude * error / (value - error)
      + exponent.error * ElementaryFunctions.log(value).magnitude
    return Bounded.rounded(power, power.magnitude * relative, units: 2)
  }
  func squareRoot() -> Bounded {
    if value == 0, error == 0 { return self }
    guard value > 8 * error else { return .undefined }
    let root = value.squareRoot()
    return Bounded.rounded(root, error / root)
  }
  func larger(_ other: Bounded) -> Bounded {
    Bounded(value.larger(other.value), error: error.larger(other.error))
  }
  func applying(_ function: ElementwiseFunction, derivative: Int) -> Bounded {
    let result = function.value(derivative: derivative, at: value)
    if function.isLimitedToPositive, !(value > 8 * error), !(error == 0 && result.isFinite) {
      return .undefined
    }
    var propagated = 0.0
    if error > 0 {
      let slope = function.value(derivative: derivative + 1, at: value).magnitude
      let bend = function.value(derivative: derivative + 2, at: value).magnitude
      propagated = 1.5 * error * (slope + bend * error)
    }
    return Bounded.rounded(result, propagated, units: derivative == 0 ? 3 : 8)
  }
  func applying(_ function: DrawnFunction, derivative: Int) -> Bounded {
    let result = function.value(derivative: derivative, at: value)
    let slope = function.value(derivative: derivative + 1, at: value).magnitude
    let bend = function.value(derivative: derivative + 2, at: value).magnitude
    let propagated = 1.5 * error * (slope + bend * error)
    return Bounded.rounded(
      result, propagated + 8 * Bounded.unit * function.magnitude(derivative: derivative))
  }
}
