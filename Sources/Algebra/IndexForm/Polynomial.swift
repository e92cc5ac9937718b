import Expressions

/// A polynomial with exact coefficients in times and dimensions; a single power may be negative
/// (1/n). Whole numbers, nearly all there is, are kept apart.
enum Polynomial: Hashable {
  struct Power: Hashable {
    /// A time variable, or a dimension shifted by `Polynomial.dimensions`.
    var variable: Int32
    var exponent: Int
  }
  struct Monomial: Hashable {
    var powers: [Power]
    var coefficient: Rational
  }
  case integer(Int)
  /// Sorted by their powers, no coefficient zero; never a whole number that fits.
  case general([Monomial])

  static let zero = Polynomial.integer(0)
  static let one = Polynomial.integer(1)
  /// Where the numbers of dimension symbols begin.
  static let dimensions: Int32 = 1 << 28

  init(_ value: Rational) {
    if let small = value.exactInt, abs(small) < 1 << 30 {
      self = .integer(small)
    } else {
      self = .general([Monomial(powers: [], coefficient: value)])
    }
  }
  init(variable: Int32) {
    self = .general(
      [Monomial(powers: [Power(variable: variable, exponent: 1)], coefficient: .one)])
  }
  init(_ affine: Affine) {
    self = .integer(affine.constant)
    for part in affine.parts {
      self = self + Polynomial(variable: part.variable) * .integer(part.coefficient)
    }
  }
  init(_ dimension: Dimension) {
    self = .zero
    for monomial in dimension.monomials {
      var product = Polynomial.integer(monomial.coefficient)
      for symbol in monomial.symbols {
        product = product * Polynomial(variable: Int32(symbol.id) + Polynomial.dimensions)
      }
      self = self + product
    }
  }

  var isZero: Bool { self == .zero }
  var isOne: Bool { self == .one }
  var monomials: [Monomial] {
    switch self {
    case .integer(0): return []
    case .integer(let value): return [Monomial(powers: [], coefficient: Rational(value))]
    case .general(let monomials): return monomials
    }
  }
  /// The number if no variable occurs.
  var rational: Rational? {
    switch self {
    case .integer(let value): return Rational(value)
    case .general(let monomials):
      return monomials.count == 1 && monomials[0].powers.isEmpty ? monomials[0].coefficient : nil
    }
  }
  /// Whether the first coefficient is below zero.
  var isLedByNegative: Bool {
    switch self {
    case .integer(let value): return value < 0
    case .general(let monomials): return monomials[0].coefficient.signum < 0
    }
  }
  /// The variables that occur, sorted.
  var variables: [Int32] {
    guard case .general(let monomials) = self else { return [] }
    var found: [Int32] = []
    for monomial in monomials {
      for power in monomial.powers where !found.contains(power.variable) {
        found.append(power.variable)
      }
    }
    return found.sorted()
  }

  private init(collecting monomials: [Monomial]) {
    var kept: [Monomial] = []
    for monomial in monomials {
      var low = 0
      while low < kept.count, Polynomial.precedes(kept[low].powers, monomial.powers) { low += 1 }
      if low < kept.count, kept[low].powers == monomial.powers {
        kept[low].coefficient = kept[low].coefficient + monomial.coefficient
        if kept[low].coefficient.isZero { kept.remove(at: low) }
      } else if !monomial.coefficient.isZero {
        kept.insert(monomial, at: low)
      }
    }
    if kept.isEmpty {
      self = .zero
    } else if kept.count == 1, kept[0].powers.isEmpty {
      self.init(kept[0].coefficient)
    } else {
      self = .general(kept)
    }
  }

  private static func precedes(_ lhs: [Power], _ rhs: [Power]) -> Bool {
    for (a, b) in zip(lhs, rhs) where a != b {
      return a.variable == b.variable ? a.exponent > b.exponent : a.variable < b.variable
    }
    return lhs.count > rhs.count
  }

  static prefix func - (value: Polynomial) -> Polynomial { value * .integer(-1) }

  static func + (lhs: Polynomial, rhs: Polynomial) -> Polynomial {
    if case .integer(let a) = lhs, case .integer(let b) = rhs {
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow, sum.magnitude < 1 << 30 { return .integer(sum) }
    }
    return Polynomial(collecting: lhs.monomials + rhs.monomials)
  }

