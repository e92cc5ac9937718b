import Documents
import Expressions
import Notation

/// The step of a proof by induction: what it supposes of step k is put in, after whatever speaks of
/// step k + 1 has been reduced to step k. Both witnesses then hear an ordinary relation.
extension Judge {
  /// The relation under its proof's hypotheses; nil if they do not make it hold.
  ///
  /// A hypothesis serves only lines of chains that speak of a later step: the statement itself
  /// cannot be supposed.
  mutating func inductiveStep(
    _ claim: Claim, _ statement: Statement, in workspace: inout Workspace
  ) throws(Unreadable) -> Judged? {
    guard let proof = statement.proof, claim.sign == .equal else { return nil }
    let base = base(claim)
    for hypothesis in hypotheses(of: proof, before: statement, base, in: &workspace) {
      guard let (symbol, offset) = workspace.latestStep(in: hypothesis.left),
        base.left != hypothesis.left, base.right != hypothesis.left,
        speaks(of: symbol, after: offset, statement, base, in: &workspace),
        !workspace.binds(symbol, in: base.left), !workspace.binds(symbol, in: base.right)
      else { continue }
      let model = theory[claim.setting].model
      var variant = base
      func reduced(_ side: Expression) -> Expression {
        let unfolded = workspace.unfolding(
          symbol, at: offset + 1, of: model, for: claim.domains.first ?? [], in: side)
        return workspace.replacingAll(hypothesis.left, by: hypothesis.right, in: unfolded)
      }
      variant.left = reduced(claim.left.expression)
      variant.right = reduced(claim.right.expression)
      if variant.left == base.left, variant.right == base.right { continue }
      let judged = try evaluate(variant, statement, in: &workspace)
      if judged.hearing.verdict.isAccepted { return judged }
    }
    return nil
  }

  /// What the proof has supposed so far; where it says only for which number, the statement that it
  /// is about.
  private func hypotheses(
    of proof: Int, before statement: Statement, _ variant: Variant,
    in workspace: inout Workspace
  ) -> [(left: Expression, right: Expression)] {
    let supposed = theory.page.statements.filter {
      $0.proof == proof && $0.isHypothesis && $0.index < statement.index
    }
    var found: [(left: Expression, right: Expression)] = []
    for hypothesis in supposed
    where hypothesis.sign == .equal && AffineLetters(hypothesis.left) == nil {
      guard let left = try? elaborated(hypothesis.left, variant, in: &workspace),
        let right = try? elaborated(hypothesis.right, variant, in: &workspace)
      else { continue }
      found.append((left, right))
    }
    if !found.isEmpty { return found }
    for fixing in supposed {
      guard let letter = AffineLetters(fixing.left)?.soleLetter,
        let value = AffineLetters(fixing.right), let goal = goal(of: letter, before: fixing),
        let left = try? elaborated(goal.left, variant, in: &workspace),
        let right = try? elaborated(goal.right, variant, in: &workspace)
      else { continue }
      var elaborator = Elaborator(
        page: theory.page.notation, table: SymbolTable(), layout: .numerator)
      let symbol = elaborator.page.timeSymbol(letter, in: &workspace)
      let time = elaborator.time(value, in: &workspace)
      found.append(
        (
          workspace.substituting(symbol, by: time, in: left),
          workspace.substituting(symbol, by: time, in: right)
        ))
    }
    return found
  }

  /// The nearest equation claimed before, in which the letter occurs.
  private func goal(of letter: String, before fixing: Statement) -> Statement? {
    theory.page.statements.last { other in
      var occurs = false
      other.left.visit { if $0.identifier?.name == letter { occurs = true } }
      return other.index < fixing.index && other.role == .claim && other.sign == .equal && occurs
    }
  }

  /// Whether a line, or its chain, names a step later than the given one.
  private func speaks(
    of symbol: TimeSymbol, after offset: Int, _ statement: Statement, _ variant: Variant,
    in workspace: inout Workspace
  ) -> Bool {
    var sides = [variant.left, variant.right]
    if let head = statement.head,
      let first = try? elaborated(theory.page.statements[head].left, variant, in: &workspace)
    {
      sides.append(first)
    }
    return sides.contains { side in
      workspace.latestStep(in: side).map { $0.symbol == symbol && $0.offset > offset } ?? false
    }
  }
}

