/// An integer of any size: sign and magnitude, 32 bits a digit, least significant first.
package struct BigInteger: Hashable, Sendable {
  private var isNegative: Bool
  /// Without leading zeros; empty for zero.
  private var digits: [UInt32]

  private init(isNegative: Bool, digits: [UInt32]) {
    var digits = digits
    while digits.last == 0 { digits.removeLast() }
    self.digits = digits
    self.isNegative = isNegative && !digits.isEmpty
  }

  package init(_ value: Int) {
    var rest = UInt64(value.magnitude)
    var digits: [UInt32] = []
    while rest > 0 {
      digits.append(UInt32(truncatingIfNeeded: rest))
      rest >>= 32
    }
    self.init(isNegative: value < 0, digits: digits)
  }

  package static let zero = BigInteger(0)
  package static let one = BigInteger(1)

  package var isZero: Bool { digits.isEmpty }
  package var signum: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }
  package var isOdd: Bool { (digits.first ?? 0) & 1 == 1 }
  package var magnitude: BigInteger { BigInteger(isNegative: false, digits: digits) }
  /// The number of 32-bit digits; a measure of size for those who set a budget.
  package var digitCount: Int { digits.count }

  /// The value if it fits a machine integer.
  package var exactInt: Int? {
    guard digits.count <= 2 else { return nil }
    var magnitude: UInt64 = 0
    for digit in digits.reversed() { magnitude = magnitude << 32 | UInt64(digit) }
    if isNegative, magnitude == UInt64(Int.min.magnitude) { return Int.min }
    guard let value = Int(exactly: magnitude) else { return nil }
    return isNegative ? -value : value
  }

  /// The nearest floating-point number up to a few units in the last place; infinite if too large.
  package var approximation: Double {
    var value = 0.0
    for digit in digits.reversed() { value = value * 4_294_967_296 + Double(digit) }
    return isNegative ? -value : value
  }

  package static prefix func - (value: BigInteger) -> BigInteger {
    BigInteger(isNegative: !value.isNegative, digits: value.digits)
  }

  package static func + (lhs: BigInteger, rhs: BigInteger) -> BigInteger {
    if lhs.isNegative == rhs.isNegative {
      return BigInteger(isNegative: lhs.isNegative, digits: adding(lhs.digits, rhs.digits))
    }
    switch compare(lhs.digits, rhs.digits) {
    case 0: return .zero
    case 1:
      return BigInteger(
        isNegative: lhs.isNegative, digits: subtracting(lhs.digits, rhs.digits))
    default:
      return BigInteger(
        isNegative: rhs.isNegative, digits: subtracting(rhs.digits, lhs.digits))
    }
  }

  package static func - (lhs: BigInteger, rhs: BigInteger) -> BigInteger { lhs + -rhs }

  /// Schoolbook multiplication, O(n·m) digits.
  package static func * (lhs: BigInteger, rhs: BigInteger) -> BigInteger {
    guard !lhs.isZero, !rhs.isZero else { return .zero }
    var product = [UInt32](repeating: 0, count: lhs.digits.count + rhs.digits.count)
    for (i, a) in lhs.digits.enumerated() {
      var carry: UInt64 = 0
      for (j, b) in rhs.digits.enumerated() {
        let sum = UInt64(a) * UInt64(b) + UInt64(product[i + j]) + carry
        product[i + j] = UInt32(truncatingIfNeeded: sum)
        carry = sum >> 32
      }
      product[i + rhs.digits.count] = UInt32(truncatingIfNeeded: carry)
    }
    return BigInteger(isNegative: lhs.isNegative != rhs.isNegative, digits: product)
  }

  /// Quotient towards zero, and the remainder with the dividend's sign.
  /// - Precondition: `divisor` is not zero.
  package func quotientAndRemainder(
    dividingBy divisor: BigInteger
  ) -> (quotient: BigInteger, remainder: BigInteger) {
    precondition(!divisor.isZero, "division by zero")
    if BigInteger.compare(digits, divisor.digits) < 0 { return (.zero, self) }
    var quotient = [UInt32](repeating: 0, count: digits.count)
    var remainder: [UInt32] = []
    if divisor.digits.count == 1 {
      let small = UInt64(divisor.digits[0])
      var rest: UInt64 = 0
      for i in digits.indices.reversed() {
        let value = rest << 32 | UInt64(digits[i])
        quotient[i] = UInt32(truncatingIfNeeded: value / small)
        rest = value % small
      }
      remainder = [UInt32(truncatingIfNeeded: rest)]
    } else {
      (quotient, remainder) = BigInteger.longDivision(digits, by: divisor.digits)
    }
    return (
      BigInteger(isNegative: isNegative != divisor.isNegative, digits: quotient),
      BigInteger(isNegative: isNegative, digits: remainder)
    )
  }

  /// Digit by digit; Knuth, *The Art of Computer Programming*, volume 2, section 4.3.1, algorithm D.
  /// - Precondition: the divisor has at least two digits, and no more than the dividend.
  private static func longDivision(
    _ dividend: [UInt32], by divisor: [UInt32]
  ) -> (quotient: [UInt32], remainder: [UInt32]) {
    let n = divisor.count
    let shift = UInt64(divisor[n - 1].leadingZeroBitCount)
    func shifted(_ digits: [UInt32]) -> [UInt32] {
      var carry: UInt64 = 0
      return (digits + [0]).map { digit in
        let value = UInt64(digit) << shift | carry
        carry = value >> 32
        return UInt32(truncatingIfNeeded: value)
      }
    }
    var rest = shifted(dividend)
    let by = shifted(divisor)
    let (first, second) = (UInt64(by[n - 1]), UInt64(by[n - 2]))
    var quotient = [UInt32](repeating: 0, count: rest.count - n)
    for j in quotient.indices.reversed() {
      let top = UInt64(rest[j + n]) << 32 | UInt64(rest[j + n - 1])
      var (guess, left) = top.quotientAndRemainder(dividingBy: first)
      while guess >> 32 != 0 || guess * second > left << 32 | UInt64(rest[j + n - 2]) {
        guess -= 1
        left += first
        if left >> 32 != 0 { break }
      }
      var borrow: Int64 = 0
      var carry: UInt64 = 0
      for i in 0...n {
        let product = guess * UInt64(i < n ? by[i] : 0) + carry
        carry = product >> 32
        let value = Int64(rest[i + j]) - Int64(product & 0xFFFF_FFFF) + borrow
        rest[i + j] = UInt32(truncatingIfNeeded: value)
        borrow = value >> 32
      }
      if borrow < 0 {
        guess -= 1
        carry = 0
        for i in 0...n {
          let value = UInt64(rest[i + j]) + UInt64(i < n ? by[i] : 0) + carry
          rest[i + j] = UInt32(truncatingIfNeeded: value)
          carry = value >> 32
        }
      }
      quotient[j] = UInt32(truncatingIfNeeded: guess)
    }
    var remainder = [UInt32](repeating: 0, count: n)
    for i in 0..<n {
      let value = UInt64(rest[i]) | UInt64(rest[i + 1]) << 32
      remainder[i] = UInt32(truncatingIfNeeded: value >> shift)
    }
    return (quotient, remainder)
  }

  package static func greatestCommonDivisor(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    var (a, b) = (a.magnitude, b.magnitude)
    while !b.isZero { (a, b) = (b, a.quotientAndRemainder(dividingBy: b).remainder) }
    return a
  }

  private static func compare(_ lhs: [UInt32], _ rhs: [UInt32]) -> Int {
    if lhs.count != rhs.count { return lhs.count < rhs.count ? -1 : 1 }
    for i in lhs.indices.reversed() where lhs[i] != rhs[i] { return lhs[i] < rhs[i] ? -1 : 1 }
    return 0
  }

  private static func adding(_ lhs: [UInt32], _ rhs: [UInt32]) -> [UInt32] {
    var sum: [UInt32] = []
    var carry: UInt64 = 0
    for i in 0..<max(lhs.count, rhs.count) {
      let value =
        (i < lhs.count ? UInt64(lhs[i]) : 0) + (i < rhs.count ? UInt64(rhs[i]) : 0) + carry
      sum.append(UInt32(truncatingIfNeeded: value))
      carry = value >> 32
    }
    if carry > 0 { sum.append(UInt32(carry)) }
    return sum
  }

  /// - Precondition: `lhs` is at least `rhs`.
  private static func subtracting(_ lhs: [UInt32], _ rhs: [UInt32]) -> [UInt32] {
    var difference: [UInt32] = []
    var borrow: Int64 = 0
    for i in lhs.indices {
      var value = Int64(lhs[i]) - (i < rhs.count ? Int64(rhs[i]) : 0) - borrow
      borrow = value < 0 ? 1 : 0
      if value < 0 { value += 4_294_967_296 }
      difference.append(UInt32(value))
    }
    return difference
  }
}

extension BigInteger: Comparable {
  package static func < (lhs: BigInteger, rhs: BigInteger) -> Bool {
    if lhs.isNegative != rhs.isNegative { return lhs.isNegative }
    let order = compare(lhs.digits, rhs.digits)
    return lhs.isNegative ? order > 0 : order < 0
  }
}

extension BigInteger: CustomStringConvertible {
  /// Decimal digits, with a minus sign if negative.
  package var description: String {
    if isZero { return "0" }
    var parts: [UInt32] = []
    var rest = magnitude
    let billion = BigInteger(1_000_000_000)
    while !rest.isZero {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: billion)
      parts.append(remainder.digits.first ?? 0)
      rest = quotient
    }
    var text = isNegative ? "-" : ""
    text += "\(parts[parts.count - 1])"
    for part in parts.dropLast().reversed() {
      let digits = "\(part)"
      text += String(repeating: "0", count: 9 - digits.utf8.count) + digits
    }
    return text
  }
}
