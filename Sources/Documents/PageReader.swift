import Expressions
import Notation

extension Page {
  /// Reads a manuscript: every formula parsed, every relation given its role. Names are resolved
  /// only as far as roles need it; shapes and models come later.
  /// - Parameter misprint: what to put right in the page's equations.
  package init(
    reading source: Source, _ manuscript: Manuscript, given other: Page? = nil,
    mending misprint: DoubledParameter? = nil, in workspace: inout Workspace
  ) {
    var reader = PageReader(
      source, manuscript, given: other, mending: misprint, in: &workspace)
    reader.read(in: &workspace)
    self = reader.page
  }
}

/// A formula of the manuscript with what was parsed of it.
struct ParsedPart {
  var block: Int
  var sentence: Int
  var part: Int
  /// Grows wherever the words end what was supposed before.
  var clause: Int
  var text: FormulaText
  var formula: Formula
  /// Whether commands had to be put together again.
  var isRepaired: Bool
  /// Its left side as it is written in an earlier formula, where its sign is a word.
  var said: String?
}

/// Walks a manuscript from its beginning to its end and collects a page.
struct PageReader {
  var page: Page
  let manuscript: Manuscript
  let macros: MacroTable
  var parsed: [ParsedPart] = []
  /// The clause of the formula that is being read.
  var clause = 0
  /// Symbols by name alone, for telling which names a formula mentions.
  var scratch = SymbolTable()
  /// Names that something computes, names that are known otherwise.
  var computed: [NameKey] = []
  var known: Set<NameKey> = []
  /// Whether the equation that is being read replaces an earlier one.
  var isDefinedAnew = false
  /// Whether it gives the value with which a recurrence towards the past begins.
  var isLastValue = false
  /// Whether the condition that is being read is made for its own paragraph.
  var isPassing = false
  /// Whether words give it as a ground: `since`, `because`.
  var isGround = false
  /// Whether it is a further relation of a formula behind `with` or `where`.
  var isListedBehindWith = false
  /// Its left side as it is written in an earlier formula, where its sign is a word.
  var said: String?
  /// Whether it says in passing what something is: `where ε > 0 is a constant`.
  var isRemark = false
  /// Whether a condition stands before it in its sentence, and whether that speaks of all the page.
  var isUnderCondition = false
  var saysEverywhere = false
  /// The block with which the part of an exercise begins that is being read.
  var partOfExercise: Int?
  /// The blocks with which such parts begin.
  let parts: [Int]
  /// How far the words around a formula stand behind it.
  var stanceHere = Stance.asserted
  /// Whether its sentence says that it supposes something.
  var isSupposing = false
  /// Whether the page states a layout as its own.
  var hasOwnLayout = false
  /// Whether words make all numbers scalars, and whether they end that.
  var saysScalars = false
  var scalarsEnd = false
  /// Names known before the chain that is being read.
  var knownBefore: Set<NameKey> = []
  var pending: [Expectation] = []
  var isForced = false
  var isIgnored = false
  /// Whether the formula that is being read was damaged.
  var isRepaired = false
  var held: [NameKey] = []
  var heldBefore: [NameKey] = []
  var heldBySentence: [NameKey] = []
  var heldBlock: Int?
  var holdsAll = false
  var saysTotalHere = false
  /// The block in which derivatives are along all paths.
  var totalBlock: Int?
  var speaksOfWholeHere = false
  /// What the page says of its derivatives, each with where it is in force.
  var derivativeRules: [DerivativeRule] = []
  /// The proof by induction that is being read; whether a directive opened it.
  var openProof: Int?
  var isProofDirected = false
  var supposesHere = false
  var lastChain: (head: Int, last: Int)?
  /// A formula without a relation, which the next one may go on from, how many statements stand
  /// before it, and the block that must end with it, where that is so.
  var lone: (formula: Formula, statements: Int, block: Int?)?
  /// Where the section begins that says of σ that it is the logistic function.
  var logisticSection: Int?
  /// Formulas that state a layout: they declare, and claim nothing.
  var conventions: [(block: Int, sentence: Int, part: Int)] = []
  var sharedShape: (Formula, Formula)?
  /// Gradients that a sentence explains without a formula for them: name, of what, by what.
  var wordedGradients: [(name: Formula, loss: Formula?, node: Formula, statement: Int)] = []
  /// Definitions before this statement belong to an earlier model.
  var boundary = -1
  /// Names whose shape was declared again after they were defined.
  var redeclared: Set<NameKey> = []
  var deviants = DeviantInstances(surveying: [])
  var unknownFunctions = UnknownFunctions(surveying: [])
  var entrywiseFunctions = EntrywiseFunctions()
  /// The arrows of graphs that the page draws.
  var graphArrows: [(from: Formula.Kind, to: Formula.Kind)] = []
  /// What the words around the formula that is being read say of it.
  var words = SurroundingWords()
  /// The gradient that was set to zero last, and what follows from that for the relation that is being
  /// read.
  var stationarity: Stationarity?
  var vanishing: VanishingGradient?
  /// The sentence that looks at a point of what the page computes.
  var pointLookedAt: (block: Int, sentence: Int)?
  /// A matrix in words that the next relation may name.
  var unnamedMatrix: UnnamedMatrix?

