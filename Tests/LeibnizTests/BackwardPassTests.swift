import Testing

@testable import Leibniz

/// A derivative that is asked of a standard system.
struct SystemQuestion: Sendable, CustomTestStringConvertible {
  var expression: String
  var node: String
  var model: String
  var layout: LayoutName?
  var held: [String]
  var isImmediate: Bool

  init(
    _ expression: String, _ node: String, _ model: String, _ layout: LayoutName? = nil,
    held: [String] = [], isImmediate: Bool = false
  ) {
    self.held = held
    self.isImmediate = isImmediate
    self.expression = expression
    self.node = node
    self.model = model
    self.layout = layout
  }

  var testDescription: String { "\(model): \(expression) by \(node)" }

  func answer(isExplained: Bool = false) throws -> Answer {
    try derive(
      DerivativeRequest(
        expression: expression, node: node, model: .standard(model), held: held,
        isImmediate: isImmediate, layout: layout, isExplained: isExplained))
  }

  static let all: [SystemQuestion] = [
    SystemQuestion("C_t", "C_{t-1}", "lstm"), SystemQuestion("C_t", "C_k", "lstm"),
    SystemQuestion("h_t", "C_{t-1}", "lstm"), SystemQuestion("h_t", "x_k", "lstm"),
    SystemQuestion("L", "W_f", "lstm"), SystemQuestion("L", "b_o", "lstm"),
    SystemQuestion("L", "C_t", "lstm", .gradient), SystemQuestion("L", "h_3", "lstm"),
    SystemQuestion("L", "x_t", "lstm", .denominator), SystemQuestion("L_t", "h_k", "lstm"),
    SystemQuestion("L_t", "V", "lstm"),
    SystemQuestion("h_t", "h_k", "rnn"), SystemQuestion("L", "W", "rnn"),
    SystemQuestion("L_t", "U", "rnn"), SystemQuestion("L", "z_t", "rnn-softmax"),
    SystemQuestion("L", "b", "rnn-softmax", .gradient), SystemQuestion("L", "W_s", "rnn-tanh"),
    SystemQuestion("L", "W_s", "rnn-linear"), SystemQuestion("L", "b_1", "rnn-linear"),
    SystemQuestion("L", "W_{hh}", "rnn-batch"), SystemQuestion("L", "W_h", "rnn-row"),
    SystemQuestion("L", "b", "rnn-row"), SystemQuestion("L", "W_{xh}", "mlp"),
    SystemQuestion("L", "W_{hz}", "gru"), SystemQuestion("L", "H_t", "gru"),
    SystemQuestion("L", "W_{hf}", "lstm-batch"), SystemQuestion("c_t", "c_k", "lstm-scalar"),
    SystemQuestion("h_t", "w_{hf}", "lstm-scalar"), SystemQuestion("L", "W", "rnn-scalar"),
    SystemQuestion("C_t", "C_k", "lstm", held: ["o"]),
    SystemQuestion("C_t", "C_{t-1}", "lstm", held: ["f", "i", "o", "g"]),
    SystemQuestion("L", "W_f", "lstm-stacked"), SystemQuestion("L", "u_t", "lstm-gates"),
    SystemQuestion("h_t", "W_f", "lstm"), SystemQuestion("h_t", "W", "rnn"),
    SystemQuestion("S_t", "W_s", "rnn-linear"), SystemQuestion("h_t", "W", "lstm-gates"),
    SystemQuestion("H_t", "H_k", "gru"), SystemQuestion("H_t", "X_t", "gru"),
    SystemQuestion("H_t", "W_{hh}", "rnn-batch"), SystemQuestion("L", "b_h", "rnn-batch"),
    SystemQuestion("h_t", "W", "lstm-gates", isImmediate: true),
    SystemQuestion("f_t", "u_t", "lstm-gates", isImmediate: true),
    SystemQuestion("h_t", "W_o", "lstm-stacked", isImmediate: true),
    SystemQuestion("v_t", "x_t", "lstm-stacked", isImmediate: true),
    SystemQuestion("v_t", "v_{t-1}", "lstm-stacked"),
    SystemQuestion("vec(C_t)", "vec(C_{t-1})", "lstm-batch"),
    SystemQuestion("vec(C_t)", "vec(C_{t-1})", "lstm-batch", .denominator, isImmediate: true),
    SystemQuestion("vec(H_t)", "vec(H_{t-2})", "rnn-batch"),
    SystemQuestion("vec(O_t)", "vec(W_{hf})", "lstm-batch"),
  ]
}

