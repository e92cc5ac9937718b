import Expressions

/// What the powers of a square matrix of fractions do as the exponent grows, decided exactly.
package struct MatrixPowers: Sendable {
  private let size: Int
  /// Row by row.
  private let entries: [Rational]

  /// The largest matrix of which anything is decided: Stein's equation has size⁴ coefficients.
  private static let largestSize = 4

  /// Nil unless the value is a number or a square matrix that is small enough.
  package init?(_ value: ExactValue) {
    switch value.dimensions.count {
    case 0: size = 1
    case 2 where value.dimensions[0] == value.dimensions[1]: size = value.dimensions[0]
    default: return nil
    }
    guard size <= MatrixPowers.largestSize else { return nil }
    entries = value.entries
  }

  private init(_ size: Int, _ entries: [Rational]) {
    self.size = size
    self.entries = entries
  }

  /// Whether all eigenvalues are smaller than one in modulus, so that the powers tend to zero: then,
  /// and only then, X − M X M^⊤ = I has a positive definite solution (Stein 1952).
  package var vanish: Bool {
    let n = size
    let count = n * n
    var system = [[Rational]](
      repeating: [Rational](repeating: .zero, count: count + 1), count: count)
    for i in 0..<n {
      for j in 0..<n {
        let row = i * n + j
        for k in 0..<n {
          for l in 0..<n {
            system[row][k * n + l] = -(entries[i * n + k] * entries[j * n + l])
          }
        }
        system[row][row] = system[row][row] + .one
        system[row][count] = i == j ? .one : .zero
      }
    }
    guard let solution = MatrixPowers.solution(of: system) else { return false }
    return MatrixPowers(n, solution).isPositive(strictly: true)
  }

  /// The identity of the same size.
  package var identity: MatrixPowers {
    MatrixPowers(size, (0..<(size * size)).map { $0 / size == $0 % size ? .one : .zero })
  }

  /// Whether the powers tend to the other matrix: it is a projector that M leaves as it is, and the
  /// powers of the rest vanish.
  package func tend(to limit: MatrixPowers) -> Bool {
    guard limit.size == size else { return false }
    for product in [self * limit, limit * self, limit * limit]
    where product.entries != limit.entries { return false }
    return MatrixPowers(size, zip(entries, limit.entries).map { $0 - $1 }).vanish
  }

  /// Whether the powers grow without bound; nil where neither that nor a bound is found.
  package var grow: Bool? {
    if vanish || hasNormAtMostOne { return false }
    for k in 1...20 {
      // An eigenvalue that is not smaller than a number above one.
      let scale = Rational(1 << k, over: (1 << k) + 1)
      if !MatrixPowers(size, entries.map { $0 * scale }).vanish { return true }
    }
    for eigenvalue in [Rational.one, -Rational.one] {
      let rest = minus(eigenvalue)
      if (rest * rest).rank < rest.rank { return true }
    }
    return nil
  }

  /// Whether I − M^⊤ M is positive semidefinite.
  private var hasNormAtMostOne: Bool {
    let transpose = MatrixPowers(
      size, (0..<(size * size)).map { entries[$0 % size * size + $0 / size] })
    let gram = transpose * self
    return MatrixPowers(size, gram.minus(.one).entries.map { -$0 }).isPositive(strictly: false)
  }

  private func minus(_ number: Rational) -> MatrixPowers {
    var result = entries
    for i in 0..<size { result[i * size + i] = result[i * size + i] - number }
    return MatrixPowers(size, result)
  }

  static func * (lhs: MatrixPowers, rhs: MatrixPowers) -> MatrixPowers {
    let n = lhs.size
    var result = [Rational](repeating: .zero, count: n * n)
    for i in 0..<n {
      for j in 0..<n {
        for k in 0..<n {
          result[i * n + j] =
            result[i * n + j] + lhs.entries[i * n + k] * rhs.entries[k * n + j]
        }
      }
    }
    return MatrixPowers(n, result)
  }

  /// Whether a symmetric matrix is positive (semi)definite, by elimination along the diagonal.
  private func isPositive(strictly: Bool) -> Bool {
    var a = entries
    for p in 0..<size {
      let pivot = a[p * size + p]
      if pivot.signum < 0 || strictly && pivot.isZero { return false }
      if pivot.isZero {
        for j in p..<size where !a[p * size + j].isZero { return false }
        continue
      }
      for i in (p + 1)..<max(size, p + 1) {
        guard let factor = a[i * size + p].divided(by: pivot) else { return false }
        for j in p..<size { a[i * size + j] = a[i * size + j] - factor * a[p * size + j] }
      }
    }
    return true
  }

  private var rank: Int {
    var rows = (0..<size).map { Array(entries[($0 * size)..<(($0 + 1) * size)]) }
    return MatrixPowers.eliminate(&rows, columns: size)
  }

  /// Brings rows to reduced echelon form; their rank.
  private static func eliminate(_ rows: inout [[Rational]], columns: Int) -> Int {
    var rank = 0
    for column in 0..<columns where rank < rows.count {
      guard let pivot = (rank..<rows.count).first(where: { !rows[$0][column].isZero }) else {
        continue
      }
      rows.swapAt(rank, pivot)
      let divisor = rows[rank][column]
      rows[rank] = rows[rank].map { $0.divided(by: divisor) ?? .zero }
      for i in rows.indices where i != rank && !rows[i][column].isZero {
        let factor = rows[i][column]
        for j in rows[i].indices { rows[i][j] = rows[i][j] - factor * rows[rank][j] }
      }
      rank += 1
    }
    return rank
  }

  /// The solution of a square system with the right side as its last column; nil if it is singular.
  private static func solution(of system: [[Rational]]) -> [Rational]? {
    var rows = system
    guard eliminate(&rows, columns: rows.count) == rows.count else { return nil }
    return rows.map { $0[rows.count] }
  }
}
