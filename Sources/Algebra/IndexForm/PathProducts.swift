import Expressions

/// Ordered products of one-step Jacobians over time.
extension Prover {
  mutating func pathProduct(
    _ path: PathProduct, _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    var axes: [[Dimension]] = []
    for part in 0..<path.size {
      let block = try shape(path.blocks[part * path.size + part], workspace).squeezed.dimensions
      axes.append(Array(block.prefix(block.count / 2)))
    }
    return try product(
      of: path.blocks, axes, path.step, from: try moment(path.lower) + 1,
      through: try moment(path.upper), row: path.row, column: path.column, transposed: false,
      labels, workspace)
  }

  mutating func timeProduct(
    _ symbol: TimeSymbol, _ from: Time, _ through: Time, _ body: Expression,
    _ order: ProductOrder, _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    let own = try shape(body, workspace).squeezed.dimensions
    guard own.count == 0 || own.count == 2 else { throw .at(body) }
    let isAscending = order.isAscending && own.count == 2
    if own.count == 2, let parts = try partition(body, last: false, workspace) {
      return try stackedProduct(
        of: body, parts, symbol, from: try moment(from), through: try moment(through),
        transposed: isAscending, isAscending ? labels.reversed() : labels, workspace)
    }
    return try product(
      of: [body], [Array(own.prefix(own.count / 2))], symbol, from: try moment(from),
      through: try moment(through), row: 0, column: 0, transposed: isAscending,
      isAscending ? labels.reversed() : labels, workspace)
  }

  /// The product of square block matrices: one block of the path product of a state of as many parts.
  private mutating func stackedProduct(
    of body: Expression, _ parts: [Dimension], _ step: TimeSymbol, from: Moment, through: Moment,
    transposed: Bool, _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    guard try partition(body, last: true, workspace) == parts else { throw .at(body) }
    var outer: [Label] = []
    var ends: [Int] = []
    for label in labels {
      let (part, plain) = try block(label, parts, body)
      guard let plain, plain >= 0 else { throw .at(body) }
      ends.append(part)
      if parts[part] != .one { outer.append(plain) }
    }
    let variable = table.freshTime()
    let savedContext = context
    let saved = timeEnvironment[step]
    defer {
      context = savedContext
      timeEnvironment[step] = saved
    }
    context.require(from, atMost: Moment(variable))
    context.require(Moment(variable), atMost: through)
    timeEnvironment[step] = Moment(variable)
    var forms: [Form] = []
    var open: [[Label]] = []
    for r in parts.indices {
      for c in parts.indices {
        let row = contractionLabels(over: parts[r], parts)[r]
        let column = contractionLabels(over: parts[c], parts)[c]
        let form = try component(body, transposed ? [column, row] : [row, column], workspace)
        forms.append(try collected(form))
        var places: [Label] = []
        for (part, label) in [(r, row), (c, column)] where parts[part] != .one {
          places.append(table.plain(label))
        }
        open.append(places)
      }
    }
    return try product(
      of: forms, at: open, parts.map { $0 == .one ? [] : [table.number(of: $0)] }, variable,
      from: from,
      through: through, row: ends[0], column: ends[1], outer, outside: savedContext)
  }

  private mutating func product(
    of blocks: [Expression], _ axes: [[Dimension]], _ step: TimeSymbol, from: Moment,
    through: Moment, row: Int, column: Int, transposed: Bool, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    try requireWhole(labels)
    let size = axes.count
    let lower = from + -1
    let width = axes[row].count
    if context.implies(through, atMost: lower) {
      if row != column { return [] }
      var factors: [Factor] = []
      for axis in 0..<width {
        factors.append(Factor(table.delta, [labels[axis], labels[width + axis]]))
      }
      return try simplifiedAll(unit(factors))
    }
    let variable = table.freshTime()
    let savedContext = context
    let saved = timeEnvironment[step]
    defer {
      context = savedContext
      timeEnvironment[step] = saved
    }
    context.require(from, atMost: Moment(variable))
    context.require(Moment(variable), atMost: through)
    timeEnvironment[step] = Moment(variable)
    var forms: [Form] = []
    var open: [[Label]] = []
    for r in 0..<size {
      for c in 0..<size {
        let own = axes[r].map { table.label(over: $0) }
        let other = axes[c].map { table.label(over: $0) }
        let places = transposed ? other + own : own + other
        let block = blocks[r * size + c]
        let order = try shape(block, workspace).squeezed.order
        let isZero = order != places.count && workspace[block] == .number(.zero)
        let form = isZero ? [] : try component(block, places, workspace)
        forms.append(try collected(form))
        open.append(own + other)
      }
    }
    return try product(
      of: forms, at: open, axes.map { $0.map { table.number(of: $0) } }, variable, from: from,
      through: through, row: row, column: column, labels, outside: savedContext)
  }

