import Expressions
import Numerics

/// The times at which a claim is looked at: all small values of its free times in its domain.
struct SamplePoints {
  /// Assignments of all free times, the smallest first.
  private(set) var assignments: [[(TimeSymbol, Int)]] = []

  /// - Parameters:
  ///   - last: the latest time, but for the offsets that are written.
  ///   - limit: how many are kept; both small and large ones stay.
  init(
    symbols: [TimeSymbol], domains: [[Time]], model: Model, largestOffset: Int, last: Int = 4,
    limit: Int
  ) {
    if symbols.isEmpty {
      if domains.contains(where: { $0.allSatisfy { $0.literal.map { $0 >= 0 } ?? true } }) {
        assignments = [[]]
      }
      return
    }
    // As many times as are written must find room beside one another.
    let top = last + largestOffset + 2 * max(0, symbols.count - 2)
    let bottom = min(-1, -largestOffset)
    var values = [Int](repeating: bottom, count: symbols.count)
    var all: [(weight: Int, values: [Int])] = []
    var steps = 0
    while steps < 200_000 {
      steps += 1
      if holds(values, symbols, domains, model) {
        var weight = 0
        for value in values { weight += abs(value) }
        all.append((weight, values))
      }
      var i = 0
      while i < values.count, values[i] == top {
        values[i] = bottom
        i += 1
      }
      if i == values.count { break }
      values[i] += 1
    }
    all.sort { a, b in
      a.weight != b.weight ? a.weight < b.weight : a.values.lexicographicallyPrecedes(b.values)
    }
    let points = all.map { $0.values }
    assignments = SamplePoints.spread(points, limit: limit).map { point in
      zip(symbols, point).map { ($0, $1) }
    }
  }

  /// The smallest points, then those that show most values and distances of times not yet shown: a
  /// product over times is told from its reverse only where it has two factors.
  private static func spread(_ points: [[Int]], limit: Int) -> [[Int]] {
    if points.count <= limit { return points }
    // Where all times lie apart at once, nothing holds by chance.
    func apart(_ point: [Int]) -> Int {
      var count = 0
      for n in point.indices { for m in 0..<n where abs(point[n] - point[m]) >= 2 { count += 1 } }
      return count
    }
    let widest = points.reduce(0) { max($0, apart($1)) }
    let wide = points.filter { apart($0) == widest }
    var kept = Array(points.prefix(limit / 3))
    for point in wide.prefix(limit / 3) where !kept.contains(point) { kept.append(point) }
    var seen: Set<[Int]> = []
    func features(of point: [Int]) -> [[Int]] {
      var found: [[Int]] = []
      for (n, value) in point.enumerated() {
        found.append([n, n, value])
        for m in 0..<n { found.append([n, m, value - point[m]]) }
      }
      return found
    }
    for point in kept { seen.formUnion(features(of: point)) }
    var rest = points.filter { !kept.contains($0) }
    while kept.count < limit {
      var best = (place: rest.count - 1, count: 0)
      for (place, point) in rest.enumerated() {
        let count = features(of: point).filter { !seen.contains($0) }.count
        if count > best.count { best = (place, count) }
      }
      let point = rest.remove(at: best.place)
      seen.formUnion(features(of: point))
      kept.append(point)
    }
    return kept
  }

  private func holds(
    _ values: [Int], _ symbols: [TimeSymbol], _ domains: [[Time]], _ model: Model
  ) -> Bool {
    func value(_ symbol: TimeSymbol) -> Int? {
      for (i, own) in symbols.enumerated() where own == symbol { return values[i] }
      return nil
    }
    func isMet(_ time: Time) -> Bool { time.value(value).map { $0 >= 0 } ?? true }
    guard model.domain.allSatisfy(isMet) else { return false }
    for definition in model.definitions {
      if let from = definition.from?.value(value), let through = definition.through?.value(value),
        through < from
      {
        return false
      }
    }
    return domains.contains { $0.allSatisfy(isMet) }
  }
}

extension SamplePoints {
  /// Whether all points have the same distance between two of the times.
  func ties(_ symbols: [TimeSymbol]) -> Bool {
    guard assignments.count > 1 else { return false }
    for (n, a) in symbols.enumerated() {
      for b in symbols[..<n] {
        var distances: [Int] = []
        for assignment in assignments {
          guard let x = assignment.first(where: { $0.0 == a })?.1,
            let y = assignment.first(where: { $0.0 == b })?.1
          else { continue }
          if !distances.contains(x - y) { distances.append(x - y) }
        }
        if distances.count == 1 { return true }
      }
    }
    return false
  }
}

extension Workspace {
  /// Whether a time occurs as a number, not only as the time of a node.
  func countsTimes(in root: Expression) -> Bool {
    var counts = false
    visit(root) { _, node in
      if case .timeValue(let time) = node, time.symbol != nil { counts = true }
    }
    return counts
  }

  /// The largest constant that stands beside a time.
  func largestOffset(in roots: [Expression]) -> Int {
    var largest = 0
    for root in roots {
      visit(root) { _, node in
        for time in node.ownTimes where !time.terms.isEmpty {
          largest = max(largest, abs(time.constant))
        }
        for time in node.ownTimes where time.terms.isEmpty {
          largest = max(largest, min(3, abs(time.constant)))
        }
      }
    }
    return min(largest, 3)
  }
}
