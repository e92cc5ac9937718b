import Notation

/// Conditions behind what they are conditions of: `A = B if w = 1`.
extension PageReader {
  /// Gives assumptions to the claims right before them in their sentence.
  /// - Parameter listed: the statements before them in the same formula.
  mutating func giveBack(
    _ conditions: Range<Int>, _ cue: Cue?, listed: [Int], _ part: Int, _ sentence: Sentence
  ) {
    guard
      isLookedAt || cue == .suppose || cue == .with || cue == .range
        || cue == .where && !listed.isEmpty,
      let first = conditions.first,
      conditions.allSatisfy({ page.statements[$0].role == .assumption })
    else { return }
    let here = page.statements[first]
    let before = page.statements[..<first].reversed().prefix {
      $0.block == here.block && $0.sentence == here.sentence
    }
    let others = before.prefix { !$0.givenTo.isEmpty }
    let place = ConditionBehind(
      part, isCued: isLookedAt && Self.standsAlone("at", before: part, sentence), in: sentence)
    let claims: [Int]
    if let last = others.first, listed.isEmpty, place?.goesOn == true {
      claims = last.givenTo
    } else if !listed.isEmpty || others.isEmpty && place?.isDirect == true {
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
    if place?.isBothWays == true { for i in claims { page.statements[i].isInsufficient = true } }
  }

  /// Whether a word is all that stands before a formula and behind another: `= 6 at $x = 3$`, not `vanishes
  /// at`.
  private static func standsAlone(_ word: String, before part: Int, _ sentence: Sentence) -> Bool {
    guard part > 0, case .text(let text, _) = sentence.parts[part - 1] else { return false }
    return Wording.tokens(of: Array(text.utf8)).map { $0.text } == [word]
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

  init?(_ part: Int, isCued: Bool, in sentence: Sentence) {
    let items = Wording(sentence).items
    func isRelation(_ item: Wording.Item) -> Bool {
      guard case .formula(let i) = item, case .formula(let text) = sentence.parts[i] else {
        return false
      }
      return text.text.contains {
        [UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">")].contains($0)
      }
    }
    guard let place = items.firstIndex(of: .formula(part)),
      let last = items[..<place].lastIndex(where: isRelation)
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
      && (!between.contains(.comma) || !items[(place + 1)...].contains(where: isRelation))
  }
}
