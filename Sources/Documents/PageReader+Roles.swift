import Expressions
import Notation

/// Which role a relation has: the first that fits decides (declaration, assumption by cue,
/// definition, the other assumptions, claim).
extension PageReader {
  mutating func addChain(
    _ left: Formula, _ members: [Formula.RelationMember], conditions: [Formula],
    _ text: FormulaText, _ block: Int, _ sentence: Int, _ forced: Role?, _ cue: Cue?,
    in workspace: inout Workspace
  ) {
    var side = left
    var previous: Int?
    var head: Int?
    var continues = false
    if case .empty = left.kind, let last = lastChain {
      // Behind a member that could not be read a chain goes on from the one before it.
      var read = last.last
      while page.statements[read].isRightUnread, let earlier = page.statements[read].previous {
        read = earlier
      }
      side = page.statements[read].right
      previous = last.last
      head = last.head
      continues = true
    }
    var firstRole: Role?
    knownBefore = known
    // Where the chain begins: an arrow between nodes is a path, behind which another chain begins.
    var origin = 0
    for (i, member) in members.enumerated() {
      let index = page.statements.count
      if member.sign == .arrow, i > 0, members[i - 1].sign == .colon {
        // `f \colon ℝ → ℝ` is one declaration.
        page.statements[index - 1].span = Span(
          page.statements[index - 1].span.start, member.formula.span.end)
        continue
      }
      var statement = Statement(
        index: index, role: .claim, sign: member.sign, left: side, right: member.formula,
        source: text,
        span: Span(
          i == origin && !continues ? side.span.start : member.signSpan.start,
          member.formula.span.end),
        label: text.label, block: block, sentence: sentence)
      statement.conditions = conditions
      statement.previous = previous
      statement.continuesFormula = continues && i == 0
      statement.head = head
      statement.held = held
      statement.holdsAllGates = holdsAll
      statement.isForced = forced == .claim
      statement.isRepaired = isRepaired
      statement.saysTotal = saysTotalHere
      statement.role = decideRole(
        &statement, position: (continues ? i + 1 : i) - origin, firstRole, forced, cue,
        in: &workspace)
      statement.isLocal = statement.role == .assumption && cue == .range
      statement.section = boundary
      statement.clause = clause
      statement.proof = openProof
      statement.isHypothesis = isHypothesis(statement)
      firstRole = firstRole ?? statement.role
      if !pending.isEmpty { statement.expectation = pending.removeFirst() }
      page.statements.append(statement)
      for key in statement.names { remember(key) }
      if !text.text.isEmpty {
        if head == nil { head = index }
        lastChain = (head ?? index, index)
      }
      previous = index
      if !statement.isRightUnread { side = member.formula }
      if member.sign == .equal, statement.role == .claim, i + 1 < members.count,
        members[i + 1].sign == .arrow,
        isPath(from: member.formula, to: members[i + 1].formula, in: &workspace)
      {
        // Another way to draw the paths before.
        page.statements[index].role = .declaration
      }
      if member.sign == .arrow, statement.role == .declaration {
        (previous, head, firstRole, lastChain, continues) = (nil, nil, nil, nil, false)
        origin = i + 1
      }
    }
  }

