import Expressions
import Notation

/// Equations of which words say what their name is, `the determinant of $A$ is $d = …`, and those that
/// solve an equation that is supposed: the name is what they compute, and they are held to the words.
extension PageReader {
  /// Whether an equation that says what a name is replaces the one that was said of it before.
  func mayBeSaidAnew(
    _ key: NameKey, _ rightKeys: [NameKey], _ statement: Statement, _ cue: Cue?
  ) -> Bool {
    guard statement.sign == .equal, !key.isFamily, !rightKeys.contains(key),
      stanceHere == .asserted
    else { return false }
    let own = page.definitions.filter { $0.key == key }
    guard own.allSatisfy({ $0.statement >= 0 && page.statements[$0.statement].saysWhatNameIs })
    else { return false }
    if vanishing?.point.spelled == statement.left.spelled { return true }
    if supposedEquation(for: key, statement, cue) != nil { return true }
    switch words.said?.kind {
    case .solution, .fixedPoint, .stationary, .minimum, .maximum, .likeliest: return !own.isEmpty
    default: return false
    }
  }

  /// The last equation of the paragraph, or of the section, that supposes something of a name, and does not say at once what
  /// it is.
  private func supposedEquation(
    for key: NameKey, _ statement: Statement, _ cue: Cue?
  ) -> Statement? {
    guard cue == .claim || words.said?.kind == .solution else { return nil }
    return page.statements.last { other in
      other.role == .assumption && other.sign == .equal
        && (other.block == statement.block || other.section == boundary && !other.isPassing)
        && other.clause == clause && other.names.contains(key) && other.eigenvector == nil
        && !other.isHidden && other.solvesForMore(than: statement.left)
    }
  }

  /// Makes a claim of an equation that words hold to something, and says what it claims.
  mutating func holdToWords(
    _ statement: inout Statement, _ cue: Cue?, isWhole: Bool, in workspace: inout Workspace
  ) {
    if let vanishing, isWhole, statement.role != .declaration,
      statement.left.spelled != vanishing.point.spelled
        || statement.right.holds(vanishing.point)
    {
      holdWhereItVanishes(&statement, vanishing.gradient, in: &workspace)
      return
    }
    guard statement.sign == .equal, statement.problem == nil, stanceHere == .asserted,
      isName(statement.left), let (key, _) = name(of: statement.left, in: &workspace),
      !page.notation.gradients.contains(where: { $0.key == key }),
      page.definitions.allSatisfy({
        $0.key != key || $0.statement == statement.index
          || $0.statement >= 0
            && $0.statement < page.statements.count && page.statements[$0.statement].saysWhatNameIs
      })
    else { return }
    let defines = statement.role == .definition
    guard defines || statement.role == .claim else { return }
    if defines, isWhole, let vanishing {
      let zero = Formula(.number("0"), statement.left.span)
      solve(vanishing.gradient, zero, for: key, &statement, in: &workspace)
      statement.solvedAssumption = stationarity?.assumption
      if let kind = words.said?.kind,
        !suffices(kind, vanishing.objective, vanishing.variable, in: &workspace)
      {
        statement.isInsufficient = true
      }
      return
    }
    if defines, isWhole, let supposed = supposedEquation(for: key, statement, cue) {
      let value = statement.right
      solve(supposed.left, supposed.right, for: key, &statement, in: &workspace)
      statement.solvedAssumption = supposed.index
      // Only where words speak of the solution is there one.
      if words.said?.kind != .solution, !value.divides,
        ![supposed.left, supposed.right].allSatisfy({ isSolvable($0, for: key) })
      {
        statement.isInsufficient = true
      }
      return
    }
    if defines, let stationarity, stationarity.isFresh, stationarity.isBeside(statement) {
      leaveOpen(&statement)
      return
    }
    let isSaidAgain = !defines && page.definitions.contains { $0.key == key }
    guard let said = words.said else {
      // What was not shown before is not shown by saying it again.
      if isSaidAgain { leaveOpen(&statement) }
      return
    }
    switch said.kind {
    case .determinant, .trace, .inverse, .transpose, .derivative, .hessian, .same:
      if let value = value(said, statement, in: &workspace),
        claim(value, &statement, in: &workspace)
      {
        return
      }
    case .solution, .fixedPoint, .stationary, .minimum, .maximum, .likeliest:
      if defines, isWhole, let (left, right) = equation(said, key, statement, in: &workspace) {
        let objective = objective(said, key, statement, in: &workspace)
          .flatMap { name(of: $0, in: &workspace)?.key }
        let suffices = suffices(said.kind, objective, key, in: &workspace)
        solve(left, right, for: key, &statement, in: &workspace)
        statement.isInsufficient = statement.isInsufficient || !suffices
        return
      }
    case .eigenvalue:
      if isWhole, let characteristic = characteristic(said, statement, in: &workspace) {
        let zero = Formula(.number("0"), statement.left.span)
        solve(characteristic, zero, for: key, &statement, in: &workspace)
        // One of the eigenvalues is not yet the one that is meant.
        statement.isInsufficient = true
        return
      }
    case .other: break
    }
    if defines && said.kind != .same || isSaidAgain { leaveOpen(&statement) }
  }

