import Expressions

/// Properties, what is given, held or copied, names of gradients, layouts.
extension FactReader {
  /// `S is symmetric`, `a symmetric matrix S`, `A 对称`
  mutating func readProperty(_ properties: Properties, at i: Int, _ stance: Stance) {
    // A matrix is one-hot in its rows.
    if properties == .oneHot, speaksOfColumns(before: i) { return }
    if let place = subjectOfAside(properties, at: i), let part = formula(place) {
      if max(stance, self.stance(at: place)) == .asserted { add(.property(properties, [part])) }
      return
    }
    let parts = describedParts(at: i)
    if parts.isEmpty { return }
    switch stance {
    case .asserted: if isAffirmed(properties, at: i) { add(.property(properties, parts)) }
    case .hedged, .refused: break
    case .denied:
      // `does not hold for symmetric A` says nothing of A.
      if term(i) == .noProperty(properties) || items[..<i].contains(.formula(parts[0])) {
        add(.noProperty(properties, parts, isConditional: isConditional(i)))
      }
    }
  }

  /// `A is arbitrary`, `a general matrix A`; of an arbitrary symmetric one that is said.
  mutating func readArbitrary(at i: Int) {
    var j = i + 1
    while term(j) == .noun || term(j) == .article { j += 1 }
    if let term = term(j), isAdjective(term) { return }
    let parts =
      formula(j) == nil ? subjectOfPredicate(before: i).map { [$0] } ?? [] : list(from: j).parts
    guard !parts.isEmpty, stance(at: i) == .asserted else { return }
    add(.arbitrary(parts, isConditional: isConditional(i)))
  }

  /// `Let A be a square matrix.`: whatever it was before.
  mutating func readIntroduction() {
    let list = list(from: 1)
    guard !list.parts.isEmpty, isCopula(list.end), list.end + 1 < items.count else { return }
    let isPlain = items[(list.end + 1)...].allSatisfy { item in
      switch item {
      case .word, .stop, .term(.article), .term(.noun), .term(.filler): true
      default: false
      }
    }
    if isPlain { add(.arbitrary(list.parts, isConditional: false)) }
  }

  /// `For every A, …`, `for all matrices W`
  mutating func readRanging(at i: Int) {
    let start = term(i + 1) == .noun ? i + 2 : i + 1
    let list = list(from: start)
    guard !list.parts.isEmpty, items.indices.contains(list.end), items[list.end] == .comma,
      list.parts.allSatisfy({ isPlain($0) })
    else { return }
    add(.arbitrary(list.parts, isConditional: true))
  }

  /// Whether a clause speaks of the columns of what it describes.
  private func speaksOfColumns(before i: Int) -> Bool {
    for item in items[..<i].reversed() {
      switch item {
      case .term(.columnsOf): return true
      case .semicolon, .stop, .comma: return false
      default: break
      }
    }
    return false
  }

  /// What an adjective at the place describes: what it stands before, else what it is said of.
  private func describedParts(at i: Int) -> [Int] {
    let isPredicate = isCopula(i - 1) || term(i - 1) == .letting || formula(i - 1) != nil
    if !isPredicate {
      var j = i + 1
      while let term = term(j), term == .noun || isAdjective(term) { j += 1 }
      if formula(j) != nil { return list(from: j).parts }
    }
    var j = i - 1
    while j >= 0 {
      switch items[j] {
      case .formula(let part):
        return isRange(part) ? [] : listBefore(j + 1).filter { isPlain($0) || $0 == part }
      case .semicolon, .stop, .colon: return []
      case .comma: if !isCopula(j + 1), j != i - 1 { return [] }
      default: break
      }
      j -= 1
    }
    return []
  }

  /// `a real z`, `z is a real number`, `实数 z`
  mutating func readReal(at i: Int) {
    if isNegated(i) { return }
    if formula(i + 1) != nil {
      add(.real(list(from: i + 1).parts))
    } else if isCopula(i - 1) || term(i - 1) == .article && isCopula(i - 2), term(i + 1) != .noun {
      let parts = listBefore(isCopula(i - 1) ? i - 1 : i - 2)
      if !parts.isEmpty { add(.real(parts)) }
    }
  }

