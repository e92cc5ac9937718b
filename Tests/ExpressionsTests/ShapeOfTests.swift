import Testing

@testable import Expressions

private let (n, m, d) = (
  Dimension(DimensionSymbol(id: 0)), Dimension(DimensionSymbol(id: 1)),
  Dimension(DimensionSymbol(id: 2))
)

/// One symbol of every shape.
private struct Zoo: ~Copyable {
  var w = Workspace()
  let (s, x, y, c, r): (Expression, Expression, Expression, Expression, Expression)
  let (V, W, K): (Expression, Expression, Expression)
  let k: TimeSymbol
  let (i, j): (IndexSymbol, IndexSymbol)
  let loss, gate: OpaqueFunction

  init() {
    for name in ["n", "m", "d"] { _ = w.dimension(named: name) }
    func variable(_ name: String, _ shape: Shape, _ w: inout Workspace) -> Expression {
      w.variable(w.symbol(SymbolRecord(name: name, shape: shape, isFamily: false)))
    }
    s = variable("s", .scalar, &w)
    x = variable("x", .vector(n), &w)
    y = variable("y", .vector(n), &w)
    c = variable("c", .vector(m), &w)
    r = variable("r", .row(n), &w)
    V = variable("V", .matrix(n, n), &w)
    W = variable("W", .matrix(m, n), &w)
    K = variable("K", Shape([m, n, d]), &w)
    k = w.time(named: "k")
    i = w.index(IndexRecord(name: "i", dimension: n))
    j = w.index(IndexRecord(name: "j", dimension: m))
    loss = w.opaque(OpaqueRecord(name: "L", shape: .scalar))
    gate = w.opaque(OpaqueRecord(name: "g", shape: .vector(m)))
  }

  mutating func make(_ node: Node) -> Expression { w.expression(node) }
  mutating func one() -> Expression { w.number(1) }
  mutating func minusOne() -> Expression { w.number(-1) }
  mutating func times(_ factors: Expression...) -> Expression { w.expression(.product(factors)) }
  mutating func plus(_ terms: Expression...) -> Expression { w.expression(.sum(terms)) }
  mutating func joined(_ factors: Expression...) -> Expression { w.expression(.hadamard(factors)) }
  mutating func transposed(_ e: Expression) -> Expression { w.expression(.transpose(e)) }
  mutating func call(_ function: TensorFunction, _ e: Expression) -> Expression {
    w.expression(.tensorFunction(function, e))
  }
  mutating func slope(_ a: Expression, _ b: Expression, _ layout: Layout) -> Expression {
    w.expression(.derivative(of: a, by: b, Intervention(layout: layout)))
  }
  mutating func symbol(_ shape: Shape) -> Expression {
    w.variable(w.symbol(SymbolRecord(name: "z", shape: shape, isFamily: false)))
  }
  mutating func stack(_ rows: Int, _ columns: Int, _ blocks: [Expression]) -> Expression {
    w.expression(.stack(rows: rows, columns: columns, blocks))
  }
}

private struct Rule: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let shape: Shape
  let build: @Sendable (inout Zoo) -> Expression
  init(_ name: String, _ shape: Shape, _ build: @escaping @Sendable (inout Zoo) -> Expression) {
    (testDescription, self.shape, self.build) = (name, shape, build)
  }
}

private struct Misfit: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let place: ShapeMismatch.Place
  let build: @Sendable (inout Zoo) -> Expression
  init(
    _ name: String, _ place: ShapeMismatch.Place,
    _ build: @escaping @Sendable (inout Zoo) -> Expression
  ) {
    (testDescription, self.place, self.build) = (name, place, build)
  }
}

