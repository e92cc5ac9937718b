import Checking
import Leibniz
import Reporting
import Testing

@Suite("The examples of a page")
struct PageExampleTests {
  /// Codes that no page alone can bring about.
  private static let unwritable: [Code] = [.notText, .givenNotFound, .contradiction]
  /// Codes of which the diagnosis does not find its way to the example yet.
  private static let elsewhere: [Code] = [
    .definitionIllTyped, .extraTranspose, .missingDiag, .droppedTerm, .beyondBudget,
  ]

  @Test(
    "come out as it says: the wrong one with its code, the right one accepted",
    arguments: Code.allCases.filter { !unwritable.contains($0) })
  func examples(code: Code) {
    let documents = Page.of(code).documents
    let check = Check([
      Document(path: "wrong.md", text: Array(documents.wrong.utf8)),
      Document(path: "right.md", text: Array(documents.right.utf8)),
    ])
    let (wrong, right) = (check.reports[0], check.reports[1])
    let codes = wrong.findings.map { $0.stableCode } + wrong.problems.map { $0.code }
    if Self.elsewhere.contains(code) {
      withKnownIssue(isIntermittent: true) { #expect(codes.contains(code)) }
    } else {
      #expect(codes.contains(code))
    }
    #expect(right.findings.allSatisfy { $0.stableCode == nil })
    #expect(right.problems.isEmpty)
  }
}
