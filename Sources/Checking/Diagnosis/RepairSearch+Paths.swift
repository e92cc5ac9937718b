import Documents
import Expressions
import Notation

/// Paths of the chain rule that a line leaves out.
extension RepairSearch {
  /// A path of the chain rule that the written sum leaves out, added to it or to one of its blocks.
  func pathEdits(
    _ ground: Ground, _ judge: inout Judge, in workspace: inout Workspace
  ) -> [Edit] {
    guard judged.mismatch == nil, !isNothing(ground, in: workspace) else { return [] }
    let base = ground.variant
    let model = judge.theory[base.setting].model
    var named: [Symbol] = []
    for variable in workspace.variables(in: base.right) where !named.contains(variable.symbol) {
      named.append(variable.symbol)
    }
    let isQuotient =
      workspace.isOfDerivatives(base.right)
      || workspace.derivatives(in: base.right).contains { written in
        (try? workspace.shape(of: written.of))?.isScalar == false
      }
    var edits: [Edit] = []
    func add(_ terms: [Expression], at path: Path, _ root: Expression, _ weight: Int) {
      for term in terms where isSayable(term, beside: base, in: workspace) {
        let longer = workspace.terms(of: root) + [term]
        edits.append(
          Edit(
            side: .right, path: path, old: root, new: workspace.expression(.sum(longer)),
            slip: .droppedTerm, weight: weight, added: term))
      }
    }
    func explicit(_ term: Expression, _ workspace: inout Workspace) -> Expression? {
      judge.simplified(term, judged, in: &workspace).map { workspace.tidied($0) }
    }
    if let own = ownLoss(base.left, model, in: &workspace), !workspace.occurs(own, in: base.right) {
      add([own], at: Path(), base.right, 30)
    }
    if let chain = ChainTerms(of: base.left, in: model, workspace) {
      let terms = chain.terms(named: named, in: &workspace)
      if isQuotient {
        add(terms, at: Path(), base.right, 30)
        add(chain.lastSteps(in: &workspace), at: Path(), base.right, 30)
      }
      if (try? workspace.shape(of: base.left))?.isMatrix != true || chain.isOfScalar(workspace) {
        add(
          chain.firstSteps(in: &workspace, jacobian: explicit), at: Path(), base.right,
          isQuotient ? 32 : 31)
      }
      add(
        terms.prefix(24).compactMap { explicit($0, &workspace) }, at: Path(), base.right,
        isQuotient ? 33 : 31)
    }
    // One block of a matrix of derivatives.
    if case .stack(let rows, let columns, let blocks) = workspace[base.right],
      case .derivative(let above, let below, let intervention) = workspace[base.left],
      case .stack(_, _, let tops) = workspace[above], tops.count == rows,
      case .stack(_, _, let bottoms) = workspace[below], bottoms.count == columns
    {
      for (i, block) in blocks.enumerated() {
        let question = workspace.expression(
          .derivative(
            of: tops[i / columns], by: bottoms[i % columns],
            Intervention(layout: intervention.layout)))
        guard let chain = ChainTerms(of: question, in: model, workspace) else { continue }
        let terms = chain.terms(named: named, in: &workspace)
        add(terms.prefix(24).compactMap { explicit($0, &workspace) }, at: Path([i]), block, 31)
      }
    }
    for bracket in workspace.brackets(of: base.right, within: base.left) {
      guard let chain = ChainTerms(of: bracket.question, in: model, workspace) else { continue }
      let own = chain.terms(named: named, in: &workspace)
      let written = workspace.terms(of: bracket.sum)
      add(own.filter { !written.contains($0) }, at: bracket.path, bracket.sum, 29)
    }
    return edits
  }

