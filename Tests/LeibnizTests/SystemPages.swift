/// Pages of true lines about other systems than those of `Derivations`, to be made wrong.
extension Derivation {
  static let systems: [Derivation] = [
    Derivation(path: "tanh.md", text: tanhNetwork),
    Derivation(path: "linear.md", text: linearSystem),
    Derivation(path: "scalar.md", text: scalarRecurrence),
    Derivation(path: "layers.md", text: twoLayers),
    Derivation(path: "cell.md", text: cell, licensed: [.immediate]),
    Derivation(path: "forms.md", text: forms),
    Derivation(path: "traces.md", text: traces),
    Derivation(path: "vectors.md", text: vectors),
    Derivation(path: "sums.md", text: sums),
    Derivation(path: "logistic.md", text: logistic),
    Derivation(path: "chains.md", text: chains),
  ]

  private static let tanhNetwork = #"""
    The state $h_t \in \mathbb{R}^n$ is $h_t = \tanh(W h_{t-1} + U x_t + b)$ for $t = 1, \dots, T$, with $W \in \mathbb{R}^{n\times n}$, $U \in \mathbb{R}^{n\times d}$, $b \in \mathbb{R}^n$, $x_t \in \mathbb{R}^d$. Each scalar $L_t$ depends on $h_t$, and $L = \sum_{t=1}^T L_t$.

