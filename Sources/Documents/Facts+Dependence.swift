import Expressions

/// What depends on what, and what is a scalar.
extension FactReader {
  /// `L_t depends on h_t`, `a function of h_t`
  mutating func readDependence(at i: Int) {
    let objects = list(from: i + 1).parts
    // `h_0 is learned with W and is a function of W`: what is spoken of stands farther off.
    var nearest = placeBefore(i)
    while let place = nearest, let part = formula(place),
      objects.contains(where: { text($0) == text(part) }), let farther = placeBefore(place)
    { nearest = farther }
    guard let place = nearest, let subject = formula(place) else {
      if !objects.isEmpty { readStart(at: i, objects: objects) }
      return
    }
    let others = objects.filter { $0 != subject }
    if others.isEmpty { return }
    if isNegated(i) {
      add(.independent(subject: subject, objects: others))
    } else {
      if case .function? = term(i) { noteScalarBefore(i, subject) }
      add(.dependsOn(subject: subject, objects: others))
    }
  }

  /// `W also enters h_0`, `W determines h_0`: what depends stands behind.
  mutating func readDetermination(at i: Int) {
    guard stance(at: i) == .asserted, let object = formulaBefore(i),
      let subject = next(from: i + 1)?.part
    else { return }
    add(.startDepends(subject: subject, objects: [object]))
  }

  /// `a scalar function of`
  private mutating func noteScalarBefore(_ i: Int, _ subject: Int) {
    var j = i - 1
    while let term = term(j) {
      if term == .scalar || term == .loss {
        add(.scalar(subject, isLoss: term == .loss))
        return
      }
      guard term == .article || term == .filler else { return }
      j -= 1
    }
  }

  /// `von h_t abhängt`, `与 h_t 相关`, `h_{init} 和 W 没有关系`
  mutating func readDependenceBefore(_ i: Int, isNegated: Bool) {
    if isNegated, let subject = formulaBefore(i), formula(i + 1) != nil {
      add(.independent(subject: subject, objects: list(from: i + 1).parts))
      return
    }
    var parts: [Int] = []
    var j = i - 1
    scan: while j >= 0 {
      switch items[j] {
      case .formula(let part): parts.insert(part, at: 0)
      case .term(.of):
        break scan
      case .term(.and), .term(.filler), .term(.article), .term(.only), .term(.all), .comma: break
      case .word where j > 0 && items[j - 1] == .term(.and) && parts.count == 1: break
      default: break scan
      }
      j -= 1
    }
    if parts.isEmpty { return }
    // `L_t 是标量损失, 和输出 h_t 有关`: what is spoken of stands before its noun.
    if parts.count == 1, j + 1 < items.count, items[j + 1] == .comma,
      items[(j + 1)...].dropFirst().first == .term(.and),
      let subject = items[...j].compactMap({ item in
        if case .formula(let part) = item { part } else { nil }
      }).first(where: { isPlain($0) })
    {
      add(
        isNegated
          ? .independent(subject: subject, objects: parts)
          : .dependsOn(subject: subject, objects: parts))
      return
    }
    let subject: Int
    if j >= 0, items[j] == .term(.of) {
      guard let before = formulaBefore(j) else { return }
      subject = before
    } else {
      guard parts.count >= 2 else { return }
      subject = parts[parts.count - 2]
      parts = [parts[parts.count - 1]]
    }
    add(
      isNegated
        ? .independent(subject: subject, objects: parts)
        : .dependsOn(subject: subject, objects: parts))
  }

  /// `q_t 由 q_{t-1} 和参数 θ 算出`
  mutating func readComputation(at i: Int) {
    var objects: [Int] = []
    var j = i - 1
    while j >= 0, items[j] != .term(.computedBy) {
      if let part = formula(j) { objects.insert(part, at: 0) }
      if items[j] == .semicolon || items[j] == .stop { return }
      j -= 1
    }
    guard j > 0, !objects.isEmpty, let subject = formulaBefore(j) else { return }
    add(.dependsOn(subject: subject, objects: objects))
  }

