import Checking
import Documents
import Expressions
import Notation

extension Finding {
  /// The code, or the family's own where the judgement names none; nil for what is accepted.
  package var stableCode: Code? {
    if let code { return code }
    switch verdict {
    case .refuted: return Code(mend?.slip)
    case .illTyped: return statement.role == .definition ? .definitionIllTyped : .sidesDiffer
    case .undecided: return .undecided
    case .notUnderstood: return .unreadFormula
    case .proved, .bounded, .validated, nil: return nil
    }
  }

  /// The wrong part; the whole relation where none is told or it lies elsewhere.
  package var underlined: Span {
    guard let blame, blame.start >= span.start, blame.end <= span.end else { return span }
    return blame
  }

  /// The author's own text of the relation, without blanks around it; its sign where that is a word.
  package var sourceText: String {
    let text = Finding.text(of: statement.span, in: statement.source)
    return statement.said.map { $0 + " " + statement.sign.latex + " " + text } ?? text
  }

  /// The author's own text of a side.
  func sourceText(of side: Formula) -> String {
    Finding.text(of: side.span, in: statement.source)
  }

  private static func text(of span: Span, in formula: FormulaText) -> String {
    var start = max(0, min(span.start, formula.text.count))
    var end = max(start, min(span.end, formula.text.count))
    while start < end, formula.text[start] <= 32 { start += 1 }
    while end > start, formula.text[end - 1] <= 32 { end -= 1 }
    return String(decoding: formula.text[start..<end], as: UTF8.self)
  }
}

extension Formula.RelationSign {
  /// As LaTeX: `\le`.
  package var latex: String {
    switch self {
    case .equal: "="
    case .notEqual: "\\neq"
    case .less: "<"
    case .lessOrEqual: "\\le"
    case .greater: ">"
    case .greaterOrEqual: "\\ge"
    case .approximately: "\\approx"
    case .proportional: "\\propto"
    case .defines: ":="
    case .names: "=:"
    case .elementOf: "\\in"
    case .subset: "\\subset"
    case .arrow: "\\to"
    case .mapsTo: "\\mapsto"
    case .colon: "\\colon"
    case .implies: "\\Rightarrow"
    case .equivalent: "\\Leftrightarrow"
    case .distributed: "\\sim"
    case .divides: "\\mid"
    case .muchLess: "\\ll"
    case .muchGreater: "\\gg"
    }
  }

  /// As Unicode: `≤`.
  package var unicode: String {
    switch self {
    case .equal: "="
    case .notEqual: "≠"
    case .less: "<"
    case .lessOrEqual: "≤"
    case .greater: ">"
    case .greaterOrEqual: "≥"
    case .approximately: "≈"
    case .proportional: "∝"
    case .defines: ":="
    case .names: "=:"
    case .elementOf: "∈"
    case .subset: "⊂"
    case .arrow: "→"
    case .mapsTo: "↦"
    case .colon: ":"
    case .implies: "⇒"
    case .equivalent: "⇔"
    case .distributed: "∼"
    case .divides: "∣"
    case .muchLess: "≪"
    case .muchGreater: "≫"
    }
  }
}
