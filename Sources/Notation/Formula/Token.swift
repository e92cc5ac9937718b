/// One sign of a formula, already classified, with its place in the author's text.
struct Token {
  var kind: Kind
  /// The name of an identifier, the digits, the words, or the sign as written.
  var text: String
  var span: Span
  var font: Formula.Font?
  var decorations: [Formula.Decoration] = []
  /// White space stands before it.
  var isSpaced = false
  /// The other end of a group, fence or environment, as `Token` index; -1 without one.
  var partner = -1

  init(_ kind: Kind, _ text: String, _ span: Span, font: Formula.Font? = nil) {
    self.kind = kind
    self.text = text
    self.span = span
    self.font = font
  }

  enum Kind: Equatable {
    case letter
    /// An upright name: `\tanh`, `\text{init}`, `diag`.
    case word
    case number
    /// Words of a sentence.
    case text
    case dots(Formula.Dots)
    case relation(Formula.RelationSign)
    case plus, minus, slash
    case binary(Formula.BinaryOperator)
    case comma, semicolon, period
    /// `\quad` and wider.
    case wide
    /// `\\`
    case row
    /// `\ `, which is also what remains of `\\` when a converter halves it.
    case controlSpace
    case ampersand
    case openBrace, closeBrace
    case open(Delimiter)
    case close(Delimiter)
    case bar(isDouble: Bool, Side)
    /// A bar that only closes: the script after it says where the formula before it is taken.
    case evaluation
    case below, above
    case prime(Int)
    case begin(Environment)
    case end(Environment)
    case big(Formula.BigOperator)
    case fraction, root, struck
    /// `\underset{below}{base}`
    case underset
    /// `\underbrace`: its script is a remark.
    case annotated
    case accent(Formula.Decoration)
    /// `\mathbf` and its like, with an argument.
    case fontCommand(Formula.Font)
    /// `\rm`, `\bf`: to the end of the group.
    case fontSwitch(Formula.Font)
    case unread(Formula.UnreadReason)
    /// Taken out of the text; compacted away before parsing.
    case dropped
  }

  enum Delimiter: Equatable {
    case parenthesis, bracket, brace, angle, floor, ceiling

    var fence: Formula.Fence {
      switch self {
      case .parenthesis: .parentheses
      case .bracket: .brackets
      case .brace: .braces
      case .angle: .angle
      case .floor: .floor
      case .ceiling: .ceiling
      }
    }

    var index: Int {
      switch self {
      case .parenthesis: 0
      case .bracket: 1
      case .brace: 2
      case .angle: 3
      case .floor: 4
      case .ceiling: 5
      }
    }

    var closing: String {
      switch self {
      case .parenthesis: ")"
      case .bracket: "]"
      case .brace: "\\}"
      case .angle: "\\rangle"
      case .floor: "\\rfloor"
      case .ceiling: "\\rceil"
      }
    }
  }

  /// Which way a bar faces, where the author said so (`\left|`, `\rVert`).
  enum Side: Equatable {
    case left, right, middle, unknown
  }

  enum Environment: Equatable {
    /// Cells in rows and columns.
    case matrix(Formula.MatrixStyle)
    /// `array`: a matrix, or lines of one formula.
    case array
    /// Lines of formulas, where `&` means nothing.
    case lines
    case unknown
  }

  /// Joins or relates two operands, so that something must follow.
  var isOperator: Bool {
    switch kind {
    case .plus, .minus, .slash, .binary: true
    default: false
    }
  }

  var isRelation: Bool {
    if case .relation = kind { true } else { false }
  }

  /// Parts a range of tokens into items of a list.
  var isSeparator: Bool {
    switch kind {
    case .comma, .semicolon, .period, .wide, .row: true
    default: false
    }
  }
}
