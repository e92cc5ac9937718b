/// The signs of mathematics beyond ASCII.
enum UnicodeMathematics {
  /// What one scalar stands for.
  enum Meaning {
    case token(Token.Kind, String)
    case styled(Token.Kind, String, Formula.Font)
    /// A precomposed letter or a letter with a sign on it.
    case decorated(String, Formula.Decoration)
    /// A combining mark for the letter before it.
    case mark(Formula.Decoration)
    /// Part of a raised or lowered run, as ASCII or as the text of a letter.
    case raised(Token.Kind, String)
    case lowered(Token.Kind, String)
    case ratio(Int, Int)
    case circled(Int)
    case space
    /// A letter of a language, not of mathematics.
    case script
    case unknown
  }

  static func meaning(of scalar: Unicode.Scalar) -> Meaning {
    let value = scalar.value
    if let name = greek(value) { return .token(.letter, name) }
    if value >= 0x1D400, value <= 0x1D7FF { return alphanumeric(value) }
    return signs(scalar) ?? letterlike(scalar) ?? scripts(scalar) ?? accented(scalar)
      ?? language(value)
  }

  // MARK: Tables

  private static func greek(_ value: UInt32) -> String? {
    switch value {
    case 0x391...0x3A9: greekNames[upper: Int(value - 0x391)]
    case 0x3B1...0x3C9: greekNames[Int(value - 0x3B1)]
    case 0x3D1: "vartheta"
    case 0x3D5: "phi"
    case 0x3D6: "varpi"
    case 0x3F0: "varkappa"
    case 0x3F1: "varrho"
    case 0x3F5: "epsilon"
    default: nil
    }
  }

  /// Names in the order of the code points, the final sigma included.
  private struct GreekNames {
    let names = [
      "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
      "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "varsigma", "sigma", "tau", "upsilon",
      "phi", "chi", "psi", "omega",
    ]
    subscript(index: Int) -> String { names[index] }
    subscript(upper index: Int) -> String {
      let name = names[index]
      return name.prefix(1).uppercased() + name.dropFirst()
    }
  }
  private static let greekNames = GreekNames()

  private static func signs(_ scalar: Unicode.Scalar) -> Meaning? {
    switch scalar {
    case "∂": .token(.letter, "partial")
    case "∇": .token(.letter, "nabla")
    case "∞": .token(.letter, "infty")
    case "⊤": .token(.letter, "top")
    case "⟂", "⊥": .token(.letter, "perp")
    case "∅": .token(.letter, "emptyset")
    case "†": .token(.letter, "dagger")
    case "↓": .token(.letter, "downarrow")
    case "↑": .token(.letter, "uparrow")
    case "∑": .token(.big(.sum), "sum")
    case "∏": .token(.big(.product), "prod")
    case "∫": .token(.big(.integral), "int")
    case "√": .token(.root, "√")
    case "=", "＝": .token(.relation(.equal), "=")
    case "≠": .token(.relation(.notEqual), "≠")
    case "≤", "⩽", "≦": .token(.relation(.lessOrEqual), "≤")
    case "≥", "⩾", "≧": .token(.relation(.greaterOrEqual), "≥")
    case "＜": .token(.relation(.less), "<")
    case "＞": .token(.relation(.greater), ">")
    case "≈", "≃", "≅": .token(.relation(.approximately), "≈")
    case "∝": .token(.relation(.proportional), "∝")
    case "≔", "≜", "≡", "≝": .token(.relation(.defines), "≔")
    case "∈", "∊": .token(.relation(.elementOf), "∈")
    case "⊂", "⊆": .token(.relation(.subset), "⊆")
    case "→", "⟶": .token(.relation(.arrow), "→")
    case "↦", "⟼": .token(.relation(.mapsTo), "↦")
    case "⇒", "⟹": .token(.relation(.implies), "⇒")
    case "⇔", "⟺": .token(.relation(.equivalent), "⇔")
    case "∼", "～": .token(.relation(.distributed), "∼")
    case "∣": .token(.relation(.divides), "∣")
    case "≪": .token(.relation(.muchLess), "≪")
    case "≫": .token(.relation(.muchGreater), "≫")
    case "：", "∶": .token(.relation(.colon), ":")
    case "−", "–", "－", "‑", "‐": .token(.minus, "-")
    case "＋": .token(.plus, "+")
    case "⊙", "∘", "◦", "⨀": .token(.binary(.hadamard), "⊙")
    case "·", "⋅", "∙", "•": .token(.binary(.dot), "·")
    case "×": .token(.binary(.times), "×")
    case "∗", "＊": .token(.binary(.asterisk), "*")
    case "⊗": .token(.binary(.kronecker), "⊗")
    case "⊕": .token(.binary(.directSum), "⊕")
    case "∪": .token(.binary(.union), "∪")
    case "∩": .token(.binary(.intersection), "∩")
    case "∖": .token(.binary(.setMinus), "∖")
    case "⁄", "∕", "／", "÷": .token(.slash, "/")
    case "…": .token(.dots(.low), "…")
    case "⋯": .token(.dots(.centered), "⋯")
    case "⋮": .token(.dots(.vertical), "⋮")
    case "⋱", "⋰": .token(.dots(.diagonal), "⋱")
    case "′", "’": .token(.prime(1), "′")
    case "″": .token(.prime(2), "″")
    case "‴": .token(.prime(3), "‴")
    case "（": .token(.open(.parenthesis), "(")
    case "）": .token(.close(.parenthesis), ")")
    case "［", "【": .token(.open(.bracket), "[")
    case "］", "】": .token(.close(.bracket), "]")
    case "⟨", "〈": .token(.open(.angle), "⟨")
    case "⟩", "〉": .token(.close(.angle), "⟩")
    case "⌊": .token(.open(.floor), "⌊")
    case "⌋": .token(.close(.floor), "⌋")
    case "⌈": .token(.open(.ceiling), "⌈")
    case "⌉": .token(.close(.ceiling), "⌉")
    case "‖", "∥": .token(.bar(isDouble: true, .unknown), "‖")
    case "，", "、": .token(.comma, ",")
    case "；": .token(.semicolon, ";")
    case "。": .token(.period, ".")
    case "½": .ratio(1, 2)
    case "¼": .ratio(1, 4)
    case "¾": .ratio(3, 4)
    case "⅓": .ratio(1, 3)
    case "⅔": .ratio(2, 3)
    case "∀": .token(.text, "for all")
    case "∃": .token(.text, "there is")
    case "\u{A0}", "\u{2000}"..."\u{200D}", "\u{202F}", "\u{205F}"..."\u{2064}", "\u{3000}",
      "\u{FEFF}":
      .space
    case "①"..."⑳": .circled(Int(scalar.value - 0x2460) + 1)
    default: nil
    }
  }

