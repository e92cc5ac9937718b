import Expressions

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The value of an expression without derivatives in a world: a plain recursion, one case per node.
struct Evaluation {
  let world: World
  var times: [TimeSymbol: Int] = [:]
  var labels: [IndexSymbol: Int] = [:]
  /// The time of the equation that is being computed.
  var owner: Int?
  /// Path products speak of no label, and of no bound time but their own.
  private var paths: [PathKey: Tensor] = [:]

  private struct PathKey: Hashable {
    var path: Expression
    var lower: Int
    var upper: Int
  }

  init(world: World) {
    self.world = world
    times = world.times
  }

  func time(_ time: Time) -> Int {
    guard let value = time.value({ times[$0] }) else { preconditionFailure("an unknown time") }
    return value
  }

  func place(_ index: Index) -> Int {
    switch index {
    case .label(let symbol): return labels[symbol]!
    case .literal(let value): return value - 1
    case .last(let dimension): return world.size(dimension) - 1
    }
  }

  mutating func value(_ root: Expression, _ w: borrowing Workspace) -> Tensor {
    switch w[root] {
    case .number(let value), .decimal(let value, _): return Tensor(value.approximation)
    case .variable(let variable):
      return world.value(
        variable.symbol, variable.time.map { time($0) }, copy: variable.copy.map { time($0) },
        owner: owner, w
      ).canonical
    case .timeValue(let value): return Tensor(Double(time(value)))
    case .dimensionValue(let dimension): return Tensor(Double(world.size(dimension)))
    case .identity(let n): return Tensor.identity(world.size(n))
    case .ones(let shape):
      return Tensor(zero: shape.dimensions.map { world.size($0) }).map { _ in 1 }.canonical
    case .zero(let shape): return Tensor(zero: shape.dimensions.map { world.size($0) }).canonical
    case .unitVector(let index, let n):
      var result = Tensor(zero: [world.size(n)])
      result.values[place(index)] = 1
      return result
    case .delta(let a, let b): return Tensor(place(a) == place(b) ? 1 : 0)
    case .sum(let terms): return fold(terms, w) { $0 + $1 }
    case .negative(let operand): return value(operand, w).map { -$0 }
    case .product(let factors):
      for factor in factors {
        guard case .iverson = w[factor] else { break }
        if value(factor, w).scalar != 0 { continue }
        let shape = try? w.shape(of: root)
        return Tensor(zero: (shape ?? .scalar).dimensions.map { world.size($0) })
      }
      return fold(factors, w) { $0.product($1) }
    case .hadamard(let factors): return fold(factors, w) { $0 * $1 }
    case .quotient(let a, let b): return fold([a, b], w) { $0.joined($1, /) }
    case .power(let base, let exponent):
      return power(value(base, w), value(exponent, w).scalar)
    case .transpose(let operand): return value(operand, w).transposed
    case .apply(let function, let order, let operand):
      return value(operand, w).map { slope(function, order, $0) }
    case .maximum(let a, let b): return fold([a, b], w) { $0.joined($1, max) }
    case .tensorFunction(let function, let operand): return apply(function, value(operand, w))
    case .kronecker(let a, let b): return fold([a, b], w) { $0.kronecker($1) }
    case .stack(let rows, let columns, let blocks): return stack(rows, columns, blocks, w)
    case .entry(let operand, let indices):
      return Tensor(value(operand, w).entry(indices.map { place($0) }))
    case .indexSum(let label, let body):
      var sum = Tensor(zero: [])
      let outside = labels[label]
      for i in 0..<world.size(w[label].dimension) {
        labels[label] = i
        let term = value(body, w)
        sum = i == 0 ? term : sum + term
      }
      labels[label] = outside
      return sum
    case .tabulate(let axes, let body): return tabulate(axes[...], body, w).canonical
    case .timeSum(let symbol, let from, let through, let body):
      var sum: Tensor?
      let (first, last) = (time(from), time(through))
      let outside = times[symbol]
      for t in stride(from: first, through: last, by: 1) {
        times[symbol] = t
        let term = value(body, w)
        sum = sum.map { $0 + term } ?? term
      }
      times[symbol] = outside
      if let sum { return sum }
      let shape = (try? w.shape(of: body)) ?? .scalar
      return Tensor(zero: shape.dimensions.map { world.size($0) })
    case .timeProduct(let symbol, let from, let through, let body, let order):
      let shape = (try? w.shape(of: body)) ?? .scalar
      var result =
        shape.isScalar ? Tensor(1) : Tensor.identity(world.size(shape.dimensions[0]))
      let outside = times[symbol]
      for t in stride(from: time(from), through: time(through), by: 1) {
        times[symbol] = t
        let factor = value(body, w)
        result = order == .descending ? factor.product(result) : result.product(factor)
      }
      times[symbol] = outside
      return result
    case .iverson(let conditions): return Tensor(conditions.allSatisfy { time($0) >= 0 } ? 1 : 0)
    case .pathProduct(let path):
      let key = PathKey(path: root, lower: time(path.lower), upper: time(path.upper))
      if let known = paths[key] { return known }
      let result = pathProduct(path, w)
      paths[key] = result
      return result
    case .opaque(let function, let at, let arguments):
      return opaque(function, at.map { time($0) }, [], arguments, w)
    case .opaquePartial(let function, let at, let slots, let arguments):
      return opaque(function, at.map { time($0) }, slots, arguments, w)
    case .differential(let operand):
      guard case .variable(let variable) = w[operand] else { preconditionFailure("not a leaf") }
      let value = value(operand, w)
      let key = UInt64(variable.symbol.id) + 1000
      let at = UInt64(bitPattern: Int64(variable.time.map { time($0) } ?? 77))
      return Tensor(
        value.sizes, value.values.indices.map { pseudorandom(key, at, UInt64($0)) })
    case .derivative, .elided: preconditionFailure("a derivative is left")
    }
  }

