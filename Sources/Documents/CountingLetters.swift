import Notation

/// `\bar x = \frac1B \sum_{b=1}^B x_b`: a letter that counts the members of a family, and that custom does not count
/// with, is read as one that it does. So is the a of `x_a` beside `x_b`.
struct CountingLetters {
  private static let customary = ["i", "j", "k", "l", "m", "n"]
  /// The letters with what they are read as, in order.
  private(set) var exchanged: [(letter: String, as: Formula.Identifier)] = []

  init(surveying formulas: [Formula]) {
    let letters = Self.counters(in: formulas)
    if letters.isEmpty { return }
    for letter in letters + Self.companions(of: letters, in: formulas)
    where !formulas.contains(where: { Self.uses(letter, beyondCounting: $0) }) {
      let taken = exchanged.map { $0.as.name }
      guard
        let new = Formula.Identifier.unused(
          of: Self.customary.filter { !taken.contains($0) }, in: formulas)
      else { return }
      exchanged.append((letter, new))
    }
  }

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
    case .big(_, let below, let above, let body):
      let isCounted = below?.counter?.isPlain(letter) ?? false
      return !isCounted && below.map { uses(letter, beyondCounting: $0) } ?? false
        || above.map { uses(letter, beyondCounting: $0) } ?? false
        || uses(letter, beyondCounting: body)
    case .relations(let left, let members)
    where isLetter(left) || members.contains { isLetter($0.formula) }:
      return ([left] + members.map { $0.formula }).contains {
        !isLetter($0) && uses(letter, beyondCounting: $0)
      }
    default: return formula.children.contains { uses(letter, beyondCounting: $0) }
    }
  }

  func restoring(_ formula: Formula) -> Formula {
    if exchanged.isEmpty { return formula }
    if let name = formula.identifier,
      let known = exchanged.first(where: { name.isPlain($0.letter) })
    {
      return Formula(.identifier(known.as), formula.span)
    }
    return formula.mappingChildren { restoring($0) }
  }
}
