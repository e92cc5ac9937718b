import Notation

/// Finds the blocks of a Markdown text; what stands within them is in `Markdown+Inline`.
///
/// One pass. Read: headings, lists, fences, comments, images, code, struck-out text, links, tables'
/// rules and front matter. Indented code is none here: authors indent their formulas.
struct MarkdownScanner {
  let text: [UInt8]
  var outline: Outline
  var i = 0
  /// The end of the paragraph that `i` stands in, once it has been looked for.
  var paragraphEnd = 0
  /// Where the heading's line ends, inside of one.
  var headingEnd: Int?
  /// The line that underlines the heading just read.
  private var underlineStart = -1
  /// Where the brackets of links close whose text is being read.
  var linkEnds: [(close: Int, resume: Int)] = []

  /// The single dollars of the paragraph, so that each is looked at once.
  struct Dollars {
    var places: [Int] = []
    var next = 0
    /// How far they have been listed, and for which end of the paragraph.
    var end = -1
    var limit = -1
    init(limit: Int = -1) { self.limit = limit }
  }
  var dollars = Dollars()
  /// Up to here no `\)` closes anything.
  var unclosedUntil = 0
  var linkBorder = -1

  init(_ script: Script, into outline: Outline) {
    text = script.text
    self.outline = outline
  }

  mutating func run() {
    skipFrontMatter()
    var isLineStart = true
    while i < text.count {
      if let end = headingEnd, i >= end {
        headingEnd = nil
        outline.end()
      }
      if isLineStart {
        isLineStart = false
        if scanLineStart() {
          isLineStart = true
          continue
        }
        if i >= text.count { break }
      }
      let before = i
      scanInline()
      isLineStart = i > before && text[i - 1] == UInt8(ascii: "\n")
    }
    outline.end()
  }

