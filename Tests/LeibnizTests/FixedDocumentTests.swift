import Expressions
import Testing

@testable import Checking

/// A page and what has to come of its claims, in their order.
struct FixedDocument: Sendable, CustomTestStringConvertible {
  enum Expected: Hashable, Sendable {
    case accepted, rejected, undecided
    case acceptedWith(Reading)
    /// Anything but accepted.
    case notAccepted
  }
  var name: String
  var expected: [Expected]
  var text: String

  init(_ name: String, _ expected: [Expected], _ text: String) {
    self.name = name
    self.expected = expected
    self.text = text
  }

  var testDescription: String { name }
}

@Suite("Pages that try to deceive")
struct FixedDocumentTests {
  @Test("get the verdicts that they deserve", arguments: FixedDocument.all)
  func verdicts(page: FixedDocument) { judge(page) }

  @Test("are known to deceive still", arguments: FixedDocument.known)
  func knownDefects(page: FixedDocument) {
    withKnownIssue(isIntermittent: true) { judge(page) }
  }

  private func judge(_ page: FixedDocument) {
    var workspace = Workspace()
    let derivation = Derivation(path: "page.md", text: page.text)
    let claims = derivation.verdicts(in: &workspace)
    #expect(claims.count == page.expected.count, "\(claims.count) claims")
    for (number, (claim, expected)) in zip(claims, page.expected).enumerated() {
      let verdict = claim.verdict
      let place = "claim \(number + 1): \(claim), not \(expected)"
      #expect(claim.code != .contradiction, "\(place)")
      switch expected {
      case .accepted: #expect(verdict.isAccepted, "\(place)")
      case .rejected: #expect(verdict.isRejected, "\(place)")
      case .undecided: #expect(verdict == .undecided, "\(place)")
      case .notAccepted: #expect(!verdict.isAccepted, "\(place)")
      case .acceptedWith(let reading):
        #expect(verdict.isAccepted && claim.readings.contains(reading), "\(place)")
      }
    }
  }
}

extension FixedDocument {
  /// Pages on which Leibniz is known to be wrong: `all` is where they belong once it is not.
  static let known: [FixedDocument] = windows + hidden + letters + [nested]

  static let all: [FixedDocument] = nothing + roots + shapes + steps + readings + layouts

  // MARK: Claims that say nothing

