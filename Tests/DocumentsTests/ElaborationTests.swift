import Expressions
import Notation
import Testing

@testable import Documents

@Test(
  "times, entries, labels, powers and copies",
  arguments: [
    ("$h_t = \\tanh(h_{t-1})$", "tanh(h@t-1)"),
    ("$h_t = h_{t-1}$ and $y = h_T$", "h@T"),
    ("$q_{k+1} = A q_k$ and $y = q_{2k-1}$", "q@2 k-1"),
    ("$h^{(t)} = \\tanh(h^{(t-1)})$", "tanh(h@t-1)"),
    ("$h^{(t)} \\in \\mathbb{R}^n$, $h_i^{(t)} = h_i^{(t-1)}$", "h@t-1[i]"),
    ("$h_i^t = h_i^{t-1} + h_j^{t-1}$", "(h@t-1[i] + h@t-1[j])"),
    ("$h_t = h_{t-1}$, $y = h_t^2$", "h@t^2"),
    ("$s_t = s_{t-1}$, $y = s_3^2$", "s@3^2"),
    ("$a^f_t = a^f_{t-1}$", "a_f@t-1"),
    ("$x \\in \\mathbb{R}^n$, $y = x_i$", "x[i]"),
    ("$x \\in \\mathbb{R}^n$, $y = x_3 + x_n$", "(x[3] + x[n])"),
    ("$W \\in \\mathbb{R}^{n\\times d}$, $y = w_{ij}$", "W[i,j]"),
    ("$W \\in \\mathbb{R}^{n\\times d}$, $y = W_{ij}$", "W[i,j]"),
    ("$z = W_{hh} h$", "(W_{hh} h)"),
    ("$h_t = W_fh_{t-1}$", "(W_f h@t-1)"),
    ("$Y = W^{30}$", "W^30"),
    ("$h_t = W h_{t-1}$, $Y = W^{t-1}$", "W^<t-1>"),
    ("$y = w^{t} + t$", "(w^<t> + <t>)"),
    ("$h_t = U h_{t-1}$, $y = U^{(2)}$", "U~2"),
    ("$h_t = U h_{t-1}$, $y = U^{(t)}x$", "(U~t x)"),
    ("$h_t = \\tilde C_t$", "\\tilde{C}@t"),
    ("$h^{\\langle t\\rangle} = h^{\\langle t-1\\rangle}$", "h@t-1"),
    ("$h[t] = \\tanh(h[t-1])$", "tanh(h@t-1)"),
  ])
func scripts(text: String, spelled: String) throws {
  #expect(try lastRightSide(text) == spelled)
}

@Test(
  "transposes and inverses",
  arguments: [
    ("$y = W^\\top x$", "(T(W) x)"), ("$y = W^T x$", "(T(W) x)"),
    ("$y = W^{-1} x$", "(W^-1 x)"), ("$y = W^{-\\top}$", "T(W^-1)"),
    ("$y = (Wx)^\\top$", "T((W x))"), ("$h_t = h_{t-1}^\\top$", "T(h@t-1)"),
    ("$h^{(t)} = h^{(t-1)\\top}$", "T(h@t-1)"),
    ("$h_t = h_{t-1}$, $y = \\sum_{t=1}^{T} h_t^\\top$", "sum[t=1..T](T(h@t))"),
  ])
func transposes(text: String, spelled: String) throws {
  #expect(try lastRightSide(text) == spelled)
}

@Test(
  "functions",
  arguments: [
    ("$y = \\sigma(Wx)$", "sigmoid((W x))"), ("$y = \\tanh c$", "tanh(c)"),
    ("$y = \\tanh^2(c)$", "(tanh(c) ⊙ tanh(c))"), ("$y = \\sigma'(z)$", "sigmoid'(z)"),
    ("$y = \\tanh''(z)$", "tanh''(z)"), ("$D = \\mathrm{diag}(\\sigma')$", "diag(sigmoid'?)"),
    ("$D = \\text{diag}(\\sigma'(\\cdot))$", "diag(sigmoid'?)"),
    ("$y = \\exp(-z)$", "exp(-z)"), ("$y = e^{x_t}$", "exp(x@t)"),
    ("$y = \\sqrt{z}$", "sqrt(z)"),
    ("$y = \\ln z$", "log(z)"), ("$y = \\mathrm{ReLU}(z)$", "relu(z)"),
    ("$y = |z|$", "absolute(z)"), ("$y = \\|z\\|$", "norm(z)"),
    ("$y = \\|z\\|_2^2$", "spectralNorm(z)^2"), ("$y = \\max(0, z)$", "max(0, z)"),
    ("$y = \\operatorname{tr}(A B)$", "trace((A B))"), ("$y = \\det A$", "determinant(A)"),
    ("$y = \\mathrm{softmax}(z)$", "softmax(z)"), ("$y = \\mathrm{vec}(A)$", "vec(A)"),
    ("$y = \\phi(z)$", "\\phi(z)"), ("$y = f'(x)$", "f'(x)"),
    ("$r(z) = z^2$ and $y = r(x)$", "x^2"),
  ])
