import Expressions

/// Powers of numbers.
extension Prover {
  /// The form, a number or an entry, to a power.
  mutating func power(
    _ base: Form, _ exponent: Affine
  ) throws(Failure) -> Form {
    if exponent == Affine(0) { return unit([]) }
    if exponent == .one { return base }
    let base = try collected(base)
    if base.isEmpty {
      // 0^n is one where n is zero.
      guard let n = exponent.literal else { throw .unsupported }
      if n < 0 { throw .vanishing(base) }
      return []
    }
    if base.count == 1, base[0].labels.isEmpty, isPlain(base) {
      if let form = try power(single: base[0], exponent) { return form }
    }
    if base.count == 1, isPlain(base), let n = exponent.literal, n < 0,
      case let parts = connectedParts(base[0]), parts.count > 1
    {
      var result = unit([])
      for part in parts { result = try simplifiedProduct(result, try power([part], exponent)) }
      return result
    }
    if let n = exponent.literal, n > 0, n <= 8, Prover.bounded(base.count, n, by: 256) {
      var result = base
      for _ in 1..<n { result = try simplifiedProduct(result, try refreshed(base)) }
      return try collected(result)
    }
    if let n = exponent.literal, n < 0, let form = try logistic(base, n) { return form }
    // Sums are scaled so that their first coefficient is one.
    let interned = try intern(base)
    let lead = table.forms[Int(interned.key)].terms[0].coefficient
    if let n = exponent.literal, !lead.isOne, let value = lead.rational,
      let inverse = Rational.one.divided(by: value), let outer = value.raised(to: n)
    {
      let monic = try intern(
        scaled(base, by: Polynomial(inverse)))
      return scaled(
        unit([bracket(monic, exponent)]), by: Polynomial(outer))
    }
    return unit([bracket(interned, exponent)])
  }

  /// A product of sums that have no bound label in common, one by one; the coefficient goes with what
  /// stands under no sum.
  private func connectedParts(_ term: Term) -> [Term] {
    var outside = Term(term.coefficient, in: term.zone)
    var parts: [Term] = []
    for factor in term.factors {
      let bound = factor.labels.filter { term.labels.contains($0) }
      if bound.isEmpty {
        outside.factors.append(factor)
        continue
      }
      var joined = Term(.one, [factor], in: term.zone)
      joined.labels = bound.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
      parts.removeAll { part in
        guard part.labels.contains(where: { joined.labels.contains($0) }) else { return false }
        joined.factors = part.factors + joined.factors
        for label in part.labels where !joined.labels.contains(label) {
          joined.labels.append(label)
        }
        return true
      }
      parts.append(joined)
    }
    if !outside.factors.isEmpty || !outside.coefficient.isOne { parts.append(outside) }
    return parts
  }

  private mutating func bracket(_ form: Interned, _ exponent: Affine) -> Factor {
    let head = table.head(.bracket(form.key), .bracket)
    return Factor(head, form.labels, form.times, exponent: exponent)
  }

  private static func bounded(_ base: Int, _ exponent: Int, by limit: Int) -> Bool {
    var product = 1
    for _ in 0..<exponent {
      product *= base
      if product > limit { return false }
    }
    return true
  }

  private mutating func power(
    single term: Term, _ exponent: Affine
  ) throws(Failure) -> Form? {
    var result = term
    let isNumber: Bool
    if let n = exponent.literal, let value = term.coefficient.raised(to: n) {
      result.coefficient = value
      isNumber = true
    } else {
      result.coefficient = .one
      isNumber = term.coefficient.isOne
    }
    for i in result.factors.indices {
      let factor = result.factors[i]
      let traits = table.traits(factor)
      if !traits.isDisjoint(with: [.delta, .pairing]) {
        // δ is zero or one: a positive power leaves it.
        guard let n = exponent.literal, n > 0 else { return nil }
        continue
      }
      if !traits.isDisjoint(with: [.matrixPower, .path]) {
        guard let n = exponent.literal, n > 0, n <= 8 else { return nil }
        for _ in 1..<n { result.factors.append(factor) }
        continue
      }
      if let n = factor.exponent.literal {
        result.factors[i].exponent = exponent.scaled(by: n)
      } else if let n = exponent.literal {
        result.factors[i].exponent = factor.exponent.scaled(by: n)
      } else {
        return nil
      }
    }
    if !isNumber {
      let number = try intern(
        [Term(term.coefficient, in: context)])
      if !number.times.isEmpty { return nil }
      result.factors.append(bracket(number, exponent))
    }
    return try simplified(result)
  }

