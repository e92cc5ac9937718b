import Testing

@testable import Algebra

/// Every operation on zones held against all integer points of a box.
@Suite("Zones")
struct ZoneTests {
  static let variables: [TimeVariable] = [1, 2, 3]

  /// A zone in the box, from a seed.
  private func zone(_ random: inout Seeded, constraints: Int) -> Zone {
    var zone = Zone.everything
    for variable in Self.variables {
      zone.require(Moment(variable), atMost: Moment(0, 4))
      zone.require(Moment(0), atMost: Moment(variable))
    }
    for _ in 0..<constraints {
      let a = TimeVariable(random.next(4))
      let b = TimeVariable(random.next(4))
      if a != b { zone.require(a, minus: b, atMost: random.next(7) - 3) }
    }
    return zone
  }

  private func contains(_ zone: Zone, _ point: [Int]) -> Bool {
    if zone.isEmpty { return false }
    return zone.constraints.allSatisfy { constraint in
      value(constraint.a, point) - value(constraint.b, point) <= constraint.limit
    }
  }
  private func value(_ variable: TimeVariable, _ point: [Int]) -> Int {
    variable == 0 ? 0 : point[Int(variable) - 1]
  }
  private var points: [[Int]] {
    var all: [[Int]] = []
    for a in 0...4 { for b in 0...4 { for c in 0...4 { all.append([a, b, c]) } } }
    return all
  }

  @Test("emptiness, intersection, projection and difference agree with all points of a box")
  func exhaustive() {
    var random = Seeded(state: 7)
    for _ in 0..<300 {
      let a = zone(&random, constraints: random.next(4))
      let b = zone(&random, constraints: random.next(4))
      let common = a.intersection(b)
      let pieces = a.subtracting(b)
      let projected = a.removing(3)
      #expect(a.isEmpty == !points.contains { contains(a, $0) })
      for point in points {
        let (inA, inB) = (contains(a, point), contains(b, point))
        #expect(contains(common, point) == (inA && inB))
        #expect(pieces.filter { contains($0, point) }.count == (inA && !inB ? 1 : 0))
        if point[2] == 0, !a.isEmpty {
          let some = (0...4).contains { contains(a, [point[0], point[1], $0]) }
          #expect(contains(projected, point) == some)
        }
      }
      var rebuilt = Zone.everything
      for constraint in a.essentials(beyond: .everything) {
        rebuilt.require(constraint.a, minus: constraint.b, atMost: constraint.limit)
      }
      if !a.isEmpty {
        for point in points { #expect(contains(rebuilt, point) == contains(a, point)) }
      }
    }
  }
}

/// A small generator of numbers, the same on every machine.
struct Seeded {
  var state: UInt64
  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
