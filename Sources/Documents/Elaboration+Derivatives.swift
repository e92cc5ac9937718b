import Expressions
import Notation

/// Quotients of derivatives, nablas and differentials.
extension Elaborator {
  struct PartialHead {
    var isImmediate = false
    /// Written d rather than ∂.
    var isTotal = false
    var order = 1
    var rest: [Formula]
    var span: Span
  }

  /// A formula that begins with ∂ or d, and what follows it.
  static func partialHead(_ formula: Formula) -> PartialHead? {
    if case .binary(let sign, let a, let b) = formula.kind {
      // ∂ A ∘ B differentiates all of it.
      guard var head = partialHead(a), let first = head.rest.first, let last = head.rest.last else {
        return nil
      }
      let span = first.span.union(last.span)
      let left = head.rest.count == 1 ? first : Formula(.juxtaposition(head.rest), span)
      head.rest = [Formula(.binary(sign, left, b), span.union(b.span))]
      return head
    }
    var items = [formula]
    if case .juxtaposition(let parts) = formula.kind { items = parts }
    guard let first = items.first else { return nil }
    var head = PartialHead(rest: Array(items.dropFirst()), span: first.span)
    if isPartial(first) {
      head.isTotal = first.identifier?.name == "d"
      return head
    }
    if case .scripts(let base, nil, let above?, 0) = first.kind, isPartial(base) {
      head.isTotal = base.identifier?.name == "d"
      switch above.kind {
      case .identifier(let mark) where mark.name == "+": head.isImmediate = true
      case .number(let digits):
        guard let order = Int(digits), order > 0 else { return nil }
        head.order = order
      default: return nil
      }
      return head
    }
    return nil
  }

  private static func isPartial(_ formula: Formula) -> Bool {
    guard let identifier = formula.identifier, identifier.decorations.isEmpty else { return false }
    return identifier.name == "partial"
      || identifier.name == "d" && (identifier.font == .italic || identifier.font == .upright)
  }

  mutating func derivative(
    _ above: Formula, _ below: Formula, applied rest: ArraySlice<Formula>, _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard let top = Elaborator.partialHead(above) else { return nil }
    if case .empty = below.kind { throw Unreadable(.missingOperand, below.span) }
    guard let bottom = Elaborator.partialHead(below) else {
      if above.identifier?.name == "d" { return nil }
      throw Unreadable(.derivative, below.span)
    }
    guard !bottom.rest.isEmpty else { throw Unreadable(.missingOperand, below.span) }
    var numeratorItems = top.rest
    if numeratorItems.isEmpty { numeratorItems = Array(rest) }
    guard let first = numeratorItems.first, let last = numeratorItems.last else {
      throw Unreadable(.missingOperand, above.span)
    }
    let numerator: Written
    if let function = loneFunction(numeratorItems), top.order == 1, isUnknown(bottom.rest) {
      // `d\tanh/du` of a u that only this line mentions: the slope there.
      let argument = try juxtaposition(bottom.rest, bottom.rest[0].span, in: &workspace)
      return try applied(function, power: nil, primes: 1, [argument], span, in: &workspace)
    }
    if let function = loneFunction(numeratorItems) {
      // `d\sigma/da`: of its value at what it is differentiated by.
      let argument = try juxtaposition(
        bottom.rest.map { $0.withoutPower }, bottom.rest[0].span, in: &workspace)
      numerator = try applied(
        function, power: nil, primes: 0, [argument], first.span, in: &workspace)
    } else {
      numerator = try juxtaposition(
        numeratorItems, first.span.union(last.span), in: &workspace)
    }
    if top.order == 2 {
      return try secondDerivative(numerator, bottom.rest, span, in: &workspace)
    }
    guard top.order == 1 else { throw Unreadable(.derivative, above.span) }
    let denominatorSpan = bottom.rest[0].span.union(bottom.rest[bottom.rest.count - 1].span)
    let denominator = try juxtaposition(bottom.rest, denominatorSpan, in: &workspace)
    // Nothing is differentiated by the number of a step.
    if bottom.rest.count == 1, bottom.rest[0].identifier?.isPlain("t") == true,
      page.lexicon.timeLetters.contains("t"), !page.lexicon.computed.contains("t"),
      page.lexicon.declaredOrder(of: "t") == nil
    {
      throw Unreadable(.derivative, denominatorSpan)
    }
    var intervention = intervention(
      layout, of: numerator.expression, by: denominator.expression, in: workspace)
    if top.isImmediate { intervention.mode = .immediate }
    if setsTotalsApart, top.isTotal { intervention.mode = .whole }
    intervention = holdingWritten(
      intervention, of: numerator.expression, by: denominator.expression, in: workspace)
    return Written(
      workspace.expression(
        .derivative(of: numerator.expression, by: denominator.expression, intervention)),
      span, [numerator, denominator])
  }

