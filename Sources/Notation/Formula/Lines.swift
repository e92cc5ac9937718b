/// Arranges the tokens of several lines before they are parsed: what continues a line is joined to
/// it, labels and empty space at the edges go. Linear.
struct Lines {
  var tokens: [Token]
  let text: [UInt8]

  mutating func arrange(labels: inout [StatementLabel], repairs: inout [Repair]) {
    restoreRows(&repairs)
    tokens.removeAll { $0.kind == .controlSpace }
    takeLeadingLabel(&labels)
    takeTrailingLabel(&labels)
    groupRelations()
    dropEmptyGroups()
    joinDefinitionSigns()
    dropWordRows()
    joinRows()
    tokens.removeAll { $0.kind == .dropped }
    labels.sort { $0.span.start < $1.span.start }
  }

  // MARK: Halved row signs

  /// `\ ` where a matrix or aligned lines have no `\\` at all is what a converter left of it.
  private mutating func restoreRows(_ repairs: inout [Repair]) {
    var open: [OpenEnvironment] = []
    for index in tokens.indices {
      switch tokens[index].kind {
      case .begin(let environment): open.append(OpenEnvironment(environment: environment))
      case .end:
        guard let closed = open.popLast(), !closed.hasRows else { continue }
        let isLines = closed.environment == .lines
        for space in isLines ? closed.lineEnds : closed.spaces where !isLines || !repairs.isEmpty {
          tokens[space].kind = .row
          repairs.append(Repair(span: tokens[space].span, replacement: "\\\\"))
        }
      default:
        if !open.isEmpty { open[open.count - 1].note(tokens[index].kind, at: index) }
      }
    }
  }

  /// What has been seen of an environment that is still open.
  private struct OpenEnvironment {
    var environment: Token.Environment
    var hasRows = false
    var spaces: [Int] = []
    /// The last `\ ` before each `&` that begins another line.
    var lineEnds: [Int] = []
    private var lastSpace: Int?
    private var isAligned = false

    init(environment: Token.Environment) { self.environment = environment }

    mutating func note(_ kind: Token.Kind, at index: Int) {
      switch kind {
      case .row: hasRows = true
      case .controlSpace:
        spaces.append(index)
        if isAligned { lastSpace = index }
      case .ampersand:
        if let space = lastSpace { lineEnds.append(space) }
        lastSpace = nil
        isAligned = true
      default: break
      }
    }
  }

  // MARK: Labels

  /// `6> …`: a number before a statement that has a relation of its own.
  private mutating func takeLeadingLabel(_ labels: inout [StatementLabel]) {
    guard tokens.count > 3, tokens[0].kind == .number, tokens[0].text.utf8.count < 4,
      tokens[1].kind == .relation(.greater), tokens[1].text == ">", !tokens[1].isSpaced,
      tokens[2].isSpaced || tokens[2].kind == .wide || tokens[2].kind == .ampersand,
      tokens.dropFirst(2).contains(where: { $0.isRelation })
    else { return }
    labels.append(
      StatementLabel(.number, tokens[0].text, tokens[0].span.union(tokens[1].span)))
    tokens.removeFirst(2)
  }

  /// `… \quad (17)` at the end.
  private mutating func takeTrailingLabel(_ labels: inout [StatementLabel]) {
    var end = tokens.count
    while end > 0 {
      if case .end(.lines) = tokens[end - 1].kind {
        end -= 1
      } else if tokens[end - 1].isSeparator {
        end -= 1
      } else {
        break
      }
    }
    guard end > 3, tokens[end - 1].kind == .close(.parenthesis) else { return }
    var open = end - 2
    while open > 0, open > end - 8, isLabelPart(tokens[open]) { open -= 1 }
    guard open > 0, open < end - 2, tokens[open].kind == .open(.parenthesis),
      tokens[open + 1..<end - 1].contains(where: {
        $0.kind == .number || $0.kind == .binary(.asterisk)
      })
    else { return }
    switch tokens[open - 1].kind {
    case .wide, .end, .row: break
    default: return
    }
    let span = tokens[open].span.union(tokens[end - 1].span)
    let inner = tokens[open + 1].span.union(tokens[end - 2].span)
    labels.append(
      StatementLabel(.number, String(decoding: text[inner.start..<inner.end], as: UTF8.self), span))
    for index in open..<end { tokens[index].kind = .dropped }
    tokens.removeAll { $0.kind == .dropped }
  }

  private func isLabelPart(_ token: Token) -> Bool {
    switch token.kind {
    case .number, .letter, .period, .minus, .prime, .binary(.asterisk): true
    default: false
    }
  }

  // MARK: Relations in braces

  /// `{=}` only sets the space around the sign.
  private mutating func groupRelations() {
    guard tokens.count > 2 else { return }
    for index in 1..<tokens.count - 1
    where tokens[index].isRelation && tokens[index - 1].kind == .openBrace
      && tokens[index + 1].kind == .closeBrace && (index < 2 || !isScriptSign(index - 2))
    {
      tokens[index - 1].kind = .dropped
      tokens[index + 1].kind = .dropped
      dropRemark(from: index + 2)
    }
    tokens.removeAll { $0.kind == .dropped }
  }

