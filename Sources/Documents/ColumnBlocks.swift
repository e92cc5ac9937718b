import Notation

/// `V = [V_1, V_2]` where the page multiplies V by a column of as many blocks, `V [h_t; s_t]`, or by its
/// name: the blocks stand side by side.
struct ColumnBlocks {
  private var factors: [(name: Formula.Identifier, blocks: Int)] = []

  init(surveying formulas: [Formula]) {
    var found: [(name: Formula.Identifier, blocks: Int)] = []
    var columns: [(name: Formula.Identifier, blocks: Int)] = []
    for equation in StepEquation.all(in: formulas) {
      guard equation.left.count == 1, let name = equation.left[0].scriptedBase,
        let blocks = Self.stacked(equation.right)
      else { continue }
      columns.append((name, blocks))
    }
    func stacked(_ formula: Formula) -> Int? {
      Self.stacked(formula)
        ?? formula.scriptedBase.flatMap { name in columns.first { $0.name == name }?.blocks }
    }
    for formula in formulas {
      formula.visit { part in
        var items: [Formula] = []
        switch part.kind {
        case .juxtaposition(let own): items = own
        case .binary(.dot, let a, let b): items = [a, b]
        default: return
        }
        for (item, next) in zip(items, items.dropFirst()) {
          guard let name = item.identifier, let blocks = stacked(next),
            !found.contains(where: { $0.name == name })
          else { continue }
          found.append((name, blocks))
        }
      }
    }
    factors = found
  }

  /// The number of blocks of `[h; x]`.
  private static func stacked(_ formula: Formula) -> Int? {
    if let cells = formula.column { return cells.count > 1 ? cells.count : nil }
    guard case .fenced(let fence, let inner) = formula.kind,
      fence == .brackets || fence == .parentheses, case .list(let items) = inner.kind
    else { return nil }
    return items.count
  }

  func restoring(_ formula: Formula) -> Formula {
    if factors.isEmpty { return formula }
    switch formula.kind {
    case .list(let items): return Formula(.list(items.map { restoring($0) }), formula.span)
    case .relations(let left, var members):
      guard let name = left.identifier,
        let blocks = factors.first(where: { $0.name == name })?.blocks
      else { return formula }
      for i in members.indices where members[i].sign == .equal || members[i].sign == .defines {
        guard case .fenced(let fence, let inner) = members[i].formula.kind,
          fence == .brackets || fence == .parentheses
        else { continue }
        let items: [Formula]
        switch inner.kind {
        case .list(let parts), .juxtaposition(let parts): items = parts
        default: continue
        }
        guard items.count == blocks,
          items.allSatisfy({ $0.unfencedScripts.identifier != nil })
        else { continue }
        members[i].formula = Formula(
          .matrix(fence == .brackets ? .brackets : .parentheses, [items]), members[i].formula.span)
      }
      return Formula(.relations(left, members), formula.span)
    default: return formula
    }
  }
}
