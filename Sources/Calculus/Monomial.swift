import Expressions

/// A term of a derivative in matrix notation: number · scalars · chain of matrices / divisors.
struct Monomial: Hashable {
  var coefficient = Rational.one
  var scalars: [Expression] = []
  var divisors: [Expression] = []
  /// Matrices, columns and rows whose product is meant; empty for a scalar.
  var chain: [Expression] = []

  /// The same with its sign turned.
  var negated: Monomial {
    var other = self
    other.coefficient = -coefficient
    return other
  }
}

extension Workspace {
  private func isScalar(_ expression: Expression) -> Bool {
    (try? shape(of: expression))?.isScalar ?? false
  }

  /// Takes a scalar factor in, or a tensor at the end of the chain, its parts one by one.
  mutating func multiply(_ monomial: inout Monomial, by factor: Expression) {
    switch self[factor] {
    case .number(let value): monomial.coefficient = monomial.coefficient * value
    case .negative(let operand):
      monomial.coefficient = -monomial.coefficient
      multiply(&monomial, by: operand)
    case .product(let factors):
      // Rows and columns that make a number stay together.
      if isScalar(factor), !factors.allSatisfy({ isScalar($0) }) {
        monomial.take(factor)
      } else {
        for inner in factors { multiply(&monomial, by: inner) }
      }
    case .quotient(let above, let below) where isScalar(below):
      multiply(&monomial, by: above)
      divide(&monomial, by: below)
    case .power(let base, let exponent) where isScalar(base):
      if case .number(let value) = self[exponent], let n = value.exactInt, n > 0, n <= 8 {
        for _ in 0..<n { monomial.take(base) }
      } else {
        monomial.take(factor)
      }
    default:
      if isScalar(factor) { monomial.take(factor) } else { monomial.chain.append(factor) }
    }
  }

  mutating func divide(_ monomial: inout Monomial, by divisor: Expression) {
    switch self[divisor] {
    case .number(let value):
      if let inverse = Rational.one.divided(by: value) {
        monomial.coefficient = monomial.coefficient * inverse
      } else {
        monomial.divisors.append(divisor)
      }
    case .product(let factors) where factors.allSatisfy({ isScalar($0) }):
      for factor in factors { divide(&monomial, by: factor) }
    case .hadamard(let factors) where factors.allSatisfy({ isScalar($0) }):
      for factor in factors { divide(&monomial, by: factor) }
    case .power(let base, let exponent):
      if case .number(let value) = self[exponent], let n = value.exactInt, n > 0, n <= 8 {
        for _ in 0..<n { divide(&monomial, by: base) }
      } else {
        monomial.divisors.append(divisor)
      }
    default:
      if let at = monomial.scalars.firstIndex(of: divisor) {
        monomial.scalars.remove(at: at)
      } else {
        monomial.divisors.append(divisor)
      }
    }
  }

  /// The expression transposed, the transposition carried inwards.
  mutating func transposed(_ expression: Expression) -> Expression {
    switch self[expression] {
    case .transpose(let operand): return operand
    case .identity: return expression
    case .variable(let variable):
      let record = self[variable.symbol]
      if record.shape.isMatrix, !record.shape.isRow,
        !record.properties.isDisjoint(with: [.symmetric, .positiveDefinite, .diagonal])
      {
        return expression
      }
    case .negative(let operand): return self.expression(.negative(transposed(operand)))
    case .product(let factors): return product(transposed(factors))
    case .sum(let terms) where (try? shape(of: expression))?.isMatrix == true:
      var new: [Expression] = []
      for term in terms { new.append(transposed(term)) }
      return new.allSatisfy { terms.contains($0) } ? expression : sum(new)
    case .quotient(let above, let below) where isScalar(below):
      return self.expression(.quotient(transposed(above), below))
    case .tensorFunction(.diag, _):
      if (try? shape(of: expression))?.isMatrix == true { return expression }
    default: break
    }
    return isScalar(expression) ? expression : self.expression(.transpose(expression))
  }

  mutating func transposed(_ chain: [Expression]) -> [Expression] {
    var result: [Expression] = []
    for factor in chain.reversed() { result.append(transposed(factor)) }
    return result
  }

  mutating func transposed(_ monomial: Monomial) -> Monomial {
    var other = monomial
    other.chain = transposed(monomial.chain)
    return other
  }

  /// Without identities beside other matrices, neighbouring powers of one matrix joined.
  private mutating func condensed(_ monomial: Monomial) -> Monomial {
    var result = monomial
    let rest = monomial.chain.filter {
      if case .identity = self[$0] { return false } else { return true }
    }
    if rest.isEmpty {
      result.chain = Array(monomial.chain.prefix(1))
      return result
    }
    result.chain = []
    for factor in rest {
      guard let last = result.chain.last, let (a, m, s) = matrixPower(last),
        let (b, n, t) = matrixPower(factor), a == b, s == t, m + n != 0
      else {
        result.chain.append(factor)
        continue
      }
      let exponent = number(m + n)
      let power = m + n == 1 ? a : expression(.power(a, exponent))
      result.chain[result.chain.count - 1] = s ? expression(.transpose(power)) : power
    }
    return result
  }

