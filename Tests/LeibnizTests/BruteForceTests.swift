import Expressions
import Testing

@Suite("The brute-force evaluator")
struct BruteForceTests {
  @Test(
    "finds every accepted line of Derivations true",
    arguments: Derivation.elementary + Derivation.systems)
  func acceptedLinesHold(derivation: Derivation) {
    var workspace = Workspace()
    let lines = derivation.acceptedLines(in: &workspace)
    #expect(!lines.isEmpty)
    for line in lines {
      let landscape = Landscape(model: line.model, seed: 11, in: workspace)
      let verdict = landscape.judge(line.left, line.right, for: line.domains, in: workspace)
      guard case .holds = verdict else {
        Issue.record("statement \(line.statement.index) of \(derivation.path): \(verdict)")
        continue
      }
    }
  }
}
