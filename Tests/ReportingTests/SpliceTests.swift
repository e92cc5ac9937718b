import Checking
import Documents
import Expressions
import Testing

@testable import Reporting

@Suite("Mends as source text")
struct SpliceTests {
  private static let tanh = #"""
    $h_t = \tanh(W h_{t-1} + U x_t)$ for $t = 1, \dots, T$ with $h_t \in \mathbb{R}^n$, $L = \sum_{t=1}^T L_t$, \
    and $L_t$ is a scalar loss of $h_t$ alone. We use numerator layout.


    """#
  private static let lstm = #"""
    $C_t = f_t \odot C_{t-1} + i_t \odot g_t$, $h_t = o_t \odot \tanh(C_t)$, $f_t = \sigma(F h_{t-1})$,
    $i_t = \sigma(A h_{t-1})$, $g_t = \tanh(G h_{t-1})$, $o_t = \sigma(O h_{t-1})$, all of them in $\mathbb{R}^n$.
    $L_3$ is a scalar loss of $h_3$. We use numerator layout.


    """#

  private static let backward = #"""
    $f_t = \sigma(F h_{t-1})$, $i_t = \sigma(A h_{t-1})$, $o_t = \sigma(O h_{t-1})$, $g_t = \tanh(G h_{t-1})$,
    $C_t = f_t \odot C_{t-1} + i_t \odot g_t$ and $h_t = o_t \odot \tanh(C_t)$ for $t = 1, \dots, T$; $L = \sum_{t=1}^T L_t$,
    and $L_t$ is a scalar loss of $h_t$ alone. Gradients have the shape of the variable.


    """#
  private static let batch = #"""
    $Z_t = X_t U + H_{t-1} W + b$, $H_t = \tanh(Z_t)$ for $t = 1, \dots, T$ with X_t ∈ ℝ^{m×d}, H_t ∈ ℝ^{m×n} and
    b ∈ ℝ^{1×n}; $L = \sum_{t=1}^T L_t$, and $L_t$ is a scalar loss of $H_t$ alone. Gradients have the shape of the
    variable.


