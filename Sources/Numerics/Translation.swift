import Expressions

/// One case per kind of node.
extension Laboratory {
  mutating func translate(
    _ expression: Expression, _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    switch workspace[expression] {
    case .number(let value), .decimal(let value, _): return constant(value)
    case .variable(let variable):
      return try read(variable, environment, workspace, in: expression)
    case .timeValue(let time): return constant(Rational(try value(of: time, environment)))
    case .dimensionValue(let dimension):
      return constant([Double(try axis(of: dimension).size)], [])
    case .identity(let dimension): return identity(try axis(of: dimension))
    case .ones(let shape): return filled(1, try axes(of: shape))
    case .zero(let shape): return filled(0, try axes(of: shape))
    case .unitVector(let index, let dimension):
      let axis = try axis(of: dimension)
      let place = try place(of: index, environment, within: axis.size, in: expression)
      return constant(
        (0..<axis.size).map { $0 == place ? 1 : 0 }, Slot.canonical([axis]))
    case .delta(let a, let b):
      let first = try place(of: a, environment, within: .max, in: expression)
      let second = try place(of: b, environment, within: .max, in: expression)
      return constant([first == second ? 1 : 0], [])
    case .sum(let terms): return try sum(terms, expression, environment, workspace)
    case .negative(let operand):
      let slot = try compile(operand, environment, workspace)
      return try emit(.negate, slot.axes, expression, a: slot.start)
    case .product(let factors):
      if try vanishes(expression, environment, workspace) {
        return filled(0, try axes(of: expression, workspace))
      }
      guard let first = factors.first else { return filled(1, []) }
      var result = try compile(first, environment, workspace)
      for factor in factors.dropFirst() {
        result = try product(result, try compile(factor, environment, workspace), expression)
      }
      return result
    case .hadamard(let factors):
      if try vanishes(expression, environment, workspace) {
        return filled(0, try axes(of: expression, workspace))
      }
      guard let first = factors.first else { return filled(1, []) }
      var result = try compile(first, environment, workspace)
      for factor in factors.dropFirst() {
        result = try entrywise(
          .multiply, result, try compile(factor, environment, workspace), expression)
      }
      return result
    case .quotient(let a, let b):
      let above = try compile(a, environment, workspace)
      let below = try compile(b, environment, workspace)
      return try entrywise(.divide, above, below, expression)
    case .power(let base, let exponent):
      return try power(base, exponent, expression, environment, workspace)
    case .transpose(let operand):
      return try transpose(try compile(operand, environment, workspace), expression)
    case .apply(let function, let derivative, let argument):
      let slot = try compile(argument, environment, workspace)
      if case .generic(let symbol) = function {
        return try emit(
          .drawn(derivative: derivative), slot.axes, expression, a: slot.start,
          b: drawnFunction(symbol, workspace))
      }
      return try emit(
        .apply(function, derivative: derivative), slot.axes, expression, a: slot.start)
    case .maximum(let a, let b):
      let first = try compile(a, environment, workspace)
      return try entrywise(.larger, first, try compile(b, environment, workspace), expression)
    case .tensorFunction(let function, let argument):
      return try apply(function, try compile(argument, environment, workspace), expression)
    case .kronecker(let a, let b):
      let first = try compile(a, environment, workspace)
      return try kronecker(first, try compile(b, environment, workspace), expression)
    case .stack(let rows, let columns, let blocks):
      return try stack(rows, columns, blocks, expression, environment, workspace)
    case .entry(let operand, let indices):
      let slot = try compile(operand, environment, workspace)
      let cell = try cell(of: indices, in: slot, expression, environment)
      return Slot(start: slot.start + cell, axes: [])
    case .indexSum(let label, let body):
      return try indexSum(label, body, expression, environment, workspace)
    case .tabulate(let labels, let body):
      return try tabulated(labels, body, environment, workspace)
    case .timeSum(let symbol, let from, let through, let body):
      return try timeSum(symbol, from, through, body, expression, environment, workspace)
    case .timeProduct(let symbol, let from, let through, let body, let order):
      return try timeProduct(
        symbol, from, through, body, order, expression, environment, workspace)
    case .iverson(let conditions):
      for condition in conditions where try value(of: condition, environment) < 0 {
        return filled(0, [])
      }
      return filled(1, [])
    case .pathProduct(let path):
      return try pathProduct(path, expression, environment, workspace)
    case .opaque(let function, let time, let arguments):
      let moment = try time.map { time throws(MeasurementFailure) in
        try value(of: time, environment)
      }
      return try opaque(
        function, moment, slots: [], arguments, expression, environment, workspace)
    case .opaquePartial(let function, let time, let slots, let arguments):
      let moment = try time.map { time throws(MeasurementFailure) in
        try value(of: time, environment)
      }
      return try opaque(
        function, moment, slots: slots, arguments, expression, environment, workspace)
    case .derivative(let numerator, let denominator, let intervention):
      return try derivative(
        of: numerator, by: denominator, intervention, expression, environment, workspace)
    case .differential(let operand):
      return try differential(operand, expression, environment, workspace)
    case .elided: throw .unsupported(expression)
    }
  }

