import Checking

extension Code {
  /// L2xx: what is wrong, by the slip that mends it.
  var refutedExplanation: Explanation {
    switch self {
    case .refuted:
      (
        title: "the two sides are not equal",
        meaning: """
        Both sides were computed with numbers, and they differ by far more than the error of the
        computation, under every reading that the document allows. The report shows a small example
        that you can check by hand. No single edit was found that mends the relation.
        """,
        context: #"Let $x \in \mathbb{R}$ and $y = \sin(x)$."#,
        wrong: #"$$\frac{\partial y}{\partial x} = x^2 - 7$$"#,
        right: #"$$\frac{\partial y}{\partial x} = \cos(x)$$"#
      )
    case .offByOneBound:
      (
        title: "a sum or product begins or ends one step off",
        meaning: """
        With one end of a sum or product moved by one, the relation holds: as it stands, one term is
        missing or one is too many. In backpropagation through time this is the commonest slip: the
        first state h_0 is computed with W too, so the sum begins at k = 0.
        """,
        context: #"""
        Let $h_t = \tanh(W h_{t-1} + U x_t)$ for $t = 0, \dots, T$ and $L = \sum_{t=0}^T L_t$, where
        $L_t$ depends on $h_t$.
        """#,
        wrong: #"""
        $$\frac{\partial L}{\partial W} = \sum_{t=0}^{T} \sum_{k=1}^{t} \frac{\partial L_t}{\partial h_t}
          \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}$$
        """#,
        right: #"""
        $$\frac{\partial L}{\partial W} = \sum_{t=0}^{T} \sum_{k=0}^{t} \frac{\partial L_t}{\partial h_t}
          \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}$$
        """#
      )
    case .offByOneIndex:
      (
        title: "a time index is one step off",
        meaning: """
        With one time index moved by one step, the relation holds. Look at which step each factor
        belongs to: the slope of h_t = σ(W h_{t-1} + U x_t) is taken at step t.
        """,
        context: #"Let $h_t = \sigma(z_t)$ with $z_t = W h_{t-1} + U x_t$."#,
        wrong: #"$$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(\sigma'(z_{t-1}))\, W$$"#,
        right: #"$$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(\sigma'(z_t))\, W$$"#
      )
    case .wrongExponent:
      (
        title: "an exponent is wrong",
        meaning: "With another exponent the relation holds. Count the factors.",
        context: #"Let $x \in \mathbb{R}$ and $y = x^4$."#,
        wrong: #"$$\frac{\partial y}{\partial x} = 4 x^2$$"#,
        right: #"$$\frac{\partial y}{\partial x} = 4 x^3$$"#
      )
    case .sign:
      (
        title: "a sign is wrong",
        meaning: "With one plus and minus exchanged, the relation holds.",
        context: #"Let $y = \tanh(W x)$."#,
        wrong: #"$$\frac{\partial y}{\partial x} = \mathrm{diag}(1 + y^2)\, W$$"#,
        right: #"$$\frac{\partial y}{\partial x} = \mathrm{diag}(1 - y^2)\, W$$"#
      )
    case .missingTranspose:
      (
        title: "a transpose is missing",
        meaning: """
        With one factor transposed, the relation holds. A gradient flows backwards through a matrix
        as its transpose.
        """,
        context: #"Let $A \in \mathbb{R}^{n \times n}$ and $q = x^\top A x$."#,
        wrong: #"$$\nabla_x q = (A + A)\, x$$"#,
        right: #"$$\nabla_x q = (A + A^\top)\, x$$"#
      )
    case .extraTranspose:
      (
        title: "a transpose is too many",
        meaning: "Without one of its transposes, the relation holds.",
        context: #"Let $A \in \mathbb{R}^{n \times n}$ and $q = x^\top A x$."#,
        wrong: #"$$\nabla_x q = (A^\top + A^\top)\, x$$"#,
        right: #"$$\nabla_x q = (A + A^\top)\, x$$"#
      )
    case .swappedFactors:
      (
        title: "two factors are in the wrong order",
        meaning: """
        With the factors of a product in another order, the relation holds. Matrices do not commute:
        in numerator layout the latest step stands leftmost.
        """,
        context: #"Let $h_t = \sigma(z_t)$ with $z_t = W h_{t-1} + U x_t$."#,
        wrong: #"$$\frac{\partial h_t}{\partial h_{t-1}} = W\, \mathrm{diag}(\sigma'(z_t))$$"#,
        right: #"$$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(\sigma'(z_t))\, W$$"#
      )
    case .missingDiag:
      (
        title: "a diag is missing",
        meaning: """
        A vector of slopes scales the rows of a matrix only as a diagonal matrix. With diag around
        it, the relation holds.
        """,
        context:
          #"Let $y = B \sigma(W x)$ with $B, W \in \mathbb{R}^{n \times n}$ and $p = \sigma'(W x)$."#,
        wrong: #"$$\frac{\partial y}{\partial x} = B\, p\, W$$"#,
        right: #"$$\frac{\partial y}{\partial x} = B\, \mathrm{diag}(p)\, W$$"#
      )
    case .totalForImmediate:
      (
        title: "a total derivative stands for an immediate one",
        meaning: """
        This page marks immediate derivatives (∂⁺: through the equations of one step alone), and here
        the mark is missing. The total derivative counts every earlier step as well, so the sum
        counts them more than once.
        """,
        context: #"""
        Let $h_t = \tanh(W h_{t-1})$ for $t = 1, \dots, T$, where $h_0$ is given. Write $\partial^+ h_k / \partial W$
        for the immediate derivative.
        """#,
        wrong:
          #"$$\frac{\partial h_t}{\partial W} = \sum_{k=1}^{t} \frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}$$"#,
        right:
          #"$$\frac{\partial h_t}{\partial W} = \sum_{k=1}^{t} \frac{\partial h_t}{\partial h_k} \frac{\partial^+ h_k}{\partial W}$$"#
      )
    case .activationAppliedTwice:
      (
        title: "an activation is applied twice",
        meaning: """
        The slope of an activation is taken at what the activation is applied to (z), not at what comes
        out of it (h = σ(z)).
        """,
        context: #"Let $h = \sigma(z)$ with $z = W x$."#,
        wrong: #"$$\frac{\partial h}{\partial z} = \mathrm{diag}(\sigma'(h))$$"#,
        right: #"$$\frac{\partial h}{\partial z} = \mathrm{diag}(\sigma'(z))$$"#
      )
    case .missingFactor:
      (
        title: "a factor is missing",
        meaning: """
        With one more factor (a number, a matrix, the slope of an activation) the relation holds. Walk
        along the chain rule: every function on the way leaves a factor.
        """,
        context: #"Let $x \in \mathbb{R}^n$ and $y = x^\top x$."#,
        wrong: #"$$\frac{\partial y}{\partial x} = x^\top$$"#,
        right: #"$$\frac{\partial y}{\partial x} = 2 x^\top$$"#
      )
    case .extraFactor:
      (
        title: "a factor is too many",
        meaning: "Without one of its factors, the relation holds.",
        context: #"Let $y = W x$ with $W \in \mathbb{R}^{n \times d}$, in numerator layout."#,
        wrong: #"$$\frac{\partial y}{\partial x} = 2 W$$"#,
        right: #"$$\frac{\partial y}{\partial x} = W$$"#
      )
    case .droppedTerm:
      (
        title: "a term is missing",
        meaning: """
        With one more term the relation holds. A node that is used in several places receives a
        contribution from each of them.
        """,
        context: #"""
        Let $h_t = \tanh(W h_{t-1} + U x_t)$ for $t = 0, \dots, T$ and $L = \sum_{t=0}^T L_t$, where
        $L_t$ depends on $h_t$.
        """#,
        wrong: #"""
        $$\frac{\partial L}{\partial h_t} =
          \frac{\partial L}{\partial h_{t+1}} \frac{\partial h_{t+1}}{\partial h_t}$$
        """#,
        right: #"""
        $$\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} +
          \frac{\partial L}{\partial h_{t+1}} \frac{\partial h_{t+1}}{\partial h_t}$$
        """#
      )
    case .doubledTerm:
      (
        title: "a term is counted twice",
        meaning: "Without one of its terms, the relation holds.",
        context: #"Let $y = A x + B x$."#,
        wrong: #"$$\frac{\partial y}{\partial x} = A + B + B$$"#,
        right: #"$$\frac{\partial y}{\partial x} = A + B$$"#
      )
    case .wrongGate:
      (
        title: "another node of the same step is meant",
        meaning: """
        With another gate or state of the same step and the same shape in its place, the relation
        holds.
        """,
        context: #"""
        Let $i_t = \sigma(U x_t)$, $f_t = \sigma(V x_t)$, $g_t = \tanh(W x_t)$ and
        $c_t = f_t \odot c_{t-1} + i_t \odot g_t$.
        """#,
        wrong: #"$$\frac{\partial c_t}{\partial c_{t-1}} = \mathrm{diag}(i_t)$$"#,
        right: #"$$\frac{\partial c_t}{\partial c_{t-1}} = \mathrm{diag}(f_t)$$"#
      )
    case .wrongSymbol:
      (
        title: "another symbol is meant",
        meaning: "With another symbol in one place, the relation holds.",
        context: #"Let $h_t = W h_{t-1} + U x_t$ with $W, U \in \mathbb{R}^{n \times n}$."#,
        wrong: #"$$\frac{\partial h_t}{\partial h_{t-1}} = U$$"#,
        right: #"$$\frac{\partial h_t}{\partial h_{t-1}} = W$$"#
      )
    case .circle:
      (
        title: "arrows lead in a circle",
        meaning: """
        Arrows between quantities at their steps, which the page computes or differentiates, draw what
        depends on what. These come back to where they began, and nothing depends on itself.
        """,
        context: #"Let $h_t = \tanh(c_t)$ and $c_t = \sigma(V h_{t-1}) \odot c_{t-1}$."#,
        wrong: #"$$h_2 \to c_2 \to h_2$$"#,
        right: #"$$h_2 \to c_2 \to h_1$$"#
      )
    default: preconditionFailure("no code about a refuted relation")
    }
  }
}
