import Expressions
import Numerics
import Testing

@Suite struct RoundingTests {
  private static func addend(_ magnitude: Rational, _ w: inout World) -> Expression {
    w.workspace.sum([w.at(w.loss, Time(w.t)), w.workspace.number(magnitude)])
  }

  @Test(
    "an addend far below its companions is lost",
    arguments: [(0, false), (-3, false), (-7, false), (-14, true), (-30, true), (30, true)])
  func swallowedAddend(exponent: Int, isLost: Bool) throws {
    var w = World()
    var power = Rational(1)
    for _ in 0..<abs(exponent) {
      power = exponent > 0 ? power * Rational(10) : power * Rational(1, over: 10)
    }
    let sum = Self.addend(power, &w)
    var laboratory = w.laboratory()
    #expect(try laboratory.losesToRounding(sum, in: w.workspace) == isLost)
  }

  @Test(
    "a saturated activation hides its argument", arguments: [(1, false), (3, false), (40, true)])
  func saturation(shift: Int, isLost: Bool) throws {
    var w = World()
    let argument = Self.addend(Rational(shift), &w)
    let value = w.node(.apply(.tanh, derivative: 0, argument))
    var laboratory = w.laboratory()
    #expect(try laboratory.losesToRounding(value, in: w.workspace) == isLost)
  }

  @Test("nothing is lost in the gradient of a recurrent network")
  func gradient() throws {
    var w = World()
    let gradient = w.derivative(w.of(w.total), w.of(w.weights))
    var laboratory = w.laboratory()
    #expect(try !laboratory.losesToRounding(gradient, in: w.workspace))
  }
}
