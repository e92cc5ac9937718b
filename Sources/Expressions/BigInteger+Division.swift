/// Quotients, remainders and common divisors.
extension BigInteger {
  /// Quotient towards zero, and the remainder with the dividend's sign.
  /// - Precondition: `divisor` is not zero.
  package func quotientAndRemainder(
    dividingBy divisor: BigInteger
  ) -> (quotient: BigInteger, remainder: BigInteger) {
    precondition(!divisor.isZero, "division by zero")
    if let word, let by = divisor.word {
      return (BigInteger(word / by), BigInteger(word % by))
    }
    let (digits, by) = (allDigits, divisor.allDigits)
    if BigInteger.compare(digits, by) < 0 { return (.zero, self) }
    var quotient = [UInt32](repeating: 0, count: digits.count)
    var remainder: [UInt32] = []
    if by.count == 1 {
      let small = UInt64(by[0])
      var rest: UInt64 = 0
      for i in digits.indices.reversed() {
        let value = rest << 32 | UInt64(digits[i])
        quotient[i] = UInt32(truncatingIfNeeded: value / small)
        rest = value % small
      }
      remainder = [UInt32(truncatingIfNeeded: rest)]
    } else {
      (quotient, remainder) = BigInteger.longDivision(digits, by: by)
    }
    return (
      BigInteger(isNegative: signum != divisor.signum, digits: quotient),
      BigInteger(isNegative: signum < 0, digits: remainder)
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

  /// Euclid's algorithm, many steps at once on the leading bits as long as they tell the quotients (Lehmer
  /// 1938); Knuth, *The Art of Computer Programming*, volume 2, section 4.5.2, algorithm L.
  package static func greatestCommonDivisor(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    var (large, small) = (a.magnitude, b.magnitude)
    if large < small { swap(&large, &small) }
    while small.word == nil {
      let (x, y) = (large.allDigits, small.allDigits)
      let steps = EuclideanSteps(x, y)
      if steps.b == 0 {
        (large, small) = (small, large.quotientAndRemainder(dividingBy: small).remainder)
      } else {
        large = BigInteger(isNegative: false, digits: combining(x, y, steps.a, steps.b))
        small = BigInteger(isNegative: false, digits: combining(x, y, steps.c, steps.d))
      }
    }
    if small.isZero { return large }
    let rest = large.quotientAndRemainder(dividingBy: small).remainder
    guard var x = small.word, var y = rest.word else { return small }
    while y != 0 { (x, y) = (y, x % y) }
    return BigInteger(x)
  }

  /// a·x + b·y for factors of opposite signs and a result that is not negative.
  private static func combining(_ x: [UInt32], _ y: [UInt32], _ a: Int, _ b: Int) -> [UInt32] {
    var carry = 0
    return x.indices.map { i in
      let value = a * Int(x[i]) + b * (i < y.count ? Int(y[i]) : 0) + carry
      carry = value >> 32
      return UInt32(truncatingIfNeeded: value)
    }
  }
}

/// What some steps of Euclid's algorithm make of x ≥ y: a·x + b·y and c·x + d·y.
private struct EuclideanSteps {
  private(set) var (a, b, c, d) = (1, 0, 0, 1)

  /// As many as the leading 62 bits tell for certain, with factors of less than 30 bits.
  init(_ x: [UInt32], _ y: [UInt32]) {
    let shift = (x.last ?? 0).leadingZeroBitCount
    /// The bits at the places of the first 62 of x.
    func leading(_ digits: [UInt32]) -> Int {
      var bits: UInt64 = 0
      for place in (x.count - 3..<x.count).reversed() {
        let digit = digits.indices.contains(place) ? UInt64(digits[place]) : 0
        switch x.count - 1 - place {
        case 0: bits |= digit << (32 + UInt64(shift))
        case 1: bits |= digit << UInt64(shift)
        default: bits |= digit >> (32 - UInt64(shift))
        }
      }
      return Int(bits >> 2)
    }
    var (high, low) = (leading(x), leading(y))
    while low + c != 0, low + d != 0 {
      let quotient = (high + a) / (low + c)
      guard quotient == (high + b) / (low + d), quotient < 1 << 30 else { return }
      let (next, last) = (a - quotient * c, b - quotient * d)
      guard max(next.magnitude, last.magnitude) < 1 << 30 else { return }
      (a, b, c, d) = (c, d, next, last)
      (high, low) = (low, high - quotient * low)
    }
  }
}
