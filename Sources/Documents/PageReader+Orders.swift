import Notation

/// Orders between steps, `k < t`, and of which claims they are said.
extension PageReader {
  /// Notes an order; behind what its sentence claims it is said of that: `… = 0 for k > t`.
  mutating func noteOrder(_ formula: Formula, _ statement: Statement, _ cue: Cue?) {
    let isSaidBehind =
      (isPassing || cue == .where || cue == .with) && giveBack(formula, statement)
    page.orders.append(
      (formula, statement.index, statement.block, isPassing || isSaidBehind))
  }

  /// `for t = 1 and t = 2`: what is said of several steps in turn is supposed of none.
  mutating func leaveStepsOpen(_ statement: inout Statement) {
    guard statement.role == .assumption, fixesInteger(statement),
      let last = page.statements.last, last.role == .assumption || last.role == .declaration,
      last.sentence == statement.sentence, last.block == statement.block, last.sign == .equal,
      last.left.spelled == statement.left.spelled, last.right.spelled != statement.right.spelled
    else { return }
    statement.role = .declaration
    page.statements[last.index].role = .declaration
  }

  /// Gives a condition to the claims that stand right before it in its sentence, unless one stands
  /// before them already.
  private mutating func giveBack(_ condition: Formula, _ statement: Statement) -> Bool {
    func isHere(_ i: Int) -> Bool {
      page.statements[i].block == statement.block
        && page.statements[i].sentence == statement.sentence
    }
    // `1 ≤ k ≤ t` is two orders, each behind the claim.
    let own = page.statements.indices.reversed()
      .drop { i in isHere(i) && page.orders.contains { $0.statement == i } }
      .prefix { i in isHere(i) && page.statements[i].role == .claim }
    guard let first = own.last, let steps = condition.orderedLetters else {
      return false
    }
    // Not so one that is itself said of a claim before it.
    let isTaken = page.orders.contains { order in
      order.statement < first && isHere(order.statement) && order.formula.orderedLetters == steps
        && !page.statements[..<order.statement].contains { claim in
          isHere(claim.index) && claim.conditions.contains(order.formula)
        }
    }
    if isTaken { return false }
    for i in own { page.statements[i].conditions.append(condition) }
    return true
  }
}

extension Formula {
  /// The letters that a chain of orders between steps compares; nil where it is none.
  package var orderedLetters: Set<String>? {
    guard case .relations(let first, let members) = kind else { return nil }
    var letters: Set<String> = []
    for side in [first] + members.map({ $0.formula }) {
      guard let affine = AffineLetters(side) else { return nil }
      letters.formUnion(affine.terms.map { $0.letter })
    }
    return letters
  }
}
