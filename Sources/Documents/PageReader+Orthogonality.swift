import Expressions
import Notation

/// `Q^\top Q = I` as an assumption: the columns of a square Q are orthonormal, so that Q is orthogonal; and `M v = \lambda v`.
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
    declare(key, .orthogonal, statement)
  }

  /// `W = W^\top`
  mutating func noteSymmetry(_ statement: Statement, in workspace: inout Workspace) {
    guard statement.role == .assumption, statement.sign == .equal,
      statement.right.isTransposeOf(statement.left), let name = statement.left.identifier,
      let key = self.name(of: statement.left, in: &workspace)?.key, !key.isFamily,
      !computed.contains(key), isSquare(name)
    else { return }
    declare(key, .symmetric, statement)
  }

  /// What an assumption says of a matrix, as far as the assumption reaches.
  private mutating func declare(
    _ key: NameKey, _ properties: Properties, _ statement: Statement
  ) {
    page.declarations.append(
      Declaration(
        key: key, shape: nil, properties: properties, statement: statement.index,
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

  /// `M v = \lambda v` with a new v says what v is, whatever M is computed from.
  mutating func explainsEigenvector(
    _ statement: Statement, in workspace: inout Workspace
  ) -> Bool {
    guard let written = statement.eigenvector,
      let (vector, _) = name(of: written, in: &workspace),
      case .juxtaposition(let image) = statement.left.kind,
      case .juxtaposition(let multiple) = statement.right.kind,
      name(of: image[0], in: &workspace) != nil, name(of: multiple[0], in: &workspace) != nil
    else { return false }
    // A mere mention ("every eigenvector v satisfies") has said nothing of it yet.
    return !computed.contains(vector)
      && !page.declarations.contains { $0.key == vector }
      && !page.statements.contains { $0.names.contains(vector) }
  }
}
