import Expressions

extension World {
  /// ∂a/∂b: the variable is changed a little, what the intervention lets run runs again.
  func derivative(
    _ a: Expression, _ b: Expression, _ intervention: Intervention, _ root: Expression,
    _ scope: Scope, _ run: Run, in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    var key = [Int(root.id)]
    for symbol in free(root, in: workspace) {
      key.append(try time(Time(symbol), scope))
    }
    for (label, value) in scope.labels.sorted(by: { $0.key < $1.key }) {
      key += [Int(label.id), value]
    }
    key.append(scope.isClaim ? 1 : 0)
    if run.base == nil, let known = differences[key] { return known }
    let value = try evaluate(a, scope, run, in: workspace)
    let result: Box
    switch workspace[b] {
    case .variable(let variable):
      let (raw, below) = try differentiated(a, variable, intervention, scope, run, in: workspace)
      result = try laidOut(raw, value, below, intervention.layout)
    case .entry(let whole, let indices):
      guard case .variable(let variable) = workspace[whole] else {
        throw .unsupported("a denominator")
      }
      let (raw, below) = try differentiated(a, variable, intervention, scope, run, in: workspace)
      let place = try flat(indices, below, scope)
      let count = below.reduce(1, *)
      let values = (0..<value.values.count).map { raw[$0 * count + place] }
      result = try laidOut(values, value, [], intervention.layout)
    case .tensorFunction(.vec, let whole):
      guard case .variable(let variable) = workspace[whole] else {
        throw .unsupported("a denominator")
      }
      let (raw, below) = try differentiated(a, variable, intervention, scope, run, in: workspace)
      guard below.count == 2 else { throw .unsupported("a denominator") }
      let count = below[0] * below[1]
      var values: [Double] = []
      for row in 0..<value.values.count {
        for column in 0..<below[1] {
          for i in 0..<below[0] { values.append(raw[row * count + i * below[1] + column]) }
        }
      }
      result = try laidOut(values, value, [count], intervention.layout)
    default: throw .unsupported("a denominator")
    }
    if run.base == nil { differences[key] = result }
    return result
  }

  private func flat(
    _ indices: [Index], _ dims: [Int], _ scope: Scope
  ) throws(Undefined) -> Int {
    let dims = indices.count == dims.count ? dims : dims.filter { $0 != 1 }
    guard indices.count == dims.count else { throw .shapes }
    var flat = 0
    for (index, n) in zip(indices, dims) {
      let place: Int
      switch index {
      case .label(let label): place = scope.labels[label] ?? 0
      case .literal(let value): place = value - 1
      case .last: place = n - 1
      }
      guard place >= 0, place < n else { throw .missingNode }
      flat = flat * n + place
    }
    return flat
  }

  /// The differences as a table: entries of the numerator, then of the denominator.
  private func differentiated(
    _ a: Expression, _ variable: Variable, _ intervention: Intervention, _ scope: Scope,
    _ run: Run, in workspace: borrowing Workspace
  ) throws(Undefined) -> (values: [Double], below: [Int]) {
    let middle = try value(of: variable, scope, run, in: workspace)
    let at = try variable.time.map { t throws(Undefined) in try time(t, scope) }
    let place = Place(symbol: variable.symbol, time: at)
    let isParameter = at == nil && isParameter(variable.symbol)
    let copy = try variable.copy.map { t throws(Undefined) in try time(t, scope) }
    let ownStep = try step(of: a, scope, in: workspace)

    func shifted(_ entry: Int, _ delta: Double) throws(Undefined) -> Box {
      let changed = Run(on: run)
      changed.held = intervention.held
      var box = middle
      box.values[entry] += delta
      var inner = scope
      inner.isClaim = false
      guard isParameter else {
        changed.cut[place] = box
        guard intervention.mode == .immediate else {
          return try evaluate(a, inner, changed, in: workspace)
        }
        changed.keepsAll = true
        try recompute(numerator: a, unless: place, scope, changed, in: workspace)
        return try evaluate(a, inner, changed, in: workspace)
      }
      changed.parameters[variable.symbol] = box
      if let copy {
        changed.step = copy
      } else if intervention.mode == .immediate, let ownStep {
        changed.step = ownStep
        changed.keepsOtherSteps = true
        inner.step = ownStep
      }
      return try evaluate(a, inner, changed, in: workspace)
    }

    // Within another one a difference of large numbers would be lost to rounding.
    let isInner = run.base != nil
    let h = 2e-3 * (isInner ? max(1, middle.values.map { abs($0) }.max() ?? 1) : 1)
    var columns: [[Double]] = []
    for entry in middle.values.indices {
      let near = (try shifted(entry, h), try shifted(entry, -h))
      let far = (try shifted(entry, 2 * h), try shifted(entry, -2 * h))
      columns.append(
        near.0.values.indices.map { i in
          (8 * (near.0.values[i] - near.1.values[i]) - far.0.values[i] + far.1.values[i])
            / (12 * h)
        })
    }
    let rows = columns.first?.count ?? 0
    var table: [Double] = []
    for i in 0..<rows { for column in columns { table.append(column[i]) } }
    return (table, middle.dims)
  }

