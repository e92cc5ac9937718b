import Notation

/// A relation that, by its form, says how something is computed: names on its left side, each with
/// its scripts, and no derivative on the right.
struct StepEquation {
  var left: [Formula]
  var right: Formula

  init?(_ relation: Formula) {
    guard case .relations(let left, let members) = relation.kind, let member = members.first,
      member.sign == .equal || member.sign == .defines
    else { return nil }
    let names = left.column ?? [left]
    for name in names where name.identifier == nil && name.unfencedScripts.identifier == nil {
      return nil
    }
    var differentiates = false
    member.formula.visit { part in
      if case .fraction(let above, _) = part.kind, Elaborator.partialHead(above) != nil {
        differentiates = true
      }
    }
    if differentiates { return nil }
    (self.left, right) = (names, member.formula)
  }

  /// The equations among the relations of some formulas.
  static func all(in formulas: [Formula]) -> [StepEquation] {
    formulas.flatMap { Lexicon.relationsIn($0) }.compactMap { StepEquation($0) }
  }
}

extension StepEquation {
  /// Whether the equation of every step, `h_t = \tanh(W h_{t-1} + U x_t)`, holds a part that is
  /// `W h_2 + U x_3` at one.
  func holds(_ part: Formula, at step: Int) -> Bool {
    guard left.count == 1, case .scripts(_, let below?, nil, 0) = left[0].kind,
      let time = AffineLetters(below), let letter = time.soleLetter
    else { return false }
    var isFound = false
    let spelled = part.spelled
    right.visit { inner in
      isFound =
        isFound || inner.placing(letter, at: step - time.constant).spelled == spelled
    }
    return isFound
  }
}

extension Formula {
  /// With a number in the place of a running step.
  fileprivate func placing(_ letter: String, at step: Int) -> Formula {
    guard case .scripts(let base, let below?, let above, let primes) = kind,
      let time = AffineLetters(below), time.soleLetter == letter
    else { return mappingChildren { $0.placing(letter, at: step) } }
    let number = Formula(.number(String(step + time.constant)), below.span)
    return Formula(.scripts(base, below: number, above: above, primes: primes), span)
  }
}
