import Expressions
import Notation

/// Matrices that a page gives by their entries: in words ("the weight matrix [..]"), or factor by
/// factor beside a product of names (`W = QΛQ^{-1} = [..][..][..]`).
extension PageReader {
  /// A matrix in words that has no name yet.
  struct UnnamedMatrix {
    var matrix: Formula
    var text: FormulaText
    var block: Int
    var sentence: Int
  }

  // MARK: In words

  /// `the weight matrix $[..]$`; behind `the matrix $W$ is`, `W 为`, it is the value of W.
  mutating func notePrintedMatrix(
    _ formula: Formula, _ text: FormulaText, _ block: Int, _ sentenceIndex: Int, _ part: Int,
    _ sentence: Sentence, in workspace: inout Workspace
  ) {
    guard formula.isPrintedMatrix, part > 0, case .text(let words, _) = sentence.parts[part - 1]
    else { return }
    if part > 1, case .formula = sentence.parts[part - 2], PageReader.isCopula(words),
      let name = parsed.first(where: {
        $0.block == block && $0.sentence == sentenceIndex && $0.part == part - 2
      })?.formula
    {
      give(name, the: formula, text, block, sentenceIndex, in: &workspace)
    } else if PageReader.matrixWords.contains(where: { contains($0, in: words.lowercased()) }) {
      unnamedMatrix = UnnamedMatrix(
        matrix: formula, text: text, block: block, sentence: sentenceIndex)
    }
  }

  /// "Its eigendecomposition is W = …": the name of the matrix of the sentence before.
  mutating func nameMatrix(
    _ left: Formula, _ block: Int, _ sentence: Int, in workspace: inout Workspace
  ) {
    guard let unnamed = unnamedMatrix else { return }
    unnamedMatrix = nil
    let sentences = manuscript.blocks[unnamed.block].sentences[(unnamed.sentence + 1)...]
    var between = block == unnamed.block ? [] : manuscript.blocks[block].sentences
    between = Array(sentences) + between
    guard block - unnamed.block <= 1, block != unnamed.block || sentence > unnamed.sentence,
      between.contains(where: PageReader.refersBack)
    else { return }
    give(
      left, the: unnamed.matrix, unnamed.text, unnamed.block, unnamed.sentence, in: &workspace)
  }

  private static let matrixWords = ["matrix", "matrices", "矩阵"]

  private static func isCopula(_ words: String) -> Bool {
    let tokens = Wording.tokens(of: Array(words.utf8)).map { $0.text }
    return ["is", "be", "equals", "ist", "sei", "为", "是", "等于"].contains { word in
      tokens == Wording.tokens(of: Array(word.utf8)).map { $0.text }
    }
  }

  /// `its`, 其: what was spoken of just before.
  private static func refersBack(_ sentence: Sentence) -> Bool {
    for case .text(let words, _) in sentence.parts {
      let tokens = Wording.tokens(of: Array(words.utf8)).map { $0.text }
      for word in ["its", "it", "ihre", "seine", "sie", "其", "它", "该"] where tokens.contains(word) {
        return true
      }
    }
    return false
  }

  private mutating func give(
    _ name: Formula, the matrix: Formula, _ text: FormulaText, _ block: Int, _ sentence: Int,
    in workspace: inout Workspace
  ) {
    guard name.identifier != nil, let (key, time) = self.name(of: name, in: &workspace),
      time == nil
    else { return }
    var statement = Statement(
      index: page.statements.count, role: .definition, sign: .equal, left: name, right: matrix,
      source: text, span: matrix.span, label: text.label, block: block, sentence: sentence)
    statement.names = [key]
    statement.isRepaired = isRepaired
    statement.clause = clause
    statement.defined = key
    page.statements.append(statement)
    give(key, name, the: matrix, statement.index, in: &workspace)
    remember(key)
  }

  private mutating func give(
    _ key: NameKey, _ name: Formula, the matrix: Formula, _ statement: Int,
    in workspace: inout Workspace
  ) {
    var definition = DefinitionStatement(
      key: key, time: nil, statement: statement, left: name, right: matrix, names: [],
      section: boundary)
    definition.isValue = true
    page.definitions.append(definition)
    if !computed.contains(key) { computed.append(key) }
  }

  // MARK: Factor by factor

  /// A product of names beside a product of as many printed matrices gives the names that nothing
  /// computes their values, and makes what was defined by them a value.
  mutating func givePrintedFactors(from head: Int, in workspace: inout Workspace) {
    for i in head..<page.statements.count {
      let statement = page.statements[i]
      guard statement.sign == .equal || statement.sign == .approximately,
        statement.role != .declaration
      else { continue }
      let (names, matrices) = (statement.left.writtenFactors, statement.right.writtenFactors)
      guard names.count == matrices.count, names.count > 1,
        matrices.allSatisfy({ $0.unraised.isPrintedMatrix })
      else { continue }
      var given: [NameKey] = []
      for (name, matrix) in zip(names, matrices) {
        var (base, value) = (name, matrix)
        if case .scripts(let inner, nil, let exponent?, 0) = name.kind,
          case .scripts(let printed, nil, let other?, 0) = matrix.kind,
          exponent.spelled == other.spelled
        {
          (base, value) = (inner, printed)
        }
        guard value.isPrintedMatrix, base.identifier != nil,
          let (key, time) = self.name(of: base, in: &workspace), time == nil,
          !page.definitions.contains(where: { $0.key == key })
        else { continue }
        give(key, base, the: value, head, in: &workspace)
        given.append(key)
      }
      if given.isEmpty { continue }
      for d in page.definitions.indices
      where page.definitions[d].statement >= head
        && page.definitions[d].names.allSatisfy({ given.contains($0) })
      {
        page.definitions[d].isValue = true
      }
    }
  }
}

extension Formula {
  /// A matrix whose entries are all written as numbers.
  package var isPrintedMatrix: Bool {
    guard case .matrix(let style, let rows) = kind, style != .bars, style != .cases else {
      return false
    }
    return rows.allSatisfy { row in row.allSatisfy { $0.isWrittenNumber } }
  }

  /// `-0.6`, `3/5`, `0.9^{30}`: nothing but numbers.
  private var isWrittenNumber: Bool {
    switch kind {
    case .number: return true
    case .sum, .fraction, .scripts, .binary, .root, .fenced, .juxtaposition:
      let parts = children
      return !parts.isEmpty && parts.allSatisfy { $0.isWrittenNumber }
    default: return false
    }
  }

  /// Without an exponent.
  fileprivate var unraised: Formula {
    if case .scripts(let base, nil, _, 0) = kind { return base }
    return self
  }

  /// What stands side by side or between multiplication signs.
  fileprivate var writtenFactors: [Formula] {
    switch kind {
    case .juxtaposition(let items): return items
    case .binary(.dot, let a, let b), .binary(.times, let a, let b),
      .binary(.asterisk, let a, let b):
      return a.writtenFactors + b.writtenFactors
    case .fenced(.parentheses, let inner): return inner.writtenFactors
    default: return [self]
    }
  }
}
