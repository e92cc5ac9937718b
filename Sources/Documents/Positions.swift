import Notation

/// Sequences of vectors that a page counts by position, as the hidden states that attention weighs,
/// `c = \sum_i \alpha_i h_i`: h_i is a whole vector, not an entry of one, and so every name beside
/// it that bears the letter is a family.
struct Positions {
  /// The names that bear a position.
  private(set) var members: [String] = []
  /// The letters that count positions.
  private(set) var letters: [String] = []
  /// Members whose exponentials are summed over the positions: scores, and numbers.
  private(set) var scores: [Formula.Identifier] = []
  /// From where to where the page's sums over positions run.
  private(set) var range: (from: Formula, through: Formula)?

  init(surveying formulas: [Formula]) {
    let vectors = Self.vectors(in: formulas)
    var bare: Set<String> = []
    for formula in formulas { Self.noteBare(formula, in: &bare) }
    let sums = formulas.flatMap { Self.sums(in: $0) }
    for sum in sums {
      let names = Self.bearers(of: sum.letter, in: sum.body)
      guard names.contains(where: { $0.step != nil }) || Self.weighs(sum, vectors),
        !names.contains(where: { $0.isUppercase || bare.contains($0.latex) })
      else { continue }
      for name in names where !members.contains(name.latex) { members.append(name.latex) }
    }
    if members.isEmpty { return }
    for formula in formulas {
      formula.visit { part in
        if let (name, place) = Self.member(part), members.contains(name.latex),
          Lexicon.entryCounters.contains(place) || sums.contains(where: { $0.letter == place }),
          !letters.contains(place)
        {
          letters.append(place)
        }
        guard case .fraction(_, let below) = part.kind, case .big = below.kind else { return }
        for sum in Self.sums(in: below) {
          for score in Self.exponents(of: sum.letter, in: sum.body)
          where !score.isUppercase && !bare.contains(score.latex) && !scores.contains(score) {
            scores.append(score)
            if !members.contains(score.latex) { members.append(score.latex) }
          }
        }
      }
    }
    noteRange(sums)
  }

  /// `\sum_i \alpha_i h_i`: one member after the other, each a vector that a number weighs.
  private static func weighs(_ sum: Sum, _ vectors: Set<String>) -> Bool {
    guard case .juxtaposition(let items) = sum.body.kind, items.count == 2 else { return false }
    let names = items.compactMap { member($0) }.filter { $0.letter == sum.letter }
      .map { $0.name.latex }
    return names.count == 2 && names.filter { vectors.contains($0) }.count == 1
  }

  /// The bounds that all sums over positions share that have some.
  private mutating func noteRange(_ sums: [Sum]) {
    for sum in sums where letters.contains(sum.letter) {
      guard let (from, through) = sum.bounds else { continue }
      if let range, range.from.spelled != from.spelled || range.through.spelled != through.spelled {
        self.range = nil
        return
      }
      range = (from, through)
    }
  }

