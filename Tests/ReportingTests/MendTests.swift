import Checking
import Documents
import Expressions
import Testing

@testable import Reporting

@Suite("The first mend")
struct MendTests {
  private static let rnn = #"""
    $h_t = \tanh(W h_{t-1} + U x_t)$ for $t = 1, \dots, T$ with $h_0$ given and $h_t \in \mathbb{R}^n$,
    $L = \sum_{t=1}^T L_t$, and $L_t$ is a scalar loss of $h_t$ alone. We use numerator layout.


    """#

  private static let rows = #"""
    Rows: $a_t = r_{t-1} V + v_t N + c$ and $r_t = \tanh(a_t)$ for $t = 1, \dots, T$ and
    $E = \sum_{t=1}^{T} E_t$ with scalar $E_t$, a function of $r_t$.


    """#

  static let lstm = #"""
    $f_t = \sigma(W_f h_{t-1} + U_f x_t)$, $i_t = \sigma(W_i h_{t-1} + U_i x_t)$,
    $o_t = \sigma(W_o h_{t-1} + U_o x_t)$, $g_t = \tanh(W_g h_{t-1} + U_g x_t)$,
    $c_t = f_t \odot c_{t-1} + i_t \odot g_t$, $h_t = o_t \odot \tanh(c_t)$ and
    $L = \sum_{t=1}^T L_t(h_t)$. Gradients have the shape of the variable. Write
    $\delta h_t = \partial L/\partial h_t$ and $\delta c_t = \partial L/\partial c_t$.


    """#

  private static let gru = #"""
    For $t = 1, \dots, T$ let $z_t = \sigma(W_z x_t + U_z h_{t-1} + b_z)$, $r_t = \sigma(W_r x_t + U_r h_{t-1})$,
    $n_t = \tanh(W x_t + U (r_t \odot h_{t-1}))$ and $h_t = (1 - z_t) \odot h_{t-1} + z_t \odot n_t$ with $h_0$
    given and $L = \sum_{t=1}^T L_t(h_t)$. All gradients have the shape of their variable. Let
    $g_t = \partial L / \partial h_t$.


    """#

  private static let classifier = #"""
    Let $z = W x + b$ with $W \in \mathbb{R}^{K \times d}$, $p = \mathrm{softmax}(z)$ and
    $L = -\sum_{k=1}^K y_k \log p_k$ where $y$ is one-hot. Gradients are columns.


    """#

  private static let batch = #"""
    Let $X \in \mathbb{R}^{N \times D}$, $W \in \mathbb{R}^{D \times H}$, $A = X W + \mathbf{1} b^\top$,
    $Z = \tanh(A)$ and $L = \frac{1}{2N} \lVert Z - Y \rVert_F^2$. Gradients have the shape of the variable.


    """#

  private static let entries = #"""
    Let $s_j^t = \sum_{i=1}^n w_{ji} h_i^{t-1} + \sum_{i=1}^d u_{ji} x_i^t$ and $h_j^t = \sigma(s_j^t)$ for
    $t = 1, \dots, T$ with $h^0$ given.


    """#

  private static let goodfellow = #"""
    Let $a^{(t)} = b + W h^{(t-1)} + U x^{(t)}$, $h^{(t)} = \tanh(a^{(t)})$, $o^{(t)} = c + V h^{(t)}$ for
    $t = 1, \dots, \tau$ and $L = \sum_{t=1}^\tau L^{(t)}(o^{(t)})$. Gradients are columns.


    """#

  private static let primes = #"""
    Let $s = A x + b$, $r = \sigma(s)$, $o = B r$ and $E = \frac12 \|o - y\|^2$. Gradients are columns. We write
    $\epsilon = \frac{\partial E}{\partial o}$. $$\frac{\partial E}{\partial s} = (B^\top \epsilon) \odot \sigma'(s)$$


    """#

  private static let quadratic = #"""
    Let $x, b \in \mathbb{R}^n$ and let $A \in \mathbb{R}^{n \times n}$ be symmetric. Gradients are columns.
    $f(x) = \frac{3}{2} x^\top A x - \frac{3}{2} b^\top x$ and $g(x) = 0.5\, x^\top x + 0.3\, b^\top x$.


