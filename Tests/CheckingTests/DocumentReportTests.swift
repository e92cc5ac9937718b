import Documents
import Expressions
import Notation
import Testing

@testable import Checking

private let layer = "$y = \\tanh(Wx)$ with $W \\in \\mathbb{R}^{n\\times n}$.\n\n"
private let recurrence =
  "$h_t = \\tanh(W h_{t-1} + U x_t)$ for $t = 1, \\dots, T$, with $h_0$ given.\n\n"

private let twoWays = "Let $z = f(p, q)$ with $p = g(t)$ and $q = h(t)$.\n\n"

@Test(
  "verdicts",
  arguments: [
    (layer + "$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 - y^2) W$$", Verdict.proved),
    (layer + "$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 - y) W$$", .refuted),
    (layer + "$$\\frac{\\partial y}{\\partial x} = 1 - y^2$$", .illTyped),
    (layer + "$$\\frac{\\partial y}{\\partial x} = \\nosuch{W}$$", .notUnderstood),
    (layer + "$$\\frac{\\partial y}{\\partial q} = \\mathrm{diag}(1 - y^2)$$", .undecided),
    (
      recurrence
        + "$$\\frac{\\partial h_t}{\\partial h_{t-1}} = \\mathrm{diag}(1 - h_t^2) W$$", .proved
    ),
    (
      recurrence
        + "$$\\frac{\\partial h_t}{\\partial h_{t-1}} = \\mathrm{diag}(1 - h_{t-1}^2) W$$", .refuted
    ),
    (recurrence + "$$\\frac{\\partial h_{t-1}}{\\partial h_t} = 0$$", .proved),
    (recurrence + "$$\\frac{\\partial h_0}{\\partial W} = 0$$", .proved),
    (
      twoWays
        + "$$\\frac{dz}{dt} = \\frac{\\partial z}{\\partial p} \\frac{dp}{dt} "
        + "+ \\frac{\\partial z}{\\partial q} \\frac{dq}{dt}$$", .proved
    ),
    (twoWays + "$$\\frac{dz}{dt} = \\frac{\\partial z}{\\partial p} \\frac{dp}{dt}$$", .refuted),
    (recurrence + "$$\\frac{dh_t}{dt} = 0$$", .notUnderstood),
  ])
func verdicts(text: String, verdict: Verdict) {
  #expect(Checked(text).verdicts == [verdict])
}

@Test("what is proved was also heard from the numbers, to ten digits and at several points")
func numericEvidence() throws {
  let checked = Checked(layer + "$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 - y^2) W$$")
  let evidence = try #require(checked.claims[0].numeric)
  #expect(evidence.points >= 2)
  #expect(evidence.maximumRelativeError < 1e-6)
  #expect(checked.claims[0].code == nil)
  #expect(checked.claims[0].counterexample == nil)
  #expect(checked.claims[0].mend == nil)
}

@Test("a refuted line comes with a point at which its sides differ, a difference and a mend")
func refutation() throws {
  let checked = Checked(layer + "$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 + y^2) W$$")
  let finding = checked.claims[0]
  #expect(finding.code == .sign)
  let example = try #require(finding.counterexample)
  #expect(example.left.dimensions == example.right.dimensions)
  #expect(example.left.entries != example.right.entries)
  #expect(example.sizes.map { $0.name } == ["n"])
  #expect(example.values.allSatisfy { $0.entries.count == $0.dimensions.reduce(1, *) })
  let mend = try #require(finding.mend)
  #expect(mend.slip == .sign)
  #expect(finding.difference != nil)
  #expect(!finding.message.isEmpty)
  let blame = try #require(finding.blame)
  #expect(finding.span.start <= blame.start && blame.end <= finding.span.end)
}

@Test("a right step after a wrong one is right, and follows from it")
func followsFrom() {
  let checked = Checked(
    layer
      + "$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 + y^2) W = W + \\mathrm{diag}(y^2) W$$"
  )
  let claims = checked.claims
  #expect(checked.verdicts == [.refuted, .proved])
  #expect(claims[1].head == .refuted)
  #expect(claims[1].followsFrom == claims[0].statement.index)
  #expect(claims[0].head == nil)
  #expect(claims[0].followsFrom == nil)
}