private let canonicalShapes = [
  Rule("[1] is a scalar", .scalar) { $0.symbol(Shape([.one])) },
  Rule("[1,1] is a scalar", .scalar) { $0.symbol(Shape([.one, .one])) },
  Rule("[n,1] is a column", .vector(n)) { $0.symbol(Shape([n, .one])) },
  Rule("[1,n] is a row", .row(n)) { $0.symbol(Shape([.one, n])) },
  Rule("[m,1,n] is a matrix", .matrix(m, n)) { $0.symbol(Shape([m, .one, n])) },
  Rule("[1,1,n] is a column", .vector(n)) { $0.symbol(Shape([.one, .one, n])) },
  Rule("third order stays", Shape([m, n, d])) { $0.K },
]

private let productShapes = [
  Rule("a scalar scales", .matrix(m, n)) { $0.times($0.s, $0.W) },
  Rule("a scalar scales from the right", .vector(n)) { $0.times($0.x, $0.s) },
  Rule("a matrix times a vector", .vector(m)) { $0.times($0.W, $0.x) },
  Rule("a row times a matrix", .row(n)) { $0.times($0.r, $0.V) },
  Rule("a row times a vector", .scalar) { $0.times($0.r, $0.x) },
  Rule("a vector times a row", .matrix(m, n)) { $0.times($0.c, $0.r) },
  Rule("from left to right", .vector(m)) { $0.times($0.W, $0.V, $0.x) },
  Rule("a quadratic form", .scalar) { $0.times($0.r, $0.V, $0.x) },
  Rule("row, matrix, third order", .matrix(n, d)) {
    $0.times($0.transposed($0.c), $0.K)
  },
  Rule("a matrix times third order", Shape([n, n, d])) { $0.times($0.transposed($0.W), $0.K) },
  Rule("no factor", .scalar) { $0.make(.product([])) },
]

private let entrywiseShapes = [
  Rule("equal shapes add", .vector(n)) { $0.plus($0.x, $0.y) },
  Rule("a number beside a vector", .vector(n)) { $0.plus($0.one(), $0.x) },
  Rule("a number beside a matrix", .matrix(m, n)) { $0.plus($0.W, $0.one()) },
  Rule("a row beside a matrix", .matrix(m, n)) { $0.plus($0.W, $0.r) },
  Rule("a matrix beside a row", .matrix(m, n)) { $0.plus($0.r, $0.W) },
  Rule("no term", .scalar) { $0.make(.sum([])) },
  Rule("equal shapes multiply entry by entry", .matrix(m, n)) { $0.joined($0.W, $0.W) },
  Rule("a scalar scales entry by entry", .vector(n)) { $0.joined($0.s, $0.x) },
  Rule("a row scales columns", .matrix(m, n)) { $0.joined($0.W, $0.r) },
  Rule("a maximum with a number", .vector(n)) { $0.make(.maximum($0.x, $0.one())) },
  Rule("a quotient by a scalar", .matrix(m, n)) { $0.make(.quotient($0.W, $0.s)) },
  Rule("a quotient entry by entry", .vector(n)) { $0.make(.quotient($0.x, $0.y)) },
  Rule("a scalar by a tensor", .vector(n)) { $0.make(.quotient($0.s, $0.x)) },
  Rule("a power of a vector", .vector(n)) { $0.make(.power($0.x, $0.one())) },
  Rule("a power of a row", .row(n)) { $0.make(.power($0.r, $0.one())) },
  Rule("an inverse", .matrix(n, n)) { $0.make(.power($0.V, $0.minusOne())) },
  Rule("a function of each entry", .matrix(m, n)) {
    $0.make(.apply(.tanh, derivative: 1, $0.W))
  },
  Rule("a negative", .row(n)) { $0.make(.negative($0.r)) },
  Rule("a differential", .matrix(m, n)) { $0.make(.differential($0.W)) },
]