@Suite("Derivatives of systems")
struct BackwardPassTests {
  @Test("explain themselves in a document that is accepted in full", arguments: SystemQuestion.all)
  func explanations(question: SystemQuestion) throws {
    let answer = try question.answer(isExplained: true)
    #expect(answer.outcome == .holds)
    let check = Check([Document(path: "answer.md", text: Array(answer.text.utf8))])
    #expect(check.outcome(isStrict: true) == .holds)
    let expected = answer.text.split(separator: "\n").filter { $0.contains("expect accepted") }
      .count
    #expect(expected >= 1)
    #expect(check.report(.text).contains("\(expected) as expected."))
  }

  @Test(
    "of a loss are a sum over the steps and the recursions that it names",
    arguments: [
      (
        SystemQuestion("L", "W_f", "lstm"),
        [
          "∂L/∂W_f = ∑_{t=1}^T ((∂L/∂C_t)ᵀ ⊙ C_{t−1} ⊙ f_t ⊙ (1 − f_t)) h_{t−1}ᵀ",
          "with",
          "  ∂L/∂C_t = ∂L/∂h_t diag(o_t ⊙ tanh'(C_t)) + ∂L/∂C_{t+1} diag(f_{t+1})   for t < T",
          "  ∂L/∂C_T = ∂L/∂h_T diag(o_T ⊙ tanh'(C_T))",
        ]
      ),
      (
        SystemQuestion("L", "W", "rnn", .gradient),
        [
          "∂L/∂W = ∑_{t=0}^T (∂L/∂h_t ⊙ h_t ⊙ (1 − h_t)) h_{t−1}ᵀ",
          "with",
          "  ∂L/∂h_t = ∂L_t/∂h_t + Wᵀ (∂L/∂h_{t+1} ⊙ h_{t+1} ⊙ (1 − h_{t+1}))   for t < T",
          "  ∂L/∂h_T = ∂L_T/∂h_T",
        ]
      ),
      (
        SystemQuestion("L", "W_{xh}", "mlp"),
        ["∂L/∂W_{xh} = Xᵀ ((∂L/∂O W_{hq}ᵀ) ⊙ φ'(Z))"]
      ),
      (
        SystemQuestion("L", "S_t", "rnn-linear"),
        [
          "∂L/∂S_t = ∂L/∂S_{t+1} W_s − (Y_t − O_t)ᵀ W_o   for t < T",
          "with",
          "  ∂L/∂S_T = −(Y_T − O_T)ᵀ W_o",
          "  ∂L/∂S_0 = ∂L/∂S_1 W_s",
        ]
      ),
      (
        SystemQuestion("L", "b_h", "rnn-batch"),
        [
          "∂L/∂b_h = ∑_{t=1}^T 𝟏ᵀ (∂L/∂H_t ⊙ φ'(Z_t))",
          "with",
          "  ∂L/∂H_t = ∂L_t/∂O_t W_{hq}ᵀ + (∂L/∂H_{t+1} ⊙ φ'(Z_{t+1})) W_{hh}ᵀ   for t < T",
          "  ∂L/∂H_T = ∂L_T/∂O_T W_{hq}ᵀ",
        ]
      ),
      (
        SystemQuestion("h_t", "W", "rnn"),
        [
          "∂(h_t)_i/∂W = ∑_{k=0}^t ((∂(h_t)_i/∂h_k)ᵀ ⊙ h_k ⊙ (1 − h_k)) h_{k−1}ᵀ",
          "with",
          "  ∂(h_t)_i/∂h_k = ∂(h_t)_i/∂h_{k+1} diag(h_{k+1} ⊙ (1 − h_{k+1})) W   for -1 ≤ k < t",
        ]
      ),
      (
        SystemQuestion("L_t", "V", "lstm"),
        ["∂L_t/∂V = ((∂L_t/∂y_t)ᵀ ⊙ y_t ⊙ (1 − y_t)) h_tᵀ"]
      ),
      (
        SystemQuestion("c_t", "W_c", "lstm-stacked", isImmediate: true),
        ["∂⁺(c_t)_i/∂(W_c)_{jk} = (i_t)_i (1 − c̃_t ⊙ c̃_t)_i δ_{ij} (v_t)_k"]
      ),
      (
        SystemQuestion("f_t", "u_t", "lstm-gates", isImmediate: true),
        ["∂⁺f_t/∂u_t = [diag(f_t ⊙ (1 − f_t)), 0, 0, 0]"]
      ),
      (
        SystemQuestion("v_t", "c_{t-1}", "lstm-stacked"),
        ["∂v_t/∂c_{t−1} = [diag(o_{t−1} ⊙ tanh'(c_{t−1})); 0]"]
      ),
      (
        SystemQuestion("vec(H_t)", "vec(H_{t-2})", "rnn-batch"),
        [
          "∂vec(H_t)/∂vec(H_{t−2}) = diag(vec(φ'(Z_t))) (W_{hh}ᵀ ⊗ I) diag(vec(φ'(Z_{t−1}))) (W_{hh}ᵀ ⊗ I)"
        ]
      ),
      (
        SystemQuestion("vec(H_t)", "vec(C_t)", "lstm-batch"),
        ["∂vec(H_t)/∂vec(C_t) = diag(vec(O_t)) diag(vec(tanh'(C_t)))"]
      ),
    ])
  func answers(question: SystemQuestion, lines: [String]) throws {
    let answer = try question.answer()
    #expect(answer.outcome == .holds)
    #expect(answer.text.split(separator: "\n").prefix(lines.count).map(String.init) == lines)
    #expect(answer.text.contains("finite differences: largest relative error"))
  }

