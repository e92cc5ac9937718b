import Documents
import Expressions
import Notation

/// Which assumptions bear on a claim, and what they do to its model.
extension Theory {
  /// The assumptions in force where a statement stands, and those from farther above.
  func assumptions(for statement: Statement) -> (local: [Statement], far: [Statement]) {
    var local: [Statement] = []
    var far: [Statement] = []
    for other in page.statements
    where other.role == .assumption && !other.isHypothesis
      && other.index != statement.solvedAssumption
      && (other.index < statement.index && !other.isGiven(besides: statement)
        || other.givenTo.contains(statement.index)
        || other.servesSentence && other.block == statement.block
          && other.sentence == statement.sentence)
    {
      if other.isLocal, other.sentence != statement.sentence || other.block != statement.block {
        continue
      }
      // The words between may say that it is so no longer.
      if other.clause != statement.clause { continue }
      if other.block == statement.block {
        // A later sentence that supposes something else of the same name replaces the earlier one.
        local.removeAll {
          $0.sentence != other.sentence && $0.left.isSpelledLike(other.left)
        }
        local.append(other)
      } else if !other.isPassing, reaches(other, statement) {
        far.append(other)
      }
    }
    let kept = local.filter { !isReplaced($0, for: statement, among: local) }
    return (
      kept,
      far.filter { other in
        // A case of its own: `If ‖W‖ > 1, …` is none of `Suppose W = I` above.
        !far.contains {
          $0.block == other.block && $0.sentence == other.sentence && isOverlaid($0, by: kept)
        } && !page.isRevoked(other, at: statement)
      }
    )
  }

  /// Whether nearer assumptions speak of a name of another: then its sentence is another case.
  private func isOverlaid(_ assumption: Statement, by nearer: [Statement]) -> Bool {
    nearer.contains { $0.names.contains { assumption.names.contains($0) } }
  }

  /// Whether a line may lean on an assumption from another paragraph: one case of a section or of a part
  /// of an exercise is none of another.
  private func reaches(_ assumption: Statement, _ statement: Statement) -> Bool {
    if assumption.isCase, assumption.section != statement.section { return false }
    guard let part = assumption.part, part != statement.part else { return true }
    return !assumption.isSupposed && !assumption.isCase
  }

  /// `if y = 1, then …, and if y = 0, then`: the second condition of a sentence that has concluded
  /// something from the first.
  private func isReplaced(
    _ condition: Statement, for statement: Statement, among local: [Statement]
  ) -> Bool {
    guard condition.isPassing, condition.block == statement.block,
      condition.sentence == statement.sentence,
      let last = local.last(where: {
        $0.block == statement.block && $0.sentence == statement.sentence
      }), condition.index < last.index
    else { return false }
    return page.statements[condition.index..<last.index].contains { $0.role == .claim }
  }

  /// What an assumption says in the names of a claim's model; nothing if it speaks of none of them.
  mutating func premises(
    _ assumption: Statement, in setting: Int, _ workspace: inout Workspace
  ) -> [Premise] {
    // A property says that.
    if assumption.sign == .equal, assumption.right.isTransposeOf(assumption.left) { return [] }
    // What is one of two numbers is drawn so.
    if assumption.right.isPairOfNumbers { return [] }
    if assumption.sign.isOrder, case .list(let names) = assumption.left.kind {
      var found: [Premise] = []
      for name in names {
        var one = assumption
        one.left = name
        found += premises(one, in: setting, &workspace)
      }
      return found
    }
    guard assumption.sign == .elementOf, let written = RealInterval(assumption.right) else {
      let assumption = ofOneMember(assumption, settings[setting].table, in: &workspace)
      guard let own = premise(assumption, in: setting, &workspace) else { return [] }
      let slopes = slopes(of: own, in: setting, &workspace)
      if !slopes.isEmpty { return slopes }
      return [
        solution(of: own, in: setting, &workspace), own,
        assumption.isOfAllSteps ? atAllSteps(own, in: &workspace) : nil,
      ].compactMap { $0 }
    }
    var elaborator = Elaborator(
      page: page.notation, table: settings[setting].table, layout: .numerator)
    elaborator.knowsShapes = true
    guard let left = try? elaborator.elaborate(assumption.left, in: &workspace),
      let interval = try? elaborator.elaborate(written, in: &workspace)
    else { return [] }
    page.notation.times = elaborator.page.times
    replaceTable(setting, elaborator.table)
    var contents: [Premise.Content] = []
    if let lower = interval.lower {
      contents.append(
        .condition(left.expression, interval.lowerIsClosed ? .greaterOrEqual : .greater, lower))
    }
    if let upper = interval.upper {
      contents.append(
        .condition(left.expression, interval.upperIsClosed ? .lessOrEqual : .less, upper))
    }
    return contents.map { Premise(content: $0, statement: assumption.index) }
  }

