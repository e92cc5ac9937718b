import Notation

/// Where one sentence ends and the next begins.
extension Sentence {
  static func splitting(_ elements: [Outline.Element]) -> [Sentence] {
    var splitter = SentenceSplitter()
    for (i, element) in elements.enumerated() {
      switch element {
      case .words(let words):
        splitter.add(words, nextIsFormula: i + 1 < elements.count)
      case .directive(let directive, let span):
        splitter.parts.append(.directive(directive, span))
      case .formula(let formula):
        splitter.parts.append(.formula(formula))
        if formula.isDisplay, endsSentence(after: i, in: elements) { splitter.end() }
      }
    }
    splitter.end()
    return splitter.sentences
  }

  /// Whether the display at the place is the end of its sentence.
  private static func endsSentence(after place: Int, in elements: [Outline.Element]) -> Bool {
    guard case .formula(let formula) = elements[place] else { return false }
    for element in elements[(place + 1)...] {
      switch element {
      case .directive: continue
      case .formula(let next):
        if endsWithComma(formula.text) { return false }
        return !next.isDisplay || !next.continuesFormula
          || Documents.endsSentence(formula.text)
      case .words(let words):
        if words.isBlank { continue }
        if Documents.endsSentence(formula.text) { return !startsLowercase(words.text) }
        return !endsWithComma(formula.text) && !continuesSentence(words.text)
      }
    }
    return false
  }
}

private struct SentenceSplitter {
  var parts: [Part] = []
  var sentences: [Sentence] = []

  /// Takes words in, cutting them at full stops.
  mutating func add(_ words: Words, nextIsFormula: Bool) {
    let text = words.text
    var start = 0
    var i = 0
    while i < text.count {
      let (value, length) = scalar(text, at: i)
      let end = i + length
      var isStop = false
      if value == 0x3002 || value == 0xFF01 || value == 0xFF1F || value == 0xFF0E {
        isStop = true
      } else if value == 0x2E || value == 0x21 || value == 0x3F {
        isStop = isFullStop(text, at: i, nextIsFormula: nextIsFormula)
      }
      if isStop {
        var after = end
        while after < text.count, isClosing(scalar(text, at: after).value) {
          after += scalar(text, at: after).length
        }
        append(words.slice(start..<after))
        self.end()
        start = after
        i = after
      } else {
        i = end
      }
    }
    if start < text.count { append(words.slice(start..<text.count)) }
  }

  private mutating func append(_ words: Words) {
    if words.isBlank { return }
    parts.append(.text(String(decoding: words.text, as: UTF8.self), words.span))
  }

  mutating func end() {
    guard var span = parts.first?.span else { return }
    for part in parts { span = span.union(part.span) }
    sentences.append(Sentence(parts: parts, span: span))
    parts = []
  }

  private func isClosing(_ value: UInt32) -> Bool {
    value == 0x29 || value == 0x22 || value == 0x201D || value == 0x300D || value == 0xFF09
  }

  private func isFullStop(_ text: [UInt8], at place: Int, nextIsFormula: Bool) -> Bool {
    var next = place + 1
    while next < text.count, text[next] == 0x29 || text[next] == 0x22 { next += 1 }
    if next == text.count { return !nextIsFormula || !isAbbreviation(text, at: place) }
    let (value, length) = scalar(text, at: next)
    if isIdeographic(value) || value == 0x201C { return true }
    guard text[next] == 32 else { return false }
    if next + length < text.count {
      let following = scalar(text, at: next + length).value
      if following < 0x80, isLowercase(UInt8(following)) { return false }
    }
    return !isAbbreviation(text, at: place)
  }

  private func isAbbreviation(_ text: [UInt8], at place: Int) -> Bool {
    if text[place] != UInt8(ascii: ".") { return false }
    var start = place
    while start > 0, isLetter(text[start - 1]) || text[start - 1] == UInt8(ascii: ".") {
      start -= 1
    }
    let word = text[start..<place].map { isUppercase($0) ? $0 + 32 : $0 }
    if word.count == 1 { return word[0] != UInt8(ascii: "i") }
    let string = String(decoding: word, as: UTF8.self)
    return SentenceSplitter.abbreviations.contains(string)
  }