  private static let nothing = [
    FixedDocument(
      "zero equals zero", [.undecided, .undecided],
      #"""
      The state is $h_t = \tanh(W h_{t-1} + U x_t)$.

      $$\frac{\partial x_t}{\partial W} = \frac{\partial x_t}{\partial h_{t-1}} \frac{\partial h_{t-1}}{\partial W}$$

      $$W - W = 2 (U - U)$$
      """#),
    FixedDocument(
      "a zero that is the claim", [.accepted, .accepted, .rejected],
      #"""
      The state is $h_t = \tanh(W h_{t-1} + U x_t)$ for $t = 1, \dots, T$.

      $$\frac{\partial x_t}{\partial W} = 0$$

      $$\frac{\partial h_k}{\partial h_t} = 0, \quad k < t$$

      $$\frac{\partial h_t}{\partial h_k} = 0, \quad k < t$$
      """#),
    FixedDocument(
      "a derivative by a name that occurs nowhere", [.undecided, .undecided],
      #"""
      Let $W \in \mathbb{R}^{n\times n}$, $V \in \mathbb{R}^{n\times d}$, $s_t = \tanh(W s_{t-1} + x_t)$ for $t = 1, \dots, T$. The scalar $L$ depends on $s_T$.

      $$\frac{\partial L}{\partial V} = \sum_{k=1}^T \frac{\partial L}{\partial s_k} \frac{\partial s_k}{\partial V}$$

      $$\frac{\partial s_t}{\partial V} = 2 \frac{\partial s_t}{\partial V}$$
      """#),
    FixedDocument(
      "assumptions that no point satisfies together", [.notAccepted, .rejected],
      #"""
      Let $a, x \in \mathbb{R}$ and $y = a x$.

      - If <!-- leibniz: expect assumption --> $a > 2$ and <!-- leibniz: expect assumption --> $a < 1$, then <!-- leibniz: claim --> $\frac{\partial y}{\partial x} = a + 1$.
      - If <!-- leibniz: expect assumption --> $a > 2$, then <!-- leibniz: claim --> $\frac{\partial y}{\partial x} = a + 1$.
      """#),
    FixedDocument(
      "an assumption that empties both sides", [.undecided, .rejected, .accepted],
      #"""
      All numbers are scalars, $s_t = w\, s_{t-1}$ with $w, s_0 \in \mathbb{R}$.

      - Suppose <!-- leibniz: expect assumption --> $s_0 = 0$. Then $\frac{\partial s_t}{\partial w} = 3 t\, w^{t-1} s_0$.
      - Without that, $\frac{\partial s_t}{\partial w} = 3 t\, w^{t-1} s_0$, but $\frac{\partial s_t}{\partial w} = t\, w^{t-1} s_0$.
      """#),
    FixedDocument(
      "a denominator that vanishes identically", [.undecided],
      #"""
      For $x, y \in \mathbb{R}$ let $s = x^2 - x \cdot x$.

      $$\frac{y}{s} = \frac{3y}{s}$$
      """#),
  ]

  // MARK: Roots, quotients, kinks

  private static let roots = [
    FixedDocument(
      "the root of a square", [.rejected, .accepted, .accepted, .rejected],
      #"""
      Let $x \in \mathbb{R}$ and $r = \sqrt{x^2}$.

      $$r = x$$

      $$r = |x|$$

      Suppose <!-- leibniz: expect assumption --> $x > 0$. Then $r = x$.

      Suppose <!-- leibniz: expect assumption --> $x < 0$. Then $r = x$.
      """#),
    FixedDocument(
      "quotients are compared where they are defined", [.accepted, .accepted, .rejected],
      #"""
      For $x \in \mathbb{R}$:

      <!-- leibniz: claim -->
      $$\frac{x}{x} = 1$$

      <!-- leibniz: claim -->
      $$\frac{x^2 - 4}{x - 2} = x + 2$$

      <!-- leibniz: claim -->
      $$\frac{x^2 - 4}{x - 2} = x - 2$$
      """#),
    FixedDocument(
      "a kink", [.accepted, .rejected, .rejected, .accepted, .rejected],
      #"""
      Let $z \in \mathbb{R}$, $r = \max(0, z)$ and $a = |z|$.

      $$r = \frac{z + |z|}{2}$$

      $$\frac{d r}{d z} = 1$$

      $$\frac{d r}{d z} = 0$$

      $$\frac{d a}{d z} = \operatorname{sign}(z)$$

      $$\frac{d a}{d z} = 1$$
      """#),
    FixedDocument(
      "a rectified layer", [.rejected, .accepted],
      #"""
      Let $y = \mathrm{ReLU}(a)$ and $a = W x$ with $W \in \mathbb{R}^{n\times d}$, $x \in \mathbb{R}^d$.

      $$\frac{\partial y}{\partial x} = W$$

      $$\frac{\partial y}{\partial x} = \mathrm{diag}(\mathrm{ReLU}'(a))\, W$$
      """#),
  ]

  // MARK: True for one unit only

  private static let shapes = [
    FixedDocument(
      "true for one unit only", [.accepted, .rejected, .accepted, .rejected, .rejected],
      #"""
      Let $v, x \in \mathbb{R}^n$ and $W \in \mathbb{R}^{n\times n}$.

      <!-- leibniz: claim -->
      $$\mathrm{diag}(v)\, W x = v \odot (W x)$$

      <!-- leibniz: claim -->
      $$\mathrm{diag}(v)\, W x = W (v \odot x)$$

      $$u = v \odot (W x)$$

      $$\frac{\partial u}{\partial x} = \mathrm{diag}(v)\, W$$

      $$\frac{\partial u}{\partial x} = W\, \mathrm{diag}(v)$$

      <!-- leibniz: claim -->
      $$x^\top W x = x^\top x \operatorname{tr}(W)$$
      """#),
    FixedDocument(
      "symmetric only where the page says so", [.rejected, .accepted],
      #"""
      Let $A \in \mathbb{R}^{n\times n}$, $x \in \mathbb{R}^n$ and $q = x^\top A x$.

      $$\frac{\partial q}{\partial x} = 2 x^\top A$$

      Let $S \in \mathbb{R}^{n\times n}$ be symmetric and $p = x^\top S x$.

      $$\frac{\partial p}{\partial x} = 2 x^\top S$$
      """#),
    FixedDocument(
      "matrices do not commute", [.rejected, .rejected, .rejected, .accepted],
      #"""
      Let $A, B \in \mathbb{R}^{n\times n}$.

      <!-- leibniz: claim -->
      $$A B = B A$$

      <!-- leibniz: claim -->
      $$(A + B)^2 = A^2 + 2 A B + B^2$$

      <!-- leibniz: claim -->
      $$(A B)^\top = A^\top B^\top$$

      <!-- leibniz: claim -->
      $$\operatorname{tr}(A B) = \operatorname{tr}(B A)$$
      """#),
  ]

  // MARK: Wrong at some steps only

  private static let steps = [
    FixedDocument(
      "true for one step only", [.rejected, .accepted],
      #"""
      The state is $h_t = \tanh(W h_{t-1} + U x_t)$, $t = 1, \dots, T$, with $h_0$ given; the scalar $L_t$ depends on $h_t$ and $L = \sum_{t=1}^T L_t$.

      $$\frac{\partial L}{\partial U} = \sum_{t=1}^T \frac{\partial L_t}{\partial h_t} \frac{\partial^+ h_t}{\partial U}$$

      $$\frac{\partial L}{\partial U} = \sum_{t=1}^T \frac{\partial L}{\partial h_t} \frac{\partial^+ h_t}{\partial U}$$
      """#),
    FixedDocument(
      "a wrong term two steps away", [.accepted, .rejected, .rejected],
      #"""
      A cell with an output gate: $o_t = \sigma(V h_{t-1})$, $c_t = \tanh(A c_{t-1} + B h_{t-1})$, $h_t = o_t \odot c_t$, all matrices $n\times n$.

      $$\frac{\partial c_t}{\partial c_{t-1}} = \mathrm{diag}(1 - c_t^2)\, \big(A + B\, \mathrm{diag}(o_{t-1})\big)$$

      $$\frac{\partial c_t}{\partial c_k} = \prod_{j=k+1}^{t} \mathrm{diag}(1 - c_j^2)\, \big(A + B\, \mathrm{diag}(o_{j-1})\big)$$

      $$\frac{\partial c_t}{\partial c_{t-2}} = \frac{\partial c_t}{\partial c_{t-1}} \frac{\partial c_{t-1}}{\partial c_{t-2}}$$
      """#),
    FixedDocument(
      "a tiny first term is not forgotten", [.rejected, .accepted],
      #"""
      Starting from $h_{-1} = a$, every step $t = 0, 1, \dots, T$ computes $h_t = \sigma(W h_{t-1} + U x_t)$, and $L = \sum_{t=0}^T L_t$ with scalars $L_t$ that depend on $h_t$.

      $$\frac{\partial L}{\partial W} = \sum_{t=0}^T \sum_{k=1}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial^+ h_k}{\partial W}$$

      $$\frac{\partial L}{\partial W} = \sum_{t=0}^T \sum_{k=0}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial^+ h_k}{\partial W}$$
      """#),
    FixedDocument(
      "the last step has no successor", [.rejected],
      #"""
      The state is $h_t = \tanh(W h_{t-1} + U x_t)$ for $t = 1, \dots, T$, each scalar $L_t$ depends on $h_t$ and $L = \sum_{t=1}^T L_t$.

      $$\frac{\partial L}{\partial h_t} = \frac{\partial L}{\partial h_{t+1}} \frac{\partial h_{t+1}}{\partial h_t}$$
      """#),
  ]

  // MARK: Readings need a licence

  private static let readings = [
    FixedDocument(
      "a left-out slope absorbs no matrix", [.rejected, .rejected, .acceptedWith(.elidedArgument)],
      #"""
      $y = \sigma(Wx)$ with a square $W \in \mathbb{R}^{n\times n}$.

      $$\frac{\partial y}{\partial x} = \mathrm{diag}(\sigma')$$

      $$\frac{\partial y}{\partial x} = W\, \mathrm{diag}(\sigma')$$

      $$\frac{\partial y}{\partial x} = \mathrm{diag}(\sigma')\, W$$
      """#),
    FixedDocument(
      "a page that marks immediate derivatives means the others as they stand",
      [.rejected, .accepted],
      #"""
      For $t = 0, \dots, T$ let $h_t = \tanh(W h_{t-1} + U x_t)$; the scalar $L_t$ depends on $h_t$. The immediate derivative is $\partial^+$.

      $$\frac{\partial L_t}{\partial W} = \sum_{k=0}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}$$

      $$\frac{\partial L_t}{\partial W} = \sum_{k=0}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial^+ h_k}{\partial W}$$
      """#),
    FixedDocument(
      "a page that marks nothing may mean them immediate", [.acceptedWith(.immediate)],
      #"""
      For $t = 0, \dots, T$ let $h_t = \tanh(W h_{t-1} + U x_t)$; the scalar $L_t$ depends on $h_t$.

      $$\frac{\partial L_t}{\partial W} = \sum_{k=0}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}$$
      """#),
    FixedDocument(
      "quotients of one kind mean one thing", [.rejected],
      #"""
      Two steps, $h_1 = \tanh(W h_0 + U x_1)$ and $h_2 = \tanh(W h_1 + U x_2)$, from the computed start $h_0 = \tanh(W a + U x_0)$; $a$ is given and the scalar $L_2$ depends on $h_2$.

      $$\frac{\partial L_2}{\partial W} = \frac{\partial L_2}{\partial h_2} \frac{\partial h_2}{\partial W} + \frac{\partial L_2}{\partial h_2} \frac{\partial h_2}{\partial h_1} \frac{\partial h_1}{\partial W}$$
      """#),
    FixedDocument(
      "held between states, never for a loss and never by a bare product",
      [.acceptedWith(.held), .rejected, .rejected],
      #"""
      A cell: $f_t = \sigma(W_f h_{t-1})$, $o_t = \sigma(W_o h_{t-1})$, $C_t = f_t \odot C_{t-1} + h_{t-1}$, $h_t = o_t \odot \tanh(C_t)$, all of size $n$; the scalar $E_t$ depends on $h_t$.

      $$\frac{\partial C_t}{\partial C_k} = \prod_{j=k+1}^{t} \mathrm{diag}(f_j)$$

      $$\frac{\partial C_t}{\partial C_k} = \prod_{j=k+1}^{t} \frac{\partial C_j}{\partial C_{j-1}}$$

      $$\frac{\partial E_t}{\partial C_k} = \frac{\partial E_t}{\partial C_t} \prod_{j=k+1}^{t} \mathrm{diag}(f_j)$$
      """#),
    FixedDocument(
      "a page that says along all paths holds nothing", [.rejected],
      #"""
      A cell: $f_t = \sigma(W_f h_{t-1})$, $o_t = \sigma(W_o h_{t-1})$, $C_t = f_t \odot C_{t-1} + h_{t-1}$, $h_t = o_t \odot \tanh(C_t)$, all of size $n$.

      The total derivative along all paths is

      $$\frac{\partial C_t}{\partial C_k} = \prod_{j=k+1}^{t} \mathrm{diag}(f_j)$$
      """#),
    FixedDocument(
      "a start within the stated range is computed", [.rejected],
      #"""
      For every $t = 0, 1, \dots, T$ the network computes $h_t = \tanh(W h_{t-1} + U x_t)$ and a scalar loss $L_t$ that depends on $h_t$.

      $$\frac{\partial L_t}{\partial W} = \sum_{k=1}^{t} \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}$$
      """#),
    FixedDocument(
      "a missing matrix is not assumed to be the identity", [.rejected],
      #"""
      Let $y = \tanh(W x + b)$ with a square matrix $W \in \mathbb{R}^{n\times n}$.

