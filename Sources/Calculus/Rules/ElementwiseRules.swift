import Expressions

/// Functions of numbers, applied entry by entry, and unknown functions of several arguments.
extension Differentiation {
  mutating func elementwise(
    _ rule: Rule, _ node: Node, _ place: Place, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let indices = place.indices
    switch node {
    case .apply(let function, let order, let operand):
      guard let inner = try derivative(operand, at: indices, place.pass, &workspace) else {
        return nil
      }
      let argument = workspace.component(operand, at: indices)
      let slope = workspace.slope(of: function, order: order + 1, at: argument)
      return workspace.times([slope, inner])
    case .maximum(let a, let b):
      let whole = try shape(of: place.expression, workspace)
      let first = self.indices(indices, of: try shape(of: a, workspace), in: whole)
      let second = self.indices(indices, of: try shape(of: b, workspace), in: whole)
      let left = workspace.component(a, at: first)
      let right = workspace.component(b, at: second)
      let da = try derivative(a, at: first, place.pass, &workspace)
      let db = try derivative(b, at: second, place.pass, &workspace)
      return workspace.plus([
        workspace.times([workspace.indicator(left, above: right), da]),
        workspace.times([workspace.indicator(right, above: left), db]),
      ])
    case .power(let base, let exponent):
      let argument = workspace.component(base, at: indices)
      var terms: [Expression?] = []
      if let inner = try derivative(base, at: indices, place.pass, &workspace) {
        terms.append(
          workspace.times([workspace.powerSlope(argument, exponent), inner]))
      }
      if rule == .exponential,
        let outer = try derivative(exponent, at: [], place.pass, &workspace)
      {
        terms.append(
          workspace.times([
            workspace.expression(.power(argument, exponent)),
            workspace.expression(.apply(.log, derivative: 0, argument)), outer,
          ]))
      }
      return workspace.plus(terms)
    case .opaque(let function, let time, let arguments):
      return try opaque(
        function, time, [], arguments, axes: [], indices, place.pass, &workspace)
    case .opaquePartial(let function, let time, let slots, let arguments):
      var axes: [Int] = [workspace[function].shape.squeezed.order]
      for slot in slots { axes.append(try shape(of: arguments[slot], workspace).squeezed.order) }
      return try opaque(
        function, time, slots, arguments, axes: axes, indices, place.pass, &workspace)
    default: throw .unsupported(place.expression)
    }
  }

  /// Σ over the arguments of one more partial derivative; slots stay sorted.
  ///
  /// - Parameter axes: the number of axes of the function, then of each slot's argument.
  private mutating func opaque(
    _ function: OpaqueFunction, _ time: Time?, _ slots: [Int], _ arguments: [Expression],
    axes: [Int], _ indices: [Index], _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    var terms: [Expression?] = []
    for (slot, argument) in arguments.enumerated() {
      let labels = workspace.freshLabels(for: try shape(of: argument, workspace))
      guard let inner = try derivative(argument, at: labels.asIndices, pass, &workspace) else {
        continue
      }
      let position = slots.filter { $0 <= slot }.count
      var sorted = slots
      sorted.insert(slot, at: position)
      let before = axes.isEmpty ? indices.count : axes.prefix(position + 1).reduce(0, +)
      let places =
        Array(indices.prefix(before)) + labels.asIndices + Array(indices.dropFirst(before))
      let partial = workspace.expression(
        .opaquePartial(function, at: time, slots: sorted, arguments))
      terms.append(
        workspace.contraction(
          over: labels, workspace.times([workspace.component(partial, at: places), inner])))
    }
    return workspace.plus(terms)
  }
}

extension Workspace {
  /// The n-th derivative of an elementwise function at an argument of any shape.
  ///
  /// Sigmoid, tanh and unspecified functions keep their derivatives as they are; the others have
  /// closed forms. At kinks the derivative is the mean of both sides.
  mutating func slope(
    of function: ElementwiseFunction, order: Int, at argument: Expression
  ) -> Expression? {
    func applied(_ function: ElementwiseFunction, _ order: Int = 0) -> Node {
      .apply(function, derivative: order, argument)
    }
    if order == 0 { return expression(applied(function)) }
    switch function {
    case .sigmoid, .tanh, .generic: return expression(applied(function, order))
    case .exp: return expression(applied(.exp))
    case .log:
      // (−1)^{n−1} (n−1)! / x^n
      var factor = 1
      for i in 1..<max(order, 1) { factor *= -i }
      return ratio(number(factor), reciprocalPower(argument, order))
    case .sqrt:
      // ½ (½−1) ⋯ (½−n+1) √x / x^n, for n = 1 as 1 / (2 √x)
      let root = expression(applied(.sqrt))
      if order == 1 { return ratio(number(1), product([number(2), root])) }
      var factor = Rational.one
      for i in 0..<order { factor = factor * Rational(1 - 2 * i, over: 2) }
      return ratio(product([number(factor), root]), reciprocalPower(argument, order))
    case .sin, .cos:
      let quarter = (order + (function == .cos ? 1 : 0)) % 4
      let value = expression(applied(quarter % 2 == 0 ? .sin : .cos))
      return quarter >= 2 ? minus(value) : value
    case .softplus: return expression(applied(.sigmoid, order - 1))
    case .relu:
      if order > 1 { return nil }
      let sign = expression(applied(.sign))
      return ratio(sum([number(1), sign]), number(2))
    case .absolute: return order > 1 ? nil : expression(applied(.sign))
    case .sign: return nil
    }
  }

  /// x^n entry by entry, whatever the shape of x.
  private mutating func reciprocalPower(_ argument: Expression, _ order: Int) -> Expression {
    order == 1 ? argument : hadamard([Expression](repeating: argument, count: order))
  }

  /// One where a > b, zero where a < b.
  mutating func indicator(_ a: Expression, above b: Expression) -> Expression {
    let below = minus(b) ?? b
    let difference = isZero(b) ? a : isZero(a) ? below : sum([a, below])
    let sign = expression(.apply(.sign, derivative: 0, difference))
    return expression(.quotient(sum([number(1), sign]), number(2)))
  }

  /// n x^{n−1} of a scalar or entry by entry.
  mutating func powerSlope(_ base: Expression, _ exponent: Expression) -> Expression? {
    switch self[exponent] {
    case .number(let value):
      if value.isZero { return nil }
      if value.isOne { return number(1) }
      let lower = value - Rational.one
      let rest = lower.isOne ? base : expression(.power(base, number(lower)))
      return product([exponent, rest])
    case .timeValue(let time):
      let lower = expression(.timeValue(time - 1))
      return product([exponent, expression(.power(base, lower))])
    default:
      let lower = sum([exponent, number(-1)])
      return product([exponent, expression(.power(base, lower))])
    }
  }
}
