import Notation

/// Which names are declared, and which scripts are part of a name: words, gates, functions.
extension Lexicon {
  mutating func noteDeclarations(_ formula: Formula) {
    formula.visit { part in
      guard case .relations(let left, let members) = part.kind else { return }
      for member in members {
        if member.sign == .elementOf, let space = Space(member.formula) {
          for letter in space.letters { dimensionLetters.insert(letter) }
          for name in Lexicon.declaredNames(left) { declaredSpaces[name] = space }
          noteLabelled(left)
        }
        if member.sign == .colon, let name = left.identifier?.latex { functions.insert(name) }
      }
    }
  }

  /// The bases of the names on the left of a membership.
  static func declaredNames(_ left: Formula) -> [String] {
    switch left.kind {
    case .list(let items): return items.flatMap { declaredNames($0) }
    case .identifier(let identifier): return [identifier.latex]
    case .scripts(let base, nil, _, _): return base.identifier.map { [$0.latex] } ?? []
    default: return []
    }
  }

  /// `W_{hx} ∈ …` declares a name with a label; a time below declares a family.
  mutating func noteLabelled(_ left: Formula) {
    switch left.kind {
    case .list(let items):
      let members = Lexicon.listed(items)
      if let member = members.first { listed.insert(member.name) }
      for (i, item) in items.enumerated() where !members.contains(where: { $0.place == i }) {
        noteLabelled(item)
      }
    case .scripts(let base, let below?, _, _):
      guard let name = base.identifier?.latex else { return }
      if let affine = AffineLetters(below), !affine.terms.isEmpty, isTime(affine) { return }
      labelled.insert(name + "_" + Elaborator.script(below))
    default: break
    }
  }

  /// Where `u_1, …, u_K` stand in a list: all of one family, and no labels.
  static func listed(_ items: [Formula]) -> [(name: String, place: Int)] {
    guard
      let dots = items.firstIndex(where: { if case .dots = $0.kind { true } else { false } }),
      dots > 0, dots + 1 < items.count,
      case .scripts(let last, let end?, _, _) = items[dots + 1].kind,
      let name = last.identifier?.latex, AffineLetters(end)?.soleLetter != nil
    else { return [] }
    var found: [(name: String, place: Int)] = [(name, dots + 1)]
    for i in (0..<dots).reversed() {
      guard case .scripts(let base, let below?, _, _) = items[i].kind,
        base.identifier?.latex == name, case .number = below.kind
      else { break }
      found.append((name, i))
    }
    return found.count > 1 ? found : []
  }

  /// `x_i \\in \\mathbb{R}^d` under `\\sum_{i=1}^n` is one of n vectors, and so is `h_j` of
  /// `h_1, \\dots, h_n` where a matrix stands before it or a transpose above; `y_i \\in \\mathbb{R}`
  /// is one of n numbers.
  mutating func noteListedVectors(_ formulas: [Formula]) {
    var members: [(name: String, letter: String)] = []
    var numbers: [(name: String, letter: String)] = []
    // Letters that sums run over; names behind a matrix or below a transpose; names in lists.
    var (summed, multiplied, lists): (Set<String>, Set<String>, Set<String>) = ([], [], [])
    func member(_ formula: Formula) -> (name: String, letter: String)? {
      guard case .scripts(let base, let below?, _, 0) = formula.kind,
        let name = base.identifier?.latex, let letter = below.identifier,
        letter.isPlain(letter.name), Lexicon.entryCounters.contains(letter.name)
      else { return nil }
      return (name, letter.name)
    }
    for formula in formulas {
      formula.visit { part in
        switch part.kind {
        case .relations(let left, let relations):
          var names = [left]
          if case .list(let items) = left.kind { names = items }
          for relation in relations where relation.sign == .elementOf {
            guard let order = Space(relation.formula)?.order else { continue }
            if order == 1 { members += names.compactMap { member($0) } }
            if order == 0 { numbers += names.compactMap { member($0) } }
          }
        case .big(.sum, let below?, _?, _):
          if case .relations(let left, _) = below.kind, let letter = left.identifier?.name {
            summed.insert(letter)
          }
        case .list(let items):
          if let found = Lexicon.listed(items).first { lists.insert(found.name) }
        case .juxtaposition(let items):
          for (item, next) in zip(items, items.dropFirst()) {
            if let matrix = item.scriptedBase, matrix.isUppercase, let found = member(next) {
              multiplied.insert(found.name)
            }
          }
        case .scripts(_, _, let above?, _):
          if above.mayTranspose,
            let found = member(part)
          {
            multiplied.insert(found.name)
          }
        default: break
        }
      }
    }
    for (name, letter) in members where summed.contains(letter) {
      listed.insert(name)
      listedVectors.insert(name)
      labelled.remove(name + "_" + letter)
    }
    for (name, letter) in numbers
    where summed.contains(letter) && !Self.counts(letter, orBears: name, steps: formulas) {
      labelled.remove(name + "_" + letter)
      // Beside vectors that bear the letter a number of each, else the entries of a vector.
      if members.contains(where: { $0.letter == letter }) {
        listed.insert(name)
        listedVectors.insert(name)
      } else if declaredSpaces[name] == nil {
        indexed.insert(name)
        entryLetters.insert(letter)
      }
    }
    for name in lists where multiplied.contains(name) && declaredSpaces[name] == nil {
      listed.insert(name)
    }
    noteMultipliedMembers(formulas, summed)
    vectorMembers = Positions.vectors(in: formulas).subtracting(declaredSpaces.keys)
    let positions = Positions(surveying: formulas)
    for name in positions.members where declaredSpaces[name] == nil {
      listed.insert(name)
      for letter in positions.letters { labelled.remove(name + "_" + letter) }
    }
  }

