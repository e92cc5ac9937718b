import Notation

/// `\lim_{n \to \infty} W^n = L` says what `W^n \to L` says.
enum WrittenLimits {
  static func restoring(_ formula: Formula) -> Formula {
    guard case .relations(let left, let members) = formula.kind, members.count == 1,
      members[0].sign == .equal || members[0].sign == .arrow,
      case .big(.limit, let below?, nil, let body) = left.kind,
      case .relations(let letter, let ends) = below.unfenced.kind, ends.count == 1,
      ends[0].sign == .arrow, ends[0].formula.isInfinity, let counter = letter.identifier,
      raises(body, to: counter)
    else { return formula.mappingChildren { restoring($0) } }
    var member = members[0]
    member.sign = .arrow
    return Formula(.relations(Formula(body.kind, left.span), [member]), formula.span)
  }

  /// Whether a letter stands in an exponent, and no other letter in one beside it.
  private static func raises(_ body: Formula, to counter: Formula.Identifier) -> Bool {
    var (isRaised, isAlone) = (false, true)
    body.visit { part in
      guard case .scripts(_, _, let above?, _) = part.kind else { return }
      for letter in Lexicon.letters(of: above) {
        if letter.identifier == counter { isRaised = true } else { isAlone = false }
      }
    }
    return isRaised && isAlone
  }
}

extension Statement {
  /// Whether a limit is written with its sign.
  package var writesLimit: Bool {
    sign == .arrow && source.text[left.span.start...].starts(with: "\\lim".utf8)
  }
}
