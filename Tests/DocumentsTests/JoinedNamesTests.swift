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

@Test("an upright name of d and a letter that is computed is a differential of the page's letter")
func joinedDifferentials() {
  let formulas = [
    parsed("y = W x"), parsed("\\mathrm{dW} = \\mathrm{dy} x"), parsed("\\mathrm{dQ} = y"),
  ]
  let joined = JoinedDifferentials(surveying: formulas)
  #expect(names(joined.restoring(formulas[1])) == ["d", "W", "\\mathrm{dy}", "x"])
  #expect(joined.restoring(formulas[2]) == formulas[2])
}
