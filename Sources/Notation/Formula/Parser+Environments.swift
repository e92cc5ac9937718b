extension Parser {
  /// What begins with the token at `start`, which has been taken: a group, a fence, bars, an
  /// environment.
  mutating func bracketed(_ start: Int) -> Formula {
    let token = tokens[start]
    guard token.partner > start, token.partner < end else { return unclosed(start) }
    let close = token.partner
    defer { index = close + 1 }
    switch token.kind {
    case .open(let delimiter), .close(let delimiter): return fenced(delimiter, start, close)
    case .bar(let isDouble, _):
      let content = contents(start + 1, close)
      return enclosing(isDouble ? .doubleBars : .bars, content, start, close)
    case .begin(let environment): return self.environment(environment, start, close)
    default: return contents(start + 1, close)
    }
  }

  private mutating func fenced(
    _ delimiter: Token.Delimiter, _ start: Int, _ close: Int
  ) -> Formula {
    let token = tokens[start]
    if token.kind == .open(.bracket), tokens[close].kind == .close(.bracket),
      hasSemicolon(start + 1, close)
    {
      return matrix(.brackets, start, close, isTyped: true)
    }
    let content = contents(start + 1, close)
    if token.kind == .open(delimiter), tokens[close].kind == .close(delimiter) {
      return enclosing(delimiter.fence, content, start, close)
    }
    let isLowerClosed = token.kind == .open(.bracket)
    let isUpperClosed = tokens[close].kind == .close(.bracket)
    return Formula(
      .fenced(.halfOpen(lowerClosed: isLowerClosed, upperClosed: isUpperClosed), content),
      span(start, close + 1))
  }

  /// Brackets around a bare matrix are the matrix's own.
  private func enclosing(
    _ fence: Formula.Fence, _ content: Formula, _ start: Int, _ close: Int
  ) -> Formula {
    let span = span(start, close + 1)
    if case .matrix(.plain, let rows) = content.kind, let style = Parser.style(of: fence) {
      return Formula(.matrix(style, rows), span)
    }
    return Formula(.fenced(fence, content), span)
  }

  private static func style(of fence: Formula.Fence) -> Formula.MatrixStyle? {
    switch fence {
    case .parentheses: .parentheses
    case .brackets: .brackets
    case .braces: .braces
    case .bars: .bars
    case .doubleBars: .doubleBars
    case .angle, .floor, .ceiling, .halfOpen, .evaluated: nil
    }
  }

  // MARK: Damage

  /// Nothing closes it: it reaches to the next relation, line or cell.
  private mutating func unclosed(_ start: Int) -> Formula {
    let token = tokens[start]
    let closing: String
    switch token.kind {
    case .openBrace: closing = "}"
    case .open(let delimiter): closing = delimiter.closing
    case .begin: closing = "\\end{\(token.text)}"
    default: return Formula(.unread(written(token.span), .unexpectedClosing), token.span)
    }
    var stop = start + 1
    if case .begin = token.kind {
      stop = end
    } else {
      while stop < end, !tokens[stop].isRelation, tokens[stop].kind != .row,
        tokens[stop].kind != .ampersand
      {
        stop = max(stop, tokens[stop].partner) + 1
      }
      stop = min(stop, end)
    }
    let lost = Formula(.unread(written(token.span), .missingClosing(closing)), token.span)
    guard stop > start + 1 else { return lost }
    let content: Formula
    if case .begin(let environment) = token.kind {
      content = self.environment(environment, start, stop)
      index = stop
    } else {
      content = contents(start + 1, stop)
    }
    let span = span(start, stop)
    if case .juxtaposition(let factors) = content.kind {
      return Formula(.juxtaposition([lost] + factors), span)
    }
    return Formula(.juxtaposition([lost, content]), span)
  }

  // MARK: Environments

  /// The cells or lines between the tokens `start` and `close`.
  private mutating func environment(
    _ environment: Token.Environment, _ start: Int, _ close: Int
  ) -> Formula {
    switch environment {
    case .matrix(let style):
      let rows = matrix(style, start, close)
      return rows.isSystem ? contents(start + 1, close) : rows
    case .array: return matrix(.plain, start, close)
    case .lines: return contents(start + 1, close)
    case .unknown:
      let opening = tokens[start]
      let unknown = Formula(.unread(written(opening.span), .unknownCommand), opening.span)
      let content = contents(start + 1, close)
      guard content.kind != .empty else { return unknown }
      return Formula(.juxtaposition([unknown, content]), span(start, min(close + 1, end)))
    }
  }

  /// `[A, B; C, D]` stacks like a matrix environment.
  private func hasSemicolon(_ first: Int, _ last: Int) -> Bool {
    var next = first
    while next < last {
      if tokens[next].kind == .semicolon { return true }
      next = max(next, tokens[next].partner) + 1
    }
    return false
  }

  /// - Parameter isTyped: semicolons end the rows and commas the cells.
  private mutating func matrix(
    _ style: Formula.MatrixStyle, _ start: Int, _ close: Int, isTyped: Bool = false
  ) -> Formula {
    let rowEnd = isTyped ? Token.Kind.semicolon : .row
    let cellEnd = isTyped ? Token.Kind.comma : .ampersand
    var rows: [[Formula]] = []
    var row: [Formula] = []
    var first = start + 1
    var next = start + 1
    while next <= close {
      let isEnd = next == close
      if isEnd || tokens[next].kind == rowEnd || tokens[next].kind == cellEnd {
        row.append(cell(first, next))
        first = next + 1
        if isEnd || tokens[next].kind == rowEnd {
          if row.count > 1 || row[0].kind != .empty { rows.append(row) }
          row = []
        }
        next += 1
      } else {
        next = min(max(next, tokens[next].partner) + 1, close)
      }
    }
    return Formula(.matrix(style, rows), span(start, min(close + 1, tokens.count)))
  }

  /// A cell; a lone full stop or dot in it is an ellipsis.
  private mutating func cell(_ first: Int, _ last: Int) -> Formula {
    if last == first + 1 {
      switch tokens[first].kind {
      case .period: return Formula(.dots(.low), tokens[first].span)
      case .binary(.dot): return Formula(.dots(.centered), tokens[first].span)
      default: break
      }
    }
    return contents(first, last)
  }
}

extension Formula {
  /// Whether a brace joins equations, one in each row: a sign stands in the first cell or begins the
  /// second.
  fileprivate var isSystem: Bool {
    guard case .matrix(.cases, let rows) = kind else { return false }
    return !rows.isEmpty
      && rows.allSatisfy { row in
        row.prefix(2).enumerated().contains { i, cell in
          guard case .relations(let left, let members) = cell.kind else { return false }
          if case .empty = left.kind, i == 0 { return false }
          if i == 1, left.kind != .empty { return false }
          return [.equal, .defines].contains(members[0].sign)
        }
      }
  }
}
