import Expressions
import Notation

/// Gradients and slopes of the page's functions at a point: `\nabla J(\theta_t)` with `J(\theta) = …`,
/// `g'(u)` with `g(z) = …`.
extension Elaborator {
  /// `g'(u)`, `g''(u)`: of a function of the page that takes a number, at a name.
  mutating func slope(
    _ head: Formula, _ rest: inout ArraySlice<Formula>, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard case .scripts(let base, nil, nil, let primes) = head.kind, 1...2 ~= primes,
      let name = base.identifier?.latex, let function = page.function(name, at: position),
      let letter = function.argument.identifier, let behind = rest.first,
      case let place = behind.unfencedScripts, place.isParenthesised,
      let node = place.unfenced.scriptedBase,
      [node, letter].allSatisfy({ page.lexicon.declaredOrder(of: $0.latex) ?? 0 == 0 })
    else { return nil }
    let span = head.span.union(behind.span)
    rest.removeFirst()
    guard isFree(of: node, and: letter, function.body) else { throw Unreadable(.derivative, span) }
    let point = try elaborate(place.unfenced, in: &workspace)
    guard case .variable = workspace[point.expression] else {
      throw Unreadable(.derivative, span)
    }
    let slope = try slope(of: function, at: point, order: primes, span, in: &workspace)
    return try scripted(slope, as: behind, span, in: &workspace)
  }

  private mutating func slope(
    of function: DefinedFunction, at point: Written, order: Int, _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    let letter = function.argument.identifier?.latex ?? ""
    var slope = try withParameter(letter, point) { (elaborator) throws(Unreadable) -> Written in
      try elaborator.elaborate(function.body, in: &workspace)
    }.expression
    for _ in 0..<order {
      slope = workspace.expression(
        .derivative(of: slope, by: point.expression, Intervention(layout: layout)))
    }
    return Written(slope, span, [point])
  }

  /// The Jacobian of a function of the page that is applied entry by entry, where its slope stands in `diag`
  /// or is multiplied entry by entry: `g'(u)`.
  mutating func entrywiseSlope(
    _ formula: Formula, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard case .juxtaposition(let items) = formula.unfenced.kind, items.count == 2,
      case .scripts(let base, nil, nil, 1) = items[0].kind, items[1].isParenthesised,
      let name = base.identifier?.latex, let function = page.function(name, at: position),
      function.isEntrywise, functionHead(items[0], isApplied: true) == nil
    else { return nil }
    let point = try elaborate(items[1].unfenced, in: &workspace)
    return try slope(of: function, at: point, order: 1, formula.span, in: &workspace)
  }

  /// `\operatorname{diag}(g'(u))`
  mutating func diagonalSlope(
    _ item: Formula, _ rest: inout ArraySlice<Formula>, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard let name = item.identifier, name.name == "diag", let place = rest.first,
      place.isParenthesised, let slope = try entrywiseSlope(place, in: &workspace)
    else { return nil }
    rest.removeFirst()
    return Written(slope.expression, item.span.union(place.span), slope.children)
  }

  /// The value of a function at a node that is not spelled as its argument, and the node; nil where
  /// the function is not one of the page's, or stands at its own argument.
  ///
  /// What the function reads may hang on its argument, or on the node, by other equations: then its
  /// value there, differentiated by the node, is not its gradient at the node.
  mutating func value(
    _ head: Formula, _ place: Formula?, by below: Formula?, in workspace: inout Workspace
  ) throws(Unreadable) -> (value: Written, point: Written)? {
    guard let name = head.identifier?.latex, let function = page.function(name, at: position),
      let letter = function.argument.identifier, let place, place.isParenthesised,
      case .fenced(_, let inner) = place.kind, inner.spelled != function.argument.spelled,
      below.map({ $0.spelled == function.argument.spelled }) ?? true
    else { return nil }
    let span = head.span.union(place.span)
    guard let node = inner.scriptedBase, isFree(of: node, and: letter, function.body)
    else { throw Unreadable(.derivative, span) }
    let point = try elaborate(inner, in: &workspace)
    guard case .variable = workspace[point.expression] else {
      throw Unreadable(.derivative, span)
    }
    let value = try withParameter(letter.latex, point) {
      (elaborator) throws(Unreadable) -> Written in
      try elaborator.elaborate(function.body, in: &workspace)
    }
    return (Written(value.expression, span, [point]), point)
  }

  /// `L_t(h_t)` where the page writes L_t so, and h_t.
  mutating func applied(
    _ items: ArraySlice<Formula>, in workspace: inout Workspace
  ) throws(Unreadable) -> (value: Written, point: Written)? {
    guard let head = items.first, let place = items.dropFirst().first, place.isParenthesised,
      let name = head.unfencedScripts.identifier?.latex, place.unfenced.scriptedBase != nil,
      !page.lexicon.functions.contains(name), page.applied.contains(where: { $0.key.name == name })
    else { return nil }
    let span = head.span.union(place.span)
    let value = try elaborate(head, in: &workspace)
    guard case .variable(let own) = workspace[value.expression],
      let arguments = page.applied[key(of: own.symbol, in: workspace)]
    else { return nil }
    let point = try elaborate(place.unfenced, in: &workspace)
    guard case .variable(let argument) = workspace[point.expression],
      arguments.allSatisfy({ $0.scriptedBase == place.unfenced.scriptedBase }),
      own.time == nil
        ? arguments.allSatisfy({ $0.spelled == place.unfenced.spelled })
        : argument.time == nil || argument.time == own.time
    else { throw Unreadable(.derivative, span) }
    return (Written(value.expression, span), point)
  }

  private func key(of symbol: Symbol, in workspace: borrowing Workspace) -> NameKey {
    NameKey(workspace[symbol].name, isFamily: workspace[symbol].isFamily)
  }

  /// Whether a function's formula reads nothing but its argument, without scripts of its own, and
  /// names that neither are the node's nor hang on anything.
  private func isFree(
    of node: Formula.Identifier, and letter: Formula.Identifier, _ body: Formula
  ) -> Bool {
    if let name = body.identifier {
      return name == letter
        || name != node && !page.explained.contains(name.latex)
          && page.function(name.latex, at: position) == nil
    }
    if case .scripts(let base, let below, let above, _) = body.kind, base.identifier == letter,
      below != nil || above.map({ !$0.mayTranspose && !$0.isNumber }) ?? false
    {
      return false
    }
    return body.children.allSatisfy { isFree(of: node, and: letter, $0) }
  }
}

extension Formula {
  fileprivate var isNumber: Bool {
    if case .number = kind { return true }
    return false
  }
}
