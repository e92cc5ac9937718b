import Expressions
import Glibc

extension World {
  /// The value of an expression as written.
  func evaluate(
    _ root: Expression, _ scope: Scope, _ run: Run, in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    try plain(root, scope, run, in: workspace).canonical
  }

  private func fold(
    _ operands: [Expression], _ scope: Scope, _ run: Run, in workspace: borrowing Workspace,
    _ join: (Box, Box) throws(Undefined) -> Box
  ) throws(Undefined) -> Box {
    var result: Box?
    for operand in operands {
      let next = try evaluate(operand, scope, run, in: workspace)
      if let before = result { result = try join(before, next) } else { result = next }
    }
    return result ?? Box(0)
  }

  private func plain(
    _ root: Expression, _ scope: Scope, _ run: Run, in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    switch workspace[root] {
    case .number(let value), .decimal(let value, _): return Box(value.approximation)
    case .variable(let variable): return try value(of: variable, scope, run, in: workspace)
    case .timeValue(let time): return Box(Double(try self.time(time, scope)))
    case .dimensionValue(let dimension): return Box(Double(try size(dimension)))
    case .identity(let n): return .identity(try size(n))
    case .ones(let shape): return try filled(shape, 1)
    case .zero(let shape): return try filled(shape, 0)
    case .unitVector(let index, let n):
      let (place, n) = (try number(index, scope), try size(n))
      return Box([n], (0..<n).map { $0 == place ? 1 : 0 })
    case .delta(let a, let b): return Box(try number(a, scope) == number(b, scope) ? 1 : 0)
    case .sum(let terms):
      return try fold(terms, scope, run, in: workspace) { a, b throws(Undefined) in
        guard a.isScalar == b.isScalar || mayMix(terms, in: workspace) else { throw .shapes }
        return try a.joined(b, +)
      }
    case .negative(let operand):
      return try evaluate(operand, scope, run, in: workspace).map { -$0 }
    case .product(let factors):
      if factors.isEmpty { return Box(1) }
      return try fold(factors, scope, run, in: workspace) { a, b throws(Undefined) in
        try a.times(b)
      }
    case .hadamard(let factors):
      return try fold(factors, scope, run, in: workspace) { a, b throws(Undefined) in
        try a.joined(b, *)
      }
    case .quotient(let a, let b):
      return try evaluate(a, scope, run, in: workspace).joined(
        try evaluate(b, scope, run, in: workspace), /)
    case .power(let base, let exponent):
      let above = try evaluate(exponent, scope, run, in: workspace)
      guard above.isScalar else { throw .shapes }
      if case .timeValue = workspace[exponent], above.values[0] < 0 { throw .negativeExponent }
      return try evaluate(base, scope, run, in: workspace).raised(to: above.values[0])
    case .transpose(let operand):
      return try evaluate(operand, scope, run, in: workspace).transposed()
    case .apply(let function, let n, let argument):
      let inner = try evaluate(argument, scope, run, in: workspace)
      var values: [Double] = []
      for x in inner.values { values.append(try function.value(n, at: x, seed: seed)) }
      return Box(inner.dims, values)
    case .maximum(let a, let b):
      return try evaluate(a, scope, run, in: workspace).joined(
        try evaluate(b, scope, run, in: workspace)
      ) { max($0, $1) }
    case .tensorFunction(let function, let argument):
      return try apply(function, to: try evaluate(argument, scope, run, in: workspace))
    case .kronecker(let a, let b):
      let (x, y) = (
        try evaluate(a, scope, run, in: workspace), try evaluate(b, scope, run, in: workspace)
      )
      return try Box([x.rows * y.rows, x.columns * y.columns]) {
        x.values[$0[0] / y.rows * x.columns + $0[1] / y.columns]
          * y.values[$0[0] % y.rows * y.columns + $0[1] % y.columns]
      }
    case .stack(let rows, let columns, let blocks):
      return try stacked(rows, columns, blocks, scope, run, in: workspace)
    case .entry(let operand, let indices):
      let whole = try evaluate(operand, scope, run, in: workspace)
      var place: [Int] = []
      for index in indices { place.append(try number(index, scope)) }
      let dims = place.count == whole.dims.count ? whole.dims : whole.squeezed
      guard dims.count == place.count else { throw .shapes }
      for (i, n) in zip(place, dims) where i < 0 || i >= n { throw .missingNode }
      return Box(Box(dims, whole.values)[place])
    case .indexSum(let label, let body):
      var sum: Box?
      for i in 0..<(try size(workspace[label].dimension)) {
        var inner = scope
        inner.labels[label] = i
        let term = try evaluate(body, inner, run, in: workspace)
        if let before = sum { sum = try before.joined(term, +) } else { sum = term }
      }
      return sum ?? Box(0)
    case .tabulate(let labels, let body):
      var dims: [Int] = []
      for label in labels { dims.append(try size(workspace[label].dimension)) }
      var values: [Double] = []
      for flat in 0..<dims.reduce(1, *) {
        var inner = scope
        var rest = flat
        for axis in labels.indices.reversed() {
          inner.labels[labels[axis]] = rest % dims[axis]
          rest /= dims[axis]
        }
        let entry = try evaluate(body, inner, run, in: workspace)
        guard entry.isScalar else { throw .shapes }
        values.append(entry.values[0])
      }
      return Box(dims, values)
    case .timeSum(let symbol, let from, let through, let body):
      let (first, last) = (try time(from, scope), try time(through, scope))
      if last < first - 1 { throw .reversed }
      var sum = Box(0)
      for step in stride(from: first, through: last, by: 1) {
        var inner = scope
        inner.times[symbol] = step
        let term = try evaluate(body, inner, run, in: workspace)
        sum = step == first ? term : try sum.joined(term, +)
      }
      return sum
    case .timeProduct(let symbol, let from, let through, let body, let order):
      let (first, last) = (try time(from, scope), try time(through, scope))
      if last < first - 1 { throw .reversed }
      guard first <= last else {
        let shape = try? workspace.shape(of: body)
        guard let n = shape?.dimensions.first else { return Box(1) }
        return .identity(try size(n))
      }
      var product: Box?
      for step in first...last {
        var inner = scope
        inner.times[symbol] = step
        let factor = try evaluate(body, inner, run, in: workspace)
        guard let before = product else {
          product = factor
          continue
        }
        product = try order == .ascending ? before.times(factor) : factor.times(before)
      }
      return product ?? Box(1)
    case .iverson(let conditions):
      for condition in conditions where try time(condition, scope) < 0 { return Box(0) }
      return Box(1)
    case .opaque(let function, let at, let arguments):
      return try unknown(function, at, arguments, scope, run, in: workspace)
    case .derivative(let a, let b, let intervention):
      return try derivative(a, b, intervention, root, scope, run, in: workspace)
    case .pathProduct: throw .unsupported("path product")
    case .opaquePartial: throw .unsupported("partial")
    case .differential(let operand):
      return try differential(of: operand, scope, run, in: workspace)
    case .elided: throw .unsupported("elided slope")
    }
  }

