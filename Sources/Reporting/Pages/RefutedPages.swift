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
        wrong: #"$$\frac{\partial}{\partial x} \sin(x) = x^2 - 7$$"#,
        right: #"$$\frac{\partial}{\partial x} \sin(x) = \cos(x)$$"#
      )
    case .offByOneBound:
      (
        title: "a sum or product begins or ends one step off",
        meaning: """
        With one end of a sum or product moved by one, the relation holds: as it stands, one term is
        missing or one is too many. In backpropagation through time this is the commonest slip: the
        first state h_0 is computed with W too, so the sum begins at k = 0.
        """,
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
        wrong: #"$$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(\sigma'(z_{t-1}))\, W$$"#,
        right: #"$$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(\sigma'(z_t))\, W$$"#
      )
    case .wrongExponent:
      (
        title: "an exponent is wrong",
        meaning: "With another exponent the relation holds. Count the factors.",
        wrong: #"$$\frac{\partial}{\partial x} x^3 = 3 x$$"#,
        right: #"$$\frac{\partial}{\partial x} x^3 = 3 x^2$$"#
      )
    case .sign:
      (
        title: "a sign is wrong",
        meaning: "With one plus and minus exchanged, the relation holds.",
        wrong: #"With $y = \tanh(x)$: $$\frac{\partial y}{\partial x} = 1 + y^2$$"#,
        right: #"With $y = \tanh(x)$: $$\frac{\partial y}{\partial x} = 1 - y^2$$"#
      )
    case .missingTranspose:
      (
        title: "a transpose is missing",
        meaning: """
        With one factor transposed, the relation holds. A gradient flows backwards through a matrix
        as its transpose.
        """,
        wrong: #"$$\nabla_x \left( x^\top A x \right) = (A + A)\, x$$"#,
        right: #"$$\nabla_x \left( x^\top A x \right) = (A + A^\top)\, x$$"#
      )
    case .extraTranspose:
      (
        title: "a transpose is too many",
        meaning: "Without one of its transposes, the relation holds.",
        wrong: #"With $y = W x$ (numerator layout): $$\frac{\partial y}{\partial x} = W^\top$$"#,
        right: #"With $y = W x$ (numerator layout): $$\frac{\partial y}{\partial x} = W$$"#
      )
    case .swappedFactors:
      (
        title: "two factors are in the wrong order",
        meaning: """
        With the factors of a product in another order, the relation holds. Matrices do not commute:
        in numerator layout the latest step stands leftmost.
        """,
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
        wrong: #"$$\frac{\partial y}{\partial x} = \sigma'(W x)^\top W$$"#,
        right: #"$$\frac{\partial y}{\partial x} = \mathrm{diag}(\sigma'(W x))\, W$$"#
      )
    case .totalForImmediate:
      (
        title: "a total derivative stands for an immediate one",
        meaning: """
        This page marks immediate derivatives (∂⁺: through the equations of one step alone), and here
        the mark is missing. The total derivative counts every earlier step as well, so the sum
        counts them more than once.
        """,
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
        wrong:
          #"With $h = \sigma(z)$: $$\frac{\partial h}{\partial z} = \mathrm{diag}(\sigma'(h))$$"#,
        right:
          #"With $h = \sigma(z)$: $$\frac{\partial h}{\partial z} = \mathrm{diag}(\sigma'(z))$$"#
      )
    case .missingFactor:
      (
        title: "a factor is missing",
        meaning: """
        With one more factor (a number, a matrix, the slope of an activation) the relation holds. Walk
        along the chain rule: every function on the way leaves a factor.
        """,
        wrong: #"With $y = \sigma(W x)$: $$\frac{\partial y}{\partial x} = W$$"#,
        right:
          #"With $y = \sigma(W x)$: $$\frac{\partial y}{\partial x} = \mathrm{diag}(\sigma'(W x))\, W$$"#
      )
    case .extraFactor:
      (
        title: "a factor is too many",
        meaning: "Without one of its factors, the relation holds.",
        wrong: #"With $y = W x$: $$\frac{\partial y}{\partial x} = 2 W$$"#,
        right: #"With $y = W x$: $$\frac{\partial y}{\partial x} = W$$"#
      )
    case .droppedTerm:
      (
        title: "a term is missing",
        meaning: """
        With one more term the relation holds. A node that is used in several places receives a
        contribution from each of them.
        """,
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
        wrong: #"With $y = x^2$: $$\frac{\partial y}{\partial x} = 2 x + 2 x$$"#,
        right: #"With $y = x^2$: $$\frac{\partial y}{\partial x} = 2 x$$"#
      )
    case .wrongGate:
      (
        title: "another node of the same step is meant",
        meaning: """
        With another gate or state of the same step and the same shape in its place, the relation
        holds.
        """,
        wrong: #"""
        With $c_t = f_t \odot c_{t-1} + i_t \odot g_t$:
        $$\frac{\partial^+ c_t}{\partial c_{t-1}} = \mathrm{diag}(i_t)$$
        """#,
        right: #"""
        With $c_t = f_t \odot c_{t-1} + i_t \odot g_t$:
        $$\frac{\partial^+ c_t}{\partial c_{t-1}} = \mathrm{diag}(f_t)$$
        """#
      )
    case .wrongSymbol:
      (
        title: "another symbol is meant",
        meaning: "With another symbol in one place, the relation holds.",
        wrong: #"With $h_t = W h_{t-1} + U x_t$: $$\frac{\partial h_t}{\partial h_{t-1}} = U$$"#,
        right: #"With $h_t = W h_{t-1} + U x_t$: $$\frac{\partial h_t}{\partial h_{t-1}} = W$$"#
      )
    default: preconditionFailure("no code about a refuted relation")
    }
  }
}
