import Expressions
import Testing

@testable import Numerics

@Suite struct MatrixPowersTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// Tenths, row by row.
    var tenths: [Int]
    var vanish: Bool
    var grow: Bool?
    var testDescription: String { name }
    var powers: MatrixPowers? { MatrixPowersTests.matrix(tenths) }
  }
  static func matrix(_ tenths: [Int]) -> MatrixPowers? {
    let size = tenths.count == 1 ? 1 : tenths.count == 4 ? 2 : 3
    return MatrixPowers(
      ExactValue(
        dimensions: size == 1 ? [] : [size, size],
        entries: tenths.map { Rational($0, over: 10) }))
  }
  static let cases = [
    Case(name: "0.9", tenths: [9], vanish: true, grow: false),
    Case(name: "1", tenths: [10], vanish: false, grow: false),
    Case(name: "−1", tenths: [-10], vanish: false, grow: false),
    Case(name: "1.1", tenths: [11], vanish: false, grow: true),
    Case(name: "stable, of large norm", tenths: [5, 900, 0, 5], vanish: true, grow: false),
    Case(name: "defective at one", tenths: [10, 10, 0, 10], vanish: false, grow: true),
    Case(name: "defective at minus one", tenths: [-10, 10, 0, -10], vanish: false, grow: true),
    Case(name: "a quarter turn", tenths: [0, -10, 10, 0], vanish: false, grow: false),
    Case(name: "a turn that shrinks", tenths: [0, -9, 9, 0], vanish: true, grow: false),
    Case(name: "a turn that grows", tenths: [0, -11, 11, 0], vanish: false, grow: true),
    Case(name: "nilpotent", tenths: [0, 80, 0, 0, 0, 80, 0, 0, 0], vanish: true, grow: false),
    Case(
      name: "one eigenvalue is large", tenths: [1, 0, 0, 0, 2, 0, 0, 0, 12], vanish: false,
      grow: true),
    Case(name: "bounded, but not by its norm", tenths: [10, 50, 0, 5], vanish: false, grow: nil),
  ]

  @Test("the powers vanish, and only then, where all eigenvalues are below one", arguments: cases)
  func spectrum(_ example: Case) throws {
    let powers = try #require(example.powers)
    #expect(powers.vanish == example.vanish)
    #expect(powers.grow == example.grow)
  }

  @Test("a limit is a projector that the matrix leaves as it is")
  func limits() throws {
    let mean = try #require(MatrixPowersTests.matrix([5, 5, 5, 5]))
    let reflection = try #require(MatrixPowersTests.matrix([-10, 0, 0, 10]))
    let shear = try #require(MatrixPowersTests.matrix([10, 10, 0, 10]))
    let slow = try #require(MatrixPowersTests.matrix([10, 0, 0, 9]))
    let projector = try #require(MatrixPowersTests.matrix([10, 0, 0, 0]))
    #expect(mean.tend(to: mean))
    #expect(!mean.tend(to: mean.identity))
    #expect(!reflection.tend(to: reflection.identity))
    #expect(!shear.tend(to: shear.identity))
    #expect(slow.tend(to: projector))
    #expect(!slow.tend(to: slow.identity))
    #expect(mean.identity.tend(to: mean.identity))
  }

  @Test("a spectral norm lies within its error bound of a known one")
  func norm() {
    let values = [3.0, 0, 4, 5].map { Bounded($0) }
    let norm = Bounded.largestSingularValue(values, rows: 2)
    #expect((norm.value - 45.0.squareRoot()).magnitude <= norm.error + 1e-15)
    #expect(norm.error < 1e-12)
  }
}
