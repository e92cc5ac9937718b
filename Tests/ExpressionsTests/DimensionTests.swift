import Testing

@testable import Expressions

private let n = Dimension(DimensionSymbol(id: 0))
private let d = Dimension(DimensionSymbol(id: 1))

@Test("equal sizes are equal however they were written")
func equalSizes() {
  #expect(n + d == d + n)
  #expect(n * d == d * n)
  #expect((n + d) * n == n * n + n * d)
  #expect(n + n == Dimension(2) * n)
  #expect(n - n == Dimension(0))
  #expect((n + .one) * (n + .one) == n * n + n + n + .one)
}

@Test("a size is a literal, a name, or neither")
func kindsOfSizes() {
  #expect(Dimension(3).literal == 3)
  #expect((n - n).literal == 0)
  #expect(n.literal == nil)
  #expect(n.symbol == DimensionSymbol(id: 0))
  #expect((n + .one).symbol == nil)
  #expect((Dimension(2) * n).symbol == nil)
  #expect((n * d).symbol == nil)
  #expect((n * d + n).symbols.sorted() == [DimensionSymbol(id: 0), DimensionSymbol(id: 1)])
}

@Test("a size is divided only where the quotient is whole")
func quotientsOfSizes() {
  #expect((n + n + Dimension(4) * d).divided(by: 2) == n + d + d)
  #expect((n + n + d).divided(by: 2) == nil)
  #expect((d - n).divided(by: -1) == n - d)
}

@Test("substituting commutes with evaluating", arguments: 1...3, 1...3)
func evaluationOfSizes(first: Int, second: Int) {
  let size = n * n + Dimension(3) * n * d + Dimension(2)
  func value(_ size: Dimension) -> Int? { size.value { $0.id == 0 ? first : second } }
  #expect(value(size) == first * first + 3 * first * second + 2)
  let stacked = size.substituting { $0.id == 0 ? d + .one : nil }
  let both = second + 1
  #expect(value(stacked) == both * both + 3 * both * second + 2)
}

@Test("a size has no value while a name has none")
func missingSize() {
  #expect((n + d).value { $0.id == 0 ? 1 : nil } == nil)
}
