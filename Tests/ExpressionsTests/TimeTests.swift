import Testing

@testable import Expressions

private let t = TimeSymbol(id: 0)
private let k = TimeSymbol(id: 1)

@Test("equal times are equal however they were written")
func equalTimes() {
  #expect(Time(t) + Time(k) == Time(k) + Time(t))
  #expect(Time(t) - Time(t) == .zero)
  #expect(Time(t, plus: 1) - 1 == Time(t))
  #expect(Time(t) + Time(t) == Time(t).scaled(by: 2))
  #expect((Time(t) - Time(k)).terms.map { $0.coefficient } == [1, -1])
}

@Test("a time is a literal, a variable with an offset, or neither")
func kindsOfTimes() {
  #expect(Time(3).literal == 3)
  #expect(Time(t).literal == nil)
  #expect((Time(t) - Time(t) + 2).literal == 2)
  #expect(Time(t, plus: -1).symbol == t)
  #expect(Time(t).scaled(by: 2).symbol == nil)
  #expect((Time(t) - Time(k)).symbol == nil)
  #expect(Time(5).symbol == nil)
}

@Test("coefficients")
func coefficients() {
  let time = Time(t).scaled(by: 3) - Time(k) + 4
  #expect(time.coefficient(of: t) == 3)
  #expect(time.coefficient(of: k) == -1)
  #expect(time.coefficient(of: TimeSymbol(id: 2)) == 0)
  #expect(time.contains(k))
  #expect(!time.contains(TimeSymbol(id: 2)))
}

@Test("what is put in for a variable is scaled by its coefficient")
func substitutionOfTimes() {
  let time = Time(t).scaled(by: 2) - Time(k)
  #expect(time.substituting(t, by: Time(k, plus: 1)) == Time(k, plus: 2))
  #expect(time.substituting(k, by: Time(t).scaled(by: 2)) == .zero)
  #expect(Time(7).substituting(t, by: Time(k)) == Time(7))
}

@Test("substituting commutes with evaluating", arguments: -2...2, -2...2)
func evaluationOfTimes(first: Int, second: Int) {
  let time = Time(t).scaled(by: 2) - Time(k) + 5
  func value(_ time: Time) -> Int? { time.value { $0 == t ? first : second } }
  let inner = Time(k) - 3
  #expect(value(time) == 2 * first - second + 5)
  #expect(value(time.substituting(t, by: inner)) == 2 * (second - 3) - second + 5)
}

@Test("a time has no value while a variable has none")
func missingValue() {
  #expect((Time(t) - Time(k)).value { $0 == t ? 1 : nil } == nil)
  #expect((Time(t) - Time(t)).value { _ in nil } == 0)
}
