import Documents
import Expressions
import Notation

/// A system of equations that pages take for granted: a document with a name of its own.
package struct GrantedModel: Sendable {
  /// Its first part is what pages call such a system: `lstm`, `lstm-batch`.
  package var name: String
  package var source: Source
  package init(name: String, source: Source) {
    self.name = name
    self.source = source
  }

  /// What pages call such a system: the first part of its name, and its title up to where that says
  /// which (`# A long short-term memory with biases`: "long short-term memory").
  private var phrases: [String] {
    var words = source.text.prefix { $0 != UInt8(ascii: "\n") }
      .split(separator: UInt8(ascii: " ")).dropFirst().map { String(decoding: $0, as: UTF8.self) }
    if words.first?.utf8.count == 1 { words.removeFirst() }
    let title = words.prefix { !["with", "over", "whose", "that"].contains($0) }
    let kind = String(decoding: name.utf8.prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    return [kind] + (title.isEmpty ? [] : [title.joined(separator: " ")])
  }

  /// The one model that a page without equations of its own takes for granted: it speaks of such a
  /// system, and the model knows all names of its claims. Nil if there is none, or more than one.
  static func fitting(
    _ page: Page, _ source: Source, among models: [GrantedModel], in workspace: inout Workspace
  ) -> (name: String, page: Page)? {
    guard page.definitions.isEmpty else { return nil }
    var names: [NameKey] = []
    for statement in page.statements where statement.role == .claim {
      names += statement.names.filter { !names.contains($0) }
    }
    var found: (name: String, page: Page)?
    for model in models where source.mentions(model.phrases) {
      let own = Page(reading: model.source, Manuscript(model.source), in: &workspace)
      let known = own.definitions.flatMap { [$0.key] + $0.names } + own.dependences.map { $0.key }
      guard names.allSatisfy({ known.contains($0) }),
        names.contains(where: { name in own.definitions.contains { $0.key == name } })
      else { continue }
      if found != nil { return nil }
      found = (model.name, own)
    }
    return found
  }
}
