import Documents
import Notation
import Testing

@testable import Reporting

@Suite("Lines with the wrong part underlined")
struct ExcerptTests {
  /// The part is between ⟦ and ⟧, which the source does not have.
  private func excerpt(_ marked: String) -> [String] {
    let (open, close) = (Array("⟦".utf8), Array("⟧".utf8))
    var (text, span): ([UInt8], Span) = ([], Span(0, 0))
    var rest = Array(marked.utf8)[...]
    while !rest.isEmpty {
      if rest.starts(with: open) {
        span.start = text.count
        rest = rest.dropFirst(open.count)
      } else if rest.starts(with: close) {
        span.end = text.count
        rest = rest.dropFirst(close.count)
      } else if let byte = rest.popFirst() {
        text.append(byte)
      }
    }
    let excerpt = Excerpt(of: span, in: Source(path: "a.md", text: text))
    var lines: [String] = []
    for line in excerpt.lines {
      lines.append("\(line.number): " + line.text)
      if !line.underline.isEmpty { lines.append("   " + line.underline) }
    }
    if excerpt.omitted > 0 { lines.append("+\(excerpt.omitted)") }
    return lines
  }

  @Test(
    "are aligned in every script",
    arguments: [
      ("a = ⟦b c⟧ + d", ["1: a = b c + d", "       ^~~"]),
      ("x\n∂y = ⟦σ′(z)⟧\n", ["2: ∂y = σ′(z)", "        ^~~~~"]),
      ("设 $⟦y⟧$，", ["1: 设 $y$，", "       ^"]),
      ("\ta = ⟦b⟧", ["1:     a = b", "           ^"]),
      ("⟦a =⟧", ["1: a =", "   ^~~"]),
      ("a = ⟦⟧", ["1: a = ", "       ^"]),
      ("⟦a \n  b⟧ c", ["1: a", "   ^", "2:   b c", "     ~"]),
      ("⟦e\u{301}⟧ x", ["1: e\u{301} x", "   ^"]),
      (
        "⟦1\n2\n3\n4\n5\n6\n7\n8⟧",
        [
          "1: 1", "   ^", "2: 2", "   ~", "3: 3", "   ~", "4: 4", "   ~", "5: 5", "   ~", "6: 6",
          "   ~", "+2",
        ]
      ),
    ])
  func aligned(text: String, lines: [String]) {
    #expect(excerpt(text) == lines)
  }

  @Test("are cut to what is meant where they are long", arguments: [0, 50, 90, 96, 200, 1000])
  func clipped(before: Int) throws {
    let text = String(repeating: "a", count: before) + "⟦bcd⟧" + String(repeating: "e", count: 150)
    let lines = excerpt(text)
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.unicodeScalars.count <= 101 })
    let line = Array(lines[0].unicodeScalars)
    let underline = Array(lines[1].unicodeScalars)
    let start = try #require(underline.firstIndex(of: "^"))
    #expect(Array(line[start..<(start + 3)]) == ["b", "c", "d"])
    #expect(underline.count == start + 3)
  }

  @Test(
    "no span is out of bounds", arguments: [Span(0, 0), Span(5, 99), Span(99, 120), Span(3, 1)])
  func bounds(span: Span) {
    let excerpt = Excerpt(of: span, in: Source(path: "a.md", text: Array("a = b\n".utf8)))
    #expect(!excerpt.lines.isEmpty)
  }
}
