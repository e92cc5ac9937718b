import Expressions

/// Which derivatives say nothing: of a node by itself, or by one that it does not depend on, at all
/// times or at most of those that a sum runs over.
struct Idleness {
  private let model: Model
  /// Whether equations read later times, so that no order of times tells what depends on what.
  private let looksAhead: Bool
  /// The derivatives that each side holds as it stands.
  private let known: [(side: Expression, derivatives: [[Expression]])]

  init(_ relation: Variant, _ model: Model, in workspace: borrowing Workspace) {
    self.model = model
    var looksAhead = false
    for definition in model.definitions {
      guard let formal = definition.time else { continue }
      for variable in workspace.variables(in: definition.body) {
        if let offset = variable.time.flatMap({ ($0 - Time(formal)).literal }), offset > 0 {
          looksAhead = true
        }
      }
    }
    self.looksAhead = looksAhead
    var known: [(side: Expression, derivatives: [[Expression]])] = []
    for side in [relation.left, relation.right] {
      known.append((side, workspace.derivatives(in: side).map { [$0.of, $0.by] }))
    }
    self.known = known
  }

  /// Whether a side newly holds such a derivative.
  func holds(
    _ side: Expression, before: Expression, in workspace: borrowing Workspace
  ) -> Bool {
    if side == before || looksAhead { return false }
    let known = known.first { $0.side == before }?.derivatives ?? []
    for written in workspace.derivatives(in: side)
    where !known.contains([written.of, written.by]) {
      guard let above = workspace.node(in: written.of), let below = workspace.node(in: written.by)
      else { continue }
      if above == below { return true }
      let isComparable: Bool
      if let a = above.time, let b = below.time {
        isComparable = (a - b).literal != nil
        if !isComparable, isNeverPositive(a - b, in: side, workspace) { return true }
      } else {
        isComparable = below.time == nil && below.copy == nil
      }
      if isComparable,
        !ChainTerms(from: below, to: above, in: model, workspace)
          .reaches(isDirect: written.intervention.mode == .immediate)
      {
        return true
      }
    }
    return false
  }

  /// Whether a number of steps is never more than zero, whatever the times of the sums and products
  /// around it, and not always zero.
  private func isNeverPositive(
    _ steps: Time, in side: Expression, _ workspace: borrowing Workspace
  ) -> Bool {
    var most = steps
    workspace.visit(side) { _, node in
      switch node {
      case .timeSum(let step, let from, let through, _),
        .timeProduct(let step, let from, let through, _, _):
        let coefficient = most.coefficient(of: step)
        if coefficient == 0 { return }
        most = most.substituting(step, by: coefficient > 0 ? through : from)
      default: break
      }
    }
    return most.constant <= 0 && most.terms.allSatisfy { $0.coefficient < 0 }
  }
}

extension Workspace {
  /// The node that is written, perhaps as its transpose.
  fileprivate func node(in expression: Expression) -> Variable? {
    switch self[expression] {
    case .variable(let variable): return variable
    case .transpose(let operand): return node(in: operand)
    default: return nil
    }
  }
}
