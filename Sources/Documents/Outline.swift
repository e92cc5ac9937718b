import Notation

/// Words with the places of their bytes.
struct Words {
  var text: [UInt8] = []
  var map = OffsetMap.identity
  /// In the source.
  var end = 0

  /// Appends a byte that stands at `place` in the source; runs of blanks become one.
  mutating func append(_ byte: UInt8, at place: Int) {
    let byte = isSpace(byte) ? 32 : byte
    if byte == 32, text.last == 32 {
      end = place + 1
      return
    }
    map.mark(text.count, at: place)
    text.append(byte)
    end = place + 1
  }

  var span: Span { Span(map[0], end) }

  /// The words in a range, with their own places.
  func slice(_ range: Range<Int>) -> Words {
    var result = Words()
    result.text = Array(text[range])
    result.map = map.slice(range)
    result.end = range.upperBound == text.count ? end : map[range.upperBound - 1] + 1
    return result
  }

  var isBlank: Bool { text.allSatisfy { $0 == 32 } }
}

/// What the scanners hand over: runs of elements between blank lines and other borders, from which
/// blocks and sentences are made.
struct Outline {
  enum Element {
    case words(Words)
    case formula(FormulaText)
    case directive(Directive, Span)
  }

  struct Chunk {
    var kind: Block.Kind
    var elements: [Element] = []
    var proof: Int?
    /// Whether nothing but a blank line stands before it.
    var followsBlank = false
  }

  private let script: Script
  private var chunks: [Chunk] = []
  private var current = Chunk(kind: .paragraph)
  private var words = Words()
  private(set) var proof: Int?
  private var proofCount = 0
  var problems: [Manuscript.Problem] = []
  var isStruck = false

  init(_ script: Script) { self.script = script }

  var isEmptyChunk: Bool { current.elements.isEmpty && words.text.isEmpty }
  var kind: Block.Kind { current.kind }

  // Offsets handed over are offsets in the script's text.

  mutating func word(_ byte: UInt8, at place: Int) {
    if isStruck || isSpace(byte) && words.text.isEmpty && current.elements.isEmpty { return }
    words.append(byte, at: script.map[place])
  }

  /// A run of plain bytes. O(length).
  mutating func words(_ range: Range<Int>) {
    for i in range { word(script.text[i], at: i) }
  }

  /// Words that stand for something that is written otherwise.
  mutating func words(bytes text: StaticString, at place: Int) {
    for i in 0..<text.utf8CodeUnitCount { word(text.utf8Start[i], at: place) }
  }

  private mutating func flush() {
    if words.text.isEmpty { return }
    current.elements.append(.words(words))
    words = Words()
  }

  /// A formula whose content stands in the script as it is.
  mutating func formula(
    _ content: Range<Int>, outer: Range<Int>, isDisplay: Bool, environment: String? = nil,
    isDamaged: Bool = false, comments: [Range<Int>] = []
  ) {
    var formula = FormulaText(
      text: Array(script.text[content]), span: span(outer), contentSpan: span(content),
      map: script.map.slice(content), isDisplay: isDisplay, isStruck: isStruck,
      isDamaged: isDamaged, environment: environment)
    for comment in comments {
      for i in comment { formula.text[i - content.lowerBound] = 32 }
    }
    if isDamaged { problems.append(.unterminated(formula.span)) }
    add(formula)
  }

  /// A formula that had to be decoded.
  mutating func decodedFormula(
    _ text: [UInt8], map: OffsetMap, content: Range<Int>, outer: Range<Int>, isDisplay: Bool
  ) {
    add(
      FormulaText(
        text: text, span: span(outer), contentSpan: span(content),
        map: map.followed(by: script.map, count: text.count), isDisplay: isDisplay,
        isStruck: isStruck))
  }

  private mutating func add(_ formula: FormulaText) {
    if formula.text.allSatisfy(isSpace) { return }
    var formula = formula
    formula.extractLabels()
    flush()
    current.elements.append(.formula(formula))
  }

  /// Gives the last formula the number that was written behind it.
  mutating func label(_ text: String) {
    flush()
    guard case .formula(var formula)? = current.elements.last else { return }
    formula.labels.append(FormulaText.Label(text: text, offset: formula.text.count))
    current.elements[current.elements.count - 1] = .formula(formula)
  }

  mutating func directive(_ directive: Directive, outer: Range<Int>) {
    flush()
    current.elements.append(.directive(directive, span(outer)))
  }

  /// Ends the paragraph, the item, the heading.
  mutating func end(isBlank: Bool = false) {
    flush()
    if !current.elements.isEmpty {
      current.proof = proof
      chunks.append(current)
      current = Chunk(kind: .paragraph)
    } else {
      current.kind = .paragraph
    }
    current.followsBlank = isBlank && (current.followsBlank || !chunks.isEmpty)
  }

  /// Begins a block of a kind; what stood before is ended.
  mutating func begin(_ kind: Block.Kind) {
    end()
    current.kind = kind
    current.followsBlank = false
  }

  mutating func beginProof() {
    end()
    proofCount += 1
    proof = proofCount
  }

  mutating func endProof() {
    end()
    proof = nil
  }

  func span(_ range: Range<Int>) -> Span {
    Span(script.map[range.lowerBound], script.map[range.upperBound])
  }

  // From chunks to blocks.

