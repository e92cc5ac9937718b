import Expressions
import Notation

/// What words say is a number. Each entry of a vector is one, and nothing is said of the vector.
extension PageReader {
  /// `a scalar c`, `the loss E`
  mutating func noteNumber(
    _ part: Int, _ isLoss: Bool, _ block: Int, _ sentence: Int, at statement: Int,
    in workspace: inout Workspace
  ) {
    let isLocal = manuscript.blocks[block].sentences[sentence].isConditional
    for found in names(part, block, sentence, ofEntries: false, in: &workspace) {
      if isLocal, !isLoss, !isLossName(found.key) {
        page.declarations.append(
          declaration(found.key, .scalar, [], isLocal: true, part, block, sentence, at: statement))
        continue
      }
      if !isLoss, isInput(found.key, part, block, sentence) {
        page.declarations.append(
          declaration(found.key, .scalar, [], isLocal: false, part, block, sentence, at: statement))
        remember(found.key)
        continue
      }
      if !page.scalars.contains(found.key) { page.scalars.append(found.key) }
      if isLoss { page.losses.append(found.key) }
    }
  }

  /// `a real number c`, `numbers a, b`
  mutating func noteReal(
    _ part: Int, _ block: Int, _ sentence: Int, at statement: Int, in workspace: inout Workspace
  ) {
    let isLocal = manuscript.blocks[block].sentences[sentence].isConditional
    for found in names(part, block, sentence, ofEntries: false, in: &workspace)
    where !page.declarations.contains(where: { $0.key == found.key && $0.shape != nil }) {
      // Of a loss it is known already.
      if isLossName(found.key) {
        if !page.scalars.contains(found.key) { page.scalars.append(found.key) }
        continue
      }
      page.declarations.append(
        declaration(
          found.key, .scalar, [], isLocal: isLocal, part, block, sentence, at: statement))
      remember(found.key)
    }
  }
}
