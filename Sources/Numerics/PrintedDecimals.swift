import Expressions

/// What comparing a printed result with a computed one says.
package enum PrintedAgreement: Hashable, Sendable {
  /// Equal to the digits shown; the largest difference, in units of the last place.
  case equal(units: Double)
  /// The number of the entry that differs, and what it should be.
  case different(entry: Int, value: Double)
  /// Neither side is printed, something is free, or the bounds are too wide.
  case unclear
}

extension Workspace {
  /// Whether an expression is nothing but printed numbers.
  package func isPrinted(_ expression: Expression) -> Bool { printed(expression) != nil }

  /// The printed entries of a side that is nothing but numbers, with the decimals after the point
  /// (nil for whole numbers and fractions); nil if anything is computed on it.
  private func printed(_ expression: Expression) -> [(value: Rational, places: Int?)]? {
    switch self[expression] {
    case .decimal(let value, let places): return [(value, places)]
    case .number(let value): return [(value, nil)]
    case .negative(let operand): return printed(operand)?.map { (-$0.value, $0.places) }
    case .quotient(let a, let b):
      guard case .number(let above) = self[a], case .number(let below) = self[b],
        let value = above.divided(by: below)
      else { return nil }
      return [(value, nil)]
    case .product(let factors) where factors.count == 2:
      // Scientific notation: a decimal times a power of ten.
      guard case .decimal(let value, let places) = self[factors[0]],
        case .power(let ten, let exponent) = self[factors[1]],
        self[ten] == .number(Rational(10)), let shift = integer(exponent),
        let factor = Rational(10).raised(to: shift)
      else { return nil }
      return [(value * factor, places - shift)]
    case .stack(_, _, let blocks):
      var entries: [(value: Rational, places: Int?)] = []
      for block in blocks {
        guard let inner = printed(block), inner.count == 1 else { return nil }
        entries += inner
      }
      return entries
    case .transpose(let operand):
      guard case .stack(let rows, let columns, _) = self[operand], rows == 1 || columns == 1 else {
        return nil
      }
      return printed(operand)
    default: return nil
    }
  }

  /// The printed numbers with the value of a closed expression in their place, rounded as they are;
  /// nil where it has no exact value or is not of the same shape.
  package mutating func reprinted(
    _ root: Expression, as computed: Expression, model: Model
  ) -> Expression? {
    guard let shown = printed(root), let exact = exactValue(of: computed, model: model),
      shown.count == exact.entries.count
    else { return nil }
    let coarsest = shown.compactMap { $0.places }.min()
    var cells: [Expression] = []
    for (entry, value) in zip(shown, exact.entries) {
      guard let places = entry.places ?? coarsest, let scale = Rational(10).raised(to: places),
        let rounded = (value * scale).rounded.divided(by: scale), !rounded.isZero || value.isZero
      else { return nil }
      let size = printing(rounded.signum < 0 ? -rounded : rounded, places: places, like: root)
      cells.append(rounded.signum < 0 ? expression(.negative(size)) : size)
    }
    if case .stack(let rows, let columns, let blocks) = self[root] {
      for (i, block) in blocks.enumerated() where printed(block)?.first?.value == shown[i].value {
        let gap = exact.entries[i] - shown[i].value
        guard let unit = Rational(10).raised(to: -(shown[i].places ?? coarsest ?? 0)) else {
          return nil
        }
        if !(unit < (gap.signum < 0 ? -gap : gap)) { cells[i] = block }
      }
      return expression(.stack(rows: rows, columns: columns, cells))
    }
    return cells.count == 1 ? cells[0] : nil
  }

  /// A rounded size: beside the same power of ten where the old one is written so.
  private mutating func printing(
    _ size: Rational, places: Int, like old: Expression
  ) -> Expression {
    switch self[old] {
    case .negative(let operand): return printing(size, places: places, like: operand)
    case .product(let factors) where factors.count == 2:
      if case .power(_, let exponent) = self[factors[1]], let shift = integer(exponent),
        places + shift >= 0, let scale = Rational(10).raised(to: -shift)
      {
        let figures = expression(.decimal(size * scale, places: places + shift))
        return expression(.product([figures, factors[1]]))
      }
    default: break
    }
    // No digit after the point is shown of what is rounded to tens.
    return expression(places < 0 ? .number(size) : .decimal(size, places: places))
  }

  private func integer(_ expression: Expression) -> Int? {
    switch self[expression] {
    case .number(let value): return value.exactInt
    case .negative(let operand): return integer(operand).map { -$0 }
    default: return nil
    }
  }

