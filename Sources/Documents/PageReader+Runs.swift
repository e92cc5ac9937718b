import Expressions
import Notation

/// Runs of steps that a page lists: `h_1, …, h_T`.
extension PageReader {
  /// `s_{n+1} = 0`: what stands behind the last step is given.
  mutating func noteEnd(_ statement: Statement, in workspace: inout Workspace) {
    guard statement.role == .assumption, statement.sign == .equal, isName(statement.left),
      let (key, time) = name(of: statement.left, in: &workspace), key.isFamily, let time,
      let letter = time.soleLetter, !isRunning(letter)
    else { return }
    page.given.append((key, time))
  }

  /// The family of a list of its steps with dots in it, and the first and the last of them.
  mutating func run(
    of formula: Formula, in workspace: inout Workspace
  ) -> (key: NameKey, from: AffineLetters, through: AffineLetters)? {
    guard case .list(let items) = formula.kind, items.count > 2,
      case .dots = items[items.count - 2].kind
    else { return nil }
    var members: [(key: NameKey, time: AffineLetters)] = []
    for (place, item) in items.enumerated() where place != items.count - 2 {
      guard let (key, time) = name(of: item, in: &workspace), let time,
        members.allSatisfy({ $0.key == key })
      else { return nil }
      members.append((key, time))
    }
    guard let first = members.first, let last = members.last,
      first.time.isLiteral
    else { return nil }
    return (first.key, first.time, last.time)
  }
}
