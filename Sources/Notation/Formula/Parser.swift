/// Recursive descent over matched tokens: relations, lists, sums, products, factors. Total: every
/// loop takes a token or stops, nesting is bounded, and what fits nowhere becomes a node.
///
/// Linear in the number of tokens but for runs of tokens that are looked ahead over once at each
/// level of a nesting that is bounded.
struct Parser {
  let tokens: [Token]
  let text: [UInt8]
  var index = 0
  /// The end of the range that is being read.
  var end: Int
  /// The height of the tree above, so that walking and releasing it never runs out of stack.
  var depth = 0
  /// The font that the commands around prescribe.
  var font: Formula.Font?

  static let depthLimit = 240
  /// What a pair of brackets adds; an operator adds one.
  static let groupCost = 4

  init(tokens: [Token], text: [UInt8]) {
    self.tokens = tokens
    self.text = text
    end = tokens.count
  }

  mutating func formula() -> Formula { contents(0, tokens.count) }

  // MARK: Places

  /// An empty place at the next token.
  var here: Span {
    if index < end { return Span(tokens[index].span.start, tokens[index].span.start) }
    let last = index > 0 && index <= tokens.count ? tokens[index - 1].span.end : 0
    return Span(last, last)
  }

  /// The text from token `first` to before token `last`.
  func span(_ first: Int, _ last: Int) -> Span {
    guard first < last else {
      guard first > 0, first <= tokens.count else { return Span(0, 0) }
      return Span(tokens[first - 1].span.end, tokens[first - 1].span.end)
    }
    return tokens[first].span.union(tokens[last - 1].span)
  }

  func written(_ span: Span) -> String {
    String(decoding: text[span.start..<max(span.start, span.end)], as: UTF8.self)
  }

  func unread(_ first: Int, _ last: Int, _ reason: Formula.UnreadReason) -> Formula {
    let span = span(first, last)
    return Formula(.unread(written(span), reason), span)
  }

  var missingOperand: Formula { Formula(.unread("", .missingOperand), here) }

  var token: Token? { index < end ? tokens[index] : nil }

  // MARK: Ranges

  /// Everything between two tokens, which is read to its end.
  mutating func contents(_ first: Int, _ last: Int) -> Formula {
    let saved = (end: end, font: font)
    index = first
    end = last
    depth += Parser.groupCost
    defer {
      depth -= Parser.groupCost
      index = last
      end = saved.end
      font = saved.font
    }
    guard depth <= Parser.depthLimit else { return unread(first, last, .tooDeep) }
    return list()
  }

  /// Items between separators, put together by `ItemList`.
  private mutating func list() -> Formula {
    let start = index
    var items = ItemList()
    while index < end {
      var separator = ItemList.Separator.none
      while index < end, tokens[index].isSeparator {
        separator = separator.union(tokens[index].kind)
        index += 1
      }
      guard index < end else { break }
      if tokens[index].kind == .text {
        items.append(text: Formula(.text(tokens[index].text), tokens[index].span))
        index += 1
        continue
      }
      let before = index
      let (first, members) = chain()
      if index == before {
        index += 1
        items.append(unread(before, index, .unexpectedCharacter), [], after: separator)
      } else {
        items.append(first, members, after: separator)
      }
    }
    return items.formula ?? Formula(.empty, span(start, start))
  }

  /// `a = b ≤ c`; either side may be empty.
  private mutating func chain() -> (Formula, [Formula.RelationMember]) {
    let first = isAtRelation ? Formula(.empty, here) : sum()
    var members: [Formula.RelationMember] = []
    while index < end, case .relation(let sign) = tokens[index].kind {
      let signSpan = tokens[index].span
      index += 1
      let formula = isAtStop || isAtRelation ? Formula(.empty, here) : side()
      members.append(Formula.RelationMember(sign: sign, signSpan: signSpan, formula: formula))
    }
    return (first, members)
  }

  /// The right side of a relation, which may be words.
  private mutating func side() -> Formula {
    guard let token, token.kind == .text else { return sum() }
    index += 1
    return Formula(.text(token.text), token.span)
  }

  var isAtRelation: Bool { token?.isRelation ?? false }

  /// Nothing that could be an operand follows.
  var isAtStop: Bool { token.map { $0.isSeparator } ?? true }

  // MARK: Sums

  mutating func sum() -> Formula {
    if let lone = loneOperator() { return lone }
    let start = here.start
    var terms: [Formula.SignedTerm] = []
    var isNegative = false
    if token?.kind == .plus || token?.kind == .minus {
      isNegative = token?.kind == .minus
      index += 1
    } else {
      let first = product()
      guard token?.kind == .plus || token?.kind == .minus else { return first }
      terms.append(Formula.SignedTerm(isNegative: false, term: first))
      isNegative = token?.kind == .minus
      index += 1
    }
    while true {
      let term = startsOperand ? product() : missingOperand
      terms.append(Formula.SignedTerm(isNegative: isNegative, term: term))
      guard token?.kind == .plus || token?.kind == .minus else { break }
      isNegative = token?.kind == .minus
      index += 1
    }
    let last = terms[terms.count - 1].term.span.end
    return Formula(.sum(terms), Span(start, max(start, last)))
  }

  /// A sign that stands for itself: `\sigma'(\cdot)`, `\partial^+`.
  private mutating func loneOperator() -> Formula? {
    guard let token, token.isOperator else { return nil }
    if index + 1 < end {
      let next = tokens[index + 1]
      guard next.isSeparator || next.kind == .text || next.isRelation else { return nil }
    }
    index += 1
    return Formula(.identifier(Formula.Identifier(Parser.name(of: token))), token.span)
  }

  /// The name of a sign as an identifier.
  static func name(of token: Token) -> String {
    switch token.kind {
    case .plus: "+"
    case .minus: "-"
    case .slash: "/"
    case .binary(.hadamard): "odot"
    case .binary(.dot): "cdot"
    case .binary(.times): "times"
    case .binary(.asterisk): "*"
    case .binary(.kronecker): "otimes"
    case .binary(.setMinus): "setminus"
    case .binary(.union): "cup"
    case .binary(.intersection): "cap"
    case .binary(.directSum): "oplus"
    default: token.text
    }
  }

  /// An operand, perhaps with a sign of its own, begins here.
  var startsOperand: Bool {
    guard let token else { return false }
    return !(token.isSeparator || token.isRelation || token.isOperator)
  }
}
