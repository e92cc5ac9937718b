/// What the words around a formula say of it, and of the model that it speaks of.
struct SurroundingWords {
  /// What they say that the name on its left is.
  var said: SaidValue?
  /// Whether it says anew what the name is: nothing but such equations has said it before.
  var replaces = false
  /// Whether words behind it give its solution.
  var isSolved = false
  /// Whether the head of its sentence announces another model: `Without the bias, …`.
  var isVariant = false
  /// Whether it may announce one that something new is added to.
  var isAddition = false
  /// Whether the words before it name another section.
  var isOfOtherPart = false
  /// Whether it stands right behind `with`, alone or as the last of a list joined by `and`.
  var isBehindWith = false
  /// Whether it stands right behind `for`, `for all`.
  var isBehindFor = false
  /// Whether it stands right behind `at`.
  var isLookedAt = false
  /// Whether it stands right behind a word that gives names: `write`, `denote`.
  var isNaming = false
  /// What joins it to the relation before it, if it is a condition of that.
  var condition: ConditionBehind?

  init() {}

  /// - Parameter reader: of its sentence.
  init(_ part: Int, _ cue: Cue?, in reader: FactReader) {
    let sentence = reader.sentence
    said = SaidValue(before: part, in: sentence) ?? SaidValue(behind: part, in: sentence)
    isSolved = sentence.solves(part)
    isVariant = sentence.announcesVariant(before: part)
    isAddition = sentence.announcesAddition(before: part)
    isOfOtherPart = sentence.namesOtherPart(before: part)
    let before = reader.items.prefix { $0 != .formula(part) }
    isBehindWith = cue == .with && Self.endsWithList(before)
    isBehindFor = cue == .range && Self.endsWithFor(before)
    isNaming = before.last == .term(.write) || before.last == .term(.denotes)
    let word = Self.wordsBetween(part, sentence)
    let places = [
      ["at"], ["bei"], ["at", "the", "point"], ["in", "the", "point"], ["im", "punkt"],
    ]
    isLookedAt = places.contains { word.tokens.suffix($0.count).elementsEqual($0) }
    // `= 6 at $x = 3$`, not `vanishes at`.
    condition = ConditionBehind(
      part, isCued: isLookedAt && word.isBehindFormula && word.tokens.count == 1, in: reader)
  }

  private static func endsWithList(_ before: ArraySlice<Wording.Item>) -> Bool {
    var before = before
    while before.last == .term(.and), case .formula? = before.dropLast().last {
      before.removeLast(2)
    }
    return before.last == .term(.with)
  }

  private static func endsWithFor(_ before: ArraySlice<Wording.Item>) -> Bool {
    let links: [Wording.Item] = [
      .term(.all), .term(.anyOf), .term(.article), .term(.filler), .term(.arbitrary),
    ]
    let last = before.last { !links.contains($0) }
    return last == .term(.for) || last == .term(.ranging)
  }

  /// The words between a formula and the one before it, and whether there is one.
  private static func wordsBetween(
    _ part: Int, _ sentence: Sentence
  ) -> (tokens: [String], isBehindFormula: Bool) {
    var tokens: [String] = []
    for before in sentence.parts[..<part].reversed() {
      switch before {
      case .text(let words, _):
        tokens = Wording.tokens(of: Array(words.utf8)).map { $0.text } + tokens
      case .directive: break
      case .formula: return (tokens, true)
      }
    }
    return (tokens, false)
  }
}
