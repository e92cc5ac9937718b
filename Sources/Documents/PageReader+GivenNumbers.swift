import Expressions
import Notation

/// Worked examples: the numbers that a page gives to its names.
extension PageReader {
  /// Whether a sentence gives several names a number each: `with w = 0.5, u = 1 and h_0 = 0`.
  func givesNumbers(_ block: Int, _ sentence: Int) -> Bool {
    let relations = parsed.filter { $0.block == block && $0.sentence == sentence }
      .flatMap { Lexicon.relationsIn($0.formula) }
    return relations.count { relation in
      guard case .relations(let left, let members) = relation.kind else { return false }
      return members.count == 1 && members[0].sign == .equal && isName(left)
        && members[0].formula.isWrittenNumber
    } > 2
  }

  /// Whether the page gives a number to everything that its equations read and do not compute, and not only
  /// 0 and 1, which stand for tensors as well.
  var isWorkedInNumbers: Bool {
    let given = page.statements.filter {
      ($0.role == .assumption || $0.role == .definition) && $0.sign == .equal && isName($0.left)
        && $0.right.isWrittenNumber
    }
    guard given.contains(where: { ![.number("0"), .number("1")].contains($0.right.unfenced.kind) })
    else {
      return false
    }
    var known = Set(page.definitions.map { $0.key })
    for statement in given { known.formUnion(statement.names) }
    return page.definitions.allSatisfy { known.isSuperset(of: $0.names) }
  }
}

extension Formula {
  /// `0.5`, `-1`
  fileprivate var isWrittenNumber: Bool {
    switch unfenced.kind {
    case .number: return true
    case .sum(let terms): return terms.count == 1 && terms[0].term.isWrittenNumber
    default: return false
    }
  }
}
