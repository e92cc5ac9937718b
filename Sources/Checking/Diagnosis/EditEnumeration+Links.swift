import Expressions

/// Links that chains of derivatives lack.
extension EditEnumeration {
  /// The link that a chain of derivatives lacks: ∂b/∂c between ∂a/∂b and ∂c/∂d.
  mutating func linkEdits(
    _ root: Expression, _ factors: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    for i in factors.indices.dropLast() {
      guard case .derivative(let a, let b, let intervention) = workspace[factors[i]],
        case .derivative(let c, let d, _) = workspace[factors[i + 1]]
      else { continue }
      for (above, below) in [(b, c), (d, a)] {
        guard let link = link(above, below, intervention, in: &workspace) else { continue }
        var longer = factors
        longer.insert(link, at: i + 1)
        add(path, root, workspace.product(longer), .missingFactor, 1)
      }
    }
    branchEdits(factors, path, in: &workspace)
  }

  /// The derivative of one node by another.
  private func link(
    _ above: Expression, _ below: Expression, _ intervention: Intervention,
    in workspace: inout Workspace
  ) -> Expression? {
    guard above != below, case .variable(let top) = workspace[above],
      case .variable(let bottom) = workspace[below],
      top.copy == nil, bottom.copy == nil
    else { return nil }
    return workspace.expression(.derivative(of: above, by: below, intervention))
  }

  /// The link that one of several ways between two others lacks: ∂b/∂c in ∂a/∂b (… + ∂c/∂d).
  private mutating func branchEdits(
    _ factors: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    for i in factors.indices {
      guard case .sum(let terms) = workspace[factors[i]] else { continue }
      for (place, term) in terms.enumerated() {
        var ways = [term]
        if case .product(let links) = workspace[term] { ways = links }
        func put(_ upper: Expression, _ lower: Expression, isFirst: Bool) {
          guard case .derivative(_, let above, let intervention) = workspace[upper],
            case .derivative(let below, _, _) = workspace[lower],
            let link = link(above, below, intervention, in: &workspace)
          else { return }
          add(
            path.appending(i).appending(place), term,
            workspace.product(isFirst ? [link] + ways : ways + [link]), .missingFactor, 1)
        }
        if i > factors.startIndex { put(factors[i - 1], ways[0], isFirst: true) }
        if i + 1 < factors.endIndex { put(ways[ways.count - 1], factors[i + 1], isFirst: false) }
      }
    }
  }

  /// The link that a chain of derivatives lacks at one of its ends: ∂a/∂b before ∂b/∂c, where the
  /// line asks for ∂a/∂c.
  mutating func endEdits(
    _ root: Expression, _ factors: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    guard let question, let first = factors.first, let last = factors.last,
      case .derivative(let top, let firstBelow, let intervention) = workspace[first],
      case .derivative(let lastAbove, let bottom, _) = workspace[last]
    else { return }
    func link(
      _ above: Expression, _ below: Expression, _ mode: Intervention.Mode
    ) -> Expression? {
      guard above != below, case .variable(let a) = workspace[above],
        case .variable(let b) = workspace[below], a.copy == nil,
        b.copy == nil || below == question.by
      else { return nil }
      return workspace.expression(
        .derivative(
          of: above, by: below, Intervention(mode: mode, layout: intervention.layout)))
    }
    func put(first new: Expression?) {
      if let new { add(path, root, workspace.product([new] + factors), .missingFactor, 2) }
    }
    func put(last new: Expression?) {
      if let new { add(path, root, workspace.product(factors + [new]), .missingFactor, 2) }
    }
    for result in results(before: top, in: &workspace) { put(first: link(result, top, .total)) }
    for mode in [Intervention.Mode.total, .immediate] where bottom != question.by {
      put(last: link(bottom, question.by, mode))
    }
    guard intervention.layout == .denominator else { return }
    for result in results(before: lastAbove, in: &workspace) {
      put(last: link(result, lastAbove, .total))
    }
    for mode in [Intervention.Mode.total, .immediate] where firstBelow != question.by {
      put(first: link(firstBelow, question.by, mode))
    }
  }

  /// What the line differentiates, or the loss of a node's own step.
  private func results(
    before node: Expression, in workspace: inout Workspace
  ) -> [Expression] {
    guard let question, question.of != node, case .variable(let variable) = workspace[node] else {
      return []
    }
    var results = [question.of]
    guard let time = variable.time, (try? workspace.shape(of: question.of))?.isScalar == true
    else { return results }
    for symbol in symbols
    where workspace[symbol].isFamily && workspace[symbol].shape.isScalar
      && setting.model.computes(symbol)
    {
      results.append(workspace.variable(symbol, at: time))
    }
    return results
  }
}
