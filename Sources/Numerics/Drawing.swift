import Expressions

/// Random tensors that respect the properties of a symbol in all their generality.
struct Drawing {
  var kind: Sample.Drawing
  var properties: Properties
  /// Within which the entries lie, where that is asked for.
  var lower: Double?
  var upper: Double?

  /// The entries, row by row, of a tensor with the given sizes.
  func entries(_ sizes: [Int], _ generator: inout RandomGenerator) -> [Double] {
    let count = sizes.reduce(1, *)
    if lower != nil || upper != nil {
      return (0..<count).map { _ in within(&generator) }
    }
    if properties.contains(.oneHot) {
      // A matrix in each of its rows.
      let width = sizes.count == 2 ? max(sizes[1], 1) : max(count, 1)
      let places = (0..<(count / width)).map { _ in generator.index(below: width) }
      return (0..<count).map { $0 % width == places[$0 / width] ? 1 : 0 }
    }
    if !properties.isDisjoint(with: [.bits, .signs]) {
      let low: Double = properties.contains(.bits) ? 0 : -1
      return (0..<count).map { _ in generator.index(below: 2) == 0 ? low : 1 }
    }
    if sizes.count == 2, sizes[0] == sizes[1] { return square(sizes[0], &generator) }
    var entries = (0..<count).map { _ in entry(&generator, fanIn: sizes.count > 1 ? sizes : []) }
    if properties.contains(.positive) { entries = entries.map { $0.magnitude } }
    if properties.contains(.invertible), count == 1, entries[0].magnitude < 0.3 {
      entries[0] = entries[0] < 0 ? -0.7 : 0.7
    }
    if properties.contains(.unitNorm) { normalize(&entries) }
    return entries
  }

  /// A direction in which such a tensor may move: of the same structure.
  func direction(
    _ sizes: [Int], at point: [Double], _ generator: inout RandomGenerator
  ) -> [Double] {
    var free = self
    free.properties = properties.intersection([.symmetric, .diagonal])
    if properties.contains(.positiveDefinite) { free.properties.insert(.symmetric) }
    free.lower = nil
    free.upper = nil
    var entries = free.entries(sizes, &generator)
    if properties.contains(.orthogonal), sizes.count == 2, sizes[0] == sizes[1] {
      // Along the group: the point times a skew matrix.
      let n = sizes[0]
      let skew = (0..<(n * n)).map { entries[$0] - entries[$0 % n * n + $0 / n] }
      entries = product(point, skew, n)
    }
    if properties.contains(.unitNorm) {
      let along = zip(entries, point).reduce(0) { $0 + $1.0 * $1.1 }
      for i in entries.indices { entries[i] -= along * point[i] }
    }
    return entries
  }

  private func entry(_ generator: inout RandomGenerator, fanIn sizes: [Int]) -> Double {
    switch kind {
    case .round:
      let values: [Double] = [1, 2, -1, 3, -2, 1, -1, 2]
      return values[generator.index(below: values.count)]
    case .general:
      let value = generator.signed(0.25, 1.35)
      let width = sizes.last ?? 1
      return sizes.isEmpty ? value : value / Double(width).squareRoot()
    }
  }

  private func within(_ generator: inout RandomGenerator) -> Double {
    let u = generator.unit()
    switch (lower, upper, kind) {
    case (let low?, let high?, .general): return low + (high - low) * (0.05 + 0.9 * u)
    case (let low?, nil, .general): return low + 0.1 + 1.4 * u
    case (nil, let high?, .general): return high - 0.1 - 1.4 * u
    case (let low?, let high?, .round):
      let middle = ((low + high) / 2).rounded()
      return middle > low && middle < high ? middle : (low + high) / 2
    case (let low?, nil, .round): return low.rounded(.down) + 1 + Double(generator.index(below: 2))
    case (nil, let high?, .round): return high.rounded(.up) - 1 - Double(generator.index(below: 2))
    case (nil, nil, _): return entry(&generator, fanIn: [])
    }
  }

