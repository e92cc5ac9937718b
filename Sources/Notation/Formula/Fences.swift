/// Finds for every bracket, bar, brace and environment its other end. Linear.
///
/// Braces and environments are hard: no bracket pairs across them. Brackets of unlike ends pair
/// where one comma stands between, as intervals.
struct Fences {
  private var tokens: [Token]
  private var openers: [Opener] = []
  private var segments: [Segment] = [Segment(base: 0, isBrace: false)]

  private var environments = 0

  private struct Opener {
    var index: Int
    var kind: Kind
    var commas = 0
  }

  private enum Kind: Equatable {
    case brace, environment
    case delimiter(Token.Delimiter)
    /// `]` at the head of `]0, 1[`
    case reversed
    case bar(isDouble: Bool)
  }

  /// What stands within one pair of braces or one environment.
  private struct Segment {
    /// The number of openers outside, its own included.
    var base: Int
    var isBrace: Bool
    /// Open delimiters by `Delimiter.index`.
    var counts: [Int] = [0, 0, 0, 0, 0, 0]
  }

  static func matched(_ tokens: [Token]) -> [Token] {
    var fences = Fences(tokens: tokens)
    fences.run()
    return fences.tokens
  }

  private init(tokens: [Token]) { self.tokens = tokens }

  private mutating func run() {
    mergeBars()
    for index in tokens.indices { visit(index) }
    while segments.count > 1 { closeSegment() }
    pop(to: 0)
  }

  private mutating func visit(_ index: Int) {
    switch tokens[index].kind {
    case .openBrace: push(.brace, index)
    case .closeBrace:
      guard segments.count > 1, segments[segments.count - 1].isBrace else { return }
      closeSegment(at: index)
    case .begin: push(.environment, index)
    case .end:
      guard environments > 0 else { return }
      while segments[segments.count - 1].isBrace { closeSegment() }
      closeSegment(at: index)
    case .open(.bracket) where closesReversed(index): pair(index)
    case .open(let delimiter):
      openers.append(Opener(index: index, kind: .delimiter(delimiter)))
      segments[segments.count - 1].counts[delimiter.index] += 1
    case .close(let delimiter): close(delimiter, index)
    case .bar(let isDouble, let side): bar(isDouble, side, index)
    case .comma:
      if let last = openers.indices.last { openers[last].commas += 1 }
    default: break
    }
  }

  // MARK: Segments

  private mutating func push(_ kind: Kind, _ index: Int) {
    openers.append(Opener(index: index, kind: kind))
    if kind == .environment { environments += 1 }
    segments.append(Segment(base: openers.count, isBrace: kind == .brace))
  }

  private mutating func closeSegment(at index: Int? = nil) {
    pop(to: segments[segments.count - 1].base)
    segments.removeLast()
    let opener = openers.removeLast()
    if opener.kind == .environment { environments -= 1 }
    if let index {
      tokens[opener.index].partner = index
      tokens[index].partner = opener.index
    }
  }

  /// Gives up the openers above `count`: nothing closes them.
  private mutating func pop(to count: Int) {
    while openers.count > count {
      let opener = openers.removeLast()
      switch opener.kind {
      case .bar:
        let next = opener.index + 1
        let isEvaluation = next < tokens.count && tokens[next].kind == .below
        tokens[opener.index].kind = isEvaluation ? .evaluation : .relation(.divides)
      case .delimiter(let delimiter):
        segments[segments.count - 1].counts[delimiter.index] -= 1
      case .reversed, .brace, .environment: break
      }
    }
  }

  // MARK: Brackets

  private var top: Opener? {
    openers.count > segments[segments.count - 1].base ? openers.last : nil
  }

  private mutating func pair(_ index: Int) {
    let opener = openers.removeLast()
    if case .delimiter(let delimiter) = opener.kind {
      segments[segments.count - 1].counts[delimiter.index] -= 1
    }
    tokens[opener.index].partner = index
    tokens[index].partner = opener.index
  }

  private mutating func close(_ delimiter: Token.Delimiter, _ index: Int) {
    if let top {
      if top.kind == .delimiter(delimiter) { return pair(index) }
      let isInterval =
        top.commas == 1
        && (delimiter == .parenthesis && top.kind == .delimiter(.bracket)
          || delimiter == .bracket && top.kind == .delimiter(.parenthesis)
          || delimiter == .bracket && top.kind == .reversed
          || delimiter == .parenthesis && top.kind == .reversed)
      if isInterval { return pair(index) }
    }
    if segments[segments.count - 1].counts[delimiter.index] > 0 {
      while openers.last?.kind != .delimiter(delimiter) { pop(to: openers.count - 1) }
      return pair(index)
    }
    if delimiter == .bracket { openers.append(Opener(index: index, kind: .reversed)) }
  }

  /// `[` as the end of `]0, 1[` or `[0, 1[`: nothing follows that it could open for.
  private func closesReversed(_ index: Int) -> Bool {
    guard let top, top.commas == 1 else { return false }
    if top.kind == .reversed { return true }
    guard top.kind == .delimiter(.bracket) || top.kind == .delimiter(.parenthesis) else {
      return false
    }
    guard index + 1 < tokens.count else { return true }
    return tokens[index + 1].isSeparator || tokens[index + 1].isRelation
      || tokens[index + 1].kind == .closeBrace
  }

  // MARK: Bars

  /// Two bars typed side by side are a double bar, unless the first one closes.
  private mutating func mergeBars() {
    var depth = 0
    var index = 0
    while index + 1 < tokens.count {
      if tokens[index].kind == .bar(isDouble: false, .unknown) {
        if depth == 0, tokens[index + 1].kind == .bar(isDouble: false, .unknown),
          !tokens[index + 1].isSpaced
        {
          tokens[index].kind = .bar(isDouble: true, .unknown)
          tokens[index].span = tokens[index].span.union(tokens[index + 1].span)
          tokens[index + 1].kind = .dropped
          index += 2
          continue
        }
        depth = 1 - depth
      }
      index += 1
    }
    tokens.removeAll { $0.kind == .dropped }
  }

  private mutating func bar(_ isDouble: Bool, _ side: Token.Side, _ index: Int) {
    let kind = Kind.bar(isDouble: isDouble)
    switch side {
    case .left: openers.append(Opener(index: index, kind: kind))
    case .middle: tokens[index].kind = .relation(.divides)
    case .right, .unknown:
      if top?.kind == kind, side == .right || endsOperand(before: index) { return pair(index) }
      if side == .right {
        tokens[index].kind = .evaluation
      } else {
        openers.append(Opener(index: index, kind: kind))
      }
    }
  }

  private func endsOperand(before index: Int) -> Bool {
    guard index > 0 else { return false }
    let token = tokens[index - 1]
    // `y^*`
    if index > 1, token.isOperator, tokens[index - 2].kind == .above { return true }
    // `\|\cdot\|`, the norm of anything.
    if token.kind == .binary(.dot), let top, top.index == index - 2 { return true }
    if token.isOperator || token.isRelation || token.isSeparator { return false }
    switch token.kind {
    case .openBrace, .open, .begin, .below, .above, .text, .big, .ampersand: return false
    case .bar: return token.partner >= 0 && token.partner < index - 1
    default: return true
    }
  }
}
