import Testing

@testable import Expressions

@Test("every kind of node is rebuilt from its own children")
func rebuilding() {
  var bench = Samples()
  for node in bench.nodes() {
    #expect(node.replacingChildren(node.children) == node)
  }
}

@Test("other children take the places of the old ones, in order")
func replacedChildren() {
  var bench = Samples()
  for node in bench.nodes() {
    let new = node.children.indices.map { Expression(id: UInt32(1000 + $0)) }
    #expect(node.replacingChildren(new).children == new)
  }
}

@Test("a shared node is visited once, children first")
func visits() {
  var w = Workspace()
  let x = w.variable(w.symbol(SymbolRecord(name: "x", shape: .scalar, isFamily: false)))
  let square = w.product([x, x])
  let sum = w.sum([square, square, x])
  var visited: [Expression] = []
  w.visit(sum) { expression, _ in visited.append(expression) }
  #expect(visited == [x, square, sum])
}

@Test("which kinds of nodes lie below one is known without a visit")
func heldKinds() {
  var bench = Samples()
  for node in bench.nodes() {
    let root = bench.w.expression(node)
    var tags: Set<UInt32> = []
    bench.w.visit(root) { expression, _ in tags.insert(bench.w.records[Int(expression.id)].tag) }
    for tag in UInt32(0)..<34 {
      #expect(bench.w.holds(NodeKinds(tag: tag), in: root) == tags.contains(tag))
    }
  }
}

@Test("a visit of some kinds passes over what holds none of them")
func visitedKinds() {
  var w = Workspace()
  let (half, two) = (w.expression(.decimal(Rational(1, over: 2), places: 1)), w.number(2))
  let product = w.product([two, half])
  let root = w.sum([w.product([two, two]), product])
  var visited: [Expression] = []
  w.visit(root, holding: .decimal) { expression, _ in visited.append(expression) }
  #expect(visited == [half, product, root])
}

@Test("rewriting goes innermost first and sees replaced children")
func rewriting() {
  var w = Workspace()
  let (one, two, three) = (w.number(1), w.number(2), w.number(3))
  let sum = w.sum([one, one])
  let root = w.product([sum, three])
  // 1 becomes 2, then what was 1 + 1 is 2 + 2.
  let expected = w.sum([two, two])
  let result = w.rewriting(root) { _, expression in
    if expression == one { return two }
    return expression == expected ? three : nil
  }
  #expect(result == w.product([three, three]))
}

@Test("rewriting nothing gives the same handle and no new node", arguments: 0..<40)
func rewritingNothing(seed: Int) {
  var world = RandomWorld(seed: UInt64(seed))
  let root = world.expression(of: .vector(world.n), depth: 5)
  let count = world.w.count
  #expect(world.w.rewriting(root) { _, _ in nil } == root)
  #expect(world.w.count == count)
}

@Test("one occurrence is replaced, not all")
func oneOccurrence() {
  var w = Workspace()
  let (one, two) = (w.number(1), w.number(2))
  let sum = w.sum([one, one])
  let root = w.product([sum, one])
  #expect(w.subexpression(of: root, at: Path([0, 1])) == one)
  let changed = w.replacing(at: Path([0, 1]), in: root, by: two)
  let expected = w.sum([one, two])
  #expect(changed == w.product([expected, one]))
  #expect(w.replacing(at: Path([]), in: root, by: two) == two)
}

@Test("a path that leaves the tree leads nowhere and changes nothing")
func pathOutside() {
  var w = Workspace()
  let one = w.number(1)
  let root = w.expression(.negative(one))
  #expect(w.subexpression(of: root, at: Path([1])) == nil)
  #expect(w.subexpression(of: root, at: Path([0, 0])) == nil)
  #expect(w.replacing(at: Path([3]), in: root, by: one) == root)
}

@Test("what stands at a place, put there again, changes nothing", arguments: 0..<20)
func everyPlace(seed: Int) {
  var world = RandomWorld(seed: UInt64(seed))
  let root = world.expression(of: .matrix(world.n, world.n), depth: 3)
  var paths = [Path()]
  while let path = paths.popLast() {
    guard let part = world.w.subexpression(of: root, at: path) else {
      Issue.record("no subexpression at \(path.steps), seed \(seed)")
      continue
    }
    #expect(world.w.replacing(at: path, in: root, by: part) == root)
    for i in world.w[part].children.indices { paths.append(path.appending(i)) }
  }
}
