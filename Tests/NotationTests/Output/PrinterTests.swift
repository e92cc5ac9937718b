import Expressions
import Testing

@testable import Notation

/// A workspace with the names that the cases speak of.
private final class Desk {
  var workspace: Workspace
  let t: TimeSymbol
  let k: TimeSymbol
  let n: DimensionSymbol
  let d: DimensionSymbol
  let i: IndexSymbol
  let j: IndexSymbol
  let h: Symbol
  let x: Symbol
  let weights: Symbol
  let gate: Symbol
  let loss: Symbol
  let opaque: OpaqueFunction

  init() {
    var workspace = Workspace()
    t = workspace.time(named: "t")
    k = workspace.time(named: "k")
    n = workspace.dimension(named: "n")
    d = workspace.dimension(named: "d")
    let (size, width) = (Dimension(n), Dimension(d))
    i = workspace.index(IndexRecord(name: "i", dimension: size))
    j = workspace.index(IndexRecord(name: "j", dimension: width))
    h = workspace.symbol(SymbolRecord(name: "h", shape: .vector(size), isFamily: true))
    x = workspace.symbol(SymbolRecord(name: "x", shape: .vector(width), isFamily: false))
    weights = workspace.symbol(
      SymbolRecord(name: "W", shape: .matrix(size, size), isFamily: false))
    gate = workspace.symbol(
      SymbolRecord(name: "\\tilde W_{f}", shape: .matrix(size, size), isFamily: false))
    loss = workspace.symbol(
      SymbolRecord(name: "L", shape: .scalar, isFamily: true, properties: .loss))
    opaque = workspace.opaque(OpaqueRecord(name: "L", shape: .scalar))
    self.workspace = workspace
  }

  func make(_ node: Node) -> Expression { workspace.expression(node) }
  func state(_ time: Time) -> Expression { make(.variable(Variable(h, at: time))) }
  func number(_ value: Int) -> Expression { make(.number(Rational(value))) }
  func tex(_ expression: Expression, _ conventions: Conventions = Conventions()) -> String {
    latex(expression, in: workspace, conventions: conventions)
  }
  func plain(_ expression: Expression) -> String { unicode(expression, in: workspace) }
  /// What the formula's own reader finds unreadable in it.
  func isReadable(_ expression: Expression) -> Bool {
    var isReadable = true
    Formula(parsing: Array(tex(expression).utf8)).forEachPart {
      if case .unread = $0.kind { isReadable = false }
    }
    return isReadable
  }
}

extension Formula {
  fileprivate func forEachPart(_ body: (Formula) -> Void) {
    body(self)
    for child in children { child.forEachPart(body) }
  }
}

@Test("signs are merged and brackets stand where they must")
func sums() {
  let desk = Desk()
  let (a, b) = (
    desk.make(.variable(Variable(desk.x))), desk.make(.variable(Variable(desk.weights)))
  )
  let minusB = desk.make(.negative(b))
  let two = desk.number(-2)
  let scaled = desk.make(.product([two, a]))
  let sum = desk.make(.sum([a, minusB, scaled]))
  #expect(desk.tex(sum) == "x - W - 2 x")
  #expect(desk.plain(sum) == "x − W − 2 x")
  let product = desk.make(.product([b, sum, a]))
  #expect(desk.tex(product) == "W\\, (x - W - 2 x) x")
  let nested = desk.make(.sum([a, desk.make(.sum([a, b]))]))
  #expect(desk.tex(nested) == "x + (x + W)")
  #expect(desk.tex(desk.make(.negative(sum))) == "-(x - W - 2 x)")
  #expect(desk.tex(desk.make(.product([b, minusB]))) == "W\\, (-W)")
  #expect(desk.tex(desk.make(.hadamard([a, sum]))) == "x \\odot (x - W - 2 x)")
  #expect(desk.tex(desk.make(.product([desk.make(.hadamard([a, a])), b]))) == "(x \\odot x) W")
  let image = desk.make(.product([b, a]))
  #expect(desk.tex(desk.make(.hadamard([a, image]))) == "x \\odot (W x)")
  #expect(desk.tex(desk.make(.product([b, desk.number(3)]))) == "W \\cdot 3")
}

