import Expressions
import Notation

/// Letters that stand for functions, and equations that name a function without its argument.
extension PageReader {
  /// `φ(z)`, `f(x)`: a letter that is only ever applied is a function.
  mutating func noteGenericFunctions(_ formula: Formula, in workspace: inout Workspace) {
    var found: [String] = []
    let lexicon = page.notation.lexicon
    formula.visit { part in
      guard case .juxtaposition(let items) = part.kind else { return }
      for (i, item) in items.enumerated().dropLast() {
        var base = item
        if case .scripts(let inner, nil, _, let primes) = item.kind, primes > 0 { base = inner }
        guard let identifier = base.identifier, StandardFunction(identifier) == nil,
          items[i + 1].isParenthesised, identifier.decorations.isEmpty
        else { continue }
        if StandardFunction.isOtherActivation(identifier) { found.append(identifier.latex) }
        guard identifier.font == .italic else { continue }
        let isLetter =
          identifier.name == "phi" || identifier.name == "varphi" || identifier.name == "psi"
          || identifier.name == "f" || identifier.name == "g" || identifier.name == "rho"
          || LabelledActivations.isLabelled(identifier)
        guard
          isLetter || lexicon.functions.contains(identifier.latex)
            || isAppliedEverywhere(identifier)
        else { continue }
        found.append(identifier.latex)
      }
    }
    for name in found
    where !page.notation.genericFunctions.contains(where: { $0.name == name })
      && !page.notation.definedFunctions.contains(where: { $0.name == name })
      && !lexicon.isFamily(name) && lexicon.declaredOrder(of: name) == nil
    {
      let function = (name, workspace.function(named: name))
      if definesFunction(name) {
        page.notation.definedFunctions.append(function)
      } else {
        page.notation.genericFunctions.append(function)
      }
    }
  }

  /// `z_j = h(a_j)` beside `h'(a_j)`: a letter that never stands without an argument, and whose slope is
  /// taken.
  private func isAppliedEverywhere(_ name: Formula.Identifier) -> Bool {
    var (isApplied, hasSlope, stands) = (false, false, false)
    func visit(_ formula: Formula) {
      switch formula.kind {
      case .identifier(let other): stands = stands || other == name
      case .juxtaposition(let items):
        for (i, item) in items.enumerated() {
          guard i + 1 < items.count, items[i + 1].isParenthesised else {
            visit(item)
            continue
          }
          if item.identifier == name {
            isApplied = true
          } else if case .scripts(let base, nil, nil, let primes) = item.kind, primes > 0,
            base.identifier == name
          {
            hasSlope = true
          } else {
            visit(item)
          }
        }
      default: formula.children.forEach(visit)
      }
    }
    for formula in page.surveyed where formula.identifier != name { visit(formula) }
    return isApplied && hasSlope && !stands
  }

  /// Whether the page gives the function a formula.
  func definesFunction(_ name: String) -> Bool {
    for formula in page.surveyed {
      for relation in Lexicon.relationsIn(formula) {
        if case .relations(let left, _) = relation.kind, case .juxtaposition(let items) = left.kind,
          items.count == 2, items[0].identifier?.latex == name, items[1].isParenthesised,
          items[1].unfenced.identifier != nil
        {
          return true
        }
      }
    }
    return false
  }

  /// `\theta_{t+1} = \theta_t - \alpha \nabla J(\theta_t)`, `x_{k+1} = x_k - f(x_k)/f'(x_k)` where nothing else computes θ: the steps of
  /// a method, no claim about derivatives.
  func isUpdate(
    _ statement: Statement, _ variable: Variable?, _ key: NameKey?, _ rightKeys: [NameKey]
  ) -> Bool {
    guard let key, key.isFamily, variable?.time.map({ $0.literal == nil }) ?? false else {
      return false
    }
    return rightKeys.contains(key)
      && (statement.right.mentions("nabla") || readsSlope(statement.right))
      && !computed.contains(key) && !page.unread.contains(key)
  }

  /// `f'(x_k)` of a function of the page.
  private func readsSlope(_ formula: Formula) -> Bool {
    var found = false
    formula.visit { part in
      guard case .scripts(let base, nil, nil, 1...) = part.kind, let name = base.identifier,
        page.notation.functions.contains(where: { $0.name == name.latex })
      else { return }
      found = true
    }
    return found
  }

  /// `r = Xw - y`: what a name is by other names, in whatever role the equation stands.
  mutating func noteExplained() {
    func note(_ left: Formula, _ members: [Formula]) {
      guard let name = left.scriptedBase else { return }
      var isExplained = false
      for member in members {
        member.visit { part in
          if let other = part.identifier, other != name, other.name != "top" { isExplained = true }
        }
      }
      if isExplained { page.notation.explained.insert(name.latex) }
    }
    for relation in page.surveyed.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = relation.kind else { continue }
      let equal = members.filter { $0.sign == .equal || $0.sign == .defines }
      let sides = [left] + equal.map { $0.formula }
      for (i, side) in sides.enumerated() {
        // What a derivative comes to is not what the name behind it is.
        let others = sides.enumerated().filter { j, other in
          j > i || j < i && !other.mentions("nabla") && !other.mentions("partial")
        }.map { $0.element }
        note(side, others)
        for cell in side.column ?? [] { note(cell, others) }
      }
    }
  }

  /// `f_t = \sigma(w_f)` where nothing else speaks of w_f and the page differentiates f by other
  /// names: short for an equation that is not written, and no equation.
  mutating func dropAbbreviations() {
    let equations = page.definitions
    page.definitions = equations.filter { definition in
      guard definition.names.count == 1, isAppliedName(definition.right) else { return true }
      let read = definition.names[0]
      let denominators = page.derivatives.filter { $0.numerator == definition.key }
        .map { $0.denominator }
      return !denominators.contains { $0 != definition.key } || denominators.contains(read)
        || equations.contains {
          $0.key == read || $0.key != definition.key && $0.names.contains(read)
        }
        || page.statements.contains {
          $0.index != definition.statement && $0.names.contains(read)
        }
    }
  }

  /// A function of the field applied to a name alone.
  private func isAppliedName(_ formula: Formula) -> Bool {
    guard case .juxtaposition(let items) = formula.kind, items.count == 2,
      let function = items[0].identifier, StandardFunction(function) != nil,
      items[1].isParenthesised
    else { return false }
    return isName(items[1].unfenced)
  }
}
