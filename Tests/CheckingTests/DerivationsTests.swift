import Documents
import Expressions
import Testing

@testable import Checking

private let examples = Derivations.names(in: "readings") + Derivations.names(in: "slips")
private let documents = examples + Derivations.names(in: "names")

@Test("every statement of a document comes out as the document expects", arguments: documents)
func asExpected(name: String) {
  let checked = Checked(Derivations.source(name))
  #expect(!checked.report.contradicts)
  #expect(checked.report.problems.isEmpty)
  #expect(!checked.claims.isEmpty)
  for finding in checked.report.findings {
    let statement = finding.statement
    if statement.role == .claim {
      #expect(statement.expectation != nil, "a claim of \(name) without an expectation")
    }
    guard let expectation = statement.expectation else { continue }
    #expect(
      finding.asExpected == true,
      """
      \(name): expected \(expectation.text), came out as \(finding.verdict?.rawValue ?? "-") \
      with \(finding.readings.map { $0.rawValue }) as \(finding.mend?.slip?.rawValue ?? "-")
      """)
  }
}

/// The expectations of the documents whose names begin so.
private func expectations(_ prefix: String) -> [Documents.Expectation] {
  var found: [Documents.Expectation] = []
  for name in documents where name.utf8.starts(with: prefix.utf8) {
    let source = Derivations.source(name)
    var workspace = Workspace()
    let page = Page(reading: source, Manuscript(source), in: &workspace)
    found += page.statements.compactMap { $0.expectation }
  }
  return found
}

@Test(
  "every reading has a document that needs it and one that it does not save",
  arguments: Reading.allCases)
func readingDocument(reading: Reading) {
  let expected = expectations("readings/" + reading.rawValue)
  #expect(expected.contains { $0.readings.contains(reading.rawValue) })
  #expect(expected.contains { $0.word == "refuted" || $0.word == "rejected" })
}

@Test("every slip has a document that makes it", arguments: Slip.allCases)
func slipDocument(slip: Slip) {
  let name = String(slip.rawValue.map { $0 == " " ? "-" : $0 })
  let expected = expectations("slips/" + name)
  #expect(expected.contains { $0.slip == slip.rawValue })
  #expect(expected.contains { $0.word == "proved" })
}

@Test("a document is named for the reading or the slip that it shows", arguments: examples)
func documentNames(name: String) {
  let readings = Reading.allCases.map { "readings/" + $0.rawValue }
  let slips = Slip.allCases.map { "slips/" + String($0.rawValue.map { $0 == " " ? "-" : $0 }) }
  #expect((readings + slips).contains { name.utf8.starts(with: $0.utf8) })
}
