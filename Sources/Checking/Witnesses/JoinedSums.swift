import Expressions

extension Workspace {
  /// The expression with sums that go on where others end as one: `\sum_{k=1}^{T-m} a_k +
  /// \sum_{k=T-m+1}^T a_k`. Sums that run backwards are negative, so that this always holds.
  mutating func joiningSums(_ root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .sum(var terms) = workspace[expression] else { return nil }
      let count = terms.count
      var i = 0
      while i < terms.count {
        if let next = terms.indices.first(where: { workspace.continues(terms[i], terms[$0]) }),
          case .timeSum(let index, let from, _, let body) = workspace[terms[i]],
          case .timeSum(_, _, let through, _) = workspace[terms[next]]
        {
          terms[i] = workspace.expression(.timeSum(index, from: from, through: through, body))
          terms.remove(at: next)
          i = 0
        } else {
          i += 1
        }
      }
      if terms.count == count { return nil }
      return terms.count == 1 ? terms[0] : workspace.expression(.sum(terms))
    }
  }

  /// Whether the second is a sum of the same terms, from behind the end of the first.
  private mutating func continues(_ first: Expression, _ second: Expression) -> Bool {
    guard first != second, case .timeSum(let index, _, let end, let body) = self[first],
      case .timeSum(let other, let start, _, let rest) = self[second], start == end + 1
    else { return false }
    return substituting(other, by: Time(index), in: rest) == body
  }
}
