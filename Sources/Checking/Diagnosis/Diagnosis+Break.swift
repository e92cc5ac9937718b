import Documents
import Expressions
import Notation

/// Formulas that break off.
extension Finding {
  /// A sum that breaks off says nothing of what is lost. But where a product before the break does not
  /// link, `∂a/∂b ∂c/∂d`, and with that mended what stands there is the whole of the other side, it is
  /// wrong whatever followed.
  mutating func judgeBreak(_ judge: inout DocumentJudge, in workspace: inout Workspace) {
    guard let part = statement.unbroken else { return }
    var whole = statement
    (whole.right, whole.problem) = (part, nil)
    guard let judged = judge.unbrokenResult(whole, in: &workspace),
      judged.hearing.verdict == .refuted
    else { return }
    var other = Finding(statement: whole)
    other.take(judged, judge, in: &workspace)
    other.diagnose(judged, &judge, in: &workspace)
    guard other.verdict == .refuted, let mend = other.mend, let new = mend.new,
      workspace.gaps(in: mend.right) < workspace.gaps(in: judged.right)
    else { return }
    other.statement = statement
    other.message = Message([
      .words("The formula breaks off. With "), .maths(new),
      .words(" in the place of what does not link, what stands before is all of "),
      .maths(judged.left), .words("; as it is written it is not, whatever followed."),
    ])
    self = other
  }
}

extension Workspace {
  /// How often derivatives stand side by side in a product without a node in common.
  func gaps(in root: Expression) -> Int {
    var count = 0
    visit(root) { _, node in
      guard case .product(let factors) = node else { return }
      for (first, second) in zip(factors, factors.dropFirst()) {
        if case .derivative(let a, let b, _) = self[first],
          case .derivative(let c, let d, _) = self[second], b != c, a != d
        {
          count += 1
        }
      }
    }
    return count
  }
}
