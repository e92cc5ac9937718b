import Notation

/// `\ell(h_t, y_t)`: a loss without a step of its own that is only ever taken of what stands at one.
/// Its value at step t is the node `\ell_t`.
struct SteppedLosses {
  private var names: [Formula.Identifier] = []

  init(surveying formulas: [Formula]) {
    var uses: [(name: Formula.Identifier, steps: [Formula?])] = []
    for formula in formulas {
      Self.visit(formula) { name, next in
        let step = next.flatMap { Self.step(of: $0) }
        if let i = uses.firstIndex(where: { $0.name == name }) {
          uses[i].steps.append(step)
        } else {
          uses.append((name, [step]))
        }
      }
    }
    // L = ∑_t L(y_t): the total has the name of its terms.
    let totals = formulas.flatMap { Lexicon.relationsIn($0) }.compactMap { relation in
      if case .relations(let left, _) = relation.kind { left.identifier } else { nil }
    }
    names = uses.filter { name, steps in
      steps.contains { $0.flatMap { Self.place(of: $0) }?.soleLetter != nil }
        && (totals.contains(name) || !steps.contains { $0 == nil })
    }.map { $0.name }
  }

  /// Every loss with what stands behind it in parentheses; nil for one that is not applied so.
  private static func visit(
    _ formula: Formula, _ act: (Formula.Identifier, Formula?) -> Void
  ) {
    switch formula.kind {
    case .identifier(let name): if isLoss(name) { act(name, nil) }
    // With a step of its own it is that node already.
    case .scripts(let base, let below, let above, 0)
    where base.identifier.map(isLoss) == true && (below == nil) != (above == nil): break
    case .juxtaposition(let items):
      for (i, item) in items.enumerated() {
        let next = i + 1 < items.count && items[i + 1].isParenthesised ? items[i + 1] : nil
        if let name = item.identifier, isLoss(name) { act(name, next) } else { visit(item, act) }
      }
    default: for child in formula.children { visit(child, act) }
    }
  }

  private static func isLoss(_ name: Formula.Identifier) -> Bool {
    PageReader.lossNames.contains(name.latex) || name.isPlain("l")
  }

  /// The scripts of the first of the arguments that has some, if all others that have some have the
  /// same.
  private static func step(of arguments: Formula) -> Formula? {
    guard case .fenced(.parentheses, let inner) = arguments.kind else { return nil }
    var items = [inner]
    if case .list(let list) = inner.kind { items = list }
    var found: Formula?
    for item in items {
      guard case .scripts(_, let below, let above, 0) = item.kind else { continue }
      guard (below == nil) != (above == nil) else { return nil }
      if let found, place(of: found) != place(of: item) || isBelow(found) != isBelow(item) {
        return nil
      }
      found = found ?? item
    }
    return found
  }

  private static func isBelow(_ step: Formula) -> Bool {
    if case .scripts(_, .some, _, _) = step.kind { return true }
    return false
  }

  private static func place(of step: Formula) -> AffineLetters? {
    guard case .scripts(_, let below, let above, _) = step.kind, let place = below ?? above else {
      return nil
    }
    return AffineLetters(place.unfenced)
  }

  func restoring(_ formula: Formula) -> Formula {
    if names.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .juxtaposition(var items) = formula.kind else { return formula }
    for i in items.indices.dropLast() {
      guard let name = items[i].identifier, names.contains(name),
        let step = Self.step(of: items[i + 1]),
        case .scripts(_, let below, let above, _) = step.kind
      else { continue }
      items[i] = Formula(.scripts(items[i], below: below, above: above, primes: 0), items[i].span)
    }
    return Formula(.juxtaposition(items), formula.span)
  }
}
