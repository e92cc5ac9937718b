import Expressions
import Testing

@Suite("The brute-force evaluator")
struct BruteForceTests {
  @Test(
    "finds no accepted line of Derivations false",
    arguments: Derivation.claiming + Derivation.systems)
  func acceptedLinesHold(derivation: Derivation) {
    var workspace = Workspace()
    let lines = derivation.acceptedLines(in: &workspace)
    var silent = 0
    for line in lines {
      let landscape = Landscape(model: line.model, seed: 11, in: workspace)
      let verdict = landscape.judge(line.left, line.right, for: line.domains, in: workspace)
      switch verdict {
      case .holds: break
      case .undefined: silent += 1
      case .isFalse:
        Issue.record("statement \(line.statement.index) of \(derivation.path) is false")
      }
    }
    // It knows no derivatives by pairs and meets logarithms of what turns out negative.
    #expect(silent * 3 <= lines.count)
  }
}
