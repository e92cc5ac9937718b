import Expressions
import Notation

/// An objective whose gradient is set to zero, `Setting ∇J(v) = 0 gives …`.
struct Stationarity {
  /// What is stationary, and in which variable, as far as the page says it in formulas.
  var objective: Formula?
  var variable: Formula?
  /// The assumption that says so in a formula.
  var assumption: Int?
  var block: Int
  var sentence: Int
  var section: Int
  /// Whether nothing has been concluded from it.
  var isFresh = true

  /// Whether a statement stands in its sentence.
  func isBeside(_ statement: Statement) -> Bool {
    (block, sentence) == (statement.block, statement.sentence)
  }
}

/// A gradient that vanishes at a point.
struct VanishingGradient {
  var gradient: Formula
  var point: Formula
  /// What is stationary there, and in which variable.
  var objective: NameKey
  var variable: NameKey
}

/// What follows from a gradient that is set to zero: equations that hold of the point where it vanishes,
/// and what that point is.
extension PageReader {
  /// `Setting ∇J(v) = 0`, `\partial J/\partial v = 0`: what is stationary, and in which variable.
  func stationary(_ statement: Statement) -> (objective: Formula?, variable: Formula?)? {
    guard case .number("0") = statement.right.unfenced.kind else { return nil }
    switch statement.left.kind {
    case .fraction(let above, let below):
      guard let above = Elaborator.partialHead(above)?.rest, above.count == 1,
        let below = Elaborator.partialHead(below)?.rest
      else { return nil }
      // A start that is given depends on nothing.
      if case .scripts(_, let time?, _, _) = above[0].kind, AffineLetters(time) != nil {
        return nil
      }
      return (above[0], below.count == 1 ? below[0] : nil)
    case .juxtaposition(let items):
      guard items.first?.unfencedScripts.identifier?.name == "nabla" else { return nil }
      var variable: Formula?
      if case .scripts(_, let below, nil, 0) = items[0].kind { variable = below }
      if variable == nil, let argument = items.dropFirst(2).first, argument.isParenthesised {
        variable = argument.unfenced
      }
      return (items.dropFirst().first, variable)
    default: return nil
    }
  }

  mutating func noteStationarity(_ statement: Statement) {
    guard statement.role == .assumption, let (objective, variable) = stationary(statement) else {
      return
    }
    stationarity = Stationarity(
      objective: objective, variable: variable, assumption: statement.index,
      block: statement.block, sentence: statement.sentence, section: boundary)
  }

  /// The gradient that vanishes where an equation says what follows from that.
  mutating func vanishingGradient(_ statement: Statement, _ cue: Cue?) -> VanishingGradient? {
    if let said = words.said, said.isStationary, stationarity?.isBeside(statement) != true {
      stationarity = Stationarity(
        objective: operand(said, statement), block: statement.block,
        sentence: statement.sentence, section: boundary)
    }
    guard statement.sign == .equal, stanceHere == .asserted, let own = stationarity,
      own.section == boundary,
      own.isFresh && (own.isBeside(statement) || statement.block == own.block + 1)
        || cue == .claim && isName(statement.left),
      let (objective, variable, point) = objective(own, statement),
      let key = nameKeys(variable).first
    else { return nil }
    let span = statement.left.span
    let body = atPoint(objective.body, variable, point)
    // What does not depend on the point is stationary anywhere.
    guard body.holds(point) else { return nil }
    stationarity?.isFresh = false
    let nabla = Formula(.identifier(Formula.Identifier("nabla")), span)
    let sign = Formula(.scripts(nabla, below: point, above: nil, primes: 0), span)
    return VanishingGradient(
      gradient: Formula(
        .juxtaposition([sign, Formula(.fenced(.parentheses, body), span)]), span),
      point: point, objective: objective.key, variable: key)
  }

  /// The objective, as said or else what the section computes last, its variable and the point of which an
  /// equation speaks.
  private func objective(
    _ own: Stationarity, _ statement: Statement
  ) -> (objective: Objective, variable: Formula, point: Formula)? {
    let name = own.objective.flatMap { nameKeys($0).first?.name }
    let sides = [statement.left, statement.right]
    for objective in objectives(named: name) {
      let variables = own.variable.map { [$0] } ?? arguments(of: objective.body)
      let points = variables.compactMap { variable in
        point(variable, in: sides).map { (variable, $0) }
      }
      if points.isEmpty { continue }
      let likely = [
        points.filter { _ in own.variable != nil },
        points.filter { self.isArgument($0.0, of: objective.key) },
        points.filter { $0.0.spelled != $0.1.spelled },
        points.filter { $0.1.spelled == statement.left.spelled },
      ]
      guard let (variable, point) = likely.first(where: { !$0.isEmpty })?.first else { return nil }
      return (objective, variable, point)
    }
    return nil
  }

  private typealias Objective = (key: NameKey, body: Formula, start: Int)

