import Notation

/// One formula over several displays: `$$+ b$$`, `$$\cdot W$$` goes on with the last member of the
/// display before it. (What begins with a relation sign continues the chain, see `addChain`.)
extension PageReader {
  static func joiningDisplays(_ parts: [ParsedPart]) -> [ParsedPart] {
    var parts = parts
    var previous: Int?
    for i in parts.indices {
      guard parts[i].text.isDisplay else { continue }
      if let last = previous, parts[i].block - parts[last].block <= 1,
        let (rest, joined) = continuation(of: parts[last].formula, by: parts[i])
      {
        parts[last].formula = joined
        parts[i].formula = rest
        parts[last].isRepaired = parts[last].isRepaired || parts[i].isRepaired
        if case .empty = rest.kind { continue }
      }
      previous = i
    }
    return parts
  }

  /// The formula with what the next display adds to its last member, and what is left of that
  /// display: nothing, or relations that go on from there.
  private static func continuation(
    of formula: Formula, by next: ParsedPart
  ) -> (rest: Formula, joined: Formula)? {
    var (first, members): (Formula, [Formula.RelationMember]) = (next.formula, [])
    if case .relations(let left, let all) = next.formula.kind { (first, members) = (left, all) }
    let sign = next.text.text.first { $0 > 32 && $0 != UInt8(ascii: "&") }
    if sign == UInt8(ascii: "-"), !members.isEmpty { return nil }
    let isSigned = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
    guard isSigned || first.lacksLeftOperand,
      let joined = formula.extendingLastMember({ $0.continued(by: first) })
    else { return nil }
    let end = next.formula.span.end
    let rest =
      members.isEmpty
      ? Formula(.empty, Span(end, end))
      : Formula(.relations(Formula(.empty, first.span), members), next.formula.span)
    return (rest, joined)
  }
}

extension Formula {
  /// `\cdot W`: an operator without its left side.
  fileprivate var lacksLeftOperand: Bool {
    switch kind {
    case .binary(_, let left, _): return left.kind == .empty || left.lacksLeftOperand
    case .sum(let terms): return terms.first.map { $0.term.lacksLeftOperand } ?? false
    default: return false
    }
  }

  /// Nil without a relation.
  fileprivate func extendingLastMember(_ extend: (Formula) -> Formula) -> Formula? {
    switch kind {
    case .relations(let first, var members):
      guard let last = members.indices.last else { return nil }
      members[last].formula = extend(members[last].formula)
      return Formula(.relations(first, members), span)
    case .list(var items):
      guard let last = items.indices.last, let extended = items[last].extendingLastMember(extend)
      else { return nil }
      items[last] = extended
      return Formula(.list(items), span)
    default: return nil
    }
  }

  /// This followed by another display, whose places are not those of this one's text.
  fileprivate func continued(by next: Formula) -> Formula {
    let next = next.placed(at: Span(span.end, span.end))
    let (own, other) = (signedTerms, next.signedTerms)
    guard next.lacksLeftOperand else { return Formula(.sum(own + other), span) }
    var terms = own
    let last = terms.removeLast()
    terms.append(
      SignedTerm(isNegative: last.isNegative, term: other[0].term.fillingLeftOperand(last.term)))
    terms += other.dropFirst()
    return terms.count == 1 && !terms[0].isNegative ? terms[0].term : Formula(.sum(terms), span)
  }

  private var signedTerms: [SignedTerm] {
    if case .sum(let terms) = kind { return terms }
    return [SignedTerm(isNegative: false, term: self)]
  }

  private func fillingLeftOperand(_ operand: Formula) -> Formula {
    guard case .binary(let sign, let left, let right) = kind else { return operand }
    let filled = left.kind == .empty ? operand : left.fillingLeftOperand(operand)
    return Formula(.binary(sign, filled, right), operand.span)
  }
}
