import Notation

/// One name in two fonts: a vector printed bold or upright whose entries are italic, and a product
/// that stands under one font command (`\mathrm{Wh}_{t-1}` for `W h_{t-1}`).
struct FontVariants {
  /// Vectors with the italic letter of their entries.
  private var vectors: [(printed: Formula.Identifier, letter: Formula.Identifier)] = []
  /// Letters that the page prints side by side, the second with a script.
  private var neighbours: [(first: String, second: String)] = []

  init(surveying formulas: [Formula]) {
    var bare: [Formula.Identifier] = []
    var scripted: [Formula.Identifier] = []
    var single: [Formula.Identifier] = []
    for formula in formulas { FontVariants.collect(formula, &bare, &scripted, &single) }
    for printed in bare + scripted
    where (printed.font == .bold || printed.font == .upright) && printed.name.utf8.count == 1 {
      var letter = printed
      letter.font = .italic
      let isLower = printed.name.utf8.first.map { $0 >= 97 } ?? false
      // Beside `\mathbf h_t` an entry bears one more letter: `h_{t,i}`.
      let isOfStep = scripted.contains(printed)
      if isLower, scripted.contains(letter), !bare.contains(letter),
        !isOfStep || printed.font == .bold && !single.contains(letter),
        !vectors.contains(where: { $0.printed == printed })
      {
        vectors.append((printed, letter))
      }
    }
    for formula in formulas {
      formula.visit { part in
        guard case .juxtaposition(let items) = part.kind else { return }
        for (first, second) in zip(items, items.dropFirst()) {
          guard let a = first.identifier, a.font == .italic, a.name.utf8.count == 1,
            case .scripts(let base, _?, _, _) = second.kind, let b = base.identifier,
            b.font == .italic, b.name.utf8.count == 1
          else { continue }
          neighbours.append((a.name, b.name))
        }
      }
    }
  }

  private static func collect(
    _ formula: Formula, _ bare: inout [Formula.Identifier], _ scripted: inout [Formula.Identifier],
    _ single: inout [Formula.Identifier]
  ) {
    switch formula.kind {
    case .identifier(let identifier): if !bare.contains(identifier) { bare.append(identifier) }
    case .scripts(let base, let below, let above, _):
      let isStep = below == nil && above?.isParenthesised == true
      guard let identifier = base.identifier, below != nil || isStep else { fallthrough }
      if !scripted.contains(identifier) { scripted.append(identifier) }
      let letters = (below.map { Lexicon.letters(of: $0).count } ?? 0) + (above == nil ? 0 : 1)
      if letters < 2, !single.contains(identifier) { single.append(identifier) }
    default: for child in formula.children { collect(child, &bare, &scripted, &single) }
    }
  }

  /// The formula with products put apart, which repairs it, and vectors named as their entries.
  func restoring(_ formula: Formula) -> (formula: Formula, isRepaired: Bool) {
    var isRepaired = false
    let restored = restoring(formula, &isRepaired)
    return (restored, isRepaired)
  }

  private func restoring(_ formula: Formula, _ isRepaired: inout Bool) -> Formula {
    if let product = product(formula) {
      isRepaired = true
      return product
    }
    if let identifier = formula.identifier,
      let letter = vectors.first(where: { $0.printed == identifier })?.letter
    {
      return Formula(.identifier(letter), formula.span)
    }
    return formula.mappingChildren { restoring($0, &isRepaired) }
  }

  /// `\mathrm{Wh}_{t-1}`, `\mathrm{Ux_t}`: letters that stand side by side elsewhere.
  private func product(_ formula: Formula) -> Formula? {
    var (base, below, above) = (formula, Formula?.none, Formula?.none)
    if case .scripts(let inner, let under, let over, 0) = formula.kind {
      (base, below, above) = (inner, under, over)
    }
    guard let identifier = base.identifier, identifier.font == .upright,
      identifier.decorations.isEmpty
    else { return nil }
    var letters = Array(identifier.name.utf8)
    if let mark = letters.firstIndex(of: UInt8(ascii: "_")), below == nil {
      below = FontVariants.script(Array(letters[(mark + 1)...]), base.span)
      letters = Array(letters[..<mark])
    }
    guard letters.count > 1, letters.allSatisfy(isLetter), below != nil else { return nil }
    let names = letters.map { String(decoding: [$0], as: UTF8.self) }
    for (first, second) in zip(names, names.dropFirst())
    where !neighbours.contains(where: { $0.first == first && $0.second == second }) {
      return nil
    }
    var factors = names.map { Formula(.identifier(Formula.Identifier($0)), base.span) }
    let last = factors.removeLast()
    factors.append(
      Formula(
        .scripts(last, below: below.map(FontVariants.italic), above: above, primes: 0),
        formula.span))
    return Formula(.juxtaposition(factors), formula.span)
  }

  /// `i-1` set upright.
  private static func italic(_ script: Formula) -> Formula {
    guard let identifier = script.identifier, identifier.font == .upright else { return script }
    return self.script(Array(identifier.name.utf8), script.span)
  }

  private static func script(_ bytes: [UInt8], _ span: Span) -> Formula {
    var text = bytes
    text.removeAll { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
    return Formula(parsing: text)
  }
}
