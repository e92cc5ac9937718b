import Documents
import Expressions
import Notation

/// A term that the written sum lacks: what is left of the difference.
extension RepairSearch {
  /// What is left of the difference, if everything that is written belongs to the truth: then the
  /// terms of both sides, written out at some times, count up.
  func droppedTerm(
    _ ground: Ground, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found? {
    let base = ground.variant
    guard judged.mismatch == nil, judged.claim.sign == .equal,
      let hearing = try? judge.evaluate(base, statement, in: &workspace).hearing,
      hearing.verdict == .refuted, let difference = hearing.remainder, hearing.sample != nil
    else { return nil }
    let writesPowers = [base.left, base.right].contains { workspace.holds(.power, in: $0) }
    let remainder = writesPowers ? workspace.gatheringPowers(in: difference) : difference
    // What takes a written term away adds none.
    let written = workspace.terms(of: base.right)
    var isNegative = true
    for term in workspace.terms(of: remainder) {
      if case .negative(let operand) = workspace[term] {
        if written.contains(operand) { return nil }
      } else {
        isNegative = false
      }
    }
    guard isSayable(remainder, beside: base, in: workspace), !isNothing(ground, in: workspace)
    else { return nil }
    var added = remainder
    let right = workspace.adding(&added, to: base.right)
    return Found(
      edit: Edit(
        side: .right, path: Path(), old: base.right, new: right, slip: .droppedTerm,
        weight: 36 + min(40, workspace.treeSize(remainder) / 4)
          + (workspace.multipliesSteps(remainder) ? 20 : 0) + (isNegative ? 15 : 0), added: added),
      left: base.left, right: right, base: (base.left, base.right), remainder: remainder)
  }

  /// Whether a factor makes all that is written on the right vanish: then all would be missing.
  func isNothing(_ ground: Ground, in workspace: borrowing Workspace) -> Bool {
    var body = ground.variant.right
    while case .timeSum(_, _, _, let inner) = workspace[body] { body = inner }
    if case .sum = workspace[body] { return false }
    return ground.idleness.vanishing(in: body, workspace) != nil
  }

  /// Whether a term is about as long as what the line writes, and multiplies steps only if it does.
  func isSayable(
    _ term: Expression, beside base: Variant, in workspace: borrowing Workspace
  ) -> Bool {
    let sides = [base.left, base.right]
    return workspace.treeSize(term) <= 40 + sides.reduce(0) { $0 + workspace.treeSize($1) }
      && (!workspace.multipliesSteps(term) || sides.contains { workspace.multipliesSteps($0) })
      && !workspace.holds(.iverson, in: term)
  }

  /// A dropped term `P X S` beside `P Y S` within that term: `P (Y + X) S`.
  func gathered(
    _ found: Found, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found {
    guard let added = found.edit.added, found.edit.side == .right, found.edit.path.steps.isEmpty,
      case .product(let new) = workspace[added], case .sum(let terms) = workspace[found.right],
      workspace.derivatives(in: added).isEmpty
    else { return found }
    var best: (place: Int, factor: Int, rest: Range<Int>, shared: Int)?
    for (place, term) in terms.enumerated() where term != added {
      guard case .product(let own) = workspace[term] else { continue }
      let before = zip(own, new).prefix { $0 == $1 }.count
      let after = zip(own.reversed(), new.reversed()).prefix { $0 == $1 }.count
      guard before + after == own.count - 1, before + after < new.count,
        before + after > best?.shared ?? 0
      else { continue }
      best = (place, before, before..<(new.count - after), before + after)
    }
    guard let best, case .product(var factors) = workspace[terms[best.place]] else { return found }
    let old = factors[best.factor]
    let beside = workspace.product(Array(new[best.rest]))
    guard let shape = try? workspace.shape(of: old), shape == (try? workspace.shape(of: beside))
    else { return found }
    factors[best.factor] = workspace.expression(.sum(workspace.terms(of: old) + [beside]))
    var rest = terms
    rest[best.place] = workspace.product(factors)
    guard let last = rest.lastIndex(of: added) else { return found }
    rest.remove(at: last)
    var result = found
    result.right = workspace.sum(rest)
    guard workspace.treeSize(result.right) < workspace.treeSize(found.right) else { return found }
    var path = Path([best.place, best.factor])
    if rest.count == 1 { path = Path([best.factor]) }
    result.edit = Edit(
      side: .right, path: path, old: old, new: factors[best.factor], slip: .droppedTerm,
      weight: found.edit.weight)
    return result
  }

  /// Whether the dropped terms count up, and the sum with them holds.
  func confirms(
    _ dropped: Found, _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Bool {
    guard let sample = try? judge.evaluate(base, statement, in: &workspace).hearing.sample,
      judge.onlyMissesTerms(base, near: sample, in: &workspace)
    else { return false }
    var variant = base
    variant.right = dropped.right
    return judge.accepting(variant, statement, in: &workspace) != nil
  }
}

extension Workspace {
  /// B² A for B B A.
  fileprivate mutating func gatheringPowers(in root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .product(let factors) = workspace[expression] else { return nil }
      var runs: [(factor: Expression, count: Int)] = []
      for factor in factors {
        if let last = runs.last, last.factor == factor {
          runs[runs.count - 1].count += 1
        } else {
          runs.append((factor, 1))
        }
      }
      if runs.count == factors.count { return nil }
      var powers: [Expression] = []
      for run in runs {
        let exponent = workspace.number(run.count)
        powers.append(
          run.count == 1 ? run.factor : workspace.expression(.power(run.factor, exponent)))
      }
      return workspace.product(powers)
    }
  }

  /// A sum; of two tables of entries the table of the sums.
  mutating func adding(
    _ term: inout Expression, to root: Expression
  ) -> Expression {
    guard case .tabulate(let labels, let body) = self[root],
      case .tabulate(let own, var added) = self[term], own.count == labels.count
    else {
      return expression(.sum(terms(of: root) + terms(of: term)))
    }
    for (old, new) in zip(own, labels) where old != new {
      added = substituting(old, by: .label(new), in: added)
    }
    let terms = terms(of: body) + [added]
    term = added
    return expression(.tabulate(labels, expression(.sum(terms))))
  }

  /// The terms of a sum, or the one that it is.
  func terms(of root: Expression) -> [Expression] {
    if case .sum(let terms) = self[root] { return terms }
    return [root]
  }

  /// Whether a product over steps is written out: nothing that a person would add.
  func multipliesSteps(_ root: Expression) -> Bool {
    holds([.timeProduct, .pathProduct], in: root)
  }
}
