import Expressions
import Notation

/// Shapes that words give to matrices: `all matrices are n × n`, `the matrix W has dimension n × d`.
extension PageReader {
  /// Gives the page what was said of all its matrices.
  mutating func settleCommonShape(in workspace: inout Workspace) {
    guard let (rows, columns) = sharedShape else { return }
    page.commonMatrixShape = .matrix(
      page.notation.dimension(of: rows, in: &workspace),
      page.notation.dimension(of: columns, in: &workspace))
  }

  /// "all matrices $n \\times n$" gives every undeclared matrix its shape.
  mutating func noteCommonShape(
    _ formula: Formula, _ sentence: Sentence, _ part: Int, _ block: Int,
    in workspace: inout Workspace
  ) {
    guard case .binary(.times, let rows, let columns) = formula.kind,
      AffineLetters(rows) != nil, AffineLetters(columns) != nil, part > 0
    else { return }
    for earlier in sentence.parts[..<part].reversed() {
      guard case .text(let words, _) = earlier else { continue }
      let lower = words.lowercased()
      let isPlural = ["matrices", "matrizen"].contains { contains($0, in: lower) }
      let isOfAll = ["all", "every", "each", "both", "alle", "jede", "所有", "全部", "各", "均", "都"]
        .contains { contains($0, in: lower) }
      let isSingular = ["matrix", "矩阵"].contains { contains($0, in: lower) }
      if isPlural || isSingular && isOfAll {
        sharedShape = (rows, columns)
      } else if let name = namedMatrix(in: words) {
        page.declarations.append(
          Declaration(
            key: name,
            shape: .matrix(
              page.notation.dimension(of: rows, in: &workspace),
              page.notation.dimension(of: columns, in: &workspace)), properties: [],
            statement: page.statements.count, block: block))
        remember(name)
      }
      return
    }
  }

  /// `the matrix W has dimension`, `矩阵 w 的维度是`: a letter of the page, in either case.
  private func namedMatrix(in words: String) -> NameKey? {
    let tokens = Wording.tokens(of: Array(words.utf8)).map { $0.text }
    for (i, token) in tokens.enumerated() where i > 0 && token.utf8.count == 1 {
      guard tokens[i - 1] == "matrix" || i > 1 && tokens[i - 2] + tokens[i - 1] == "矩阵",
        let letter = token.utf8.first, isLetter(letter)
      else { continue }
      let upper = Formula.Identifier(token.uppercased())
      var occurs = false
      for formula in page.surveyed {
        formula.visit { part in occurs = occurs || part.identifier == upper }
      }
      return occurs ? NameKey(upper.name) : nil
    }
    return nil
  }
}
