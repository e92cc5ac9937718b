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

  init() {}

  init(_ part: Int, in sentence: Sentence) {
    said = SaidValue(before: part, in: sentence) ?? SaidValue(behind: part, in: sentence)
    isSolved = sentence.solves(part)
    isVariant = sentence.announcesVariant(before: part)
    isAddition = sentence.announcesAddition(before: part)
    isOfOtherPart = sentence.namesOtherPart(before: part)
  }
}
