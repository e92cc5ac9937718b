import Notation
import Testing

@testable import Documents

private func circle(_ text: String) -> [String]? {
  let formula = Formula(parsing: Array(text.utf8), macros: MacroTable())
  guard case .relations(let left, let members) = formula.kind else { return nil }
  return PathDrawing(left, members).circle?.map {
    String(decoding: Array(text.utf8)[$0.span.start..<$0.span.end], as: UTF8.self)
  }
}

@Test(
  "arrows between names at their steps that come back to where they began",
  arguments: [
    ("h_2 \\to c_2 \\to h_2", ["h_2", "c_2", "h_2"]),
    (
      "h_2 \\to \\begin{cases} o_2 \\to h_1 \\\\ c_2 \\to f_2 \\to h_2 \\end{cases}",
      ["h_2", "c_2", "f_2", "h_2"]
    ),
    (
      "\\left\\{ \\begin{array}{l} h_t \\to c_t \\\\ c_t \\to h_t \\to c_{t-1} \\end{array} \\right\\} \\to x",
      ["h_t", "c_t", "h_t"]
    ),
    ("h^{(2)} \\to c^{(2)} \\to h^{(2)}", ["h^{(2)}", "c^{(2)}", "h^{(2)}"]),
  ])
func circles(text: String, nodes: [String]) {
  #expect(circle(text) == nodes)
}

@Test(
  "arrows that lead on",
  arguments: [
    "h_2 \\to c_2 \\to h_1", "h \\to c \\to h",
    // Where a stack ends with what follows it, the two are one.
    "\\begin{cases} h_2 \\to c_1 \\\\ c_1 \\end{cases} \\to c_1 \\to f_1",
    "h_2 \\to \\begin{cases} \\cancel{c_2 \\to h_2} \\\\ c_2 \\to h_1 \\end{cases}",
    "a_1 = b_1 = a_1",
  ])
func noCircles(text: String) {
  #expect(circle(text) == nil)
}
