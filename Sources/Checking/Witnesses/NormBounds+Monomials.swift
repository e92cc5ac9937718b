import Expressions
import Numerics

/// Sums of monomials: their products, powers and order.
extension NormBounds {
  // MARK: Arithmetic of bounds

  func multiplied(_ lhs: [Monomial], _ rhs: [Monomial]) -> [Monomial] {
    lhs.flatMap { a in rhs.map { b in NormBounds.product(a, b) } }
  }

  private static func product(_ a: Monomial, _ b: Monomial) -> Monomial {
    var result = a
    result.coefficient = a.coefficient * b.coefficient
    for factor in b.factors {
      if let known = result.factors.firstIndex(where: { $0.base == factor.base }) {
        result.factors[known].exponent = result.factors[known].exponent + factor.exponent
      } else {
        result.factors.append(factor)
      }
    }
    result.factors.removeAll { $0.exponent == .zero }
    return result
  }

  func raised(
    _ bound: [Monomial], _ exponent: Expression, in workspace: borrowing Workspace
  ) -> [Monomial]? {
    let power: Time
    switch workspace[exponent] {
    case .number(let value):
      guard let whole = value.exactInt, whole >= 0, whole <= 64 else { return nil }
      power = Time(whole)
    case .timeValue(let time): power = time
    default: return nil
    }
    return raised(bound, power)
  }

  private func raised(_ bound: [Monomial], _ power: Time) -> [Monomial]? {
    guard domain.implies(power) else { return nil }
    guard bound.count == 1, let only = bound.first else {
      guard let count = power.literal, count <= 4 else { return nil }
      return (0..<count).reduce([Monomial(coefficient: .one)]) { result, _ in
        multiplied(result, bound)
      }
    }
    var result = Monomial(coefficient: .one)
    if let whole = power.literal {
      guard let value = only.coefficient.raised(to: whole) else { return nil }
      result.coefficient = value
    } else if !only.coefficient.isOne {
      result.factors.append(Factor(base: .number(only.coefficient), exponent: power))
    }
    for factor in only.factors {
      let exponent: Time
      if let whole = power.literal {
        exponent = factor.exponent.scaled(by: whole)
      } else if let whole = factor.exponent.literal {
        exponent = power.scaled(by: whole)
      } else {
        return nil
      }
      result.factors.append(Factor(base: factor.base, exponent: exponent))
    }
    return [result]
  }

  /// The product of a bound over steps: a power, if the bound is the same at all of them.
  func product(
    over index: TimeSymbol, _ from: Time, _ through: Time, in workspace: inout Workspace,
    _ body: (inout Workspace) -> [Monomial]?
  ) -> [Monomial]? {
    let count = through - from + 1
    guard domain.implies(count), let bound = body(&workspace), bound.count == 1 else { return nil }
    if !mentionsStep(bound[0], in: workspace) { return raised(bound, count) }
    return [
      Monomial(
        coefficient: .one,
        factors: [
          Factor(base: .product(from: from, through: through, bound[0]), exponent: Time(1))
        ])
    ]
  }

  private func mentionsStep(_ monomial: Monomial, in workspace: borrowing Workspace) -> Bool {
    monomial.factors.contains { factor in
      if factor.exponent.contains(step) { return true }
      switch factor.base {
      case .number: return false
      case .atom(let expression): return workspace.freeTimes(in: expression).contains(step)
      case .product: return true
      case .slack: return false
      }
    }
  }

  func inverse(of bound: [Monomial]) -> Monomial? {
    guard bound.count == 1, let coefficient = Rational.one.divided(by: bound[0].coefficient) else {
      return nil
    }
    return Monomial(
      coefficient: coefficient,
      factors: bound[0].factors.map { Factor(base: $0.base, exponent: $0.exponent.scaled(by: -1)) })
  }

  // MARK: Comparison

  /// Whether the one sum is at most the other, term by term.
  func isAtMost(_ small: [Monomial], _ large: [Monomial]) -> Bool {
    let (small, large) = (small.map(withoutZeroPowers), large.map(withoutZeroPowers))
    var room = large.map { $0.coefficient }
    for term in small {
      guard
        let place = large.indices.first(where: { i in
          dominates(large[i], term) && !(room[i] < term.coefficient)
        })
      else { return false }
      room[place] = room[place] - term.coefficient
    }
    return true
  }

  private func withoutZeroPowers(_ monomial: Monomial) -> Monomial {
    var result = monomial
    result.factors.removeAll {
      domain.implies($0.exponent) && domain.implies($0.exponent.scaled(by: -1))
    }
    return result
  }

  /// Whether the factors of one term, coefficients apart, are at most those of another.
  private func dominates(_ large: Monomial, _ small: Monomial) -> Bool {
    var numbers: [(exponent: Time, ratio: Rational)] = []
    func note(_ factor: Factor, isSmall: Bool) -> Bool {
      if case .slack = factor.base { return isSmall && domain.implies(factor.exponent) }
      guard case .number(let value) = factor.base, domain.implies(factor.exponent),
        let ratio = isSmall ? value : Rational.one.divided(by: value)
      else { return false }
      if let known = numbers.firstIndex(where: { $0.exponent == factor.exponent }) {
        numbers[known].ratio = numbers[known].ratio * ratio
      } else {
        numbers.append((factor.exponent, ratio))
      }
      return true
    }
    var open = large.factors
    for factor in small.factors {
      if note(factor, isSmall: true) { continue }
      guard let place = open.firstIndex(where: { covers($0, factor) }) else { return false }
      open.remove(at: place)
    }
    for factor in open where !note(factor, isSmall: false) { return false }
    return numbers.allSatisfy { !(Rational.one < $0.ratio) }
  }

  private func covers(_ large: Factor, _ small: Factor) -> Bool {
    if large == small { return true }
    guard case .product(let from, let through, let a) = large.base,
      case .product(let otherFrom, let otherThrough, let b) = small.base, from == otherFrom,
      through == otherThrough, large.exponent == small.exponent
    else { return false }
    return dominates(a, b) && !(a.coefficient < b.coefficient)
  }
}
