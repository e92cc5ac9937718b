extension Parser {
  /// A primary with its scripts; a big operator with all that it governs.
  mutating func factor() -> Formula {
    let start = index
    if case .big(let sign)? = token?.kind { return big(sign) }
    let isBare = token.map { $0.kind == .below || $0.kind == .above } ?? false
    let base = isBare ? Formula(.empty, here) : primary()
    if isAnnotated(start) {
      _ = scripts()
      return base
    }
    return scripted(base, from: start)
  }

  private func isAnnotated(_ start: Int) -> Bool { tokens[start].kind == .annotated }

  // MARK: Primaries

  private mutating func primary() -> Formula {
    guard let token else { return missingOperand }
    let start = index
    index += 1
    switch token.kind {
    case .letter: return identifier(token, font ?? token.font ?? .italic)
    case .word: return identifier(token, .upright)
    case .number: return number(token)
    case .text: return Formula(.text(token.text), token.span)
    case .dots(let dots): return Formula(.dots(dots), token.span)
    case .openBrace, .open, .bar, .begin: return bracketed(start)
    case .fraction: return fraction(start)
    case .root: return root(start)
    case .struck:
      let content = argument(after: start)
      return Formula(.struck(content), span(start, index))
    case .annotated:
      let content = argument(after: start)
      return Formula(content.kind, span(start, index))
    case .accent(let decoration): return accent(decoration, start)
    case .fontCommand(let command): return styled(command, start)
    case .fontSwitch(let switched):
      font = switched == .italic ? nil : switched
      return startsOperand ? primary() : Formula(.empty, here)
    case .underset: return underset(start)
    case .big: return identifier(token, .upright)
    case .unread(let reason): return Formula(.unread(token.text, reason), token.span)
    case .close where token.partner > start: return bracketed(start)
    case .closeBrace, .close, .end:
      return Formula(.unread(written(token.span), .unexpectedClosing), token.span)
    case .prime: return Formula(.identifier(Formula.Identifier("prime")), token.span)
    default: return Formula(.unread(written(token.span), .unexpectedCharacter), token.span)
    }
  }

  private func identifier(_ token: Token, _ font: Formula.Font) -> Formula {
    let identifier = Formula.Identifier(token.text, decorations: token.decorations, font: font)
    return Formula(.identifier(identifier), token.span)
  }

  /// A digit in a bold or blackboard font is a name: the vector of ones.
  private func number(_ token: Token) -> Formula {
    guard let font, font == .bold || font == .blackboard else {
      return Formula(.number(token.text), token.span)
    }
    return identifier(token, font)
  }

  // MARK: Arguments

  /// The argument of a command: a group, or the next primary.
  mutating func argument(after command: Int) -> Formula {
    guard let token, startsOperand else {
      return missingArgument(command)
    }
    switch token.kind {
    case .closeBrace, .close, .end, .below, .above, .prime: return missingArgument(command)
    default: break
    }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Parser.depthLimit else {
      let start = index
      index = end
      return unread(start, index, .tooDeep)
    }
    return primary()
  }

  private func missingArgument(_ command: Int) -> Formula {
    let written = written(tokens[command].span)
    return Formula(.unread(written, .missingArgument), here)
  }

  private mutating func fraction(_ start: Int) -> Formula {
    let numerator = argument(after: start)
    let denominator = argument(after: start)
    return Formula(.fraction(numerator, denominator), span(start, index))
  }

  private mutating func root(_ start: Int) -> Formula {
    var degree: Formula?
    if let token, token.kind == .open(.bracket), token.partner >= 0, tokens[start].text == "sqrt" {
      let close = token.partner
      degree = contents(index + 1, close)
      index = close + 1
    }
    let isFenced = token?.kind == .open(.parenthesis)
    let content = argument(after: start)
    let span = span(start, index)
    if isFenced, case .fenced(.parentheses, let inner) = content.kind {
      return Formula(.root(inner, degree: degree), span)
    }
    return Formula(.root(content, degree: degree), span)
  }

  /// `\hat`, `\tilde`: onto the identifier, under its scripts.
  private mutating func accent(_ decoration: Formula.Decoration, _ start: Int) -> Formula {
    let content = argument(after: start)
    let span = span(start, index)
    if let decorated = decorating(content, decoration, span) { return decorated }
    return Formula(.unread(written(span), .unknownCommand), span)
  }

  private func decorating(
    _ formula: Formula, _ decoration: Formula.Decoration, _ span: Span
  ) -> Formula? {
    switch formula.kind {
    case .identifier(var identifier):
      identifier.decorations.insert(decoration, at: 0)
      return Formula(.identifier(identifier), span)
    case .number(let digits):
      let identifier = Formula.Identifier(digits, decorations: [decoration])
      return Formula(.identifier(identifier), span)
    case .scripts(let base, let below, let above, let primes):
      guard let base = decorating(base, decoration, base.span) else { return nil }
      return Formula(.scripts(base, below: below, above: above, primes: primes), span)
    case .unread, .empty: return formula
    default: return nil
    }
  }

  private mutating func styled(_ command: Formula.Font, _ start: Int) -> Formula {
    let saved = font
    font = command == .italic ? nil : command
    defer { font = saved }
    let isName = command == .sansSerif || command == .typewriter
    if isName, let name = nameInBraces() {
      let identifier = Formula.Identifier(name, font: command)
      return Formula(.identifier(identifier), span(start, index))
    }
    var content = argument(after: start)
    if content.span.isEmpty == false, case .identifier = content.kind {
      content.span = span(start, index)
    }
    return content
  }

  /// Letters in braces as one name; the parser is after them.
  private mutating func nameInBraces() -> String? {
    guard let token, token.kind == .openBrace, token.partner > index + 2 else { return nil }
    let inner = tokens[index + 1..<token.partner]
    guard inner.allSatisfy({ $0.kind == .letter || $0.kind == .word }) else { return nil }
    index = token.partner + 1
    return inner.reduce("") { $0 + $1.text }
  }

  /// `\underset{x}{\max}` is `\max_x`.
  private mutating func underset(_ start: Int) -> Formula {
    let below = argument(after: start)
    if let token, token.kind == .openBrace, token.partner == index + 2,
      case .big(let sign) = tokens[index + 1].kind
    {
      index += 3
      return governed(sign, below: below, above: nil, from: start)
    }
    if case .big(let sign)? = token?.kind {
      index += 1
      return governed(sign, below: below, above: nil, from: start)
    }
    let base = argument(after: start)
    return Formula(.scripts(base, below: below, above: nil, primes: 0), span(start, index))
  }

  // MARK: Big operators

  /// `\sum` with its bounds and the product to its right; `\max` without bounds is a function.
  private mutating func big(_ sign: Formula.BigOperator) -> Formula {
    let start = index
    index += 1
    let scripts = scripts()
    let isName = sign == .maximum || sign == .minimum || isWord(start)
    if isName, scripts.below == nil, scripts.above == nil {
      let name = identifier(tokens[start], .upright)
      guard scripts.primes > 0 else { return name }
      return Formula(
        .scripts(name, below: nil, above: nil, primes: scripts.primes), span(start, index))
    }
    return governed(sign, below: scripts.below, above: scripts.above, from: start)
  }

  /// Typed as letters, without a backslash.
  private func isWord(_ index: Int) -> Bool {
    let start = tokens[index].span.start
    return start < text.count && Lexer.isLetter(text[start])
  }

  private mutating func governed(
    _ sign: Formula.BigOperator, below: Formula?, above: Formula?, from start: Int
  ) -> Formula {
    depth += 2
    defer { depth -= 2 }
    guard depth <= Parser.depthLimit else {
      let first = index
      index = end
      return unread(first, index, .tooDeep)
    }
    let body: Formula
    if let token, token.kind == .minus || token.kind == .plus {
      index += 1
      let term = startsOperand ? product() : missingOperand
      body = Formula(
        .sum([Formula.SignedTerm(isNegative: token.kind == .minus, term: term)]),
        token.span.union(term.span))
    } else if isAtStop || isAtRelation {
      body = missingOperand
    } else {
      body = product()
    }
    return Formula(.big(sign, below: below, above: above, body), span(start, index))
  }
}
