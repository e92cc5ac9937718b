extension Parser {
  struct Scripts {
    var below: Formula?
    var above: Formula?
    var primes = 0
    /// Whether a bar stands before them.
    var isEvaluation = false

    var isEmpty: Bool { below == nil && above == nil && primes == 0 }
  }

  /// A base with the scripts that follow; a second script of one kind stands on the first ones.
  mutating func scripted(_ base: Formula, from start: Int) -> Formula {
    var base = base
    var layers = 0
    while true {
      let scripts = scripts()
      guard !scripts.isEmpty else { return base }
      if scripts.isEvaluation { base = Formula(.fenced(.evaluated, base), base.span) }
      base = Formula(
        .scripts(base, below: scripts.below, above: scripts.above, primes: scripts.primes),
        base.span.union(span(start, index)))
      layers += 1
      guard layers < 3 else { return base }
    }
  }

  /// The scripts up to the first that repeats a kind.
  mutating func scripts() -> Scripts {
    var scripts = Scripts()
    while let token {
      switch token.kind {
      case .prime(let count):
        scripts.primes += count
        index += 1
      case .evaluation:
        scripts.isEvaluation = true
        index += 1
      case .below where scripts.below == nil:
        index += 1
        let (formula, primes) = script(after: index - 1)
        scripts.below = formula
        scripts.primes += primes
      case .above where scripts.above == nil:
        index += 1
        let (formula, primes) = script(after: index - 1)
        scripts.above = formula.map(Parser.transposing)
        scripts.primes += primes
      default: return scripts
      }
    }
    return scripts
  }

  /// What stands in a script; primes at its head are counted apart.
  private mutating func script(after sign: Int) -> (Formula?, primes: Int) {
    guard let token else { return (missing(sign), 0) }
    // A font around reaches over letters, not over their indices: `\mathbf{C_t}`.
    let saved = font
    font = nil
    defer { font = saved }
    switch token.kind {
    case .prime(let count):
      index += 1
      return (nil, count)
    case .openBrace where token.partner >= 0:
      return group(token.partner)
    case .plus, .minus, .binary:
      index += 1
      if token.kind == .minus, let next = self.token, next.kind == .number, !next.isSpaced {
        index += 1
        let number = Formula(.number(next.text), next.span)
        let term = Formula.SignedTerm(isNegative: true, term: number)
        return (Formula(.sum([term]), token.span.union(next.span)), 0)
      }
      return (Formula(.identifier(Formula.Identifier(Parser.name(of: token))), token.span), 0)
    case .big, .below, .above, .closeBrace, .close, .end: return (missing(sign), 0)
    default:
      guard startsOperand else { return (missing(sign), 0) }
      return (argument(after: sign), 0)
    }
  }

  private func missing(_ sign: Int) -> Formula {
    Formula(.unread(written(tokens[sign].span), .missingArgument), here)
  }

  private mutating func group(_ close: Int) -> (Formula?, primes: Int) {
    var first = index + 1
    var primes = 0
    while first < close, case .prime(let count) = tokens[first].kind {
      primes += count
      first += 1
    }
    defer { index = close + 1 }
    if first == close, primes > 0 { return (nil, primes) }
    return (angled(first, close) ?? contents(first, close), primes)
  }

  /// `a^{<t>}`: the time in angle brackets.
  private mutating func angled(_ first: Int, _ close: Int) -> Formula? {
    guard close > first + 2, tokens[first].kind == .relation(.less),
      let last = tokens[first..<close].firstIndex(where: { $0.kind == .relation(.greater) }),
      last > first + 1
    else { return nil }
    let inner = contents(first + 1, last)
    let fenced = Formula(.fenced(.angle, inner), span(first, last + 1))
    guard last + 1 < close else { return fenced }
    let rest = contents(last + 1, close)
    return Formula(.juxtaposition([fenced, rest]), span(first, close))
  }

  /// An upright or sans-serif T above is the sign of the transpose.
  static func transposing(_ formula: Formula) -> Formula {
    switch formula.kind {
    case .identifier(let identifier)
    where identifier.name == "T" && identifier.decorations.isEmpty
      && (identifier.font == .upright || identifier.font == .sansSerif):
      return Formula(.identifier(Formula.Identifier("top")), formula.span)
    case .juxtaposition(let factors):
      return Formula(.juxtaposition(factors.map(transposing)), formula.span)
    case .sum(let terms):
      let mapped = terms.map {
        Formula.SignedTerm(isNegative: $0.isNegative, term: transposing($0.term))
      }
      return Formula(.sum(mapped), formula.span)
    default: return formula
    }
  }
}
