import Notation

/// Which letters count entries, and which names are written by them.
extension Lexicon {
  /// By custom these count entries where nothing says otherwise.
  package static let entryCounters: Set<String> = ["i", "j", "k", "l"]

  /// The letter that alone counts entries below a name.
  static func entryCounter(_ below: Formula?) -> String? {
    guard let letter = below?.identifier, letter.isPlain(letter.name) else { return nil }
    return entryCounters.contains(letter.name) ? letter.name : nil
  }

  /// The u and the j of a name `u_j`; by any letter that may count, the u and the b of `u_b`.
  package static func indexed(
    _ name: String, byAny: Bool = false
  ) -> (base: String, letter: String)? {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let isLetter = parts[1].utf8.count == 1 && parts[1].utf8.allSatisfy { $0 >= 97 && $0 <= 122 }
    guard byAny ? isLetter : entryCounters.contains(String(parts[1])) else { return nil }
    return (String(parts[0]), String(parts[1]))
  }

  /// Whatever bears one of these letters alone is a vector by its entries, but for the unit vectors.
  mutating func noteCounters(_ counters: Set<String>, _ occurrences: [Occurrence]) {
    if counters.isEmpty { return }
    timeLetters.removeAll { counters.contains($0) }
    entryLetters.formUnion(counters)
    for occurrence in occurrences {
      guard let letter = occurrence.below?.identifier, counters.contains(letter.name) else {
        continue
      }
      indexed.insert(occurrence.base)
      families[occurrence.base] = nil
      listed.remove(occurrence.base)
      summedMembers.remove(occurrence.base)
    }
    indexed.remove("e")
  }

  mutating func noteCountedEntries(_ occurrences: ArraySlice<Occurrence>) {
    var marks: [String: Set<String>] = [:]
    for occurrence in occurrences {
      guard let below = occurrence.below else {
        marks[occurrence.base, default: []].insert("")
        continue
      }
      if case .number(let digits) = below.kind {
        marks[occurrence.base, default: []].insert(digits)
      }
    }
    // Beside an entry of a matrix, `W_{12}`, single numbers count the entries of vectors.
    let isBesideMatrix = occurrences.contains { occurrence in
      guard case .number(let digits)? = occurrence.below?.kind else { return false }
      return digits.utf8.count == 2 && occurrence.base.utf8.count == 1
        && occurrence.base.utf8.allSatisfy { $0 >= 65 && $0 <= 90 }
    }
    for occurrence in occurrences
    where (marks[occurrence.base]?.count ?? 0) > 1 || isBesideMatrix && occurrence.below != nil {
      countedEntries.insert(occurrence.base)
    }
  }

  /// `\sum_i w_{ji} x_i` or `\sum_i (y_i - a x_i)^2` on a page without transposes, norms, diagonal
  /// matrices and elementwise products: its letters count entries, and whatever bears nothing else
  /// below is a vector or a matrix.
  mutating func noteIndexed(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    let entryWise = Self.withoutTensors(formulas)
    var (letters, ends): (Set<String>, Set<String>) = ([], [])
    for formula in entryWise.formulas {
      formula.visit { part in
        guard case .big(.sum, let below?, let above, let body) = part.kind else { return }
        guard let letter = below.counter?.name else { return }
        let counted = Self.indices(in: body, with: letter)
        letters.formUnion(counted)
        if !counted.isEmpty, let end = above.flatMap({ AffineLetters($0)?.soleLetter }) {
          ends.insert(end)
        }
      }
    }
    // `h_j ∈ ℝ^n` is a vector, and j counts such.
    let countsVectors = occurrences.contains { occurrence in
      guard let below = occurrence.below else { return false }
      return
        (listed.contains(occurrence.base)
        || labelled.contains(occurrence.base + "_" + Elaborator.script(below)))
        && Lexicon.letters(of: below).contains { letters.contains($0.identifier?.name ?? "") }
    }
    if countsVectors || letters.isEmpty { return }
    noteFurtherLetters(&letters, occurrences)
    noteDenominators(&letters, entryWise.formulas, occurrences)
    var others = entryWise.tensors
    for occurrence in occurrences {
      let places = occurrence.below.map { Lexicon.letters(of: $0) } ?? []
      let areIndices = places.allSatisfy { part in
        if case .number = part.kind { return true }
        return part.identifier.map {
          $0.isPlain($0.name)
            && (letters.contains($0.name) || ends.contains($0.name)
              || classLetters.contains($0.name))
        } ?? false
      }
      if places.isEmpty || !areIndices { others.insert(occurrence.base) }
    }
    for occurrence in occurrences
    where !others.contains(occurrence.base) && declaredSpaces[occurrence.base] == nil {
      indexed.insert(occurrence.base)
    }
    if !indexed.isEmpty {
      entryLetters.formUnion(letters)
      dimensionLetters.formUnion(ends)
    }
  }