@Test("a wrong step whose right side is what the head equals")
func mendedBySecondSlip() {
  let checked = Checked(
    "Let $S \\in \\mathbb{R}^{n\\times n}$ be symmetric and $q = \\frac12 x^\\top S x$, derivatives "
      + "by a column as rows.\n\n"
      + "$$\\frac{\\partial q}{\\partial x} = \\frac12 x^\\top S = x^\\top S$$")
  #expect(checked.verdicts == [.refuted, .refuted])
  #expect(checked.claims[1].head == .proved)
  #expect(checked.claims[1].followsFrom == nil)
}

@Test("what an unlicensed reading would have saved is said")
func holdsIf() {
  let checked = Checked(
    "$o_t = \\sigma(V h_{t-1})$, $c_t = o_t \\odot c_{t-1}$, $h_t = o_t \\odot \\tanh(c_t)$.\n\n"
      + "$$\\frac{\\partial c_t}{\\partial c_k} = "
      + "\\prod_{i=t}^{k+1} \\frac{\\partial c_i}{\\partial c_{i-1}}$$")
  #expect(checked.verdicts == [.refuted])
  #expect(checked.claims[0].holdsIf?.isEmpty == false)
}

@Test("a line that is right in another layout than the stated one is defended")
func holdsInAnotherLayout() {
  let checked = Checked(
    layer + "We use numerator layout.\n\n"
      + "$$\\frac{\\partial y}{\\partial x} = W^\\top \\mathrm{diag}(1 - y^2)$$")
  #expect(checked.verdicts == [.refuted])
  #expect(checked.claims[0].holdsIf == Message([.words("the layout is denominator")]))
}

@Test("a line that no reading saves holds under no condition")
func holdsNever() {
  let checked = Checked(layer + "$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 + y^2) W$$")
  #expect(checked.claims[0].holdsIf == nil)
}

@Test(
  "codes",
  arguments: [
    ("$$\\frac{\\partial y}{\\partial x} = \\nosuch{W}$$", Code.unreadToken),
    ("$$\\frac{\\partial y}{\\partial} = W$$", .missingOperand),
    ("$$\\frac{\\partial y}{\\partial x} = y$$", .sidesDiffer),
    ("$$\\frac{\\partial y}{\\partial x} = W x^\\top$$", .factorsCannotMeet),
    ("$$\\frac{\\partial y}{\\partial x} = W + x$$", .termsCannotMeet),
    ("$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 + y^2) W$$", .sign),
    ("$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 - y^3) W$$", .wrongExponent),
    ("$$W \\, \\mathrm{diag}(1 - y^2) = \\frac{\\partial y}{\\partial x}$$", .swappedFactors),
  ])
func codes(claim: String, code: Code) {
  #expect(Checked(layer + claim).claims.map { $0.code } == [code])
}

@Test("a definition whose shapes cannot fit is ill-typed")
func illTypedDefinition() {
  let checked = Checked(
    "$W \\in \\mathbb{R}^{n\\times n}$, $s_t \\in \\mathbb{R}^n$, $x_t \\in \\mathbb{R}^d$, and\n\n"
      + "$$s_t = \\tanh(W s_{t-1} + W x_t)$$")
  let definition = checked.report.findings.first { $0.statement.role == .definition }
  #expect(definition?.verdict == .illTyped)
  #expect(definition?.code == .definitionIllTyped)
}

@Test("only claims and what is wrong have a verdict")
func verdictsOfRoles() {
  let checked = Checked(layer + "Suppose $W = I$. Then $y = \\tanh(x)$.")
  for finding in checked.report.findings where finding.statement.role != .claim {
    #expect(finding.verdict == nil)
    #expect(finding.asExpected == nil)
  }
  #expect(checked.verdicts.allSatisfy { $0?.isAccepted == true })
}

