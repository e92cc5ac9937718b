import Expressions
import Notation

/// Things side by side: products, applications of functions, derivative operators, differentials.
extension Elaborator {
  mutating func juxtaposition(
    _ items: [Formula], _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    var factors: [Written] = []
    var rest = try withoutDots(items, span)[...]
    while let item = rest.first {
      factors.append(try factor(item, &rest, in: &workspace))
    }
    if factors.count == 1 {
      var only = factors[0]
      only.span = span
      return only
    }
    return Written(
      workspace.expression(.product(factors.map { $0.expression })), span, factors)
  }

  /// Takes one factor from the front of `rest`: a name, or an operator with what it applies to.
  private mutating func factor(
    _ item: Formula, _ rest: inout ArraySlice<Formula>, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    rest.removeFirst()
    if case .text(let words) = item.kind { throw Unreadable(.noMeaning, item.span, words) }
    if case .fraction(let above, let below) = item.kind,
      let derivative = try derivative(above, below, applied: rest, item.span, in: &workspace)
    {
      if Elaborator.partialHead(above)?.rest.isEmpty == true { rest = [] }
      return derivative
    }
    if let step = try indicator(item, &rest, in: &workspace) { return step }
    if let nabla = try gradient(item, &rest, in: &workspace) { return nabla }
    if let differential = try differential(item, &rest, in: &workspace) { return differential }
    if let function = functionHead(item) {
      return try apply(function, item, &rest, in: &workspace)
    }
    if let functions = functionStack(item), let first = rest.first, let last = rest.last {
      let argument = try juxtaposition(
        Array(rest), first.span.union(last.span), in: &workspace)
      rest = []
      return applying(functions, to: argument, item.span.union(last.span), in: &workspace)
    }
    if let timed = try argumentTime(item, &rest, in: &workspace) { return timed }
    if let name = unknownFunction(item, before: rest.first) {
      throw Unreadable(.unknownFunction, item.span, name)
    }
    let written = try elaborate(item, in: &workspace)
    if let next = rest.first, case .fenced(.parentheses, let inner) = next.kind,
      listsArguments(of: written.expression, inner, in: workspace)
    {
      // L_t(h_t): the brackets say what it depends on.
      rest.removeFirst()
      if let name = item.identifier?.latex,
        let own = page.function(name, at: position)
      {
        if own.argument.kind == inner.kind { return written }
        let argument = try elaborate(inner, in: &workspace)
        let body = own.body
        guard let letter = own.argument.identifier?.latex else { return written }
        return try withParameter(letter, argument) { (elaborator) throws(Unreadable) -> Written in
          var result = try elaborator.elaborate(body, in: &workspace)
          result.span = item.span.union(next.span)
          result.children = []
          return result
        }
      }
    }
    if isName(item), let next = rest.first, case .fenced(.parentheses, let inner) = next.kind,
      case .list = inner.kind
    {
      // No product: a function of several arguments of which nothing is known.
      throw Unreadable(.arguments, item.span.union(next.span))
    }
    return written
  }

  private func isName(_ item: Formula) -> Bool { item.unfencedScripts.identifier != nil }

  private func listsArguments(
    of expression: Expression, _ inner: Formula, in workspace: borrowing Workspace
  ) -> Bool {
    guard case .variable(let variable) = workspace[expression] else { return false }
    let record = workspace[variable.symbol]
    let name = record.name
    if page.applied.contains(NameKey(name, isFamily: record.isFamily)) { return true }
    if page.lexicon.functions.contains(name) { return true }
    return workspace[variable.symbol].properties.contains(.loss)
  }

  /// `h(t)`, `h[t-1]` where the page writes times so.
  private mutating func argumentTime(
    _ item: Formula, _ rest: inout ArraySlice<Formula>, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    var base = item
    if case .scripts(let inner, _, _, _) = item.kind { base = inner }
    guard let identifier = base.identifier, let place = page.lexicon.families[identifier.latex],
      place == .parentheses || place == .brackets, let next = rest.first,
      case .fenced(_, let inner) = next.unfencedScripts.kind, let affine = AffineLetters(inner)
    else { return nil }
    rest.removeFirst()
    let span = item.span.union(next.span)
    let symbol = symbol(NameKey(identifier.latex, isFamily: true), in: &workspace)
    let written = Written(
      workspace.variable(symbol, at: time(affine, in: &workspace)), span)
    if case .scripts(_, _, let above?, _) = next.kind {
      return try raisedByScript(written, above, span, in: &workspace)
    }
    return written
  }

  private mutating func raisedByScript(
    _ written: Written, _ above: Formula, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    if above.isTransposeMark || above.identifier?.isPlain("T") == true {
      return Written(workspace.expression(.transpose(written.expression)), span, [written])
    }
    let exponent = try elaborate(above, in: &workspace)
    return Written(
      workspace.expression(.power(written.expression, exponent.expression)), span,
      [written, exponent])
  }

  // MARK: Functions

