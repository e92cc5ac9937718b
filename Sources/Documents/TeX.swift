import Notation

/// Finds the blocks and the formulas of a LaTeX text; the preamble holds none.
struct TeXScanner {
  let text: [UInt8]
  var outline: Outline
  var i = 0
  private var end: Int
  /// Where the argument closes of the section title, or of the struck-out text, being read.
  private var titleEnd: Int?
  private var struckEnd: Int?
  /// The end of the paragraph that `i` stands in, once it has been looked for.
  private var paragraphEnd = 0
  /// Macro definitions not yet reached.
  private var definitions: ArraySlice<Span>

  init(_ script: Script, into outline: Outline) {
    text = script.text
    definitions = script.definitions[...]
    self.outline = outline
    end = text.count
    if let begin = find("\\begin{document}", from: 0, before: end) { i = begin + 16 }
    end = find("\\end{document}", from: i, before: text.count) ?? text.count
  }

  mutating func run() {
    while i < end {
      if let close = titleEnd, i >= close {
        titleEnd = nil
        outline.end()
      }
      if let close = struckEnd, i >= close {
        struckEnd = nil
        outline.isStruck = false
      }
      scan()
    }
    outline.end()
  }

  private mutating func scan() {
    let byte = text[i]
    switch byte {
    case UInt8(ascii: "%"): scanComment()
    case UInt8(ascii: "\n"): scanLineEnd()
    case UInt8(ascii: "$"):
      if matches(text, at: i, "$$") {
        scanFormula(opening: 2, closing: "$$", isDisplay: true)
      } else {
        scanFormula(opening: 1, closing: "$", isDisplay: false)
      }
    case UInt8(ascii: "\\"): scanCommand()
    case UInt8(ascii: "{"), UInt8(ascii: "}"): i += 1
    case UInt8(ascii: "~"):
      outline.word(32, at: i)
      i += 1
    case UInt8(ascii: "`"): i += 1
    case UInt8(ascii: "'") where matches(text, at: i, "''"): i += 2
    default:
      outline.word(byte, at: i)
      i += 1
    }
  }

  private mutating func scanLineEnd() {
    var next = i + 1
    while next < end, isBlank(text[next]) { next += 1 }
    if next < end, text[next] == UInt8(ascii: "\n") {
      outline.end(isBlank: true)
      i = next
    } else {
      outline.word(32, at: i)
      i = next
    }
  }

  /// A comment takes its line end with it.
  private mutating func scanComment() {
    var lineEnd = i
    while lineEnd < end, text[lineEnd] != UInt8(ascii: "\n") { lineEnd += 1 }
    directive(in: i..<lineEnd)
    i = min(lineEnd + 1, end)
    while i < end, isBlank(text[i]) { i += 1 }
  }

  private mutating func directive(in range: Range<Int>) {
    let content = trimmed(text[min(range.lowerBound + 1, range.upperBound)..<range.upperBound])
    guard matches(content, at: 0, "leibniz:") else { return }
    outline.directive(Directive(String(decoding: content[8...], as: UTF8.self)), outer: range)
  }

  // Maths.

  private mutating func scanFormula(opening: Int, closing: StaticString, isDisplay: Bool) {
    let start = i
    let content = i + opening
    let limit = isDisplay ? end : endOfParagraph()
    if let close = find(closing, from: content, before: limit),
      close <= endOfParagraph() || isDisplay && !hasHeading(in: content..<close)
    {
      let outer = start..<(close + closing.utf8CodeUnitCount)
      formula(content..<close, outer: outer, isDisplay: isDisplay)
      i = outer.upperBound
      return
    }
    let stop = max(content, endOfParagraph())
    outline.formula(content..<stop, outer: start..<stop, isDisplay: isDisplay, isDamaged: true)
    i = stop
  }

  private mutating func scanEnvironment(_ environment: MathEnvironment) {
    let start = i
    if let close = environment.close, close <= end {
      formula(
        environment.content..<close, outer: start..<environment.end, isDisplay: true,
        environment: environment.name)
      i = environment.end
    } else {
      let stop = max(environment.content, endOfParagraph())
      outline.formula(
        environment.content..<stop, outer: start..<stop, isDisplay: true,
        environment: environment.name, isDamaged: true)
      i = stop
    }
  }

