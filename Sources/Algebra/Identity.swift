import Expressions

/// The search for a proof: each attempt rewrites what is left of a difference and reduces it again.
/// It may be clever and wrong without harm, for only `Proof` can say that nothing is left.
extension Prover {
  /// Like bodies brought together until nothing changes.
  mutating func reduced(_ form: Form) throws(Failure) -> Form {
    var terms = try simplifiedAll(form)
    var before = Int.max
    for _ in 0..<4 {
      terms = try expandedSteps(terms)
      terms = try peelingEnds(try splittingPaths(terms))
      terms = try expandedSteps(terms)
      let sum = try summed(terms)
      if sum.isZero { return [] }
      terms = try simplifiedAll(self.terms(of: sum))
      if terms.count >= before { break }
      before = terms.count
    }
    return terms
  }

  func summed(_ form: Form) throws(Failure) -> RegionSum {
    var sum = RegionSum()
    for term in form { try sum.add(term, in: table) }
    return sum
  }

  /// Like terms together, products and slopes left as they are: for people.
  mutating func collectedForReaders(_ form: Form) throws(Failure) -> Form {
    try recognisingSlopes(try collected(try cancellingSlopes(try collected(form))))
  }

  private mutating func proof(_ form: Form, by laws: [Law]) throws(Failure) -> Proof? {
    Proof.vanishing(try summed(try reduced(form)), by: laws)
  }

  /// A proof that what is left of a difference vanishes, if one is found.
  mutating func identity(
    _ residual: Form, _ workspace: borrowing Workspace
  ) throws(Failure) -> Proof? {
    if let proof = try proof(residual, by: [.normalForm]) { return proof }
    if let proof = try identity(residual, by: [], workspace) { return proof }
    if let cleared = try clearingInverses(residual) {
      return try proof(cleared, by: [.clearedInverse])
    }
    if let proof = try peelingBoundEnds(residual) { return proof }
    if let solved = try solvingRecurrences(residual, workspace) {
      let left = try reduced(solved)
      if left.isEmpty { return try proof(left, by: [.solvedRecurrence]) }
      if let proof = try identity(left, by: [.solvedRecurrence], workspace) { return proof }
      if let proof = try induction(left, by: [.solvedRecurrence], workspace) { return proof }
    }
    return try induction(residual, by: [], workspace)
  }

  private mutating func identity(
    _ residual: Form, by laws: [Law], _ workspace: borrowing Workspace
  ) throws(Failure) -> Proof? {
    var form = residual
    let floor = earliest(residual)
    for round in 0..<8 {
      let laws = round == 0 ? laws : laws + [.unfolding]
      if round > 0 {
        guard let next = try unfoldingLatest(form, downTo: floor, workspace) else { break }
        form = try reduced(next)
        if form.isEmpty { return try proof(form, by: laws) }
      }
      let expanded = try reduced(try expandingSlopes(form))
      if expanded.isEmpty { return try proof(expanded, by: laws + [.slopes]) }
      if let cleared = try clearingDenominators(expanded) {
        return try proof(cleared, by: laws + [.slopes, .clearedDenominator])
      }
      if let exponentials = try writingExponentials(expanded) {
        let left = try reduced(exponentials)
        if left.isEmpty { return try proof(left, by: laws + [.exponentials]) }
        if let cleared = try clearingDenominators(left) {
          return try proof(cleared, by: laws + [.exponentials, .clearedDenominator])
        }
      }
    }
    return nil
  }

  // MARK: Unfolding

  private struct Naming: Hashable {
    var symbol: Symbol
    var base: TimeVariable
  }

  /// The most factors of a term in which the latest states are replaced.
  private static let mostFactors = 96

  /// For each time variable: the earliest offset at which a state stands.
  private func earliest(_ form: Form) -> [TimeVariable: Int] {
    var found: [TimeVariable: Int] = [:]
    for term in form {
      for factor in term.factors {
        guard case .symbol(let symbol, true, false) = table.kind(factor),
          model.computes(symbol)
        else { continue }
        let time = factor.times[0]
        if term.times.contains(time.base) { continue }
        found[time.base] = min(found[time.base] ?? time.offset, time.offset)
      }
    }
    return found
  }