@Test("numbers, fractions and decimals keep their digits")
func numbers() {
  let desk = Desk()
  let half = desk.make(.number(Rational(1, over: 2)))
  #expect(desk.tex(half) == "\\frac{1}{2}")
  #expect(desk.plain(desk.make(.number(Rational(-3, over: 4)))) == "−3/4")
  #expect(desk.tex(desk.make(.decimal(Rational(424, over: 10000), places: 4))) == "0.0424")
  #expect(desk.tex(desk.make(.decimal(Rational(-5, over: 2), places: 2))) == "-2.50")
  #expect(desk.tex(desk.make(.decimal(Rational(7), places: 0))) == "7")
  let x = desk.make(.variable(Variable(desk.x)))
  #expect(desk.tex(desk.make(.product([half, x]))) == "\\frac{1}{2} x")
  #expect(
    desk.tex(desk.make(.quotient(x, desk.make(.sum([x, half]))))) == "\\frac{x}{x + \\frac{1}{2}}")
  #expect(desk.plain(desk.make(.quotient(x, desk.make(.sum([x, half]))))) == "x/(x + 1/2)")
}

@Test(
  "times stand where the document writes them",
  arguments: [
    (TimeNotation.subscript, "h_{t-1}", "h_t^2", "h_t^\\top", "(h_t)_i"),
    (.superscript, "h^{t-1}", "(h^t)^2", "(h^t)^\\top", "h_i^t"),
    (.parentheses, "h^{(t-1)}", "(h^{(t)})^2", "h^{(t)\\top}", "h_i^{(t)}"),
    (.brackets, "h^{[t-1]}", "(h^{[t]})^2", "h^{[t]\\top}", "h_i^{[t]}"),
    (
      .angle, "h^{\\langle t-1 \\rangle}", "(h^{\\langle t \\rangle})^2",
      "h^{\\langle t \\rangle\\top}", "h_i^{\\langle t \\rangle}"
    ),
  ])
func times(notation: TimeNotation, plain: String, square: String, transposed: String, entry: String)
{
  let desk = Desk()
  let conventions = Conventions(time: notation)
  let now = desk.state(Time(desk.t))
  #expect(desk.tex(desk.state(Time(desk.t, plus: -1)), conventions) == plain)
  let two = desk.number(2)
  #expect(desk.tex(desk.make(.power(now, two)), conventions) == square)
  #expect(desk.tex(desk.make(.transpose(now)), conventions) == transposed)
  #expect(desk.tex(desk.make(.entry(now, [.label(desk.i)])), conventions) == entry)
}

@Test("powers, copies, entries and names with scripts")
func scripts() {
  let desk = Desk()
  let w = desk.make(.variable(Variable(desk.weights)))
  let copy = desk.make(.variable(Variable(desk.weights, copy: Time(2))))
  let gate = desk.make(.variable(Variable(desk.gate)))
  #expect(desk.tex(copy) == "W^{(2)}")
  #expect(
    desk.tex(desk.make(.power(w, desk.make(.timeValue(Time(desk.t) - Time(desk.k)))))) == "W^{t-k}")
  #expect(desk.tex(desk.make(.power(w, desk.number(-1)))) == "W^{-1}")
  #expect(
    desk.tex(desk.make(.transpose(desk.make(.power(w, desk.number(-1)))))) == "(W^{-1})^\\top")
  #expect(desk.tex(desk.make(.power(copy, desk.number(2)))) == "(W^{(2)})^2")
  #expect(desk.tex(desk.make(.transpose(gate))) == "\\tilde W_{f}^\\top")
  #expect(desk.plain(gate) == "W\u{303}_f")
  #expect(desk.tex(desk.make(.entry(w, [.label(desk.i), .label(desk.j)]))) == "W_{ij}")
  #expect(desk.tex(desk.make(.entry(w, [.literal(1), .last(Dimension(desk.d))]))) == "W_{1d}")
  #expect(desk.tex(desk.make(.entry(w, [.literal(12), .literal(3)]))) == "W_{12,3}")
  #expect(
    desk.tex(desk.make(.entry(gate, [.label(desk.i), .label(desk.j)]))) == "(\\tilde W_{f})_{ij}")
  #expect(desk.tex(desk.make(.delta(.label(desk.i), .label(desk.j)))) == "\\delta_{ij}")
  #expect(desk.plain(desk.make(.transpose(w))) == "Wᵀ")
}

