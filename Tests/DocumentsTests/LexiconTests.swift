import Notation
import Testing

@testable import Documents

private func lexicon(_ formulas: String...) -> Lexicon {
  Lexicon(
    surveying: formulas.map { Formula(parsing: Array($0.utf8), macros: MacroTable()) })
}

@Test(
  "where the time of a family stands",
  arguments: [
    ("h_t = W h_{t-1}", TimePlace.below), ("h^{(t)} = W h^{(t-1)}", .above),
    ("h_i^{t} = h_i^{t-1}", .above), ("h^{\\langle t \\rangle} = x", .angle),
    ("h[t] = h[t-1]", .brackets),
    ("h_{k+1} = h_k", .below), ("h_1 = W h_0", .below),
  ])
func timePlaces(formula: String, place: TimePlace) {
  #expect(lexicon(formula).families["h"] == place)
}

@Test(
  "names that bear no time",
  arguments: ["y = W x", "x_i = y_i", "W_{ij} = 0", "W^2 = W", "z = W_f x", "y = \\sigma(t)"])
func noFamilies(formula: String) {
  #expect(lexicon(formula).families.isEmpty)
}

@Test("a letter with an offset below a name is a time")
func offsets() {
  let found = lexicon("q_{k+1} = A q_k")
  #expect(found.isTimeLetter("k"))
  #expect(found.isFamily("q"))
  #expect(!found.isFamily("A"))
  #expect(!lexicon("q_k = A x").isTimeLetter("k"))
}

@Test("a letter with a stated range is a time, a label of entries is none")
func rangesOfLetters() {
  #expect(lexicon("s = 1, \\dots, T").isTimeLetter("s"))
  #expect(lexicon("k \\in \\{1, \\dots, T\\}").isTimeLetter("k"))
  #expect(!lexicon("i = 1, \\dots, n").isTimeLetter("i"))
  #expect(!lexicon("x \\in \\mathbb{R}^n", "k = 1, \\dots, n").isTimeLetter("k"))
}

@Test(
  "declared spaces fix orders and sizes",
  arguments: [
    ("W \\in \\mathbb{R}^{n\\times d}", "W", 2), ("x, y \\in \\mathbb{R}^n", "y", 1),
    ("x^{(t)} \\in \\mathbb R^d", "x", 1), ("c \\in \\mathbb{R}", "c", 0),
    ("R \\in R^{1\\times d}", "R", 2), ("K \\in \\mathbb{R}^{m\\times n\\times d}", "K", 3),
  ])
func orders(formula: String, name: String, order: Int) {
  #expect(lexicon(formula).declaredOrder(of: name) == order)
}

@Test("the letters of spaces are sizes")
func sizes() {
  #expect(lexicon("W \\in \\mathbb{R}^{n\\times (n+d)}").dimensionLetters == ["n", "d"])
}

@Test("functions that the page defines or types")
func ownFunctions() {
  #expect(lexicon("r(z) = z^2").functions == ["r"])
  #expect(lexicon("f \\colon \\mathbb{R} \\to \\mathbb{R}").functions == ["f"])
  #expect(lexicon("W \\in \\mathbb{R}^{n\\times n}", "W(x) = y").functions.isEmpty)
}

@Test("letters in exponents are integers, though no times")
func exponents() {
  let found = lexicon("M^{m} = M M^{m-1}")
  #expect(found.isIntegerLetter("m"))
  #expect(!found.isTimeLetter("m"))
}

@Test("a lower script of a declared name is its label where it is no time")
func declaredLabels() {
  #expect(lexicon("W_{hx} \\in \\mathbb{R}^{n\\times d}").declaredOrder(of: "W") == nil)
}

@Test("names that stand without scripts are used bare")
func bareNames() {
  let found = lexicon("y = W x + b", "h_t = x_t")
  #expect(found.isBare("W"))
  #expect(!found.isBare("h"))
  #expect(found.isBare("x"))
}

@Test("a name whose letters name other families bears no time")
func distinguishedNames() {
  let found = lexicon(
    "f_t = W_f h_{t-1} + W_i x_t", "i_t = W_i h_{t-1}", "C_i = f_i C_{i-1}")
  #expect(!found.isFamily("W"))
  #expect(found.isFamily("C"))
  #expect(!found.isTimeLetter("f"))
}

@Test("what steps written one by one read at one distance is a family, a bias is none")
func stepsOneByOne() {
  let found = lexicon(
    "S_1 = \\tanh(U X_1 + W S_0 + b_1)", "S_2 = \\tanh(U X_2 + W S_1 + b_1)",
    "a_2 = U X_2 + W S_1 + b_1", "a_1 + b_1")
  for name in ["S", "X", "a"] { #expect(found.isFamily(name)) }
  for name in ["U", "W", "b"] { #expect(!found.isFamily(name)) }
}