    $$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2)\, W$$

    $$\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}} \mathrm{diag}(1 - h_{t+1}^2)\, W$$

    $$\frac{\partial L}{\partial b} = \sum_{t=1}^T \frac{\partial L}{\partial h_t} \mathrm{diag}(1 - h_t^2)$$

    $$\frac{\partial L_t}{\partial b} = \sum_{k=1}^t \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial^+ h_k}{\partial b}$$

    $$\frac{\partial L}{\partial W} = \sum_{t=1}^T \mathrm{diag}(1 - h_t^2) \left(\frac{\partial L}{\partial h_t}\right)^\top h_{t-1}^\top$$

    $$\frac{\partial h_t}{\partial h_k} = \prod_{i=k+1}^{t} \frac{\partial h_i}{\partial h_{i-1}}$$
    """#

  private static let linearSystem = #"""
    For $t = 1, \dots, T$ let $s_t = W s_{t-1} + x_t$ with $W \in \mathbb{R}^{n\times n}$ and $x_t \in \mathbb{R}^n$, and let $L = v^\top s_T$ with $v \in \mathbb{R}^n$.

    $$\frac{\partial s_t}{\partial s_k} = W^{t-k}$$

    $$\frac{\partial L}{\partial s_k} = v^\top W^{T-k}$$

    $$\frac{\partial s_t}{\partial s_{t-2}} = W W$$

    $$\frac{\partial L}{\partial W} = \sum_{k=1}^T \left(\frac{\partial L}{\partial s_k}\right)^\top s_{k-1}^\top$$

    $$s_t = W^2 s_{t-2} + W x_{t-1} + x_t, \quad t \ge 2$$
    """#

  private static let scalarRecurrence = #"""
    For $t = 1, \dots, T$ let $s_t = w s_{t-1} + u x_t$ with $w, u \in \mathbb{R}$ and $s_t, x_t \in \mathbb{R}$; $s_0$ is given.

    $$\frac{\partial s_t}{\partial s_k} = w^{t-k}$$

    $$\frac{\partial s_t}{\partial w} = \sum_{k=1}^t w^{t-k} s_{k-1}$$

    $$\frac{\partial s_t}{\partial u} = \sum_{k=1}^t w^{t-k} x_k$$

    $$\frac{\partial s_t}{\partial w} = s_{t-1} + w \frac{\partial s_{t-1}}{\partial w}, \quad t \ge 2$$

    $$s_t = w^t s_0 + \sum_{k=1}^t w^{t-k} u x_k$$
    """#

  private static let twoLayers = #"""
    A network of two layers: $a = W_1 x + b$ and $h = \sigma(a)$, $y = W_2 h$, with $x \in \mathbb{R}^d$, $W_1 \in \mathbb{R}^{n\times d}$, $b \in \mathbb{R}^n$, $W_2 \in \mathbb{R}^{m\times n}$, a target $r \in \mathbb{R}^m$ and the loss $E = \frac{1}{2} (y - r)^\top (y - r)$.

    $$\frac{\partial E}{\partial y} = (y - r)^\top$$

    $$\frac{\partial E}{\partial W_2} = (y - r)\, h^\top$$

    $$\frac{\partial E}{\partial a} = (y - r)^\top W_2\, \mathrm{diag}(\sigma'(a))$$

    $$\frac{\partial E}{\partial W_1} = \mathrm{diag}(\sigma'(a))\, W_2^\top (y - r)\, x^\top$$

    $$\frac{\partial y}{\partial x} = W_2\, \mathrm{diag}(h \odot (1 - h))\, W_1$$

    $$\frac{\partial h_i}{\partial x_j} = \sigma'(a_i)\, (W_1)_{ij}$$

    $$\frac{\partial E}{\partial b} = \frac{\partial E}{\partial y} \frac{\partial y}{\partial h} \frac{\partial h}{\partial b}$$
    """#

  private static let cell = #"""
    A cell with $f_t, i_t, o_t, g_t, C_t, h_t \in \mathbb{R}^n$, for $t = 1, \dots, T$:

    $$f_t = \sigma(W_f h_{t-1} + U_f x_t), \quad i_t = \sigma(W_i h_{t-1} + U_i x_t), \quad o_t = \sigma(W_o h_{t-1} + U_o x_t), \quad g_t = \tanh(W_g h_{t-1} + U_g x_t)$$

    $$C_t = f_t \odot C_{t-1} + i_t \odot g_t, \qquad h_t = o_t \odot \tanh(C_t)$$

    $$\frac{\partial^+ C_t}{\partial C_{t-1}} = \mathrm{diag}(f_t)$$

    $$\frac{\partial h_t}{\partial C_t} = \mathrm{diag}(o_t \odot (1 - \tanh(C_t)^2))$$

    $$\frac{\partial C_t}{\partial f_t} = \mathrm{diag}(C_{t-1})$$

    $$\frac{\partial f_t}{\partial h_{t-1}} = \mathrm{diag}(f_t \odot (1 - f_t))\, W_f$$

    $$\frac{\partial C_t}{\partial h_{t-1}} = \mathrm{diag}(C_{t-1}) \frac{\partial f_t}{\partial h_{t-1}} + \mathrm{diag}(g_t) \frac{\partial i_t}{\partial h_{t-1}} + \mathrm{diag}(i_t) \frac{\partial g_t}{\partial h_{t-1}}$$
    """#

  private static let forms = #"""
    Let $A, B \in \mathbb{R}^{n\times n}$, $x, y \in \mathbb{R}^n$, $q = x^\top A x$ and $p = y^\top B x$.

    $$\frac{\partial q}{\partial x} = x^\top (A + A^\top)$$

    $$\frac{\partial p}{\partial x} = y^\top B$$

    $$\frac{\partial p}{\partial y} = x^\top B^\top$$

    $$\frac{\partial q}{\partial A} = x x^\top$$

    $$\operatorname{tr}(A B x y^\top) = y^\top A B x$$

    $$x_i = \sum_{j=1}^n \delta_{ij} x_j$$

    $$\frac{\partial \operatorname{tr}(A B)}{\partial A} = B^\top$$
    """#

  private static let traces = #"""
    Let $A, B, C, X \in \mathbb{R}^{n\times n}$ and $a, b \in \mathbb{R}^n$.

    $$f = \operatorname{tr}(A X B X^\top C)$$

    $$\frac{\partial f}{\partial X} = A^\top C^\top X B^\top + C A X B$$

    $$g = a^\top X^\top X b$$

    $$\frac{\partial g}{\partial X} = X (a b^\top + b a^\top)$$

    $$p = (X a - b)^\top C (X a - b)$$

    $$\frac{\partial p}{\partial X} = (C + C^\top) (X a - b) a^\top$$

    $$\frac{\partial p}{\partial a} = (X a - b)^\top C X + (X a - b)^\top C^\top X$$

    $$\frac{\partial p}{\partial b} = -(X a - b)^\top C - (X a - b)^\top C^\top$$

    $$p = a^\top X^\top C X a - a^\top X^\top C b - b^\top C X a + b^\top C b$$

    <!-- leibniz: claim -->
    $$(A + B)^\top (A - B) = A^\top A - A^\top B + B^\top A - B^\top B$$

    <!-- leibniz: claim -->
    $$\operatorname{tr}(A^\top B C) = \operatorname{tr}(C A^\top B)$$

    <!-- leibniz: claim -->
    $$(A B C)^\top a = C^\top B^\top A^\top a$$

    <!-- leibniz: claim -->
    $$(A + B)^2 - (A - B)^2 = 2 A B + 2 B A$$
    """#

  private static let vectors = #"""
    Let $u, v, x \in \mathbb{R}^n$, $A \in \mathbb{R}^{m\times n}$, $B \in \mathbb{R}^{n\times m}$, $y = \tanh(A x)$, $z = \sigma(B y)$ and $w = u \odot v$.

    $$\frac{\partial y}{\partial x} = \mathrm{diag}(1 - y \odot y)\, A$$

    $$\frac{\partial z}{\partial y} = \mathrm{diag}(z \odot (1 - z))\, B$$

    $$\frac{\partial z}{\partial x} = \mathrm{diag}(z \odot (1 - z))\, B\, \mathrm{diag}(1 - y \odot y)\, A$$

    $$\frac{\partial z_i}{\partial y_j} = z_i (1 - z_i) B_{ij}$$

    $$\frac{\partial w}{\partial u} = \mathrm{diag}(v)$$

    $$\frac{\partial w_i}{\partial v_j} = u_i \delta_{ij}$$

    $$q = (u - v)^\top (u - v) + x^\top z$$

    $$\frac{\partial q}{\partial u} = 2 (u - v)^\top$$

    $$\frac{\partial q}{\partial v} = 2 v^\top - 2 u^\top$$

    $$\frac{\partial q}{\partial x} = z^\top + x^\top \frac{\partial z}{\partial x}$$

    $$\frac{\partial q}{\partial y} = x^\top \mathrm{diag}(z \odot (1 - z))\, B$$

    $$q = u^\top u - 2 u^\top v + v^\top v + \sum_{i=1}^n x_i z_i$$

    <!-- leibniz: claim -->
    $$\mathrm{diag}(u)\, v = \mathrm{diag}(v)\, u$$

    <!-- leibniz: claim -->
    $$\mathrm{diag}(u)\, \mathrm{diag}(v)\, B = \mathrm{diag}(u \odot v)\, B$$
    """#

  private static let sums = #"""
    Let $x_t, a_t, b_t \in \mathbb{R}$ for $t = 0, \dots, T$.

    <!-- leibniz: claim -->
    $$\sum_{i=0}^t x_i = x_t + \sum_{i=0}^{t-1} x_i$$

    <!-- leibniz: claim -->
    $$\sum_{i=k}^t x_i = x_k + \sum_{i=k+1}^t x_i$$

    <!-- leibniz: claim -->
    $$\sum_{i=k}^t x_i = \sum_{i=0}^t x_i - \sum_{i=0}^{k-1} x_i$$

    <!-- leibniz: claim -->
    $$\sum_{i=1}^t x_i = \sum_{i=0}^{t-1} x_{i+1}$$

    <!-- leibniz: claim -->
    $$\sum_{t=0}^T \sum_{k=0}^t a_t b_k = \sum_{k=0}^T \sum_{t=k}^T a_t b_k$$

    <!-- leibniz: claim -->
    $$\sum_{t=0}^T \sum_{k=1}^t a_t b_k = \sum_{k=1}^T \sum_{t=k}^T a_t b_k$$

    <!-- leibniz: claim -->
    $$\sum_{t=0}^T \sum_{k=1}^t a_t b_k = \sum_{t=1}^T \sum_{k=1}^t a_t b_k$$

    <!-- leibniz: claim -->
    $$\sum_{t=0}^T \sum_{k=0}^T a_t b_k = \sum_{t=0}^T \sum_{k=0}^t a_t b_k + \sum_{t=0}^T \sum_{k=t+1}^T a_t b_k$$

    <!-- leibniz: claim -->
    $$\sum_{i=k}^t 1 = t - k + 1$$

    <!-- leibniz: claim -->
    $$\prod_{i=k}^t a_i = a_t \prod_{i=k}^{t-1} a_i$$

    <!-- leibniz: claim -->
    $$\prod_{i=k}^t a_i = \Big(\prod_{i=m+1}^t a_i\Big) \Big(\prod_{i=k}^{m} a_i\Big)$$

    <!-- leibniz: claim -->
    $$\sum_{i=0}^T (a_i + b_i)^2 = \sum_{i=0}^T a_i^2 + 2 \sum_{i=0}^T a_i b_i + \sum_{i=0}^T b_i^2$$
    """#

  private static let logistic = #"""
    Let $w, x \in \mathbb{R}^n$, $b, r \in \mathbb{R}$, $a = w^\top x + b$, $y = \sigma(a)$, $e = y - r$ and $E = \frac{1}{2} e^2 + \frac{1}{4} w^\top w$.

    $$\frac{\partial y}{\partial a} = y (1 - y)$$

    $$\frac{\partial E}{\partial y} = y - r$$

    $$\frac{\partial E}{\partial a} = (y - r)\, y\, (1 - y)$$

    $$\frac{\partial E}{\partial b} = (y - r)\, \sigma'(a)$$

    $$\frac{\partial E}{\partial w} = (y - r)\, y\, (1 - y)\, x^\top + \frac{1}{2} w^\top$$

    $$\frac{\partial E}{\partial x} = \frac{\partial E}{\partial y} \frac{\partial y}{\partial a} w^\top$$

    $$\frac{\partial E}{\partial w_i} = (y - r)\, y\, (1 - y)\, x_i + \frac{1}{2} w_i$$
    """#

  private static let chains = #"""
    For $t = 1, \dots, T$ let $h_t = \tanh(W h_{t-1} + x_t)$ with $W \in \mathbb{R}^{n\times n}$ and $x_t \in \mathbb{R}^n$; the scalar $L_t$ depends on $h_t$ and $L = \sum_{t=1}^T L_t$.

    $$\frac{\partial h_t}{\partial h_k} = \prod_{i=k+1}^{t} \frac{\partial h_i}{\partial h_{i-1}}$$

    $$\frac{\partial h_t}{\partial h_k} = \frac{\partial h_t}{\partial h_m} \frac{\partial h_m}{\partial h_k}$$

    $$\frac{\partial h_t}{\partial h_k} = \frac{\partial h_t}{\partial h_{t-1}} \frac{\partial h_{t-1}}{\partial h_k}$$

    $$\frac{\partial h_t}{\partial h_k} = \frac{\partial h_t}{\partial h_{k+1}} \frac{\partial h_{k+1}}{\partial h_k}$$

    $$\frac{\partial L}{\partial h_k} = \sum_{t=k}^T \frac{\partial L_t}{\partial h_t} \frac{\partial h_t}{\partial h_k}$$

    $$\frac{\partial L}{\partial h_0} = \sum_{t=1}^T \frac{\partial L_t}{\partial h_0}$$
    """#
}
