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
    return [GrantedModel.kind(of: name)] + (title.isEmpty ? [] : [title.joined(separator: " ")])
  }

  /// `lstm` of `lstm-batch`.
  private static func kind(of name: String) -> String {
    String(decoding: name.utf8.prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self)
  }

  /// A model that a part of a page takes for granted.
  struct Use {
    var name: String
    /// What the model's document states.
    var page: Page
    /// The blocks that take it.
    var blocks: Range<Int>
    /// Whether other models know the names as well, or the page speaks of other things around: then
    /// what does not hold of the model is no error.
    var isTentative = false
    /// All names of the model.
    fileprivate var known: Set<NameKey> = []
    /// Whether the part writes one of the model's equations, or a part of one.
    fileprivate var isWritten = false
    fileprivate var kind: String { GrantedModel.kind(of: name) }
  }

  /// What a sentence says that speaks of another system than the one it names.
  private static let turns = [
    "not", "nothing", "no", "unlike", "without", "instead", "than", "avoids", "removed", "exercise",
    "peephole", "peepholes", "coupled", "couples", "nicht", "kein", "keine", "ohne", "anders",
    "statt", "不", "没有", "不同",
  ]

  /// The parts of a page whose equations, if they have any, are some of a model's, on a page that
  /// speaks of such a system: the model knows all names of the claims there, and none of another kind
  /// does. Several of one kind that fit a part equally well stand together.
  static func fitting(
    _ page: Page, _ source: Source, among models: [GrantedModel], in workspace: inout Workspace
  ) -> [[Use]] {
    var uses: [Use] = []
    let sentences = Sentences(of: source)
    for model in models where sentences.mention(model.phrases, without: turns) {
      let own = Page(reading: model.source, Manuscript(model.source), in: &workspace)
      uses += parts(of: page, of: own, named: model.name)
    }
    var chosen: [[Use]] = []
    for var use in uses {
      let others = uses.filter {
        $0.name != use.name && $0.blocks.overlaps(use.blocks) && ($0.isWritten || !use.isWritten)
      }
      // Of several of one kind that know all names the one with the fewest, or the one that knows most
      // of what the page mentions besides.
      func mentions(_ use: Use) -> Int { page.knownKeys.count { use.known.contains($0) } }
      func isPeer(_ other: Use) -> Bool {
        other.blocks == use.blocks && mentions(other) == mentions(use)
          && !use.known.isStrictSuperset(of: other.known)
      }
      guard
        others.allSatisfy({
          $0.kind == use.kind
            && ($0.known.isStrictSuperset(of: use.known) || mentions($0) < mentions(use)
              || isPeer($0))
        })
      else { continue }
      use.isTentative =
        use.isTentative
        || others.contains {
          $0.known.isStrictSuperset(of: use.known) && mentions($0) >= mentions(use)
        }
      if let i = chosen.firstIndex(where: { $0[0].kind == use.kind && $0[0].blocks == use.blocks })
      {
        chosen[i].append(use)
      } else {
        chosen.append([use])
      }
    }
    return chosen
  }

  /// The parts of a page between equations and claims that are none of the model's.
  private static func parts(of page: Page, of model: Page, named name: String) -> [Use] {
    let foreign = page.definitions.filter { definition in
      !model.definitions.contains { $0.says(definition) || $0.holds(definition) }
    }
    let known = Set(
      model.definitions.flatMap { [$0.key] + $0.names } + model.dependences.map { $0.key })
    let parts = page.definitions.filter { own in model.definitions.contains { $0.holds(own) } }
      .map { $0.key }
    // A loss that the page leaves open is one of the model's last nodes, whatever model it is.
    let open = page.knownKeys.filter { key in
      key.isLossLike && !known.contains(key)
        && !page.definitions.contains { $0.key == key }
        && !page.declarations.contains { $0.key == key }
    }
    let strange = page.statements.filter { statement in
      statement.role == .claim
        && (statement.problem != nil
          || !statement.names.allSatisfy {
            known.contains($0) || parts.contains($0) || open.contains($0)
              || $0.member.map { known.contains($0) } ?? false
          })
    }
    let cuts =
      foreign.map {
        page.statements.indices.contains($0.statement) ? page.statements[$0.statement].block : 0
      } + strange.map { $0.block }
    var uses: [Use] = []
    var start = 0
    for end in cuts.sorted() + [page.statements.last.map { $0.block + 1 } ?? 0] {
      defer { start = end + 1 }
      guard start < end else { continue }
      let names = page.statements.filter {
        $0.role == .claim && start <= $0.block && $0.block < end
      }.flatMap { $0.names }.map { known.contains($0) ? $0 : $0.member ?? $0 }
      let others = foreign.filter { page.statements[$0.statement].block < start }
      guard names.contains(where: { name in model.definitions.contains { $0.key == name } }),
        !names.contains(where: { name in others.contains { $0.key == name } })
      else { continue }
      uses.append(
        Use(
          name: name, page: model, blocks: start..<end,
          isTentative: strange.contains { $0.block == end || $0.block + 1 == start },
          known: known,
          isWritten: page.definitions.contains { own in
            page.statements.indices.contains(own.statement)
              && (start..<end).contains(page.statements[own.statement].block)
              && model.definitions.contains { $0.says(own) || $0.holds(own) }
          }))
    }
    return uses
  }
}

extension NameKey {
  /// The family of which `C_3` is a member where the page writes no other step.
  fileprivate var member: NameKey? {
    numberedBase.map { NameKey($0, isFamily: true) }
  }
}

extension DefinitionStatement {
  /// Whether another equation is the same but for the order of its terms.
  fileprivate func says(_ other: DefinitionStatement) -> Bool {
    key == other.key && time == other.time && block == nil && other.block == nil
      && DefinitionStatement.isSame(right, other.right)
  }

  /// Whether another equation names a part of this one: a pre-activation.
  fileprivate func holds(_ other: DefinitionStatement) -> Bool {
    guard key != other.key, time == other.time, !other.names.isEmpty,
      case .sum = other.right.unfenced.kind
    else { return false }
    var found = false
    right.visit { part in found = found || DefinitionStatement.isSame(part, other.right) }
    return found
  }

  private static func isSame(_ one: Formula, _ other: Formula) -> Bool {
    func terms(_ formula: Formula) -> [Formula.SignedTerm] {
      guard case .sum(let terms) = formula.unfenced.kind else {
        return [Formula.SignedTerm(isNegative: false, term: formula)]
      }
      return terms
    }
    var left = terms(other)
    for term in terms(one) {
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
