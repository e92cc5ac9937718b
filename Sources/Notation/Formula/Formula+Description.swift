extension Formula: CustomStringConvertible {
  /// An S-expression without the places, for tests and for people who look into the parser.
  package var description: String {
    switch kind {
    case .number(let digits): return digits
    case .identifier(let identifier): return identifier.description
    case .scripts(let base, let below, let above, let primes):
      var parts = [base.description]
      if let below { parts.append("_ \(below)") }
      if let above { parts.append("^ \(above)") }
      if primes > 0 { parts.append(String(repeating: "'", count: primes)) }
      return "(" + parts.joined(separator: " ") + ")"
    case .fenced(let fence, let content): return "(\(fence.sign) \(content))"
    case .juxtaposition(let factors): return Formula.form("·", factors)
    case .sum(let terms):
      return "(+ "
        + terms.map { ($0.isNegative ? "-" : "") + $0.term.description }
        .joined(separator: " ") + ")"
    case .binary(let sign, let left, let right): return Formula.form(sign.rawValue, [left, right])
    case .fraction(let numerator, let denominator):
      return Formula.form("/", [numerator, denominator])
    case .root(let content, let degree):
      return Formula.form("root", (degree.map { [$0] } ?? []) + [content])
    case .big(let sign, let below, let above, let body):
      var text = "(" + sign.rawValue
      if let below { text += " _ \(below)" }
      if let above { text += " ^ \(above)" }
      return text + " \(body))"
    case .matrix(let style, let rows):
      let lines = rows.map { "[" + $0.map { $0.description }.joined(separator: " ") + "]" }
      return "(\(style.rawValue)-matrix " + lines.joined(separator: " ") + ")"
    case .text(let words): return "\"\(words)\""
    case .dots(let dots): return "…" + dots.rawValue
    case .struck(let content): return "(struck \(content))"
    case .list(let items): return Formula.form("list", items)
    case .relations(let first, let members):
      return "(" + first.description
        + members.map { " \($0.sign.rawValue) \($0.formula)" }.joined() + ")"
    case .empty: return "()"
    case .unread(let text, let reason): return "(unread \(reason) \(text))"
    }
  }

  private static func form(_ head: String, _ parts: [Formula]) -> String {
    "(" + ([head] + parts.map { $0.description }).joined(separator: " ") + ")"
  }
}

extension Formula.Identifier: CustomStringConvertible {
  /// `W`, `bold:W`, `tilde:bold:C`
  package var description: String {
    decorations.map { $0.rawValue + ":" }.joined() + (font == .italic ? "" : font.rawValue + ":")
      + name
  }
}

extension Formula.Fence {
  fileprivate var sign: String {
    switch self {
    case .parentheses: "paren"
    case .brackets: "bracket"
    case .braces: "brace"
    case .angle: "angle"
    case .bars: "bars"
    case .doubleBars: "doubleBars"
    case .evaluated: "evaluated"
    case .floor: "floor"
    case .ceiling: "ceiling"
    case .halfOpen(let lower, let upper): (lower ? "[" : "(") + "," + (upper ? "]" : ")")
    }
  }
}

extension Formula.UnreadReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownCommand: "unknownCommand"
    case .missingClosing(let closing): "missingClosing(\(closing))"
    case .unexpectedClosing: "unexpectedClosing"
    case .missingOperand: "missingOperand"
    case .missingArgument: "missingArgument"
    case .tooDeep: "tooDeep"
    case .unexpectedCharacter: "unexpectedCharacter"
    }
  }
}
