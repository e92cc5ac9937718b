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
    let grid = TimeGrid(
      symbols: symbols, domains: domains, model: model,
      range: min(-1, -largestOffset)...top)
    assignments = SamplePoints.spread(grid.points, limit: limit).map { point in
      zip(symbols, point).map { ($0, $1) }
    }
  }

  /// The smallest points, those at which most times lie apart, then those that show most values and
  /// distances of times not yet shown: a product over times is told from its reverse only where it
  /// has two factors, and where times lie close together much holds by chance.
  private static func spread(_ points: [[Int]], limit: Int) -> [[Int]] {
    if points.count <= limit { return points }
    func apart(_ point: [Int]) -> Int {
      var count = 0
      for n in point.indices { for m in 0..<n where abs(point[n] - point[m]) >= 2 { count += 1 } }
      return count
    }
    let distances = points.map(apart)
    let widest = distances.max() ?? 0
    var isKept = [Bool](repeating: false, count: points.count)
    var kept: [[Int]] = []
    var shown = TimeFeatures(of: points)
    func keep(_ place: Int) {
      isKept[place] = true
      kept.append(points[place])
      shown.insert(points[place])
    }
    for place in 0..<(limit / 3) { keep(place) }
    for place in points.indices.lazy.filter({ distances[$0] == widest }).prefix(limit / 3)
    where !isKept[place] {
      keep(place)
    }
    while kept.count < limit {
      var best: (place: Int, count: Int)?
      for place in points.indices where !isKept[place] {
        let count = shown.missing(in: points[place])
        if count > best?.count ?? 0 { best = (place, count) }
      }
      guard let place = best?.place ?? points.indices.last(where: { !isKept[$0] }) else { break }
      keep(place)
    }
    return kept
  }
}

/// All values of some times within a range that lie in a domain, the smallest first.
private struct TimeGrid {
  /// coefficients · values + constant ≥ 0, once the first `count` values are known.
  private struct HalfSpace {
    var coefficients: [Int]
    var constant: Int
    var count: Int

    init?(_ time: Time, _ symbols: [TimeSymbol]) {
      guard time.terms.allSatisfy({ symbols.contains($0.symbol) }) else { return nil }
      coefficients = symbols.map { time.coefficient(of: $0) }
      constant = time.constant
      count = (coefficients.lastIndex { $0 != 0 } ?? -1) + 1
    }

    func holds(_ values: [Int]) -> Bool {
      var sum = constant
      for i in 0..<count { sum += coefficients[i] * values[i] }
      return sum >= 0
    }
  }

  private let range: ClosedRange<Int>
  private let required: [HalfSpace]
  private let alternatives: [[HalfSpace]]
  private var values: [Int]
  private var steps = 0
  private var found: [(weight: Int, values: [Int])] = []

  init(symbols: [TimeSymbol], domains: [[Time]], model: Model, range: ClosedRange<Int>) {
    self.range = range
    var times = model.domain
    for definition in model.definitions {
      // No definition has an empty range.
      if let from = definition.from, let through = definition.through {
        times.append(through - from)
      }
    }
    required = times.compactMap { HalfSpace($0, symbols) }
    alternatives = domains.map { domain in domain.compactMap { HalfSpace($0, symbols) } }
    values = [Int](repeating: 0, count: symbols.count)
    search(0)
  }

  /// In the order of their sizes, those of one size in lexicographic order.
  var points: [[Int]] {
    found.sorted {
      $0.weight != $1.weight
        ? $0.weight < $1.weight : $0.values.lexicographicallyPrecedes($1.values)
    }.map { $0.values }
  }

  private mutating func search(_ place: Int) {
    let isPossible =
      required.allSatisfy { $0.count != place || $0.holds(values) }
      && alternatives.contains { $0.allSatisfy { $0.count > place || $0.holds(values) } }
    guard isPossible, steps < 200_000 else { return }
    steps += 1
    if place == values.count {
      found.append((values.reduce(0) { $0 + abs($1) }, values))
      return
    }
    for value in range {
      values[place] = value
      search(place + 1)
    }
  }
}

/// Which values of single times, and which distances of two, some points have.
private struct TimeFeatures {
  private let least: Int
  private let width: Int
  private let count: Int
  private var isShown: [Bool]

  init(of points: [[Int]]) {
    count = points.first?.count ?? 0
    let values = points.joined()
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    least = min(low, low - high)
    width = max(high, high - low) - least + 1
    isShown = [Bool](repeating: false, count: count * count * width)
  }

  private func place(_ point: [Int], _ n: Int, _ m: Int) -> Int {
    (n * count + m) * width + (n == m ? point[n] : point[n] - point[m]) - least
  }

  mutating func insert(_ point: [Int]) {
    for n in 0..<count { for m in 0...n { isShown[place(point, n, m)] = true } }
  }

  func missing(in point: [Int]) -> Int {
    var missing = 0
    for n in 0..<count { for m in 0...n where !isShown[place(point, n, m)] { missing += 1 } }
    return missing
  }
}

extension SamplePoints {
  /// Whether all points have one value of a time.
  func pins(_ symbols: [TimeSymbol]) -> Bool {
    symbols.contains { symbol in
      let values = assignments.compactMap { $0.first { $0.0 == symbol }?.1 }
      return values.first.map { first in values.allSatisfy { $0 == first } } ?? false
    }
  }

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
    visit(root, holding: .timeValue) { _, node in
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