  /// `L_t 是 O_t 的标量函数`: the owner stands before the noun at the place. True if it does.
  @discardableResult
  mutating func readOwner(of i: Int) -> Bool {
    var j = i - 1
    var isScalar = term(i) == .scalar || term(i) == .loss
    var isLoss = term(i) == .loss
    while let term = term(j), term == .scalar || term == .loss || term == .article {
      if term != .article { isScalar = true }
      if term == .loss { isLoss = true }
      j -= 1
    }
    guard term(j) == .genitive else { return false }
    let owner = j
    let objects = listBefore(owner)
    while j >= 0, !isCopula(j) {
      if items[j] == .comma || items[j] == .semicolon { return false }
      j -= 1
    }
    guard j > 0, let subject = formulaBefore(j) else { return false }
    let others = objects.filter { $0 != subject }
    if isScalar { add(.scalar(subject, isLoss: isLoss)) }
    if !others.isEmpty { add(.dependsOn(subject: subject, objects: others)) }
    return true
  }

  /// `scalar loss L_t of h_t`, `L is a scalar of A`, `each L_t a scalar`
  mutating func readScalar(at i: Int) {
    if let before = term(i - 1), before == .scalar || before == .loss { return }
    // `with scalars w and h_t`: the page goes on in numbers.
    if term(i) == .scalar, term(i - 1) == .with, stance(at: i) == .asserted,
      list(from: i + 1).parts.count > 1
    {
      add(.scalars)
      add(.real(list(from: i + 1).parts))
      return
    }
    var end = i
    var isLoss = false
    while let term = term(end), term == .scalar || term == .loss {
      if term == .loss { isLoss = true }
      end += 1
    }
    if term(end) == .functionTail || term(end) == .function { return }
    if readOwner(of: end - 1) { return }
    if let part = formula(end) {
      readNamedScalar(part, at: end, from: i, isLoss: isLoss)
      return
    }
    if isCopula(end), let part = formula(end + 1) {
      add(.scalar(part, isLoss: isLoss))
      return
    }
    guard let subject = subjectOfPredicate(before: i) else { return }
    // `The entries of w and h_t are scalars.`
    if let first = items.firstIndex(of: .formula(listBefore(i - 1).first ?? subject)),
      term(first - 1) == .genitive || term(first - 1) == .of
    {
      return
    }
    // `where w and h_t are scalars`
    if !isLoss, isCopula(i - 1), stance(at: i) == .asserted, listBefore(i - 1).count > 1 {
      add(.real(listBefore(i - 1)))
      return
    }
    add(.scalar(subject, isLoss: isLoss))
    if term(end) == .of {
      let objects = list(from: end + 1).parts.filter { $0 != subject }
      if !objects.isEmpty { add(.dependsOn(subject: subject, objects: objects)) }
    }
  }

  private mutating func readNamedScalar(_ part: Int, at place: Int, from i: Int, isLoss: Bool) {
    add(.scalar(part, isLoss: isLoss))
    if term(place + 1) == .of || term(place + 1) == .only && term(place + 2) == .of {
      let objects = list(from: place + 2).parts.filter { $0 != part }
      if !objects.isEmpty { add(.dependsOn(subject: part, objects: objects)) }
    } else if isLoss, case .formula(let object)? = items[(place + 1)...].dropFirst().first,
      items[place + 1] == .word, saysOn(behind: part)
    {
      add(.dependsOn(subject: part, objects: [object]))
    } else if term(i - 1) == .genitive {
      // `h_t 的标量损失 L_t`
      let objects = listBefore(i - 1).filter { $0 != part }
      if !objects.isEmpty { add(.dependsOn(subject: part, objects: objects)) }
    }
  }

  /// `a loss L on h_T`: nothing but that word stands behind a formula.
  private func saysOn(behind part: Int) -> Bool {
    guard part + 1 < sentence.parts.count, case .text(let words, _) = sentence.parts[part + 1]
    else { return false }
    let tokens = Wording.tokens(of: Array(words.utf8)).map { $0.text }
    return [["on"], ["at"], ["auf"], ["on", "the", "output"]].contains(tokens)
  }

  /// The formula of which a noun is said: only small words stand between.
  func subjectOfPredicate(before i: Int) -> Int? {
    var j = i - 1
    while j >= 0 {
      switch items[j] {
      case .formula(let part):
        if !isRange(part) { return part }
      case .comma: break
      case .term(let term):
        switch term {
        case .be, .are, .article, .filler, .letting, .only: break
        default: return nil
        }
      default: return nil
      }
      j -= 1
    }
    return nil
  }
}
