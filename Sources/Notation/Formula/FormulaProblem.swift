/// Something in a formula that could not be read.
package struct FormulaProblem: Hashable, Sendable {
  /// As written.
  package var text: String
  package var reason: Formula.UnreadReason
  package var span: Span
}

extension Formula {
  /// All unread nodes in the order of the tree, which is that of the text. Linear.
  package var problems: [FormulaProblem] {
    var problems: [FormulaProblem] = []
    collect(&problems)
    return problems
  }

  private func collect(_ problems: inout [FormulaProblem]) {
    if case .unread(let text, let reason) = kind {
      problems.append(FormulaProblem(text: text, reason: reason, span: span))
    }
    for child in children { child.collect(&problems) }
  }

  /// The formulas directly within this one, in the order of the text.
  package var children: [Formula] {
    switch kind {
    case .number, .identifier, .text, .dots, .empty, .unread: []
    case .scripts(let base, let below, let above, _):
      [base] + (below.map { [$0] } ?? []) + (above.map { [$0] } ?? [])
    case .fenced(_, let content), .struck(let content): [content]
    case .juxtaposition(let factors), .list(let factors): factors
    case .sum(let terms): terms.map { $0.term }
    case .binary(_, let left, let right), .fraction(let left, let right): [left, right]
    case .root(let content, let degree): (degree.map { [$0] } ?? []) + [content]
    case .big(_, let below, let above, let body):
      (below.map { [$0] } ?? []) + (above.map { [$0] } ?? []) + [body]
    case .matrix(_, let rows): rows.flatMap { $0 }
    case .relations(let first, let members): [first] + members.map { $0.formula }
    }
  }
}
