import Notation

/// An interval of real numbers as written behind ∈: `(0, 1]`, `[-1, 1]^n`, `(0, \infty)`.
package struct RealInterval: Sendable {
  /// Nil for an end at infinity.
  package var lower: Formula?
  package var upper: Formula?
  package var lowerIsClosed: Bool
  package var upperIsClosed: Bool
  /// The sizes in the exponent: none for numbers.
  package var sizes: [Formula] = []

  /// Nil unless the formula is an interval, or a power of one (then every entry lies in it).
  package init?(_ formula: Formula) {
    var base = formula
    if case .scripts(let inner, nil, let above?, 0) = formula.kind {
      sizes = above.sizes
      guard sizes.allSatisfy({ AffineLetters($0) != nil }) else { return nil }
      base = inner
    }
    guard case .fenced(let fence, let inner) = base.kind, case .list(let ends) = inner.kind,
      ends.count == 2
    else { return nil }
    switch fence {
    case .parentheses: (lowerIsClosed, upperIsClosed) = (false, false)
    case .brackets: (lowerIsClosed, upperIsClosed) = (true, true)
    case .halfOpen(let lower, let upper): (lowerIsClosed, upperIsClosed) = (lower, upper)
    default: return nil
    }
    lower = RealInterval.isInfinite(ends[0], isNegative: true) ? nil : ends[0]
    upper = RealInterval.isInfinite(ends[1], isNegative: false) ? nil : ends[1]
    if lower == nil { lowerIsClosed = false }
    if upper == nil { upperIsClosed = false }
  }

  package var ends: [Formula] { [lower, upper].compactMap { $0 } }

  /// `\infty`, `+\infty`, `-\infty`
  package static func isInfinite(_ formula: Formula, isNegative: Bool) -> Bool {
    if case .sum(let terms) = formula.kind, terms.count == 1 {
      return terms[0].isNegative == isNegative && terms[0].term.isInfinity
    }
    return !isNegative && formula.isInfinity
  }
}

extension Formula {
  /// `\infty`
  package var isInfinity: Bool { identifier?.name == "infty" }
}

extension Formula.RelationSign {
  /// `<`, `≤`, `>`, `≥`, `∈`
  package var isOrder: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .elementOf: return true
    default: return false
    }
  }
}
