import Expressions
import Notation

/// Ranges of letters, and the names that formulas mention.
extension PageReader {
  /// `t = 0, 1, …, T`, `t ∈ {1, …, T}`, `t = 1, 2, 3`, `0 ≤ t ≤ T`.
  func range(of formula: Formula) -> (letter: String, from: AffineLetters, through: AffineLetters)?
  {
    guard case .relations(let left, let members) = formula.kind,
      !members[0].formula.isPairOfNumbers
    else { return nil }
    if members.count == 1, let letter = left.identifier, letter.font == .italic {
      var listed = members[0].formula
      if case .fenced(.braces, let inner) = listed.kind { listed = inner }
      guard let items = listed.enumerated else { return nil }
      guard members[0].sign == .equal || members[0].sign == .elementOf, items.count >= 2,
        let first = AffineLetters(items[0]), let last = AffineLetters(items[items.count - 1])
      else { return nil }
      return AffineLetters.runsDown(items)
        ? (letter.name, last, first) : (letter.name, first, last)
    }
    if members.count == 2, members[0].sign == .lessOrEqual || members[0].sign == .less,
      members[1].sign == .lessOrEqual || members[1].sign == .less,
      let letter = members[0].formula.identifier, var from = AffineLetters(left), from.isLiteral,
      var through = AffineLetters(members[1].formula)
    {
      if members[0].sign == .less { from.constant += 1 }
      if members[1].sign == .less { through.constant -= 1 }
      return (letter.name, from, through)
    }
    return nil
  }

  mutating func noteRange(_ formula: Formula, _ statement: Int, _ block: Int, _ sentence: Int) {
    guard let range = range(of: formula) else { return }
    page.ranges.append(
      StatedRange(
        letter: range.letter, from: range.from, through: range.through, statement: statement,
        block: block, sentence: sentence))
  }

  /// Positions are where the sums over them run, and scores that are normalised over them are numbers.
  mutating func note(_ positions: Positions) {
    if positions.members.isEmpty { return }
    var bounds: (from: AffineLetters, through: AffineLetters)?
    if let range = positions.range, let from = AffineLetters(range.from),
      let through = AffineLetters(range.through)
    {
      bounds = (from, through)
    }
    for formula in page.surveyed.flatMap({ Lexicon.relationsIn($0) }) where bounds == nil {
      guard let stated = range(of: formula), positions.letters.contains(stated.letter) else {
        continue
      }
      bounds = (stated.from, stated.through)
    }
    let (from, through) = bounds ?? page.summedRange
    for letter in positions.letters {
      page.ranges.append(
        StatedRange(
          letter: letter, from: from, through: through, statement: -1, block: -1, sentence: -1))
    }
    for score in positions.scores {
      page.declarations.append(
        Declaration(
          key: NameKey(score.latex, isFamily: true), shape: .scalar, properties: [],
          statement: -1, block: -1))
    }
  }

  /// `backwards from $t = T - 1$ to $t = 1$`: which steps are meant.
  /// - Parameter part: one of the two ends.
  func spokenRun(
    with part: Int, _ block: Int, _ sentence: Int, _ words: Sentence
  ) -> (first: Int, steps: Formula)? {
    let places = words.parts.indices.filter { i in
      if case .formula = words.parts[i] { return true } else { return false }
    }
    guard let place = places.firstIndex(of: part) else { return nil }
    for first in [place, place - 1] where first >= 0 && first + 1 < places.count {
      let (i, j) = (places[first], places[first + 1])
      guard i > 0, j == i + 2, case .text(let before, _) = words.parts[i - 1],
        case .text(let between, _) = words.parts[i + 1],
        let last = Wording.tokens(of: Array(before.utf8)).last?.text,
        case let joining = Wording.tokens(of: Array(between.utf8)).map({ $0.text }),
        joining.allSatisfy({ Self.runWords.contains($0) || Self.runLinks.contains($0) }),
        Self.runHeads.contains(last) || joining.contains(where: { Self.runWords.contains($0) }),
        case .relations(let letter, let members)? = formula(block, sentence, i)?.kind,
        members.count == 1, members[0].sign == .equal, letter.identifier != nil,
        var other = formula(block, sentence, j)
      else { continue }
      if case .relations(let same, let ends) = other.kind {
        guard same.spelled == letter.spelled, ends.count == 1, ends[0].sign == .equal else {
          continue
        }
        other = ends[0].formula
      }
      guard let from = AffineLetters(members[0].formula), let to = AffineLetters(other) else {
        continue
      }
      let isDownwards = to.isLiteral && !from.isLiteral
      let (low, high) =
        isDownwards ? (other, members[0].formula) : (members[0].formula, other)
      let steps = [letter, high].map {
        Formula.RelationMember(sign: .lessOrEqual, signSpan: $0.span, formula: $0)
      }
      return (i, Formula(.relations(low, steps), low.span))
    }
    return nil
  }

