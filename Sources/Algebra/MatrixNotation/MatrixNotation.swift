import Expressions

/// Index forms written for people again: as matrices where each label joins at most two axes in a
/// row, as entries and index sums elsewhere.
extension Prover {
  /// Nil where a time sum has no ends that can be written.
  mutating func notation(
    of form: Form, axes: [Label], shape: Shape, _ workspace: inout Workspace
  ) -> Expression? {
    if form.isEmpty {
      return shape.isScalar ? workspace.number(0) : workspace.expression(.zero(shape))
    }
    var terms: [Expression] = []
    for term in form {
      guard let written = notation(of: term, axes: axes, shape: shape, &workspace) else {
        return nil
      }
      terms.append(written)
    }
    return workspace.sum(terms)
  }

  private mutating func notation(
    of term: Term, axes: [Label], shape: Shape, _ workspace: inout Workspace
  ) -> Expression? {
    guard let sums = bounds(of: term) else { return nil }
    var names: [TimeVariable: TimeSymbol] = [:]
    let taken = workspace.timeNames
    var letters = ["k", "j", "i", "s", "r", "q", "p"].filter { name in
      !term.zone.variables.contains { variable in
        variable > 0 && variable < 1 << 20 && Int(variable) <= taken.count
          && taken[Int(variable) - 1] == name
      }
    }
    for sum in sums.ranges {
      let name = letters.isEmpty ? "k" : letters.removeFirst()
      names[sum.variable] = workspace.time(named: name)
    }
    let saved = (timeNames, writtenZone)
    for range in sums.ranges { timeNames[range.variable] = names[range.variable] }
    writtenZone = term.zone
    defer { (timeNames, writtenZone) = saved }
    var body = term
    let isNegative = term.coefficient.isLedByNegative
    if isNegative { body.coefficient = -term.coefficient }
    guard var written = self.body(of: body, axes: axes, shape: shape, &workspace) else {
      return nil
    }
    for range in sums.ranges.reversed() {
      guard let symbol = names[range.variable], let from = time(Affine(range.from)),
        let through = time(Affine(range.through))
      else { return nil }
      if !range.conditions.isEmpty {
        guard let bracket = bracket(range.conditions, &workspace) else { return nil }
        written = workspace.product([bracket] + factors(of: written, workspace))
      }
      written = workspace.expression(
        .timeSum(symbol, from: from, through: through, written))
    }
    if !sums.conditions.isEmpty {
      guard let bracket = bracket(sums.conditions, &workspace) else { return nil }
      written = workspace.product([bracket] + factors(of: written, workspace))
    }
    return isNegative ? workspace.expression(.negative(written)) : written
  }

  private func factors(
    of expression: Expression, _ workspace: borrowing Workspace
  ) -> [Expression] {
    if case .product(let factors) = workspace[expression] { return factors }
    return [expression]
  }

  // MARK: Times

  private struct Range {
    var variable: TimeVariable
    var from: Moment
    var through: Moment
    var conditions: [Zone.Constraint]
  }

  /// The sums over a term's bound times, outermost first, and what else the zone demands.
  private func bounds(
    of term: Term
  ) -> (ranges: [Range], conditions: [Zone.Constraint])? {
    var zone = term.zone
    var ranges: [Range] = []
    var known = context
    var rest = term.times
    while !rest.isEmpty {
      var best: (place: Int, below: [Moment], above: [Moment])?
      for (place, variable) in rest.enumerated() {
        var below: [Moment] = []
        var above: [Moment] = []
        for other in zone.variables where other != variable {
          if let limit = zone.limit(variable, other) { above.append(Moment(other, limit)) }
          if let limit = zone.limit(other, variable) { below.append(Moment(other, -limit)) }
        }
        let outer = zone.removing(variable)
        below = Prover.tightest(below, in: outer, greatest: true)
        above = Prover.tightest(above, in: outer, greatest: false)
        if below.isEmpty || above.isEmpty { continue }
        let cost = below.count + above.count
        if best == nil || cost <= (best?.below.count ?? 0) + (best?.above.count ?? 0) {
          best = (place, below, above)
        }
      }
      guard let best else { return nil }
      let variable = rest.remove(at: best.place)
      zone = zone.removing(variable)
      var conditions: [Zone.Constraint] = []
      for bound in best.below.dropFirst() {
        conditions.append(Zone.Constraint(a: bound.base, b: variable, limit: -bound.offset))
      }
      for bound in best.above.dropFirst() {
        conditions.append(Zone.Constraint(a: variable, b: bound.base, limit: bound.offset))
      }
      ranges.insert(
        Range(
          variable: variable, from: best.below[0], through: best.above[0],
          conditions: conditions), at: 0)
    }
    // A sum that is empty where it may be needs no condition.
    for range in ranges where known.implies(range.from + -1, atMost: range.through) {
      known.require(range.from, atMost: range.through)
    }
    let conditions = zone.essentials(beyond: known)
    return (ranges, conditions)
  }

