import Expressions
import Notation

/// What a statement is on its page.
package enum Role: String, Hashable, Sendable, CaseIterable {
  case declaration, definition, assumption, claim
}

/// One relation of a page, with how it was read.
package struct Statement: Sendable {
  package var index: Int
  package var role: Role
  package var sign: Formula.RelationSign
  package var left: Formula
  package var right: Formula
  /// The formula that the relation stands in.
  package var source: FormulaText
  /// Of the relation, in the formula's text: of a chain's first both sides, of a later one from its
  /// sign on.
  package var span: Span
  package var label: String?
  /// Trailing ranges and conditions: `i = 1, …, n`, `k > t`.
  package var conditions: [Formula] = []
  /// The cases of letters that count entries, `i = j`, that the page is at.
  package var cases: [Formula] = []
  /// Those that it may have left.
  package var perhapsCases: [Formula] = []
  /// The relation before it in its chain, and the chain's first.
  package var previous: Int?
  package var head: Int?
  package var block: Int
  package var sentence: Int
  package var isForced = false
  /// Whether commands of its formula had to be put together again.
  package var isRepaired = false
  package var expectation: Expectation?
  /// Why a side could not be read.
  package var problem: Unreadable?
  /// The summands of the right side that stand whole before the formula breaks off within a group.
  package var unbroken: Formula?
  /// Arrows of the drawing that it stands in that come back to where they began.
  package var circle: DrawnCircle?
  /// Whether it is the right side that could not be read.
  var isRightUnread = false
  /// Whether the left side stands in an earlier formula, which this one continues.
  package var continuesFormula = false
  /// The left side as it is written in an earlier formula, where words set the two against each other.
  package var said: String?
  /// What it defines.
  package var defined: NameKey?
  /// Names that its two sides mention.
  package var names: [NameKey] = []
  /// Families held by a directive or a sentence.
  package var held: [NameKey] = []
  /// Those of them that it holds at an earlier step: no derivative by a parameter goes back there.
  package var heldBefore: [NameKey] = []
  package var holdsAllGates = false
  /// Whether what is no value of σ counts as a gate as well where all are held.
  package var holdsCandidates = true
  /// Whether a directive says it rather than the page.
  package var isHidden = false
  /// Whether an assumption is made for its own sentence alone ("for n = 1 …").
  package var isLocal = false
  /// Whether an assumption is made in words of all steps: "for all t".
  package var isOfAllSteps = false
  /// Whether an assumption also serves what stands before it in its sentence ("where y^⊤ 1 = 1").
  package var servesSentence = false
  /// The claims before an assumption in its sentence that it is a condition of ("A = B if w = 1").
  package var givenTo: [Int] = []
  /// Whether an assumption ends with its paragraph for good ("in the special case W = I").
  package var isPassing = false
  /// Grows wherever the words end what was supposed before.
  package var clause = 0
  /// The statement with which its section begins.
  package var section = -1
  /// The part of an exercise that it stands in, `(a)`: the block with which that begins.
  package var part: Int?
  /// Whether an assumption looks at one case, `if f_t = 0`, `suppose W = I`: it ends with its section.
  package var isCase = false
  /// Whether an assumption is supposed in words: it ends with its part of an exercise.
  package var isSupposed = false
  /// The proof by induction that it stands in.
  package var proof: Int?
  /// Whether it is what the step of its proof may use; it ends with the proof.
  package var isHypothesis = false
  /// Whether it concludes what a name is that nothing computes: no example can speak against that.
  package var isOfOpenName = false
  /// Whether its sides say what the words around it say of its name: `\det A` for `the determinant of
  /// A is d`.
  package var isHeldToWords = false
  /// Whether it writes a derivative.
  package var differentiates = false
  /// Whether its sides need agree only up to a factor that is a number.
  package var isUpToFactor = false
  /// The name that is put into an equation which it is said to solve.
  package var solved: NameKey?
  /// The assumption that is that equation.
  package var solvedAssumption: Int?
  /// Whether the words say more than its sides: that these agree does not show it.
  package var isInsufficient = false
  /// Whether the page speaks here of derivatives along all paths.
  package var saysTotal = false
  /// Whether the page says of all derivatives of its kind that they are total.
  package var hasTotalDerivatives = false
  /// Whether the page speaks here of a gradient as that of all steps.
  package var speaksOfWhole = false

  /// Whether it says in words what its name is, and claims that.
  package var saysWhatNameIs: Bool { solved != nil || isHeldToWords || isInsufficient }

  /// `x \sim \mathcal{N}(\mu, \Sigma)`
  var drawsFromDistribution: Bool {
    guard sign == .distributed, left.scriptedBase != nil else { return false }
    // Of a function of names alone the brackets are gone.
    guard case .juxtaposition(let items) = right.kind else { return right.scriptedBase != nil }
    return items.count == 2 && items[0].scriptedBase != nil && items[1].isParenthesised
  }

  /// Whether it says what a derivative is, and writes no other.
  package var givesDerivative: Bool { left.writesDerivative && !right.writesDerivative }

  /// In the document.
  package var place: Span { source.sourceSpan(span) }

  /// The v of `M v = \lambda v`.
  package var eigenvector: Formula? {
    guard sign == .equal, case .juxtaposition(let image) = left.kind, image.count == 2,
      case .juxtaposition(let multiple) = right.kind, multiple.count == 2,
      image[1].spelled == multiple[1].spelled, image[0].spelled != multiple[0].spelled
    else { return nil }
    return image[1]
  }
}

