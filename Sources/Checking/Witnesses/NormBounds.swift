import Expressions
import Numerics

/// Upper bounds of norms by the known inequalities: ‖A + B‖ ≤ ‖A‖ + ‖B‖, ‖AB‖ ≤ ‖A‖ ‖B‖,
/// ‖diag v‖ = max |v_i|, ρ(A) ≤ ‖A‖ (Horn, Johnson 2013, section 5.6), and by ranges of functions.
///
/// A bound is a sum of products of numbers, of norms that stay as they are, and of powers of both
/// with exponents in times. A side whose norms are not taken apart is told exactly.
struct NormBounds {
  indirect enum Base: Hashable {
    case number(Rational)
    /// A norm, a modulus, a radius.
    case atom(Expression)
    /// A product over steps; the step is `step`.
    case product(from: Time, through: Time, Monomial)
    /// A number below one: what a strict assumption leaves between a norm and its bound.
    case slack
  }
  struct Factor: Hashable {
    var base: Base
    var exponent: Time
  }
  struct Monomial: Hashable {
    /// Not negative.
    var coefficient: Rational
    var factors: [Factor] = []
  }

  let model: Model
  let given: [RangeAnalysis.Known]
  let domain: [Time]
  /// The norms that stay as they are.
  let kept: Set<Expression>
  /// What assumptions say that norms do not exceed, at one step or at all.
  var limits: [(atom: Expression, bound: [Monomial], isOfAllSteps: Bool)] = []
  /// What is known not to be zero.
  var positive: [Base] = []
  /// The step of products over time.
  let step: TimeSymbol

  // MARK: Scalars

  /// The value of a side that is not negative, nothing taken apart; nil where it cannot be told.
  func exact(_ side: Expression, in workspace: inout Workspace) -> [Monomial]? {
    value(side, isExact: true, in: &workspace)
  }

  /// A bound of the modulus of a scalar; nil where none is known.
  func upper(_ side: Expression, in workspace: inout Workspace) -> [Monomial]? {
    value(side, isExact: false, in: &workspace)
  }

  private func value(
    _ side: Expression, isExact: Bool, in workspace: inout Workspace
  ) -> [Monomial]? {
    switch workspace[side] {
    case .number(let number), .decimal(let number, _):
      if number.signum < 0 { return isExact ? nil : [Monomial(coefficient: -number)] }
      return number.isZero ? [] : [Monomial(coefficient: number)]
    case .zero: return []
    case .negative(let operand):
      return isExact ? nil : value(operand, isExact: false, in: &workspace)
    case .sum(var terms):
      var all: [Monomial] = []
      if let (modulus, rest) = workspace.difference(terms), isExact || kept.contains(modulus) {
        guard !isExact || isNotNegative(terms.filter { !rest.contains($0) }, in: &workspace) else {
          return nil
        }
        all = NormBounds.alone(modulus)
        terms = rest
      }
      for term in terms {
        guard let own = value(term, isExact: isExact, in: &workspace) else { return nil }
        all += own
      }
      return all
    case .product(let factors), .hadamard(let factors):
      var product = [Monomial(coefficient: .one)]
      for factor in factors {
        guard workspace.isScalar(factor),
          let own = value(factor, isExact: isExact, in: &workspace)
        else { return nil }
        product = multiplied(product, own)
      }
      return product
    case .quotient(let above, let below):
      guard let divisor = value(below, isExact: true, in: &workspace),
        let inverse = inverse(of: divisor),
        let own = value(above, isExact: isExact, in: &workspace)
      else { return nil }
      return multiplied(own, [inverse])
    case .power(let base, let exponent):
      var base = base
      // An even power is one of the modulus.
      if case .number(let number) = workspace[exponent], let times = number.exactInt, times > 0,
        times.isMultiple(of: 2), workspace.isScalar(base), !workspace.isMeasure(workspace[base])
      {
        base = workspace.expression(.apply(.absolute, derivative: 0, base))
      }
      guard let own = value(base, isExact: isExact, in: &workspace) else { return nil }
      return raised(own, exponent, in: workspace)
    case .timeProduct(let index, let from, let through, let body, _):
      return product(over: index, from, through, in: &workspace) { workspace in
        value(
          workspace.atStep(step, for: index, in: body), isExact: isExact, in: &workspace)
      }
    case .tensorFunction(let function, let operand) where function.isNorm:
      if isExact { return NormBounds.alone(side) }
      if kept.contains(side) { return atom(side, in: &workspace) }
      return norm(operand, function, in: &workspace)
    case .tensorFunction(.spectralRadius, let operand):
      if isExact { return NormBounds.alone(side) }
      if kept.contains(side) { return atom(side, in: &workspace) }
      return norm(operand, .spectralNorm, in: &workspace)
    case .apply(.absolute, 0, let operand):
      if isExact { return NormBounds.alone(side) }
      if kept.contains(side) { return atom(side, in: &workspace) }
      return value(operand, isExact: false, in: &workspace)
    default: break
    }
    guard workspace.isScalar(side) else { return nil }
    var analysis = RangeAnalysis(model: model, given: given, domain: domain)
    guard let range = analysis.range(of: side, in: workspace) else { return nil }
    let modulus = workspace.expression(.apply(.absolute, derivative: 0, side))
    if isExact { return range.lower >= 0 ? NormBounds.alone(modulus) : nil }
    if kept.contains(modulus) { return atom(modulus, in: &workspace) }
    if let largest = NormBounds.supremum(range) { return [Monomial(coefficient: largest)] }
    return atom(modulus, in: &workspace)
  }

