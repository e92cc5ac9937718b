import Expressions

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A tensor of numbers, for the tests' own evaluation.
struct Numbers {
  var dims: [Int]
  var values: [Double]

  init(_ dims: [Int], _ values: [Double]) {
    self.dims = dims
    self.values = values
  }
  init(_ value: Double) { self.init([], [value]) }
  init(dims: [Int], _ entry: ([Int]) -> Double) {
    var values: [Double] = []
    var place = [Int](repeating: 0, count: dims.count)
    for _ in 0..<dims.reduce(1, *) {
      values.append(entry(place))
      for axis in dims.indices.reversed() {
        place[axis] += 1
        if place[axis] < dims[axis] { break }
        place[axis] = 0
      }
    }
    self.init(dims, values)
  }
  subscript(place: [Int]) -> Double {
    var at = 0
    for (axis, i) in place.enumerated() { at = at * dims[axis] + i }
    return values[at]
  }
  var squeezed: [Int] { dims.filter { $0 != 1 } }
  var canonical: Numbers {
    switch dims.count {
    case 1: return dims[0] == 1 ? Numbers([], values) : self
    case 2: return dims[1] == 1 ? Numbers([dims[0]], values).canonical : self
    case 3...:
      let rest = squeezed
      return rest.count == dims.count ? self : Numbers(rest, values).canonical
    default: return self
    }
  }
  func map(_ f: (Double) -> Double) -> Numbers { Numbers(dims, values.map(f)) }
  func joined(_ other: Numbers, _ f: (Double, Double) -> Double) -> Numbers {
    if dims.isEmpty { return other.map { f(values[0], $0) } }
    if other.dims.isEmpty { return map { f($0, other.values[0]) } }
    if dims == other.dims { return Numbers(dims, zip(values, other.values).map { f($0, $1) }) }
    if dims.count == 2, dims[0] == 1 {
      return Numbers(dims: other.dims) { f(self[[0, $0[1]]], other[$0]) }
    }
    return Numbers(dims: dims) { f(self[$0], other[[0, $0[1]]]) }
  }
  func times(_ other: Numbers) -> Numbers {
    if dims.isEmpty || other.dims.isEmpty { return joined(other, *) }
    if dims.count == 1 {
      return Numbers(dims: [dims[0], other.dims[1]]) { self[[$0[0]]] * other[[0, $0[1]]] }
        .canonical
    }
    let split = dims.count - 1
    return Numbers(dims: Array(dims.dropLast()) + Array(other.dims.dropFirst())) { place in
      var sum = 0.0
      for i in 0..<dims[split] {
        sum += self[Array(place[..<split]) + [i]] * other[[i] + Array(place[split...])]
      }
      return sum
    }.canonical
  }
  var transposed: Numbers {
    switch dims.count {
    case 1: return Numbers([1, dims[0]], values).canonical
    case 2: return Numbers(dims: [dims[1], dims[0]]) { self[[$0[1], $0[0]]] }.canonical
    default: return self
    }
  }
  static func identity(_ n: Int) -> Numbers {
    Numbers(dims: [n, n]) { $0[0] == $0[1] ? 1 : 0 }
  }
  var inverse: Numbers {
    let n = dims[0]
    var a = (0..<n).map { i in (0..<n).map { self[[i, $0]] } }
    var b = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0.0 } }
    for c in 0..<n {
      let pivot = (c..<n).max { abs(a[$0][c]) < abs(a[$1][c]) } ?? c
      a.swapAt(c, pivot)
      b.swapAt(c, pivot)
      let scale = a[c][c]
      for j in 0..<n {
        a[c][j] /= scale
        b[c][j] /= scale
      }
      for r in 0..<n where r != c {
        let factor = a[r][c]
        for j in 0..<n {
          a[r][j] -= factor * a[c][j]
          b[r][j] -= factor * b[c][j]
        }
      }
    }
    return Numbers(dims: [n, n]) { b[$0[0]][$0[1]] }
  }
  func raised(_ n: Int) -> Numbers {
    if dims.count < 2 || dims[0] != dims[1] { return map { pow($0, Double(n)) } }
    var result = Numbers.identity(dims[0])
    let base = n < 0 ? inverse : self
    for _ in 0..<abs(n) { result = result.times(base) }
    return result
  }
}

