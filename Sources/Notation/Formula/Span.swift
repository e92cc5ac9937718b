/// A range of UTF-8 byte offsets, half open.
package struct Span: Hashable, Sendable {
  package var start: Int
  package var end: Int
  package init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }
  package var isEmpty: Bool { start >= end }
  package func union(_ other: Span) -> Span { Span(min(start, other.start), max(end, other.end)) }
}