  /// Whether a closed side equals the decimals printed on the other, to the digits shown: one unit
  /// in the last place. Exact where the value is rational, by enclosures where it is not.
  package func printedAgreement(
    of lhs: Expression, and rhs: Expression, at sample: Sample = Sample(seed: 0),
    model: Model = Model(), fixing fixings: [Laboratory.Fixing] = []
  ) -> PrintedAgreement {
    func places(_ entries: [(value: Rational, places: Int?)]?) -> Int? {
      var coarsest: Int?
      for entry in entries ?? [] {
        if let own = entry.places { coarsest = min(coarsest ?? own, own) }
      }
      return coarsest
    }
    let (left, right) = (printed(lhs), printed(rhs))
    let (leftPlaces, rightPlaces) = (places(left), places(right))
    let isLeft: Bool
    switch (leftPlaces, rightPlaces) {
    case (nil, nil): return .unclear
    case (_?, nil): isLeft = true
    case (nil, _?): isLeft = false
    case (let a?, let b?): isLeft = a < b
    }
    // Nothing was rounded between two numbers printed to the same place.
    if leftPlaces == rightPlaces, let left, let right, left.count == right.count,
      let entry = left.indices.first(where: { left[$0].value != right[$0].value })
    {
      return .different(entry: entry, value: left[entry].value.approximation)
    }
    guard let shown = isLeft ? left : right, let coarsest = isLeft ? leftPlaces : rightPlaces else {
      return .unclear
    }
    // A unit may be all that a single digit shows: what is smaller is rounded up from its half on.
    func isOfOneDigit(_ value: Rational, _ unit: Rational) -> Bool {
      !value.isZero && (value.signum < 0 ? -value : value) < unit * Rational(10)
    }
    let computed = isLeft ? rhs : lhs
    let isSingle = shown.count == 1
    func unit(_ places: Int?) -> Rational {
      Rational(10).raised(to: -(places ?? coarsest)) ?? .one
    }
    if let exact = exactValue(
      of: computed, at: sample, model: model, fixing: fixings)
    {
      guard exact.entries.count == shown.count else { return .unclear }
      var worst = 0.0
      for (i, entry) in shown.enumerated() {
        let gap = exact.entries[i] - entry.value
        let size = gap.signum < 0 ? -gap : gap
        let unit = unit(entry.places)
        let isSmaller = entry.value.signum < 0 ? gap.signum > 0 : gap.signum < 0
        if unit < size || isSmaller && isOfOneDigit(entry.value, unit) && unit < size + size {
          return .different(entry: i, value: exact.entries[i].approximation)
        }
        worst = max(worst, (size.divided(by: unit) ?? .zero).approximation)
      }
      return .equal(units: worst)
    }
    guard
      let enclosed = enclosure(
        of: computed, at: sample, model: model, fixing: fixings),
      enclosed.lower.count == shown.count, !isSingle || enclosed.dimensions.isEmpty
    else { return .unclear }
    var worst = 0.0
    var isUnclear = false
    for (i, entry) in shown.enumerated() {
      let isShort = isOfOneDigit(entry.value, unit(entry.places))
      let unit = Interval(unit(entry.places))
      let gap = Interval(lower: enclosed.lower[i], upper: enclosed.upper[i]) - Interval(entry.value)
      if gap.lower > unit.upper || gap.upper < -unit.upper {
        return .different(entry: i, value: enclosed.lower[i] / 2 + enclosed.upper[i] / 2)
      }
      if isShort {
        let shrunk = entry.value.signum < 0 ? gap : Interval(lower: -gap.upper, upper: -gap.lower)
        if shrunk.lower * 2 > unit.upper {
          return .different(entry: i, value: enclosed.lower[i] / 2 + enclosed.upper[i] / 2)
        }
        if shrunk.upper * 2 > unit.lower { isUnclear = true }
      }
      if gap.lower < -unit.lower || gap.upper > unit.lower { isUnclear = true }
      worst = max(worst, gap.approximation.magnitude / unit.lower)
    }
    return isUnclear ? .unclear : .equal(units: worst)
  }
}

extension Rational {
  /// The nearest whole number.
  fileprivate var rounded: Rational {
    let doubled = numerator.magnitude * BigInteger(2) + denominator
    let whole = doubled.quotientAndRemainder(dividingBy: denominator * BigInteger(2)).quotient
    return Rational(signum < 0 ? -whole : whole, over: .one)
  }
}
