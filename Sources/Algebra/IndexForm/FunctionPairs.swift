import Expressions

/// Products and powers of functions of entries.
extension Prover {
  /// Pairs of function factors: |x|² = x², |x| sign x = x, sign² = 1, √x² = x, e^x e^y = e^{x+y} where
  /// x and y have the same labels (so that e^{x_i} / Σ_j e^{x_j} stays in one piece).
  mutating func simplify(function i: Int, of term: inout Term) throws(Failure) -> Progress {
    let factor = term.factors[i]
    guard case .apply(let function, 0, let key) = table.kind(factor) else { return .done }
    let literal = factor.exponent.literal
    switch function {
    case .sign:
      guard let e = literal else { return .done }
      if e % 2 == 0 {
        term.factors.remove(at: i)
        return .again
      }
      if e != 1 {
        term.factors[i].exponent = .one
        return .again
      }
      for j in term.factors.indices where j != i && term.factors[j] == factor {
        term.factors.remove(at: max(i, j))
        term.factors.remove(at: min(i, j))
        return .again
      }
    case .absolute, .sqrt:
      let isRoot = function == .sqrt
      if let e = literal, e >= 2 || e <= -2 {
        let rest = Affine(e % 2)
        term.factors[i].exponent = rest
        if rest == Affine(0) { term.factors.remove(at: i) }
        return .split(
          try replacing(
            in: term, by: key, factor, to: isRoot ? e / 2 : e - e % 2))
      }
      if isRoot, literal == 1, try cancelRoot(i, key, of: &term) { return .again }
      for j in term.factors.indices where j != i {
        if term.factors[j].isSame(as: factor), literal == 1, term.factors[j].exponent == .one {
          term.factors.remove(at: max(i, j))
          term.factors.remove(at: min(i, j))
          return .split(try replacing(in: term, by: key, factor, to: isRoot ? 1 : 2))
        }
        if !isRoot, case .apply(.sign, 0, key) = table.kind(term.factors[j]),
          term.factors[j].labels == factor.labels, term.factors[j].times == factor.times,
          let e = literal, e == 1 || e == -1
        {
          term.factors.remove(at: max(i, j))
          term.factors.remove(at: min(i, j))
          return .split(try replacing(in: term, by: key, factor, to: e))
        }
      }
    case .exp:
      if let e = literal, e != 1 {
        term.factors.remove(at: i)
        return .split(
          try withExponential(
            of: scaled(try instantiate(key, factor.labels, factor.times), by: .integer(e)),
            term))
      }
      for j in term.factors.indices where j != i {
        let other = term.factors[j]
        if case .apply(.exp, 0, let otherKey) = table.kind(other), literal == 1,
          other.exponent == .one, Set(other.labels) == Set(factor.labels)
        {
          let argument =
            try instantiate(key, factor.labels, factor.times)
            + instantiate(otherKey, other.labels, other.times)
          // What counts different entries stays a product, as it is written where it is first met.
          if groupedByLabels(try collected(argument)).count > 1 { continue }
          term.factors.remove(at: max(i, j))
          term.factors.remove(at: min(i, j))
          return .split(
            try withExponential(of: argument, term))
        }
      }
    default: break
    }
    return .done
  }

  /// √x · x^{-n} = x^{-1/2} · x^{1-n}
  private mutating func cancelRoot(
    _ i: Int, _ key: FormKey, of term: inout Term
  ) throws(Failure) -> Bool {
    guard term.factors.contains(where: { ($0.exponent.literal ?? 0) < 0 }) else { return false }
    let saved = context
    defer { context = saved }
    context = term.zone
    let root = term.factors[i]
    let argument = try hosted(try instantiate(key, root.labels, root.times))
    let reciprocal = try power(argument, Affine(-1))
    guard reciprocal.count == 1, reciprocal[0].factors.count == 1,
      let lead = reciprocal[0].coefficient.rational,
      let scale = Rational.one.divided(by: lead)
    else { return false }
    for (j, divisor) in term.factors.enumerated()
    where j != i && divisor.isSame(as: reciprocal[0].factors[0]) {
      guard let n = divisor.exponent.literal, n < 0 else { continue }
      term.coefficient = term.coefficient * Polynomial(scale)
      term.factors[i].exponent = Affine(-1)
      term.factors[j].exponent = Affine(n + 1)
      if n == -1 { term.factors.remove(at: j) }
      return true
    }
    return false
  }

  private mutating func replacing(
    in term: Term, by key: FormKey, _ factor: Factor, to exponent: Int
  ) throws(Failure) -> Form {
    let saved = context
    defer { context = saved }
    context = term.zone
    let argument = try hosted(try instantiate(key, factor.labels, factor.times))
    return try multiplied([term], try power(argument, Affine(exponent)))
  }

  private mutating func withExponential(
    of argument: Form, _ term: Term
  ) throws(Failure) -> Form {
    let saved = context
    defer { context = saved }
    context = term.zone
    return try multiplied(
      [term], try apply(.exp, 0, try simplifiedAll(try hosted(argument))))
  }
}