  /// Chunks that are one paragraph are put together: a display within a sentence ends none.
  mutating func blocks() -> [Block] {
    end()
    var merged: [Chunk] = []
    /// Directives that stand alone wait for what they belong to.
    var waiting: Chunk?
    for chunk in chunks {
      let isOnlyDirectives = chunk.elements.allSatisfy {
        if case .directive = $0 { return true }
        return false
      }
      if isOnlyDirectives, chunk.kind == .paragraph {
        if waiting == nil { waiting = chunk } else { waiting?.elements += chunk.elements }
        continue
      }
      var next = chunk
      if let held = waiting {
        waiting = nil
        if next.kind == .paragraph {
          next.elements = held.elements + next.elements
          next.followsBlank = true
        } else {
          merged.append(held)
        }
      }
      if next.kind == .paragraph, next.followsBlank, let last = merged.last,
        last.proof == next.proof, continues(last, with: next)
      {
        merged[merged.count - 1].elements += next.elements
      } else {
        merged.append(next)
      }
    }
    if let waiting { merged.append(waiting) }
    return merged.compactMap { chunk in
      let sentences = Sentence.splitting(joined(chunk.elements))
      guard let first = sentences.first, let last = sentences.last else { return nil }
      return Block(
        kind: chunk.kind, sentences: sentences, proof: chunk.proof,
        span: first.span.union(last.span))
    }
  }

  /// Whether a blank line between the two stands within a sentence.
  private func continues(_ last: Chunk, with next: Chunk) -> Bool {
    switch last.kind {
    case .paragraph, .listItem, .boldLine: break
    case .heading: return false
    }
    guard let end = last.elements.last(where: isContent),
      let start = next.elements.first(where: isContent)
    else { return false }
    switch (end, start) {
    case (.words(let words), .formula(let formula)):
      return formula.isDisplay && !endsSentence(words.text)
    case (.formula(let before), .formula(let formula)):
      if !formula.isDisplay || formula.isStruck != before.isStruck { return false }
      return before.isDisplay
        ? formula.continuesFormula || endsWithComma(before.text) : !before.isDamaged
    case (.formula(let before), .words(let words)):
      return before.isDisplay && !endsSentence(before.text) && continuesSentence(words.text)
    default: return false
    }
  }

  /// Two formulas with nothing but a relation sign between them are one: `$a$ = $b$`.
  private func joined(_ elements: [Element]) -> [Element] {
    var result: [Element] = []
    for element in elements {
      guard case .formula(let right) = element, result.count >= 2,
        case .words(let words) = result[result.count - 1],
        case .formula(let left) = result[result.count - 2], !left.isDisplay || !right.isDisplay,
        left.isStruck == right.isStruck, !left.isDamaged, left.environment == nil,
        right.environment == nil, Outline.isRelation(trimmed(words.text[...]))
      else {
        result.append(element)
        continue
      }
      result.removeLast(2)
      result.append(.formula(left.joined(with: right, by: words)))
    }
    return result
  }

  private static func isRelation(_ text: [UInt8]) -> Bool {
    let string = String(decoding: text, as: UTF8.self)
    return relations.contains(string)
  }

  private static let relations: [String] = [
    "=", ":=", "<", ">", "\u{2248}", "\u{2260}", "\u{2264}", "\u{2265}", "\u{2208}", "\u{2192}",
  ]

  private func isContent(_ element: Element) -> Bool {
    switch element {
    case .words(let words): return !words.isBlank
    case .formula: return true
    case .directive: return false
    }
  }
}

extension FormulaText {
  /// Whether it begins with what belongs behind something: `= …`, `+ …`, `\cdot …`.
  package var continuesFormula: Bool {
    var i = 0
    while i < text.count, isSpace(text[i]) || text[i] == UInt8(ascii: "&") { i += 1 }
    guard i < text.count else { return false }
    if text[i] == UInt8(ascii: "=") || text[i] == UInt8(ascii: "+") { return true }
    if text[i] == UInt8(ascii: "-") || text[i] == UInt8(ascii: "<") { return true }
    if text[i] == UInt8(ascii: ">") { return true }
    guard text[i] == UInt8(ascii: "\\") else { return false }
    if matches(text, at: i, "\\quad") || matches(text, at: i, "\\qquad") {
      var rest = self
      rest.text = Array(text[(i + (matches(text, at: i, "\\quad") ? 5 : 6))...])
      return rest.continuesFormula
    }
    if matches(text, at: i, "\\begin{") {
      while i < text.count, text[i] != UInt8(ascii: "}") { i += 1 }
      var rest = self
      rest.text = Array(text[min(i + 1, text.count)...])
      return rest.continuesFormula
    }
    for command in FormulaText.joining where matches(text, at: i, command) {
      let end = i + command.utf8CodeUnitCount
      if end == text.count || !isLetter(text[end]) { return true }
    }
    return false
  }

  func joined(with right: FormulaText, by words: Words) -> FormulaText {
    var result = self
    result.map.append(words.map, at: result.text.count)
    result.text += words.text
    result.map.append(right.map, at: result.text.count)
    result.text += right.text
    result.span = span.union(right.span)
    result.contentSpan = contentSpan.union(right.contentSpan)
    result.isDisplay = isDisplay || right.isDisplay
    result.isDamaged = right.isDamaged
    result.labels += right.labels
    return result
  }

  private static let joining: [StaticString] = [
    "\\cdot", "\\times", "\\odot", "\\approx", "\\le", "\\leq", "\\ge", "\\geq", "\\neq", "\\ne",
    "\\equiv", "\\Rightarrow", "\\to", "\\rightarrow", "\\propto", "\\circ", "\\otimes", "\\in",
  ]
}
