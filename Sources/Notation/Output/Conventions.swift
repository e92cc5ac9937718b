import Expressions

/// Where a document writes the time of a family.
package enum TimeNotation: String, Hashable, Sendable, CaseIterable {
  /// `h_t`
  case `subscript`
  /// `h^t`
  case superscript
  /// `h^{(t)}`
  case parentheses
  /// `h^{[t]}`
  case brackets
  /// `h^{\langle t \rangle}`
  case angle
}

/// How a document writes what it means, so that answers can be given in its own notation.
package struct Conventions: Hashable, Sendable {
  /// How a transpose is written.
  package enum TransposeSign: String, Hashable, Sendable, CaseIterable {
    /// `W^\top`
    case top
    /// `W^T`
    case letter
    /// `W^{\mathrm{T}}`
    case roman
  }

  /// Where times stand.
  package var time: TimeNotation
  /// How a transpose is written.
  package var transpose: TransposeSign
  /// The layout that a derivative without a mark has.
  package var layout: Layout
  /// Whether a square entry by entry is written as a power.
  package var writesSquares = false
  /// Whether entries stand beside the step: `p_{t,i}`.
  package var entriesStandBeside = false
  /// Whether the step below stands before what labels a name above: `h_t^{(2)}`.
  package var stepsStandFirst = false
  /// Whether what stands below an accent is in braces: `\hat{y}`.
  package var bracesAccents = true
  /// What stands between the parts of a column written in brackets: `[h; x]`; nil for a matrix.
  package var stackSign: String?
  /// Whether a step stands behind the name as an argument stands: `s[n]`, `h(n)`.
  package var stepsAreArguments = false
  /// The sign of a derivative along all paths where it is not ∂: `d`, `\mathrm{d}`.
  package var differentialSign: String?
  /// Whether the identity is bold, beside a symbol of that name; nil where the workspace tells.
  package var boldIdentity: Bool?
  /// The command that sets an upright name.
  package var wordCommand = "\\mathrm"
  /// Whether the logistic function has its name rather than σ.
  package var writesSigmoid = false
  /// What a line is about that writes functions without arguments.
  package var loneArgument: Expression?
  /// What stands in the place of an argument that is left out: `(\cdot)`.
  package var placeholder = ""
  /// The names that derivatives go by.
  package var derivativeNames = DerivativeNames()
  /// What is printed as the author has written it.
  package var quotes: [Expression: String] = [:]

  /// What most documents write, where nothing else is said.
  package init(
    time: TimeNotation = .subscript, transpose: TransposeSign = .top, layout: Layout = .numerator
  ) {
    self.time = time
    self.transpose = transpose
    self.layout = layout
  }
}
