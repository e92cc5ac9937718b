import Expressions
import Notation

/// What a sentence says in words. Formulas are named by their indices among the sentence's parts.
package enum Fact: Hashable, Sendable {
  /// `L_t` depends on `h_t` (and on nothing else).
  case dependsOn(subject: Int, objects: [Int])
  /// `h_{init}` does not depend on `W`.
  case independent(subject: Int, objects: [Int])
  /// A scalar; whether it is called a loss.
  case scalar(Int, isLoss: Bool)
  case property(Properties, [Int])
  /// `A is not symmetric`: it is so no longer, or never was; in passing: `if A is not symmetric`.
  case noProperty(Properties, [Int], isConditional: Bool)
  /// `a general matrix A`: nothing is supposed of it.
  case arbitrary([Int], isConditional: Bool)
  /// Real numbers.
  case real([Int])
  case given([Int])
  /// `do not assume that h_0 is given`
  case notGiven([Int])
  /// `the initial state depends on W`: the subject, unless it is named in words alone.
  case startDepends(subject: Int?, objects: [Int])
  /// Whether the page says it for itself: `here we use`.
  case layout(Layout, isOwn: Bool)
  /// `we do not use the denominator layout`
  case noLayout(Layout)
  /// `∂y_i/∂x_j in row i and column j`
  case entryPlace(derivative: Int, row: Int, column: Int)
  /// The formula may state the layout itself: `(∂y/∂x)_{ij} = ∂y_i/∂x_j`.
  case entryFormula(Int)
  /// All numbers are scalars, there is one unit.
  case scalars
  /// `the vector case`, `in general`: not all are scalars any more, or never were.
  case notScalars
  /// `starts at t = 0`: the formula says the first step.
  case startsAt(Int)
  /// A name that stands for a gradient: `δ` for `∂L/∂z`.
  case gradientName(name: Int, gradient: Int)
  /// `δ_t` is the gradient of `L` with respect to `a_t`; without `L` it is that of the page's loss.
  case gradientInWords(name: Int, loss: Int?, node: Int)
  /// `θ` stands for any of `W`, `U` and `b`.
  case anyOf(name: Int, members: [Int])
  /// `U^{(k)}` is the `U` of step k.
  case copy(Int)
  /// These are held constant; empty: the gates, whichever they are.
  case held([Int])
  /// The words `total`, `along all paths`.
  case total
  /// All derivatives of the section are total ones, or of the document; of one sign alone:
  /// `∂ denotes the total derivative`.
  /// Derivatives are along all paths from here to the end of the paragraph.
  case totalInBlock
  case allTotal(mark: Int?, everywhere: Bool)
  /// The gates are not held: `letting the gates vary`.
  case released
  /// `the whole gradient`; whether the sentence explains a notation by it.
  case whole(isOfNotation: Bool)
  /// The words say that a mark stands for the immediate derivative.
  case immediate
  case elementwiseSquares
  /// Words such as `above`, `上述`: an assumption may reach back.
  case reachesBack
  /// What follows this part defines anew: `if we add`, `计算如下`.
  case newModel(before: Int)
}

/// The facts that a sentence states, in the order of its words. O(length of the sentence).
package func facts(of sentence: Sentence) -> [Fact] {
  var reader = FactReader(sentence)
  reader.read()
  return reader.facts
}

extension [Wording.Item] {
  /// `the (one-hot) target y` is read as `the one-hot target y`.
  fileprivate var withoutBracketsOfAttributes: [Wording.Item] {
    var found: [Wording.Item] = []
    var i = 0
    while i < count {
      if i + 3 < count, self[i] == .open, case .term(.property) = self[i + 1],
        self[i + 2] == .close
      {
        switch self[i + 3] {
        case .formula, .term(.noun):
          found.append(self[i + 1])
          i += 3
          continue
        default: break
        }
      }
      found.append(self[i])
      i += 1
    }
    return found
  }
}

/// Reads a sentence's terms from left to right, one rule per kind of fact.
struct FactReader {
  let sentence: Sentence
  let items: [Wording.Item]
  private(set) var facts: [Fact] = []

  init(_ sentence: Sentence) {
    self.sentence = sentence
    items = Wording(sentence).items.withoutBracketsOfAttributes
  }