  private static func tightest(
    _ bounds: [Moment], in zone: Zone, greatest: Bool
  ) -> [Moment] {
    var kept: [Moment] = []
    for (n, bound) in bounds.enumerated() {
      let isBeaten = bounds.enumerated().contains { m, other in
        if m == n { return false }
        let weaker =
          greatest ? zone.implies(bound, atMost: other) : zone.implies(other, atMost: bound)
        let stronger =
          greatest ? zone.implies(other, atMost: bound) : zone.implies(bound, atMost: other)
        return weaker && (!stronger || m < n)
      }
      if !isBeaten { kept.append(bound) }
    }
    return kept
  }

  private func bracket(
    _ conditions: [Zone.Constraint], _ workspace: inout Workspace
  ) -> Expression? {
    var times: [Time] = []
    for condition in conditions {
      // a - b ≤ limit
      let slack = Affine(Moment(condition.b, condition.limit)) - Affine(Moment(condition.a))
      guard let time = time(slack) else { return nil }
      times.append(time)
    }
    return workspace.expression(.iverson(times))
  }

  func time(_ affine: Affine) -> Time? {
    var sum = Time(affine.constant)
    for part in affine.parts {
      let symbol: TimeSymbol
      if let name = timeNames[part.variable] {
        symbol = name
      } else if part.variable > 0, part.variable < 1 << 20 {
        symbol = TimeSymbol(id: UInt32(part.variable - 1))
      } else {
        return nil
      }
      sum = sum + Time(symbol).scaled(by: part.coefficient)
    }
    return sum
  }

  func time(_ moment: Moment) -> Time? { time(Affine(moment)) }

  func expression(
    of coefficient: Polynomial, _ workspace: inout Workspace
  ) -> Expression? {
    var terms: [Expression] = []
    for monomial in coefficient.monomials {
      var factors: [Expression] = []
      let isNegative = monomial.coefficient.signum < 0
      let magnitude = isNegative ? -monomial.coefficient : monomial.coefficient
      if !magnitude.isOne || monomial.powers.isEmpty {
        factors.append(workspace.number(magnitude))
      }
      for power in monomial.powers {
        let base: Expression
        if power.variable >= Polynomial.dimensions {
          let symbol = DimensionSymbol(id: UInt32(power.variable - Polynomial.dimensions))
          base = workspace.expression(.dimensionValue(Dimension(symbol)))
        } else {
          guard let time = time(Moment(power.variable)) else { return nil }
          base = workspace.expression(.timeValue(time))
        }
        if power.exponent == 1 {
          factors.append(base)
        } else {
          let exponent = workspace.number(power.exponent)
          factors.append(workspace.expression(.power(base, exponent)))
        }
      }
      let term = workspace.product(factors)
      terms.append(isNegative ? workspace.expression(.negative(term)) : term)
    }
    return workspace.sum(terms)
  }

  // MARK: Factors

