import Checking

extension Code {
  /// L1xx: shapes that cannot fit.
  var shapeExplanation: Explanation {
    switch self {
    case .sidesDiffer:
      (
        title: "the two sides have different shapes",
        meaning: """
        What stands left of the sign and what stands right of it are tensors of different shapes, so
        they can never be equal, whatever the numbers are. Often a transpose is missing, or an
        answer belongs to the other layout.
        """,
        context: #"Let $y = W x$ with $W \in \mathbb{R}^{n \times d}$, in numerator layout."#,
        wrong: #"$$\frac{\partial y}{\partial x} = W^\top$$"#,
        right: #"$$\frac{\partial y}{\partial x} = W$$"#
      )
    case .factorsCannotMeet:
      (
        title: "two neighbouring factors do not fit",
        meaning: """
        In a product of matrices the last axis of the left factor meets the first axis of the right
        one; here their sizes differ. Perhaps the order of the factors is wrong, or one of them must
        be transposed.
        """,
        context: #"Let $y = \sigma(W x)$ with $W \in \mathbb{R}^{n \times d}$."#,
        wrong: #"$$\frac{\partial y}{\partial x} = W\, \mathrm{diag}(\sigma'(W x))$$"#,
        right: #"$$\frac{\partial y}{\partial x} = \mathrm{diag}(\sigma'(W x))\, W$$"#
      )
    case .termsCannotMeet:
      (
        title: "two terms of a sum have different shapes",
        meaning: """
        Only tensors of one shape can be added (a number may be added to a vector entry by entry,
        and a declared row to every row of a matrix).
        """,
        context: #"Let $y = W x$ with $W \in \mathbb{R}^{n \times d}$, in numerator layout."#,
        wrong: #"$$\frac{\partial y}{\partial x} = W + x$$"#,
        right: #"$$\frac{\partial y}{\partial x} = W$$"#
      )
    case .wrongShapeForOperation:
      (
        title: "an operation is not defined for this shape",
        meaning: """
        The operation asks for another shape: a determinant, a trace or an inverse for a square
        matrix, softmax for a vector, a quotient for a divisor that is a number or fits entry by
        entry.
        """,
        context: #"Let $A \in \mathbb{R}^{2 \times 3}$."#,
        wrong: #"$$\mathrm{tr}(A) = \mathrm{tr}(A^\top)$$"#,
        right: #"$$\mathrm{tr}(A A^\top) = \mathrm{tr}(A^\top A)$$"#
      )
    case .definitionIllTyped:
      (
        title: "a definition whose shapes do not fit",
        meaning: """
        The right side of a definition cannot be computed, or has not the shape that its left side
        was declared to have. Everything that uses it is affected; mend this line first.
        """,
        context: #"Let $W \in \mathbb{R}^{n \times d}$ and $x \in \mathbb{R}^d$."#,
        wrong: #"Let $y = x W$."#,
        right: #"Let $y = W x$."#
      )
    case .strayIndex:
      (
        title: "an index is summed on one side and free on the other",
        meaning: """
        A sum or product runs over an index that nothing behind its sign contains, while the same
        letter stands free on the other side. As a rule the sign stands on the wrong side.
        """,
        context: #"""
        Let $s_t = w s_{t-1} + x_t$ for $t = 1, \dots, T$, where all quantities are scalars and $s_0$
        is given.
        """#,
        wrong: #"$$\sum_{k=1}^{3} \frac{\partial s_3}{\partial w} = w^{3-k} s_{k-1}$$"#,
        right: #"$$\frac{\partial s_3}{\partial w} = \sum_{k=1}^{3} w^{3-k} s_{k-1}$$"#
      )
    default: preconditionFailure("no code about shapes")
    }
  }
}
