import Notation

/// Words at the head of a sentence that say which model it speaks of.
extension Sentence {
  /// `With scaling, $x_{l+1} = …$`, `Ohne Bias, …`, `For a linear network, …`: what the equation right
  /// behind them is computed with stands in the words.
  func announcesVariant(before part: Int) -> Bool {
    opening(before: part).contains { Self.traits.contains($0) }
  }

  /// `Adding a reset, $u_t = …$`: what it adds is new.
  func announcesAddition(before part: Int) -> Bool { !opening(before: part).isEmpty }

  /// The words from `with`, `without`, `adding` to the comma before an equation, if they refer to nothing
  /// that was said before.
  private func opening(before part: Int) -> [String] {
    let before = parts[..<part].filter { if case .directive = $0 { false } else { true } }
    guard before.count == 1, case .text(let text, _) = before[0] else { return [] }
    let tokens = Wording.tokens(of: Array(text.utf8))
    guard let first = tokens.first, tokens.count > 1, tokens[tokens.count - 1].text == ",",
      Self.openings.contains(first.text), !tokens.dropLast().contains(where: { $0.isMark })
    else { return [] }
    let words = tokens.map { $0.text }
    return words.contains { Self.references.contains($0) } ? [] : words
  }

  private static let openings: Set<String> = [
    "with", "without", "for", "using", "adding", "including", "mit", "ohne", "für", "bei",
  ]

  /// `For the network of the first section, …`, `in part (a)`: the words name another part of the page.
  func namesOtherPart(before part: Int) -> Bool {
    var words: [String] = []
    for case .text(let text, _) in parts[..<part] {
      words += Wording.tokens(of: Array(text.utf8)).map { $0.text }
    }
    return words.indices.dropFirst().contains { i in
      guard Self.places.contains(words[i]) else { return false }
      if Self.references.contains(words[i - 1]) { return true }
      guard i + 1 < words.count, ["of", "in", "from", "aus", "von"].contains(words[i - 1]) else {
        return false
      }
      return words[i + 1].utf8.allSatisfy { isDigit($0) }
    }
  }

  private static let traits: Set<String> = [
    "activation", "activations", "sigmoid", "logistic", "tanh", "relu", "linear", "nonlinear",
    "bias", "biases", "scaling", "residual", "skip", "gate", "gates", "peephole", "peepholes",
    "network", "cell", "model", "momentum", "decay", "regularisation", "regularization",
    "normalisation", "normalization", "dropout", "leak", "leakage", "damping", "feedback",
    "recurrence", "connection", "connections", "nonlinearity", "aktivierung", "skalierung", "netz",
    "modell", "zelle", "rückkopplung", "dämpfung", "tor", "tore",
  ]

  private static let references: Set<String> = [
    "above", "first", "second", "third", "last", "previous", "earlier", "preceding", "same",
    "our", "this", "obigen", "ersten", "zweiten", "dritten", "letzten", "vorigen", "vorherigen",
    "definition", "rule", "theorem", "lemma", "every", "each", "all", "any",
  ]

  private static let places: Set<String> = [
    "section", "sections", "part", "chapter", "exercise", "abschnitt", "abschnitts", "teil",
    "kapitel", "aufgabe",
  ]
}
