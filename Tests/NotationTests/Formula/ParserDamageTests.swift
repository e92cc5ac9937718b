import Testing

@testable import Notation

@Suite struct ParserDamageTests {
  @Test(
    "what cannot be read is named with its place",
    arguments: [
      (#"\frac{\partial y}{\partial x = W"#, "{", Formula.UnreadReason.missingClosing("}"), 17),
      (#"y = \foldover{W} x"#, #"\foldover"#, .unknownCommand, 4),
      ("a)", ")", .unexpectedClosing, 1),
      ("a }", "}", .unexpectedClosing, 2),
      ("a + ", "", .missingOperand, 3),
      (#"\frac{a}"#, #"\frac"#, .missingArgument, 8),
      (#"a \begin{foo} b \end{foo}"#, #"\begin{foo}"#, .unknownCommand, 2),
      ("a ? b", "?", .unexpectedCharacter, 2),
      (#"\begin{bmatrix} a & b"#, #"\begin{bmatrix}"#, .missingClosing(#"\end{bmatrix}"#), 0),
    ])
  func damage(text: String, written: String, reason: Formula.UnreadReason, at start: Int) {
    let problems = Formula(parsing: text).problems
    #expect(problems.map { $0.text } == [written])
    #expect(problems.map { $0.reason } == [reason])
    #expect(problems.map { $0.span.start } == [start])
  }

  @Test(
    "nesting without end is cut and neither crashes nor hangs",
    arguments: [
      "(", "{", "[", "|", "\\left(", "\\frac", "\\sqrt", "\\hat", "a^", "a_{", "\\sum", "-",
      "a\\cdot ",
      "a/", "'", "\\begin{matrix}", "\\mathbf", "\\text{", "\\not", "∂", "d/", "\\left", "a=", "a,",
      "\\quad", "\\\\ ", "&", "x^{a", "]", "(1,", "\\underset", "\\stackrel{", "\\max", "]0,1",
      "{{a}",
      "∂/∂", "1/", "\\begin{aligned}a&=", "√", "\\rm", "\\left(\\right.", "\\label{", "a^a",
    ])
  func depth(unit: String) {
    let text = String(repeating: unit, count: 2_000)
    _ = Formula(parsing: text).problems
  }

  @Test("a hundred thousand parentheses are one node too deep")
  func parentheses() {
    let text =
      String(repeating: "(", count: 100_000) + "x" + String(repeating: ")", count: 100_000)
    #expect(Formula(parsing: text).problems.map { $0.reason } == [.tooDeep])
  }

  @Test("any bytes are read", arguments: 0..<40)
  func randomBytes(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    let pieces = [
      "\\", "{", "}", "(", ")", "[", "]", "|", "^", "_", "&", "\\\\", "\\left", "\\right", ".", "=",
      "+", "-", "/", "∂", "d", "x", "\\frac", "\\sum", "\\begin{aligned}", "\\end{aligned}",
      "\\begin{bmatrix}", "\\end{bmatrix}", ",", "\\quad", "\\text{if}", "\\mathbf", "'", "1", " ",
      "\\hat", "#", "\\newcommand{\\x}{\\x y}", "\\x", "<", ">", "\\ ", "\\,", "\\tag{1}", "²", "ₜ",
      "\\color", "\\rm", "%", "\n",
    ]
    for _ in 0..<60 {
      var bytes: [UInt8] = []
      for _ in 0..<Int(next() % 60) {
        if seed % 4 == 0 {
          bytes.append(UInt8(truncatingIfNeeded: next()))
        } else {
          bytes += Array(pieces[Int(next() % UInt64(pieces.count))].utf8)
        }
      }
      let formula = Formula(parsing: bytes)
      #expect(isWithin(formula, bytes.count), "seed \(seed): \(bytes)")
    }
  }

  private func isWithin(_ formula: Formula, _ count: Int) -> Bool {
    formula.span.start >= 0 && formula.span.start <= formula.span.end && formula.span.end <= count
      && formula.children.allSatisfy { isWithin($0, count) }
  }
}
