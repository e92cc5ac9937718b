import Notation
import Testing

@testable import Documents

private func parsed(_ text: String) -> Formula {
  Formula(parsing: Array(text.utf8), macros: MacroTable())
}

/// The names of the last formula as a page of these formulas reads them, in reading order.
private func names(_ formulas: [String]) -> [String] {
  let page = formulas.map { parsed($0) }
  var found: [String] = []
  func collect(_ formula: Formula) {
    switch formula.kind {
    case .identifier(let identifier) where identifier.name != "partial":
      found.append(identifier.latex)
    case .scripts(let base, let below, _, _):
      found.append(
        (base.identifier?.latex ?? "") + (below.map { "|" + Elaborator.script($0) } ?? ""))
    default: for child in formula.children { collect(child) }
    }
  }
  collect(FixedStep(surveying: page).restoring(page[page.count - 1]))
  return found
}

private let weights = "c_t = \\sum_{i=1}^n a_{t,i} h_i"
private let scores = "a_{t,i} = \\frac{\\exp(e_{t,i})}{\\sum_{j=1}^n \\exp(e_{t,j})}"
private let energies = "e_{t,i} = s_{t-1}^\\top W h_i"

@Test(
  "a step that a page never leaves is part of the names",
  arguments: [
    ([weights, scores, energies], ["e_t|i", "s_{t-1}", "W", "h|i"]),
    ([energies, scores, "a_{t,j} h_j c_t"], ["a_t|j", "h|j", "c_t"]),
    (
      [
        "c^{(t)} = \\sum_{i=1}^n a_i^{(t)} h_i",
        "a_i^{(t)} = \\frac{\\exp(e_i^{(t)})}{\\sum_{j=1}^n \\exp(e_j^{(t)})}", "a_j^{(t)} c^{(t)}",
      ], ["a^{(t)}|j", "c^{(t)}"]
    ),
    (
      ["c_i = \\sum_{j=1}^n a_{ij} h_j", "e_{ij} = s_{i-1}^\\top h_j", "c_i s_{i-1} h_j a_{ij}"],
      ["c_i", "s_{i-1}", "h|j", "a_i|j"]
    ),
    (
      [
        weights, scores, energies, "s_t = \\tanh(A s_{t-1} + c_t)",
        "\\frac{\\partial s_t}{\\partial c_t}",
      ],
      ["s_t", "c_t"]
    ),
    (
      [
        weights, scores, energies, "s_t = \\tanh(A s_{t-1} + c_t)",
        "\\frac{\\partial^+ c_t}{\\partial W}",
      ],
      ["\\partial", "c_t", "W"]
    ),
  ])
func fixed(formulas: [String], expected: [String]) { #expect(names(formulas) == expected) }

@Test(
  "a step that the page leaves stays an index",
  arguments: [
    // Summed over.
    ([weights, scores, energies, "L = \\sum_{t=1}^T c_t", "c_t"], ["c|t"]),
    // What one step computes is read by the next, and a parameter reaches it that way.
    (
      [
        weights, scores, energies, "s_t = \\tanh(A s_{t-1} + c_t)",
        "\\frac{\\partial c_t}{\\partial W}",
      ],
      ["c|t", "W"]
    ),
    (
      [weights, scores, energies, "s_t = \\tanh(A s_{t-1})", "\\frac{d c_t}{d h_i}"],
      ["d", "c|t", "d", "h|i"]
    ),
    (
      [weights, scores, energies, "a_{t-1,i} c_t", "\\frac{\\partial c_t}{\\partial W}"],
      ["c|t", "W"]
    ),
    // A state that no equation connects with the one before it.
    (
      [weights, scores, energies, "y_t = s_t", "\\frac{\\partial L}{\\partial s_{t-1}}"],
      ["L", "s|{t-1}"]
    ),
    // Entries of a vector that stands whole as well, of a matrix, without vectors.
    ([weights, scores, "a_t = v", "c_t"], ["c|t"]),
    (["y_i = \\sum_j W_{ij} x_j", "x_j^\\top", "y_i"], ["y|i"]),
    (["y_i = \\sum_j w_{ij} x_j", "y_i"], ["y|i"]),
  ])
func running(formulas: [String], expected: [String]) { #expect(names(formulas) == expected) }

@Test(
  "members that are counted by position",
  arguments: [
    (["c = \\sum_i a_i h_i", "e_i = q^\\top h_i"], ["a", "h"]),
    (["c = \\sum_i a_i \\mathbf{h}_i"], ["a", "\\mathbf{h}"]),
    (["c = \\sum_i a_i h_i", "h_i \\in \\mathbb{R}^n"], ["a", "h"]),
    (["c = \\sum_i a_i h_i"], []),
    (["c = \\sum_i a_i h_i", "h^\\top h", "W h_i"], []),
    (["y = \\sum_i W_i x_i", "x_i^\\top"], []),
  ])
func members(formulas: [String], expected: [String]) {
  #expect(Positions(surveying: formulas.map { parsed($0) }).members == expected)
}
