import Expressions
import Notation

/// Formulas that end within a group.
extension PageReader {
  /// A sum that breaks off in its last summand, before a group is closed.
  mutating func noteBreak(
    _ statement: inout Statement, _ problem: Unreadable, in workspace: inout Workspace
  ) {
    guard case .sum(var terms) = statement.right.kind, statement.source.isCutOff,
      let last = terms.popLast(), last.term.span.start <= problem.span.start, !terms.isEmpty
    else { return }
    let end = terms[terms.count - 1].term.span.end
    let whole =
      terms.count == 1 && !terms[0].isNegative
      ? terms[0].term : Formula(.sum(terms), Span(statement.right.span.start, end))
    let found = names(in: whole, in: &workspace)
    if found.problem != nil { return }
    statement.unbroken = whole
    statement.names += found.keys.filter { !statement.names.contains($0) }
  }
}
