import Documents
import Expressions
import Notation

/// The same change at every occurrence, and what may stand for a symbol.
extension EditEnumeration {
  /// One name read at the wrong time, or for another, wherever it stands.
  mutating func everywhere(_ root: Expression, in workspace: inout Workspace) {
    for variable in workspace.variables(in: root) {
      everywhere(variable, in: root, Path(), 3, in: &workspace)
    }
  }

  mutating func everywhere(
    _ variable: Variable, in root: Expression, _ path: Path, _ weight: Int,
    in workspace: inout Workspace
  ) {
    let old = workspace.expression(.variable(variable))
    if let time = variable.time {
      for delta in [-1, 1] {
        var moved = variable
        moved.time = time + delta
        let new = workspace.replacing(
          old, by: workspace.expression(.variable(moved)), in: root)
        add(path, root, new, .offByOneIndex, weight)
      }
      var others = letters(besides: time).map { ($0, Slip.wrongSymbol) }
      if let mirrored = time.mirrored { others.append((mirrored, .sign)) }
      for (other, slip) in others {
        var moved = variable
        moved.time = other
        let new = workspace.replacing(
          old, by: workspace.expression(.variable(moved)), in: root)
        add(path, root, new, slip, weight)
      }
    }
    let isNamed = writesByName(variable, in: root, workspace)
    for symbol in alternatives(to: variable.symbol, in: workspace) {
      var other = variable
      other.symbol = symbol
      let new = workspace.replacing(
        old, by: workspace.expression(.variable(other)), in: root)
      let isLost = isNamed && !writesByName(other, in: new, workspace)
      add(
        path, root, new, symbolSlip(variable.symbol, symbol, in: workspace),
        weight + (isLost ? 5 : 2))
    }
  }

  /// Whether a node stands in a gradient that is written as a name.
  private func writesByName(
    _ variable: Variable, in root: Expression, _ workspace: borrowing Workspace
  ) -> Bool {
    if names.entries.isEmpty { return false }
    return workspace.derivatives(in: root).contains { written in
      guard let use = names.use(for: written.node, in: workspace) else { return false }
      return use.by == variable
    }
  }

  func alternatives(
    to symbol: Symbol, in workspace: borrowing Workspace
  ) -> [Symbol] {
    let (shape, isFamily) = (workspace[symbol].shape, workspace[symbol].isFamily)
    return symbols.filter {
      $0 != symbol && workspace[$0].isFamily == isFamily
        && (workspace[$0].shape == shape
          || ignoresSizes && workspace[$0].shape.order == shape.order)
    }
  }

  func symbolSlip(
    _ old: Symbol, _ new: Symbol, in workspace: borrowing Workspace
  ) -> Slip {
    workspace[old].isFamily && setting.model.computes(old) && setting.model.computes(new)
      ? .wrongGate : .wrongSymbol
  }
}
