import Expressions

/// Ranges of expressions by their structure: compositions of functions of known course over
/// variables that run through the reals, or through what is given for them.
///
/// Sums and products are tight where their operands depend on different variables; polynomials of
/// degree two in one quantity (h − h², 1 − y²) are tight by their vertex. Everything else is
/// enclosed.
package struct RangeAnalysis: Sendable {
  /// What is known of the entries of a symbol: at one time, or wherever it stands.
  package struct Known: Sendable {
    package var symbol: Symbol
    package var time: Time?
    package var range: ValueRange
    package init(_ symbol: Symbol, at time: Time? = nil, _ range: ValueRange) {
      self.symbol = symbol
      self.time = time
      self.range = range
    }
  }

  private let model: Model
  private let given: [Known]
  private let sample: Sample
  /// Times that are not negative.
  private var facts: [Time]
  /// Symbols whose equations are being unfolded.
  private var unfolding: [Symbol] = []

  /// - Parameters:
  ///   - given: what assumptions say of the entries of symbols.
  ///   - domain: for which times the expression is looked at; each is ≥ 0 there.
  package init(
    model: Model = Model(), given: [Known] = [], domain: [Time] = [],
    sample: Sample = Sample(seed: 0)
  ) {
    self.model = model
    self.given = given
    facts = domain
    self.sample = sample
  }

  /// The range of the entries of an expression; nil if it says of nothing what numbers it can be.
  package mutating func range(
    of expression: Expression, in workspace: borrowing Workspace
  ) -> ValueRange? {
    if let range = quadratic(expression, workspace) { return range }
    switch workspace[expression] {
    case .number(let value), .decimal(let value, _):
      let interval = Interval(value)
      return ValueRange(
        lower: interval.lower, upper: interval.upper, isTight: interval.lower == interval.upper)
    case .timeValue(let time):
      if let value = time.value({ sample[$0] }) { return .point(Double(value)) }
      return ValueRange.reals.loosened
    case .dimensionValue(let dimension):
      if let value = dimension.value({ sample[$0] }) { return .point(Double(value)) }
      return ValueRange(lower: 1, upper: .infinity, isTight: dimension.symbol != nil)
    case .variable(let variable): return range(of: variable, workspace)
    case .ones: return .point(1)
    case .zero: return .point(0)
    case .identity, .unitVector, .delta, .iverson:
      return ValueRange(lower: 0, upper: 1, isTight: false)
    case .sum(let terms): return sum(terms, workspace)
    case .negative(let operand): return range(of: operand, in: workspace).map { -$0 }
    case .product(let factors), .hadamard(let factors):
      return product(factors, expression, workspace)
    case .quotient(let a, let b):
      guard let above = range(of: a, in: workspace), let below = range(of: b, in: workspace) else {
        return nil
      }
      let quotient = above * below.reciprocal
      return areIndependent([a, b], workspace) ? quotient : quotient.loosened
    case .power(let base, let exponent): return power(base, exponent, expression, workspace)
    case .transpose(let operand), .entry(let operand, _): return range(of: operand, in: workspace)
    case .apply(let function, let derivative, let argument):
      if case .generic = function { return ValueRange.reals.loosened }
      return range(of: argument, in: workspace)?.applying(function, derivative: derivative)
    case .maximum(let a, let b):
      guard let first = range(of: a, in: workspace), let second = range(of: b, in: workspace)
      else { return nil }
      let larger = first.larger(second)
      return areIndependent([a, b], workspace) ? larger : larger.loosened
    case .tensorFunction(let function, let operand):
      return range(of: function, operand, workspace)
    case .kronecker(let a, let b): return product([a, b], expression, workspace, contracts: false)
    case .stack(_, _, let blocks):
      var all: ValueRange?
      for block in blocks {
        guard let range = range(of: block, in: workspace) else { return nil }
        all = all.map { $0.union(range) } ?? range
      }
      return all
    case .indexSum(_, let body): return range(of: body, in: workspace).map { repeated($0) }
    case .tabulate(_, let body): return range(of: body, in: workspace)
    case .timeSum(_, _, _, let body):
      return range(of: body, in: workspace).map { repeated($0).union(.point(0)).loosened }
    case .timeProduct(_, _, _, let body, _):
      guard let factor = range(of: body, in: workspace), factor.lower >= 0,
        isScalar(body, workspace)
      else { return ValueRange.reals.loosened }
      if factor.upper <= 1 {
        return ValueRange(
          lower: 0, upper: 1, lowerIsAttained: factor.contains(0), isTight: false)
      }
      return ValueRange(
        lower: 0, upper: .infinity, lowerIsAttained: factor.contains(0), isTight: false)
    case .opaque, .opaquePartial, .pathProduct, .derivative, .differential:
      return ValueRange.reals.loosened
    case .elided: return nil
    }
  }

  private mutating func range(
    of variable: Variable, _ workspace: borrowing Workspace
  ) -> ValueRange? {
    let record = workspace[variable.symbol]
    if let known = given.first(where: { says($0, of: variable) }) { return known.range }
    let definitions = model.definitions.filter { $0.symbol == variable.symbol }
    if !definitions.isEmpty {
      guard let definition = definitions.first(where: { computes($0, variable, definitions) }),
        !unfolding.contains(variable.symbol)
      else { return ValueRange.reals.loosened }
      return unfolded(definition, at: variable.time, workspace)
    }
    let isLong = !record.shape.isScalar
    if record.properties.contains(.oneHot) {
      return ValueRange(lower: 0, upper: 1, isTight: isLong)
    }
    if record.properties.contains(.bits) { return ValueRange(lower: 0, upper: 1) }
    if !record.properties.isDisjoint(with: [.unitNorm, .orthogonal, .signs]) {
      return ValueRange(lower: -1, upper: 1)
    }
    if record.properties.contains(.positive) {
      return ValueRange(lower: 0, upper: .infinity, lowerIsAttained: false)
    }
    if record.properties.contains(.positiveDefinite), record.shape.isScalar {
      return ValueRange(lower: 0, upper: .infinity, lowerIsAttained: false)
    }
    return .reals
  }

  /// Whether one of the symbol's equations, and no other, computes it at all times in question.
  private func computes(
    _ definition: Definition, _ variable: Variable, _ all: [Definition]
  ) -> Bool {
    guard let time = variable.time else { return definition.time == nil }
    if let instance = definition.instance { return instance == time }
    guard definition.time != nil, definition.from.map({ facts.implies(time - $0) }) ?? true,
      definition.through.map({ facts.implies($0 - time) }) ?? true
    else { return false }
    return all.allSatisfy { other in
      guard let instance = other.instance else { return true }
      return facts.implies(time - instance - 1) || facts.implies(instance - time - 1)
    }
  }

  private mutating func unfolded(
    _ definition: Definition, at time: Time?, _ workspace: borrowing Workspace
  ) -> ValueRange? {
    let outer = facts
    unfolding.append(definition.symbol)
    defer {
      unfolding.removeLast()
      facts = outer
    }
    if let step = definition.time {
      // The equation's own letter may mean another step than the same letter outside.
      if time != Time(step) { facts.removeAll { $0.contains(step) } }
      if let from = definition.from { facts.append(Time(step) - from) }
      if let through = definition.through { facts.append(through - Time(step)) }
    }
    return range(of: definition.body, in: workspace)
  }

  /// The equation that computes a variable, whatever names it has for the time.
  private func equation(of variable: Variable) -> Expression? {
    for definition in model.instances(of: variable.symbol)
    where definition.instance == variable.time { return definition.body }
    return model.definition(of: variable.symbol)?.body
  }

  private mutating func sum(
    _ terms: [Expression], _ workspace: borrowing Workspace
  ) -> ValueRange? {
    var total = ValueRange.point(0)
    for term in terms {
      guard let range = range(of: term, in: workspace) else { return nil }
      total = total + range
    }
    if areIndependent(terms, workspace) { return total }
    // A term that runs through the reals on its own, whatever the others are.
    for (i, term) in terms.enumerated() {
      let own = freeVariables(of: term, workspace)
      var others: [Variable] = []
      for (j, other) in terms.enumerated() where j != i {
        others += freeVariables(of: other, workspace)
      }
      if case .variable(let variable) = workspace[term], own == [variable],
        !others.contains(where: { $0.symbol == variable.symbol }),
        let range = range(of: term, in: workspace), range.isReals,
        range.isTight
      {
        return .reals
      }
    }
    return total.loosened
  }

  private mutating func product(
    _ factors: [Expression], _ whole: Expression, _ workspace: borrowing Workspace,
    contracts: Bool = true
  ) -> ValueRange? {
    if contracts, case .product = workspace[whole], let square = gram(factors, whole, workspace) {
      return square
    }
    var result = ValueRange.point(1)
    var tensors = 0
    for factor in factors {
      guard let range = range(of: factor, in: workspace) else { return nil }
      result = result * range
      if !isScalar(factor, workspace) { tensors += 1 }
    }
    if case .product = workspace[whole], contracts, tensors > 1 { result = repeated(result) }
    return areIndependent(factors, workspace) ? result : result.loosened
  }

  /// `y^⊤ y`, and `y^⊤ S y` for a positive definite S: never negative.
  private mutating func gram(
    _ factors: [Expression], _ whole: Expression, _ workspace: borrowing Workspace
  ) -> ValueRange? {
    guard factors.count > 1, isScalar(whole, workspace) else { return nil }
    func areTransposes(_ a: Expression, _ b: Expression) -> Bool {
      if case .transpose(let inner) = workspace[a], inner == b { return true }
      if case .transpose(let inner) = workspace[b], inner == a { return true }
      return false
    }
    for i in 0..<(factors.count / 2)
    where !areTransposes(factors[i], factors[factors.count - 1 - i]) { return nil }
    if factors.count % 2 == 1 {
      guard case .variable(let middle) = workspace[factors[factors.count / 2]],
        workspace[middle.symbol].properties.contains(.positiveDefinite),
        !model.computes(middle.symbol)
      else { return nil }
    }
    return ValueRange(lower: 0, upper: .infinity, isTight: false)
  }

  /// The sum of any positive number of independent such quantities.
  private func repeated(_ range: ValueRange) -> ValueRange {
    if range.isReals { return range }
    return ValueRange(
      lower: range.lower < 0 ? -.infinity : range.lower,
      upper: range.upper > 0 ? .infinity : range.upper,
      lowerIsAttained: range.lowerIsAttained, upperIsAttained: range.upperIsAttained,
      isTight: false)
  }

  private mutating func power(
    _ base: Expression, _ exponent: Expression, _ whole: Expression,
    _ workspace: borrowing Workspace
  ) -> ValueRange? {
    guard let range = range(of: base, in: workspace) else { return nil }
    guard !isMatrix(base, workspace) else { return ValueRange.reals.loosened }
    switch workspace[exponent] {
    case .number(let value):
      if let whole = value.exactInt { return range.raised(to: whole) }
      if value == Rational(1, over: 2) { return range.applying(.sqrt, derivative: 0) }
    case .negative(let inner):
      if case .number(let value) = workspace[inner], let whole = value.exactInt {
        return range.raised(to: -whole)
      }
    default: break
    }
    if range.isPositive {
      return ValueRange(lower: 0, upper: .infinity, lowerIsAttained: false, isTight: false)
    }
    return ValueRange.reals.loosened
  }

  private mutating func range(
    of function: TensorFunction, _ operand: Expression, _ workspace: borrowing Workspace
  ) -> ValueRange? {
    guard let range = range(of: operand, in: workspace) else { return nil }
    switch function {
    case .diag:
      return isMatrix(operand, workspace) ? range : range.union(.point(0)).loosened
    case .vec, .maximum: return function == .vec ? range : range.loosened
    case .trace, .total: return isScalar(operand, workspace) ? range : repeated(range)
    case .spectralRadius:
      return isScalar(operand, workspace)
        ? range.magnitude : ValueRange(lower: 0, upper: .infinity, isTight: false)
    case .norm, .spectralNorm:
      if case .variable(let variable) = workspace[operand],
        workspace[variable.symbol].properties.contains(.unitNorm), equation(of: variable) == nil
      {
        return .point(1)
      }
      if isScalar(operand, workspace) { return range.magnitude }
      let size = range.magnitude
      return ValueRange(
        lower: size.lower, upper: .infinity, lowerIsAttained: size.lowerIsAttained,
        isTight: range.isReals && range.isTight)
    case .softmax: return ValueRange(lower: 0, upper: 1, lowerIsAttained: false, isTight: false)
    case .determinant: return isScalar(operand, workspace) ? range : ValueRange.reals.loosened
    }
  }

  // MARK: Polynomials in one quantity

  /// A polynomial of degree two in one quantity: tight by its vertex.
  private mutating func quadratic(
    _ expression: Expression, _ workspace: borrowing Workspace
  ) -> ValueRange? {
    switch workspace[expression] {
    case .sum, .product, .hadamard: break
    default: return nil
    }
    var atom: Expression?
    guard let polynomial = polynomial(expression, &atom, workspace), polynomial.count == 3,
      let atom, let range = range(of: atom, in: workspace)
    else { return nil }
    let (c, b, a) = (polynomial[0], polynomial[1], polynomial[2])
    if a.isZero { return nil }
    // a(u + b/2a)² + (c − b²/4a)
    guard let shift = b.divided(by: Rational(2) * a),
      let fall = (b * b).divided(by: Rational(4) * a)
    else { return nil }
    func constant(_ value: Rational) -> ValueRange {
      let interval = Interval(value)
      return ValueRange(lower: interval.lower, upper: interval.upper)
    }
    return constant(a) * (range + constant(shift)).raised(to: 2) + constant(c - fall)
  }

  /// The coefficients, lowest first; nil if two quantities occur, or the degree is above two.
  private func polynomial(
    _ expression: Expression, _ atom: inout Expression?, _ workspace: borrowing Workspace
  ) -> [Rational]? {
    func trimmed(_ coefficients: [Rational]) -> [Rational]? {
      var result = coefficients
      while let last = result.last, last.isZero { result.removeLast() }
      return result.count <= 3 ? result : nil
    }
    func times(_ lhs: [Rational], _ rhs: [Rational]) -> [Rational]? {
      var product = [Rational](repeating: .zero, count: lhs.count + rhs.count)
      for (i, a) in lhs.enumerated() {
        for (j, b) in rhs.enumerated() { product[i + j] = product[i + j] + a * b }
      }
      return trimmed(product)
    }
    switch workspace[expression] {
    case .number(let value), .decimal(let value, _): return [value]
    case .ones: return [.one]
    case .zero: return []
    case .negative(let operand):
      return polynomial(operand, &atom, workspace)?.map { -$0 }
    case .sum(let terms):
      var sum: [Rational] = []
      for term in terms {
        guard let next = polynomial(term, &atom, workspace) else { return nil }
        let count = max(sum.count, next.count)
        sum = (0..<count).map { i in
          (i < sum.count ? sum[i] : .zero) + (i < next.count ? next[i] : .zero)
        }
      }
      return trimmed(sum)
    case .product(let factors), .hadamard(let factors):
      if case .product = workspace[expression] {
        var tensors = 0
        for factor in factors where !isScalar(factor, workspace) { tensors += 1 }
        if tensors > 1 { return leaf(expression, &atom) }
      }
      var product: [Rational] = [.one]
      for factor in factors {
        guard let next = polynomial(factor, &atom, workspace), let both = times(product, next)
        else { return nil }
        product = both
      }
      return product
    case .power(let base, let exponent):
      guard case .number(let value) = workspace[exponent], let n = value.exactInt, n == 1 || n == 2,
        !isMatrix(base, workspace), let inner = polynomial(base, &atom, workspace)
      else { return leaf(expression, &atom) }
      return n == 1 ? inner : times(inner, inner)
    default: return leaf(expression, &atom)
    }
  }

  private func leaf(_ expression: Expression, _ atom: inout Expression?) -> [Rational]? {
    if atom != nil, atom != expression { return nil }
    atom = expression
    return [.zero, .one]
  }

  // MARK: Dependence

  private func isScalar(_ expression: Expression, _ workspace: borrowing Workspace) -> Bool {
    (try? workspace.shape(of: expression))?.isScalar ?? false
  }
  private func isMatrix(_ expression: Expression, _ workspace: borrowing Workspace) -> Bool {
    guard let shape = try? workspace.shape(of: expression) else { return true }
    return shape.isMatrix && !shape.isRow
  }

  /// The parameters and inputs behind an expression; computed variables are unfolded once.
  private func freeVariables(
    of expression: Expression, _ workspace: borrowing Workspace
  ) -> [Variable] {
    var found: [Variable] = []
    var unfolded: [Symbol] = []
    var pending = [expression]
    while let next = pending.popLast() {
      for variable in workspace.variables(in: next) {
        let isGiven = given.contains { says($0, of: variable) }
        if !isGiven, let body = equation(of: variable) {
          if !unfolded.contains(variable.symbol) {
            unfolded.append(variable.symbol)
            pending.append(body)
          }
        } else if !found.contains(variable) {
          found.append(variable)
        }
      }
    }
    return found
  }

  /// The letters of an equation that is unfolded are its own.
  private func says(_ known: Known, of variable: Variable) -> Bool {
    known.symbol == variable.symbol
      && (known.time == nil || known.time == variable.time && unfolding.isEmpty)
  }

  private func areIndependent(
    _ expressions: [Expression], _ workspace: borrowing Workspace
  ) -> Bool {
    var seen: [Symbol] = []
    for expression in expressions {
      var own: [Symbol] = []
      for variable in freeVariables(of: expression, workspace)
      where !own.contains(variable.symbol) { own.append(variable.symbol) }
      for symbol in own where seen.contains(symbol) { return false }
      seen += own
    }
    return true
  }
}