      $$\frac{\partial y}{\partial x} = \mathrm{diag}(1 - y^2)$$
      """#),
  ]

  // MARK: Layouts

  private static let layouts = [
    FixedDocument(
      "a layout that is stated and not kept", [.accepted, .rejected],
      #"""
      We use numerator layout. Let $y = \tanh(W x)$ with $W \in \mathbb{R}^{n\times n}$.

      $$\frac{\partial y}{\partial x} = \mathrm{diag}(1 - y^2)\, W$$

      $$\frac{\partial y}{\partial x} = W^\top \mathrm{diag}(1 - y^2)$$
      """#),
    FixedDocument(
      "a layout stated by its entries", [.rejected, .accepted],
      #"""
      We collect partial derivatives as $\left(\frac{\partial y}{\partial x}\right)_{ij} = \frac{\partial y_i}{\partial x_j}$. Let $y = \tanh(Wx)$, $W \in \mathbb{R}^{n\times n}$.

      $$\frac{\partial y}{\partial x} = W^\top \mathrm{diag}(1 - y^2)$$

      $$\frac{\partial y}{\partial x} = \mathrm{diag}(1 - y^2)\, W$$
      """#),
    FixedDocument(
      "a layout set by directive", [.rejected, .accepted],
      #"""
      <!-- leibniz: layout denominator -->