  /// The tensor that a factor's head is at its times, with the axes in the order of its labels.
  mutating func tensor(
    _ factor: Factor, _ workspace: inout Workspace
  ) -> Expression? {
    let base: Expression
    switch table.kind(factor) {
    case .pairing: return nil
    case .delta:
      let label = factor.labels.max() ?? 0
      guard label >= 0 else { return nil }
      let dimension = table.dimensions[Int(table.labels[Int(label)].dimension)]
      return workspace.expression(.identity(dimension))
    case .symbol(let symbol, let timed, let copied),
      .differential(let symbol, let timed, let copied):
      var times: [Time] = []
      for moment in factor.times {
        guard let time = time(moment) else { return nil }
        times.append(time)
      }
      let variable = workspace.variable(
        symbol, at: timed ? times.first : nil, copy: copied ? times.last : nil)
      if case .differential = table.kind(factor) {
        base = workspace.expression(.differential(variable))
      } else {
        base = variable
      }
    case .part(let whole, let blocks):
      var entire = factor
      entire.head = whole
      entire.exponent = .one
      guard let tensor = tensor(entire, &workspace),
        let part = part(of: tensor, blocks, &workspace)
      else { return nil }
      base = part
    case .apply(let function, 1, let key)
    where slope(function, key, factor, &workspace) != nil:
      guard let slope = slope(function, key, factor, &workspace) else { return nil }
      base = slope
    case .apply(let function, let n, let key):
      guard let argument = tensor(key, factor.times, factor.labels, &workspace) else { return nil }
      base = workspace.expression(.apply(function, derivative: n, argument))
    case .softmax(let key):
      guard let argument = tensor(key, factor.times, factor.labels, &workspace) else { return nil }
      base = workspace.expression(.tensorFunction(.softmax, argument))
    case .bracket(let key):
      guard let sum = tensor(key, factor.times, factor.labels, &workspace) else { return nil }
      base = sum
    case .matrixPower(let key):
      let dimension = squareDimensions[key] ?? 0
      let labels = [table.label(overNumber: dimension), table.label(overNumber: dimension)]
      guard let matrix = tensor(key, factor.times, labels, &workspace),
        let exponent = exponent(factor.exponent, &workspace)
      else { return nil }
      return workspace.expression(.power(matrix, exponent))
    case .determinant(let key):
      let dimension = squareDimensions[key] ?? 0
      let labels = [table.label(overNumber: dimension), table.label(overNumber: dimension)]
      guard let matrix = tensor(key, factor.times, labels, &workspace) else { return nil }
      base = workspace.expression(.tensorFunction(.determinant, matrix))
    case .largest(let key):
      guard let labels = labels(of: key),
        let argument = tensor(key, factor.times, labels, &workspace)
      else { return nil }
      base = workspace.expression(.tensorFunction(.maximum, argument))
    case .path(let system, let row, let column):
      guard let path = path(system, row, column, factor, &workspace) else { return nil }
      base = path
    case .opaque(let function, let timed, let slots, let keys):
      var times = factor.times
      var at: Time?
      if timed {
        guard let own = time(times.removeFirst()) else { return nil }
        at = own
      }
      var arguments: [Expression] = []
      for key in keys {
        let count = table.forms[Int(key)].slotCount
        guard let labels = labels(of: key),
          let argument = tensor(key, Array(times.prefix(count)), labels, &workspace)
        else { return nil }
        arguments.append(argument)
        times.removeFirst(count)
      }
      base =
        slots.isEmpty
        ? workspace.expression(.opaque(function, at: at, arguments))
        : workspace.expression(.opaquePartial(function, at: at, slots: slots, arguments))
    }
    if factor.exponent == .one { return base }
    guard factor.labels.count < 2, let exponent = exponent(factor.exponent, &workspace) else {
      return nil
    }
    return workspace.expression(.power(base, exponent))
  }

  /// σ′ and tanh′ by the node that σ or tanh makes: f ⊙ (1 - f), 1 - h ⊙ h; nil if that is not asked
  /// for or there is none.
  private mutating func slope(
    _ function: ElementwiseFunction, _ key: FormKey, _ factor: Factor,
    _ workspace: inout Workspace
  ) -> Expression? {
    guard namesSlopes, function == .sigmoid || function == .tanh,
      let node = folded(function, key, factor.labels, factor.times, writtenZone),
      node.labels == factor.labels || node.labels == factor.labels.reversed(),
      var value = tensor(node, &workspace)
    else { return nil }
    if node.labels != factor.labels { value = workspace.expression(.transpose(value)) }
    let left = function == .tanh ? workspace.expression(.hadamard([value, value])) : value
    let rest = workspace.expression(.negative(left))
    let complement = workspace.expression(.sum([workspace.number(1), rest]))
    return function == .tanh
      ? complement : workspace.expression(.hadamard([value, complement]))
  }

