import Testing

@testable import Leibniz

/// What is asked of `derive`, and the line that answers it.
struct Question: Sendable, CustomTestStringConvertible {
  var expression: String
  var node: String
  var answer: String
  var layout: LayoutName?

  init(_ expression: String, _ node: String, _ answer: String, _ layout: LayoutName? = nil) {
    self.expression = expression
    self.node = node
    self.answer = answer
    self.layout = layout
  }

  var testDescription: String {
    expression + " by " + node + (layout.map { ", " + $0.rawValue } ?? "")
  }

  func request(isExplained: Bool) -> DerivativeRequest {
    DerivativeRequest(
      expression: expression, node: node, model: nil, held: [], isImmediate: false,
      layout: layout, isExplained: isExplained)
  }

  static let all: [Question] = [
    Question("a^T x", "x", "∂(aᵀ x)/∂x = aᵀ"),
    Question("x^T a", "x", "∂(xᵀ a)/∂x = aᵀ"),
    Question("A x", "x", "∂(A x)/∂x = A"),
    Question("x^T A", "x", "∂(xᵀ A)/∂x = Aᵀ"),
    Question("b^T A x", "x", "∂(bᵀ A x)/∂x = bᵀ A"),
    Question("b^T A x", "A", "∂(bᵀ A x)/∂A = b xᵀ"),
    Question("a^T X b", "X", "∂(aᵀ X b)/∂X = a bᵀ"),
    Question("a^T X^T b", "X", "∂(aᵀ Xᵀ b)/∂X = b aᵀ"),
    Question("x^T A x", "x", "∂(xᵀ A x)/∂x = xᵀ (Aᵀ + A)"),
    Question("x^T x", "x", "∂(xᵀ x)/∂x = 2 xᵀ"),
    Question("a^T x x^T b", "x", "∂(aᵀ x xᵀ b)/∂x = xᵀ (b aᵀ + a bᵀ)"),
    Question("(x - a)^T S (x - a)", "x", "∂((x − a)ᵀ S (x − a))/∂x = (x − a)ᵀ (Sᵀ + S)"),
    Question(
      "(A x + b)^T C (D x + d)", "x",
      "∂((A x + b)ᵀ C (D x + d))/∂x = (D x + d)ᵀ Cᵀ A + (A x + b)ᵀ C D"),
    Question("||A x - b||^2", "x", "∂‖A x − b‖^2/∂x = 2 (A x − b)ᵀ A"),
    Question("||A x - b||", "x", "∂‖A x − b‖/∂x = (A x − b)ᵀ A/‖A x − b‖"),
    Question("||x||", "x", "∂‖x‖/∂x = xᵀ/‖x‖"),
    Question("||x||^2", "x", "∂‖x‖^2/∂x = 2 xᵀ"),
    Question("||x||^3", "x", "∂‖x‖^3/∂x = 3 ‖x‖ xᵀ"),
    Question("x / ||x||", "x", "∂(x/‖x‖)/∂x = I/‖x‖ − x xᵀ/‖x‖^3"),
    Question("1 / ||x||", "x", "∂(1/‖x‖)/∂x = −xᵀ/‖x‖^3"),
    Question("||x - a||^2", "x", "∂‖x − a‖^2/∂x = 2 (x − a)ᵀ"),
    Question("exp(-||x - a||^2)", "x", "∂exp(−‖x − a‖^2)/∂x = −2 exp(−‖x − a‖^2) (x − a)ᵀ"),
    Question("||X||_F^2", "X", "∂‖X‖^2/∂X = 2 X"),
    Question("||X W - Y||_F^2", "W", "∂‖X W − Y‖^2/∂W = 2 Xᵀ (X W − Y)"),
    Question("||X W - Y||_F^2", "X", "∂‖X W − Y‖^2/∂X = 2 (X W − Y) Wᵀ"),
    Question("tr(A X)", "X", "∂tr(A X)/∂X = Aᵀ"),
    Question("tr(A X B)", "X", "∂tr(A X B)/∂X = Aᵀ Bᵀ"),
    Question("tr(A X^T B)", "X", "∂tr(A Xᵀ B)/∂X = B A"),
    Question("tr(X^T X)", "X", "∂tr(Xᵀ X)/∂X = 2 X"),
    Question("tr(X^T A X)", "X", "∂tr(Xᵀ A X)/∂X = (A + Aᵀ) X"),
    Question("tr(A X B X^T)", "X", "∂tr(A X B Xᵀ)/∂X = Aᵀ X Bᵀ + A X B"),
    Question("tr(X^2)", "X", "∂tr(X^2)/∂X = 2 Xᵀ"),
    Question("tr(X^3)", "X", "∂tr(X^3)/∂X = 3 (X^2)ᵀ"),
    Question("tr(X^{-1})", "X", "∂tr(X^{−1})/∂X = −(X^{−2})ᵀ"),
    Question("tr(A X^{-1} B)", "X", "∂tr(A X^{−1} B)/∂X = −(X^{−1})ᵀ Aᵀ Bᵀ (X^{−1})ᵀ"),
    Question("a^T X^{-1} b", "X", "∂(aᵀ X^{−1} b)/∂X = −(X^{−1})ᵀ a bᵀ (X^{−1})ᵀ"),
    Question("det X", "X", "∂det(X)/∂X = det(X) (X^{−1})ᵀ"),
    Question("log det X", "X", "∂log(det(X))/∂X = (X^{−1})ᵀ"),
    Question("det(A X B)", "X", "∂det(A X B)/∂X = det(A X B) Aᵀ ((A X B)^{−1})ᵀ Bᵀ"),
    Question("sigma(x)", "x", "∂σ(x)/∂x = diag(σ'(x))"),
    Question("tanh(W x + b)", "x", "∂tanh(W x + b)/∂x = diag(tanh'(W x + b)) W"),
    Question("sigma(W x + b)", "W", "∂(σ(W x + b))_i/∂W_{jk} = (σ'(b + W x))_i δ_{ij} x_k"),
    Question("W x + b", "b", "∂(W x + b)/∂b = I"),
    Question("W x", "W", "∂(W x)_i/∂W_{jk} = δ_{ij} x_k"),
    Question("A x", "A", "∂(A x)_i/∂A_{jk} = δ_{ij} x_k"),
    Question("softmax(x)", "x", "∂softmax(x)/∂x = diag(softmax(x)) − softmax(x) (softmax(x))ᵀ"),
    Question(
      "softmax(W x)", "x",
      "∂softmax(W x)/∂x = (diag(softmax(W x)) − softmax(W x) (softmax(W x))ᵀ) W"),
    Question("log(softmax(x))", "x", "∂log(softmax(x))/∂x = I − 𝟏 (softmax(x))ᵀ"),
    Question(
      "y^T log(softmax(W x))", "x", "∂(yᵀ log(softmax(W x)))/∂x = yᵀ W − (𝟏ᵀ y) (softmax(W x))ᵀ W"),
    Question("log(sum_{i=1}^n exp(x_i))", "x", "∂log(∑_{i=1}^n exp(x_i))/∂x = (softmax(x))ᵀ"),
    Question("sum_{i=1}^n softplus(x_i)", "x", "∂(∑_{i=1}^n softplus(x_i))/∂x = (σ(x))ᵀ"),
    Question("sum_{i=1}^n x_i^2", "x", "∂(∑_{i=1}^n (x_i)^2)/∂x = 2 xᵀ"),
    Question("x ⊙ y", "x", "∂(x ⊙ y)/∂x = diag(y)"),
    Question("x ⊙ x", "x", "∂(x ⊙ x)/∂x = 2 diag(x)"),
    Question("exp(x)", "x", "∂exp(x)/∂x = diag(exp(x))"),
    Question("log(x)", "x", "∂log(x)/∂x = diag(1/x)"),
    Question("V tanh(W x)", "x", "∂(V tanh(W x))/∂x = V diag(tanh'(W x)) W"),
    Question("c^T tanh(W x)", "W", "∂(cᵀ tanh(W x))/∂W = (c ⊙ tanh'(W x)) xᵀ"),
    Question("c^T V tanh(W x)", "V", "∂(cᵀ V tanh(W x))/∂V = c (tanh(W x))ᵀ"),
    Question(
      "||V tanh(W x) - y||^2", "W",
      "∂‖V tanh(W x) − y‖^2/∂W = 2 ((Vᵀ (V tanh(W x) − y)) ⊙ tanh'(W x)) xᵀ"),
    Question(
      "||V tanh(W x) - y||^2", "x",
      "∂‖V tanh(W x) − y‖^2/∂x = 2 ((Vᵀ (V tanh(W x) − y)) ⊙ tanh'(W x))ᵀ W"),
    Question(
      "x^T A x / (x^T x)", "x",
      "∂(xᵀ A x/(xᵀ x))/∂x = xᵀ Aᵀ/(xᵀ x) + xᵀ A/(xᵀ x) − 2 (xᵀ A x) xᵀ/(xᵀ x)^2"),
    Question("a^T x / (b^T x)", "x", "∂(aᵀ x/(bᵀ x))/∂x = aᵀ/(bᵀ x) − (aᵀ x) bᵀ/(bᵀ x)^2"),
    Question("(x^T A x) x", "x", "∂((xᵀ A x) x)/∂x = (xᵀ A x) I + x xᵀ Aᵀ + x xᵀ A"),
    Question("exp(a^T x)", "x", "∂exp(aᵀ x)/∂x = exp(aᵀ x) aᵀ"),
    Question("log(1 + exp(a^T x))", "x", "∂log(1 + exp(aᵀ x))/∂x = exp(aᵀ x) aᵀ/(1 + exp(aᵀ x))"),
    Question("sigma(a^T x)", "x", "∂σ(aᵀ x)/∂x = σ'(aᵀ x) aᵀ"),
    Question("sqrt(x^T x + 1)", "x", "∂sqrt(xᵀ x + 1)/∂x = xᵀ/sqrt(xᵀ x + 1)"),
    Question("x^T A x", "x,x", "∂²(xᵀ A x)/(∂x ∂xᵀ) = A + Aᵀ"),
    Question("||A x - b||^2", "x,x", "∂²‖A x − b‖^2/(∂x ∂xᵀ) = 2 Aᵀ A"),
    Question(
      "log(sum_{i=1}^n exp(x_i))", "x,x",
      "∂²log(∑_{i=1}^n exp(x_i))/(∂x ∂xᵀ) = diag(softmax(x)) − softmax(x) (softmax(x))ᵀ"),
    Question(
      "log(1 + exp(a^T x))", "x,x",
      "∂²log(1 + exp(aᵀ x))/(∂x ∂xᵀ) = exp(aᵀ x) a aᵀ/(1 + exp(aᵀ x)) − exp^2(aᵀ x) a aᵀ/(1 + exp(aᵀ x))^2"
    ),
    Question("||x||", "x,x", "∂²‖x‖/(∂x ∂xᵀ) = I/‖x‖ − x xᵀ/‖x‖^3"),
    Question("exp(a^T x)", "x,x", "∂²exp(aᵀ x)/(∂x ∂xᵀ) = exp(aᵀ x) a aᵀ"),
    Question("x^3", "x", "∂x^3/∂x = 3 diag(x^2)"),
    Question("x_1^2 + x_2", "x", "∂((x_1)^2 + x_2)/∂x = e_2ᵀ + 2 x_1 e_1ᵀ"),
    Question("x_1 A x", "x", "∂(x_1 A x)/∂x = x_1 A + A x e_1ᵀ"),
    Question("x_2/x_3", "x", "∂(x_2/x_3)/∂x = e_2ᵀ/x_3 − x_2 e_3ᵀ/(x_3)^2"),
    Question("x_1 x_2", "x,x", "∂²(x_1 x_2)/(∂x ∂xᵀ) = e_2 e_1ᵀ + e_1 e_2ᵀ"),
    Question("sin(x)", "x", "∂sin(x)/∂x = diag(cos(x))"),
    Question("x^T A x", "x", "∂(xᵀ A x)/∂x = (A + Aᵀ) x", .denominator),
    Question("x^T A x", "x", "∂(xᵀ A x)/∂x = (A + Aᵀ) x", .gradient),
    Question("A x", "x", "∂(A x)/∂x = Aᵀ", .denominator),
    Question("A x", "A", "∂(A x)_k/∂A_{ij} = δ_{ik} x_j", .denominator),
    Question("x / ||x||", "x", "∂(x/‖x‖)/∂x = I/‖x‖ − x xᵀ/‖x‖^3", .denominator),
    Question(
      "softmax(W x)", "x",
      "∂softmax(W x)/∂x = Wᵀ (diag(softmax(W x)) − softmax(W x) (softmax(W x))ᵀ)", .denominator),
    Question(
      "softmax(W x)", "x",
      "∂softmax(W x)/∂x = (diag(softmax(W x)) − softmax(W x) (softmax(W x))ᵀ) W", .gradient),
    Question("||A x - b||^2", "x", "∂‖A x − b‖^2/∂x = 2 Aᵀ (A x − b)", .gradient),
    Question(
      "log(sum_{i=1}^n exp(x_i))", "x", "∂log(∑_{i=1}^n exp(x_i))/∂x = softmax(x)", .gradient),
    Question("c^T tanh(W x)", "W", "∂(cᵀ tanh(W x))/∂W = (c ⊙ tanh'(W x)) xᵀ", .denominator),
    Question("c^T tanh(W x)", "x", "∂(cᵀ tanh(W x))/∂x = Wᵀ (c ⊙ tanh'(W x))", .gradient),
    Question("W x + b", "W", "∂(W x + b)_i/∂W_{jk} = δ_{ij} x_k", .gradient),
    Question("tr(A X B X^T)", "X", "∂tr(A X B Xᵀ)/∂X = Aᵀ X Bᵀ + A X B", .denominator),
    Question("x^T A x", "x,x", "∂²(xᵀ A x)/(∂x ∂xᵀ) = A + Aᵀ", .gradient),
    Question("vec(A X B)", "vec(X)", "∂vec(A X B)/∂vec(X) = Bᵀ ⊗ A"),
    Question("vec(X^{-1})", "vec(X)", "∂vec(X^{−1})/∂vec(X) = −(X^{−1})ᵀ ⊗ X^{−1}"),
    Question("vec(X X)", "vec(X)", "∂vec(X X)/∂vec(X) = Xᵀ ⊗ I + I ⊗ X"),
    Question("vec(X \\odot X)", "vec(X)", "∂vec(X ⊙ X)/∂vec(X) = 2 diag(vec(X))"),
    Question("vec(X^T X)", "vec(X)", "∂(Xᵀ X)_{ij}/∂X_{kl} = X_{ki} δ_{jl} + δ_{il} X_{kj}"),
  ]
}

