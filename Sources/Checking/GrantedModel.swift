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

  /// A model that a part of a page takes for granted.
  struct Use {
    var name: String
    /// What the model's document states.
    var page: Page
    /// The blocks that take it.
    var blocks: Range<Int>
  }

  /// The parts of a page whose equations, if they have any, are some of one model's, on a page that
  /// speaks of such a system: the model knows all names of the claims there, and no other does.
  static func fitting(
    _ page: Page, _ source: Source, among models: [GrantedModel], in workspace: inout Workspace
  ) -> [Use] {
    var uses: [Use] = []
    for model in models where source.mentions(model.phrases) {
      let own = Page(reading: model.source, Manuscript(model.source), in: &workspace)
      uses += parts(of: page, of: own).map { Use(name: model.name, page: own, blocks: $0) }
    }
    return uses.filter { use in
      !uses.contains { $0.name != use.name && $0.blocks.overlaps(use.blocks) }
    }
  }

  /// The parts of a page between equations that are none of the model's.
  private static func parts(of page: Page, of model: Page) -> [Range<Int>] {
    let foreign = page.definitions.filter { definition in
      !model.definitions.contains { $0.says(definition) }
    }
    let cuts = foreign.map {
      page.statements.indices.contains($0.statement) ? page.statements[$0.statement].block : 0
    }
    let known = model.definitions.flatMap { [$0.key] + $0.names } + model.dependences.map { $0.key }
    var parts: [Range<Int>] = []
    var start = 0
    for end in cuts.sorted() + [page.statements.last.map { $0.block + 1 } ?? 0] {
      defer { start = end + 1 }
      guard start < end else { continue }
      let claims = page.statements.filter {
        $0.role == .claim && start <= $0.block && $0.block < end
      }
      let names = claims.flatMap { $0.names }
      let others = foreign.filter { page.statements[$0.statement].block < start }
      guard names.allSatisfy({ known.contains($0) }),
        names.contains(where: { name in model.definitions.contains { $0.key == name } }),
        !names.contains(where: { name in others.contains { $0.key == name } })
      else { continue }
      parts.append(start..<end)
    }
    return parts
  }
}

extension DefinitionStatement {
  /// Whether another equation is the same but for the order of its terms.
  fileprivate func says(_ other: DefinitionStatement) -> Bool {
    guard key == other.key, time == other.time, block == nil, other.block == nil else {
      return false
    }
    func terms(_ formula: Formula) -> [Formula.SignedTerm] {
      guard case .sum(let terms) = formula.unfenced.kind else {
        return [Formula.SignedTerm(isNegative: false, term: formula)]
      }
      return terms
    }
    var left = terms(other.right)
    for term in terms(right) {
      guard
        let i = left.firstIndex(where: {
          $0.isNegative == term.isNegative && $0.term.spelled == term.term.spelled
        })
      else { return false }
      left.remove(at: i)
    }
    return left.isEmpty
  }
}