  /// What is held holds for every derivative; where it is a state of an earlier step, a derivative by
  /// a parameter goes through its own step alone.
  private func intervention(
    _ layout: Layout, of numerator: Expression, by denominator: Expression,
    in workspace: borrowing Workspace
  ) -> Intervention {
    guard !heldBefore.isEmpty, let above = workspace.namedVariable(of: numerator),
      above.time != nil, let below = workspace.namedVariable(of: denominator),
      below.time == nil || heldBefore.contains(above.symbol) || heldBefore.contains(below.symbol)
    else { return Intervention(layout: layout, held: held) }
    return Intervention(
      mode: below.time == nil ? .immediate : .total, layout: layout,
      held: held.filter { !heldBefore.contains($0) })
  }

  /// ∂²f/∂x∂y^⊤ and ∂²f/∂x²: the gradient, then its Jacobian.
  private mutating func secondDerivative(
    _ numerator: Written, _ items: [Formula], _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    var variables: [Written] = []
    for item in items where !Elaborator.isPartial(item) {
      if let untransposed = item.untransposed {
        variables.append(try atom(untransposed, in: &workspace))
      } else if case .scripts(_, _, let above?, 0) = item.kind, case .number("2") = above.kind {
        let variable = try atom(item.lowered, in: &workspace)
        variables += [variable, variable]
      } else {
        variables.append(try elaborate(item, in: &workspace))
      }
    }
    guard variables.count == 2 else { throw Unreadable(.derivative, span) }
    return hessian(numerator, variables[0], variables[1], span, in: &workspace)
  }

  private func hessian(
    _ numerator: Written, _ a: Written, _ b: Written, _ span: Span,
    in workspace: inout Workspace
  ) -> Written {
    let gradient = workspace.expression(
      .derivative(
        of: numerator.expression, by: a.expression, Intervention(layout: .gradient, held: held)))
    return Written(
      workspace.expression(
        .derivative(of: gradient, by: b.expression, Intervention(layout: .numerator, held: held))),
      span)
  }

