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
    if side == before { return false }
    let known = known.first { $0.side == before }?.derivatives ?? []
    for written in workspace.derivatives(in: side)
    where !known.contains([written.of, written.by]) {
      guard let above = workspace.node(in: written.of), let below = workspace.node(in: written.by)
      else { continue }
      if !looksAhead, above == below { return true }
      if vanishes(above, below, written.intervention, in: side, workspace) { return true }
    }
    return false
  }

  /// The first derivative of a side that is always 0: of a node by another that no equations lead
  /// from.
  func vanishing(in side: Expression, _ workspace: borrowing Workspace) -> Expression? {
    for written in workspace.derivatives(in: side) {
      guard let above = workspace.node(in: written.of), let below = workspace.node(in: written.by),
        above != below,
        below.time != nil || !reads(above.symbol, below.symbol, workspace)
      else { continue }
      if vanishes(above, below, written.intervention, in: side, workspace) { return written.node }
    }
    return nil
  }

  private func vanishes(
    _ above: Variable, _ below: Variable, _ intervention: Intervention, in side: Expression,
    _ workspace: borrowing Workspace
  ) -> Bool {
    if above.symbol != below.symbol, !reads(above.symbol, below.symbol, workspace) { return true }
    if looksAhead { return false }
    let isComparable: Bool
    if let a = above.time, let b = below.time {
      isComparable = (a - b).literal != nil
      if !isComparable, isNeverPositive(a - b, in: side, workspace) { return true }
    } else {
      isComparable = below.time == nil && below.copy == nil
    }
    // By a parameter the immediate partial goes through all names of its step.
    return isComparable
      && !ChainTerms(from: below, to: above, in: model, workspace)
        .reaches(isDirect: intervention.mode == .immediate && below.time != nil)
  }

  /// Whether some chain of equations leads from one symbol to another, whatever the times.
  private func reads(
    _ result: Symbol, _ argument: Symbol, _ workspace: borrowing Workspace
  ) -> Bool {
    var reached = [result]
    var next = 0
    while next < reached.count {
      for definition in model.definitions where definition.symbol == reached[next] {
        for variable in workspace.variables(in: definition.body)
        where !reached.contains(variable.symbol) {
          reached.append(variable.symbol)
        }
      }
      next += 1
    }
    return reached.contains(argument)
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
