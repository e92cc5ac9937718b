import Notation

/// What the words before a formula make of it.
package enum Cue: Hashable, Sendable {
  /// `let`, `take`, 设, sei: a new name is defined, an old one is assumed something of.
  case `let`
  /// `suppose`, `assume`, `if`, `given`, 若, 假设, angenommen, falls
  case suppose
  /// `with`, mit
  case with
  /// `where`, 其中, wobei: serves the sentence that it ends.
  case `where`
  /// `for`, `for all`, 对, für: says for which indices.
  case range
  /// `then`, `hence`, 则, dann: what follows is claimed.
  case claim
  /// `since`, `because`, `such that`: claimed of what is known, supposed of what is new.
  case reason
  /// `if we add`, `is computed as`, 计算如下: what follows is defined anew.
  case newModel
  /// `rarely`, `to make`, 会出现, 使: what follows may be so or is wanted, and nobody claims it.
  case envisaged
}

/// The cue under which a formula stands; nil where the words say nothing. O(length of the sentence).
/// - Parameter part: the index of the formula among the sentence's parts.
package func cue(before part: Int, in sentence: Sentence) -> Cue? {
  var reader = CueReader(Wording(sentence).items, sentence)
  return reader.cue(of: part)
}

extension Sentence {
  /// Whether its head supposes what the rest of it rests on, `For symmetric A we get`, `Ist A
  /// symmetrisch, so gilt`, and introduces nothing.
  /// - Parameter parts: the formulas of which it supposes something.
  func supposes(atItsHead parts: [Int]) -> Bool {
    let items = Wording(self).items
    let first = items.first { if case .formula = $0 { true } else { false } }
    guard case .formula(let head)? = first, parts.contains(head) else { return false }
    func has(_ term: Term) -> Bool { items.contains(.term(term)) }
    if has(.letting) || has(.taking) { return false }
    switch items.first {
    case .term(.for), .term(.ranging): return true
    case .term(.with): return has(.consequence) || has(.becoming)
    case .term(.be), .term(.are): return items.contains(.comma)
    default: return false
    }
  }
}

extension Sentence {
  /// `当 t = T 时` before a formula: the condition is over.
  fileprivate func endsCondition(before part: Int) -> Bool {
    var tokens: [Wording.Token] = []
    for before in parts[..<part].reversed() {
      switch before {
      case .text(let words, _): tokens = Wording.tokens(of: Array(words.utf8)) + tokens
      case .directive: break
      case .formula: return tokens.first { $0.text != "的" }?.text == "时"
      }
    }
    return false
  }
}

/// Carries the governing cue through a sentence: a list keeps it, a consequence ends it.
private struct CueReader {
  let items: [Wording.Item]
  let sentence: Sentence
  var governing: Cue?
  /// For the next formula alone.
  var local: Cue?
  var isConditional = false
  /// Where the governing `taking` stands.
  private var taken: Int?

  init(_ items: [Wording.Item], _ sentence: Sentence) {
    self.items = items
    self.sentence = sentence
  }

  mutating func cue(of part: Int) -> Cue? {
    for (i, item) in items.enumerated() {
      switch item {
      case .formula(let current):
        if isConditional, sentence.endsCondition(before: current) { govern(.claim) }
        if current == part { return local ?? governing }
        local = nil
      case .term(let term): take(term, at: i)
      case .comma:
        local = nil
        // `Taking transposes, $(AB)^\top = …$` takes no formula.
        if governing == .let, let taken, !items[taken..<i].contains(where: { isFormula($0) }) {
          govern(.claim)
        }
        // `Given $y \in R^n$, $\lambda > 0$`: the list may go on.
        if isConditional, !hasConsequence(after: i) { govern(.reason) }
      case .colon:
        local = nil
        // `we take differentials:` takes nothing of the formula.
        let takesWords =
          governing == .let && i > 0
          && [.word, .term(.derivative), .term(.noun)].contains(items[i - 1])
        if isConditional || takesWords || governing == .with || governing == .where { govern(nil) }
      case .semicolon, .stop: govern(nil)
      case .word, .open, .close: break
      }
    }
    return nil
  }

  private mutating func govern(_ cue: Cue?, isConditional: Bool = false) {
    governing = cue
    taken = nil
    local = nil
    self.isConditional = isConditional
  }

  private mutating func take(_ term: Term, at i: Int) {
    switch term {
    case .letting: govern(.let)
    case .taking:
      govern(.let)
      taken = i
    case .supposing: govern(.suppose)
    case .condition, .equivalence: govern(.suppose, isConditional: true)
    // `Ist $f = 1$, so gilt …`
    case .be where i == 0:
      if isAssumption(at: i), items.contains(.comma) { govern(.suppose, isConditional: true) }
    case .given: if isAssumption(at: i) { govern(.suppose, isConditional: true) }
    // `For the variant with a sigmoid, …`
    case .with: if governing != .newModel || isFormula(behind: i) { govern(.with) }
    case .whereCue: govern(.where)
    case .ranging, .for: local = .range
    case .consequence, .goal, .turning: if governing != .newModel { govern(.claim) }
    case .reason: if governing != .newModel { govern(.reason) }
    // `If instead $f_t = 0$` is another case, no other model.
    case .newModel: if !isConditional || !isValue(behind: i) { govern(.newModel) }
    case .givenBy: govern(nil)
    case .becoming: if isFormula(behind: i), governing != .newModel { govern(.claim) }
    case .use: if governing == nil, isAssumption(at: i) { local = .where }
    case .envisaging:
      if i + 1 < items.count, case .formula = items[i + 1] { local = .envisaged }
    default: break
    }
  }

  private func isFormula(_ item: Wording.Item) -> Bool {
    if case .formula = item { true } else { false }
  }

  /// `given $x > 0$`: a relation stands right behind.
  private func isAssumption(at i: Int) -> Bool {
    guard i + 1 < items.count, case .formula(let part) = items[i + 1] else { return false }
    return !FactReader(sentence).isPlain(part)
  }

  /// Whether a name is set equal to a number right behind a place.
  private func isValue(behind i: Int) -> Bool {
    guard i + 1 < items.count, case .formula(let part) = items[i + 1] else { return false }
    let sides = FactReader(sentence).text(part).split(separator: UInt8(ascii: "="))
    return sides.count == 2
      && sides[1].allSatisfy { isSpace($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Whether a formula is what the word at a place speaks of.
  private func isFormula(behind i: Int) -> Bool {
    let behind = items[(i + 1)...].drop { item in
      item == .colon || item == .term(.filler) || item == .term(.article)
    }
    if case .formula? = behind.first { return true } else { return false }
  }

  private func hasConsequence(after i: Int) -> Bool {
    items[(i + 1)...].contains { $0 == .term(.consequence) || $0 == .term(.reason) }
  }
}
