import Notation

/// Exponents that a converter lowered onto the line: `Q Λ Q - 1` for `Q Λ Q^{-1}`, where the page
/// writes the inverse elsewhere and a product begins and ends with the same matrix; `1.15e - 12` for
/// `1.15e-12` among the numbers of a matrix.
struct LostExponents {
  private var inverted: [Formula.Identifier] = []

  init(surveying formulas: [Formula]) {
    for formula in formulas {
      formula.visit { part in
        guard case .scripts(let base, nil, let above?, 0) = part.kind,
          AffineLetters(above)?.isLiteral == true, AffineLetters(above)?.constant == -1,
          let identifier = base.identifier, !inverted.contains(identifier)
        else { return }
        inverted.append(identifier)
      }
    }
  }

  func restoring(_ formula: Formula) -> Formula {
    let formula = formula.mappingChildren { restoring($0) }
    if let matrix = LostExponents.withNumbers(formula) { return matrix }
    guard case .sum(let terms) = formula.kind, terms.count == 2, terms[1].isNegative,
      case .number("1") = terms[1].term.kind, !terms[0].isNegative,
      case .juxtaposition(var factors) = terms[0].term.kind, factors.count > 2,
      let last = factors.last, let matrix = last.identifier, inverted.contains(matrix),
      factors[0].identifier == matrix
    else { return formula }
    let span = last.span.union(terms[1].term.span)
    let exponent = Formula(
      .sum([Formula.SignedTerm(isNegative: true, term: terms[1].term)]), terms[1].term.span)
    factors[factors.count - 1] = Formula(
      .scripts(last, below: nil, above: exponent, primes: 0), span)
    return Formula(.juxtaposition(factors), formula.span)
  }

  /// A matrix of numbers, some of which were spaced out as differences.
  private static func withNumbers(_ matrix: Formula) -> Formula? {
    guard case .matrix(let style, let rows) = matrix.kind, !matrix.isPrintedMatrix else {
      return nil
    }
    let mended = Formula(
      .matrix(style, rows.map { row in row.map { scientific($0) ?? $0 } }), matrix.span)
    return mended.isPrintedMatrix ? mended : nil
  }

  /// `1.15 e - 12` as one number.
  private static func scientific(_ cell: Formula) -> Formula? {
    guard case .sum(let terms) = cell.kind, terms.count == 2, !terms[0].isNegative,
      case .juxtaposition(let factors) = terms[0].term.kind, factors.count == 2,
      case .number(let mantissa) = factors[0].kind, mantissa.utf8.contains(UInt8(ascii: ".")),
      factors[1].identifier?.isPlain("e") == true,
      case .number(let exponent) = terms[1].term.kind, exponent.utf8.allSatisfy(isDigit)
    else { return nil }
    return Formula(
      .number(mantissa + "e" + (terms[1].isNegative ? "-" : "+") + exponent), cell.span)
  }
}
