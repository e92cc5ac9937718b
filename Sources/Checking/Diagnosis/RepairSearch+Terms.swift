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
    let written = workspace.terms(of: base.right).map { workspace.diagonalProduct($0) }
    var isNegative = true
    for term in workspace.terms(of: remainder) {
      if case .negative(let operand) = workspace[term] {
        if written.contains(workspace.diagonalProduct(operand)) { return nil }
      } else {
        isNegative = false
      }
    }
    guard isSayable(remainder, beside: base, in: workspace), !isNothing(ground, in: workspace)
    else { return nil }
    var added = remainder
    let letters = judged.claim.freeLabels
    let sum = workspace.adding(&added, to: base.right)
    guard let right = workspace.entrywise(sum, like: base.right, writing: letters) else {
      return nil
    }
    if case .tabulate = workspace[base.right],
      let own = workspace.entrywise(added, like: base.right, writing: letters)
    {
      added = workspace.tabulated(own, writing: letters)
    }
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

  /// A dropped term `P X S` beside `P Y S` within that term: `P (Y + X) S`; of sums over the same steps within the sum.
  func gathered(_ found: Found, in workspace: inout Workspace) -> Found {
    guard let added = found.edit.added, found.edit.side == .right, found.edit.path.steps.isEmpty,
      workspace.derivatives(in: added).isEmpty
    else { return found }
    var result = found
    if case .timeSum(let step, let from, let through, let body) = workspace[found.base.right],
      let own = workspace.summand(of: added, from: from, through: through, named: step)
    {
      guard let inner = workspace.gathering(body, own) else {
        let sum = workspace.expression(
          .timeSum(step, from: from, through: through, own.positive))
        let term = own.isNegative ? workspace.expression(.negative(sum)) : sum
        result.right = workspace.expression(.sum([found.base.right, term]))
        result.edit.added = term
        return result
      }
      result.right = workspace.expression(
        .timeSum(step, from: from, through: through, inner.whole))
      result.edit = Edit(
        side: .right, path: Path([0] + inner.path.steps), old: inner.old, new: inner.new,
        slip: .droppedTerm, weight: found.edit.weight)
      return result
    }
    var term = (positive: added, isNegative: false)
    if case .negative(let operand) = workspace[added] { term = (operand, true) }
    guard let inner = workspace.gathering(found.base.right, term) else { return found }
    result.right = inner.whole
    result.edit = Edit(
      side: .right, path: inner.path, old: inner.old, new: inner.new, slip: .droppedTerm,
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
  /// A term without its sign.
  fileprivate typealias Signed = (positive: Expression, isNegative: Bool)

  /// What a sum over the same steps adds up, told of the letter of another.
  fileprivate mutating func summand(
    of root: Expression, from: Time, through: Time, named step: TimeSymbol
  ) -> Signed? {
    if case .negative(let operand) = self[root] {
      return summand(of: operand, from: from, through: through, named: step).map {
        ($0.positive, !$0.isNegative)
      }
    }
    guard case .timeSum(let own, from, through, let body) = self[root] else { return nil }
    if case .negative(let operand) = self[body] {
      return (substituting(own, by: Time(step), in: operand), true)
    }
    return (substituting(own, by: Time(step), in: body), false)
  }

  /// The sum of `P Y S`, among other terms, and `P X S` as `P (Y + X) S`; nil where no term differs from the new one at
  /// one place alone.
  fileprivate mutating func gathering(
    _ root: Expression, _ added: Signed
  ) -> (whole: Expression, path: Path, old: Expression, new: Expression)? {
    let terms = terms(of: root)
    var best: (place: Int, factor: Int, rest: Range<Int>, shared: Int)?
    guard let (new, isMatrix) = factorsOfProduct(added.positive) else {
      return gatheringDiagonals(root, added)
    }
    for (place, term) in terms.enumerated() {
      guard let (own, kind) = factorsOfProduct(term), kind == isMatrix else {
        continue
      }
      let before = zip(own, new).prefix { $0 == $1 }.count
      let after = zip(own.dropFirst(before).reversed(), new.dropFirst(before).reversed())
        .prefix { $0 == $1 }.count
      guard before + after == own.count - 1, before + after < new.count,
        before + after > best?.shared ?? 0
      else { continue }
      best = (place, before, before..<(new.count - after), before + after)
    }
    guard let best, var (factors, _) = factorsOfProduct(terms[best.place]) else { return nil }
    let old = factors[best.factor]
    let rest = Array(new[best.rest])
    var beside = isMatrix ? product(rest) : hadamard(rest)
    if case .tensorFunction(.diag, let first) = self[old],
      case .tensorFunction(.diag, let second) = self[beside],
      let inner = gathering(first, (second, added.isNegative))
    {
      // diag(a ⊙ (x − y)) for diag(a ⊙ x) − diag(a ⊙ y)
      factors[best.factor] = expression(.tensorFunction(.diag, inner.whole))
      var all = terms
      all[best.place] = isMatrix ? product(factors) : hadamard(factors)
      let place = terms.count == 1 ? [best.factor] : [best.place, best.factor]
      return (sum(all), Path(place + [0] + inner.path.steps), inner.old, inner.new)
    }
    guard let shape = try? shape(of: old), shape == (try? self.shape(of: beside)) else {
      return nil
    }
    if added.isNegative { beside = expression(.negative(beside)) }
    factors[best.factor] = expression(.sum(self.terms(of: old) + [beside]))
    var all = terms
    all[best.place] = isMatrix ? product(factors) : hadamard(factors)
    let path = terms.count == 1 ? Path([best.factor]) : Path([best.place, best.factor])
    return (sum(all), path, old, factors[best.factor])
  }

  /// `P (x - y) S` for `P x S - P y S`, where the difference is written somewhere.
  mutating func regathered(_ root: Expression, like sums: [Expression]) -> Expression {
    guard case .sum(var terms) = self[root] else { return root }
    func signed(_ term: Expression) -> Signed {
      if case .negative(let operand) = self[term] { return (operand, true) }
      return (term, false)
    }
    var place = 0
    search: while place < terms.count {
      for other in terms.indices where other != place {
        let (first, second) = (signed(terms[place]), signed(terms[other]))
        let added = (second.positive, second.isNegative != first.isNegative)
        guard let found = gathering(first.positive, added),
          sums.contains(found.new) || isSymmetrized(found.new)
        else { continue }
        terms[place] = first.isNegative ? expression(.negative(found.whole)) : found.whole
        terms.remove(at: other)
        place = 0
        continue search
      }
      place += 1
    }
    return sum(terms)
  }

  private mutating func gatheringDiagonals(
    _ root: Expression, _ added: Signed
  ) -> (whole: Expression, path: Path, old: Expression, new: Expression)? {
    guard case .tensorFunction(.diag, let first) = self[root],
      case .tensorFunction(.diag, let second) = self[added.positive],
      let inner = gathering(first, (second, added.isNegative))
    else { return nil }
    let whole = expression(.tensorFunction(.diag, inner.whole))
    return (whole, Path([0] + inner.path.steps), inner.old, inner.new)
  }

  /// A + Aᵀ
  private mutating func isSymmetrized(_ root: Expression) -> Bool {
    guard case .sum(let terms) = self[root], terms.count == 2 else { return false }
    return turned(terms[0]) == terms[1]
  }

  /// A product of diagonal matrices over steps, which has no order.
  fileprivate mutating func diagonalProduct(_ root: Expression) -> Expression {
    if case .tensorFunction(.diag, let vector) = self[root],
      case .tensorFunction(.diag, let inner) = self[vector], case .timeProduct = self[inner]
    {
      return diagonalProduct(inner)
    }
    guard case .timeProduct(let step, let from, let through, let body, _) = self[root],
      case .tensorFunction(.diag, _) = self[body]
    else { return root }
    let letter = time(named: "i")
    let own = step == letter ? body : substituting(step, by: Time(letter), in: body)
    return expression(.timeProduct(letter, from: from, through: through, own, .descending))
  }

  /// The factors of a product, and whether it is one of matrices.
  private func factorsOfProduct(_ root: Expression) -> ([Expression], isMatrix: Bool)? {
    switch self[root] {
    case .product(let factors): (factors, true)
    case .hadamard(let factors): (factors, false)
    default: nil
    }
  }

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
