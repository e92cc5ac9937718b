import Expressions
import Notation

/// How a page names the gradient of its loss by X.
package struct GradientMarks: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  /// `dX`
  package static let d = GradientMarks(rawValue: 1)
  /// `\delta X`
  package static let delta = GradientMarks(rawValue: 2)
  /// `\bar X`
  package static let bar = GradientMarks(rawValue: 4)
}

/// A name that stands for a derivative: δ_t for ∂L/∂a_t.
package struct NamedGradient: Sendable {
  package var key: NameKey
  package var name: Formula
  package var gradient: Formula
  /// What it says of one entry, if it is explained so: δ_k for ∂E/∂a_k.
  package var entry: (index: Formula, gradient: Formula)?
  /// What the derivative mentions.
  package var names: [NameKey]
  /// What is differentiated, if that has a name.
  package var numerator: NameKey?
  /// Where it is explained.
  package var statement: Int
}

/// A function of a page's own: the formal argument and what it is replaced in.
package struct DefinedFunction: Sendable {
  package var name: String
  package var argument: Formula
  package var body: Formula
  /// With which statement the section begins that defines it.
  package var section: Int
  package var start: Int
  /// Whether it is the logistic function under another name.
  package var isLogistic = false
  /// Whether the page applies it to vectors, entry by entry.
  package var isEntrywise = false
  /// Whether it is only supposed to be this, to the end of its section.
  package var isSupposed = false
  /// The first statement for which it is not this any more; nil if there is none.
  package var end: Int?
}

/// What a page fixes about reading its formulas, apart from the symbols of a model.
package struct PageNotation: Sendable {
  package var lexicon: Lexicon
  /// The time variables by name.
  package var times: [(name: String, symbol: TimeSymbol)] = []
  package var dimensions: [(name: String, symbol: DimensionSymbol)] = []
  /// How the page writes the letters of entries and members that are read as others.
  var indexLetters: [(letter: String, written: String)] = []
  package var functions: [DefinedFunction] = []
  /// Names that stand alone before an equals sign, and another name behind it.
  package var explained: Set<String> = []
  /// Names that the page explains as derivatives.
  package var gradients: [NamedGradient] = []
  /// The scalar that gradients by name are taken of.
  package var loss: NameKey?
  /// Names that the page writes with what they depend on, `L_t(h_t)`, and all of that.
  package var applied: [NameKey: [Formula]] = [:]
  /// Whether the page's σ is not the logistic function.
  package var hasOwnSigma = false
  /// Whether the page leaves open which function σ is.
  package var hasUnknownSigma = false
  /// What stands before or above a name where the name with it is the gradient by it.
  package var gradientMarks: GradientMarks = []
  /// Whether `dX` with an italic d is the differential of X.
  package var writesItalicDifferentials = false
  /// What ‖·‖ of a matrix means on this page.
  package var matrixNorm = MatrixNorm.unspecified
  /// Whether ρ is the spectral radius.
  package var namesSpectralRadius = false
  /// Unspecified functions of one number, by name.
  package var genericFunctions: [(name: String, symbol: FunctionSymbol)] = []
  /// Those that the page gives a formula somewhere: generic where that does not serve.
  package var definedFunctions: [(name: String, symbol: FunctionSymbol)] = []
  package init(lexicon: Lexicon) { self.lexicon = lexicon }

  /// What a name of a function stands for at a statement.
  package func function(_ name: String, at statement: Int) -> DefinedFunction? {
    let own = functions.filter { $0.name == name && $0.end.map { statement < $0 } ?? true }
    return own.last { $0.start <= statement } ?? own.first { !$0.isSupposed }
  }
}

