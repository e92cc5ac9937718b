import Notation

/// `\nabla f`, `\nabla^2 f` where the page says `f = x^\top A x`: by the only vector that the equation
/// of f names; `\nabla E(w)` where it says `E(w) = …`: by the argument.
struct BareGradients {
  private var variables: [(function: Formula.Identifier, variable: Formula)] = []
  /// The functions that equations compute with their argument.
  private var applied: [(function: Formula.Identifier, argument: Formula)] = []

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
    for case .relations(let left, let members) in relations.map({ $0.kind })
    where members[0].sign == .equal || members[0].sign == .defines {
      guard case .juxtaposition(let items) = left.kind, items.count == 2,
        let name = items[0].identifier, items[1].isParenthesised,
        items[1].unfenced.identifier != nil
      else { continue }
      applied.append((name, items[1].unfenced))
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

  /// - Parameter next: what stands behind the function.
  private func variable(of function: Formula.Identifier, before next: Formula?) -> Formula? {
    if let next, next.isParenthesised {
      let argument = next.unfenced.spelled
      return applied.first { $0.function == function && $0.argument.spelled == argument }?.argument
    }
    return variables.first { $0.function == function }?.variable
  }

  func restoring(_ formula: Formula) -> Formula {
    if variables.isEmpty, applied.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .juxtaposition(var items) = formula.kind else { return formula }
    for i in items.indices.dropLast() {
      guard items[i].unfencedScripts.identifier?.isPlain("nabla") == true,
        let name = items[i + 1].identifier,
        let variable = variable(of: name, before: items.dropFirst(i + 2).first)
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
