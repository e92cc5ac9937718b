/// An exact fraction in lowest terms; the denominator is positive.
package struct Rational: Hashable, Sendable {
  package let numerator: BigInteger
  package let denominator: BigInteger

  /// - Precondition: `denominator` is not zero.
  package init(_ numerator: BigInteger, over denominator: BigInteger) {
    precondition(!denominator.isZero, "a fraction without a denominator")
    var divisor = BigInteger.greatestCommonDivisor(numerator, denominator)
    if denominator.signum < 0 { divisor = -divisor }
    self.numerator = numerator.quotientAndRemainder(dividingBy: divisor).quotient
    self.denominator = denominator.quotientAndRemainder(dividingBy: divisor).quotient
  }

  package init(_ value: Int) {
    numerator = BigInteger(value)
    denominator = .one
  }

  package init(_ numerator: Int, over denominator: Int) {
    self.init(BigInteger(numerator), over: BigInteger(denominator))
  }

  package static let zero = Rational(0)
  package static let one = Rational(1)

  package var isZero: Bool { numerator.isZero }
  package var isOne: Bool { self == .one }
  package var isInteger: Bool { denominator == .one }
  package var signum: Int { numerator.signum }
  /// The value if it is a whole number that fits a machine integer.
  package var exactInt: Int? { isInteger ? numerator.exactInt : nil }
  package var approximation: Double { numerator.approximation / denominator.approximation }

  package static prefix func - (value: Rational) -> Rational {
    Rational(-value.numerator, over: value.denominator)
  }
  package static func + (lhs: Rational, rhs: Rational) -> Rational {
    Rational(
      lhs.numerator * rhs.denominator + rhs.numerator * lhs.denominator,
      over: lhs.denominator * rhs.denominator)
  }
  package static func - (lhs: Rational, rhs: Rational) -> Rational { lhs + -rhs }
  package static func * (lhs: Rational, rhs: Rational) -> Rational {
    Rational(lhs.numerator * rhs.numerator, over: lhs.denominator * rhs.denominator)
  }
  /// Nil when the divisor is zero.
  package func divided(by divisor: Rational) -> Rational? {
    divisor.isZero
      ? nil : Rational(numerator * divisor.denominator, over: denominator * divisor.numerator)
  }

  /// Nil for zero to a negative power and for results of more than 4,096 digits of 32 bits.
  package func raised(to exponent: Int) -> Rational? {
    if exponent < 0 { return isZero ? nil : Rational.one.divided(by: self)?.raised(to: -exponent) }
    if isZero || self == .one { return exponent == 0 ? .one : self }
    let size = max(numerator.digitCount, denominator.digitCount)
    guard exponent <= 131_072, size * exponent <= 131_072 else { return nil }
    var (result, base, rest) = (Rational.one, self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * base }
      rest >>= 1
      if rest > 0 { base = base * base }
    }
    return result
  }
}

extension Rational: Comparable {
  package static func < (lhs: Rational, rhs: Rational) -> Bool {
    lhs.numerator * rhs.denominator < rhs.numerator * lhs.denominator
  }
}

extension Rational: CustomStringConvertible {
  package var description: String {
    isInteger ? numerator.description : numerator.description + "/" + denominator.description
  }
}