  /// The function that a name (with primes or a power) stands for, if it is one here.
  func functionHead(_ item: Formula) -> StandardFunction? {
    var base = item
    if case .scripts(let inner, let below, _, _) = item.kind {
      if let below {
        return isLargestSingularValue(inner, below) ? .tensor(.spectralNorm) : nil
      }
      base = inner
    }
    guard let identifier = base.identifier else { return nil }
    let name = identifier.latex
    if page.lexicon.isFamily(name) || page.lexicon.declaredOrder(of: name) != nil { return nil }
    if identifier.name == "rho", page.namesSpectralRadius { return .tensor(.spectralRadius) }
    if table[NameKey(name)] != nil, StandardFunction(identifier) != nil, identifier.name != "sigma"
    {
      return nil
    }
    if identifier.name == "sigma", identifier.layer == nil {
      if page.hasOwnSigma { return nil }
      if page.hasUnknownSigma, let unknown = page.genericFunctions.first(where: { $0.name == name })
      {
        return .elementwise(.generic(unknown.symbol))
      }
    }
    if let standard = StandardFunction(identifier) { return standard }
    if let own = page.genericFunctions.first(where: { $0.name == name }) {
      return .elementwise(.generic(own.symbol))
    }
    if page.functions.contains(where: { $0.name == name }),
      page.function(name, at: position) == nil,
      let own = page.definedFunctions.first(where: { $0.name == name })
    {
      return .elementwise(.generic(own.symbol))
    }
    return nil
  }

  /// `\operatorname{Var}(x)`, `\tan x`, `\mathbb{E}[x]`: a name that by its letters or its command is no
  /// variable, before what it applies to, where the page says nothing of it.
  private func unknownFunction(_ item: Formula, before next: Formula?) -> String? {
    guard let name = item.unfencedScripts.identifier, let next,
      !page.lexicon.isFamily(name.latex), page.lexicon.declaredOrder(of: name.latex) == nil,
      table[NameKey(name.latex)] == nil, !page.functions.contains(where: { $0.name == name.latex })
    else { return nil }
    var isApplied = false
    switch next.unfencedScripts.kind {
    case .fenced(.parentheses, _), .fenced(.brackets, _): isApplied = true
    default: isApplied = StandardFunction.isNamedByCommand(name)
    }
    let isWord = name.font == .upright && name.name.utf8.count > 1
    return isApplied && (isWord || name.font == .blackboard) ? name.name : nil
  }

  /// `\sigma_{\max}`
  private func isLargestSingularValue(_ base: Formula, _ below: Formula) -> Bool {
    guard base.identifier?.name == "sigma" else { return false }
    if case .text("max") = below.kind { return true }
    return below.identifier?.name == "max"
  }

  private mutating func apply(
    _ function: StandardFunction, _ head: Formula, _ rest: inout ArraySlice<Formula>,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    var (power, primes): (Formula?, Int) = (nil, 0)
    var base = head
    if case .scripts(let inner, _, let above, let count) = head.kind {
      (base, power, primes) = (inner, above, count)
    }
    if let mark = power?.identifier, mark.name == "prime" { (power, primes) = (nil, primes + 1) }
    let identifier = base.identifier ?? Formula.Identifier("?")
    guard let next = rest.first else {
      return try withoutArgument(function, primes, power, head.span, in: &workspace)
    }
    if case .fenced(.parentheses, let inner) = next.unfencedScripts.kind {
      rest.removeFirst()
      let span = head.span.union(next.span)
      if primes > 0, isPlaceholder(inner) {
        return try withoutArgument(function, primes, power, span, in: &workspace)
      }
      var result = try application(
        function, power: power, primes: primes, inner, span, in: &workspace)
      if case .scripts(_, let below, let above, _) = next.kind {
        // diag(…)^{-1}, \tanh(z)_i
        if let below {
          result = try withEntries(result, Lexicon.letters(of: below), span, in: &workspace)
        }
        if let above {
          result = try raisedByScript(result, above, span, in: &workspace)
        }
      }
      return result
    }
    if primes > 0 || !StandardFunction.takesBareArgument(identifier) {
      return try withoutArgument(function, primes, power, head.span, in: &workspace)
    }
    // \tanh C_t, \log \det X, \operatorname{tr} A B: the next factor; a trace takes all of them.
    if case .tensor(let kind) = function, kind == .trace {
      let items = Array(rest)
      rest = []
      let inner = Formula(.juxtaposition(items), items[0].span.union(items[items.count - 1].span))
      return try application(
        function, power: power, primes: 0, items.count == 1 ? items[0] : inner,
        head.span.union(inner.span), in: &workspace)
    }
    let argument = try factor(next, &rest, in: &workspace)
    return try applied(
      function, power: power, primes: 0, [argument], head.span.union(argument.span),
      in: &workspace)
  }

