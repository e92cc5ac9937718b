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
    var children: [Formula] = []
    forEachChild { children.append($0) }
    return children
  }

  /// Calls a closure with each formula directly within this one, in the order of the text.
  package func forEachChild(_ body: (Formula) -> Void) {
    switch kind {
    case .number, .identifier, .text, .dots, .empty, .unread: break
    case .scripts(let base, let below, let above, _):
      body(base)
      below.map(body)
      above.map(body)
    case .fenced(_, let content), .struck(let content): body(content)
    case .juxtaposition(let factors), .list(let factors): factors.forEach(body)
    case .sum(let terms): for term in terms { body(term.term) }
    case .binary(_, let left, let right), .fraction(let left, let right):
      body(left)
      body(right)
    case .root(let content, let degree):
      degree.map(body)
      body(content)
    case .big(_, let below, let above, let inner):
      below.map(body)
      above.map(body)
      body(inner)
    case .matrix(_, let rows): for row in rows { row.forEach(body) }
    case .relations(let first, let members):
      body(first)
      for member in members { body(member.formula) }
    }
  }
}