  func isAdjective(_ term: Term) -> Bool {
    if case .property = term { return true }
    return term == .given || term == .constantValue
  }

  /// `A be constant`, `a given constant`
  mutating func readConstant(at i: Int) {
    var j = i - 1
    while term(j) == .article || term(j) == .not || term(j) == .hedge || term(j) == .wrong
      || term(j) == .becoming
    { j -= 1 }
    let isDoubted = stance(at: i) != .asserted
    // `The gates are not constant.`
    if isDoubted, items[..<i].contains(.term(.gate)) { add(.released) }
    if isDoubted, items[..<i].contains(.term(.initialState)) { add(.notGiven([])) }
    guard
      formula(i + 1) != nil || formula(i - 1) != nil || isCopula(i - 1)
        || term(i - 1) == .given || term(i - 1) == .letting || isDoubted && formula(j) != nil
        || isCopula(j) && (term(i - 1) == .article || isDoubted)
    else { return }
    if isDoubted, let subject = formulaBefore(i) { add(.notGiven([subject])) }
    // `a constant c` is a number, `a constant vector c` is none.
    if !isDoubted, term(i - 1) == .article, let part = formula(i + 1), isPlain(part) {
      add(.scalar(part, isLoss: false))
    }
    readProperty(.constant, at: i, stance(at: i))
  }

  /// `h_0 is given`, `given h_0, s_0`, `a given vector a`
  mutating func readGiven(at i: Int) {
    if stance(at: i) != .asserted {
      if let subject = formulaBefore(i) ?? formulaAfter(i) { add(.notGiven([subject])) }
      if items.contains(.term(.initialState)) { add(.notGiven([])) }
      return
    }
    let j = beforeSmallWords(i)
    let before = listBefore(j)
    if !before.isEmpty {
      add(.given(before))
      return
    }
    if next(from: i + 1, passing: 3) != nil {
      let list = list(from: i + 1)
      if list.parts.allSatisfy({ isPlain($0) }) || list.parts.count > 1 {
        add(.given(list.parts))
      }
      return
    }
    // `the start h_0 is given, not necessarily zero`; `h_{-1} ∈ ℝ^n 已知`
    if isCopula(i - 1) || term(i - 1) == .and, let subject = formulaBefore(i) {
      add(.given([subject]))
    }
  }

  /// `write δ for the gradient ∂L/∂z`, `dX denotes ∂L/∂X`
  mutating func readName(at i: Int) {
    if term(i) == .write {
      var j = i + 1
      while j < items.count {
        if items[j] == .semicolon || items[j] == .stop { return }
        if let name = formula(j), term(j + 1) == .for || isCopula(j + 1),
          let meaning = next(from: j + 2)
        {
          if isDerivative(meaning.part), meaning.part != name {
            add(.gradientName(name: name, gradient: meaning.part))
          }
          j = meaning.place
        }
        j += 1
      }
      return
    }
    if let name = formula(i - 1) ?? (term(i - 1) == .filler ? formula(i - 2) : nil) {
      if let meaning = next(from: i + 1), isDerivative(meaning.part) {
        add(.gradientName(name: name, gradient: meaning.part))
      }
      return
    }
    // `denote by δ the gradient ∂L/∂z`, `denote ∂L/∂z by δ`
    guard let first = next(from: i + 1), let second = next(from: first.place + 1) else { return }
    if isDerivative(second.part) {
      add(.gradientName(name: first.part, gradient: second.part))
    } else if isDerivative(first.part) {
      add(.gradientName(name: second.part, gradient: first.part))
    }
  }

  /// `W^{(k)} be the copy of W`
  mutating func readCopy(at i: Int) {
    if let subject = formulaBefore(i) { add(.copy(subject)) }
  }

