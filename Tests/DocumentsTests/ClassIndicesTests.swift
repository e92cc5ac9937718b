import Notation
import Testing

@testable import Documents

private func classes(_ formulas: [String]) -> [String] {
  ClassIndices(
    surveying: formulas.map { Formula(parsing: Array($0.utf8), macros: MacroTable()) }
  ).letters
}

@Test(
  "a letter that one entry of a vector bears in the equation of a number names a class",
  arguments: [
    ["p = \\mathrm{softmax}(z)", "L = -\\log p_c"],
    ["x \\in \\mathbb{R}^n", "f = x_c^2", "x_i"],
    ["p_c = \\frac{e^{z_c}}{\\sum_j e^{z_j}}", "L = -\\log p_c"],
    ["p_k = \\frac{e^{z_k}}{\\sum_j e^{z_j}}", "L = -\\log p_c", "p_k - 1[k = c]"],
    ["p = \\mathrm{softmax}(z)", "c \\in \\{1, \\dots, K\\}", "L = -\\log p_c", "p_c = 1"],
  ])
func classLetters(formulas: [String]) {
  #expect(classes(formulas) == ["c"])
}

@Test(
  "letters that name no class",
  arguments: [
    ["p = \\mathrm{softmax}(z)", "L = -\\sum_c y_c \\log p_c"],
    ["p = \\mathrm{softmax}(z)", "q_c = -\\log p_c"],
    ["p = \\mathrm{softmax}(z)", "p_c \\in \\mathbb{R}", "L = -\\log p_c"],
    ["p = \\mathrm{softmax}(z)", "L = -\\log p_c + c^2"],
    ["p = \\mathrm{softmax}(z)", "L = -\\log p_c", "h_{c+1} = h_c"],
    ["x \\in \\mathbb{R}^n", "y = A x_c", "x_c = x + b", "x_i"],
    ["x \\in \\mathbb{R}^n", "y = A x_c"], ["L = -\\log p_c"],
    ["p = \\mathrm{softmax}(z)", "L = -\\log p_t"],
  ])
func noClassLetters(formulas: [String]) {
  #expect(classes(formulas).isEmpty)
}