func functions(text: String, spelled: String) throws {
  #expect(try lastRightSide(text) == spelled)
}

@Test(
  "operators, numbers and constants",
  arguments: [
    ("$y = a \\odot b \\odot c$", "(a ⊙ b ⊙ c)"), ("$y = a \\circ b$", "(a ⊙ b)"),
    ("$y = A \\otimes B$", "(A ⊗ B)"), ("$y = a \\cdot b \\cdot c$", "(a b c)"),
    ("$y = a b + c - d$", "((a b) + c + -d)"), ("$y = a / b$", "(a / b)"),
    ("$y = -\\frac12 a$", "-((1 / 2) a)"), ("$y = 0.25$", "1/4#2"), ("$y = 17$", "17"),
    ("$y = I x$", "(I x)"), ("$y = I_n$", "I"), ("$y = \\mathbf{1}$", "ones"),
    ("$y = e_i$", "e_i"), ("$y = \\delta_{ij}$", "delta[i,j]"),
    ("$y = \\begin{bmatrix} a & b \\\\ c & d \\end{bmatrix}$", "[2×2](a, b, c, d)"),
    ("$h_t = W [h_{t-1}; x_t]$", "(W [2×1](h@t-1, x@t))"),
  ])
func operators(text: String, spelled: String) throws {
  #expect(try lastRightSide(text) == spelled)
}

@Test(
  "sums and products",
  arguments: [
    ("$h_t = h_{t-1}$, $y = \\sum_{k=0}^{t} h_k$", "sum[k=0..t](h@k)"),
    (
      "$h_t = h_{t-1}$, $y = \\sum_{k=0}^{t} \\sum_{j=k}^{t} h_j a$",
      "sum[k=0..t](sum[j=k..t]((h@j a)))"
    ),
    ("$h_t = W_t h_{t-1}$, $y = \\prod_{i=k+1}^{t} W_i$", "prod[i=k+1..t up](W@i)"),
    ("$h_t = W_t h_{t-1}$, $y = \\prod_{i=t}^{k+1} W_i$", "prod[i=k+1..t down](W@i)"),
    ("$h_t = W_t h_{t-1}$, $y = \\prod_{i=T}^{1} W_i$", "prod[i=1..T down](W@i)"),
    (
      "$W \\in \\mathbb{R}^{n\\times d}$, $x \\in \\mathbb{R}^d$, $y = \\sum_{j=1}^{d} w_{ij} x_j$",
      "sum[j]((W[i,j] x[j]))"
    ),
    ("$x \\in \\mathbb{R}^n$, $y = \\sum_i x_i^2$", "sum[i](x[i]^2)"),
  ])
func sums(text: String, spelled: String) throws {
  #expect(try lastRightSide(text) == spelled)
}

@Test(
  "derivatives",
  arguments: [
    ("$D = \\frac{\\partial y}{\\partial x}$", "∂(y / x)"),
    ("$D = \\partial y / \\partial x$", "∂(y / x)"),
    ("$D = \\frac{dy}{dx}$", "∂(y / x)"), ("$D = \\frac{\\mathrm d y}{\\mathrm d x}$", "∂(y / x)"),
    ("$D = \\frac{\\partial}{\\partial x} (Wx)$", "∂((W x) / x)"),
    ("$D = \\frac{\\partial^+ h_t}{\\partial W}$", "∂⁺(h@t / W)"),
    (
      "$D = \\frac{\\partial h_t}{\\partial h_{t-1}} \\frac{\\partial h_{t-1}}{\\partial W}$",
      "(∂(h@t / h@t-1) ∂(h@t-1 / W))"
    ),
    ("$D = \\frac{\\partial \\sigma(Wx)}{\\partial Wx}$", "∂(sigmoid((W x)) / (W x))"),
    ("$D = \\frac{\\partial y}{\\partial (Wx + b)}$", "∂(y / ((W x) + b))"),
    ("$x, y \\in \\mathbb{R}^n$, $D = \\frac{\\partial y_i}{\\partial x_j}$", "∂(y[i] / x[j])"),
    ("$h_t = U h_{t-1}$, $D = \\frac{\\partial L}{\\partial U^{(2)}}$", "∂(L / U~2)"),
    ("$D = \\nabla_x E$", "∂[gradient](E / x)"),
    ("$D = \\nabla_x^2 E$", "∂(∂[gradient](E / x) / x)"),
    ("$D = \\frac{\\partial^2 E}{\\partial x^2}$", "∂(∂[gradient](E / x) / x)"),
    ("$D = \\frac{\\partial^2 E}{\\partial x \\partial y^\\top}$", "∂(∂[gradient](E / x) / y)"),
  ])
