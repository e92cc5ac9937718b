import Notation

/// `\sigma^2 = \frac{1}{m} \sum_i (x_i - \mu)^2`: a square that an equation computes, or that the
/// page differentiates by, is a name of its own. Its root, if the page writes one, is a standard
/// deviation.
struct SquaredNames {
  private var names: [Formula.Identifier] = []

  init(surveying formulas: [Formula]) {
    var squares: [Formula.Identifier] = []
    var roots: [Formula.Identifier] = []
    var computed: [Formula.Identifier] = []
    for case .relations(let left, let members) in formulas.flatMap({ Lexicon.relationsIn($0) })
      .map({ $0.kind })
    where members[0].sign == .equal || members[0].sign == .defines {
      if let name = Self.square(left)?.name {
        squares.append(name)
        if !name.isUppercase, members[0].formula.addsUpSquares { roots.append(name) }
      } else if let name = left.scriptedBase {
        computed.append(name)
      }
    }
    if squares.isEmpty { return }
    for name in squares where !names.contains(name) && !computed.contains(name) {
      let isDeviation = name.name == "sigma" || roots.contains(name)
      let isAlone = formulas.contains { Self.stands(name, in: $0) }
      if isDeviation || !isAlone { names.append(name) }
    }
  }

  /// `\sigma^2`, `\sigma_B^2`
  private static func square(
    _ formula: Formula
  ) -> (name: Formula.Identifier, below: Formula?, base: Formula)? {
    guard case .scripts(let base, let below, let above?, 0) = formula.kind,
      case .number("2") = above.kind, let name = base.identifier, name.font == .italic,
      !["partial", "nabla", "d"].contains(name.name)
    else { return nil }
    return (name, below, base)
  }

  /// Whether the name stands anywhere without its square.
  private static func stands(_ name: Formula.Identifier, in formula: Formula) -> Bool {
    if square(formula)?.name == name { return false }
    if formula.identifier == name { return true }
    return formula.children.contains { stands(name, in: $0) }
  }

  /// The formula with squares as names, and roots of them where the name stands alone.
  func restoring(_ formula: Formula) -> Formula {
    if names.isEmpty { return formula }
    if let (name, below, base) = Self.square(formula), names.contains(name) {
      return named(name, below, base, formula.span)
    }
    switch formula.kind {
    case .identifier(let name) where names.contains(name):
      return root(named(name, nil, formula, formula.span))
    case .scripts(let base, let below, nil, 0):
      if let name = base.identifier, names.contains(name) {
        return root(named(name, below, base, formula.span))
      }
    case .juxtaposition(let items):
      let new = items.enumerated().map { i, item in
        // An application: the function, not the name.
        let isApplied =
          i + 1 < items.count && items[i + 1].isParenthesised && Self.square(item) == nil
        return isApplied && item.scriptedBase.map(names.contains) == true ? item : restoring(item)
      }
      return Formula(.juxtaposition(new), formula.span)
    default: break
    }
    return formula.mappingChildren { restoring($0) }
  }

  private func root(_ inner: Formula) -> Formula { Formula(.root(inner, degree: nil), inner.span) }

  private func named(
    _ name: Formula.Identifier, _ below: Formula?, _ base: Formula, _ span: Span
  ) -> Formula {
    var name = name
    name.layer = "2"
    let whole = Formula(.identifier(name), base.span)
    guard let below else { return Formula(whole.kind, span) }
    return Formula(.scripts(whole, below: below, above: nil, primes: 0), span)
  }
}

extension Formula {
  /// `\frac1n \|a - \mu\|^2`, `\sum_i (x_i - \mu)^2`: a norm or a sum with a square in it.
  fileprivate var addsUpSquares: Bool {
    var (adds, squares) = (false, false)
    visit { part in
      switch part.kind {
      case .scripts(let base, _, let above?, _):
        if case .number("2") = above.kind { squares = true }
        if case .fenced(.doubleBars, _) = base.kind { adds = true }
      case .big(.sum, _, _, _): adds = true
      default: break
      }
    }
    return adds && squares
  }
}
