import Checking

extension Code {
  /// L3xx and L9xx: where neither witness can say, or the two do not agree.
  var undecidedExplanation: Explanation {
    switch self {
    case .undecided:
      (
        title: "neither proved nor refuted",
        meaning: """
        The relation was understood, but it could be neither proved nor refuted. It does not count as
        accepted; the message says what stood in the way.
        """,
        context: #"""
        Let $h_t = \tanh(W h_{t-1} + U x_t)$ for $t = 0, \dots, T$ and $L = \sum_{t=0}^T L_t$, where
        $L_t$ depends on $h_t$.
        """#,
        wrong: #"$$\frac{\partial L}{\partial W} \approx \frac{\partial L_T}{\partial W}$$"#,
        right:
          #"$$\frac{\partial L}{\partial W} = \sum_{t=0}^{T} \frac{\partial L_t}{\partial W}$$"#
      )
    case .emptyClaim:
      (
        title: "a claim that says nothing",
        meaning: """
        Both sides vanish (or are the same by an assumption that makes everything vanish), so that
        the relation would hold whatever was meant. Where zero is the claim, write the zero: a side
        that is written 0 is judged.
        """,
        context: #"Let $h_t = \tanh(W h_{t-1} + U x_t)$."#,
        wrong:
          #"$$\frac{\partial x_t}{\partial h_{t-1}} = \frac{\partial x_t}{\partial h_{t-2}} \frac{\partial h_{t-2}}{\partial h_{t-1}}$$"#,
        right: #"$$\frac{\partial x_t}{\partial h_{t-1}} = 0$$"#
      )
    case .absentSymbol:
      (
        title: "a derivative by a symbol that no equation contains",
        meaning: """
        The relation differentiates by a symbol that none of the equations of its model contains.
        Either the symbol is misprinted or an equation is missing.
        """,
        context: #"Let $h_t = \tanh(W h_{t-1})$ and $V \in \mathbb{R}^{n \times n}$."#,
        wrong:
          #"$$\frac{\partial h_t}{\partial V} = \frac{\partial h_t}{\partial h_{t-1}} \frac{\partial h_{t-1}}{\partial V}$$"#,
        right: #"$$\frac{\partial h_t}{\partial V} = 0$$"#
      )
    case .unknownSymbol:
      (
        title: "a symbol that nothing explains",
        meaning: """
        Nothing declares, computes or uses this symbol elsewhere, and no single known symbol in its
        place makes the relation hold. Declare it or say in words what it is.
        """,
        context: #"Let $y = \sigma(W x)$ with $W \in \mathbb{R}^{n \times d}$."#,
        wrong: #"$$\frac{\partial y}{\partial x} = \mathrm{diag}(q)\, W$$"#,
        right:
          #"Let $q = \sigma'(W x)$. Then $$\frac{\partial y}{\partial x} = \mathrm{diag}(q)\, W$$"#
      )
    case .noValidPoint:
      (
        title: "no numbers at which the relation can be tested",
        meaning: """
        Assumptions that exclude each other, logarithms of negative numbers or kinks leave no point at
        which both sides can be computed, or none at which a mistake would be seen.
        """,
        context: #"Let $a \in \mathbb{R}$."#,
        wrong: #"Suppose $a > 0$ and $a < 0$. Then $\sqrt{a^2} = -a$."#,
        right: #"Suppose $a < 0$. Then $\sqrt{a^2} = -a$."#
      )
    case .opaqueSetEqual:
      (
        title: "a formula for something that is not defined",
        meaning: """
        One side contains the derivative of a node that the document does not define, the other
        gives a formula for it. Without the definition nobody can say whether that is right.
        """,
        context: #"Let $h_t = \tanh(W h_{t-1} + U x_t)$."#,
        wrong:
          #"The loss $L_t$ depends on $h_t$. Then $\frac{\partial L_t}{\partial h_t} = h_t^\top$."#,
        right:
          #"Let $L_t = \frac{1}{2} h_t^\top h_t$. Then $\frac{\partial L_t}{\partial h_t} = h_t^\top$."#
      )
    case .vanishingDenominator:
      (
        title: "a denominator that vanishes",
        meaning: "A side divides by something that is zero wherever the relation is claimed.",
        context: #"Let $x \in \mathbb{R}$."#,
        wrong: #"$$\frac{x - x}{x - x} = 1$$"#,
        right: #"$$\frac{x + x}{x} = 2$$"#
      )
    case .beyondBudget:
      (
        title: "too large to be decided",
        meaning: """
        Multiplying the two sides out would take more terms, or larger numbers, than Leibniz allows
        itself. Split the step into smaller ones.
        """,
        context: #"Let $x \in \mathbb{R}$."#,
        wrong: #"$$x^{1000000000} = x^{999999999} x$$"#,
        right: #"$$x^{30} = x^{29} x$$"#
      )
    case .contradiction:
      (
        title: "the two witnesses contradict each other",
        meaning: """
        The symbolic witness proves what the numbers refute, or the other way round. That is a defect
        of Leibniz, not of the document: the report shows both, and the exit status is 70. Please
        send the document to the authors of Leibniz.
        """,
        context: #""#,
        wrong: #"any report with this code"#,
        right: #"any report without it"#
      )
    default: preconditionFailure("no code about an undecided relation")
    }
  }
}