  private static func letterlike(_ scalar: Unicode.Scalar) -> Meaning? {
    switch scalar {
    case "ℝ": .styled(.letter, "R", .blackboard)
    case "ℂ": .styled(.letter, "C", .blackboard)
    case "ℕ": .styled(.letter, "N", .blackboard)
    case "ℚ": .styled(.letter, "Q", .blackboard)
    case "ℤ": .styled(.letter, "Z", .blackboard)
    case "ℙ": .styled(.letter, "P", .blackboard)
    case "𝟙": .styled(.letter, "1", .blackboard)
    case "ℒ": .styled(.letter, "L", .calligraphic)
    case "ℱ": .styled(.letter, "F", .calligraphic)
    case "ℋ": .styled(.letter, "H", .calligraphic)
    case "ℓ": .token(.letter, "ell")
    case "ℎ": .token(.letter, "h")
    case "ℏ": .token(.letter, "hbar")
    case "ı", "𝚤": .token(.letter, "imath")
    case "ȷ", "𝚥": .token(.letter, "jmath")
    default: nil
    }
  }

  private static func scripts(_ scalar: Unicode.Scalar) -> Meaning? {
    switch scalar {
    case "⁰": .raised(.number, "0")
    case "¹": .raised(.number, "1")
    case "²": .raised(.number, "2")
    case "³": .raised(.number, "3")
    case "⁴"..."⁹": .raised(.number, String(scalar.value - 0x2070))
    case "⁺": .raised(.plus, "+")
    case "⁻": .raised(.minus, "-")
    case "⁼": .raised(.relation(.equal), "=")
    case "⁽": .raised(.open(.parenthesis), "(")
    case "⁾": .raised(.close(.parenthesis), ")")
    case "ⁿ": .raised(.letter, "n")
    case "ⁱ": .raised(.letter, "i")
    case "ᵀ": .raised(.letter, "top")
    case "ᵏ": .raised(.letter, "k")
    case "ᵐ": .raised(.letter, "m")
    case "ᵈ": .raised(.letter, "d")
    case "ᵗ": .raised(.letter, "t")
    case "ˡ": .raised(.letter, "l")
    case "₀"..."₉": .lowered(.number, String(scalar.value - 0x2080))
    case "₊": .lowered(.plus, "+")
    case "₋": .lowered(.minus, "-")
    case "₌": .lowered(.relation(.equal), "=")
    case "₍": .lowered(.open(.parenthesis), "(")
    case "₎": .lowered(.close(.parenthesis), ")")
    case "ₐ": .lowered(.letter, "a")
    case "ₑ": .lowered(.letter, "e")
    case "ₒ": .lowered(.letter, "o")
    case "ₓ": .lowered(.letter, "x")
    case "ₕ": .lowered(.letter, "h")
    case "ₖ": .lowered(.letter, "k")
    case "ₗ": .lowered(.letter, "l")
    case "ₘ": .lowered(.letter, "m")
    case "ₙ": .lowered(.letter, "n")
    case "ₚ": .lowered(.letter, "p")
    case "ₛ": .lowered(.letter, "s")
    case "ₜ": .lowered(.letter, "t")
    case "ᵢ": .lowered(.letter, "i")
    case "ᵣ": .lowered(.letter, "r")
    case "ᵤ": .lowered(.letter, "u")
    case "ᵥ": .lowered(.letter, "v")
    case "ⱼ": .lowered(.letter, "j")
    default: nil
    }
  }

