import Checking

extension Code {
  /// L0xx: what could not be read.
  var readingExplanation: Explanation {
    switch self {
    case .unreadToken:
      (
        title: "a token that is not understood",
        meaning: """
        The formula contains a command or a character that Leibniz does not know. Nothing is
        guessed in its place, so the whole relation is not understood. A macro must be defined
        in the document (\\newcommand, \\def) before it is used.
        """,
        context: #"Let $y = \sigma(W x)$ with $W \in \mathbb{R}^{n \times d}$."#,
        wrong: #"$$\frac{\partial y}{\partial x} = \daig(\sigma'(W x))\, W$$"#,
        right: #"$$\frac{\partial y}{\partial x} = \mathrm{diag}(\sigma'(W x))\, W$$"#
      )
    case .missingOperand:
      (
        title: "something is missing in the formula",
        meaning: """
        A sign stands alone: there is nothing before or after it, or a bracket, a fraction or a
        sum is empty where something is due.
        """,
        context: #"Let $y = W x$ with $W \in \mathbb{R}^{n \times d}$, in numerator layout."#,
        wrong: #"$$\frac{\partial y}{\partial x} = $$"#,
        right: #"$$\frac{\partial y}{\partial x} = W$$"#
      )
    case .unreadFormula:
      (
        title: "a formula that is not understood",
        meaning: """
        The formula could be read sign by sign, but not as a whole: a bracket is not closed, an
        ellipsis follows no rule (or more than one), or an index, a bound or an exponent is of a
        kind that has no meaning here.
        """,
        context: #"Let $y = \sigma(W x)$ with $W \in \mathbb{R}^{n \times d}$."#,
        wrong: #"$$\frac{\partial y}{\partial x = W$$"#,
        right: #"$$\frac{\partial y}{\partial x} = \mathrm{diag}(\sigma'(W x))\, W$$"#
      )
    case .notText:
      (
        title: "the file is not a text",
        meaning: """
        Documents are UTF-8 text: Markdown (.md, .txt), LaTeX (.tex) or notebooks (.ipynb). This
        file holds bytes that no UTF-8 text holds, or is no notebook although its name says so.
        """,
        context: #""#,
        wrong: #"homework.pdf, or a file saved as UTF-16"#,
        right: #"homework.md, saved as UTF-8"#
      )
    case .unknownDirective:
      (
        title: "a directive that is not known",
        meaning: """
        A comment that begins with “leibniz:” is a directive. There are: given, declare, define,
        assume, claim, ignore, layout, time, scalar, copy, hold, induction on … end, and expect.
        """,
        context: #""#,
        wrong: #"<!-- leibniz: layout rows -->"#,
        right: #"<!-- leibniz: layout numerator -->"#
      )
    case .unterminatedFormula:
      (
        title: "a formula that does not end",
        meaning: """
        A formula is opened ($, $$, \\[, \\begin{…}) and not closed before the paragraph ends. What
        follows is read as if it had ended there.
        """,
        context: #"Let $y = W x$ with $W \in \mathbb{R}^{n \times d}$, in numerator layout."#,
        wrong: #"""
        The Jacobian is $$\frac{\partial y}{\partial x} = W

        and we go on.
        """#,
        right: #"""
        The Jacobian is $$\frac{\partial y}{\partial x} = W$$

        and we go on.
        """#
      )
    case .givenNotFound:
      (
        title: "the given document cannot be read",
        meaning: """
        A given directive takes declarations, definitions and assumptions from another document. Its
        path counts from the folder of the document that names it.
        """,
        context: #""#,
        wrong: #"<!-- leibniz: given nowhere/rnn.md -->"#,
        right: #"<!-- leibniz: given rnn.md -->"#
      )
    default: preconditionFailure("no code about reading")
    }
  }
}