  init(
    _ source: Source, _ manuscript: Manuscript, given other: Page?,
    mending misprint: DoubledParameter?, in workspace: inout Workspace
  ) {
    self.manuscript = manuscript
    parts = manuscript.blocks.indices.filter {
      manuscript.blocks[$0].beginsPart(in: source.text)
    }
    macros = MacroTable.reading(source.text).table
    var formulas: [Formula] = []
    var prescribed: TimePlace?
    var clause = 0
    for (b, block) in manuscript.blocks.enumerated() {
      for (s, sentence) in block.sentences.enumerated() {
        let wording = Wording(sentence)
        defer { clause += wording.contrasts() }
        for (p, part) in sentence.parts.enumerated() {
          switch part {
          case .formula(let text):
            if text.isStruck { continue }
            let display = ParsedDisplay(parsing: text.text, macros: macros)
            parsed.append(
              ParsedPart(
                block: b, sentence: s, part: p, clause: clause + wording.contrasts(before: p),
                text: text, formula: display.formula, isRepaired: !display.repairs.isEmpty))
          case .directive(.time(let notation), _):
            switch notation {
            case .subscript: prescribed = .below
            case .superscript: prescribed = .above
            case .parentheses: prescribed = .parentheses
            case .brackets: prescribed = .brackets
            case .angle: prescribed = .angle
            }
          case .directive(.declare(let source), _), .directive(.define(let source), _),
            .directive(.assume(let source), _):
            formulas.append(Formula(parsing: Array(source.utf8), macros: macros))
          default: break
          }
        }
      }
    }
    parsed = PageReader.joiningDisplays(parsed)
    parsed = StatedActivations.restoring(parsed, in: manuscript)
    parsed = SaidEquations.joining(parsed, in: manuscript, macros)
    let stacked = StackedNames(surveying: parsed, in: manuscript)
    for i in parsed.indices { parsed[i].formula = stacked.restoring(parsed[i].formula) }
    let (positions, picked, letters) = Self.joinNames(
      in: &parsed, &formulas, given: other?.surveyed ?? [])
    unknownFunctions = UnknownFunctions(
      surveying: parsed.map { $0.formula } + formulas + (other?.surveyed ?? []))
    for i in parsed.indices { parsed[i].formula = unknownFunctions.restoring(parsed[i].formula) }
    let gates = GateProducts(
      surveying: parsed.map { $0.formula } + formulas + (other?.surveyed ?? []),
      said: Self.entrywiseSigns(in: parsed, of: manuscript))
    let lettered = LetteredLayers(surveying: parsed.map { $0.formula } + formulas)
    for i in parsed.indices {
      parsed[i].formula = lettered.restoring(parsed[i].formula)
      parsed[i].formula = gates.restoring(
        CountedPowers.restoring(WrittenRanges.restoring(parsed[i].formula)))
    }
    formulas = formulas.map { gates.restoring($0) }
    let own = parsed.map { $0.formula } + formulas
    let printed = own + (other?.surveyed ?? [])
    let (elided, cases) = (ElidedTimes(surveying: own), CaseVariants(surveying: printed))
    let decorations = LostDecorations(surveying: printed)
    let exponents = LostExponents(surveying: printed)
    for i in parsed.indices {
      parsed[i].formula = WrittenSlopes.restoring(elided.restoring(parsed[i].formula))
      let printed = exponents.restoring(
        decorations.restoring(cases.restoring(parsed[i].formula)))
      let mended = misprint?.mending(printed) ?? printed
      if mended != parsed[i].formula {
        parsed[i].formula = mended
        parsed[i].isRepaired = true
      }
    }
    deviants = DeviantInstances(surveying: parsed.map { $0.formula })
    formulas = parsed.map { $0.formula } + formulas
    let lexicon = Lexicon(
      surveying: formulas + (other?.surveyed ?? []), prescribed: prescribed,
      counters: stacked.counters)
    entrywiseFunctions = EntrywiseFunctions(surveying: formulas, lexicon: lexicon)
    var notation = PageNotation(lexicon: lexicon)
    if let other {
      notation.times = other.notation.times
      notation.dimensions = other.notation.dimensions
      notation.genericFunctions = other.notation.genericFunctions
      notation.gradients = other.notation.gradients
      notation.loss = other.notation.loss
      notation.gradientMarks = other.notation.gradientMarks
      notation.explained = other.notation.explained
      notation.functions = other.notation.functions.filter { $0.end == nil && !$0.isSupposed }
      for i in notation.functions.indices {
        (notation.functions[i].section, notation.functions[i].start) = (-1, -1)
      }
      notation.hasOwnSigma = other.notation.hasOwnSigma
      notation.matrixNorm = other.notation.matrixNorm
      notation.namesSpectralRadius = other.notation.namesSpectralRadius
    }
    notation.indexLetters = letters
    page = Page(notation: notation)
    page.surveyed = formulas + (other?.surveyed ?? [])
    page.misprints = DoubledParameter.candidates(surveying: page.surveyed)
    for formula in page.surveyed { noteGenericFunctions(formula, in: &workspace) }
    if let other { adopt(other) }
    noteClasses()
    note(positions)
    note(picked)
    noteBounds(in: &workspace)
    noteNorms()
    noteNumericSigma()
    noteFacts(in: &workspace)
    if page.notation.hasUnknownSigma {
      page.notation.genericFunctions.append(("\\sigma", workspace.function(named: "\\sigma")))
    }
    for part in parsed {
      part.formula.visit { inner in
        if case .fraction(let above, _) = inner.kind,
          Elaborator.partialHead(above)?.isImmediate == true
        {
          page.marksImmediate = true
        }
        if case .scripts(let base, _, _, let primes) = inner.kind, primes > 0,
          let name = base.identifier, case .elementwise? = StandardFunction(name)
        {
          page.writesSlopes = true
        }
      }
    }
  }

