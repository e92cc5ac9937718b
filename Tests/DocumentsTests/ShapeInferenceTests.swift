import Expressions
import Testing

@testable import Documents

private let (n, d) = (Dimension(DimensionSymbol(id: 0)), Dimension(DimensionSymbol(id: 1)))

/// n and d are named by the page; a, b, c, e are to be found.
private struct Sizes: ~Copyable {
  var w = Workspace()
  var shapes = ShapeInference(rigid: [DimensionSymbol(id: 0), DimensionSymbol(id: 1)])
  let (a, b, c, e): (Dimension, Dimension, Dimension, Dimension)

  init() {
    for name in ["n", "d"] { _ = w.dimension(named: name) }
    func unknown(_ w: inout Workspace) -> Dimension { Dimension(w.dimension(named: "?")) }
    a = unknown(&w)
    b = unknown(&w)
    c = unknown(&w)
    e = unknown(&w)
  }

  mutating func symbol(_ shape: Shape) -> Symbol {
    w.symbol(SymbolRecord(name: "x", shape: shape, isFamily: false))
  }
  mutating func variable(_ shape: Shape) -> Expression { w.variable(symbol(shape)) }
  mutating func shape(_ node: Node) throws(ShapeMismatch) -> Shape {
    let expression = w.expression(node)
    return try shapes.shape(of: expression, in: w)
  }
}

@Test("named sizes are distinct, unknown ones take what they meet")
func unification() {
  var s = Sizes()
  #expect(s.shapes.unify(n, d) == false)
  #expect(s.shapes.unify(n, Dimension(2)) == false)
  #expect(s.shapes.unify(s.a, n) == true)
  #expect(s.shapes.resolved(s.a) == n)
  #expect(s.shapes.unify(s.a, d) == false)
  #expect(s.shapes.unify(s.b, s.c) == true)
  #expect(s.shapes.unify(s.c, Dimension(3)) == true)
  #expect(s.shapes.resolved(s.b) == Dimension(3))
}

@Test("a sum of sizes fixes its one unknown part")
func stackedSizes() {
  var s = Sizes()
  #expect(s.shapes.unify(n + s.a, n + d) == true)
  #expect(s.shapes.resolved(s.a) == d)
  #expect(s.shapes.unify(n + d + .one, n + s.b) == true)
  #expect(s.shapes.resolved(s.b) == d + .one)
}

@Test("no size is a part of itself, none is negative")
func impossibleSizes() {
  var s = Sizes()
  #expect(s.shapes.unify(s.a, s.a + .one) == false)
  #expect(s.shapes.unify(n + s.b, Dimension(0)) == false)
}

@Test("a matrix between two vectors takes their sizes")
func productSizes() throws {
  var s = Sizes()
  let (W, x) = (s.variable(.matrix(s.a, s.b)), s.variable(.vector(d)))
  let y = s.variable(.vector(n))
  let product = s.w.product([W, x])
  try s.shapes.equate(y, product, in: s.w)
  #expect(s.shapes.resolved(s.a) == n)
  #expect(s.shapes.resolved(s.b) == d)
}

@Test("a recurrence makes its matrix square")
func squareMatrix() throws {
  var s = Sizes()
  let (W, h) = (s.variable(.matrix(s.a, s.b)), s.variable(.vector(s.c)))
  let product = s.w.product([W, h])
  let next = s.w.expression(.apply(.tanh, derivative: 0, product))
  try s.shapes.equate(h, next, in: s.w)
  #expect(s.shapes.resolved(s.a) == s.shapes.resolved(s.b))
  #expect(s.shapes.resolved(s.a) == s.shapes.resolved(s.c))
}

