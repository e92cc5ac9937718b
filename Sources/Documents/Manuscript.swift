import Notation

/// What a source holds, in order: blocks of sentences with the maths and the directives in them.
/// Segmentation is total: what could not be read is among the problems.
package struct Manuscript: Sendable {
  /// In the order of the source.
  package var blocks: [Block] = []
  /// The documents that `given` directives name.
  package var givens: [Given] = []
  /// The macros that the document defines.
  package var macros = MacroTable()
  /// In the order in which they were met.
  package var problems: [Problem] = []

  /// A document whose statements are taken over.
  package struct Given: Hashable, Sendable {
    /// As written in the directive.
    package var file: String
    /// Where the directive stands.
    package var span: Span
  }

  /// What segmentation could not make sense of.
  package enum Problem: Hashable, Sendable {
    /// The file is no UTF-8 text; the offset of the first byte that cannot be.
    case notText(Int)
    /// The notebook is no JSON from here on.
    case notNotebook(Int)
    /// A formula that begins here and does not end; what was taken for it.
    case unterminated(Span)
    /// A comment or a code block that begins here and does not end.
    case unclosed(Span)
    /// A directive that is none.
    case unknownDirective(Span)

    /// Where it is, in the source.
    package var span: Span {
      switch self {
      case .notText(let offset), .notNotebook(let offset): return Span(offset, offset)
      case .unterminated(let span), .unclosed(let span), .unknownDirective(let span): return span
      }
    }
  }

  /// Segments a source. O(length).
  package init(_ source: Source) {
    if let offset = firstOffsetThatIsNoText(source.text) {
      problems = [.notText(offset)]
      return
    }
    let script = Script(source)
    var outline = Outline(script)
    if source.format == .tex {
      var scanner = TeXScanner(script, into: outline)
      scanner.run()
      outline = scanner.outline
    } else {
      var scanner = MarkdownScanner(script, into: outline)
      scanner.run()
      outline = scanner.outline
    }
    blocks = outline.blocks()
    problems = script.problems + outline.problems
    macros = script.macros
    for block in blocks {
      for sentence in block.sentences {
        for part in sentence.parts {
          guard case .directive(let directive, let span) = part else { continue }
          if case .given(let file) = directive { givens.append(Given(file: file, span: span)) }
          if case .unknown = directive { problems.append(.unknownDirective(span)) }
        }
      }
    }
  }
}

/// A paragraph, a list item, a heading: how far an assumption reaches.
package struct Block: Sendable {
  /// What a block is to the eye.
  package enum Kind: Hashable, Sendable {
    case paragraph
    case listItem
    case heading(level: Int)
    /// A paragraph that begins with a line in bold, which may serve as a heading.
    case boldLine
  }
  /// What it is to the eye.
  package var kind: Kind
  /// In order; a block has at least one.
  package var sentences: [Sentence]
  /// Counts the proof environments; all blocks of one proof have its number.
  package var proof: Int?
  /// From its first part to its last, in the source.
  package var span: Span
}

/// The text that is scanned: a source's own, or what its cells hold, with LF line ends.
struct Script {
  var text: [UInt8]
  /// From offsets in `text` to offsets in the source.
  var map: OffsetMap
  var problems: [Manuscript.Problem] = []
  /// What the text defines, and where the definitions stand in it.
  var macros = MacroTable()
  var definitions: [Span] = []

  init(_ source: Source) {
    if source.format == .notebook {
      var reader = NotebookReader(source.text)
      reader.run()
      text = reader.text
      map = reader.map
      problems = reader.problems
    } else {
      text = source.text
      map = .identity
    }
    normalize(strippingQuotes: source.format != .tex)
    (macros, definitions) = MacroTable.reading(text)
  }

  /// Ends all lines with LF, takes a byte order mark and the marks of block quotes away.
  private mutating func normalize(strippingQuotes: Bool) {
    let needsWork =
      matches(text, at: 0, "\u{FEFF}") || text.contains(UInt8(ascii: "\r"))
      || strippingQuotes && hasQuotedLine()
    if !needsWork { return }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var inner = OffsetMap.identity
    var i = matches(text, at: 0, "\u{FEFF}") ? 3 : 0
    var isLineStart = true
    var isQuotable = true
    while i < text.count {
      if isLineStart, strippingQuotes {
        let end = endOfQuoteMarks(from: i)
        let isQuoted = end > i && isQuotable
        if isQuoted { i = end }
        var next = i
        while next < text.count, isBlank(text[next]) { next += 1 }
        isQuotable =
          isQuoted || next == text.count || text[next] == UInt8(ascii: "\n")
          || text[next] == UInt8(ascii: "\r")
        isLineStart = false
        if i == text.count { break }
      }
      inner.mark(result.count, at: i)
      if text[i] == UInt8(ascii: "\r") {
        result.append(UInt8(ascii: "\n"))
        i += i + 1 < text.count && text[i + 1] == UInt8(ascii: "\n") ? 2 : 1
        isLineStart = true
      } else {
        result.append(text[i])
        isLineStart = text[i] == UInt8(ascii: "\n")
        i += 1
      }
    }
    inner.mark(result.count, at: text.count)
    map = inner.followed(by: map, count: result.count)
    text = result
  }

  private func hasQuotedLine() -> Bool {
    var isLineStart = true
    for byte in text {
      if isLineStart, byte == UInt8(ascii: ">") { return true }
      isLineStart = byte == UInt8(ascii: "\n") || isLineStart && isBlank(byte)
    }
    return false
  }

  private func endOfQuoteMarks(from start: Int) -> Int {
    var (i, end) = (start, start)
    while true {
      while i < text.count, text[i] == 32 { i += 1 }
      guard i < text.count, text[i] == UInt8(ascii: ">") else { return end }
      i += 1
      if i < text.count, text[i] == 32 { i += 1 }
      end = i
    }
  }
}
