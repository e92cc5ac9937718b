/// What stands between separators, and which of it belongs together: `x, y ∈ ℝ` is one relation of
/// a list, `a = b, c = d` a list of relations, `t = 0, 1, …, T` a relation to a list.
struct ItemList {
  enum Separator {
    case none
    /// A comma.
    case weak
    /// Wide space, a semicolon, a full stop or a new line.
    case strong
    case strongWithComma

    func union(_ kind: Token.Kind) -> Separator {
      switch (self, kind) {
      case (.none, .comma), (.weak, .comma): .weak
      case (.strong, .comma), (.strongWithComma, _): .strongWithComma
      case (.weak, _): .strongWithComma
      default: .strong
      }
    }

    var hasComma: Bool { self == .weak || self == .strongWithComma }
  }

  private enum Entry {
    case plain(Formula, isJoined: Bool)
    case text(Formula)
    case relation(Formula, [Formula.RelationMember], [Formula])
  }

  private var entries: [Entry] = []

  mutating func append(text: Formula) { entries.append(.text(text)) }

  mutating func append(
    _ first: Formula, _ members: [Formula.RelationMember], after separator: Separator
  ) {
    guard !members.isEmpty else {
      if separator == .weak, case .relation(let head, let members, let rest)? = entries.last,
        let last = members.last, ItemList.takesList(last.sign), last.formula.kind != .empty
      {
        entries.removeLast()
        var rest = rest
        rest.append(first)
        entries.append(.relation(head, members, rest))
        return
      }
      entries.append(.plain(first, isJoined: separator.hasComma))
      return
    }
    guard first.kind != .empty, separator.hasComma else {
      entries.append(.relation(first, members, []))
      return
    }
    var left: [Formula] = [first]
    while case .plain(let formula, let isJoined)? = entries.last {
      left.append(formula)
      entries.removeLast()
      if !isJoined { break }
    }
    left.reverse()
    entries.append(.relation(ItemList.joined(left), members, []))
  }

  /// After these signs a comma goes on with the values; after `∈` and its like it ends the set.
  private static func takesList(_ sign: Formula.RelationSign) -> Bool {
    switch sign {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .approximately,
      .defines, .names, .divides:
      true
    case .proportional, .elementOf, .subset, .arrow, .mapsTo, .colon, .implies, .equivalent,
      .distributed, .muchLess, .muchGreater:
      false
    }
  }

  private static func joined(_ parts: [Formula]) -> Formula {
    guard parts.count > 1, let first = parts.first, let last = parts.last else { return parts[0] }
    return Formula(.list(parts), first.span.union(last.span))
  }

  /// Nil without items.
  var formula: Formula? {
    let parts = entries.map { entry -> Formula in
      switch entry {
      case .plain(let formula, _), .text(let formula): return formula
      case .relation(let first, var members, let rest):
        if !rest.isEmpty {
          let last = members.count - 1
          members[last].formula = ItemList.joined([members[last].formula] + rest)
        }
        let span = members.reduce(first.span) { $0.union($1.signSpan).union($1.formula.span) }
        return Formula(.relations(first, members), span)
      }
    }
    return parts.isEmpty ? nil : ItemList.joined(parts)
  }
}
