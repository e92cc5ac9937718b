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
  mutating func factor(
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
    if let slope = try diagonalSlope(item, &rest, in: &workspace) { return slope }
    if let function = functionHead(
      item, isApplied: rest.first?.unfencedScripts.isParenthesised == true)
    {
      return try apply(function, item, &rest, in: &workspace)
    }
    if let slope = try slope(item, &rest, in: &workspace) { return slope }
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
    if let next = rest.first, case .fenced(.parentheses, let inner) = next.unfencedScripts.kind,
      listsArguments(of: written.expression, inner, in: workspace)
    {
      // L_t(h_t): the brackets say what it depends on.
      rest.removeFirst()
      let span = item.span.union(next.unfencedScripts.span)
      let value = try self.value(written, item, at: inner, span, in: &workspace)
      return try scripted(value, as: next, item.span.union(next.span), in: &workspace)
    }
    if isName(item), let next = rest.first, case .fenced(.parentheses, let inner) = next.kind,
      case .list = inner.kind
    {
      // No product: a function of several arguments of which nothing is known.
      throw Unreadable(.arguments, item.span.union(next.span))
    }
    return written
  }

  /// What a name is at what stands in brackets behind it.
  private mutating func value(
    _ written: Written, _ item: Formula, at inner: Formula, _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard let name = item.identifier?.latex, let own = page.function(name, at: position),
      own.argument.kind != inner.kind
    else { return written }
    let argument = try elaborate(inner, in: &workspace)
    guard let letter = own.argument.identifier?.latex else { return written }
    return try withParameter(letter, argument) { (elaborator) throws(Unreadable) -> Written in
      var result = try elaborator.elaborate(own.body, in: &workspace)
      result.span = span
      result.children = []
      return result
    }
  }

  /// What stands at the brackets of an argument belongs to the value: `f(x)^2`, `g(x)^\top`, `h(x)_i`.
  mutating func scripted(
    _ value: Written, as next: Formula, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard case .scripts(_, let below, let above, _) = next.kind else { return value }
    var result = value
    if let below {
      result = try withEntries(result, Lexicon.letters(of: below), span, in: &workspace)
    }
    if let above { result = try raisedByScript(result, above, span, in: &workspace) }
    return result
  }

  private func isName(_ item: Formula) -> Bool { item.unfencedScripts.identifier != nil }

  private func listsArguments(
    of expression: Expression, _ inner: Formula, in workspace: borrowing Workspace
  ) -> Bool {
    guard case .variable(let variable) = workspace[expression] else { return false }
    let record = workspace[variable.symbol]
    let name = record.name
    if page.applied[NameKey(name, isFamily: record.isFamily)] != nil { return true }
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
    if above.mayTranspose {
      return Written(workspace.expression(.transpose(written.expression)), span, [written])
    }
    let exponent = try elaborate(above, in: &workspace)
    return Written(
      workspace.expression(.power(written.expression, exponent.expression)), span,
      [written, exponent])
  }

  // MARK: Functions

  /// The function that a name (with primes or a power) stands for, if it is one here.
  ///
  /// - Parameter isApplied: whether an argument stands behind it.
  func functionHead(_ item: Formula, isApplied: Bool = false) -> StandardFunction? {
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
    if isApplied, page.function(name, at: position)?.isLogistic == true {
      return .elementwise(.sigmoid)
    }
    if isApplied, let own = page.function(name, at: position),
      case .juxtaposition(let items) = own.body.kind, items.count == 2,
      let meant = items[0].identifier, items[1].unfenced.kind == own.argument.kind,
      case .elementwise(let kind)? = StandardFunction(meant),
      meant.name != "sigma" || !page.hasOwnSigma && !page.hasUnknownSigma
    {
      // With `g(a) = \tanh(a)` another name for it, and g' for its slope.
      return .elementwise(kind)
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
      let result = try application(
        function, power: power, primes: primes, inner, span, in: &workspace)
      return try scripted(result, as: next, span, in: &workspace)
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

  mutating func applied(
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
      let exponent = try self.exponent(power, in: &workspace)
      result = Written(
        workspace.expression(.power(result.expression, exponent.expression)), span,
        [result, exponent])
    }
    return result
  }

}

extension Formula {
  /// The base of a scripted formula, else the formula.
  var unfencedScripts: Formula {
    if case .scripts(let base, _, _, _) = kind { return base }
    return self
  }
}