  mutating func add(_ fact: Fact) {
    if facts.contains(fact) { return }
    if case .scalar(let part, isLoss: false) = fact, facts.contains(.scalar(part, isLoss: true)) {
      return
    }
    facts.append(fact)
  }

  mutating func read() {
    for (i, item) in items.enumerated() {
      switch item {
      case .formula(let part):
        if isEntryFormula(part) { add(.entryFormula(part)) }
        readCopyWithoutWord(at: i)
      case .term(let term): read(term, at: i)
      default: break
      }
    }
    readLayoutOfGradients()
  }

  private mutating func read(_ term: Term, at i: Int) {
    switch term {
    case .dependsOn, .function: readDependence(at: i)
    case .dependTail: readDependenceBefore(i, isNegated: false)
    case .independentTail: readDependenceBefore(i, isNegated: true)
    case .functionTail: readOwner(of: i)
    case .computedTail: readComputation(at: i)
    case .scalar, .loss: readScalar(at: i)
    case .real: readReal(at: i)
    case .property(let properties): readProperty(properties, at: i, stance(at: i))
    case .noProperty(let properties): readProperty(properties, at: i, .denied)
    case .arbitrary: readArbitrary(at: i)
    case .letting: if i == 0 { readIntroduction() }
    case .ranging: readRanging(at: i)
    case .constantValue: readConstant(at: i)
    case .given: readGiven(at: i)
    case .layout(let layout):
      switch isDeniedBehind(i) ? .denied : stance(at: i) {
      case .asserted: add(.layout(layout, isOwn: speaksForItself(at: i)))
      case .hedged, .refused: break
      case .denied: add(.noLayout(layout))
      }
    case .inRow: readEntryPlace(at: i)
    case .madeFrom: readStart(at: i)
    case .starting:
      let start = isCopula(i + 1) ? i + 2 : i + 1
      if let first = next(from: start, passing: 4) { add(.startsAt(first.part)) }
    case .determines: readDetermination(at: i)
    case .vectorCase: add(.notScalars)
    case .contrast: if i == 0 { add(.notScalars) }
    case .write, .denotes: readName(at: i)
    case .anyOf: readCollective(at: i)
    case .derivative: readGradient(at: i)
    case .be, .are: readDerivativeAsName(at: i)
    case .copy: readCopy(at: i)
    case .held: readHeld(at: i)
    case .hold: readHolding(at: i)
    // `Without holding the gates`
    case .not: if i == 0, items.prefix(5).contains(.term(.gate)) { add(.released) }
    case .allScalars:
      if stance(at: i) == .asserted, !isConditional(i) || headsSentence(i) { add(.scalars) }
    case .listedScalars:
      // `y = ax + b, all scalars`, `y = ax + b (all numbers)`
      let isLast =
        i + 1 == items.count || [.comma, .semicolon, .stop, .close].contains(items[i + 1])
      if stance(at: i) == .asserted, hasFormula, isLast,
        formula(i - 1) != nil || i > 0 && [.comma, .open].contains(items[i - 1])
      {
        add(.scalars)
      }
    case .oneUnit: readOneUnit(at: i)
    case .total, .totalDerivative, .alongPaths:
      readTotal(at: i)
      readWhole(at: i)
    case .whole, .summed: readWhole(at: i)
    case .vary: readVarying(at: i)
    case .immediate: if hasFormula { add(.immediate) }
    case .squares:
      if items.contains(.term(.elementwise)) { add(.elementwiseSquares) }
    case .above: add(.reachesBack)
    case .newModel: if let part = formulaAfter(i) { add(.newModel(before: part)) }
    default: break
    }
  }

  // What rules ask of the row of items.

  var hasFormula: Bool {
    items.contains { if case .formula = $0 { return true } else { return false } }
  }

  func term(_ i: Int) -> Term? {
    if items.indices.contains(i), case .term(let term) = items[i] { return term }
    return nil
  }

  /// `is`, `are`, `was`, 为
  func isCopula(_ i: Int) -> Bool { [.be, .are, .was].contains(term(i)) }

  func formula(_ i: Int) -> Int? {
    if items.indices.contains(i), case .formula(let part) = items[i] { return part }
    return nil
  }

  func text(_ part: Int) -> [UInt8] {
    if case .formula(let formula) = sentence.parts[part] { return formula.text }
    return []
  }