  /// `U^{(k)} the U of step k`, `U^{(k)} 为第 k 步的 U`
  mutating func readCopyWithoutWord(at i: Int) {
    guard let subject = formula(i) else { return }
    var j = i + 1
    if isCopula(j) { j += 1 }
    if term(j) == .article, formula(j + 1) != nil, term(j + 2) == .step, formula(j + 3) != nil {
      add(.copy(subject))
    }
    if term(j) == .article, formula(j + 1) != nil, term(j + 2) == .of, term(j + 3) == .step {
      add(.copy(subject))
    }
    if term(j) == .ordinal, formula(j + 1) != nil, term(j + 2) == .step {
      var k = j + 3
      while term(k) == .genitive || term(k) == .filler { k += 1 }
      if formula(k) != nil { add(.copy(subject)) }
    }
  }

  /// `the gate z_t held constant`, `gates held`, `门视为常数`
  mutating func readHeld(at i: Int) {
    switch stance(at: i) {
    case .denied:
      readReleased(at: i)
      return
    case .hedged, .refused: return
    case .asserted: break
    }
    // `∂⁺ is the immediate derivative, in which h_{k-1} is held constant`
    if items.contains(.term(.immediate)) { return }
    let j = beforeSmallWords(i)
    guard holdsPlainly(at: i, from: j) else { return }
    let parts = listBefore(j)
    if !parts.isEmpty {
      add(.held(parts))
    } else if let gate = items[max(0, j - 5)..<j].lastIndex(of: .term(.gate)) {
      holdGates(at: gate)
    }
  }

  /// `the gates`, `all gates`; of `the output gate` alone the others are not held.
  private mutating func holdGates(at gate: Int) {
    let isQualified =
      gate > 0 && (items[gate - 1] == .word || term(gate - 1) == .noun)
    add(isQualified ? .totalInBlock : .held([]))
  }

  /// Where copulas and small words begin that end right before a place.
  private func beforeSmallWords(_ i: Int) -> Int {
    var j = i
    while isCopula(j - 1) || term(j - 1) == .filler || term(j - 1) == .all { j -= 1 }
    return j
  }

  /// `holding f_t and i_t constant`
  mutating func readHolding(at i: Int) {
    // `wir halten die Gates nicht fest`
    if stance(at: i) == .denied || items[i...].prefix(5).contains(.term(.not)) {
      readReleased(at: i)
      return
    }
    let list = list(from: i + 1)
    // `holding the gates constant`
    let named = items[i...].prefix(6)
    if list.parts.isEmpty, let gate = named.lastIndex(of: .term(.gate)),
      named[gate...].contains(.term(.constantValue)), stance(at: i) == .asserted,
      isPlainLeadIn(before: i)
    {
      holdGates(at: gate)
      return
    }
    guard !list.parts.isEmpty, stance(at: i) == .asserted, isPlainLeadIn(before: i),
      items[list.end..<min(items.count, list.end + 3)]
        .contains(.term(.constantValue))
    else { return }
    add(.held(list.parts))
  }

  /// `For a single hidden unit, h_t = …`: what the equations behind it are of.
  func headsSentence(_ i: Int) -> Bool {
    guard items.first == .term(.for), items.indices.contains(i + 1), items[i + 1] == .comma,
      items[1..<i].allSatisfy({ $0 == .term(.article) || $0 == .term(.filler) })
    else { return false }
    return formula(i + 2) != nil
  }

  mutating func readOneUnit(at i: Int) {
    let isAside = term(i - 1) == .with || term(i - 1) == .article && term(i - 2) == .with
    if hasFormula, !isAside, stance(at: i) == .asserted { add(.scalars) }
  }

  /// `gradients are columns`, `derivatives by a column as rows`
  mutating func readLayoutOfGradients() {
    var mentionsDerivative = false
    for (i, item) in items.enumerated() {
      switch item {
      case .term(.derivative), .term(.totalDerivative): mentionsDerivative = true
      case .formula(let part):
        if isDerivative(part), isPlain(part) { mentionsDerivative = true }
      case .semicolon: mentionsDerivative = false
      case .term(.asRows):
        if mentionsDerivative, stance(at: i) == .asserted { add(.layout(.numerator, isOwn: true)) }
      case .term(.asColumns):
        if mentionsDerivative, stance(at: i) == .asserted { add(.layout(.gradient, isOwn: true)) }
      default: break
      }
    }
  }
}
