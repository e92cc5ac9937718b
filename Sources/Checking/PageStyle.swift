import Documents
import Expressions
import Notation

/// How a page writes what it means, as its formulas show.
extension Page {
  /// Notes what the page shows of its habits.
  func style(_ conventions: inout Conventions) {
    let texts = statements.map { $0.source.text }
    func writes(_ words: [String]) -> Bool {
      let marks = words.map { Array($0.utf8) }
      return texts.contains { text in
        text.indices.contains { place in marks.contains { text[place...].starts(with: $0) } }
      }
    }
    // Whether squares are all that it multiplies entry by entry.
    conventions.writesSquares = writes(["^2", "^{2}", "²"]) && !writes(["\\odot", "⊙"])
    let accents = ["\\hat", "\\tilde", "\\bar", "\\vec", "\\dot"]
    conventions.bracesAccents =
      !writes(accents.map { $0 + " " }) || writes(accents.map { $0 + "{" })
    conventions.stepsStandFirst =
      texts.contains { $0.labelsStand(behindSteps: true) }
      && !texts.contains { $0.labelsStand(behindSteps: false) }
    conventions.boldIdentity = knownKeys.contains { $0.name == "I" }
    let words = ["diag", "softmax", "tr", "relu", "ReLU", "sigmoid", "vec"]
    let commands = ["\\mathrm", "\\operatorname", "\\text"]
    conventions.wordCommand =
      commands.first { command in writes(words.map { command + "{" + $0 + "}" }) } ?? "\\mathrm"
    conventions.writesSigmoid = writes(["{sigmoid}"]) && !writes(["\\sigma", "σ"])
    if !writes(["matrix}", "array}"]) {
      conventions.stackSign =
        [(UInt8(ascii: ";"), "; "), (UInt8(ascii: ","), ", ")].first { sign in
          texts.contains { $0.stacks(with: sign.0) }
        }?.1
    }
  }

  var timeNotation: TimeNotation {
    for (_, place) in notation.lexicon.families.sorted(by: { $0.key < $1.key }) {
      switch place {
      case .below: return .subscript
      case .above: return notation.lexicon.writesTimeInParentheses ? .parentheses : .superscript
      case .parentheses: return .parentheses
      case .brackets: return .brackets
      case .angle: return .angle
      }
    }
    return .subscript
  }
}

extension [UInt8] {
  /// Whether a label in parentheses stands above behind a script below, `h_t^{(2)}`, or before one, `h^{(2)}_t`.
  fileprivate func labelsStand(behindSteps: Bool) -> Bool {
    let label = Array("^{(".utf8)
    return indices.contains { place in
      guard self[place...].starts(with: label) else { return false }
      if behindSteps {
        var start = place - 1
        if start >= 0, self[start] == UInt8(ascii: "}") {
          while start >= 0, self[start] != UInt8(ascii: "{") { start -= 1 }
        }
        return start > 0 && self[start - 1] == UInt8(ascii: "_")
      }
      guard let end = self[place...].firstIndex(of: UInt8(ascii: "}")), end + 1 < count else {
        return false
      }
      return self[end + 1] == UInt8(ascii: "_")
    }
  }

  /// Whether brackets hold parts with a sign between, `[h; x]`.
  fileprivate func stacks(with sign: UInt8) -> Bool {
    guard let open = firstIndex(of: UInt8(ascii: "[")),
      let close = self[open...].firstIndex(of: UInt8(ascii: "]"))
    else { return false }
    return self[open..<close].contains(sign)
  }
}