  /// Directives within a formula stand before it.
  private mutating func formula(
    _ content: Range<Int>, outer: Range<Int>, isDisplay: Bool, environment: String? = nil
  ) {
    var comments: [Range<Int>] = []
    var j = content.lowerBound
    while j < content.upperBound {
      if text[j] == UInt8(ascii: "\\") {
        j += 2
      } else if text[j] == UInt8(ascii: "%") {
        var lineEnd = j
        while lineEnd < content.upperBound, text[lineEnd] != UInt8(ascii: "\n") { lineEnd += 1 }
        directive(in: j..<lineEnd)
        comments.append(j..<lineEnd)
        j = lineEnd
      } else {
        j += 1
      }
    }
    outline.formula(
      content, outer: outer, isDisplay: isDisplay, environment: environment, comments: comments)
  }

  // Commands.

  private mutating func scanCommand() {
    if matches(text, at: i, "\\(") {
      scanFormula(opening: 2, closing: "\\)", isDisplay: false)
      return
    }
    if matches(text, at: i, "\\[") {
      scanFormula(opening: 2, closing: "\\]", isDisplay: true)
      return
    }
    if let environment = MathEnvironment(text, at: i) {
      scanEnvironment(environment)
      return
    }
    let start = i
    while let next = definitions.first, next.start < start { definitions.removeFirst() }
    if let next = definitions.first, next.start == start, next.end > start {
      i = next.end
      return
    }
    var nameEnd = i + 1
    while nameEnd < end, isLetter(text[nameEnd]) { nameEnd += 1 }
    if nameEnd == i + 1 {
      scanAccent()
      return
    }
    let name = String(decoding: text[(i + 1)..<nameEnd], as: UTF8.self)
    i = nameEnd
    switch name {
    case "begin", "end": scanBorder(isBegin: name == "begin")
    case "part", "chapter": beginTitle(level: 1)
    case "section": beginTitle(level: 2)
    case "subsection": beginTitle(level: 3)
    case "subsubsection", "paragraph", "subparagraph": beginTitle(level: 4)
    case "item":
      skipOptional()
      outline.begin(.listItem)
    case "par":
      outline.end(isBlank: true)
    case "sout", "st", "cancel":
      if let close = closingBrace() {
        outline.isStruck = true
        struckEnd = close
      }
    case "ensuremath":
      let open = i
      guard let close = closingBrace() else { return }
      formula((open + 1)..<close, outer: start..<(close + 1), isDisplay: false)
      i = close + 1
    case "verb": skipVerbatim()
    case "ss": outline.words(bytes: "\u{DF}", at: start)
    case "ldots", "dots": outline.words(bytes: "\u{2026}", at: start)
    default:
      if TeXScanner.commandsWithoutText.contains(name) { skipArguments() }
      if i < end, isBlank(text[i]) {
        outline.word(32, at: i)
        i += 1
      }
    }
  }

  /// What stands in these commands' arguments is no text of the document.
  private static let commandsWithoutText: [String] = [
    "label", "ref", "eqref", "cite", "citep", "citet", "autoref", "cref", "Cref", "pageref",
    "includegraphics", "input", "include", "usepackage", "vspace", "hspace", "title", "author",
    "date", "bibliography", "bibliographystyle", "documentclass", "thispagestyle", "pagestyle",
    "setlength", "setcounter", "url", "color", "textcolor", "hypersetup", "geometry", "thanks",
  ]

  private mutating func scanBorder(isBegin: Bool) {
    guard let name = MathEnvironment.name(text, at: i + 1), matches(text, at: i, "{") else {
      return
    }
    i += name.count + 2
    let string = String(decoding: name, as: UTF8.self)
    switch string {
    case "verbatim", "verbatim*", "lstlisting", "minted", "comment", "tikzpicture", "Verbatim":
      if isBegin, let close = find("\\end{" + string + "}", from: i) {
        i = close
        outline.end()
      }
    case "proof":
      if isBegin {
        outline.beginProof()
        skipOptional()
      } else {
        outline.endProof()
      }
    default:
      if isBegin {
        skipOptional()
        if string == "tabular" || string == "minipage" { skipArguments() }
      }
      outline.end()
    }
  }

  private mutating func beginTitle(level: Int) {
    if i < end, text[i] == UInt8(ascii: "*") { i += 1 }
    skipOptional()
    guard let close = closingBrace() else { return }
    outline.begin(.heading(level: level))
    titleEnd = close
  }

