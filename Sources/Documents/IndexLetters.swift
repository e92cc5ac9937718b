import Notation

/// Letters that count entries, though by custom they would not, and what they are read as: letters by
/// custom that the page does not use.
struct IndexLetters {
  private var renamed: [(letter: Formula.Identifier, primes: Int, own: Formula.Identifier)] = []

  /// `\sum_{k'} e^{z_{k'}}` beside k: a primed letter that counts a sum is a letter of its own.
  init(primedIn formulas: [Formula]) {
    var found: [(letter: Formula.Identifier, primes: Int)] = []
    for formula in formulas {
      formula.visit { part in
        guard case .big(_, let below?, _, _) = part.kind else { return }
        var counter = below
        if case .relations(let left, _) = below.kind { counter = left }
        if let (letter, primes) = Self.primed(counter),
          !found.contains(where: { $0.letter == letter && $0.primes == primes })
        {
          found.append((letter, primes))
        }
      }
    }
    rename(found, in: formulas)
  }

  /// `\pi_a = e^{\theta_a} / \sum_b e^{\theta_b}`, or `\sum_a \theta_a` with a declared vector θ: letters
  /// that stand nowhere but below names and sums.
  init(foreignIn formulas: [Formula]) {
    let relations = formulas.flatMap { Lexicon.relationsIn($0) }
    let vectors = ClassIndices.declared(in: relations)
    var found: [Formula.Identifier] = []
    func note(_ letter: Formula.Identifier?) {
      if let letter, letter.isPlain(letter.name), Self.isForeign(letter.name),
        !found.contains(letter)
      {
        found.append(letter)
      }
    }
    for formula in formulas {
      formula.visit { part in
        guard case .big(.sum, let below?, _, let body) = part.kind, let letter = below.counter
        else {
          return
        }
        if Positions.bearers(of: letter.name, in: body).contains(where: {
          vectors.contains($0.latex)
        }) {
          note(letter)
        }
      }
    }
    for relation in relations {
      guard let (letter, counter) = Self.normalized(relation) else { continue }
      note(letter)
      note(counter)
    }
    if found.isEmpty { return }
    found.removeAll { letter in formulas.contains { Self.stands(letter, in: $0) } }
    rename(found.map { ($0, 0) }, in: formulas)
  }

  /// The a and the b of `\pi_a = e^{\theta_a} / \sum_b e^{\theta_b}`.
  private static func normalized(
    _ relation: Formula
  ) -> (letter: Formula.Identifier, counter: Formula.Identifier)? {
    guard case .relations(let left, let members) = relation.kind,
      members[0].sign == .equal || members[0].sign == .defines,
      case .scripts(_, let place?, nil, 0) = left.kind, let letter = place.identifier,
      case .fraction(let above, let sum) = members[0].formula.kind,
      case .big(.sum, let below?, _, let body) = sum.kind, let counter = below.counter,
      counter != letter
    else { return nil }
    let picked = Positions.bearers(of: letter.name, in: above)
    let summed = Positions.bearers(of: counter.name, in: body)
    return picked.contains { summed.contains($0) } ? (letter, counter) : nil
  }

  private static func isForeign(_ letter: String) -> Bool {
    letter.utf8.count == 1 && letter.utf8.allSatisfy { 97...122 ~= $0 }
      && !Lexicon.entryCounters.contains(letter) && letter != "t"
  }

  /// Whether a letter stands anywhere but alone below a name or a sum.
  private static func stands(_ letter: Formula.Identifier, in formula: Formula) -> Bool {
    switch formula.kind {
    case .identifier(let name): return name == letter
    case .scripts(let base, let below, let above, _):
      let places = below.map { Lexicon.letters(of: $0) } ?? []
      return stands(letter, in: base) || above.map { stands(letter, in: $0) } ?? false
        || places.contains { $0.identifier == nil && stands(letter, in: $0) }
    case .big(_, let below?, let above, let body):
      var start: Formula?
      if case .relations(_, let members) = below.kind { start = members[0].formula }
      return [start, above, body].contains { part in part.map { stands(letter, in: $0) } ?? false }
    default: return formula.children.contains { stands(letter, in: $0) }
    }
  }

  private mutating func rename(
    _ letters: [(letter: Formula.Identifier, primes: Int)], in formulas: [Formula]
  ) {
    if letters.isEmpty { return }
    var used: Set<String> = []
    for formula in formulas {
      formula.visit { if let name = $0.identifier { used.insert(name.name) } }
    }
    for (letter, primes) in letters {
      let isTime = letter.name == "t" || letter.name == "tau"
      let customary = isTime ? ["s", "r", "u"] : ["j", "l", "i", "k"]
      guard let own = customary.first(where: { !used.contains($0) }) else { continue }
      used.insert(own)
      renamed.append((letter, primes, Formula.Identifier(own)))
    }
  }

  private static func primed(
    _ formula: Formula
  ) -> (letter: Formula.Identifier, primes: Int)? {
    guard case .scripts(let base, nil, nil, let primes) = formula.kind, primes > 0,
      let letter = base.identifier, letter.isPlain(letter.name)
    else { return nil }
    return (letter, primes)
  }

  func restoring(_ formula: Formula) -> Formula {
    if renamed.isEmpty { return formula }
    let primed = Self.primed(formula) ?? formula.identifier.map { ($0, 0) }
    if let (letter, primes) = primed,
      let known = renamed.first(where: { $0.letter == letter && $0.primes == primes })
    {
      return Formula(.identifier(known.own), formula.span)
    }
    return formula.mappingChildren { restoring($0) }
  }

  /// How the page writes its letters.
  var written: [(letter: String, written: String)] {
    renamed.map { letter, primes, own in
      (own.name, letter.name + String(repeating: "'", count: primes))
    }
  }
}