  /// The states of the latest time that no other state of that time reads, replaced by their
  /// definitions; nil if there is none above the floor.
  private mutating func unfoldingLatest(
    _ form: Form, downTo floor: [TimeVariable: Int], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form? {
    var latest: [TimeVariable: Int] = [:]
    var candidates: [(symbol: Symbol, time: Moment)] = []
    for term in form {
      for factor in term.factors {
        guard case .symbol(let symbol, true, false) = table.kind(factor),
          case .state = treatments[symbol] ?? .atom
        else { continue }
        let time = factor.times[0]
        if term.times.contains(time.base) { continue }
        guard let least = floor[time.base], time.offset >= least else { continue }
        if !candidates.contains(where: { $0.symbol == symbol && $0.time == time }) {
          candidates.append((symbol, time))
        }
        latest[time.base] = max(latest[time.base] ?? time.offset, time.offset)
      }
    }
    let chosen = candidates.filter { candidate in
      latest[candidate.time.base] == candidate.time.offset
        && !candidates.contains {
          $0.time == candidate.time && $0.symbol != candidate.symbol
            && reads($0.symbol, candidate.symbol, workspace)
        }
    }
    if chosen.isEmpty { return nil }
    var result: Form = []
    var changed = false
    var work = form
    let saved = context
    defer { context = saved }
    while let term = work.popLast() {
      // A node that its own value reads again at the same time, as a supposed one may, has no end.
      if term.factors.count > Prover.mostFactors { return nil }
      guard
        let i = term.factors.firstIndex(where: { factor in
          guard case .symbol(let symbol, true, false) = table.kind(factor) else { return false }
          return factor.exponent == .one
            && chosen.contains { $0.symbol == symbol && $0.time == factor.times[0] }
        }), case .symbol(let symbol, _, _) = table.kind(term.factors[i])
      else {
        result.append(term)
        continue
      }
      let factor = term.factors[i]
      context = term.zone
      let value = try unfoldedNode(symbol, factor.times[0], factor.labels, workspace)
      if value.count == 1, value[0].factors == [factor] {
        result.append(term)
        continue
      }
      changed = true
      var host = term
      host.factors.remove(at: i)
      // Parts of the domain where no definition holds keep the node.
      for product in try simplifiedAll(try multiplied([host], value)) {
        if product.factors.contains(factor) { result.append(product) } else { work.append(product) }
      }
    }
    return changed ? result : nil
  }

  private func reads(
    _ reader: Symbol, _ symbol: Symbol, _ workspace: borrowing Workspace
  ) -> Bool {
    guard let definition = model.definition(of: reader), let own = definition.time else {
      return false
    }
    var seen: [Symbol] = [reader]
    var work = [(definition, own)]
    while let (definition, own) = work.popLast() {
      for variable in workspace.variables(in: definition.body) where variable.time == Time(own) {
        if variable.symbol == symbol { return true }
        if !seen.contains(variable.symbol), let next = model.definition(of: variable.symbol),
          let time = next.time
        {
          seen.append(variable.symbol)
          work.append((next, time))
        }
      }
    }
    return false
  }

  // MARK: Denominators and exponentials

  /// The form times its denominators, reduced to nothing; nil if it does not vanish so.
  mutating func clearingDenominators(_ form: Form) throws(Failure) -> Form? {
    var terms = form
    for _ in 0..<6 {
      var denominator: Factor?
      search: for term in terms {
        for factor in term.factors {
          guard isDivisor(factor), let n = factor.exponent.literal, n < 0,
            !factor.labels.contains(where: { term.labels.contains($0) }),
            !factor.times.contains(where: { term.times.contains($0.base) })
          else { continue }
          denominator = factor
          break search
        }
      }
      guard var factor = denominator else { return nil }
      var most = 0
      for term in terms {
        for other in term.factors where other.isSame(as: factor) {
          most = max(most, -(other.exponent.literal ?? 0))
        }
      }
      factor.exponent = Affine(most)
      terms = try reduced(try multiplied(terms, [Term(.one, [factor], in: .everything)]))
      if terms.isEmpty { return terms }
    }
    return nil
  }

  /// A sum or a root, which may hide under an exponent what is written out elsewhere.
  private func isDivisor(_ factor: Factor) -> Bool {
    switch table.kind(factor) {
    case .bracket, .apply(.sqrt, 0, _): return true
    default: return false
    }
  }

  /// σ(z) = 1/(1 + e^{-z}), tanh(z) = (e^{2z} - 1)/(e^{2z} + 1), nodes included; nil if neither
  /// occurs beside an exponential or beside the other.
  private mutating func writingExponentials(_ form: Form) throws(Failure) -> Form? {
    var kinds: [ElementwiseFunction] = []
    for term in form {
      for factor in term.factors {
        guard case .apply(let function, 0, _) = table.kind(factor) else { continue }
        switch function {
        case .sigmoid, .tanh, .exp: if !kinds.contains(function) { kinds.append(function) }
        default: break
        }
      }
    }
    if kinds.isEmpty { return nil }
    let saved = context
    defer { context = saved }
    var work = form
    var result: Form = []
    while let term = work.popLast() {
      try spend(1)
      guard
        let i = term.factors.firstIndex(where: { exponentialArgument($0, term.zone) != nil }),
        let (function, key, labels, times) = exponentialArgument(term.factors[i], term.zone)
      else {
        result.append(term)
        continue
      }
      var host = term
      host.factors.remove(at: i)
      context = term.zone
      let argument = try hosted(try instantiate(key, labels, times))
      let value: Form
      if function == .sigmoid {
        let below = unit([]) + (try apply(.exp, 0, negated(argument)))
        value = try plainPower(below)
      } else {
        let square = try apply(.exp, 0, scaled(argument, by: .integer(2)))
        let below = try plainPower(unit([]) + square)
        value = try multiplied(square + negated(unit([])), below)
      }
      work += try simplifiedAll(
        try multiplied([host], try power(value, term.factors[i].exponent)))
    }
    return result
  }

  /// One over the form as a bracket, without looking for σ in it.
  private mutating func plainPower(_ form: Form) throws(Failure) -> Form {
    let interned = try intern(form)
    let head = table.head(.bracket(interned.key), .bracket)
    return unit([Factor(head, interned.labels, interned.times, exponent: Affine(-1))])
  }

  private func exponentialArgument(
    _ factor: Factor, _ zone: Zone
  ) -> (ElementwiseFunction, FormKey, [Label], [Moment])? {
    guard let exponent = factor.exponent.literal, exponent > 0 else { return nil }
    switch table.kind(factor) {
    case .apply(let function, 0, let key) where function == .tanh || function == .sigmoid:
      return (function, key, factor.labels, factor.times)
    case .symbol(let symbol, _, false):
      for activation in activations where activation.symbol == symbol {
        guard let function = activation.function, function == .tanh || function == .sigmoid,
          let place = unfolded(activation, factor, in: zone)
        else { continue }
        return (function, activation.key, place.labels, place.times)
      }
      return nil
    default: return nil
    }
  }

  // MARK: Bound ends

  /// Path products whose lower or upper end a time sum binds, with one step more taken off in some
  /// of the terms: tried for each body in turn.
  private mutating func peelingBoundEnds(_ residual: Form) throws(Failure) -> Proof? {
    if residual.count > 24 { return nil }
    var terms = residual
    for _ in 0..<3 {
      var improved: Form?
      for (t, term) in terms.enumerated() {
        for (i, factor) in term.factors.enumerated() {
          guard case .path = table.kind(factor) else { continue }
          for end in [PathEnd.lower, .upper] {
            var trial = terms
            trial.remove(at: t)
            trial += try peeled(term, at: i, end)
            trial += try emptied(term, at: i)
            trial += reversedPart(term, at: i)
            let left = try reduced(trial)
            if left.isEmpty { return try proof(left, by: [.peeling]) }
            if left.count < (improved ?? terms).count { improved = left }
          }
        }
      }
      guard let better = improved else { return nil }
      terms = better
    }
    return nil
  }

  // MARK: Induction

  /// Over one free time: the difference vanishes at the first value, and so does its increment.
  private mutating func induction(
    _ residual: Form, by laws: [Law], _ workspace: borrowing Workspace
  ) throws(Failure) -> Proof? {
    let (savedContext, savedPlain) = (context, plainContext)
    defer {
      context = savedContext
      plainContext = savedPlain
    }
    for variable in savedContext.variables where variable > 0 {
      var first: Moment?
      for base in savedContext.variables where base != variable {
        guard let limit = savedContext.limit(base, variable) else { continue }
        let candidate = Moment(base, -limit)
        if let known = first, !savedContext.implies(known, atMost: candidate) { continue }
        first = candidate
      }
      guard let first else { continue }
      // There must be one first value: it is at least every other lower bound.
      let isLeast = savedContext.variables.allSatisfy { base in
        guard base != variable, let limit = savedContext.limit(base, variable) else { return true }
        return savedContext.implies(Moment(base, -limit), atMost: first)
      }
      if !isLeast { continue }
      var start: Form = []
      for term in residual {
        var term = term
        term.zone.require(Moment(variable), equals: first)
        if !term.zone.isEmpty { start.append(term) }
      }
      plainContext = .everything
      context = savedContext
      context.require(Moment(variable), equals: first)
      let base = try reduced(start)
      guard
        let baseProof = base.isEmpty
          ? try proof(base, by: laws) : try identity(base, by: laws, workspace)
      else { continue }
      // The increment from t to t+1, wherever both are in the domain.
      let next = table.freshTime()
      var shifted = savedContext.renaming { $0 == variable ? next : $0 }
      shifted.include(variable)
      shifted.require(Moment(next), equals: Moment(variable) + 1)
      let both = savedContext.intersection(shifted.removing(next))
      var increment: Form = []
      for term in residual {
        var later = term
        guard later.substitute(variable, by: Moment(variable) + 1) else { return nil }
        later.zone = term.zone.renaming { $0 == variable ? next : $0 }
        later.zone.include(variable)
        later.zone.require(Moment(next), equals: Moment(variable) + 1)
        later.zone = later.zone.removing(next).intersection(both)
        if !later.zone.isEmpty { increment += try refreshed([later]) }
        var now = term
        now.zone = now.zone.intersection(both)
        now.coefficient = -now.coefficient
        if !now.zone.isEmpty { increment.append(now) }
      }
      context = both
      let left = try reduced(increment)
      let stepProof =
        left.isEmpty ? try proof(left, by: laws) : try identity(left, by: laws, workspace)
      if let stepProof { return Proof.induced(first: baseProof, increment: stepProof) }
    }
    return nil
  }
}