@Test("terms of a sum and factors entry by entry take each other's sizes")
func joinedSizes() throws {
  var s = Sizes()
  let (x, y) = (s.variable(.vector(n)), s.variable(.vector(s.a)))
  #expect(try s.shape(.sum([x, y])) == .vector(n))
  #expect(s.shapes.resolved(s.a) == n)
  let (V, W) = (s.variable(.matrix(n, d)), s.variable(.matrix(s.b, s.c)))
  #expect(try s.shape(.hadamard([V, W])) == .matrix(n, d))
}

@Test("a row beside a matrix takes its columns")
func broadcastRow() throws {
  var s = Sizes()
  let (X, b) = (s.variable(.matrix(n, d)), s.variable(.row(s.a)))
  #expect(try s.shape(.sum([X, b])) == .matrix(n, d))
  #expect(s.shapes.resolved(s.a) == d)
}

@Test("trace, power and path products make matrices square")
func squares() throws {
  var s = Sizes()
  let weights = s.variable(.matrix(n, s.a))
  #expect(try s.shape(.tensorFunction(.trace, weights)) == .scalar)
  #expect(s.shapes.resolved(s.a) == n)
  let other = s.variable(.matrix(s.b, d))
  let minusOne = s.w.number(-1)
  #expect(try s.shape(.power(other, minusOne)) == .matrix(d, d))
}

@Test("a multiple of an unknown size meets the same multiple of a named one")
func multiplesOfSizes() {
  var s = Sizes()
  #expect(s.shapes.unify(Dimension(4) * s.a, Dimension(4) * n) == true)
  #expect(s.shapes.resolved(s.a) == n)
  #expect(s.shapes.unify(Dimension(4) * s.b, Dimension(2) * n) == false)
  #expect(s.shapes.unify(Dimension(2) * s.b, Dimension(4) * n + Dimension(2) * d) == true)
  #expect(s.shapes.resolved(s.b) == n + n + d)
}

@Test("stacked vectors add their sizes")
func stacks() throws {
  var s = Sizes()
  let (h, x) = (s.variable(.vector(n)), s.variable(.vector(d)))
  let stack = s.w.expression(.stack(rows: 2, columns: 1, [h, x]))
  let weights = s.variable(.matrix(n, s.a))
  #expect(try s.shape(.product([weights, stack])) == .vector(n))
  #expect(s.shapes.resolved(s.a) == n + d)
}

@Test("a number fits beside anything, a scalar only beside scalars")
func sidesOfAnEquation() throws {
  var s = Sizes()
  let (W, c) = (s.variable(.matrix(n, d)), s.variable(.scalar))
  let zero = s.w.number(0)
  try s.shapes.equate(W, zero, in: s.w)
  try s.shapes.equate(zero, W, in: s.w)
  #expect(throws: ShapeMismatch.self) { try s.shapes.equate(W, c, in: s.w) }
  #expect(throws: ShapeMismatch.self) { try s.shapes.equate(c, W, in: s.w) }
}

@Test("an entry's label runs over its axis")
func labelsOfEntries() throws {
  var s = Sizes()
  let i = s.w.index(IndexRecord(name: "i", dimension: s.a))
  let x = s.variable(.vector(n))
  #expect(try s.shape(.entry(x, [.label(i)])) == .scalar)
  #expect(s.shapes.resolved(s.a) == n)
}

@Test("what was found is written into symbols and labels")
func committing() throws {
  var s = Sizes()
  let symbol = s.symbol(.vector(s.a))
  let i = s.w.index(IndexRecord(name: "i", dimension: s.a))
  let x = s.w.variable(symbol)
  let entry = s.w.expression(.entry(x, [.label(i)]))
  #expect(s.shapes.unify(s.a, n) == true)
  s.shapes.commit(symbols: [symbol], occurringIn: [entry], to: &s.w)
  #expect(s.w[symbol].shape == .vector(n))
  #expect(s.w[i].dimension == n)
  let identity = s.w.expression(.identity(s.a))
  #expect(s.shapes.resolving(identity, in: &s.w) == s.w.expression(.identity(n)))
}
