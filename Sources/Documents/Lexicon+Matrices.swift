import Notation

/// Names that can be no numbers, whatever custom says of their letters.
extension Lexicon {
  /// The L of `A = L L^\top` and of `L^{-1} b`, the T of `T^{-1} A T`: what is transposed or inverted is no
  /// loss, and what stands beside its own inverse no number of steps.
  mutating func noteMatrices(_ formulas: [Formula]) {
    for formula in formulas {
      formula.visit { part in
        switch part.kind {
        case .scripts(let base, nil, let above?, 0):
          guard let name = base.identifier, name.isUppercase else { return }
          let marks =
            if case .juxtaposition(let items) = above.kind { items } else { [above] }
          let isTurned = marks.contains { $0.isTransposeMark }
          if isTurned || above.isMinusOne && (name.name != "T" || families.isEmpty) {
            matrices.insert(name.latex)
          }
          if above.isMinusOne || isTurned && above.isNegative { inverted.insert(name.latex) }
        case .juxtaposition(let factors):
          for case .scripts(let base, nil, let above?, 0) in factors.map({ $0.kind })
          where above.isMinusOne {
            guard let name = base.identifier,
              factors.contains(where: { $0.identifier?.latex == name.latex })
            else { continue }
            matrices.insert(name.latex)
          }
        default: break
        }
      }
    }
  }

  /// `T = \sigma(W x + b)`, `T(x) = …`: what is computed from names counts no steps, where no sum ends
  /// with it.
  static func computesT(_ formulas: [Formula]) -> Bool {
    var isEnd = false
    for formula in formulas {
      formula.visit { part in
        if case .big(_, _, let above?, _) = part.kind, above.identifier?.isPlain("T") == true {
          isEnd = true
        }
      }
    }
    if isEnd { return false }
    return formulas.flatMap { relationsIn($0) }.contains { relation in
      guard case .relations(var left, let members) = relation.kind, let first = members.first,
        first.sign == .equal || first.sign == .defines
      else { return false }
      if case .juxtaposition(let items) = left.kind, items.count == 2, items[1].isParenthesised {
        left = items[0]
      }
      var reads = false
      first.formula.visit { part in
        if part.isParenthesised { reads = true }
      }
      return left.identifier?.isPlain("T") == true && reads && AffineLetters(first.formula) == nil
    }
  }
}

extension Formula {
  fileprivate var isMinusOne: Bool { AffineLetters(self) == AffineLetters(terms: [], constant: -1) }

  /// `-\top`
  fileprivate var isNegative: Bool {
    if case .sum(let terms) = kind { return terms.count == 1 && terms[0].isNegative }
    return false
  }
}
