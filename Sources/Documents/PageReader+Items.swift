import Expressions
import Notation

/// The relations of a formula one by one.
extension PageReader {
  struct Item {
    var formula: Formula
    var cue: Cue?
  }

  /// The relations of a formula one by one; words between them part them and may be cues.
  static func items(of formula: Formula) -> [Item] {
    switch formula.kind {
    case .list(let parts):
      var items: [Item] = []
      var words = ""
      for part in parts {
        if case .text(let text) = part.kind { words += text }
        var own = self.items(of: part)
        if case .relations = part.kind, !own.isEmpty {
          own[0].cue = own[0].cue ?? wordCue(words)
          words = ""
        }
        items += own
      }
      return items
    case .relations(let first, let members): return split(first, members, formula.span)
    case .fenced(.parentheses, let inner):
      // `a = b \quad (1 ≤ t < T)`
      if case .relations = inner.kind { return items(of: inner) }
      return [Item(formula: formula, cue: nil)]
    default: return [Item(formula: formula, cue: nil)]
    }
  }

  /// `s = a^⊤ y and y = tanh(Wx)`: words within a member end one relation and begin the next.
  private static func split(
    _ first: Formula, _ members: [Formula.RelationMember], _ span: Span
  ) -> [Item] {
    // `\Rightarrow a = b` says that it follows.
    if case .empty = first.kind, members.count > 1, members[0].sign == .implies {
      return split(members[0].formula, Array(members.dropFirst()), span)
    }
    var items: [Item] = []
    var (head, cue) = leadingWords(first)
    var current: [Formula.RelationMember] = []
    func close(_ end: Int) {
      if !current.isEmpty {
        items.append(
          Item(
            formula: Formula(.relations(head, current), Span(head.span.start, end)), cue: cue))
      }
    }
    for (i, member) in members.enumerated() {
      if case .text = member.formula.kind {
        close(member.signSpan.start)
        (current, head, cue) = ([], member.formula, nil)
        continue
      }
      if member.sign == .implies, i == 1, current.count == 1, isValue(head, current[0]),
        i + 1 < members.count, members[i + 1].sign == .equal
      {
        // `T = 1 \Rightarrow y = x`
        cue = .suppose
        close(member.signSpan.start)
        (current, head, cue) = ([], member.formula, .claim)
        continue
      }
      if isConclusion(i, of: members) {
        close(member.signSpan.start)
        (current, head, cue) = ([], member.formula, nil)
        continue
      }
      guard case .juxtaposition(let parts) = member.formula.kind,
        let place = parts.firstIndex(where: {
          if case .text = $0.kind { return true } else { return false }
        })
      else {
        current.append(member)
        continue
      }
      let before = Array(parts[..<place])
      var after = parts[place...]
      var words = ""
      while let next = after.first, case .text(let text) = next.kind {
        words += text
        after.removeFirst()
      }
      if !before.isEmpty {
        var kept = member
        kept.formula = regrouped(before)
        current.append(kept)
      }
      close(before.last?.span.end ?? member.signSpan.end)
      current = []
      if after.isEmpty {
        head = Formula(.empty, Span(span.end, span.end))
      } else {
        head = regrouped(Array(after))
      }
      cue = wordCue(words)
    }
    close(span.end)
    return items
  }

  /// `f = 1`, `W = I`
  private static func isValue(_ name: Formula, _ member: Formula.RelationMember) -> Bool {
    guard member.sign == .equal, name.unfencedScripts.identifier != nil else { return false }
    if case .number = member.formula.kind { return true }
    return member.formula.identifier?.isPlain("I") == true
  }

  /// `a = b → ∂L/∂c = d`: behind an equation an arrow to another one about a derivative concludes.
  private static func isConclusion(_ i: Int, of members: [Formula.RelationMember]) -> Bool {
    guard members[i].sign == .arrow || members[i].sign == .implies, i > 0,
      members[i - 1].sign == .equal, i + 1 < members.count, members[i + 1].sign == .equal,
      case .fraction(let above, let below) = members[i].formula.kind
    else { return false }
    return Elaborator.partialHead(above) != nil && Elaborator.partialHead(below) != nil
  }

  private static func regrouped(_ items: [Formula]) -> Formula {
    items.count == 1
      ? items[0]
      : Formula(.juxtaposition(items), items[0].span.union(items[items.count - 1].span))
  }

  private static func leadingWords(_ formula: Formula) -> (Formula, Cue?) {
    guard case .juxtaposition(let parts) = formula.kind, case .text(let words)? = parts.first?.kind,
      parts.count > 1
    else { return (formula, nil) }
    return (regrouped(Array(parts.dropFirst())), wordCue(words))
  }

  /// What words inside a formula say of the relation behind them.
  private static func wordCue(_ words: String) -> Cue? {
    let items = Wording(words).items
    if items.contains(.term(.whereCue)) || items.contains(.term(.with)) { return .where }
    if items.contains(.term(.condition)) { return .suppose }
    return items.first == .term(.for) || items.first == .term(.ranging) ? .range : nil
  }

  /// A trailing range or condition: `i = 1, …, n`, `k > t`, `t ≥ 2`.
  func isCondition(_ formula: Formula) -> Bool {
    guard case .relations(let left, let members) = formula.kind else { return false }
    if range(of: formula) != nil { return true }
    guard isInteger(left) else { return false }
    for member in members {
      switch member.sign {
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .notEqual:
        if !isInteger(member.formula) { return false }
      case .equal:
        if !isInteger(member.formula) { return false }
      default: return false
      }
    }
    return true
  }

  func isInteger(_ formula: Formula) -> Bool {
    guard let affine = AffineLetters(formula) else { return false }
    for term in affine.terms {
      if known.contains(NameKey(term.letter)) { return false }
      if !page.notation.lexicon.isIntegerLetter(term.letter),
        !Lexicon.indexLetters.contains(term.letter)
          || page.notation.lexicon.isBare(term.letter)
            && !page.notation.lexicon.entryLetters.contains(term.letter)
      {
        return false
      }
    }
    return true
  }
}