      Let $y = \tanh(W x)$ with $W \in \mathbb{R}^{n\times d}$.

      $$\frac{\partial y}{\partial x} = \mathrm{diag}(1 - y^2)\, W$$

      $$\frac{\partial y}{\partial x} = W^\top \mathrm{diag}(1 - y^2)$$
      """#),
  ]

  // MARK: What no sample shows

  private static let windows = [
    FixedDocument(
      "a polynomial in the time that vanishes at the first five steps", [.notAccepted],
      #"""
      Let $x_t \in \mathbb{R}^n$ for $t = 0, \dots, T$, and $y_t = 2 x_t$.

      <!-- leibniz: claim -->
      $$t^5 y_t + 35 t^3 y_t + 24 t y_t = 10 t^4 y_t + 50 t^2 y_t$$
      """#),
    FixedDocument(
      "a kink far from zero", [.notAccepted, .notAccepted, .notAccepted, .notAccepted],
      #"""
      Let $x \in \mathbb{R}$.

      <!-- leibniz: claim -->
      $$|x - 10| = 10 - x$$

      <!-- leibniz: claim -->
      $$\max(5, x) = 5$$

      <!-- leibniz: claim -->
      $$\max(x, -50) = x$$

      <!-- leibniz: claim -->
      $$\sqrt{(x - 50)^2} = 50 - x$$
      """#),
    FixedDocument(
      "a difference below the last digit", [.notAccepted, .notAccepted, .notAccepted],
      #"""
      Let $x \in \mathbb{R}$.

