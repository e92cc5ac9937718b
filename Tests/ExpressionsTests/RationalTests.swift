import Testing

@testable import Expressions

@Test(
  "a fraction is kept in lowest terms with a positive denominator",
  arguments: [
    (2, 4, "1/2"), (-2, 4, "-1/2"), (2, -4, "-1/2"), (-2, -4, "1/2"), (6, 3, "2"), (0, -7, "0"),
    (5, 1, "5"),
  ])
func lowestTerms(numerator: Int, denominator: Int, text: String) {
  #expect(Rational(numerator, over: denominator).description == text)
}

@Test(
  "sums and products of fractions",
  arguments: [
    (1, 2, 1, 3, "5/6", "1/6", "1/6", "3/2"), (1, 2, 1, 2, "1", "0", "1/4", "1"),
    (-3, 4, 3, 4, "0", "-3/2", "-9/16", "-1"),
  ])
func fractions(
  a: Int, b: Int, c: Int, d: Int, sum: String, difference: String, product: String,
  quotient: String
) {
  let (x, y) = (Rational(a, over: b), Rational(c, over: d))
  #expect((x + y).description == sum)
  #expect((x - y).description == difference)
  #expect((x * y).description == product)
  #expect(x.divided(by: y)?.description == quotient)
}

@Test("nothing is divided by zero")
func divisionByZero() {
  #expect(Rational(1).divided(by: .zero) == nil)
  #expect(Rational.zero.divided(by: Rational(2)) == .zero)
}

@Test(
  "powers",
  arguments: [
    (2, 3, 3, "8/27"), (2, 3, -2, "9/4"), (2, 3, 0, "1"), (-1, 2, 5, "-1/32"), (-1, 1, 7, "-1"),
    (-1, 1, -7, "-1"), (0, 1, 0, "1"), (0, 1, 4, "0"), (10, 1, 20, "100000000000000000000"),
    (1, 1, 1_000_000_000, "1"),
  ])
func powers(numerator: Int, denominator: Int, exponent: Int, text: String) {
  #expect(
    Rational(numerator, over: denominator).raised(to: exponent)?.description == text)
}

@Test("powers that are undefined or beyond the budget are refused")
func refusedPowers() {
  #expect(Rational.zero.raised(to: -1) == nil)
  #expect(Rational(2).raised(to: 1_000_000_000) == nil)
  #expect(Rational(1, over: 3).raised(to: -200_000) == nil)
}

@Test("a power is a repeated product", arguments: 0..<30)
func repeatedProduct(seed: Int) {
  var source = RandomSource(seed: UInt64(seed))
  let base = source.rational()
  let exponent = source.below(9)
  var product = Rational.one
  for _ in 0..<exponent { product = product * base }
  #expect(base.raised(to: exponent) == product)
}

@Test("fractions obey the laws of a field and of order", arguments: 0..<60)
func field(seed: Int) {
  var source = RandomSource(seed: UInt64(seed))
  let (a, b, c) = (source.rational(), source.rational(), source.rational())
  #expect((a + b) + c == a + (b + c))
  #expect(a * (b + c) == a * b + a * c)
  #expect(a - a == .zero)
  if !b.isZero { #expect(a.divided(by: b).map { $0 * b } == a) }
  #expect((a < b) == ((b - a).signum > 0))
  if a < b, b < c { #expect(a < c) }
}

@Test("the value of a whole number is a machine integer where it fits")
func wholeNumbers() {
  #expect(Rational(6, over: 3).exactInt == 2)
  #expect(Rational(1, over: 2).exactInt == nil)
  #expect((Rational(Int.max) + .one).exactInt == nil)
  #expect(Rational(1, over: 4).approximation == 0.25)
}
