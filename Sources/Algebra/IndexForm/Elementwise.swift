import Expressions

/// Functions of one number: values at constants, parity, derivatives, and the laws that join two of
/// them in a product.
extension Prover {
  /// The n-th derivative of the function at the argument.
  mutating func apply(
    _ function: ElementwiseFunction, _ n: Int, _ argument: Form
  ) throws(Failure) -> Form {
    let half = Rational(1, over: 2)
    switch function {
    case .exp: return try atom(.exp, 0, argument)
    case .log where n > 0:
      var factor = Rational(n % 2 == 1 ? 1 : -1)
      for i in 1..<max(n, 2) { factor = factor * Rational(i) }
      if n == 1 { factor = .one }
      return scaled(try power(argument, Affine(-n)), by: Polynomial(factor))
    case .sin, .cos:
      let phase = (function == .sin ? n : n + 1) % 4
      let form = try atom(phase % 2 == 0 ? .sin : .cos, 0, argument)
      return phase >= 2 ? negated(form) : form
    case .sqrt where n > 0:
      var factor = Rational.one
      for i in 0..<n { factor = factor * (half + Rational(-i)) }
      let root = try atom(.sqrt, 0, argument)
      return scaled(try power(root, Affine(1 - 2 * n)), by: Polynomial(factor))
    case .relu:
      if n > 1 { return [] }
      let other = try apply(.absolute, n, argument)
      return scaled((n == 0 ? argument : unit([])) + other, by: Polynomial(half))
    case .absolute where n > 0: return n > 1 ? [] : try atom(.sign, 0, argument)
    case .sign where n > 0: return []
    case .softplus where n > 0: return try apply(.sigmoid, n - 1, argument)
    case .sigmoid where n > 1, .tanh where n > 1:
      return try slopeDerivative(function, n, argument)
    default: return try atom(function, n, argument)
    }
  }

  /// σ″ = σ′ - 2σσ′, tanh″ = -2 tanh tanh′, and so on: a polynomial in the value and the slope.
  private mutating func slopeDerivative(
    _ function: ElementwiseFunction, _ n: Int, _ argument: Form
  ) throws(Failure) -> Form {
    // table[(a, b)]: coefficient of value^a slope^b; d(value) = slope, d(slope) = slope″.
    var terms: [(a: Int, b: Int, c: Int)] = [(0, 1, 1)]
    for _ in 1..<n {
      var next: [(a: Int, b: Int, c: Int)] = []
      func add(_ a: Int, _ b: Int, _ c: Int) {
        if c == 0 { return }
        if let at = next.firstIndex(where: { $0.a == a && $0.b == b }) {
          next[at].c += c
        } else {
          next.append((a, b, c))
        }
      }
      for term in terms {
        add(term.a - 1, term.b + 1, term.a * term.c)
        if function == .sigmoid { add(term.a, term.b, term.b * term.c) }
        add(term.a + 1, term.b, -2 * term.b * term.c)
      }
      terms = next.filter { $0.c != 0 }
    }
    let value = try atom(function, 0, argument)
    let slope = try atom(function, 1, argument)
    var sum: Form = []
    for term in terms {
      let values = try power(value, Affine(term.a))
      let product = try simplifiedProduct(values, try power(slope, Affine(term.b)))
      sum += scaled(product, by: .integer(term.c))
    }
    return sum
  }

  /// Whether the form holds wherever the context does: no time sums, no conditions of its own.
  func isPlain(_ form: Form) -> Bool {
    form.allSatisfy { $0.times.isEmpty && $0.zone == context }
  }

