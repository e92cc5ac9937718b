/// Pages of true lines about other systems than those of `Derivations`, to be made wrong.
extension Derivation {
  static let systems: [Derivation] = [
    Derivation(path: "tanh.md", text: tanhNetwork),
    Derivation(path: "linear.md", text: linearSystem),
    Derivation(path: "scalar.md", text: scalarRecurrence),
    Derivation(path: "layers.md", text: twoLayers),
    Derivation(path: "cell.md", text: cell, licensed: [.immediate]),
    Derivation(path: "forms.md", text: forms),
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
}