  /// The q and r of `A_{qr}` beside `\sum_p A_{mp} B_{pn}`.
  private func noteFurtherLetters(_ letters: inout Set<String>, _ occurrences: [Occurrence]) {
    func pair(_ occurrence: Occurrence) -> [String]? {
      let names =
        occurrence.below.map { Lexicon.letters(of: $0) }?
        .compactMap { $0.identifier }.filter { $0.isPlain($0.name) }.map { $0.name } ?? []
      return names.count == 2 ? names : nil
    }
    let matrices = Set(
      occurrences.filter { pair($0)?.allSatisfy(letters.contains) == true }.map { $0.base })
    for occurrence in occurrences where matrices.contains(occurrence.base) {
      guard let names = pair(occurrence),
        names.allSatisfy({ Lexicon.indexLetters.contains($0) && !timeLetters.contains($0) })
      else { continue }
      letters.formUnion(names)
    }
  }

  /// The j of `\frac{\partial v}{\partial a_j}` beside `\sum_i (a_i - \mu)^2`, where a bears nothing but
  /// such letters.
  private func noteDenominators(
    _ letters: inout Set<String>, _ formulas: [Formula], _ occurrences: [Occurrence]
  ) {
    for formula in formulas {
      formula.visit { part in
        guard case .fraction(let above, let below) = part.kind,
          Elaborator.partialHead(above) != nil,
          let items = Elaborator.partialHead(below)?.rest, items.count == 1,
          case .scripts(let base, let place, nil, 0) = items[0].kind,
          let name = base.identifier?.latex, let letter = Self.entryCounter(place),
          !timeLetters.contains(letter),
          case let own = occurrences.filter({ $0.base == name }).map({
            Self.entryCounter($0.below)
          }),
          own.allSatisfy({ $0 != nil }), own.contains(where: { letters.contains($0 ?? "") })
        else { return }
        letters.insert(letter)
      }
    }
  }

  /// What a class tells an entry of, and is only ever written by its entries.
  mutating func noteClassed(_ classes: ClassIndices, _ occurrences: [Occurrence]) {
    if classes.letters.isEmpty { return }
    let others = occurrences.filter { $0.below?.identifier == nil }.map { $0.base }
    indexed.formUnion(
      classes.vectors.subtracting(others).filter {
        declaredSpaces[$0] == nil && !listed.contains($0)
      })
  }

  /// `p_i = e^{z_i} / \\sum_j e^{z_j}` with a vector z: p, which never stands without an index, is
  /// written by its entries, and so is what stands beside it under a sum over them.
  mutating func noteEntryNames(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    var (candidates, others, vectors): (Set<String>, Set<String>, Set<String>) = ([], [], [])
    for occurrence in occurrences {
      let isNumber = occurrence.below.map { AffineLetters($0)?.isLiteral == true } ?? false
      let isAlone = occurrence.above.map { AffineLetters($0)?.isLiteral == true } ?? true
      if isAlone, Self.entryCounter(occurrence.below) != nil || isNumber {
        candidates.insert(occurrence.base)
      } else {
        others.insert(occurrence.base)
      }
      if occurrence.below == nil, occurrence.above == nil { vectors.insert(occurrence.base) }
    }
    for (name, space) in declaredSpaces {
      if space.order == 1 { vectors.insert(name) } else { vectors.remove(name) }
    }
    vectors.subtract(listed)
    candidates.subtract(others)
    candidates = candidates.filter {
      declaredSpaces[$0] == nil && !listed.contains($0) && !PageReader.lossNames.contains($0)
    }
    /// The i of `A_{1i}`, `A_{i1}`.
    func lineCounter(_ below: Formula) -> String? {
      let places = Lexicon.letters(of: below)
      let letters = places.compactMap { Self.entryCounter($0) }
      let isNumbered = places.contains { AffineLetters($0)?.isLiteral == true }
      return places.count == 2 && letters.count == 1 && isNumbered ? letters[0] : nil
    }
    /// Names that bear the letter alone, or beside the number of a row or a column.
    func bearers(_ formula: Formula, _ letter: String) -> Set<String> {
      var found: Set<String> = []
      formula.visit { part in
        if case .scripts(let base, let below?, _, 0) = part.kind,
          let name = base.identifier?.latex,
          Self.entryCounter(below) == letter || lineCounter(below) == letter
        {
          found.insert(name)
        }
      }
      return found
    }
    let computed = StepEquation.all(in: formulas)
      .flatMap { $0.left }.compactMap { $0.scriptedBase?.latex }
    for formula in formulas {
      for (name, argument) in normalized(formula, bearers: bearers)
      where candidates.isSuperset(of: [name, argument]) && !computed.contains(argument) {
        vectors.formUnion([name, argument])
        indexed.formUnion([name, argument])
      }
    }
    var before = -1
    while before != vectors.count {
      before = vectors.count
      for formula in formulas {
        formula.visit { part in
          var named: Set<String> = []
          switch part.kind {
          case .relations(let left, let members):
            var sides = [(left, members[0].formula)]
            for (i, member) in members.enumerated() where member.sign == .names && i > 0 {
              sides.append((member.formula, members[i - 1].formula))
            }
            for (name, value) in sides {
              guard members[0].sign == .equal || members[0].sign == .defines,
                case .scripts(let base, let below?, nil, 0) = name.kind,
                let own = base.identifier?.latex, let letter = Self.entryCounter(below),
                !bearers(value, letter).isDisjoint(with: vectors)
              else { continue }
              named.insert(own)
            }
          case .big(.sum, let below?, _, let body):
            let own = below.counter.map { bearers(body, $0.name) } ?? []
            if !own.isDisjoint(with: vectors) { named = own }
          default: return
          }
          for name in named where candidates.contains(name) && !vectors.contains(name) {
            vectors.insert(name)
            indexed.insert(name)
          }
        }
      }
    }
  }