  private mutating func atom(
    _ function: ElementwiseFunction, _ n: Int, _ original: Form
  ) throws(Failure) -> Form {
    let argument = try collected(original)
    if let value = constantValue(function, n, argument) { return value }
    if isPlain(argument), argument.count == 1, argument[0].labels.isEmpty {
      if let form = try single(function, n, argument[0]) { return form }
    }
    if function == .log, n == 0, isPlain(argument), argument.count == 1,
      let product = try factoringOut(argument[0]),
      let form = try single(.log, 0, product)
    {
      return form
    }
    if n == 0, isPlain(argument), let form = try softplus(function, argument) { return form }
    if function == .exp, isPlain(argument) {
      let groups = groupedByLabels(argument)
      if groups.count > 1 {
        var product = unit([])
        for group in groups {
          product = try simplifiedProduct(product, try atom(.exp, 0, group))
        }
        return product
      }
    }
    if function == .exp, n == 0, isPlain(argument),
      let at = argument.firstIndex(where: { logarithm(of: $0) != nil }),
      let (key, count) = logarithm(of: argument[at])
    {
      let factor = argument[at].factors[0]
      let base = try hosted(try instantiate(key, factor.labels, factor.times))
      var rest = argument
      rest.remove(at: at)
      return try simplifiedProduct(
        try power(base, Affine(count)), try atom(.exp, 0, rest))
    }
    var interned = try intern(argument)
    if let node = folded(nil, interned.key, interned.labels, interned.times, context) {
      interned = try intern(unit([node]))
    }
    var sign = 1
    if let parity = Prover.parity(function, n), isPlain(argument),
      table.forms[Int(interned.key)].terms.first?.coefficient.isLedByNegative == true
    {
      interned = try intern(negated(argument))
      if parity == .reflected {
        let value = try factor(function, n, interned)
        return unit([]) + negated(unit([value]))
      }
      sign = parity == .odd ? -1 : 1
    }
    let form = unit([try factor(function, n, interned)])
    return sign < 0 ? negated(form) : form
  }

  /// c · Σ as a product of what the sum does not run over and the sum; nil if all is under it.
  private mutating func factoringOut(_ term: Term) throws(Failure) -> Term? {
    func isSummed(_ factor: Factor) -> Bool {
      factor.labels.contains { term.labels.contains($0) }
    }
    var sum = term
    sum.factors = term.factors.filter { isSummed($0) }
    sum.coefficient = .one
    var product = Term(term.coefficient, term.factors.filter { !isSummed($0) }, in: term.zone)
    if term.labels.isEmpty || product.factors.isEmpty && term.coefficient.isOne { return nil }
    let interned = try intern([sum])
    product.factors.append(
      Factor(table.head(.bracket(interned.key), .bracket), interned.labels, interned.times))
    return product
  }

  /// The terms with the same open labels together, in the order of their first.
  func groupedByLabels(_ form: Form) -> [Form] {
    var groups: [(labels: [Label], terms: Form)] = []
    for term in form {
      var open: [Label] = []
      for factor in term.factors {
        for label in factor.labels where !term.labels.contains(label) && !open.contains(label) {
          open.append(label)
        }
      }
      open.sort()
      if let at = groups.firstIndex(where: { $0.labels == open }) {
        groups[at].terms.append(term)
      } else {
        groups.append((open, [term]))
      }
    }
    return groups.map { $0.terms }
  }

  /// Laws that lead to ζ = softplus: log(1 + e^z) = ζ(z), log σ(z) = z − ζ(z), log(1 − σ(z)) = −ζ(z),
  /// ζ(−z) = ζ(z) − z. Goodfellow, Bengio, Courville 2016, section 3.10.
  private mutating func softplus(
    _ function: ElementwiseFunction, _ argument: Form
  ) throws(Failure) -> Form? {
    switch function {
    case .softplus where argument.first?.coefficient.isLedByNegative == true:
      let opposite = negated(argument)
      if opposite.first?.coefficient.isLedByNegative == true { return nil }
      return try atom(.softplus, 0, opposite) + argument
    case .log where argument.count == 1:
      guard argument[0].factors.count == 1, argument[0].coefficient.isOne,
        argument[0].labels.isEmpty,
        case (.sigmoid, let key, let labels, let times)? = activation(
          of: argument[0].factors[0], in: context)
      else { return nil }
      let inner = try hosted(try instantiate(key, labels, times))
      return inner + negated(try atom(.softplus, 0, inner))
    case .log where argument.count == 2:
      guard let one = argument.firstIndex(where: { $0.factors.isEmpty && $0.coefficient.isOne }),
        case let other = argument[1 - one], other.labels.isEmpty, !other.factors.isEmpty
      else { return nil }
      if other.coefficient.isOne {
        var exponent: Form = []
        for factor in other.factors {
          guard case .apply(.exp, 0, let key) = table.kind(factor),
            let count = factor.exponent.literal
          else { return nil }
          let inner = try hosted(try instantiate(key, factor.labels, factor.times))
          exponent += scaled(inner, by: .integer(count))
        }
        return try atom(.softplus, 0, exponent)
      }
      guard (-other.coefficient).isOne, other.factors.count == 1,
        case (.sigmoid, let key, let labels, let times)? = activation(
          of: other.factors[0], in: context)
      else { return nil }
      return negated(
        try atom(.softplus, 0, try hosted(try instantiate(key, labels, times))))
    default: return nil
    }
  }

