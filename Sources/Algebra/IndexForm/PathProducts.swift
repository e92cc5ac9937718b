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

  enum PathEnd { case lower, upper }

  /// The term with one step taken off the path product at `i`:
  /// P(k,t) = J_t P(k,t-1) or P(k+1,t) J_{k+1}. Only where k < t.
  mutating func peeled(_ term: Term, at i: Int, _ end: PathEnd) throws(Failure) -> Form {
    let factor = term.factors[i]
    guard case .path(let key, let row, let column) = table.kind(factor) else { return [term] }
    let system = table.systems[Int(key)]
    let size = system.size
    let rowAxes = system.axes[row].count
    var host = term
    host.factors.remove(at: i)
    host.zone.require(factor.times[0] + 1, atMost: factor.times[1])
    if host.zone.isEmpty { return [] }
    let time = end == .upper ? factor.times[1] : factor.times[0] + 1
    var result: Form = []
    for middle in 0..<size {
      let block =
        end == .upper
        ? system.blocks[row * size + middle]
        : system.blocks[middle * size + column]
      let times = block.times.map { slot -> Moment in
        slot.base == -1
          ? time + slot.offset : factor.times[Int(2 + (-2 - slot.base))] + slot.offset
      }
      var path = factor
      path.times[end == .upper ? 1 : 0] = end == .upper ? time + -1 : time
      var labels: [Label] = []
      let stepLabels: [Label]
      if system.isDiagonal {
        stepLabels = factor.labels
      } else {
        labels = system.axes[middle].map { table.label(overNumber: $0) }
        let rowLabels = Array(factor.labels[..<rowAxes])
        let columnLabels = Array(factor.labels[rowAxes...])
        stepLabels = end == .upper ? rowLabels + labels : labels + columnLabels
        path.labels = end == .upper ? labels + columnLabels : rowLabels + labels
      }
      path.head = table.head(
        end == .upper
          ? .path(key, row: middle, column: column) : .path(key, row: row, column: middle), .path)
      let step = try instantiate(block.form, stepLabels, times)
      if step.isEmpty { continue }
      var rest = host
      rest.labels += labels
      rest.factors.append(path)
      result += try multiplied([rest], step)
    }
    return try simplifiedAll(result)
  }

  /// The part of the term in which the path product at `i` is empty.
  mutating func emptied(_ term: Term, at i: Int) throws(Failure) -> Form {
    var host = term
    host.zone.require(host.factors[i].times[0], equals: host.factors[i].times[1])
    return host.zone.isEmpty ? [] : try simplified(host)
  }

  /// The part, if any, that lies outside lower ≤ upper, where no claim is made: kept as it is.
  func reversedPart(_ term: Term, at i: Int) -> Form {
    var host = term
    host.zone.require(host.factors[i].times[1] + 1, atMost: host.factors[i].times[0])
    return host.zone.isEmpty ? [] : [host]
  }

  /// Products and sums over a known number of steps are written out, brackets multiplied out.
  mutating func expandedSteps(_ form: Form) throws(Failure) -> Form {
    var work = form
    var result: Form = []
    while let term = work.popLast() {
      if let terms = try expandedStep(term) {
        work += terms
        try spend(terms.count)
      } else {
        result.append(term)
      }
    }
    return result
  }

  private mutating func expandedStep(_ term: Term) throws(Failure) -> Form? {
    for variable in term.times {
      for other in [Moment.origin] + term.zone.variables where other != variable {
        if term.times.contains(other) { continue }
        guard let above = term.zone.limit(variable, other),
          let below = term.zone.limit(other, variable), above + below <= 64
        else { continue }
        if above + below < 0 { return [] }
        var result: Form = []
        for value in -below...above {
          var one = term
          one.zone.require(Moment(variable), equals: Moment(other, value))
          result += try simplified(one)
        }
        return result
      }
    }
    for (i, factor) in term.factors.enumerated() {
      switch table.kind(factor) {
      case .path:
        guard let steps = term.zone.difference(factor.times[1], factor.times[0]), steps > 0,
          steps <= 64
        else { continue }
        return try peeled(term, at: i, .upper)
      case .bracket(let key):
        guard let n = factor.exponent.literal, n > 0, n <= 8 else { continue }
        var host = term
        host.factors[i].exponent = Affine(n - 1)
        if n == 1 { host.factors.remove(at: i) }
        return try simplifiedAll(
          try multiplied([host], try instantiate(key, factor.labels, factor.times)))
      default: continue
      }
    }
    return nil
  }

  /// Ends of path products brought together: lower ends that are a free time plus an offset go up
  /// to the greatest offset in the sum, upper ends down to the least.
  mutating func peelingEnds(_ form: Form) throws(Failure) -> Form {
    struct End: Hashable {
      var system: SystemKey
      var base: TimeVariable
    }
    var greatest: [End: Int] = [:]
    var least: [End: Int] = [:]
    for term in form {
      for factor in term.factors {
        guard case .path(let system, _, _) = table.kind(factor) else { continue }
        let (lower, upper) = (factor.times[0], factor.times[1])
        if !term.times.contains(lower.base) {
          let end = End(system: system, base: lower.base)
          greatest[end] = max(greatest[end] ?? lower.offset, lower.offset)
        }
        if !term.times.contains(upper.base) {
          let end = End(system: system, base: upper.base)
          least[end] = min(least[end] ?? upper.offset, upper.offset)
        }
      }
    }
    var work = form
    var result: Form = []
    search: while let term = work.popLast() {
      for (i, factor) in term.factors.enumerated() {
        guard case .path(let system, _, _) = table.kind(factor) else { continue }
        let (lower, upper) = (factor.times[0], factor.times[1])
        var end: PathEnd?
        if !term.times.contains(lower.base),
          let goal = greatest[End(system: system, base: lower.base)], lower.offset < goal,
          goal - lower.offset <= 64
        {
          end = .lower
        } else if !term.times.contains(upper.base),
          let goal = least[End(system: system, base: upper.base)], upper.offset > goal,
          upper.offset - goal <= 64
        {
          end = .upper
        }
        guard let end else { continue }
        work += try peeled(term, at: i, end)
        work += try emptied(term, at: i)
        result += reversedPart(term, at: i)
        continue search
      }
      result.append(term)
    }
    return result
  }

  /// Path products of block states split where the sum has one that ends and one that begins:
  /// P(k,t) = Σ_e P_{·e}(m,t) P_{e·}(k,m).
  mutating func splittingPaths(_ form: Form) throws(Failure) -> Form {
    struct Joint: Hashable {
      var system: SystemKey
      var time: Moment
    }
    var joints: [Joint] = []
    for term in form {
      for later in term.factors {
        guard case .path(let system, _, _) = table.kind(later),
          table.systems[Int(system)].size > 1, !term.times.contains(later.times[0].base)
        else { continue }
        for earlier in term.factors where earlier.times.count > 1 {
          guard case .path(system, _, _) = table.kind(earlier),
            earlier.times[1] == later.times[0]
          else { continue }
          let joint = Joint(system: system, time: later.times[0])
          if !joints.contains(joint) { joints.append(joint) }
        }
      }
    }
    if joints.isEmpty { return form }
    var work = form
    var result: Form = []
    search: while let term = work.popLast() {
      for (i, factor) in term.factors.enumerated() {
        guard case .path(let key, let row, let column) = table.kind(factor) else { continue }
        for joint in joints where joint.system == key {
          guard term.zone.implies(factor.times[0] + 1, atMost: joint.time),
            term.zone.implies(joint.time + 1, atMost: factor.times[1])
          else { continue }
          let system = table.systems[Int(key)]
          let rowAxes = system.axes[row].count
          for middle in 0..<system.size {
            let labels = system.axes[middle].map { table.label(overNumber: $0) }
            var later = factor
            later.head = table.head(.path(key, row: row, column: middle), .path)
            later.labels = Array(factor.labels[..<rowAxes]) + labels
            later.times[0] = joint.time
            var earlier = factor
            earlier.head = table.head(.path(key, row: middle, column: column), .path)
            earlier.labels = labels + Array(factor.labels[rowAxes...])
            earlier.times[1] = joint.time
            var host = term
            host.factors[i] = later
            host.factors.append(earlier)
            host.labels += labels
            work += try simplified(host)
          }
          continue search
        }
      }
      result.append(term)
    }
    return result
  }
}