      <!-- leibniz: claim -->
      $$\tanh(x^2 + 30) = 1$$

      <!-- leibniz: claim -->
      $$x \tanh(x^2 + 30) = x$$

      <!-- leibniz: claim -->
      $$\exp(10^{-20}) = 1$$
      """#),
  ]

  private static let hidden = [
    FixedDocument(
      "a saturated term of a definition", [.notAccepted],
      #"""
      Let $x \in \mathbb{R}$ and $y = x + \sigma(x - 60)$.

      $$\frac{\partial y}{\partial x} = 1$$
      """#),
    FixedDocument(
      "a kink of a definition far from zero", [.notAccepted],
      #"""
      Let $x \in \mathbb{R}$ and $y = \max(x, -100)$.

      $$\frac{\partial y}{\partial x} = 1$$
      """#),
    FixedDocument(
      "a kink of a recurrence far from zero", [.notAccepted],
      #"""
      For $t = 1, \dots, T$ let $c_t = \max(c_{t-1}, -30)$ with $c_t \in \mathbb{R}$.

      $$\frac{\partial c_t}{\partial c_{t-1}} = 1$$
      """#),
  ]

  private static let letters = [
    FixedDocument(
      "a stated range of a time that is written as a Greek letter", [.rejected],
      #"""
      For every $\tau = 0, 1, \dots, T$ the network computes $h_\tau = \tanh(W h_{\tau-1} + U x_\tau)$ and a scalar loss $L_\tau$ that depends on $h_\tau$.

      $$\frac{\partial L_\tau}{\partial W} = \sum_{k=1}^{\tau} \frac{\partial L_\tau}{\partial h_\tau} \frac{\partial h_\tau}{\partial h_k} \frac{\partial h_k}{\partial W}$$
      """#),
    FixedDocument(
      "a product from the later time down, in other letters than t and k", [.accepted],
      #"""
      For $m = 1, \dots, T$ let $h_m = \tanh(W h_{m-1} + x_m)$ with $W \in \mathbb{R}^{n\times n}$ and $x_m \in \mathbb{R}^n$.

      $$\frac{\partial h_m}{\partial h_k} = \prod_{j=m}^{k+1} \frac{\partial h_j}{\partial h_{j-1}}$$
      """#),
    FixedDocument(
      "a last step of another name, stated on the page that is given", [.accepted],
      #"""
      For $t = 0, \dots, M$ let $h_t = \tanh(W h_{t-1} + x_t)$ with $W \in \mathbb{R}^{n\times n}$; the scalar $L_t$ depends on $h_t$ and $L = \sum_{t=0}^M L_t$.

      Take <!-- leibniz: assume M = 1 --> one step. Then

      $$\frac{\partial L}{\partial h_0} = \frac{\partial L_0}{\partial h_0} + \frac{\partial L_1}{\partial h_0}$$
      """#),
  ]

  /// The numbers cut off a in the inner derivative as well, the rules do not.
  private static let nested = FixedDocument(
    "a derivative of a derivative by a node between", [.accepted],
    #"""
    Let $x, b \in \mathbb{R}$, $a = x + b$ and $y = a^2$.

    $$\frac{\partial}{\partial a} \frac{\partial y}{\partial b} = 2$$
    """#)
}