  /// `v_i^\top v_j = \delta_{ij}` for a claim that names but one of the two: `v_i^\top v_i = 1`.
  private func ofOneMember(
    _ assumption: Statement, _ table: SymbolTable, in workspace: inout Workspace
  ) -> Statement {
    guard assumption.sign == .equal,
      case .scripts(let mark, let places?, nil, 0) = assumption.right.kind,
      mark.identifier?.isPlain("delta") == true, case let letters = Lexicon.letters(of: places),
      letters.count == 2, case .juxtaposition(let items) = assumption.left.kind, items.count == 2,
      let turned = items[0].untransposed
    else { return assumption }
    let members = [turned, items[1]]
    let names = members.compactMap { $0.bearer }
    guard names.count == 2, names[0].name == names[1].name,
      names.map({ $0.letter }) == letters.map({ $0.identifier?.name ?? "" })
    else { return assumption }
    let known = names.indices.filter {
      table[NameKey(names[$0].name + "_" + names[$0].letter)] != nil
    }
    guard known.count == 1 else { return assumption }
    let member = members[known[0]]
    var one = assumption
    one.left = Formula(
      .juxtaposition([
        known[0] == 0
          ? items[0] : member.transposed(as: items[0]), member,
      ]), assumption.left.span)
    one.right = Formula(.number("1"), assumption.right.span)
    return one
  }

  private mutating func premise(
    _ assumption: Statement, in setting: Int, _ workspace: inout Workspace
  ) -> Premise? {
    var elaborator = Elaborator(
      page: page.notation, table: settings[setting].table, layout: .numerator)
    elaborator.knowsShapes = true
    guard let left = try? elaborator.elaborate(assumption.left, in: &workspace),
      let right = try? elaborator.elaborate(assumption.right, in: &workspace),
      elaborator.introduced.isEmpty || assumption.sign != .equal
        || elaborator.introduced.count < elaborator.table.keys.count
    else { return nil }
    // An eigenvector that the claim does not name restricts nothing of it.
    if let vector = assumption.eigenvector,
      let name = try? elaborator.elaborate(vector, in: &workspace),
      let key = workspace.namedVariable(of: name.expression).flatMap({
        elaborator.table.key(of: $0.symbol)
      }), elaborator.introduced.contains(key)
    {
      return nil
    }
    page.notation.times = elaborator.page.times
    replaceTable(setting, elaborator.table)
    let introduced = elaborator.introduced.compactMap { key in
      elaborator.table[key].map { (key: key, symbol: $0) }
    }
    for name in introduced
    where page.shapeDeclaration(of: name.key, at: assumption.index) != nil {
      give(name.symbol, name.key, at: assumption.index, in: &workspace)
    }
    func premise(_ content: Premise.Content) -> Premise {
      Premise(content: content, statement: assumption.index)
    }
    guard assumption.sign == .equal || assumption.sign == .defines else {
      return premise(.condition(left.expression, assumption.sign, right.expression))
    }
    switch workspace[left.expression] {
    case .timeValue(let time):
      guard let symbol = time.symbol, time.constant == 0 else { return nil }
      switch workspace[right.expression] {
      case .number(let value): return value.exactInt.map { premise(.time(symbol, Time($0))) }
      case .timeValue(let other): return premise(.time(symbol, other))
      default:
        if let affine = AffineLetters(assumption.right) {
          return premise(.time(symbol, elaborator.time(affine, in: &workspace)))
        }
        return nil
      }
    case .dimensionValue(let dimension):
      guard let symbol = dimension.symbol, case .number(let value) = workspace[right.expression],
        let size = value.exactInt
      else { return nil }
      return premise(.size(symbol, Dimension(size)))
    case .variable(let variable):
      let shape = workspace[variable.symbol].shape
      // Capitals that make a matrix are matrices: `W = Q \Lambda Q^{-1}`.
      let makesMatrix = shape.isMatrix && introduced.contains { $0.key.isMatrixLike }
      var value = makesMatrix ? nil : filled(right.expression, to: shape, in: &workspace)
      if value == nil {
        for name in introduced {
          give(name.symbol, name.key, at: assumption.index, in: &workspace)
        }
        value = filled(
          right.expression, to: shape, fixing: introduced.map { $0.symbol }, in: &workspace)
      }
      guard let value else { return nil }
      return premise(
        settings[setting].model.computes(variable.symbol)
          ? .pinned(variable, value) : .value(variable, value))
    default:
      // The identity of `Q^\top Q = I` has the size of Q.
      var inference = ShapeInference(rigid: rigidSizes(setting))
      guard (try? inference.equate(left.expression, right.expression, in: workspace)) != nil else {
        return premise(.condition(left.expression, assumption.sign, right.expression))
      }
      inference.commit(
        symbols: [], occurringIn: [left.expression, right.expression], to: &workspace)
      return premise(
        .condition(
          inference.resolving(left.expression, in: &workspace), assumption.sign,
          inference.resolving(right.expression, in: &workspace)))
    }
  }

