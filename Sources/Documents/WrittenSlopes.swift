import Notation

/// `∂L/∂u = ∂L/∂h ⊙ d(tanh(u))`: beside quotients of derivatives, multiplied entry by entry, the
/// differential of an activation is its slope. Where another differential stands in the formula it
/// is one itself.
struct WrittenSlopes {
  static func restoring(_ formula: Formula) -> Formula {
    var slopes = 0
    let restored = restoring(formula, &slopes)
    return slopes > 0 && differentials(in: formula) == slopes ? restored : formula
  }

  private static func restoring(_ formula: Formula, _ slopes: inout Int) -> Formula {
    guard case .binary(.hadamard, let a, let b) = formula.kind else {
      return formula.mappingChildren { restoring($0, &slopes) }
    }
    let isBesideQuotient = factors(of: formula).contains { isQuotient($0) }
    let (left, right) = (
      factor(a, isBesideQuotient, &slopes), factor(b, isBesideQuotient, &slopes)
    )
    return Formula(.binary(.hadamard, left, right), formula.span)
  }

  private static func factor(
    _ formula: Formula, _ isBesideQuotient: Bool, _ slopes: inout Int
  ) -> Formula {
    guard isBesideQuotient, let slope = slope(formula) else {
      return restoring(formula, &slopes)
    }
    slopes += 1
    return slope
  }

  private static func factors(of formula: Formula) -> [Formula] {
    guard case .binary(.hadamard, let a, let b) = formula.kind else { return [formula] }
    return factors(of: a) + factors(of: b)
  }

  private static func isQuotient(_ formula: Formula) -> Bool {
    guard case .fraction(let above, let below) = formula.kind else { return false }
    return Elaborator.partialHead(above) != nil && Elaborator.partialHead(below) != nil
  }

  /// `d(f(z))`, `d f(z)` as `f'(z)`.
  private static func slope(_ formula: Formula) -> Formula? {
    guard case .juxtaposition(var items) = formula.kind, isDifferential(items[0]) else {
      return nil
    }
    items.removeFirst()
    if items.count == 1, case .juxtaposition(let inner) = items[0].unfenced.kind { items = inner }
    guard items.count == 2, let name = items[0].identifier, items[1].isParenthesised,
      case .elementwise? = StandardFunction(name)
    else { return nil }
    let head = Formula(.scripts(items[0], below: nil, above: nil, primes: 1), items[0].span)
    return Formula(.juxtaposition([head, items[1]]), formula.span)
  }

  private static func isDifferential(_ formula: Formula) -> Bool {
    formula.identifier.map { $0.name == "d" && $0.decorations.isEmpty } ?? false
  }

  /// How many differentials stand outside of quotients.
  private static func differentials(in formula: Formula) -> Int {
    if isQuotient(formula) { return 0 }
    if isDifferential(formula) { return 1 }
    return formula.children.reduce(0) { $0 + differentials(in: $1) }
  }
}
