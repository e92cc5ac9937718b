import Expressions

/// How far a sentence stands behind its words.
enum Stance: Comparable {
  case asserted
  /// Said of most, nearly, once or by others, or asked: nothing may be taken from it.
  case hedged
  /// Said to be wrong: a mistake that is quoted.
  case refused
  case denied
}

/// What a sentence denies or restricts.
extension FactReader {
  /// How far the clause stands behind the word at a place.
  func stance(at i: Int) -> Stance {
    if sentence.isQuestion { return .hedged }
    if endsHere(after: i) { return .denied }
    var stance = stanceBehind(i)
    // `show that A is`; not `show that for symmetric A`, `show that the symmetric matrix A`
    var hasSubject = false
    var j = i - 1
    scan: while j >= 0 {
      switch items[j] {
      case .formula: hasSubject = true
      case .colon:
        if namesMistake(before: j) { stance = max(stance, .refused) }
        break scan
      case .semicolon, .stop, .open: break scan
      case .close:
        while j > 0, items[j] != .open { j -= 1 }
      case .comma:
        // `nehmen nicht an, dass A symmetrisch ist`; `, however,` stands within the clause.
        if term(j + 1) == .that { break }
        // `In the figure, A is`
        if j == 1, term(0) == .hedge { stance = max(stance, .hedged) }
        guard j >= 2, items[j - 2] == .comma, formula(j - 1) == nil else { break scan }
        j -= 2
      case .term(let term):
        switch term {
        case .not, .nothing, .noLonger: return .denied
        case .hedge, .envisaging: stance = max(stance, .hedged)
        case .wrong:
          // `To avoid the mistake we write` quotes none.
          let isQuoted = !items[j..<i].contains(.term(.ours))
          stance = max(stance, isQuoted ? .refused : .hedged)
        case .becoming:
          if items[j...i].contains(where: { isRelation($0) }) { break scan }
          stance = max(stance, .hedged)
        case .insteadOf:
          if !items[j..<i].contains(.term(.ours)) { stance = max(stance, .hedged) }
        case .was: if i - j <= 2 { stance = max(stance, .hedged) }
        case .goal: if hasSubject { stance = max(stance, .hedged) }
        case .for, .ranging, .with: hasSubject = false
        case .contrast: if !isProperty(j + 1) { break scan }
        case .letting, .taking:
          return max(stance, stanceOfVerb(at: j))
        case .consequence, .reason, .turning, .condition, .equivalence, .whereCue, .newModel:
          break scan
        case .and: if beginsPredicate(at: j + 1) { break scan }
        default: break
        }
      default: break
      }
      j -= 1
    }
    return stance
  }

  func isRelation(_ item: Wording.Item) -> Bool {
    if case .formula(let part) = item { !isPlain(part) } else { false }
  }

  /// `do not take`, `it is wrong to set`, `some people let`
  private func stanceOfVerb(at place: Int) -> Stance {
    var stance = Stance.asserted
    for item in items[max(0, place - 3)..<place].reversed() {
      switch item {
      case .comma, .semicolon, .stop, .colon, .formula: return stance
      case .term(.not), .term(.nothing), .term(.noLonger): return .denied
      case .term(.ours): return stance
      case .term(.wrong): return .refused
      case .term(.hedge), .term(.envisaging), .term(.insteadOf), .term(.becoming):
        stance = .hedged
      default: break
      }
    }
    return stance
  }

  /// `… symmetric above but is not any more`
  private func endsHere(after i: Int) -> Bool {
    for j in items.indices where j > i {
      switch items[j] {
      case .formula, .semicolon, .stop: return false
      case .term(.noLonger): return !isProperty(j + 1)
      default: break
      }
    }
    return false
  }

  /// `diagonal in the first section only`, `symmetric only for n = 1`, `symmetric is a mistake`
  private func stanceBehind(_ i: Int) -> Stance {
    var (hasWords, isDenied) = (false, false)
    for j in items.indices where j > i {
      switch items[j] {
      case .word: hasWords = true
      case .term(.not), .term(.nothing): isDenied = true
      case .term(.hedge), .term(.becoming): return .hedged
      case .term(.wrong): return isDenied ? .hedged : .refused
      case .term(.only):
        let isLast = j + 1 == items.count
        if hasWords, isLast || [.comma, .semicolon, .stop].contains(items[j + 1]) {
          return .hedged
        }
      case .formula, .comma, .semicolon, .stop, .colon, .open, .term(.and), .term(.consequence),
        .term(.reason), .term(.turning):
        return .asserted
      default: break
      }
    }
    return .asserted
  }

