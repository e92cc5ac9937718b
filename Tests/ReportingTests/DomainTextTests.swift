import Expressions
import Testing

@testable import Reporting

@Suite("For which times a relation is claimed")
struct DomainTextTests {
  /// Times in k, t and T, as coefficients and constant.
  @Test(
    "is said in chains without what follows from them",
    arguments: [
      ([[0, 1, 0, 0]], "0 ≤ t"),
      ([[1, 0, 0, 0], [-1, 1, 0, 0], [0, -1, 1, 0]], "0 ≤ k ≤ t ≤ T"),
      (
        [[0, 1, 0, 0], [0, -1, 1, 0], [1, 0, 0, 0], [-1, 1, 0, 0], [0, 0, 1, 0]], "0 ≤ k ≤ t ≤ T"
      ),
      ([[1, 0, 0, -1], [-1, 1, 0, -1], [0, -1, 1, 0]], "1 ≤ k < t ≤ T"),
      ([[0, 1, 0, 0], [0, -1, 0, 5]], "0 ≤ t ≤ 5"),
      ([[-1, 1, 0, -2]], "k+2 ≤ t"),
      ([[-1, 1, 0, 0], [0, 0, 0, -1]], "never"),
      ([[1, 1, -1, 0]], "T ≤ k+t"),
      ([[1, 0, 0, 0], [0, 1, 0, 0]], "0 ≤ k, 0 ≤ t"),
    ] as [([[Int]], String)])
  func chains(rows: [[Int]], text: String) {
    var workspace = Workspace()
    let symbols = [
      workspace.time(named: "k"), workspace.time(named: "t"), workspace.time(named: "T"),
    ]
    let domain = rows.map { row in
      Time(
        terms: zip(symbols, row).map { Time.Term(symbol: $0, coefficient: $1) }, constant: row[3])
    }
    #expect(DomainText(domain).text(in: workspace) == text)
  }

  @Test("nothing is said where nothing is restricted")
  func unrestricted() {
    let workspace = Workspace()
    #expect(DomainText([]).text(in: workspace) == nil)
    #expect(DomainText([Time(3)]).text(in: workspace) == nil)
  }
}
