import Notation
import Testing

@testable import Documents

/// The last formula of a page, the names and signs in it in reading order.
private func restored(_ text: String) -> String {
  let manuscript = page(text)
  var parts: [ParsedPart] = []
  for (b, block) in manuscript.blocks.enumerated() {
    for (s, sentence) in block.sentences.enumerated() {
      for (p, part) in sentence.parts.enumerated() {
        guard case .formula(let text) = part else { continue }
        parts.append(
          ParsedPart(
            block: b, sentence: s, part: p, clause: 0, text: text,
            formula: Formula(parsing: text.text, macros: MacroTable()), isRepaired: false))
      }
    }
  }
  let names = StackedNames(surveying: parts, in: manuscript)
  var found: [String] = []
  names.restoring(parts[parts.count - 1].formula).visit {
    if let name = $0.identifier { found.append(name.name) }
  }
  return found.joined(separator: " ")
}

@Test(
  "what words make rows or columns of a matrix is written by it",
  arguments: [
    ("Let $X$ have the rows $x_1^\\top, \\dots, x_n^\\top$. Then $x_i$", "X top e i"),
    ("Stack the $x_i^\\top$ as the rows of $X$. Then $x_i^\\top w$", "X top e i top w"),
    ("Let $h_1, \\dots, h_m$ be the columns of $H$. Then $h_j$", "H e j"),
    ("Die Zeilen $a_1^\\top, \\dots, a_m^\\top$ von $A$. Dann $a_i$", "A top e i"),
    // Rows that are never turned are rows.
    ("Let $x_i$ be the rows of $X$. Then $x_i w$", "e i top X w"),
    ("Let $x_1, \\dots, x_n$ be the columns of $X$. Then $x_i \\in \\mathbb{R}^d$", "X R d n"),
  ])
func stackedNames(text: String, names: String) {
  #expect(restored(text) == names)
}

@Test(
  "names that are left as they are",
  arguments: [
    ("Let $X$ have the rows $y_1^\\top, \\dots, y_n^\\top$. Then $y_i$", "y i"),
    ("Let $X$ have rows and columns, as $x_i$ tells. Then $x_i$", "x i"),
    ("Let $h_t = W h_{t-1}$. The $h_t^\\top$ are the rows of $H$. Then $h_t$", "h t"),
    ("The columns $v_k$ of $V$ have $M v_k = d_k v_k$. Then $v_k$", "v k"),
    ("Let $X$ have the rows $x_i^\\top$ and errors $e_i$. Then $x_i$", "x i"),
    ("Let $X$ be given with $x_i$. Then $x_i$", "x i"),
  ])
func otherNames(text: String, names: String) {
  #expect(restored(text) == names)
}