  /// `W x_i` under a sum over i: x_i is one of several vectors, and so is the y_i that it is compared with or
  /// computes.
  private mutating func noteMultipliedMembers(_ formulas: [Formula], _ summed: Set<String>) {
    var found: [(name: String, letter: String)] = []
    func isImage(_ formula: Formula) -> Bool {
      guard case .juxtaposition(let items) = formula.kind, items.count == 2,
        items[0].identifier?.isUppercase == true,
        let (name, letter) = Positions.member(items[1])
      else { return false }
      guard summed.contains(letter), Lexicon.entryCounters.contains(letter) else { return false }
      found.append((name.latex, letter))
      return true
    }
    for formula in formulas {
      formula.visit { part in
        var sides = [part]
        if case .relations(let left, let members) = part.kind {
          sides = [left] + members.map { $0.formula }
        } else if case .sum = part.kind {
        } else {
          return
        }
        var terms: [Formula] = []
        for side in sides {
          if case .sum(let own) = side.kind {
            terms += own.map { $0.term }
          } else {
            terms.append(side)
          }
        }
        guard terms.contains(where: isImage) else { return }
        found += terms.compactMap { term in
          Positions.member(term).map { ($0.name.latex, $0.letter) }
        }
      }
    }
    for (name, letter) in found
    where declaredSpaces[name] == nil
      && !Self.counts(letter, orBears: name, steps: formulas)
    {
      listed.insert(name)
      labelled.remove(name + "_" + letter)
    }
  }

  /// Whether a letter stands for a step of time anywhere, `h_{k-1}`, or a name bears another script
  /// than the letters that count entries, and numbers.
  private static func counts(
    _ letter: String, orBears name: String, steps formulas: [Formula]
  ) -> Bool {
    var found = false
    for formula in formulas {
      formula.visit { part in
        guard case .scripts(let base, let below, let above, _) = part.kind else { return }
        for script in [below, above].compactMap({ $0 }) {
          let affine = AffineLetters(script.unfenced)
          if let affine, affine.constant != 0, affine.soleLetter == letter { found = true }
        }
        guard base.identifier?.latex == name, let below else { return }
        let affine = AffineLetters(below)
        let isCounter = affine?.soleLetter.map { Lexicon.entryCounters.contains($0) } ?? false
        if affine?.isLiteral != true && !isCounter { found = true }
      }
    }
    return found
  }