/// The shape or the properties that a page gives a name, from a statement on.
package struct Declaration: Sendable {
  package var key: NameKey
  package var shape: Shape?
  package var properties: Properties
  package var statement: Int
  package var block: Int
  package var sentence = 0
  /// Whether it is supposed for its own paragraph alone, or for its own sentence.
  package var isLocal = false
  package var isOfSentence = false
  package var clause = 0
  /// The first and the last of a family whose members are listed: `h_1, …, h_T`.
  package var steps: (from: AffineLetters, through: AffineLetters)?

  /// Whether it is in force at a statement where it is supposed locally.
  func reaches(_ statement: Statement?) -> Bool {
    guard let statement else { return false }
    return block == statement.block && clause == statement.clause
      && sentence <= statement.sentence && (!isOfSentence || sentence == statement.sentence)
  }
}

/// Where a page says that a name has properties no longer; nil: that it is arbitrary.
package struct Revocation: Sendable {
  package var key: NameKey
  package var properties: Properties?
  /// How many declarations stand before it.
  package var declared: Int
  package var block: Int
  package var sentence: Int
  /// Whether it is supposed for its own paragraph alone.
  package var isLocal: Bool

  /// Whether it reaches a statement; nil: what comes after all of them.
  func reaches(_ statement: Statement?) -> Bool {
    guard let statement else { return !isLocal }
    if statement.block == block { return statement.sentence >= sentence }
    return statement.block > block && !isLocal
  }
}

/// What the page says the state before the first step depends on; nothing: that it is not given.
package struct StartDependence: Sendable {
  /// The state and its step; nil where only words name it.
  package var key: NameKey?
  package var step: Int?
  package var arguments: [NameKey]
}

extension Page {
  /// Whether a name of an assumption is introduced anew, or said to be arbitrary, between it and a statement.
  package func isRevoked(_ assumption: Statement, at statement: Statement) -> Bool {
    revocations.contains { revocation in
      revocation.properties == nil && assumption.names.contains(revocation.key)
        && (assumption.block, assumption.sentence) < (revocation.block, revocation.sentence)
        && revocation.reaches(statement)
    }
  }

  /// The declaration of a shape that serves a name at a statement: the nearest above, else the
  /// first.
  package func shapeDeclaration(of key: NameKey, at position: Int) -> Declaration? {
    let place = statements.indices.contains(position) ? statements[position] : nil
    let own = declarations.filter {
      $0.key == key && $0.shape != nil && (!$0.isLocal || $0.reaches(place))
    }
    return own.last { $0.statement <= position } ?? own.first
  }

  /// What may be used of a name at a statement: a property ends where the name is declared anew,
  /// and a supposed one with its paragraph.
  package func properties(of key: NameKey, at position: Int) -> Properties {
    let place = statements.indices.contains(position) ? statements[position] : nil
    let block = place?.block ?? .max
    var start = Int.min
    let shapes = declarations.filter {
      $0.key == key && $0.shape != nil && $0.block <= block
    }
    if shapes.count > 1, let last = shapes.last { start = last.block }
    var properties: Properties = []
    for (i, declaration) in declarations.enumerated()
    where declaration.key == key && declaration.block >= start && declaration.block <= block
      && (!declaration.isLocal || declaration.reaches(place))
    {
      var own = declaration.properties
      for revocation in revocations
      where revocation.key == key && revocation.declared > i && revocation.reaches(place) {
        own.subtract(revocation.properties ?? own)
      }
      properties.formUnion(own)
    }
    return properties
  }
}

