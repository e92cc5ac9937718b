import Expressions
import Notation
import Testing

@testable import Documents

private func roles(_ text: String) -> String {
  let reading = PageReading(text)
  return reading.page.statements.map { $0.role.rawValue }.joined(separator: " ")
}

@Test(
  "the first rule that fits decides the role",
  arguments: [
    ("$W \\in \\mathbb{R}^{n\\times d}$", "declaration"),
    ("$x, y \\in \\mathbb{R}^n$", "declaration"),
    ("$t = 0, \\dots, T$", "declaration"), ("$t \\in \\{1, \\dots, T\\}$", "declaration"),
    ("$\\mathrm{diag}(a) W \\in \\mathbb{R}^{n\\times d}$", "claim"),
    ("$y = \\sigma(Wx)$", "definition"), ("$y := Wx$", "definition"),
    ("$h_t = \\tanh(W h_{t-1})$", "definition"),
    ("$h_t = \\tanh(W h_{t-1})$ and $h_0 = \\tanh(x)$", "definition definition"),
    ("$S_1 = A S_0$ and $S_2 = A S_1$", "definition definition"),
    ("$r(z) = z^2$", "definition"), ("$o_i = \\sum_{j=1}^d w_{ij} x_j$", "definition"),
    ("$y = Wx$ and $y = x$", "definition claim"),
    ("$y = Wx$ and $o = Vy$, so $y = Vx$", "definition definition claim"),
    ("$\\frac{\\partial y}{\\partial x} = W$", "claim"),
    ("$y = Wx$, $y > 0$", "definition claim"),
    ("$y = Wx$. Suppose $W = I$", "definition assumption"),
    ("$y = Wx$. Let $W = I$", "definition assumption"), ("Let $y = Wx$", "definition"),
    (
      "$y = Wx$, $W \\in \\mathbb{R}^{n\\times n}$. For $n = 1$ it is short",
      "definition declaration assumption"
    ),
    ("$T = 3$", "assumption"),
    ("$M \\in \\mathbb{R}^{n\\times n}$, $M v = \\lambda v$", "declaration assumption"),
    ("设 $y = Wx$。若 $W = I$，则 $y = x$。", "definition assumption claim"),
    (
      "Let $\\begin{pmatrix} f_t \\\\ g_t \\end{pmatrix} = \\begin{pmatrix} \\sigma \\\\ \\tanh \\end{pmatrix} W h_{t-1}$, so $f_t = h_t$",
      "definition claim"
    ),
    ("Sei $y = Wx$. Wenn $W = I$, dann $y = x$.", "definition assumption claim"),
    ("Let $B \\in \\mathbb{R}^{n\\times n}$. Show that $B_{ii} > 0$", "declaration claim"),
    ("$\\|x\\|_1 \\le \\|x\\|_2$", "claim"), ("Since $\\beta > 0$, we stop", "assumption"),
    ("$c_t = f_t c_{t-1} + u_t$. Then $f_t \\in (0, 1)$", "definition claim"),
    ("$c_t = f_t c_{t-1} + u_t$. Since $f_t \\in (0, 1)$, it fades", "definition assumption"),
    ("$h_t = o_t z_t$. Unless $o_t = 1$, $h_t = z_t$", "definition declaration claim"),
    ("$h_t = o_t z_t$. If instead $o_t = 1$, then $h_t = z_t$", "definition assumption claim"),
    ("$c_t = f_t c_{t-1} + g_t$. Hence $g_t = c_t - f_t c_{t-1}$", "definition claim"),
    ("$c_t = f_t c_{t-1} + g_t$. Then $h_t = o_t c_t$", "definition definition"),
    ("$h_t = W h_{t-1}$. Then $h_0 = W h_1$", "definition claim"),
  ])
func rolesOfStatements(text: String, expected: String) {
  #expect(roles(text) == expected)
}

@Test(
  "what a sentence supposes of what nothing computes",
  arguments: [
    ("$y = Wx + a$, where $a > 0$ is a constant.", "definition assumption"),
    ("$y = Wx + a$ (here $a > 0$).", "definition assumption"),
    ("$y = Wx$. Hence $y > 0$.", "definition claim"),
    ("$y = Wx$, where $y > 0$.", "definition claim"),
    ("It has rates $a, b \\in [0, 1)$: $y = ax + bz$.", "assumption definition"),
    ("$y = Wx$. Hence $W, y \\in [0, 1)$.", "definition claim"),
    (
      "$J(w) = w^2$. Setting $\\nabla J(w) = 0$ we get $v = 0$.", "definition assumption claim"
    ),
    ("$J(w) = w^2$. Then $\\nabla J(w) = 0$.", "definition claim"),
    ("$J = \\|Wx\\|^2$ vanishes at $W = VU$.", "definition assumption"),
    ("$p = \\mathrm{softmax}(z)$. If $i = j$, $p_i = p_j$.", "definition declaration claim"),
    ("$\\Rightarrow y = Wx$", "definition"),
  ])