    """#

  @Test(
    "only what is wrong changes, in the author's words",
    arguments: [
      (
        tanh,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}}\,\mathrm{diag}(1-h_t\odot h_t)\,W"#,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}}\,\mathrm{diag}(1-h_{t+1}\odot h_{t+1})\,W"#
      ),
      (
        tanh, #"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1-h_t^2)\, W^\top"#,
        #"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1-h_t^2)\, W"#
      ),
      (
        tanh,
        #"\frac{\partial h_t}{\partial h_k} = \prod_{i=k}^{t} \frac{\partial h_i}{\partial h_{i-1}}"#,
        #"\frac{\partial h_t}{\partial h_k} = \prod_{i=k+1}^{t} \frac{\partial h_i}{\partial h_{i-1}}"#
      ),
      (
        tanh,
        #"\frac{\partial L_3}{\partial h_1} = \frac{\partial L_3}{\partial h_3} \frac{\partial h_2}{\partial h_1}"#,
        #"\frac{\partial L_3}{\partial h_1} = \frac{\partial L_3}{\partial h_3} \frac{\partial h_3}{\partial h_2} \frac{\partial h_2}{\partial h_1}"#
      ),
      (
        lstm,
        #"\frac{\partial L_3}{\partial C_2} = \frac{\partial L_3}{\partial h_3} \frac{\partial h_3}{\partial C_3} \bigl[ \mathrm{diag}(f_3) + \bigl( \frac{\partial C_3}{\partial f_3} \frac{\partial f_3}{\partial h_2} + \frac{\partial C_3}{\partial i_3} \frac{\partial i_3}{\partial h_2} + \frac{\partial C_3}{\partial g_3} \frac{\partial g_3}{\partial h_2} \bigr) \frac{\partial h_2}{\partial C_2} \bigr]"#,
        #"\frac{\partial L_3}{\partial C_2} = \frac{\partial L_3}{\partial h_3} \frac{\partial h_3}{\partial C_3} \bigl[ \mathrm{diag}(f_3) + \bigl( \frac{\partial C_3}{\partial f_3} \frac{\partial f_3}{\partial h_2} + \frac{\partial C_3}{\partial i_3} \frac{\partial i_3}{\partial h_2} + \frac{\partial C_3}{\partial g_3} \frac{\partial g_3}{\partial h_2} \bigr) \frac{\partial h_2}{\partial C_2} \bigr] + \frac{\partial L_3}{\partial h_3} \frac{\partial h_3}{\partial o_3} \frac{\partial o_3}{\partial h_2} \frac{\partial h_2}{\partial C_2}"#
      ),
      (
        "Let $X \\in \\mathbb{R}^{n\\times n}$ be invertible.\n\n",
        #"\mathrm d (X^{-1}) = X^{-1} (\mathrm d X)\, X^{-1}"#,
        #"\mathrm d (X^{-1}) = -X^{-1} (\mathrm d X)\, X^{-1}"#
      ),
      (
        "For a real $z$ and the logistic $\\sigma$:\n\n", #"\sigma'(z) \in (0, \tfrac14)"#,
        #"\sigma'(z) \in (0, \tfrac14]"#
      ),
      (
        "$h_t = \\sigma(W h_{t-1} + U x_t)$ with $h_t \\in \\mathbb{R}^n$.\n\n",
        #"\frac{\partial h_t}{\partial h_k} = \big(\mathrm{diag}(\sigma')\, W\big)^{t-k+1}"#,
        #"\frac{\partial h_t}{\partial h_k} = \big(\mathrm{diag}(\sigma')\, W\big)^{t-k}"#
      ),
      ("", #"0.9^{10} \approx 0.3847"#, #"0.9^{10} \approx 0.3487"#),
      (
        "$W \\in \\mathbb{R}^{n\\times d}$, $x \\in \\mathbb{R}^d$.\n\n",
        #"\mathrm{diag}(\sigma'(W x))\, W \in \mathbb{R}^{d\times n}"#,
        #"\mathrm{diag}(\sigma'(W x))\, W \in \mathbb{R}^{n \times d}"#
      ),
      (
        "",
        #"\begin{bmatrix}1&2\\3&4\end{bmatrix} \begin{bmatrix}1&0\\1&1\end{bmatrix} = \begin{bmatrix}3&2\\7&5\end{bmatrix}"#,
        #"\begin{bmatrix}1&2\\3&4\end{bmatrix} \begin{bmatrix}1&0\\1&1\end{bmatrix} = \begin{bmatrix}3&2\\7&4\end{bmatrix}"#
      ),
      (
        "For a real $z$ and the logistic $\\sigma$:\n\n", #"\sigma'(z) \le \tfrac18"#,
        #"\sigma'(z) \le \tfrac14"#
      ),
      (
        "For a real $z$ and the logistic $\\sigma$:\n\n", #"\sigma'(z) \in (0, 1/8)"#,
        #"\sigma'(z) \in (0, \frac{1}{4}]"#
      ),
      (
        tanh,
        #"\frac{\partial h_t}{\partial h_k} = \prod_{i=k+1}^t \frac{\partial h_t}{\partial h_{i-1}}"#,
        #"\frac{\partial h_t}{\partial h_k} = \prod_{i=k+1}^t \frac{\partial h_i}{\partial h_{i-1}}"#
      ),
      (
        tanh,
        #"\frac{\partial h_t}{\partial h_k} = \prod_{i=k+1}^t \mathrm{diag}(1 - h_t \odot h_t)\, W"#,
        #"\frac{\partial h_t}{\partial h_k} = \prod_{i=k+1}^t \mathrm{diag}(1 - h_i \odot h_i)\, W"#
      ),
      (
        tanh,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t-1}}\,\mathrm{diag}(1-h_{t+1}\odot h_{t+1})\,W"#,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}}\,\mathrm{diag}(1-h_{t+1}\odot h_{t+1})\,W"#
      ),
      (
        tanh,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}}\,W\,\mathrm{diag}(1-h_t\odot h_t)"#,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}}\,\mathrm{diag}(1 - h_{t+1} \odot h_{t+1})\,W"#
      ),
      (
        backward,
        #"\frac{\partial L}{\partial F} = \sum_{t=1}^T\Bigl(\frac{\partial L}{\partial C_t} \odot C_{t-1} \odot f_t\Bigr) h_{t-1}^\top"#,
        #"\frac{\partial L}{\partial F} = \sum_{t=1}^T\Bigl(\frac{\partial L}{\partial C_t} \odot C_{t-1} \odot f_t \odot (1 - f_t)\Bigr) h_{t-1}^\top"#
      ),
      (
        backward,
        #"\frac{\partial L}{\partial G} = \sum_{t=1}^T \Bigl(\frac{\partial L}{\partial C_t} \odot i_t \odot g_t \odot (1 - g_t)\Bigr) h_{t-1}^\top"#,
        #"\frac{\partial L}{\partial G} = \sum_{t=1}^T \Bigl(\frac{\partial L}{\partial C_t} \odot i_t \odot (1 - g_t \odot g_t)\Bigr) h_{t-1}^\top"#
      ),
      (
        backward,
        #"\frac{\partial L}{\partial A} = \sum_{t=1}^T \Bigl(\frac{\partial L}{\partial C_t} \odot g_t \odot f_t \odot (1 - i_t)\Bigr) h_t^\top"#,
        #"\frac{\partial L}{\partial A} = \sum_{t=1}^T \Bigl(\frac{\partial L}{\partial C_t} \odot g_t \odot i_t \odot (1 - i_t)\Bigr) h_{t-1}^\top"#
      ),
      (
        batch, #"\frac{\partial L}{\partial b} = \sum_{t=1}^T \frac{\partial L}{\partial Z_t}"#,
        #"\frac{\partial L}{\partial b} = \sum_{t=1}^T \mathbf{1}^\top \frac{\partial L}{\partial Z_t}"#
      ),
    ])
  func mend(_ context: String, _ line: String, _ mended: String) throws {
    var workspace = Workspace()
    let page = Source(path: "page.md", text: Array((context + "$$" + line + "$$\n").utf8))
    let report = DocumentReport(checking: page, in: &workspace)
    let finding = try #require(report.findings.last)
    let mend = try #require(finding.mend)
    let splice = Splice(mend, in: finding.statement.source, report.conventions, in: workspace)
    #expect(splice.relation(mend, in: workspace) == mended)
  }
}
