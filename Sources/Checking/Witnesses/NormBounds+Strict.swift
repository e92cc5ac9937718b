import Expressions

/// What strict assumptions give: if ‖W‖ < β, then ‖W‖ = θβ with θ < 1.
extension NormBounds {
  /// What an assumption says that a norm does not exceed.
  mutating func note(
    _ atom: Expression, _ bound: [Monomial], isStrict: Bool, isOfAllSteps: Bool
  ) {
    var bound = bound
    if isStrict {
      let slack = Factor(base: .slack, exponent: Time(1))
      bound = bound.map { Monomial(coefficient: $0.coefficient, factors: $0.factors + [slack]) }
    }
    // What exceeds a norm, or divides, is not zero.
    if let only = bound.first, bound.count == 1 {
      for factor in only.factors where isStrict || factor.exponent.literal.map { $0 < 0 } ?? false {
        positive.append(factor.base)
      }
    }
    limits.append((atom, bound, isOfAllSteps))
  }

  /// Whether a sum that does not exceed another one stays below it: every term of it keeps a slack, and
  /// the other one is not zero.
  func isBelow(_ small: [Monomial], _ large: [Monomial]) -> Bool {
    let isPositive = large.contains { term in
      term.coefficient.signum > 0
        && term.factors.allSatisfy { factor in
          if case .number = factor.base { true } else { positive.contains(factor.base) }
        }
    }
    return isPositive
      && small.allSatisfy { term in
        term.factors.contains { $0.base == .slack && domain.implies($0.exponent - 1) }
      }
  }
}
