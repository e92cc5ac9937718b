import Notation

/// `W^{hh}`, `W^{\text{in}}`, `b^{(xh)}`: a word above belongs to the name. Upright words always do; letters side by
/// side do where one name bears several such words, where the letters are those of nodes, or where the word is one that
/// the field uses.
struct WordedNames {
  private var words: [String: Set<String>] = [:]
  /// Letters that bear steps.
  private var nodes: Set<String> = []

  init(surveying formulas: [Formula]) {
    for formula in formulas {
      formula.visit { part in
        guard case .scripts(let base, let below, let above, _) = part.kind,
          let name = base.identifier
        else { return }
        if let below, AffineLetters(below)?.terms.isEmpty == false { nodes.insert(name.name) }
        if let above, let word = Self.word(above), !word.isUpright, Self.mayBeWorded(name) {
          words[name.latex, default: []].insert(word.text)
        }
      }
    }
  }

  /// Of what is fed in, fed back and given out.
  private static let customary: Set<String> = ["in", "out", "rec", "fb", "res", "back"]
  private static let counting: Set<String> = ["t", "k", "n", "m", "T", "N", "i", "j", "s", "l"]

  private static func mayBeWorded(_ name: Formula.Identifier) -> Bool {
    name.isUppercase || name.isPlain("b")
  }

  /// The word above a name, and the mark of a transpose behind it.
  private static func word(
    _ above: Formula
  ) -> (text: String, isUpright: Bool, transpose: Formula?)? {
    if case .fenced(.parentheses, let inner) = above.kind {
      return word(inner).flatMap { $0.transpose == nil ? ("(\($0.text))", $0.isUpright, nil) : nil }
    }
    switch above.kind {
    case .text(let text) where text.utf8.count > 1:
      return ("\\text{\(text)}", true, nil)
    case .identifier(let name)
    where name.font == .upright && name.name.utf8.count > 1 && StandardFunction(name) == nil:
      return (name.latex, true, nil)
    case .juxtaposition(var items):
      var mark: Formula?
      if let last = items.last, last.mayTranspose {
        mark = last
        items.removeLast()
      }
      if items.count == 1, let word = word(items[0]) { return (word.text, word.isUpright, mark) }
      var text = ""
      for item in items {
        guard let letter = item.identifier, letter.isPlain(letter.name),
          letter.name.utf8.count == 1
        else { return nil }
        text += letter.name
      }
      return items.count > 1 ? (text, false, mark) : nil
    default: return nil
    }
  }

  private func isWord(_ text: String, of name: Formula.Identifier) -> Bool {
    guard Self.mayBeWorded(name) else { return false }
    let letters = text.filter { $0 != "(" && $0 != ")" }.map { String($0) }
    if Self.customary.contains(letters.joined()) { return true }
    if letters.allSatisfy({ nodes.contains($0) }) { return true }
    return (words[name.latex]?.count ?? 0) > 1
      && !letters.allSatisfy { Self.counting.contains($0) }
  }

  func restoring(_ formula: Formula) -> Formula {
    let formula = formula.mappingChildren { restoring($0) }
    guard case .scripts(let base, let below, let above?, let primes) = formula.kind,
      var name = base.identifier, name.layer == nil, let word = Self.word(above),
      word.isUpright ? !name.isPlain("e") : isWord(word.text, of: name)
    else { return formula }
    name.layer = word.text
    let whole = Formula(.identifier(name), base.span)
    if below == nil, word.transpose == nil, primes == 0 { return Formula(whole.kind, formula.span) }
    return Formula(
      .scripts(whole, below: below, above: word.transpose, primes: primes), formula.span)
  }
}
