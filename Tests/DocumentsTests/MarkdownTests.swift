import Notation
import Testing

@testable import Documents

@Test(
  "every delimiter of a formula is known",
  arguments: [
    ("a $x = 1$ b", ["x = 1"]), ("$$x = 1$$", ["x = 1"]), ("$$\nx\n= 1\n$$", ["\nx\n= 1\n"]),
    (#"a \(x\) b \[y\] c"#, ["x", "y"]), ("```math\nx = 1\n```", ["x = 1"]),
    ("\\begin{align*}\na &= b\n\\end{align*}", ["\na &= b\n"]),
    ("![](https://a.b/equation?tex=h_t+%3D+%5Ctanh%28W%29)", [#"h_t = \tanh(W)"#]),
    ("![[x]](https://a.b/equation?tex=a)![[x]](https://a.b/equation?tex=b)", ["a", "b"]),
    ("<img src=\"https://a.b/svg.latex?x%5E2\" alt=\"\">", ["x^2"]),
    ("$a$$b$", ["a", "b"]), ("| $a$ | $b$ |\n|---|---|", ["a", "b"]), ("> $a$\n> $b$", ["a", "b"]),
    ("# On $x$\n\n- $y$\n- $z$", ["x", "y", "z"]), ("**(a)** $x$", ["x"]),
    ("X ∈ ℝ^{N×d}, W ∈ ℝ^{d×K}", ["X ∈ ℝ^{N×d}", "W ∈ ℝ^{d×K}"]),
    ("with x, y ∈ ℝ^d and θ ∈ ℝⁿ.", ["x, y ∈ ℝ^d", "θ ∈ ℝⁿ"]),
    (#"- W \in \mathbb{R}^{n\times d}"#, [#"W \in \mathbb{R}^{n\times d}"#]),
    ("a ∈ of words, x ∈ S", []),
  ])
func delimiters(text: String, formulas: [String]) {
  let page = page(text)
  #expect(page.strings == formulas)
  #expect(page.problems.isEmpty)
}

@Test(
  "code, links, prices, other images and comments hold no formula",
  arguments: [
    "```python\nx = \"$a$\"\n```", "a `$x$` b", #"costs \$5 and \$6"#, "costs $5 and $6 more",
    "![](https://a.b/c_0.svg)", "<!-- $x$ -->", #"[Part \(a\) of Ex.1](#a)"#,
    "~~~\n$x$\n~~~", "---\ntitle: $x$\n---\n",
  ])
func noFormulas(text: String) {
  #expect(page(text).formulas.isEmpty)
}

@Test("what is struck out is retracted, formula and words")
func struckOut() {
  let page = page("so ~~surely $a = b$~~ no, $a = c$.")
  #expect(page.formulas.map { $0.isStruck } == [true, false])
  #expect(page.prose == "so  no, .")
  #expect(isRetracted("~~$$a = b$$~~"))
}
private func isRetracted(_ text: String) -> Bool { page(text).formulas[0].isStruck }

@Test(
  "a formula that does not end takes no more than its line",
  arguments: [
    ("a $x = 1 and so\nb $y$ c", "x = 1 and so"), ("a $x = 1\n\nb $y$", "x = 1"),
    ("$$x = 1\n\nNow all is well again with $y$", "x = 1"),
    ("let $a = b and $c$ be", "a = b and "),
  ])
func unterminated(text: String, content: String) {
  let page = page(text)
  #expect(page.problems.count == 1)
  #expect(page.formulas[0].isDamaged && page.formulas[0].string == content)
  #expect(page.formulas.last?.isDamaged == false)
}

@Test("a display may hold blank lines")
func displayWithBlankLines() {
  #expect(page("$$\na = b\n\n+ c\n$$\n\ntext").strings == ["\na = b\n\n+ c\n"])
}

@Test(
  "spans and maps point at the source",
  arguments: [
    ("中 $x+y$", "x+y"), ("a\r\n> $x+y$\r\n", "x+y"), ("$$\r\nx+y$$", "x+y"),
  ])
func places(text: String, needle: String) {
  let source = Source(path: "a.md", text: Array(text.utf8))
  let formula = Manuscript(source).formulas[0]
  let start = formula.string.utf8.count - needle.utf8.count
  let place = formula.sourceSpan(Span(start, formula.text.count))
  #expect(source.string(place) == needle)
  #expect(source.string(formula.span).utf8.first == UInt8(ascii: "$"))
  #expect(source.string(formula.span).utf8.last == UInt8(ascii: "$"))
}

@Test("an address maps back to its coded signs")
func addressPlaces() {
  let source = Source(path: "a.md", text: Array("![](http://a?tex=a+%3D%5Cpi)".utf8))
  let formula = Manuscript(source).formulas[0]
  #expect(formula.string == #"a =\pi"#)
  #expect(source.string(formula.sourceSpan(Span(2, 3))) == "%3D")
  #expect(source.string(formula.sourceSpan(Span(3, 6))) == "%5Cpi")
}

@Test("kinds of blocks")
func kinds() {
  let page = page(
    "# A\n\nText\n\nB\n===\n\n- item\n- item\n\n1. one\n\n(a) first\n\n**Bold**\n\n---\n")
  #expect(
    page.blocks.map { $0.kind } == [
      .heading(level: 1), .paragraph, .heading(level: 1), .listItem, .listItem, .listItem,
      .listItem, .boldLine,
    ])
}

@Test(
  "a display within a sentence ends neither it nor the paragraph",
  arguments: [
    ("we have\n\n$$a = b$$\n\nand so on.", 1, 1),
    ("we have $$a = b,$$ where $c$ is $d$. Next.", 1, 2),
    ("It is shown.\n\n$$a = b$$", 2, 2), ("$$a = b$$\n\n$$= c$$", 1, 1),
    ("$$a = b$$\n\n$$c = d$$", 2, 2), ("令\n$$a = b$$\n其中 $c$。于是 $d$。", 1, 2),
    ("First $$a = b .$$ Second", 1, 2), ("One, e.g. $x$, is 3.5 of $y$. Two!", 1, 2),
    ("Then\n<!-- leibniz: expect proved -->\n$$a = b$$\n\nNew", 2, 2),
    ("Then\n\n<!-- leibniz: expect proved -->\n\n$$a = b$$", 1, 1),
  ])
func sentences(text: String, blocks: Int, sentences: Int) {
  let page = page(text)
  #expect(page.blocks.count == blocks)
  #expect(page.sentences.count == sentences)
}

@Test("formulas with nothing but a relation sign between them are one")
func joinedFormulas() {
  #expect(page("so $a$ = $b$ holds").strings == ["a = b"])
  #expect(page("so $a$, $b$ hold").strings == ["a", "b"])
}

@Test(
  "what is no text is no manuscript",
  arguments: [[0xFF, 0xFE], [0x61, 0x00], [0xC3], [0xED, 0xA0, 0x80]])
func noText(bytes: [Int]) {
  let page = Manuscript(Source(path: "a.md", text: bytes.map { UInt8($0) }))
  #expect(page.blocks.isEmpty)
  #expect(page.problems.count == 1)
}

@Test("no bytes make segmentation fail")
func totality() {
  var seed: UInt64 = 42
  let pieces = [
    "$", "$$", "\\(", "\\]", "\\begin{align}", "\\end{align}", "<!--", "-->", "~~", "`", "```",
    "\n",
    "\n\n", "# ", "- ", "(a) ", "![", "](", ")", "{", "}", "%", "\\", "x", "中", ". ",
    "leibniz: expect ",
  ]
  for _ in 0..<300 {
    var text = ""
    for _ in 0..<30 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      text += pieces[Int(seed >> 33) % pieces.count]
    }
    for name in ["a.md", "a.tex", "a.ipynb"] {
      let source = Source(path: name, text: Array(text.utf8))
      for formula in Manuscript(source).formulas {
        #expect(formula.span.start <= formula.contentSpan.start, "\(text)")
        #expect(formula.contentSpan.end <= formula.span.end, "\(text)")
        #expect(formula.map[formula.text.count] <= source.text.count, "\(text)")
      }
    }
  }
}
