import Expressions
import Testing

@Suite("The documents that come with Leibniz")
struct DerivationTests {
  @Test("are read, and the witnesses never contradict each other", arguments: Derivation.all)
  func noContradiction(derivation: Derivation) {
    var workspace = Workspace()
    for verdict in derivation.verdicts(in: &workspace) {
      #expect(verdict.code != .contradiction)
      #expect(verdict.verdict != .notUnderstood && verdict.verdict != .undecided)
    }
  }
}