  private mutating func decideRole(
    _ statement: inout Statement, position: Int, _ firstRole: Role?, _ forced: Role?,
    _ cue: Cue?, in workspace: inout Workspace
  ) -> Role {
    let (left, right) = (statement.left, statement.right)
    isDefinedAnew = false
    isPassing = cue == .range || cue == .suppose
    if declare(statement, in: &workspace) { return .declaration }
    if statement.sign == .elementOf, Space(right) != nil {
      let found = names(in: left, in: &workspace)
      statement.names = found.keys
      statement.problem = found.problem
      return .claim
    }
    if statement.sign == .arrow, right.isInfinity {
      if AffineLetters(left)?.soleLetter != nil { return .declaration }
      let found = names(in: left, in: &workspace)
      statement.names = found.keys
      statement.problem = found.problem
      return .claim
    }
    if statement.sign == .elementOf, let interval = RealInterval(right) {
      return decideMembership(&statement, interval, forced, cue, in: &workspace)
    }
    if forced != .claim, let role = defineFunction(&statement, position, in: &workspace) {
      return role
    }
    let a = names(in: left, in: &workspace)
    let b = names(in: right, in: &workspace)
    statement.names = a.keys + b.keys.filter { !a.keys.contains($0) }
    statement.problem = b.problem ?? a.problem
    statement.isRightUnread = b.problem != nil
    if b.problem != nil { statement.continuesFormula = false }
    if forced == .claim || forced == .declaration { return forced ?? .claim }
    if position > 0, firstRole == .assumption { return .assumption }
    if position > 0, firstRole == .declaration, isInteger(left) { return .declaration }
    let isEquation = statement.sign == .equal || statement.sign == .defines
    let hasDerivative = [a.expression, b.expression].contains { side in
      side.map {
        workspace.contains($0) { if case .derivative = $0 { return true } else { return false } }
      }
        ?? false
    }
    for side in [a.expression, b.expression] {
      if let side { noteDerivatives(side, statement.index, in: workspace) }
    }
    let leftVariable = a.expression.flatMap { workspace.namedVariable(of: $0) }
    let leftKey = leftVariable.flatMap { scratch.key(of: $0.symbol) }
    let isOld = leftKey.map { known.contains($0) || computed.contains($0) } ?? true
    if statement.problem != nil {
      if isEquation, position == 0, !isOld, let leftKey { page.unread.append(leftKey) }
      return .claim
    }
    if forced == .assumption { return .assumption }
    if cue == .envisaged, isOld, position == 0, forced == nil { return .declaration }
    if isEquation, cue != .suppose, !hasDerivative, position == 0 || statement.sign == .defines,
      defineStack(&statement, b.keys, in: &workspace)
    {
      return .definition
    }
    if cue == .suppose || cue == .let, !hasDerivative, position == 0, isOld || !isEquation,
      forced == nil
    {
      // What the page has differentiated already is no new name, though nothing computes it.
      let isDifferentiated = page.derivatives.contains {
        ($0.numerator == leftKey || $0.denominator == leftKey) && b.keys == [$0.numerator]
      }
      // "Let" with a formula defines, if need be anew; "suppose" does so behind a heading.
      let isAfresh =
        isEquation && !b.keys.isEmpty && !isDifferentiated && !isSupposedOfStep(leftKey)
        && leftKey.map { key in
          cue == .let
            || page.definitions.contains {
              $0.key == key && $0.statement >= 0 && $0.statement < boundary
            }
        } ?? false
      isDefinedAnew = isAfresh && isComputed(leftVariable, leftKey, b.keys, in: workspace)
      if !isAfresh,
        cue == .suppose || leftKey == nil || !isEquation || isDifferentiated
          || b.keys.isEmpty && isComputed(leftVariable, leftKey, b.keys, in: workspace)
          || b.keys.isEmpty && leftVariable?.time?.literal == nil
      {
        return .assumption
      }
    }
    // "With A = I": a known name is looked at where it is constant, not defined.
    if cue == .with || cue == .range, isEquation, !hasDerivative, position == 0, forced == nil,
      isOld, b.keys.isEmpty, let variable = leftVariable, variable.time?.literal == nil
    {
      return .assumption
    }
    if isBehindWith, statement.sign.isOrder, !hasDerivative, forced == nil,
      !statement.names.isEmpty, !statement.names.contains(where: { computed.contains($0) })
    {
      return .assumption
    }
    if isEquation, position == 0, forced == nil, let key = leftKey, let left = a.expression,
      !isOld || isNameOfEarlierSection(key),
      namesDerivative(key, left, b.expression, statement, cue, in: workspace)
    {
      return .definition
    }
    if isEquation, !hasDerivative || statement.sign == .defines || forced == .definition,
      let variable = leftVariable, let key = leftKey, let leftExpression = a.expression,
      define(
        &statement, variable, key, leftExpression, b, position, cue, forced == .definition,
        in: &workspace)
    {
      return .definition
    }
    if position == 1, firstRole == .definition, isEquation,
      defineIntermediate(&statement, a, b, in: &workspace)
    {
      return .definition
    }
    if position == 0, fixesInteger(statement) { return .assumption }
    if position == 0, !hasDerivative, statement.sign != .approximately,
      isOld || leftKey == nil || statement.sign.isOrder,
      bringsInSomethingNew(statement, in: workspace)
    {
      return .assumption
    }
    if position == 0, isEquation, explainsEigenvector(statement, in: &workspace) {
      return .assumption
    }
    return .claim
  }

