import Notation

/// What tells one symbol of a page from another: its name as LaTeX, labels and decorations
/// included, and whether it carries a time (`L` and `L_t` are two symbols).
package struct NameKey: Hashable, Sendable {
  package var name: String
  package var isFamily: Bool
  package init(_ name: String, isFamily: Bool = false) {
    self.name = name
    self.isFamily = isFamily
  }
}

extension Formula.Identifier {
  /// The LaTeX of the name: `\tilde C`, `\Theta`, `\mathbf{1}`.
  package var latex: String {
    var text = name
    // `h'` is a letter with a prime.
    if name.utf8.prefix(while: { $0 != 39 }).count > 1, font == .italic { text = "\\" + name }
    switch font {
    case .italic: break
    case .upright: text = name.utf8.count > 1 ? "\\mathrm{" + name + "}" : "\\mathrm " + name
    case .bold: text = "\\mathbf{" + text + "}"
    case .blackboard: text = "\\mathbb{" + text + "}"
    case .calligraphic: text = "\\mathcal{" + text + "}"
    case .fraktur: text = "\\mathfrak{" + text + "}"
    case .sansSerif: text = "\\mathsf{" + text + "}"
    case .typewriter: text = "\\mathtt{" + text + "}"
    }
    for decoration in decorations.reversed() {
      switch decoration {
      case .tilde: text = "\\tilde{" + text + "}"
      case .hat: text = "\\hat{" + text + "}"
      case .bar: text = "\\bar{" + text + "}"
      case .vector: text = "\\vec{" + text + "}"
      case .leftArrow: text = "\\overleftarrow{" + text + "}"
      case .dot: text = "\\dot{" + text + "}"
      case .ddot: text = "\\ddot{" + text + "}"
      case .underline: text = "\\underline{" + text + "}"
      case .check: text = "\\check{" + text + "}"
      }
    }
    if let layer { text += "^{" + layer + "}" }
    if let step { text += step }
    return text
  }

  /// Whether this is a plain letter with neither font nor decoration.
  package func isPlain(_ letter: String) -> Bool {
    name == letter && font == .italic && decorations.isEmpty && layer == nil && step == nil
  }

  package var isUppercase: Bool {
    guard let first = name.utf8.first else { return false }
    return first >= 65 && first <= 90
  }
}

extension Formula.Identifier {
  /// The first of some letters that no formula bears.
  static func unused(of letters: [String], in formulas: [Formula]) -> Formula.Identifier? {
    letters.first { letter in !formulas.contains { $0.mentions(letter) } }
      .map { Formula.Identifier($0) }
  }
}

extension Formula {
  /// The identifier, if the formula is nothing else.
  package var identifier: Identifier? {
    if case .identifier(let identifier) = kind { return identifier }
    return nil
  }
  /// The formula inside invisible or round brackets that hold nothing else.
  package var unfenced: Formula {
    if case .fenced(.parentheses, let inner) = kind { return inner.unfenced }
    return self
  }
  package var isParenthesised: Bool {
    if case .fenced(.parentheses, _) = kind { return true }
    return false
  }
  package var isTransposeMark: Bool {
    guard let identifier else { return false }
    return identifier.name == "top" || identifier.name == "intercal"
  }
  /// A mark of transposes above a name, or a T that may be one.
  package var mayTranspose: Bool { isTransposeMark || identifier?.isPlain("T") == true }
  /// The `v_i` of `v_i^\top`.
  package var untransposed: Formula? {
    guard case .scripts(_, _, let above?, 0) = kind, above.mayTranspose else { return nil }
    return lowered
  }
  /// The `v_i` of `v_i^2`: without what stands above.
  var lowered: Formula {
    guard case .scripts(let base, let below, .some, 0) = kind else { return self }
    return below == nil
      ? base : Formula(.scripts(base, below: below, above: nil, primes: 0), span)
  }
  /// The k of `\sum_k` and `\sum_{k=1}^n`, of what stands below the sign.
  var counter: Identifier? {
    if case .relations(let left, _) = kind { return left.identifier }
    return identifier
  }
  /// Every formula below and at this one, outermost first.
  package func visit(_ body: (Formula) -> Void) {
    body(self)
    forEachChild { $0.visit(body) }
  }
}

/// An affine expression in letters, before it is known which of them are times.
package struct AffineLetters: Hashable {
  package var terms: [(letter: String, coefficient: Int)]
  package var constant: Int

  package static func == (lhs: AffineLetters, rhs: AffineLetters) -> Bool {
    guard lhs.constant == rhs.constant, lhs.terms.count == rhs.terms.count else { return false }
    for (a, b) in zip(lhs.terms, rhs.terms)
    where a.letter != b.letter || a.coefficient != b.coefficient { return false }
    return true
  }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(constant)
    for term in terms {
      hasher.combine(term.letter)
      hasher.combine(term.coefficient)
    }
  }

  package init(terms: [(letter: String, coefficient: Int)], constant: Int) {
    self.terms = terms
    self.constant = constant
  }

  /// Reads `t-1`, `2k`, `T`, `0`, `(t)`; nil for everything else.
  package init?(_ formula: Formula) {
    terms = []
    constant = 0
    guard add(formula, times: 1) else { return nil }
  }

  private mutating func add(_ formula: Formula, times factor: Int) -> Bool {
    switch formula.unfenced.kind {
    case .number(let digits):
      guard let value = Int(digits), value <= 1_000_000_000, abs(factor) <= 1_000 else {
        return false
      }
      constant += factor * value
      return true
    case .identifier(let identifier):
      guard identifier.decorations.isEmpty, identifier.font == .italic,
        identifier.name != "partial",
        identifier.name != "top", identifier.name != "infty",
        identifier.name != "+", identifier.name != "*"
      else { return false }
      let letter = identifier.name
      for i in terms.indices where terms[i].letter == letter {
        terms[i].coefficient += factor
        if terms[i].coefficient == 0 { terms.remove(at: i) }
        return true
      }
      terms.append((letter, factor))
      return true
    case .sum(let signed):
      for term in signed where !add(term.term, times: term.isNegative ? -factor : factor) {
        return false
      }
      return true
    case .juxtaposition(let items):
      guard items.count == 2, case .number(let digits) = items[0].kind, let value = Int(digits),
        value <= 1_000
      else { return false }
      return add(items[1], times: factor * value)
    default: return false
    }
  }

  package var isLiteral: Bool { terms.isEmpty }
  /// The only letter, with coefficient one.
  package var soleLetter: String? {
    terms.count == 1 && terms[0].coefficient == 1 ? terms[0].letter : nil
  }
}