  private func isNotNegative(_ terms: [Expression], in workspace: inout Workspace) -> Bool {
    let sum = workspace.sum(terms)
    var analysis = RangeAnalysis(model: model, given: given, domain: domain)
    return analysis.range(of: sum, in: workspace).map { $0.lower >= 0 } ?? false
  }

  private func atom(_ expression: Expression, in workspace: inout Workspace) -> [Monomial] {
    if !kept.contains(expression), let limit = limit(of: expression, in: &workspace) {
      return limit
    }
    return NormBounds.alone(expression)
  }

  private static func alone(_ atom: Expression) -> [Monomial] {
    [Monomial(coefficient: .one, factors: [Factor(base: .atom(atom), exponent: Time(1))])]
  }

  /// What an assumption says of a norm.
  private func limit(
    of expression: Expression, in workspace: inout Workspace
  ) -> [Monomial]? {
    for limit in limits {
      if limit.atom == expression { return limit.bound }
      let free = workspace.freeTimes(in: limit.atom)
      guard limit.isOfAllSteps, free.count == 1,
        let own = workspace.freeTimes(in: expression).first
      else { continue }
      for shift in -2...2 {
        let moved = workspace.sortingTerms(
          workspace.substituting(free[0], by: Time(own, plus: shift), in: limit.atom))
        if moved == expression { return limit.bound }
      }
    }
    return nil
  }

  /// The largest modulus in a range, if it is a small binary fraction.
  private static func supremum(_ range: ValueRange) -> Rational? {
    let largest = max(-range.lower, range.upper)
    guard largest >= 0, let scaled = Int(exactly: largest * 1024) else { return nil }
    return Rational(scaled, over: 1024)
  }

  // MARK: Norms