  private static let abbreviations: [String] = [
    "e.g", "i.e", "eq", "eqs", "fig", "figs", "ex", "exs", "cf", "vs", "resp", "approx", "sec",
    "no", "thm", "prop", "def", "w.r.t", "a.e", "i.i.d", "ca", "etc", "al", "dr", "prof", "s.t",
    "z.b", "d.h", "bzw", "usw", "abb", "gl", "vgl", "nr", "bzgl", "o.b.d.a", "u.a", "i.a", "s.o",
  ]
}

/// Whether the text ends with a full stop (spacing commands and an environment's end left aside).
func endsSentence(_ text: [UInt8]) -> Bool {
  guard let place = lastMark(text) else { return false }
  let byte = text[place]
  if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?") {
    return !(place > 0 && text[place - 1] == UInt8(ascii: "."))
  }
  return matches(text, at: place - 2, "\u{3002}") || matches(text, at: place - 2, "\u{FF01}")
    || matches(text, at: place - 2, "\u{FF1F}")
}

/// Whether the text ends with a comma or a semicolon, so that more must follow.
func endsWithComma(_ text: [UInt8]) -> Bool {
  guard let place = lastMark(text) else { return false }
  return text[place] == UInt8(ascii: ",") || text[place] == UInt8(ascii: ";")
    || matches(text, at: place - 2, "\u{FF0C}") || matches(text, at: place - 2, "\u{FF1B}")
}

/// The last byte that is written, not counting blanks, `\,` and `\end{…}`.
private func lastMark(_ text: [UInt8]) -> Int? {
  var end = text.count
  while end > 0 {
    let byte = text[end - 1]
    if isSpace(byte) {
      end -= 1
    } else if end >= 2, text[end - 2] == UInt8(ascii: "\\"), !isLetter(byte), byte != 92 {
      end -= 2
    } else if matches(text, at: end - 2, "\\\\") {
      end -= 2
    } else if byte == UInt8(ascii: "}") {
      var open = end - 1
      while open > 0, text[open] != UInt8(ascii: "{") { open -= 1 }
      guard matches(text, at: open - 4, "\\end") else { return end - 1 }
      end = open - 4
    } else {
      return end - 1
    }
  }
  return nil
}

private func startsLowercase(_ text: [UInt8]) -> Bool {
  guard let first = text.first(where: { $0 != 32 }) else { return false }
  return isLowercase(first) || first == UInt8(ascii: ",") || first == UInt8(ascii: ";")
}

/// Whether words after a display go on with the sentence before it.
func continuesSentence(_ text: [UInt8]) -> Bool {
  var i = 0
  while i < text.count, text[i] == 32 { i += 1 }
  guard i < text.count else { return false }
  let value = scalar(text, at: i).value
  if value < 0x80 {
    if isUppercase(UInt8(value)) { return false }
    if isLetter(UInt8(value)) { return true }
    // A mark of punctuation belongs to what stands before it; an opening bracket may not.
    return value != 0x28 && value != 0x5B && !isDigit(UInt8(value))
  }
  if (0xC0...0x24F).contains(value) { return true }
  if !isIdeographic(value) { return false }
  if (0x3000...0x303F).contains(value) || (0xFF00...0xFFEF).contains(value) {
    return value != 0xFF08 && value != 0x3010
  }
  for word in continuations {
    let bytes = Array(word.utf8)
    if i + bytes.count <= text.count, Array(text[i..<(i + bytes.count)]) == bytes { return true }
  }
  return false
}

private let continuations = [
  "其中", "即", "和", "以及", "且", "并且", "并", "与", "或", "时", "成立", "的", "也就是", "这里",
  "所以有", "对所有",
]
