/// Numbers with axes, row by row: what the tests compare.
struct Tensor: Equatable {
  var sizes: [Int]
  var values: [Double]

  init(_ sizes: [Int], _ values: [Double]) {
    precondition(sizes.reduce(1, *) == values.count)
    self.sizes = sizes
    self.values = values
  }
  init(_ value: Double) { self.init([], [value]) }
  init(zero sizes: [Int]) {
    self.init(sizes, [Double](repeating: 0, count: sizes.reduce(1, *)))
  }

  var scalar: Double { values[0] }
  var isScalar: Bool { sizes.isEmpty }
  var isRow: Bool { sizes.count == 2 && sizes[0] == 1 }
  /// As many rows and columns as a matrix has; a vector is a column.
  var rows: Int { sizes.isEmpty ? 1 : sizes[0] }
  var columns: Int { sizes.count < 2 ? 1 : sizes[1] }
  var squeezed: [Int] { sizes.filter { $0 != 1 } }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  /// The entry at zero-based places along the axes of size other than one.
  func entry(_ places: [Int]) -> Double {
    let kept = places.count == sizes.count ? sizes : squeezed
    var offset = 0
    for (place, size) in zip(places, kept) { offset = offset * size + place }
    return values[offset]
  }

  var canonical: Tensor {
    if sizes == [1] || sizes == [1, 1] { return Tensor([], values) }
    if sizes.count == 2, sizes[1] == 1 { return Tensor([sizes[0]], values) }
    if sizes.count > 2, sizes.contains(1) { return Tensor(squeezed, values).canonical }
    return self
  }

  func map(_ change: (Double) -> Double) -> Tensor { Tensor(sizes, values.map(change)) }

  /// Entry by entry, a scalar at every place, a row in every row.
  func joined(_ other: Tensor, _ combine: (Double, Double) -> Double) -> Tensor {
    if sizes == other.sizes {
      return Tensor(sizes, zip(values, other.values).map { combine($0, $1) })
    }
    if other.isScalar { return map { combine($0, other.scalar) } }
    if isScalar { return other.map { combine(scalar, $0) } }
    if other.isRow {
      return Tensor(
        sizes, values.indices.map { combine(values[$0], other.values[$0 % other.columns]) })
    }
    return Tensor(
      other.sizes, other.values.indices.map { combine(values[$0 % columns], other.values[$0]) })
  }

  static func + (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.joined(rhs, +) }
  static func * (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.joined(rhs, *) }

  /// The last axis against the first; scalars scale, a vector beside a row is an outer product.
  func product(_ other: Tensor) -> Tensor {
    if isScalar || other.isScalar { return self * other }
    let left = sizes.count == 1 ? sizes + [1] : sizes
    let inner = left[left.count - 1]
    precondition(inner == other.sizes[0], "\(sizes) · \(other.sizes)")
    let outer = values.count / inner
    let rest = other.values.count / inner
    var result = Tensor(zero: Array(left.dropLast()) + Array(other.sizes.dropFirst()))
    for i in 0..<outer {
      for k in 0..<inner {
        for j in 0..<rest {
          result.values[i * rest + j] += values[i * inner + k] * other.values[k * rest + j]
        }
      }
    }
    return result.canonical
  }

  var transposed: Tensor {
    if sizes.count == 1 { return Tensor([1, sizes[0]], values) }
    if sizes.count < 2 { return self }
    var result = Tensor(zero: [columns, rows])
    for i in 0..<rows {
      for j in 0..<columns { result.values[j * rows + i] = self[i, j] }
    }
    return result.canonical
  }

  static func identity(_ n: Int) -> Tensor {
    var result = Tensor(zero: [n, n])
    for i in 0..<n { result.values[i * n + i] = 1 }
    return result.canonical
  }

  /// Gauss with pivots: the inverse and the determinant.
  var inverse: (Tensor, Double) {
    let n = rows
    var (a, b) = (self, Tensor.identity(n))
    var determinant = 1.0
    func swapRows(_ t: inout Tensor, _ i: Int, _ j: Int) {
      for c in 0..<n { t.values.swapAt(i * n + c, j * n + c) }
    }
    for i in 0..<n {
      let pivot = (i..<n).max { abs(a.values[$0 * n + i]) < abs(a.values[$1 * n + i]) } ?? i
      if pivot != i {
        swapRows(&a, i, pivot)
        swapRows(&b, i, pivot)
        determinant = -determinant
      }
      let scale = a.values[i * n + i]
      determinant *= scale
      for c in 0..<n {
        a.values[i * n + c] /= scale
        b.values[i * n + c] /= scale
      }
      for r in 0..<n where r != i {
        let factor = a.values[r * n + i]
        for c in 0..<n {
          a.values[r * n + c] -= factor * a.values[i * n + c]
          b.values[r * n + c] -= factor * b.values[i * n + c]
        }
      }
    }
    return (b, determinant)
  }

  func kronecker(_ other: Tensor) -> Tensor {
    let (p, q) = (other.rows, other.columns)
    var result = Tensor(zero: [rows * p, columns * q])
    for i in 0..<rows * p {
      for j in 0..<columns * q {
        result.values[i * columns * q + j] = self[i / p, j / q] * other[i % p, j % q]
      }
    }
    return result.canonical
  }

  /// The largest difference of two tensors, relative to the larger entries.
  func distance(to other: Tensor) -> Double {
    if sizes != other.sizes { return .infinity }
    var worst = 0.0
    for (a, b) in zip(values, other.values) {
      let difference = abs(a - b) / (1 + max(abs(a), abs(b)))
      worst = difference.isNaN ? .infinity : max(worst, difference)
    }
    return worst
  }
}
