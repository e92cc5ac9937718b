import Notation

/// Powers of names that bear a label.
extension Lexicon {
  /// `W_{hh}^{t-k}`, `\beta_1^t`: where steps stand below, a name that elsewhere stands with its label alone, and that
  /// bears no step, is raised to a power. What is surveyed is the name without it.
  mutating func lowerLabelledPowers(_ occurrences: inout [Occurrence]) {
    var steps: Set<String> = []
    for occurrence in occurrences where occurrence.above == nil {
      guard let step = occurrence.below.flatMap({ AffineLetters($0) }), step.constant < 0,
        let letter = step.terms.first?.letter, step.terms.count == 1
      else { continue }
      steps.insert(letter)
    }
    if steps.isEmpty { return }
    var (running, alone): (Set<String>, Set<String>) = ([], [])
    for occurrence in occurrences {
      guard let below = occurrence.below else { continue }
      if Lexicon.letters(of: below).contains(where: { part in
        AffineLetters(part)?.terms.contains { steps.contains($0.letter) } ?? false
      }) {
        running.insert(occurrence.base)
      }
      if occurrence.above?.mayTranspose ?? true {
        alone.insert(occurrence.base + "_" + Elaborator.script(below))
      }
    }
    for i in occurrences.indices {
      let occurrence = occurrences[i]
      guard let below = occurrence.below, let above = occurrence.above, !above.isParenthesised,
        let power = AffineLetters(above), power.soleLetter != "T",
        !running.contains(occurrence.base),
        alone.contains(occurrence.base + "_" + Elaborator.script(below)),
        Lexicon.isLabel(below, of: occurrence.base)
          // The last of `\lambda_1, \dots, \lambda_n`.
          || below.identifier != nil && alone.contains(occurrence.base + "_1")
      else { continue }
      occurrences[i].above = nil
      for term in power.terms where !steps.contains(term.letter) { addInteger(term.letter) }
    }
  }

  /// A number, a word, or a letter below a capital.
  private static func isLabel(_ below: Formula, of base: String) -> Bool {
    switch below.kind {
    case .number: return true
    case .identifier(let letter):
      let isCapital = base.utf8.first.map { $0 >= 65 && $0 <= 90 } ?? false
      return isCapital || letter.font == .upright && letter.name.utf8.count > 1
    case .juxtaposition(let items):
      return items.count > 1 && items.allSatisfy { $0.identifier != nil }
        && !items.contains { $0.identifier?.isPlain("i") == true }
    case .text: return true
    default: return false
    }
  }
}