  /// `M v = \lambda v` with a new v says what v is, whatever M is computed from.
  private mutating func explainsEigenvector(
    _ statement: Statement, in workspace: inout Workspace
  ) -> Bool {
    guard let written = statement.eigenvector,
      let (vector, _) = name(of: written, in: &workspace),
      case .juxtaposition(let image) = statement.left.kind,
      case .juxtaposition(let multiple) = statement.right.kind,
      name(of: image[0], in: &workspace) != nil, name(of: multiple[0], in: &workspace) != nil
    else { return false }
    // A mere mention ("every eigenvector v satisfies") has said nothing of it yet.
    return !computed.contains(vector)
      && !page.declarations.contains { $0.key == vector }
      && !page.statements.contains { $0.names.contains(vector) }
  }

  /// Whether a section above gave the name to another derivative.
  private func isNameOfEarlierSection(_ key: NameKey) -> Bool {
    let own = page.notation.gradients.filter { $0.key == key }
    return !own.isEmpty && own.allSatisfy { $0.statement < boundary }
  }

  /// Whether a proof by induction supposes something of what is computed already.
  private func isSupposedOfStep(_ key: NameKey?) -> Bool {
    openProof != nil && supposesHere && key.map { computed.contains($0) } ?? false
  }

  /// Which names the page differentiates, and by which.
  private mutating func noteDerivatives(
    _ root: Expression, _ statement: Int, in workspace: borrowing Workspace
  ) {
    var found: [(Expression, Expression)] = []
    workspace.visit(root) { _, node in
      if case .derivative(let a, let b, _) = node { found.append((a, b)) }
      if case .timeSum(_, let from, _, _) = node {
        page.sumsOverTime = true
        if let first = from.literal { page.firstSum = min(page.firstSum ?? first, first) }
      }
    }
    for (a, b) in found {
      if let above = workspace.namedVariable(of: a) {
        guard let numerator = scratch.key(of: above.symbol) else { continue }
        for below in workspace.variables(in: b) {
          guard let denominator = scratch.key(of: below.symbol) else { continue }
          page.derivatives.append((numerator, denominator, statement))
        }
      }
    }
  }

  // MARK: Declarations