  /// `\mathop{=}\limits^{(1)}`: what stands over or under a relation sign is a remark.
  private mutating func dropRemark(from start: Int) {
    var next = start
    while next + 1 < tokens.count, isScriptSign(next) {
      var (end, depth) = (next + 1, 0)
      while end < tokens.count {
        if tokens[end].kind == .openBrace { depth += 1 }
        if tokens[end].kind == .closeBrace { depth -= 1 }
        if depth <= 0 { break }
        end += 1
      }
      guard end < tokens.count else { return }
      for index in next...end { tokens[index].kind = .dropped }
      next = end + 1
    }
  }

  private func isScriptSign(_ index: Int) -> Bool {
    tokens[index].kind == .below || tokens[index].kind == .above
  }

  /// `{}` only sets space, unless it is an argument or the base of a script.
  private mutating func dropEmptyGroups() {
    guard tokens.count > 1 else { return }
    for index in 1..<tokens.count
    where tokens[index].kind == .closeBrace && tokens[index - 1].kind == .openBrace
      && !isArgument(index - 1) && !isScript(index + 1)
    {
      tokens[index - 1].kind = .dropped
      tokens[index].kind = .dropped
    }
    tokens.removeAll { $0.kind == .dropped }
  }

  private func isScript(_ index: Int) -> Bool {
    index < tokens.count && isScriptSign(index)
  }

  private func isArgument(_ index: Int) -> Bool {
    guard index > 0 else { return false }
    switch tokens[index - 1].kind {
    case .below, .above, .fraction, .root, .accent, .fontCommand, .closeBrace: return true
    default: return false
    }
  }

  /// `:` right before `=` is one sign, however it is put together.
  private mutating func joinDefinitionSigns() {
    for index in tokens.indices.dropLast()
    where tokens[index].kind == .relation(.colon) && tokens[index + 1].kind == .relation(.equal) {
      tokens[index].kind = .dropped
      tokens[index + 1].kind = .relation(.defines)
      tokens[index + 1].span = tokens[index].span.union(tokens[index + 1].span)
    }
    tokens.removeAll { $0.kind == .dropped }
  }

  // MARK: Rows

  /// Aligned rows of nothing but words say nothing that could be judged.
  private mutating func dropWordRows() {
    var open: [(isLines: Bool, start: Int)] = []
    func words(_ start: Int, _ end: Int) -> Bool {
      var hasText = false
      for token in tokens[start..<end] {
        switch token.kind {
        case .ampersand, .wide, .dropped: break
        case .text: hasText = true
        default: return false
        }
      }
      return hasText
    }
    for index in tokens.indices {
      switch tokens[index].kind {
      case .begin(let environment): open.append((environment == .lines, index + 1))
      case .row, .end:
        guard let row = open.last else { continue }
        if row.isLines, words(row.start, index) {
          for i in row.start..<index { tokens[i].kind = .dropped }
          // Its end goes with it; that of the last row is the end of the row before.
          if tokens[index].kind == .row {
            tokens[index].kind = .dropped
          } else if tokens[row.start - 1].kind == .row {
            tokens[row.start - 1].kind = .dropped
          }
        }
        if case .end = tokens[index].kind {
          open.removeLast()
        } else {
          open[open.count - 1].start = index + 1
        }
      default: break
      }
    }
    tokens.removeAll { $0.kind == .dropped }
  }

  /// Drops `&` between aligned lines, and `\\` where the next line goes on with the same formula:
  /// it begins with a relation or an operator, or the line before ends with one.
  private mutating func joinRows() {
    let cells = cellEnvironments()
    let followers = followers()
    var isCell: [Bool] = []
    var previous: Int? = nil
    for index in tokens.indices {
      switch tokens[index].kind {
      case .begin:
        isCell.append(cells[index])
        previous = index
        continue
      case .end:
        if isCell.popLast() == true { previous = index } else { previous = previous ?? index }
        continue
      default: break
      }
      if isCell.last == true {
        previous = index
        continue
      }
      switch tokens[index].kind {
      case .ampersand: tokens[index].kind = partsColumns(index) ? .wide : .dropped
      case .row: joinRow(index, before: followers[index], after: previous)
      case .wide: if continues(at: followers[index]) { tokens[index].kind = .dropped }
      default: previous = index
      }
    }
    for index in tokens.indices {
      guard case .begin(.array) = tokens[index].kind else { continue }
      tokens[index].kind = .begin(cells[index] ? .matrix(.plain) : .lines)
    }
  }

  /// `a &= b & c &= d`: of two relations in one row the mark between them parts the columns.
  private func partsColumns(_ index: Int) -> Bool {
    guard index > 0, index + 1 < tokens.count, endsFormula(tokens[index - 1]),
      !tokens[index + 1].isRelation, !tokens[index + 1].isOperator
    else { return false }
    return [-1, 1].allSatisfy { holdsRelation(from: index, by: $0) }
  }

