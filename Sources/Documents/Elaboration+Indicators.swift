import Expressions
import Notation

/// `\mathbf{1}[a > 0]`, `\mathbb{1}_{a > 0}`, `\mathbb{I}(a \ge b)`: one where the relation holds, entry
/// by entry, else zero. Between the two lies a set without volume, of which nothing is said. Of two
/// indices, `1[i = c]`, it is Kronecker's δ.
extension Elaborator {
  mutating func indicator(
    _ item: Formula, _ rest: inout ArraySlice<Formula>, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    // The brackets stand behind the product that the sign ends.
    if case .binary(let product, let left, let last) = item.kind, let next = rest.first,
      Elaborator.isIndicator(last), Elaborator.relation(in: next) != nil
    {
      rest.removeFirst()
      let step = Formula(.juxtaposition([last, next]), last.span.union(next.span))
      return try elaborate(
        Formula(.binary(product, left, step), item.span.union(next.span)), in: &workspace)
    }
    guard Elaborator.isIndicator(item), let next = rest.first,
      case .fenced = next.kind, let relation = Elaborator.relation(in: next)
    else { return nil }
    rest.removeFirst()
    return try step(where: relation, item.span.union(next.span), in: &workspace)
  }

  /// `\mathbb{1}_{a > 0}`; nil where what stands below is no order.
  mutating func indicator(
    _ identifier: Formula.Identifier, below: Formula?, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard let below, Elaborator.isIndicator(identifier),
      let relation = Elaborator.relation(in: below)
    else { return nil }
    return try step(where: relation, span, in: &workspace)
  }

  private mutating func step(
    where relation: Formula, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard case .relations(let left, let members) = relation.kind, members.count == 1 else {
      throw Unreadable(.noMeaning, relation.span)
    }
    let isGreater: Bool
    switch members[0].sign {
    case .equal, .notEqual:
      for side in [left, members[0].formula] {
        // Of two symbols it would be another thing.
        guard let letter = side.identifier, countsSomething(letter.name) else {
          throw Unreadable(.noMeaning, side.span)
        }
      }
      let same = try kronecker(left, members[0].formula, span, in: &workspace)
      if members[0].sign == .equal { return same }
      let apart = workspace.expression(.negative(same.expression))
      return Written(workspace.expression(.sum([workspace.number(1), apart])), span, [same])
    case .greater, .greaterOrEqual: isGreater = true
    case .less, .lessOrEqual: isGreater = false
    default: throw Unreadable(.noMeaning, relation.span)
    }
    let (a, b) = (
      try elaborate(left, in: &workspace), try elaborate(members[0].formula, in: &workspace)
    )
    let (high, low) =
      isGreater ? (a.expression, b.expression) : (b.expression, a.expression)
    var terms = workspace.isZero(high) ? [] : [high]
    if !workspace.isZero(low) { terms.append(workspace.expression(.negative(low))) }
    let step = workspace.expression(.apply(.relu, derivative: 1, workspace.sum(terms)))
    return Written(step, span, [a, b])
  }

  /// Whether a letter is an index, of entries, classes or steps.
  private func countsSomething(_ letter: String) -> Bool {
    let lexicon = page.lexicon
    return labels.contains { $0.letter == letter } || lexicon.classLetters.contains(letter)
      || lexicon.entryLetters.contains(letter) || lexicon.isTimeLetter(letter)
      || Lexicon.indexLetters.contains(letter) && lexicon.declaredOrder(of: letter) == nil
        && (!lexicon.isBare(letter)
          || Lexicon.entryCounters.contains(letter) && table[NameKey(letter)] == nil)
  }

  /// `a` where x > 0 or i = j, `b` where x < 0, i ≠ j or otherwise: two cases that exclude one another.
  mutating func pieces(
    _ rows: [[Formula]], _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard rows.count == 2, rows.allSatisfy({ $0.count == 2 }),
      let first = Elaborator.order(in: rows[0][1])
    else { throw Unreadable(.noMeaning, span) }
    if let second = Elaborator.order(in: rows[1][1]) {
      guard Elaborator.isContrary(first, second) else { throw Unreadable(.noMeaning, span) }
    } else if case .text = rows[1][1].kind {
    } else {
      throw Unreadable(.noMeaning, span)
    }
    let step = try step(where: first, rows[0][1].span, in: &workspace)
    let rest = workspace.expression(
      .sum([workspace.number(1), workspace.expression(.negative(step.expression))]))
    var terms: [Expression] = []
    var children = [step]
    for (row, factor) in zip(rows, [step.expression, rest]) {
      let value = try elaborate(row[0], in: &workspace)
      children.append(value)
      if !workspace.isZero(value.expression) {
        terms.append(workspace.expression(.product([factor, value.expression])))
      }
    }
    return Written(workspace.sum(terms), span, children)
  }

  /// `x > 0`, `if x > 0`
  private static func order(in cell: Formula) -> Formula? {
    if case .list(let items) = cell.kind, items.count == 2, case .text = items[0].kind {
      return order(in: items[1])
    }
    guard case .relations(_, let members) = cell.kind, members.count == 1,
      [.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual].contains(members[0].sign)
    else { return nil }
    return cell
  }

  /// Whether two relations of the same sides exclude one another and leave nothing but equality out.
  private static func isContrary(_ a: Formula, _ b: Formula) -> Bool {
    guard case .relations(let left, let first) = a.kind,
      case .relations(let other, let second) = b.kind
    else { return false }
    let isEquality = [first[0].sign, second[0].sign].map { $0 == .equal || $0 == .notEqual }
    if isEquality.contains(true) {
      let sides = [left.spelled, first[0].formula.spelled]
      let others = [other.spelled, second[0].formula.spelled]
      return !isEquality.contains(false) && first[0].sign != second[0].sign
        && (sides == others || sides == others.reversed())
    }
    let isLess = [first[0].sign, second[0].sign].map { $0 == .less || $0 == .lessOrEqual }
    if left.spelled == other.spelled, first[0].formula.spelled == second[0].formula.spelled {
      return isLess[0] != isLess[1]
    }
    return left.spelled == second[0].formula.spelled && first[0].formula.spelled == other.spelled
      && isLess[0] == isLess[1]
  }

  private static func relation(in brackets: Formula) -> Formula? {
    var inner = brackets
    if case .fenced(_, let content) = brackets.kind { inner = content }
    if case .relations = inner.kind { return inner }
    return nil
  }

  private static func isIndicator(_ formula: Formula) -> Bool {
    // Before a relation in brackets a plain 1 can be nothing else.
    if case .number("1") = formula.kind { return true }
    return formula.identifier.map { isIndicator($0) } ?? false
  }

  private static func isIndicator(_ identifier: Formula.Identifier) -> Bool {
    if !identifier.decorations.isEmpty { return false }
    switch identifier.name {
    case "1": return identifier.font != .italic
    case "I": return identifier.font == .blackboard || identifier.font == .bold
    case "mathbbm1": return true
    default: return false
    }
  }
}