  /// What an equation says its name is, nothing here can judge.
  private func leaveOpen(_ statement: inout Statement) {
    statement.role = .claim
    statement.isOfOpenName = true
    statement.isInsufficient = true
  }

  /// The equation claims that its right side is a value that words name.
  private mutating func claim(
    _ value: Formula, _ statement: inout Statement, in workspace: inout Workspace
  ) -> Bool {
    let value = value.placed(at: statement.left.span)
    let found = names(in: value, in: &workspace)
    guard found.problem == nil, let expression = found.expression else { return false }
    statement.role = .claim
    statement.left = value
    statement.names += found.keys.filter { !statement.names.contains($0) }
    statement.continuesFormula = true
    statement.isHeldToWords = true
    noteDerivatives(expression, &statement, in: workspace)
    return true
  }

  /// The equation claims that its name, which it computes, makes the sides of another equal.
  private mutating func solve(
    _ left: Formula, _ right: Formula, for key: NameKey, _ statement: inout Statement,
    in workspace: inout Workspace
  ) {
    let sides = mean(left, right, &statement, in: &workspace)
    statement.solved = key
    // What solves an equation of a higher degree need not be all that does.
    statement.isInsufficient = sides.contains { side in
      self.degree(of: side, in: key, in: &workspace) ?? 2 > 1
    }
  }

  /// Gives an equation the sides that the words around it mean.
  /// - Returns: those of them that can be read.
  mutating func mean(
    _ left: Formula, _ right: Formula, _ statement: inout Statement, in workspace: inout Workspace
  ) -> [Expression] {
    let span = statement.left.span
    statement.role = .claim
    (statement.left, statement.right) = (left.placed(at: span), right.placed(at: span))
    statement.continuesFormula = true
    var sides: [Expression] = []
    for side in [statement.left, statement.right] {
      let found = names(in: side, in: &workspace)
      statement.problem = statement.problem ?? found.problem
      statement.names += found.keys.filter { !statement.names.contains($0) }
      guard let expression = found.expression else { continue }
      noteDerivatives(expression, &statement, in: workspace)
      sides.append(expression)
    }
    return sides
  }

  /// Of what the words speak: `the Jacobian $J$ of $f$ is $J = …`.
  func operand(_ said: SaidValue, _ statement: Statement) -> Formula? {
    said.operands.lazy.compactMap { formula(statement.block, statement.sentence, $0) }
      .first { $0.spelled != statement.left.spelled }
  }