@Test(
  "an expectation is met or not",
  arguments: [
    ("proved", true), ("accepted", true), ("refuted", false), ("rejected", false),
    ("claim", true), ("definition", false), ("proved with immediate", false),
    ("accepted with layout", false),
  ])
func expectationsOfProved(expectation: String, isMet: Bool) {
  let checked = Checked(
    layer + "<!-- leibniz: expect \(expectation) -->\n"
      + "$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 - y^2) W$$")
  #expect(checked.claims[0].asExpected == isMet)
}

@Test(
  "an expected slip is met or not",
  arguments: [
    ("refuted as sign", true), ("rejected as sign", true), ("refuted as wrong gate", false),
    ("refuted head refuted", true), ("refuted head proved", false), ("undecided", false),
  ])
func expectationsOfRefuted(expectation: String, isMet: Bool) {
  let checked = Checked(
    layer + "<!-- leibniz: expect \(expectation) -->\n"
      + "$$\\frac{\\partial y}{\\partial x} = \\mathrm{diag}(1 + y^2) W$$")
  #expect(checked.claims[0].asExpected == isMet)
}

@Test("the layout is the one in which most lines hold")
func layoutByMajority() {
  let claims =
    "$$\\frac{\\partial y}{\\partial x} = W^\\top \\mathrm{diag}(1 - y^2)$$\n\n"
    + "$$\\frac{\\partial (Wx)}{\\partial x} = W^\\top$$"
  let checked = Checked(layer + claims)
  #expect(checked.report.conventions.layout == .denominator)
  #expect(checked.verdicts == [.proved, .proved])
  #expect(checked.claims.allSatisfy { $0.readings.isEmpty })
}

@Test("a layout by directive is no reading and binds")
func layoutByDirective() {
  let claim = "$$\\frac{\\partial y}{\\partial x} = W^\\top \\mathrm{diag}(1 - y^2)$$"
  #expect(Checked("<!-- leibniz: layout denominator -->\n\n" + layer + claim).verdicts == [.proved])
  #expect(Checked("<!-- leibniz: layout numerator -->\n\n" + layer + claim).verdicts == [.refuted])
}

@Test("a given document's equations serve the claims of this one")
func given() {
  let checked = Checked(
    "$$\\frac{\\partial h_t}{\\partial h_{t-1}} = \\mathrm{diag}(1 - h_t^2) W$$", given: recurrence)
  #expect(checked.verdicts == [.proved])
  #expect(checked.report.findings.count == 1)
}

@Test(
  "problems of a document that belong to no statement",
  arguments: [
    ("<!-- leibniz: nonsense -->\n\n$y = x$", Code.unknownDirective),
    ("$$y = x", .unterminatedFormula), ("a\u{0}b", .notText),
  ])
func documentProblems(text: String, code: Code) {
  let problems = Checked(text).report.problems
  #expect(problems.map { $0.code } == [code])
  #expect(problems.allSatisfy { !$0.message.isEmpty })
}

@Test("a page without maths has nothing to report", arguments: ["", "Only words.\n"])
func nothingToReport(text: String) {
  let report = Checked(text).report
  #expect(report.findings.isEmpty)
  #expect(report.problems.isEmpty)
}

@Test("a page is judged the same twice")
func determinism() {
  let text =
    recurrence + "$$\\frac{\\partial h_t}{\\partial h_{t-1}} = \\mathrm{diag}(1 + h_t^2) W$$"
  let (first, second) = (Checked(text).claims[0], Checked(text).claims[0])
  #expect(first.numeric == second.numeric)
  #expect(first.counterexample?.left.entries == second.counterexample?.left.entries)
  #expect(first.mend?.slip == second.mend?.slip)
}

@Test("every slip has a code of its own")
func codesOfSlips() {
  let codes = Slip.allCases.map { Code($0) }
  #expect(Set(codes).count == Slip.allCases.count)
  #expect(!codes.contains(.refuted))
  #expect(Code(nil) == .refuted)
}