  /// Membership of a space for names, ranges of integers, types of functions.
  private mutating func declare(_ statement: Statement, in workspace: inout Workspace) -> Bool {
    let formula = Formula(
      .relations(
        statement.left,
        [
          Formula.RelationMember(
            sign: statement.sign, signSpan: statement.span, formula: statement.right)
        ]), statement.span)
    if statement.sign == .elementOf, let space = Space(statement.right) {
      var targets = [statement.left]
      var isAbridged = false
      if case .list(let items) = statement.left.kind {
        targets = items.filter { if case .dots = $0.kind { false } else { true } }
        isAbridged = targets.count < items.count
      }
      var keys: [NameKey] = []
      var times: [AffineLetters?] = []
      for target in targets {
        guard let (key, time) = name(of: target, in: &workspace), isName(target) else {
          return false
        }
        keys.append(key)
        times.append(time)
      }
      var dimensions: [Dimension] = []
      for factor in space.factors {
        dimensions.append(page.notation.dimension(of: factor, in: &workspace))
      }
      for key in keys {
        var declaration = Declaration(
          key: key, shape: Shape(dimensions).canonical, properties: [],
          statement: statement.index, block: statement.block)
        // `h_1, …, h_T` are all that there are.
        let listed = times.indices.filter { keys[$0] == key }.compactMap { times[$0] }
        if isAbridged, let first = listed.first, let last = listed.last, first.isLiteral,
          !last.isLiteral
        {
          declaration.steps = (first, last)
        }
        page.declarations.append(declaration)
        remember(key)
        if statement.block > (lastDefinitionBlock(of: key) ?? statement.block) {
          redeclared.insert(key)
        }
      }
      return true
    }
    if statement.sign == .colon
      || statement.sign == .arrow
        && isPath(from: statement.left, to: statement.right, in: &workspace)
    {
      return true
    }
    if statement.sign == .elementOf, isInteger(statement.left), range(of: formula) == nil {
      return isNumberSet(statement.right)
    }
    if let range = range(of: formula),
      isInteger(statement.left) || page.notation.lexicon.isTimeLetter(range.letter)
    {
      noteRange(formula, statement.index, statement.block, statement.sentence)
      attachRange(statement)
      return true
    }
    switch statement.sign {
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard isInteger(statement.left), isInteger(statement.right),
        AffineLetters(statement.left)?.isLiteral == false
          || AffineLetters(statement.right)?.isLiteral == false
      else { return false }
      page.orders.append((formula, statement.index, statement.block, isPassing))
      return true
    default: return false
    }
  }

  /// Membership of an interval restricts a bare name that nothing computes and nothing else knows;
  /// of everything else it is a claim.
  private mutating func decideMembership(
    _ statement: inout Statement, _ interval: RealInterval, _ forced: Role?, _ cue: Cue?,
    in workspace: inout Workspace
  ) -> Role {
    let subject = names(in: statement.left, in: &workspace)
    statement.names = subject.keys
    statement.problem = subject.problem
    for end in interval.ends {
      let found = names(in: end, in: &workspace)
      statement.problem = statement.problem ?? found.problem
      statement.names += found.keys.filter { !statement.names.contains($0) }
    }
    if let forced, forced != .definition { return forced }
    guard isName(statement.left), subject.keys.count == 1, let key = subject.keys.first else {
      return cue == .suppose || cue == .let ? .assumption : .claim
    }
    if cue == .suppose || cue == .let {
      if !computed.contains(key) { giveShape(key, interval.sizes, statement, in: &workspace) }
      return .assumption
    }
    if computed.contains(key) || known.contains(key) && !isBehindWith { return .claim }
    giveShape(key, interval.sizes, statement, in: &workspace)
    return .assumption
  }

  /// What lies in `(0, 1)^n` is a vector, what lies in `(0, 1)` a number.
  private mutating func giveShape(
    _ key: NameKey, _ sizes: [Formula], _ statement: Statement, in workspace: inout Workspace
  ) {
    if page.declarations.contains(where: { $0.key == key && $0.shape != nil }) { return }
    var dimensions: [Dimension] = []
    for size in sizes { dimensions.append(page.notation.dimension(of: size, in: &workspace)) }
    page.declarations.append(
      Declaration(
        key: key, shape: Shape(dimensions).canonical, properties: [],
        statement: statement.index, block: statement.block))
    remember(key)
  }

  private func isNumberSet(_ formula: Formula) -> Bool {
    guard let identifier = formula.identifier else { return false }
    return identifier.font == .blackboard && (identifier.name == "N" || identifier.name == "Z")
  }

  func isName(_ formula: Formula) -> Bool {
    switch formula.kind {
    case .identifier: return true
    case .scripts(let base, _, _, 0): return base.identifier != nil
    default: return false
    }
  }

