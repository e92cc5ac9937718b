@testable import Expressions

/// A workspace with at least one node of every kind, and several where a payload has cases.
struct Samples: ~Copyable {
  var w = Workspace()

  mutating func nodes() -> [Node] {
    let n = Dimension(w.dimension(named: "n"))
    let d = Dimension(w.dimension(named: "d"))
    let (t, k) = (w.time(named: "t"), w.time(named: "k"))
    let f = w.function(named: "f")
    let (i, j) = (
      w.index(IndexRecord(name: "i", dimension: n)), w.index(IndexRecord(name: "j", dimension: d))
    )
    let h = w.symbol(SymbolRecord(name: "h", shape: .vector(n), isFamily: true))
    let loss = w.opaque(OpaqueRecord(name: "L", shape: .scalar))
    let (now, before) = (Time(t), Time(t, plus: -1))
    let x = w.variable(h)
    let (a, b) = (w.variable(h, at: now), w.variable(h, at: before))
    var nodes: [Node] = [
      .number(Rational(2)), .number(Rational(-7, over: 3)), .number(Rational(Int.min)),
      .decimal(Rational(1, over: 4), places: 2), .variable(Variable(h)),
      .variable(Variable(h, at: now)), .variable(Variable(h, copy: now)),
      .variable(Variable(h, at: before, copy: now)), .timeValue(now - Time(k) + 3),
      .dimensionValue(n * d + .one), .identity(n), .identity(Dimension(3)),
      .ones(.vector(n)), .ones(.scalar), .zero(.matrix(n, d)), .zero(.row(n)),
      .unitVector(.label(i), n), .unitVector(.literal(2), n), .unitVector(.last(n), n),
      .delta(.label(i), .label(j)), .delta(.literal(1), .last(d)),
      .sum([a, b]), .sum([a, b, a]), .sum([]), .negative(a), .product([a, b]), .product([b, a]),
      .hadamard([a, b]), .quotient(a, b), .power(a, b), .transpose(a), .maximum(a, b),
      .kronecker(a, b), .stack(rows: 1, columns: 2, [a, b]), .stack(rows: 2, columns: 1, [a, b]),
      .entry(a, [.label(i)]), .entry(a, [.literal(1), .last(n), .label(j)]), .entry(a, []),
      .indexSum(i, a), .tabulate([i, j], a), .tabulate([j], a),
      .timeSum(k, from: .zero, through: now, x), .timeSum(t, from: .zero, through: now, x),
      .timeProduct(k, from: .zero, through: now, x, .ascending),
      .timeProduct(k, from: .zero, through: now, x, .descending),
      .iverson([now, now - Time(k)]), .iverson([]),
      .pathProduct(
        PathProduct(
          step: k, lower: before, upper: now, row: 1, column: 0, blocks: [a, b, x, a], size: 2)),
      .opaque(loss, at: now, [a, b]), .opaque(loss, at: nil, []),
      .opaquePartial(loss, at: now, slots: [1, 0], [a, b]),
      .opaquePartial(loss, at: nil, slots: [], [a]),
      .derivative(of: a, by: b, Intervention()), .differential(a),
      .elided(.sigmoid, derivative: 1, site: 0), .elided(.generic(f), derivative: 2, site: 5),
    ]
    for function in ElementwiseFunction.standard + [.generic(f)] {
      nodes += [.apply(function, derivative: 0, a), .apply(function, derivative: 2, a)]
    }
    for function in TensorFunction.allCases { nodes.append(.tensorFunction(function, a)) }
    for layout in Layout.allCases {
      nodes.append(
        .derivative(of: a, by: x, Intervention(mode: .immediate, layout: layout, held: [h])))
    }
    return nodes
  }
}