@Test("functions")
func functions() {
  let desk = Desk()
  let x = desk.make(.variable(Variable(desk.x)))
  let w = desk.make(.variable(Variable(desk.weights)))
  let wx = desk.make(.product([w, x]))
  #expect(desk.tex(desk.make(.apply(.sigmoid, derivative: 1, wx))) == "\\sigma'(W x)")
  #expect(desk.plain(desk.make(.apply(.sigmoid, derivative: 1, wx))) == "σ'(W x)")
  #expect(
    desk.tex(desk.make(.power(desk.make(.apply(.tanh, derivative: 0, wx)), desk.number(2))))
      == "\\tanh^2(W x)")
  #expect(
    desk.tex(
      desk.make(.tensorFunction(.diag, desk.make(.elided(.sigmoid, derivative: 1, site: 0)))))
      == "\\mathrm{diag}(\\sigma')")
  #expect(desk.tex(desk.make(.tensorFunction(.norm, wx))) == "\\lVert W x \\rVert")
  #expect(desk.plain(desk.make(.tensorFunction(.norm, wx))) == "‖W x‖")
  #expect(desk.tex(desk.make(.apply(.absolute, derivative: 0, x))) == "\\lvert x \\rvert")
  #expect(desk.tex(desk.make(.apply(.sqrt, derivative: 0, x))) == "\\sqrt{x}")
  #expect(desk.tex(desk.make(.maximum(x, desk.number(0)))) == "\\max(x, 0)")
  #expect(
    desk.tex(desk.make(.stack(rows: 2, columns: 1, [x, wx])))
      == "\\begin{bmatrix} x \\\\ W x \\end{bmatrix}")
  #expect(desk.plain(desk.make(.stack(rows: 1, columns: 2, [x, wx]))) == "[x, W x]")
  #expect(desk.tex(desk.make(.kronecker(w, w))) == "W \\otimes W")
}

@Test("derivatives")
func derivatives() {
  let desk = Desk()
  let (now, before) = (desk.state(Time(desk.t)), desk.state(Time(desk.t, plus: -1)))
  let w = desk.make(.variable(Variable(desk.weights)))
  let x = desk.make(.variable(Variable(desk.x)))
  let total = desk.make(.derivative(of: now, by: before, Intervention()))
  #expect(desk.tex(total) == "\\frac{\\partial h_t}{\\partial h_{t-1}}")
  #expect(desk.plain(total) == "∂h_t/∂h_{t−1}")
  #expect(
    desk.tex(desk.make(.derivative(of: now, by: w, Intervention(mode: .immediate))))
      == "\\frac{\\partial^+ h_t}{\\partial W}")
  let wx = desk.make(.product([w, x]))
  #expect(
    desk.tex(desk.make(.derivative(of: wx, by: x, Intervention())))
      == "\\frac{\\partial (W x)}{\\partial x}")
  let held = desk.make(.derivative(of: now, by: before, Intervention(held: [desk.weights])))
  #expect(desk.tex(held) == "\\left.\\frac{\\partial h_t}{\\partial h_{t-1}}\\right|_{W}")
  let pair = desk.make(.stack(rows: 2, columns: 1, [now, x]))
  #expect(
    desk.tex(desk.make(.derivative(of: now, by: pair, Intervention())))
      == "\\frac{\\partial h_t}{\\partial (h_t, x)}")
  let loss = desk.make(.variable(Variable(desk.loss, at: Time(desk.t))))
  let gradient = desk.make(.derivative(of: loss, by: x, Intervention(layout: .gradient)))
  #expect(desk.tex(gradient) == "\\nabla_x L_t")
  #expect(
    desk.tex(gradient, Conventions(layout: .gradient)) == "\\frac{\\partial L_t}{\\partial x}")
  #expect(desk.tex(desk.make(.differential(wx))) == "\\mathrm{d}(W x)")
  let inverse = desk.make(.power(w, desk.number(-1)))
  #expect(desk.tex(desk.make(.differential(inverse))) == "\\mathrm{d}(W^{-1})")
  let dx = desk.make(.differential(x))
  #expect(desk.tex(desk.make(.product([w, dx]))) == "W\\, \\mathrm{d} x")
  #expect(desk.tex(desk.make(.product([desk.make(.differential(w)), x]))) == "(\\mathrm{d} W) x")
  // The node is a column; what is written is a row in numerator layout.
  let column = desk.make(.opaquePartial(desk.opaque, at: Time(desk.t), slots: [0], [now]))
  #expect(desk.tex(column) == "\\left( \\frac{\\partial L_t}{\\partial h_t} \\right)^\\top")
  #expect(desk.tex(desk.make(.transpose(column))) == "\\frac{\\partial L_t}{\\partial h_t}")
  #expect(
    desk.tex(column, Conventions(layout: .gradient)) == "\\frac{\\partial L_t}{\\partial h_t}")
  #expect(
    desk.tex(desk.make(.product([total, total])))
      == "\\frac{\\partial h_t}{\\partial h_{t-1}} \\frac{\\partial h_t}{\\partial h_{t-1}}")
}