  private mutating func fold(
    _ operands: [Expression], _ w: borrowing Workspace, _ join: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    var result = value(operands[0], w)
    for operand in operands.dropFirst() { result = join(result, value(operand, w)) }
    return result
  }

  private func power(_ base: Tensor, _ exponent: Double) -> Tensor {
    guard base.sizes.count == 2, !base.isRow else { return base.map { pow($0, exponent) } }
    var result = Tensor.identity(base.rows)
    let factor = exponent < 0 ? base.inverse.0 : base
    for _ in 0..<Int(abs(exponent)) { result = result.product(factor) }
    return result
  }

  private func apply(_ function: TensorFunction, _ operand: Tensor) -> Tensor {
    switch function {
    case .diag:
      if operand.sizes.count == 2, !operand.isRow {
        return Tensor([operand.rows], (0..<operand.rows).map { operand[$0, $0] })
      }
      var result = Tensor(zero: [operand.values.count, operand.values.count])
      for (i, x) in operand.values.enumerated() { result.values[i * operand.values.count + i] = x }
      return result.canonical
    case .trace: return Tensor((0..<operand.rows).reduce(0) { $0 + operand[$1, $1] })
    case .determinant: return Tensor(operand.inverse.1)
    case .norm: return Tensor(operand.values.reduce(0) { $0 + $1 * $1 }.squareRoot())
    case .softmax:
      var result = operand
      let width = operand.sizes.last ?? 1
      for row in 0..<operand.values.count / width {
        let range = row * width..<(row + 1) * width
        let sum = operand.values[range].reduce(0) { $0 + exp($1) }
        for i in range { result.values[i] = exp(operand.values[i]) / sum }
      }
      return result
    case .vec:
      if operand.sizes.count < 2 { return operand }
      return Tensor([operand.values.count], operand.transposed.values).canonical
    case .total: return Tensor(operand.values.reduce(0, +))
    case .maximum: return Tensor(operand.values.max() ?? 0)
    case .spectralNorm, .spectralRadius: return Tensor(.nan)
    }
  }

  private mutating func stack(
    _ rows: Int, _ columns: Int, _ blocks: [Expression], _ w: borrowing Workspace
  ) -> Tensor {
    var lines: [[Double]] = []
    for row in 0..<rows {
      var tensors: [Tensor] = []
      for column in 0..<columns { tensors.append(value(blocks[row * columns + column], w)) }
      for i in 0..<tensors[0].rows {
        lines.append(tensors.flatMap { t in (0..<t.columns).map { t[i, $0] } })
      }
    }
    return Tensor([lines.count, lines[0].count], lines.flatMap { $0 }).canonical
  }

  private mutating func tabulate(
    _ axes: ArraySlice<IndexSymbol>, _ body: Expression, _ w: borrowing Workspace
  ) -> Tensor {
    guard let first = axes.first else { return value(body, w) }
    let n = world.size(w[first].dimension)
    var values: [Double] = []
    var inner: [Int] = []
    let outside = labels[first]
    for i in 0..<n {
      labels[first] = i
      let part = tabulate(axes.dropFirst(), body, w)
      values += part.values
      inner = part.sizes
    }
    labels[first] = outside
    return Tensor([n] + inner, values)
  }

