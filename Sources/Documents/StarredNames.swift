import Notation

/// `w^* = (X^\top X)^{-1} X^\top y`, `y - y^*`: a small letter with a star that an equation computes, or
/// that stands as a whole term, is a name of its own, an optimum or a target. Where it multiplies what
/// follows the star may be that of an adjoint.
struct StarredNames {
  private var names: [Formula.Identifier] = []

  init(surveying formulas: [Formula]) {
    var (whole, others): ([Formula.Identifier], [Formula.Identifier]) = ([], [])
    for formula in formulas {
      if let name = Self.name(formula) { whole.append(name) }
      formula.visit { part in
        switch part.kind {
        case .relations(let left, let members):
          whole += ([left] + members.map { $0.formula }).compactMap { Self.name($0) }
        case .sum(let terms): whole += terms.compactMap { Self.name($0.term) }
        case .juxtaposition(let items): others += items.dropLast().compactMap { Self.name($0) }
        case .binary(_, let a, _): others += [a].compactMap { Self.name($0) }
        default: break
        }
      }
    }
    for name in whole where !others.contains(name) && !names.contains(name) { names.append(name) }
  }

  private static func name(_ formula: Formula) -> Formula.Identifier? {
    guard case .scripts(let base, _, let above?, 0) = formula.kind,
      let star = above.identifier?.name,
      ["*", "star", "ast"].contains(star), let name = base.identifier, !name.isUppercase,
      name.font == .italic || name.font == .bold,
      StandardFunction(name) == nil
    else { return nil }
    return name
  }

  func restoring(_ formula: Formula) -> Formula {
    if names.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .scripts(let base, let below, _, _) = formula.kind, var name = Self.name(formula),
      names.contains(name)
    else { return formula }
    name.layer = "*"
    let whole = Formula(.identifier(name), base.span)
    guard let below else { return Formula(whole.kind, formula.span) }
    return Formula(.scripts(whole, below: below, above: nil, primes: 0), formula.span)
  }
}
