import Notation

/// A file as it was read: its path, its bytes and where its lines begin.
package struct Source: Sendable {
  /// What a file is written in.
  package enum Format: Hashable, Sendable, CaseIterable {
    case markdown, tex, notebook
  }

  /// As given on the command line.
  package let path: String
  /// The bytes of the file, as they are.
  package let text: [UInt8]
  /// What decides where the maths is.
  package let format: Format
  /// The offset of each line's first byte; LF, CRLF and a lone CR end a line.
  package let lineStarts: [Int]

  /// The format follows from the path: `.tex`, `.ipynb`, anything else is Markdown. O(length).
  package init(path: String, text: [UInt8]) {
    self.init(path: path, text: text, format: Source.format(of: path))
  }

  /// A source whose format is known otherwise. O(length).
  package init(path: String, text: [UInt8], format: Format) {
    self.path = path
    self.text = text
    self.format = format
    var starts = [0]
    for (i, byte) in text.enumerated() {
      if byte == UInt8(ascii: "\n") {
        starts.append(i + 1)
      } else if byte == UInt8(ascii: "\r"),
        i + 1 == text.count || text[i + 1] != UInt8(ascii: "\n")
      {
        starts.append(i + 1)
      }
    }
    lineStarts = starts
  }

  /// Line and column, both from one; the column counts characters (Unicode scalars). O(log lines +
  /// length of the line).
  package func position(of offset: Int) -> (line: Int, column: Int) {
    let offset = max(0, min(offset, text.count))
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    var column = 1
    for i in lineStarts[low]..<offset where !isContinuationByte(text[i]) { column += 1 }
    return (low + 1, column)
  }

  /// The bytes of a span as text.
  package func string(_ span: Span) -> String {
    let start = max(0, min(span.start, text.count))
    return String(decoding: text[start..<max(start, min(span.end, text.count))], as: UTF8.self)
  }

  private static func format(of path: String) -> Format {
    let lower = Array(path.utf8).map { isUppercase($0) ? $0 + 32 : $0 }
    func ends(_ suffix: StaticString) -> Bool {
      lower.count >= suffix.utf8CodeUnitCount
        && matches(lower, at: lower.count - suffix.utf8CodeUnitCount, suffix)
    }
    if ends(".tex") { return .tex }
    return ends(".ipynb") ? .notebook : .markdown
  }
}