  /// The p and z of `p_i = e^{z_i} / \sum_k e^{z_k}`: what one letter picks and another sums has
  /// entries, and so has the quotient.
  private func normalized(
    _ formula: Formula, bearers: (Formula, String) -> Set<String>
  ) -> [(name: String, argument: String)] {
    var found: [(name: String, argument: String)] = []
    for case .relations(let left, let members) in Lexicon.relationsIn(formula).map({ $0.kind }) {
      guard case .scripts(let base, let below?, nil, 0) = left.kind,
        let own = base.identifier?.latex, let letter = Self.entryCounter(below),
        members[0].sign == .equal || members[0].sign == .defines,
        case .fraction(let above, let sum) = members[0].formula.kind,
        case .big(.sum, let bound?, _, let body) = sum.kind
      else { continue }
      guard let summed = bound.counter?.name, summed != letter,
        Lexicon.entryCounters.contains(summed)
      else { continue }
      let both = bearers(above, letter).intersection(bearers(body, summed))
      if both.count == 1, let argument = both.first { found.append((own, argument)) }
    }
    return found
  }

  /// The relations that have nothing to do with transposes, norms, diagonal matrices, elementwise
  /// products and bold letters, and the names of all others.
  package static func withoutTensors(
    _ formulas: [Formula]
  ) -> (formulas: [Formula], tensors: Set<String>) {
    var units: [(formula: Formula, names: Set<String>)] = []
    for formula in formulas {
      var parts = [formula]
      if case .list(let items) = formula.kind { parts = items }
      for part in parts {
        var own: [Occurrence] = []
        collect(part, into: &own)
        let names = own.map { $0.base }.filter { name in
          !["\\partial", "\\nabla", "d", "\\sum", "\\prod"].contains(name)
            && !name.utf8.starts(with: "\\math".utf8)
        }
        units.append((part, Set(names)))
      }
    }
    var tensors: Set<String> = []
    for unit in units where writesTensors(unit.formula) { tensors.formUnion(unit.names) }
    var before = -1
    while before != tensors.count {
      before = tensors.count
      for unit in units where !unit.names.isDisjoint(with: tensors) {
        tensors.formUnion(unit.names)
      }
    }
    return (
      units.filter { $0.names.isDisjoint(with: tensors) && !writesTensors($0.formula) }
        .map { $0.formula },
      tensors
    )
  }

  static func writesTensors(_ formula: Formula) -> Bool {
    var isBold = false
    formula.visit { isBold = isBold || $0.identifier?.font == .bold }
    return isBold || formula.showsTensors
  }