func suppositions(text: String, expected: String) {
  #expect(roles(text) == expected)
}

@Test(
  "the lines that are of a case of entries",
  arguments: [
    ("Case 1: $i = j$.\n$$p_i = a_j$$\n\nCase 2: $i \\neq j$.\n$$p_i = b_j$$", [1, 1]),
    ("We have $p_i = a_j$ if $i = j$, and $p_i = b_j$ if $i \\neq j$.", [1, 1]),
    ("If $i = j$, then $$p_i = a_j$$ and otherwise $$p_i = b_j$$", [1, 1]),
    ("For $i = j$ we get $$p_i = a_j$$ Together: $$p_i = b_j$$", [1, 0]),
    ("For $i = j$ we get $$p_i = a_j$$\n\n# All\n\n$$p_i = b_j$$", [1, 0]),
  ])
func casesOfEntries(text: String, counts: [Int]) {
  let page = PageReading("$p = \\mathrm{softmax}(z)$.\n\n" + text).page
  #expect(page.statements.filter { $0.role == .claim }.map { $0.cases.count } == counts)
}

@Test(
  "a chain is one statement a relation",
  arguments: [
    ("$y = \\sigma(Wx)$, $\\frac{\\partial y}{\\partial x} = A = B$", "definition claim claim"),
    ("$h = \\sigma(z) = \\sigma(Ux + Wg + b)$", "definition definition"),
    ("$y = Wx = x$", "definition claim"),
    (
      "$W \\in \\mathbb{R}^{n\\times n}$ $$\\begin{aligned} y &= Wx \\\\ &= Vx \\\\ &= x \\end{aligned}$$",
      "declaration definition claim claim"
    ),
  ])
func chains(text: String, expected: String) {
  #expect(roles(text) == expected)
}

@Test("a member of a chain knows its neighbour and its head")
func heads() {
  let page = PageReading("$y = a$, $z = b$. $$\\frac{\\partial y}{\\partial a} = P = Q = R$$").page
  let claims = page.statements.filter { $0.role == .claim }
  #expect(claims.map { $0.previous } == [nil, 2, 3])
  #expect(claims.map { $0.head } == [nil, 2, 2])
}

@Test("a display that begins with a relation sign goes on with the display before")
func chainOverDisplays() throws {
  var reading = PageReading(
    "$y = Wx$\n\n$$\\frac{\\partial y}{\\partial x} = A$$\n\n$$= B$$\n\n$$= C$$\n")
  let statements = reading.page.statements
  #expect(statements.count == 4)
  let last = try #require(statements.last)
  #expect(last.previous == 2)
  #expect(last.head == 1)
  #expect(try reading.sides(of: last) == ["B", "C"])
}

@Test("a chain's later source begins at its relation sign")
func sourceOfChain() {
  let text = "$$\\frac{\\partial y}{\\partial x} = A = B$$"
  let page = PageReading(text).page
  func source(_ i: Int) -> String {
    let place = page.statements[i].place
    return String(decoding: Array(text.utf8)[place.start..<place.end], as: UTF8.self)
  }
  #expect(source(0) == "\\frac{\\partial y}{\\partial x} = A")
  #expect(source(1) == "= B")
}

@Test(
  "a trailing range or condition is none of its own",
  arguments: [
    "$y_i = \\sigma(o_i), \\quad i = 1, \\dots, n$",
    "$\\frac{\\partial h_k}{\\partial h_t} = 0, \\quad k < t$",
    "$\\frac{\\partial h_t}{\\partial h_k} = A, \\quad t \\ge 2$",
  ])
func conditions(text: String) {
  let page = PageReading(text).page
  #expect(page.statements.count == 1)
  #expect(page.statements[0].conditions.count == 1)
}

@Test(
  "stated ranges",
  arguments: [
    ("$t = 0, \\dots, T$", "t", 0, "T"), ("$t = 1, 2, \\dots, T$", "t", 1, "T"),
    ("$k \\in \\{2, \\dots, T\\}$", "k", 2, "T"),
  ])