  private static let runHeads = ["from", "von", "ab", "从", "自", "由"]
  private static let runWords = ["to", "until", "till", "through", "bis", "到", "至"]
  private static let runLinks = [
    "back", "down", "up", "backward", "backwards", "and", "going", "zu", "zurück", "und",
  ]

  /// `\sigma > 0`, `2\sigma^2` below a stroke or a quotient by ∂σ, on a page that never applies σ: a
  /// standard deviation, and no activation.
  mutating func noteNumericSigma() {
    func isSigma(_ formula: Formula) -> Bool { formula.identifier?.isPlain("sigma") == true }
    func isPower(_ formula: Formula) -> Bool {
      guard case .scripts(let base, nil, let above?, 0) = formula.kind else { return false }
      return isSigma(base) && AffineLetters(above)?.isLiteral == true
    }
    var (isNumber, isComputed, isFunction, isFactor) = (false, false, false, false)
    for formula in page.surveyed {
      formula.visit { part in
        switch part.kind {
        case .scripts(let base, let below, _, let primes):
          isFunction = isFunction || isSigma(base) && (primes > 0 || below != nil)
        case .juxtaposition(let items):
          for (item, next) in zip(items, items.dropFirst()) {
            let isApplied = isSigma(item) || isPower(item)
            isFunction = isFunction || isApplied && (next.isParenthesised || next.isTensorLike)
          }
        case .binary(.hadamard, let a, let b): isFactor = isFactor || isSigma(a) || isSigma(b)
        case .relations(let left, let members):
          if isSigma(left), members[0].sign.isOrder || Space(members[0].formula)?.order == 0 {
            isNumber = true
          }
          // `\sigma = \sqrt{v}`, the standard deviation
          let right = members[0].formula
          if isSigma(left), members[0].sign == .equal || members[0].sign == .defines,
            right.identifier == nil, !right.mentions("sigma")
          {
            isComputed = true
          }
        case .fraction(_, let below):
          if let head = Elaborator.partialHead(below) {
            isNumber = isNumber || head.rest.count == 1 && isSigma(head.rest[0])
          } else {
            below.visit { isNumber = isNumber || isPower($0) }
          }
        default: break
        }
      }
    }
    if isFunction || !isComputed && (isFactor || !isNumber) { return }
    page.notation.hasOwnSigma = true
    if !isComputed {
      page.declarations.append(
        Declaration(
          key: NameKey("\\sigma"), shape: .scalar, properties: [], statement: -1, block: -1))
    }
  }

  /// A range that trails definitions is theirs.
  mutating func applyRange(to statements: [Int]) {
    guard let range = page.ranges.last else { return }
    for i in page.definitions.indices where statements.contains(page.definitions[i].statement) {
      page.definitions[i].range = range
    }
  }

  // MARK: Names

  /// The name and time of a formula that is a name, perhaps with scripts.
  mutating func name(
    of formula: Formula, in workspace: inout Workspace
  ) -> (key: NameKey, time: AffineLetters?)? {
    var target = formula
    if case .relations(let left, _) = formula.kind { target = left }
    if case .list(let items) = target.kind, let first = items.first { target = first }
    var elaborator = Elaborator(page: page.notation, table: scratch, layout: .numerator)
    elaborator.isScratch = true
    guard let written = try? elaborator.elaborate(target, in: &workspace) else { return nil }
    let found = workspace.namedVariable(of: written.expression)
    scratch = elaborator.table
    page.notation.times = elaborator.page.times
    page.notation.dimensions = elaborator.page.dimensions
    guard let variable = found, let key = scratch.key(of: variable.symbol) else { return nil }
    return (key, variable.time.flatMap { affine($0, in: workspace) })
  }

