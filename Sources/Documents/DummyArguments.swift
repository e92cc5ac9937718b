import Notation

/// `p_i = \sigma(z_i)` beside `\sigma(z) = 1/(1 + e^{-z})`: a letter that stands alone only where a page says what a
/// function or its slope is at any number is no name of the page, and z_i is no entry of it.
struct DummyArguments {
  private var exchanged: [(letter: Formula.Identifier, own: Formula.Identifier)] = []

  init(surveying formulas: [Formula]) {
    var dummies: [Formula.Identifier] = []
    for relation in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      if let letter = Self.dummy(of: relation), !dummies.contains(letter) { dummies.append(letter) }
    }
    for letter in dummies
    where formulas.contains(where: { Self.isBorne(letter, in: $0) })
      && !formulas.contains(where: { Self.standsAlone(letter, in: $0) })
    {
      let taken = exchanged.map { $0.own.name }
      let free = ["x", "u", "v", "y", "r", "q", "a", "s"].filter { !taken.contains($0) }
      guard let own = Formula.Identifier.unused(of: free, in: formulas) else { return }
      exchanged.append((letter, own))
    }
  }

  /// The z of `\sigma(z) = …` and of `\sigma'(z) = …`, and of what is said of nothing but functions of it,
  /// `1 - \sigma(z) = \sigma(-z)`.
  private static func dummy(of relation: Formula) -> Formula.Identifier? {
    guard case .relations(let left, let members) = relation.kind,
      members.allSatisfy({ $0.sign == .equal || $0.sign == .defines })
    else { return nil }
    let sides = members.map { $0.formula }
    func isDummy(_ letter: Formula.Identifier) -> Bool {
      sides.contains { standsAlone(letter, in: $0) }
        && !(sides + [left]).contains { isBorne(letter, in: $0) }
    }
    if case .juxtaposition(let items) = left.kind, items.count == 2, items[0].isNameOfFunction,
      case .fenced(.parentheses, let inner) = items[1].kind, let letter = inner.identifier
    {
      return isDummy(letter) ? letter : nil
    }
    var (names, applies) = ([Formula.Identifier](), false)
    func note(_ formula: Formula) {
      if let name = formula.identifier {
        if StandardFunction(name) != nil {
          applies = true
        } else if !names.contains(name), name.name != "e" {
          names.append(name)
        }
        return
      }
      guard case .juxtaposition(let items) = formula.kind else {
        formula.children.forEach(note)
        return
      }
      for (i, item) in items.enumerated() {
        let isApplied =
          i + 1 < items.count && items[i + 1].isParenthesised && item.isNameOfFunction
        if isApplied { applies = true } else { note(item) }
      }
    }
    ([left] + sides).forEach(note)
    guard applies, names.count == 1, isDummy(names[0]) else { return nil }
    return names[0]
  }

  /// Whether a letter bears an index or a step.
  private static func isBorne(_ letter: Formula.Identifier, in formula: Formula) -> Bool {
    if case .scripts(let base, let below, let above, _) = formula.kind, base.identifier == letter,
      below != nil || above.map({ $0.unfenced.identifier != nil || $0.isParenthesised }) == true
    {
      return true
    }
    return formula.children.contains { isBorne(letter, in: $0) }
  }

  /// Whether it stands without, but for what is said of a function at any number.
  private static func standsAlone(_ letter: Formula.Identifier, in formula: Formula) -> Bool {
    if formula.identifier == letter { return true }
    if dummy(of: formula) == letter { return false }
    if isBorne(letter, in: formula), case .scripts(let base, _, _, _) = formula.kind,
      base.identifier == letter
    {
      return false
    }
    return formula.children.contains { standsAlone(letter, in: $0) }
  }

  func restoring(_ formula: Formula) -> Formula {
    if exchanged.isEmpty { return formula }
    if let letter = Self.dummy(of: formula),
      let known = exchanged.first(where: { $0.letter == letter })
    {
      return Self.replacing(letter, by: known.own, in: formula)
    }
    return formula.mappingChildren { restoring($0) }
  }

  private static func replacing(
    _ letter: Formula.Identifier, by own: Formula.Identifier, in formula: Formula
  ) -> Formula {
    if formula.identifier == letter { return Formula(.identifier(own), formula.span) }
    return formula.mappingChildren { replacing(letter, by: own, in: $0) }
  }
}

extension Formula {
  /// `f`, `\sigma'`
  fileprivate var isNameOfFunction: Bool {
    switch kind {
    case .identifier: return true
    case .scripts(let base, nil, nil, let primes): return primes > 0 && base.identifier != nil
    default: return false
    }
  }
}
