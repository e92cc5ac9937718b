import Notation

/// `X with rows x_1^\top, \dots, x_n^\top`, `stack the v_i as the columns of V`: where words say so, the
/// member of a matrix that bears its letter is written by that matrix, x_i as `X^\top e_i` and v_i as
/// `V e_i`.
struct StackedNames {
  private struct Stack {
    var member: Formula.Identifier
    var matrix: Formula.Identifier
    var areRows: Bool
    /// Whether the members are vectors, whichever way the matrix holds them.
    var areVectors: Bool
    /// How many they are.
    var count: Formula?
  }
  private var stacks: [Stack] = []
  /// The letters that count members, and with them entries.
  private(set) var counters: Set<String> = []

  init(surveying parts: [ParsedPart], in manuscript: Manuscript) {
    var computed: Set<String> = []
    var transposed: Set<String> = []
    for part in parts {
      for case .relations(let left, let members) in Lexicon.relationsIn(part.formula).map({
        $0.kind
      }) where members[0].sign == .equal || members[0].sign == .defines {
        if let name = left.scriptedBase { computed.insert(name.latex) }
        // An eigenvector is what its equation says.
        if case .juxtaposition(let image) = left.kind,
          case .juxtaposition(let multiple) = members[0].formula.kind, let last = image.last,
          last.spelled == multiple.last?.spelled, let name = last.scriptedBase
        {
          computed.insert(name.latex)
        }
      }
      part.formula.visit { inner in
        if case .scripts(let base, _?, _, _) = inner.kind, base.identifier?.isPlain("e") == true {
          computed.insert("e")
        }
        if let (name, isTransposed) = Self.member(inner), isTransposed {
          transposed.insert(name.latex)
        }
      }
    }
    if computed.contains("e") { return }
    for (i, part) in parts.enumerated() {
      guard let (member, _) = Self.member(part.formula), !computed.contains(member.latex),
        !stacks.contains(where: { $0.member == member }),
        let areRows = Self.areRows(in: manuscript.blocks[part.block].sentences[part.sentence])
      else { continue }
      let beside = parts.enumerated().filter { j, other in
        j != i && (other.block, other.sentence) == (part.block, part.sentence)
      }
      let matrix = beside.lazy.compactMap { Self.matrix($0.element.formula, of: member) }.first
      guard let matrix, !computed.contains(matrix.latex) else { continue }
      stacks.append(
        Stack(
          member: member, matrix: matrix, areRows: areRows,
          areVectors: !areRows || transposed.contains(member.latex),
          count: Self.count(of: part.formula, in: parts)))
    }
    for part in parts where !stacks.isEmpty {
      part.formula.visit { inner in
        if let (name, _) = Self.member(inner), stacks.contains(where: { $0.member == name }),
          case .scripts(_, let letter?, _, _) = inner.kind, let counter = letter.identifier
        {
          counters.insert(counter.name)
        }
      }
    }
  }

  /// The n of `x_1, \dots, x_n`, or of `i = 1, \dots, n` beside `x_i`.
  private static func count(of members: Formula, in parts: [ParsedPart]) -> Formula? {
    switch members.kind {
    case .list(let items):
      guard items.count > 2, case .scripts(_, let last?, _, _)? = items.last?.kind else {
        return nil
      }
      return last
    case .relations(let left, _): return count(of: left, in: parts)
    case .scripts(_, let letter?, _, _):
      for part in parts {
        for case .relations(let left, let range) in Lexicon.relationsIn(part.formula).map({
          $0.kind
        }) where left.spelled == letter.spelled {
          if case .list(let items)? = range.last?.formula.kind, items.count > 2 {
            return items.last
          }
        }
      }
      return nil
    default: return nil
    }
  }