  /// The item's place of the nearest formula before, within the clause; ranges are passed over.
  func placeBefore(_ i: Int) -> Int? {
    var j = i - 1
    while j >= 0 {
      switch items[j] {
      case .formula(let part): if !isRange(part) { return j }
      case .semicolon, .stop: return nil
      default: break
      }
      j -= 1
    }
    return nil
  }

  func formulaBefore(_ i: Int) -> Int? { placeBefore(i).flatMap { formula($0) } }

  func formulaAfter(_ i: Int) -> Int? {
    for j in items.indices where j > i {
      if let part = formula(j) { return part }
    }
    return nil
  }

  /// Words that may stand between a verb and what it is about.
  private func isPassedOver(_ item: Wording.Item) -> Bool {
    switch item {
    case .word: return true
    case .term(let term):
      switch term {
      case .article, .all, .only, .filler, .noun, .scalar, .loss, .derivative, .gate, .given, .of,
        .withRespectTo, .columnsOf, .rowsOf, .hedge, .wrong, .becoming, .insteadOf, .whole,
        .arbitrary,
        .initialState,
        .that, .ours, .use,
        .has, .treat, .counted:
        return true
      default: return false
      }
    default: return false
    }
  }

  /// The formula that the words from a place on are about, and its place: at most five words on.
  func next(from i: Int, passing limit: Int = 5) -> (part: Int, place: Int)? {
    var j = i
    while j < items.count, j - i <= limit {
      if let part = formula(j) { return (part: part, place: j) }
      if !isPassedOver(items[j]) { return nil }
      j += 1
    }
    return nil
  }

  /// A list `a, b and c` from a place on; what begins another clause is left out.
  func list(from i: Int) -> (parts: [Int], end: Int) {
    guard let first = next(from: i) else { return (parts: [], end: i) }
    var parts = [first.part]
    var end = first.place + 1
    while end < items.count {
      var j = end
      var isJoined = false
      var hasComma = false
      while j < items.count {
        if items[j] == .comma, !hasComma {
          hasComma = true
        } else if items[j] == .term(.and) {
          isJoined = true
        } else if isJoined, items[j] == .term(.article) || items[j] == .term(.filler) {
          // `and the last state`
        } else {
          break
        }
        j += 1
      }
      guard isJoined || hasComma, let part = formula(j), !beginsClause(after: j),
        isPlain(part) || isJoined && isMembership(part)
      else { break }
      parts.append(part)
      end = j + 1
    }
    return (parts: parts, end: end)
  }

  /// Whether the formula at the place is the subject of what follows it.
  private func beginsClause(after place: Int) -> Bool {
    var j = place + 1
    while items.indices.contains(j), items[j] == .term(.filler) { j += 1 }
    switch term(j) {
    case .be, .are, .was, .given, .dependsOn, .held, .letting, .denotes, .article, .for: return true
    default: return false
    }
  }

  /// The list that ends right before a place, in order.
  func listBefore(_ i: Int) -> [Int] {
    var parts: [Int] = []
    var j = i - 1
    guard let last = formula(j) else { return [] }
    parts.append(last)
    j -= 1
    while j > 0 {
      var k = j
      while k > 0, items[k] == .term(.and) || items[k] == .comma { k -= 1 }
      guard k < j, let part = formula(k), isPlain(part) else { break }
      // `…, and h_0 is given`: of two, a comma parts clauses.
      if j - k == 2, k == 0 || items[k - 1] != .comma { break }
      parts.insert(part, at: 0)
      j = k - 1
    }
    // `M and Λ is` speaks of one, `let M and Λ be` of both.
    while let term = term(j), [.article, .noun, .filler, .real].contains(term) { j -= 1 }
    return term(i) == .be && term(j) != .letting ? [last] : parts
  }

  /// Whether a negation stands right before the place.
  func isNegated(_ i: Int) -> Bool {
    for j in max(0, i - 3)..<max(0, i) {
      switch items[j] {
      case .term(.not), .term(.nothing):
        let between = items[(j + 1)..<i]
        let isClose = between.allSatisfy {
          if case .formula = $0 { return false }
          return $0 != .comma
        }
        if isClose { return true }
      default: break
      }
    }
    return false
  }

  // What rules ask of a formula's text.

