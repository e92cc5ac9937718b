import Documents
import Expressions
import Notation
import Numerics

/// Norm inequalities, proved by what is known of norms.
extension Judge {
  /// Whether the known inequalities bound the smaller side by the larger one, in all cases.
  mutating func isProvedByNorms(
    _ order: Order, _ variant: Variant, _ claim: Claim, in workspace: inout Workspace
  ) -> Bool {
    guard workspace.measures(order.small), !variant.domains.isEmpty else { return false }
    let model = theory[variant.setting].model
    var witness = SymbolicWitness(model: model, premises: claim.assumptions, in: &workspace)
    var (given, _) = knownRanges(claim, in: workspace)
    for premise in claim.assumptions {
      // What a norm does not exceed is not negative.
      guard case .condition(let left, let sign, let right) = premise.content else { continue }
      let isUpper = sign == .less || sign == .lessOrEqual
      let (lesser, greater) = isUpper ? (left, right) : (right, left)
      guard isUpper || sign == .greater || sign == .greaterOrEqual,
        workspace.isMeasure(workspace[lesser]), let variable = workspace.bearer(of: greater)
      else { continue }
      let range = ValueRange(lower: 0, upper: .infinity)
      if let known = given.firstIndex(where: { $0.symbol == variable.symbol }) {
        if given[known].time == nil { given[known].range = given[known].range.intersection(range) }
      } else {
        given.append(RangeAnalysis.Known(variable.symbol, range))
      }
    }
    let step = workspace.time(named: "i")
    return variant.domains.allSatisfy { domain in
      let small = workspace.settlingMeasures(order.small, for: domain, of: model, by: &witness)
      let large = workspace.settlingMeasures(order.large, for: domain, of: model, by: &witness)
      var bounds = NormBounds(
        model: model, given: given, domain: domain,
        kept: Set(workspace.measures(in: large, step)), step: step)
      for premise in claim.assumptions {
        guard case .condition(let left, let sign, let right) = premise.content else { continue }
        let isUpper = sign == .less || sign == .lessOrEqual
        guard isUpper || sign == .greater || sign == .greaterOrEqual else { continue }
        let (lesser, greater) = isUpper ? (left, right) : (right, left)
        let atom = workspace.settlingMeasures(
          lesser, for: domain, of: model, by: &witness)
        guard workspace.measures(atom), let bound = bounds.exact(greater, in: &workspace) else {
          continue
        }
        bounds.note(
          atom, bound, isStrict: sign == .less || sign == .greater,
          isOfAllSteps: premise.isOfAllSteps)
      }
      guard let upper = bounds.upper(small, in: &workspace),
        let exact = bounds.exact(large, in: &workspace)
      else { return false }
      return bounds.isAtMost(upper, exact) && (!order.isStrict || bounds.isBelow(upper, exact))
    }
  }

  /// The order and what is assumed of it with the spectral norm in place of norms of matrices that the
  /// page leaves open; nil where there are none.
  func readingSpectrally(
    _ order: Order, _ claim: Claim, in workspace: inout Workspace
  ) -> (order: Order, claim: Claim)? {
    guard theory.page.notation.matrixNorm == .unspecified else { return nil }
    func spectral(_ root: Expression) -> Expression {
      workspace.rewriting(root) { workspace, expression in
        guard case .tensorFunction(.norm, let operand) = workspace[expression],
          let shape = try? workspace.shape(of: operand), shape.order == 2,
          shape.squeezed.order == 2
        else { return nil }
        return workspace.expression(.tensorFunction(.spectralNorm, operand))
      }
    }
    let read = Order(
      small: spectral(order.small), large: spectral(order.large), isStrict: order.isStrict)
    if read.small == order.small, read.large == order.large { return nil }
    var claim = claim
    for i in claim.assumptions.indices {
      guard case .condition(let left, let sign, let right) = claim.assumptions[i].content else {
        continue
      }
      claim.assumptions[i].content = .condition(spectral(left), sign, spectral(right))
    }
    return (read, claim)
  }
}

