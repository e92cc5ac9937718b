import Notation

/// Letters that count entries or members, though by custom they would not, and what they are read as: letters by
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
    for (letter, primes) in found {
      let isTime = letter.name == "t" || letter.name == "tau"
      rename(letter, primes, to: isTime ? ["s", "r", "u"] : ["j", "l", "i", "k"], in: formulas)
    }
  }

  /// `\bar x = \frac1B \sum_{b=1}^B x_b`, `\pi_a = e^{\theta_a} / \sum_b e^{\theta_b}`: a letter that sums count
  /// with, and another that the same names bear, where they stand nowhere but below names and sums and in what
  /// says which values they have.
  init(countingIn formulas: [Formula]) {
    let letters = Self.counters(in: formulas)
    for letter in letters + Self.companions(of: letters, in: formulas)
    where !formulas.contains(where: { Self.uses(letter, beyondCounting: $0) }) {
      rename(Formula.Identifier(letter), 0, to: Self.customary, in: formulas)
    }
  }

  private static let customary = ["i", "j", "k", "l", "m", "n"]

  /// The letters of sums over members that bear them.
  private static func counters(in formulas: [Formula]) -> [String] {
    var found: [String] = []
    for formula in formulas {
      formula.visit { part in
        guard case .big(.sum, let below?, _, let body) = part.kind, let letter = below.counter,
          isLetter(letter), !customary.contains(letter.name), !found.contains(letter.name)
        else { return }
        var isBorne = false
        body.visit { isBorne = isBorne || Positions.member($0)?.letter == letter.name }
        if isBorne { found.append(letter.name) }
      }
    }
    return found
  }

  /// The other letters that the members bear alone.
  private static func companions(of letters: [String], in formulas: [Formula]) -> [String] {
    var (members, borne): ([Formula.Identifier], [(name: Formula.Identifier, letter: String)]) = (
      [], []
    )
    for formula in formulas {
      formula.visit { part in
        guard case .scripts(_, let below?, _, _) = part.kind, let letter = below.identifier,
          isLetter(letter), let (name, own) = Positions.member(part)
        else { return }
        if letters.contains(own) { members.append(name) }
        borne.append((name, own))
      }
    }
    var found: [String] = []
    for (name, letter) in borne
    where members.contains(name) && !letters.contains(letter) && !customary.contains(letter)
      && !found.contains(letter)
    {
      found.append(letter)
    }
    return found
  }

  private static func isLetter(_ identifier: Formula.Identifier) -> Bool {
    identifier.isPlain(identifier.name) && identifier.name.utf8.count == 1
      && identifier.name.utf8.allSatisfy { $0 >= 97 && $0 <= 122 } && identifier.name != "t"
  }

  /// Whether a letter does anything but count: it stands alone below a name, below a sum and in what says which
  /// values it has.
  private static func uses(_ letter: String, beyondCounting formula: Formula) -> Bool {
    func isLetter(_ part: Formula) -> Bool { part.identifier?.isPlain(letter) == true }
    switch formula.kind {
    case .identifier(let name): return name.name == letter
    case .scripts(let base, let below?, let above, _)
    where Lexicon.letters(of: below).allSatisfy({ $0.identifier != nil }):
      return uses(letter, beyondCounting: base)
        || above.map { uses(letter, beyondCounting: $0) } ?? false
    // From `b + 1` on, up to `b - 1`.
    case .big(_, _, _, let body): return uses(letter, beyondCounting: body)
    case .relations(let left, let members)
    where isLetter(left) || members.contains { isLetter($0.formula) }:
      return ([left] + members.map { $0.formula }).contains {
        !isLetter($0) && uses(letter, beyondCounting: $0)
      }
    default: return formula.children.contains { uses(letter, beyondCounting: $0) }
    }
  }

  private mutating func rename(
    _ letter: Formula.Identifier, _ primes: Int, to letters: [String], in formulas: [Formula]
  ) {
    let taken = renamed.map { $0.own.name }
    let free = letters.filter { !taken.contains($0) }
    guard let own = Formula.Identifier.unused(of: free, in: formulas) else { return }
    renamed.append((letter, primes, own))
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
