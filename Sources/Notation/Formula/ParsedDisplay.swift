/// A label that stands within a formula.
package struct StatementLabel: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `\tag{4}`, `\quad (4)`, `4>`, ④: what readers see.
    case number
    /// `\label{eq:step}`
    case key
  }
  package var kind: Kind
  package var text: String
  package var span: Span

  init(_ kind: Kind, _ text: String, _ span: Span) {
    self.kind = kind
    self.text = text
    self.span = span
  }
}

/// A formula with what stands beside it: labels, and backslashes that had to be put back.
package struct ParsedDisplay: Sendable {
  package var formula: Formula
  /// In the order of the text; a display of several lines may have several.
  package var labels: [StatementLabel]
  package var repairs: [Repair]

  /// The first label that readers see, else the first key.
  package var label: StatementLabel? {
    labels.first { $0.kind == .number } ?? labels.first
  }

  /// Reads a formula without its delimiters. Total; linear in the text, whose nesting is cut at a
  /// fixed depth. Spans are byte offsets in `text`; what a macro produces has the span of its call.
  package init(parsing text: [UInt8], macros: MacroTable = MacroTable()) {
    var lexer = Lexer(ExpandedText(text, macros: macros))
    lexer.run()
    labels = lexer.labels
    repairs = lexer.repairs
    var lines = Lines(tokens: lexer.tokens, text: text)
    lines.arrange(labels: &labels, repairs: &repairs)
    var parser = Parser(tokens: Fences.matched(lines.tokens), text: text)
    formula = parser.formula()
  }

  package init(parsing text: String, macros: MacroTable = MacroTable()) {
    self.init(parsing: Array(text.utf8), macros: macros)
  }
}

extension Formula {
  /// Reads a formula without its delimiters; see `ParsedDisplay`.
  package init(parsing text: String, macros: MacroTable = MacroTable()) {
    self = ParsedDisplay(parsing: text, macros: macros).formula
  }

  package init(parsing text: [UInt8], macros: MacroTable = MacroTable()) {
    self = ParsedDisplay(parsing: text, macros: macros).formula
  }
}