extension Workspace {
  /// A norm, a modulus or a spectral radius.
  func isMeasure(_ node: Node) -> Bool {
    switch node {
    case .tensorFunction(let function, _): return function.isNorm || function == .spectralRadius
    case .apply(.absolute, 0, _): return true
    default: return false
    }
  }

  /// The γ of `γ` and of `1/γ`.
  fileprivate func bearer(of bound: Expression) -> Variable? {
    switch self[bound] {
    case .variable(let variable): return variable
    case .quotient(let above, let below):
      guard case .number(let value) = self[above], value.signum > 0,
        case .variable(let variable) = self[below]
      else { return nil }
      return variable
    default: return nil
    }
  }

  fileprivate func measures(_ root: Expression) -> Bool { contains(root) { isMeasure($0) } }

  /// The norms in an expression, those in products over time at the given step.
  fileprivate mutating func measures(in root: Expression, _ step: TimeSymbol) -> [Expression] {
    var found: [Expression] = []
    var roots = [root]
    visit(root) { expression, node in
      switch node {
      case .timeProduct(_, _, _, let body, _): roots.append(body)
      default: break
      }
    }
    var steps: [TimeSymbol] = []
    visit(root) { _, node in
      if case .timeProduct(let index, _, _, _, _) = node { steps.append(index) }
    }
    for root in roots {
      var sums: [[Expression]] = []
      var scalars: [Expression] = []
      visit(root) { expression, node in
        if isMeasure(node), !found.contains(expression) { found.append(expression) }
        switch node {
        case .sum(let terms): sums.append(terms)
        case .product(let factors), .hadamard(let factors):
          guard factors.contains(where: { measures($0) }) else { break }
          for factor in factors {
            guard case .variable(let variable) = self[factor],
              self[variable.symbol].shape.isScalar
            else { continue }
            scalars.append(factor)
          }
        default: break
        }
      }
      // Beside norms a number stays as it is: `α ‖W‖`, `1 - α`.
      let moduli =
        sums.compactMap { difference($0)?.modulus }
        + scalars.map { expression(.apply(.absolute, derivative: 0, $0)) }
      for modulus in moduli where !found.contains(modulus) { found.append(modulus) }
    }
    for expression in found {
      for index in steps {
        let moved = sortingTerms(substituting(index, by: Time(step), in: expression))
        if !found.contains(moved) { found.append(moved) }
      }
    }
    return found
  }

  /// The expression with the terms of its sums in one order, however they were written.
  mutating func sortingTerms(_ root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .sum(let terms) = workspace[expression] else { return nil }
      return workspace.expression(.sum(terms.sorted { $0.id < $1.id }))
    }
  }

  /// The expression with what stands in norms free of derivatives, in the shortest notation.
  fileprivate mutating func settlingMeasures(
    _ root: Expression, for domain: [Time], of model: Model, by witness: inout SymbolicWitness
  ) -> Expression {
    let node = self[root]
    if isMeasure(node) {
      var children: [Expression] = []
      // Nodes that are differentiated exist.
      var domain = domain
      for derivative in derivatives(in: root) {
        guard case .variable(let variable) = self[derivative.of], let time = variable.time,
          let from = model.definition(of: variable.symbol)?.from
        else { continue }
        domain.append(time - from)
      }
      for child in node.children {
        guard let plain = try? witness.derived(child, for: domain, in: &self) else { return root }
        children.append(sortingTerms(witness.simplified(plain, for: domain, in: &self)))
      }
      return settlingShapes(expression(node.replacingChildren(children)))
    }
    var inner = domain
    if case .timeProduct(_, let from, let through, let body, _) = node,
      domain.implies(from - through - 1), (try? shape(of: body))?.isScalar == true
    {
      return number(1)
    }
    switch node {
    case .timeProduct(let index, let from, let through, _, _),
      .timeSum(let index, let from, let through, _):
      inner += [Time(index) - from, through - Time(index)]
    default: break
    }
    var children: [Expression] = []
    for child in node.children {
      children.append(settlingMeasures(child, for: inner, of: model, by: &witness))
    }
    return expression(node.replacingChildren(children))
  }
}
