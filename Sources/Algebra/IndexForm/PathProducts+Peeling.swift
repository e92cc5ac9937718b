import Expressions

/// Ordered products taken apart: a step at an end, none left, a known number of steps, parts of a path.
extension Prover {
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
