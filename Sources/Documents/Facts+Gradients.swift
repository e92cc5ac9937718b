/// Names of gradients that a sentence explains in words.
extension FactReader {
  /// `δ_t is the gradient of L with respect to a_t`, `der Gradient von L nach a_t ist δ_t`,
  /// `δ_t 为 L 关于 a_t 的梯度`, `δ_t is the gradient ∂L/∂a_t`
  mutating func readGradient(at i: Int) {
    if isNegated(i) { return }
    if let gradient = formula(i + 1), isDerivative(gradient), isPlain(gradient) {
      if let name = nameBefore(i) { add(.gradientName(name: name, gradient: gradient)) }
      return
    }
    guard let found = operandsBehind(i) ?? operandsBefore(i),
      let name = nameBefore(found.start) ?? nameBehind(found.end) ?? found.name
        ?? nameGiven(to: found.start, found.end),
      name != found.node
    else { return }
    let (names, nodes) = (listEnding(with: name), listBeginning(with: found.node, at: found.end))
    if names.count > 1, nodes.count > 1 {
      guard names.count == nodes.count else { return }
      for (name, node) in zip(names, nodes) {
        add(.gradientInWords(name: name, loss: found.loss, node: node))
      }
      return
    }
    add(.gradientInWords(name: name, loss: found.loss, node: found.node))
  }

  /// `a_t` and `b_t` of `a_t and b_t are the gradients …`
  private func listEnding(with name: Int) -> [Int] {
    items.firstIndex(of: .formula(name)).map { listBefore($0 + 1) } ?? []
  }

  private func listBeginning(with node: Int, at place: Int) -> [Int] {
    formula(place) == node ? list(from: place).parts : []
  }

  /// `where δ_t is ∂L/∂a_t`
  mutating func readDerivativeAsName(at i: Int) {
    guard let name = quantity(i - 1), let gradient = formula(i + 1), isDerivative(gradient),
      isPlain(gradient), !isNegated(i)
    else { return }
    add(.gradientName(name: name, gradient: gradient))
  }

  /// `θ stands for any of W, U, b`, `θ 表示 W, U, b 之一`
  mutating func readCollective(at i: Int) {
    guard stance(at: i) == .asserted else { return }
    var j = i - 1
    var members = list(from: i + 1).parts
    if members.isEmpty {
      members = listBefore(i)
      j -= 2 * members.count - 1
    }
    while term(j) == .filler || term(j) == .article { j -= 1 }
    guard isCopula(j) || term(j) == .denotes || term(j) == .for, let name = quantity(j - 1) else {
      return
    }
    add(.anyOf(name: name, members: members))
  }

  private struct Operands {
    var loss: Int?
    var node: Int
    /// `the gradient G of L`
    var name: Int?
    /// The items that say it: from the first through the last.
    var start: Int
    var end: Int
  }

  /// A formula that is a quantity: neither a relation nor a derivative.
  private func quantity(_ i: Int) -> Int? {
    guard let part = formula(i), isPlain(part), !isDerivative(part) else { return nil }
    return part
  }

  /// A quantity, or an equation that says what one is.
  private func named(_ i: Int) -> Int? {
    if let part = quantity(i) { return part }
    guard let part = formula(i) else { return nil }
    let text = text(part)
    guard let sign = text.firstIndex(of: UInt8(ascii: "=")), sign > 0 else { return nil }
    let writesDerivative = (0..<sign).contains { place in
      matches(text, at: place, "partial") || matches(text, at: place, "nabla")
        || matches(text, at: place, "\u{2202}") || matches(text, at: place, "\u{2207}")
        || matches(text, at: place, "frac") || text[place] == UInt8(ascii: "/")
    }
    return writesDerivative ? nil : part
  }

  /// `gradient of the loss L with respect to the state h_t`
  private func operandsBehind(_ i: Int) -> Operands? {
    var j = i + 1
    var name: Int?
    if term(j + 1) == .of, let own = quantity(j) {
      name = own
      j += 1
    }
    var loss: Int?
    if term(j) == .of {
      j = skippingSmallWords(from: j + 1)
      loss = quantity(j)
      if loss != nil { j += 1 }
    }
    guard term(j) == .withRespectTo else { return nil }
    j = skippingSmallWords(from: j + 1)
    guard let node = quantity(j) else { return nil }
    return Operands(loss: loss, node: node, name: name, start: i, end: j)
  }

  /// `损失 L 对 h_t 的梯度`
  private func operandsBefore(_ i: Int) -> Operands? {
    guard term(i - 1) == .genitive, let node = quantity(i - 2),
      term(i - 3) == .ranging || term(i - 3) == .withRespectTo
    else { return nil }
    let loss = quantity(i - 4)
    return Operands(loss: loss, node: node, start: loss == nil ? i - 3 : i - 4, end: i)
  }

  private func skippingSmallWords(from start: Int) -> Int {
    var j = start
    while j < items.count, j - start < 4, isSmallWord(j) { j += 1 }
    return j
  }

  private func isSmallWord(_ i: Int) -> Bool {
    guard items.indices.contains(i) else { return false }
    if items[i] == .word { return true }
    switch term(i) {
    case .article, .filler, .noun, .scalar, .loss, .total, .totalDerivative, .whole, .hedge,
      .becoming, .wrong,
      .insteadOf, .ours,
      .arbitrary,
      .genitive:
      return true
    default: return false
    }
  }

  /// The name of which a place says what it is: `δ_t is the …`, `δ_t, the …`, `write δ_t for the …`
  private func nameBefore(_ place: Int) -> Int? {
    var j = place - 1
    while place - j < 5, isSmallWord(j) { j -= 1 }
    if let name = quantity(j), j < place - 1 { return name }
    guard items.indices.contains(j) else { return nil }
    if isCopula(j) || term(j) == .denotes || term(j) == .for || items[j] == .comma {
      let isSaid = isCopula(j) || term(j) == .denotes
      if term(j - 1) == .filler { j -= 1 }
      return isSaid ? named(j - 1) : quantity(j - 1)
    }
    return nil
  }

  /// `… is denoted by δ_t`, `…, denoted δ_t`, `… is δ_t = …`, `… bezeichnen wir mit δ_t`, `… 记作 δ_t`
  private func nameBehind(_ place: Int) -> Int? {
    var j = place + 1
    if items.indices.contains(j), items[j] == .comma, term(j + 1) == .denotes { j += 1 }
    let start = j
    while isCopula(j) || term(j) == .denotes || term(j) == .with || term(j) == .filler { j += 1 }
    if j == start { return nil }
    let isSaid = items[start..<j].contains { $0 != .term(.with) && $0 != .term(.filler) }
    return isSaid ? named(j) : quantity(j)
  }

  /// `denote the gradient of L w.r.t. U by G`: the name stands a word behind.
  private func nameGiven(to start: Int, _ end: Int) -> Int? {
    var j = start - 1
    while start - j < 5, isSmallWord(j) { j -= 1 }
    guard term(j) == .denotes, items.indices.contains(end + 1), items[end + 1] == .word else {
      return nil
    }
    return named(end + 2)
  }
}
