/// A formula with its macros written out; every byte knows where the author wrote it.
struct ExpandedText {
  /// A byte with its place: its own, or that of the macro's call it comes from.
  struct Sourced {
    var byte: UInt8
    var span: Span
  }

  private(set) var bytes: [UInt8]
  /// Empty where nothing was expanded: every byte stands in its own place.
  private var places: [Span] = []

  /// Linear in the text and what its macros produce, which is bounded.
  init(_ text: [UInt8], macros: MacroTable) {
    guard ExpandedText.needsExpansion(text, macros) else {
      bytes = text
      return
    }
    var expansion = MacroExpansion(macros: macros, limit: 65536 + 8 * text.count)
    expansion.expand(
      text.indices.map { Sourced(byte: text[$0], span: Span($0, $0 + 1)) }, depth: 0)
    bytes = expansion.output.map { $0.byte }
    places = expansion.output.map { $0.span }
  }

  /// Where the bytes from `start` to before `end` stand in the author's text.
  func span(_ start: Int, _ end: Int) -> Span {
    guard !places.isEmpty else { return Span(start, end) }
    guard start < places.count else {
      let last = places[places.count - 1].end
      return Span(last, last)
    }
    return end > start ? places[start].union(places[end - 1]) : places[start]
  }

  private static func needsExpansion(_ text: [UInt8], _ macros: MacroTable) -> Bool {
    if !macros.isEmpty { return text.contains(UInt8(ascii: "\\")) }
    var scratch = MacroTable()
    for index in text.indices where text[index] == UInt8(ascii: "\\") {
      guard index + 1 < text.count else { return false }
      switch text[index + 1] {
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "p"), UInt8(ascii: "D"),
        UInt8(ascii: "d"), UInt8(ascii: "g"), UInt8(ascii: "e"), UInt8(ascii: "x"),
        UInt8(ascii: "l"):
        var reader = DefinitionReader(source: text, position: index)
        if reader.read(into: &scratch) { return true }
      default: break
      }
    }
    return false
  }
}

/// Replaces calls by bodies, as TeX does, byte by byte.
private struct MacroExpansion {
  typealias Sourced = ExpandedText.Sourced

  var macros: MacroTable
  let limit: Int
  var calls = 0
  var output: [Sourced] = []

  static let depthLimit = 32
  static let callLimit = 20_000

  init(macros: MacroTable, limit: Int) {
    self.macros = macros
    self.limit = limit
  }

  mutating func expand(_ input: [Sourced], depth: Int) {
    var index = 0
    while index < input.count {
      guard input[index].byte == UInt8(ascii: "\\") else {
        output.append(input[index])
        index += 1
        continue
      }
      var end = index + 1
      while end < input.count, Lexer.isLetter(input[end].byte) { end += 1 }
      if end == index + 1 {
        output.append(contentsOf: input[index..<min(input.count, index + 2)])
        index += 2
        continue
      }
      let name = input[index + 1..<end].map { $0.byte }
      if depth == 0, let next = define(input, at: index, name) {
        index = next
        continue
      }
      guard let macro = macros[name], depth < MacroExpansion.depthLimit,
        calls < MacroExpansion.callLimit, output.count < limit,
        let (replacement, next) = call(macro, input, from: index, after: end)
      else {
        output.append(contentsOf: input[index..<end])
        index = end
        continue
      }
      calls += 1
      let place = input[index].span.union(input[next - 1].span)
      let gap = Sourced(byte: 32, span: place)
      output.append(gap)
      expand(replacement, depth: depth + 1)
      output.append(gap)
      index = next
    }
  }

  /// The index after a definition that stands within the formula.
  private mutating func define(_ input: [Sourced], at index: Int, _ name: [UInt8]) -> Int? {
    guard DefinitionReader.isDefinition(String(decoding: name, as: UTF8.self)) else { return nil }
    let window = input[index..<min(input.count, index + 10_000)].map { $0.byte }
    var reader = DefinitionReader(source: window, position: 0)
    return reader.read(into: &macros) ? index + reader.position : nil
  }

  private func call(
    _ macro: MacroTable.Macro, _ input: [Sourced], from start: Int, after end: Int
  ) -> ([Sourced], Int)? {
    var index = end
    var arguments: [[Sourced]] = []
    if let standard = macro.optionalDefault, macro.parameters > 0 {
      var next = index
      while next < input.count, input[next].byte <= 32 { next += 1 }
      if next < input.count, input[next].byte == UInt8(ascii: "["),
        let close = input[next...].firstIndex(where: { $0.byte == UInt8(ascii: "]") })
      {
        arguments.append(Array(input[next + 1..<close]))
        index = close + 1
      } else {
        let place = input[start].span.union(input[end - 1].span)
        arguments.append(standard.map { Sourced(byte: $0, span: place) })
      }
    }
    while arguments.count < macro.parameters {
      guard let (argument, next) = self.argument(input, from: index) else { return nil }
      arguments.append(argument)
      index = next
    }
    let place = input[start].span.union(input[index - 1].span)
    var result: [Sourced] = []
    var position = 0
    while position < macro.body.count {
      let byte = macro.body[position]
      position += 1
      if byte == UInt8(ascii: "#"), position < macro.body.count,
        macro.body[position] > 48, Int(macro.body[position]) - 48 <= arguments.count
      {
        result.append(contentsOf: arguments[Int(macro.body[position]) - 49])
        position += 1
      } else {
        result.append(Sourced(byte: byte, span: place))
      }
    }
    return (result, index)
  }

  private func argument(_ input: [Sourced], from start: Int) -> ([Sourced], Int)? {
    var index = start
    while index < input.count, input[index].byte <= 32 { index += 1 }
    guard index < input.count, input[index].byte != UInt8(ascii: "}") else { return nil }
    let first = index
    index += 1
    if input[first].byte == UInt8(ascii: "{") {
      var depth = 1
      while index < input.count, index < first + 8192 {
        switch input[index].byte {
        case UInt8(ascii: "\\"): index += 1
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"): depth -= 1
        default: break
        }
        index += 1
        if depth == 0 { return (Array(input[first + 1..<index - 1]), index) }
      }
      return nil
    }
    if input[first].byte == UInt8(ascii: "\\") {
      if index < input.count { index += 1 }
      if Lexer.isLetter(input[index - 1].byte) {
        while index < input.count, Lexer.isLetter(input[index].byte) { index += 1 }
      }
    } else {
      while index < input.count, input[index].byte & 0xC0 == 0x80 { index += 1 }
    }
    return (Array(input[first..<index]), index)
  }
}