/// Gives one formula its meaning in a scope: names become symbols, scripts times, entries, powers.
package struct Elaborator {
  package var page: PageNotation
  package var table: SymbolTable
  package var layout: Layout
  /// Families held by a directive or a sentence.
  package var held: [Symbol] = []
  /// Whether the line writes both d and ∂, so that d is along all paths whatever ∂ may mean.
  package var setsTotalsApart = false
  /// Those of them that are held at an earlier step.
  package var heldBefore: [Symbol] = []
  /// What `\sum_t` runs over: the range that the page states for t.
  package var openRange: (from: Time, through: Time)?
  /// Names that came up for the first time, in order.
  package internal(set) var introduced: [NameKey] = []
  /// How many slopes were written without an argument.
  package internal(set) var elidedCount = 0

  /// Whether the chain that is differentiated reads later steps: its later times are those of its
  /// sources, and custom says nothing of their letters.
  package var looksAhead = false
  /// Whether the shapes of known names are settled.
  package var knowsShapes = false
  /// Whether only names are wanted: what the page defines of gradients is not unfolded.
  package var isScratch = false
  /// The statement that is read.
  package var position = Int.max

  var labels: [(letter: String, index: IndexSymbol)] = []
  var boundTimes: [(letter: String, symbol: TimeSymbol)] = []
  /// Over which times the sums around the place run.
  var boundRanges: [(symbol: TimeSymbol, from: Time, through: Time)] = []
  var functionParameters: [(letter: String, value: Written)] = []
  var depth = 0

  package init(page: PageNotation, table: SymbolTable, layout: Layout) {
    self.page = page
    self.table = table
    self.layout = layout
  }

  /// The labels of index notation that stand free.
  package var freeLabels: [IndexSymbol] { labels.map { $0.index } }

  // MARK: Formulas

  package mutating func elaborate(
    _ formula: Formula, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    depth += 1
    defer { depth -= 1 }
    if depth > 150 { throw Unreadable(.tooDeep, formula.span) }
    if !page.lexicon.classLetters.isEmpty, let term = try atClass(formula, in: &workspace) {
      return term
    }
    switch formula.kind {
    case .number(let digits): return try number(digits, formula.span, in: &workspace)
    case .identifier, .scripts: return try atom(formula, in: &workspace)
    case .fenced(let fence, let inner):
      return try fenced(fence, inner, formula.span, in: &workspace)
    case .juxtaposition(let items):
      return try juxtaposition(items, formula.span, in: &workspace)
    case .sum(let terms):
      var written: [Written] = []
      for term in try withoutDots(terms, formula.span) {
        let inner = try elaborate(term.term, in: &workspace)
        written.append(
          term.isNegative
            ? Written(workspace.expression(.negative(inner.expression)), inner.span, [inner])
            : inner)
      }
      if written.count == 1 { return written[0] }
      return Written(
        workspace.expression(.sum(written.map { $0.expression })), formula.span, written)
    case .binary(let sign, let a, let b):
      if let operands = dottedOperands(sign, formula) {
        return sign == .hadamard
          ? try hadamard(operands, formula.span, in: &workspace)
          : try juxtaposition(operands, formula.span, in: &workspace)
      }
      return try binary(sign, a, b, formula.span, in: &workspace)
    case .fraction(let above, let below):
      if let derivative = try derivative(above, below, applied: [], formula.span, in: &workspace) {
        return derivative
      }
      let (a, b) = (
        try elaborate(above, in: &workspace), try elaborate(below, in: &workspace)
      )
      return Written(
        workspace.expression(.quotient(a.expression, b.expression)), formula.span, [a, b])
    case .root(let inner, let degree):
      let a = try elaborate(inner, in: &workspace)
      if let degree, AffineLetters(degree)?.constant != 2 {
        throw Unreadable(.exponent, degree.span)
      }
      return Written(
        workspace.expression(.apply(.sqrt, derivative: 0, a.expression)), formula.span, [a])
    case .big(let sign, let below, let above, let body):
      return try big(sign, below, above, body, formula.span, in: &workspace)
    case .matrix(.cases, let rows):
      return try pieces(rows, formula.span, in: &workspace)
    case .matrix(let style, let rows):
      return try matrix(style, rows, formula.span, in: &workspace)
    case .struck: throw Unreadable(.noMeaning, formula.span)
    case .dots: throw Unreadable(.dots, formula.span, "…")
    case .text(let words): throw Unreadable(.noMeaning, formula.span, words)
    case .empty: throw Unreadable(.missingOperand, formula.span)
    case .unread(let token, let reason):
      throw Unreadable(.token(UnreadReasonText(reason)), formula.span, token)
    case .list(let items):
      if let table = try tabulated(items.map { [$0] }, formula.span, in: &workspace) {
        return table
      }
      // A pair of states.
      var written: [Written] = []
      for item in items { written.append(try elaborate(item, in: &workspace)) }
      return Written(
        workspace.expression(
          .stack(rows: written.count, columns: 1, written.map { $0.expression })),
        formula.span, written)
    case .relations: throw Unreadable(.noMeaning, formula.span)
    }
  }

  func number(
    _ digits: String, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard let (value, places) = Elaborator.decimal(digits) else {
      throw Unreadable(.noMeaning, span, digits)
    }
    return Written(
      workspace.expression(places == nil ? .number(value) : .decimal(value, places: places ?? 0)),
      span)
  }

  /// The exact value of digits, and how many stand after the point (nil for a whole number).
  static func decimal(_ digits: String) -> (Rational, Int?)? {
    var mantissa = BigInteger.zero
    var places: Int?
    var exponent = 0
    var bytes = Array(digits.utf8)[...]
    while let byte = bytes.first {
      bytes.removeFirst()
      switch byte {
      case 48...57:
        if mantissa.digitCount > 200 { return nil }
        mantissa = mantissa * BigInteger(10) + BigInteger(Int(byte) - 48)
        if let count = places { places = count + 1 }
      case 46, 44: places = places ?? 0
      case 101, 69:
        guard let power = Int(String(decoding: bytes, as: UTF8.self)), abs(power) < 400 else {
          return nil
        }
        exponent = power
        bytes = []
      default: return nil
      }
    }
    let shift = exponent - (places ?? 0)
    guard let scale = Rational(10).raised(to: shift) else { return nil }
    if places == nil, exponent != 0 { places = 0 }
    return (Rational(mantissa, over: .one) * scale, places.map { max(0, $0 - exponent) })
  }

  mutating func fenced(
    _ fence: Formula.Fence, _ inner: Formula, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    switch fence {
    case .parentheses, .brackets, .braces, .evaluated:
      var written = try elaborate(inner, in: &workspace)
      written.span = span
      return written
    case .bars: return try bars(inner, span, in: &workspace)
    case .doubleBars:
      let a = try elaborate(inner, in: &workspace)
      return norm(page.matrixNorm == .spectral ? .spectralNorm : .norm, a, span, in: &workspace)
    default: throw Unreadable(.noMeaning, span)
    }
  }

  mutating func binary(
    _ sign: Formula.BinaryOperator, _ left: Formula, _ right: Formula, _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    if sign == .hadamard {
      for (factor, other) in [(left, right), (right, left)] {
        guard let slope = try entrywiseSlope(factor, in: &workspace) else { continue }
        let vector = try elaborate(other, in: &workspace)
        return Written(
          workspace.expression(.product([slope.expression, vector.expression])), span,
          [slope, vector])
      }
    }
    let a = try elaborate(left, in: &workspace)
    let b = try elaborate(right, in: &workspace)
    switch sign {
    case .hadamard:
      if case .hadamard(let factors) = workspace[a.expression], a.children.count == factors.count,
        !left.isParenthesised
      {
        return Written(
          workspace.expression(.hadamard(factors + [b.expression])), span, a.children + [b])
      }
      return Written(workspace.expression(.hadamard([a.expression, b.expression])), span, [a, b])
    case .dot, .times, .asterisk:
      if case .product(let factors) = workspace[a.expression], a.children.count == factors.count,
        !left.isParenthesised
      {
        return Written(
          workspace.expression(.product(factors + [b.expression])), span, a.children + [b])
      }
      return Written(workspace.expression(.product([a.expression, b.expression])), span, [a, b])
    case .kronecker:
      return Written(
        workspace.expression(.kronecker(a.expression, b.expression)), span, [a, b])
    case .setMinus, .union, .intersection, .directSum: throw Unreadable(.operatorSign, span)
    }
  }

  mutating func matrix(
    _ style: Formula.MatrixStyle, _ rows: [[Formula]], _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard style == .brackets || style == .parentheses || style == .plain || style == .bars,
      let first = rows.first
    else { throw Unreadable(.noMeaning, span) }
    if let table = try tabulated(rows, span, in: &workspace) { return table }
    var blocks: [Written] = []
    for row in rows {
      guard row.count == first.count else { throw Unreadable(.noMeaning, span) }
      for cell in row { blocks.append(try elaborate(cell, in: &workspace)) }
    }
    // Beside an identity a 0 is a block as well.
    let hasIdentity = blocks.contains { block in
      if case .identity = workspace[block.expression] { return true } else { return false }
    }
    if hasIdentity {
      for (place, block) in blocks.enumerated() where workspace[block.expression] == .number(.zero)
      {
        let (m, n) = (workspace.dimension(named: "?"), workspace.dimension(named: "?"))
        blocks[place] = Written(
          workspace.expression(.zero(.matrix(Dimension(m), Dimension(n)))), block.span)
      }
    }
    let stack = Written(
      workspace.expression(
        .stack(rows: rows.count, columns: first.count, blocks.map { $0.expression })),
      span, blocks)
    if style != .bars { return stack }
    return Written(
      workspace.expression(.tensorFunction(.determinant, stack.expression)), span, [stack])
  }

}

