import Checking
import Documents
import Expressions
import Notation

/// Judges documents: every statement of each with its role, every claim with its verdict.
public struct Check: ~Copyable {
  package var workspace = Workspace()
  package private(set) var reports: [DocumentReport] = []

  /// Judges documents, each with the given ones that it names.
  /// - Parameter givens: what the documents, and the given ones in their turn, name with `given`.
  public init(_ documents: [Document], givens: [GivenDocument] = []) {
    let library = GivenPages(givens)
    for document in documents {
      workspace.beginDocument()
      let given = library.page(for: document.path, in: &workspace)
      reports.append(
        DocumentReport(
          checking: Source(path: document.path, text: document.text), given: given,
          models: StandardModels.forGranted, in: &workspace))
    }
  }
}

/// The documents that others take with `given`.
struct GivenPages {
  private let documents: [GivenDocument]

  init(_ documents: [GivenDocument]) { self.documents = documents }

  /// What a document takes over, one page after the other in one: what is given to all, then what
  /// it names; nil if there is nothing.
  func page(for path: String, in workspace: inout Workspace) -> Page? {
    var visited: [String] = [path]
    return page(for: path, &visited, in: &workspace)
  }

  private func page(
    for path: String, _ visited: inout [String], in workspace: inout Workspace
  ) -> Page? {
    var result: Page?
    for given in documents where given.namedBy == path || given.namedBy == nil {
      let own = given.document
      if visited.contains(own.path) { continue }
      visited.append(own.path)
      let source = Source(path: own.path, text: own.text)
      let inner = page(for: own.path, &visited, in: &workspace) ?? result
      result = Page(reading: source, Manuscript(source), given: inner, in: &workspace)
    }
    return result
  }
}