func statedRanges(text: String, letter: String, from: Int, through: String) throws {
  let range = try #require(PageReading(text).page.ranges.first)
  #expect(range.letter == letter)
  #expect(range.from == AffineLetters(terms: [], constant: from))
  #expect(range.through.soleLetter == through)
}

@Test("a range in the sentence of a recurrence is the recurrence's")
func rangeOfDefinition() throws {
  let inside = PageReading("For $t = 0, \\dots, T$ let $h_t = W h_{t-1}$.").page
  #expect(inside.definitions.first?.range?.from == AffineLetters(terms: [], constant: 0))
  let behind = PageReading("$h_t = W h_{t-1}, \\quad t = 2, \\dots, T$").page
  #expect(behind.definitions.first?.range?.from == AffineLetters(terms: [], constant: 2))
  let none = PageReading("$h_t = W h_{t-1}$").page
  #expect(none.definitions.first?.range == nil)
}

@Test(
  "directives fix what prose leaves open",
  arguments: [
    (
      "<!-- leibniz: declare W \\in \\mathbb{R}^{n\\times d} --> $y = Wx$", "declaration definition"
    ),
    ("<!-- leibniz: define z = Wx --> $y = \\sigma(z)$", "definition definition"),
    ("$y = Wx$ <!-- leibniz: assume W = I --> $y = x$", "definition assumption claim"),
    ("<!-- leibniz: claim --> $y = Wx$", "claim"),
    ("<!-- leibniz: ignore --> $y = Wx$ $z = y$", "definition"),
    ("~~$y = Wx$~~ $z = x$", "definition"),
  ])
func directiveRoles(text: String, expected: String) {
  #expect(roles(text) == expected)
}

@Test("what a directive says is hidden and takes no expectation")
func hiddenStatements() {
  let page = PageReading(
    "<!-- leibniz: define z = Wx -->\n<!-- leibniz: expect definition -->\n$y = \\sigma(z)$"
  ).page
  #expect(page.statements.map { $0.isHidden } == [true, false])
  #expect(page.statements.map { $0.expectation?.word } == [nil, "definition"])
}

@Test("one expectation a relation, the last reach as far as there are")
func expectationsOfRelations() {
  let page = PageReading(
    "<!-- leibniz: expect definition; proved; refuted as sign -->\n$y = a = b = c = d$"
  ).page
  #expect(
    page.statements.map { $0.expectation?.text } == [
      "definition", "proved", "refuted as sign", nil,
    ])
}

@Test(
  "layouts from directives, words and entry formulas",
  arguments: [
    ("<!-- leibniz: layout denominator -->", Layout.denominator),
    ("We use numerator layout.", .numerator),
    ("Gradients have the shape of the variable.", .gradient),
    ("where $(\\partial y/\\partial x)_{ij} = \\partial y_i/\\partial x_j$", .numerator),
    ("where $(\\partial y/\\partial x)_{ij} = \\partial y_j/\\partial x_i$", .denominator),
  ])
func layoutsOfPages(text: String, layout: Layout) {
  #expect(PageReading(text).page.layout == layout)
}

@Test("a page that says nothing fixes no layout")
func noLayout() {
  let page = PageReading("$y = Wx$ and $\\frac{\\partial y}{\\partial x} = W$").page
  #expect(page.layout == nil)
  #expect(!page.isScalar)
  #expect(!page.marksImmediate)
}

@Test("words and directives about the whole page")
func wholePage() {
  #expect(PageReading("All numbers are scalars: $y = wx$").page.isScalar)
  #expect(PageReading("<!-- leibniz: scalar --> $y = wx$").page.isScalar)
  #expect(PageReading("<!-- leibniz: copy --> $y = wx$").page.copies)
  #expect(PageReading("$\\frac{\\partial^+ h_t}{\\partial W} = x$").page.marksImmediate)
  #expect(PageReading("$h_t = W h_{t-1}$, $L = \\sum_{t=1}^T h_t$").page.sumsOverTime)
}

@Test("held families reach to the next heading by directive, to the end of the paragraph by words")
func heldFamilies() {
  let recurrence = "$f_t = \\sigma(V c_{t-1})$, $c_t = f_t \\odot c_{t-1}$"
  let claim = "$\\frac{\\partial c_t}{\\partial c_{t-1}} = f_t$"
  func held(_ text: String) -> [[String]] {
    PageReading(text).page.statements.filter { $0.role == .claim }.map { $0.held.map { $0.name } }
  }
  #expect(
    held("\(recurrence)\n\n<!-- leibniz: hold f_t -->\n\(claim)\n\n\(claim)\n\n# A\n\n\(claim)")
      == [["f"], ["f"], []])
  #expect(
    held("\(recurrence)\n\nWith the gate $f_t$ held constant \(claim).\n\n\(claim)") == [["f"], []])
}