extension Workspace {
  /// The free time that stands in an expression, and the largest number added to it; nil if there
  /// is none, or more than one.
  fileprivate func latestStep(in root: Expression) -> (symbol: TimeSymbol, offset: Int)? {
    let free = freeTimes(in: root)
    guard free.count == 1 else { return nil }
    var offset: Int?
    visit(root) { _, node in
      for time in node.ownTimes where time.symbol == free[0] {
        offset = max(offset ?? time.constant, time.constant)
      }
    }
    return offset.map { (free[0], $0) }
  }

  /// Whether a sum or a product runs over the letter.
  fileprivate func binds(_ symbol: TimeSymbol, in root: Expression) -> Bool {
    contains(root) { node in
      switch node {
      case .timeSum(let index, _, _, _), .timeProduct(let index, _, _, _, _):
        return index == symbol
      case .pathProduct(let path): return path.step == symbol
      default: return false
      }
    }
  }

  /// Takes one step off powers, sums, products and states of the step `symbol + offset`.
  fileprivate mutating func unfolding(
    _ symbol: TimeSymbol, at offset: Int, of model: Model, for domain: [Time],
    in root: Expression
  ) -> Expression {
    let step = Time(symbol, plus: offset)
    return rewriting(root) { workspace, expression in
      switch workspace[expression] {
      case .power(let base, let exponent):
        guard workspace[exponent] == .timeValue(step) else { return nil }
        let former = workspace.expression(.timeValue(step - 1))
        return workspace.expression(
          .product([workspace.expression(.power(base, former)), base]))
      case .timeSum(let index, let from, step, let body) where domain.implies(step - from):
        let former = workspace.expression(
          .timeSum(index, from: from, through: step - 1, body))
        let last = workspace.substituting(index, by: step, in: body)
        return workspace.expression(.sum([former, last]))
      case .timeProduct(let index, let from, step, let body, let order)
      where domain.implies(step - from):
        let former = workspace.expression(
          .timeProduct(index, from: from, through: step - 1, body, order))
        let last = workspace.substituting(index, by: step, in: body)
        return workspace.expression(
          .product(order == .ascending ? [former, last] : [last, former]))
      case .variable(let variable):
        guard variable.time == step, variable.copy == nil,
          let definition = model.definition(of: variable.symbol), let formal = definition.time,
          model.instances(of: variable.symbol).allSatisfy({
            $0.instance.map { domain.implies(step - $0 - 1) } ?? true
          }), definition.from.map({ domain.implies(step - $0) }) ?? true,
          definition.through.map({ domain.implies($0 - step) }) ?? true
        else { return nil }
        return workspace.substituting(formal, by: step, in: definition.body)
      default: return nil
      }
    }
  }

  /// Puts an expression in the place of another, also where that is part of a longer product or sum.
  fileprivate mutating func replacingAll(
    _ old: Expression, by new: Expression, in root: Expression
  ) -> Expression {
    func place(_ part: [Expression], in whole: [Expression]) -> Range<Int>? {
      guard part.count > 1, part.count < whole.count else { return nil }
      for start in 0...(whole.count - part.count)
      where Array(whole[start..<(start + part.count)]) == part {
        return start..<(start + part.count)
      }
      return nil
    }
    return rewriting(root) { workspace, expression in
      if expression == old { return new }
      switch (workspace[expression], workspace[old]) {
      case (.product(var whole), .product(let part)):
        guard let range = place(part, in: whole) else { return nil }
        whole.replaceSubrange(range, with: [new])
        return workspace.expression(.product(whole))
      case (.sum(var whole), .sum(let part)):
        guard let range = place(part, in: whole) else { return nil }
        whole.replaceSubrange(range, with: [new])
        return workspace.expression(.sum(whole))
      default: return nil
      }
    }
  }
}
