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
    if forced == nil, members.count == 1, let (name, value) = transposedName(left, members, cue) {
      return addChain(
        name, [value], conditions: conditions, text, block, sentence, forced, cue, in: &workspace)
    }
    var side = left
    let begin = page.statements.count
    defer { noteCircle(left, members, text, begin..<page.statements.count, in: &workspace) }
    var previous: Int?
    var head: Int?
    var continues = false
    if case .empty = left.kind, let lone, lone.statements == page.statements.count,
      block - (lone.block ?? block) <= 1
    {
      (side, continues) = (lone.formula, true)
    } else if case .empty = left.kind, let last = lastChain {
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
    var standsElsewhere = continues || said != nil
    knownBefore = known
    isGround = cue == .reason
    let cue = isGround ? .claim : cue
    // `h_0 = s_0 = 0` gives each of them the value at its end.
    let value = startValue(left, members, in: &workspace)
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
      let isNamed = member.sign == .names
      var statement = Statement(
        index: index, role: .claim, sign: isNamed ? .defines : member.sign,
        left: isNamed ? member.formula : side,
        right: isNamed ? side : value ?? member.formula,
        source: text,
        span: Span(
          i == origin && !standsElsewhere ? side.span.start : member.signSpan.start,
          member.formula.span.end),
        label: text.label, block: block, sentence: sentence)
      statement.conditions = conditions
      statement.said = i == origin ? said : nil
      statement.previous = previous
      statement.continuesFormula = standsElsewhere
      statement.head = head
      statement.held = held
      statement.heldBefore = heldBefore
      statement.holdsAllGates = holdsAll
      statement.isForced = forced == .claim
      statement.isRepaired = isRepaired
      statement.saysTotal = saysTotalHere
      statement.speaksOfWhole = speaksOfWholeHere
      applyDerivativeRules(to: &statement)
      vanishing =
        i == 0 && !continues && forced == nil ? vanishingGradient(statement, cue) : nil
      statement.role = decideRole(
        &statement, position: value != nil ? 0 : (continues ? i + 1 : i) - origin, firstRole,
        forced,
        cue,
        in: &workspace)
      if statement.role == .claim,
        words.isOfOtherPart && recomputes(statement) || isAtPoint(statement)
      {
        (statement.isOfOpenName, statement.isInsufficient) = (true, true)
      }
      if i == 0, !continues, forced == nil {
        holdToWords(&statement, cue, isWhole: members.count == 1, in: &workspace)
      }
      noteStationarity(statement)
      leaveStepsOpen(&statement)
      statement.isLocal =
        statement.role == .assumption
        && (cue == .range
          || cue == .suppose
            && (usesUpItsCondition(block, sentence) || isConditionOfSentence(block, sentence)))
        && !givesNumbers(block, sentence)
      statement.servesSentence = statement.role == .assumption && cue == .where
      statement.isSupposed = statement.role == .assumption && cue == .suppose
      statement.isOfAllSteps =
        statement.role == .assumption && saysAll(statement.block, statement.sentence)
      statement.isCase =
        statement.role == .assumption && !saysEverywhere && !fixesInteger(statement)
        && (isUnderCondition || isLastValue
          || isName(statement.left) && isConstant(statement.right))
      statement.part = partOfExercise
      statement.section = boundary
      statement.clause = clause
      statement.proof = openProof
      statement.isHypothesis = isHypothesis(statement)
      noteOrthogonality(statement, in: &workspace)
      noteSymmetry(statement, in: &workspace)
      noteEnd(statement, in: &workspace)
      firstRole = firstRole ?? statement.role
      if !pending.isEmpty { statement.expectation = pending.removeFirst() }
      page.statements.append(statement)
      for key in statement.names { remember(key) }
      if !text.text.isEmpty {
        if head == nil { head = index }
        lastChain = (head ?? index, index)
      }
      previous = index
      // What an unknown function gives is known only by the name on the left.
      let isUnknown = unknownFunctions.equation(statement.left, member.formula) != nil
      if !statement.isRightUnread, !isUnknown { (side, standsElsewhere) = (member.formula, false) }
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

  /// Whether its sentence looks at a point of something that the page computes.
  private func isAtPoint(_ statement: Statement) -> Bool {
    pointLookedAt.map { ($0.block, $0.sentence) == (statement.block, statement.sentence) } ?? false
  }

  private mutating func decideRole(
    _ statement: inout Statement, position: Int, _ firstRole: Role?, _ forced: Role?,
    _ cue: Cue?, in workspace: inout Workspace
  ) -> Role {
    let (left, right) = (statement.left, statement.right)
    isDefinedAnew = false
    isLastValue = false
    isPassing = cue == .range || cue == .suppose
    // A mistake that is quoted is neither claimed nor taken for granted, unless a verdict is asked for.
    if stanceHere == .refused, forced == nil,
      pending.first.map({ Role(rawValue: $0.word) != nil }) ?? true
    {
      return .declaration
    }
    if position == 0, forced == nil || forced == .declaration, stanceHere == .asserted,
      declareCollective(statement, in: &workspace)
    {
      return .declaration
    }
    let isLimit = cue == .claim && position == 0 && concludesLimit(statement, in: &workspace)
    if !isLimit, declare(statement, cue, in: &workspace) { return .declaration }
    if forced == nil, declareNumber(statement, in: &workspace) { return .assumption }
    if forced == nil, statement.drawsFromDistribution { return .declaration }
    if forced != .claim, position == 0, declareArguments(statement, in: &workspace) {
      return .declaration
    }
    if position > 0, firstRole == .definition, forced == nil,
      declareDefined(statement, in: &workspace)
    {
      return .declaration
    }
    if statement.sign == .elementOf, Space(right)?.isWhole == true {
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
    if forced != .claim, let role = defineFunction(&statement, position, cue, in: &workspace) {
      return role
    }
    if forced != .claim, position == 0, defineUnknown(&statement, in: &workspace) {
      return .definition
    }
    let a = names(in: left, in: &workspace)
    let b = names(in: right, in: &workspace)
    statement.names = a.keys + b.keys.filter { !a.keys.contains($0) }
    statement.problem = b.problem ?? a.problem
    statement.isRightUnread = b.problem != nil
    if let problem = b.problem {
      statement.continuesFormula = false
      noteBreak(&statement, problem, in: &workspace)
    }
    for side in [a.expression, b.expression] {
      if let side { noteDerivatives(side, &statement, in: workspace) }
    }
    let hasDerivative = statement.differentiates
    noteStartThatVaries(statement, in: &workspace)
    if forced == .claim || forced == .declaration { return forced ?? .claim }
    if position > 0, firstRole == .assumption { return .assumption }
    if position > 0, firstRole == .declaration, isInteger(left) { return .declaration }
    let isEquation = statement.sign == .equal || statement.sign == .defines
    if isEquation, hasDerivative, position == 0, forced == nil, cue == .let || cue == .suppose,
      stationary(statement) != nil
    {
      return stanceHere == .asserted ? .assumption : .declaration
    }
    if hasDerivative, position == 0, forced == nil, cue == .suppose || cue == .let,
      supposesNorm(statement, a.expression, b.expression, in: workspace)
    {
      return stanceHere == .asserted ? .assumption : .declaration
    }
    let leftVariable = a.expression.flatMap { workspace.namedVariable(of: $0) }
    let leftKey = leftVariable.flatMap { scratch.key(of: $0.symbol) }
    let isArgument = page.notation.functions.contains {
      $0.end == nil && $0.argument.identifier != nil && $0.argument.identifier == left.identifier
    }
    let isOld = leftKey.map { known.contains($0) || computed.contains($0) || isArgument } ?? true
    if statement.problem != nil {
      if isEquation, position == 0, let leftKey,
        !isOld || leftKey.isFamily && !computed.contains(leftKey)
      {
        page.unread.append(leftKey)
      }
      return .claim
    }
    if forced == .assumption { return .assumption }
    if isEquation, position == 0, stanceHere == .asserted,
      isIdentityOfFunctions(statement, a.expression, b.expression, in: workspace)
    {
      return .claim
    }
    if position == 0, forced == nil, !hasDerivative {
      isLastValue = givesLastValue(
        statement, leftKey, leftVariable, b.keys, cue, in: workspace)
      if isLastValue { return .assumption }
    }
    if words.isSolved, isEquation, forced == nil {
      statement.isPassing = true
      return .assumption
    }
    if position == 0, forced == nil, !hasDerivative, isOld || !isEquation {
      let isValue = isParticularValue(statement, leftVariable, leftKey, b.keys)
      // What is denied, asked or said of others is only mentioned.
      let isSupposed = cue == .suppose || cue == .let || cue == .with
      if stanceHere != .asserted, isValue || isSupposed { return .declaration }
      if isValue, cue == .claim { return .claim }
      if isValue {
        let isCapital = leftKey?.name.utf8.first.map { isUppercase($0) } ?? false
        statement.isPassing =
          !isSupposing && (cue != .let || isCapital)
          && !givesNumbers(statement.block, statement.sentence)
        return .assumption
      }
    }
    if cue == .envisaged, isOld, position == 0, forced == nil { return .declaration }
    // `Unless $o_t = 1$`, `$o_t$ can be 1`: another case of what is known.
    if stanceHere != .asserted, position == 0, forced == nil, isOld, isEquation, !hasDerivative,
      b.keys.isEmpty, leftKey != nil, leftVariable?.time?.literal == nil,
      !isComputed(leftVariable, leftKey, b.keys, in: workspace)
    {
      return .declaration
    }
    if isEquation, cue != .suppose, !hasDerivative, position == 0 || statement.sign == .defines,
      defineStack(&statement, b.keys, in: &workspace)
    {
      return .definition
    }
    if cue == .let, position == 0, forced == nil, AffineLetters(right)?.isLiteral == true,
      fixesInteger(statement)
    {
      return .assumption
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
        && !isStepOfRecurrence(leftKey, leftVariable)
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
    // "With A = A^⊤": what is said of a declared matrix.
    if words.isBehindWith, isEquation, position == 0, forced == nil, stanceHere == .asserted,
      statement.right.isTransposeOf(statement.left),
      !statement.names.contains(where: { computed.contains($0) })
    {
      return .assumption
    }
    // "With A = I": a known name is looked at where it is constant, not defined.
    if cue == .with || cue == .range, isEquation, !hasDerivative, position == 0, forced == nil,
      isOld, b.keys.isEmpty, let variable = leftVariable, variable.time?.literal == nil,
      !isNewToSentence(leftKey, statement)
    {
      return .assumption
    }
    // "For x > 0 we have …".
    if words.isBehindFor, statement.sign.isOrder, !hasDerivative, position == 0, forced == nil,
      !statement.names.isEmpty
    {
      return stanceHere == .asserted ? .assumption : .declaration
    }
    // "It vanishes at V = …": where it is looked at, not what it is.
    if words.isLookedAt, isEquation, !hasDerivative, position == 0, forced == nil,
      let key = leftKey, leftVariable?.time == nil, !computed.contains(key), !b.keys.contains(key),
      isArgument || page.definitions.contains(where: { $0.key != key && $0.names.contains(key) })
    {
      statement.isPassing = true
      return stanceHere == .asserted ? .assumption : .declaration
    }
    // "At a_t = 0 we have …": a point of what the page computes, which no premise holds there.
    if words.isLookedAt, isEquation, !hasDerivative, position == 0, forced == nil,
      let key = leftKey, computed.contains(key), b.keys.isEmpty
    {
      pointLookedAt = (statement.block, statement.sentence)
      for i in page.statements.indices where isAtPoint(page.statements[i]) {
        (page.statements[i].isOfOpenName, page.statements[i].isInsufficient) = (true, true)
      }
      return .declaration
    }
    if words.isBehindWith, statement.sign.isOrder, !hasDerivative, forced == nil,
      !statement.names.isEmpty, !statement.names.contains(where: { computed.contains($0) })
    {
      return .assumption
    }
    if forced == nil,
      isRemark && boundsInputs(statement, a.keys, b.keys)
        || cue != .claim
          && boundsUnknownSlope(
            statement.sign, a.expression, b.expression, isRemark: isRemark, in: workspace)
    {
      return stanceHere == .asserted ? .assumption : .declaration
    }
    // "Where y^⊤ 1 = 1": a number that only inputs make is what is said of them.
    if cue == .where || cue == .with || isListedBehindWith, isEquation, position == 0,
      forced == nil, !hasDerivative,
      leftKey == nil,
      isConstant(right) || statement.eigenvector != nil
        || words.isBehindWith && Set(b.keys).isSubset(of: a.keys)
          && a.expression.map({ workspace.isPower($0) }) == true,
      !statement.names.isEmpty,
      !statement.names.contains(where: { computed.contains($0) })
    {
      return stanceHere == .asserted ? .assumption : .declaration
    }
    if isEquation, hasDerivative, statement.left.isNameOfTwoSteps { return .definition }
    if isEquation, position == 0, forced == nil,
      explainsBars(b.expression, statement, cue, in: workspace)
    {
      return .declaration
    }
    if isEquation, position == 0, forced == nil, let key = leftKey, let left = a.expression,
      !isOld || isNameOfEarlierSection(key),
      namesDerivative(key, left, b.expression, statement, cue, in: workspace)
    {
      return .definition
    }
    if isEquation, position == 0, forced == nil, hasDerivative, let left = a.expression,
      stanceHere == .asserted, let key = leftKey,
      cue == .let || cue == .where || words.isNaming || words.isBehindWith && !isOld
        || statement.sign == .defines
        ? !isOld || isNameOfEarlierSection(key) || cue == .where && isOfParagraph(key, statement)
        : cue == nil && isReadByOthers(key, statement),
      namesFormula(key, left, b, statement, in: workspace)
    {
      return .definition
    }
    if position == 0, forced == nil, let key = leftKey, mayBeSaidAnew(key, b.keys, statement, cue) {
      (isDefinedAnew, words.replaces) = (true, true)
    }
    if isEquation,
      !hasDerivative || statement.sign == .defines || forced == .definition
        || isUpdate(statement, leftVariable, leftKey, b.keys),
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
    if position == 0, words.said == nil, fixesInteger(statement) {
      return stanceHere == .asserted ? .assumption : .declaration
    }
    let appliesFunction =
      statement.sign != .equal
      && [a.expression, b.expression].contains { side in
        side.map { workspace.applies($0) } ?? false
      }
    // What follows from something is claimed, whatever new it names; a ground that bounds a new number
    // says what number it is.
    if position == 0,
      cue != .claim || isGround && statement.sign.isOrder && statement.names.count == 1,
      !hasDerivative, !appliesFunction,
      statement.sign != .approximately, isOld || leftKey == nil || statement.sign.isOrder,
      Set(a.keys) != Set(b.keys) || a.keys.count < 2,
      bringsInSomethingNew(statement, in: workspace),
      !(leftKey.map { hasUnreadUpdate(of: $0) } ?? false)
    {
      return .assumption
    }
    // "If $h = a h + b$": what a new name is equal to itself by says what it is.
    if position == 0, isEquation, cue == .suppose || !isOld && cue != .claim, forced == nil,
      stanceHere == .asserted, let leftKey, !computed.contains(leftKey), b.keys.contains(leftKey),
      b.keys.count > 1, !hasDerivative, leftVariable?.time == nil
    {
      return .assumption
    }
    if position == 0, isEquation, explainsEigenvector(statement, in: &workspace) {
      return .assumption
    }
    return .claim
  }
}

extension Workspace {
  /// `A^2` of `a matrix with A^2 = A`.
  fileprivate func isPower(_ expression: Expression) -> Bool {
    if case .power = self[expression] { true } else { false }
  }
}
