/// A name kept as LaTeX, in Unicode letters: `\tilde C` is `C̃`, `\theta_f` is `θ_f`.
struct UnicodeName {
  private(set) var text = ""
  private let source: [UInt8]
  private var i = 0

  init(_ latex: String) {
    source = Array(latex.utf8)
    while i < source.count { read() }
  }

  /// Whether a word is the name of a Greek letter or the like.
  static func isLetter(_ word: String) -> Bool { letters[word] != nil }

  private mutating func read() {
    switch source[i] {
    case UInt8(ascii: "\\"):
      let command = command()
      if let mark = UnicodeName.marks[command] {
        text += argument() + mark
      } else if UnicodeName.fonts.contains(command) {
        text += argument()
      } else {
        text += UnicodeName.letters[command] ?? command
      }
    case UInt8(ascii: "_"), UInt8(ascii: "^"):
      let sign = source[i] == UInt8(ascii: "_") ? "_" : "^"
      i += 1
      let script = argument()
      text += sign + (script.unicodeScalars.count == 1 ? script : "{" + script + "}")
    case UInt8(ascii: "{"), UInt8(ascii: "}"), 32: i += 1
    default:
      let start = i
      i += 1
      while i < source.count, source[i] & 0xC0 == 0x80 { i += 1 }
      text += String(decoding: source[start..<i], as: UTF8.self)
    }
  }

  private mutating func command() -> String {
    let start = i + 1
    i = start
    while i < source.count, source[i] | 32 >= 97, source[i] | 32 <= 122 { i += 1 }
    if i == start, i < source.count { i += 1 }
    let name = String(decoding: source[start..<i], as: UTF8.self)
    while i < source.count, source[i] == 32 { i += 1 }
    return name
  }

  /// What stands in braces, or one letter or command.
  private mutating func argument() -> String {
    while i < source.count, source[i] == 32 { i += 1 }
    guard i < source.count else { return "" }
    let start = i
    if source[i] == UInt8(ascii: "{") {
      var depth = 0
      while i < source.count {
        if source[i] == UInt8(ascii: "{") { depth += 1 }
        if source[i] == UInt8(ascii: "}") { depth -= 1 }
        i += 1
        if depth == 0 { break }
      }
      let inner = source[(start + 1)..<max(start + 1, i - 1)]
      return UnicodeName(String(decoding: inner, as: UTF8.self)).text
    }
    if source[i] == UInt8(ascii: "\\") {
      _ = command()
    } else {
      i += 1
      while i < source.count, source[i] & 0xC0 == 0x80 { i += 1 }
    }
    return UnicodeName(String(decoding: source[start..<i], as: UTF8.self)).text
  }

  private static let marks: [String: String] = [
    "tilde": "\u{303}", "widetilde": "\u{303}", "hat": "\u{302}", "widehat": "\u{302}",
    "bar": "\u{304}", "overline": "\u{304}", "vec": "\u{20D7}",
    "overleftarrow": "\u{20D6}", "dot": "\u{307}",
    "ddot": "\u{308}", "check": "\u{30C}", "underline": "\u{332}",
  ]
  private static let fonts: [String] = [
    "mathbf", "boldsymbol", "bm", "mathrm", "text", "mathcal", "mathbb", "mathsf", "mathit",
    "operatorname", "mathfrak", "mathtt",
  ]
  private static let letters: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "varrho": "ϱ",
    "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω", "ell": "ℓ", "imath": "ı", "jmath": "ȷ", "nabla": "∇", "partial": "∂",
    "infty": "∞", "prime": "′", "ast": "*", "star": "⋆", "dagger": "†",
  ]
}
