/// Conditions that a sentence both names and uses up: `If A is symmetric, its eigenvalues are real.`
extension PageReader {
  /// What a sentence says, but for what it supposes for itself alone.
  func lastingFacts(_ block: Int, _ sentence: Int) -> [Fact] {
    let found = facts(of: manuscript.blocks[block].sentences[sentence])
    return usesUpItsCondition(block, sentence) ? found.filter { !$0.mayBeSupposed } : found
  }

  /// Whether a condition is over with its sentence: words say what follows from it, and the sentence
  /// behind does not go on with `then`.
  func usesUpItsCondition(_ block: Int, _ sentence: Int) -> Bool {
    let sentences = manuscript.blocks[block].sentences
    guard sentences[sentence].usesUpItsCondition else { return false }
    let next = sentence + 1 < sentences.count ? sentences[sentence + 1] : following(block)
    return next.map { Wording($0).items.first != .term(.consequence) } ?? true
  }

  private func following(_ block: Int) -> Sentence? {
    manuscript.blocks[(block + 1)...].first { !$0.sentences.isEmpty }?.sentences.first
  }
}

extension Fact {
  fileprivate var mayBeSupposed: Bool {
    switch self {
    case .property, .held: true
    default: false
    }
  }
}

extension Sentence {
  fileprivate var usesUpItsCondition: Bool {
    let reader = FactReader(self)
    let items = reader.items
    guard let place = items.firstIndex(of: .term(.condition)), items.last == .stop else {
      return false
    }
    func claims(_ part: ArraySlice<Wording.Item>) -> Bool {
      part.contains { if case .formula(let part) = $0 { !reader.isPlain(part) } else { false } }
    }
    let behind = items[(place + 1)...]
    guard let comma = behind.lastIndex(of: .comma) else {
      return speaks(items[..<place]) && !claims(items[..<place])
    }
    return speaks(items[comma...]) && !claims(items[comma...])
  }

  /// Whether there is more than a word or two.
  private func speaks(_ items: ArraySlice<Wording.Item>) -> Bool {
    items.count { item in
      switch item {
      case .word: true
      case .term(let term): ![.article, .filler, .consequence].contains(term)
      default: false
      }
    } > 1
  }
}
