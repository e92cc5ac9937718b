import Notation
import Testing

@testable import Documents

private func parsed(_ text: String) -> Formula {
  Formula(parsing: Array(text.utf8), macros: MacroTable())
}

/// The bases of the last formula, each with what stands below it, in reading order.
private func names(_ formulas: [String]) -> [String] {
  let page = formulas.map { parsed($0) }
  var found: [String] = []
  func collect(_ formula: Formula) {
    switch formula.kind {
    case .identifier(let identifier) where identifier.name != "d": found.append(identifier.latex)
    case .scripts(let base, let below, let above, _):
      let script = below.map { "_" + Elaborator.script($0) } ?? ""
      found.append((base.identifier?.latex ?? "") + script + (above == nil ? "" : "^"))
    default: for child in formula.children { collect(child) }
    }
  }
  collect(ElidedTimes(surveying: page).restoring(page[page.count - 1]))
  return found
}

@Test(
  "a name computed from nodes of the step is of the step, wherever it stands bare",
  arguments: [
    (["u = h_{t-1} W", "u + W"], ["u_t", "W"]),
    (["u = h^{(t-1)} W", "u"], ["u^"]),
    (["u = h_{t-1} W", "h_t = \\tanh(u)"], ["h_t", "\\mathrm{tanh}", "u_t"]),
    (["(f; g) = W h_{t-1}", "f"], ["f"]),
    (["\\begin{pmatrix} f \\\\ g \\end{pmatrix} = W h_{t-1}", "f W_f g"], ["f_t", "W_f", "g_t"]),
    (["u = h_{t-1}", "c_t = u \\odot c_{t-1}", "\\frac{dL}{dc}"], ["L", "c_t"]),
  ])
func elided(formulas: [String], expected: [String]) { #expect(names(formulas) == expected) }

@Test(
  "names that have no step to leave out",
  arguments: [
    (["u = W v", "u"], ["u"]), (["u = h_{t-1} W", "u_t = u", "u"], ["u"]),
    (["L = h_t^2", "L"], ["L"]), (["s = \\sum_t h_t", "s"], ["s"]),
    (["u = h_k W", "u"], ["u"]), (["u = \\frac{dL}{dh_t}", "u"], ["u"]),
    (["c_t = f \\odot c_{t-1}", "\\frac{dL}{dc}"], ["L", "c"]),
    (["u = h_{t-1}", "c_t = c + u", "\\frac{dL}{dc}"], ["L", "c"]),
    (["u = h_{t-1}", "c_t = u c_{t-1}", "c_i = 0", "\\frac{dL}{dc}"], ["L", "c"]),
  ])
func written(formulas: [String], expected: [String]) { #expect(names(formulas) == expected) }

@Test(
  "a product below a derivative is the one of these names in the equations",
  arguments: [
    (["c_t = f_t \\odot c_{t-1}", "\\frac{dL}{d f c}"], ["L", "f_t", "c_{t-1}"]),
    (["c_t = f_t \\odot c_{t-1}", "\\frac{dL}{d (f \\odot c)}"], ["L", "f_t", "c_{t-1}"]),
    (["c_t = f_t \\odot c_{t-1}", "\\frac{dL}{d f_t c}"], ["L", "f_t", "c_{t-1}"]),
    (["c_t = f_t \\odot c_{t-1}", "\\frac{dL}{d f_{t-1} c}"], ["L", "f_{t-1}", "c"]),
    (["c_t = f_t \\odot c_{t-1}", "\\frac{dL}{d c f}"], ["L", "c", "f"]),
    (["c_t = f_t \\odot c_{t-1}", "r_t = f_t \\odot c_t", "\\frac{dL}{d f c}"], ["L", "f", "c"]),
  ])
func products(formulas: [String], expected: [String]) { #expect(names(formulas) == expected) }

@Test("the differential of an activation beside a quotient is its slope")
func slopes() {
  func slope(_ text: String) -> Bool {
    let formula = parsed(text)
    return WrittenSlopes.restoring(formula) != formula
  }
  #expect(slope("\\frac{dL}{du} = \\frac{dL}{dh} \\odot d(\\tanh(u))"))
  #expect(slope("\\frac{dL}{du} = d\\sigma(u) \\odot \\frac{dL}{dh}"))
  #expect(!slope("dL = \\frac{dL}{dh} \\odot d(\\tanh(u))"))
  #expect(!slope("\\frac{dL}{du} = \\frac{dL}{dh} d(\\tanh(u))"))
  #expect(!slope("\\frac{dL}{du} = x \\odot d(\\tanh(u))"))
  #expect(!slope("\\frac{dL}{du} = \\frac{dL}{dh} \\odot d(W u)"))
}
