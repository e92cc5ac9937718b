import Documents
import Expressions
import Notation

/// Claims of two entries where they are one, `i = j`, or where they are not, `i ≠ j`.
extension Judge {
  /// The claim with one letter for two that a condition calls equal.
  func merging(
    _ claim: Claim, _ conditions: [Formula], in workspace: inout Workspace
  ) -> Claim {
    var claim = claim
    for condition in conditions {
      guard let (kept, other) = pair(condition, .equal, claim, in: workspace) else { continue }
      claim.left.expression = workspace.substituting(
        other, by: .label(kept), in: claim.left.expression)
      claim.right.expression = workspace.substituting(
        other, by: .label(kept), in: claim.right.expression)
      claim.left.children = []
      claim.right.children = []
      claim.freeLabels.removeAll { $0 == other }
    }
    return claim
  }

  /// What a claim comes to in the case that it is of; open if the page may have left that case.
  mutating func inCase(
    _ literal: Judged, _ claim: Claim, _ statement: Statement, in workspace: inout Workspace
  ) -> Judged? {
    guard claim.sign == .equal else { return nil }
    if let judged = apart(
      claim, statement.conditions + statement.cases, statement, in: &workspace)
    {
      return judged
    }
    if statement.perhapsCases.isEmpty { return nil }
    let merged = merging(claim, statement.perhapsCases, in: &workspace)
    let isMerged =
      merged.left.expression != claim.left.expression
      || merged.right.expression != claim.right.expression
    guard
      isMerged && accepting(base(merged), statement, in: &workspace) != nil
        || apart(merged, statement.perhapsCases, statement, in: &workspace) != nil
    else { return nil }
    var open = literal
    open.hearing = Hearing(verdict: .undecided, code: .undecided)
    return open
  }

  /// `for i ≠ j`: what is said of two entries need not hold where they are one.
  private mutating func apart(
    _ claim: Claim, _ conditions: [Formula], _ statement: Statement,
    in workspace: inout Workspace
  ) -> Judged? {
    var variant = base(claim)
    for condition in conditions {
      guard let pair = pair(condition, .notEqual, claim, in: workspace) else { continue }
      let one = workspace.number(1)
      let same = workspace.expression(.delta(.label(pair.0), .label(pair.1)))
      let factor = workspace.expression(.sum([one, workspace.expression(.negative(same))]))
      if !workspace.isZero(variant.left) {
        variant.left = workspace.expression(.product([factor, variant.left]))
      }
      if !workspace.isZero(variant.right) {
        variant.right = workspace.expression(.product([factor, variant.right]))
      }
    }
    if variant.left == claim.left.expression { return nil }
    return accepting(variant, statement, in: &workspace)
  }

  /// The entries of a claim that a condition compares.
  private func pair(
    _ condition: Formula, _ sign: Formula.RelationSign, _ claim: Claim,
    in workspace: borrowing Workspace
  ) -> (IndexSymbol, IndexSymbol)? {
    func label(_ formula: Formula) -> IndexSymbol? {
      guard let letter = formula.identifier, letter.isPlain(letter.name) else { return nil }
      let name = theory.page.notation.written(letter.name)
      return claim.freeLabels.first { workspace[$0].name == name }
    }
    guard case .relations(let left, let members) = condition.kind, members.count == 1,
      members[0].sign == sign, let first = label(left), let second = label(members[0].formula),
      first != second
    else { return nil }
    return (first, second)
  }
}
