import Reporting
import Testing

@testable import Checking
@testable import Documents

@Suite("What a report means for its caller")
struct TallyTests {
  @Test(
    "a verdict that nobody expects decides",
    arguments: [
      (Verdict.proved, nil, Tally.Outcome.holds), (.undecided, nil, .holds),
      (.refuted, nil, .fails), (.illTyped, nil, .fails), (.notUnderstood, nil, .fails),
      (.refuted, true, .holds), (.proved, false, .fails), (.undecided, false, .fails),
    ] as [(Verdict, Bool?, Tally.Outcome)])
  func outcome(verdict: Verdict, asExpected: Bool?, outcome: Tally.Outcome) {
    var page = Fixture("$a = b$")
    page.add("a = b", verdict: verdict) { $0.asExpected = asExpected }
    #expect(Tally([page.report]).outcome == outcome)
  }

  @Test("what is undecided fails where strictness is asked for, unless it is expected")
  func strict() {
    var page = Fixture("$a = b$")
    page.add("a = b", verdict: .undecided)
    #expect(Tally([page.report], isStrict: true).outcome == .fails)
    page.findings[0].asExpected = true
    #expect(Tally([page.report], isStrict: true).outcome == .holds)
  }

  @Test("a contradiction of the witnesses is graver than anything else")
  func contradiction() {
    var page = Fixture("$a = b$")
    page.add("a = b", verdict: .undecided) { $0.code = .contradiction }
    #expect(Tally([page.report]).outcome == .contradicts)
  }

  @Test("claims are counted by verdict, other statements are not")
  func counts() {
    let page = Fixture.homework()
    let tally = Tally([page.report])
    #expect(tally.statements == 10)
    #expect(tally.claims == 7)
    #expect(tally.accepted == 2)
    #expect(
      tally.text
        == "7 claims: 1 proved, 1 validated, 2 refuted, 1 ill-typed, 1 undecided, 1 not-understood; "
        + "2 as expected, 1 not as expected, 1 problem")
  }
}
