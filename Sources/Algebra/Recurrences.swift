import Expressions

/// Linear recurrences s_t = A_t s_{t-1} + b_t, solved by path products:
/// s_t = P(s₀,t) s_{s₀} + Σ_{s₀<k≤t} P(k,t) b_k.
extension Prover {
  /// The form with every node of a linear recurrence replaced by its solution; nil if there is none.
  mutating func solvingRecurrences(
    _ form: Form, _ workspace: borrowing Workspace
  ) throws(Failure) -> Form? {
    var changed = false
    var result: Form = []
    var work = form
    let saved = context
    defer { context = saved }
    var starts: [Symbol: Moment] = [:]
    for term in form {
      for factor in term.factors {
        guard case .symbol(let symbol, true, false) = table.kind(factor),
          case .state = treatments[symbol] ?? .atom,
          let definition = model.definition(of: symbol)
        else { continue }
        if let from = definition.from {
          starts[symbol] = try moment(from) + -1
        } else if !term.times.contains(factor.times[0].base) {
          let known = starts[symbol] ?? factor.times[0]
          starts[symbol] =
            context.implies(factor.times[0], atMost: known) ? factor.times[0] : known
        }
      }
    }
    while let term = work.popLast() {
      try spend(1)
      var replaced = false
      for (i, factor) in term.factors.enumerated() where factor.exponent == .one {
        guard case .symbol(let symbol, true, false) = table.kind(factor),
          let start = starts[symbol], term.zone.implies(start, atMost: factor.times[0]),
          term.zone.difference(start, factor.times[0]) != 0
        else { continue }
        context = term.zone
        guard
          let solution = try solution(
            symbol, factor.head, at: factor.times[0], from: start, factor.labels, workspace)
        else { continue }
        var host = term
        host.factors.remove(at: i)
        work += try simplifiedAll(try multiplied([host], solution))
        changed = true
        replaced = true
        break
      }
      if !replaced { result.append(term) }
    }
    return changed ? result : nil
  }

  private mutating func solution(
    _ symbol: Symbol, _ head: Head, at time: Moment, from start: Moment, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form? {
    guard let definition = model.definition(of: symbol), let own = definition.time,
      model.instances(of: symbol).allSatisfy({ instance in
        instance.instance.flatMap { affine($0).moment }.map { $0 == start } ?? false
      })
    else { return nil }
    if let through = definition.through, !context.implies(time, atMost: try moment(through)) {
      return nil
    }
    let dimensions = workspace[symbol].shape.squeezed.dimensions.map {
      table.number(of: $0)
    }
    let outside = context
    let savedTime = timeEnvironment[own]
    defer {
      context = outside
      timeEnvironment[own] = savedTime
    }
    let step = table.freshTime()
    context.require(start + 1, atMost: Moment(step))
    context.require(Moment(step), atMost: time)
    timeEnvironment[own] = Moment(step)
    let rows = dimensions.map { table.label(overNumber: $0) }
    let columns = dimensions.map { table.label(overNumber: $0) }
    var jacobian: Form = []
    var rest: Form = []
    for term in try component(definition.body, rows, workspace) {
      let places = term.factors.indices.filter { term.factors[$0].head == head }
      if mentionsInside(term, head) || term.zone != context { return nil }
      if places.isEmpty {
        rest.append(term)
        continue
      }
      let factor = term.factors[places[0]]
      guard places.count == 1, factor.exponent == .one, factor.times == [Moment(step, -1)] else {
        return nil
      }
      var coefficient = term
      coefficient.factors.remove(at: places[0])
      for (axis, label) in factor.labels.enumerated() {
        coefficient.factors.append(Factor(table.delta, [label, columns[axis]]))
      }
      jacobian += try simplified(coefficient)
    }
    func paths(from lower: Moment, _ places: [Label]) throws(Failure) -> Form {
      let variable = table.freshTime()
      let host = context
      defer { context = host }
      context.require(lower + 1, atMost: Moment(variable))
      context.require(Moment(variable), atMost: time)
      var block = jacobian
      for t in block.indices {
        if !block[t].substitute(step, by: Moment(variable)) { throw .unsupported }
        block[t].zone = context
        guard block[t].times.isEmpty else { throw .unsupported }
      }
      return try product(
        of: [try collected(block)], at: [rows + columns], [dimensions], variable,
        from: lower + 1, through: time, row: 0, column: 0, places, outside: host)
    }
    // The start.
    context = outside
    let initial = dimensions.map { table.label(overNumber: $0) }
    var first = try multiplied(
      try paths(from: start, labels + initial), unit([Factor(head, initial, [start])]))
    for t in first.indices { first[t].labels += initial }
    var result = try simplifiedAll(first)
    // What each step adds.
    if !rest.isEmpty {
      let k = table.freshTime()
      context.require(start + 1, atMost: Moment(k))
      context.require(Moment(k), atMost: time)
      let middle = dimensions.map { table.label(overNumber: $0) }
      var inputs: Form = []
      for term in try refreshed(rest) {
        var term = term
        if !term.substitute(step, by: Moment(k)) { throw .unsupported }
        term.zone = term.zone.renaming { $0 == step ? k : $0 }
        for (axis, row) in rows.enumerated() { term.replace(row, by: middle[axis]) }
        inputs.append(term)
      }
      var sum = try multiplied(try paths(from: Moment(k), labels + middle), inputs)
      for t in sum.indices {
        sum[t].labels += middle
        sum[t].times.append(k)
      }
      context = outside
      result += try simplifiedAll(sum)
    }
    return result
  }

  /// Whether the head occurs inside the argument of another.
  private func mentionsInside(_ term: Term, _ head: Head) -> Bool {
    term.factors.contains { mentionsInside($0.head, head) }
  }

  private func mentionsInside(_ outer: Head, _ head: Head) -> Bool {
    func inside(_ key: FormKey) -> Bool {
      table.forms[Int(key)].terms.contains { term in
        term.factors.contains { $0.head == head || mentionsInside($0.head, head) }
      }
    }
    switch table.kinds[Int(outer)] {
    case .delta, .pairing, .symbol, .differential: return false
    case .part(let whole, _): return whole == head || mentionsInside(whole, head)
    case .apply(_, _, let key), .bracket(let key), .matrixPower(let key), .determinant(let key),
      .largest(let key), .softmax(let key):
      return inside(key)
    case .path(let system, _, _):
      return table.systems[Int(system)].blocks.contains { inside($0.form) }
    case .opaque(_, _, _, let keys): return keys.contains { inside($0) }
    }
  }
}
