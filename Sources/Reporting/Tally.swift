import Checking
import Documents

/// How the statements of some documents came out, and what that means for whoever called.
package struct Tally: Hashable, Sendable {
  /// The exit statuses of a check, the worst last.
  package enum Outcome: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// Every claim holds or is undecided, or is as expected.
    case holds
    /// A claim is refuted, ill-typed or not understood and not expected to be.
    case fails
    /// A document that another one needs cannot be read, or is no text.
    case unreadable
    /// The two witnesses contradict each other.
    case contradicts

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
  }

  package private(set) var claims = 0
  package private(set) var statements = 0
  /// Of claims, in the order of `Verdict.allCases`.
  package private(set) var counts = [Int](repeating: 0, count: Verdict.allCases.count)
  package private(set) var expected = 0
  package private(set) var unexpected = 0
  package private(set) var problems = 0
  package private(set) var outcome = Outcome.holds

  /// - Parameter isStrict: what is undecided fails too.
  package init(_ reports: [DocumentReport], isStrict: Bool = false) {
    for report in reports {
      for finding in report.findings where !finding.statement.isHidden {
        count(finding, isStrict: isStrict)
      }
      for problem in report.problems {
        problems += 1
        let isUnreadable = problem.code == .givenNotFound || problem.code == .notText
        outcome = max(outcome, isUnreadable ? .unreadable : .fails)
      }
      if report.contradicts { outcome = .contradicts }
    }
  }

  private mutating func count(_ finding: Finding, isStrict: Bool) {
    statements += 1
    if finding.statement.role == .claim {
      claims += 1
      if let verdict = finding.verdict, let at = Verdict.allCases.firstIndex(of: verdict) {
        counts[at] += 1
      }
    }
    switch finding.asExpected {
    case true?: expected += 1
    case false?:
      unexpected += 1
      outcome = max(outcome, .fails)
    case nil:
      guard let verdict = finding.verdict else { return }
      let isFailing = verdict.isRejected || verdict == .notUnderstood
      if isFailing || isStrict && verdict == .undecided { outcome = max(outcome, .fails) }
    }
  }

  package subscript(verdict: Verdict) -> Int {
    guard let at = Verdict.allCases.firstIndex(of: verdict) else { return 0 }
    return counts[at]
  }

  package var accepted: Int {
    Verdict.allCases.filter { $0.isAccepted }.reduce(0) { $0 + self[$1] }
  }

  /// `12 claims: 10 proved, 1 refuted, 1 undecided; 3 as expected.`
  package var text: String {
    let named = Verdict.allCases.filter { self[$0] > 0 }.map { "\(self[$0]) \($0.rawValue)" }
    var text = Figures.count(claims, "claim")
    if !named.isEmpty { text += ": " + named.joined(separator: ", ") }
    var notes: [String] = []
    if expected > 0 { notes.append("\(expected) as expected") }
    if unexpected > 0 { notes.append("\(unexpected) not as expected") }
    if problems > 0 { notes.append(Figures.count(problems, "problem")) }
    if !notes.isEmpty { text += "; " + notes.joined(separator: ", ") }
    return text
  }
}