  private static func accented(_ scalar: Unicode.Scalar) -> Meaning? {
    switch scalar {
    case "\u{0302}": return .mark(.hat)
    case "\u{0303}": return .mark(.tilde)
    case "\u{0304}", "\u{0305}": return .mark(.bar)
    case "\u{0307}": return .mark(.dot)
    case "\u{0308}": return .mark(.ddot)
    case "\u{030C}": return .mark(.check)
    case "\u{0332}", "\u{0331}": return .mark(.underline)
    case "\u{20D7}": return .mark(.vector)
    case "\u{20D6}": return .mark(.leftArrow)
    default: break
    }
    for (decoration, letters, bases) in precomposed {
      guard let position = letters.unicodeScalars.firstIndex(of: scalar) else { continue }
      let offset = letters.unicodeScalars.distance(
        from: letters.unicodeScalars.startIndex, to: position)
      let base = Array(bases.utf8)[offset]
      return .decorated(String(decoding: [base], as: UTF8.self), decoration)
    }
    return nil
  }

  private static let precomposed: [(Formula.Decoration, String, String)] = [
    (.hat, "âĉêĝĥîĵôŝûŵŷẑÂĈÊĜĤÎĴÔŜÛŴŶẐ", "aceghijosuwyzACEGHIJOSUWYZ"),
    (.tilde, "ãẽĩñõũṽỹÃẼĨÑÕŨṼỸ", "aeinouvyAEINOUVY"),
    (.bar, "āēīōūȳḡ", "aeiouyg"), (.dot, "ȧċḋėḟġḣṁṅȯṗṙṡṫẇẋẏż", "acdefghmnoprstwxyz"),
  ]

  /// The mathematical alphabets, U+1D400 to U+1D7FF.
  private static func alphanumeric(_ value: UInt32) -> Meaning {
    let latin: [Formula.Font] = [
      .bold, .italic, .bold, .calligraphic, .calligraphic, .fraktur, .blackboard, .fraktur,
      .sansSerif, .sansSerif, .sansSerif, .sansSerif, .typewriter,
    ]
    if value < 0x1D6A4 {
      let offset = Int(value - 0x1D400)
      let letter = offset % 52
      let byte = UInt8(letter < 26 ? 65 + letter : 97 + letter - 26)
      return .styled(.letter, String(decoding: [byte], as: UTF8.self), latin[offset / 52])
    }
    if value >= 0x1D7CE {
      let offset = Int(value - 0x1D7CE)
      return offset / 10 == 1
        ? .styled(.letter, String(offset % 10), .blackboard) : .token(.number, String(offset % 10))
    }
    guard value >= 0x1D6A8, value < 0x1D7CA else { return .unknown }
    let offset = Int(value - 0x1D6A8)
    let font: Formula.Font = offset / 58 == 1 ? .italic : .bold
    switch offset % 58 {
    case 0..<25: return .styled(.letter, greekNames[upper: offset % 58], font)
    case 25: return .styled(.letter, "nabla", font)
    case 26..<51: return .styled(.letter, greekNames[offset % 58 - 26], font)
    case 51: return .styled(.letter, "partial", font)
    default: return .unknown
    }
  }

  private static func language(_ value: UInt32) -> Meaning {
    switch value {
    case 0xC0...0x24F, 0x400...0x52F, 0x5D0...0x6FF, 0x900...0x1FFF, 0x3040...0x30FF,
      0x3400...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
      .script
    case 0x201C, 0x201D, 0x300A, 0x300B, 0xFF1F, 0xFF01: .script
    default: .unknown
    }
  }
}
