import Expressions
import Notation

/// Entries of what is written, and what stands above it: powers, transposes, stars.
extension Elaborator {
  /// How the page writes the letter of an entry.
  func written(_ letter: String) -> String {
    page.indexLetters.first { $0.letter == letter }?.written ?? letter
  }

  mutating func withEntries(
    _ written: Written, _ entries: [Formula], _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    if entries.isEmpty { return written }
    var indices: [Index] = []
    for part in entries { indices.append(try index(part, in: &workspace)) }
    return Written(
      workspace.expression(.entry(written.expression, indices)), span, [written])
  }

  mutating func entry(
    of written: Written, _ below: Formula, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    // The Euclidean and Frobenius norms bear their names below.
    if case .tensorFunction(let function, _) = workspace[written.expression], function.isNorm {
      if case .number("1") = below.kind, let operand = written.children.first {
        return sumOfSizes(operand, span, in: &workspace)
      }
      guard let marked = MatrixNorm(mark: below), let operand = written.children.first else {
        throw Unreadable(.index, below.span, Elaborator.script(below))
      }
      return norm(marked == .spectral ? .spectralNorm : .norm, operand, span, in: &workspace)
    }
    let letters = Lexicon.letters(of: below)
    if let table = table(of: written, letters, span, in: &workspace) { return table }
    return try withEntries(written, letters, span, in: &workspace)
  }

  /// `(a_i b_j)_{ij}`: all entries at once, where the letters already stand in the brackets.
  private func table(
    of written: Written, _ letters: [Formula], _ span: Span, in workspace: inout Workspace
  ) -> Written? {
    var body = written.expression
    var axes: [IndexSymbol] = []
    for letter in letters {
      guard let identifier = letter.identifier,
        let label = labels.first(where: { identifier.isPlain($0.letter) }),
        workspace.mentions(label.index, in: body)
      else { return nil }
      let axis = workspace.index(workspace[label.index])
      body = workspace.substituting(label.index, by: .label(axis), in: body)
      axes.append(axis)
    }
    return Written(workspace.expression(.tabulate(axes, body)), span, [written])
  }

  // MARK: Powers and transposes

  mutating func raised(
    _ written: Written, _ above: Formula?, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard let above else { return written }
    if case .juxtaposition(let items) = above.kind,
      items.contains(where: { $0.isTransposeMark || $0.isParenthesised })
    {
      return try raised(written, items, span, in: &workspace)
    }
    return try raised(written, [above], span, in: &workspace)
  }

  mutating func raised(
    _ written: Written, _ scripts: [Formula], _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    var result = written
    for script in scripts {
      if isTranspose(script) {
        result = Written(
          workspace.expression(.transpose(result.expression)), span, [result])
        continue
      }
      if case .sum(let terms) = script.kind, terms.count == 1, terms[0].isNegative,
        isTranspose(terms[0].term)
      {
        let inverse = Written(
          workspace.expression(.power(result.expression, workspace.number(-1))), span, [result])
        result = Written(
          workspace.expression(.transpose(inverse.expression)), span, [inverse])
        continue
      }
      if let mark = script.identifier, mark.name == "*" || mark.name == "+" || mark.name == "prime"
      {
        throw Unreadable(.exponent, script.span, mark.name)
      }
      let exponent: Written
      if let affine = AffineLetters(script), !affine.isLiteral, affineIsInteger(affine) {
        exponent = Written(
          workspace.expression(.timeValue(time(affine, in: &workspace))), script.span)
      } else {
        exponent = try self.exponent(script, in: &workspace)
      }
      result = Written(
        workspace.expression(.power(result.expression, exponent.expression)), span,
        [result, exponent])
    }
    return result
  }

  /// A number above, or whatever else stands there.
  mutating func exponent(
    _ script: Formula, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    if let affine = AffineLetters(script), affine.isLiteral {
      return Written(workspace.number(affine.constant), script.span)
    }
    return try elaborate(script, in: &workspace)
  }

  private func affineIsInteger(_ affine: AffineLetters) -> Bool {
    for term in affine.terms
    where !isBoundTime(term.letter) && !page.lexicon.isIntegerLetter(term.letter) {
      // What bounds a sum or a product is an integer in an exponent as well.
      let isTime = page.times.contains { $0.name == term.letter }
      if !isTime || table[NameKey(term.letter)] != nil { return false }
    }
    return true
  }

  func isTranspose(_ script: Formula) -> Bool {
    if script.isTransposeMark { return true }
    guard let identifier = script.identifier else { return false }
    return identifier.name == "T" && !isBoundTime("T")
  }
}
