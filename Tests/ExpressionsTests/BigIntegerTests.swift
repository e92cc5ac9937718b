import Testing

@testable import Expressions

/// 2 to the power given.
private func power(_ exponent: Int) -> BigInteger {
  var result = BigInteger.one
  for _ in 0..<exponent { result = result + result }
  return result
}

@Test(
  "an integer is printed as its decimal digits",
  arguments: [
    (0, "0"), (7, "7"), (-7, "-7"), (1_000_000_000, "1000000000"), (-2_000_000_001, "-2000000001"),
    (Int.max, "9223372036854775807"), (Int.min, "-9223372036854775808"),
  ])
func integerDescription(value: Int, text: String) {
  #expect(BigInteger(value).description == text)
}

@Test(
  "powers of two are exact beyond machine integers",
  arguments: [
    (64, "18446744073709551616"), (96, "79228162514264337593543950336"),
    (128, "340282366920938463463374607431768211456"),
  ])
func powersOfTwo(exponent: Int, text: String) {
  #expect(power(exponent).description == text)
}

@Test("the product of the largest machine integers does not overflow")
func largeProduct() {
  let square = BigInteger(Int.max) * BigInteger(Int.max)
  #expect(square.description == "85070591730234615847396907784232501249")
  #expect(square.exactInt == nil)
  #expect((BigInteger(Int.max) + .one).exactInt == nil)
  #expect((BigInteger(Int.min) + .one).exactInt == -Int.max)
}

@Test(
  "a machine integer comes back as itself", arguments: [0, 1, -1, 4_294_967_296, Int.max, -Int.max])
func exactIntegers(value: Int) {
  #expect(BigInteger(value).exactInt == value)
}

@Test(
  "division truncates towards zero and the remainder has the dividend's sign",
  arguments: [(7, 2), (-7, 2), (7, -2), (-7, -2), (6, 3), (0, 5), (2, 7), (Int.max, 1_000_003)])
func division(dividend: Int, divisor: Int) {
  let (quotient, remainder) = BigInteger(dividend).quotientAndRemainder(
    dividingBy: BigInteger(divisor))
  #expect(quotient == BigInteger(dividend / divisor))
  #expect(remainder == BigInteger(dividend % divisor))
}

@Test("quotient times divisor plus remainder is the dividend", arguments: 0..<60)
func longDivision(seed: Int) {
  var source = RandomSource(seed: UInt64(seed))
  let dividend = source.integer(digits: 1 + source.below(6))
  let divisor = source.integer(digits: 1 + source.below(4))
  if divisor.isZero { return }
  let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  #expect(quotient * divisor + remainder == dividend)
  #expect(remainder.magnitude < divisor.magnitude)
}

@Test("sums, differences and products obey the laws of a ring", arguments: 0..<60)
func ring(seed: Int) {
  var source = RandomSource(seed: UInt64(seed))
  let a = source.integer(digits: 1 + source.below(5))
  let b = source.integer(digits: 1 + source.below(5))
  let c = source.integer(digits: 1 + source.below(5))
  #expect(a + b == b + a)
  #expect((a + b) + c == a + (b + c))
  #expect(a * b == b * a)
  #expect((a * b) * c == a * (b * c))
  #expect(a * (b + c) == a * b + a * c)
  #expect((a - b) + b == a)
  #expect((a < b) == ((a - b).signum < 0))
}

@Test("small sums and products agree with machine integers")
func smallIntegers() {
  for a in -6...6 {
    for b in -6...6 {
      #expect(BigInteger(a) + BigInteger(b) == BigInteger(a + b))
      #expect(BigInteger(a) - BigInteger(b) == BigInteger(a - b))
      #expect(BigInteger(a) * BigInteger(b) == BigInteger(a * b))
      #expect((BigInteger(a) < BigInteger(b)) == (a < b))
    }
  }
}

@Test(
  "the greatest common divisor is positive",
  arguments: [(12, 18, 6), (-12, 18, 6), (12, -18, 6), (0, 5, 5), (5, 0, 5), (0, 0, 0), (7, 13, 1)])
func commonDivisor(a: Int, b: Int, divisor: Int) {
  #expect(BigInteger.greatestCommonDivisor(BigInteger(a), BigInteger(b)) == BigInteger(divisor))
}

@Test("the approximation of a large power of two is exact")
func approximation() {
  #expect(power(200).approximation == 0x1p200)
  #expect((-power(90)).approximation == -0x1p90)
  #expect(power(2000).approximation == .infinity)
}

@Test("zero has no sign")
func zero() {
  #expect(-BigInteger.zero == .zero)
  #expect(BigInteger(3) - BigInteger(3) == .zero)
  #expect(BigInteger(-3) * .zero == .zero)
  #expect(BigInteger.zero.signum == 0)
  #expect(!BigInteger.zero.isOdd)
  #expect(BigInteger(-3).isOdd)
}

@Test("long division is right at the ends of the digits")
func longDivisionAtDigitEnds() {
  let base = BigInteger(1 << 32)
  let ends = [0, 1, 1 << 31, (1 << 32) - 1].map { BigInteger($0) }
  func numbers(digits: Int) -> [BigInteger] {
    (0..<digits).reduce([.zero]) { found, _ in
      found.flatMap { higher in ends.map { higher * base + $0 } }
    }
  }
  let dividends = numbers(digits: 4)
  for divisor in numbers(digits: 3) where !divisor.isZero {
    for dividend in dividends {
      let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
      #expect(quotient * divisor + remainder == dividend)
      #expect(remainder < divisor)
    }
  }
}

@Test("the greatest common divisor of long numbers is that of plain Euclid", arguments: 0..<120)
func commonDivisors(seed: Int) {
  var source = RandomSource(seed: UInt64(seed))
  let common = source.integer(digits: 1 + source.below(4))
  let a = common * source.integer(digits: 1 + source.below(12))
  let b = common * source.integer(digits: 1 + source.below(12))
  var (x, y) = (a.magnitude, b.magnitude)
  while !y.isZero { (x, y) = (y, x.quotientAndRemainder(dividingBy: y).remainder) }
  #expect(BigInteger.greatestCommonDivisor(a, b) == x)
}

@Test("neighbouring Fibonacci numbers, the worst case of Euclid, have nothing in common")
func fibonacci() {
  var (a, b) = (BigInteger.one, BigInteger.one)
  for _ in 0..<900 { (a, b) = (b, a + b) }
  #expect(BigInteger.greatestCommonDivisor(a, b) == .one)
  #expect(BigInteger.greatestCommonDivisor(a * b, b * b) == b)
}
