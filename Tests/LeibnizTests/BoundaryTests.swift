import Expressions
import Testing

@testable import Checking

@Suite("Sums and chains at their ends")
struct BoundaryTests {
  /// Empty sums and products, one member, T = 0, an end below the beginning.
  @Test(
    "an identity that is accepted holds at all integer points at which its sides have a value",
    arguments: [Derivation.named("sums.md"), Derivation.named("chains.md")])
  func identities(derivation: Derivation) {
    var workspace = Workspace()
    let lines = derivation.acceptedLines(in: &workspace)
    #expect(lines.count == derivation.text.split(separator: "$$").count / 2)
    for line in lines {
      let landscape = Landscape(model: line.model, seed: 5, range: -1...4, in: workspace)
      // A derivative asks for the later time above; a sum asks for nothing.
      let domains = workspace.contains(line.left, where: isDerivative) ? line.domains : [[]]
      let verdict = landscape.judge(line.left, line.right, for: domains, in: workspace)
      guard case .holds(let points) = verdict, points >= 4 else {
        Issue.record("statement \(line.statement.index) of \(derivation.path): \(verdict)")
        continue
      }
    }
  }

  private func isDerivative(_ node: Node) -> Bool {
    if case .derivative = node { return true }
    return false
  }
}
