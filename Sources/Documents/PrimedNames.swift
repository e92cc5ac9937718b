import Notation

/// `W'` beside `W`: a primed letter is a name of its own where the page transposes it, computes it,
/// declares it, differentiates by it, or multiplies a node by the capital; of a function it is the slope.
struct PrimedNames {
  private var names: [Formula.Identifier] = []

  init(surveying formulas: [Formula]) {
    var found: [Formula.Identifier] = []
    func note(_ formula: Formula) {
      guard case .scripts(let base, _, _, let primes) = formula.kind, primes > 0,
        let name = base.identifier, name.font == .italic || name.font == .bold,
        name.name.utf8.count == 1, StandardFunction(name) == nil
      else { return }
      let upper = Formula.Identifier(Elaborator.uppercased(name.name), font: name.font)
      found += [name, upper]
    }
    for formula in formulas {
      formula.visit { part in
        switch part.kind {
        case .scripts(_, _, let above?, let primes) where primes > 0:
          if above.isTransposeMark { note(part) }
        case .relations(let left, let members):
          if [.equal, .defines, .elementOf].contains(members[0].sign) { note(left) }
        case .juxtaposition(let items):
          for (item, next) in zip(items, items.dropFirst()) {
            guard case .scripts(let base, nil, nil, 1...) = item.kind,
              base.identifier?.isUppercase == true,
              case .scripts(let node, _?, nil, 0) = next.kind,
              node.identifier?.isUppercase == false
            else { continue }
            note(item)
          }
        case .fraction(_, let below):
          if let rest = Elaborator.partialHead(below)?.rest, rest.count == 1 { note(rest[0]) }
        default: break
        }
      }
    }
    names = found.filter { name in !formulas.contains { Self.applies(name, in: $0) } }
  }

  /// Whether a name stands before an argument.
  private static func applies(_ name: Formula.Identifier, in formula: Formula) -> Bool {
    var found = false
    formula.visit { part in
      guard case .juxtaposition(let items) = part.kind, !name.isUppercase else { return }
      for (item, next) in zip(items, items.dropFirst()) where next.isParenthesised {
        if case .scripts(let base, nil, _, _) = item.kind, base.identifier == name { found = true }
        if item.identifier == name { found = true }
      }
    }
    return found
  }

  func restoring(_ formula: Formula) -> Formula {
    if names.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .scripts(let base, let below, let above, let primes) = formula.kind, primes > 0,
      var name = base.identifier, names.contains(name)
    else { return formula }
    name.name += String(repeating: "'", count: primes)
    let whole = Formula(.identifier(name), base.span)
    if below == nil, above == nil { return Formula(whole.kind, formula.span) }
    return Formula(.scripts(whole, below: below, above: above, primes: 0), formula.span)
  }
}