  /// A dot or a letter that stands for whatever the argument is.
  private func isPlaceholder(_ inner: Formula) -> Bool {
    switch inner.kind {
    case .dots, .empty: return true
    case .identifier(let identifier):
      if identifier.name == "cdot" || identifier.name == "*" || identifier.name == "bullet" {
        return true
      }
      return identifier.name == "theta" && table[NameKey("\\theta")] == nil
    case .unread(let token, _): return token == "\\cdot" || token == "·" || token == "⋅"
    case .binary(_, let a, let b):
      if case .empty = a.kind, case .empty = b.kind { return true }
      return false
    default: return false
    }
  }

  private mutating func withoutArgument(
    _ function: StandardFunction, _ primes: Int, _ power: Formula?, _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard case .elementwise(let kind) = function, primes > 0, power == nil else {
      throw Unreadable(.arguments, span)
    }
    return Written(
      workspace.expression(.elided(kind, derivative: primes, site: nextElidedSite())), span)
  }

  mutating func application(
    _ function: StandardFunction, power: Formula?, primes: Int, _ inner: Formula, _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    var arguments: [Written] = []
    if case .list(let items) = inner.kind, function == .maximum {
      for item in items { arguments.append(try elaborate(item, in: &workspace)) }
    } else if case .list = inner.kind, case .elementwise(.generic) = function {
      // A function of several arguments acts on no entry of them alone.
      throw Unreadable(.arguments, span)
    } else {
      arguments = [try elaborate(inner, in: &workspace)]
    }
    return try applied(function, power: power, primes: primes, arguments, span, in: &workspace)
  }

  private mutating func applied(
    _ function: StandardFunction, power: Formula?, primes: Int, _ arguments: [Written],
    _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard let first = arguments.first else { throw Unreadable(.arguments, span) }
    var result: Written
    switch function {
    case .elementwise(let kind):
      result = Written(
        workspace.expression(.apply(kind, derivative: primes, first.expression)), span, [first])
    case .tensor(let kind):
      guard primes == 0 else { throw Unreadable(.noMeaning, span) }
      result = Written(
        workspace.expression(.tensorFunction(kind, first.expression)), span, [first])
    case .adjugate, .cofactors:
      guard primes == 0 else { throw Unreadable(.noMeaning, span) }
      let determinant = workspace.expression(.tensorFunction(.determinant, first.expression))
      var inverse = workspace.expression(.power(first.expression, workspace.number(-1)))
      if function == .cofactors { inverse = workspace.expression(.transpose(inverse)) }
      result = Written(workspace.expression(.product([determinant, inverse])), span)
    case .maximum:
      if arguments.count == 2 {
        result = Written(
          workspace.expression(.maximum(first.expression, arguments[1].expression)), span,
          arguments)
      } else {
        result = Written(
          workspace.expression(.tensorFunction(.maximum, first.expression)), span, [first])
      }
    }
    if let power {
      // tanh² of a matrix is no product of matrices.
      if case .elementwise = function, let n = AffineLetters(power), n.isLiteral, n.constant == 2 {
        return Written(
          workspace.expression(.hadamard([result.expression, result.expression])), span,
          [result, result])
      }
      let exponent: Written
      if let affine = AffineLetters(power), affine.isLiteral {
        exponent = Written(workspace.number(affine.constant), power.span)
      } else {
        exponent = try elaborate(power, in: &workspace)
      }
      result = Written(
        workspace.expression(.power(result.expression, exponent.expression)), span,
        [result, exponent])
    }
    return result
  }

  // MARK: Derivatives

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
      if case .scripts(let base, let below, let above?, 0) = item.kind,
        above.isTransposeMark || above.identifier?.isPlain("T") == true
      {
        let bare = Formula(.scripts(base, below: below, above: nil, primes: 0), item.span)
        variables.append(try atom(below == nil ? base : bare, in: &workspace))
      } else if case .scripts(let base, let below, let above?, 0) = item.kind,
        case .number("2") = above.kind
      {
        let bare = Formula(.scripts(base, below: below, above: nil, primes: 0), item.span)
        let variable = try atom(below == nil ? base : bare, in: &workspace)
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
  private mutating func gradient(
    _ item: Formula, _ rest: inout ArraySlice<Formula>, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    var (base, below, above): (Formula, Formula?, Formula?) = (item, nil, nil)
    if case .scripts(let own, let lower, let upper, 0) = item.kind {
      (base, below, above) = (own, lower, upper)
    }
    guard base.identifier?.name == "nabla" else { return nil }
    guard let next = rest.first else { throw Unreadable(.missingOperand, item.span) }
    let numerator: Written
    let variable: Written
    if let below {
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
        if next.unfencedScripts.identifier != nil { return nil }
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
  private mutating func differential(
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
      if case .scripts(let base, let below, let above?, 0) = next.kind, isTranspose(above) {
        rest.removeFirst()
        let bare =
          below == nil
          ? base : Formula(.scripts(base, below: below, above: nil, primes: 0), next.span)
        let variable = try elaborate(bare, in: &workspace)
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
  /// The base of a scripted formula, else the formula.
  var unfencedScripts: Formula {
    if case .scripts(let base, _, _, _) = kind { return base }
    return self
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