/// A name that stands for any of several others: `θ ∈ \{W, U, b\}`.
package struct CollectiveName: Sendable {
  package var key: NameKey
  package var name: Formula
  package var members: [(formula: Formula, key: NameKey)]
}

/// What the page says an undefined name depends on.
package struct Dependence: Sendable {
  package var key: NameKey
  /// The time at which the page says it; nil for a name without one.
  package var time: AffineLetters?
  package var arguments: [(key: NameKey, time: AffineLetters?)]
  /// Whether it depends on the arguments of all times.
  package var onAllTimes: Bool
  /// Families of which it depends on a run of steps: `h_1, …, h_T`.
  package var runs: [(key: NameKey, from: AffineLetters, through: AffineLetters)] = []
  package var isScalar: Bool
  package var statement: Int
}

/// A stated range of a letter.
package struct StatedRange: Sendable {
  package var letter: String
  package var from: AffineLetters
  package var through: AffineLetters
  package var statement: Int
  package var block: Int
  package var sentence: Int
}

/// An equation that computes a name.
package struct DefinitionStatement: Sendable {
  package var key: NameKey
  /// The time on its left side; nil for a name without one.
  package var time: AffineLetters?
  package var statement: Int
  package var left: Formula
  package var right: Formula
  /// Which block of the right side it is, of how many, if the left side is a stack of names.
  package var block: (place: Int, count: Int)?
  package var range: StatedRange?
  /// Letters of the left side's entries.
  package var entries: [Formula] = []
  package var names: [NameKey]
  /// The statement with which its section begins.
  package var section = -1
  /// Both sides by names alone, for telling whether another equation says the same.
  package var spelledLeft: Expression?
  package var spelledRight: Expression?
  /// Whether it gives a name its printed numbers rather than says how it is computed: equations
  /// above that read the name go on speaking of any value.
  package var isValue = false
}

/// A derivative of a named node that a statement writes.
package struct WrittenDerivative: Sendable {
  package var numerator: NameKey
  package var denominator: NameKey
  /// How many steps lie between the two, if that is fixed.
  package var steps: Int?
  /// Whether it is an entry by the entry of the same letter, `∂h_j/∂s_j`.
  package var isEntrywise: Bool
  package var statement: Int
}

/// A page understood as far as it can be without judging: every statement with its role, and what
/// the page fixes about names, shapes, times and layouts.
package struct Page: Sendable {
  package var notation: PageNotation
  package var statements: [Statement] = []
  /// The ways to read its equations if a parameter is misprinted in them.
  package var misprints: [DoubledParameter] = []
  package var declarations: [Declaration] = []
  package var definitions: [DefinitionStatement] = []
  /// Names of which an equation that cannot be read says what they are.
  package var unread: [NameKey] = []
  package var dependences: [Dependence] = []
  package var collectives: [CollectiveName] = []
  package var ranges: [StatedRange] = []
  /// Order relations between integers: `k ≤ m ≤ t`, with their statements.
  package typealias Order = (formula: Formula, statement: Int, block: Int, isPassing: Bool)
  package var orders: [Order] = []
  package var inductions: [InductionProof] = []
  /// `i = j`, `i ≠ j` between letters that count entries, with their statements.
  var cases: [(formula: Formula, statement: Int, isBehind: Bool)] = []
  /// A layout that the page states.
  package var layout: Layout?
  /// Whether what is given is a model that the page only takes for granted.
  package var takesModel = false
  package var isScalar = false
  package var copies = false
  /// Layouts that the page says it does not use.
  package var deniedLayouts: [Layout] = []
  package var revocations: [Revocation] = []
  package var startDependences: [StartDependence] = []
  package var given: [(key: NameKey, time: AffineLetters?)] = []
  /// The first steps that the page names in words: `starts at t = 0`.
  package var firstSteps: [(letter: String, step: Int)] = []
  /// Losses and other scalars named in words.
  package var scalars: [NameKey] = []
  /// Numbers with which norms are compared: `\|W\| \le \gamma_W`.
  package var bounds: [NameKey] = []
  /// Those of them that it calls a loss.
  package internal(set) var losses: [NameKey] = []
  package var marksImmediate = false
  /// Whether a formula of the page writes the slope of an activation with a prime.
  package var writesSlopes = false
  /// Every derivative of a named node that the page writes.
  package var derivatives: [WrittenDerivative] = []
  /// Families whose derivative by their own step before stands in a sum beside a way there through
  /// other nodes: `∂c_t/∂c_{t-1} + ∂c_t/∂f_t ∂f_t/∂h_{t-1} ∂h_{t-1}/∂c_{t-1}`.
  package var parallelWays: [NameKey] = []
  /// All formulas, for surveys of documents that take this one.
  package var surveyed: [Formula] = []
  /// Every name that the page uses, in order of appearance.
  package var knownKeys: [NameKey] = []
  /// Whether the words of the page name a mean: its total loss may be one.
  package var speaksOfMeans = false
  /// Whether they speak of vectors or matrices.
  package var speaksOfTensors = false
  /// Whether the page writes a sum over time anywhere.
  package var sumsOverTime = false
  /// The numbers at which sums over time begin, with their statements.
  package var sumStarts: [(first: Int, statement: Int)] = []
  /// "all matrices n×n": the shape of every matrix that nothing else declares.
  package var commonMatrixShape: Shape?
}