  static func * (lhs: Polynomial, rhs: Polynomial) -> Polynomial {
    if case .integer(let a) = lhs, case .integer(let b) = rhs {
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      if !overflow, product.magnitude < 1 << 30 { return .integer(product) }
    }
    if lhs.isOne { return rhs }
    if rhs.isOne { return lhs }
    var products: [Monomial] = []
    for a in lhs.monomials {
      for b in rhs.monomials {
        var powers = a.powers
        for power in b.powers {
          var at = 0
          while at < powers.count, powers[at].variable < power.variable { at += 1 }
          if at < powers.count, powers[at].variable == power.variable {
            powers[at].exponent += power.exponent
            if powers[at].exponent == 0 { powers.remove(at: at) }
          } else {
            powers.insert(power, at: at)
          }
        }
        products.append(Monomial(powers: powers, coefficient: a.coefficient * b.coefficient))
      }
    }
    return Polynomial(collecting: products)
  }

  /// One over it; nil for a sum and for zero.
  var reciprocal: Polynomial? {
    let monomials = monomials
    guard monomials.count == 1, let inverse = Rational.one.divided(by: monomials[0].coefficient)
    else { return nil }
    return Polynomial(collecting: [
      Monomial(
        powers: monomials[0].powers.map { Power(variable: $0.variable, exponent: -$0.exponent) },
        coefficient: inverse)
    ])
  }

  func raised(to exponent: Int) -> Polynomial? {
    if exponent < 0 { return reciprocal?.raised(to: -exponent) }
    if exponent > 64, rational?.magnitudeIsOne != true { return nil }
    var result = Polynomial.one
    for _ in 0..<(exponent > 64 ? exponent % 2 : exponent) { result = result * self }
    return result
  }

  /// Nil where a negative power of a variable would get several terms.
  func substituting(_ variable: Int32, by value: Polynomial) -> Polynomial? {
    guard case .general(let monomials) = self, variables.contains(variable) else { return self }
    var sum = Polynomial.zero
    for monomial in monomials {
      var rest = monomial
      var factor = Polynomial.one
      if let at = monomial.powers.firstIndex(where: { $0.variable == variable }) {
        rest.powers.remove(at: at)
        guard let power = value.raised(to: monomial.powers[at].exponent) else { return nil }
        factor = power
      }
      sum = sum + Polynomial(collecting: [rest]) * factor
    }
    return sum
  }

  /// The sum of this polynomial over all values of the variable from the first to the last; nil for
  /// a negative power.
  func summed(over variable: Int32, from first: Affine, through last: Affine) -> Polynomial? {
    var sum = Polynomial.zero
    for monomial in monomials {
      var rest = monomial
      var exponent = 0
      if let at = monomial.powers.firstIndex(where: { $0.variable == variable }) {
        exponent = monomial.powers[at].exponent
        rest.powers.remove(at: at)
      }
      guard exponent >= 0, exponent <= 12 else { return nil }
      let above = Polynomial.powerSum(exponent, through: Polynomial(last))
      let below = Polynomial.powerSum(exponent, through: Polynomial(first - Affine.one))
      sum = sum + Polynomial(collecting: [rest]) * (above + -below)
    }
    return sum
  }

  /// 1^p + … + n^p as a polynomial in n, from (n+1)^{p+1} - 1 = Σ_{j≤p} C(p+1, j) S_j(n).
  private static func powerSum(_ p: Int, through n: Polynomial) -> Polynomial {
    var sums: [Polynomial] = []
    for q in 0...p {
      var sum = ((n + .one).raised(to: q + 1) ?? .zero) + .integer(-1)
      var binomial = 1
      for j in 0..<q {
        sum = sum + -(sums[j] * .integer(binomial))
        binomial = binomial * (q + 1 - j) / (j + 1)
      }
      sums.append(sum * Polynomial(Rational(1, over: q + 1)))
    }
    return sums[p]
  }
}

extension Rational {
  var magnitudeIsOne: Bool { exactInt == 1 || exactInt == -1 }
}