/// A small evaluation that shares nothing with the algebra: sizes, times and labels are numbers.
struct Evaluator {
  let page: Page
  var sizes: [DimensionSymbol: Int]
  var times: [TimeSymbol: Int]
  var labels: [IndexSymbol: Int] = [:]
  let seed: Int

  func size(_ dimension: Dimension) -> Int { dimension.value { sizes[$0] } ?? 0 }
  func time(_ time: Time) -> Int { time.value { times[$0] } ?? 0 }

  private func random(_ parts: [Int]) -> Double {
    var state: UInt64 = 88_172_645_463_325_252 &+ UInt64(seed)
    for part in parts {
      state = (state ^ UInt64(bitPattern: Int64(part)) &+ 77) &* 6_364_136_223_846_793_005
      state ^= state >> 31
    }
    return Double(state >> 11 & 0xFFFFF) / Double(0x100000) * 2.4 - 1.2
  }

  func atom(_ symbol: Symbol, _ time: Int?, _ copy: Int?) -> Numbers {
    let record = page.w[symbol]
    var drawn = Numbers(dims: record.shape.dimensions.map(size)) { place in
      random([Int(symbol.id), time ?? -99, copy ?? -77] + place)
    }.canonical
    if record.properties.contains(.symmetric) {
      drawn = drawn.joined(drawn.transposed, +)
    }
    return drawn
  }

  func value(_ expression: Expression) -> Numbers {
    switch page.w[expression] {
    case .number(let number), .decimal(let number, _): return Numbers(number.approximation)
    case .variable(let variable):
      let own = variable.time.map { time($0) }
      if variable.copy == nil {
        for definition in page.definitions where definition.symbol == variable.symbol {
          var inner = self
          if let own, let symbol = definition.time {
            if let from = definition.from, own < time(from) { continue }
            if let through = definition.through, own > time(through) { continue }
            if definition.from == nil, own < -3 { continue }
            inner.times[symbol] = own
          }
          return inner.value(definition.body)
        }
      }
      return atom(variable.symbol, own, variable.copy.map { time($0) })
    case .timeValue(let value): return Numbers(Double(time(value)))
    case .dimensionValue(let dimension): return Numbers(Double(size(dimension)))
    case .identity(let dimension): return Numbers.identity(size(dimension))
    case .ones(let shape):
      return Numbers(dims: shape.dimensions.map(size)) { _ in 1 }.canonical
    case .zero(let shape):
      return Numbers(dims: shape.dimensions.map(size)) { _ in 0 }.canonical
    case .delta(let a, let b): return Numbers(place(a) == place(b) ? 1 : 0)
    case .unitVector(let index, let dimension):
      return Numbers(dims: [size(dimension)]) { $0[0] == place(index) ? 1 : 0 }
    case .sum(let terms):
      return terms.dropFirst().reduce(value(terms[0])) { $0.joined(value($1), +) }
    case .negative(let operand): return value(operand).map { -$0 }
    case .product(let factors):
      return factors.dropFirst().reduce(value(factors[0])) { $0.times(value($1)) }
    case .hadamard(let factors):
      return factors.dropFirst().reduce(value(factors[0])) { $0.joined(value($1), *) }
    case .quotient(let a, let b): return value(a).joined(value(b), /)
    case .power(let base, let exponent):
      return value(base).raised(Int(value(exponent).values[0].rounded()))
    case .transpose(let operand): return value(operand).transposed
    case .apply(let function, let n, let operand):
      return value(operand).map { apply(function, n, $0) }
    case .maximum(let a, let b): return value(a).joined(value(b)) { Swift.max($0, $1) }
    case .tensorFunction(let function, let operand):
      let x = value(operand)
      switch function {
      case .diag:
        if x.squeezed.count < 2 {
          return Numbers(dims: [x.values.count, x.values.count]) {
            $0[0] == $0[1] ? x.values[$0[0]] : 0
          }
        }
        return Numbers(dims: [x.dims[0]]) { x[[$0[0], $0[0]]] }
      case .trace: return Numbers((0..<x.dims[0]).map { x[[$0, $0]] }.reduce(0, +))
      case .norm: return Numbers(x.values.map { $0 * $0 }.reduce(0, +).squareRoot())
      case .total: return Numbers(x.values.reduce(0, +))
      case .maximum: return Numbers(x.values.max() ?? 0)
      case .softmax:
        let sum = x.values.map { exp($0) }.reduce(0, +)
        return x.map { exp($0) / sum }
      case .determinant, .vec, .spectralNorm, .spectralRadius: return Numbers(.nan)
      }
    case .entry(let operand, let indices):
      let x = value(operand)
      let places = indices.map(place)
      return Numbers(Numbers(places.count == x.dims.count ? x.dims : x.squeezed, x.values)[places])
    case .indexSum(let symbol, let body):
      var inner = self
      var sum = 0.0
      for i in 0..<size(page.w[symbol].dimension) {
        inner.labels[symbol] = i
        sum += inner.value(body).values[0]
      }
      return Numbers(sum)
    case .tabulate(let symbols, let body):
      return Numbers(dims: symbols.map { size(page.w[$0].dimension) }) { place in
        var inner = self
        for (axis, symbol) in symbols.enumerated() { inner.labels[symbol] = place[axis] }
        return inner.value(body).values[0]
      }.canonical
    case .timeSum(let symbol, let from, let through, let body):
      var inner = self
      inner.times[symbol] = time(from)
      var sum = inner.value(body).map { _ in 0 }
      if time(from) <= time(through) {
        for i in time(from)...time(through) {
          inner.times[symbol] = i
          sum = sum.joined(inner.value(body), +)
        }
      }
      return sum
    case .timeProduct(let symbol, let from, let through, let body, let order):
      var inner = self
      inner.times[symbol] = time(from)
      let first = inner.value(body)
      var product = first.dims.isEmpty ? Numbers(1) : Numbers.identity(first.dims[0])
      if time(from) <= time(through) {
        for i in time(from)...time(through) {
          inner.times[symbol] = i
          let factor = inner.value(body)
          product = order == .descending ? factor.times(product) : product.times(factor)
        }
      }
      return product
    case .iverson(let conditions):
      return Numbers(conditions.allSatisfy { time($0) >= 0 } ? 1 : 0)
    case .pathProduct(let path):
      precondition(path.size == 1)
      var inner = self
      inner.times[path.step] = time(path.upper)
      let first = inner.value(path.blocks[0])
      var product = first.dims.isEmpty ? Numbers(1) : Numbers.identity(first.dims[0])
      if time(path.lower) < time(path.upper) {
        for i in (time(path.lower) + 1)...time(path.upper) {
          inner.times[path.step] = i
          product = inner.value(path.blocks[0]).times(product)
        }
      }
      return product
    default: return Numbers(.nan)
    }
  }