    """#

  static func claims(_ text: String, in workspace: inout Workspace) -> DocumentReport {
    DocumentReport(checking: Source(path: "page.md", text: Array(text.utf8)), in: &workspace)
  }

  private static func relation(
    _ finding: Finding, of report: DocumentReport, in workspace: borrowing Workspace
  ) -> String? {
    finding.mend.map {
      Splice(
        $0, in: finding.statement.source, finding.speaking(report.conventions), in: workspace
      ).relation($0, in: workspace)
    }
  }

  @Test(
    "is the edit that a teacher would make",
    arguments: [
      (
        rnn,
        #"\frac{\partial L}{\partial W} = \sum_{t=1}^T \sum_{k=1}^t \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}"#,
        #"\frac{\partial L}{\partial W} = \sum_{t=1}^T \sum_{k=1}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}"#
      ),
      (
        rnn,
        #"\frac{\partial L}{\partial W} = \sum_{t=1}^T \sum_{k=1}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k}"#,
        #"\frac{\partial L}{\partial W} = \sum_{t=1}^T \sum_{k=1}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}"#
      ),
      (
        rnn, #"\frac{\partial h_3}{\partial h_1} = \frac{\partial h_2}{\partial h_1}"#,
        #"\frac{\partial h_3}{\partial h_1} = \frac{\partial h_3}{\partial h_2} \frac{\partial h_2}{\partial h_1}"#
      ),
      (
        rnn,
        #"\frac{\partial L}{\partial W} = \sum_{k=1}^T \frac{\partial L_T}{\partial h_T} \frac{\partial h_T}{\partial h_k} \frac{\partial h_k}{\partial W}"#,
        #"\frac{\partial L}{\partial W} = \sum_{s=1}^T \sum_{k=1}^s \frac{\partial L_s}{\partial h_s} \frac{\partial h_s}{\partial h_k} \frac{\partial h_k}{\partial W}"#
      ),
      (
        rnn,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L_t}{\partial h_{t+1}} \frac{\partial h_{t+1}}{\partial h_t}"#,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}} \frac{\partial h_{t+1}}{\partial h_t}"#
      ),
      (
        rnn,
        #"\frac{\partial h_3}{\partial h_1} = \mathrm{diag}(1 - h_3^2)\, \mathrm{diag}(1 - h_2^2)\, W^2"#,
        #"\frac{\partial h_3}{\partial h_1} = \mathrm{diag}(1 - h_3^2) W\, \mathrm{diag}(1 - h_2^2) W"#
      ),
      (
        "Let $s_t = w s_{t-1}$ be numbers, with $s_0$ given.\n\n",
        #"\frac{\partial s_t}{\partial w} = s_{t-1}"#,
        #"\frac{\partial s_t}{\partial w} = t s_{t-1}"#
      ),
      (
        "Let $u_t = \\tanh(A u_{t-1} + B v_{t-1})$ and $v_t = \\tanh(C u_{t-1} + D v_{t-1})$ be vectors.\n\n",
        #"\frac{\partial u_t}{\partial u_k} = \frac{\partial u_t}{\partial u_{t-1}} \frac{\partial u_{t-1}}{\partial u_k}, \quad k < t"#,
        #"\frac{\partial u_t}{\partial u_k} = \frac{\partial u_t}{\partial u_{t-1}} \frac{\partial u_{t-1}}{\partial u_k} + \frac{\partial u_t}{\partial v_{t-1}} \frac{\partial v_{t-1}}{\partial u_k}"#
      ),
      (
        "Let $x, \\mu \\in \\mathbb{R}^n$.\n\n",
        #"(x-\mu)^\top (x - \mu) = x^\top (x - \mu) - \mu^\top (x + \mu)"#,
        #"(x-\mu)^\top (x - \mu) = x^\top (x - \mu) - \mu^\top (x-\mu)"#
      ),
      (
        "Let $a = \\tanh(A v)$ and $y = B a$ be vectors.\n\n",
        #"\frac{\partial y}{\partial v} = B\, A\, \mathrm{diag}(1 - a^2)"#,
        #"\frac{\partial y}{\partial v} = B\, \mathrm{diag}(1 - a^2)\, A"#
      ),
      (
        "Let $s[n] = \\tanh(A s[n-1] + B u[n])$ be vectors.\n\n",
        #"\frac{\partial s[n]}{\partial s[n-1]} = \mathrm{diag}(1 - s[n-1]^2)\, A"#,
        #"\frac{\partial s[n]}{\partial s[n-1]} = \mathrm{diag}(1 - s[n]^2)\, A"#
      ),
      (
        "Let $c_t = f_t \\odot c_{t-1} + g_t$, $f_t = \\sigma(F s_{t-1})$, $g_t = \\tanh(G s_{t-1})$ be vectors, $s_t$ given.\n\n",
        #"\frac{\partial c_t}{\partial s_{t-1}} = c_t \sigma'(F s_{t-1}) F + \tanh'(G s_{t-1}) G"#,
        #"\frac{\partial c_t}{\partial s_{t-1}} = c_{t-1} \sigma'(F s_{t-1}) F + \tanh'(G s_{t-1}) G"#
      ),
      (
        "Let $D = \\begin{bmatrix} 0.7 & 0 \\\\ 0 & -1 \\end{bmatrix}$.\n\n", "D^m = I^m",
        #"D^m = \begin{bmatrix} 0.7^m & 0 \\ 0 & (-1)^m \end{bmatrix}"#
      ),
      (
        "Let $A, B \\in \\mathbb{R}^{n\\times n}$.\n\n", "(A^k + B^k)(A + B) = A^{k+1} + B^{k+1}",
        "(A^k + B^k)(A + B) = A^{k+1} + B^{k+1} + B^k A + A^k B"
      ),
      (
        #"Let $u_0 = 0$ and $u_j = u_{j-1} + 3 j$ for $j \ge 1$ be numbers. $$u_j = \frac{3 j^2 + 3 j + 4}{2}$$"#
          + "\n\nFor $j = 1$ ", #"u_1 = \frac{3 \cdot 1^2 + 3 \cdot 1 + 4}{2}"#,
        #"u_1 = \frac{3 \cdot 1^2 + 3 \cdot 1}{2}"#
      ),
      (
        "Let $A, B \\in \\mathbb{R}^{n\\times n}$.\n\n", "(A^2 + B^2)(A + B) = A^3 + B^3",
        "(A^2 + B^2)(A + B) = A^3 + B^3 + B^2 A + A^2 B"
      ),
      (
        rows, #"\frac{dE}{dr_{t-1}} = \frac{dE}{da_t} V^\top"#,
        #"\frac{dE}{dr_{t-1}} = \frac{dE}{da_t} V^\top + \frac{dE_{t-1}}{dr_{t-1}}"#
      ),
      (
        rows, #"\frac{dE}{dr_{t+1}} = \frac{dE}{da_t} V^\top"#,
        #"\frac{dE}{dr_{t-1}} = \frac{dE}{da_t} V^\top + \frac{dE_{t-1}}{dr_{t-1}}"#
      ),
      (
        #"Let $s_t = \tanh(F s_{t-1} + G v_t)$ and $J = \sum_{t=1}^T J_t$, each scalar $J_t$ a function of $s_t$."#
          + "\n\n",
        #"\frac{\partial J}{\partial F} = \sum_{k=1}^T \frac{\partial J}{\partial s_T} \left( \prod_{j=k+1}^T \frac{\partial s_j}{\partial s_{j-1}} \right) \frac{\partial s_k}{\partial F}"#,
        #"\frac{\partial J}{\partial F} = \sum_{r=1}^T \sum_{k=1}^r \frac{\partial J_r}{\partial s_r}\, \left( \prod_{j=k+1}^r \frac{\partial s_j}{\partial s_{j-1}} \right) \frac{\partial s_k}{\partial F}"#
      ),
      (
        #"Let $x \in \mathbb{R}^n$."# + "\n\n",
        #"\frac{\partial}{\partial x} \frac{x}{\|x\|} = \frac{1}{\|x\|} \left( I - \frac{x x^\top}{\|x\|} \right)"#,
        #"\frac{\partial}{\partial x} \frac{x}{\|x\|} = \frac{1}{\|x\|} \left( I - \frac{x x^\top}{\|x\|^2} \right)"#
      ),
      (
        #"Let $X \in \mathbb{R}^{n \times n}$."# + "\n\n",
        #"\frac{\partial \mathrm{vec}(X^2)}{\partial \mathrm{vec}(X)} = X \otimes I + I \otimes X"#,
        #"\frac{\partial \mathrm{vec}(X^2)}{\partial \mathrm{vec}(X)} = X^\top \otimes I + I \otimes X"#
      ),
      (
        lstm, #"\delta c_t = \delta h_t \odot o_t \odot (1 - \tanh^2(c_t))"#,
        #"\delta c_t = \delta h_t \odot o_t \odot (1 - \tanh^2(c_t)) + \delta c_{t+1} \odot f_{t+1}"#
      ),
      (
        lstm, #"\frac{\partial L}{\partial i_t} = \delta c_t \odot c_{t-1}"#,
        #"\frac{\partial L}{\partial i_t} = \delta c_t \odot g_t"#
      ),
      (
        quadratic, #"\frac{\partial f}{\partial x} = 3 A x - \frac{1}{2} b"#,
        #"\frac{\partial f}{\partial x} = 3 A x - \frac{3}{2} b"#
      ),
      (
        quadratic, #"\frac{\partial f}{\partial x} = \frac{3}{2} A x - \frac{3}{2} b"#,
        #"\frac{\partial f}{\partial x} = 3 A x - \frac{3}{2} b"#
      ),
      (
        quadratic, #"\frac{\partial g}{\partial x} = x + 0.6 b"#,
        #"\frac{\partial g}{\partial x} = x + 0.3 b"#
      ),
      (
        #"Let $E = \frac{1}{m} \sum_{i=1}^m (y_i - a z_i)^2$ with numbers $a$, $y_i$, $z_i$."#
          + "\n\n",
        #"\frac{\partial E}{\partial a} = -\frac{1}{m} \sum_{i=1}^m (y_i - a z_i) z_i"#,
        #"\frac{\partial E}{\partial a} = -\frac{2}{m} \sum_{i=1}^m (y_i - a z_i) z_i"#
      ),
      (
        gru, #"\frac{\partial L}{\partial z_t} = g_t \odot n_t"#,
        #"\frac{\partial L}{\partial z_t} = g_t \odot (n_t - h_{t-1})"#
      ),
      (
        gru, #"\frac{\partial L}{\partial n_t} = g_t \odot (1 - z_t)"#,
        #"\frac{\partial L}{\partial n_t} = g_t \odot z_t"#
      ),
      (
        gru, #"\frac{\partial^+ h_t}{\partial h_{t-1}} = \mathrm{diag}(z_t)"#,
        #"\frac{\partial^+ h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - z_t)"#
      ),
      (
        classifier, #"\frac{\partial L}{\partial W} = (p - y)^\top x"#,
        #"\frac{\partial L}{\partial W} = (p - y) x^\top"#
      ),
      (
        classifier, #"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_i)"#,
        #"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)"#
      ),
      (
        classifier + #"$$\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)$$"# + "\n\n",
        #"\frac{\partial p_i}{\partial z_j} = p_i p_j"#,
        #"\frac{\partial p_i}{\partial z_j} = p_i \delta_{ij} - p_i p_j"#
      ),
      (
        classifier, #"\frac{\partial L}{\partial W_{ij}} = (p_i - y_i) x_i"#,
        #"\frac{\partial L}{\partial W_{ij}} = (p_i - y_i) x_j"#
      ),
      (
        batch, #"\frac{\partial L}{\partial Z} = Z - Y"#,
        #"\frac{\partial L}{\partial Z} = \frac{1}{N}\, (Z - Y)"#
      ),
      (
        batch, #"\frac{\partial L}{\partial b} = \frac{\partial L}{\partial A} \mathbf{1}"#,
        #"\frac{\partial L}{\partial b} = \left( \frac{\partial L}{\partial A} \right)^\top \mathbf{1}"#
      ),
      (
        entries, #"\frac{\partial h_j^t}{\partial h_i^{t-1}} = h_i^t (1 - h_i^t) w_{ji}"#,
        #"\frac{\partial h_j^t}{\partial h_i^{t-1}} = h_j^t (1 - h_j^t) w_{ji}"#
      ),
      (
        goodfellow,
        #"\nabla_{h^{(t)}} L = W^\top \mathrm{diag}(1 - (h^{(t+1)})^2) \nabla_{h^{(t+1)}} L"#,
        #"\nabla_{h^{(t)}} L = W^\top \mathrm{diag}(1 - (h^{(t+1)})^2) \nabla_{h^{(t+1)}} L + V^\top \nabla_{o^{(t)}} L"#
      ),
      (
        goodfellow,
        #"\nabla_b L = \sum_t \mathrm{diag}(1 - h^{(t)}) \nabla_{h^{(t)}} L"#,
        #"\nabla_b L = \sum_t \mathrm{diag}(1 - h^{(t)} \odot h^{(t)}) \nabla_{h^{(t)}} L"#
      ),
      (
        batch + #"$$\frac{\partial L}{\partial Z} = \frac{1}{N} (Z - Y)$$"# + "\n\n",
        #"\frac{\partial L}{\partial X} = W \frac{\partial L}{\partial A}"#,
        #"\frac{\partial L}{\partial X} = \frac{\partial L}{\partial A} W^\top"#
      ),
      (
        quadratic, #"\frac{\partial}{\partial x} \lVert A x - b \rVert^2 = 2 (A x - b) A"#,
        #"\frac{\partial}{\partial x} \lVert A x - b \rVert^2 = 2 A (A x - b)"#
      ),
      (
        "Let $A \\in \\mathbb{R}^{n \\times n}$.\n\n",
        #"\frac{\partial}{\partial A} \log\det A = A^{-1}"#,
        #"\frac{\partial}{\partial A} \log\det A = (A^{-1})^\top"#
      ),
      (
        "Let $x \\in \\mathbb{R}^n$ and $f(x) = \\frac14 (x^\\top x)^2$.\n\n",
        #"\frac{\partial^2 f}{\partial x^2} = 2 x x^\top + x^\top x"#,
        #"\frac{\partial^2 f}{\partial x^2} = 2 x x^\top + x^\top x I"#
      ),
      (
        "Let $a_t = A a_{t-1} + B u_t$ with $a_0$ given and $A \\in \\mathbb{R}^{n \\times n}$.\n\n",
        #"\frac{\partial a_t}{\partial \mathrm{vec}(A)} = \sum_{k=2}^t A^{t-k} (a_{k-1}^\top \otimes I)"#,
        #"\frac{\partial a_t}{\partial \mathrm{vec}(A)} = \sum_{k=1}^t A^{t-k} (a_{k-1}^\top \otimes I)"#
      ),
      (
        primes, #"\frac{\partial E}{\partial x} = A^\top B^\top \epsilon"#,
        #"\frac{\partial E}{\partial x} = A^\top\, \mathrm{diag}(\sigma'(s)) B^\top \epsilon"#
      ),
      (
        primes, #"\frac{\partial r}{\partial x} = A"#,
        #"\frac{\partial r}{\partial x} = \mathrm{diag}(\sigma'(s)) A"#
      ),
      (
        #"Let $q \in \mathbb{R}^d$, $K \in \mathbb{R}^{m \times d}$ and $s = \frac{1}{\sqrt{d}} K q$."#
          + "\n\n", #"\frac{\partial s}{\partial q} = \frac{1}{d} K"#,
        #"\frac{\partial s}{\partial q} = \frac{1}{\sqrt{d}} K"#
      ),
      (
        #"Let $\mu = \frac{1}{n} \sum_{i=1}^n x_i$ and $v = \frac{1}{n} \sum_{i=1}^n (x_i - \mu)^2$ with $x \in \mathbb{R}^n$."#
          + "\n\n", #"\frac{\partial v}{\partial x_j} = \frac{1}{n} (x_j - \mu)"#,
        #"\frac{\partial v}{\partial x_j} = \frac{2}{n} (x_j - \mu)"#
      ),
      (
        #"Let $s_t \in \mathbb{R}^n$ and $p_t = \mathrm{softmax}(s_t)$."# + "\n\n",
        #"\frac{\partial p_{t,i}}{\partial s_{t,j}} = \delta_{ij} - p_{t,j}"#,
        #"\frac{\partial p_{t,i}}{\partial s_{t,j}} = p_{t,i}\, (\delta_{ij} - p_{t,j})"#
      ),
      (
        #"Let $p = \mathrm{softmax}(z)$ with $z \in \mathbb{R}^n$."# + "\n\n", "p_i < 0", "p_i > 0"
      ),
      (
        #"Let $u \in \mathbb{R}^n$ and $a = \tanh(u)$."# + "\n\n", #"|a_i| < 0.5"#, #"|a_i| < 1"#
      ),
      (
        #"Let $u \in \mathbb{R}^n$."# + "\n\n", #"\sigma'(u_i) < \frac{1}{4}"#,
        #"\sigma'(u_i) \le \frac{1}{4}"#
      ),
      (
        classifier,
        #"\frac{\partial L}{\partial z_j} = \sum_{k=1}^K \frac{\partial L}{\partial p_k} \frac{\partial p_k}{\partial z_k}"#,
        #"\frac{\partial L}{\partial z_j} = \sum_{k=1}^K \frac{\partial L}{\partial p_k} \frac{\partial p_k}{\partial z_j}"#
      ),
      (
        #"Let $w, x \in \mathbb{R}^d$, let $y \in \mathbb{R}$ and $J = -\log \sigma(y\, w^\top x)$. Gradients are columns."#
          + "\n\n", #"\nabla_w J = -y\, \sigma(y\, w^\top x)\, x"#,
        #"\nabla_w J = -y\, \sigma(-y\, w^\top x)\, x"#
      ),
      (
        #"Let $u_t = \tanh(A u_{t-1} + B v_t)$, $\hat y_t = C u_t$ and $E = \sum_{t=1}^T \frac12 \|\hat y_t - y_t\|^2$ with $u_0$ given. Gradients are columns."#
          + "\n\n", #"\frac{\partial E}{\partial C} = \sum_{t=1}^T \hat y_t u_t^\top"#,
        #"\frac{\partial E}{\partial C} = \sum_{t=1}^T (\hat y_t - y_t) u_t^\top"#
      ),
      (
        gru,
        #"\frac{\partial L}{\partial r_t} = \left( U^\top (g_t \odot (1 - n_t^2)) \right) \odot h_{t-1}"#,
        #"\frac{\partial L}{\partial r_t} = \left( U^\top (g_t \odot (1 - n_t^2) \odot z_t) \right) \odot h_{t-1}"#
      ),
      (
        #"All quantities are scalars. Let $s_t = \tanh(w s_{t-1} + v_t)$ with $s_0 = 0$."# + "\n\n",
        #"\frac{d s_2}{d w} = (1 - s_2^2) s_1 + s_1"#, #"\frac{d s_2}{d w} = (1 - s_2^2) s_1"#
      ),
      (
        #"Let $S \in \mathbb{R}^{n \times n}$ be positive definite and $\ell = -\frac{1}{2} (x - \mu)^\top S^{-1} (x - \mu)$. Gradients are columns."#
          + "\n\n", #"\frac{\partial \ell}{\partial \mu} = S (x - \mu)"#,
        #"\frac{\partial \ell}{\partial \mu} = S^{-1} (x - \mu)"#
      ),
      (
        #"Let $o_t = \sigma(R v_t + p \odot c_t)$ and $m_t = o_t \odot \tanh(c_t)$ with $c_t$ given."#
          + "\n\n",
        #"\frac{\partial m_t}{\partial c_t} = \operatorname{diag}(o_t \odot (1 - \tanh^2(c_t))) + \operatorname{diag}(\tanh(c_t) \odot o_t \odot p)"#,
        #"\frac{\partial m_t}{\partial c_t} = \operatorname{diag}(o_t \odot (1 - \tanh^2(c_t))) + \operatorname{diag}(\tanh(c_t) \odot o_t \odot p \odot (1 - o_t))"#
      ),
      (
        #"Let $v_t = [s_{t-1}; x_t]$, $\tilde g_t = \tanh(G [s_{t-1}; x_t])$ and $s_t = \tilde g_t \odot s_{t-1}$ with $s_0$ given."#
          + "\n\n", #"\frac{\partial^+ s_t}{\partial s_{t-1}} = \mathrm{diag}(s_t)"#,
        #"\frac{\partial^+ s_t}{\partial s_{t-1}} = \mathrm{diag}(\tilde g_t)"#
      ),
      (
        rnn,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}} \frac{\partial h_t}{\partial h_{t+1}}"#,
        #"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}} \frac{\partial h_{t+1}}{\partial h_t}"#
      ),
      (
        primes, #"\frac{\partial E}{\partial s} = (B^\top \epsilon) \odot \sigma'(r)"#,
        #"\frac{\partial E}{\partial s} = (B^\top \epsilon) \odot \sigma'(s)"#
      ),
      (
        #"Let $s = A x + b$, $r = \sigma(s)$ and $E = \frac12 \|r - y\|^2$. Gradients are columns."#
          + "\n\n", #"\frac{\partial E}{\partial s} = (r + y) * \sigma'(s)"#,
        #"\frac{\partial E}{\partial s} = (r - y) * \sigma'(s)"#
      ),
      (
        "All quantities are scalars. Let $y = \\sigma(w x + b)$ and $E = \\frac12 (y - t)^2$.\n\n",
        #"\frac{\partial E}{\partial w} = (y - t) y (1 - y)"#,
        #"\frac{\partial E}{\partial w} = (y - t) y (1 - y) x"#
      ),
      (
        "All quantities are scalars. Let $y = \\sigma(w x + b)$.\n\n",
        #"\frac{\partial^2 y}{\partial b^2} = y (1 - y) (1 - y)"#,
        #"\frac{\partial^2 y}{\partial b^2} = y (1 - y) (1 - 2 y)"#
      ),
    ])
  func edit(_ context: String, _ line: String, _ mended: String) throws {
    var workspace = Workspace()
    let report = MendTests.claims(context + "$$" + line + "$$\n", in: &workspace)
    let finding = try #require(report.findings.last { $0.statement.role == .claim })
    #expect(MendTests.relation(finding, of: report, in: workspace) == mended)
  }

  @Test(
    "of a step to what the head is stands in the line before", arguments: [" \\\\ ", "$$\n\n$$"])
  func lineBefore(_ between: String) throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      MendTests.rnn + #"$$\frac{\partial h_3}{\partial h_1} = \frac{\partial h_3}{\partial h_1}"#
        + #" \frac{\partial h_2}{\partial h_1}"# + between
        + #"= \mathrm{diag}(1 - h_3^2)\, W \frac{\partial h_2}{\partial h_1}$$"#, in: &workspace)
    let steps = report.findings.filter { $0.statement.role == .claim }
    try #require(steps.count == 2)
    #expect(steps[1].head == .proved)
    #expect(steps[1].mend?.slip == steps[0].mend?.slip)
    #expect(
      MendTests.relation(steps[1], of: report, in: workspace)
        == #"\frac{\partial h_3}{\partial h_2} \frac{\partial h_2}{\partial h_1} = \mathrm{diag}(1 - h_3^2)\, W \frac{\partial h_2}{\partial h_1}"#
    )
  }
}
