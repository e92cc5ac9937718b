import Expressions

/// What is known of the free times: each of `facts` is ≥ 0.
struct TimeKnowledge {
  var facts: [Time] = []
  /// Before every step that is spoken of.
  var start: TimeSymbol?
  /// After every step that is spoken of.
  var end: TimeSymbol?

  /// Whether `time` ≥ 0 follows by adding up facts. Exponential in a small fixed depth only.
  func implies(_ time: Time) -> Bool { implies(time, depth: 5) }

  private func implies(_ time: Time, depth: Int) -> Bool {
    if let literal = time.literal { return literal >= 0 }
    if let start {
      let coefficient = time.coefficient(of: start)
      if coefficient != 0 { return coefficient < 0 }
    }
    if let end {
      let coefficient = time.coefficient(of: end)
      if coefficient != 0 { return coefficient > 0 }
    }
    if depth == 0 { return false }
    let lead = time.terms[0]
    for fact in facts {
      let coefficient = fact.coefficient(of: lead.symbol)
      if coefficient != 0, (coefficient > 0) == (lead.coefficient > 0),
        implies(time - fact, depth: depth - 1)
      {
        return true
      }
    }
    return false
  }

  /// The order of two times, as far as it is known.
  func isNonnegative(_ time: Time) -> Decision {
    if implies(time) { return .yes }
    if implies(time.scaled(by: -1) - 1) { return .no }
    return .open
  }

  func areEqual(_ lhs: Time, _ rhs: Time) -> Decision {
    let difference = lhs - rhs
    if let literal = difference.literal { return literal == 0 ? .yes : .no }
    if implies(difference - 1) || implies(difference.scaled(by: -1) - 1) { return .no }
    if implies(difference), implies(difference.scaled(by: -1)) { return .yes }
    return .open
  }
}

enum Decision { case yes, no, open }

extension Differentiation {
  /// A sum over times, term by term, with conditions on the bound time taken into its ends where
  /// the order of the ends is known.
  func narrowedSum(
    _ time: TimeSymbol, _ from: Time, _ through: Time, _ body: Expression?,
    _ workspace: inout Workspace
  ) -> Expression? {
    guard let body else { return nil }
    if case .sum(let terms) = workspace[body] {
      var new: [Expression?] = []
      for term in terms { new.append(narrowedSum(time, from, through, term, &workspace)) }
      return workspace.plus(new)
    }
    if case .negative(let operand) = workspace[body] {
      return workspace.minus(narrowedSum(time, from, through, operand, &workspace))
    }
    var (conditions, inner) = split(body, &workspace)
    var ends = (from: from, through: through)
    var outer: [Time] = []
    for condition in conditions.list {
      switch condition.coefficient(of: time) {
      case 0: outer.append(condition)
      case 1:
        // time ≥ bound
        let bound = Time(time) - condition
        if knowledge.implies(ends.from - bound) { break }
        if knowledge.implies(bound - ends.from), knowledge.implies(ends.through + 1 - bound) {
          ends.from = bound
        } else {
          conditions.kept.append(condition)
        }
      case -1:
        // time ≤ bound
        let bound = Time(time) + condition
        if knowledge.implies(bound - ends.through) { break }
        if knowledge.implies(ends.through - bound), knowledge.implies(bound + 1 - ends.from) {
          ends.through = bound
        } else {
          conditions.kept.append(condition)
        }
      default: conditions.kept.append(condition)
      }
    }
    if let length = (ends.through - ends.from).literal, length < 0 { return nil }
    inner = workspace.guarded(inner, by: conditions.kept) ?? inner
    let sum = workspace.expression(
      .timeSum(time, from: ends.from, through: ends.through, inner))
    return workspace.guarded(sum, by: outer)
  }

  /// The leading conditions of a product, and the rest of it.
  private func split(
    _ body: Expression, _ workspace: inout Workspace
  ) -> ((list: [Time], kept: [Time]), Expression) {
    var list: [Time] = []
    guard case .product(let factors) = workspace[body] else { return ((list, []), body) }
    var rest: [Expression] = []
    for factor in factors {
      if case .iverson(let conditions) = workspace[factor] {
        list += conditions
      } else {
        rest.append(factor)
      }
    }
    return ((list, []), workspace.product(rest))
  }
}
