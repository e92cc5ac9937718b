import Expressions
import Notation

extension PageReader {
  /// `c_{t-1} \to i_t`: between nodes at their steps an arrow shows a path, no limit.
  mutating func isPath(
    from left: Formula, to right: Formula, in workspace: inout Workspace
  ) -> Bool {
    let left = left.withoutNumber
    guard isName(left), isName(right) else { return false }
    if graphArrows.contains(where: { $0.from == left.spelled && $0.to == right.spelled }) {
      return true
    }
    return [left, right].allSatisfy { end in
      isNumbered(end) || name(of: end, in: &workspace)?.time != nil
    }
  }

  /// `Then h_t \to h_0`: of one family, from any step to a certain one, is no path.
  mutating func concludesLimit(_ statement: Statement, in workspace: inout Workspace) -> Bool {
    guard statement.sign == .arrow, isName(statement.left), isName(statement.right),
      !graphArrows.contains(where: {
        $0.from == statement.left.spelled && $0.to == statement.right.spelled
      }),
      let (family, step) = name(of: statement.left, in: &workspace),
      let (limit, last) = name(of: statement.right, in: &workspace)
    else { return false }
    return family == limit && step?.isLiteral == false && last?.isLiteral == true
  }

  /// `x \to h \to y \to L`: arrows that lead to the loss, or from it, draw the graph of what is
  /// computed from what.
  mutating func noteGraph(
    _ formula: Formula, _ statement: Int, in workspace: inout Workspace
  ) {
    for case .relations(let left, let members) in Lexicon.relationsIn(formula).map({ $0.kind }) {
      var nodes = [left.withoutNumber] + members.map { $0.formula }
      guard nodes.count > 2, members.allSatisfy({ $0.sign == .arrow }),
        nodes.allSatisfy({ isName($0) }), let first = nodes.first, let last = nodes.last
      else { continue }
      graphArrows += zip(nodes, nodes.dropFirst()).map { ($0.spelled, $1.spelled) }
      if isLoss(first) { nodes.reverse() } else if !isLoss(last) { continue }
      for (from, to) in zip(nodes, nodes.dropFirst()) {
        guard let source = name(of: from, in: &workspace), let result = name(of: to, in: &workspace)
        else { continue }
        let isScalar = PageReader.lossNames.contains(result.key.name)
        page.dependences.append(
          Dependence(
            key: result.key, time: result.time, arguments: [source], onAllTimes: false,
            isScalar: isScalar, statement: statement))
      }
    }
  }

  private func isLoss(_ node: Formula) -> Bool {
    node.unfencedScripts.identifier.map { PageReader.lossNames.contains($0.latex) } ?? false
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