  /// A number beside a tensor means a tensor of that number; unknown sizes become the tensor's. Nil where
  /// the shapes cannot fit.
  private func filled(
    _ value: Expression, to shape: Shape, fixing symbols: [Symbol] = [],
    in workspace: inout Workspace
  ) -> Expression? {
    if workspace.isNumeric(value), !shape.isScalar {
      if workspace.isZero(value) { return workspace.expression(.zero(shape)) }
      let ones = workspace.expression(.ones(shape))
      if case .number(let number) = workspace[value], number.isOne { return ones }
      return workspace.expression(.product([value, ones]))
    }
    var inference = ShapeInference(rigid: Set(page.notation.dimensions.map { $0.symbol }))
    guard let own = try? inference.shape(of: value, in: workspace), inference.unify(own, shape)
    else { return nil }
    inference.commit(symbols: symbols, occurringIn: [value], to: &workspace)
    return inference.resolving(value, in: &workspace)
  }

  /// The claim, and its setting, under assumptions.
  mutating func assuming(
    _ premises: [Premise], _ claim: Claim, in workspace: inout Workspace
  ) -> Claim {
    var claim = claim
    var setting = settings[claim.setting]
    var isChanged = false
    for premise in premises {
      switch premise.content {
      case .time(let symbol, let time):
        isChanged = true
        func put(_ old: Time) -> Time { old.substituting(symbol, by: time) }
        let isFree = [claim.left.expression, claim.right.expression].contains {
          workspace.freeTimes(in: $0).contains(symbol)
        }
        claim.left.expression = workspace.substituting(symbol, by: time, in: claim.left.expression)
        claim.right.expression = workspace.substituting(
          symbol, by: time, in: claim.right.expression)
        claim.left.children = []
        claim.right.children = []
        // What is said of a number that the claim does not name says nothing of the claim.
        claim.domains = claim.domains.map { domain in
          domain.filter { isFree || $0.symbol != symbol }.map(put).filter { !$0.isAlwaysTrue }
        }
        for i in setting.model.definitions.indices {
          var definition = setting.model.definitions[i]
          definition.body = workspace.substituting(symbol, by: time, in: definition.body)
          definition.from = definition.from.map(put)
          definition.through = definition.through.map(put)
          setting.model.definitions[i] = definition
        }
        setting.model.domain = setting.model.domain.map(put)
      case .pinned(let variable, let value):
        isChanged = true
        pin(variable, value, &setting.model, in: &workspace)
      case .size, .value, .condition: break
      }
    }
    claim.assumptions = premises
    for i in premises.indices {
      claim.assumptions[i].isOfAllSteps = holdsAtAllSteps(premises[i], claim, in: workspace)
    }
    if isChanged { claim.setting = adding(setting) }
    return claim
  }

