/// Cuts a formula into tokens; total, every byte is accounted for. Linear in the text.
struct Lexer {
  let bytes: [UInt8]
  let origins: ExpandedText
  var position = 0
  var tokens: [Token] = []
  var labels: [StatementLabel] = []
  var repairs: [Repair] = []
  var isSpaced = false
  /// Digits that stand alone, as the two arguments of `\frac12`.
  var singleDigits = 0
  /// `\not` stands before.
  var isNegated = false
  /// Tokens of `\left`; nil where its delimiter is the empty one.
  var lefts: [Int?] = []
  /// `\left(` whose `\right` is empty, and which a later line may close.
  var openLefts: [Int] = []
  /// Braces of a set in a text without backslashes, by depth.
  private var setBraces: [Bool] = []
  /// Nothing is written with a backslash, so that words are words even in scripts.
  let isPlain: Bool

  init(_ text: ExpandedText) {
    bytes = text.bytes
    origins = text
    isPlain = !text.bytes.contains(UInt8(ascii: "\\"))
  }

  /// All tokens of `text` with what was set aside.
  mutating func run() {
    while position < bytes.count { step() }
    closeLefts()
    tokens.removeAll { $0.kind == .dropped }
  }

  // MARK: Emitting

  func span(_ start: Int, _ end: Int) -> Span { origins.span(start, end) }

  mutating func emit(
    _ kind: Token.Kind, _ text: String, from start: Int, font: Formula.Font? = nil
  ) {
    var (kind, text) = (kind, text)
    if isNegated, case .relation(let sign) = kind {
      kind = sign == .equal ? .relation(.notEqual) : .unread(.unknownCommand)
      text = sign == .equal ? text : "\\not\\" + text
      isNegated = false
    }
    var token = Token(kind, text, span(start, position), font: font)
    token.isSpaced = isSpaced
    isSpaced = false
    tokens.append(token)
    if kind != .number { singleDigits = kind == .fraction ? 2 : kind == .root ? 1 : 0 }
  }

