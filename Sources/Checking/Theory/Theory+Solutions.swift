import Documents
import Expressions

extension Theory {
  /// Whether the equation that a name is said to solve has as many sides as the name has entries: one of
  /// fewer or more may not determine it.
  func determines(
    _ statement: Statement, _ claim: Claim, in workspace: borrowing Workspace
  ) -> Bool {
    guard let key = statement.solved else { return true }
    guard let symbol = self[claim.setting].table[key] else { return false }
    func sizes(_ shape: Shape) -> [Dimension] { shape.dimensions.filter { $0 != .one } }
    let own = sizes(workspace[symbol].shape)
    return [claim.left, claim.right].contains { side in
      (try? workspace.shape(of: side.expression)).map { sizes($0) == own } ?? false
    }
  }
}
