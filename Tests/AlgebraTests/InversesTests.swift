// swift-format-ignore-file: AlwaysUseLowerCamelCase

// Matrices are capital letters here as in the formulas.
import Expressions
import Testing

@testable import Algebra

@Suite("Inverses of sums")
struct InversesTests {
  let p = Page()

  @Test("are cancelled beside their sum and multiplied away at an axis")
  func searle() {
    let A = p.v(p.square("A", .invertible))
    let B = p.v(p.square("B", .invertible))
    let I = p.e(.identity(p.n))
    let sum = p.power(p.plus(A, B), -1)
    let parallel = p.power(p.plus(p.power(A, -1), p.power(B, -1)), -1)
    #expect(p.equal(p.product(p.plus(A, B), sum), I))
    #expect(p.equal(parallel, p.product(A, sum, B)))
    #expect(p.equal(parallel, p.product(B, sum, A)))
    #expect(p.different(parallel, p.product(A, B, sum)))
    #expect(p.different(sum, p.plus(p.power(A, -1), p.power(B, -1))))
    let right = p.power(p.plus(I, p.product(B, A)), -1)
    #expect(
      p.equal(p.product(p.power(p.plus(I, p.product(A, B)), -1), A), p.product(A, right)))
    #expect(
      p.different(p.product(p.power(p.plus(I, p.product(A, B)), -1), A), p.product(right, A)))
  }

  @Test("of a symmetric matrix are symmetric")
  func symmetric() {
    let A = p.v(p.square("A"))
    let S = p.v(p.square("S", [.symmetric, .invertible]))
    let gram = p.power(p.product(p.transpose(A), S, A), -1)
    let even = p.power(p.plus(A, p.transpose(A)), -1)
    #expect(p.equal(p.transpose(gram), gram))
    #expect(p.equal(p.transpose(even), even))
    #expect(p.equal(p.product(S, p.power(S, -1)), p.e(.identity(p.n))))
    let odd = p.power(p.plus(A, S), -1)
    #expect(p.different(p.transpose(odd), odd))
  }
}
