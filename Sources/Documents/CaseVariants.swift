import Notation

/// An input printed in the other case: `x_3` on a page whose equations read `X_3` and that says
/// nothing else of x.
struct CaseVariants {
  /// Each stranger with the letter that the equations read.
  private var known: [(stranger: Formula.Identifier, name: Formula.Identifier)] = []

  init(surveying formulas: [Formula]) {
    let relations = formulas.flatMap { Lexicon.relationsIn($0) }
    let equations = relations.compactMap { StepEquation($0) }
    var read: [Formula.Identifier] = []
    for side in equations.flatMap({ $0.left + [$0.right] }) {
      read += Self.families(in: side)
    }
    // What the page declares, equates or differentiates is no misprint.
    var named: [Formula.Identifier] = []
    for case .relations(let left, let members) in relations.map({ $0.kind })
    where members[0].sign != .colon {
      for side in [left] + members.map({ $0.formula }) {
        let names: [Formula]
        if case .list(let items) = side.kind { names = items } else { names = [side] }
        named += names.compactMap { $0.unfencedScripts.identifier }
      }
    }
    for formula in formulas {
      formula.visit { part in
        guard case .fraction(let above, let below) = part.kind,
          Elaborator.partialHead(above) != nil
        else { return }
        for side in [above, below] { named += Self.families(in: side) }
      }
    }
    let letters = equations.flatMap { $0.left + [$0.right] }.flatMap { Self.letters(in: $0) }
    for stranger in formulas.flatMap({ Self.families(in: $0, at: letters) })
    where !read.contains(stranger) && !named.contains(stranger) && !stranger.isPlain("I")
      && !known.contains(where: { $0.stranger == stranger })
    {
      if let name = read.first(where: { Self.differInCase($0, stranger) }) {
        known.append((stranger, name))
      }
    }
  }

  /// The bases of names with a number or a step below.
  /// - Parameter letters: those that count steps; nil for any.
  private static func families(
    in formula: Formula, at letters: [String]? = nil
  ) -> [Formula.Identifier] {
    var found: [Formula.Identifier] = []
    formula.visit { part in
      guard case .scripts(let base, let below?, nil, 0) = part.kind,
        let time = AffineLetters(below), let identifier = base.identifier,
        !found.contains(identifier),
        letters.map({ letters in time.terms.allSatisfy { letters.contains($0.letter) } }) ?? true
      else { return }
      found.append(identifier)
    }
    return found
  }

  /// The letters that stand below names.
  private static func letters(in formula: Formula) -> [String] {
    var found: [String] = []
    formula.visit { part in
      guard case .scripts(_, let below?, _, _) = part.kind, let time = AffineLetters(below) else {
        return
      }
      found += time.terms.map { $0.letter }
    }
    return found
  }

  private static func differInCase(_ a: Formula.Identifier, _ b: Formula.Identifier) -> Bool {
    a.font == b.font && a.decorations == b.decorations && a != b && a.name.utf8.count == 1
      && a.name.lowercased() == b.name.lowercased()
  }

  func restoring(_ formula: Formula) -> Formula {
    if known.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .scripts(let base, let below?, nil, 0) = formula.kind, AffineLetters(below) != nil,
      let name = known.first(where: { $0.stranger == base.identifier })?.name
    else { return formula }
    return Formula(
      .scripts(Formula(.identifier(name), base.span), below: below, above: nil, primes: 0),
      formula.span)
  }
}
