import Expressions
import Notation

/// Functions that a page defines by a formula, or of which it says only what they depend on.
extension PageReader {
  /// `σ(z) = 1/(1+e^{-z})`, `r(z) = max(0, z)`.
  mutating func defineFunction(
    _ statement: inout Statement, _ position: Int, _ cue: Cue?, in workspace: inout Workspace
  ) -> Role? {
    guard position == 0, statement.sign == .equal || statement.sign == .defines,
      case .juxtaposition(let items) = statement.left.kind, items.count == 2,
      let identifier = items[0].identifier, items[1].isParenthesised,
      let argument = items[1].unfenced.identifier,
      page.notation.lexicon.functions.contains(identifier.latex)
    else { return nil }
    let name = identifier.latex
    if StandardFunction(identifier) != nil, identifier.name != "sigma" { return nil }
    if statement.right.reads(identifier) { return nil }
    // `Suppose $\sigma(z) = \frac12$`: at one place.
    if identifier.name == "sigma", cue == .suppose, !statement.right.reads(argument) { return nil }
    if identifier.name == "sigma", logisticSection == boundary { return nil }
    if identifier.name == "rho", page.notation.namesSpectralRadius { return nil }
    if let i = page.notation.functions.lastIndex(where: { $0.name == name }),
      page.notation.functions[i].end == nil
    {
      // A later section may treat another case.
      guard page.notation.functions[i].section < boundary,
        page.notation.functions[i].body.spelled != statement.right.spelled
      else { return nil }
      page.notation.functions[i].end = statement.index
    }
    let entrywise = entrywiseFunctions.body(of: identifier, argument, statement.right)
    page.notation.functions.append(
      DefinedFunction(
        name: name, argument: items[1].unfenced, body: entrywise ?? statement.right,
        section: boundary, start: statement.index, isEntrywise: entrywise != nil,
        isSupposed: cue == .suppose))
    let isLogistic = isLogistic(statement.right, argument.latex, in: &workspace)
    page.notation.functions[page.notation.functions.count - 1].isLogistic = isLogistic
    if identifier.name == "sigma" {
      if isLogistic {
        page.notation.functions.removeLast()
        logisticSection = boundary
        return .definition
      }
      page.notation.hasOwnSigma = true
    }
    let key = NameKey(name)
    statement.defined = key
    // `J(w) = E(w) + …` is computed from E; the argument is any.
    let read = names(in: statement.right, in: &workspace).keys
      .filter { $0 != NameKey(argument.latex) }
    page.definitions.append(
      DefinitionStatement(
        key: key, time: nil, statement: statement.index, left: items[0], right: statement.right,
        range: nil, names: read))
    computed.append(key)
    remember(key)
    return .definition
  }

  /// `h_t = f(h_{t-1}, x_t; W)`: what the name depends on was noted with the words of the page.
  mutating func defineUnknown(
    _ statement: inout Statement, in workspace: inout Workspace
  ) -> Bool {
    guard let equation = unknownFunctions.equation(statement.left, statement.right),
      let (key, _) = name(of: statement.left, in: &workspace)
    else { return false }
    // `C(p, q) = C(q, p)` of a C that an equation computes.
    if case .juxtaposition(let items) = statement.right.kind,
      items[0].spelled == statement.left.spelled,
      page.definitions.contains(where: { $0.key == key })
    {
      return false
    }
    for formula in [statement.left] + equation.arguments {
      for name in names(in: formula, in: &workspace).keys where !statement.names.contains(name) {
        statement.names.append(name)
      }
    }
    statement.defined = key
    if !computed.contains(key) { computed.append(key) }
    return true
  }

  /// Whether a formula is the logistic function, in one of its usual spellings.
  mutating func isLogistic(
    _ body: Formula, _ letter: String, in workspace: inout Workspace
  ) -> Bool {
    guard let written = names(in: body, in: &workspace).expression,
      let argument = scratch[NameKey(letter)]
    else { return false }
    let z = workspace.variable(argument)
    let one = workspace.number(1)
    let grown = workspace.expression(.apply(.exp, derivative: 0, z))
    let negative = workspace.expression(.negative(z))
    let decayed = workspace.expression(.apply(.exp, derivative: 0, negative))
    let minusOne = workspace.number(-1)
    for (above, exponential) in [(one, decayed), (grown, grown)] {
      for terms in [[one, exponential], [exponential, one]] {
        let below = workspace.expression(.sum(terms))
        if written == workspace.expression(.quotient(above, below)) { return true }
        if above == one, written == workspace.expression(.power(below, minusOne)) { return true }
      }
    }
    return false
  }
}

extension Formula {
  /// Whether a name stands in the formula, and not only below others: `W_H` reads no H.
  fileprivate func reads(_ name: Identifier) -> Bool {
    switch kind {
    case .identifier(let other): other == name
    case .scripts(let base, _, let above, _):
      base.reads(name) || above.map { $0.reads(name) } ?? false
    default: children.contains { $0.reads(name) }
    }
  }
}