  /// `A common mistake:`, `Wrong:`
  private func namesMistake(before place: Int) -> Bool {
    let head = items[..<place]
    return head.contains(.term(.wrong))
      && head.allSatisfy { item in
        if case .formula = item { return false }
        return ![.term(.not), .term(.nothing), .term(.ours), .term(.consequence), .term(.reason)]
          .contains(item)
      }
  }

  private func isProperty(_ i: Int) -> Bool {
    if case .property? = term(i) { return true }
    return false
  }

  /// Whether what stands behind `and` has a verb of its own.
  private func beginsPredicate(at place: Int) -> Bool {
    var j = place
    while term(j) == .filler || term(j) == .article || term(j) == .noun { j += 1 }
    switch term(j) {
    case .be, .are, .was, .supposing, .letting, .taking, .condition, .whereCue: return true
    default: break
    }
    guard formula(j) != nil else { return false }
    j += 1
    while term(j) == .filler { j += 1 }
    switch term(j) {
    case .be, .are, .was, .dependsOn, .property: return true
    default: return false
    }
  }

  /// Whether the clause supposes in passing what it says: `if A is not symmetric`, `for a general A`.
  func isConditional(_ i: Int) -> Bool {
    var j = i - 1
    while j >= 0 {
      switch items[j] {
      case .term(.condition), .term(.for), .term(.ranging): return true
      case .comma, .semicolon, .stop, .colon: return false
      default: break
      }
      j -= 1
    }
    return false
  }

  /// Whether the word at a place speaks of gates or of formulas.
  private func speaksOfNodes(near i: Int) -> Bool {
    if next(from: i + 1) != nil || items[i...].prefix(4).contains(.term(.gate)) { return true }
    var j = i - 1
    while j >= 0 {
      switch items[j] {
      case .formula, .term(.gate): return true
      case .comma, .semicolon, .stop, .colon: return false
      default: break
      }
      j -= 1
    }
    return false
  }

  /// `the gates are not held constant`, `we do not hold the gates`
  mutating func readReleased(at i: Int) {
    let isOfNothing = items[..<i].contains(.term(.nothing))
    if isOfNothing || speaksOfNodes(near: i) { add(.released) }
  }

  /// `letting the gates vary`
  mutating func readVarying(at i: Int) {
    guard stance(at: i) == .asserted,
      items[max(0, i - 4)..<i].contains(.term(.gate))
        || items[i...].prefix(4).contains(.term(.gate))
        || formula(i - 1) != nil
    else { return }
    add(.released)
  }

  /// `the total derivative`, `along all paths`; whether it says what derivatives are throughout.
  mutating func readTotal(at i: Int) {
    // `total derivatives, not partial ones`: what is denied behind the word is something else.
    let isDenied = items[..<i].reversed().prefix { ![.comma, .semicolon, .stop].contains($0) }
      .contains { $0 == .term(.not) || $0 == .term(.nothing) }
    let stance = stance(at: i) == .denied && !isDenied ? Stance.asserted : stance(at: i)
    if stance == .denied { return }
    add(.total)
    if term(i) == .alongPaths, stance == .asserted, !hasFormula {
      // `We follow all paths.`
      add(.totalInBlock)
      if term(0) == .ours { add(.allTotal(mark: nil, everywhere: false)) }
    }
    let before = items[..<i]
    let isPredicate =
      term(i) == .total && before.suffix(3).contains { $0 == .term(.are) || $0 == .term(.be) }
    let speaksOfDerivatives =
      term(i) != .total || term(i + 1) == .derivative
      || isPredicate && (before.contains(.term(.derivative)) || before.contains(.term(.all)))
      || items.contains(.term(.denotes)) && items[i...].contains(.term(.derivative))
    guard speaksOfDerivatives, stance == .asserted else { return }
    let isEverywhere = items.contains(.term(.everywhere))
    if let mark = mark(near: i) {
      add(.allTotal(mark: mark, everywhere: isEverywhere))
      return
    }
    let speaksOfAll = before.indices.contains { place in
      term(place) == .derivative
        && items[max(0, place - 2)..<place].contains { $0 == .term(.all) }
    }
    // Equations before it are of the sentence that it continues.
    let namesNone = items.indices.allSatisfy { place in
      formula(place).map { place < i && !isPlain($0) } ?? true
    }
    if speaksOfAll || namesNone && isSaidThroughout(at: i, isPredicate: isPredicate) {
      add(.allTotal(mark: nil, everywhere: isEverywhere))
    }
  }

