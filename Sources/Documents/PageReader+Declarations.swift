import Expressions
import Notation

/// What a page declares: shapes, spaces, ranges of letters, number sets.
extension PageReader {
  /// `h_0 = h_0(W)`, `y = y(x)`: what a name depends on.
  mutating func declareArguments(_ statement: Statement, in workspace: inout Workspace) -> Bool {
    guard statement.sign == .equal || statement.sign == .defines,
      case .juxtaposition(let items) = statement.right.kind, items.count == 2,
      items[0].spelled == statement.left.spelled, items[1].isParenthesised,
      let subject = name(of: statement.left, in: &workspace)
    else { return false }
    var list = [items[1].unfenced]
    if case .list(let parts) = items[1].unfenced.kind { list = parts }
    let arguments = list.compactMap { name(of: $0, in: &workspace) }
    guard arguments.count == list.count else { return false }
    // `C(p, q) = C(q, p)` of a C that an equation computes from p and q.
    if arguments.count > 1, computed.contains(subject.key) { return false }
    remember(subject.key)
    for argument in arguments { remember(argument.key) }
    page.dependences.append(
      Dependence(
        key: subject.key, time: subject.time, arguments: arguments, onAllTimes: false,
        isScalar: page.scalars.contains(subject.key) || isLossName(subject.key),
        statement: statement.index))
    return true
  }

  // MARK: Declarations

  /// Membership of a space for names, ranges of integers, types of functions.
  mutating func declare(
    _ statement: Statement, _ cue: Cue?, in workspace: inout Workspace
  ) -> Bool {
    let formula = Formula(
      .relations(
        statement.left,
        [
          Formula.RelationMember(
            sign: statement.sign, signSpan: statement.span, formula: statement.right)
        ]), statement.span)
    if statement.sign == .elementOf, case .list(let letters) = statement.left.kind {
      // `i, j \in \{1, …, n\}`
      var each: [Statement] = []
      for letter in letters where letter.identifier != nil {
        var one = statement
        one.left = letter
        each.append(one)
      }
      let member = Formula.RelationMember(
        sign: statement.sign, signSpan: statement.span, formula: statement.right)
      if each.count == letters.count,
        letters.allSatisfy({ range(of: Formula(.relations($0, [member]), $0.span)) != nil })
      {
        var areDeclared = true
        for one in each { areDeclared = declare(one, cue, in: &workspace) && areDeclared }
        return areDeclared
      }
    }
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
      for (key, target) in zip(keys, targets) {
        remember(key)
        if space.order == 0, isEntry(target, of: key) { continue }
        var declaration = Declaration(
          key: key, shape: Shape(dimensions).canonical, properties: space.properties,
          statement: statement.index, block: statement.block)
        // `h_1, …, h_T` are all that there are.
        let listed = times.indices.filter { keys[$0] == key }.compactMap { times[$0] }
        if isAbridged, let first = listed.first, let last = listed.last, first.isLiteral,
          !last.isLiteral
        {
          declaration.steps = (first, last)
        }
        page.declarations.append(declaration)
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
      noteOrder(formula, statement, cue)
      return true
    case .equal, .notEqual: return noteCase(formula, of: statement, cue)
    default: return false
    }
  }

  /// `a = W x ∈ ℝ^n`: of what is defined, where the names that it is made of leave the sizes open.
  mutating func declareDefined(
    _ statement: Statement, in workspace: inout Workspace
  ) -> Bool {
    func isDeclared(_ key: NameKey) -> Bool {
      page.declarations.contains { $0.key == key && $0.shape != nil }
    }
    guard statement.sign == .elementOf, Space(statement.right) != nil, let head = statement.head,
      let key = page.statements[head].defined, !isDeclared(key),
      page.statements[head].names.contains(where: { $0 != key && !isDeclared($0) })
    else { return false }
    var own = statement
    own.left = page.statements[head].left
    return declare(own, nil, in: &workspace)
  }

