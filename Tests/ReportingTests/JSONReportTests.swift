import Expressions
import Reporting
import Testing

@testable import Checking

@Suite("What programs read")
struct JSONReportTests {
  @Test("every key appears where it applies, and only there")
  func golden() {
    let page = Fixture.homework()
    expectGolden(json([page.report], in: page.workspace), "homework.json")
  }

  @Test("statements that only a directive makes are left out")
  func hidden() {
    var page = Fixture("$a = b$\n")
    page.add("a = b", role: .assumption) { $0.statement.isHidden = true }
    #expect(!json([page.report], in: page.workspace).contains("\"index\""))
  }

  @Test("no documents are a report, too")
  func empty() {
    let workspace = Workspace()
    #expect(json([], in: workspace) == "{\"leibniz\": \"0.1.0\", \"documents\": []}\n")
  }
}
