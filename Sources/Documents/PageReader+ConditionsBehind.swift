import Notation

/// Conditions behind what they are conditions of: `A = B if w = 1`.
extension PageReader {
  /// Gives assumptions to the claims right before them in their sentence.
  /// - Parameter listed: the statements before them in the same formula.
  mutating func giveBack(
    _ conditions: Range<Int>, _ cue: Cue?, listed: [Int]
  ) {
    guard
      words.isLookedAt || cue == .suppose || cue == .with || cue == .range
        || cue == .where && !listed.isEmpty,
      let first = conditions.first,
      conditions.allSatisfy({ page.statements[$0].role == .assumption })
    else { return }
    let here = page.statements[first]
    let before = page.statements[..<first].reversed().prefix {
      $0.block == here.block && $0.sentence == here.sentence
    }
    let others = before.prefix { !$0.givenTo.isEmpty }
    let claims: [Int]
    if let last = others.first, listed.isEmpty, words.condition?.goesOn == true {
      claims = last.givenTo
    } else if !listed.isEmpty || others.isEmpty && words.condition?.isDirect == true {
      claims = before.prefix { $0.role == .claim }.map { $0.index }
    } else {
      return
    }
    for i in conditions {
      page.statements[i].givenTo = claims
      // `A if w = 1. Then B`: only what goes on from there leans on it.
      if !claims.isEmpty, !isContinued(here.block, here.sentence) {
        page.statements[i].isLocal = true
      }
    }
    // `if and only if` says more than the condition.
    if words.condition?.isBothWays == true {
      for i in claims { page.statements[i].isInsufficient = true }
    }
  }

  private func isContinued(_ block: Int, _ sentence: Int) -> Bool {
    let sentences = manuscript.blocks[block].sentences
    guard sentence + 1 < sentences.count else { return false }
    return Wording(sentences[sentence + 1]).items.first == .term(.consequence)
  }
}

/// The words between a condition and the relation before it.
struct ConditionBehind {
  /// Nothing but the words of the condition stands between, or a comma where nothing follows.
  var isDirect = false
  /// It is one more of a list: `if w = 1 and u = 0`.
  var goesOn = false
  var isBothWays = false

  init?(_ part: Int, isCued: Bool, in reader: FactReader) {
    let items = reader.items
    guard let place = items.firstIndex(of: .formula(part)),
      let last = items[..<place].lastIndex(where: { reader.isRelation($0) })
    else { return nil }
    let between = items[(last + 1)..<place]
    let cues: [Wording.Item] = [
      .term(.condition), .term(.equivalence), .term(.with), .term(.for), .term(.supposing),
      .term(.ranging),
      .term(.given),
    ]
    let isCued = isCued || between.contains { cues.contains($0) }
    let isListed = between.contains(.term(.and)) || between.contains(.comma)
    let ends: [Wording.Item] = [.semicolon, .colon, .stop, .term(.consequence)]
    if between.contains(where: { ends.contains($0) }) { return nil }
    goesOn = !isCued && isListed
    isBothWays = between.contains(.term(.equivalence))
    isDirect =
      isCued && !between.contains(.term(.and))
      && (!between.contains(.comma) || !items[(place + 1)...].contains { reader.isRelation($0) })
  }
}