  /// The formula with the bounds of the other sums over positions where one has none.
  func restoring(_ formula: Formula) -> Formula {
    guard let range else { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .big(.sum, let below?, nil, let body) = formula.kind, let letter = below.identifier,
      letters.contains(letter.name),
      Self.bearers(of: letter.name, in: body).contains(where: { members.contains($0.latex) })
    else { return formula }
    let first = Formula.RelationMember(sign: .equal, signSpan: below.span, formula: range.from)
    return Formula(
      .big(
        .sum, below: Formula(.relations(below, [first]), below.span), above: range.through, body),
      formula.span)
  }

  // MARK: What is written

  struct Sum {
    var letter: String
    var bounds: (from: Formula, through: Formula)?
    var body: Formula
  }

  /// The sums that a formula writes, over one letter each.
  static func sums(in formula: Formula) -> [Sum] {
    var found: [Sum] = []
    formula.visit { part in
      guard case .big(.sum, let below?, let above, let body) = part.kind else { return }
      if let letter = below.identifier, letter.isPlain(letter.name) {
        found.append(Sum(letter: letter.name, bounds: nil, body: body))
      } else if case .relations(let left, let members) = below.kind, members.count == 1,
        let letter = left.identifier, letter.isPlain(letter.name), let above
      {
        found.append(
          Sum(letter: letter.name, bounds: (members[0].formula, above), body: body))
      }
    }
    return found
  }

  /// A name with one letter below.
  static func member(_ formula: Formula) -> (name: Formula.Identifier, letter: String)? {
    guard case .scripts(let base, let below?, _, 0) = formula.kind, let name = base.identifier,
      let letter = below.identifier, letter.isPlain(letter.name)
    else { return nil }
    return (name, letter.name)
  }

  /// The names that bear the letter alone.
  static func bearers(of letter: String, in formula: Formula) -> [Formula.Identifier] {
    var found: [Formula.Identifier] = []
    formula.visit { part in
      if let (name, place) = member(part), place == letter, !found.contains(name),
        !["delta", "partial", "nabla"].contains(name.name)
      {
        found.append(name)
      }
    }
    return found
  }

  /// The e of `\exp(e_j)`, `e^{e_j}`.
  private static func exponents(of letter: String, in body: Formula) -> [Formula.Identifier] {
    switch body.kind {
    case .scripts(_, nil, let exponent?, 0): return bearers(of: letter, in: exponent)
    case .juxtaposition(let items):
      guard items.count == 2, items[0].identifier?.name == "exp" else { return [] }
      return bearers(of: letter, in: items[1])
    default: return []
    }
  }

  /// Names that stand anywhere without an index.
  static func noteBare(_ formula: Formula, in bare: inout Set<String>) {
    // The sizes of a space are no names beside others.
    if Space(formula) != nil { return }
    switch formula.kind {
    case .scripts(let base, let below, let above, _):
      if below == nil, let name = base.identifier {
        // Euler's e.
        let isExponential = name.isPlain("e") && above.map { !$0.isTransposeMark } == true
        if !isExponential { bare.insert(name.latex) }
      } else if base.identifier == nil {
        noteBare(base, in: &bare)
      }
      if let above { noteBare(above, in: &bare) }
    case .identifier(let name): bare.insert(name.latex)
    case .big(_, _, _, let body): noteBare(body, in: &bare)
    default: for child in formula.children { noteBare(child, in: &bare) }
    }
  }

  /// The names that bear one letter and stand where only a whole vector can: behind a matrix, beside
  /// or below a transpose, in bold, or declared so.
  static func vectors(in formulas: [Formula]) -> Set<String> {
    var found: Set<String> = []
    func note(_ formula: Formula) {
      if let (name, _) = member(formula), !name.isUppercase { found.insert(name.latex) }
    }
    for formula in formulas {
      formula.visit { part in
        switch part.kind {
        case .relations(let left, let members):
          if members.contains(where: { $0.sign == .elementOf && Space($0.formula)?.order == 1 }) {
            if case .list(let items) = left.kind { items.forEach(note) } else { note(left) }
          }
        case .juxtaposition(let items):
          for (item, next) in zip(items, items.dropFirst()) {
            if item.isTransposed || item.isMatrix(before: member(next)?.letter) { note(next) }
            if next.isTransposed { note(item) }
          }
        case .scripts(let base, _, _, _):
          if part.isTransposed || base.identifier?.font == .bold { note(part) }
        default: break
        }
      }
    }
    return found
  }
}

extension Formula {
  /// A capital letter without the index of what follows it.
  fileprivate func isMatrix(before letter: String?) -> Bool {
    guard let letter, scriptedBase?.isUppercase == true else { return false }
    guard case .scripts(_, let below?, _, _) = kind else { return true }
    return !Lexicon.letters(of: below).contains { $0.identifier?.isPlain(letter) == true }
  }

  /// `x^\top`, `x_i^T`
  fileprivate var isTransposed: Bool {
    guard case .scripts(_, _, let above?, _) = kind else { return false }
    return above.mayTranspose
  }
}
