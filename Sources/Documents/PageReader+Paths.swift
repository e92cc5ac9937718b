import Expressions
import Notation

extension PageReader {
  /// `c_{t-1} \to i_t`: between nodes at their steps an arrow shows a path, no limit.
  mutating func isPath(
    from left: Formula, to right: Formula, in workspace: inout Workspace
  ) -> Bool {
    let left = left.withoutNumber
    guard isName(left), isName(right) else { return false }
    return [left, right].allSatisfy { end in
      isNumbered(end) || name(of: end, in: &workspace)?.time != nil
    }
  }

  /// `t_3`, `W_{xf}^{(1)}`: nothing that could be a limit.
  private func isNumbered(_ formula: Formula) -> Bool {
    guard case .scripts(_, let below, let above, 0) = formula.kind else { return false }
    if let above, above.isParenthesised, case .number = above.unfenced.kind { return true }
    guard above == nil, case .number? = below?.kind else { return false }
    return true
  }
}

extension Formula {
  /// Without a number in parentheses that stands before it: `(3) t_3`.
  fileprivate var withoutNumber: Formula {
    guard case .juxtaposition(let items) = kind, items.count == 2, items[0].isParenthesised,
      case .number = items[0].unfenced.kind
    else { return self }
    return items[1]
  }
}
