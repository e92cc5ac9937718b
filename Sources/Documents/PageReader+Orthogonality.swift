import Expressions
import Notation

/// `Q^\top Q = I` as an assumption: the columns of a square Q are orthonormal, so that Q is orthogonal.
extension PageReader {
  mutating func noteOrthogonality(_ statement: Statement, in workspace: inout Workspace) {
    guard statement.role == .assumption, statement.sign == .equal, isIdentity(statement.right),
      case .juxtaposition(let items) = statement.left.kind, items.count == 2,
      let matrix = items.first(where: { $0.identifier != nil }),
      let turned = items.first(where: { $0.untransposed != nil })?.untransposed,
      matrix.identifier == turned.identifier, let name = matrix.identifier,
      let key = self.name(of: matrix, in: &workspace)?.key, !key.isFamily,
      !computed.contains(key), isSquare(name)
    else { return }
    page.declarations.append(
      Declaration(
        key: key, shape: nil, properties: .orthogonal, statement: statement.index,
        block: statement.block, isLocal: true, clause: statement.clause))
  }

  private func isIdentity(_ formula: Formula) -> Bool {
    formula.unfencedScripts.identifier?.isPlain("I") == true
  }

  /// Declared so, or without a size where it turns another matrix, `Q \Lambda Q^\top`.
  private func isSquare(_ name: Formula.Identifier) -> Bool {
    if let space = page.notation.lexicon.declaredSpaces[name.latex] {
      return space.order == 2 && space.factors[0].spelled == space.factors[1].spelled
    }
    return page.surveyed.contains { formula in
      var turns = false
      formula.visit { part in
        guard case .juxtaposition(let items) = part.kind, items.count == 3 else { return }
        turns =
          turns || items[0].identifier == name && items[2].untransposed?.identifier == name
          || items[2].identifier == name && items[0].untransposed?.identifier == name
      }
      return turns
    }
  }
}
