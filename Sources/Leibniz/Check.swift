import Checking
import Documents
import Expressions
import Notation

/// Judges documents: every statement of each with its role, every claim with its verdict.
public struct Check: ~Copyable {
  package var workspace = Workspace()
  package private(set) var reports: [DocumentReport] = []
  private let library: [(name: String, source: Source)]

  /// - Parameter library: documents that others may name with `given`.
  package init(library: [(name: String, source: Source)] = []) {
    self.library = library
  }

  /// Judges one document.
  /// - Parameter givens: documents that it takes as if it named them.
  package mutating func judge(_ source: Source, givens: [String] = []) {
    var visited: [String] = []
    let manuscript = Manuscript(source)
    let named = givens + manuscript.givens.map { $0.file }
    let given = page(of: named, &visited)
    reports.append(DocumentReport(checking: source, given: given, in: &workspace))
  }

  /// What the named documents state, one after the other in one page.
  private mutating func page(of names: [String], _ visited: inout [String]) -> Page? {
    var result: Page?
    for name in names where !visited.contains(name) {
      visited.append(name)
      guard let source = library.first(where: { $0.name == name })?.source else { continue }
      let manuscript = Manuscript(source)
      let inner = page(of: manuscript.givens.map { $0.file }, &visited) ?? result
      result = Page(reading: source, manuscript, given: inner, in: &workspace)
    }
    return result
  }
}