  /// A written number may stand beside a vector, and a sum of no terms is zero in any shape.
  private func mayMix(_ terms: [Expression], in workspace: borrowing Workspace) -> Bool {
    for term in terms where workspace.isNumeric(term) { return true }
    return terms.contains { term in
      if case .timeSum = workspace[term] { return true }
      return false
    }
  }

  private func filled(_ shape: Shape, _ value: Double) throws(Undefined) -> Box {
    var dims: [Int] = []
    for dimension in shape.dimensions { dims.append(try size(dimension)) }
    return Box(dims, [Double](repeating: value, count: dims.reduce(1, *)))
  }

  /// A place counted from zero.
  private func number(_ index: Index, _ scope: Scope) throws(Undefined) -> Int {
    switch index {
    case .label(let label):
      guard let value = scope.labels[label] else { throw .unsupported("a free label") }
      return value
    case .literal(let value): return value - 1
    case .last(let dimension): return try size(dimension) - 1
    }
  }

  private func apply(_ function: TensorFunction, to box: Box) throws(Undefined) -> Box {
    switch function {
    case .diag:
      if box.isScalar { return box }
      if box.dims.count == 1 || box.isRow {
        let n = box.values.count
        return try Box([n, n]) { $0[0] == $0[1] ? box.values[$0[0]] : 0 }
      }
      guard box.dims.count == 2, box.rows == box.columns else { throw .shapes }
      return Box([box.rows], (0..<box.rows).map { box[[$0, $0]] })
    case .trace:
      guard box.rows == box.columns, box.dims.count <= 2 else { throw .shapes }
      return Box(try apply(.diag, to: box).values.reduce(0, +))
    case .determinant: return box.isScalar ? box : Box(try box.eliminated().determinant)
    case .norm: return Box(sqrt(box.values.reduce(0) { $0 + $1 * $1 }))
    case .total: return Box(box.values.reduce(0, +))
    case .maximum: return Box(box.values.max() ?? 0)
    case .spectralNorm, .spectralRadius: throw .unsupported("a spectrum")
    case .vec:
      guard box.dims.count <= 2 else { throw .shapes }
      return Box(
        [box.values.count],
        (0..<box.values.count).map { box.values[$0 % box.rows * box.columns + $0 / box.rows] })
    case .softmax:
      let width = box.dims.last ?? 1
      var values = box.values.map { exp($0) }
      for start in stride(from: 0, to: values.count, by: width) {
        let sum = values[start..<(start + width)].reduce(0, +)
        for i in start..<(start + width) { values[i] /= sum }
      }
      return Box(box.dims, values)
    }
  }

  private func stacked(
    _ rows: Int, _ columns: Int, _ blocks: [Expression], _ scope: Scope, _ run: Run,
    in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    var values: [Double] = []
    var width = 0
    for r in 0..<rows {
      var row: [Box] = []
      for c in 0..<columns {
        row.append(try evaluate(blocks[r * columns + c], scope, run, in: workspace))
      }
      guard let height = row.first?.rows else { throw .shapes }
      for block in row where block.rows != height { throw .shapes }
      let own = row.reduce(0) { $0 + $1.columns }
      if r > 0, own != width { throw .shapes }
      width = own
      for i in 0..<height {
        for block in row {
          values += block.values[(i * block.columns)..<((i + 1) * block.columns)]
        }
      }
    }
    return Box([values.count / max(width, 1), width], values)
  }

  private func unknown(
    _ function: OpaqueFunction, _ at: Time?, _ arguments: [Expression], _ scope: Scope,
    _ run: Run, in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    var numbers: [Double] = []
    for argument in arguments {
      numbers += try evaluate(argument, scope, run, in: workspace).values
    }
    let step = try at.map { t throws(Undefined) in try time(t, scope) }
    let shape = try filled(workspace[function].shape, 0)
    return Box(
      shape.dims,
      shape.values.indices.map {
        unknownFunction(numbers, function, at: step, entry: $0, seed: seed)
      })
  }
}
