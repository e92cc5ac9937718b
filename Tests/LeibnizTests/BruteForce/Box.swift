import Glibc

/// Numbers in rows, columns and further axes: all that the brute-force evaluator computes with.
/// An axis of one entry is taken out as the shapes of the engine take it out, except in a row.
struct Box: Sendable {
  var dims: [Int]
  var values: [Double]

  init(_ dims: [Int], _ values: [Double]) {
    self.dims = dims
    self.values = values
  }
  init(_ value: Double) { self.init([], [value]) }
  init(_ dims: [Int], entry: ([Int]) throws(Undefined) -> Double) throws(Undefined) {
    var values: [Double] = []
    let count = dims.reduce(1, *)
    values.reserveCapacity(count)
    for flat in 0..<count {
      var rest = flat
      var place = [Int](repeating: 0, count: dims.count)
      for axis in dims.indices.reversed() {
        place[axis] = rest % dims[axis]
        rest /= dims[axis]
      }
      values.append(try entry(place))
    }
    self.init(dims, values)
  }

  /// At a place counted from zero.
  subscript(place: [Int]) -> Double {
    var flat = 0
    for (axis, i) in place.enumerated() { flat = flat * dims[axis] + i }
    return values[flat]
  }

  var isScalar: Bool { dims.isEmpty }
  var isRow: Bool { dims.count == 2 && dims[0] == 1 }
  var squeezed: [Int] { dims.filter { $0 != 1 } }
  var rows: Int { dims.first ?? 1 }
  var columns: Int { dims.count == 2 ? dims[1] : 1 }

  var canonical: Box {
    switch dims.count {
    case 1 where dims[0] == 1: return Box([], values)
    case 2 where dims[1] == 1: return Box([dims[0]], values).canonical
    case 3... where dims.contains(1): return Box(squeezed, values).canonical
    default: return self
    }
  }

  func map(_ f: (Double) -> Double) -> Box { Box(dims, values.map(f)) }

  /// Entry by entry; a number meets every entry, a row every row.
  func joined(_ other: Box, _ f: (Double, Double) -> Double) throws(Undefined) -> Box {
    if dims == other.dims { return Box(dims, zip(values, other.values).map { f($0, $1) }) }
    if isScalar { return other.map { f(values[0], $0) } }
    if other.isScalar { return map { f($0, other.values[0]) } }
    if isRow, other.dims.count == 2, dims[1] == other.dims[1] {
      return try Box(other.dims) { f(values[$0[1]], other[$0]) }
    }
    if other.isRow, dims.count == 2, dims[1] == other.dims[1] {
      return try Box(dims) { f(self[$0], other.values[$0[1]]) }
    }
    throw .shapes
  }

  /// Numbers scale; else the last axis of the left meets the first of the right.
  func times(_ other: Box) throws(Undefined) -> Box {
    if isScalar || other.isScalar { return try joined(other, *) }
    if dims.count == 1 {
      guard other.isRow else { throw .shapes }
      return try Box([dims[0], other.dims[1]]) { values[$0[0]] * other.values[$0[1]] }.canonical
    }
    let inner = dims[dims.count - 1]
    guard inner == other.dims[0] else { throw .shapes }
    let (above, below) = (values.count / inner, other.values.count / inner)
    var product = [Double](repeating: 0, count: above * below)
    for i in 0..<above {
      for m in 0..<inner {
        let factor = values[i * inner + m]
        for j in 0..<below { product[i * below + j] += factor * other.values[m * below + j] }
      }
    }
    return Box(Array(dims.dropLast()) + Array(other.dims.dropFirst()), product).canonical
  }

  func transposed() throws(Undefined) -> Box {
    switch dims.count {
    case 0: return self
    case 1: return Box([1, dims[0]], values)
    case 2: return try Box([dims[1], dims[0]]) { self[[$0[1], $0[0]]] }.canonical
    default: throw .shapes
    }
  }

  static func identity(_ n: Int) -> Box {
    var values = [Double](repeating: 0, count: n * n)
    for i in 0..<n { values[i * n + i] = 1 }
    return Box([n, n], values)
  }

  /// The rows after elimination with the largest pivots, and the determinant.
  func eliminated() throws(Undefined) -> (inverse: Box, determinant: Double) {
    guard dims.count == 2, dims[0] == dims[1] else { throw .shapes }
    let n = dims[0]
    var a = values
    var b = Box.identity(n).values
    var determinant = 1.0
    for c in 0..<n {
      let pivot = (c..<n).max { abs(a[$0 * n + c]) < abs(a[$1 * n + c]) } ?? c
      if pivot != c {
        determinant = -determinant
        for j in 0..<n {
          a.swapAt(c * n + j, pivot * n + j)
          b.swapAt(c * n + j, pivot * n + j)
        }
      }
      let head = a[c * n + c]
      determinant *= head
      if abs(head) < 1e-9 { return (Box([n, n], b), 0) }
      for j in 0..<n {
        a[c * n + j] /= head
        b[c * n + j] /= head
      }
      for r in 0..<n where r != c {
        let factor = a[r * n + c]
        for j in 0..<n {
          a[r * n + j] -= factor * a[c * n + j]
          b[r * n + j] -= factor * b[c * n + j]
        }
      }
    }
    return (Box([n, n], b), determinant)
  }

  func symmetrised() throws(Undefined) -> Box { try joined(try transposed()) { ($0 + $1) / 2 } }
  func diagonalPart() throws(Undefined) -> Box {
    try Box(dims) { $0[0] == $0[1] ? self[$0] : 0 }
  }

  /// The rows made orthonormal one after another (Gram and Schmidt).
  func orthonormalised() throws(Undefined) -> Box {
    let n = dims[1]
    var rows: [[Double]] = []
    for i in 0..<dims[0] {
      var row = Array(values[(i * n)..<((i + 1) * n)])
      for other in rows {
        let along = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
        row = zip(row, other).map { $0 - along * $1 }
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 1e-6 else { throw .notFinite }
      rows.append(row.map { $0 / length })
    }
    return Box(dims, rows.flatMap { $0 })
  }

  /// A power: of a square matrix a product with itself, else entry by entry.
  func raised(to exponent: Double) throws(Undefined) -> Box {
    guard dims.count == 2, dims[0] == dims[1], dims[0] > 1 else {
      return map { pow($0, exponent) }
    }
    guard exponent == exponent.rounded(), abs(exponent) < 64 else { throw .unsupported("power") }
    var factor = self
    if exponent < 0 {
      let (inverse, determinant) = try eliminated()
      if determinant == 0 { throw .notFinite }
      factor = inverse
    }
    var result = Box.identity(dims[0])
    for _ in 0..<Int(abs(exponent)) { result = try result.times(factor) }
    return result
  }

  /// The largest difference of two boxes beside their largest entry.
  func distance(to other: Box) throws(Undefined) -> (difference: Double, scale: Double) {
    guard dims == other.dims || isScalar || other.isScalar else { throw .shapes }
    let both = try joined(other) { abs($0 - $1) }
    let scale = max(values.map(abs).max() ?? 0, other.values.map(abs).max() ?? 0)
    let difference = both.values.max() ?? 0
    guard difference.isFinite else { throw .notFinite }
    return (difference, scale)
  }
}

/// Why an expression has no value at a point.
enum Undefined: Error, Hashable {
  /// A node that no equation computes or reads.
  case missingNode
  /// A sum or product that ends more than one below its beginning.
  case reversed
  case negativeExponent
  case shapes
  case notFinite
  case unsupported(String)
}
