@testable import Expressions

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers for the same seed everywhere.
struct RandomSource {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// Of so many digits of 32 bits; every fourth digit is zero, every fourth all ones.
  mutating func integer(digits: Int) -> BigInteger {
    let base = BigInteger(4_294_967_296)
    var result = BigInteger.zero
    for _ in 0..<digits {
      let digit: Int
      switch below(4) {
      case 0: digit = 0
      case 1: digit = 0xFFFF_FFFF
      default: digit = Int(next() >> 32)
      }
      result = result * base + BigInteger(digit)
    }
    return below(2) == 0 ? result : -result
  }

  mutating func rational() -> Rational {
    Rational(below(41) - 20, over: 1 + below(12))
  }
}
