import Notation
import Testing

@testable import Documents

private func parsed(_ text: String) -> Formula {
  Formula(parsing: Array(text.utf8), macros: MacroTable())
}

private let cell = ["f_t = \\sigma(W s_{t-1})", "C_t = f_t * C_{t-1} + f_t * \\tilde C_t"]

@Test(
  "a star or a dot multiplies entry by entry between what is computed at its step",
  arguments: [
    (cell + ["\\tilde C_t = \\tanh(V s_{t-1})"], 1, "C_t = f_t ⊙ C_{t-1} + f_t ⊙ \\tilde C_t"),
    // Nothing computes the factor.
    (["C_t = f_t * C_{t-1}"], 0, "C_t = f_t * C_{t-1}"),
    // A parameter is a matrix.
    (cell + ["y_t = V * f_t"], 2, "y_t = V * f_t"),
    // A capital before a column may be a matrix.
    (cell + ["A_t = V x_t", "y_t = A_t * f_t"], 3, "y_t = A_t * f_t"),
    // The number that two columns make is no state.
    (
      ["g_t = V x_t", "s_t = g_t \\cdot s_{t-1}", "e_t = g_t \\cdot s_t"], 2, "e_t = g_t \\cdot s_t"
    ),
    (["g_t = V x_t", "s_t = g_t \\cdot s_{t-1}"], 1, "s_t = g_t ⊙ s_{t-1}"),
  ])
func gateProducts(page: [String], place: Int, meaning: String) {
  let formulas = page.map(parsed)
  let restored = GateProducts(surveying: formulas, said: []).restoring(formulas[place])
  #expect(restored.spelled == parsed(meaning).spelled)
}

@Test("what the words say of a star holds everywhere")
func starsExplained() {
  let formula = parsed("r = q * u")
  #expect(GateProducts(surveying: [formula], said: []).restoring(formula) == formula)
  let said = GateProducts(surveying: [formula], said: [.asterisk])
  #expect(said.restoring(formula).spelled == parsed("r = q ⊙ u").spelled)
}

@Test(
  "bounds may be written as a chain around the letter",
  arguments: [
    ("\\sum_{1 \\le t \\le T} E_t", "\\sum_{t=1}^{T} E_t"),
    ("\\sum_{k < t \\le T} E_t", "\\sum_{t=k+1}^{T} E_t"),
    ("\\sum_{T > t \\ge k} E_t", "\\sum_{t=k}^{T-1} E_t"),
    ("\\prod_{t \\ge i > k} J_i", "\\prod_{i=t}^{k+1} J_i"),
    ("\\sum_{i \\le t} E_i", "\\sum_{i \\le t} E_i"),
  ])
func writtenRanges(written: String, meaning: String) {
  #expect(WrittenRanges.restoring(parsed(written)).spelled == parsed(meaning).spelled)
}

@Test(
  "T above a matrix counts steps only beside powers that are counted from T",
  arguments: [
    ("s_T = A^T s_0 + A^{T-1} B u_1", true), ("s_T = A^T s_0 + A^{t-1} B u_1", false),
    ("s_T = A^T s_0 + B^{T-1} u_1", false), ("s_T = A^T s_0 + (A^T)^{T-1} u_1", false),
  ])
func countedPowers(written: String, isCounted: Bool) {
  let formula = parsed(written)
  #expect((CountedPowers.restoring(formula) != formula) == isCounted)
}

@Test("an activation with a label is a function of its own unless it stands as a factor")
func labelledActivations() {
  let formulas = [parsed("y = \\sigma_y(V s)"), parsed("d = \\sigma_y'(V s)")]
  func names(_ formula: Formula) -> [String] {
    var found: [String] = []
    formula.visit { if let name = $0.identifier { found.append(name.latex) } }
    return found
  }
  let activations = LabelledActivations(surveying: formulas)
  #expect(formulas.allSatisfy { names(activations.restoring($0)).contains("\\sigma_y") })
  let factor = [parsed("y = \\sigma_y(q + r) s"), parsed("z = \\sigma_y q")]
  #expect(LabelledActivations(surveying: factor).restoring(factor[0]) == factor[0])
}

@Test(
  "the letter of an index tells the layer where one is computed from all of another",
  arguments: [
    (["d_k = y_k - t_k", "d_j = g_j \\sum_k w_{kj} d_k"], true),
    // One name under two letters, and the same of all its entries.
    (["d_k = y_k - t_k", "d_j = y_j - t_j"], false),
    (["d_k = y_k - t_k", "d_j = g_j \\sum_k w_{kj} d_k", "q = d"], false),
  ])
func letteredLayers(page: [String], areTwo: Bool) {
  let formulas = page.map(parsed)
  let layers = LetteredLayers(surveying: formulas)
  #expect((layers.restoring(formulas[0]) != formulas[0]) == areTwo)
}
