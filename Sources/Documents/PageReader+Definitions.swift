import Expressions
import Notation

/// What a page defines: equations of steps, stacks, intermediates; and which model they
/// belong to.
extension PageReader {
  func lastDefinitionBlock(of key: NameKey) -> Int? {
    guard let last = page.definitions.last(where: { $0.key == key }), last.statement >= 0 else {
      return nil
    }
    return page.statements[last.statement].block
  }

  // MARK: Definitions

  func isComputed(
    _ variable: Variable?, _ key: NameKey?, _ rightKeys: [NameKey],
    in workspace: borrowing Workspace
  ) -> Bool {
    guard let variable, let key else { return true }
    let time = variable.time.map { affine($0, in: workspace) }
    var own = page.definitions.filter { $0.key == key }
    if own.contains(where: { $0.section == boundary }) { own.removeAll { $0.section != boundary } }
    guard let time, time.isLiteral else { return own.contains { $0.time?.isLiteral != true } }
    if own.contains(where: { $0.time == time }) { return true }
    guard let general = own.first(where: { $0.time?.isLiteral == false }) else { return false }
    return !beginsBefore(time.constant, general, rightKeys, key)
  }

  mutating func define(
    _ statement: inout Statement, _ variable: Variable, _ key: NameKey, _ left: Expression,
    _ right: (keys: [NameKey], expression: Expression?, problem: Unreadable?), _ position: Int,
    _ cue: Cue?, _ isForced: Bool, in workspace: inout Workspace
  ) -> Bool {
    let rightKeys = right.keys
    guard variable.copy == nil, position == 0 || statement.sign == .defines else { return false }
    guard isDefinable(key, statement.left) else { return false }
    var entries: [Formula] = []
    if case .entry(_, let indices) = workspace[left] {
      var seen: [Index] = []
      for index in indices {
        guard case .label = index, !seen.contains(index) else { return false }
        seen.append(index)
      }
      entries = entryLetters(of: statement.left)
      guard entries.count == indices.count else { return false }
    } else if case .variable = workspace[left] {
    } else if case .tabulate = workspace[left] {
    } else {
      return false
    }
    let time = variable.time.map { affine($0, in: workspace) }
    // What follows from an equation that could not be read is no equation in its place.
    if cue == .claim || cue == nil && rightKeys.contains(key) && hasUnreadUpdate(of: key),
      !isForced, statement.sign == .equal, page.unread.contains(key)
    {
      return false
    }
    if cue == .claim, !isForced, !isDefinedAnew, statement.sign == .equal,
      isConcluded(key, time, rightKeys)
    {
      return false
    }
    if cue == .claim, !isForced, !isDefinedAnew, statement.sign == .equal, time == nil,
      isOpen(key, rightKeys)
    {
      statement.isOfOpenName = true
      return false
    }
    // What is concluded of a name that was supposed to be something is no definition of it.
    if cue == .claim, !isForced, !isDefinedAnew, statement.sign == .equal, time == nil,
      page.statements.contains(where: {
        $0.role == .assumption && $0.sign == .equal && $0.block == statement.block
          && $0.names.contains(key) && !$0.isHidden
      })
    {
      return false
    }
    if let time, time.isLiteral, deviants.contains(key, at: time.constant) { return false }
    if !isForced, !isDefinedAnew, statement.sign == .equal, let body = right.expression,
      solves(variable, key, rightKeys, body, cue, in: workspace)
    {
      return false
    }
    var own = page.definitions.filter { $0.key == key }
    if own.contains(where: { $0.section == boundary }) { own.removeAll { $0.section != boundary } }
    let isAnew =
      isForced || statement.sign == .defines || isDefinedAnew
      || !own.isEmpty && isNewModel(statement, own, rightKeys, cue, key)
        && !skipsSteps(variable, right.expression, of: own.last, in: workspace)
    if !isAnew {
      if let time, time.isLiteral {
        if own.contains(where: { $0.time == time }) { return false }
        if let general = own.first(where: { $0.time?.isLiteral == false }) {
          guard beginsBefore(time.constant, general, rightKeys, key),
            cue != .claim || time.constant <= 0
          else { return false }
        }
      } else if own.contains(where: { $0.time?.isLiteral != true }) {
        return false
      } else if !own.isEmpty, time == nil {
        return false
      }
      if own.isEmpty, rightKeys == [key], time == nil { return false }
      if let body = right.expression, workspace.variables(in: body).contains(variable) {
        return false
      }
    } else if !isForced, !words.replaces,
      own.contains(where: { says($0, left, right.expression, in: &workspace) })
    {
      return false
    }
    // A gradient under a name is claimed, not defined.
    if page.notation.gradients.contains(where: { $0.key == key }) { return false }
    statement.defined = key
    page.definitions.append(
      DefinitionStatement(
        key: key, time: time, statement: statement.index, left: statement.left,
        right: statement.right, range: range(for: time, statement), entries: entries,
        names: rightKeys, section: boundary, spelledLeft: left, spelledRight: right.expression,
        isValue: statement.right.isPrintedMatrix))
    if !computed.contains(key) { computed.append(key) }
    return true
  }

