import Expressions
import Notation

/// One entry of a vector that the whole page means by a letter, `p_c`: Σ_c e_c p_c with a one-hot e_c,
/// so that whatever holds does so for every class.
extension Elaborator {
  /// The name of the vector that tells the class.
  static func unitName(of letter: String) -> NameKey { NameKey("e_" + letter) }

  /// A term that reads an entry at a class that nothing binds.
  mutating func atClass(
    _ formula: Formula, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    switch formula.kind {
    case .sum, .fenced, .list, .relations, .matrix, .number, .identifier: return nil
    default: break
    }
    guard
      let letter = page.lexicon.classLetters.first(where: { isClass($0) && $0.isRead(in: formula) })
    else { return nil }
    let index = workspace.index(
      IndexRecord(name: letter, dimension: Dimension(workspace.dimension(named: letter))))
    labels.insert((letter, index), at: 0)
    defer { labels.removeAll { $0.index == index } }
    let inner = try elaborate(formula, in: &workspace)
    let mark = workspace.expression(
      .entry(unitVector(of: letter, in: &workspace), [.label(index)]))
    let term = workspace.expression(.product([mark, inner.expression]))
    return Written(workspace.expression(.indexSum(index, term)), formula.span)
  }

  /// δ of two indices: of times, of entries, or of an entry and a class.
  mutating func kronecker(
    _ first: Formula, _ second: Formula, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    if let a = AffineLetters(first), let b = AffineLetters(second), !a.isLiteral, !b.isLiteral,
      isTimeHere(a), isTimeHere(b)
    {
      let gap = time(a, in: &workspace) - time(b, in: &workspace)
      return Written(workspace.expression(.iverson([gap, gap.scaled(by: -1)])), span)
    }
    for (one, other) in [(first, second), (second, first)] {
      guard let letter = one.identifier?.name, isClass(letter), other.identifier?.name != letter
      else { continue }
      let place = try index(other, in: &workspace)
      return Written(
        workspace.expression(.entry(unitVector(of: letter, in: &workspace), [place])), span)
    }
    let (a, b) = (try index(first, in: &workspace), try index(second, in: &workspace))
    return Written(workspace.expression(.delta(a, b)), span)
  }

  /// Whether a letter names a class that nothing binds here.
  func isClass(_ letter: String) -> Bool {
    page.lexicon.classLetters.contains(letter) && !labels.contains { $0.letter == letter }
  }

  mutating func unitVector(of letter: String, in workspace: inout Workspace) -> Expression {
    workspace.variable(symbol(Self.unitName(of: letter), in: &workspace))
  }
}

extension String {
  /// Whether a name other than δ and the unit vectors bears the letter below.
  fileprivate func isRead(in formula: Formula) -> Bool {
    var found = false
    formula.visit { part in
      guard case .scripts(let base, let below?, _, _) = part.kind, let name = base.identifier,
        !(name.isPlain("delta") && Lexicon.letters(of: below).count == 2), !name.isPlain("e")
      else { return }
      found =
        found || Lexicon.letters(of: below).contains { $0.identifier?.isPlain(self) == true }
    }
    return found
  }
}

extension PageReader {
  /// What tells a class is one-hot.
  mutating func noteClasses() {
    for letter in page.notation.lexicon.classLetters {
      let key = Elaborator.unitName(of: letter)
      page.declarations.append(
        Declaration(key: key, shape: nil, properties: .oneHot, statement: -1, block: -1))
      remember(key)
    }
  }
}