  /// The path product whose step, at the given bound time, has the given forms for blocks.
  mutating func product(
    of forms: [Form], at open: [[Label]], _ axes: [[Int32]], _ variable: TimeVariable,
    from: Moment, through: Moment, row: Int, column: Int, _ labels: [Label], outside: Zone
  ) throws(Failure) -> Form {
    let (size, width, lower) = (axes.count, axes[row].count, from + -1)
    // Only parts that lie on a way from the column to the row count, in an order of their own.
    var kept = Prover.parts(between: column, and: row, size: size) {
      !forms[$0 * size + $1].isEmpty
    }
    if kept.count > 1 {
      var ranks: [[Int]] = []
      for part in 0..<size {
        let place = part * size + part
        var rank: [Int] = []
        if kept.contains(part) {
          let interned = try intern(forms[place], axes: open[place])
          rank.append(Int(interned.key))
          for time in interned.times where time.base == variable { rank.append(time.offset) }
        }
        ranks.append(rank)
      }
      kept.sort { a, b in
        ranks[a] == ranks[b] ? a < b : ranks[a].lexicographicallyPrecedes(ranks[b])
      }
    }
    guard let newRow = kept.firstIndex(of: row), let newColumn = kept.firstIndex(of: column) else {
      return []
    }
    var stored: [StoredSystem.Block] = []
    var outer: [Moment] = []
    var isTimeless = true
    var isDiagonal =
      kept.count == 1 && width == 1
      && forms[row * size + row].allSatisfy { term in
        term.factors.contains { $0.head == table.delta && isPair($0, open[row * size + row]) }
      }
    for r in kept {
      for c in kept {
        var form = forms[r * size + c]
        var places = open[r * size + c]
        if isDiagonal {
          for t in form.indices {
            form[t].factors.removeAll { $0.head == table.delta && isPair($0, places) }
            form[t].replace(places[1], by: places[0])
          }
          places = [places[0]]
        }
        let interned = try intern(form, axes: places)
        if places.count == 2, r == c {
          squareDimensions[interned.key] = axes[r][0]
        }
        var times: [Moment] = []
        for time in interned.times {
          if time.base == variable {
            isTimeless = false
            times.append(Moment(-1, time.offset))
          } else if let at = outer.firstIndex(where: { $0.base == time.base }) {
            times.append(Moment(-2 - TimeVariable(at), time.offset - outer[at].offset))
          } else {
            times.append(Moment(-2 - TimeVariable(outer.count)))
            outer.append(time)
          }
        }
        stored.append(StoredSystem.Block(form: interned.key, times: times))
      }
    }
    let isUnconditional = isPlain(forms[row * size + row])
    context = outside
    if kept.count == 1, isTimeless, isUnconditional, width <= 1 {
      let exponent = Affine(through) - Affine(lower)
      let form = forms[row * size + row].map { term in
        var term = term
        term.zone = context
        return term
      }
      if width == 0 { return try power(form, exponent) }
      if !isDiagonal { return try matrixPower(form, open[row * size + row], exponent, labels) }
      // diag(1, …, 1) to any power.
      if form.count == 1, form[0].coefficient.isOne,
        form[0].factors.allSatisfy({ $0.head == table.delta })
      {
        return try simplifiedAll(unit([Factor(table.delta, labels)]))
      }
      isDiagonal = true
    }
    let system = table.system(
      StoredSystem(
        size: kept.count, blocks: stored,
        axes: kept.map { axes[$0] }, isDiagonal: isDiagonal))
    let head = table.head(.path(system, row: newRow, column: newColumn), .path)
    let times = [lower, through] + outer
    if isDiagonal {
      return try simplifiedAll(
        unit([Factor(table.delta, labels), Factor(head, [labels[0]], times)]))
    }
    return try simplifiedAll(unit([Factor(head, labels, times)]))
  }

  /// The path product over no more parts than lie between its ends; nil if it has no others.
  mutating func restricted(_ factor: Factor, in zone: Zone) throws(Failure) -> Form? {
    guard case .path(let key, let row, let column) = table.kind(factor) else { return nil }
    let system = table.systems[Int(key)]
    let size = system.size
    let kept = Prover.parts(between: column, and: row, size: size) {
      !table.forms[Int(system.blocks[$0 * size + $1].form)].terms.isEmpty
    }
    if kept.count == size { return nil }
    guard let newRow = kept.firstIndex(of: row), let newColumn = kept.firstIndex(of: column) else {
      return []
    }
    let saved = context
    defer { context = saved }
    let variable = table.freshTime()
    context = zone
    context.require(factor.times[0] + 1, atMost: Moment(variable))
    context.require(Moment(variable), atMost: factor.times[1])
    if context.isEmpty { return nil }
    var forms: [Form] = []
    var open: [[Label]] = []
    for r in kept {
      for c in kept {
        let block = system.blocks[r * size + c]
        let labels = (system.axes[r] + system.axes[c]).map { table.label(overNumber: $0) }
        let times = block.times.map { slot -> Moment in
          slot.base == -1
            ? Moment(variable, slot.offset)
            : factor.times[Int(2 + (-2 - slot.base))] + slot.offset
        }
        forms.append(try hosted(try instantiate(block.form, labels, times)))
        open.append(labels)
      }
    }
    return try product(
      of: forms, at: open, kept.map { system.axes[$0] }, variable, from: factor.times[0] + 1,
      through: factor.times[1], row: newRow, column: newColumn, factor.labels, outside: zone)
  }

  private func isPair(_ factor: Factor, _ labels: [Label]) -> Bool {
    factor.labels == labels || factor.labels == labels.reversed()
  }

  /// The parts that the column reaches and that reach the row.
  private static func parts(
    between column: Int, and row: Int, size: Int, _ leads: (Int, Int) -> Bool
  ) -> [Int] {
    func closure(from start: Int, _ step: (Int, Int) -> Bool) -> [Bool] {
      var seen = [Bool](repeating: false, count: size)
      seen[start] = true
      var work = [start]
      while let part = work.popLast() {
        for next in 0..<size where !seen[next] && step(part, next) {
          seen[next] = true
          work.append(next)
        }
      }
      return seen
    }
    let reached = closure(from: column) { leads($1, $0) }
    let reaching = closure(from: row) { leads($0, $1) }
    return (0..<size).filter { reached[$0] && reaching[$0] }
  }
}
