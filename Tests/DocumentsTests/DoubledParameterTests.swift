import Notation
import Testing

@testable import Documents

private func parsed(_ text: String) -> Formula {
  Formula(parsing: Array(text.utf8), macros: MacroTable())
}

@Test("a parameter printed twice beside one that is missing can be meant in two places")
func twoPlaces() {
  let equation = parsed("s_t = \\tanh(W x_t + W s_{t-1})")
  let found = DoubledParameter.candidates(
    surveying: [equation, parsed("\\frac{\\partial s_t}{\\partial U}")])
  #expect(found.count == 2)
  let mended = found.map { mend in
    var names: [String] = []
    mend.mending(equation).visit { if let name = $0.identifier?.name { names.append(name) } }
    return names.filter { $0 == "U" || $0 == "W" }
  }
  #expect(mended == [["U", "W"], ["W", "U"]])
}

@Test(
  "where nothing is doubled or nothing is missing, nothing is misprinted",
  arguments: [
    ["s_t = \\tanh(V x_t + W s_{t-1})", "\\frac{\\partial s_t}{\\partial U}"],
    ["s_t = \\tanh(W x_t + W s_{t-1})", "\\frac{\\partial s_t}{\\partial W}"],
    [
      "s_t = \\tanh(W x_t + W s_{t-1})", "\\frac{\\partial s_t}{\\partial U}",
      "\\frac{\\partial s_t}{\\partial V}",
    ],
    [
      "s_t = \\tanh(W x_t + W s_{t-1})", "y_t = U s_t",
      "\\frac{\\partial s_t}{\\partial U}",
    ],
    [
      "s_t = \\tanh(W x_t + W s_{t-1})", "r_t = W y_t + W x_t",
      "\\frac{\\partial s_t}{\\partial U}",
    ],
  ])
func nothingMisprinted(formulas: [String]) {
  #expect(DoubledParameter.candidates(surveying: formulas.map { parsed($0) }).isEmpty)
}

@Test("an input in the other case is the input; what the page declares or equates is itself")
func cases() {
  func isPrinted(_ formulas: [String]) -> Bool {
    let page = formulas.map { parsed($0) }
    return CaseVariants(surveying: page).restoring(page[page.count - 1]) == page[page.count - 1]
  }
  let equation = "S_t = \\tanh(U X_t + W S_{t-1})"
  #expect(!isPrinted([equation, "U x_t"]))
  #expect(isPrinted([equation, "U x"]))
  #expect(isPrinted([equation, "U x_n"]))
  #expect(isPrinted(["c_t = i_t \\odot c_{t-1}", "W I_t"]))
  #expect(isPrinted([equation, "x_t \\in \\mathbb{R}^d", "U x_t"]))
  #expect(isPrinted([equation, "y_t = V x_t", "U x_t"]))
  #expect(isPrinted([equation, "x_t \\to c_t", "U x_t"]))
  #expect(isPrinted([equation, "\\frac{\\partial S_t}{\\partial x_t}", "U x_t"]))
}