  /// Whether a sentence speaks of rows, or of columns; nil where of neither or both.
  private static func areRows(in sentence: Sentence) -> Bool? {
    var (rows, columns) = (false, false)
    for case .text(let words, _) in sentence.parts {
      for token in Wording.tokens(of: Array(words.utf8)) {
        rows = rows || ["row", "rows", "zeile", "zeilen", "行"].contains(token.text)
        columns = columns || ["column", "columns", "spalte", "spalten", "列"].contains(token.text)
      }
    }
    return rows == columns ? nil : rows
  }

  /// The x of `x_i`, `x_i^\top`, `x_1^\top, \dots, x_n^\top` and `x_i \in ℝ^d`.
  private static func member(
    _ formula: Formula
  ) -> (name: Formula.Identifier, isTransposed: Bool)? {
    switch formula.kind {
    case .list(let items): return items.first.flatMap { member($0) }
    case .relations(let left, let members) where members[0].sign == .elementOf:
      return member(left)
    case .scripts(let base, let below?, let above, 0):
      guard let name = base.identifier, !name.isUppercase, name.name != "e",
        below.identifier != nil || AffineLetters(below)?.isLiteral == true,
        above?.isTransposeMark ?? true
      else { return nil }
      return (name, above != nil)
    default: return nil
    }
  }

  /// The matrix that a formula names with the capital of a letter: `X`, `X \in ℝ^{n × d}`.
  private static func matrix(
    _ formula: Formula, of member: Formula.Identifier
  ) -> Formula.Identifier? {
    var name = formula.identifier
    if case .relations(let left, let members) = formula.kind, members[0].sign == .elementOf {
      name = left.identifier
    }
    guard let name, name.isUppercase, name.name.lowercased() == member.name,
      name.decorations == member.decorations
    else { return nil }
    return name
  }

  func restoring(_ formula: Formula) -> Formula {
    if stacks.isEmpty { return formula }
    if let declared = declared(formula) { return declared }
    guard case .scripts(let base, let below?, let above, 0) = formula.kind,
      let name = base.identifier, let stack = stacks.first(where: { $0.member == name }),
      below.identifier != nil || AffineLetters(below)?.isLiteral == true
    else { return formula.mappingChildren { restoring($0) } }
    let span = formula.span
    func named(_ name: Formula.Identifier) -> Formula { Formula(.identifier(name), span) }
    func turned(_ inner: Formula, _ below: Formula?) -> Formula {
      let mark = Formula(.identifier(Formula.Identifier("top")), span)
      return Formula(.scripts(inner, below: below, above: mark, primes: 0), span)
    }
    let unit = named(Formula.Identifier("e"))
    let matrix = named(stack.matrix)
    let selected = Formula(.scripts(unit, below: below, above: nil, primes: 0), span)
    let factors =
      !stack.areRows
      ? [matrix, selected]
      : stack.areVectors ? [turned(matrix, nil), selected] : [turned(unit, below), matrix]
    let product = Formula(.fenced(.parentheses, Formula(.juxtaposition(factors), span)), span)
    guard let above else { return product }
    return Formula(.scripts(product, below: nil, above: above, primes: 0), span)
  }

  /// `x_i \in ℝ^d` as what it says of the matrix.
  private func declared(_ formula: Formula) -> Formula? {
    guard case .relations(let left, var members) = formula.kind, members.count == 1,
      members[0].sign == .elementOf, let (name, _) = Self.member(left),
      let stack = stacks.first(where: { $0.member == name }), let count = stack.count,
      case .scripts(let reals, nil, let size?, 0) = members[0].formula.kind,
      AffineLetters(size) != nil
    else { return nil }
    let shape =
      stack.areRows
      ? Formula.Kind.binary(.times, count, size) : .binary(.times, size, count)
    members[0].formula = Formula(
      .scripts(reals, below: nil, above: Formula(shape, size.span), primes: 0),
      members[0].formula.span)
    return Formula(.relations(Formula(.identifier(stack.matrix), left.span), members), formula.span)
  }
}