  /// The blocks of a vector or matrix, cut out by [0; I; 0].
  private func part(
    of whole: Expression, _ blocks: [Int32], _ workspace: inout Workspace
  ) -> Expression? {
    if blocks.count > 2 { return nil }
    var factors = [whole]
    for (axis, number) in blocks.enumerated() where number >= 0 {
      let block = table.blocks[Int(number)]
      let own = block.partition[block.number]
      var column: [Expression] = []
      for (n, height) in block.partition.enumerated() {
        column.append(
          n == block.number
            ? workspace.expression(.identity(own))
            : workspace.expression(.zero(Shape([height, own]))))
      }
      let selection = workspace.expression(.stack(rows: column.count, columns: 1, column))
      if axis == 0 {
        factors.insert(workspace.expression(.transpose(selection)), at: 0)
      } else {
        factors.append(selection)
      }
    }
    return workspace.product(factors)
  }

  private func exponent(_ exponent: Affine, _ workspace: inout Workspace) -> Expression? {
    if let n = exponent.literal { return workspace.number(n) }
    if exponent.parts.allSatisfy({ $0.variable >= Polynomial.dimensions }) {
      var size = Dimension(exponent.constant)
      for part in exponent.parts {
        let symbol = DimensionSymbol(id: UInt32(part.variable - Polynomial.dimensions))
        size = size + Dimension(part.coefficient) * Dimension(symbol)
      }
      return workspace.expression(.dimensionValue(size))
    }
    return time(exponent).map { workspace.expression(.timeValue($0)) }
  }

  /// Fresh labels for a stored form's axes, with the dimensions of the labels that stand there.
  private mutating func labels(of key: FormKey) -> [Label]? {
    let stored = table.forms[Int(key)]
    guard let dimensions = formDimensions[key] else {
      return stored.labelCount == 0 ? [] : nil
    }
    return dimensions.map { table.label(overNumber: $0) }
  }

  private mutating func tensor(
    _ key: FormKey, _ times: [Moment], _ like: [Label], _ workspace: inout Workspace
  ) -> Expression? {
    var labels: [Label] = []
    var dimensions: [Dimension] = []
    for label in like {
      guard label >= 0 else { return nil }
      let new = table.label(overNumber: table.labels[Int(label)].dimension)
      labels.append(new)
      dimensions.append(table.dimensions[Int(table.labels[Int(label)].dimension)])
    }
    do throws(Failure) {
      let form = try instantiate(key, labels, times)
      if let node = named(form, workspace), let name = tensor(node, &workspace) {
        if node.labels == labels { return name }
        if node.labels == labels.reversed() { return workspace.expression(.transpose(name)) }
      }
      return notation(
        of: try hosted(form), axes: labels, shape: Shape(dimensions).canonical, &workspace)
    } catch {
      return nil
    }
  }

  private mutating func path(
    _ key: SystemKey, _ row: Int, _ column: Int, _ factor: Factor, _ workspace: inout Workspace
  ) -> Expression? {
    let system = table.systems[Int(key)]
    let step = workspace.time(named: "i")
    let variable = table.freshTime()
    timeNames[variable] = step
    let saved = context
    context.require(factor.times[0] + 1, atMost: Moment(variable))
    context.require(Moment(variable), atMost: factor.times[1])
    defer { context = saved }
    var blocks: [Expression] = []
    for r in 0..<system.size {
      for c in 0..<system.size {
        let block = system.blocks[r * system.size + c]
        let times = block.times.map { slot -> Moment in
          slot.base == -1
            ? Moment(variable, slot.offset)
            : factor.times[Int(2 + (-2 - slot.base))] + slot.offset
        }
        let axes = system.isDiagonal ? system.axes[r] : system.axes[r] + system.axes[c]
        let labels = axes.map { table.label(overNumber: $0) }
        guard let written = tensor(block.form, times, labels, &workspace) else { return nil }
        blocks.append(
          system.isDiagonal
            ? workspace.expression(.tensorFunction(.diag, written)) : written)
      }
    }
    guard let lower = time(factor.times[0]), let upper = time(factor.times[1]) else { return nil }
    let path = workspace.expression(
      .pathProduct(
        PathProduct(
          step: step, lower: lower, upper: upper, row: row, column: column, blocks: blocks,
          size: system.size)))
    return system.isDiagonal ? workspace.expression(.tensorFunction(.diag, path)) : path
  }
}
