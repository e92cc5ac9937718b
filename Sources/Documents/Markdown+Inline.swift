import Notation

/// What stands within a line of Markdown.
extension MarkdownScanner {
  /// Reads one construct, or a run of plain words, from `i` on; always moves on.
  mutating func scanInline() {
    while let link = linkEnds.last, i >= link.close {
      linkEnds.removeLast()
      if i == link.close { i = link.resume }
      if i >= text.count { return }
    }
    if let end = bareFormula(at: i, before: limitOfWords) {
      outline.formula(i..<end, outer: i..<end, isDisplay: false)
      i = end
      return
    }
    switch text[i] {
    case UInt8(ascii: "$"): scanDollar()
    case UInt8(ascii: "\\"): scanBackslash()
    case UInt8(ascii: "`"): scanCode()
    case UInt8(ascii: "!") where matches(text, at: i, "!["): scanImage()
    case UInt8(ascii: "["): scanLink()
    case UInt8(ascii: "<"): scanAngle()
    case UInt8(ascii: "~") where matches(text, at: i, "~~"):
      outline.isStruck.toggle()
      i += 2
    case UInt8(ascii: "*"): i += 1
    case UInt8(ascii: "_") where matches(text, at: i, "__"): i += 2
    case UInt8(ascii: "|") where headingEnd == nil:
      outline.word(32, at: i)
      i += 1
    default: scanWords()
    }
  }