  func byte(_ offset: Int = 0) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  func string(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  var isAfterScript: Bool {
    switch tokens.last?.kind {
    case .below, .above: true
    default: false
    }
  }

  // MARK: One step

  mutating func step() {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "\\"): controlSequence()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): letters()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
    case UInt8(ascii: "%"):
      while position < bytes.count, bytes[position] != 10 { position += 1 }
    case 0...32, 127, UInt8(ascii: "~"), UInt8(ascii: "$"):
      position += 1
      isSpaced = true
    case 128...: scalar()
    default: punctuation()
    }
  }

  private mutating func punctuation() {
    let start = position
    for (text, kind) in Lexer.compounds where starts(with: text) {
      position += text.utf8.count
      emit(kind, text, from: start)
      return
    }
    if bytes[start] == UInt8(ascii: "."), let next = byte(1), Lexer.isDigit(next) {
      return number()
    }
    position += 1
    let text = string(start, position)
    let kind: Token.Kind =
      switch bytes[start] {
      case UInt8(ascii: "="): .relation(.equal)
      case UInt8(ascii: "<"): .relation(.less)
      case UInt8(ascii: ">"): .relation(.greater)
      case UInt8(ascii: ":"): .relation(.colon)
      case UInt8(ascii: "+"): .plus
      case UInt8(ascii: "-"): .minus
      case UInt8(ascii: "*"): .binary(.asterisk)
      case UInt8(ascii: "/"): .slash
      case UInt8(ascii: ","): .comma
      case UInt8(ascii: ";"): .semicolon
      case UInt8(ascii: "."): .period
      case UInt8(ascii: "&"): .ampersand
      case UInt8(ascii: "{"): openingBrace()
      case UInt8(ascii: "}"): setBraces.popLast() == true ? .close(.brace) : .closeBrace
      case UInt8(ascii: "("): .open(.parenthesis)
      case UInt8(ascii: ")"): .close(.parenthesis)
      case UInt8(ascii: "["): .open(.bracket)
      case UInt8(ascii: "]"): .close(.bracket)
      case UInt8(ascii: "|"): .bar(isDouble: false, .unknown)
      case UInt8(ascii: "_"): .below
      case UInt8(ascii: "^"): .above
      case UInt8(ascii: "'"): .prime(1)
      default: .unread(.unexpectedCharacter)
      }
    emit(kind, text, from: start)
  }

  /// `t ∈ {1, …, T}` without backslashes is a set; other braces group.
  private mutating func openingBrace() -> Token.Kind {
    let isSet = isPlain && tokens.last?.kind == .relation(.elementOf)
    setBraces.append(isSet)
    return isSet ? .open(.brace) : .openBrace
  }

  private static let compounds: [(String, Token.Kind)] = [
    ("...", .dots(.low)), ("..", .dots(.low)), ("<=>", .relation(.equivalent)),
    ("<=", .relation(.lessOrEqual)),
    (">=", .relation(.greaterOrEqual)), ("!=", .relation(.notEqual)), ("->", .relation(.arrow)),
    ("=>", .relation(.implies)), (":=", .relation(.defines)), ("=:", .relation(.names)),
    ("==", .relation(.equal)),
    ("**", .above),
  ]

  private func starts(with text: String) -> Bool {
    bytes[position...].starts(with: text.utf8)
  }

  // MARK: Numbers

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 32) >= 97 && (byte | 32) <= 122 }

  private mutating func digits() -> Bool {
    let start = position
    while let next = byte(), Lexer.isDigit(next) { position += 1 }
    return position > start
  }

  private mutating func number() {
    let start = position
    if singleDigits > 0 {
      singleDigits -= 1
      position += 1
      let rest = singleDigits
      emit(.number, string(start, position), from: start)
      singleDigits = rest
      return
    }
    _ = digits()
    var text = string(start, position)
    while bytes[position...].starts(with: [123, 44, 125]), let next = byte(3),
      Lexer.isDigit(next)
    {
      position += 3
      let group = position
      _ = digits()
      text += string(group, position)
    }
    let fraction = position
    if byte() == UInt8(ascii: "."), let next = byte(1), Lexer.isDigit(next) {
      position += 1
      _ = digits()
    }
    if byte().map({ $0 | 32 }) == UInt8(ascii: "e"), let sign = byte(1),
      sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+"), let next = byte(2),
      Lexer.isDigit(next)
    {
      position += 2
      _ = digits()
    }
    emit(.number, text + string(fraction, position), from: start)
  }

  // MARK: Letters

  private mutating func letters() {
    let start = position
    var end = start
    while end < bytes.count, Lexer.isLetter(bytes[end]) { end += 1 }
    let run = string(start, end)
    let isScript = isAfterScript
    var next = end
    while next < bytes.count, bytes[next] == 32 { next += 1 }
    let follower = next < bytes.count ? bytes[next] : 0
    let isGrouped = follower == UInt8(ascii: "{") && next == end
    if run.utf8.count > 1,
      let command = ConverterDamage.command(run, isGrouped: isGrouped, isScript: isScript)
    {
      position = end
      if !isPlain || run != command {
        repairs.append(Repair(span: span(start, end), replacement: "\\" + command))
      }
      controlWord(command, from: start)
      return
    }
    let isApplied =
      follower == UInt8(ascii: "(") || follower == UInt8(ascii: "^")
      || follower == UInt8(ascii: "[") || follower == UInt8(ascii: "'")
    if run.utf8.count > 1, isPlain || !isScript,
      let meaning = Names.meaning(of: run, isApplied: isApplied)
    {
      position = end
      switch meaning {
      case .function: emit(.word, run, from: start)
      case .letter: emit(.letter, run, from: start)
      case .big(let sign): emit(.big(sign), run, from: start)
      case .root: emit(.root, run, from: start)
      }
      return
    }
    let suffix =
      isApplied && !isScript ? Names.functionSuffix(of: bytes[start..<end]) ?? end : end
    let last = isScript ? start + 1 : suffix
    while position < last {
      position += 1
      emit(.letter, string(position - 1, position), from: position - 1)
    }
  }

  // MARK: Beyond ASCII

  private mutating func scalar() {
    let start = position
    guard let (scalar, length) = Lexer.decode(bytes, at: start) else {
      position += 1
      return emit(.unread(.unexpectedCharacter), "\u{FFFD}", from: start)
    }
    position += length
    switch UnicodeMathematics.meaning(of: scalar) {
    case .token(let kind, let text): emit(kind, text, from: start)
    case .styled(let kind, let text, let font): emit(kind, text, from: start, font: font)
    case .decorated(let base, let decoration):
      emit(.letter, base, from: start)
      tokens[tokens.count - 1].decorations.append(decoration)
    case .mark(let decoration): mark(decoration, from: start)
    case .raised(let kind, let text): script(.above, kind, text, from: start)
    case .lowered(let kind, let text): script(.below, kind, text, from: start)
    case .ratio(let numerator, let denominator):
      emit(.fraction, "\\frac", from: start)
      emit(.number, String(numerator), from: start)
      emit(.number, String(denominator), from: start)
    case .circled(let number):
      labels.append(StatementLabel(.number, String(number), span(start, position)))
    case .space: isSpaced = true
    case .script: sentence(from: start)
    case .unknown: emit(.unread(.unexpectedCharacter), string(start, position), from: start)
    }
  }

  private mutating func mark(_ decoration: Formula.Decoration, from start: Int) {
    guard let last = tokens.indices.last, tokens[last].kind == .letter || tokens[last].kind == .word
    else {
      return emit(.unread(.unexpectedCharacter), string(start, position), from: start)
    }
    tokens[last].decorations.insert(decoration, at: 0)
    tokens[last].span = tokens[last].span.union(span(start, position))
  }

  /// A run of raised or lowered characters is one script in braces.
  private mutating func script(
    _ script: Token.Kind, _ kind: Token.Kind, _ text: String, from start: Int
  ) {
    emit(script, script == .above ? "^" : "_", from: start)
    emit(.openBrace, "{", from: start)
    emit(kind, text, from: start)
    while position < bytes.count, let (scalar, length) = Lexer.decode(bytes, at: position) {
      let next = position
      switch UnicodeMathematics.meaning(of: scalar) {
      case .raised(let kind, let text) where script == .above:
        position += length
        raise(kind, text, from: next)
      case .lowered(let kind, let text) where script == .below:
        position += length
        raise(kind, text, from: next)
      default:
        return emit(.closeBrace, "}", from: start)
      }
    }
    emit(.closeBrace, "}", from: start)
  }

  /// Digits side by side are one number.
  private mutating func raise(_ kind: Token.Kind, _ text: String, from start: Int) {
    let last = tokens.count - 1
    guard kind == .number, tokens[last].kind == .number else {
      return emit(kind, text, from: start)
    }
    tokens[last].text += text
    tokens[last].span = tokens[last].span.union(span(start, position))
  }

  /// Words of a language between the formulas.
  private mutating func sentence(from start: Int) {
    while position < bytes.count, bytes[position] >= 128,
      let (scalar, length) = Lexer.decode(bytes, at: position),
      case .script = UnicodeMathematics.meaning(of: scalar)
    {
      position += length
    }
    emit(.text, string(start, position), from: start)
  }

  /// The scalar at `index` with its length in bytes; nil where the bytes are not UTF-8.
  static func decode(_ bytes: [UInt8], at index: Int) -> (Unicode.Scalar, Int)? {
    let lead = bytes[index]
    let length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard length > 0, index + length <= bytes.count else { return nil }
    var value = UInt32(length == 1 ? lead : lead & (0x7F >> UInt8(length)))
    for byte in bytes[index + 1..<index + length] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return Unicode.Scalar(value).map { ($0, length) }
  }
}
