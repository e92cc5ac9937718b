extension Lexer {
  /// At a backslash.
  mutating func controlSequence() {
    let start = position
    position += 1
    guard let next = byte() else {
      return emit(.unread(.unexpectedCharacter), "\\", from: start)
    }
    if Lexer.isLetter(next) {
      while let next = byte(), Lexer.isLetter(next) { position += 1 }
      return controlWord(string(start + 1, position), from: start)
    }
    position += 1
    switch next {
    case UInt8(ascii: "\\"): row(from: start)
    case UInt8(ascii: "{"): emit(.open(.brace), "\\{", from: start)
    case UInt8(ascii: "}"): emit(.close(.brace), "\\}", from: start)
    case UInt8(ascii: "|"): emit(.bar(isDouble: true, .unknown), "\\|", from: start)
    case UInt8(ascii: "_"): emit(.letter, "_", from: start)
    case 9, 10, 13, 32:
      emit(.controlSpace, "\\ ", from: start)
      isSpaced = true
    case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
      UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"):
      isSpaced = true
    default: emit(.unread(.unexpectedCharacter), string(start, position), from: start)
    }
  }

  /// `\\`, `\\*`, `\\[2pt]`
  private mutating func row(from start: Int) {
    if byte() == UInt8(ascii: "*") { position += 1 }
    if byte() == UInt8(ascii: "["), let last = length(from: position + 1) { position = last }
    emit(.row, "\\\\", from: start)
  }

  /// The end of a length such as `2pt]` that begins at `index`.
  private func length(from index: Int) -> Int? {
    var end = index
    while end < bytes.count, end < index + 12,
      Lexer.isDigit(bytes[end]) || bytes[end] == 46 || bytes[end] == 45
    {
      end += 1
    }
    guard end > index else { return nil }
    let unit = end
    while end < bytes.count, Lexer.isLetter(bytes[end]) { end += 1 }
    return end - unit >= 2 && end < bytes.count && bytes[end] == 93 ? end + 1 : nil
  }

  /// The command `\name`, whose text began at `start` and ends at `position`.
  mutating func controlWord(_ name: String, from start: Int) {
    let isStarred = byte() == UInt8(ascii: "*") && Lexer.canBeStarred(name)
    if isStarred { position += 1 }
    guard let word = ControlWord.named(name) else {
      return emit(.unread(.unknownCommand), "\\" + name, from: start)
    }
    switch word {
    case .token(let kind, let text): emit(kind, text ?? name, from: start)
    case .drop: isSpaced = true
    case .dropArguments(let count):
      isSpaced = true
      for _ in 0..<count { _ = argument() }
    case .words: words(from: start)
    case .name: upright(name, from: start)
    case .tag: label(.number, from: start)
    case .key: label(.key, from: start)
    case .circled: label(.number, from: start)
    case .left: fence(isLeft: true, from: start)
    case .right: fence(isLeft: false, from: start)
    case .size(let side): size(side)
    case .begin, .end: environment(word, from: start)
    case .not: isNegated = true
    case .remarked(let count): remarked(name, count, from: start)
    case .remarkedRelation(let sign):
      skipOption()
      _ = argument()
      emit(.relation(sign), "\\" + name, from: start)
    }
  }

  private static func canBeStarred(_ name: String) -> Bool {
    switch name {
    case "operatorname", "hspace", "vspace", "tag", "textcolor": true
    default: false
    }
  }

  // MARK: Raw arguments

  private mutating func skipSpaces() {
    while let next = byte(), next <= 32 { position += 1 }
  }

  /// `[…]` after a command.
  private mutating func skipOption() {
    guard byte() == UInt8(ascii: "[") else { return }
    let start = position
    while let next = byte(), position < start + 256 {
      position += 1
      if next == UInt8(ascii: "]") { return }
    }
    position = start
  }

  /// The bytes of the next argument, its braces stripped; nil without one. A group that is not
  /// closed within its line is cut there, which is reported.
  mutating func argument() -> (start: Int, end: Int)? {
    let saved = position
    skipSpaces()
    guard let first = byte() else {
      position = saved
      return nil
    }
    guard first == UInt8(ascii: "{") else {
      if first == UInt8(ascii: "}") || first == UInt8(ascii: "&") {
        position = saved
        return nil
      }
      let start = position
      let length = Lexer.decode(bytes, at: position)?.1 ?? 1
      position += length
      if first == UInt8(ascii: "\\") {
        while let next = byte(), Lexer.isLetter(next) { position += 1 }
      }
      return (start, position)
    }
    let start = position
    var depth = 0
    var line = min(bytes.count, start + 4096)
    var index = start
    while index < line {
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 {
          position = index + 1
          return (start + 1, index)
        }
      default: break
      }
      index += 1
    }
    if let end = bytes[start..<line].firstIndex(of: 10) { line = end }
    position = line
    tokens.append(Token(.unread(.missingClosing("}")), "{", span(start, start + 1)))
    return (start + 1, line)
  }

  private mutating func label(_ kind: StatementLabel.Kind, from start: Int) {
    guard let (first, last) = argument() else { return }
    let text = Lexer.trimmed(bytes[first..<last])
    labels.append(
      StatementLabel(kind, String(decoding: text, as: UTF8.self), span(start, position)))
  }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let first = bytes.first, first <= 32 || first == 126 { bytes.removeFirst() }
    while let last = bytes.last, last <= 32 || last == 126 { bytes.removeLast() }
    return bytes
  }

  /// `\text{…}`: a name where it is one word of ASCII letters that connects no sentence.
  private mutating func words(from start: Int) {
    guard let (first, last) = argument() else {
      return emit(.unread(.missingArgument), string(start, position), from: start)
    }
    let content = Lexer.trimmed(bytes[first..<last])
    let text = String(decoding: content, as: UTF8.self)
    guard !content.isEmpty else {
      isSpaced = true
      return
    }
    let isName =
      content.count == last - first && Lexer.isLetter(content[content.startIndex])
      && content.allSatisfy { Lexer.isLetter($0) || Lexer.isDigit($0) }
      && !Names.isConnecting(text)
    if isName || (content.count == 1 && Lexer.isLetter(content[content.startIndex])) {
      emit(.word, text, from: start)
    } else {
      emit(.text, text, from: start)
    }
  }

  /// `\mathrm{…}`: a name where it is letters only, else mathematics.
  private mutating func upright(_ name: String, from start: Int) {
    let saved = (position, tokens.count)
    guard let (first, last) = argument() else {
      return emit(.unread(.missingArgument), "\\" + name, from: start)
    }
    let content = Lexer.trimmed(bytes[first..<last])
    if tokens.count == saved.1, !content.isEmpty,
      content.allSatisfy({
        Lexer.isLetter($0) || (name != "mathrm" && ($0 == 45 || $0 <= 32 || Lexer.isDigit($0)))
      })
    {
      let letters = content.filter { $0 > 32 }
      return emit(.word, String(decoding: letters, as: UTF8.self), from: start)
    }
    let symbol = Array(content)
    if symbol.count > 1, symbol[0] == UInt8(ascii: "\\"),
      symbol.dropFirst().allSatisfy(Lexer.isLetter),
      case .token(.word, _)? = ControlWord.named(
        String(decoding: symbol.dropFirst(), as: UTF8.self))
    {
      return emit(.word, String(decoding: symbol.dropFirst(), as: UTF8.self), from: start)
    }
    tokens.removeLast(tokens.count - saved.1)
    position = saved.0
    isSpaced = true
  }

  /// `\stackrel{!}{=}` is the relation sign that its last argument is; over anything else a remark
  /// goes, and what is set under it is read as its script.
  private mutating func remarked(_ name: String, _ count: Int, from start: Int) {
    let arguments = position
    var defines = false
    var place = arguments
    for _ in 0..<count {
      guard let (first, last) = argument() else { break }
      let remark = String(decoding: bytes[first..<last], as: UTF8.self)
      defines =
        defines || ["def", "{def}", "{def.}", "triangle"].contains { remark.hasSuffix($0) }
      place = position
    }
    if let sign = relation() {
      return emit(
        .relation(defines && sign == .equal ? .defines : sign), string(start, position), from: start
      )
    }
    position = place
    guard name == "underset" else { return }
    position = arguments
    emit(.underset, name, from: start)
  }

  /// The relation sign that the next argument is; nil where it is anything else.
  private mutating func relation() -> Formula.RelationSign? {
    let before = (tokens.count, labels.count, repairs.count, isSpaced, isNegated)
    guard let (first, last) = argument(), tokens.count == before.0 else { return nil }
    position = first
    while position < last { step() }
    var sign: Formula.RelationSign?
    if tokens.count == before.0 + 1, position == last,
      case .relation(let own) = tokens[before.0].kind
    {
      sign = own
    }
    tokens.removeLast(tokens.count - before.0)
    labels.removeLast(labels.count - before.1)
    repairs.removeLast(repairs.count - before.2)
    (isSpaced, isNegated) = (before.3, sign == nil && before.4)
    if sign != nil, last < bytes.count, bytes[last] == UInt8(ascii: "}"),
      bytes[first - 1] == UInt8(ascii: "{")
    {
      position = last + 1
    }
    return sign
  }

  private mutating func environment(_ word: ControlWord, from start: Int) {
    guard byte() == UInt8(ascii: "{") || byte() == 32, let (first, last) = argument() else {
      return emit(.unread(.missingArgument), string(start, position), from: start)
    }
    let name = string(first, last)
    let environment = Token.Environment.named(name)
    if case .end = word { return emit(.end(environment), name, from: start) }
    if ["array", "aligned", "empheq", "IEEE"].contains(where: { name.hasPrefix($0) }) {
      skipOption()
    }
    if Token.Environment.hasColumns(name) {
      let saved = position
      skipSpaces()
      if byte() == UInt8(ascii: "{") { _ = argument() } else { position = saved }
    }
    emit(.begin(environment), name, from: start)
  }

  // MARK: Delimiters

  /// The token of the delimiter that follows; nil for the empty one.
  private mutating func delimiter() -> Int? {
    skipSpaces()
    if byte() == UInt8(ascii: ".") {
      position += 1
      return nil
    }
    let count = tokens.count
    guard position < bytes.count, isDelimiter() else { return nil }
    let start = position
    step()
    guard tokens.count > count else { return nil }
    if case .relation(let sign) = tokens[count].kind, sign == .less || sign == .greater {
      tokens[count].kind = sign == .less ? .open(.angle) : .close(.angle)
    }
    switch tokens[count].kind {
    case .open, .close, .bar: return count
    default:
      tokens.removeLast(tokens.count - count)
      position = start
      return nil
    }
  }

  /// Whether a delimiter begins here, so that no other command is run for one.
  private func isDelimiter() -> Bool {
    guard bytes[position] == UInt8(ascii: "\\"), let next = byte(1), Lexer.isLetter(next) else {
      return true
    }
    var end = position + 1
    while end < bytes.count, Lexer.isLetter(bytes[end]) { end += 1 }
    guard case .token(let kind, _)? = ControlWord.named(string(position + 1, end)) else {
      return false
    }
    return switch kind {
    case .open, .close, .bar: true
    default: false
    }
  }

  private mutating func face(_ index: Int, _ side: Token.Side) {
    if case .bar(let isDouble, _) = tokens[index].kind {
      tokens[index].kind = .bar(isDouble: isDouble, side)
    }
  }

  private mutating func size(_ side: Token.Side) {
    if let index = delimiter(), side != .unknown { face(index, side) }
  }

  /// `\left` and `\right`: an empty side takes its partner with it, unless a later line holds the
  /// other half (`\left( … \right. \\ \left. … \right)`).
  private mutating func fence(isLeft: Bool, from start: Int) {
    let index = delimiter()
    if let index {
      face(index, isLeft ? .left : .right)
      tokens[index].span = span(start, position)
    }
    if isLeft { return lefts.append(index) }
    guard let left = lefts.popLast() else { return }
    switch (left, index) {
    case (let left?, nil): openLefts.append(left)
    case (nil, let index?):
      if let open = openLefts.last, matches(tokens[open].kind, tokens[index].kind) {
        openLefts.removeLast()
      } else {
        tokens[index].kind = isBar(tokens[index]) ? .evaluation : .dropped
      }
    default: break
    }
  }

  private func isBar(_ token: Token) -> Bool {
    if case .bar = token.kind { true } else { false }
  }

  private func matches(_ left: Token.Kind, _ right: Token.Kind) -> Bool {
    switch (left, right) {
    case (.open(let left), .close(let right)): left == right
    case (.bar(let left, _), .bar(let right, _)): left == right
    default: false
    }
  }

  /// A brace that nothing closes stands before cases.
  mutating func closeLefts() {
    for open in openLefts {
      let next = open + 1
      if tokens[open].kind == .open(.brace), next < tokens.count,
        case .begin(let environment) = tokens[next].kind, environment == .array
      {
        tokens[next].kind = .begin(.matrix(.cases))
      }
      tokens[open].kind = .dropped
    }
  }
}