  /// J_upper ⋯ J_{lower+1} of all blocks, of which one is kept.
  private mutating func pathProduct(_ path: PathProduct, _ w: borrowing Workspace) -> Tensor {
    let (lower, upper) = (time(path.lower), time(path.upper))
    precondition(lower <= upper, "a path product that runs backwards")
    var sizes: [Int] = []
    for part in 0..<path.size {
      let shape = (try? w.shape(of: path.blocks[part * path.size + part])) ?? .scalar
      let axes = shape.squeezed.dimensions.map { world.size($0) }
      sizes.append(axes.prefix(axes.count / 2).reduce(1, *))
    }
    // One column of blocks, each as a matrix.
    let width = sizes[path.column]
    var column = sizes.enumerated().map { part, size in
      part == path.column ? Tensor.identity(size).values : Tensor(zero: [size, width]).values
    }
    let outside = times[path.step]
    for step in stride(from: lower + 1, through: upper, by: 1) {
      times[path.step] = step
      var next: [[Double]] = []
      for row in 0..<path.size {
        var sum = [Double](repeating: 0, count: sizes[row] * width)
        for middle in 0..<path.size {
          let block = value(path.blocks[row * path.size + middle], w).values
          for i in 0..<sizes[row] {
            for k in 0..<sizes[middle] {
              for j in 0..<width {
                sum[i * width + j] += block[i * sizes[middle] + k] * column[middle][k * width + j]
              }
            }
          }
        }
        next.append(sum)
      }
      column = next
    }
    times[path.step] = outside
    let shape = (try? w.shape(of: path.blocks[path.row * path.size + path.column])) ?? .scalar
    return Tensor(shape.dimensions.map { world.size($0) }, column[path.row])
  }

  /// sin of an affine form with drawn coefficients, and its partial derivatives.
  private mutating func opaque(
    _ function: OpaqueFunction, _ at: Int?, _ slots: [Int], _ arguments: [Expression],
    _ w: borrowing Workspace
  ) -> Tensor {
    let sizes = w[function].shape.dimensions.map { world.size($0) }
    let values = arguments.map { value($0, w) }
    func coefficient(_ row: Int, _ slot: Int, _ place: Int) -> Double {
      pseudorandom(
        UInt64(function.id) * 64 + UInt64(row), UInt64(bitPattern: Int64(at ?? 50)),
        UInt64(slot * 100 + place))
    }
    var result: [Double] = []
    var axes = sizes.filter { $0 != 1 }
    for slot in slots { axes += values[slot].squeezed }
    let combinations = slots.map { values[$0].values.count }.reduce(1, *)
    for row in 0..<sizes.reduce(1, *) {
      var u = coefficient(row, 9, 9)
      for (slot, argument) in values.enumerated() {
        for (place, x) in argument.values.enumerated() { u += coefficient(row, slot, place) * x }
      }
      let outer = sine(slots.count, u)
      for combination in 0..<combinations {
        var rest = combination
        var factor = outer
        for slot in slots.reversed() {
          let count = values[slot].values.count
          factor *= coefficient(row, slot, rest % count)
          rest /= count
        }
        result.append(factor)
      }
    }
    return Tensor(slots.isEmpty ? sizes : axes, result).canonical
  }
}

/// The n-th derivative of the sine.
private func sine(_ order: Int, _ x: Double) -> Double { sin(x + Double(order) * .pi / 2) }

/// The n-th derivative of an elementwise function, by formulas of the tests' own.
func slope(_ function: ElementwiseFunction, _ order: Int, _ x: Double) -> Double {
  switch function {
  case .sigmoid:
    let s = 1 / (1 + exp(-x))
    switch order {
    case 0: return s
    case 1: return s * (1 - s)
    case 2: return s * (1 - s) * (1 - 2 * s)
    default: return s * (1 - s) * (1 - 6 * s + 6 * s * s)
    }
  case .tanh:
    let y = tanh(x)
    switch order {
    case 0: return y
    case 1: return 1 - y * y
    case 2: return -2 * y * (1 - y * y)
    default: return (1 - y * y) * (6 * y * y - 2)
    }
  case .generic(let symbol):
    let rate = 1.3 + 0.1 * Double(symbol.id)
    return pow(rate, Double(order)) * sine(order, rate * x + 0.4)
  case .exp: return exp(x)
  case .log: return order == 0 ? log(x) : order == 1 ? 1 / x : -1 / (x * x)
  case .sin: return sine(order, x)
  case .cos: return sine(order + 1, x)
  case .sqrt:
    return order == 0 ? x.squareRoot() : order == 1 ? 0.5 / x.squareRoot() : -0.25 * pow(x, -1.5)
  case .relu: return order == 0 ? max(x, 0) : order == 1 && x > 0 ? 1 : 0
  case .softplus: return order == 0 ? log(1 + exp(x)) : slope(.sigmoid, order - 1, x)
  case .absolute: return order == 0 ? abs(x) : order == 1 ? (x > 0 ? 1 : -1) : 0
  case .sign: return order > 0 ? 0 : x > 0 ? 1 : x < 0 ? -1 : 0
  }
}