  /// The base and exponent of a square matrix, and whether it is transposed.
  private func matrixPower(_ factor: Expression) -> (Expression, Int, Bool)? {
    var (inner, isTransposed) = (factor, false)
    if case .transpose(let operand) = self[factor] { (inner, isTransposed) = (operand, true) }
    guard let shape = try? shape(of: inner), shape.isMatrix, !shape.isRow,
      shape.dimensions[0] == shape.dimensions[1]
    else { return nil }
    if case .power(let base, let exponent) = self[inner], case .number(let value) = self[exponent],
      let n = value.exactInt
    {
      return (base, n, isTransposed)
    }
    return (inner, 1, isTransposed)
  }

  /// Equal ones as powers.
  private mutating func powers(of factors: [Expression]) -> [Expression] {
    var result: [Expression] = []
    var seen: [Expression] = []
    for factor in factors where !seen.contains(factor) {
      seen.append(factor)
      let count = factors.filter { $0 == factor }.count
      let exponent = number(count)
      result.append(count == 1 ? factor : expression(.power(factor, exponent)))
    }
    return result
  }

  /// The term without its sign.
  private mutating func magnitude(_ monomial: Monomial) -> Expression {
    let chain = monomial.chain
    let size = monomial.coefficient.signum < 0 ? -monomial.coefficient : monomial.coefficient
    var factors: [Expression] = []
    if !size.isOne || monomial.scalars.isEmpty && chain.isEmpty { factors.append(number(size)) }
    let above = product(factors + powers(of: monomial.scalars) + chain)
    if monomial.divisors.isEmpty { return above }
    return expression(.quotient(above, product(powers(of: monomial.divisors))))
  }

  /// Like terms together, common factors at either end taken out.
  mutating func sum(of monomials: [Monomial]) -> Expression? {
    var terms: [Monomial] = []
    for written in monomials {
      let monomial = condensed(written)
      if let at = terms.firstIndex(where: { isAlike($0, monomial) }) {
        terms[at].coefficient = terms[at].coefficient + monomial.coefficient
      } else {
        terms.append(monomial)
      }
    }
    terms.removeAll { $0.coefficient.isZero }
    if terms.isEmpty { return nil }
    if let factored = factored(terms) { terms = [factored] }
    // A positive term leads where there is one.
    if let lead = terms.firstIndex(where: { $0.coefficient.signum > 0 }), lead > 0 {
      terms.insert(terms.remove(at: lead), at: 0)
    }
    var written: [Expression] = []
    for term in terms {
      let size = magnitude(term)
      written.append(term.coefficient.signum < 0 ? expression(.negative(size)) : size)
    }
    return sum(written)
  }

  private func isAlike(_ a: Monomial, _ b: Monomial) -> Bool {
    a.chain == b.chain && a.scalars.sorted { $0.id < $1.id } == b.scalars.sorted { $0.id < $1.id }
      && a.divisors.sorted { $0.id < $1.id } == b.divisors.sorted { $0.id < $1.id }
  }

  /// c P M₁ S + c P M₂ S as c P (M₁ + M₂) S.
  private mutating func factored(_ terms: [Monomial]) -> Monomial? {
    guard terms.count > 1, let first = terms.first else { return nil }
    for term in terms {
      let isScaled = term.coefficient == first.coefficient || -term.coefficient == first.coefficient
      guard isScaled, term.scalars == first.scalars, term.divisors == first.divisors else {
        return nil
      }
    }
    let shortest = terms.map { $0.chain.count }.min() ?? 0
    var (prefix, suffix) = (0, 0)
    while prefix < shortest - 1,
      terms.allSatisfy({ $0.chain[prefix] == first.chain[prefix] })
    {
      prefix += 1
    }
    while suffix < shortest - 1 - prefix,
      terms.allSatisfy({
        $0.chain[$0.chain.count - 1 - suffix] == first.chain[first.chain.count - 1 - suffix]
      })
    {
      suffix += 1
    }
    if prefix + suffix == 0 { return nil }
    var middles: [Expression] = []
    for term in terms {
      let middle = product(Array(term.chain[prefix..<(term.chain.count - suffix)]))
      middles.append(
        term.coefficient == first.coefficient ? middle : expression(.negative(middle)))
    }
    let middle = sum(middles)
    guard (try? shape(of: middle)) != nil else { return nil }
    var result = first
    result.chain =
      Array(first.chain[..<prefix]) + [middle]
      + Array(first.chain[(first.chain.count - suffix)...])
    return result
  }
}

extension Monomial {
  fileprivate mutating func take(_ scalar: Expression) {
    if let at = divisors.firstIndex(of: scalar) {
      divisors.remove(at: at)
    } else {
      scalars.append(scalar)
    }
  }
}
