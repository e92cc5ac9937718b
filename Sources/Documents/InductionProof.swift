import Notation

/// A proof by induction on a page, from the directive or the words that open it to its end.
package struct InductionProof: Hashable, Sendable {
  /// What it runs over, where a directive says so.
  package var letter: String?
  /// Its first statement.
  package var start: Int
}

/// What the words of a sentence say of a proof by induction.
struct InductionWords: Hashable {
  /// A proof begins: `by induction`, `base case`.
  var opens = false
  /// The statement is supposed to hold: `suppose that it holds`, `induction hypothesis`.
  var supposes = false
  /// The proof is done: `completes`, `□`.
  var closes = false

  init(_ sentence: Sentence) {
    for case .text(let words, _) in sentence.parts {
      let lower = words.lowercased()
      func says(_ phrases: [String]) -> Bool {
        phrases.contains { contains($0, in: lower) }
      }
      if says(InductionWords.opening) { opens = true }
      if says(InductionWords.supposing) { supposes = true }
      if says(InductionWords.closing) { closes = true }
    }
  }

  private static let opening = [
    "by induction", "use induction", "proof by mathematical induction", "base case",
    "induction base", "base step", "basis step", "per induktion", "durch induktion",
    "mit induktion", "vollständige induktion", "vollständiger induktion", "induktionsanfang",
    "induktionsbasis", "归纳法", "归纳证明", "归纳基础", "归纳奠基", "奠基步骤",
  ]
  private static let supposing = [
    "hypothesis", "suppose", "assume", "assuming", "induktionsvoraussetzung",
    "induktionsannahme", "induktionshypothese", "angenommen", "gelte", "归纳假设", "假设", "设",
  ]
  private static let closing = [
    "completes the induction", "completes the proof", "this proves", "which proves", "q.e.d.",
    "qed", "∎", "□", "■", "damit ist", "was zu beweisen war", "证毕", "得证",
  ]
}

extension PageReader {
  /// A heading ends a proof that words have opened.
  mutating func closeProof(unlessDirected: Bool) {
    if unlessDirected, isProofDirected { return }
    openProof = nil
    isProofDirected = false
  }

  mutating func openProof(over letter: String?, isDirected: Bool) {
    page.inductions.append(InductionProof(letter: letter, start: page.statements.count))
    openProof = page.inductions.count - 1
    isProofDirected = isDirected
  }

  /// Whether an assumption is what the step of the open proof may use: a relation in which a step
  /// occurs, or that the statement holds for `n = k`.
  func isHypothesis(_ statement: Statement) -> Bool {
    guard openProof != nil, statement.role == .assumption else { return false }
    if AffineLetters(statement.left) != nil {
      return supposesHere && AffineLetters(statement.right)?.isLiteral == false
    }
    var mentionsStep = false
    statement.left.visit { part in
      guard case .scripts(_, let below, let above, _) = part.kind else { return }
      for script in [below, above] {
        guard let script, let affine = AffineLetters(script), !affine.isLiteral else { continue }
        if isInteger(script) { mentionsStep = true }
      }
    }
    return mentionsStep
  }
}
