import Testing

@testable import Expressions

/// Σ_{k=0}^{t} h_k + h_t.
private struct Sums: ~Copyable {
  var w = Workspace()
  let (t, k): (TimeSymbol, TimeSymbol)
  let h: Symbol

  init() {
    t = w.time(named: "t")
    k = w.time(named: "k")
    h = w.symbol(SymbolRecord(name: "h", shape: .scalar, isFamily: true))
  }

  mutating func state(_ time: Time) -> Expression { w.variable(h, at: time) }
  mutating func sum(from: Time, through: Time) -> Expression {
    let body = state(Time(k))
    return w.expression(.timeSum(k, from: from, through: through, body))
  }
}

@Test("a free time is replaced in bounds and in nodes")
func freeTime() {
  var s = Sums()
  let (sum, last) = (s.sum(from: .zero, through: Time(s.t)), s.state(Time(s.t)))
  let root = s.w.sum([sum, last])
  let result = s.w.substituting(s.t, by: Time(s.t, plus: -1), in: root)
  let (sum2, last2) = (
    s.sum(from: .zero, through: Time(s.t, plus: -1)), s.state(Time(s.t, plus: -1))
  )
  #expect(result == s.w.sum([sum2, last2]))
}

@Test("a bound time is not replaced in the body, though it is in the bounds")
func boundTime() {
  var s = Sums()
  let sum = s.sum(from: .zero, through: Time(s.k))
  let result = s.w.substituting(s.k, by: Time(5), in: sum)
  #expect(result == s.sum(from: .zero, through: Time(5)))
}

@Test("a time that is free beside a sum is replaced there and not within")
func freeAndBound() {
  var s = Sums()
  let (sum, state) = (s.sum(from: .zero, through: Time(s.t)), s.state(Time(s.k)))
  let root = s.w.sum([sum, state])
  let result = s.w.substituting(s.k, by: Time(2), in: root)
  let second = s.state(Time(2))
  #expect(result == s.w.sum([sum, second]))
}

@Test("products and path products bind their step")
func boundSteps() {
  var s = Sums()
  let state = s.state(Time(s.k))
  for order in [ProductOrder.ascending, .descending] {
    let product = s.w.expression(
      .timeProduct(s.k, from: .zero, through: Time(s.t), state, order))
    #expect(s.w.substituting(s.k, by: Time(1), in: product) == product)
    #expect(s.w.freeTimes(in: product) == [s.t])
  }
  let path = s.w.expression(
    .pathProduct(
      PathProduct(
        step: s.k, lower: .zero, upper: Time(s.t), row: 0, column: 0, blocks: [state], size: 1)))
  #expect(s.w.substituting(s.k, by: Time(1), in: path) == path)
  #expect(s.w.freeTimes(in: path) == [s.t])
}

@Test("every time of every kind of node is reached")
func everyTime() {
  var bench = Samples()
  for node in bench.nodes() {
    let expression = bench.w.expression(node)
    let shifted = bench.w.mappingTimes(expression) { $0 + 1 }
    #expect(bench.w[shifted].ownTimes == node.ownTimes.map { $0 + 1 })
    #expect(bench.w.mappingTimes(shifted) { $0 - 1 } == expression)
  }
}

@Test("copies are times too")
func copies() {
  var s = Sums()
  let w = s.w.symbol(SymbolRecord(name: "W", shape: .scalar, isFamily: false))
  let copy = s.w.variable(w, copy: Time(s.t))
  #expect(s.w.freeTimes(in: copy) == [s.t])
  #expect(s.w.substituting(s.t, by: Time(2), in: copy) == s.w.variable(w, copy: Time(2)))
}

@Test("a label is replaced in entries, unit vectors and deltas")
func labels() {
  var w = Workspace()
  let n = Dimension(w.dimension(named: "n"))
  let i = w.index(IndexRecord(name: "i", dimension: n))
  let j = w.index(IndexRecord(name: "j", dimension: n))
  let x = w.variable(w.symbol(SymbolRecord(name: "x", shape: .vector(n), isFamily: false)))
  func all(_ index: Index, _ w: inout Workspace) -> Expression {
    let entry = w.expression(.entry(x, [index]))
    let unit = w.expression(.unitVector(index, n))
    let first = w.expression(.entry(unit, [.literal(1)]))
    let delta = w.expression(.delta(index, .label(j)))
    return w.product([entry, first, delta])
  }
  let before = all(.label(i), &w)
  #expect(w.substituting(i, by: .literal(2), in: before) == all(.literal(2), &w))
  #expect(w.substituting(i, by: .label(j), in: before) == all(.label(j), &w))
  #expect(w.substituting(i, by: .last(n), in: before) == all(.last(n), &w))
}

@Test("shifting all free times forth and back changes nothing", arguments: 0..<40)
func shiftingBack(seed: Int) {
  var world = RandomWorld(seed: UInt64(seed))
  let root = world.expression(of: .vector(world.n), depth: 5)
  let later = world.w.substituting(world.t, by: Time(world.t, plus: 1), in: root)
  #expect(world.w.substituting(world.t, by: Time(world.t, plus: -1), in: later) == root)
}

@Test("a replaced time is free no longer", arguments: 0..<40)
func timeGone(seed: Int) {
  var world = RandomWorld(seed: UInt64(seed))
  let root = world.expression(of: .scalar, depth: 5)
  let fixed = world.w.substituting(world.t, by: Time(3), in: root)
  #expect(world.w.freeTimes(in: fixed).isEmpty)
  if !world.w.freeTimes(in: root).contains(world.t) { #expect(fixed == root) }
}

@Test(
  "a variable gives way to another of its shape and the whole keeps its shape", arguments: 0..<40)
func replacedVariable(seed: Int) throws {
  var world = RandomWorld(seed: UInt64(seed))
  let root = world.expression(of: .matrix(world.m, world.n), depth: 5)
  let new = world.w.variable(
    world.w.symbol(SymbolRecord(name: "z", shape: .vector(world.n), isFamily: false)))
  let changed = world.w.replacing(world.x, by: new, in: root)
  #expect(!world.w.contains(changed) { $0 == world.xNode })
  #expect(try world.w.shape(of: changed) == .matrix(world.m, world.n))
  #expect(world.w.replacing(new, by: world.x, in: changed) == root)
}