  /// Whether a step of a descent that could not be read computes a name.
  func hasUnreadUpdate(of key: NameKey) -> Bool {
    page.statements.contains {
      $0.isRightUnread && $0.names.contains(key) && $0.right.mentions("nabla")
    }
  }

  /// The constant at the end of a chain of first states.
  mutating func startValue(
    _ left: Formula, _ members: [Formula.RelationMember], in workspace: inout Workspace
  ) -> Formula? {
    guard members.count > 1, members.allSatisfy({ $0.sign == .equal }), let last = members.last,
      isConstant(last.formula)
    else { return nil }
    for side in [left] + members.dropLast().map({ $0.formula }) {
      guard isName(side), let (key, time) = name(of: side, in: &workspace), key.isFamily,
        time?.isLiteral == true
      else { return nil }
    }
    return last.formula
  }

  /// A stack of names, none of which anything computes yet: each is its block of the right side.
  mutating func defineStack(
    _ statement: inout Statement, _ rightKeys: [NameKey], in workspace: inout Workspace
  ) -> Bool {
    guard let cells = statement.left.column, cells.count > 1 else { return false }
    var own: [DefinitionStatement] = []
    for (place, cell) in cells.enumerated() {
      guard isName(cell), let (key, time) = name(of: cell, in: &workspace),
        time?.isLiteral != true, !computed.contains(key),
        !own.contains(where: { $0.key == key }), entryLetters(of: cell).isEmpty
      else { return false }
      var definition = DefinitionStatement(
        key: key, time: time, statement: statement.index, left: cell, right: statement.right,
        range: range(for: time, statement), names: rightKeys)
      definition.block = (place, cells.count)
      own.append(definition)
    }
    page.definitions += own
    computed += own.map { $0.key }
    statement.defined = own.first?.key
    return true
  }

  /// Whether an earlier equation says the same, perhaps for another step.
  func says(
    _ earlier: DefinitionStatement, _ left: Expression, _ right: Expression?,
    in workspace: inout Workspace
  ) -> Bool {
    guard let oldLeft = earlier.spelledLeft, let oldRight = earlier.spelledRight, let right else {
      return false
    }
    if oldLeft == left { return oldRight == right }
    guard case .variable(let old) = workspace[oldLeft], case .variable(let new) = workspace[left],
      old.symbol == new.symbol, let formal = old.time, let letter = formal.symbol,
      let time = new.time
    else { return false }
    return workspace.substituting(letter, by: time - formal.constant, in: oldRight) == right
  }

  func isDefinable(_ key: NameKey, _ left: Formula) -> Bool {
    if case .juxtaposition = left.kind { return page.notation.lexicon.isFamily(key.name) }
    return true
  }

  func entryLetters(of formula: Formula) -> [Formula] {
    guard case .scripts(let base, let below?, _, _) = formula.kind else { return [] }
    let parts = Lexicon.letters(of: below)
    guard let name = base.identifier?.latex, page.notation.lexicon.families[name] == .below else {
      return parts
    }
    // One of them is the time, be the others letters that run elsewhere.
    let time = parts.firstIndex { part in
      AffineLetters(part).map { page.notation.lexicon.isTime($0) } ?? false
    }
    return parts.indices.filter { $0 != time }.map { parts[$0] }
  }