@Test("what the page says of losses, dependences and first states")
func dependences() throws {
  let page = PageReading(
    "$h_t = W h_{t-1}$ with $h_0$ given; a scalar loss $L_t$ depends on $h_t$."
  ).page
  #expect(page.given.map { $0.key } == [NameKey("h", isFamily: true)])
  #expect(page.given.first?.time == AffineLetters(terms: [], constant: 0))
  let dependence = try #require(page.dependences.first)
  #expect(dependence.key == NameKey("L", isFamily: true))
  #expect(dependence.isScalar)
  #expect(dependence.arguments.map { $0.key } == [NameKey("h", isFamily: true)])
  #expect(!dependence.onAllTimes)
  let all = PageReading("The scalar loss $L$ depends on all $h_t$, and $h_t = W h_{t-1}$.").page
  #expect(all.dependences.first?.onAllTimes == true)
}

@Test("properties stand beside their names")
func propertiesOfNames() {
  let page = PageReading("Let $S \\in \\mathbb{R}^{n\\times n}$ be symmetric.").page
  #expect(page.declarations.contains { $0.key == NameKey("S") && $0.properties == .symmetric })
  #expect(page.declarations.contains { $0.key == NameKey("S") && $0.shape?.order == 2 })
}

@Test("one shape for all matrices")
func commonShape() {
  let page = PageReading("$p = \\tanh(Ax)$, $y = Bp$, all matrices $n \\times n$.").page
  #expect(page.commonMatrixShape?.order == 2)
  #expect(page.commonMatrixShape.map { $0.dimensions[0] == $0.dimensions[1] } == true)
}

@Test("a name and its family are two names")
func familyNames() {
  let page = PageReading("$L = \\sum_{t=1}^T L_t$").page
  #expect(page.knownKeys.contains(NameKey("L")))
  #expect(page.knownKeys.contains(NameKey("L", isFamily: true)))
}

@Test("the same equation again is a claim, under a new heading a new model")
func newModels() {
  let again = "$y = Wx$\n\nThen\n\n$y = Vx$"
  #expect(roles(again) == "definition claim")
  #expect(roles("$y = Wx$\n\n# Another\n\n$y = Vx$") == "definition definition")
  #expect(roles("$y = Wx$\n\nIf we add $b$, then $y = Wx + b$") == "definition definition")
}

@Test("a given document's statements are taken over, not judged again")
func givenDocument() throws {
  var reading = PageReading(
    "$\\frac{\\partial h_t}{\\partial h_{t-1}} = \\mathrm{diag}(1 - h_t^2) W$",
    given: """
      For $t = 1, \\dots, T$ let $h_t = \\tanh(W h_{t-1} + U x_t)$ with
      $W \\in \\mathbb{R}^{n\\times n}$ and $h_0$ given. We use denominator layout.
      """)
  #expect(reading.page.statements.map { $0.role } == [.claim])
  #expect(reading.page.definitions.map { $0.key } == [NameKey("h", isFamily: true)])
  #expect(reading.page.definitions.map { $0.statement } == [-1])
  #expect(reading.page.declarations.contains { $0.key == NameKey("W") && $0.statement == -1 })
  #expect(reading.page.ranges.map { $0.letter } == ["t"])
  #expect(reading.page.layout == .denominator)
  #expect(reading.page.given.map { $0.key } == [NameKey("h", isFamily: true)])
  #expect(
    try reading.sides(of: reading.page.statements[0])[0] == "∂(h@t / h@t-1)")
}

@Test("a definition of a given document makes the same equation a claim")
func givenDefinition() {
  let page = PageReading("$h_t = \\tanh(W h_{t-1})$", given: "$h_t = \\tanh(W h_{t-1})$").page
  #expect(page.statements.map { $0.role } == [.claim])
}

@Test("what cannot be read is a claim with its problem")
func problems() {
  let page = PageReading("$\\frac{\\partial y}{\\partial x} = \\nosuchcommand{W}$").page
  #expect(page.statements.map { $0.role } == [.claim])
  #expect(page.statements[0].problem != nil)
}
