import Notation

/// `\nabla f`, `\nabla^2 f` where the page says `f = x^\top A x`: by the only vector that the equation
/// of f names.
struct BareGradients {
  private var variables: [(function: Formula.Identifier, variable: Formula)] = []

  init(surveying formulas: [Formula]) {
    var orders: [Formula.Identifier: Int] = [:]
    let relations = formulas.flatMap { Lexicon.relationsIn($0) }
    for relation in relations {
      guard case .relations(let left, let members) = relation.kind else { continue }
      for member in members where member.sign == .elementOf {
        guard let space = Space(member.formula) else { continue }
        var names = [left]
        if case .list(let items) = left.kind { names = items }
        for name in names.compactMap({ $0.identifier }) { orders[name] = space.order }
      }
    }
    let equations = relations.compactMap { StepEquation($0) }
    let computed = equations.flatMap { $0.left }.compactMap { $0.unfencedScripts.identifier }
    for equation in equations {
      guard equation.left.count == 1, let name = equation.left[0].identifier,
        computed.count(where: { $0 == name }) == 1
      else { continue }
      var vectors: [Formula.Identifier] = []
      var isClear = true
      Self.visitNames(of: equation.right) { inner in
        if computed.contains(inner) || orders[inner] == nil { isClear = false }
        if orders[inner] == 1, !vectors.contains(inner) { vectors.append(inner) }
      }
      if isClear, vectors.count == 1 {
        variables.append(
          (name, Formula(.identifier(vectors[0]), equation.left[0].span)))
      }
    }
  }

  /// The names of a formula that are no functions, no transposes and no indices.
  private static func visitNames(of formula: Formula, _ note: (Formula.Identifier) -> Void) {
    switch formula.kind {
    case .identifier(let name): if StandardFunction(name) == nil { note(name) }
    case .scripts(let base, _, let above, _):
      visitNames(of: base, note)
      if let above, !above.isTransposeMark, above.identifier?.isPlain("T") != true {
        visitNames(of: above, note)
      }
    case .big(_, _, _, let body): visitNames(of: body, note)
    default: for child in formula.children { visitNames(of: child, note) }
    }
  }

  func restoring(_ formula: Formula) -> Formula {
    if variables.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .juxtaposition(var items) = formula.kind else { return formula }
    for i in items.indices.dropLast() {
      guard items[i].unfencedScripts.identifier?.isPlain("nabla") == true,
        let name = items[i + 1].identifier,
        let variable = variables.first(where: { $0.function == name })?.variable,
        i + 2 == items.count || !items[i + 2].isParenthesised
      else { continue }
      switch items[i].kind {
      case .identifier:
        items[i] = Formula(
          .scripts(items[i], below: variable, above: nil, primes: 0), items[i].span)
      case .scripts(let base, nil, let above?, 0):
        items[i] = Formula(
          .scripts(base, below: variable, above: above, primes: 0), items[i].span)
      default: continue
      }
    }
    return Formula(.juxtaposition(items), formula.span)
  }
}
