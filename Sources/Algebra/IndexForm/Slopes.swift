import Expressions

/// σ′ and tanh′ stay atoms: 1 - h² with h = tanh z and h - h² with h = σ(z) are recognised, and
/// multiplied out only where two sides still differ.
extension Prover {
  /// What a factor is the value of: an activation, its argument and where.
  func activation(
    of factor: Factor, in zone: Zone
  ) -> (ElementwiseFunction, FormKey, [Label], [Moment])? {
    if factor.exponent != .one { return nil }
    switch table.kind(factor) {
    case .apply(let function, 0, let key) where function == .tanh || function == .sigmoid:
      return (function, key, factor.labels, factor.times)
    case .symbol(let symbol, _, false):
      for activation in activations where activation.symbol == symbol {
        guard let function = activation.function, function == .tanh || function == .sigmoid
        else { continue }
        if let argument = unfolded(activation, factor, in: zone) {
          return (function, activation.key, argument.labels, argument.times)
        }
      }
      return nil
    default: return nil
    }
  }

  /// In a sum: c·x - c·x·h·h becomes c·x·tanh′, c·x·h - c·x·h·h becomes c·x·σ′.
  mutating func recognisingSlopes(_ form: Form) throws(Failure) -> Form {
    if form.count < 2 || form.count > 64 { return form }
    var form = form
    var changed = true
    while changed {
      changed = false
      search: for (b, term) in form.enumerated() {
        for (i, factor) in term.factors.enumerated() {
          guard let later = term.factors[(i + 1)...].firstIndex(of: factor),
            let (function, key, labels, times) = activation(of: factor, in: term.zone)
          else { continue }
          var rest = term.factors
          rest.remove(at: later)
          if function == .tanh { rest.remove(at: i) }
          for (a, other) in form.enumerated() where a != b {
            guard other.factors.count == rest.count, other.coefficient == -term.coefficient,
              other.zone == term.zone, other.times == term.times,
              Prover.isPermutation(other.labels, term.labels),
              Prover.isPermutation(other.factors, rest)
            else { continue }
            var slope = other
            if function == .sigmoid, let at = slope.factors.firstIndex(of: factor) {
              slope.factors.remove(at: at)
            }
            slope.factors.append(Factor(functionHead(function, 1, key), labels, times))
            form[a] = slope
            form.remove(at: b)
            changed = true
            break search
          }
        }
      }
    }
    return form
  }

  private static func isPermutation<Element: Hashable>(_ a: [Element], _ b: [Element]) -> Bool {
    if a.count != b.count { return false }
    var rest = b
    for element in a {
      guard let at = rest.firstIndex(of: element) else { return false }
      rest.remove(at: at)
    }
    return true
  }

  /// σ′ / (1 − σ) = σ, σ′ / σ = 1 − σ, tanh′ / (1 − tanh²) = 1, within each term.
  mutating func cancellingSlopes(_ form: Form) throws(Failure) -> Form {
    var work = form
    var result: Form = []
    while let term = work.popLast() {
      if let reduced = try cancellingSlope(term) { work += reduced } else { result.append(term) }
    }
    return result
  }

  private mutating func cancellingSlope(_ term: Term) throws(Failure) -> Form? {
    for (i, slope) in term.factors.enumerated() {
      guard case .apply(let function, 1, let key) = table.kind(slope), slope.exponent == .one,
        function == .tanh || function == .sigmoid
      else { continue }
      let value =
        folded(function, key, slope.labels, slope.times, term.zone)
        ?? Factor(functionHead(function, 0, key), slope.labels, slope.times)
      let saved = context
      defer { context = saved }
      context = term.zone
      let below = function == .sigmoid ? [value] : [value, value]
      let complement = unit([]) + negated(unit(below))
      let reciprocal = try power(complement, Affine(-1))
      guard reciprocal.count == 1, reciprocal[0].factors.count == 1 else { continue }
      for (j, divisor) in term.factors.enumerated() where j != i {
        guard let n = divisor.exponent.literal, n < 0 else { continue }
        var rest = term
        rest.factors[j].exponent = Affine(n + 1)
        if divisor.isSame(as: reciprocal[0].factors[0]) {
          rest.factors.remove(at: i)
          if n == -1 { rest.factors.remove(at: i < j ? j - 1 : j) }
          if function == .sigmoid { rest.factors.append(value) }
          guard let lead = reciprocal[0].coefficient.rational,
            let scale = Rational.one.divided(by: lead)
          else { continue }
          rest.coefficient = rest.coefficient * Polynomial(scale)
          return try simplified(rest)
        }
        if function == .sigmoid, divisor.isSame(as: value) {
          rest.factors.remove(at: i)
          if n == -1 { rest.factors.remove(at: i < j ? j - 1 : j) }
          return try simplifiedAll(try multiplied([rest], complement))
        }
      }
    }
    return nil
  }

  /// The form with every slope written by its value: tanh′ = 1 - tanh², σ′ = σ - σ².
  mutating func expandingSlopes(_ form: Form) throws(Failure) -> Form {
    var work = try cancellingSlopes(form)
    var result: Form = []
    while let term = work.popLast() {
      guard
        let i = term.factors.firstIndex(where: {
          if case .apply(let f, 1, _) = table.kind($0) { return f == .tanh || f == .sigmoid }
          return false
        }), case .apply(let function, _, let key) = table.kind(term.factors[i])
      else {
        result.append(term)
        continue
      }
      let factor = term.factors[i]
      guard let e = factor.exponent.literal, e > 0 else {
        result.append(term)
        continue
      }
      var rest = term
      rest.factors[i].exponent = Affine(e - 1)
      if e == 1 { rest.factors.remove(at: i) }
      let value =
        folded(function, key, factor.labels, factor.times, term.zone)
        ?? Factor(functionHead(function, 0, key), factor.labels, factor.times)
      var first = rest
      if function == .sigmoid { first.factors.append(value) }
      var second = rest
      second.factors += [value, value]
      second.coefficient = -second.coefficient
      work += [first, second]
      try spend(1)
    }
    return try simplifiedAll(result)
  }
}