  func namesEntries(_ left: Formula) -> Bool { !entryLetters(of: left).isEmpty }

  func isNewModel(
    _ statement: Statement, _ own: [DefinitionStatement], _ rightKeys: [NameKey], _ cue: Cue?,
    _ key: NameKey
  ) -> Bool {
    guard let last = own.last, last.entries.isEmpty == !namesEntries(statement.left) else {
      return false
    }
    if last.statement < 0 { return false }
    let addsSomething = rightKeys.contains { !known.contains($0) && !computed.contains($0) }
    if words.isVariant || words.isAddition && addsSomething, last.time?.isLiteral != true,
      statement.right.spelled != last.right.spelled,
      last.time == nil || statement.left.spelled == last.left.spelled
    {
      return true
    }
    if cue == .newModel || last.statement < boundary || redeclared.contains(key) { return true }
    // What reads a node that came later, and that holds what the old equation never reads, belongs
    // to a later model.
    if last.time?.isLiteral == true { return false }
    let old = upstream(of: last.names)
    return page.definitions.contains { other in
      other.statement > last.statement && other.key != key && rightKeys.contains(other.key)
        && !other.names.contains(key)
        && !upstream(of: other.names).subtracting(old).isSubset(of: Set(computed))
    }
  }

  /// Whether two sections compute one of the names of a claim: the words say which of them it means.
  func recomputes(_ statement: Statement) -> Bool {
    statement.names.contains { key in
      Set(page.definitions.filter { $0.key == key }.map { $0.section }).count > 1
    }
  }

  /// `h_{t+2} = W h_t` where `h_t = W h_{t-1}` is known: what two steps come to.
  private func skipsSteps(
    _ variable: Variable, _ right: Expression?, of old: DefinitionStatement?,
    in workspace: borrowing Workspace
  ) -> Bool {
    func lag(_ variable: Variable?, _ body: Expression?) -> Int? {
      guard let variable, let time = variable.time, let body else { return nil }
      return workspace.variables(in: body).filter { $0.symbol == variable.symbol }
        .compactMap { $0.time.flatMap { (time - $0).literal } }.min()
    }
    let known = old?.spelledLeft.flatMap { workspace.namedVariable(of: $0) }
    guard let new = lag(variable, right), let before = lag(known, old?.spelledRight) else {
      return false
    }
    return before > 0 && new > before && variable.time.map { $0.constant > 1 } ?? false
  }

  /// Names and all that their equations read.
  func upstream(of names: [NameKey]) -> Set<NameKey> {
    var found: Set<NameKey> = []
    var queue = names
    while let name = queue.popLast() {
      guard found.insert(name).inserted else { continue }
      for definition in page.definitions where definition.key == name { queue += definition.names }
    }
    return found
  }

  /// Whether the page has said something of a declared name that nothing computes: what follows for
  /// it, or that it is a certain constant, is concluded and defines nothing.
  private func isOpen(_ key: NameKey, _ rightKeys: [NameKey]) -> Bool {
    guard !computed.contains(key), !rightKeys.contains(key),
      page.declarations.contains(where: { $0.key == key })
    else { return false }
    return rightKeys.isEmpty
      || page.statements.contains { statement in
        statement.names.contains(key)
          && (statement.role == .assumption || statement.role == .claim)
      }
  }

  /// Whether what follows from something is computed already, or solved for.
  private func isConcluded(
    _ key: NameKey, _ time: AffineLetters?, _ rightKeys: [NameKey]
  ) -> Bool {
    if let time, time.isLiteral {
      return time.constant > 0
        && page.definitions.contains { $0.key == key && $0.time?.isLiteral == false }
    }
    let reach = upstream(of: [key])
    return page.definitions.contains { other in
      other.key == key && other.section == boundary
        || time == nil && other.names.contains(key) && rightKeys.contains(other.key)
    }
      // Nothing of what it is computed from is said anew below the heading.
      || computed.contains(key) && reach.isSuperset(of: rightKeys)
        && !page.definitions.contains { $0.section == boundary && reach.contains($0.key) }
  }