  /// Handles what only the start of a line can be. True if the whole line is done with.
  private mutating func scanLineStart() -> Bool {
    let start = i
    if i == underlineStart {
      i = min(endOfLine(from: i) + 1, text.count)
      return true
    }
    var first = i
    while first < text.count, isBlank(text[first]) { first += 1 }
    if first == text.count {
      i = first
      return true
    }
    let byte = text[first]
    switch byte {
    case UInt8(ascii: "\n"):
      i = first + 1
      outline.isStruck = false
      outline.end(isBlank: true)
      return true
    case UInt8(ascii: "`"), UInt8(ascii: "~"):
      if let fence = fence(at: first) {
        scan(fence)
        return true
      }
    case UInt8(ascii: "#"):
      var level = 0
      while first + level < text.count, text[first + level] == byte { level += 1 }
      let after = first + level
      if level <= 6, after == text.count || isSpace(text[after]) {
        outline.begin(.heading(level: level))
        i = after
        headingEnd = endOfLine(from: after)
        return false
      }
    case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "_"):
      if isRule(at: first) {
        i = min(endOfLine(from: first) + 1, text.count)
        outline.end()
        return true
      }
    case UInt8(ascii: "["):
      if let content = footnote(at: first) {
        outline.begin(.paragraph)
        i = content
        return false
      }
      if isReference(at: first) {
        i = min(endOfLine(from: first) + 1, text.count)
        return true
      }
    case UInt8(ascii: "|"), UInt8(ascii: ":"):
      if isTableRule(at: first) {
        i = min(endOfLine(from: first) + 1, text.count)
        return true
      }
    default: break
    }
    if let level = underline(below: first), outline.isEmptyChunk {
      outline.begin(.heading(level: level))
      headingEnd = endOfLine(from: first)
      underlineStart = endOfLine(from: first) + 1
      i = first
      return false
    }
    if let after = itemMarker(at: first, isFresh: outline.isEmptyChunk) {
      outline.begin(.listItem)
      i = after
      return false
    }
    if outline.isEmptyChunk, matches(text, at: first, "**"), outline.kind == .paragraph {
      if let after = boldMarker(at: first) {
        outline.begin(after.isItem ? .listItem : .boldLine)
        i = after.resume
        return false
      }
    }
    // A line break between words.
    if start > 0 { outline.word(32, at: start - 1) }
    i = first
    return false
  }

  // Blocks.

  private struct Fence {
    var mark: UInt8
    var length: Int
    var isMath: Bool
    /// The first byte of the content.
    var content: Int
    var start: Int
  }

  private func fence(at start: Int) -> Fence? {
    let mark = text[start]
    var end = start
    while end < text.count, text[end] == mark { end += 1 }
    if end - start < 3 { return nil }
    let line = endOfLine(from: end)
    let info = trimmed(text[end..<line])
    if info.contains(UInt8(ascii: "`")) { return nil }
    let word = info.prefix { isLetter($0) }
    return Fence(
      mark: mark, length: end - start, isMath: Array(word) == Array("math".utf8),
      content: min(line + 1, text.count), start: start)
  }

  private mutating func scan(_ fence: Fence) {
    var line = fence.content
    while line < text.count {
      var first = line
      while first < text.count, isBlank(text[first]) { first += 1 }
      var end = first
      while end < text.count, text[end] == fence.mark { end += 1 }
      let lineEnd = endOfLine(from: line)
      if end - first >= fence.length, text[end..<lineEnd].allSatisfy(isBlank) {
        if fence.isMath {
          outline.formula(
            fence.content..<max(fence.content, line - 1), outer: fence.start..<end,
            isDisplay: true)
        } else {
          outline.end()
        }
        i = min(lineEnd + 1, text.count)
        return
      }
      line = min(lineEnd + 1, text.count)
    }
    let end = text.count
    outline.problems.append(.unclosed(outline.span(fence.start..<min(fence.content, end))))
    if fence.isMath {
      outline.formula(
        fence.content..<end, outer: fence.start..<end, isDisplay: true, isDamaged: true)
    }
    i = end
    outline.end()
  }

  private func isRule(at start: Int) -> Bool {
    let mark = text[start]
    var count = 0
    var j = start
    while j < text.count, text[j] != UInt8(ascii: "\n") {
      if text[j] == mark { count += 1 } else if !isBlank(text[j]) { return false }
      j += 1
    }
    return count >= 3
  }

  private func isTableRule(at start: Int) -> Bool {
    var hasDash = false
    for byte in text[start..<endOfLine(from: start)] {
      switch byte {
      case UInt8(ascii: "-"): hasDash = true
      case UInt8(ascii: "|"), UInt8(ascii: ":"), 32, 9: break
      default: return false
      }
    }
    return hasDash
  }

  /// Behind `[^name]:`, where the text of a footnote begins.
  private func footnote(at start: Int) -> Int? {
    guard matches(text, at: start, "[^") else { return nil }
    var j = start + 2
    while j < text.count, text[j] != UInt8(ascii: "]"), text[j] != UInt8(ascii: "\n") { j += 1 }
    return matches(text, at: j, "]:") ? j + 2 : nil
  }

  /// `[name]: address`
  private func isReference(at start: Int) -> Bool {
    var j = start + 1
    while j < text.count, text[j] != UInt8(ascii: "]"), text[j] != UInt8(ascii: "\n") { j += 1 }
    return matches(text, at: j, "]: ")
  }

  /// The level of a heading that is underlined on the next line.
  private func underline(below start: Int) -> Int? {
    let next = endOfLine(from: start) + 1
    guard next < text.count else { return nil }
    let mark = text[next]
    guard mark == UInt8(ascii: "=") || mark == UInt8(ascii: "-") else { return nil }
    let line = trimmed(text[next..<endOfLine(from: next)])
    guard line.count >= 2, line.allSatisfy({ $0 == mark }) else { return nil }
    if text[start] == UInt8(ascii: "$") || matches(text, at: start, "\\[") { return nil }
    return mark == UInt8(ascii: "=") ? 1 : 2
  }

  /// Behind `- `, `3. `, `2) `, `(a) `; numbers and letters only at the start of a paragraph or
  /// right behind another item.
  private func itemMarker(at start: Int, isFresh: Bool) -> Int? {
    let byte = text[start]
    func isGap(_ place: Int) -> Bool {
      place < text.count && isSpace(text[place]) || place == text.count
    }
    if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "+") {
      return isGap(start + 1) ? start + 1 : nil
    }
    guard isFresh || outline.kind == .listItem else { return nil }
    var j = start
    if byte == UInt8(ascii: "(") {
      j += 1
      let inner = j
      while j < text.count, isDigit(text[j]) || isLetter(text[j]) { j += 1 }
      guard j > inner, j - inner <= 4, j < text.count, text[j] == UInt8(ascii: ")"), isGap(j + 1),
        isDigit(text[inner]) && isDigit(text[j - 1]) || j == inner + 1
          || isNumeral(text[inner..<j])
      else { return nil }
      return j + 1
    }
    while j < text.count, isDigit(text[j]) { j += 1 }
    if j == start, isLetter(byte) { j += 1 }
    guard j > start, j - start <= 3, j < text.count, isGap(j + 1) else { return nil }
    if text[j] == UInt8(ascii: ")") { return j + 1 }
    return text[j] == UInt8(ascii: ".") && isDigit(byte) ? j + 1 : nil
  }

  private func isNumeral(_ letters: ArraySlice<UInt8>) -> Bool {
    letters.allSatisfy {
      $0 == UInt8(ascii: "i") || $0 == UInt8(ascii: "v") || $0 == UInt8(ascii: "x")
    }
  }

  /// `**(a)**` is an item; any other line that is bold from its start may be a heading.
  private func boldMarker(at start: Int) -> (isItem: Bool, resume: Int)? {
    if start + 2 < text.count, text[start + 2] == UInt8(ascii: "(") {
      var j = start + 3
      while j < text.count, isLetter(text[j]) || isDigit(text[j]) { j += 1 }
      if j > start + 3, j <= start + 7, matches(text, at: j, ")**") {
        return (isItem: true, resume: j + 3)
      }
    }
    let line = trimmed(text[start..<endOfLine(from: start)])
    let isWhole = line.count > 4 && matches(line, at: line.count - 2, "**")
    return isWhole ? (isItem: false, resume: start) : nil
  }

  private mutating func skipFrontMatter() {
    guard matches(text, at: 0, "---\n") else { return }
    var line = 4
    while line < text.count {
      let end = endOfLine(from: line)
      if trimmed(text[line..<end]) == Array("---".utf8) {
        i = min(end + 1, text.count)
        return
      }
      if !text[line..<end].contains(UInt8(ascii: ":")), !isBlank(text[line]), line != end,
        text[line] != UInt8(ascii: "-")
      {
        return
      }
      line = end + 1
    }
  }

  // Places.

  func endOfLine(from start: Int) -> Int {
    var j = start
    while j < text.count, text[j] != UInt8(ascii: "\n") { j += 1 }
    return j
  }

  /// Where the paragraph around `i` ends: before a blank line, a heading, a fence or an item.
  mutating func endOfParagraph() -> Int {
    if let end = headingEnd { return end }
    if i < paragraphEnd { return paragraphEnd }
    var line = endOfLine(from: i)
    while line < text.count {
      var first = line + 1
      while first < text.count, isBlank(text[first]) { first += 1 }
      if first >= text.count || text[first] == UInt8(ascii: "\n") { break }
      if matches(text, at: first, "```") || matches(text, at: first, "~~~") { break }
      if text[first] == UInt8(ascii: "#"), isHeading(at: first) { break }
      if matches(text, at: first, "* ") || matches(text, at: first, "<!-- leibniz:") { break }
      line = endOfLine(from: first)
    }
    paragraphEnd = min(line, text.count)
    return paragraphEnd
  }

  private func isHeading(at start: Int) -> Bool {
    var j = start
    while j < text.count, text[j] == UInt8(ascii: "#") { j += 1 }
    return j - start <= 6 && j < text.count && isBlank(text[j])
  }
}
