import Expressions
import Testing

@Suite("The documents that come with Leibniz")
struct DerivationTests {
  @Test("never make the witnesses contradict each other", arguments: Derivation.all)
  func noContradiction(derivation: Derivation) {
    var workspace = Workspace()
    for verdict in derivation.verdicts(in: &workspace) {
      #expect(verdict.code != .contradiction)
    }
  }
}
