import Expressions

/// From expressions to index forms: one case for each kind of node.
extension Prover {
  /// The entry of the expression at the labels, one for each axis that is not literally of size one.
  mutating func component(
    _ expression: Expression, _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    if context.isEmpty { return [] }
    switch workspace[expression] {
    case .number(let value), .decimal(let value, _): return constant(Polynomial(value))
    case .timeValue(let time): return constant(Polynomial(affine(time)))
    case .dimensionValue(let dimension): return constant(Polynomial(dimension))
    case .variable(let variable):
      let time: Moment? = if let time = variable.time { try moment(time) } else { nil }
      let copy: Moment? = if let copy = variable.copy { try moment(copy) } else { nil }
      return try node(variable.symbol, time, copy, labels, workspace)
    case .differential(let operand):
      guard case .variable(let variable) = workspace[operand] else { throw .at(expression) }
      let time: Moment? = if let time = variable.time { try moment(time) } else { nil }
      let copy: Moment? = if let copy = variable.copy { try moment(copy) } else { nil }
      let head = table.head(
        .differential(variable.symbol, timed: time != nil, copied: copy != nil))
      return entry(head, labels, [time, copy].compactMap { $0 })
    case .identity(let dimension):
      return dimension == .one || labels.isEmpty
        ? unit([]) : try simplifiedAll(try delta(labels[0], labels[1]))
    case .ones: return unit([])
    case .zero: return []
    case .unitVector(let index, let dimension):
      let place = label(for: index, workspace)
      return dimension == .one || labels.isEmpty
        ? unit([]) : try simplifiedAll(try delta(labels[0], place))
    case .delta(let a, let b):
      return try simplifiedAll(try delta(label(for: a, workspace), label(for: b, workspace)))
    case .sum(let terms):
      let target = try shape(expression, workspace)
      var sum: Form = []
      for term in terms { sum += try part(term, of: target, labels, workspace) }
      return try recognisingSlopes(sum)
    case .negative(let operand): return negated(try component(operand, labels, workspace))
    case .product(let factors):
      return try withConditions(of: factors, workspace) { prover, workspace throws(Failure) in
        try prover.product(factors, labels, workspace)
      }
    case .hadamard(let factors):
      return try withConditions(of: factors, workspace) { prover, workspace throws(Failure) in
        let target = try prover.shape(expression, workspace)
        var result = prover.unit([])
        for factor in factors {
          let other = try prover.part(factor, of: target, labels, workspace)
          result = try prover.simplifiedProduct(result, other)
        }
        return try prover.recognisingSlopes(result)
      }
    case .quotient(let numerator, let denominator):
      let target = try shape(expression, workspace)
      let above = try part(numerator, of: target, labels, workspace)
      return try simplifiedProduct(
        above, try reciprocal(denominator, of: target, labels, workspace))
    case .power(let base, let exponent):
      return try power(base, exponent, expression, labels, workspace)
    case .transpose(let operand):
      return try component(
        operand, labels.count == 2 ? [labels[1], labels[0]] : labels, workspace)
    case .apply(let function, let derivative, let operand):
      return try apply(function, derivative, try component(operand, labels, workspace))
    case .maximum(let a, let b):
      let target = try shape(expression, workspace)
      let first = try part(a, of: target, labels, workspace)
      let second = try part(b, of: target, labels, workspace)
      let distance = try apply(.absolute, 0, first + negated(second))
      return scaled(first + second + distance, by: Polynomial(Rational(1, over: 2)))
    case .tensorFunction(let function, let operand):
      return try tensorFunction(function, operand, labels, workspace)
    case .kronecker(let a, let b): return try kronecker(a, b, labels, workspace)
    case .derivative, .elided: throw .at(expression)
    case .stack(let rows, let columns, let blocks):
      return try stack(rows, columns, blocks, expression, labels, workspace)
    case .entry(let operand, let indices):
      let shape = try shape(operand, workspace)
      var places: [Label] = []
      for (axis, index) in indices.enumerated() {
        if indices.count == shape.order, shape.dimensions[axis] == .one { continue }
        places.append(label(for: index, workspace))
      }
      guard places.count == shape.squeezed.order else { throw .at(expression) }
      return try component(operand, places, workspace)
    case .indexSum(let symbol, let body):
      let saved = labelEnvironment[symbol]
      defer { labelEnvironment[symbol] = saved }
      let blocks = try partition(along: symbol, in: body, workspace)
      var sum: Form = []
      for label in contractionLabels(over: workspace[symbol].dimension, blocks) {
        labelEnvironment[symbol] = label
        let summand = try component(body, labels, workspace)
        sum += try simplifiedAll(bound(label, summand))
      }
      return try recognisingSlopes(sum)
    case .tabulate(let symbols, let body):
      let saved = labelEnvironment
      defer { labelEnvironment = saved }
      var next = 0
      for symbol in symbols {
        if workspace[symbol].dimension == .one || next >= labels.count {
          labelEnvironment[symbol] = table.literal(.literal(1))
        } else {
          labelEnvironment[symbol] = labels[next]
          next += 1
        }
      }
      return try component(body, [], workspace)
    case .timeSum(let symbol, let from, let through, let body):
      let variable = table.freshTime()
      let (first, last) = (try moment(from), try moment(through))
      let savedContext = context
      let saved = timeEnvironment[symbol]
      defer {
        context = savedContext
        timeEnvironment[symbol] = saved
      }
      context.require(first, atMost: Moment(variable))
      context.require(Moment(variable), atMost: last)
      timeEnvironment[symbol] = Moment(variable)
      if context.isEmpty { return [] }
      var form = try component(body, labels, workspace)
      for i in form.indices { form[i].times.append(variable) }
      context = savedContext
      return try simplifiedAll(form)
    case .timeProduct(let symbol, let from, let through, let body, let order):
      return try timeProduct(symbol, from, through, body, order, labels, workspace)
    case .iverson(let conditions):
      var term = Term(.one, in: context)
      for condition in conditions { try require(condition, &term.zone) }
      return term.zone.isEmpty ? [] : [term]
    case .pathProduct(let path): return try pathProduct(path, labels, workspace)
    case .opaque(let function, let time, let arguments):
      return try opaque(function, time, [], arguments, labels, workspace)
    case .opaquePartial(let function, let time, let slots, let arguments):
      return try opaque(function, time, slots, arguments, labels, workspace)
    }
  }

