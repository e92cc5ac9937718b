extension Parser {
  /// Juxtapositions joined by `\odot`, `\cdot`, `/` and their like, from the left. A leading sign
  /// has an empty left side: it goes on with what stood before.
  mutating func product() -> Formula {
    if let lone = loneBinary() { return lone }
    let start = index
    let operators = operatorsAhead()
    guard depth + operators.count <= Parser.depthLimit else {
      index = operators.end
      return unread(start, index, .tooDeep)
    }
    depth += operators.count
    defer { depth -= operators.count }
    var left = token?.isOperator == true ? Formula(.empty, here) : juxtaposition()
    while let token {
      let sign: Formula.BinaryOperator?
      switch token.kind {
      case .binary(let binary): sign = binary
      case .slash: sign = nil
      default: return left
      }
      index += 1
      let right = signedOperand()
      let span = Span(left.span.start, max(right.span.end, token.span.end))
      left = Formula(sign.map { .binary($0, left, right) } ?? .fraction(left, right), span)
    }
    return left
  }

  private mutating func loneBinary() -> Formula? {
    guard let token, token.isOperator, index + 1 >= end else { return nil }
    index += 1
    return Formula(.identifier(Formula.Identifier(Parser.name(of: token))), token.span)
  }

  /// The right side of an operator: `a \cdot -b` too.
  private mutating func signedOperand() -> Formula {
    guard let token, token.kind == .plus || token.kind == .minus else {
      return startsOperand ? juxtaposition() : missingOperand
    }
    index += 1
    let operand = startsOperand ? juxtaposition() : missingOperand
    let term = Formula.SignedTerm(isNegative: token.kind == .minus, term: operand)
    return Formula(.sum([term]), token.span.union(operand.span))
  }

  /// How many operators join the factors of this product, and where it ends.
  private func operatorsAhead() -> (count: Int, end: Int) {
    var count = 0
    var next = index
    while next < end {
      let token = tokens[next]
      switch token.kind {
      case .binary, .slash: count += 1
      case .plus, .minus:
        if next > index, !tokens[next - 1].isOperator { return (count, next) }
      default: if token.isSeparator || token.isRelation { return (count, next) }
      }
      next = max(next, token.partner) + 1
    }
    return (count, min(next, end))
  }

  // MARK: Side by side

  mutating func juxtaposition() -> Formula {
    let start = index
    var factors: [Formula] = []
    while let token, startsFactor(isFirst: factors.isEmpty) {
      if case .fontSwitch(let switched) = token.kind {
        font = switched == .italic ? nil : switched
        index += 1
      } else if let derivative = slashDerivative() ?? numericFraction() {
        factors.append(derivative)
      } else {
        let isGroup = token.kind == .openBrace
        let factor = factor()
        switch factor.kind {
        case .juxtaposition(let inner) where isGroup: factors += inner
        case .empty where isGroup: break
        default: factors.append(factor)
        }
      }
    }
    let span = span(start, index)
    switch factors.count {
    case 0: return Formula(.empty, span)
    case 1: return factors[0]
    default: return Formula(.juxtaposition(factors), span)
    }
  }

  private func startsFactor(isFirst: Bool) -> Bool {
    guard startsOperand, let token else { return false }
    return token.kind != .text || isFirst
  }

  /// `1/2 x` is half of x.
  private mutating func numericFraction() -> Formula? {
    guard index + 2 < end, tokens[index].kind == .number, tokens[index + 1].kind == .slash,
      tokens[index + 2].kind == .number
    else { return nil }
    if index + 3 < end {
      switch tokens[index + 3].kind {
      case .below, .above, .prime, .slash: return nil
      default: break
      }
    }
    let parts = [tokens[index], tokens[index + 2]].map { Formula(.number($0.text), $0.span) }
    index += 3
    return Formula(.fraction(parts[0], parts[1]), parts[0].span.union(parts[1].span))
  }

  // MARK: Derivatives with a slash

  private enum Differential { case partial, italic, upright }

  private func differential(at index: Int) -> Differential? {
    guard index < end else { return nil }
    switch tokens[index].kind {
    case .letter where tokens[index].text == "partial": return .partial
    case .letter where tokens[index].text == "d" && tokens[index].decorations.isEmpty:
      // `d_t` is a name.
      return index + 1 < end && tokens[index + 1].kind == .below ? nil : .italic
    case .word where tokens[index].text == "d": return .upright
    default: return nil
    }
  }

  /// `∂a/∂b` binds tighter than a product: of its denominator only one factor belongs to it.
  private mutating func slashDerivative() -> Formula? {
    guard let kind = differential(at: index), let slash = slash(from: index, kind) else {
      return nil
    }
    let start = index
    let saved = end
    end = slash
    let numerator = juxtaposition()
    end = saved
    index = slash + 1
    let first = index
    var factors: [Formula] = []
    repeat {
      factors.append(factor())
      if index < end, tokens[index].kind != .slash, startsFactor(isFirst: false),
        differential(at: index) == nil
      {
        let operand = index
        let isWord = tokens[operand].kind == .word
        factors.append(factor())
        if let argument = argument(isWord: isWord, after: operand) { factors.append(argument) }
      }
    } while differential(at: index) == kind && self.slash(from: index, kind) == nil
    let below =
      factors.count == 1 ? factors[0] : Formula(.juxtaposition(factors), span(first, index))
    return Formula(.fraction(numerator, below), span(start, index))
  }

  /// The parenthesis right after a name, as in `f(x)`.
  private mutating func argument(isWord: Bool, after operand: Int) -> Formula? {
    guard let token, token.kind == .open(.parenthesis), token.partner >= 0,
      isWord || (!token.isSpaced && isName(operand))
    else { return nil }
    return factor()
  }

  private func isName(_ index: Int) -> Bool {
    tokens[index].kind == .letter || tokens[index].kind == .word
  }

  /// Where the slash of a derivative that begins at `start` stands; nil where there is none. An
  /// italic or upright d must be followed by one factor only.
  private func slash(from start: Int, _ kind: Differential) -> Int? {
    var next = afterScripts(start + 1)
    var factors = 0
    while next < end, tokens[next].kind != .slash {
      let token = tokens[next]
      guard !(token.isSeparator || token.isRelation || token.isOperator), token.kind != .text,
        differential(at: next) == nil
      else { return nil }
      if case .big = token.kind { return nil }
      let isArgument =
        factors == 1 && token.kind == .open(.parenthesis) && token.partner >= 0 && !token.isSpaced
      if !isArgument { factors += 1 }
      guard kind == .partial || factors <= 1 else { return nil }
      if takesNext(token.kind) {
        factors -= 1
        next += 1
        continue
      }
      next = afterScripts(max(next, token.partner) + 1)
    }
    return next < end && differential(at: next + 1) == kind ? next : nil
  }

  /// The sign works on the token after it, both being one factor.
  private func takesNext(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .accent, .fontCommand: true
    default: false
    }
  }

  /// The index after the scripts that begin at `start`.
  private func afterScripts(_ start: Int) -> Int {
    var next = start
    while next < end {
      switch tokens[next].kind {
      case .prime: next += 1
      case .below, .above:
        next += 1
        if next < end { next = max(next, tokens[next].partner) + 1 }
      default: return next
      }
    }
    return next
  }
}