@Suite("Derivatives on request")
struct DerivativeTests {
  @Test(
    "are answered in the notation of a person, with their error",
    arguments: Question.all)
  func answers(question: Question) throws {
    let answer = try derive(question.request(isExplained: false))
    #expect(answer.outcome == .holds)
    let lines = answer.text.split(separator: "\n")
    #expect(lines.first.map(String.init) == question.answer)
    #expect(answer.text.contains("finite differences: largest relative error"))
  }

  @Test(
    "explain themselves in a document that is accepted in full",
    arguments: Question.all)
  func explanations(question: Question) throws {
    let answer = try derive(question.request(isExplained: true))
    let check = Check([Document(path: "answer.md", text: Array(answer.text.utf8))])
    #expect(check.outcome(isStrict: true) == .holds)
    let expected = answer.text.split(separator: "\n").filter { $0.contains("expect accepted") }
      .count
    #expect(expected >= 2)
    #expect(check.report(.text).contains("\(expected) as expected."))
  }

  @Test("an explanation with a slip in its last line is not accepted", arguments: Question.all)
  func slips(question: Question) throws {
    let answer = try derive(question.request(isExplained: true))
    guard let equals = answer.text.range(of: " = ", after: "differential:") else {
      Issue.record("no last line")
      return
    }
    let text = answer.text[..<equals.upperBound] + "2\\, " + answer.text[equals.upperBound...]
    let check = Check([Document(path: "answer.md", text: Array(String(text).utf8))])
    #expect(check.outcome() == .fails)
  }

  @Test(
    "a question that cannot be answered says what there is",
    arguments: [
      ("W x", "q", "nothing is called q here; there are: W, x"),
      ("x^T A x", "x,A", "a second derivative is taken by one variable twice: --by x,x"),
      (
        "W x", "3",
        "3 holds no variable, so that nothing can be differentiated by it; there are: W, x"
      ),
    ])
  func refusals(expression: String, node: String, message: String) {
    let question = Question(expression, node, "")
    do {
      let answer = try derive(question.request(isExplained: false))
      Issue.record("answered: \(answer.text)")
    } catch {
      #expect(error.message == message)
    }
  }
}

extension String {
  /// The first occurrence of a text behind the last one of another.
  fileprivate func range(of text: String, after mark: String) -> Range<String.Index>? {
    guard let start = ranges(of: mark).last?.upperBound else { return nil }
    return self[start...].ranges(of: text).first
  }
}