  /// `\nabla_x E`, `\nabla_x^2 f`: shaped as the variable; `\nabla f`, `\nabla^2 f(x)` by the argument
  /// of a function of the page.
  mutating func gradient(
    _ item: Formula, _ rest: inout ArraySlice<Formula>, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    var (base, below, above): (Formula, Formula?, Formula?) = (item, nil, nil)
    if case .scripts(let own, let lower, let upper, 0) = item.kind {
      (base, below, above) = (own, lower, upper)
    }
    guard base.identifier?.name == "nabla" else { return nil }
    guard let next = rest.first else { throw Unreadable(.missingOperand, item.span) }
    if let name = next.identifier?.latex, page.function(name, at: position) != nil,
      let place = rest.dropFirst().first, case .scripts(let inner, _, let script, _) = place.kind,
      inner.isParenthesised
    {
      // `\nabla J(\theta)^\top` transposes the gradient.
      guard let script, script.mayTranspose else { throw Unreadable(.derivative, place.span) }
      var bare = ([next, inner] + rest.dropFirst(2))[...]
      guard let gradient = try gradient(item, &bare, in: &workspace) else { return nil }
      rest = bare
      return Written(
        workspace.expression(.transpose(gradient.expression)), item.span.union(place.span),
        [gradient])
    }
    let numerator: Written
    let variable: Written
    if let (value, point) = try value(next, rest.dropFirst().first, by: below, in: &workspace) {
      rest.removeFirst(2)
      (numerator, variable) = (value, point)
    } else if below == nil, let (value, point) = try applied(rest, in: &workspace) {
      rest.removeFirst(2)
      (numerator, variable) = (value, point)
    } else if let below {
      if takesProduct(next, rest.dropFirst()) {
        let items = Array(rest)
        rest = []
        numerator = try juxtaposition(
          items, next.span.union(items[items.count - 1].span), in: &workspace)
      } else {
        numerator = try factor(next, &rest, in: &workspace)
      }
      variable = try elaborate(below, in: &workspace)
    } else {
      guard let name = next.identifier?.latex, let function = page.function(name, at: position)
      else {
        let isApplied = rest.dropFirst().first?.isParenthesised == true
        if next.unfencedScripts.identifier != nil, isScratch || !isApplied { return nil }
        throw Unreadable(.derivative, item.span)
      }
      rest.removeFirst()
      if let argument = rest.first, argument.isParenthesised {
        guard case .fenced(_, let inner) = argument.kind, inner.kind == function.argument.kind
        else { throw Unreadable(.derivative, item.span) }
        rest.removeFirst()
      }
      numerator = try elaborate(function.body, in: &workspace)
      variable = try elaborate(function.argument, in: &workspace)
    }
    let span = item.span.union(numerator.span)
    if let above {
      guard case .number("2") = above.kind else { throw Unreadable(.derivative, above.span) }
      return hessian(numerator, variable, variable, span, in: &workspace)
    }
    return Written(
      workspace.expression(
        .derivative(
          of: numerator.expression, by: variable.expression,
          intervention(
            .gradient, of: numerator.expression, by: variable.expression, in: workspace))),
      span, [numerator, variable])
  }

  /// `\mathrm dX`, `\mathrm d(X^\top X)`, `\mathrm d \tr(…)`; `dW_h`, `\delta h_t` where it is a
  /// gradient.
  mutating func differential(
    _ item: Formula, _ rest: inout ArraySlice<Formula>, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard let identifier = item.identifier, identifier.decorations.isEmpty, let next = rest.first
    else { return nil }
    let mark: GradientMarks = identifier.name == "delta" ? .delta : .d
    guard identifier.name == "d" || mark == .delta else { return nil }
    if page.gradientMarks.contains(mark), page.lexicon.declaredOrder(of: identifier.latex) == nil,
      !next.isParenthesised
    {
      // dX^⊤ is the transpose of a gradient, not a gradient by a transpose.
      if case .scripts(_, _, let above?, 0) = next.kind, isTranspose(above) {
        rest.removeFirst()
        let variable = try elaborate(next.lowered, in: &workspace)
        guard let gradient = gradient(by: variable, item.span.union(next.span), in: &workspace)
        else { return nil }
        return Written(
          workspace.expression(.transpose(gradient.expression)), gradient.span, [gradient])
      }
      let variable = try factor(next, &rest, in: &workspace)
      return gradient(by: variable, item.span.union(variable.span), in: &workspace)
    }
    guard mark == .d,
      identifier.font == .upright || identifier.font == .italic && page.writesItalicDifferentials
    else { return nil }
    let operand = try factor(next, &rest, in: &workspace)
    return Written(
      workspace.expression(.differential(operand.expression)), item.span.union(operand.span),
      [operand])
  }

  /// The gradient of the page's loss by a node, in the node's shape.
  mutating func gradient(
    by variable: Written, _ span: Span, in workspace: inout Workspace
  ) -> Written? {
    guard let loss = page.loss else { return nil }
    let numerator = workspace.variable(symbol(loss, in: &workspace))
    return Written(
      workspace.expression(
        .derivative(
          of: numerator, by: variable.expression, Intervention(layout: .gradient, held: held))),
      span)
  }
}

extension Formula {
  /// Whether a quotient with d, or one with ∂, stands in the formula.
  package var writesTotals: Bool { writesQuotient { $0.isTotal } }
  package var writesPartials: Bool { writesQuotient { !$0.isTotal } }

  private func writesQuotient(_ isSought: (Elaborator.PartialHead) -> Bool) -> Bool {
    var found = false
    visit { part in
      if case .fraction(let above, _) = part.kind, let head = Elaborator.partialHead(above) {
        found = found || isSought(head)
      }
    }
    return found
  }
}