  /// What words say, as a formula.
  private mutating func value(
    _ said: SaidValue, _ statement: Statement, in workspace: inout Workspace
  ) -> Formula? {
    guard let whole = operand(said, statement) else { return nil }
    var operand = whole
    if case .relations(let left, _) = whole.kind { operand = left }
    let span = operand.span
    let closed = isName(operand) ? operand : Formula(.fenced(.parentheses, operand), span)
    func applying(_ name: String) -> Formula {
      Formula(
        .juxtaposition([
          Formula(.identifier(Formula.Identifier(name)), span),
          Formula(.fenced(.parentheses, operand), span),
        ]), span)
    }
    func raised(to script: String) -> Formula {
      let above = Formula(parsing: Array(script.utf8), macros: macros)
      return Formula(.scripts(closed, below: nil, above: above, primes: 0), span)
    }
    switch said.kind {
    case .same: return isName(operand) || operand.spelled != whole.spelled ? nil : operand
    case .determinant: return applying("det")
    case .trace: return applying("tr")
    case .inverse: return raised(to: "-1")
    case .transpose: return raised(to: "\\top")
    default: break
    }
    let place = said.place.flatMap { formula(statement.block, statement.sentence, $0) }
    if let function = operand.identifier, case .elementwise? = StandardFunction(function),
      said.kind == .derivative, let place, isName(place)
    {
      let slope = Formula(.scripts(operand, below: nil, above: nil, primes: 1), span)
      return Formula(
        .juxtaposition([slope, Formula(.fenced(.parentheses, place), span)]), span)
    }
    guard let (function, own) = differentiable(operand, in: &workspace),
      let variable = place ?? own, isName(variable), variable.spelled != function.spelled
    else { return nil }
    if said.kind == .derivative {
      return Formula.partialDerivative(of: function, by: variable)
    }
    let nabla = Formula(.identifier(Formula.Identifier("nabla")), span)
    let two = Formula(.number("2"), span)
    return Formula(
      .juxtaposition([
        Formula(.scripts(nabla, below: variable, above: two, primes: 0), span), function,
      ]), span)
  }

  /// What the page computes under a name, and the only thing that it computes that from.
  private mutating func differentiable(
    _ operand: Formula, in workspace: inout Workspace
  ) -> (function: Formula, variable: Formula?)? {
    var name = operand
    var argument: Formula?
    if case .juxtaposition(let items) = operand.kind, items.count == 2, items[1].isParenthesised {
      (name, argument) = (items[0], items[1].unfenced)
    }
    if let written = name.identifier?.latex,
      let function = page.notation.functions.last(where: { $0.name == written && $0.end == nil })
    {
      return (name, argument ?? function.argument)
    }
    guard isName(name), let (key, _) = self.name(of: name, in: &workspace), computed.contains(key),
      let definition = page.definitions.last(where: { $0.key == key })
    else { return nil }
    var variable = argument
    if variable == nil, definition.names.count == 1 {
      definition.right.visit { part in
        if self.isName(part), self.nameKeys(part) == definition.names {
          variable = variable ?? part
        }
      }
    }
    return (name, variable)
  }

  /// The equation that a name solves if it is what the words say.
  private mutating func equation(
    _ said: SaidValue, _ key: NameKey, _ statement: Statement, in workspace: inout Workspace
  ) -> (left: Formula, right: Formula)? {
    let operand = operand(said, statement)
    switch said.kind {
    case .solution:
      guard let operand, case .relations(let left, let members) = operand.kind,
        members.count == 1, members[0].sign == .equal
      else { return nil }
      let named = names(in: left, in: &workspace).keys
      let others = names(in: members[0].formula, in: &workspace).keys
      return (named + others).contains(key) ? (left, members[0].formula) : nil
    case .fixedPoint:
      guard
        let recurrence = page.definitions.last(where: {
          $0.key.isFamily && $0.names.contains($0.key) && $0.time?.isLiteral == false
        }), recurrence.names.allSatisfy({ $0 == recurrence.key || !$0.isFamily })
      else { return nil }
      let name = statement.left
      func atRest(_ part: Formula) -> Formula {
        if self.isName(part), self.nameKeys(part) == [recurrence.key] { return name }
        return part.mappingChildren(atRest)
      }
      return (name, atRest(recurrence.right))
    case .stationary, .minimum, .maximum, .likeliest:
      guard let objective = objective(said, key, statement, in: &workspace) else { return nil }
      let zero = Formula(.number("0"), statement.left.span)
      return (Formula.partialDerivative(of: objective, by: statement.left), zero)
    default: return nil
    }
  }