  /// The function at an interned argument, or the node that its definition makes of it.
  private mutating func factor(
    _ function: ElementwiseFunction, _ n: Int, _ argument: Interned
  ) throws(Failure) -> Factor {
    if n == 0, let node = folded(function, argument.key, argument.labels, argument.times, context) {
      return node
    }
    return Factor(
      functionHead(function, n, argument.key), argument.labels, argument.times)
  }

  mutating func functionHead(_ function: ElementwiseFunction, _ n: Int, _ key: FormKey) -> Head {
    var traits: Traits = []
    switch function {
    case .exp, .sqrt, .absolute: traits = [.function, .positive]
    case .sign: traits = .function
    case .sigmoid: traits = .positive
    default: break
    }
    return table.head(.apply(function, derivative: n, key), traits)
  }

  private enum Parity { case even, odd, reflected }

  private static func parity(_ function: ElementwiseFunction, _ n: Int) -> Parity? {
    switch function {
    case .tanh: return n == 0 ? .odd : .even
    case .sigmoid: return n == 0 ? .reflected : .even
    case .sin, .sign: return .odd
    case .cos, .absolute: return .even
    default: return nil
    }
  }

  private func constantValue(
    _ function: ElementwiseFunction, _ n: Int, _ argument: Form
  ) -> Form? {
    var value = Rational.zero
    if argument.count > 1 { return nil }
    if let term = argument.first {
      guard term.factors.isEmpty, term.times.isEmpty, term.zone == context,
        let number = term.coefficient.rational
      else { return nil }
      value = number
    }
    switch function {
    case .tanh where value.isZero: return constant(n == 0 ? .zero : .one)
    case .sigmoid where value.isZero:
      return constant(Polynomial(Rational(1, over: n == 0 ? 2 : 4)))
    case .exp where value.isZero, .cos where value.isZero: return constant(.one)
    case .sin where value.isZero: return []
    case .log where value == .one: return []
    case .absolute: return constant(Polynomial(value.signum < 0 ? -value : value))
    case .sign where !value.isZero: return constant(.integer(value.signum))
    case .sqrt:
      if value.isZero { return [] }
      return Prover.root(value).map { constant(Polynomial($0)) }
    default: return nil
    }
  }

  /// The square root if it is a fraction.
  private static func root(_ value: Rational) -> Rational? {
    guard let p = value.numerator.exactInt, let q = value.denominator.exactInt, p >= 0 else {
      return nil
    }
    func whole(_ n: Int) -> Int? {
      var (low, high) = (0, min(n, 46_340))
      while low < high {
        let middle = (low + high + 1) / 2
        if middle * middle <= n { low = middle } else { high = middle - 1 }
      }
      return low * low == n ? low : nil
    }
    guard let a = whole(p), let b = whole(q), b > 0 else { return nil }
    return Rational(a, over: b)
  }

  /// The argument and count of a term c·log(x) with a whole number c.
  private func logarithm(of term: Term) -> (FormKey, Int)? {
    guard term.factors.count == 1, term.labels.isEmpty, term.factors[0].exponent == .one,
      case .apply(.log, 0, let key) = table.kind(term.factors[0]),
      case .integer(let count) = term.coefficient
    else { return nil }
    return (key, count)
  }

