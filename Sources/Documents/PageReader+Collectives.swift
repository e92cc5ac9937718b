import Expressions
import Notation

/// Names that stand for any of several others: `θ ∈ \{W, U, b\}`, `θ stands for any of W, U, b`.
extension PageReader {
  /// `θ = \{W, U, b\}`, `θ ∈ \{W, U, b\}` of names alone.
  mutating func declareCollective(
    _ statement: Statement, in workspace: inout Workspace
  ) -> Bool {
    guard statement.sign == .equal || statement.sign == .elementOf || statement.sign == .defines,
      case .fenced(.braces, let inner) = statement.right.kind, case .list(let items) = inner.kind
    else { return false }
    return noteCollective(statement.left, items, in: &workspace)
  }

  /// Whether a name stands for any of the listed ones from here on.
  @discardableResult
  mutating func noteCollective(
    _ name: Formula, _ items: [Formula], in workspace: inout Workspace
  ) -> Bool {
    guard items.count > 1, name.identifier != nil, let own = self.name(of: name, in: &workspace),
      !own.key.isFamily
    else { return false }
    var members: [(formula: Formula, key: NameKey)] = []
    for item in items {
      guard isName(item), let (key, time) = self.name(of: item, in: &workspace), time == nil,
        key != own.key
      else { return false }
      members.append((item, key))
    }
    if !page.collectives.contains(where: { $0.key == own.key }) {
      page.collectives.append(CollectiveName(key: own.key, name: name, members: members))
    }
    return true
  }
}

extension Page {
  /// The name in a claim that stands for any of several, if nothing computes or reads it itself.
  package func collective(in statement: Statement) -> CollectiveName? {
    collectives.first { collective in
      statement.names.contains(collective.key)
        && !definitions.contains {
          $0.key == collective.key || $0.names.contains(collective.key)
        }
        && !dependences.contains { dependence in
          dependence.arguments.contains { $0.key == collective.key }
        }
    }
  }
}

extension Statement {
  /// The claim for one of those that a name stands for.
  package func speaking(
    of member: (formula: Formula, key: NameKey), for collective: CollectiveName
  ) -> Statement {
    var one = self
    one.left = left.replacing(collective.name, by: member.formula)
    one.right = right.replacing(collective.name, by: member.formula)
    one.names = names.filter { $0 != collective.key && $0 != member.key } + [member.key]
    return one
  }
}
