/// An integer of any size: a machine word, or sign and magnitude, 32 bits a digit, least significant
/// first, where its magnitude does not fit one.
package struct BigInteger: Hashable, Sendable {
  /// The value where `digits` is empty; never the least machine integer, which has no negative.
  private var small: Int
  /// Without leading zeros.
  private var digits: [UInt32]
  private var isNegative: Bool

  init(isNegative: Bool, digits: [UInt32]) {
    var digits = digits
    while digits.last == 0 { digits.removeLast() }
    if digits.count <= 2 {
      let high = digits.count == 2 ? UInt64(digits[1]) << 32 : 0
      if let magnitude = Int(exactly: high | UInt64(digits.first ?? 0)) {
        self.init(word: isNegative ? -magnitude : magnitude)
        return
      }
    }
    self.init(small: 0, digits: digits, isNegative: isNegative)
  }

  private init(word: Int) { self.init(small: word, digits: [], isNegative: false) }

  private init(small: Int, digits: [UInt32], isNegative: Bool) {
    self.small = small
    self.digits = digits
    self.isNegative = isNegative
  }

  package init(_ value: Int) {
    if value == Int.min {
      self.init(isNegative: true, digits: [0, 1 << 31])
    } else {
      self.init(word: value)
    }
  }

  package static let zero = BigInteger(0)
  package static let one = BigInteger(1)

  private var isSmall: Bool { digits.isEmpty }
  package var isZero: Bool { isSmall && small == 0 }
  package var signum: Int { isSmall ? small.signum() : isNegative ? -1 : 1 }
  package var isOdd: Bool { isSmall ? small & 1 != 0 : digits[0] & 1 != 0 }
  package var magnitude: BigInteger {
    isSmall ? BigInteger(word: abs(small)) : BigInteger(isNegative: false, digits: digits)
  }
  /// The number of 32-bit digits; a measure of size for those who set a budget.
  package var digitCount: Int {
    isSmall ? (small == 0 ? 0 : small.magnitude >> 32 == 0 ? 1 : 2) : digits.count
  }

  /// The value if it fits a machine integer.
  package var exactInt: Int? {
    isSmall ? small : isNegative && digits == [0, 1 << 31] ? Int.min : nil
  }

  /// The nearest floating-point number up to a few units in the last place; infinite if too large.
  package var approximation: Double {
    var value = 0.0
    for digit in allDigits.reversed() { value = value * 4_294_967_296 + Double(digit) }
    return signum < 0 ? -value : value
  }

  /// The magnitude in 32-bit digits, least significant first; empty for zero.
  var allDigits: [UInt32] {
    if !isSmall { return digits }
    let low = UInt32(truncatingIfNeeded: small.magnitude)
    let high = UInt32(truncatingIfNeeded: small.magnitude >> 32)
    return high != 0 ? [low, high] : low != 0 ? [low] : []
  }

  /// The value if it is stored in a machine word.
  var word: Int? { isSmall ? small : nil }

  package static prefix func - (value: BigInteger) -> BigInteger {
    value.isSmall
      ? BigInteger(word: -value.small)
      : BigInteger(isNegative: !value.isNegative, digits: value.digits)
  }

  package static func + (lhs: BigInteger, rhs: BigInteger) -> BigInteger {
    if lhs.isSmall, rhs.isSmall {
      let (sum, isOver) = lhs.small.addingReportingOverflow(rhs.small)
      if !isOver { return BigInteger(sum) }
    }
    let (a, b) = (lhs.allDigits, rhs.allDigits)
    let isNegative = lhs.signum < 0
    if isNegative == (rhs.signum < 0) {
      return BigInteger(isNegative: isNegative, digits: adding(a, b))
    }
    return compare(a, b) < 0
      ? BigInteger(isNegative: !isNegative, digits: subtracting(b, a))
      : BigInteger(isNegative: isNegative, digits: subtracting(a, b))
  }

  package static func - (lhs: BigInteger, rhs: BigInteger) -> BigInteger { lhs + -rhs }

  /// Schoolbook multiplication, O(n·m) digits.
  package static func * (lhs: BigInteger, rhs: BigInteger) -> BigInteger {
    if lhs.isSmall, rhs.isSmall {
      let (product, isOver) = lhs.small.multipliedReportingOverflow(by: rhs.small)
      if !isOver { return BigInteger(product) }
    }
    let (a, b) = (lhs.allDigits, rhs.allDigits)
    var product = [UInt32](repeating: 0, count: a.count + b.count)
    for i in a.indices {
      var carry: UInt64 = 0
      for j in b.indices {
        let sum = UInt64(a[i]) * UInt64(b[j]) + UInt64(product[i + j]) + carry
        product[i + j] = UInt32(truncatingIfNeeded: sum)
        carry = sum >> 32
      }
      product[i + b.count] = UInt32(truncatingIfNeeded: carry)
    }
    return BigInteger(isNegative: lhs.signum * rhs.signum < 0, digits: product)
  }

  static func compare(_ lhs: [UInt32], _ rhs: [UInt32]) -> Int {
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
    if lhs.isSmall, rhs.isSmall { return lhs.small < rhs.small }
    if lhs.signum != rhs.signum { return lhs.signum < rhs.signum }
    let order = compare(lhs.allDigits, rhs.allDigits)
    return lhs.signum < 0 ? order > 0 : order < 0
  }
}

extension BigInteger: CustomStringConvertible {
  /// Decimal digits, with a minus sign if negative.
  package var description: String {
    if isSmall { return "\(small)" }
    var parts: [UInt32] = []
    var rest = magnitude
    let billion = BigInteger(1_000_000_000)
    while !rest.isZero {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: billion)
      parts.append(UInt32(remainder.small))
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