extension Page {
  /// Over which times a sum runs that names none: those that the page states, else all from where
  /// its other sums begin.
  package var summedRange: (from: AffineLetters, through: AffineLetters) {
    if let stated = ranges.last(where: { $0.letter == "t" }) ?? ranges.last {
      return (stated.from, stated.through)
    }
    return (
      AffineLetters(terms: [], constant: sumStarts.map { $0.first }.min() ?? 1),
      AffineLetters(terms: [("T", 1)], constant: 0)
    )
  }

  /// The first values that the page states of a letter: in ranges, bounds and words.
  package func statedSteps(of letter: String) -> [Int] {
    var found = firstSteps.filter { $0.letter == letter }.map { $0.step }
    for range in ranges where range.letter == letter && range.from.isLiteral && range.block >= 0 {
      found.append(range.from.constant)
    }
    // `t = 0, 1, 2, …`
    for formula in surveyed {
      let items: [Formula]
      if case .list(let list) = formula.kind { items = list } else { items = [formula] }
      guard case .relations(let left, let members)? = items.first?.kind, members.count == 1,
        AffineLetters(left) == AffineLetters(terms: [(letter, 1)], constant: 0)
      else { continue }
      var listed = members[0].formula
      if case .fenced(.braces, let inner) = listed.kind { listed = inner }
      if case .list(let several) = listed.kind {
        listed = several[0]
      } else if items.count == 1 {
        continue
      }
      if let first = AffineLetters(listed), first.isLiteral,
        items.count == 1 || AffineLetters(items[1])?.isLiteral == true
      {
        found.append(first.constant)
      }
    }
    for order in orders {
      // `0 ≤ t`
      if case .relations(let from, let members) = order.formula.kind, members.count == 1,
        members[0].sign == .lessOrEqual, AffineLetters(members[0].formula)?.soleLetter == letter,
        let bound = AffineLetters(from), bound.isLiteral
      {
        found.append(bound.constant)
      }
      guard case .relations(let left, let members) = order.formula.kind, let last = members.last,
        AffineLetters(left) == AffineLetters(terms: [(letter, 1)], constant: 0),
        members.count == 1, let bound = AffineLetters(last.formula), bound.isLiteral
      else { continue }
      if last.sign == .greaterOrEqual { found.append(bound.constant) }
      if last.sign == .greater { found.append(bound.constant + 1) }
    }
    return found
  }

  /// Whether a formula of the page says that something is more than a number.
  package var showsTensors: Bool { surveyed.contains { $0.showsTensors } }
}

extension Formula {
  /// Whether the formula says that something is more than a number: a transpose, a diagonal matrix, a
  /// trace, a norm, a product entry by entry.
  package var showsTensors: Bool {
    var found = false
    visit { part in
      switch part.kind {
      case .scripts(_, _, let above?, _):
        found = found || above.mayTranspose
      case .identifier(let identifier):
        if case .tensor? = StandardFunction(identifier) { found = true }
      case .fenced(.doubleBars, _), .binary(.hadamard, _, _), .binary(.kronecker, _, _):
        found = true
      default: break
      }
    }
    return found
  }
}

extension Formula {
  /// Whether a quotient of differentials stands in it.
  fileprivate var writesDerivative: Bool {
    var found = false
    visit { part in
      if case .fraction(let above, let below) = part.kind {
        found =
          found || Elaborator.partialHead(above) != nil && Elaborator.partialHead(below) != nil
      }
    }
    return found
  }
}
