import Expressions
import Glibc

/// Numbers from a seed and whatever names a quantity: the same for the same names.
func drawn(_ seed: UInt64, _ names: [Int]) -> Double {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
  for name in names {
    state = (state ^ UInt64(bitPattern: Int64(name))) &* 0xBF58_476D_1CE4_E5B9
    state ^= state >> 29
    state = state &* 0x94D0_49BB_1331_11EB
    state ^= state >> 32
  }
  return Double(state >> 11) / Double(UInt64(1) << 53)
}

/// A seeded sequence for choices.
struct Choices {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next(below limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
  mutating func shuffle<Element>(_ items: inout [Element]) {
    for i in items.indices.reversed() where i > 0 { items.swapAt(i, next(below: i + 1)) }
  }
}

extension ElementwiseFunction {
  /// The n-th derivative at a number, written down from tables of the functions.
  func value(_ n: Int, at x: Double, seed: UInt64) throws(Undefined) -> Double {
    let logistic = 1 / (1 + Glibc.exp(-x))
    let slope = logistic * (1 - logistic)
    switch (self, n) {
    case (.sigmoid, 0), (.softplus, 1): return logistic
    case (.sigmoid, 1), (.softplus, 2): return slope
    case (.sigmoid, 2): return slope * (1 - 2 * logistic)
    case (.softplus, 0): return Glibc.log(1 + Glibc.exp(x))
    case (.tanh, 0): return Glibc.tanh(x)
    case (.tanh, 1): return 1 - Glibc.tanh(x) * Glibc.tanh(x)
    case (.tanh, 2): return -2 * Glibc.tanh(x) * (1 - Glibc.tanh(x) * Glibc.tanh(x))
    case (.exp, _): return Glibc.exp(x)
    case (.log, 0): return Glibc.log(x)
    case (.log, 1): return 1 / x
    case (.log, 2): return -1 / (x * x)
    case (.sin, _): return Glibc.sin(x + Double(n) * .pi / 2)
    case (.cos, _): return Glibc.cos(x + Double(n) * .pi / 2)
    case (.sqrt, 0): return Glibc.sqrt(x)
    case (.sqrt, 1): return 0.5 / Glibc.sqrt(x)
    case (.relu, 0): return Swift.max(x, 0)
    case (.relu, 1): return x > 0 ? 1 : 0
    case (.absolute, 0): return Swift.abs(x)
    case (.absolute, 1), (.sign, 0): return x > 0 ? 1 : x < 0 ? -1 : 0
    case (.sign, _), (.relu, _), (.absolute, _): return 0
    case (.generic(let function), _):
      // a sin(bx + c) + dx, with numbers that belong to the function's name: its slopes stay small
      // enough for many steps.
      let name = Int(function.id)
      let a = 0.5 + 0.5 * drawn(seed, [91, name])
      let b = 0.6 + 0.5 * drawn(seed, [92, name])
      let c = 3 * drawn(seed, [93, name])
      let d = 0.2 + 0.2 * drawn(seed, [94, name])
      let wave = a * pow(b, Double(n)) * Glibc.sin(b * x + c + Double(n) * .pi / 2)
      return wave + (n == 0 ? d * x : n == 1 ? d : 0)
    default: throw .unsupported("derivative \(n) of \(self)")
    }
  }
}

/// One entry of an unknown smooth function: lines, waves and a wave of all arguments together, gentle
/// enough for many steps one after the other.
func unknownFunction(
  _ arguments: [Double], _ function: OpaqueFunction, at time: Int?, entry: Int, seed: UInt64
) -> Double {
  let name = [Int(function.id), time ?? 1000, entry]
  var sum = 0.0
  var phase = 3 * drawn(seed, name + [0])
  for (j, x) in arguments.enumerated() {
    let a = 0.2 + 0.3 * drawn(seed, name + [j, 1])
    let sign = drawn(seed, name + [j, 2]) < 0.5 ? -1.0 : 1.0
    sum += sign * a * x + 0.2 * Glibc.sin((0.6 + a) * x + 3 * drawn(seed, name + [j, 3]))
    phase += (drawn(seed, name + [j, 4]) - 0.5) * 2 * x
  }
  return sum + 0.3 * Glibc.sin(phase)
}
