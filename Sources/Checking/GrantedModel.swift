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

  /// Whether the page speaks of such a system: by the first part of the name, or by the title up to
  /// where it says which.
  private func isMentioned(in text: [UInt8]) -> Bool {
    let kind = name.utf8.prefix { $0 != UInt8(ascii: "-") }
    return holds(text, Array(kind)) || holds(text, title)
  }

  /// `# A long short-term memory with biases` is titled "long short-term memory".
  private var title: [UInt8] {
    var words = source.text.prefix { $0 != UInt8(ascii: "\n") }
      .split(separator: UInt8(ascii: " ")).dropFirst()
    if words.first?.count == 1 { words.removeFirst() }
    let restricting = ["with", "over", "whose", "that"].map { Array($0.utf8) }
    words = words.prefix { !restricting.contains(Array($0)) }
    return words.map { Array($0) }.reduce([]) { $0.isEmpty ? $1 : $0 + [UInt8(ascii: " ")] + $1 }
  }

  /// Whether the words stand in the text, in letters of any case, and not within a longer word.
  private func holds(_ text: [UInt8], _ words: [UInt8]) -> Bool {
    guard !words.isEmpty, text.count >= words.count else { return false }
    func isLetter(_ place: Int) -> Bool {
      text.indices.contains(place) && (97...122).contains(text[place] | 32)
    }
    func isEqual(_ a: UInt8, _ b: UInt8) -> Bool {
      a == b || (97...122).contains(a | 32) && a | 32 == b | 32
    }
    return (0...(text.count - words.count)).contains { start in
      !isLetter(start - 1) && !isLetter(start + words.count)
        && words.indices.allSatisfy { isEqual(text[start + $0], words[$0]) }
    }
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
    for model in models where model.isMentioned(in: source.text) {
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
