/// A formula as it is written, without any meaning: scripts are not yet times or powers, a letter
/// before a bracket is not yet a function. Reading is total: what could not be read is a node.
package struct Formula: Hashable, Sendable {
  package var kind: Kind
  /// Where it stands in the text that was parsed.
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  package indirect enum Kind: Hashable, Sendable {
    /// Digits as written: `30`, `0.9`, `1.15e-12`.
    case number(String)
    case identifier(Identifier)
    /// A base with its scripts, uninterpreted; primes are counted, not part of `above`.
    case scripts(Formula, below: Formula?, above: Formula?, primes: Int)
    /// Something in brackets; braces that only group leave no node.
    case fenced(Fence, Formula)
    /// Side by side without a sign: a product or an application.
    case juxtaposition([Formula])
    case sum([SignedTerm])
    case binary(BinaryOperator, Formula, Formula)
    /// Built up or with a slash.
    case fraction(Formula, Formula)
    case root(Formula, degree: Formula?)
    /// `\sum`, `\prod` with its bounds and everything that it governs.
    case big(BigOperator, below: Formula?, above: Formula?, Formula)
    /// A matrix environment: rows of cells.
    case matrix(MatrixStyle, [[Formula]])
    /// Words within a formula.
    case text(String)
    /// An ellipsis.
    case dots(Dots)
    /// Struck out by `\cancel` and its like.
    case struck(Formula)
    /// Separated by commas (or semicolons, or wide spaces between relations).
    case list([Formula])
    /// A chain of relations: `a = b ≤ c`.
    case relations(Formula, [RelationMember])
    /// Nothing where something was due.
    case empty
    /// What could not be read, as written, and why.
    case unread(String, UnreadReason)
  }

  package struct SignedTerm: Hashable, Sendable {
    package var isNegative: Bool
    package var term: Formula
    package init(isNegative: Bool, term: Formula) {
      self.isNegative = isNegative
      self.term = term
    }
  }

  package struct RelationMember: Hashable, Sendable {
    package var sign: RelationSign
    /// Where the sign itself stands.
    package var signSpan: Span
    package var formula: Formula
    package init(sign: RelationSign, signSpan: Span, formula: Formula) {
      self.sign = sign
      self.signSpan = signSpan
      self.formula = formula
    }
  }

  /// A letter, a Greek letter by its LaTeX name without backslash, or an upright word.
  package struct Identifier: Hashable, Sendable {
    /// `W`, `sigma`, `Theta`, `partial`, `infty`, `tanh`, `diag`, `nabla`, `ell`.
    package var name: String
    /// Outermost first.
    package var decorations: [Decoration]
    package var font: Font
    /// The layer of a name that bears one, as it stands above: `(2)` of `h^{(2)}_t`.
    package var layer: String?
    /// The step of a name whose page never leaves it, with its place: `_{t-1}` of `s_{t-1}`.
    package var step: String?
    package init(_ name: String, decorations: [Decoration] = [], font: Font = .italic) {
      self.name = name
      self.decorations = decorations
      self.font = font
    }
  }

  package enum Decoration: String, Hashable, Sendable {
    case tilde, hat, bar, vector, leftArrow, dot, ddot, underline, check
  }
  package enum Font: String, Hashable, Sendable {
    /// A variable.
    case italic
    /// `\mathrm`, `\text` used as a name, and the named operators (`\tanh`, `\operatorname{diag}`).
    case upright
    case bold, blackboard, calligraphic, fraktur, sansSerif, typewriter
  }
  package enum Fence: Hashable, Sendable {
    case parentheses, brackets, braces, angle
    /// `|x|` and `\|x\|`.
    case bars, doubleBars
    case floor, ceiling
    /// What stands before a bar with a script: `\left. … \right|_C`.
    case evaluated
    /// Brackets of unlike ends: an interval `[0, 1)`; whether each end belongs to it.
    case halfOpen(lowerClosed: Bool, upperClosed: Bool)
  }
  package enum BinaryOperator: String, Hashable, Sendable {
    /// `\odot`, `⊙`, `\circ`
    case hadamard
    /// `\cdot`
    case dot
    /// `\times`
    case times
    /// `*`
    case asterisk
    /// `\otimes`
    case kronecker
    /// `\setminus`, `\cup`, `\cap`, `\oplus`: read, but without a meaning here.
    case setMinus, union, intersection, directSum
  }
  package enum BigOperator: String, Hashable, Sendable {
    case sum, product, integral, maximum, minimum, limit
    /// A product written factor by factor with dots, the letter rising or falling from the left:
    /// what the dots are read as, never parsed.
    case risingFactors, fallingFactors
  }
  package enum MatrixStyle: String, Hashable, Sendable {
    case plain, parentheses, brackets, bars, doubleBars, braces, cases
  }
  package enum Dots: String, Hashable, Sendable {
    case low, centered, vertical, diagonal
  }
  package enum RelationSign: String, Hashable, Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, approximately, proportional
    /// `:=`, `\triangleq`, `\equiv`, `\coloneqq`
    case defines
    /// `=:`, the other way round
    case names
    case elementOf, subset
    /// `\to`, `\rightarrow`
    case arrow
    /// `\mapsto`
    case mapsTo
    /// `\colon` and `:` between a name and its type
    case colon
    case implies, equivalent
    /// `\sim`
    case distributed
    /// `\mid`, `|`
    case divides
    /// `\propto` is `proportional`; much less and much greater
    case muchLess, muchGreater
  }
  package enum UnreadReason: Hashable, Sendable {
    case unknownCommand
    case missingClosing(String)
    case unexpectedClosing
    case missingOperand
    case missingArgument
    case tooDeep
    case unexpectedCharacter
  }
}

extension Formula {
  /// The same formula with other children, given in the order of `children`.
  package func mappingChildren(_ transform: (Formula) -> Formula) -> Formula {
    let kind: Kind
    switch self.kind {
    case .number, .identifier, .text, .dots, .empty, .unread: return self
    case .scripts(let base, let below, let above, let primes):
      kind = .scripts(
        transform(base), below: below.map(transform), above: above.map(transform), primes: primes)
    case .fenced(let fence, let inner): kind = .fenced(fence, transform(inner))
    case .struck(let inner): kind = .struck(transform(inner))
    case .juxtaposition(let items): kind = .juxtaposition(items.map(transform))
    case .list(let items): kind = .list(items.map(transform))
    case .sum(let terms):
      kind = .sum(
        terms.map { SignedTerm(isNegative: $0.isNegative, term: transform($0.term)) })
    case .binary(let sign, let a, let b): kind = .binary(sign, transform(a), transform(b))
    case .fraction(let a, let b): kind = .fraction(transform(a), transform(b))
    case .root(let inner, let degree):
      let degree = degree.map(transform)
      kind = .root(transform(inner), degree: degree)
    case .big(let sign, let below, let above, let body):
      kind = .big(sign, below: below.map(transform), above: above.map(transform), transform(body))
    case .matrix(let style, let rows): kind = .matrix(style, rows.map { $0.map(transform) })
    case .relations(let first, let members):
      kind = .relations(
        transform(first),
        members.map {
          RelationMember(sign: $0.sign, signSpan: $0.signSpan, formula: transform($0.formula))
        })
    }
    return Formula(kind, span)
  }
}