private let functionShapes = [
  Rule("a transposed vector", .row(n)) { $0.transposed($0.x) },
  Rule("a transposed row", .vector(n)) { $0.transposed($0.r) },
  Rule("a transposed matrix", .matrix(n, m)) { $0.transposed($0.W) },
  Rule("a transposed scalar", .scalar) { $0.transposed($0.s) },
  Rule("diag of a vector", .matrix(n, n)) { $0.call(.diag, $0.x) },
  Rule("diag of a row", .matrix(n, n)) { $0.call(.diag, $0.r) },
  Rule("diag of a matrix", .vector(n)) { $0.call(.diag, $0.V) },
  Rule("trace", .scalar) { $0.call(.trace, $0.V) },
  Rule("determinant", .scalar) { $0.call(.determinant, $0.V) },
  Rule("norm", .scalar) { $0.call(.norm, $0.W) },
  Rule("total", .scalar) { $0.call(.total, $0.K) },
  Rule("largest entry", .scalar) { $0.call(.maximum, $0.x) },
  Rule("softmax of a vector", .vector(n)) { $0.call(.softmax, $0.x) },
  Rule("softmax of a matrix", .matrix(m, n)) { $0.call(.softmax, $0.W) },
  Rule("vec", .vector(m * n)) { $0.call(.vec, $0.W) },
  Rule("Kronecker", .matrix(m * n, n * n)) { $0.make(.kronecker($0.W, $0.V)) },
  Rule("Kronecker of column and row", .matrix(m, n)) { $0.make(.kronecker($0.c, $0.r)) },
  Rule("Kronecker of columns", .vector(m * n)) { $0.make(.kronecker($0.c, $0.x)) },
  Rule("identity", .matrix(n, n)) { $0.make(.identity(n)) },
  Rule("unit vector", .vector(n)) { $0.make(.unitVector(.literal(1), n)) },
  Rule("delta", .scalar) { $0.make(.delta(.label($0.i), .label($0.i))) },
]

private let blockShapes = [
  Rule("vectors one above the other", .vector(n + m)) { $0.stack(2, 1, [$0.x, $0.c]) },
  Rule("vectors side by side", .matrix(n, Dimension(2))) { $0.stack(1, 2, [$0.x, $0.y]) },
  Rule("matrices side by side", .matrix(m, n + n)) { $0.stack(1, 2, [$0.W, $0.W]) },
  Rule("four blocks", .matrix(n + m, n + .one)) { $0.stack(2, 2, [$0.V, $0.x, $0.W, $0.c]) },
  Rule("numbers", .matrix(Dimension(2), Dimension(2))) {
    $0.stack(2, 2, [$0.s, $0.one(), $0.s, $0.s])
  },
  Rule("a row of numbers", .row(Dimension(2))) { $0.stack(1, 2, [$0.s, $0.one()]) },
  Rule("an entry of a matrix", .scalar) {
    $0.make(.entry($0.W, [.label($0.j), .label($0.i)]))
  },
  Rule("an entry of a row by one index", .scalar) { $0.make(.entry($0.r, [.last(n)])) },
  Rule("a tensor by its entries", .matrix(m, n)) { $0.make(.tabulate([$0.j, $0.i], $0.s)) },
  Rule("a sum over a label", .vector(m)) { $0.make(.indexSum($0.i, $0.c)) },
]

