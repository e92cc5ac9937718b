import Testing

@testable import Expressions

@Test("every kind of node is read back as it was written")
func roundTrip() {
  var bench = Samples()
  for node in bench.nodes() {
    let expression = bench.w.expression(node)
    #expect(bench.w[expression] == node)
  }
}

@Test("equal nodes have equal handles, different nodes different ones")
func hashConsing() {
  var bench = Samples()
  let nodes = bench.nodes()
  var handles: [Expression] = []
  for node in nodes { handles.append(bench.w.expression(node)) }
  for (i, node) in nodes.enumerated() {
    #expect(bench.w.expression(node) == handles[i])
    for (j, other) in nodes.enumerated() where i != j {
      #expect(node != other)
      #expect(handles[i] != handles[j])
    }
  }
}

@Test("the samples hold every kind of node")
func everyKind() {
  var bench = Samples()
  var kinds: Set<UInt32> = []
  for node in bench.nodes() {
    let expression = bench.w.expression(node)
    kinds.insert(bench.w.records[Int(expression.id)].tag)
  }
  #expect(kinds == Set(0...33))
}

@Test("handles survive growth far beyond the first table")
func growth() {
  var w = Workspace()
  var handles: [Expression] = []
  for value in 0..<20_000 { handles.append(w.number(value)) }
  #expect(w.count == 20_000)
  for value in stride(from: 0, to: 20_000, by: 37) {
    #expect(w.number(value) == handles[value])
    #expect(w[handles[value]] == .number(Rational(value)))
  }
  #expect(w.count == 20_000)
}

@Test("a deep chain of shared sums stays small")
func sharing() {
  var w = Workspace()
  var tower = w.number(1)
  for _ in 0..<1000 { tower = w.sum([tower, tower]) }
  #expect(w.count == 1001)
}

@Test("one operand needs no sum or product, none is zero or one")
func shortConstructors() {
  var w = Workspace()
  let x = w.number(7)
  #expect(w.sum([x]) == x)
  #expect(w.product([x]) == x)
  #expect(w.hadamard([x]) == x)
  #expect(w.sum([]) == w.number(0))
  #expect(w.product([]) == w.number(1))
  #expect(w.hadamard([]) == w.number(1))
}

@Test("a decimal is another node than the number it equals")
func decimals() {
  var w = Workspace()
  let half = Rational(1, over: 2)
  #expect(w.expression(.decimal(half, places: 1)) != w.number(half))
  #expect(
    w.expression(.decimal(half, places: 1)) != w.expression(.decimal(half, places: 2)))
}

@Test("names may repeat, symbols do not")
func names() {
  var w = Workspace()
  let first = w.symbol(SymbolRecord(name: "W", shape: .scalar, isFamily: false))
  let second = w.symbol(SymbolRecord(name: "W", shape: .scalar, isFamily: false))
  #expect(first != second)
  #expect(w.variable(first) != w.variable(second))
  w[first].name = "V"
  #expect(w[first].name == "V")
  #expect(w[second].name == "W")
  #expect(w.name(of: w.time(named: "t")) == "t")
  #expect(w.name(of: w.function(named: "f")) == "f")
  #expect(w.name(of: w.dimension(named: "n")) == "n")
}

@Test("the families that an intervention holds are sorted")
func heldFamilies() {
  let (a, b) = (Symbol(id: 1), Symbol(id: 2))
  #expect(Intervention(held: [b, a]) == Intervention(held: [a, b]))
}

@Test("what is written again has the handles it had", arguments: 0..<40)
func writtenAgain(seed: Int) {
  var world = RandomWorld(seed: UInt64(seed))
  let root = world.expression(of: .matrix(world.n, world.m), depth: 5)
  let count = world.w.count
  for id in 0..<UInt32(count) {
    let node = world.w[Expression(id: id)]
    #expect(world.w.expression(node) == Expression(id: id))
  }
  #expect(world.w.count == count)
  var again = RandomWorld(seed: UInt64(seed))
  #expect(again.expression(of: .matrix(again.n, again.m), depth: 5) == root)
}