  @Test("of an unknown function by what it depends on say so")
  func unknown() throws {
    let answer = try SystemQuestion("L_t", "h_t", "rnn").answer()
    #expect(
      answer.text == "∂L_t/∂h_t stays as it is: L_t is an unknown function of h_t\n")
  }

  @Test(
    "by a script without its braces are refused with the right spelling",
    arguments: [
      ("C_t", "C_t-1", "lstm", "C_{t-1}"), ("L", "W_xh", "rnn-batch", "W_{xh}"),
      ("L", "W_hh", "gru", "W_{hh}"),
    ])
  func braces(expression: String, node: String, model: String, meant: String) {
    do {
      let answer = try SystemQuestion(expression, node, model).answer()
      Issue.record("answered: \(answer.text)")
    } catch {
      #expect(
        (error as? Refusal)?.message
          == "\(node) lacks braces: a script of more than one letter is written \(meant)")
    }
  }

  @Test("an explanation in which a step is moved is not accepted")
  func slip() throws {
    let text = try SystemQuestion("L", "W_f", "lstm").answer(isExplained: true).text
    let mark = "\\mathrm{diag}(f_{t+1})"
    #expect(text.ranges(of: mark).count == 1)
    let slipped = text.replacing(mark, with: "\\mathrm{diag}(f_t)")
    let check = Check([Document(path: "answer.md", text: Array(slipped.utf8))])
    #expect(check.outcome() == .fails)
  }
}
