import Expressions
import Testing

@testable import Calculus

/// A seeded source of small numbers.
struct Draw {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678 }
  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}

@Suite("Models drawn at random agree with central differences")
struct RandomModelTests {
  /// Families of numbers that read one another at lags 0 to 2, with and without first steps and
  /// instances.
  struct Drawn: ~Copyable {
    var b = Bench()
    var families: [Symbol] = []
    var input: Symbol
    var parameters: [Expression] = []
    var draw: Draw

    init(seed: Int, isBackward: Bool) {
      draw = Draw(seed)
      input = b.family("x", .scalar)
      for i in 0..<2 { parameters.append(b.scalar("w_\(i)")) }
      for i in 0..<(2 + draw.below(3)) { families.append(b.family("h_\(i)", .scalar)) }
      let direction = isBackward ? -1 : 1
      for (place, family) in families.enumerated() {
        var terms: [Expression] = []
        for _ in 0..<(1 + draw.below(3)) {
          // At its own time only what comes before it.
          let other = draw.below(families.count)
          let lag = other < place ? draw.below(3) : 1 + (draw.below(4) == 0 ? 1 : 0)
          let read = b.at(families[other], Time(b.t, plus: -lag * direction))
          terms.append(b.times(parameters[draw.below(2)], read))
        }
        if draw.below(2) == 0 {
          let read = b.at(input, Time(b.t, plus: -draw.below(2) * direction))
          terms.append(b.times(parameters[draw.below(2)], read))
        }
        if draw.below(4) == 0 {
          terms.append(b.times(b.at(families[0], Time(b.t, plus: -direction)), terms[0]))
        }
        let first = [nil, 0, 1, 1, 2][draw.below(5)]
        let body = b.apply(.tanh, b.w.sum(terms))
        if isBackward {
          b.define(family, through: first.map { Time(4 - $0) }, body)
        } else {
          b.define(family, from: first.map { Time($0) }, body)
        }
        if let first, draw.below(3) == 0 {
          let at = isBackward ? 5 - first : first - 1
          b.define(
            family, instance: at, b.apply(.sin, b.times(parameters[0], b.at(input, Time(at)))))
        }
      }
    }

    /// A node, an input, a parameter, a copy of one or a pair of nodes, and the families in it.
    mutating func denominator() -> (Expression, [Symbol]) {
      switch draw.below(6) {
      case 0, 1:
        let family = families[draw.below(families.count)]
        return (b.at(family, Time(b.k)), [family])
      case 2: return (b.at(input, Time(b.k)), [])
      case 3: return (parameters[0], [])
      case 4:
        let place = draw.below(families.count)
        let pair = [families[place], families[(place + 1) % families.count]]
        let nodes = [b.at(pair[0], Time(b.k)), b.at(pair[1], Time(b.k))]
        return (b.make(.stack(rows: 2, columns: 1, nodes)), pair)
      default:
        guard case .variable(let variable) = b.w[parameters[0]] else { return (parameters[0], []) }
        return (b.w.variable(variable.symbol, copy: Time(b.k)), [])
      }
    }
  }

  @Test("forwards", arguments: 0..<32)
  func forwards(_ seed: Int) throws { try check(seed, isBackward: false) }
  @Test("backwards", arguments: 0..<16)
  func backwards(_ seed: Int) throws { try check(seed, isBackward: true) }

  private func check(_ seed: Int, isBackward: Bool) throws {
    var drawn = Drawn(seed: seed, isBackward: isBackward)
    let graph = Graph(drawn.b.model, in: drawn.b.w)
    for _ in 0..<3 {
      let numerator = drawn.b.at(
        drawn.families[drawn.draw.below(drawn.families.count)], Time(drawn.b.t))
      let (denominator, members) = drawn.denominator()
      var intervention = Intervention()
      if drawn.draw.below(3) == 0 {
        intervention.held = [drawn.families[drawn.draw.below(drawn.families.count)]]
      }
      if denominator == drawn.parameters[0], drawn.draw.below(2) == 0 {
        intervention.mode = .immediate
      }
      var times: [[TimeSymbol: Int]] = []
      for t in -1...5 {
        for k in -1...5 where members.allSatisfy({ exists($0, k, drawn.b.model, graph) }) {
          times.append([drawn.b.t: t, drawn.b.k: k])
        }
      }
      let distance = try drawn.b.distance(
        of: numerator, by: denominator, intervention, at: times, start: -2, end: 6)
      #expect(distance < 1e-6, "seed \(seed)")
    }
  }

  /// A node that is named exists: it is computed, or the first step reads it.
  private func exists(_ family: Symbol, _ time: Int, _ model: Model, _ graph: Graph) -> Bool {
    guard let general = model.definition(of: family) else { return true }
    let slack = graph.isOnCycle(family) ? 1 : 0
    if let from = general.from?.literal, time < from - slack { return false }
    if let through = general.through?.literal, time > through + slack { return false }
    return true
  }
}