  /// Whether an instance's time lies before the steps of the general equation.
  func beginsBefore(
    _ time: Int, _ general: DefinitionStatement, _ rightKeys: [NameKey], _ key: NameKey
  ) -> Bool {
    if let from = general.range?.from, from.isLiteral, let formal = general.time {
      return time < from.constant + formal.constant
    }
    if let from = statedStart(of: general), let formal = general.time {
      return time < from + formal.constant
    }
    let hasStart = page.definitions.contains { start in
      start.key == key && start.section == boundary && start.statement >= 0
        && start.time.map { $0.isLiteral && $0.constant < time } ?? false
    }
    return time <= 0 || time == 1 && !hasStart && !rightKeys.contains(key)
  }

  /// `m ≥ 1` in the paragraph of an equation for step m.
  func statedStart(of general: DefinitionStatement) -> Int? {
    guard general.statement >= 0, let letter = general.time?.soleLetter else { return nil }
    let block = page.statements[general.statement].block
    for order in page.orders where order.block == block {
      guard case .relations(let left, let members) = order.formula.kind, members.count == 1,
        AffineLetters(left) == AffineLetters(terms: [(letter, 1)], constant: 0),
        let bound = AffineLetters(members[0].formula), bound.isLiteral
      else { continue }
      if members[0].sign == .greaterOrEqual { return bound.constant }
      if members[0].sign == .greater { return bound.constant + 1 }
    }
    return nil
  }

  /// The range that the page states for the definition's letter, nearest first.
  func range(for time: AffineLetters?, _ statement: Statement) -> StatedRange? {
    guard let letter = time?.soleLetter else { return nil }
    let own = page.ranges.filter { $0.letter == letter }
    return own.last { $0.block == statement.block && $0.sentence == statement.sentence }
      ?? own.last
  }

  /// `h = σ(z) = σ(Ux + Wg + b)`: the new name that the middle holds and the end does not.
  mutating func defineIntermediate(
    _ statement: inout Statement,
    _ a: (keys: [NameKey], expression: Expression?, problem: Unreadable?),
    _ b: (keys: [NameKey], expression: Expression?, problem: Unreadable?),
    in workspace: inout Workspace
  ) -> Bool {
    let fresh = a.keys.filter {
      !b.keys.contains($0) && !knownBefore.contains($0) && !computed.contains($0)
    }
    guard fresh.count == 1, let key = fresh.first,
      let place = PageReader.match(
        statement.left, statement.right,
        { part in
          var names: [NameKey] = []
          if case .scripts = part.kind { names = self.nameKeys(part) }
          if part.identifier != nil { names = self.nameKeys(part) }
          return names == [key]
        })
    else { return false }
    let time = name(of: place.whole, in: &workspace)?.time
    statement.defined = key
    page.definitions.append(
      DefinitionStatement(
        key: key, time: time, statement: statement.index, left: place.whole, right: place.value,
        range: range(for: time, statement), names: b.keys))
    computed.append(key)
    return true
  }

  func nameKeys(_ formula: Formula) -> [NameKey] {
    switch formula.kind {
    case .identifier(let identifier): return [NameKey(identifier.latex)]
    case .scripts(let base, _, _, _):
      return base.identifier.map {
        [NameKey($0.latex, isFamily: page.notation.lexicon.isFamily($0.latex))]
      }
        ?? []
    default: return []
    }
  }

  /// The one place where two formulas differ, if the first has a name there.
  static func match(
    _ a: Formula, _ b: Formula, _ isName: (Formula) -> Bool
  ) -> (whole: Formula, value: Formula)? {
    if isName(a) { return (a, b) }
    let (x, y) = (a.children, b.children)
    guard x.count == y.count, !x.isEmpty else { return nil }
    var found: (whole: Formula, value: Formula)?
    for (one, other) in zip(x, y) where one.spelled != other.spelled {
      guard found == nil, let inner = match(one, other, isName) else { return nil }
      found = inner
    }
    return found
  }
}