  func affine(_ time: Time, in workspace: borrowing Workspace) -> AffineLetters {
    AffineLetters(
      terms: time.terms.map { (workspace.name(of: $0.symbol), $0.coefficient) },
      constant: time.constant)
  }

  /// Notes the names that a formula without a relation mentions.
  mutating func mention(_ formula: Formula, in workspace: inout Workspace) {
    for key in names(in: formula, in: &workspace).keys { remember(key) }
  }

  mutating func remember(_ key: NameKey) {
    if known.insert(key).inserted { page.knownKeys.append(key) }
  }

  mutating func names(
    in formula: Formula, in workspace: inout Workspace
  ) -> (keys: [NameKey], expression: Expression?, problem: Unreadable?) {
    var elaborator = Elaborator(page: page.notation, table: scratch, layout: .numerator)
    elaborator.isScratch = true
    let first = page.summedRange.from
    elaborator.openRange = (Time(first.isLiteral ? first.constant : 1), .zero)
    do throws(Unreadable) {
      let written = try elaborator.elaborate(formula, in: &workspace)
      scratch = elaborator.table
      page.notation.times = elaborator.page.times
      page.notation.dimensions = elaborator.page.dimensions
      var keys: [NameKey] = []
      for variable in workspace.variables(in: written.expression) {
        if let key = scratch.key(of: variable.symbol), !keys.contains(key) { keys.append(key) }
      }
      return (keys, written.expression, nil)
    } catch {
      return ([], nil, error)
    }
  }
}

extension Workspace {
  /// The variable that an expression is, or is an entry of.
  package func namedVariable(of expression: Expression) -> Variable? {
    switch self[expression] {
    case .variable(let variable): return variable
    case .entry(let operand, _): return namedVariable(of: operand)
    case .tabulate(let labels, let body):
      // All entries of a name are the name: `(y_1, …, y_n)`.
      guard case .entry(let operand, let indices) = self[body],
        indices == labels.map({ .label($0) })
      else { return nil }
      return namedVariable(of: operand)
    default: return nil
    }
  }

  /// Whether a function other than the absolute value is applied: of what that does, claims speak.
  func applies(_ root: Expression) -> Bool {
    contains(root) { node in
      if case .apply(let function, let order, _) = node {
        return function != .absolute || order > 0
      }
      return false
    }
  }

  /// Which entry of a vector a side is.
  func label(of expression: Expression) -> IndexSymbol? {
    guard case .entry(_, let indices) = self[expression], case .label(let label)? = indices.first,
      indices.count == 1
    else { return nil }
    return label
  }
}

extension Formula {
  /// The members of `1, …, T`; the ends of `1 … T`.
  fileprivate var enumerated: [Formula]? {
    switch kind {
    case .list(let items): return items
    case .juxtaposition(let parts):
      guard parts.count > 2, case .dots = parts[1].kind else { return nil }
      let last = Array(parts[2...])
      return [parts[0], last.count == 1 ? last[0] : Formula(.juxtaposition(last), span)]
    case .sum(var terms):
      guard let ends = terms.first?.term.enumerated, ends.count == 2, !terms[0].isNegative else {
        return nil
      }
      terms[0].term = ends[1]
      return [ends[0], Formula(.sum(terms), span)]
    default: return nil
    }
  }
}

extension AffineLetters {
  /// Whether listed integers fall: `T, …, 1`, `t, t-1, …, k`.
  package static func runsDown(_ items: [Formula]) -> Bool {
    guard let first = items.first.flatMap({ AffineLetters($0) }),
      let last = items.last.flatMap({ AffineLetters($0) })
    else { return false }
    func distance(_ other: AffineLetters) -> Int? {
      let bare = (
        AffineLetters(terms: first.terms, constant: 0),
        AffineLetters(terms: other.terms, constant: 0)
      )
      return bare.0 == bare.1 ? other.constant - first.constant : nil
    }
    let second = items.count > 2 ? AffineLetters(items[1]) : nil
    if let step = second.flatMap(distance) ?? distance(last) { return step < 0 }
    return last.isLiteral || first.soleLetter == "T"
  }
}

extension Formula {
  /// A capital, with or without scripts: what an activation without brackets would be applied to.
  fileprivate var isTensorLike: Bool { unfencedScripts.identifier?.isUppercase == true }
}