  /// 1/(1 + e^{-z}) is σ(z).
  private mutating func logistic(
    _ base: Form, _ n: Int
  ) throws(Failure) -> Form? {
    guard base.count == 2, isPlain(base),
      let one = base.firstIndex(where: { $0.factors.isEmpty && $0.coefficient.isOne })
    else { return nil }
    let other = base[1 - one]
    guard other.coefficient.isOne, other.factors.count == 1, other.labels.isEmpty,
      other.factors[0].exponent == .one,
      case .apply(.exp, 0, let key) = table.kind(other.factors[0])
    else { return nil }
    let argument = try hosted(
      try instantiate(key, other.factors[0].labels, other.factors[0].times))
    let value = try apply(.sigmoid, 0, negated(argument))
    return try power(value, Affine(-n))
  }

  /// The form with fresh bound labels and times.
  mutating func refreshed(_ form: Form) throws(Failure) -> Form {
    var form = form
    for t in form.indices {
      let labels = form[t].labels
      for label in labels {
        let new = table.label(like: label)
        form[t].replace(label, by: new)
        form[t].labels.append(new)
      }
      let times = form[t].times
      for variable in times {
        let new = table.freshTime()
        if !form[t].substitute(variable, by: Moment(new)) { throw .unsupported }
        form[t].zone = form[t].zone.renaming { $0 == variable ? new : $0 }
        form[t].times.removeAll { $0 == variable }
        form[t].times.append(new)
      }
    }
    return form
  }

  /// A power as it is written.
  mutating func power(
    _ base: Expression, _ exponent: Expression, _ whole: Expression, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    let own = try shape(base, workspace)
    let value = try exponentValue(exponent, workspace)
    if own.isMatrix, !own.isRow {
      guard case .whole(let n) = value else { throw .at(whole) }
      return try matrixPower(base, n, own, labels, workspace)
    }
    let entry = try component(base, labels, workspace)
    switch value {
    case .whole(let n):
      if n.literal.map({ $0 < 0 }) ?? false, try collected(entry).isEmpty {
        throw .vanishingAt(base)
      }
      return try power(entry, n)
    case .halves(let n):
      return try power(try apply(.sqrt, 0, entry), Affine(n))
    case .other: throw .at(whole)
    }
  }

  /// One over an entry: factor by factor, so that what stands there twice is not multiplied out.
  mutating func reciprocal(
    _ expression: Expression, of target: Shape, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    var factors: [Expression] = []
    switch workspace[expression] {
    case .hadamard(let operands): factors = operands
    case .product(let operands):
      let shapes = try operands.map { operand throws(Failure) in try shape(operand, workspace) }
      if shapes.allSatisfy({ $0.isScalar }) { factors = operands }
    case .power(let base, let exponent):
      let own = try shape(base, workspace)
      if own.squeezed.order < 2, case .whole(let n) = try exponentValue(exponent, workspace),
        let n = n.literal, n > 0
      {
        let entry = try part(base, of: target, labels, workspace)
        if try collected(entry).isEmpty { throw .vanishingAt(expression) }
        return try power(entry, Affine(-n))
      }
    default: break
    }
    if factors.isEmpty {
      let entry = try part(expression, of: target, labels, workspace)
      if try collected(entry).isEmpty { throw .vanishingAt(expression) }
      return try power(entry, Affine(-1))
    }
    var result = unit([])
    for factor in factors {
      result = try simplifiedProduct(
        result, try reciprocal(factor, of: target, labels, workspace))
    }
    return result
  }

  private enum Exponent {
    case whole(Affine)
    /// This many halves.
    case halves(Int)
    case other
  }

  private func exponentValue(
    _ exponent: Expression, _ workspace: borrowing Workspace
  ) throws(Failure) -> Exponent {
    switch workspace[exponent] {
    case .number(let value), .decimal(let value, _):
      if let n = value.exactInt { return .whole(Affine(n)) }
      if let n = (value * Rational(2)).exactInt { return .halves(n) }
      return .other
    case .timeValue(let time): return .whole(affine(time))
    case .dimensionValue(let size): return Prover.affine(size).map { .whole($0) } ?? .other
    case .negative(let operand):
      switch try exponentValue(operand, workspace) {
      case .whole(let n): return .whole(n.scaled(by: -1))
      case .halves(let n): return .halves(-n)
      case .other: return .other
      }
    case .sum(let operands):
      var sum = Affine(0)
      for operand in operands {
        guard case .whole(let n) = try exponentValue(operand, workspace) else { return .other }
        sum = sum + n
      }
      return .whole(sum)
    case .product(let operands):
      var product = Affine.one
      for operand in operands {
        guard case .whole(let n) = try exponentValue(operand, workspace) else { return .other }
        if let c = n.literal {
          product = product.scaled(by: c)
        } else if let c = product.literal {
          product = n.scaled(by: c)
        } else {
          return .other
        }
      }
      return .whole(product)
    case .quotient(let a, let b):
      guard case .whole(let p) = try exponentValue(a, workspace),
        case .whole(let q) = try exponentValue(b, workspace), let n = p.literal,
        let d = q.literal, d != 0
      else { return .other }
      if n % d == 0 { return .whole(Affine(n / d)) }
      return 2 * n % d == 0 ? .halves(2 * n / d) : .other
    default: return .other
    }
  }
}