  /// Lets the one equation of a numerator's node see what was cut off.
  private func recompute(
    numerator a: Expression, unless cut: Place, _ scope: Scope, _ run: Run,
    in workspace: borrowing Workspace
  ) throws(Undefined) {
    var node = a
    if case .entry(let whole, _) = workspace[a] { node = whole }
    if case .tensorFunction(.vec, let whole) = workspace[a] { node = whole }
    guard case .variable(let own) = workspace[node] else { return }
    let t = try own.time.map { t throws(Undefined) in try time(t, scope) }
    let place = Place(symbol: own.symbol, time: t)
    guard place != cut, let equation = try equation(of: place) else { return }
    var body = Scope(step: t)
    if let formal = equation.time, let t { body.times[formal] = t }
    run.cut[place] = try evaluate(equation.body, body, run, in: workspace)
  }

  /// d of an expression: the change along one direction of all that is neither computed nor constant.
  func differential(
    of operand: Expression, _ scope: Scope, _ run: Run, in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    guard run.base == nil else { throw .unsupported("a differential within a derivative") }
    func along(_ distance: Double) throws(Undefined) -> Box {
      let changed = Run(on: run)
      changed.distance = distance
      var inner = scope
      inner.isClaim = false
      return try evaluate(operand, inner, changed, in: workspace)
    }
    let h = 2e-3
    let near = try along(h).joined(try along(-h), -)
    let far = try along(2 * h).joined(try along(-2 * h), -)
    return try near.joined(far) { (8 * $0 - $1) / (12 * h) }
  }

  /// The one time that a numerator speaks of; nil if there is none, or more than one.
  private func step(
    of a: Expression, _ scope: Scope, in workspace: borrowing Workspace
  ) throws(Undefined) -> Int? {
    var found: [Int] = []
    for variable in workspace.variables(in: a) {
      guard let time = variable.time, let value = try? self.time(time, scope) else { continue }
      if !found.contains(value) { found.append(value) }
    }
    return found.count == 1 ? found[0] : nil
  }

  private func laidOut(
    _ values: [Double], _ a: Box, _ below: [Int], _ layout: Layout
  ) throws(Undefined) -> Box {
    let (own, other) = (a.squeezed, below.filter { $0 != 1 })
    if own.isEmpty {
      if below.count == 1, other.count == 1, layout.givesRows { return Box([1, below[0]], values) }
      let whole = Box(below, values)
      return layout == .transposed ? try whole.transposed() : whole
    }
    if other.isEmpty {
      return layout == .denominator && a.dims.count == 1
        ? Box([1, a.dims[0]], values) : Box(a.dims, values)
    }
    if layout != .denominator { return Box(own + other, values) }
    let (m, n) = (own.reduce(1, *), other.reduce(1, *))
    return Box(other + own, (0..<(m * n)).map { values[$0 % m * n + $0 / m] })
  }
}

/// What the numbers say of a relation at one point.
enum Look: Equatable {
  case equal
  case different
  case unclear
  case undefined(Undefined)
}

extension World {
  func compare(
    _ left: Expression, _ right: Expression, in workspace: borrowing Workspace
  ) -> Look {
    do throws(Undefined) {
      let scope = Scope(isClaim: true)
      let a = try evaluate(left, scope, root, in: workspace)
      let b = try evaluate(right, scope, root, in: workspace)
      if a.isScalar != b.isScalar,
        !workspace.isNumeric(left), !workspace.isNumeric(right)
      {
        // An empty sum is zero in any shape.
        guard a.isScalar ? a.values[0] == 0 : b.values[0] == 0 else { return .undefined(.shapes) }
      }
      let (difference, scale) = try a.distance(to: b)
      if difference <= 1e-8 * scale + 1e-10 { return .equal }
      return difference > 1e-6 * scale + 1e-8 ? .different : .unclear
    } catch {
      return .undefined(error)
    }
  }
}