  /// A bound of ‖E‖.
  private func norm(
    _ root: Expression, _ function: TensorFunction, in workspace: inout Workspace
  ) -> [Monomial]? {
    guard let shape = try? workspace.shape(of: root), shape.order <= 2 else { return nil }
    if shape.isScalar { return value(root, isExact: false, in: &workspace) }
    let isVector = shape.squeezed.order < 2
    let whole = workspace.measure(function, of: root)
    if kept.contains(whole) { return atom(whole, in: &workspace) }
    if let limit = limit(of: whole, in: &workspace) { return limit }
    // What maps vectors is measured by the spectral norm, which the Frobenius norm bounds.
    let function = isVector ? .spectralNorm : function
    if function == .spectralNorm {
      let larger = workspace.expression(.tensorFunction(.norm, root))
      if kept.contains(larger) { return atom(larger, in: &workspace) }
      if let limit = limit(of: larger, in: &workspace) { return limit }
    }
    // The identity, a diagonal matrix and an empty product are small in the spectral norm alone.
    let isOperator = function == .spectralNorm || isVector
    switch workspace[root] {
    case .negative(let operand): return norm(operand, function, in: &workspace)
    case .transpose(let operand): return norm(operand, function, in: &workspace)
    case .zero: return []
    case .identity where isOperator: return [Monomial(coefficient: .one)]
    case .sum(let terms):
      var all: [Monomial] = []
      for (scalar, tensor) in workspace.gatheredByTensor(terms) {
        guard let own = norm(tensor, function, in: &workspace) else { return nil }
        guard let scalar else {
          all += own
          continue
        }
        guard let factor = value(scalar, isExact: false, in: &workspace) else { return nil }
        all += multiplied(factor, own)
      }
      return all
    case .product(let factors): return product(factors, function, in: &workspace)
    case .hadamard(let factors) where isVector:
      return hadamard(factors, function, in: &workspace)
    case .quotient(let above, let below):
      guard case .number(let divisor) = workspace[below], divisor.signum != 0,
        let inverse = Rational.one.divided(by: divisor.signum < 0 ? -divisor : divisor),
        let own = norm(above, function, in: &workspace)
      else { return nil }
      return multiplied(own, [Monomial(coefficient: inverse)])
    case .tensorFunction(.diag, let operand) where isOperator && !isVector:
      if let largest = largestEntry(of: operand, in: workspace) {
        return [Monomial(coefficient: largest)]
      }
    case .power(let base, let exponent) where isOperator && !isVector:
      if let own = norm(base, function, in: &workspace),
        let power = raised(own, exponent, in: workspace)
      {
        return power
      }
    case .timeProduct(let index, let from, let through, let body, _) where isOperator:
      return product(over: index, from, through, in: &workspace) { workspace in
        norm(workspace.atStep(step, for: index, in: body), function, in: &workspace)
      }
    case .pathProduct(let path) where isOperator && path.size == 1:
      return product(over: path.step, path.lower + 1, path.upper, in: &workspace) { workspace in
        norm(
          workspace.atStep(step, for: path.step, in: path.blocks[0]), function, in: &workspace)
      }
    case .variable(let variable) where !model.computes(variable.symbol):
      let properties = workspace[variable.symbol].properties
      if properties.contains(.unitNorm), isVector { return [Monomial(coefficient: .one)] }
      if properties.contains(.orthogonal), isOperator { return [Monomial(coefficient: .one)] }
    default: break
    }
    return atom(whole, in: &workspace)
  }

  /// Of a Frobenius norm of a product all factors but one may be measured by the spectral norm.
  private func product(
    _ factors: [Expression], _ function: TensorFunction, in workspace: inout Workspace
  ) -> [Monomial]? {
    var result = [Monomial(coefficient: .one)]
    var tensors: [Expression] = []
    for factor in factors {
      if workspace.isScalar(factor) {
        guard let own = value(factor, isExact: false, in: &workspace) else { return nil }
        result = multiplied(result, own)
      } else {
        tensors.append(factor)
      }
    }
    var place = 0
    var measured = 0
    while place < tensors.count {
      var length = tensors.count - place
      if place == 0, length == factors.count { length -= 1 }
      while length > 1 {
        let part = workspace.expression(.product(Array(tensors[place..<(place + length)])))
        let whole = workspace.measure(function, of: part)
        if kept.contains(whole) || limit(of: whole, in: &workspace) != nil {
          result = multiplied(result, atom(whole, in: &workspace))
          measured += 1
          break
        }
        length -= 1
      }
      if length <= 1 {
        length = 1
        let own = workspace.measure(function, of: tensors[place])
        if function == .norm, tensors.count > 1, measured > 0 || place < tensors.count - 1,
          limit(of: own, in: &workspace) == nil,
          case .tensorFunction(.diag, let operand) = workspace[tensors[place]],
          let largest = largestEntry(of: operand, in: workspace)
        {
          result = multiplied(result, [Monomial(coefficient: largest)])
        } else {
          guard let own = norm(tensors[place], function, in: &workspace) else { return nil }
          result = multiplied(result, own)
          measured += 1
        }
      }
      place += length
    }
    return measured > 0 || function == .spectralNorm || tensors.isEmpty ? result : nil
  }

