import Expressions
import Notation

/// Where recurrences begin that run towards the past: `\beta_T = \mathbf 1` beside `\beta_t = A \beta_{t+1}`.
extension PageReader {
  /// Whether an equation gives the value at the last step of what the page computes from later steps; the first
  /// that does, where no word claims it.
  func givesLastValue(
    _ statement: Statement, _ key: NameKey?, _ variable: Variable?, _ rightKeys: [NameKey],
    _ cue: Cue?, in workspace: borrowing Workspace
  ) -> Bool {
    guard statement.sign == .equal, stanceHere == .asserted, cue != .claim, let key, key.isFamily,
      !rightKeys.contains(key), let time = variable?.time.map({ affine($0, in: workspace) }),
      isBehindAll(time),
      !page.notation.gradients.contains(where: { $0.key == key })
    else { return false }
    let isTold = page.statements.contains {
      $0.role == .assumption && $0.section == boundary && $0.names.contains(key)
        && $0.left.spelled == statement.left.spelled
    }
    return !isTold && page.surveyed.contains { runsBackwards(key.name, in: $0) }
  }

  /// `T`, `T + 1`: a capital letter, by custom of the last step.
  private func isBehindAll(_ time: AffineLetters) -> Bool {
    guard let letter = time.soleLetter, time.constant == 0 || time.constant == 1 else {
      return false
    }
    return letter.utf8.count == 1 && letter.utf8.first.map { isUppercase($0) } ?? false
  }

  /// Whether a formula computes a family from its own later steps.
  private func runsBackwards(_ name: String, in formula: Formula) -> Bool {
    Lexicon.relationsIn(formula).contains { relation in
      guard case .relations(let left, let members) = relation.kind,
        members[0].sign == .equal || members[0].sign == .defines, let own = step(of: name, left),
        let letter = own.soleLetter
      else { return false }
      var reads = false
      members[0].formula.visit { part in
        guard let other = step(of: name, part), other.soleLetter == letter else { return }
        reads = reads || other.constant > own.constant
      }
      return reads
    }
  }

  private func step(of name: String, _ formula: Formula) -> AffineLetters? {
    guard case .scripts(let base, let below, let above, 0) = formula.kind,
      base.identifier?.latex == name
    else { return nil }
    return [below, above].compactMap { $0.flatMap { AffineLetters($0.unfenced) } }.first
  }
}
