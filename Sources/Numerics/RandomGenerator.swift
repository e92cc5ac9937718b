/// Reproducible random numbers: xoshiro256** seeded through SplitMix64 (Blackman, Vigna 2018).
package struct RandomGenerator: Sendable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  package init(seed: UInt64) {
    var state = seed
    s0 = RandomGenerator.splitMix(&state)
    s1 = RandomGenerator.splitMix(&state)
    s2 = RandomGenerator.splitMix(&state)
    s3 = RandomGenerator.splitMix(&state)
  }

  /// A generator of its own for every combination of the given numbers.
  package init(seed: UInt64, _ keys: [Int]) {
    var state = seed
    for key in keys {
      state ^= UInt64(bitPattern: Int64(key)) &* 0xD1B5_4A32_D192_ED03
      state = RandomGenerator.splitMix(&state)
    }
    self.init(seed: state)
  }

  package mutating func next() -> UInt64 {
    let product = s1 &* 5
    let result = (product << 7 | product >> 57) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = s3 << 45 | s3 >> 19
    return result
  }

  /// Uniform in 0..<1.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in the given range.
  package mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * unit()
  }

  /// Uniform in 0..<bound.
  package mutating func index(below bound: Int) -> Int { Int(unit() * Double(bound)) }

  /// Of magnitude between the bounds, with either sign.
  package mutating func signed(_ lower: Double, _ upper: Double) -> Double {
    let magnitude = uniform(lower, upper)
    return next() >> 63 == 0 ? magnitude : -magnitude
  }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
