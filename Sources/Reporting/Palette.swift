import Checking

/// What is set off in a terminal; nothing is where colours are not wanted.
struct Palette {
  enum Tone: String {
    case strong = "1"
    case faint = "2"
    case bad = "1;31"
    case good = "32"
    case open = "33"
    case mark = "31"
    case advice = "36"
  }

  var isColored: Bool

  func callAsFunction(_ tone: Tone, _ text: String) -> String {
    isColored && !text.isEmpty ? "\u{1B}[" + tone.rawValue + "m" + text + "\u{1B}[0m" : text
  }

  static func tone(of verdict: Verdict?) -> Tone {
    switch verdict {
    case .proved, .bounded, .validated: .good
    case .refuted, .illTyped, .notUnderstood: .bad
    case .undecided: .open
    case nil: .faint
    }
  }
}