  /// `x_t = 0 for all t` at the other steps as well: a step that no claim names is any.
  private func atAllSteps(_ premise: Premise, in workspace: inout Workspace) -> Premise? {
    guard case .value(let variable, let value) = premise.content,
      let letter = variable.time?.symbol, !workspace.freeTimes(in: value).contains(letter)
    else { return nil }
    var other = premise
    let step = workspace.time(named: workspace.name(of: letter) + "'")
    other.content = .value(Variable(variable.symbol, at: Time(step)), value)
    return other
  }

  /// Whether an order with the letter of a step holds at every step: where it is said so, where the
  /// claim is about other letters, and where it bounds what equations do rather than what they yield:
  /// a slope, a Jacobian matrix, an input. `‖h_t‖ ≤ 1` is said of one state, and whatever bears a
  /// capital, by custom the last step, of one step.
  private func holdsAtAllSteps(
    _ premise: Premise, _ claim: Claim, in workspace: borrowing Workspace
  ) -> Bool {
    guard case .condition(let left, let sign, let right) = premise.content, sign.isOrder else {
      return false
    }
    var letters = workspace.freeTimes(in: left)
    for letter in workspace.freeTimes(in: right) where !letters.contains(letter) {
      letters.append(letter)
    }
    guard letters.count == 1 else { return false }
    if page.statements.indices.contains(premise.statement),
      page.statements[premise.statement].isOfAllSteps
    {
      return true
    }
    if isLastStep(letters[0], in: workspace) { return false }
    let own = [claim.left.expression, claim.right.expression]
    if !own.contains(where: { workspace.freeTimes(in: $0).contains(letters[0]) }) { return true }
    let model = settings[claim.setting].model
    return [left, right].allSatisfy { side in
      workspace.contains(side) { node in
        switch node {
        case .derivative, .pathProduct: return true
        case .apply(_, let derivative, _): return derivative > 0
        default: return false
        }
      } || !workspace.variables(in: side).contains { model.computes($0.symbol) }
    }
  }

  /// Whether a letter is by custom that of the last step.
  private func isLastStep(_ letter: TimeSymbol, in workspace: borrowing Workspace) -> Bool {
    workspace.name(of: letter).utf8.first.map { 65...90 ~= $0 } ?? false
  }

  private func pin(
    _ variable: Variable, _ value: Expression, _ model: inout Model,
    in workspace: inout Workspace
  ) {
    guard let time = variable.time else {
      model.definitions.removeAll { $0.symbol == variable.symbol }
      model.definitions.append(Definition(symbol: variable.symbol, body: value))
      return
    }
    if let symbol = time.symbol, time.constant == 0, !isLastStep(symbol, in: workspace) {
      let old = model.definition(of: variable.symbol)
      model.definitions.removeAll { $0.symbol == variable.symbol }
      model.definitions.append(
        Definition(
          symbol: variable.symbol, time: symbol, from: old?.from, through: old?.through,
          body: value))
    } else {
      model.definitions.removeAll { $0.symbol == variable.symbol && $0.instance == time }
      model.definitions.append(
        Definition(symbol: variable.symbol, instance: time, body: value))
    }
  }
}

extension Formula {
  /// The v and the i of `v_i`.
  fileprivate var bearer: (name: String, letter: String)? {
    guard case .scripts(let base, let below?, nil, 0) = kind, let name = base.identifier,
      let letter = below.identifier, letter.isPlain(letter.name)
    else { return nil }
    return (name.latex, letter.name)
  }

  /// The name transposed with the mark of another.
  fileprivate func transposed(as other: Formula) -> Formula {
    guard case .scripts(let base, let below, _, 0) = kind,
      case .scripts(_, _, let mark, _) = other.kind
    else { return self }
    return Formula(.scripts(base, below: below, above: mark, primes: 0), span)
  }

  func isSpelledLike(_ other: Formula) -> Bool { spelled == other.spelled }
}

extension Statement {
  /// Whether an assumption is a condition of other claims of the sentence alone.
  fileprivate func isGiven(besides claim: Statement) -> Bool {
    !givenTo.isEmpty && block == claim.block && sentence == claim.sentence
      && !givenTo.contains(claim.index)
  }
}
