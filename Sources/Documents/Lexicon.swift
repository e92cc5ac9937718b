import Notation

/// Where the time of a family stands.
package enum TimePlace: Hashable, Sendable {
  case below, above, parentheses, brackets, angle
}

/// What the whole page shows about its names, found before any formula is understood: which letters
/// are times, which names are families, which are used bare.
package struct Lexicon: Sendable {
  package private(set) var timeLetters: [String] = ["t", "tau"]
  /// Letters that stand in exponents or as sum bounds: integers, though no family bears them.
  package private(set) var integerLetters: [String] = []
  package private(set) var families: [String: TimePlace] = [:]
  /// Families with their time below that are also written `h_j^t`: the entry below, the time above.
  package private(set) var steppedAbove: Set<String> = []
  package private(set) var bare: Set<String> = []
  /// Names whose shape is declared, with their spaces.
  private(set) var declaredSpaces: [String: Space] = [:]
  package private(set) var dimensionLetters: Set<String> = []
  /// Names with a label below that are declared as such, `W_{hx}`, `b_1`, or that belong to the
  /// nodes that the labels name: `b_f`, `b_i` beside `f_t`, `i_t`.
  package private(set) var labelled: Set<String> = []
  /// Letters that the page uses as indices of entries.
  package private(set) var entryLetters: Set<String> = []
  /// Names that occur with two indices below.
  package private(set) var indexedTwice: Set<String> = []
  /// Names whose numbers below count entries: a formula shows several of them, or one beside the
  /// whole.
  package private(set) var countedEntries: Set<String> = []
  /// Names that only ever bear the indices of their entries, on a page that writes nothing but entries.
  package private(set) var indexed: Set<String> = []
  /// Functions that the page defines or declares: r in `r(z) = …`, f in `f \colon ℝ → ℝ`.
  package private(set) var functions: Set<String> = []
  package private(set) var writesTimeInParentheses = false

  /// Names that other names distinguish, at no time: W beside `W_f`, `W_i` where there is an `f_t`.
  private var distinguished: Set<String> = []
  /// Families whose members are listed: `u_1, …, u_K`.
  private var listed: Set<String> = []
  /// Names that stand for the sum of their own family: L in `L = \\sum_t L^{(t)}`.
  private var totals: Set<String> = []
  /// Names that bear a letter above on a page whose times stand there, and never stand bare.
  private var raised: Set<String> = []

  /// Bare letters by which the page differentiates.
  private var differentiated: Set<String> = []
  /// Names that occur at a step, whatever else they do.
  private var runs: Set<String> = []

  /// By custom these count entries where nothing says otherwise.
  private static let entryCounters: Set<String> = ["i", "j", "k", "l"]

  static let indexLetters: Set<String> = [
    "i", "j", "k", "l", "m", "n", "p", "q", "r", "a", "b", "d",
  ]

  private struct Occurrence {
    var base: String
    var below: Formula?
    var above: Formula?
  }

  /// Surveys every formula of a page; `prescribed` is what a directive says of times.
  package init(surveying formulas: [Formula], prescribed: TimePlace? = nil) {
    var occurrences: [Occurrence] = []
    for formula in formulas {
      let start = occurrences.count
      Lexicon.collect(formula, into: &occurrences)
      noteCountedEntries(occurrences[start...])
    }
    for formula in formulas { noteDeclarations(formula) }
    noteIndexed(formulas, occurrences)
    for formula in formulas { noteFunctions(formula) }
    for formula in formulas { noteRanges(formula) }
    for formula in formulas { noteTotals(formula) }
    for formula in formulas { noteDifferentiated(formula) }
    let timed = timedAbove(occurrences, prescribed).union(
      layered(formulas, occurrences, prescribed))
    for occurrence in occurrences { noteBare(occurrence, timed) }
    noteRaised(occurrences, timed)
    for name in listed where !bare.contains(name) && prescribed == nil { families[name] = .below }
    for occurrence in occurrences { noteOffsets(occurrence, prescribed) }
    noteDistinguished(occurrences)
    for occurrence in occurrences { noteRunning(occurrence) }
    var before = -1
    while before != timeLetters.count + families.count {
      before = timeLetters.count + families.count
      for occurrence in occurrences { noteFamily(occurrence, prescribed) }
    }
    noteInstances(formulas)
    for formula in formulas { noteArgumentTimes(formula, prescribed) }
    noteWords(formulas, occurrences)
    noteEntryLetters(formulas, occurrences)
    for occurrence in occurrences where isSteppedAbove(occurrence) {
      steppedAbove.insert(occurrence.base)
    }
    for letter in timeLetters where !integerLetters.contains(letter) {
      integerLetters.append(letter)
    }
    if !integerLetters.contains("T") { integerLetters.append("T") }
  }

  /// `h_j^{t-1}`, where `h_t` is a family: no number is raised to a running step.
  private func isSteppedAbove(_ occurrence: Occurrence) -> Bool {
    guard families[occurrence.base] == .below, let letter = occurrence.below?.identifier?.name,
      ["i", "j", "l", "m", "p", "q"].contains(letter), !timeLetters.contains(letter),
      let time = occurrence.above.flatMap({ AffineLetters($0) }), !time.isLiteral
    else { return false }
    return time.terms.allSatisfy { timeLetters.contains($0.letter) }
  }

  package func isTime(_ affine: AffineLetters) -> Bool {
    for term in affine.terms where !isTimeLetter(term.letter) { return false }
    return true
  }
  package func isTimeLetter(_ letter: String) -> Bool {
    timeLetters.contains(letter) || letter == "T"
  }
  package func isIntegerLetter(_ letter: String) -> Bool {
    integerLetters.contains(letter) || isTimeLetter(letter)
  }
  package func declaredOrder(of base: String) -> Int? { declaredSpaces[base]?.order }
  /// Whether the page takes derivatives by the bare letter, which then is no number of steps.
  package func isDifferentiated(_ letter: String) -> Bool { differentiated.contains(letter) }
  package func isFamily(_ base: String) -> Bool { families[base] != nil }
  /// The o of `u_o` where `u_o, u_1, …, u_K` are declared.
  func isLabelBesideFamily(_ base: String, _ below: Formula) -> Bool {
    listed.contains(base) && labelled.contains(base + "_" + Elaborator.script(below))
  }
  package func isBare(_ base: String) -> Bool { bare.contains(base) }

  private static func collect(_ formula: Formula, into occurrences: inout [Occurrence]) {
    switch formula.kind {
    case .scripts(let base, let below, let above, _):
      if let identifier = base.identifier {
        occurrences.append(
          Occurrence(base: identifier.latex, below: below, above: above))
      } else {
        collect(base, into: &occurrences)
      }
      for script in [below, above] {
        if let script { collectInScript(script, into: &occurrences) }
      }
    case .identifier(let identifier):
      occurrences.append(Occurrence(base: identifier.latex, below: nil, above: nil))
    case .big(_, _, _, let body): collect(body, into: &occurrences)
    case .juxtaposition(let items) where spellsWord(items): break
    case .juxtaposition(let items):
      for (i, item) in items.enumerated() where i == 0 || !isSlope(items[i - 1], at: item) {
        collect(item, into: &occurrences)
      }
    default:
      for child in formula.children { collect(child, into: &occurrences) }
    }
  }

  /// `\sigma'(\theta)`: a θ that stands for whatever the argument is.
  private static func isSlope(_ function: Formula, at argument: Formula) -> Bool {
    guard case .scripts(_, _, _, let primes) = function.kind, primes > 0 else { return false }
    return argument.isParenthesised && argument.unfenced.identifier?.isPlain("theta") == true
  }

  private mutating func noteCountedEntries(_ occurrences: ArraySlice<Occurrence>) {
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
    for occurrence in occurrences where (marks[occurrence.base]?.count ?? 0) > 1 {
      countedEntries.insert(occurrence.base)
    }
  }

  /// `\sum_i w_{ji} x_i` or `\sum_i (y_i - a x_i)^2` on a page without transposes, norms, diagonal
  /// matrices and elementwise products: its letters count entries, and whatever bears nothing else
  /// below is a vector or a matrix.
  private mutating func noteIndexed(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    let entryWise = Self.withoutTensors(formulas)
    var (letters, ends): (Set<String>, Set<String>) = ([], [])
    for formula in entryWise.formulas {
      formula.visit { part in
        guard case .big(.sum, let below?, let above, let body) = part.kind else { return }
        var counter = below.identifier
        if case .relations(let left, _) = below.kind { counter = left.identifier }
        guard let letter = counter?.name else { return }
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
      return labelled.contains(occurrence.base + "_" + Elaborator.script(below))
        && Lexicon.letters(of: below).contains { letters.contains($0.identifier?.name ?? "") }
    }
    if countsVectors || letters.isEmpty { return }
    var others = entryWise.tensors
    for occurrence in occurrences {
      let places = occurrence.below.map { Lexicon.letters(of: $0) } ?? []
      let areIndices = places.allSatisfy { part in
        if case .number = part.kind { return true }
        return part.identifier.map {
          $0.isPlain($0.name) && (letters.contains($0.name) || ends.contains($0.name))
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

  /// The relations that have nothing to do with transposes, norms, diagonal matrices, elementwise
  /// products and bold letters, and the names of all others.
  private static func withoutTensors(
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

  private static func writesTensors(_ formula: Formula) -> Bool {
    var found = false
    formula.visit { part in
      switch part.kind {
      case .binary(.hadamard, _, _), .binary(.kronecker, _, _), .fenced(.doubleBars, _):
        found = true
      case .scripts(_, _, let above?, _):
        found = found || above.isTransposeMark || above.identifier?.isPlain("T") == true
      case .identifier(let identifier):
        if case .tensor? = StandardFunction(identifier) { found = true }
        found = found || identifier.font == .bold
      default: break
      }
    }
    return found
  }

  /// The letters of a name with two indices, one of them the given one, beside another that bears
  /// it; the letter itself in a square.
  private static func indices(in body: Formula, with letter: String) -> Set<String> {
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

  /// Five and more small letters in a row are a word: `+ other`.
  private static func spellsWord(_ items: [Formula]) -> Bool {
    items.count >= 5
      && items.allSatisfy { item in
        guard let identifier = item.identifier, identifier.isPlain(identifier.name),
          identifier.name.utf8.count == 1, let letter = identifier.name.utf8.first
        else { return false }
        return letter >= 97 && letter <= 122
      }
  }

  /// Letters of a script are indices, not symbols used bare.
  private static func collectInScript(_ formula: Formula, into occurrences: inout [Occurrence]) {
    if case .scripts = formula.kind { collect(formula, into: &occurrences) }
  }

  private mutating func noteDeclarations(_ formula: Formula) {
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
  private mutating func noteLabelled(_ left: Formula) {
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
  private static func listed(_ items: [Formula]) -> [(name: String, place: Int)] {
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

  /// `W_{in}` is a word where i counts nothing else on the page.
  private mutating func noteWords(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    func isWord(_ script: Formula) -> Bool { Elaborator.script(script) == "{in}" }
    func counts(_ script: Formula) -> Bool {
      !isWord(script)
        && Lexicon.letters(of: script).contains { $0.identifier?.isPlain("i") == true }
    }
    var isCounted = occurrences.contains { $0.below.map(counts) ?? false }
    for formula in formulas {
      formula.visit { part in
        guard case .big(_, let below?, _, _) = part.kind else { return }
        if case .relations(let left, _) = below.kind {
          isCounted = isCounted || counts(left)
        } else {
          isCounted = isCounted || counts(below)
        }
      }
    }
    if isCounted { return }
    for occurrence in occurrences where occurrence.below.map(isWord) ?? false {
      labelled.insert(occurrence.base + "_{in}")
    }
  }

  /// Letters that count entries: two of them at a matrix, those that sums run over, those whose
  /// range ends at a size, and i, j, k, l at several names that are used bare.
  private mutating func noteEntryLetters(_ formulas: [Formula], _ occurrences: [Occurrence]) {
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
          var letter = below.identifier?.name
          if case .relations(let left, _) = below.kind { letter = left.identifier?.name }
          let end = above.flatMap { AffineLetters($0)?.soleLetter }
          if let letter, end.map({ dimensionLetters.contains($0) }) ?? (above == nil) {
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

  private mutating func noteFunctions(_ formula: Formula) {
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

  package static func relationsIn(_ formula: Formula) -> [Formula] {
    switch formula.kind {
    case .relations: return [formula]
    case .list(let items): return items.flatMap { relationsIn($0) }
    default: return []
    }
  }

  private mutating func noteRanges(_ formula: Formula) {
    for part in Lexicon.relationsIn(formula) {
      guard case .relations(let left, let members) = part.kind, let letter = left.identifier,
        letter.isPlain(letter.name), let member = members.last
      else { continue }
      var items: [Formula]
      switch member.formula.kind {
      case .list(let list): items = list
      case .fenced(.braces, let inner):
        if case .list(let list) = inner.kind { items = list } else { continue }
      default: continue
      }
      guard items.count >= 2, let last = items.last, let end = AffineLetters(last) else { continue }
      if let sole = end.soleLetter, dimensionLetters.contains(sole), sole != "T" { continue }
      items.removeAll { if case .dots = $0.kind { return true } else { return false } }
      if !timeLetters.contains(letter.name), letter.name != "i", letter.name != "j",
        indexed.isEmpty || !entryLetters.contains(letter.name)
      {
        timeLetters.append(letter.name)
      }
    }
  }

  private mutating func noteDifferentiated(_ formula: Formula) {
    formula.visit { part in
      guard case .fraction(let above, let below) = part.kind,
        Elaborator.partialHead(above) != nil, let rest = Elaborator.partialHead(below)?.rest,
        rest.count == 1, let letter = rest[0].identifier, letter.isPlain(letter.name)
      else { return }
      differentiated.insert(letter.name)
    }
  }

  private mutating func noteTotals(_ formula: Formula) {
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

  private mutating func noteBare(_ occurrence: Occurrence, _ timed: Set<String>) {
    guard occurrence.below == nil else {
      if let below = occurrence.below, Lexicon.letters(of: below).count >= 2 {
        indexedTwice.insert(occurrence.base)
      }
      return
    }
    if let above = occurrence.above,
      above.isParenthesised || Lexicon.isStarredTime(above) || Lexicon.mayBeTime(above)
        || timed.contains(occurrence.base) && AffineLetters(above) != nil
    {
      return
    }
    bare.insert(occurrence.base)
  }

  /// An integer above, which may be a power or a time.
  private static func mayBeTime(_ above: Formula) -> Bool {
    guard !above.isParenthesised, let affine = AffineLetters(above) else { return false }
    return affine.soleLetter != "T"
  }

  /// `h^0` beside `h_i^t` is of a family whose time stands above; `W^{30}` and `a^k` are powers.
  private func timedAbove(
    _ occurrences: [Occurrence], _ prescribed: TimePlace?
  ) -> Set<String> {
    var timed: Set<String> = []
    for occurrence in occurrences {
      guard let above = occurrence.above, !above.isParenthesised,
        let affine = AffineLetters(above), !affine.isLiteral, affine.soleLetter != "T",
        occurrence.below != nil || prescribed == .above,
        declaredOrder(of: occurrence.base) != 2
      else { continue }
      timed.insert(occurrence.base)
    }
    return timed
  }

  /// `z^l = w^l a^{l-1} + b^l`: an equation of one letter above that reads another name one step
  /// before counts its steps there, where none of the names stands bare.
  private mutating func layered(
    _ formulas: [Formula], _ occurrences: [Occurrence], _ prescribed: TimePlace?
  ) -> Set<String> {
    guard prescribed == nil || prescribed == .above else { return [] }
    let unraised = Set(occurrences.filter { $0.above == nil }.map { $0.base })
    var names: Set<String> = []
    for formula in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = formula.kind,
        case .scripts(let base, nil, let above?, 0) = left.kind, let name = base.identifier?.latex,
        let letter = above.identifier?.name, AffineLetters(above)?.soleLetter == letter,
        letter != "T", let right = members.first?.formula
      else { continue }
      var isRecurrence = false
      var own: Set<String> = [name]
      right.visit { part in
        guard case .scripts(let base, nil, let script?, _) = part.kind,
          let read = base.identifier?.latex, let step = AffineLetters(script),
          step.soleLetter == letter
        else { return }
        own.insert(read)
        isRecurrence = isRecurrence || step.constant != 0 && read != name
      }
      guard isRecurrence, own.isDisjoint(with: unraised) else { continue }
      names.formUnion(own)
      addTime(letter)
    }
    if names.isEmpty { return [] }
    // Whatever else bears the letter above, and never stands without, runs with it.
    for occurrence in occurrences
    where occurrence.below == nil && !unraised.contains(occurrence.base) {
      if let letter = occurrence.above.flatMap({ AffineLetters($0)?.soleLetter }),
        letter != "T", timeLetters.contains(letter)
      {
        names.insert(occurrence.base)
      }
    }
    return names
  }

  private mutating func noteRaised(_ occurrences: [Occurrence], _ timed: Set<String>) {
    let letters = timeLetters
    for occurrence in occurrences where occurrence.below == nil {
      guard let above = occurrence.above, let letter = AffineLetters(above)?.soleLetter,
        Lexicon.mayBeTime(above), !timed.isEmpty, letters.contains(letter),
        declaredOrder(of: occurrence.base) != 2,
        !bare.contains(occurrence.base) || totals.contains(occurrence.base)
      else { continue }
      raised.insert(occurrence.base)
    }
    for occurrence in occurrences where occurrence.below == nil {
      guard let above = occurrence.above, Lexicon.mayBeTime(above),
        !timed.contains(occurrence.base), !raised.contains(occurrence.base)
      else { continue }
      bare.insert(occurrence.base)
    }
  }

  private static func isStarredTime(_ above: Formula) -> Bool {
    if case .juxtaposition(let items) = above.kind { return items.contains { $0.isParenthesised } }
    return false
  }

  /// The single letters and numbers of a script, in order: `ij`, `i,j`, `1d`.
  package static func letters(of script: Formula) -> [Formula] {
    switch script.kind {
    case .juxtaposition(let items), .list(let items): return items
    default: return [script]
    }
  }

  private mutating func noteOffsets(_ occurrence: Occurrence, _ prescribed: TimePlace?) {
    func offsetLetter(_ script: Formula?) -> String? {
      guard let script, let affine = AffineLetters(script), affine.constant != 0,
        let letter = affine.soleLetter
      else { return nil }
      return letter
    }
    if let letter = offsetLetter(occurrence.below) { addTime(letter) }
    // What e is raised to is a number of any kind.
    let isExponential =
      occurrence.base == "e" && occurrence.below == nil && declaredOrder(of: "e") == nil
    if let written = occurrence.above, !isExponential {
      let step = written.bracketedStep
      let above = step ?? written
      let timed =
        above.isParenthesised || step != nil
        || (occurrence.below != nil && declaredOrder(of: occurrence.base) == nil)
        || prescribed == .above
      if let letter = offsetLetter(above) {
        if timed { addTime(letter) } else { addInteger(letter) }
      } else if let affine = AffineLetters(above), !timed {
        for term in affine.terms where term.letter != "T" { addInteger(term.letter) }
      }
    }
  }

  private mutating func addTime(_ letter: String) {
    if letter != "T", !timeLetters.contains(letter), !dimensionLetters.contains(letter) {
      timeLetters.append(letter)
    }
  }
  private mutating func addInteger(_ letter: String) {
    if !integerLetters.contains(letter), !dimensionLetters.contains(letter) {
      integerLetters.append(letter)
    }
  }

  /// A name with several letters below it, one of which bears times itself, and never a time that
  /// could be nothing else.
  private mutating func noteDistinguished(_ occurrences: [Occurrence]) {
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
      if !timed.contains(occurrence.base), !timed.isDisjoint(with: names) {
        distinguished.insert(occurrence.base)
      }
      let nodes = names.filter { running.contains($0) }
      if nodes.count >= 2, !running.contains(occurrence.base) {
        labelled.formUnion(nodes.map { occurrence.base + "_" + $0 })
      }
    }
  }

  /// `t`, `t-1`, `(t)`, `(t, i)`
  private func bearsStep(_ script: Formula) -> Bool {
    Lexicon.timeCandidates(script).contains { part in
      AffineLetters(part)?.terms.contains { timeLetters.contains($0.letter) } ?? false
    }
  }

  /// What bears `t`, a shifted step or a time beside an entry is a family, though it stand bare
  /// elsewhere; by other letters a name that stands bare counts its entries.
  private mutating func noteRunning(_ occurrence: Occurrence) {
    guard let below = occurrence.below else { return }
    for part in Lexicon.timeCandidates(below) {
      guard let affine = AffineLetters(part), !affine.terms.isEmpty, isTime(affine) else {
        continue
      }
      let isEntryLetter = affine.soleLetter.map { Lexicon.entryCounters.contains($0) } ?? false
      if !isEntryLetter || affine.constant != 0 { runs.insert(occurrence.base) }
    }
  }

  private mutating func noteFamily(_ occurrence: Occurrence, _ prescribed: TimePlace?) {
    let base = occurrence.base
    if base == "\\sum" || base == "\\prod" || base == "\\partial" || base == "\\nabla"
      || base == "\\delta" && occurrence.below.map({ Lexicon.letters(of: $0).count == 2 }) == true
    {
      return
    }
    if let above = occurrence.above {
      var time: Formula? = above
      if case .juxtaposition(let items) = above.kind {
        time = items.first { $0.isParenthesised }
      }
      // A lone T above is a transpose unless other upper scripts of the name are times.
      let mayBeTranspose =
        time?.identifier?.isPlain("T") == true && prescribed != .above && families[base] != .above
      if let time, let affine = AffineLetters(time), !affine.terms.isEmpty, isTime(affine),
        !mayBeTranspose,
        families[base] != .below,
        !bare.contains(base) || totals.contains(base)
          || time.isParenthesised && dimensionLetters.contains(base),
        time.isParenthesised || prescribed == .above || occurrence.below != nil
          || raised.contains(base)
      {
        families[base] = .above
        if time.isParenthesised { writesTimeInParentheses = true }
        for term in affine.terms { addTime(term.letter) }
        return
      }
    }
    if families[base] == .above, !bare.contains(base), let above = occurrence.above,
      let letter = AffineLetters(above)?.soleLetter
    {
      addTime(letter)
    }
    guard families[base] != .above, prescribed != .above, !distinguished.contains(base),
      !indexed.contains(base),
      let below = occurrence.below, !isSteppedAbove(occurrence),
      !listed.contains(base) || !labelled.contains(base + "_" + Elaborator.script(below))
    else { return }
    for part in Lexicon.timeCandidates(below) {
      guard let affine = AffineLetters(part), !affine.terms.isEmpty else { continue }
      if families[base] == .below {
        if let letter = affine.soleLetter, !bare.contains(base),
          declaredOrder(of: base) == nil
            || affine.constant != 0 || letter == "k" || letter == "s"
        {
          addTime(letter)
        }
        continue
      }
      if isTime(affine), !bare.contains(base) || runs.contains(base) { families[base] = .below }
    }
  }

  /// What of a lower script may be the time: the whole of it, or one member of a list.
  package static func timeCandidates(_ below: Formula) -> [Formula] {
    if case .list(let items) = below.kind { return items }
    return [below]
  }

  /// `S_1 = … S_0 …`, `S_2 = … S_1 …`: two instances of one form make their names families; of the
  /// names that they read those that stand at one distance from the step in all of them.
  private mutating func noteInstances(_ formulas: [Formula]) {
    var reads: [(name: String, isUppercase: Bool, family: String, distances: Set<Int>)] = []
    for part in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = part.kind, let first = members.first,
        first.sign == .equal || first.sign == .defines,
        case .scripts(let base, let below?, nil, 0) = left.kind, let name = base.identifier?.latex,
        let time = AffineLetters(below), time.isLiteral
      else { continue }
      var own: [(name: String, isUppercase: Bool, family: String, distances: Set<Int>)] = []
      first.formula.visit { inner in
        guard case .scripts(let other, let script?, nil, 0) = inner.kind,
          let input = other.identifier, let at = AffineLetters(script), at.isLiteral
        else { return }
        let distance = time.constant - at.constant
        if let i = own.firstIndex(where: { $0.name == input.latex }) {
          own[i].distances.insert(distance)
        } else {
          own.append((input.latex, input.isUppercase, name, [distance]))
        }
      }
      guard own.contains(where: { $0.name == name && $0.distances.contains(1) }),
        families[name] ?? .below == .below, declaredOrder(of: name) == nil
      else { continue }
      families[name] = .below
      reads += own
    }
    for read in reads where !bare.contains(read.name) {
      let distances = reads.filter { $0.name == read.name && $0.family == read.family }
        .reduce(read.distances) { $0.intersection($1.distances) }
      guard distances.contains(0) || distances.contains(1),
        !read.isUppercase || families[read.name] != nil
          || distances.contains(0) && read.name != "W"
      else { continue }
      families[read.name] = families[read.name] ?? .below
    }
    noteNamedSteps(formulas)
  }

  /// `a_2 = W s_1 + U x_2` names a node of the second step where families are read; a_1 is then
  /// that of the first.
  private mutating func noteNamedSteps(_ formulas: [Formula]) {
    var steps: [String: Set<Int>] = [:]
    for formula in formulas {
      formula.visit { part in
        if case .scripts(let base, let below?, nil, 0) = part.kind,
          let name = base.identifier?.latex, let time = AffineLetters(below), time.isLiteral
        {
          steps[name, default: []].insert(time.constant)
        }
      }
    }
    for equation in formulas.flatMap({ Lexicon.relationsIn($0) }).compactMap({ StepEquation($0) }) {
      guard equation.left.count == 1,
        case .scripts(let base, let below?, nil, 0) = equation.left[0].kind,
        let name = base.identifier?.latex, let time = AffineLetters(below), time.isLiteral,
        (steps[name]?.count ?? 0) > 1, families[name] == nil, !bare.contains(name),
        declaredOrder(of: name) == nil,
        !labelled.contains(name + "_" + Elaborator.script(below))
      else { continue }
      var readsStep = false
      equation.right.visit { part in
        if case .scripts(let base, let below?, nil, 0) = part.kind,
          let read = base.identifier?.latex, families[read] == .below,
          let at = AffineLetters(below), at == time
        {
          readsStep = true
        }
      }
      if readsStep { families[name] = .below }
    }
  }

  /// Times as arguments: `h(t)`, `h[t]`, `h^{⟨t⟩}`.
  private mutating func noteArgumentTimes(_ formula: Formula, _ prescribed: TimePlace?) {
    formula.visit { part in
      if case .scripts(let base, _, let above?, _) = part.kind,
        let name = base.identifier?.latex, case .fenced(let fence, _) = above.kind,
        let affine = above.bracketedStep.flatMap({ AffineLetters($0) })
      {
        if isTime(affine) { families[name] = fence == .angle ? .angle : .brackets }
        if families[name] == .angle || families[name] == .brackets {
          for term in affine.terms { addTime(term.letter) }
        }
      }
      guard case .juxtaposition(let items) = part.kind else { return }
      for (i, item) in items.enumerated().dropLast() {
        guard let identifier = item.identifier, !functions.contains(identifier.latex),
          case .fenced(let fence, let inner) = items[i + 1].kind,
          fence == .parentheses || fence == .brackets, let affine = AffineLetters(inner),
          !affine.terms.isEmpty, isTime(affine), identifier.font == .italic,
          StandardFunction(identifier) == nil
        else { continue }
        if prescribed == nil || prescribed == .parentheses || prescribed == .brackets {
          families[identifier.latex] = fence == .parentheses ? .parentheses : .brackets
        }
      }
    }
  }
}

extension Formula {
  /// The n of `[n]`, `⟨n⟩` above a name.
  fileprivate var bracketedStep: Formula? {
    guard case .fenced(let fence, let inner) = kind, fence == .brackets || fence == .angle else {
      return nil
    }
    return inner
  }
}

/// ℝ^{n×d} as written.
package struct Space: Sendable {
  package var factors: [Formula]
  package var order: Int { factors.count }

  /// Nil unless the formula is a real space.
  package init?(_ formula: Formula) {
    switch formula.kind {
    case .identifier(let identifier):
      guard Space.isReal(identifier) else { return nil }
      factors = []
    case .scripts(let base, nil, let above?, 0):
      guard let identifier = base.identifier, Space.isReal(identifier) else { return nil }
      factors = Space.factors(of: above)
    default: return nil
    }
  }

  static func isReal(_ identifier: Formula.Identifier) -> Bool {
    identifier.name == "R" && identifier.decorations.isEmpty
  }

  private static func factors(of formula: Formula) -> [Formula] {
    if case .binary(.times, let a, let b) = formula.unfenced.kind {
      return factors(of: a) + factors(of: b)
    }
    return [formula]
  }

  var letters: [String] {
    var found: [String] = []
    for factor in factors {
      factor.visit { part in
        if let identifier = part.identifier { found.append(identifier.name) }
      }
    }
    return found
  }
}