  /// What may be meant, the likeliest first: of what the section computes, numbers and functions if there
  /// are any, the last one first.
  private func objectives(named name: String?) -> [Objective] {
    func isMeant(_ own: Objective, _ section: Int) -> Bool {
      own.start >= 0 && name.map { $0 == own.key.name } ?? (section == boundary)
    }
    var found: [Objective] = []
    for definition in page.definitions where definition.time == nil {
      let own = (definition.key, definition.right, definition.statement)
      if isMeant(own, definition.section) { found.append(own) }
    }
    var numbers = found.filter { own in
      page.scalars.contains(own.key) || page.derivatives.contains { $0.numerator == own.key }
    }
    for function in page.notation.functions where function.end == nil {
      let own = (NameKey(function.name), function.body, function.start)
      if isMeant(own, function.section) { numbers.append(own) }
    }
    return (numbers.isEmpty ? found : numbers).sorted { $0.start > $1.start }
  }

  /// The v of `J(v) = …`, or the one by which the page differentiates J.
  private func isArgument(_ variable: Formula, of objective: NameKey) -> Bool {
    page.notation.functions.contains {
      $0.name == objective.name && $0.argument.spelled == variable.spelled
    }
      || page.derivatives.contains {
        $0.numerator == objective && [$0.denominator] == nameKeys(variable)
      }
  }

  /// The names that a formula reads, through the equations of the page.
  private func arguments(of formula: Formula) -> [Formula] {
    var found: [Formula] = []
    var queue = [formula]
    while let next = queue.popLast() {
      next.visit { part in
        guard self.isName(part), !found.contains(where: { $0.spelled == part.spelled }) else {
          return
        }
        found.append(part)
        if let equation = self.equation(of: part) { queue.append(equation.right) }
      }
    }
    return found
  }

  private func equation(of name: Formula) -> DefinitionStatement? {
    guard let key = nameKeys(name).first, !key.isFamily else { return nil }
    return page.definitions.last { $0.key == key && $0.statement >= 0 }
  }

  /// The point of which formulas speak: a variable, or that with a hat, a star or a label.
  private func point(_ variable: Formula, in formulas: [Formula]) -> Formula? {
    guard let name = variable.scriptedBase else { return nil }
    var found: [Formula] = []
    func seek(_ part: Formula) {
      if part.isOptimum(of: name) || part.identifier == name {
        if !found.contains(where: { $0.spelled == part.spelled }) { found.append(part) }
      } else {
        part.forEachChild(seek)
      }
    }
    formulas.forEach(seek)
    if found.isEmpty,
      formulas.contains(where: { side in
        arguments(of: side).contains { $0.spelled == variable.spelled }
      })
    {
      return variable
    }
    return found.count == 1 ? found[0] : nil
  }

  /// The formula of an objective with another name for its variable.
  /// - Parameter open: the names that are being written out.
  private func atPoint(
    _ formula: Formula, _ variable: Formula, _ point: Formula, _ open: [NameKey] = []
  ) -> Formula {
    if formula.spelled == variable.spelled { return point }
    if isName(formula), let equation = equation(of: formula), !open.contains(equation.key),
      arguments(of: equation.right).contains(where: { $0.spelled == variable.spelled })
    {
      return Formula(
        .fenced(
          .parentheses, atPoint(equation.right, variable, point, open + [equation.key])),
        formula.span)
    }
    return formula.mappingChildren { atPoint($0, variable, point, open) }
  }

  /// The equation claims that it holds where a gradient vanishes: its sides differ by a multiple of that.
  mutating func holdWhereItVanishes(
    _ statement: inout Statement, _ gradient: Formula, in workspace: inout Workspace
  ) {
    let difference = Formula(
      .sum([
        Formula.SignedTerm(isNegative: false, term: statement.left),
        Formula.SignedTerm(isNegative: true, term: statement.right),
      ]), statement.left.span)
    _ = mean(gradient, difference, &statement, in: &workspace)
    statement.isHeldToWords = true
    statement.isUpToFactor = true
    statement.solvedAssumption = stationarity?.assumption
  }
}

extension Formula {
  /// `\hat v`, `v^*`, `v_{opt}` of v.
  fileprivate func isOptimum(of name: Identifier) -> Bool {
    if case .scripts(let base, let below?, nil, 0) = kind, base.identifier == name {
      return below.isWord
    }
    guard let own = identifier, own.name == name.name, own.font == name.font else { return false }
    var plain = own
    if plain.layer == "*" {
      plain.layer = nil
    } else if plain.decorations.first == .hat {
      plain.decorations.removeFirst()
    } else {
      return false
    }
    return plain == name
  }

  /// Letters that are a label together.
  private var isWord: Bool {
    switch kind {
    case .text: return true
    case .identifier(let name): return name.name.utf8.count > 1 && name.font == .upright
    case .juxtaposition(let items):
      return items.count > 1 && items.allSatisfy { $0.identifier != nil }
    default: return false
    }
  }
}