@Test("sums, products and paths over times")
func timeSums() {
  let desk = Desk()
  let (t, k) = (Time(desk.t), Time(desk.k))
  let then = desk.state(k)
  let sum = desk.make(.timeSum(desk.k, from: .zero, through: t, then))
  #expect(desk.tex(sum) == "\\sum_{k=0}^t h_k")
  #expect(desk.plain(sum) == "∑_{k=0}^t h_k")
  let w = desk.make(.variable(Variable(desk.weights)))
  #expect(desk.tex(desk.make(.product([sum, w]))) == "\\left( \\sum_{k=0}^t h_k \\right) W")
  #expect(desk.tex(desk.make(.product([w, sum]))) == "W \\sum_{k=0}^t h_k")
  let body = desk.make(.sum([then, w]))
  #expect(
    desk.tex(desk.make(.timeSum(desk.k, from: .zero, through: t, body)))
      == "\\sum_{k=0}^t (h_k + W)")
  let down = desk.make(.timeProduct(desk.k, from: Time(1), through: t, w, .descending))
  #expect(desk.tex(down) == "\\prod_{k=t}^1 W")
  let path = PathProduct(
    step: desk.k, lower: .zero, upper: t, row: 0, column: 0, blocks: [w], size: 1)
  #expect(desk.tex(desk.make(.pathProduct(path))) == "\\prod_{k=t}^1 W")
  let blocks = PathProduct(
    step: desk.k, lower: .zero, upper: t, row: 0, column: 1, blocks: [w, w, w, w], size: 2)
  #expect(
    desk.tex(desk.make(.pathProduct(blocks)))
      == "\\left( \\prod_{k=t}^{1} \\begin{bmatrix} W & W \\\\ W & W \\end{bmatrix} \\right)_{12}")
  #expect(desk.tex(desk.make(.iverson([t - k, k - 1]))) == "[k \\le t, 1 \\le k]")
  let entry = desk.make(.entry(w, [.label(desk.i), .label(desk.j)]))
  #expect(desk.tex(desk.make(.indexSum(desk.j, entry))) == "\\sum_{j=1}^d W_{ij}")
  #expect(desk.tex(desk.make(.tabulate([desk.i, desk.j], entry))) == "(W_{ij})_{ij}")
}

@Test("times, dimensions and shapes in words")
func smallTexts() {
  let desk = Desk()
  let (t, k) = (Time(desk.t), Time(desk.k))
  #expect(timeText(t - k, in: desk.workspace) == "t-k")
  #expect(timeText(k.scaled(by: -1) + 3, in: desk.workspace) == "3-k")
  #expect(timeText(t.scaled(by: 2) - 1, in: desk.workspace) == "2 t-1")
  #expect(timeText(.zero, in: desk.workspace) == "0")
  let (n, d) = (Dimension(desk.n), Dimension(desk.d))
  #expect(dimensionText(n + d, in: desk.workspace) == "n+d")
  #expect(dimensionText(Dimension(4) * n, in: desk.workspace) == "4n")
  #expect(shapeText(.matrix(n, d), in: desk.workspace) == "n × d")
  #expect(shapeText(.scalar, in: desk.workspace) == "scalar")
}

@Test(
  "names become Unicode letters",
  arguments: [
    ("\\theta", "θ"), ("\\tilde C", "C\u{303}"), ("\\hat{\\imath}", "ı\u{302}"),
    ("W_{hh}", "W_{hh}"),
    ("\\mathbf{x}", "x"), ("a^{f}", "a^f"), ("\\ell", "ℓ"), ("h", "h"),
    ("\\boldsymbol{\\theta}_t", "θ_t"),
  ])
func unicodeNames(latex: String, text: String) {
  #expect(UnicodeName(latex).text == text)
}

@Test("what is printed can be read: random expressions")
func printedFormulasAreReadable() {
  let desk = Desk()
  var seed: UInt64 = 7
  func next(_ count: Int) -> Int {
    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(seed >> 33) % count
  }
  var pool = [
    desk.make(.variable(Variable(desk.x))), desk.make(.variable(Variable(desk.weights))),
    desk.state(Time(desk.t)), desk.number(-2), desk.make(.number(Rational(1, over: 3))),
  ]
  for _ in 0..<400 {
    let (a, b) = (pool[next(pool.count)], pool[next(pool.count)])
    let node: Node
    switch next(12) {
    case 0: node = .sum([a, b])
    case 1: node = .product([a, b])
    case 2: node = .hadamard([a, b])
    case 3: node = .quotient(a, b)
    case 4: node = .negative(a)
    case 5: node = .transpose(a)
    case 6: node = .apply(.tanh, derivative: next(2), a)
    case 7: node = .tensorFunction(.diag, a)
    case 8: node = .timeSum(desk.k, from: .zero, through: Time(desk.t), a)
    case 9: node = .derivative(of: a, by: pool[next(3)], Intervention())
    case 10: node = .power(a, desk.number(2))
    default: node = .differential(a)
    }
    let expression = desk.make(node)
    if desk.tex(expression).utf8.count < 400 { pool.append(expression) }
    #expect(desk.isReadable(expression), "\(desk.tex(expression))")
  }
}