  /// `derivatives are total throughout`, `we use total derivatives`, `all paths are counted`
  private func isSaidThroughout(at i: Int, isPredicate: Bool) -> Bool {
    if isPredicate { return true }
    let before = items[..<i]
    for term in [Term.throughout, .everywhere, .use, .counted, .denotes]
    where items.contains(.term(term)) { return true }
    if before.contains(.term(.are)) { return true }
    return before.contains(.term(.derivative))
      && (term(i) == .alongPaths || items.contains(.term(.denotes)))
  }

  /// The ∂ or the d of which a sentence says what it stands for: the nearest before the place,
  /// else the first behind it.
  private func mark(near i: Int) -> Int? {
    guard
      items.contains(where: {
        switch $0 {
        case .term(let term): [.write, .denotes, .be, .are, .for, .with].contains(term)
        default: false
        }
      })
    else { return nil }
    if let quotient = explainedQuotient(before: i) { return quotient }
    let marks = items.indices.filter { place in formula(place).map { isMark($0) } ?? false }
    return (marks.last { $0 < i } ?? marks.first).flatMap { formula($0) }
  }

  /// `∂h_k/∂W means`: a derivative that stands for all of its kind.
  private func explainedQuotient(before i: Int) -> Int? {
    for j in 0..<i where term(j + 1) == .denotes {
      if let part = formula(j), isDerivative(part), isPlain(part) { return part }
    }
    // `The total derivative is dC/dx`
    if term(i) == .totalDerivative || term(i + 1) == .derivative,
      let place = items[i...].firstIndex(of: .term(.be)), let part = formula(place + 1),
      isDerivative(part), isPlain(part), !writesPartial(part)
    {
      return part
    }
    return nil
  }

  private func isMark(_ part: Int) -> Bool {
    let text = text(part).filter { !isSpace($0) && $0 != 0x7B && $0 != 0x7D }
    return ["\\partial", "\u{2202}", "d", "\\mathrmd", "\\rmd"].contains {
      Array($0.utf8) == text
    }
  }

  /// `the whole gradient`, `summed over all time steps`
  mutating func readWhole(at i: Int) {
    let isOfDerivative = term(i) == .summed || term(i) == .totalDerivative
    guard isOfDerivative || term(i + 1) == .derivative, stance(at: i) == .asserted else { return }
    let explains = items.contains(.term(.denotes)) || items.contains(.term(.write))
    add(.whole(isOfNotation: explains))
  }

  /// `the initial state depends on W`, `h_0 is produced by an encoder that shares W`
  mutating func readStart(at i: Int, objects: [Int]? = nil) {
    if stance(at: i) != .asserted { return }
    var start = i
    while start > 0, ![.semicolon, .stop, .comma].contains(items[start - 1]) { start -= 1 }
    var end = i + 1
    while end < items.count, ![.semicolon, .stop, .comma].contains(items[end]) { end += 1 }
    let parts = items[start..<end].compactMap { item in
      if case .formula(let part) = item { part } else { nil }
    }
    if items[start..<i].contains(.term(.initialState)) {
      if !parts.isEmpty { add(.startDepends(subject: nil, objects: objects ?? parts)) }
    } else if objects == nil, let subject = parts.first, parts.count > 1 {
      add(.startDepends(subject: subject, objects: Array(parts.dropFirst())))
    }
  }

  /// `entries ∂y_i/∂x_j in row i and column j`
  mutating func readEntryPlace(at i: Int) {
    guard let row = formula(i + 1), let derivative = formulaBefore(i), isDerivative(derivative),
      isPlain(derivative)
    else { return }
    var j = i + 2
    while term(j) == .and || term(j) == .noun || term(j) == .article
      || items.indices.contains(j) && items[j] == .comma
    {
      j += 1
    }
    guard let column = formula(j) else { return }
    add(.entryPlace(derivative: derivative, row: row, column: column))
  }
}