  /// The braced argument at `i` is entered; where it closes.
  private mutating func closingBrace() -> Int? {
    var j = i
    while j < end, isSpace(text[j]) { j += 1 }
    guard j < end, text[j] == UInt8(ascii: "{"), let close = TeXScanner.closing(text, at: j) else {
      return nil
    }
    i = j + 1
    return close
  }

  private mutating func skipOptional() {
    if i < end, text[i] == UInt8(ascii: "["),
      let close = find("]", from: i, before: endOfParagraph())
    {
      i = close + 1
    }
  }

  private mutating func skipArguments() {
    if i < end, text[i] == UInt8(ascii: "*") { i += 1 }
    while i < end {
      if text[i] == UInt8(ascii: "[") {
        let before = i
        skipOptional()
        if i == before { return }
      } else if text[i] == UInt8(ascii: "{"), let close = TeXScanner.closing(text, at: i) {
        i = close + 1
      } else {
        return
      }
    }
  }

  private mutating func skipVerbatim() {
    guard i < end else { return }
    let mark = text[i]
    var j = i + 1
    while j < end, text[j] != mark, text[j] != UInt8(ascii: "\n") { j += 1 }
    i = min(j + 1, end)
  }

  /// `\"a`, `\%`, `\\`, `\,`
  private mutating func scanAccent() {
    let start = i
    let sign = i + 1 < end ? text[i + 1] : 32
    i = min(i + 2, end)
    switch sign {
    case UInt8(ascii: "\""):
      let isBraced = i < end && text[i] == UInt8(ascii: "{")
      let place = isBraced ? i + 1 : i
      guard place < end else { return }
      let letters: [(UInt8, StaticString)] = [
        (97, "\u{E4}"), (111, "\u{F6}"), (117, "\u{FC}"), (65, "\u{C4}"), (79, "\u{D6}"),
        (85, "\u{DC}"),
      ]
      for (letter, accented) in letters where letter == text[place] {
        outline.words(bytes: accented, at: start)
        i = isBraced ? place + 2 : place + 1
      }
    case UInt8(ascii: "%"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "#"),
      UInt8(ascii: "_"), UInt8(ascii: "{"), UInt8(ascii: "}"):
      outline.word(sign, at: i - 1)
    case UInt8(ascii: "\\"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), 32, 10:
      outline.word(32, at: start)
    default: break
    }
  }

  // Places.

  func find(_ sign: StaticString, from start: Int, before limit: Int) -> Int? {
    let first = sign.utf8Start[0]
    var j = start
    while j < limit {
      if text[j] == first, matches(text, at: j, sign) { return j }
      if text[j] == UInt8(ascii: "%") {
        while j < limit, text[j] != UInt8(ascii: "\n") { j += 1 }
      } else {
        j += text[j] == UInt8(ascii: "\\") ? 2 : 1
      }
    }
    return nil
  }

  private func find(_ sign: String, from start: Int) -> Int? {
    let sign = Array(sign.utf8)
    var j = start
    while j + sign.count <= end {
      if text[j] == sign[0], Array(text[j..<(j + sign.count)]) == sign { return j }
      j += 1
    }
    return nil
  }

  private mutating func endOfParagraph() -> Int {
    if i < paragraphEnd { return paragraphEnd }
    paragraphEnd = endOfParagraph(from: i)
    return paragraphEnd
  }

  private func endOfParagraph(from start: Int) -> Int {
    var j = start
    while j < end {
      if text[j] == UInt8(ascii: "\n") {
        var next = j + 1
        while next < end, isBlank(text[next]) { next += 1 }
        if next >= end || text[next] == UInt8(ascii: "\n") { return j }
      }
      j += 1
    }
    return end
  }

  private func hasHeading(in range: Range<Int>) -> Bool {
    var j = range.lowerBound
    while j < range.upperBound {
      if text[j] == UInt8(ascii: "\\") {
        if matches(text, at: j, "\\section") || matches(text, at: j, "\\subsection") { return true }
        if matches(text, at: j, "\\item") || matches(text, at: j, "\\begin{equation") {
          return true
        }
      }
      j += 1
    }
    return false
  }

  /// Where the brace that opens at the place closes.
  static func closing(_ text: [UInt8], at open: Int) -> Int? {
    var depth = 0
    var j = open
    while j < text.count {
      if text[j] == UInt8(ascii: "\\") {
        j += 2
        continue
      }
      if text[j] == UInt8(ascii: "{") { depth += 1 }
      if text[j] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return j }
      }
      j += 1
    }
    return nil
  }
}
