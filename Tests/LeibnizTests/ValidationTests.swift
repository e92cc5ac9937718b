import Testing

@testable import Leibniz

private func refusal(_ request: ValidationRequest) -> String {
  do throws(Refusal) {
    _ = try validate(request)
    return ""
  } catch {
    return error.message
  }
}

@Test(
  "what there is not is answered with what there is",
  arguments: [
    (
      ValidationRequest(models: [.standard("lstn")]),
      "there is no model lstn; there are: "
        + StandardModels.documents.map { $0.name }.joined(separator: ", ")
    ),
    (
      ValidationRequest(models: [.standard("lstm")], sizes: [("m", 2)]),
      "no size is called m here; there are: n, d, q"
    ),
    (
      ValidationRequest(models: [.standard("rnn-scalar")], sizes: [("n", 2)]),
      "no size is called n here; there is none"
    ),
    (
      ValidationRequest(models: [.standard("rnn-row")], steps: -1),
      "the number of steps cannot be negative"
    ),
    (
      ValidationRequest(models: [.standard("rnn-row")], steps: 0),
      "rnn-row has no step up to 0: its first is 1"
    ),
  ])
func refusals(request: ValidationRequest, message: String) {
  #expect(refusal(request) == message)
}

@Test("sizes, steps and seed are used; progress is told after each derivative")
func settings() throws {
  var last: ValidationProgress?
  var calls = 0
  let answer = try validate(
    ValidationRequest(
      models: [.standard("rnn")], sizes: [("n", 1), ("d", 4)], steps: 1, seed: 9)
  ) {
    last = $0
    calls += 1
  }
  #expect(answer.outcome == .holds)
  #expect(
    answer.text.hasPrefix(
      "rnn: A recurrent network with one hidden layer\n  n = 1, d = 4, T = 1, seed 9\n"))
  #expect(last?.done == calls)
  #expect(last?.count == calls)
}

@Test("what cannot be computed is not said to agree")
func tooLarge() throws {
  let answer = try validate(
    ValidationRequest(models: [.standard("rnn")], sizes: [("n", 100_000)]))
  #expect(answer.outcome == .fails)
  #expect(answer.text.contains("too large for these sizes"))
}

@Test("another system takes a document and nothing else")
func anotherSystem() throws {
  let path = "Derivations/systems/minimal-gated-unit.md"
  let text = Files.text(of: Files.root + "/" + path)
  let unit = ModelChoice.document(
    Document(path: path, text: Array(text.utf8)), givens: [])
  let answer = try validate(ValidationRequest(models: [unit], steps: 2))
  #expect(answer.outcome == .holds)
  for name in ["∂h_t/∂h_k", "∂L/∂f_t", "∂L/∂b_h", "∂L/∂W_f^{(k)}", "(∂h_t/∂h_k)|_{f, h̃}"] {
    #expect(answer.text.contains("  " + name + " "), "\(name)")
  }
  let jacobian = try derive(
    DerivativeRequest(
      expression: "h_t", node: "h_{t-1}", model: unit, held: ["f", "\\tilde h"],
      isImmediate: false, layout: nil, isExplained: false))
  #expect(jacobian.outcome == .holds)
  #expect(jacobian.text.contains("shape: n × n"))
}
