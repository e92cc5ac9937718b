import Testing

@testable import Notation

@Suite struct ParsedDisplayTests {
  @Test(
    "labels are set apart",
    arguments: [
      (#"a = b \tag{4}"#, ["4"]), (#"a = b \quad (17)"#, ["17"]),
      (#"a = b. \qquad (2.3)"#, ["2.3"]),
      (#"6> \quad a = b"#, ["6"]), (#"\textcircled{7} \quad a = b"#, ["7"]), ("② a = b", ["2"]),
      (#"\begin{aligned} a &= b \\ &= c \end{aligned} \quad (24)"#, ["24"]),
      (#"\begin{equation}\label{eq:step} a = b \end{equation}"#, ["eq:step"]),
      (#"\begin{align} a &= b \tag{1} \\ c &= d \tag{2} \end{align}"#, ["1", "2"]),
      ("a = f (3)", []), ("1 > x", []),
    ] as [(String, [String])])
  func labels(text: String, expected: [String]) {
    let display = ParsedDisplay(parsing: text)
    #expect(display.labels.map { $0.text } == expected)
    #expect(display.formula.problems.isEmpty)
  }

  @Test("a number that readers see goes before a key")
  func label() {
    let display = ParsedDisplay(parsing: #"a = b \label{eq:x} \tag{3}"#)
    #expect(display.label?.text == "3")
    #expect(display.labels.map { $0.kind } == [.key, .number])
  }

  @Test("a full stop and a comma at the end belong to the sentence")
  func punctuation() {
    for text in ["a = b.", "a = b ,", #"\begin{aligned} a &= b, \\ &= c. \end{aligned}"#] {
      #expect(Formula(parsing: text).problems.isEmpty)
    }
    #expect(Formula(parsing: "a = b.").description == "(a equal b)")
    #expect(Formula(parsing: "a = b ,").description == "(a equal b)")
  }

  @Test("every node knows where it was written")
  func spans() {
    let text = #"\frac{\partial y}{\partial x} = σ'(W x)\, h_{t-1}^\top"#
    let bytes = Array(text.utf8)
    func written(_ formula: Formula) -> String {
      String(decoding: bytes[formula.span.start..<formula.span.end], as: UTF8.self)
    }
    let formula = Formula(parsing: text)
    guard case .relations(let left, let members) = formula.kind,
      case .fraction(let numerator, _) = left.kind,
      case .juxtaposition(let factors) = members[0].formula.kind
    else {
      Issue.record("\(formula)")
      return
    }
    #expect(written(formula) == text)
    #expect(written(left) == #"\frac{\partial y}{\partial x}"#)
    #expect(written(numerator) == #"\partial y"#)
    #expect(factors.map(written) == ["σ'", "(W x)", #"h_{t-1}^\top"#])
    #expect(members[0].signSpan == Span(30, 31))
  }

  @Test(
    "a lost backslash is put back and told",
    arguments: [
      (#"rac{a}{b} = c"#, [#"\frac"#], "((/ a b) equal c)"),
      (#"egin{aligned} a &= b \end{aligned}"#, [#"\begin"#], "(a equal b)"),
      (
        #"egin{aligned} a &= b \ &= c \ d &= e \end{aligned}"#, [#"\begin"#, #"\\"#, #"\\"#],
        "(list (a equal b equal c) (d equal e))"
      ),
      (#"egin{bmatrix} a \ b \end{bmatrix}"#, [#"\begin"#, #"\\"#], "(brackets-matrix [a] [b])"),
      ("\\mathbf{ ilde{C}}_t", [#"\tilde"#], "(tilde:bold:C _ t)"),
      (#"h^op"#, [#"\top"#], "(h ^ top)"),
    ] as [(String, [String], String)])
  func repairs(text: String, expected: [String], tree: String) {
    let display = ParsedDisplay(parsing: text)
    #expect(display.repairs.map { $0.replacement } == expected)
    #expect(display.formula.description == tree)
  }

  @Test("ordinary letters are not repaired")
  func noRepairs() {
    for text in [#"\frac{a}{b}"#, "h_t a n h", #"W_h eta"#, "diag(x) W", "x = ar"] {
      #expect(ParsedDisplay(parsing: text).repairs.isEmpty)
    }
  }
}
