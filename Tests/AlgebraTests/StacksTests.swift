// swift-format-ignore-file: AlwaysUseLowerCamelCase

// Matrices and last times are capital letters here as in the formulas.
import Expressions
import Testing

@testable import Algebra

@Suite struct StacksTests {
  let p = Page()
  /// Twice as wide as its parts, so that nothing but the block tells them apart.
  let W: Expression
  let S: Expression
  let Q: Expression
  let x: Expression
  let A: Expression
  let B: Expression
  let I: Expression
  let O: Expression

  init() {
    let double = p.n + p.n
    W = p.v(p.matrix("W", p.d, double))
    S = p.v(p.matrix("S", double, double, .symmetric))
    Q = p.v(p.matrix("Q", double, double, .orthogonal))
    x = p.v(p.vector("x", double, .unitNorm))
    A = p.v(p.square("A"))
    B = p.v(p.square("B"))
    I = p.e(.identity(p.n))
    O = p.e(.zero(.matrix(p.n, p.n)))
  }

  func blocks(_ a: Expression, _ b: Expression, _ c: Expression, _ d: Expression) -> Expression {
    p.e(.stack(rows: 2, columns: 2, [a, b, c, d]))
  }
  func column(_ a: Expression, _ b: Expression) -> Expression {
    p.e(.stack(rows: 2, columns: 1, [a, b]))
  }

  @Test("a block of a matrix is no other block of it")
  func partsAreDistinct() {
    #expect(p.different(p.product(W, column(I, O)), p.product(W, column(O, I))))
    #expect(p.different(p.product(W, column(A, B)), p.product(W, column(B, A))))
    let first = p.product(p.transpose(x), blocks(O, I, O, O), x)
    let second = p.product(p.transpose(x), blocks(O, O, I, O), x)
    let third = p.product(p.transpose(x), blocks(O, O, O, I), x)
    #expect(p.equal(first, second))
    #expect(p.different(first, third))
    let split = p.plus(p.product(W, column(A, O)), p.product(W, column(O, B)))
    #expect(p.equal(p.product(W, column(A, B)), split))
  }

  @Test("what holds of a whole axis does not hold of a block")
  func lawsOfTheWhole() {
    let some = blocks(I, O, O, O)
    #expect(p.different(p.product(p.transpose(x), some, x), p.number(1)))
    #expect(p.different(p.product(p.transpose(Q), some, Q), blocks(I, O, O, I)))
    let unit = p.e(.unitVector(.literal(1), p.n + p.n))
    let a = p.v(p.vector("a", p.n))
    let row = p.product(p.transpose(unit), column(a, a))
    let twice = p.product(p.number(2), p.e(.entry(a, [.literal(1)])))
    #expect(!p.equal(row, twice))
  }

  @Test("blocks of a symmetric matrix are each other's transposes")
  func symmetricParts() {
    let right = p.product(p.transpose(column(I, O)), S, column(O, I))
    let left = p.product(p.transpose(column(O, I)), S, column(I, O))
    #expect(p.equal(right, p.transpose(left)))
    #expect(p.different(right, left))
  }

  @Test("a product of block matrices over time multiplies block by block")
  func blockProducts() {
    let J = p.family("J", .matrix(p.n, p.n))
    let K = p.family("K", .matrix(p.n, p.n))
    let (i, k, t) = (p.time("i"), p.time("k"), p.time("t"))
    p.domain = [Time(t) - Time(k)]
    func step(_ time: Time) -> Expression { blocks(p.v(J, time), p.v(K, time), O, p.v(K, time)) }
    func product(_ from: Time, _ through: Time) -> Expression {
      p.e(.timeProduct(i, from: from, through: through, step(Time(i)), .descending))
    }
    let long = product(k + 1, t + 1)
    #expect(p.equal(long, p.product(step(t + 1), product(k + 1, Time(t)))))
    #expect(p.different(long, p.product(product(k + 1, Time(t)), step(t + 1))))
    let corner = p.e(.timeProduct(i, from: k + 1, through: t + 1, p.v(K, Time(i)), .descending))
    #expect(p.equal(p.product(p.transpose(column(O, I)), long, column(O, I)), corner))
    #expect(p.different(p.product(p.transpose(column(I, O)), long, column(I, O)), corner))
    let turned = p.e(.timeProduct(i, from: k + 1, through: t + 1, step(Time(i)), .ascending))
    #expect(p.different(long, turned))
  }

  @Test("states stacked in another order have the same products")
  func orderOfParts() {
    let J = p.family("J", .matrix(p.n, p.n))
    let K = p.family("K", .matrix(p.n, p.n))
    let (i, k, t) = (p.time("i"), p.time("k"), p.time("t"))
    p.domain = [Time(t) - Time(k)]
    func path(_ parts: [Expression], row: Int, column: Int) -> Expression {
      p.e(
        .pathProduct(
          PathProduct(
            step: i, lower: Time(k), upper: t + 1, row: row, column: column, blocks: parts, size: 2)
        ))
    }
    let (a, b, c, d) = (p.v(J, Time(i)), p.v(K, Time(i)), p.v(K, i - 1), p.v(J, i - 1))
    #expect(p.equal(path([a, b, c, d], row: 0, column: 1), path([d, c, b, a], row: 1, column: 0)))
    #expect(
      p.different(path([a, b, c, d], row: 0, column: 1), path([d, c, b, a], row: 0, column: 1)))
  }
}