extension PageNotation {
  /// What a name stands for where a statement stands: as explained nearest above, else first.
  package func gradient(of key: NameKey, at position: Int) -> NamedGradient? {
    let own = gradients.filter { $0.key == key }
    return own.last { $0.statement <= position } ?? own.first
  }

  /// A letter as the page writes it that is read as another.
  package func written(_ letter: String) -> String {
    indexLetters.first { $0.letter == letter }?.written ?? letter
  }

  /// The page's time variable of a name.
  package mutating func timeSymbol(
    _ letter: String, in workspace: inout Workspace
  ) -> TimeSymbol {
    if let known = times.first(where: { $0.name == letter }) { return known.symbol }
    let symbol = workspace.time(named: written(letter))
    times.append((letter, symbol))
    return symbol
  }

  /// `3`, `n`, `n+d`, `2n`, `nd`, `n^2`; every other formula is an unknown size of its own.
  package mutating func dimension(
    of formula: Formula, in workspace: inout Workspace
  ) -> Dimension {
    guard let affine = AffineLetters(formula) else {
      switch formula.unfenced.kind {
      case .juxtaposition(let factors):
        return factors.reduce(.one) { $0 * dimension(of: $1, in: &workspace) }
      case .binary(.times, let a, let b), .binary(.dot, let a, let b):
        return dimension(of: a, in: &workspace) * dimension(of: b, in: &workspace)
      case .scripts(let base, nil, let above?, 0):
        guard let power = AffineLetters(above), power.isLiteral, (1...4).contains(power.constant)
        else { break }
        let own = dimension(of: base, in: &workspace)
        return (1..<power.constant).reduce(own) { product, _ in product * own }
      case .sum(let terms) where !terms.contains { $0.isNegative }:
        return terms.reduce(Dimension(0)) { $0 + dimension(of: $1.term, in: &workspace) }
      default: break
      }
      return Dimension(workspace.dimension(named: "?"))
    }
    var result = Dimension(affine.constant)
    for term in affine.terms {
      result =
        result + Dimension(term.coefficient)
        * Dimension(dimensionSymbol(term.letter, in: &workspace))
    }
    return result
  }

  package mutating func dimensionSymbol(
    _ letter: String, in workspace: inout Workspace
  ) -> DimensionSymbol {
    if let known = dimensions.first(where: { $0.name == letter }) { return known.symbol }
    let symbol = workspace.dimension(named: letter)
    dimensions.append((letter, symbol))
    return symbol
  }
}