  /// `\det(M - \lambda I)` of the printed matrix of which the words name an eigenvalue, or of the only one.
  private mutating func characteristic(
    _ said: SaidValue, _ statement: Statement, in workspace: inout Workspace
  ) -> Formula? {
    let printed = page.definitions.filter {
      if case .matrix = $0.right.kind { true } else { false }
    }
    let named = operand(said, statement)
    guard let matrix = named ?? (printed.count == 1 ? printed[0].left : nil),
      printed.contains(where: { $0.left.spelled == matrix.spelled }),
      case .number = statement.right.kind
    else { return nil }
    let span = statement.left.span
    let identity = Formula(.identifier(Formula.Identifier("I")), span)
    let shift = Formula(.juxtaposition([statement.left, identity]), span)
    let difference = Formula(
      .sum([
        Formula.SignedTerm(isNegative: false, term: matrix),
        Formula.SignedTerm(isNegative: true, term: shift),
      ]), span)
    return Formula(
      .juxtaposition([
        Formula(.identifier(Formula.Identifier("det")), span),
        Formula(.fenced(.parentheses, difference), span),
      ]), span)
  }

  /// What is least, greatest or stationary at a name: what the words name, else what the page computes
  /// from it last.
  private mutating func objective(
    _ said: SaidValue, _ key: NameKey, _ statement: Statement, in workspace: inout Workspace
  ) -> Formula? {
    if let operand = operand(said, statement) {
      return differentiable(operand, in: &workspace)?.function
    }
    guard
      let last = page.definitions.last(where: {
        $0.key != key && $0.statement >= 0 && $0.statement != statement.index
          && page.statements[$0.statement].section == boundary
      })
    else { return nil }
    let isFunction = page.notation.functions.contains {
      $0.name == last.key.name && $0.argument.spelled == statement.left.spelled
    }
    return isFunction || last.names.contains(key) ? last.left : nil
  }

  /// Whether the point at which the derivative vanishes is what the words say.
  private mutating func suffices(
    _ kind: SaidValue.Kind, _ objective: NameKey?, _ variable: NameKey,
    in workspace: inout Workspace
  ) -> Bool {
    let curvatures: [Int]
    switch kind {
    case .minimum: curvatures = [1]
    case .maximum: curvatures = [-1]
    case .likeliest: curvatures = [-1, 1]
    default: return true
    }
    var degrees = degrees(in: variable, in: &workspace)
    guard let objective, let body = degrees.bodies[objective],
      let own = degrees.curvature(of: body, scratch, in: workspace)
    else { return false }
    return curvatures.contains(own)
  }

  /// The degree of a polynomial in a name, through what the page computes; nil where it is none.
  private mutating func degree(
    of root: Expression, in key: NameKey, in workspace: inout Workspace
  ) -> Int? {
    var degrees = degrees(in: key, in: &workspace)
    return degrees.degree(of: root, scratch, in: workspace)
  }

  private mutating func degrees(in key: NameKey, in workspace: inout Workspace) -> Degrees {
    var bodies: [NameKey: Expression] = [:]
    for definition in page.definitions {
      bodies[definition.key] =
        definition.spelledRight ?? names(in: definition.right, in: &workspace).expression
    }
    var positive = Set(
      page.declarations.filter { $0.properties.contains(.positiveDefinite) }.map { $0.key })
    let zero = Formula.Kind.number("0")
    for other in page.statements
    where other.role == .assumption && other.sign == .greater && other.right.kind == zero
      && isName(other.left) && other.names.count == 1
    {
      positive.formUnion(other.names)
    }
    return Degrees(key: key, bodies: bodies, positive: positive)
  }
}

extension Statement {
  /// Whether an equation is more than one for a name whose other side does not mention it.
  fileprivate func solvesForMore(than name: Formula) -> Bool {
    left.spelled != name.spelled && right.spelled != name.spelled
      || left.holds(name) && right.holds(name)
  }
}

extension Formula {
  /// Whether a name stands in the formula.
  func holds(_ name: Formula) -> Bool {
    var found = false
    visit { found = found || $0.spelled == name.spelled }
    return found
  }
}