  /// No relation in it.
  func isPlain(_ part: Int) -> Bool {
    let text = text(part)
    for (i, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"): return false
      case UInt8(ascii: "\\"):
        for command in FactReader.relations where matches(text, at: i, command) {
          let end = i + command.utf8CodeUnitCount
          if end == text.count || !isLetter(text[end]) { return false }
        }
      case 0xE2:
        let value = scalar(text, at: i).value
        if value == 0x2208 || value == 0x2264 || value == 0x2265 || value == 0x2192 { return false }
      default: break
      }
    }
    return true
  }

  /// `θ ∈ ℝ^p`: a name with its space.
  private func isMembership(_ part: Int) -> Bool {
    let text = text(part)
    if text.contains(UInt8(ascii: "=")) { return false }
    for i in text.indices
    where matches(text, at: i, "\\in") || matches(text, at: i, "\u{2208}") { return true }
    return false
  }

  private static let relations: [StaticString] = [
    "\\in", "\\le", "\\leq", "\\ge", "\\geq", "\\to", "\\neq", "\\ne", "\\approx", "\\colon",
    "\\lt", "\\gt", "\\sim", "\\leqslant", "\\geqslant",
  ]

  /// `t = 1, \dots, T`: a single letter and what it runs over.
  func isRange(_ part: Int) -> Bool {
    let text = text(part)
    guard let first = text.firstIndex(where: { !isSpace($0) }) else { return false }
    var next = first + 1
    if text[first] == UInt8(ascii: "\\") {
      while next < text.count, isLetter(text[next]) { next += 1 }
    }
    while next < text.count, isSpace(text[next]) { next += 1 }
    guard next < text.count else { return false }
    let isRelated =
      text[next] == UInt8(ascii: "=") || text[next] == UInt8(ascii: ">")
      || text[next] == UInt8(ascii: "<") || matches(text, at: next, "\\in")
      || matches(text, at: next, "\\ge") || matches(text, at: next, "\\le")
    if !isRelated { return false }
    for i in next..<text.count {
      if matches(text, at: i, "dots") || matches(text, at: i, "\u{2026}")
        || matches(text, at: i, "...") || matches(text, at: i, "\\{")
      {
        return true
      }
    }
    return text[next] != UInt8(ascii: "=") && !matches(text, at: next, "\\in")
      || text[(next + 1)...].allSatisfy { isDigit($0) || isSpace($0) || $0 == 44 }
  }

  /// Whether a derivative stands in it.
  func isDerivative(_ part: Int) -> Bool {
    if writesPartial(part) || writes(part, "\\frac{d") || writes(part, "\\frac{\\mathrm{d}") {
      return true
    }
    // dL/dz
    let text = text(part)
    if let slash = text.firstIndex(of: UInt8(ascii: "/")) {
      let above = trimmed(text[..<slash])
      let below = trimmed(text[(slash + 1)...])
      return above.count > 1 && below.count > 1 && above[0] == UInt8(ascii: "d")
        && below[0] == UInt8(ascii: "d")
    }
    return false
  }

  /// Whether ∂ or ∇ stands in it.
  func writesPartial(_ part: Int) -> Bool {
    writes(part, "partial") || writes(part, "nabla") || writes(part, "\u{2202}")
      || writes(part, "\u{2207}")
  }

  private func writes(_ part: Int, _ mark: StaticString) -> Bool {
    let text = text(part)
    return text.indices.contains { matches(text, at: $0, mark) }
  }

  private func isEntryFormula(_ part: Int) -> Bool {
    if !isDerivative(part) || isPlain(part) { return false }
    let text = text(part)
    var start = text.firstIndex { !isSpace($0) } ?? 0
    if text[start] == UInt8(ascii: "\\") {
      start += 1
      while start < text.count, isLetter(text[start]) { start += 1 }
    }
    for (open, close) in [("(", ")"), ("[", "]")] as [(Unicode.Scalar, Unicode.Scalar)] {
      guard start < text.count, text[start] == UInt8(ascii: open) else { continue }
      for i in text.indices where text[i] == UInt8(ascii: close) && i + 1 < text.count {
        if text[i + 1] == UInt8(ascii: "_") { return !text[..<i].contains(UInt8(ascii: "=")) }
      }
    }
    return false
  }
}
