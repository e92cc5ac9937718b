import Notation
import Testing

@testable import Documents

@Test(
  "a column counts characters, not bytes",
  arguments: [
    ("ab\nαβγ", 3, 2, 1), ("ab\nαβγ", 7, 2, 3), ("a\r\nb", 3, 2, 1), ("a\rb", 2, 2, 1),
    ("中文 $x$", 7, 1, 4), ("", 0, 1, 1), ("ab", 99, 1, 3),
  ])
func positions(text: String, offset: Int, line: Int, column: Int) {
  let place = Source(path: "a.md", text: Array(text.utf8)).position(of: offset)
  #expect(place.line == line && place.column == column)
}

@Test(
  "the format follows from the path",
  arguments: [
    ("a.tex", Source.Format.tex), ("A.TEX", .tex), ("b.ipynb", .notebook), ("c.md", .markdown),
    ("d.txt", .markdown), ("-", .markdown),
  ])
func formats(path: String, format: Source.Format) {
  #expect(Source(path: path, text: []).format == format)
}

@Test("a map is exact before and after what was decoded")
func offsetMaps() {
  var map = OffsetMap(shift: 10)
  map.mark(2, at: 15)
  map.mark(5, at: 20)
  #expect([0, 1, 2, 4, 5, 6].map { map[$0] } == [10, 11, 15, 17, 20, 21])
  let part = map.slice(1..<5)
  #expect([0, 1, 3, 4].map { part[$0] } == [11, 15, 17, 20])
  let shifted = map.followed(by: OffsetMap(shift: 100), count: 6)
  #expect([0, 2, 5].map { shifted[$0] } == [110, 115, 120])
}

@Test("maps composed say what one after the other says")
func composedMaps() {
  var inner = OffsetMap()
  inner.mark(3, at: 6)
  inner.mark(8, at: 14)
  var outer = OffsetMap(shift: 1)
  outer.mark(7, at: 30)
  outer.mark(15, at: 50)
  let both = inner.followed(by: outer, count: 10)
  for i in 0...10 { #expect(both[i] == outer[inner[i]], "\(i)") }
}