func derivatives(text: String, spelled: String) throws {
  #expect(try lastRightSide(text) == spelled)
}

@Test(
  "gradients by name and differentials",
  arguments: [
    (
      "Write $\\delta_t$ for $\\partial L/\\partial z_t$. Then $D = \\delta_t$", "∂(L / z@t)"
    ),
    (
      "Write $\\delta_t$ for $\\partial L/\\partial z_t$. Then $D = \\delta_{t+1}$", "∂(L / z@t+1)"
    ),
    ("Write $g$ for $\\partial L/\\partial h$. Then $D = g^\\top$", "T(∂(L / h))"),
    (
      "For the scalar loss $L$ write $dX$ for $\\partial L/\\partial X$. $D = dW_h$",
      "∂[gradient](L / W_h)"
    ),
    ("$D = \\mathrm{d}X$", "D(X)"), ("$D = \\mathrm{d}(X^\\top X)$", "D((T(X) X))"),
    ("$D = \\mathrm{d} \\operatorname{tr}(A X)$", "D(trace((A X)))"),
    ("$D = A\\, \\mathrm{d}X\\, B$", "(A D(X) B)"),
  ])
func namedGradients(text: String, spelled: String) throws {
  #expect(try lastRightSide(text) == spelled)
}

private struct Damage: Sendable, CustomTestStringConvertible {
  let text: String
  let reason: Unreadable.Reason
  var testDescription: String { text }
  init(_ text: String, _ reason: Unreadable.Reason) { (self.text, self.reason) = (text, reason) }
}

@Test(
  "what has no meaning, and why",
  arguments: [
    Damage("$y = \\frac{\\partial y}{\\partial}$", .missingOperand),
    Damage("$y = \\frac{\\partial y}{x}$", .derivative),
    Damage("$y = \\sum^{3} x$", .sumBounds),
    Damage("$y = a +$", .token(UnreadReasonText(.missingOperand))),
    Damage("$y = A \\cup B$", .operatorSign),
    Damage("$y = W^*$", .exponent),
    Damage("$y = \\sigma$", .arguments),
    Damage("$y = \\begin{bmatrix} a & b \\\\ c \\end{bmatrix}$", .noMeaning),
  ])
private func unreadable(damage: Damage) {
  var reading = PageReading(damage.text)
  guard let last = reading.page.statements.last else {
    Issue.record("no statement")
    return
  }
  do {
    let sides = try reading.sides(of: last)
    Issue.record("read as \(sides)")
  } catch {
    #expect(error.reason == damage.reason)
  }
}

@Test("every written part keeps its place in the formula")
func places() throws {
  var w = Workspace()
  let text = "a + W\\tanh(x)"
  let formula = Formula(parsing: Array(text.utf8), macros: MacroTable())
  var elaborator = Elaborator(
    page: PageNotation(lexicon: Lexicon(surveying: [formula])), table: SymbolTable(),
    layout: .numerator)
  let written = try elaborator.elaborate(formula, in: &w)
  func part(_ steps: [Int]) -> String {
    let span = written.span(at: Path(steps))
    return String(decoding: Array(text.utf8)[span.start..<span.end], as: UTF8.self)
  }
  #expect(part([]) == text)
  #expect(part([0]) == "a")
  #expect(part([1]) == "W\\tanh(x)")
  #expect(part([1, 0]) == "W")
  #expect(part([1, 1]) == "\\tanh(x)")
  #expect(part([1, 1, 0]) == "x")
}