  func isPositive(_ factor: Factor) -> Bool {
    if table.traits(factor).contains(.positive) { return true }
    if case .bracket(let key) = table.kind(factor) {
      return isPositive(table.forms[Int(key)].terms)
    }
    return false
  }
  func isPositive(_ form: Form) -> Bool {
    !form.isEmpty
      && form.allSatisfy { term in
        guard let value = term.coefficient.rational, value.signum > 0 else { return false }
        return term.factors.allSatisfy { isPositive($0) }
      }
  }

  /// Laws of functions at a product without sums: √(x²) = |x|, |xy| = |x||y|, log(e^z S) = z + log S.
  private mutating func single(
    _ function: ElementwiseFunction, _ n: Int, _ term: Term
  ) throws(Failure) -> Form? {
    guard n == 0 else { return nil }
    switch function {
    case .sqrt:
      guard let value = term.coefficient.rational, value.signum > 0, !term.factors.isEmpty else {
        return nil
      }
      var inside: [Factor] = []
      var outside: Form = unit([])
      var rest = term.factors
      while let factor = rest.popLast() {
        if factor.exponent == .one, let at = rest.firstIndex(of: factor) {
          rest.remove(at: at)
          outside = try simplifiedProduct(
            outside, try atom(.absolute, 0, unit([factor])))
        } else if let e = factor.exponent.literal, e % 2 == 0 {
          var base = factor
          base.exponent = .one
          outside = try simplifiedProduct(
            outside,
            try power(try atom(.absolute, 0, unit([base])), Affine(e / 2)))
        } else {
          inside.append(factor)
        }
      }
      let root = Prover.root(value)
      if inside.count == term.factors.count, root == nil || root == .one { return nil }
      outside = scaled(outside, by: Polynomial(root ?? .one))
      let left = [Term(Polynomial(root == nil ? value : .one), inside, in: context)]
      return try simplifiedProduct(outside, try atom(.sqrt, 0, left))
    case .absolute, .sign:
      guard let value = term.coefficient.rational else { return nil }
      if term.factors.count == 1, value == .one, !isPositive(term.factors[0]),
        term.factors[0].exponent == .one
      {
        return nil
      }
      let size = value.signum < 0 ? -value : value
      var result = constant(
        function == .absolute ? Polynomial(size) : .integer(value.signum))
      for factor in term.factors {
        guard let exponent = factor.exponent.literal else { return nil }
        var base = factor
        base.exponent = .one
        var one = unit([base])
        if isPositive(factor) {
          if function == .sign { continue }
        } else if case .apply(.sign, 0, _) = table.kind(factor) {
          if function == .absolute { continue }
        } else {
          one = try atom(function, 0, one)
        }
        result = try simplifiedProduct(result, try power(one, Affine(exponent)))
      }
      return result
    case .log:
      guard term.coefficient.rational != nil else { return nil }
      var sum: Form = []
      var rest = term
      rest.factors = []
      for factor in term.factors {
        guard let exponent = factor.exponent.literal, isPositive(factor) else {
          rest.factors.append(factor)
          continue
        }
        switch table.kind(factor) {
        case .apply(.exp, 0, let key):
          let argument = try hosted(try instantiate(key, factor.labels, factor.times))
          sum += scaled(argument, by: .integer(exponent))
        case .bracket(let key):
          let interned = Interned(key: key, labels: factor.labels, times: factor.times)
          sum += scaled(unit([try self.factor(.log, 0, interned)]), by: .integer(exponent))
        default:
          if term.factors.count == 1, exponent == 1, term.coefficient.isOne { return nil }
          var base = factor
          base.exponent = .one
          let interned = try intern(unit([base]))
          sum += scaled(unit([try self.factor(.log, 0, interned)]), by: .integer(exponent))
        }
      }
      if rest.factors.count == term.factors.count { return nil }
      return sum + (try atom(.log, 0, [rest]))
    case .exp:
      return nil
    default: return nil
    }
  }

  /// The form where the context holds.
  func hosted(_ form: Form) throws(Failure) -> Form {
    var form = form
    for i in form.indices { form[i].zone = context.intersection(form[i].zone) }
    return form
  }

}
