import Notation

/// Conditions that a sentence both names and uses up: `If A is symmetric, its eigenvalues are real.`
extension PageReader {
  /// What a sentence says, but for what it supposes for itself alone.
  func lastingFacts(_ block: Int, _ sentence: Int) -> [Fact] {
    if isTakenBack(block, sentence) { return [] }
    let found = facts(of: manuscript.blocks[block].sentences[sentence])
    return usesUpItsCondition(block, sentence) ? found.filter { !$0.mayBeSupposed } : found
  }

  /// Whether a condition is over with its sentence: words say what follows from it, and the sentence
  /// behind does not go on with `then`.
  func usesUpItsCondition(_ block: Int, _ sentence: Int) -> Bool {
    let sentences = manuscript.blocks[block].sentences
    guard sentences[sentence].usesUpItsCondition else { return false }
    if sentence + 1 < sentences.count {
      return Wording(sentences[sentence + 1]).items.first != .term(.consequence)
    }
    // `We have`, in a paragraph of its own, goes on with nothing.
    return following(block).map { next in
      Wording(next).items.first != .term(.consequence) || next.beginsWithSubject
    } ?? true
  }

  /// Whether a condition holds for its own sentence alone: that says what follows from it, and the
  /// next one speaks of something else.
  func isConditionOfSentence(_ block: Int, _ sentence: Int) -> Bool {
    let sentences = manuscript.blocks[block].sentences
    guard sentences[sentence].concludes, sentence + 1 < sentences.count else { return false }
    return sentences[sentence + 1].leavesConditions
  }

  /// `Case 2: W is diagonal.`, `**Case 2.** W is diagonal.`, `情形2：`
  func beginsCase(_ block: Int, _ sentence: Int) -> Bool {
    let sentences = manuscript.blocks[block].sentences
    if sentences[sentence].isHeadOfCase { return true }
    return sentence > 0 && sentences[sentence - 1].parts.count == 1
      && sentences[sentence - 1].isHeadOfCase
  }

  /// `A is symmetric. This is wrong.`
  func isTakenBack(_ block: Int, _ sentence: Int) -> Bool {
    let sentences = manuscript.blocks[block].sentences
    let next = sentence + 1 < sentences.count ? sentences[sentence + 1] : following(block)
    return next?.takesBack ?? false
  }

  private func following(_ block: Int) -> Sentence? {
    manuscript.blocks[(block + 1)...].first { !$0.sentences.isEmpty }?.sentences.first
  }
}

extension Sentence {
  /// `We have`, `one gets`, `wir erhalten`
  fileprivate var beginsWithSubject: Bool {
    guard case .text(let words, _)? = parts.first,
      let first = Wording.tokens(of: Array(words.utf8)).first
    else { return false }
    return ["we", "one", "it", "this", "wir", "man", "es", "我们"].contains(first.text)
  }

  /// Whether it begins with the number of a case and a mark.
  fileprivate var isHeadOfCase: Bool {
    guard case .text(let words, _)? = parts.first else { return false }
    let tokens = Wording.tokens(of: Array(words.utf8)).filter { $0.text != "(" }
    let head = tokens.prefix(2).map { $0.text }
    let length = head == ["情", "形"] || head == ["情", "况"] ? 2 : 1
    guard length == 2 || ["case", "fall"].contains(head.first ?? ""), tokens.count > length + 1
    else { return false }
    return tokens[length].text.utf8.count <= 3 && tokens[length + 1].isMark
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

extension Block {
  /// Whether it begins a part of an exercise: `(a)`, `b)`, `(ii)`; not `1.` or a dash.
  func beginsPart(in source: [UInt8]) -> Bool {
    guard kind == .listItem, span.start <= source.count else { return false }
    var end = span.start
    while end > 0, isSpace(source[end - 1]) || source[end - 1] == UInt8(ascii: "*") { end -= 1 }
    guard end > 1, source[end - 1] == UInt8(ascii: ")") else { return false }
    var start = end - 1
    while start > 0, isLetter(source[start - 1]) { start -= 1 }
    return (1...4).contains(end - 1 - start)
  }
}

extension Sentence {
  /// Whether it begins with what it supposes: `If w and h_t are scalars, …`.
  var isConditional: Bool { Wording(self).items.first == .term(.condition) }

  /// Whether it says no more than that what stands before it is wrong.
  fileprivate var takesBack: Bool {
    var words: [String] = []
    for part in parts {
      if case .text(let text, _) = part {
        words += Wording.tokens(of: Array(text.utf8)).filter { !$0.isMark }.map { $0.text }
      }
    }
    guard let first = words.first, words.count < 9, !isQuestion,
      ["this", "that", "it", "these", "das", "dies", "es", "这", "那"].contains(first)
    else { return false }
    let items = Wording(self).items
    let isPlain = items.allSatisfy { item in
      switch item {
      case .formula, .term(.condition), .term(.for), .term(.only), .term(.hedge): false
      default: true
      }
    }
    guard isPlain, !items.contains(.term(.nothing)) else { return false }
    let isRight = words.contains { ["true", "correct", "right", "wahr", "richtig"].contains($0) }
    return items.contains(.term(.not)) ? isRight && words.count < 6 : items.contains(.term(.wrong))
  }

  /// `If A is symmetric, then $A^\top = A$.`: a condition, and a relation behind a comma or `then`.
  fileprivate var concludes: Bool {
    let reader = FactReader(self)
    guard let place = reader.items.firstIndex(of: .term(.condition)),
      let turn = reader.items[place...].firstIndex(where: {
        $0 == .comma || $0 == .term(.consequence) || $0 == .term(.becoming)
      })
    else { return false }
    return reader.items[turn...].contains { item in
      if case .formula(let part) = item { !reader.isPlain(part) } else { false }
    }
  }

  /// Whether words begin it that do not go on from what was supposed: no `then`, no `in this case`.
  fileprivate var leavesConditions: Bool {
    let reader = FactReader(self)
    let lead = reader.items.prefix { item in
      if case .formula(let part) = item { reader.isPlain(part) } else { true }
    }
    guard let first = lead.first else { return false }
    if case .formula = first { return false }
    return !lead.contains(.term(.consequence)) && !lead.contains(.term(.above))
      && lead.count < reader.items.count
  }

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
      // `If f_t = 0 the state is copied.`
      if let condition = behind.lastIndex(where: { if case .formula = $0 { true } else { false } }),
        case let tail = behind[(condition + 1)...], tail.first == .term(.article), speaks(tail)
      {
        return true
      }
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
