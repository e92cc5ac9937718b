import Notation

/// `\tanh' = 1 - \tanh^2`, `\frac{d\sigma}{da} = \sigma(1 - \sigma)`: an equation between functions without arguments is one between their
/// values.
struct LoneFunctions {
  /// A letter of the page's that nothing else bears.
  private let argument: Formula.Identifier

  init(surveying formulas: [Formula]) {
    argument =
      .unused(of: ["u", "z", "s", "x", "v", "q", "p"], in: formulas) ?? Formula.Identifier("u")
  }

  func restoring(_ formula: Formula) -> Formula {
    switch formula.kind {
    case .list(let items): return Formula(.list(items.map { restoring($0) }), formula.span)
    case .relations(let written, let members):
      let left = Self.slope(written) ?? written
      guard let head = Self.head(left), head.primes > 0,
        members.allSatisfy({ $0.sign == .equal || $0.sign == .defines }),
        ([left] + members.map { $0.formula }).allSatisfy({ isOf(head.name, $0) })
      else { return formula }
      let applied = members.map {
        Formula.RelationMember(sign: $0.sign, signSpan: $0.signSpan, formula: applying($0.formula))
      }
      return Formula(.relations(applying(left), applied), formula.span)
    default: return formula
    }
  }

  /// `\frac{d\sigma}{da}` as σ′.
  private static func slope(_ formula: Formula) -> Formula? {
    guard case .fraction(let above, let below) = formula.kind,
      let top = Elaborator.partialHead(above)?.rest, top.count == 1, head(top[0])?.primes == 0,
      let bottom = Elaborator.partialHead(below)?.rest, bottom.count == 1,
      bottom[0].identifier != nil
    else { return nil }
    return Formula(.scripts(top[0], below: nil, above: nil, primes: 1), formula.span)
  }

  private static func head(_ formula: Formula) -> (name: Formula.Identifier, primes: Int)? {
    var (base, count) = (formula, 0)
    if case .scripts(let inner, nil, let above, let primes) = formula.kind {
      if let above, AffineLetters(above)?.isLiteral != true { return nil }
      (base, count) = (inner, primes)
    }
    guard let name = base.identifier, case .elementwise? = StandardFunction(name) else {
      return nil
    }
    return (name, count)
  }

  /// Whether a formula is made of numbers and the function alone, which nowhere has an argument.
  private func isOf(_ name: Formula.Identifier, _ formula: Formula) -> Bool {
    if let head = Self.head(formula) { return head.name == name }
    switch formula.kind {
    case .number: return true
    case .sum(let terms): return terms.allSatisfy { isOf(name, $0.term) }
    case .juxtaposition(let items):
      // `σ(1 - σ)` is a product: what stands in the parentheses is made of the function.
      return items.allSatisfy { isOf(name, $0) }
    case .fenced(.parentheses, let inner), .fenced(.brackets, let inner): return isOf(name, inner)
    case .binary(_, let a, let b): return isOf(name, a) && isOf(name, b)
    case .fraction(let a, let b): return isOf(name, a) && isOf(name, b)
    case .scripts(let base, nil, let above?, 0):
      return AffineLetters(above)?.isLiteral == true && isOf(name, base)
    default: return false
    }
  }

  private func applying(_ formula: Formula) -> Formula {
    guard Self.head(formula) == nil else {
      let letter = Formula(.identifier(argument), formula.span)
      let fenced = Formula(.fenced(.parentheses, letter), formula.span)
      return Formula(.juxtaposition([formula, fenced]), formula.span)
    }
    guard case .juxtaposition(let items) = formula.kind else {
      return formula.mappingChildren { applying($0) }
    }
    // The values are numbers, or multiply entry by entry.
    let numbers = items.prefix { if case .number = $0.kind { true } else { false } }
    guard var product = items.dropFirst(numbers.count).first.map({ applying($0) }) else {
      return formula
    }
    for item in items.dropFirst(numbers.count + 1) {
      product = Formula(.binary(.hadamard, product, applying(item)), formula.span)
    }
    if numbers.isEmpty { return product }
    return Formula(.juxtaposition(numbers + [product]), formula.span)
  }
}
