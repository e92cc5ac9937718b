import Documents
import Expressions
import Numerics
import Testing

@testable import Checking

private let page = """
  $h_t = \\tanh(W h_{t-1} + U x_t)$ for $t = 1, \\dots, T$ with $h_t \\in \\mathbb{R}^n$, \
  $x_t \\in \\mathbb{R}^d$ and $h_0$ given. $L = \\sum_{t=1}^T L_t$; each $L_t$ is a scalar that \
  depends on $h_t$.
  """

private struct Trial: ~Copyable {
  var w = Workspace()
  let validation: ModelValidation
  let points = ValidationPoints(sizes: [], steps: 3, seed: 1)

  init() throws {
    let source = Source(path: "page.md", text: Array(page.utf8))
    validation = try ModelValidation(
      of: Page(reading: source, Manuscript(source), in: &w), in: &w)
  }

  mutating func symbol(_ name: String) throws -> Symbol {
    let variables = validation.model.definitions.flatMap { w.variables(in: $0.body) }
    return try #require(variables.first { w[$0.symbol].name == name }).symbol
  }

  /// What is said of a formula for a derivative.
  mutating func result(
    of question: DerivativeQuestion, formula: Expression
  ) -> ValidationResult {
    var laboratory = Laboratory(
      model: validation.model, sample: validation.sample(at: points, in: w), scale: .fixed(1),
      in: w)
    return validation.compare(
      question, formula, validation.assignments(of: question, at: points, in: w), &laboratory,
      in: &w)
  }
}

@Test("every name that reaches a computed one is asked for, and none that does not")
func questions() throws {
  var trial = try Trial()
  let h = try trial.symbol("h")
  let loss = try #require(trial.validation.model.definitions.last?.symbol)
  var asked: [String] = []
  for question in trial.validation.questions {
    guard case .derivative(let a, let b, let how) = trial.w[question.derivative],
      case .variable(let above) = trial.w[a], case .variable(let below) = trial.w[b]
    else { continue }
    #expect(!(above.symbol == h && below.symbol == loss))
    let mode = how.mode == .immediate ? "+" : below.copy == nil ? "" : "copy "
    asked.append(mode + trial.w[above.symbol].name + "/" + trial.w[below.symbol].name)
  }
  #expect(
    asked.sorted() == [
      "+h/U", "+h/W", "+h/h", "+h/x", "L/L", "L/U", "L/U", "L/W", "L/W", "L/h", "L/h", "L/x",
      "L/x", "copy L/U", "copy L/W", "h/U", "h/W", "h/h", "h/x",
    ])
}

@Test("a formula that forgets the slope, or a step, is told from the right one")
func wrongFormulas() throws {
  var trial = try Trial()
  let h = try trial.symbol("h")
  let weights = try trial.symbol("W")
  let question = try #require(
    trial.validation.questions.first {
      guard case .derivative(let a, _, let how) = trial.w[$0.derivative],
        case .variable(let above) = trial.w[a]
      else { return false }
      return above.symbol == h && how.mode == .immediate
    })
  let time = try #require(trial.w.freeTimes(in: question.derivative).first)
  let state = trial.w.variable(h, at: Time(time))
  let square = trial.w.expression(.hadamard([state, state]))
  let slope = trial.w.expression(
    .sum([trial.w.number(1), trial.w.expression(.negative(square))]))
  let matrix = trial.w.variable(weights)
  let right = trial.w.expression(
    .product([trial.w.expression(.tensorFunction(.diag, slope)), matrix]))
  guard case .agrees(let points, let error) = trial.result(of: question, formula: right) else {
    Issue.record("the right formula does not agree")
    return
  }
  #expect(points == 3)
  #expect(error < 1e-9)
  guard case .disagrees = trial.result(of: question, formula: matrix) else {
    Issue.record("the formula without the slope agrees")
    return
  }
  let early = trial.w.substituting(time, by: Time(time, plus: -1), in: right)
  guard case .disagrees = trial.result(of: question, formula: early) else {
    Issue.record("the formula of the step before agrees")
    return
  }
}