  /// The letters of a name with two indices, one of them the given one, beside another that bears
  /// it; the letter itself in a square.
  static func indices(in body: Formula, with letter: String) -> Set<String> {
    var found: Set<String> = []
    var bearers: Set<String> = []
    if case .scripts(_, _, let above?, 0) = body.kind,
      AffineLetters(above) == AffineLetters(terms: [], constant: 2),
      indexLetters.contains(letter)
    {
      var isBorne = false
      body.visit { part in
        guard case .scripts(let base, let below?, _, 0) = part.kind, base.identifier != nil else {
          return
        }
        isBorne = isBorne || below.identifier?.isPlain(letter) == true
      }
      if isBorne { return [letter] }
    }
    body.visit { part in
      guard case .scripts(let base, let below?, _, 0) = part.kind,
        let name = base.identifier?.latex
      else { return }
      let places = Lexicon.letters(of: below).map { $0.identifier?.name ?? "" }
      guard places.contains(letter), places.count <= 2,
        places.allSatisfy({ indexLetters.contains($0) })
      else { return }
      bearers.insert(name)
      if places.count == 2 { found.formUnion(places) }
    }
    return bearers.count > 1 ? found : []
  }

  /// Letters that count entries: two of them at a matrix, those that sums run over, those whose
  /// range ends at a size, and i, j, k, l at several names that are used bare.
  mutating func noteEntryLetters(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    var users: [String: Set<String>] = [:]
    for occurrence in occurrences {
      guard let below = occurrence.below, families[occurrence.base] != .below else { continue }
      let places = Lexicon.letters(of: below)
      let parts = places.compactMap { $0.identifier?.name }
      let isBareName = bare.contains(occurrence.base) || declaredOrder(of: occurrence.base) != nil
      if labelled.contains(occurrence.base + "_" + Elaborator.script(below)) { continue }
      if places.count == 2,
        isBareName || occurrence.base == "\\delta"
          || declaredOrder(of: Elaborator.uppercased(occurrence.base)) == 2
      {
        entryLetters.formUnion(parts)
      }
      if places.count == 1, parts.count == 1, isBareName {
        users[parts[0], default: []].insert(occurrence.base)
      }
    }
    for letter in ["i", "j", "k", "l"] where (users[letter]?.count ?? 0) >= 2 {
      entryLetters.insert(letter)
    }
    // So do two of them at one name, `p_i p_j`, and one at a vector that is declared.
    for letter in ["i", "j", "k", "l"] {
      let names = users[letter] ?? []
      let isBesideAnother = ["i", "j", "k", "l"].contains { other in
        other != letter && !names.isDisjoint(with: users[other] ?? [])
      }
      if isBesideAnother || names.contains(where: { declaredOrder(of: $0) == 1 }) {
        entryLetters.insert(letter)
      }
    }
    noteQuotientsOfEntries(formulas)
    for formula in formulas {
      formula.visit { part in
        switch part.kind {
        case .scripts(let base, let below?, _, _) where base.isParenthesised:
          // `(W_2)_{ij}`, `(A x)_i`
          for letter in Lexicon.letters(of: below).compactMap({ $0.identifier?.name })
          where Lexicon.indexLetters.contains(letter) && !timeLetters.contains(letter) {
            entryLetters.insert(letter)
          }
        case .big(_, let below?, let above, _):
          let end = above.flatMap { AffineLetters($0)?.soleLetter }
          if let letter = below.counter?.name,
            end.map({ dimensionLetters.contains($0) }) ?? (above == nil)
          {
            entryLetters.insert(letter)
          }
        case .relations(let left, let members):
          if let letter = left.identifier?.name,
            case .list(let items)? = members.last?.formula.kind,
            let end = items.last.flatMap({ AffineLetters($0)?.soleLetter }),
            dimensionLetters.contains(end)
          {
            entryLetters.insert(letter)
          }
        default: break
        }
      }
    }
  }

  /// The i of `\frac{\partial p_i}{\partial s_j}` where j counts entries of s and p stands bare as well.
  private mutating func noteQuotientsOfEntries(_ formulas: [Formula]) {
    func place(_ formula: Formula) -> (letter: String, isBare: Bool)? {
      guard let items = Elaborator.partialHead(formula)?.rest, items.count == 1,
        case .scripts(let base, let below?, nil, 0) = items[0].kind,
        let name = base.identifier?.latex, families[name] == nil, let letter = below.identifier,
        letter.isPlain(letter.name), Self.entryCounters.contains(letter.name)
      else { return nil }
      return (letter.name, bare.contains(name) || declaredOrder(of: name) == 1)
    }
    for formula in formulas {
      formula.visit { part in
        guard case .fraction(let above, let below) = part.kind, let a = place(above),
          let b = place(below), a.isBare, b.isBare
        else { return }
        if entryLetters.contains(b.letter) { entryLetters.insert(a.letter) }
        if entryLetters.contains(a.letter) { entryLetters.insert(b.letter) }
      }
    }
  }
}
