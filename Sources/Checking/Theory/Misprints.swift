import Documents
import Expressions

extension Page {
  /// The page with a doubled parameter put right, if its claims say in which of the two places it
  /// is wrong: with one mend hold all that hold with the other or as printed, and two more.
  /// - Parameter printed: the statements that hold as the page is printed.
  func mended(
    _ source: Source, _ manuscript: Manuscript, given: Page?, unlike printed: Set<Int>,
    in workspace: inout Workspace
  ) -> Page? {
    var trials: [(page: Page, accepted: Set<Int>)] = []
    for misprint in misprints {
      let page = Page(
        reading: source, manuscript, given: given, mending: misprint, in: &workspace)
      guard page.statements.count == statements.count else { return nil }
      trials.append((page, DocumentJudge.judging(page, in: &workspace).acceptedStatements))
    }
    for (i, trial) in trials.enumerated() {
      let others = trials.indices.filter { $0 != i }.map { trials[$0].accepted } + [printed]
      let isBest = others.allSatisfy {
        trial.accepted.isSuperset(of: $0) && trial.accepted.count >= $0.count + 2
      }
      if isBest { return trial.page }
    }
    return nil
  }
}
