import Expressions
import Numerics
import Testing

@Suite struct RoundedDecimalsTests {
  /// tanh(0.5 · `middle` − 1) beside a number of four places.
  @Test(
    "a number that was rounded on the way may be off by its last place",
    arguments: [
      (7616, 4, -5506, true), (7616, 4, -5507, true), (7616, 4, -5516, false),
      (7626, 4, -5506, false), (8, 1, -5506, false),
    ])
  func roundedOnTheWay(middle: Int, places: Int, result: Int, agrees: Bool) {
    var workspace = Workspace()
    func decimal(_ digits: Int, _ places: Int, _ workspace: inout Workspace) -> Expression {
      let scale = Rational(10).raised(to: -places) ?? .one
      return workspace.expression(.decimal(Rational(digits) * scale, places: places))
    }
    let factor = decimal(5, 1, &workspace)
    let product = workspace.expression(.product([factor, decimal(middle, places, &workspace)]))
    let argument = workspace.sum([product, workspace.number(Rational(-1))])
    let value = workspace.expression(.apply(.tanh, derivative: 0, argument))
    let size = decimal(-result, 4, &workspace)
    let printed = workspace.expression(.negative(size))
    let isEqual = workspace.agreeUpToRounding(value, printed, model: Model(), fixing: [])
    #expect(isEqual == agrees)
  }

  @Test("two printed numbers are equal or not")
  func bothPrinted() {
    var workspace = Workspace()
    let a = workspace.expression(.decimal(Rational(349, over: 1000), places: 3))
    let b = workspace.expression(.decimal(Rational(348, over: 1000), places: 3))
    let isEqual = workspace.agreeUpToRounding(a, b, model: Model(), fixing: [])
    #expect(!isEqual)
  }
}
