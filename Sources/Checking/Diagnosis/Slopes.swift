import Documents
import Expressions
import Notation

/// How the slopes of activations are written: by the node, `f \odot (1 - f)`, or with a prime.
extension Judge {
  /// Whether what is found for a line writes slopes by the nodes that the activations make: unless the line writes
  /// primes, or the page does and the line has no `1 - f` of its own.
  func namesSlopes(_ sides: [Expression], in workspace: borrowing Workspace) -> Bool {
    if !theory.page.writesSlopes { return true }
    if sides.contains(where: { workspace.writesPrimes($0) }) { return false }
    return sides.contains { side in
      workspace.contains(side) { node in
        guard case .sum(let terms) = node, terms.count == 2, workspace[terms[0]] == .number(.one),
          case .negative = workspace[terms[1]]
        else { return false }
        return true
      }
    }
  }
}

extension Finding {
  /// Leaves the arguments of slopes out of the mend of a line that leaves them out, where they can be told
  /// nevertheless.
  mutating func elideSlopes(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    guard judged.claim.isElided, let mend else { return }
    let sides = [judged.claim.left.expression, judged.claim.right.expression]
    var known: [Expression] = []
    for side in sides {
      workspace.visit(side, holding: .elided) { expression, node in
        if case .elided = node { known.append(expression) }
      }
    }
    func elided(_ root: Expression, _ workspace: inout Workspace) -> Expression {
      workspace.rewriting(root) { workspace, expression in
        guard case .apply(let function, let derivative, _) = workspace[expression], derivative > 0,
          !sides.contains(where: { workspace.occurs(expression, in: $0) })
        else { return nil }
        let written = known.first {
          guard case .elided(function, derivative, _) = workspace[$0] else { return false }
          return true
        }
        return written
          ?? workspace.expression(.elided(function, derivative: derivative, site: known.count))
      }
    }
    let (left, right) = (elided(mend.left, &workspace), elided(mend.right, &workspace))
    guard left != mend.left || right != mend.right,
      judge.accepts(left, right, for: judged, statement, in: &workspace)
    else { return }
    self.mend?.left = left
    self.mend?.right = right
    guard let new = mend.new else { return }
    let short = elided(new, &workspace)
    self.mend?.new = short
    self.mend?.edit = mend.edit.replacing(new, by: short)
    message = message.replacing(new, by: short)
  }
}

extension Message {
  func replacing(_ old: Expression, by new: Expression) -> Message {
    Message(
      parts.map { part in
        if case .maths(old) = part { return .maths(new) }
        return part
      })
  }
}
