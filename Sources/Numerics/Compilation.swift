import Expressions

/// What stands for bound names while an expression is compiled.
struct Environment {
  var times: [(symbol: TimeSymbol, value: Int)] = []
  var labels: [(symbol: IndexSymbol, value: Int)] = []
  /// The time of the node whose equation is compiled; nil outside of equations.
  var step: Int?

  func binding(_ symbol: TimeSymbol, to value: Int) -> Environment {
    var result = self
    result.times.append((symbol, value))
    return result
  }
  func binding(_ label: IndexSymbol, to value: Int) -> Environment {
    var result = self
    result.labels.append((label, value))
    return result
  }
}

/// Looking up names, allocating cells, appending instructions.
extension Laboratory {
  /// The most cells a program may have.
  static let capacity = 4_000_000
  /// The most instructions of a program: what is written entry by entry soon has millions.
  static let longestProgram = 250_000
  /// The most members that a sum or product over time, and the most steps that a recurrence, may have.
  static let longestSum = 4_096

  func value(of time: Time, _ environment: Environment) throws(MeasurementFailure) -> Int {
    var sum = time.constant
    for term in time.terms {
      if let bound = environment.times.last(where: { $0.symbol == term.symbol }) {
        sum += term.coefficient * bound.value
      } else if let given = sample[term.symbol] {
        sum += term.coefficient * given
      } else {
        throw .unknownTime(term.symbol)
      }
    }
    return sum
  }

  func axis(of dimension: Dimension) throws(MeasurementFailure) -> Axis {
    guard let size = dimension.value({ sample[$0] }) else {
      throw .unknownSize(
        dimension.symbols.first { sample[$0] == nil } ?? DimensionSymbol(id: .max))
    }
    return Axis(size: max(size, 0), isUnit: dimension == .one)
  }

  func axes(of shape: Shape) throws(MeasurementFailure) -> [Axis] {
    var axes: [Axis] = []
    var count = 1
    for dimension in shape.dimensions {
      let axis = try axis(of: dimension)
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.size)
      if overflow || product > Laboratory.capacity { throw .tooManyEntries(shape) }
      count = product
      axes.append(axis)
    }
    return Slot.canonical(axes)
  }

  /// The place of an index on an axis, counted from zero.
  func place(
    of index: Index, _ environment: Environment, within size: Int, in origin: Expression
  ) throws(MeasurementFailure) -> Int {
    let place: Int
    switch index {
    case .literal(let value): place = value - 1
    case .last(let dimension): place = try axis(of: dimension).size - 1
    case .label(let label):
      guard let bound = environment.labels.last(where: { $0.symbol == label }) else {
        throw .freeLabel(label)
      }
      place = bound.value
    }
    guard (0..<size).contains(place) else { throw .indexOutOfRange(origin) }
    return place
  }

  mutating func allocate(_ axes: [Axis]) -> Slot {
    let slot = Slot(start: memory.count, axes: axes)
    let count = slot.count
    memory.append(contentsOf: repeatElement(Bounded(0.0), count: count))
    values.append(contentsOf: repeatElement(0, count: count))
    return slot
  }

  mutating func constant(_ entries: [Double], _ axes: [Axis], relativeError: Double = 0) -> Slot {
    let slot = allocate(axes)
    for (i, entry) in entries.enumerated() {
      memory[slot.start + i] = Bounded(entry, error: relativeError * entry.magnitude)
      values[slot.start + i] = entry
    }
    return slot
  }

  mutating func constant(_ value: Rational) -> Slot {
    let slot = allocate([])
    let bounded = Bounded(value)
    memory[slot.start] = bounded
    values[slot.start] = bounded.value
    if bounded.error > 0 { program.exact.append((slot.start, value)) }
    return slot
  }

  /// Appends an instruction whose result has the given axes.
  mutating func emit(
    _ operation: Instruction.Operation, _ axes: [Axis], _ origin: Expression, a: Int, b: Int = 0,
    p: Int = 0, q: Int = 0, r: Int = 0
  ) throws(MeasurementFailure) -> Slot {
    let slot = allocate(axes)
    if memory.count > Laboratory.capacity
      || program.instructions.count >= Laboratory.longestProgram
    {
      throw .tooLarge(origin)
    }
    compiled += 1
    program.instructions.append(
      Instruction(
        operation: operation, target: slot.start, count: slot.count, a: a, b: b, p: p, q: q, r: r))
    program.origins.append(origin)
    return slot
  }

  /// A tensor of cells that lie anywhere; -1 is zero.
  mutating func gather(
    _ places: [Int], _ axes: [Axis], _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    var isRun = true
    for i in places.indices where places[i] < 0 || places[i] != places[0] + i {
      isRun = false
      break
    }
    if isRun, let first = places.first { return Slot(start: first, axes: axes) }
    let table = program.tables.count
    program.tables += places
    return try emit(.gather, axes, origin, a: table)
  }

  mutating func remember(_ key: Key, _ slot: Slot) {
    known[key] = slot
    arrivals.append(key)
  }

  /// What occurs free in an expression. O(1) once known.
  mutating func scope(of expression: Expression, _ workspace: borrowing Workspace) -> Scope {
    if let scope = scopes[expression] { return scope }
    let node = workspace[expression]
    var scope = Scope(times: [], labels: [], readsParameters: false)
    for child in node.children {
      let inner = self.scope(of: child, workspace)
      for time in inner.times where !scope.times.contains(time) { scope.times.append(time) }
      for label in inner.labels where !scope.labels.contains(label) { scope.labels.append(label) }
      if inner.readsParameters { scope.readsParameters = true }
    }
    var own: [Index] = []
    switch node {
    case .variable(let variable):
      if variable.time == nil, variable.copy == nil { scope.readsParameters = true }
    case .timeSum(let symbol, _, _, _), .timeProduct(let symbol, _, _, _, _):
      scope.times.removeAll { $0 == symbol }
    case .pathProduct(let path): scope.times.removeAll { $0 == path.step }
    case .indexSum(let label, _): scope.labels.removeAll { $0 == label }
    case .tabulate(let labels, _): scope.labels.removeAll { labels.contains($0) }
    case .entry(_, let indices): own = indices
    case .unitVector(let index, _): own = [index]
    case .delta(let a, let b): own = [a, b]
    default: break
    }
    for time in node.ownTimes {
      for term in time.terms where !scope.times.contains(term.symbol) {
        scope.times.append(term.symbol)
      }
    }
    for index in own {
      if case .label(let label) = index, !scope.labels.contains(label) {
        scope.labels.append(label)
      }
    }
    scopes[expression] = scope
    return scope
  }

  /// The value of an expression in an environment, compiled once.
  mutating func compile(
    _ expression: Expression, _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    let scope = scope(of: expression, workspace)
    var words: [Int] = []
    for symbol in scope.times { words.append(try value(of: Time(symbol), environment)) }
    for label in scope.labels {
      guard let bound = environment.labels.last(where: { $0.symbol == label }) else {
        throw .freeLabel(label)
      }
      words.append(bound.value)
    }
    if scope.readsParameters, let step = environment.step { words.append(step) }
    let key = Key(kind: .expression, id: expression.id, words: words)
    if let slot = known[key] { return slot }
    let slot = try translate(expression, environment, workspace)
    remember(key, slot)
    return slot
  }
}