  func unit(_ factors: [Factor]) -> Form { [Term(.one, factors, in: context)] }
  func constant(_ value: Polynomial) -> Form {
    value.isZero ? [] : [Term(value, in: context)]
  }
  func negated(_ form: Form) -> Form { scaled(form, by: .integer(-1)) }
  func scaled(_ form: Form, by factor: Polynomial) -> Form {
    var form = form
    for i in form.indices { form[i].coefficient = form[i].coefficient * factor }
    return form
  }
  mutating func simplifiedAll(_ form: Form) throws(Failure) -> Form {
    var result: Form = []
    for term in form { result += try simplified(term) }
    return result
  }
  mutating func simplifiedProduct(_ a: Form, _ b: Form) throws(Failure) -> Form {
    try simplifiedAll(try multiplied(a, b))
  }

  /// A term of a sum or factor of an elementwise product: scalars and rows are repeated.
  mutating func part(
    _ expression: Expression, of target: Shape, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    let order = try shape(expression, workspace).squeezed.order
    return try component(expression, Array(labels.suffix(order)), workspace)
  }

  /// Runs the body where all Iverson brackets among the factors hold.
  private mutating func withConditions(
    of factors: [Expression], _ workspace: borrowing Workspace,
    _ body: (inout Prover, borrowing Workspace) throws(Failure) -> Form
  ) throws(Failure) -> Form {
    let saved = context
    defer { context = saved }
    for factor in factors {
      if case .iverson(let conditions) = workspace[factor] {
        for condition in conditions { try require(condition, &context) }
      }
    }
    if context.isEmpty { return [] }
    return try body(&self, workspace)
  }

  private mutating func product(
    _ factors: [Expression], _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    var prefixes: [Shape] = []
    for factor in factors {
      let next = try shape(factor, workspace)
      guard let last = prefixes.last else {
        prefixes.append(next)
        continue
      }
      guard let shape = last.product(with: next) else { throw .shapes }
      prefixes.append(shape)
    }
    if factors.isEmpty { return unit([]) }
    return try recognisingSlopes(
      try product(factors, prefixes, factors.count, labels, workspace))
  }

  private mutating func product(
    _ factors: [Expression], _ prefixes: [Shape], _ count: Int, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    let factor = factors[count - 1]
    if count == 1 { return try component(factor, labels, workspace) }
    let left = prefixes[count - 2]
    let right = try shape(factor, workspace)
    if left.isScalar || right.isScalar {
      let a = try product(
        factors, prefixes, count - 1, left.isScalar ? [] : labels, workspace)
      if a.isEmpty { return [] }
      let b = try component(factor, left.isScalar ? labels : [], workspace)
      return try simplifiedProduct(a, b)
    }
    var inner: [[Label]] = [[]]
    let leftOrder = left.squeezed.order
    var split = leftOrder
    if !(left.isVector && right.isRow), left.dimensions[left.order - 1] != .one {
      split -= 1
      let dimension = left.dimensions[left.order - 1]
      var before: [Dimension]?
      for place in (0..<(count - 1)).reversed() {
        if try shape(factors[place], workspace).isScalar { continue }
        before = try partition(factors[place], last: true, workspace)
        break
      }
      let after = try partition(factor, last: false, workspace)
      if let before, let after, before != after { throw .at(factor) }
      inner = contractionLabels(over: dimension, before ?? after).map { [$0] }
    }
    var result: Form = []
    for label in inner {
      let a = try product(
        factors, prefixes, count - 1, Array(labels.prefix(split)) + label, workspace)
      if a.isEmpty { continue }
      let b = try component(factor, label + labels.dropFirst(split), workspace)
      let terms = try multiplied(a, b)
      result += try simplifiedAll(label.first.map { bound($0, terms) } ?? terms)
    }
    return result
  }