  private func lastDefinitionBlock(of key: NameKey) -> Int? {
    guard let last = page.definitions.last(where: { $0.key == key }), last.statement >= 0 else {
      return nil
    }
    return page.statements[last.statement].block
  }

  /// A range in a sentence is that of the definitions of the same sentence.
  private mutating func attachRange(_ statement: Statement) {
    guard let range = page.ranges.last else { return }
    for i in page.definitions.indices {
      let at = page.definitions[i].statement
      guard at >= 0, page.statements[at].block == statement.block,
        page.statements[at].sentence == statement.sentence, page.definitions[i].range == nil,
        page.definitions[i].time?.terms.contains(where: { $0.letter == range.letter }) == true
      else { continue }
      page.definitions[i].range = range
    }
  }

  // MARK: Definitions

  private func isComputed(
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

  private mutating func define(
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
    if let time, time.isLiteral, deviants.contains(key, at: time.constant) { return false }
    var own = page.definitions.filter { $0.key == key }
    if own.contains(where: { $0.section == boundary }) { own.removeAll { $0.section != boundary } }
    let isAnew =
      isForced || statement.sign == .defines || isDefinedAnew
      || !own.isEmpty && isNewModel(statement, own, rightKeys, cue, key)
    if !isAnew {
      if let time, time.isLiteral {
        if own.contains(where: { $0.time == time }) { return false }
        if let general = own.first(where: { $0.time?.isLiteral == false }) {
          guard beginsBefore(time.constant, general, rightKeys, key) else { return false }
        }
      } else if own.contains(where: { $0.time?.isLiteral != true }) {
        return false
      } else if !own.isEmpty, time == nil {
        return false
      }
      if own.isEmpty, rightKeys == [key], time == nil { return false }
    } else if !isForced, own.contains(where: { says($0, left, right.expression, in: &workspace) }) {
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

  /// A stack of names, none of which anything computes yet: each is its block of the right side.
  private mutating func defineStack(
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
  private func says(
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

  private func isDefinable(_ key: NameKey, _ left: Formula) -> Bool {
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

  private func isNewModel(
    _ statement: Statement, _ own: [DefinitionStatement], _ rightKeys: [NameKey], _ cue: Cue?,
    _ key: NameKey
  ) -> Bool {
    guard let last = own.last, last.entries.isEmpty == !namesEntries(statement.left) else {
      return false
    }
    if last.statement < 0 { return false }
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

  /// Names and all that their equations read.
  private func upstream(of names: [NameKey]) -> Set<NameKey> {
    var found: Set<NameKey> = []
    var queue = names
    while let name = queue.popLast() {
      guard found.insert(name).inserted else { continue }
      for definition in page.definitions where definition.key == name { queue += definition.names }
    }
    return found
  }

  /// Whether an instance's time lies before the steps of the general equation.
  private func beginsBefore(
    _ time: Int, _ general: DefinitionStatement, _ rightKeys: [NameKey], _ key: NameKey
  ) -> Bool {
    if let from = general.range?.from, from.isLiteral, let formal = general.time {
      return time < from.constant + formal.constant
    }
    if let from = statedStart(of: general), let formal = general.time {
      return time < from + formal.constant
    }
    return time <= 0 || time == 1 && !rightKeys.contains(key)
  }

  /// `m ≥ 1` in the paragraph of an equation for step m.
  private func statedStart(of general: DefinitionStatement) -> Int? {
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
  private func range(for time: AffineLetters?, _ statement: Statement) -> StatedRange? {
    guard let letter = time?.soleLetter else { return nil }
    let own = page.ranges.filter { $0.letter == letter }
    return own.last { $0.block == statement.block && $0.sentence == statement.sentence }
      ?? own.last
  }

  /// `h = σ(z) = σ(Ux + Wg + b)`: the new name that the middle holds and the end does not.
  private mutating func defineIntermediate(
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

  private func nameKeys(_ formula: Formula) -> [NameKey] {
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
  private static func match(
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

  /// `σ(z) = 1/(1+e^{-z})`, `r(z) = max(0, z)`.
  private mutating func defineFunction(
    _ statement: inout Statement, _ position: Int, in workspace: inout Workspace
  ) -> Role? {
    guard position == 0, statement.sign == .equal || statement.sign == .defines,
      case .juxtaposition(let items) = statement.left.kind, items.count == 2,
      let identifier = items[0].identifier, items[1].isParenthesised,
      let argument = items[1].unfenced.identifier,
      page.notation.lexicon.functions.contains(identifier.latex)
    else { return nil }
    let name = identifier.latex
    if page.notation.functions.contains(where: { $0.name == name }) { return nil }
    if StandardFunction(identifier) != nil, identifier.name != "sigma" { return nil }
    page.notation.functions.append((name, items[1].unfenced, statement.right))
    if identifier.name == "sigma" {
      if isLogistic(statement.right, argument.latex, in: &workspace) {
        page.notation.functions.removeLast()
        return .definition
      }
      page.notation.hasOwnSigma = true
    }
    let key = NameKey(name)
    statement.defined = key
    page.definitions.append(
      DefinitionStatement(
        key: key, time: nil, statement: statement.index, left: items[0], right: statement.right,
        range: nil, names: []))
    computed.append(key)
    remember(key)
    return .definition
  }

  /// Whether a formula is the logistic function, in one of its usual spellings.
  private mutating func isLogistic(
    _ body: Formula, _ letter: String, in workspace: inout Workspace
  ) -> Bool {
    guard let written = names(in: body, in: &workspace).expression,
      let argument = scratch[NameKey(letter)]
    else { return false }
    let z = workspace.variable(argument)
    let one = workspace.number(1)
    let grown = workspace.expression(.apply(.exp, derivative: 0, z))
    let negative = workspace.expression(.negative(z))
    let decayed = workspace.expression(.apply(.exp, derivative: 0, negative))
    let minusOne = workspace.number(-1)
    for (above, exponential) in [(one, decayed), (grown, grown)] {
      for terms in [[one, exponential], [exponential, one]] {
        let below = workspace.expression(.sum(terms))
        if written == workspace.expression(.quotient(above, below)) { return true }
        if above == one, written == workspace.expression(.power(below, minusOne)) { return true }
      }
    }
    return false
  }

  // MARK: Assumptions without a cue

  /// `T = 3`, `n = 1`, `n = t - 1`.
  private func fixesInteger(_ statement: Statement) -> Bool {
    guard statement.sign == .equal, let left = AffineLetters(statement.left),
      let letter = left.soleLetter, left.constant == 0, AffineLetters(statement.right) != nil,
      !known.contains(NameKey(letter))
    else { return false }
    return page.notation.lexicon.isIntegerLetter(letter)
      || page.notation.lexicon.dimensionLetters.contains(letter)
  }

  /// A relation between symbols that nothing computes, one of them new: `Mv_i = λ_i v_i`; a bound of
  /// a new one alone: `λ > 0`.
  private func bringsInSomethingNew(
    _ statement: Statement, in workspace: borrowing Workspace
  ) -> Bool {
    if statement.names.isEmpty { return false }
    for key in statement.names where computed.contains(key) || page.scalars.contains(key) {
      return false
    }
    guard statement.names.contains(where: { !known.contains($0) }) else { return false }
    return statement.names.contains { known.contains($0) }
      || statement.names.count == 1 && statement.sign.isOrder
  }
}

extension Formula {
  /// The formula without its places, for comparing what is written.
  package var spelled: Formula.Kind { withoutPlaces.kind }

  private var withoutPlaces: Formula {
    var bare = mappingChildren { $0.withoutPlaces }
    bare.span = Span(0, 0)
    guard case .relations(let first, let members) = bare.kind else { return bare }
    bare.kind = .relations(
      first,
      members.map {
        Formula.RelationMember(sign: $0.sign, signSpan: Span(0, 0), formula: $0.formula)
      })
    return bare
  }
}