private let timeShapes = [
  Rule("a time as a number", .scalar) { $0.make(.timeValue(Time($0.k))) },
  Rule("a sum over times", .vector(n)) {
    $0.make(.timeSum($0.k, from: .zero, through: Time(3), $0.x))
  },
  Rule("a product over times", .matrix(n, n)) {
    $0.make(.timeProduct($0.k, from: .zero, through: Time(3), $0.V, .descending))
  },
  Rule("a product of numbers over times", .scalar) {
    $0.make(.timeProduct($0.k, from: .zero, through: Time(3), $0.s, .ascending))
  },
  Rule("an Iverson bracket", .scalar) { $0.make(.iverson([.zero])) },
  Rule("a block of a path product", .matrix(m, n)) {
    let blocks = [
      $0.V, $0.make(.transpose($0.W)), $0.W, $0.make(.kronecker($0.c, $0.transposed($0.c))),
    ]
    return $0.make(
      .pathProduct(
        PathProduct(
          step: $0.k, lower: .zero, upper: Time(3), row: 1, column: 0, blocks: blocks, size: 2)))
  },
  Rule("an unknown loss", .scalar) { $0.make(.opaque($0.loss, at: nil, [$0.x])) },
  Rule("its first partial", .vector(n)) {
    $0.make(.opaquePartial($0.loss, at: nil, slots: [0], [$0.x, $0.W]))
  },
  Rule("a partial of an unknown state", Shape([m, m, n])) {
    $0.make(.opaquePartial($0.gate, at: nil, slots: [1], [$0.x, $0.W]))
  },
  Rule("a second partial", Shape([n, m, n])) {
    $0.make(.opaquePartial($0.loss, at: nil, slots: [0, 1], [$0.x, $0.W]))
  },
]

@Test(
  "the shape of an expression",
  arguments: [
    canonicalShapes, productShapes, entrywiseShapes, functionShapes, blockShapes, timeShapes,
  ].flatMap { $0 })
private func shapes(rule: Rule) throws {
  var zoo = Zoo()
  let expression = rule.build(&zoo)
  #expect(try zoo.w.shape(of: expression) == rule.shape)
}

private struct Slope: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// In numerator, denominator and gradient layout.
  let shapes: [Shape]
  let build: @Sendable (inout Zoo) -> (Expression, Expression)
  init(
    _ name: String, _ shapes: [Shape],
    _ build: @escaping @Sendable (inout Zoo) -> (Expression, Expression)
  ) {
    (testDescription, self.shapes, self.build) = (name, shapes, build)
  }
}

private func inAllLayouts(_ shape: Shape) -> [Shape] { [shape, shape, shape] }

@Test(
  "the shape of a derivative in numerator, denominator and gradient layout",
  arguments: [
    Slope("scalar by scalar", inAllLayouts(.scalar)) { ($0.s, $0.s) },
    Slope("scalar by vector", [.row(n), .vector(n), .vector(n)]) { ($0.s, $0.x) },
    Slope("scalar by matrix", inAllLayouts(.matrix(m, n))) { ($0.s, $0.W) },
    Slope("scalar by row", inAllLayouts(.row(n))) { ($0.s, $0.r) },
    Slope("vector by scalar", [.vector(n), .row(n), .vector(n)]) { ($0.x, $0.s) },
    Slope("matrix by scalar", inAllLayouts(.matrix(m, n))) { ($0.W, $0.s) },
    Slope("vector by vector", [.matrix(m, n), .matrix(n, m), .matrix(m, n)]) { ($0.c, $0.x) },
    Slope("vector by row", [.matrix(m, n), .matrix(n, m), .matrix(m, n)]) { ($0.c, $0.r) },
    Slope("row by vector", [.matrix(n, m), .matrix(m, n), .matrix(n, m)]) { ($0.r, $0.c) },
    Slope("vector by matrix", [Shape([n, m, n]), Shape([m, n, n]), Shape([n, m, n])]) {
      ($0.x, $0.W)
    },
    Slope("matrix by vector", [Shape([m, n, m]), Shape([m, m, n]), Shape([m, n, m])]) {
      ($0.W, $0.c)
    },
  ])
private func derivativeShapes(slope: Slope) throws {
  var zoo = Zoo()
  let (a, b) = slope.build(&zoo)
  for (layout, shape) in zip([Layout.numerator, .denominator, .gradient], slope.shapes) {
    let derivative = zoo.slope(a, b, layout)
    #expect(try zoo.w.shape(of: derivative) == shape)
  }
}