  /// Bytes that begin something.
  private func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "$"), UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "!"),
      UInt8(ascii: "["), UInt8(ascii: "<"), UInt8(ascii: "~"), UInt8(ascii: "*"),
      UInt8(ascii: "_"), UInt8(ascii: "|"), UInt8(ascii: "\n"):
      return true
    default: return false
    }
  }

  /// A heading's line or a link's text ends what is read at once.
  private var limitOfWords: Int {
    min(headingEnd ?? text.count, linkEnds.last?.close ?? text.count)
  }

  private mutating func scanWords() {
    var end = i + 1
    if text[i] != UInt8(ascii: "\n") {
      let limit = limitOfWords
      while end < limit, !isSpecial(text[end]), bareFormula(at: end, before: limit) == nil {
        end += 1
      }
      outline.words(i..<end)
    }
    i = end
  }

  // Maths.

  private mutating func scanDollar() {
    if matches(text, at: i, "$$") {
      scanDisplay(closing: "$$")
      return
    }
    if matches(text, at: i, "$`"), let close = find("`$", from: i + 2, before: endOfParagraph()) {
      outline.formula((i + 2)..<close, outer: i..<(close + 2), isDisplay: false)
      i = close + 2
      return
    }
    let limit = endOfParagraph()
    let (close, damagedEnd) = closingDollar(from: i + 1, before: limit)
    if let close {
      if isPrice(at: i, closing: close) {
        outline.word(text[i], at: i)
        i += 1
        return
      }
      outline.formula((i + 1)..<close, outer: i..<(close + 1), isDisplay: false)
      i = close + 1
      return
    }
    if i + 1 < text.count, isDigit(text[i + 1]) || isSpace(text[i + 1]) || i + 1 == limit {
      // A currency sign, or one that nothing follows.
      outline.word(text[i], at: i)
      i += 1
      return
    }
    outline.formula(
      (i + 1)..<damagedEnd, outer: i..<damagedEnd, isDisplay: false, isDamaged: true)
    i = max(damagedEnd, i + 1)
  }

  /// The dollar that closes a formula; where there is none, how far what was begun may reach.
  ///
  /// If dollars are left over in the paragraph, one that can only open (a blank before it, none
  /// behind) closes nothing.
  private mutating func closingDollar(
    from start: Int, before limit: Int
  ) -> (close: Int?, end: Int) {
    if start > dollars.end || limit != dollars.limit { listDollars(from: start, before: limit) }
    while dollars.next < dollars.places.count, dollars.places[dollars.next] < start {
      dollars.next += 1
    }
    guard dollars.next < dollars.places.count else {
      return (close: nil, end: min(endOfLine(from: start), limit))
    }
    let first = dollars.places[dollars.next]
    let after = first + 1 < text.count ? text[first + 1] : 32
    let canOnlyOpen =
      isSpace(text[first - 1]) && !isSpace(after) && !isSpace(text[start]) && isFormulaStart(after)
    if (dollars.places.count - dollars.next) % 2 == 0, canOnlyOpen {
      return (close: nil, end: min(endOfLine(from: start), first))
    }
    return (close: first, end: first)
  }

  /// The dollars of a paragraph, up to a display that begins a line.
  private mutating func listDollars(from start: Int, before limit: Int) {
    dollars = Dollars(limit: limit)
    var j = start
    while j < limit {
      if text[j] == UInt8(ascii: "\\") {
        j += 2
        continue
      }
      if text[j] == UInt8(ascii: "$") {
        if matches(text, at: j, "$$"), isFirstOfLine(j) { break }
        dollars.places.append(j)
      }
      j += 1
    }
    dollars.end = j
  }

  private func isFormulaStart(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "(") || byte >= 0x80
  }

  private func isFirstOfLine(_ place: Int) -> Bool {
    var j = place
    while j > 0, isBlank(text[j - 1]) { j -= 1 }
    return j == 0 || text[j - 1] == UInt8(ascii: "\n")
  }

  /// `$5 and $6` are no formula.
  private func isPrice(at start: Int, closing close: Int) -> Bool {
    guard start + 1 < text.count, isDigit(text[start + 1]) else { return false }
    let isFollowedByDigit = close + 1 < text.count && isDigit(text[close + 1])
    return isFollowedByDigit && isSpace(text[close - 1])
  }

  /// A display from `i` on up to its closing delimiter.
  private mutating func scanDisplay(closing: StaticString) {
    let start = i
    let content = i + 2
    let limit = endOfParagraph()
    if let close = find(closing, from: content, before: limit)
      ?? closingAcrossBlankLines(closing, from: content, after: limit)
    {
      outline.formula(
        content..<close, outer: start..<(close + 2), isDisplay: true)
      i = close + 2
      takeLabel()
      return
    }
    outline.formula(
      content..<max(content, limit), outer: start..<max(content, limit), isDisplay: true,
      isDamaged: true)
    i = max(content, limit)
  }

  /// A display may hold blank lines, if what lies between looks like maths and the closing sign
  /// ends its line.
  private func closingAcrossBlankLines(
    _ closing: StaticString, from start: Int, after limit: Int
  ) -> Int? {
    guard let close = find(closing, from: limit, before: text.count) else { return nil }
    var end = close + 2
    while end < text.count, isBlank(text[end]) { end += 1 }
    let isAtLineEnd = end == text.count || text[end] == UInt8(ascii: "\n")
    guard isAtLineEnd else { return nil }
    var line = endOfLine(from: start) + 1
    while line < close {
      let lineEnd = min(endOfLine(from: line), close)
      if looksLikeProse(line..<lineEnd) { return nil }
      line = lineEnd + 1
    }
    return close
  }

  /// Three words in a row, an ideograph, a heading, a comment.
  private func looksLikeProse(_ range: Range<Int>) -> Bool {
    var (run, length) = (0, 0)
    var isCommand = false
    var j = range.lowerBound
    if matches(text, at: j, "#") || matches(text, at: j, "<!--") { return true }
    while j < range.upperBound {
      let byte = text[j]
      if isLetter(byte) {
        length += 1
      } else {
        if length >= 2, !isCommand { run += 1 } else if length > 0 { run = 0 }
        if run >= 3 { return true }
        if byte != 32 { run = 0 }
        length = 0
        isCommand = byte == UInt8(ascii: "\\")
        if byte >= 0x80 {
          let (value, size) = scalar(text, at: j)
          if isIdeographic(value) { return true }
          j += size
          continue
        }
      }
      j += 1
    }
    return length >= 2 && !isCommand && run >= 2
  }

  /// A number in parentheses behind a display that ends the line.
  private mutating func takeLabel() {
    var j = i
    while j < text.count, isBlank(text[j]) { j += 1 }
    guard j < text.count, text[j] == UInt8(ascii: "(") else { return }
    var end = j + 1
    while end < text.count, isDigit(text[end]) || isLetter(text[end]) || text[end] == 46 {
      end += 1
    }
    guard end > j + 1, isDigit(text[j + 1]), end < text.count, text[end] == UInt8(ascii: ")") else {
      return
    }
    var after = end + 1
    while after < text.count, isBlank(text[after]) { after += 1 }
    guard after == text.count || text[after] == UInt8(ascii: "\n") else { return }
    outline.label(String(decoding: text[(j + 1)..<end], as: UTF8.self))
    i = end + 1
  }

  private mutating func scanBackslash() {
    if linkEnds.isEmpty, matches(text, at: i, "\\("), i >= unclosedUntil {
      let limit = endOfParagraph()
      if let close = find("\\)", from: i + 2, before: limit) {
        outline.formula((i + 2)..<close, outer: i..<(close + 2), isDisplay: false)
        i = close + 2
        return
      }
      unclosedUntil = limit
    } else if linkEnds.isEmpty, matches(text, at: i, "\\[") {
      scanDisplay(closing: "\\]")
      return
    } else if let environment = MathEnvironment(text, at: i) {
      let close = environment.close ?? endOfParagraph()
      let end = environment.close == nil ? close : environment.end
      outline.formula(
        environment.content..<max(environment.content, close), outer: i..<max(end, i + 1),
        isDisplay: true, environment: environment.name, isDamaged: environment.close == nil)
      i = max(end, i + 1)
      takeLabel()
      return
    }
    let next = i + 1
    if next < text.count, !isLetter(text[next]), !isDigit(text[next]), text[next] < 0x80,
      !isSpace(text[next])
    {
      // An escaped sign.
      outline.word(text[next], at: next)
      i += 2
      return
    }
    outline.word(text[i], at: i)
    i += 1
  }

  func find(_ sign: StaticString, from start: Int, before limit: Int) -> Int? {
    let first = sign.utf8Start[0]
    var j = start
    while j < limit {
      if text[j] == first, matches(text, at: j, sign) { return j }
      // A backslash takes the next sign with it, `\\` as well as `\$`.
      j += text[j] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  // Everything else.

  private mutating func scanCode() {
    var open = i
    while open < text.count, text[open] == UInt8(ascii: "`") { open += 1 }
    let length = open - i
    var j = open
    let limit = endOfParagraph()
    while j < limit {
      if text[j] == UInt8(ascii: "`") {
        var end = j
        while end < text.count, text[end] == UInt8(ascii: "`") { end += 1 }
        if end - j == length {
          outline.word(32, at: i)
          i = end
          return
        }
        j = end
      } else {
        j += 1
      }
    }
    i = open
  }

  private mutating func scanAngle() {
    if matches(text, at: i, "<!--") {
      var end = i + 4
      while end < text.count, !matches(text, at: end, "-->") { end += 1 }
      if end >= text.count {
        outline.problems.append(.unclosed(outline.span(i..<(i + 4))))
        i = endOfParagraph()
        return
      }
      let content = trimmed(text[(i + 4)..<end])
      if matches(content, at: 0, "leibniz:") {
        outline.directive(
          Directive(String(decoding: content[8...], as: UTF8.self)), outer: i..<(end + 3))
      }
      i = end + 3
      // A comment that fills its line leaves nothing of the line.
      paragraphEnd = 0
      return
    }
    if matches(text, at: i, "<img "), let end = find(">", from: i, before: text.count) {
      if let source = attribute("src=", in: i..<end) {
        takeAddress(source, outer: i..<(end + 1))
      }
      i = end + 1
      return
    }
    for tag in ["del>", "s>", "strike>"] as [StaticString] {
      if matches(text, at: i + 1, tag) { outline.isStruck = true }
      if i + 1 < text.count, text[i + 1] == UInt8(ascii: "/"), matches(text, at: i + 2, tag) {
        outline.isStruck = false
      }
    }
    let next = i + 1 < text.count ? text[i + 1] : 32
    if isLetter(next) || next == UInt8(ascii: "/") {
      var end = i + 1
      while end < text.count, text[end] != UInt8(ascii: ">"), text[end] != UInt8(ascii: "\n"),
        text[end] != UInt8(ascii: "<"), text[end] != UInt8(ascii: "$")
      {
        end += 1
      }
      if end < text.count, text[end] == UInt8(ascii: ">") {
        outline.word(32, at: i)
        i = end + 1
        return
      }
    }
    outline.word(text[i], at: i)
    i += 1
  }

  private func attribute(_ name: StaticString, in range: Range<Int>) -> Range<Int>? {
    guard let start = find(name, from: range.lowerBound, before: range.upperBound) else {
      return nil
    }
    let quote = start + name.utf8CodeUnitCount
    guard quote < range.upperBound else { return nil }
    var end = quote + 1
    while end < range.upperBound, text[end] != text[quote] { end += 1 }
    return (quote + 1)..<end
  }

  /// Where the bracket that opens at the place closes, on the same paragraph.
  private mutating func closing(_ open: Int, _ opening: UInt8, _ close: UInt8) -> Int? {
    let limit = min(endOfParagraph(), open + 4096)
    var depth = 0
    var j = open
    while j < limit {
      if text[j] == UInt8(ascii: "\\") {
        j += 2
        continue
      }
      if text[j] == opening { depth += 1 }
      if text[j] == close {
        depth -= 1
        if depth == 0 { return j }
      }
      j += 1
    }
    return nil
  }

  private mutating func scanImage() {
    guard let bracket = closing(i + 1, UInt8(ascii: "["), UInt8(ascii: "]")),
      matches(text, at: bracket + 1, "("),
      let end = closing(bracket + 1, UInt8(ascii: "("), UInt8(ascii: ")"))
    else {
      i += 1
      return
    }
    let caption = (i + 2)..<bracket
    if ImageAddress(text, in: (bracket + 2)..<end) == nil, text[caption].contains(UInt8(ascii: "$"))
    {
      // A caption is a sentence of its own.
      outline.word(UInt8(ascii: "."), at: i)
      linkEnds.append((close: bracket, resume: end + 1))
      i = caption.lowerBound
      return
    }
    takeAddress((bracket + 2)..<end, outer: i..<(end + 1))
    i = end + 1
  }

  private mutating func takeAddress(_ range: Range<Int>, outer: Range<Int>) {
    guard let address = ImageAddress(text, in: range) else {
      outline.word(32, at: outer.lowerBound)
      return
    }
    outline.decodedFormula(
      address.text, map: address.map, content: address.content, outer: outer,
      isDisplay: isAlone(outer))
  }

  /// Whether nothing but images stands on the lines of the range.
  private func isAlone(_ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while start > 0, text[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    let line = text[start..<endOfLine(from: range.upperBound)]
    var depth = 0
    for (offset, byte) in zip(line.indices, line) {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "!") where depth == 0 && matches(text, at: offset, "!["): break
      case UInt8(ascii: ","), UInt8(ascii: "."), 32, 9: break
      default: if depth == 0 { return false }
      }
    }
    return true
  }

  /// Where the next `](` stands, which makes a link of brackets. Each is looked for once.
  private mutating func nextLinkBorder() -> Int {
    if linkBorder < i {
      linkBorder = i
      while linkBorder < text.count, !matches(text, at: linkBorder, "](") { linkBorder += 1 }
    }
    return linkBorder
  }

  private mutating func scanLink() {
    if nextLinkBorder() < endOfParagraph(),
      let bracket = closing(i, UInt8(ascii: "["), UInt8(ascii: "]")),
      matches(text, at: bracket + 1, "("),
      let end = closing(bracket + 1, UInt8(ascii: "("), UInt8(ascii: ")"))
    {
      linkEnds.append((close: bracket, resume: end + 1))
      i += 1
      return
    }
    outline.word(text[i], at: i)
    i += 1
  }
}
