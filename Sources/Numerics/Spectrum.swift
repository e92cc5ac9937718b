import Expressions

/// Norms and radii by singular values and eigenvalues.
enum Spectrum {
  /// The spectral norm of a matrix, row by row; Euclidean for one row or one column.
  static func norm<Number: Quantity>(_ entries: [Number], rows: Int) -> Number {
    let columns = entries.count / max(rows, 1)
    if rows > 1, columns > 1 { return Number.largestSingularValue(entries, rows: rows) }
    var sum = Number(0.0)
    for entry in entries { sum = sum + entry * entry }
    return sum.squareRoot()
  }

  /// The largest modulus of an eigenvalue, for matrices of at most two rows: the eigenvalues of
  /// larger ones may be so sensitive that no bound of their error is worth anything.
  static func radius<Number: Quantity>(_ entries: [Number], size: Int) -> Number {
    if size == 1 { return entries[0].larger(-entries[0]) }
    guard size == 2 else { return Number(0.0) / Number(0.0) }
    let half = (entries[0] + entries[3]) / Number(2.0)
    let rest = (entries[0] - entries[3]) / Number(2.0)
    let discriminant = rest * rest + entries[1] * entries[2]
    if discriminant.approximation < 0 {
      return (entries[0] * entries[3] - entries[1] * entries[2]).squareRoot()
    }
    return half.larger(-half) + discriminant.squareRoot()
  }

  /// The largest eigenvalue of a symmetric matrix, row by row (cyclic Jacobi rotations: Golub, Van
  /// Loan 2013, section 8.5).
  static func largestEigenvalue(ofSymmetric entries: [Double], size n: Int) -> Double {
    var a = entries
    for _ in 0..<40 {
      var rest = 0.0
      for p in 0..<n {
        for q in (p + 1)..<max(n, p + 1) { rest += a[p * n + q] * a[p * n + q] }
      }
      if rest == 0 { break }
      for p in 0..<n {
        for q in (p + 1)..<max(n, p + 1) where a[p * n + q] != 0 { rotate(&a, n, p, q) }
      }
    }
    var largest = a[0]
    for i in 1..<max(n, 1) { largest = max(largest, a[i * n + i]) }
    return largest
  }

  private static func rotate(_ a: inout [Double], _ n: Int, _ p: Int, _ q: Int) {
    let slope = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
    let t = (slope < 0 ? -1 : 1) / (slope.magnitude + (slope * slope + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<n {
      let (x, y) = (a[k * n + p], a[k * n + q])
      a[k * n + p] = c * x - s * y
      a[k * n + q] = s * x + c * y
    }
    for k in 0..<n {
      let (x, y) = (a[p * n + k], a[q * n + k])
      a[p * n + k] = c * x - s * y
      a[q * n + k] = s * x + c * y
    }
  }
}

extension Double {
  static func largestSingularValue(_ entries: [Double], rows: Int) -> Double {
    let columns = entries.count / rows
    var gram = [Double](repeating: 0, count: columns * columns)
    for i in 0..<columns {
      for j in 0..<columns {
        for k in 0..<rows {
          gram[i * columns + j] += entries[k * columns + i] * entries[k * columns + j]
        }
      }
    }
    if !gram.allSatisfy({ $0.isFinite }) { return .nan }
    return max(0, Spectrum.largestEigenvalue(ofSymmetric: gram, size: columns)).squareRoot()
  }
}

extension Bounded {
  /// A singular value moves by no more than the Frobenius norm of what is added (Weyl 1912).
  static func largestSingularValue(_ entries: [Bounded], rows: Int) -> Bounded {
    let value = Double.largestSingularValue(entries.map { $0.value }, rows: rows)
    var (errors, squares) = (0.0, 0.0)
    for entry in entries {
      errors += entry.error * entry.error
      squares += entry.value * entry.value
    }
    let size = Double(entries.count)
    return Bounded(
      value, error: errors.squareRoot() + 16 * size * size * unit * squares.squareRoot())
  }
}
