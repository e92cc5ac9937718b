import Notation

/// `h_T = A^T h_0 + \sum_{k=1}^T A^{T-k} B x_k`: where a relation raises a matrix to numbers of steps
/// that are counted from T, the T above the same matrix is such a number, and no transpose.
struct CountedPowers {
  static func restoring(_ formula: Formula) -> Formula {
    switch formula.kind {
    case .list(let items): return Formula(.list(items.map { restoring($0) }), formula.span)
    case .relations:
      var counted: Set<String> = []
      formula.visit { part in
        guard case .scripts(let base, nil, let above?, 0) = part.kind,
          let name = base.identifier, let power = AffineLetters(above),
          power.terms.contains(where: { $0.letter == "T" && $0.coefficient == 1 }),
          power.terms.count > 1 || power.constant != 0
        else { return }
        counted.insert(name.latex)
      }
      return counted.isEmpty ? formula : raising(counted, in: formula)
    default: return formula
    }
  }

  private static func raising(_ names: Set<String>, in formula: Formula) -> Formula {
    guard case .scripts(let base, nil, let above?, 0) = formula.kind,
      let name = base.identifier, names.contains(name.latex),
      above.identifier?.isPlain("T") == true
    else { return formula.mappingChildren { raising(names, in: $0) } }
    let power = Formula(.sum([Formula.SignedTerm(isNegative: false, term: above)]), above.span)
    return Formula(.scripts(base, below: nil, above: power, primes: 0), formula.span)
  }
}
