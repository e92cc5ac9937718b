import Notation

/// `\sum_{1 \le t \le T}`, `\prod_{t \ge i > k}`: bounds written as a chain around the letter, as
/// `\sum_{t=1}^T`, `\prod_{i=t}^{k+1}`.
struct WrittenRanges {
  static func restoring(_ formula: Formula) -> Formula {
    let formula = formula.mappingChildren { restoring($0) }
    if let open = openRange(formula) { return open }
    guard case .big(let sign, let below?, nil, let body) = formula.kind,
      sign == .sum || sign == .product,
      case .relations(let first, let members) = below.kind, members.count == 2,
      let letter = members[0].formula.identifier, letter.isPlain(letter.name),
      let start = AffineLetters(first), let end = AffineLetters(members[1].formula),
      !(start.terms + end.terms).contains(where: { $0.letter == letter.name })
    else { return formula }
    let (from, through): (Formula, Formula)
    switch (members[0].sign, members[1].sign) {
    case (.less, .less): (from, through) = (moved(first, by: 1), moved(members[1].formula, by: -1))
    case (.less, .lessOrEqual): (from, through) = (moved(first, by: 1), members[1].formula)
    case (.lessOrEqual, .less): (from, through) = (first, moved(members[1].formula, by: -1))
    case (.lessOrEqual, .lessOrEqual): (from, through) = (first, members[1].formula)
    case (.greater, .greater):
      (from, through) = (moved(first, by: -1), moved(members[1].formula, by: 1))
    case (.greater, .greaterOrEqual): (from, through) = (moved(first, by: -1), members[1].formula)
    case (.greaterOrEqual, .greater): (from, through) = (first, moved(members[1].formula, by: 1))
    case (.greaterOrEqual, .greaterOrEqual): (from, through) = (first, members[1].formula)
    default: return formula
    }
    // A sum has no order, and runs upwards; a product is written from its left end.
    let runsDown = members[0].sign == .greater || members[0].sign == .greaterOrEqual
    let (lower, upper) = sign == .sum && runsDown ? (through, from) : (from, through)
    let equation = Formula.RelationMember(
      sign: .equal, signSpan: members[0].signSpan, formula: lower)
    return Formula(
      .big(
        sign, below: Formula(.relations(members[0].formula, [equation]), below.span), above: upper,
        body),
      formula.span)
  }

  /// `t = 1, 2, \dots`: from there on.
  private static func openRange(_ formula: Formula) -> Formula? {
    guard case .relations(let letter, var members) = formula.kind, members.count == 1,
      members[0].sign == .equal, letter.identifier != nil,
      case .list(let items) = members[0].formula.kind, items.count > 2,
      case .dots? = items.last?.kind,
      case let steps = items.dropLast().compactMap({ AffineLetters($0) }),
      steps.count == items.count - 1, let first = steps.first, first.isLiteral,
      steps.enumerated().allSatisfy({ $1.isLiteral && $1.constant == first.constant + $0 })
    else { return nil }
    let start = Formula(items[0].kind, members[0].formula.span)
    (members[0].sign, members[0].formula) = (.greaterOrEqual, start)
    return Formula(.relations(letter, members), formula.span)
  }

  private static func moved(_ end: Formula, by offset: Int) -> Formula {
    if let affine = AffineLetters(end), affine.isLiteral, affine.constant + offset >= 0 {
      return Formula(.number(String(affine.constant + offset)), end.span)
    }
    let one = Formula(.number("1"), end.span)
    return Formula(
      .sum([
        Formula.SignedTerm(isNegative: false, term: end),
        Formula.SignedTerm(isNegative: offset < 0, term: one),
      ]), end.span)
  }
}