  /// ‖u ⊙ v‖ ≤ max |u_i| ‖v‖.
  private func hadamard(
    _ factors: [Expression], _ function: TensorFunction, in workspace: inout Workspace
  ) -> [Monomial]? {
    var result = [Monomial(coefficient: .one)]
    var open: [Expression] = []
    for factor in factors {
      if let largest = largestEntry(of: factor, in: workspace) {
        result = multiplied(result, [Monomial(coefficient: largest)])
      } else {
        open.append(factor)
      }
    }
    if open.isEmpty { return nil }
    for factor in open {
      guard let own = norm(factor, function, in: &workspace) else { return nil }
      result = multiplied(result, own)
    }
    return result
  }

  private func largestEntry(
    of expression: Expression, in workspace: borrowing Workspace
  ) -> Rational? {
    var analysis = RangeAnalysis(model: model, given: given, domain: domain)
    return analysis.range(of: expression, in: workspace).flatMap(NormBounds.supremum)
  }
}

extension Workspace {
  /// `|1 - α|` of the terms of `1 - α + α ‖W‖`, and what else is added; nil where nothing without norms
  /// is subtracted.
  mutating func difference(
    _ terms: [Expression]
  ) -> (modulus: Expression, rest: [Expression])? {
    let plain = terms.filter { term in
      isScalar(term) && !contains(term) { isMeasure($0) }
    }
    let subtracts = plain.contains { if case .negative = self[$0] { true } else { false } }
    guard plain.count > 1, subtracts else { return nil }
    return (
      expression(.apply(.absolute, derivative: 0, sortingTerms(sum(plain)))),
      terms.filter { !plain.contains($0) }
    )
  }

  /// `(1 - α, I)` and `(nil, J)` of the terms of `I - α I + J`: what is added several times, with the sum of
  /// its scalars.
  fileprivate mutating func gatheredByTensor(
    _ terms: [Expression]
  ) -> [(scalar: Expression?, tensor: Expression)] {
    var gathered: [(scalars: [Expression], whole: Expression, tensor: Expression)] = []
    for term in terms {
      let (scalar, tensor) = scalarAndTensor(term)
      if let known = gathered.firstIndex(where: { $0.tensor == tensor }) {
        gathered[known].scalars.append(scalar)
      } else {
        gathered.append(([scalar], term, tensor))
      }
    }
    return gathered.map { own in
      own.scalars.count == 1
        ? (nil, own.whole) : (sortingTerms(sum(own.scalars)), own.tensor)
    }
  }

  private mutating func scalarAndTensor(
    _ term: Expression
  ) -> (scalar: Expression, tensor: Expression) {
    switch self[term] {
    case .negative(let operand):
      let (scalar, tensor) = scalarAndTensor(operand)
      return (expression(.negative(scalar)), tensor)
    case .product(let factors):
      let scalars = factors.filter { isScalar($0) }
      let tensors = factors.filter { !isScalar($0) }
      if scalars.isEmpty || tensors.isEmpty { return (number(1), term) }
      return (product(scalars), product(tensors))
    default: return (number(1), term)
    }
  }

  /// The norm of a tensor: the Euclidean one for vectors.
  fileprivate mutating func measure(
    _ function: TensorFunction, of operand: Expression
  ) -> Expression {
    let isVector = (try? shape(of: operand)).map { $0.squeezed.order < 2 } ?? false
    return expression(.tensorFunction(isVector ? .norm : function, operand))
  }
  /// The body of a sum or a product at the step that all of them are compared at.
  fileprivate mutating func atStep(
    _ step: TimeSymbol, for index: TimeSymbol, in body: Expression
  ) -> Expression {
    sortingTerms(substituting(index, by: Time(step), in: body))
  }
  fileprivate func isScalar(_ expression: Expression) -> Bool {
    (try? shape(of: expression))?.isScalar ?? false
  }
}
