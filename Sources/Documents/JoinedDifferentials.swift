import Notation

/// `\mathrm{dW} = …`: the upright name of a gradient, where the page has a W and computes `dW`.
struct JoinedDifferentials {
  private var names: [Formula.Identifier: Formula.Identifier] = [:]

  init(surveying formulas: [Formula]) {
    var letters: [Formula.Identifier] = []
    for formula in formulas {
      formula.visit { part in
        if let name = part.identifier, name.font == .italic { letters.append(name) }
      }
    }
    for relation in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = relation.kind, members[0].sign == .equal,
        let name = left.scriptedBase, name.font == .upright, name.decorations.isEmpty,
        name.name.utf8.first == UInt8(ascii: "d"), StandardFunction(name) == nil
      else { continue }
      let node = Formula.Identifier(String(name.name.dropFirst()))
      if letters.contains(node) { names[name] = node }
    }
  }

  func restoring(_ formula: Formula) -> Formula {
    if names.isEmpty { return formula }
    guard let name = formula.scriptedBase, let node = names[name] else {
      return formula.mappingChildren { restoring($0) }
    }
    var whole = Formula(.identifier(node), formula.span)
    if case .scripts(_, let below, let above, let primes) = formula.kind {
      whole = Formula(.scripts(whole, below: below, above: above, primes: primes), formula.span)
    }
    let mark = Formula(.identifier(Formula.Identifier("d")), formula.span)
    return Formula(.juxtaposition([mark, whole]), formula.span)
  }
}