  private func square(_ n: Int, _ generator: inout RandomGenerator) -> [Double] {
    if properties.contains(.orthogonal) {
      var entries = orthogonal(n, &generator)
      if properties.contains(.diagonal) {
        for i in 0..<(n * n) {
          let sign = generator.next() >> 63 == 0 ? 1.0 : -1.0
          entries[i] = i / n == i % n ? sign : 0
        }
        if properties.contains(.positiveDeterminant), leibniz(entries, n) < 0 {
          entries[0] = -entries[0]
        }
      } else if properties.contains(.symmetric) {
        // A reflection, of a random normal.
        let flip = generator.next() >> 63 == 0 ? 1.0 : -1.0
        let normal = Array(entries[0..<n])
        for i in 0..<(n * n) {
          let identity = i / n == i % n ? 1.0 : 0.0
          entries[i] = flip * (identity - 2 * normal[i / n] * normal[i % n])
        }
      } else if properties.contains(.positiveDeterminant), leibniz(entries, n) < 0 {
        for j in 0..<n { entries[j] = -entries[j] }
      }
      return entries
    }
    for attempt in 0..<64 {
      var entries = (0..<(n * n)).map { _ in entry(&generator, fanIn: [n, n]) }
      if properties.contains(.positive) { entries = entries.map { $0.magnitude } }
      if properties.contains(.symmetric) {
        for i in 0..<n { for j in 0..<i { entries[i * n + j] = entries[j * n + i] } }
      }
      if properties.contains(.positiveDefinite) {
        let transposed = (0..<(n * n)).map { entries[$0 % n * n + $0 / n] }
        entries = product(entries, transposed, n)
        for i in 0..<n { entries[i * n + i] += kind == .round ? 1 : 0.4 }
      }
      if properties.contains(.diagonal) {
        for i in 0..<(n * n) where i / n != i % n { entries[i] = 0 }
      }
      if properties.contains(.unitNorm) { normalize(&entries) }
      let mustInvert = properties.contains(.invertible) || properties.contains(.positiveDeterminant)
      if !mustInvert || attempt == 63 { return entries }
      let determinant = leibniz(entries, n)
      let typical = kind == .round ? 0.5 : 0.12
      if determinant.magnitude < typical { continue }
      if properties.contains(.positiveDeterminant), determinant < 0 { continue }
      return entries
    }
    return (0..<(n * n)).map { $0 / n == $0 % n ? 1 : 0 }
  }

  /// Gram and Schmidt on random columns: both determinants occur.
  private func orthogonal(_ n: Int, _ generator: inout RandomGenerator) -> [Double] {
    if kind == .round {
      // A signed permutation that is a cycle: not symmetric for n > 2.
      let shift = n > 1 ? 1 + generator.index(below: n - 1) : 0
      var entries = [Double](repeating: 0, count: n * n)
      for i in 0..<n {
        entries[i * n + (i + shift) % n] = generator.next() >> 63 == 0 ? 1 : -1
      }
      return entries
    }
    var rows: [[Double]] = []
    while rows.count < n {
      var row = (0..<n).map { _ in generator.uniform(-1, 1) }
      for other in rows {
        let along = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
        for j in 0..<n { row[j] -= along * other[j] }
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 0.2 {
        // Once more, for orthogonality to the last place.
        for j in 0..<n { row[j] /= length }
        for other in rows {
          let along = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
          for j in 0..<n { row[j] -= along * other[j] }
        }
        let again = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        rows.append(row.map { $0 / again })
      }
    }
    return rows.flatMap { $0 }
  }

  private func normalize(_ entries: inout [Double]) {
    if kind == .round {
      let (first, second) = (entries[0] < 0 ? -1.0 : 1.0, entries.count > 1)
      for i in entries.indices { entries[i] = 0 }
      entries[0] = second ? 0.6 * first : first
      if second { entries[1] = 0.8 }
      return
    }
    let length = entries.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for i in entries.indices { entries[i] /= length }
  }

  private func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
    (0..<(n * n)).map { cell in
      (0..<n).reduce(0) { $0 + a[cell / n * n + $1] * b[$1 * n + cell % n] }
    }
  }

  /// The determinant by expansion; matrices here are small.
  private func leibniz(_ entries: [Double], _ n: Int) -> Double {
    func expand(_ row: Int, _ columns: [Int]) -> Double {
      if row == n { return 1 }
      var sum = 0.0
      for (place, column) in columns.enumerated() {
        var rest = columns
        rest.remove(at: place)
        let term = entries[row * n + column] * expand(row + 1, rest)
        sum += place % 2 == 0 ? term : -term
      }
      return sum
    }
    return expand(0, Array(0..<n))
  }
}
