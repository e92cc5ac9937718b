import Notation

/// Where the time of a family stands.
package enum TimePlace: Hashable, Sendable {
  case below, above, parentheses, brackets, angle
}

/// What the whole page shows about its names, found before any formula is understood: which letters
/// are times, which names are families, which are used bare.
package struct Lexicon: Sendable {
  package internal(set) var timeLetters: [String] = ["t", "tau"]
  /// Letters that stand in exponents or as sum bounds: integers, though no family bears them.
  package internal(set) var integerLetters: [String] = []
  package internal(set) var families: [String: TimePlace] = [:]
  /// Families with their time below that are also written `h_j^t`: the entry below, the time above.
  package internal(set) var steppedAbove: Set<String> = []
  package internal(set) var bare: Set<String> = []
  /// Names whose shape is declared, with their spaces.
  var declaredSpaces: [String: Space] = [:]
  package internal(set) var dimensionLetters: Set<String> = []
  /// Names with a label below that are declared as such, `W_{hx}`, `b_1`, or that belong to the
  /// nodes that the labels name: `b_f`, `b_i` beside `f_t`, `i_t`.
  package internal(set) var labelled: Set<String> = []
  /// Letters that the page uses as indices of entries.
  package internal(set) var entryLetters: Set<String> = []
  /// Names that occur with two indices below.
  package internal(set) var indexedTwice: Set<String> = []
  /// Names whose numbers below count entries: a formula shows several of them, or one beside the
  /// whole.
  package internal(set) var countedEntries: Set<String> = []
  /// Names that only ever bear the indices of their entries, on a page that writes nothing but entries.
  package internal(set) var indexed: Set<String> = []
  /// Functions that the page defines or declares: r in `r(z) = …`, f in `f \colon ℝ → ℝ`.
  package internal(set) var functions: Set<String> = []
  package internal(set) var writesTimeInParentheses = false
  /// Letters that name one entry of a vector throughout the page: the class c of `-\\log p_c`.
  package internal(set) var classLetters: [String] = []

  /// Names that other names distinguish, at no time: W beside `W_f`, `W_i` where there is an `f_t`.
  var distinguished: Set<String> = []
  /// Families whose members are listed: `u_1, …, u_K`.
  var listed: Set<String> = []
  /// Those of them whose members are declared as vectors, whatever stands bare beside them.
  var listedVectors: Set<String> = []
  /// Families that sums run over and whose members no more than one letter tells: numbers, where nothing says
  /// otherwise.
  package internal(set) var summedMembers: Set<String> = []
  /// Names that bear one letter, never stand without, and are whole vectors where they do.
  var vectorMembers: Set<String> = []
  /// Names that stand for the sum of their own family: L in `L = \\sum_t L^{(t)}`.
  var totals: Set<String> = []
  /// Names that an equation computes as they stand: p in `p = \mathrm{softmax}(z)`.
  package internal(set) var computed: Set<String> = []
  /// Nodes that bear a number in parentheses above, which is neither a step nor that of a copy.
  package internal(set) var labelledAbove: Set<String> = []
  /// Names that bear a letter above on a page whose times stand there, and never stand bare.
  var raised: Set<String> = []

  /// Names that stand on the left of an equation that names something else.
  var explained: Set<String> = []
  /// Bare letters by which the page differentiates.
  var differentiated: Set<String> = []
  /// Names that occur at a step, whatever else they do.
  var runs: Set<String> = []

  /// Names that can be no numbers: what is transposed or inverted.
  package internal(set) var matrices: Set<String> = []
  /// Those of them that are inverted, and so are square.
  package internal(set) var inverted: Set<String> = []

  static let indexLetters: Set<String> = [
    "i", "j", "k", "l", "m", "n", "p", "q", "r", "a", "b", "d",
  ]

  struct Occurrence {
    var base: String
    var below: Formula?
    var above: Formula?
  }

  /// Surveys every formula of a page; `prescribed` is what a directive says of times.
  /// - Parameter counters: letters that count entries, whatever else the page shows.
  package init(
    surveying formulas: [Formula], prescribed: TimePlace? = nil, counters: Set<String> = []
  ) {
    var occurrences: [Occurrence] = []
    for formula in formulas {
      let start = occurrences.count
      Lexicon.collect(formula, into: &occurrences)
      if Lexicon.isIdentityOfOneLetter(formula, occurrences[start...]) {
        occurrences.removeSubrange(start...)
      }
      noteCountedEntries(occurrences[start...])
    }
    for formula in formulas { noteDeclarations(formula) }
    if Lexicon.computesT(formulas) { matrices.insert("T") }
    if prescribed == nil || prescribed == .below { lowerLabelledPowers(&occurrences) }
    let classes = ClassIndices(surveying: formulas)
    classLetters = classes.letters
    noteListedVectors(formulas)
    noteIndexed(formulas, occurrences)
    noteClassed(classes, occurrences)
    noteEntryNames(formulas, occurrences)
    noteComputedLetters(formulas, occurrences)
    for formula in formulas { noteFunctions(formula) }
    for formula in formulas { noteRanges(formula) }
    for formula in formulas { noteTotals(formula) }
    for formula in formulas { noteExplained(formula) }
    for formula in formulas { noteDifferentiated(formula) }
    let timed = timedAbove(occurrences, prescribed).union(
      layered(formulas, occurrences, prescribed))
    for occurrence in occurrences { noteBare(occurrence, timed) }
    noteRaised(occurrences, timed)
    for name in listed
    where (!bare.contains(name) || listedVectors.contains(name)) && prescribed == nil {
      families[name] = .below
    }
    for occurrence in occurrences { noteOffsets(occurrence, prescribed) }
    noteDistinguished(occurrences)
    noteSummedMembers(formulas, occurrences)
    for occurrence in occurrences { noteRunning(occurrence) }
    var before = -1
    while before != timeLetters.count + families.count {
      before = timeLetters.count + families.count
      for occurrence in occurrences { noteFamily(occurrence, prescribed) }
    }
    for equation in StepEquation.all(in: formulas) {
      var reads = false
      equation.right.visit { part in
        if let name = part.identifier, !name.isUppercase { reads = true }
      }
      if !reads { continue }
      for name in equation.left.compactMap({ $0.identifier }) { computed.insert(name.latex) }
    }
    noteInstances(formulas)
    noteNumberedQuotients(formulas)
    noteEnds(formulas, occurrences)
    for formula in formulas { noteArgumentTimes(formula, prescribed) }
    noteWords(formulas, occurrences)
    noteEntryLetters(formulas, occurrences)
    noteImpliedVectors(formulas, occurrences)
    for occurrence in occurrences where isSteppedAbove(occurrence) {
      steppedAbove.insert(occurrence.base)
    }
    noteCounters(counters, occurrences)
    for letter in timeLetters where !integerLetters.contains(letter) {
      integerLetters.append(letter)
    }
    noteMatrices(formulas)
    // N^{-1} is one by N where N counts.
    matrices = matrices.subtracting(integerLetters).subtracting(dimensionLetters)
    inverted.formIntersection(matrices)
    if !integerLetters.contains("T"), !matrices.contains("T") { integerLetters.append("T") }
  }

  /// `\sigma'(z) = \sigma(z)(1 - \sigma(z))`: the letter stands for any argument, and says nothing of
  /// what bears it elsewhere.
  private static func isIdentityOfOneLetter(
    _ formula: Formula, _ occurrences: ArraySlice<Occurrence>
  ) -> Bool {
    var functions: Set<String> = []
    formula.visit { part in
      guard case .juxtaposition(let items) = part.kind else { return }
      for (function, argument) in zip(items, items.dropFirst()) where argument.isParenthesised {
        guard let name = function.unfencedScripts.identifier, StandardFunction(name) != nil
        else { continue }
        functions.insert(name.latex)
      }
    }
    let names = occurrences.filter { !functions.contains($0.base) }
    return !functions.isEmpty && !relationsIn(formula).isEmpty
      && names.allSatisfy { $0.base == names.first?.base && $0.below == nil && $0.above == nil }
  }

  package func isTime(_ affine: AffineLetters) -> Bool {
    for term in affine.terms where !isTimeLetter(term.letter) { return false }
    return true
  }
  package func isTimeLetter(_ letter: String) -> Bool {
    timeLetters.contains(letter) || letter == "T" && !matrices.contains(letter)
  }
  package func isIntegerLetter(_ letter: String) -> Bool {
    integerLetters.contains(letter) || isTimeLetter(letter)
  }
  package func declaredOrder(of base: String) -> Int? { declaredSpaces[base]?.order }
  /// Whether a name is declared as a matrix of one row or one column, whose entries one letter counts.
  func isDeclaredLine(_ base: String) -> Bool {
    guard let space = declaredSpaces[base], space.order == 2 else { return false }
    return space.factors.contains { AffineLetters($0) == AffineLetters(terms: [], constant: 1) }
  }
  /// Whether an equation says what the name is, in terms of other names.
  func isExplained(_ base: String) -> Bool { explained.contains(base) }
  /// Whether the page takes derivatives by the bare letter, which then is no number of steps.
  package func isDifferentiated(_ letter: String) -> Bool { differentiated.contains(letter) }
  package func isFamily(_ base: String) -> Bool { families[base] != nil }
  /// The o of `u_o` where `u_o, u_1, …, u_K` are declared.
  func isLabelBesideFamily(_ base: String, _ below: Formula) -> Bool {
    listed.contains(base) && labelled.contains(base + "_" + Elaborator.script(below))
  }
  package func isBare(_ base: String) -> Bool { bare.contains(base) }

  static func collect(_ formula: Formula, into occurrences: inout [Occurrence]) {
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
  static func isSlope(_ function: Formula, at argument: Formula) -> Bool {
    guard case .scripts(_, _, _, let primes) = function.kind, primes > 0 else { return false }
    return argument.isParenthesised && argument.unfenced.identifier?.isPlain("theta") == true
  }

  /// Five and more small letters in a row are a word: `+ other`.
  static func spellsWord(_ items: [Formula]) -> Bool {
    items.count >= 5
      && items.allSatisfy { item in
        guard let identifier = item.identifier, identifier.isPlain(identifier.name),
          identifier.name.utf8.count == 1, let letter = identifier.name.utf8.first
        else { return false }
        return letter >= 97 && letter <= 122
      }
  }

  /// Letters of a script are indices, not symbols used bare.
  static func collectInScript(_ formula: Formula, into occurrences: inout [Occurrence]) {
    if case .scripts = formula.kind { collect(formula, into: &occurrences) }
  }

  package static func relationsIn(_ formula: Formula) -> [Formula] {
    switch formula.kind {
    case .relations: return [formula]
    case .list(let items): return items.flatMap { relationsIn($0) }
    default: return []
    }
  }

  mutating func noteDifferentiated(_ formula: Formula) {
    formula.visit { part in
      guard case .fraction(let above, let below) = part.kind,
        Elaborator.partialHead(above) != nil, let rest = Elaborator.partialHead(below)?.rest,
        rest.count == 1, let letter = rest[0].identifier, letter.isPlain(letter.name)
      else { return }
      differentiated.insert(letter.name)
    }
  }

  mutating func noteExplained(_ formula: Formula) {
    for relation in Lexicon.relationsIn(formula) {
      guard let equation = StepEquation(relation) else { continue }
      var namesOthers = false
      equation.right.visit { namesOthers = namesOthers || $0.identifier?.font == .italic }
      guard namesOthers else { continue }
      for name in equation.left {
        if let base = name.unfencedScripts.identifier { explained.insert(base.latex) }
      }
    }
  }

  mutating func noteBare(_ occurrence: Occurrence, _ timed: Set<String>) {
    guard occurrence.below == nil else {
      if let below = occurrence.below, Lexicon.letters(of: below).count >= 2 {
        indexedTwice.insert(occurrence.base)
      }
      return
    }
    // Euler's e beside the energies `e_j`.
    if let above = occurrence.above, occurrence.base == "e", declaredOrder(of: "e") == nil,
      !above.isTransposeMark, above.identifier?.isPlain("T") != true
    {
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
}
