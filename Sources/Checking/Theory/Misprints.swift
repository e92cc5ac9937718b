import Documents
import Expressions

extension Page {
  /// Puts a doubled parameter right, if the claims say in which of the two places it is wrong: with one
  /// mend hold all that hold with the other or as printed, and two more.
  /// - Parameter judge: of the page as it is.
  mutating func mendMisprint(
    _ source: Source, _ manuscript: Manuscript, given: Page?, _ judge: inout DocumentJudge,
    in workspace: inout Workspace
  ) {
    var best: DocumentJudge?
    var bestPage = self
    var most = judge.acceptedStatements
    var others: [Set<Int>] = []
    for misprint in misprints {
      let page = Page(
        reading: source, manuscript, given: given, mending: misprint, in: &workspace)
      guard page.statements.count == statements.count else { return }
      let trial = DocumentJudge.judging(page, in: &workspace)
      var accepted = trial.acceptedStatements
      if accepted.count > most.count {
        swap(&accepted, &most)
        bestPage = page
        best = consume trial
      }
      others.append(accepted)
    }
    let isBest = others.allSatisfy { most.isSuperset(of: $0) && most.count >= $0.count + 2 }
    guard isBest, let best else { return }
    self = bestPage
    judge = best
  }
}