  /// `x_i ∈ ℝ` where x is the vector: that its entries are numbers says nothing of it.
  private func isEntry(_ target: Formula, of key: NameKey) -> Bool {
    guard case .scripts(let base, _?, _, _) = target.kind else { return false }
    return !key.isFamily && base.identifier?.latex == key.name
  }

  /// `y_i ∈ \{0, 1\}`: what is one of some numbers is a number.
  mutating func declareNumber(
    _ statement: Statement, in workspace: inout Workspace
  ) -> Bool {
    guard statement.sign == .elementOf, case .fenced(.braces, let inner) = statement.right.kind,
      case .list(let items) = inner.kind, isName(statement.left),
      items.allSatisfy({ AffineLetters($0)?.isLiteral == true }),
      let (key, _) = name(of: statement.left, in: &workspace), !computed.contains(key),
      !isEntry(statement.left, of: key)
    else { return false }
    let values = Set(items.compactMap { AffineLetters($0)?.constant })
    giveShape(key, [], Properties(ofEntries: values), statement, in: &workspace)
    return true
  }

  /// Membership of an interval restricts a bare name that nothing computes and nothing else knows;
  /// of everything else it is a claim.
  mutating func decideMembership(
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
    if case .list = statement.left.kind, areInputs(statement.left, subject.keys),
      cue == .suppose || cue == .let || isRemark || subject.keys.allSatisfy({ !known.contains($0) })
    {
      for key in subject.keys { giveShape(key, interval.sizes, [], statement, in: &workspace) }
      return .assumption
    }
    guard isName(statement.left), subject.keys.count == 1, let key = subject.keys.first else {
      return cue == .suppose || cue == .let ? .assumption : .claim
    }
    if cue == .suppose || cue == .let {
      if !computed.contains(key) { giveShape(key, interval.sizes, [], statement, in: &workspace) }
      return .assumption
    }
    // `Then $f_t \in (0, 1)$` follows from something, be it from what is not written here.
    if cue == .claim, !isGround, known.contains(key) {
      statement.isOfOpenName = !computed.contains(key)
      return .claim
    }
    // Nothing can be claimed of what is given.
    let isGiven = page.definitions.contains { $0.key != key && $0.names.contains(key) }
    if computed.contains(key) || known.contains(key) && !words.isBehindWith && !isGiven {
      return .claim
    }
    giveShape(key, interval.sizes, [], statement, in: &workspace)
    return .assumption
  }

  /// What lies in `(0, 1)^n` is a vector, what lies in `(0, 1)` a number.
  mutating func giveShape(
    _ key: NameKey, _ sizes: [Formula], _ properties: Properties, _ statement: Statement,
    in workspace: inout Workspace
  ) {
    if page.declarations.contains(where: { $0.key == key && $0.shape != nil }) { return }
    var dimensions: [Dimension] = []
    for size in sizes { dimensions.append(page.notation.dimension(of: size, in: &workspace)) }
    page.declarations.append(
      Declaration(
        key: key, shape: Shape(dimensions).canonical, properties: properties,
        statement: statement.index, block: statement.block))
    remember(key)
  }

  func isNumberSet(_ formula: Formula) -> Bool {
    guard let identifier = formula.identifier else { return false }
    return identifier.font == .blackboard && (identifier.name == "N" || identifier.name == "Z")
  }

  /// A range in a sentence is that of the definitions of the same sentence.
  mutating func attachRange(_ statement: Statement) {
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

  // MARK: Assumptions without a cue

  /// `T = 3`, `n = 1`, `n = t - 1`.
  func fixesInteger(_ statement: Statement) -> Bool {
    guard statement.sign == .equal, let left = AffineLetters(statement.left),
      let letter = left.soleLetter, left.constant == 0, AffineLetters(statement.right) != nil,
      !known.contains(NameKey(letter))
    else { return false }
    return page.notation.lexicon.isIntegerLetter(letter)
      || page.notation.lexicon.dimensionLetters.contains(letter)
  }
}
