/// Elementary functions in plain arithmetic, good to a few units in the last place.
///
/// Range reduction in the manner of Cody and Waite (1980), then truncated series.
package enum PortableFunctions {
  private static let ln2High = 6.93147180369123816490e-01
  private static let ln2Low = 1.90821492927058770002e-10

  package static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.782712893384 { return .infinity }
    if x < -745.2 { return 0 }
    let k = (x * 1.4426950408889634).rounded()
    let r = (x - k * ln2High) - k * ln2Low
    var sum = 1.0
    for n in stride(from: 15, through: 1, by: -1) { sum = 1 + sum * r / Double(n) }
    return scaled(sum, byPowerOfTwo: Int(k))
  }

  package static func log(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x == .infinity { return x }
    var exponent = Int(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = 0.0
    for n in stride(from: 25, through: 3, by: -2) { sum = (sum + 1 / Double(n)) * square }
    let tail = 2 * s * sum + Double(exponent) * ln2Low
    return Double(exponent) * ln2High + (2 * s + tail)
  }

  package static func sin(_ x: Double) -> Double { wave(x, quarter: 0) }
  package static func cos(_ x: Double) -> Double { wave(x, quarter: 1) }

  package static func tanh(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x.magnitude > 20 { return x < 0 ? -1 : 1 }
    if x.magnitude < 0.5 {
      // Lambert's continued fraction.
      let square = x * x
      var tail = 19.0
      for n in stride(from: 17, through: 1, by: -2) { tail = Double(n) + square / tail }
      return x / tail
    }
    let e = exp(-2 * x.magnitude)
    let value = (1 - e) / (1 + e)
    return x < 0 ? -value : value
  }

  /// The relative error grows with |y log x|.
  package static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    if y == y.rounded(), y.magnitude <= 1024 {
      var (result, base, rest) = (1.0, x, Int(y.magnitude))
      while rest > 0 {
        if rest & 1 == 1 { result *= base }
        base *= base
        rest >>= 1
      }
      return y < 0 ? 1 / result : result
    }
    if x < 0 {
      if y != y.rounded() { return .nan }
      let value = exp(y * log(-x))
      return (y / 2) == (y / 2).rounded() ? value : -value
    }
    if x == 0 { return y < 0 ? .infinity : 0 }
    return exp(y * log(x))
  }

  /// sin(x + quarter·π/2); accurate for |x| up to about a million.
  private static func wave(_ x: Double, quarter: Int) -> Double {
    guard x.isFinite, x.magnitude < 1e9 else { return .nan }
    let k = (x * 0.6366197723675814).rounded()
    var r = x - k * 1.57079632673412561417e+00
    r -= k * 6.07710050630396597660e-11
    r -= k * 2.02226624879595063154e-21
    let place = ((Int(k) + quarter) % 4 + 4) % 4
    let square = r * r
    var sum = 0.0
    if place % 2 == 0 {
      for n in stride(from: 19, through: 3, by: -2) {
        sum = (1 + sum) * -square / Double(n * (n - 1))
      }
      let value = r + r * sum
      return place == 0 ? value : -value
    }
    for n in stride(from: 20, through: 2, by: -2) {
      sum = (1 + sum) * -square / Double(n * (n - 1))
    }
    return place == 1 ? 1 + sum : -(1 + sum)
  }

  private static func scaled(_ x: Double, byPowerOfTwo k: Int) -> Double {
    if k < -1000 { return scaled(x, byPowerOfTwo: k + 200) * powerOfTwo(-200) }
    if k > 1000 { return scaled(x, byPowerOfTwo: k - 200) * powerOfTwo(200) }
    return x * powerOfTwo(k)
  }
  private static func powerOfTwo(_ k: Int) -> Double {
    Double(bitPattern: UInt64(k + 1023) << 52)
  }
}