  // MARK: The walk

  /// What a section supposes of functions ends with it.
  private mutating func endSuppositions(of name: String? = nil) {
    for i in page.notation.functions.indices
    where page.notation.functions[i].isSupposed && page.notation.functions[i].end == nil
      && (name == nil || name == page.notation.functions[i].name)
    {
      page.notation.functions[i].end = page.statements.count
    }
  }

  /// `for an arbitrary \phi`: what was supposed of it does not hold any more.
  private mutating func noteArbitrary(_ facts: [Fact], _ block: Int, _ sentence: Int) {
    for fact in facts {
      guard case .arbitrary(let parts, _) = fact else { continue }
      for part in parsed
      where part.block == block && part.sentence == sentence && parts.contains(part.part) {
        if let name = part.formula.identifier?.latex { endSuppositions(of: name) }
      }
    }
  }

  mutating func read(in workspace: inout Workspace) {
    noteExplained()
    var next = 0
    for (b, block) in manuscript.blocks.enumerated() {
      if case .heading = block.kind {
        boundary = page.statements.count
        partOfExercise = nil
        endSuppositions()
        held = []
        heldBefore = []
        holdsAll = false
        closeProof(unlessDirected: true)
      }
      if parts.contains(b) { partOfExercise = b }
      for (s, sentence) in block.sentences.enumerated() {
        let facts = lastingFacts(b, s)
        if facts.contains(.totalInBlock) { totalBlock = b }
        saysTotalHere = facts.contains(.total) || totalBlock == b
        speaksOfWholeHere = facts.contains(.whole(isOfNotation: false))
        noteArbitrary(facts, b, s)
        noteHeld(facts, b, s, in: &workspace)
        let induction = InductionWords(sentence)
        supposesHere = induction.supposes
        if induction.opens, openProof == nil { openProof(over: nil, isDirected: false) }
        for (p, part) in sentence.parts.enumerated() {
          switch part {
          case .text: break
          case .directive(let directive, _): take(directive, b, s, in: &workspace)
          case .formula(let text):
            guard next < parsed.count, parsed[next].block == b, parsed[next].sentence == s,
              parsed[next].part == p
            else { continue }
            let formula = parsed[next].formula
            clause = parsed[next].clause
            (isRepaired, said) = (parsed[next].isRepaired, parsed[next].said)
            next += 1
            read(formula, text, b, s, p, sentence, facts, in: &workspace)
          }
        }
        if induction.closes { closeProof(unlessDirected: true) }
      }
    }
    settleCommonShape(in: &workspace)
    settleOpenGates(in: &workspace)
    settleScalars()
    settleCases()
    settleCircles()
    dropAbbreviations()
  }

