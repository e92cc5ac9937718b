/// The macros that a document defines.
package struct MacroTable: Sendable {
  struct Macro: Sendable {
    var parameters: Int
    /// The first parameter's value where `[…]` does not give one.
    var optionalDefault: [UInt8]?
    var body: [UInt8]
  }

  /// In the order of their definition, later ones winning.
  private var definitions: [(name: [UInt8], macro: Macro)] = []
  private var positions: [[UInt8]: Int] = [:]

  package init() {}

  package var isEmpty: Bool { definitions.isEmpty }

  /// Defines `\name`; a later definition replaces an earlier one.
  /// - Parameter name: with or without its backslash.
  package mutating func define(
    _ name: String, parameters: Int = 0, optionalDefault: String? = nil, body: String
  ) {
    var name = Array(name.utf8)
    if name.first == UInt8(ascii: "\\") { name.removeFirst() }
    self[name] = Macro(
      parameters: parameters, optionalDefault: optionalDefault.map { Array($0.utf8) },
      body: Array(body.utf8))
  }

  /// Adds the definitions of `other`, which win.
  package mutating func merge(_ other: MacroTable) {
    for definition in other.definitions { self[definition.name] = definition.macro }
  }

  subscript(name: [UInt8]) -> Macro? {
    get { positions[name].map { definitions[$0].macro } }
    set {
      guard let newValue else { return }
      positions[name] = definitions.count
      definitions.append((name, newValue))
    }
  }

  /// The macros that a TeX or Markdown source defines, and where the definitions stand.
  /// Linear in the text.
  package static func reading(_ source: [UInt8]) -> (table: MacroTable, spans: [Span]) {
    var table = MacroTable()
    var spans: [Span] = []
    var index = 0
    while index < source.count {
      switch source[index] {
      case UInt8(ascii: "%"):
        while index < source.count, source[index] != 10 { index += 1 }
      case UInt8(ascii: "\\"):
        var reader = DefinitionReader(source: source, position: index)
        if reader.read(into: &table) {
          spans.append(Span(index, reader.position))
          index = reader.position
        } else {
          index += 2
        }
      default: index += 1
      }
    }
    return (table, spans)
  }
}

/// Reads one definition: `\newcommand`, `\def`, `\let`, `\DeclareMathOperator` and their like.
struct DefinitionReader {
  let source: [UInt8]
  var position: Int

  /// True where a definition stands at `position`, which then is after it.
  mutating func read(into table: inout MacroTable) -> Bool {
    let start = position
    guard let command = controlWord(), DefinitionReader.isDefinition(command) else {
      return reset(start)
    }
    if byte() == UInt8(ascii: "*") { position += 1 }
    let isRead: Bool
    switch command {
    case "newcommand", "renewcommand", "providecommand", "DeclareRobustCommand":
      isRead = newCommand(&table)
    case "DeclareMathOperator": isRead = mathOperator(&table)
    case "def", "gdef", "edef", "xdef": isRead = definition(&table)
    case "let": isRead = alias(&table)
    default: isRead = false
    }
    return isRead || reset(start)
  }

  /// Whether `\name` begins a definition.
  static func isDefinition(_ name: String) -> Bool {
    switch name {
    case "newcommand", "renewcommand", "providecommand", "DeclareRobustCommand",
      "DeclareMathOperator", "def", "gdef", "edef", "xdef", "let":
      true
    default: false
    }
  }

  private mutating func reset(_ start: Int) -> Bool {
    position = start
    return false
  }

  private func byte() -> UInt8? { position < source.count ? source[position] : nil }

  private mutating func skipSpaces() {
    while let next = byte(), next <= 32 { position += 1 }
  }

  private mutating func controlWord() -> String? {
    guard byte() == UInt8(ascii: "\\") else { return nil }
    let start = position + 1
    position = start
    while let next = byte(), Lexer.isLetter(next) { position += 1 }
    return position == start ? nil : String(decoding: source[start..<position], as: UTF8.self)
  }

  /// `\name` or `{\name}`
  private mutating func name() -> [UInt8]? {
    skipSpaces()
    let isGrouped = byte() == UInt8(ascii: "{")
    if isGrouped { position += 1 }
    skipSpaces()
    guard let name = controlWord() else { return nil }
    skipSpaces()
    if isGrouped {
      guard byte() == UInt8(ascii: "}") else { return nil }
      position += 1
    }
    return Array(name.utf8)
  }

  /// The bytes in `open … close`, nested ones included.
  private mutating func group(_ open: UInt8, _ close: UInt8) -> [UInt8]? {
    skipSpaces()
    guard byte() == open else { return nil }
    let start = position + 1
    var depth = 0
    while let next = byte(), position < start + 8192 {
      position += 1
      if next == UInt8(ascii: "\\") {
        position += 1
      } else if next == open {
        depth += 1
      } else if next == close {
        depth -= 1
        if depth == 0 { return Array(source[start..<position - 1]) }
      }
    }
    return nil
  }

  private mutating func newCommand(_ table: inout MacroTable) -> Bool {
    guard let name = name() else { return false }
    var macro = MacroTable.Macro(parameters: 0, optionalDefault: nil, body: [])
    if let count = group(91, 93) {
      guard count.count == 1, Lexer.isDigit(count[0]) else { return false }
      macro.parameters = Int(count[0]) - 48
      macro.optionalDefault = group(91, 93)
    }
    guard let body = group(123, 125) else { return false }
    macro.body = body
    table[name] = macro
    return true
  }

  private mutating func mathOperator(_ table: inout MacroTable) -> Bool {
    guard let name = name(), let body = group(123, 125) else { return false }
    table[name] = MacroTable.Macro(
      parameters: 0, optionalDefault: nil, body: Array("\\operatorname{".utf8) + body + [125])
    return true
  }

  private mutating func definition(_ table: inout MacroTable) -> Bool {
    guard let name = name() else { return false }
    var parameters = 0
    while byte() == UInt8(ascii: "#"), position + 1 < source.count,
      source[position + 1] == UInt8(49 + parameters)
    {
      parameters += 1
      position += 2
    }
    guard let body = group(123, 125) else { return false }
    table[name] = MacroTable.Macro(parameters: parameters, optionalDefault: nil, body: body)
    return true
  }

  private mutating func alias(_ table: inout MacroTable) -> Bool {
    guard let name = name() else { return false }
    skipSpaces()
    if byte() == UInt8(ascii: "=") { position += 1 }
    skipSpaces()
    let start = position
    if let target = controlWord() {
      table[name] =
        table[Array(target.utf8)]
        ?? MacroTable.Macro(
          parameters: 0, optionalDefault: nil, body: Array(source[start..<position]))
      return true
    }
    guard position < source.count else { return false }
    position += Lexer.decode(source, at: position)?.1 ?? 1
    table[name] = MacroTable.Macro(
      parameters: 0, optionalDefault: nil, body: Array(source[start..<position]))
    return true
  }
}
