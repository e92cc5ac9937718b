import Expressions
import Notation

/// Formulas that may relate two things by a sign that is not understood: they are listed as such.
extension PageReader {
  /// What stands where a relation could, and is not read as one.
  static func hiddenRelation(in formula: Formula) -> Formula? {
    switch formula.kind {
    case .relations: return formula
    case .juxtaposition(let items):
      for i in items.indices.dropFirst().dropLast() where items[i].mayRelate {
        // `W \leftarrow W - …` changes W, and says nothing of it.
        let isUpdate = items[i].isAssignment && items[i - 1].spelled == items[i + 1].spelled
        if !isUpdate { return items[i] }
      }
      return items.lazy.compactMap { hiddenRelation(in: $0) }.first
    case .sum(let terms): return terms.lazy.compactMap { hiddenRelation(in: $0.term) }.first
    case .binary(_, let left, let right):
      return hiddenRelation(in: left) ?? hiddenRelation(in: right)
    case .matrix(.plain, let rows):
      return rows.lazy.flatMap { $0 }.compactMap { hiddenRelation(in: $0) }.first
    default: return nil
    }
  }

  /// Whether at most one word stands between a formula and the next: `… is $a$ then $$= b$$`.
  static func standsLast(_ part: Int, in sentence: Sentence) -> Bool {
    guard part + 1 < sentence.parts.count, case .text(let words, _) = sentence.parts[part + 1]
    else { return true }
    return Wording.tokens(of: Array(words.utf8)).count { !$0.isMark } <= 1
  }

  /// A claim that cannot be understood for a sign within a formula without a relation.
  mutating func addUnread(
    _ sign: Formula, within formula: Formula, _ text: FormulaText, _ block: Int, _ sentence: Int,
    in workspace: inout Workspace
  ) {
    var unread = Formula(.unread("=", .unexpectedCharacter), formula.span)
    if case .unread = sign.kind { unread.kind = sign.kind }
    let end = Span(formula.span.end, formula.span.end)
    let member = Formula.RelationMember(sign: .equal, signSpan: end, formula: unread)
    addChain(unread, [member], conditions: [], text, block, sentence, nil, nil, in: &workspace)
  }
}

extension Formula {
  /// Whether the next formula may go on from this one with `= …`: a display, or a derivative right
  /// before it.
  func canBeginChain(isDisplay: Bool, isLast: Bool) -> Bool {
    switch kind {
    case .empty, .text, .dots, .unread, .relations: false
    case .fraction: isDisplay || isLast
    default: isDisplay
    }
  }

  fileprivate var isAssignment: Bool {
    guard case .unread(let token, _) = kind else { return false }
    return ["\\leftarrow", "\\gets", "\\longleftarrow", "←"].contains(token)
  }

  /// An unknown command, or a sign beyond ASCII.
  fileprivate var mayRelate: Bool {
    guard case .unread(let token, let reason) = kind else { return false }
    switch reason {
    case .unknownCommand: return true
    case .unexpectedCharacter: return token.utf8.first.map { $0 >= 0x80 } ?? false
    default: return false
    }
  }
}