  mutating func label(for index: Index, _ workspace: borrowing Workspace) -> Label {
    switch index {
    case .label(let symbol):
      if let known = labelEnvironment[symbol] { return known }
      let label = table.label(over: workspace[symbol].dimension)
      labelEnvironment[symbol] = label
      return label
    case .last(let dimension):
      if let size = dimension.literal { return table.literal(.literal(size)) }
      return table.literal(index)
    case .literal: return table.literal(index)
    }
  }

  private mutating func opaque(
    _ function: OpaqueFunction, _ time: Time?, _ slots: [Int], _ arguments: [Expression],
    _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    var times: [Moment] = []
    if let time { times.append(try moment(time)) }
    var keys: [FormKey] = []
    for argument in arguments {
      let own = try shape(argument, workspace)
      let open = own.squeezed.dimensions.map { table.label(over: $0) }
      let form = try component(argument, open, workspace)
      let interned = try intern(form, axes: open)
      keys.append(interned.key)
      formDimensions[interned.key] = own.squeezed.dimensions.map { table.number(of: $0) }
      times += interned.times
    }
    // The order of differentiation does not matter: slots are sorted together with their axes.
    var ordered = slots
    var labels = labels
    if slots.count == 2, slots[0] > slots[1] {
      let first = try shape(arguments[slots[0]], workspace).squeezed.order
      let second = try shape(arguments[slots[1]], workspace).squeezed.order
      let own = labels.count - first - second
      labels =
        Array(labels[..<own]) + Array(labels[(own + first)...])
        + Array(labels[own..<(own + first)])
      ordered = [slots[1], slots[0]]
    }
    let isHessian =
      slots.count == 2 && slots[0] == slots[1] && labels.count == 2
      && workspace[function].shape.isScalar
    let head = table.head(
      .opaque(function, timed: time != nil, slots: ordered, keys), isHessian ? .symmetric : [])
    try requireWhole(labels)
    return unit([Factor(head, labels, times)])
  }

  mutating func shape(
    _ expression: Expression, _ workspace: borrowing Workspace
  ) throws(Failure) -> Shape {
    do throws(ShapeMismatch) {
      return try workspace.shape(of: expression, &shapes)
    } catch {
      throw .shapes
    }
  }

  func affine(_ time: Time) -> Affine {
    var sum = Affine(time.constant)
    for term in time.terms {
      let value = timeEnvironment[term.symbol] ?? Moment(Prover.free(term.symbol))
      sum = sum + Affine(value).scaled(by: term.coefficient)
    }
    return sum
  }
  func moment(_ time: Time) throws(Failure) -> Moment {
    guard let moment = affine(time).moment else { throw .unsupported }
    return moment
  }
  static func free(_ symbol: TimeSymbol) -> TimeVariable { TimeVariable(symbol.id) + 1 }

  /// Adds that the time is ≥ 0.
  func require(_ time: Time, _ zone: inout Zone) throws(Failure) {
    let value = affine(time)
    let parts = value.parts
    switch parts.count {
    case 0:
      if value.constant < 0 {
        zone.require(Moment.origin, minus: Moment.origin, atMost: -1)
      }
    case 1:
      let c = parts[0].coefficient
      // c·v + constant ≥ 0
      if c > 0 {
        let least = Prover.ceiling(-value.constant, c)
        zone.require(Moment.origin, minus: parts[0].variable, atMost: -least)
      } else {
        let greatest = Prover.floor(value.constant, -c)
        zone.require(parts[0].variable, minus: Moment.origin, atMost: greatest)
      }
    case 2 where parts[0].coefficient == -parts[1].coefficient:
      let (plus, minus) =
        parts[0].coefficient > 0
        ? (parts[0].variable, parts[1].variable) : (parts[1].variable, parts[0].variable)
      zone.require(
        minus, minus: plus, atMost: Prover.floor(value.constant, abs(parts[0].coefficient)))
    default: throw .unsupported
    }
  }
  static func floor(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((-a + b - 1) / b) }
  static func ceiling(_ a: Int, _ b: Int) -> Int { -floor(-a, b) }
}
