import Expressions
import Notation
import Testing

@testable import Documents

@Test(
  "directives",
  arguments: [
    ("given a b.md", Directive.given("a b.md")), ("layout denominator", .layout(.denominator)),
    ("time superscript", .time(.superscript)), ("scalar", .scalar), ("copy", .copy),
    ("claim", .claim), ("ignore", .ignore), ("end", .inductionEnd),
    ("induction on n", .inductionBegin("n")),
    ("hold f_t, i_{a,b} ,o_t", .hold(["f_t", "i_{a,b}", "o_t"])),
    ("declare x \\in \\mathbb{R}^n", .declare("x \\in \\mathbb{R}^n")),
    ("layout sideways", .unknown("layout sideways")),
    ("frobnicate", .unknown("frobnicate")), ("expect great", .unknown("expect great")),
  ])
func directives(text: String, directive: Directive) {
  #expect(page("<!--  leibniz:  \(text)  -->\n\nText").directives == [directive])
  #expect(page("% leibniz: \(text)\nText", as: "a.tex").directives == [directive])
}

@Test("an expectation has a verdict, readings, a slip and a head")
func expectations() {
  let text =
    "expect refuted as off-by-one  bound; proved with immediate, initial-state head refuted"
  guard case .expect(let all) = Directive(text) else {
    Issue.record("no expectation")
    return
  }
  #expect(all.map { $0.word } == ["refuted", "proved"])
  #expect(all[0].slip == "off-by-one bound" && all[0].text == "refuted as off-by-one bound")
  #expect(all[1].readings == ["immediate", "initial-state"] && all[1].head == "refuted")
}

@Test("a directive may stand inside a sentence, and within a display's environment")
func directivesInside() {
  let page = page("Take <!-- leibniz: expect assumption --> $T = 3$. Then")
  #expect(page.sentences.count == 2)
  #expect(page.sentences[0].parts.count == 4)
  #expect(
    Documents.Manuscript(
      Source(
        path: "a.tex",
        text: Array(
          """
          \\begin{align}
          % leibniz: expect proved
          a &= b
          \\end{align}
          """.utf8))
    ).directives.count == 1)
}

@Test("given documents are listed, unknown directives are problems")
func givens() {
  let page = page("<!-- leibniz: given a.md -->\n<!-- leibniz: nonsense -->\n$x$")
  #expect(page.givens.map { $0.file } == ["a.md"])
  #expect(page.problems.count == 1)
}

@Test(
  "labels",
  arguments: [
    ("$$a = b \\quad (17)$$", "17", "a = b"), ("$$a = b \\tag{4}$$", "4", "a = b"),
    ("$$6> \\quad a = b$$", "6", "a = b"), ("$$\\textcircled{7} \\quad a = b$$", "7", "a = b"),
    ("$$① a = b$$", "1", "a = b"), ("$$a = b$$ (2.3)\n", "2.3", "a = b"),
    ("$$a = b \\label{eq:x}$$", "eq:x", "a = b"),
    (
      "$$\\begin{aligned} a &= b \\end{aligned} \\quad (18)$$", "18",
      "\\begin{aligned} a &= b \\end{aligned}"
    ),
    ("$$x (2)$$", nil, "x (2)"), ("$$1 > x$$", nil, "1 > x"),
  ])
func labels(text: String, label: String?, content: String) {
  let formula = page(text).formulas[0]
  #expect(formula.label == label)
  #expect(String(decoding: squeezed(formula.text), as: UTF8.self) == content)
}