@Test(
  "shapes that cannot stand together",
  arguments: [
    Misfit("two columns", .factors) { $0.times($0.x, $0.y) },
    Misfit("a vector of the wrong size", .factors) { $0.times($0.W, $0.c) },
    Misfit("a column before a matrix", .factors) { $0.times($0.x, $0.V) },
    Misfit("terms of different sizes", .terms) { $0.plus($0.x, $0.c) },
    Misfit("a column beside a row", .terms) { $0.plus($0.x, $0.r) },
    Misfit("a scalar that is no number beside a vector", .terms) { $0.plus($0.s, $0.x) },
    Misfit("a number before such a scalar and a vector", .terms) {
      $0.plus($0.one(), $0.s, $0.x)
    },
    Misfit("columns of different sizes entry by entry", .terms) { $0.joined($0.x, $0.c) },
    Misfit("a maximum of different sizes", .terms) { $0.make(.maximum($0.x, $0.c)) },
    Misfit("a quotient of different sizes", .quotient) { $0.make(.quotient($0.x, $0.c)) },
    Misfit("a power of a matrix that is not square", .power) {
      $0.make(.power($0.W, $0.one()))
    },
    Misfit("a power of third order", .power) { $0.make(.power($0.K, $0.one())) },
    Misfit("an exponent that is a vector", .exponent) { $0.make(.power($0.s, $0.x)) },
    Misfit("a transposed third order", .transpose) { $0.transposed($0.K) },
    Misfit("a trace of a matrix that is not square", .function) { $0.call(.trace, $0.W) },
    Misfit("a determinant of a vector", .function) { $0.call(.determinant, $0.x) },
    Misfit("diag of a matrix that is not square", .function) { $0.call(.diag, $0.W) },
    Misfit("vec of third order", .function) { $0.call(.vec, $0.K) },
    Misfit("Kronecker of third order", .function) { $0.make(.kronecker($0.K, $0.x)) },
    Misfit("one index for a matrix", .indices) { $0.make(.entry($0.W, [.literal(1)])) },
    Misfit("two indices for a vector", .indices) {
      $0.make(.entry($0.x, [.literal(1), .literal(1)]))
    },
    Misfit("blocks of different heights in a row", .stack) { $0.stack(1, 2, [$0.x, $0.c]) },
    Misfit("blocks of different widths in a column", .stack) { $0.stack(2, 1, [$0.V, $0.x]) },
    Misfit("a product over times of vectors", .timeProduct) {
      $0.make(.timeProduct($0.k, from: .zero, through: Time(3), $0.x, .descending))
    },
    Misfit("a product over times of matrices that are not square", .timeProduct) {
      $0.make(.timeProduct($0.k, from: .zero, through: Time(3), $0.W, .descending))
    },
  ])
private func misfits(misfit: Misfit) {
  var zoo = Zoo()
  let expression = misfit.build(&zoo)
  do {
    let shape = try zoo.w.shape(of: expression)
    Issue.record("has the shape \(shape)")
  } catch {
    #expect(error.place == misfit.place)
    #expect(error.expression == expression)
  }
}

@Test("a mismatch deep down is found at its own node")
func deepMismatch() {
  var zoo = Zoo()
  let wrong = zoo.times(zoo.W, zoo.c)
  let root = zoo.make(.negative(zoo.plus(wrong, zoo.c)))
  #expect(throws: ShapeMismatch(.factors, in: wrong, zoo.W, .matrix(m, n), zoo.c, .vector(m))) {
    try zoo.w.shape(of: root)
  }
}

@Test("random well-typed expressions have the shape they were made for", arguments: 0..<60)
func randomShapes(seed: Int) throws {
  var world = RandomWorld(seed: UInt64(seed))
  for shape in [
    Shape.scalar, .vector(world.n), .row(world.m), .matrix(world.m, world.n),
    .matrix(world.n, world.n),
  ] {
    let expression = world.expression(of: shape, depth: 5)
    #expect(try world.w.shape(of: expression) == shape)
  }
}
