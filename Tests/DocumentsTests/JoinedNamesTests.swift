import Notation
import Testing

@testable import Documents

private func parsed(_ text: String) -> Formula {
  Formula(parsing: Array(text.utf8), macros: MacroTable())
}

/// The LaTeX of every name that is left alone by its scripts.
private func names(_ formula: Formula) -> [String] {
  var found: [String] = []
  formula.visit { if let name = $0.identifier { found.append(name.latex) } }
  return found
}

@Test(
  "a star is part of a name that is computed or a whole term",
  arguments: ["w^* = b", "y - w^*", "w^*"])
func starred(page: String) {
  let formula = parsed(page)
  #expect(names(StarredNames(surveying: [formula]).restoring(formula)).contains("w^{*}"))
}

@Test("before a factor a star may be that of an adjoint", arguments: ["w^* A w = w^*", "A^* = B"])
func adjoints(page: String) {
  let formula = parsed(page)
  #expect(!names(StarredNames(surveying: [formula]).restoring(formula)).contains("w^{*}"))
}

@Test("what stands below the name of a function is its parameter")
func labelledFunctions() {
  let formulas = [parsed("h_\\theta(x) = \\theta^\\top x"), parsed("h_\\theta(q)")]
  let functions = LabelledFunctions(surveying: formulas)
  #expect(functions.restoring(formulas[1]).spelled == parsed("h(q)").spelled)
  let others = formulas + [parsed("h_\\phi(x)")]
  #expect(LabelledFunctions(surveying: others).restoring(formulas[1]) == formulas[1])
}

@Test("a name of two steps is the derivative that explains it")
func twoSteps() {
  let formulas = [
    parsed("\\delta_{t,k} = \\frac{\\partial E_t}{\\partial s_k}"), parsed("\\delta_{t,k+1}"),
  ]
  let pairs = TwoStepNames(surveying: formulas)
  #expect(
    pairs.restoring(formulas[1]).spelled
      == parsed("\\frac{\\partial E_t}{\\partial s_{k+1}}").spelled)
  let others = formulas + [parsed("\\delta")]
  #expect(TwoStepNames(surveying: others).restoring(formulas[1]) == formulas[1])
}

@Test(
  "numbers above tell layers where equations compute one name under several of them",
  arguments: [
    (["a^1 = w^1 x", "a^2 = w^2 a^1"], true), (["a = 1 + x", "a^2 = x", "a^3 = a^2"], false),
    (["a^2 = w^2 x"], false),
  ])
func layersAbove(page: [String], areLayers: Bool) {
  let formulas = page.map(parsed)
  let layers = Layers(surveying: formulas)
  let found = formulas.flatMap { names(layers.restoring($0)) }
  #expect(found.contains("a^{2}") == areLayers)
}

@Test("small letters in a row that an equation computes are one name")
func words() {
  let formulas = [parsed("draw_t = (1 - h_t) \\odot dh_t"), parsed("W^T draw_{t+1}")]
  let words = RunNames(surveying: formulas)
  #expect(names(words.restoring(formulas[1])).contains("\\mathrm{draw}"))
}

@Test("a word with an index may bear its step as an argument")
func wordsAtSteps() {
  let formula = parsed("net_j(t) = w s_j(t-1), \\quad s_j(t) = \\sigma(net_j(t))")
  let words = RunNames(surveying: [formula])
  #expect(names(words.restoring(formula)).contains("\\mathrm{net}"))
}

@Test(
  "letters that count entries are read as letters that do so by custom, where they do nothing else",
  arguments: [
    (["p_k = e^{z_k} / \\sum_{k'} e^{z_{k'}}"], ["k'"]),
    (["p_a = \\frac{e^{z_a}}{\\sum_b e^{z_b}}"], ["b", "a"]),
    (["v \\in \\mathbb{R}^n", "q = \\sum_{c=1}^n v_c"], ["c"]),
    (["q = \\frac1B \\sum_{b=1}^B v_b", "v_a - q", "a \\neq b"], ["b", "a"]),
    // A letter that is a name of its own as well, and a time.
    (["p_a = \\frac{e^{z_a}}{\\sum_b e^{z_b}}", "q = a b"], []),
    (["p_t = \\frac{e^{z_t}}{\\sum_k e^{z_k}}"], []),
  ])
func indexLetters(page: [String], written: [String]) {
  var formulas = page.map(parsed)
  let primed = IndexLetters(primedIn: formulas)
  formulas = formulas.map(primed.restoring)
  let counting = IndexLetters(countingIn: formulas)
  #expect((primed.written + counting.written).map { $0.written } == written)
}

