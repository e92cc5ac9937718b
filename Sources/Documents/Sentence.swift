import Notation

/// Words, formulas and directives up to a full stop. A display within it does not end it.
package struct Sentence: Sendable {
  /// In order; formulas are named by their indices here.
  package var parts: [Part]
  /// From its first part to its last, in the source.
  package var span: Span

  /// The formulas with their indices among the parts.
  package var formulas: [(part: Int, formula: FormulaText)] {
    var found: [(part: Int, formula: FormulaText)] = []
    for (i, part) in parts.enumerated() {
      if case .formula(let formula) = part { found.append((part: i, formula: formula)) }
    }
    return found
  }
}

/// A piece of a sentence.
package enum Part: Sendable {
  /// Words, blanks squeezed, without markup.
  case text(String, Span)
  case formula(FormulaText)
  case directive(Directive, Span)

  /// Where it stands in the source.
  package var span: Span {
    switch self {
    case .text(_, let span), .directive(_, let span): return span
    case .formula(let formula): return formula.span
    }
  }
}

/// A formula as it was found: its own source, decoded, and where it stands.
package struct FormulaText: Hashable, Sendable {
  /// A statement's number, and where it stood in `text` (it is blanked out there).
  package struct Label: Hashable, Sendable {
    /// `17`, `2.3`, `eq:step`.
    package var text: String
    /// In the text of the formula.
    package var offset: Int
  }

  /// The maths without its delimiters; labels and comments are blanked out.
  package var text: [UInt8]
  /// In the source, delimiters included.
  package var span: Span
  /// In the source, without them.
  package var contentSpan: Span
  /// From offsets in `text` to offsets in the source.
  package var map: OffsetMap
  /// Set off from the words: a display, an environment, an image on a line of its own.
  package var isDisplay = false
  /// Struck out in the text around it: retracted.
  package var isStruck = false
  /// The closing delimiter is missing.
  package var isDamaged = false
  /// All numbers that stand beside it, in order.
  package var labels: [Label] = []
  /// `align`, `equation*`: the environment that delimits it.
  package var environment: String?

  /// The statement's number: `17`, `2.3`, `eq:step`.
  package var label: String? { labels.last?.text }

  /// The text as a string.
  package var string: String { String(decoding: text, as: UTF8.self) }

  /// Whether it ends within a group.
  var isCutOff: Bool {
    var (depth, isEscaped) = (0, false)
    for byte in text {
      if !isEscaped, byte == UInt8(ascii: "{") { depth += 1 }
      if !isEscaped, byte == UInt8(ascii: "}") { depth -= 1 }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    }
    return depth > 0
  }

  /// A place in `text` as a place in the source.
  package func sourceSpan(_ span: Span) -> Span { Span(map[span.start], map[span.end]) }
}