  private func endsFormula(_ token: Token) -> Bool {
    switch token.kind {
    case .begin, .ampersand, .text, .dropped: false
    default: !(token.isRelation || token.isOperator || token.isSeparator)
    }
  }

  /// Whether a relation that is not in brackets stands between a mark and its row's end.
  private func holdsRelation(from mark: Int, by step: Int) -> Bool {
    var depth = 0
    var index = mark + step
    while tokens.indices.contains(index) {
      switch tokens[index].kind {
      case .row, .begin, .end, .text: return false
      case .openBrace, .open: depth += step
      case .closeBrace, .close: depth -= step
      case .relation where depth == 0: return true
      default: if depth == 0, tokens[index].isSeparator { return false }
      }
      index += step
    }
    return false
  }

  /// For every `\begin` whether its rows are those of a matrix. An `array` of one column in which
  /// a row goes on with the row before is one formula in several lines; one that stands alone and
  /// holds relations is lines of formulas.
  private func cellEnvironments() -> [Bool] {
    var isCell = [Bool](repeating: false, count: tokens.count)
    var open: [(index: Int, columns: Bool, continues: Bool)] = []
    var relating: [Bool] = []
    var fences = 0
    for index in tokens.indices {
      switch tokens[index].kind {
      case .begin(let environment):
        if case .matrix = environment { isCell[index] = true }
        open.append((index, false, false))
        relating.append(false)
        fences = 0
      case .end:
        guard let (begin, columns, continues) = open.popLast() else { continue }
        let holdsLines = relating.removeLast() && standsAlone(begin)
        if tokens[begin].kind == .begin(.array) {
          isCell[begin] = !holdsLines && (columns || !continues)
        }
      case .openBrace, .open: fences += 1
      case .closeBrace, .close: fences -= 1
      case .relation where !open.isEmpty && fences == 0: relating[open.count - 1] = true
      case .ampersand where !open.isEmpty: open[open.count - 1].columns = true
      case .row where !open.isEmpty && index + 1 < tokens.count:
        switch tokens[index + 1].kind {
        case .plus, .relation, .binary: open[open.count - 1].continues = true
        default: break
        }
      default: break
      }
    }
    for begin in open where tokens[begin.index].kind == .begin(.array) {
      isCell[begin.index] = begin.columns || !begin.continues
    }
    return isCell
  }

  /// Nothing before the environment in its line makes it a part of a formula.
  private func standsAlone(_ begin: Int) -> Bool {
    guard begin > 0 else { return true }
    switch tokens[begin - 1].kind {
    case .text, .begin(.lines), .openBrace: return true
    default: return tokens[begin - 1].isSeparator
    }
  }

  /// For every token the next one that is more than space, alignment or a row's end.
  private func followers() -> [Int] {
    var followers = [Int](repeating: tokens.count, count: tokens.count)
    var next = tokens.count
    for index in tokens.indices.reversed() {
      followers[index] = next
      switch tokens[index].kind {
      case .ampersand, .wide, .row: break
      default: next = index
      }
    }
    return followers
  }

  private mutating func joinRow(_ index: Int, before next: Int, after previous: Int?) {
    guard next < tokens.count else { return }
    let isAligned = tokens[next - 1].kind == .ampersand || tokens[next - 1].kind == .dropped
    let before = previous.map { tokens[$0] }
    if tokens[next].isRelation {
      tokens[index].kind = .dropped
      if let previous, before?.kind == tokens[next].kind { tokens[previous].kind = .dropped }
    } else if tokens[next].isOperator {
      let isSign = tokens[next].kind == .plus || tokens[next].kind == .minus
      if isSign, !isAligned, startsOwnRelation(from: next) { return }
      tokens[index].kind = .dropped
      if let previous, before?.isOperator == true, before?.kind == tokens[next].kind {
        tokens[previous].kind = .dropped
      }
    } else if let before, before.isRelation || before.isOperator {
      tokens[index].kind = .dropped
    }
  }

  /// A line that begins before its `&` with a sign and has a relation after: `-a &= b`.
  private func startsOwnRelation(from start: Int) -> Bool {
    var index = start
    while index < tokens.count {
      switch tokens[index].kind {
      case .row, .end, .begin: return false
      case .ampersand: return index + 1 < tokens.count && tokens[index + 1].isRelation
      default: index += 1
      }
    }
    return false
  }

  /// Wide space before a sign that goes on only sets the line in; an arrow to a remark does not.
  private func continues(at next: Int) -> Bool {
    guard next < tokens.count else { return true }
    switch tokens[next].kind {
    case .relation:
      return !(next + 1 < tokens.count && tokens[next + 1].kind == .text)
    case .plus, .minus, .binary, .slash: return true
    default: return false
    }
  }
}
