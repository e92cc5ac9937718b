// swift-format-ignore-file: AlwaysUseLowerCamelCase

// Matrices and last times are capital letters here as in the formulas.
import Expressions
import Testing

@testable import Algebra

@Suite("Matrix identities")
struct IdentityTests {
  let p = Page()

  @Test("a quadratic form, its gradient, and what symmetry adds")
  func quadraticForm() {
    let A = p.v(p.square("A"))
    let S = p.v(p.square("S", .symmetric))
    let x = p.v(p.vector("x", p.n))
    let row = p.transpose(x)
    #expect(p.equal(p.product(row, A, x), p.product(row, p.transpose(A), x)))
    #expect(p.different(p.product(A, x), p.product(p.transpose(A), x)))
    #expect(p.equal(p.product(S, x), p.product(p.transpose(S), x)))
    let both = p.product(row, p.plus(S, p.transpose(S)))
    #expect(p.equal(both, p.product(p.number(2), row, S)))
    let full = p.product(row, p.plus(A, p.transpose(A)))
    #expect(p.different(full, p.product(p.number(2), row, A)))
    let norm = p.e(.tensorFunction(.norm, p.product(A, x)))
    #expect(
      p.equal(p.power(norm, 2), p.product(row, p.transpose(A), A, x)))
    #expect(
      p.different(p.power(norm, 2), p.product(row, A, p.transpose(A), x)))
  }

  @Test("trace is cyclic, diag commutes with nothing else")
  func traceAndDiagonal() {
    let A = p.v(p.square("A"))
    let B = p.v(p.square("B"))
    let v = p.v(p.vector("v", p.n))
    let x = p.v(p.vector("x", p.n))
    func trace(_ e: Expression) -> Expression { p.e(.tensorFunction(.trace, e)) }
    #expect(p.equal(trace(p.product(A, B)), trace(p.product(B, A))))
    #expect(
      p.equal(trace(p.product(A, B, A, B, B)), trace(p.product(B, A, B, B, A))))
    #expect(
      p.different(trace(p.product(A, A, B, B)), trace(p.product(A, B, A, B))))
    #expect(p.different(p.product(A, B), p.product(B, A)))
    #expect(p.equal(p.product(p.diag(v), A, x), p.hadamard(v, p.product(A, x))))
    #expect(p.different(p.product(p.diag(v), A), p.product(A, p.diag(v))))
    #expect(
      p.equal(trace(p.e(.identity(p.n))), p.e(.dimensionValue(p.n))))
    #expect(p.equal(p.product(A, p.e(.identity(p.n)), x), p.product(A, x)))
  }

  @Test("inverses, orthogonal matrices, determinants, powers")
  func inverses() {
    let A = p.v(p.square("A", .invertible))
    let B = p.v(p.square("B", .invertible))
    let Q = p.v(p.square("Q", .orthogonal))
    let D = p.v(p.square("D"))
    let I = p.e(.identity(p.n))
    #expect(p.equal(p.product(A, p.power(A, -1)), I))
    #expect(
      p.equal(p.power(p.product(A, B), -1), p.product(p.power(B, -1), p.power(A, -1))))
    #expect(
      p.different(p.power(p.product(A, B), -1), p.product(p.power(A, -1), p.power(B, -1))))
    #expect(p.equal(p.product(p.transpose(Q), Q), I))
    #expect(p.equal(p.power(Q, -1), p.transpose(Q)))
    #expect(p.equal(p.power(p.transpose(A), -1), p.transpose(p.power(A, -1))))
    let m = p.time("m")
    p.domain = [m - 1]
    let M = p.product(Q, D, p.transpose(Q))
    let closed = p.product(Q, p.power(D, Time(m)), p.transpose(Q))
    #expect(p.equal(p.power(M, Time(m)), closed))
    let N = p.product(A, D, p.power(A, -1))
    #expect(
      p.equal(
        p.power(N, m + 1),
        p.product(A, p.power(D, Time(m)), p.power(A, -1), A, D, p.power(A, -1))))
    #expect(p.equal(p.product(D, p.power(D, Time(m))), p.power(D, m + 1)))
    #expect(p.equal(p.product(p.power(D, 2), D), p.power(D, 3)))
    #expect(p.equal(p.product(p.power(D, 29), D), p.power(D, 30)))
    #expect(p.different(p.product(p.power(D, 29), D), p.power(D, 31)))
    func det(_ e: Expression) -> Expression { p.e(.tensorFunction(.determinant, e)) }
    #expect(p.equal(det(p.product(A, B)), p.product(det(B), det(A))))
    #expect(p.equal(det(p.transpose(A)), det(A)))
    #expect(p.different(det(p.plus(A, B)), p.plus(det(A), det(B))))
  }

  @Test("stacked vectors add")
  func stacks() {
    let A = p.v(p.square("A"))
    let B = p.v(p.matrix("B", p.n, p.d))
    let h = p.v(p.vector("h", p.n))
    let x = p.v(p.vector("x", p.d))
    let wide = p.e(.stack(rows: 1, columns: 2, [A, B]))
    let tall = p.e(.stack(rows: 2, columns: 1, [h, x]))
    let sum = p.plus(p.product(A, h), p.product(B, x))
    #expect(p.equal(p.product(wide, tall), sum))
    let scaled = p.product(p.number(2), tall)
    let parts = p.e(
      .stack(rows: 2, columns: 1, [p.product(p.number(2), h), p.plus(x, x)]))
    #expect(p.equal(scaled, parts))
    #expect(p.different(tall, scaled))
    let W = p.v(p.matrix("W", p.n, p.n + p.d))
    #expect(p.equal(p.product(W, scaled), p.product(p.number(2), W, tall)))
  }

  @Test("entries, index sums and tables")
  func entries() {
    let W = p.v(p.matrix("W", p.n, p.d))
    let x = p.v(p.vector("x", p.d))
    let i = p.w.index(IndexRecord(name: "i", dimension: p.n))
    let j = p.w.index(IndexRecord(name: "j", dimension: p.d))
    let product = p.product(W, x)
    let left = p.e(.entry(product, [.label(i)]))
    let entry = p.e(.entry(W, [.label(i), .label(j)]))
    let right = p.e(.indexSum(j, p.product(entry, p.e(.entry(x, [.label(j)])))))
    #expect(p.equal(left, right))
    let table = p.e(.tabulate([i], right))
    #expect(p.equal(table, product))
    let first = p.e(.entry(product, [.literal(1)]))
    #expect(p.different(left, first))
    let unit = p.e(.unitVector(.literal(1), p.n))
    #expect(p.equal(first, p.product(p.transpose(unit), product)))
  }

  @Test("a row is added to every row of a matrix")
  func broadcast() {
    let X = p.v(p.matrix("X", p.n, p.d))
    let b = p.v(
      p.w.symbol(SymbolRecord(name: "b", shape: .row(p.d), isFamily: false)))
    let ones = p.e(.ones(.vector(p.n)))
    let sum = p.plus(X, b)
    #expect(p.equal(sum, p.plus(X, p.product(ones, b))))
    let row = p.transpose(ones)
    #expect(
      p.equal(
        p.product(row, sum),
        p.plus(p.product(row, X), p.product(p.e(.dimensionValue(p.n)), b))))
  }

  @Test("functions of one number")
  func functions() {
    let x = p.v(p.scalar("x"))
    let y = p.v(p.scalar("y"))
    let one = p.number(1)
    let exp = p.apply(.exp, p.e(.negative(x)))
    let logistic = p.quotient(one, p.plus(one, exp))
    let sigmoid = p.apply(.sigmoid, x)
    #expect(p.equal(logistic, sigmoid))
    #expect(
      p.equal(
        p.apply(.sigmoid, x, derivative: 1),
        p.quotient(exp, p.power(p.plus(one, exp), 2))))
    #expect(p.equal(p.apply(.sigmoid, p.e(.negative(x))), p.minus(one, sigmoid)))
    let half = p.quotient(x, p.number(2))
    #expect(
      p.equal(
        p.apply(.tanh, half), p.minus(p.product(p.number(2), sigmoid), one)))
    let (plus, minus) = (p.apply(.exp, x), exp)
    #expect(
      p.equal(p.apply(.tanh, x), p.quotient(p.minus(plus, minus), p.plus(plus, minus))))
    #expect(
      p.equal(
        p.apply(.tanh, x, derivative: 2),
        p.product(
          p.number(-2), p.apply(.tanh, x), p.minus(one, p.power(p.apply(.tanh, x), 2)))))
    #expect(p.equal(p.apply(.softplus, x, derivative: 1), sigmoid))
    let absolute = p.apply(.absolute, x)
    #expect(p.equal(p.apply(.sqrt, p.power(x, 2)), absolute))
    #expect(p.different(p.apply(.sqrt, p.power(x, 2)), x))
    let relu = p.e(.maximum(p.number(0), x))
    #expect(p.equal(relu, p.quotient(p.plus(x, absolute), p.number(2))))
    #expect(p.equal(p.apply(.relu, x), relu))
    #expect(p.equal(p.product(absolute, p.apply(.sign, x)), x))
    #expect(
      p.equal(p.product(p.apply(.exp, x), p.apply(.exp, y)), p.apply(.exp, p.plus(x, y))))
    #expect(p.equal(p.apply(.log, p.apply(.exp, x)), x))
    #expect(p.equal(p.apply(.exp, p.apply(.log, x)), x))
    #expect(
      p.equal(
        p.apply(.sqrt, x, derivative: 1), p.quotient(one, p.product(p.number(2), p.apply(.sqrt, x)))
      ))
    #expect(p.different(p.apply(.tanh, x), p.apply(.tanh, y)))
  }

  @Test("denominators are cleared, and refused when they vanish")
  func denominators() {
    let x = p.v(p.scalar("x"))
    let y = p.v(p.scalar("y"))
    let one = p.number(1)
    let square = p.minus(p.power(x, 2), one)
    #expect(p.equal(p.quotient(square, p.minus(x, one)), p.plus(x, one)))
    #expect(p.different(p.quotient(square, p.minus(x, one)), p.minus(x, one)))
    #expect(p.equal(p.quotient(x, x), one))
    let zero = p.minus(p.power(x, 2), p.product(x, x))
    guard
      case .unknown(.vanishingDenominator(let named)) = p.outcome(
        p.quotient(y, zero), p.quotient(p.product(p.number(2), y), zero))
    else {
      Issue.record("not refused")
      return
    }
    #expect(named == zero)
    #expect(
      p.equal(
        p.plus(p.quotient(one, x), p.quotient(one, y)),
        p.quotient(p.plus(x, y), p.product(x, y))))
  }

  @Test("softmax: its entries add up to one, its logarithm is z - log Σ e^z")
  func softmax() {
    let z = p.v(p.vector("z", p.n))
    let s = p.e(.tensorFunction(.softmax, z))
    let total = p.e(.tensorFunction(.total, s))
    #expect(p.equal(total, p.number(1)))
    let normalizer = p.apply(.log, p.e(.tensorFunction(.total, p.apply(.exp, z))))
    #expect(p.equal(p.apply(.log, s), p.minus(z, p.product(normalizer, p.e(.ones(.vector(p.n)))))))
    let X = p.v(p.square("X"))
    let rows = p.e(.tensorFunction(.softmax, X))
    let ones = p.e(.ones(.vector(p.n)))
    #expect(p.equal(p.product(rows, ones), ones))
    #expect(p.different(p.product(p.transpose(rows), ones), ones))
    #expect(
      p.equal(p.product(p.transpose(z), rows, ones), p.e(.tensorFunction(.total, z))))
    let target = p.v(p.vector("y", p.n, .oneHot))
    let jacobian = p.minus(p.diag(s), p.product(s, p.transpose(s)))
    let gradient = p.product(
      p.e(.negative(p.transpose(p.quotient(target, s)))), jacobian)
    #expect(p.equal(gradient, p.transpose(p.minus(s, target))))
    let targets = p.v(p.square("Y", .oneHot))
    #expect(p.equal(p.product(targets, ones), ones))
    #expect(p.different(p.product(p.transpose(targets), ones), ones))
  }

  @Test("scalar recurrences: powers, counts, closed forms")
  func scalarClosedForm() {
    let w = p.v(p.scalar("w"))
    let s = p.family("s", .scalar)
    let (t, k, own) = (p.time("t"), p.time("k"), p.time("τ"))
    p.define(s, own, from: Time(1), p.product(w, p.v(s, own - 1)))
    p.domain = [t - 1]
    let start = p.v(s, Time(0))
    #expect(p.equal(p.v(s, Time(t)), p.product(p.power(w, Time(t)), start)))
    let sum = p.sum(
      k, Time(1), Time(t), p.product(p.power(w, Time(t) - Time(k)), p.v(s, k - 1)))
    let closed = p.product(p.e(.timeValue(Time(t))), p.power(w, t - 1), start)
    #expect(p.equal(sum, closed))
    let wrong = p.product(p.e(.timeValue(t + 1)), p.power(w, t - 1), start)
    #expect(p.different(sum, wrong))
    let path = p.path(p.time("i"), Time(0), Time(t), w)
    #expect(p.equal(path, p.power(w, Time(t))))
    let geometric = p.sum(k, Time(0), t - 1, p.power(w, Time(k)))
    let one = p.number(1)
    #expect(
      p.equal(
        geometric, p.quotient(p.minus(p.power(w, Time(t)), one), p.minus(w, one))))
    let number = p.sum(k, Time(1), Time(t), p.e(.timeValue(Time(k))))
    #expect(
      p.equal(
        number,
        p.quotient(
          p.product(p.e(.timeValue(Time(t))), p.e(.timeValue(t + 1))), p.number(2))))
  }

  @Test("a linear system: powers of its matrix")
  func linearSystem() {
    let W = p.v(p.square("W"))
    let s = p.family("s", .vector(p.n))
    let (t, k, own) = (p.time("t"), p.time("k"), p.time("τ"))
    p.define(s, own, p.product(W, p.v(s, own - 1)))
    p.domain = [Time(t) - Time(k)]
    #expect(
      p.equal(p.v(s, Time(30)), p.product(p.power(W, 30), p.v(s, Time(0)))))
    #expect(
      p.different(p.v(s, Time(30)), p.product(p.power(W, 29), p.v(s, Time(0)))))
    let path = p.path(p.time("i"), Time(k), Time(t), W)
    #expect(p.equal(path, p.power(W, Time(t) - Time(k))))
    #expect(p.different(path, p.power(W, Time(t) - Time(k) + 1)))
    #expect(
      p.equal(
        p.v(s, Time(t)), p.product(p.power(W, Time(t) - Time(k)), p.v(s, Time(k)))))
  }

  @Test("a state of two parts: the first row of the block product")
  func twoParts() {
    let blocks = ["A", "B", "C", "D"].map { name in
      p.w.symbol(
        SymbolRecord(name: name, shape: .matrix(p.n, p.n), isFamily: true))
    }
    let (t, k, i) = (p.time("t"), p.time("k"), p.time("i"))
    p.domain = [Time(t) - Time(k) - 1]
    func path(_ lower: Time, _ upper: Time, _ row: Int, _ column: Int) -> Expression {
      let entries = blocks.map { p.v($0, Time(i)) }
      return p.e(
        .pathProduct(
          PathProduct(
            step: i, lower: lower, upper: upper, row: row, column: column, blocks: entries,
            size: 2)))
    }
    let left = path(Time(k), Time(t), 0, 0)
    let right = p.plus(
      p.product(p.v(blocks[0], Time(t)), path(Time(k), t - 1, 0, 0)),
      p.product(p.v(blocks[1], Time(t)), path(Time(k), t - 1, 1, 0)))
    #expect(p.equal(left, right))
    let wrong = p.plus(
      p.product(p.v(blocks[0], Time(t)), path(Time(k), t - 1, 0, 0)),
      p.product(p.v(blocks[1], Time(t)), path(Time(k), t - 1, 0, 1)))
    #expect(p.different(left, wrong))
    let m = p.time("m")
    p.domain = [Time(t) - Time(k) - 1, Time(m) - Time(k), Time(t) - Time(m)]
    let split = p.plus(
      p.product(path(Time(m), Time(t), 0, 0), path(Time(k), Time(m), 0, 0)),
      p.product(path(Time(m), Time(t), 0, 1), path(Time(k), Time(m), 1, 0)))
    #expect(p.equal(left, split))
    #expect(
      p.different(left, p.product(path(Time(m), Time(t), 0, 0), path(Time(k), Time(m), 0, 0))))
    let two = path(t - 2, Time(t), 0, 0)
    let written = p.plus(
      p.product(p.v(blocks[0], Time(t)), p.v(blocks[0], t - 1)),
      p.product(p.v(blocks[1], Time(t)), p.v(blocks[2], t - 1)))
    #expect(p.equal(two, written))
  }

  @Test("an LSTM's cell unfolds one step, and is found inside tanh")
  func cell() {
    let shape = Shape.vector(p.n)
    let f = p.family("f", shape)
    let c = p.family("c", shape)
    let h = p.family("h", shape)
    let o = p.family("o", shape)
    let V = p.v(p.square("V"))
    let (t, own) = (p.time("t"), p.time("τ"))
    p.define(f, own, from: Time(1), p.apply(.sigmoid, p.product(V, p.v(h, own - 1))))
    p.define(
      c, own, from: Time(1),
      p.plus(p.hadamard(p.v(f, Time(own)), p.v(c, own - 1)), p.v(h, own - 1)))
    p.define(
      h, own, from: Time(1), p.hadamard(p.v(o, Time(own)), p.apply(.tanh, p.v(c, Time(own)))))
    p.domain = [t - 1]
    let formula = p.plus(p.hadamard(p.v(f, Time(t)), p.v(c, t - 1)), p.v(h, t - 1))
    #expect(p.equal(p.v(c, Time(t)), formula))
    #expect(p.equal(p.apply(.tanh, p.v(c, Time(t))), p.apply(.tanh, formula)))
    #expect(
      p.equal(
        p.v(h, Time(t)), p.hadamard(p.v(o, Time(t)), p.apply(.tanh, formula))))
    #expect(p.different(p.v(h, Time(t)), p.apply(.tanh, formula)))
  }

  @Test("vec(AXB) = (Bᵀ ⊗ A) vec X, and products of ⊗ multiply side by side")
  func kronecker() {
    let A = p.v(p.square("A"))
    let B = p.v(p.matrix("B", p.d, p.d))
    let X = p.v(p.matrix("X", p.n, p.d))
    func vec(_ e: Expression) -> Expression { p.e(.tensorFunction(.vec, e)) }
    func cross(_ a: Expression, _ b: Expression) -> Expression { p.e(.kronecker(a, b)) }
    let left = vec(p.product(A, X, B))
    #expect(p.equal(left, p.product(cross(p.transpose(B), A), vec(X))))
    #expect(p.different(left, p.product(cross(B, A), vec(X))))
    let C = p.v(p.square("C"))
    #expect(
      p.equal(
        p.product(cross(A, B), cross(C, B)), cross(p.product(A, C), p.product(B, B))))
    let (I, J) = (p.e(.identity(p.n)), p.e(.identity(p.d)))
    #expect(p.equal(cross(I, J), p.e(.identity(p.n * p.d))))
    #expect(p.equal(p.transpose(cross(A, B)), cross(p.transpose(A), p.transpose(B))))
    #expect(
      p.equal(
        p.product(p.transpose(vec(X)), vec(X)),
        p.power(p.e(.tensorFunction(.norm, X)), 2)))
  }

  @Test("an index that stands inside a function's argument is bound with the sum")
  func innerIndices() {
    let x = p.v(p.vector("x", p.n))
    let y = p.v(p.vector("y", p.n))
    let i = p.w.index(IndexRecord(name: "i", dimension: p.n))
    let j = p.w.index(IndexRecord(name: "j", dimension: p.n))
    func at(_ e: Expression, _ label: IndexSymbol) -> Expression {
      p.e(.entry(e, [.label(label)]))
    }
    let body = p.product(p.apply(.tanh, at(x, i)), at(y, i))
    let left = p.e(.indexSum(i, body))
    #expect(p.equal(left, p.product(p.transpose(y), p.apply(.tanh, x))))
    let loose = p.product(p.apply(.tanh, at(x, i)), at(y, j))
    let double = p.e(.indexSum(j, p.e(.indexSum(i, loose))))
    #expect(p.different(double, left))
    let inverse = p.e(.indexSum(i, p.quotient(at(y, i), p.plus(p.number(1), p.power(at(x, i), 2)))))
    let written = p.product(
      p.transpose(y), p.quotient(p.number(1), p.plus(p.number(1), p.power(x, 2))))
    #expect(p.equal(inverse, written))
    let table = p.e(.tabulate([i], p.apply(.tanh, at(x, i))))
    #expect(p.equal(table, p.apply(.tanh, x)))
  }

  @Test("beyond the budget nothing is said")
  func budget() {
    let terms = (0..<12).map { p.v(p.scalar("x\($0)")) }
    let sum = p.e(.sum(terms))
    let product = p.e(.product(Array(repeating: sum, count: 8)))
    var prover = Prover(model: Model())
    guard
      case .unknown(.budget) = prover.compare(product, p.number(1), for: [], in: &p.w)
    else {
      Issue.record("not given up")
      return
    }
  }

  @Test("what is left of a difference is written as the missing terms")
  func remainder() {
    let x = p.family("x", .scalar)
    let (t, k) = (p.time("t"), p.time("k"))
    p.domain = [t - 1]
    let all = p.sum(k, Time(0), Time(t), p.v(x, Time(k)))
    let part = p.sum(k, Time(1), Time(t), p.v(x, Time(k)))
    guard case .different(let remainder?) = p.outcome(all, part) else {
      Issue.record("no remainder")
      return
    }
    #expect(remainder == p.v(x, Time(0)))
  }

  @Test("a double sum over equal factors is twice its half and the diagonal")
  func symmetricSum() {
    let x = p.family("x", .scalar)
    let (t, k, m) = (p.time("t"), p.time("k"), p.time("m"))
    p.domain = [Time(t)]
    let pair = p.product(p.v(x, Time(k)), p.v(x, Time(m)))
    let square = p.power(p.sum(k, Time(0), Time(t), p.v(x, Time(k))), 2)
    let full = p.sum(k, Time(0), Time(t), p.sum(m, Time(0), Time(t), pair))
    #expect(p.equal(square, full))
    let half = p.sum(k, Time(0), Time(t), p.sum(m, Time(0), k - 1, pair))
    let diagonal = p.sum(k, Time(0), Time(t), p.power(p.v(x, Time(k)), 2))
    #expect(p.equal(full, p.plus(p.product(p.number(2), half), diagonal)))
    #expect(p.different(full, p.plus(p.product(p.number(2), half), p.number(1))))
    #expect(p.different(full, p.product(p.number(2), half)))
  }
}
