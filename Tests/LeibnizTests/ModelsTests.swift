import Checking
import Documents
import Glibc
import Testing

@testable import Leibniz

/// The Swift file that carries documents.
private func carrying(_ documents: [StandardModel]) -> String {
  var text = "extension StandardModels {\n  static let documents: [StandardModel] = [\n"
  for document in documents {
    text += "    StandardModel(\n      name: \"\(document.name)\",\n      text: #\"\"\"\n"
    for line in document.text.split(separator: "\n", omittingEmptySubsequences: false) {
      text += (line.isEmpty ? "" : "        ") + line + "\n"
    }
    text += "        \"\"\"#),\n"
  }
  return text + "  ]\n}\n"
}

@Test("the library carries the documents of Derivations/models; LEIBNIZ_RECORD=1 renews them")
func carriesTheDocuments() {
  let documents = Files.documents(in: "Derivations/models").map {
    StandardModel(name: $0, text: Files.text(of: Files.root + "/Derivations/models/" + $0 + ".md"))
  }
  let path = Files.root + "/Sources/Leibniz/Models+Documents.swift"
  if getenv("LEIBNIZ_RECORD") != nil {
    Files.write(carrying(documents), to: path)
    return
  }
  #expect(StandardModels.documents.map { $0.name } == documents.map { $0.name })
  for (carried, document) in zip(StandardModels.documents, documents) {
    #expect(carried.text == document.text, "\(document.name)")
  }
}

@Test(
  "every system is read in full: nothing but declarations and definitions",
  arguments: StandardModels.documents)
func isRead(model: StandardModel) {
  let check = Check([Document(path: model.name, text: Array(model.text.utf8))])
  #expect(check.reports.count == 1)
  #expect(check.reports[0].problems.isEmpty)
  for finding in check.reports[0].findings {
    let role = finding.statement.role
    #expect(role == .declaration || role == .definition, "\(model.name): \(role)")
    #expect(finding.verdict == nil)
  }
}

@Test("a list names every system with its title")
func list() {
  let lines = models().split(separator: "\n")
  #expect(lines.count == StandardModels.documents.count)
  for (line, document) in zip(lines, StandardModels.documents) {
    #expect(line.hasPrefix(document.name + " "))
    #expect(line.hasSuffix(" " + document.title))
    #expect(document.title.count > 10)
  }
}
