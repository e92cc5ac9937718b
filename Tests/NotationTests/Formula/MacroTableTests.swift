import Testing

@testable import Notation

@Suite struct MacroTableTests {
  static let source = #"""
    \newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} text $x$
    \newcommand\R{\mathbb{R}} % \newcommand{\no}{x}
    \DeclareMathOperator{\diag}{diag} \DeclareMathOperator*{\amax}{arg\,max}
    \def\hid{h} \def\two#1#2{#2#1} \let\s\sigma \renewcommand{\vec}[1]{\mathbf{#1}}
    \newcommand{\of}[2][t]{#2_{#1}}
    """#

  @Test(
    "a macro reads as what it stands for",
    arguments: [
      (#"\pd{y}{x}"#, #"\frac{\partial y}{\partial x}"#),
      (#"\pd yx"#, #"\frac{\partial y}{\partial x}"#),
      (#"\hid_t \in \R^n"#, #"h_t \in \mathbb{R}^n"#),
      (#"\diag(\hid)"#, #"\operatorname{diag}(h)"#),
      (#"\two ab"#, "ba"), (#"\s'(z)"#, #"\sigma'(z)"#), (#"\vec x"#, #"\mathbf{x}"#),
      (#"\of{h} \of[k]{h}"#, "h_t h_k"),
      (#"\pd{\hid_t}{\hid_{t-1}}"#, #"\frac{\partial h_t}{\partial h_{t-1}}"#),
    ])
  func expansion(text: String, plain: String) {
    let macros = MacroTable.reading(Array(MacroTableTests.source.utf8)).table
    let formula = Formula(parsing: text, macros: macros)
    #expect(formula.description == Formula(parsing: plain).description)
  }

  @Test("definitions are found with their places, comments left out")
  func definitions() {
    let bytes = Array(MacroTableTests.source.utf8)
    let spans = MacroTable.reading(bytes).spans
    #expect(spans.count == 9)
    #expect(spans[0] == Span(0, 52))
    let first = String(decoding: bytes[spans[1].start..<spans[1].end], as: UTF8.self)
    #expect(first == #"\newcommand\R{\mathbb{R}}"#)
  }

  @Test("what a macro produces has the place of its call, its arguments keep theirs")
  func places() {
    var macros = MacroTable()
    macros.define("pd", parameters: 2, body: #"\frac{\partial #1}{\partial #2}"#)
    let formula = Formula(parsing: #"a \pd{y}{x}"#, macros: macros)
    guard case .juxtaposition(let factors) = formula.kind,
      case .fraction(let numerator, _) = factors[1].kind,
      case .juxtaposition(let parts) = numerator.kind
    else {
      Issue.record("\(formula)")
      return
    }
    #expect(factors[1].span == Span(2, 11))
    #expect(parts[0].span == Span(2, 11))
    #expect(parts[1].span == Span(6, 7))
  }

  @Test("a definition within a formula serves the rest of it")
  func inline() {
    let formula = Formula(parsing: #"\newcommand{\R}{\mathbb{R}} x \in \R"#)
    #expect(formula.description == "(x elementOf blackboard:R)")
  }

  @Test("macros that call themselves come to an end")
  func recursion() {
    var macros = MacroTable()
    macros.define("a", body: #"\a\a x"#)
    _ = Formula(parsing: #"\a \a"#, macros: macros)
  }
}