  private func place(_ index: Index) -> Int {
    switch index {
    case .label(let symbol): return labels[symbol] ?? 0
    case .literal(let value): return value - 1
    case .last(let dimension): return size(dimension) - 1
    }
  }

  private func apply(_ function: ElementwiseFunction, _ n: Int, _ x: Double) -> Double {
    let s = 1 / (1 + exp(-x))
    switch (function, n) {
    case (.sigmoid, 0): return s
    case (.sigmoid, 1): return s * (1 - s)
    case (.sigmoid, 2): return s * (1 - s) * (1 - 2 * s)
    case (.tanh, 0): return tanh(x)
    case (.tanh, 1): return 1 - tanh(x) * tanh(x)
    case (.tanh, 2): return -2 * tanh(x) * (1 - tanh(x) * tanh(x))
    case (.exp, _): return exp(x)
    case (.sin, 0): return sin(x)
    case (.cos, 0): return cos(x)
    case (.absolute, 0): return abs(x)
    case (.sign, 0): return x < 0 ? -1 : 1
    case (.sqrt, 0): return x.squareRoot()
    case (.log, 0): return log(x)
    case (.relu, 0): return Swift.max(0, x)
    default: return .nan
    }
  }

  /// The greatest difference of two expressions' entries, relative to their size.
  func distance(_ a: Expression, _ b: Expression) -> Double {
    let (x, y) = (value(a), value(b))
    let count = Swift.max(x.values.count, y.values.count)
    if x.values.count != y.values.count, x.values.count != 1, y.values.count != 1 {
      return .infinity
    }
    var worst = 0.0
    for i in 0..<count {
      let first = x.values[x.values.count == 1 ? 0 : i]
      let second = y.values[y.values.count == 1 ? 0 : i]
      worst = Swift.max(worst, abs(first - second) / (1 + abs(first)))
    }
    return worst
  }
}