  /// `W_{in}` is a word where i counts nothing else: on the page, or in an equation of another name.
  mutating func noteWords(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    func isWord(_ script: Formula) -> Bool { Elaborator.script(script) == "{in}" }
    func counts(_ script: Formula, _ letter: String) -> Bool {
      !isWord(script)
        && Lexicon.letters(of: script).contains { $0.identifier?.isPlain(letter) == true }
    }
    /// Whether a letter counts anything but the word.
    func counts(_ letter: String, in formula: Formula) -> Bool {
      var isCounted = false
      formula.visit { part in
        switch part.kind {
        case .scripts(_, let below, let above, _):
          for script in [below, above] {
            if let script, counts(script, letter) { isCounted = true }
          }
        case .big(_, let below?, _, _):
          var counter = below
          if case .relations(let left, _) = below.kind { counter = left }
          if counts(counter, letter) { isCounted = true }
        default: break
        }
      }
      return isCounted
    }
    func bases(in formula: Formula) -> [String] {
      var bases: [String] = []
      formula.visit { part in
        if case .scripts(let base, let below?, _, _) = part.kind, isWord(below),
          let name = base.identifier
        {
          bases.append(name.latex)
        }
      }
      return bases
    }
    let own = occurrences.filter { $0.below.map(isWord) ?? false }
    if own.isEmpty { return }
    if !formulas.contains(where: { counts("i", in: $0) }) {
      for occurrence in own { labelled.insert(occurrence.base + "_{in}") }
    }
    for relation in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = relation.kind, let first = members.first,
        first.sign == .equal || first.sign == .defines, bases(in: left).isEmpty,
        !counts("i", in: relation), !counts("n", in: relation)
      else { continue }
      for base in bases(in: relation) { labelled.insert(base + "_{in}") }
    }
  }

  mutating func noteFunctions(_ formula: Formula) {
    for part in Lexicon.relationsIn(formula) {
      guard case .relations(let left, let members) = part.kind,
        let first = members.first, first.sign == .equal || first.sign == .defines,
        case .juxtaposition(let items) = left.kind, items.count == 2,
        let identifier = items[0].identifier, items[1].isParenthesised,
        items[1].unfenced.identifier != nil
      else { continue }
      let name = identifier.latex
      if declaredOrder(of: name) == nil { functions.insert(name) }
    }
  }

  mutating func noteTotals(_ formula: Formula) {
    for relation in Lexicon.relationsIn(formula) {
      guard case .relations(let left, let members) = relation.kind,
        let name = left.identifier?.latex, let first = members.first, first.sign == .equal,
        case .big(.sum, _, _, let body) = first.formula.kind,
        case .scripts(let base, _, let above?, _) = body.kind,
        above.isParenthesised || above.identifier != nil, base.identifier?.latex == name
      else { continue }
      totals.insert(name)
    }
  }

  /// A name with several letters below it, one of which bears times itself or, where all of them are
  /// declared, counts nothing by custom, and never a time that could be nothing else.
  mutating func noteDistinguished(_ occurrences: [Occurrence]) {
    var letters: [String: [String]] = [:]
    var timed: Set<String> = []
    var running: Set<String> = []
    for occurrence in occurrences {
      if let script = occurrence.below ?? occurrence.above, bearsStep(script) {
        running.insert(occurrence.base)
      }
      guard let below = occurrence.below else { continue }
      if let letter = AffineLetters(below)?.soleLetter, below.identifier != nil, letter != "t",
        letter != "tau", letter != "T"
      {
        if letters[occurrence.base]?.contains(letter) != true {
          letters[occurrence.base, default: []].append(letter)
        }
      } else {
        timed.insert(occurrence.base)
      }
    }
    for occurrence in occurrences {
      guard let names = letters[occurrence.base], names.count >= 2 else { continue }
      let areDeclared =
        names.allSatisfy { labelled.contains(occurrence.base + "_" + $0) }
        && !Lexicon.indexLetters.isSuperset(of: names)
      if !timed.contains(occurrence.base), areDeclared || !timed.isDisjoint(with: names) {
        distinguished.insert(occurrence.base)
      }
      let nodes = names.filter { running.contains($0) }
      if nodes.count >= 2, !running.contains(occurrence.base) {
        labelled.formUnion(nodes.map { occurrence.base + "_" + $0 })
      }
    }
  }
}