  func axes(
    of expression: Expression, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> [Axis] {
    let shape: Shape
    do throws(ShapeMismatch) {
      shape = try workspace.shape(of: expression)
    } catch {
      throw .mismatch(error)
    }
    return try axes(of: shape)
  }

  mutating func filled(_ value: Double, _ axes: [Axis]) -> Slot {
    let slot = Slot(start: 0, axes: axes)
    return constant([Double](repeating: value, count: slot.count), axes)
  }

  mutating func identity(_ axis: Axis) -> Slot {
    let n = axis.size
    return constant(
      (0..<(n * n)).map { $0 / n == $0 % n ? 1 : 0 }, Slot.canonical([axis, axis]))
  }

  /// Whether a factor is a condition that does not hold, so that the others need not exist.
  private func vanishes(
    _ expression: Expression, _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Bool {
    switch workspace[expression] {
    case .iverson(let conditions):
      for condition in conditions where try value(of: condition, environment) < 0 { return true }
      return false
    case .product(let factors), .hadamard(let factors):
      for factor in factors where try vanishes(factor, environment, workspace) { return true }
      return false
    case .negative(let operand), .transpose(let operand):
      return try vanishes(operand, environment, workspace)
    default: return false
    }
  }

  // MARK: Products and sums

  private mutating func sum(
    _ terms: [Expression], _ origin: Expression, _ environment: Environment,
    _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    guard let first = terms.first else { return filled(0, []) }
    var result = try compile(first, environment, workspace)
    for term in terms.dropFirst() {
      if case .negative(let operand) = workspace[term] {
        result = try entrywise(
          .subtract, result, try compile(operand, environment, workspace), origin)
      } else {
        result = try entrywise(.add, result, try compile(term, environment, workspace), origin)
      }
    }
    return result
  }

  /// Entry by entry: scalars and rows are repeated.
  mutating func entrywise(
    _ operation: Instruction.Operation, _ lhs: Slot, _ rhs: Slot, _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    let axes: [Axis]
    if lhs.axes == rhs.axes || rhs.isScalar {
      axes = lhs.axes
    } else if lhs.isScalar {
      axes = rhs.axes
    } else if lhs.isRow, rhs.isMatrix, lhs.axes[1] == rhs.axes[1] {
      axes = rhs.axes
    } else if rhs.isRow, lhs.isMatrix, lhs.axes[1] == rhs.axes[1] {
      axes = lhs.axes
    } else {
      throw .shapes(origin)
    }
    return try emit(
      operation, axes, origin, a: lhs.start, b: rhs.start, p: lhs.count, q: rhs.count)
  }

  /// Juxtaposition: scalars scale, else the neighbouring axes are contracted.
  mutating func product(
    _ lhs: Slot, _ rhs: Slot, _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    if lhs.isScalar || rhs.isScalar { return try entrywise(.multiply, lhs, rhs, origin) }
    if lhs.isVector {
      guard rhs.isRow else { throw .shapes(origin) }
      return try contract(lhs, rhs, 1, [lhs.axes[0], rhs.axes[1]], origin)
    }
    guard let inner = lhs.axes.last, inner == rhs.axes[0] else { throw .shapes(origin) }
    return try contract(
      lhs, rhs, inner.size, Array(lhs.axes.dropLast()) + Array(rhs.axes.dropFirst()), origin)
  }

  mutating func contract(
    _ lhs: Slot, _ rhs: Slot, _ inner: Int, _ axes: [Axis], _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    try emit(
      .contract, Slot.canonical(axes), origin, a: lhs.start, b: rhs.start,
      p: lhs.count / max(inner, 1), q: inner, r: rhs.count / max(inner, 1))
  }

  mutating func transpose(
    _ slot: Slot, _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    switch slot.axes.count {
    case 0: return slot
    case 1: return Slot(start: slot.start, axes: [.unit, slot.axes[0]])
    case 2:
      let (m, n) = (slot.axes[0].size, slot.axes[1].size)
      return try gather(
        (0..<(m * n)).map { slot.start + $0 % m * n + $0 / m },
        Slot.canonical([slot.axes[1], slot.axes[0]]), origin)
    default: throw .shapes(origin)
    }
  }

  private mutating func power(
    _ base: Expression, _ exponent: Expression, _ origin: Expression, _ environment: Environment,
    _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    let slot = try compile(base, environment, workspace)
    let fixed = try number(exponent, environment, workspace)
    if slot.isMatrix, !slot.isRow {
      guard slot.isSquare else { throw .shapes(origin) }
      guard let n = fixed?.exactInt, n.magnitude <= 100_000 else { throw .unsupported(origin) }
      return try matrixPower(slot, n, origin)
    }
    if slot.axes.count > 2 { throw .shapes(origin) }
    if let n = fixed?.exactInt, n.magnitude <= 100_000 {
      return try emit(.integerPower, slot.axes, origin, a: slot.start, p: n)
    }
    if let fixed, fixed == Rational(1, over: 2) {
      return try emit(.apply(.sqrt, derivative: 0), slot.axes, origin, a: slot.start)
    }
    let above = try compile(exponent, environment, workspace)
    guard above.isScalar else { throw .shapes(origin) }
    return try emit(.realPower, slot.axes, origin, a: slot.start, b: above.start)
  }

  private mutating func matrixPower(
    _ slot: Slot, _ exponent: Int, _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    if exponent == 0 { return identity(slot.axes[0]) }
    var base = slot
    if exponent < 0 {
      base = try emit(.inverse, slot.axes, origin, a: slot.start, p: slot.axes[0].size)
    }
    var rest = exponent.magnitude
    var result: Slot?
    while true {
      if rest & 1 == 1 {
        if let known = result {
          result = try product(known, base, origin)
        } else {
          result = base
        }
      }
      rest >>= 1
      if rest == 0 { break }
      base = try product(base, base, origin)
    }
    return result ?? base
  }

  /// The value of an expression of numbers and times alone; nil if anything else occurs.
  private func number(
    _ expression: Expression, _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Rational? {
    switch workspace[expression] {
    case .number(let value), .decimal(let value, _): return value
    case .timeValue(let time): return Rational(try value(of: time, environment))
    case .dimensionValue(let dimension): return Rational(try axis(of: dimension).size)
    case .negative(let operand): return try number(operand, environment, workspace).map { -$0 }
    case .sum(let terms):
      var sum = Rational.zero
      for term in terms {
        guard let value = try number(term, environment, workspace) else { return nil }
        sum = sum + value
      }
      return sum
    case .product(let factors):
      var product = Rational.one
      for factor in factors {
        guard let value = try number(factor, environment, workspace) else { return nil }
        product = product * value
      }
      return product
    case .quotient(let a, let b):
      guard let above = try number(a, environment, workspace),
        let below = try number(b, environment, workspace)
      else { return nil }
      return above.divided(by: below)
    default: return nil
    }
  }

  // MARK: Sums and products over time and labels

  private mutating func timeSum(
    _ symbol: TimeSymbol, _ from: Time, _ through: Time, _ body: Expression,
    _ origin: Expression, _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    let (first, last) = (try value(of: from, environment), try value(of: through, environment))
    if last < first { return filled(0, try axes(of: body, workspace)) }
    if last - first >= Laboratory.longestSum { throw .tooLarge(origin) }
    var result: Slot?
    for step in first...last {
      let term = try compile(body, environment.binding(symbol, to: step), workspace)
      if let sum = result {
        result = try entrywise(.add, sum, term, origin)
      } else {
        result = term
      }
    }
    return result ?? filled(0, [])
  }

  private mutating func timeProduct(
    _ symbol: TimeSymbol, _ from: Time, _ through: Time, _ body: Expression,
    _ order: ProductOrder, _ origin: Expression, _ environment: Environment,
    _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    let (first, last) = (try value(of: from, environment), try value(of: through, environment))
    if last < first {
      let axes = try axes(of: body, workspace)
      return axes.isEmpty ? filled(1, []) : identity(axes[0])
    }
    if last - first >= Laboratory.longestSum { throw .tooLarge(origin) }
    var result: Slot?
    for step in first...last {
      let factor = try compile(body, environment.binding(symbol, to: step), workspace)
      if let known = result {
        result =
          order.isAscending
          ? try product(known, factor, origin) : try product(factor, known, origin)
      } else {
        result = factor
      }
    }
    return result ?? filled(1, [])
  }

  private mutating func indexSum(
    _ label: IndexSymbol, _ body: Expression, _ origin: Expression, _ environment: Environment,
    _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    var result: Slot?
    for place in 0..<(try axis(of: workspace[label].dimension).size) {
      let term = try compile(body, environment.binding(label, to: place), workspace)
      if let sum = result {
        result = try entrywise(.add, sum, term, origin)
      } else {
        result = term
      }
    }
    return result ?? filled(0, [])
  }

  /// The tensor of an expression's values over all values of labels: the labels' axes come first.
  mutating func tabulated(
    _ labels: [IndexSymbol], _ body: Expression, _ environment: Environment,
    _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    if labels.isEmpty { return try compile(body, environment, workspace) }
    var axes: [Axis] = []
    for label in labels { axes.append(try axis(of: workspace[label].dimension)) }
    let count = axes.reduce(1) { $0 * $1.size }
    if count > 100_000 { throw .tooLarge(body) }
    var places: [Int] = []
    var inner: [Axis] = []
    for number in 0..<count {
      var rest = number
      var scope = environment
      for (label, axis) in zip(labels, axes).reversed() {
        scope = scope.binding(label, to: rest % axis.size)
        rest /= axis.size
      }
      let slot = try compile(body, scope, workspace)
      inner = slot.axes
      places += slot.cells
    }
    return try gather(places, Slot.canonical(axes + inner), body)
  }

  /// The product of block matrices, of which one row is followed from the latest step down.
  private mutating func pathProduct(
    _ path: PathProduct, _ origin: Expression, _ environment: Environment,
    _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    let lower = try value(of: path.lower, environment)
    let upper = try value(of: path.upper, environment)
    if upper < lower { throw .unsupported(origin) }
    func block(_ row: Int, _ column: Int) -> Expression { path.blocks[row * path.size + column] }
    if upper == lower {
      let own = try axes(of: block(path.row, path.column), workspace)
      if path.row != path.column { return filled(0, own) }
      let size = own.prefix(own.count / 2).reduce(1) { $0 * $1.size }
      return constant((0..<(size * size)).map { $0 / size == $0 % size ? 1 : 0 }, own)
    }
    var row: [Slot] = []
    for column in 0..<path.size {
      row.append(
        try compile(
          block(path.row, column), environment.binding(path.step, to: upper), workspace))
    }
    for step in stride(from: upper - 1, to: lower, by: -1) {
      let inner = environment.binding(path.step, to: step)
      var sizes: [Int] = []
      for part in 0..<path.size {
        let square = try compile(block(part, part), inner, workspace)
        sizes.append(square.axes.prefix(square.axes.count / 2).reduce(1) { $0 * $1.size })
      }
      var next: [Slot] = []
      for column in 0..<path.size {
        var sum: Slot?
        for part in 0..<path.size {
          let factor = try compile(block(part, column), inner, workspace)
          let kept = try axes(of: block(path.row, column), workspace)
          let term = try contractFlat(
            row[part], factor, over: sizes[part], to: kept, origin)
          if let known = sum {
            sum = try entrywise(.add, known, term, origin)
          } else {
            sum = term
          }
        }
        if let sum { next.append(sum) }
      }
      row = next
    }
    return row[path.column]
  }

  /// A contraction of flattened tensors whose result has the given axes.
  private mutating func contractFlat(
    _ lhs: Slot, _ rhs: Slot, over inner: Int, to axes: [Axis], _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    let (p, r) = (lhs.count / max(inner, 1), rhs.count / max(inner, 1))
    guard p * r == axes.reduce(1, { $0 * $1.size }) else { throw .shapes(origin) }
    return try emit(
      .contract, axes, origin, a: lhs.start, b: rhs.start, p: p, q: inner, r: r)
  }
}
