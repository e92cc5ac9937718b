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
    return edits
  }
}

extension Workspace {
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
