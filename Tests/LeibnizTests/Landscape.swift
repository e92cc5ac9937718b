import Expressions

/// The points at which the brute-force evaluator looks at the relations of one model: all small
/// values of every time that is not fixed.
final class Landscape {
  let model: Model
  let seed: UInt64
  /// Which values every time takes.
  let range: ClosedRange<Int>
  private let own: [TimeSymbol]
  private var worlds: [[Int]: World] = [:]

  init(
    model: Model, seed: UInt64, range: ClosedRange<Int> = 0...3,
    in workspace: borrowing Workspace
  ) {
    self.range = range
    self.model = model
    self.seed = seed
    var symbols: [TimeSymbol] = []
    for definition in model.definitions {
      var found = workspace.freeTimes(in: definition.body).filter { $0 != definition.time }
      for time in [definition.from, definition.through, definition.instance] {
        found += time?.terms.map { $0.symbol } ?? []
      }
      for symbol in found where !symbols.contains(symbol) { symbols.append(symbol) }
    }
    own = symbols
  }

  enum Verdict: Equatable {
    /// The sides differ clearly at a point of the domain.
    case isFalse
    /// They agree at so many points.
    case holds(points: Int)
    /// They have values at no point, or are too close to tell; the first reason.
    case undefined(Undefined? = nil)

    var holds: Bool { if case .holds = self { true } else { false } }
  }

  func judge(
    _ left: Expression, _ right: Expression, for domains: [[Time]],
    in workspace: borrowing Workspace
  ) -> Verdict {
    var symbols = own
    func add(_ found: [TimeSymbol]) {
      for symbol in found where !symbols.contains(symbol) { symbols.append(symbol) }
    }
    add(workspace.freeTimes(in: left))
    add(workspace.freeTimes(in: right))
    for domain in domains { for time in domain { add(time.terms.map { $0.symbol }) } }
    var values = [Int](repeating: range.upperBound, count: symbols.count)
    var agreeing = 0
    var isUnclear = false
    var reason: Undefined?
    while true {
      var times: [TimeSymbol: Int] = [:]
      for (symbol, value) in zip(symbols, values) { times[symbol] = value }
      let isInside = domains.contains { domain in
        domain.allSatisfy { ($0.value { times[$0] } ?? -1) >= 0 }
      }
      if isInside {
        switch world(times, symbols).compare(left, right, in: workspace) {
        case .different: return .isFalse
        case .equal: agreeing += 1
        case .unclear: isUnclear = true
        case .undefined(let own): reason = reason ?? own
        }
      }
      guard let next = values.lastIndex(where: { $0 > range.lowerBound }) else { break }
      values[next] -= 1
      for i in (next + 1)..<max(values.count, next + 1) { values[i] = range.upperBound }
    }
    return agreeing > 0 && !isUnclear ? .holds(points: agreeing) : .undefined(reason)
  }

  private func world(_ times: [TimeSymbol: Int], _ symbols: [TimeSymbol]) -> World {
    var key: [Int] = []
    for symbol in symbols.sorted() { key += [Int(symbol.id), times[symbol] ?? 0] }
    if let known = worlds[key] { return known }
    let world = World(model: model, times: times, seed: seed)
    worlds[key] = world
    return world
  }
}