  /// A link put right, and a path added to what then links: where a chain of the line has a gap.
  func linkAndPath(
    _ ground: Ground, _ effort: inout Effort, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found? {
    let base = ground.variant
    guard judged.mismatch == nil, ground.gaps > 0 else { return nil }
    for link in edits(ground, &judge, in: &workspace)
    where link.side == .right && link.added == nil
      && (link.slip == .wrongSymbol || link.slip == .offByOneIndex)
    {
      var linked = ground
      linked.variant.right = workspace.replacing(at: link.path, in: base.right, by: link.new)
      guard workspace.gaps(in: linked.variant.right) < ground.gaps else { continue }
      let paths = pathEdits(linked, &judge, in: &workspace).enumerated()
        .sorted { ($0.element.weight, $0.offset) < ($1.element.weight, $1.offset) }
      for (_, path) in paths {
        if effort.isSpent(judge) { return nil }
        guard var found = tried(path, linked, &effort, &judge, in: &workspace) else { continue }
        found.base = (base.left, base.right)
        let quotient = Path(link.path.steps.dropLast())
        if let old = workspace.subexpression(of: base.right, at: quotient),
          let new = workspace.subexpression(of: linked.variant.right, at: quotient)
        {
          found.link = (old, new)
        }
        return found
      }
    }
    return nil
  }
}

extension Workspace {
  /// A sum within a chain of derivatives, and the derivative that its terms are to come to.
  fileprivate typealias Bracket = (path: Path, sum: Expression, question: Expression)

  /// The sums within products of derivatives, inner ones first: what stands between `∂a/∂b` and `∂c/∂d` is `∂b/∂c`.
  fileprivate mutating func brackets(
    of root: Expression, within question: Expression
  ) -> [Bracket] {
    var found: [Bracket] = []
    let ends = differentiated(question)
    walk(root, Path(), from: ends?.by, to: ends?.of, &found)
    return found.reversed()
  }

  private mutating func walk(
    _ root: Expression, _ path: Path, from node: Expression?, to result: Expression?,
    _ found: inout [Bracket]
  ) {
    switch self[root] {
    case .sum(let terms):
      if let node, let result, node != result, !path.steps.isEmpty {
        found.append((path, root, expression(.derivative(of: result, by: node, Intervention()))))
      }
      for (i, term) in terms.enumerated() {
        walk(term, path.appending(i), from: node, to: result, &found)
      }
    case .product(let factors):
      for (i, factor) in factors.enumerated() {
        let (isFirst, isLast) = (i == factors.startIndex, i == factors.endIndex - 1)
        walk(
          factor, path.appending(i), from: isLast ? node : differentiated(factors[i + 1])?.of,
          to: isFirst ? result : differentiated(factors[i - 1])?.by, &found)
      }
    default: break
    }
  }

  private func differentiated(_ root: Expression) -> (of: Expression, by: Expression)? {
    guard case .derivative(let above, let below, let intervention) = self[root],
      intervention.layout == .numerator
    else { return nil }
    return (above, below)
  }

  /// Whether nothing but derivatives is added and multiplied.
  fileprivate func isOfDerivatives(_ root: Expression) -> Bool {
    switch self[root] {
    case .derivative: return true
    case .sum(let operands), .product(let operands):
      return operands.allSatisfy { isOfDerivatives($0) }
    case .transpose(let operand), .negative(let operand): return isOfDerivatives(operand)
    default: return false
    }
  }

  /// Without the conditions on times that factors of products are, and without brackets that group
  /// nothing.
  mutating func tidied(_ root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      switch workspace[expression] {
      case .entry(let inner, let places):
        // `f'(z_i)` for `(f'(z))_i`
        guard case .apply = workspace[inner] else { return nil }
        return workspace.entry(of: inner, at: places)
      case .product(let factors):
        var rest: [Expression] = []
        for factor in factors {
          if case .iverson = workspace[factor] { continue }
          rest.append(factor)
        }
        return rest.count == factors.count ? nil : workspace.product(rest)
      case .hadamard(let factors):
        var flat: [Expression] = []
        for factor in factors {
          if case .hadamard(let inner) = workspace[factor], inner[0] != inner[1] {
            flat += inner
          } else {
            flat.append(factor)
          }
        }
        return flat.count == factors.count ? nil : workspace.expression(.hadamard(flat))
      default: return nil
      }
    }
  }
}