@Test(
  "letters that stand elsewhere, that no equation computes or that stand once are a product",
  arguments: [
    ["abc_t = x", "c W a b"], ["W^T draw_t", "draw_t"], ["draw_t = x"], ["Wx_t = y", "Wx_t"],
  ])
func products(page: [String]) {
  let formulas = page.map { parsed($0) }
  let words = RunNames(surveying: formulas)
  #expect(formulas.allSatisfy { words.restoring($0) == $0 })
}

@Test(
  "an index of one entry is the one-hot vector of it",
  arguments: [
    ("-\\log p_t[k_t]", "-(k_t^\\top \\log p_t)"), ("-\\log p_{t,k_t}", "-(k_t^\\top \\log p_t)"),
    ("-\\log(p_t(k_t))", "-(k_t^\\top \\log p_t)"), ("p_t[k_t] - 1", "(k_t^\\top p_t) - 1"),
    ("p_t - \\mathbf{1}_{k_t}", "p_t - k_t"), ("p_t - e_{k_t}", "p_t - k_t"),
  ])
func picked(text: String, meaning: String) {
  let softmax = parsed("p_t = \\mathrm{softmax}(y_t)")
  let formulas = [softmax, parsed("L = p_t[k_t]"), parsed(text)]
  let restored = PickedEntries(surveying: formulas).restoring(formulas[2])
  #expect(restored.spelled == parsed(meaning).spelled)
}

@Test(
  "what also stands otherwise, counts or is computed picks no entry",
  arguments: ["k_t = 3 x", "W k_t", "p_t[k_t] = 1", "\\sum_{k_t} x"])
func unpicked(other: String) {
  let formulas = [
    parsed("p_t = \\mathrm{softmax}(y_t)"), parsed("L = p_t[k_t]"), parsed(other),
  ]
  #expect(PickedEntries(surveying: formulas).indices.isEmpty)
}

@Test("what multiplies a column of blocks has its own side by side")
func columns() {
  let formulas = [
    parsed("u = V [h; s]"), parsed("V = [A, B]"), parsed("x = [A, B]"), parsed("V = [A, B, C]"),
  ]
  let columns = ColumnBlocks(surveying: formulas)
  guard case .relations(_, let members) = columns.restoring(formulas[1]).kind,
    case .matrix(.brackets, let rows) = members[0].formula.kind
  else {
    Issue.record("no matrix")
    return
  }
  #expect(rows.count == 1 && rows[0].count == 2)
  #expect(formulas[2...].allSatisfy { columns.restoring($0) == $0 })
}

@Test("a gradient by a name of layers is by the one that the function reads")
func layerGradients() {
  let formulas = [parsed("C = \\|y - a^L\\|^2"), parsed("\\nabla_a C")]
  #expect(
    LayerGradients(surveying: formulas).restoring(formulas[1]).spelled
      == parsed("\\nabla_{a^L} C").spelled)
  for other in ["C = a^{L-1}", "x = a"] {
    let others = formulas + [parsed(other)]
    #expect(LayerGradients(surveying: others).restoring(formulas[1]) == formulas[1])
  }
}

@Test("a capital that names the diagonal matrix of an activation is a function")
func diagonalFunctions() {
  let formulas = [
    parsed("\\Sigma'(z^l) = \\mathrm{diag}(\\sigma'(z^l))"), parsed("\\Sigma'(x) W"),
  ]
  let functions = DiagonalFunctions(surveying: formulas)
  #expect(names(functions.restoring(formulas[1])).first == "\\Sigma'")
  #expect(names(functions.restoring(formulas[0])).contains("u"))
  let others = formulas + [parsed("\\Sigma' W")]
  #expect(DiagonalFunctions(surveying: others).restoring(formulas[1]) == formulas[1])
}

@Test("an upright name of d and a letter that is computed is a differential of the page's letter")
func joinedDifferentials() {
  let formulas = [
    parsed("y = W x"), parsed("\\mathrm{dW} = \\mathrm{dy} x"), parsed("\\mathrm{dQ} = y"),
  ]
  let joined = JoinedDifferentials(surveying: formulas)
  #expect(names(joined.restoring(formulas[1])) == ["d", "W", "\\mathrm{dy}", "x"])
  #expect(joined.restoring(formulas[2]) == formulas[2])
}