  mutating func take(
    _ directive: Directive, _ block: Int, _ sentence: Int, in workspace: inout Workspace
  ) {
    switch directive {
    case .expect(let expectations): pending = expectations
    case .claim: isForced = true
    case .ignore: isIgnored = true
    case .layout(let layout): page.layout = layout
    case .scalar: page.isScalar = true
    case .copy: page.copies = true
    case .inductionBegin(let letter): openProof(over: letter, isDirected: true)
    case .inductionEnd: closeProof(unlessDirected: false)
    case .hold(let names):
      for name in names {
        let formula = Formula(parsing: Array(name.utf8), macros: macros)
        if let (key, _) = self.name(of: formula, in: &workspace) { held.append(key) }
      }
    case .declare(let source), .define(let source), .assume(let source):
      let bytes = Array(source.utf8)
      let formula = Formula(parsing: bytes, macros: macros)
      let text = FormulaText(
        text: bytes, span: Span(0, 0), contentSpan: Span(0, 0), map: .identity)
      let before = page.statements.count
      for relation in Lexicon.relationsIn(formula) {
        guard case .relations(let left, let members) = relation.kind else { continue }
        var role: Role?
        if case .assume = directive { role = .assumption }
        if case .define = directive { role = .definition }
        addChain(
          left, members, conditions: [], text, block, sentence, role, nil, in: &workspace)
      }
      // A directive is no statement of the page's own: it takes no expectation.
      for i in before..<page.statements.count { page.statements[i].isHidden = true }
    default: break
    }
  }

  mutating func read(
    _ formula: Formula, _ text: FormulaText, _ block: Int, _ sentenceIndex: Int, _ part: Int,
    _ sentence: Sentence, _ facts: [Fact], in workspace: inout Workspace
  ) {
    let cue = cue(before: part, in: sentence)
    stanceHere = .asserted
    isUnderCondition = false
    let reader = FactReader(sentence)
    if formulaHasRelation(formula) {
      if let place = reader.items.firstIndex(of: .formula(part)) {
        stanceHere =
          isTakenBack(block, sentenceIndex) ? .refused : reader.stance(at: place)
        isUnderCondition = reader.items[..<place].contains(.term(.condition))
      }
      saysEverywhere =
        reader.items.contains(.term(.everywhere)) || reader.items.contains(.term(.throughout))
      isSupposing = reader.items.contains(.term(.supposing))
    }
    words = SurroundingWords(part, cue, in: reader)
    isRemark = cue != .claim && isRemark(part, cue, in: sentence)
    if isIgnored, formulaHasRelation(formula) {
      isIgnored = false
      return
    }
    if let run = spokenRun(with: part, block, sentenceIndex, sentence) {
      if part == run.first {
        page.orders.append((run.steps, page.statements.count, block, true))
      }
      if case .relations(let left, let members) = formula.kind {
        addChain(
          left, members, conditions: [], text, block, sentenceIndex, .declaration, nil,
          in: &workspace)
      }
      return
    }
    let items = PageReader.items(of: formula)
    var before: [Int] = []
    for (n, item) in items.enumerated() {
      guard case .relations(let left, let members) = item.formula.kind, !members.isEmpty,
        !item.formula.namesActivation
      else {
        mention(item.formula, in: &workspace)
        noteCommonShape(item.formula, sentence, part, block, in: &workspace)
        notePrintedMatrix(
          item.formula, text, block, sentenceIndex, part, sentence, in: &workspace)
        if !item.formula.namesActivation, let sign = Self.hiddenRelation(in: item.formula) {
          addUnread(sign, within: item.formula, text, block, sentenceIndex, in: &workspace)
        } else if item.formula.canBeginChain(
          isDisplay: text.isDisplay, isLast: Self.standsLast(part, in: sentence))
        {
          lone = (item.formula, page.statements.count, text.isDisplay ? nil : block)
        }
        continue
      }
      if n > 0, !before.isEmpty, isCondition(item.formula) {
        for index in before { page.statements[index].conditions.append(item.formula) }
        noteRange(item.formula, before[0], block, sentenceIndex)
        applyRange(to: before)
        continue
      }
      var role: Role?
      var localCue: Cue? = item.cue ?? (n == 0 ? cue : nil)
      if n > 0, item.cue == nil, cue == .suppose || cue == .let { localCue = cue }
      isListedBehindWith = n > 0 && (cue == .with || cue == .where)
      if isForced { role = .claim }
      if conventions.contains(where: {
        $0.block == block && $0.sentence == sentenceIndex && $0.part == part
      }) {
        role = .declaration
      }
      nameMatrix(left, block, sentenceIndex, in: &workspace)
      let first = page.statements.count
      addChain(
        left, members, conditions: [], text, block, sentenceIndex, role, localCue, in: &workspace)
      givePrintedFactors(from: first, in: &workspace)
      giveBack(first..<page.statements.count, localCue, listed: before)
      before += Array(first..<page.statements.count)
    }
    if !before.isEmpty { isForced = false }
  }

  func formulaHasRelation(_ formula: Formula) -> Bool {
    !Lexicon.relationsIn(formula).isEmpty
  }
}
