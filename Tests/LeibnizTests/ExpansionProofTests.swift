import Documents
import Expressions
import Testing

@testable import Leibniz

@Suite("The loss of every system by every parameter and first state, in every form")
struct ExpansionProofTests {
  @Test("is proved, or there is no such form", arguments: StandardModels.documents.map { $0.name })
  func proved(model: String) throws {
    var workspace = Workspace()
    let page = try #require(try equations(.standard(model), in: &workspace))
    let nodes = page.knownKeys.map { $0.isFamily ? "\($0.name)_0" : $0.name }
    var expansions = 0
    for node in nodes {
      for form in ExpansionForm.allCases {
        let request = ExpansionRequest(
          symbol: "L", node: node, steps: 2, model: .standard(model), form: form, format: .json,
          isStandalone: false)
        guard let answer = try? expand(request) else { continue }
        expansions += 1
        #expect(answer.remark.outcome == .holds, "by \(node), \(form.rawValue)")
        #expect(!answer.remark.text.contains("validated only"), "by \(node), \(form.rawValue)")
      }
    }
    #expect(expansions > 20)
  }
}
