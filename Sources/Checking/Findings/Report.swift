import Documents
import Expressions
import Notation

/// Words and expressions in turn: nobody below Reporting prints maths.
package struct Message: Hashable, Sendable {
  package enum Part: Hashable, Sendable {
    case words(String)
    case maths(Expression)
    case time(Time)
    case shape(Shape)
    /// A token as the author wrote it.
    case token(String)
  }
  package var parts: [Part]
  package init(_ parts: [Part] = []) { self.parts = parts }
  package var isEmpty: Bool { parts.isEmpty }
}

/// The proposed correction of a rejected relation.
package struct Mend: Sendable {
  /// The whole relation as it should stand.
  package var left: Expression
  package var right: Expression
  package var sign: Formula.RelationSign
  /// The replaced part and what replaces it; nil where a term is added.
  package var old: Expression?
  package var new: Expression?
  package var edit: Message
  package var slip: Slip?
  package var origin: Origin
  /// What stands behind ∈.
  package var interval: ClaimedInterval?
  /// The shape of all that belong to the space behind ∈.
  package var space: Shape?

  /// What the mend changes: both sides as they were read, and where each part of them stands in the
  /// formula; nil for a side that stands in another one.
  package struct Origin: Sendable {
    package var left: Written?
    package var right: Written?
    package var readLeft: Expression
    package var readRight: Expression
    /// The formula that the left side stands in, where it is not the statement's.
    package var leftSource: FormulaText?
    /// What is to be written with dots, inner parts first.
    package var dotted: [Dotted] = []
  }

  /// A sum or product as the author writes it: the members around its dots.
  package struct Dotted: Sendable {
    package var whole: Expression
    /// The first ones and the last; of a sum that has grown, the one that was missing.
    package var members: [Expression]
    package var isSum: Bool
    /// Whether nothing is left out.
    package var isComplete = false
    /// The sum as it stood before.
    package var grownFrom: Expression?
  }

  package init(
    left: Expression, right: Expression, sign: Formula.RelationSign, old: Expression?,
    new: Expression?, edit: Message, slip: Slip?, origin: Origin? = nil
  ) {
    self.origin = origin ?? Origin(left: nil, right: nil, readLeft: left, readRight: right)
    self.left = left
    self.right = right
    self.sign = sign
    self.old = old
    self.new = new
    self.edit = edit
    self.slip = slip
  }
}

/// A small point at which the two sides differ.
package struct Counterexample: Sendable {
  package struct Value: Sendable {
    package var symbol: Symbol
    package var time: Int?
    package var dimensions: [Int]
    package var entries: [Double]
    package init(symbol: Symbol, time: Int?, dimensions: [Int], entries: [Double]) {
      self.symbol = symbol
      self.time = time
      self.dimensions = dimensions
      self.entries = entries
    }
  }
  package var sizes: [(name: String, value: Int)]
  package var times: [(name: String, value: Int)]
  package var values: [Value]
  package var left: (dimensions: [Int], entries: [Double])
  package var right: (dimensions: [Int], entries: [Double])
}

/// How often the numbers were compared, and how well they agreed.
package struct NumericEvidence: Hashable, Sendable {
  package var points: Int
  package var maximumRelativeError: Double
  package init(points: Int, maximumRelativeError: Double) {
    self.points = points
    self.maximumRelativeError = maximumRelativeError
  }
}

/// Everything that is said of one statement.
package struct Finding: Sendable {
  package var statement: Statement
  /// Of the relation in the source.
  package var span: Span
  /// The wrong part, to be underlined; within `span`.
  package var blame: Span?
  package var left: Expression?
  package var right: Expression?
  /// Both sides as both witnesses were told them.
  package var readAs: (left: Expression, right: Expression)?
  /// For which times the relation is claimed; each is ≥ 0.
  package var domain: [Time] = []
  package var model: Int?
  package var opaque: [Expression] = []
  package var verdict: Verdict?
  package var readings: [Reading] = []
  package var numeric: NumericEvidence?
  package var difference: Expression?
  package var counterexample: Counterexample?
  package var code: Code?
  package var head: Verdict?
  package var followsFrom: Int?
  package var mend: Mend?
  package var holdsIf: Message?
  package var message = Message()
  package var asExpected: Bool?
  /// The names of derivatives by which the line speaks.
  package var derivativeNames = DerivativeNames()

  package init(statement: Statement) {
    self.statement = statement
    span = statement.place
  }
}

/// A problem of a document that belongs to no statement.
package struct DocumentProblem: Sendable {
  package var span: Span
  package var code: Code
  package var message: Message
  package init(span: Span, code: Code, message: Message) {
    self.span = span
    self.code = code
    self.message = message
  }
}

/// All that is said of one document.
package struct DocumentReport: Sendable {
  package var source: Source
  package var conventions: Conventions
  /// The readings that hold for the whole document: `layout`, `time`, `scalar` …
  package var readings: [(name: String, value: String)]
  package var findings: [Finding]
  package var problems: [DocumentProblem]
  package var contradicts: Bool {
    findings.contains { $0.code == .contradiction }
  }
}
