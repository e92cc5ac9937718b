import Documents
import Expressions
import Notation

/// The nodes that no equation gives: unknown functions of what they depend on, and totals of losses.
extension Assembly {
  mutating func addOpaques(in workspace: inout Workspace) {
    for key in builder.opaqueKeys { addOpaque(key, in: &workspace) }
  }

  private mutating func addTotal(_ key: NameKey, in workspace: inout Workspace) {
    var elaborator = self.elaborator()
    let total = elaborator.symbolNamed(key, in: &workspace)
    let terms = elaborator.symbolNamed(NameKey(key.name, isFamily: true), in: &workspace)
    let own = setting.model.definition(of: terms)
    let stated = elaborator.range(page.summedRange, in: &workspace)
    keep(elaborator)
    workspace[total].properties.insert(.loss)
    let letter = workspace.time(named: "s")
    setting.model.definitions.append(
      Definition(
        symbol: total,
        body: workspace.expression(
          .timeSum(
            letter, from: own?.from ?? stated.from, through: own?.through ?? stated.through,
            workspace.variable(terms, at: Time(letter))))))
    setting.supposedTotals.append(key)
  }

  private mutating func addOpaque(_ key: NameKey, in workspace: inout Workspace) {
    if builder.isTotal(key) { return addTotal(key, in: &workspace) }
    var elaborator = self.elaborator()
    let symbol = elaborator.symbolNamed(key, in: &workspace)
    keep(elaborator)
    let isScalar = builder.isScalar(key)
    if isScalar { workspace[symbol].properties.insert(.loss) }
    let stated = builder.dependence(of: key)
    let function = workspace.opaque(
      OpaqueRecord(name: key.name, shape: isScalar ? .scalar : workspace[symbol].shape))
    let formal = formalStep(in: &workspace)
    var arguments: [Expression] = []
    var range: StatedRange?
    for (name, time) in builder.arguments(of: key) {
      var elaborator = self.elaborator()
      let argument = elaborator.symbolNamed(name, in: &workspace)
      var at: Time?
      if name.isFamily {
        if let time {
          at = elaborator.time(time, in: &workspace)
          if key.isFamily, let own = stated?.time, let letter = own.soleLetter {
            let letterSymbol = elaborator.timeSymbol(letter, in: &workspace)
            at = at?.substituting(letterSymbol, by: Time(formal, plus: -own.constant))
          } else if key.isFamily, stated?.time == nil {
            at = Time(formal, plus: time.constant)
          }
        } else {
          at = nil
        }
      }
      keep(elaborator)
      if name.isFamily, !key.isFamily {
        if let step = key.numericLabel, time?.isLiteral != true {
          at = Time(step)
        } else if stated?.onAllTimes == true || time == nil || isRunning(time) {
          let run = time == nil ? stated?.runs.first { $0.key == name } : nil
          arguments.append(
            overAllTimes(
              argument, function, run.map { ($0.from, $0.through) }, in: &workspace))
          continue
        }
      }
      arguments.append(workspace.variable(argument, at: at ?? (name.isFamily ? Time(formal) : nil)))
    }
    if let own = stated?.time?.soleLetter {
      range = page.ranges.last { $0.letter == own }
    }
    setting.opaque.append(symbol)
    if stated == nil {
      if page.isCircular(key) { setting.isCircular = true }
      if builder.mayBeTotal(key) { setting.isAmbiguous = true }
      if page.hasTwoWays(key) { setting.ambiguous.append(function) }
    }
    if let literal = stated?.time, literal.isLiteral, key.isFamily {
      var elaborator = self.elaborator()
      let at = elaborator.time(literal, in: &workspace)
      setting.model.definitions.append(
        Definition(
          symbol: symbol, instance: at,
          body: workspace.expression(.opaque(function, at: at, arguments))))
      return
    }
    if !key.isFamily, let only = arguments.first, arguments.count == 1,
      case .timeSum = workspace[only]
    {
      setting.model.definitions.append(Definition(symbol: symbol, body: only))
      return
    }
    var definition = Definition(
      symbol: symbol, time: key.isFamily ? formal : nil,
      body: workspace.expression(
        .opaque(function, at: key.isFamily ? Time(formal) : nil, arguments)))
    if key.isFamily {
      if let summed = summedRange(of: symbol, in: workspace) {
        definition.from = summed.from
        definition.through = summed.through
      } else if let range {
        var elaborator = self.elaborator()
        definition.from = elaborator.time(range.from, in: &workspace)
        definition.through = elaborator.time(range.through, in: &workspace)
        keep(elaborator)
      } else {
        (definition.from, definition.through) = argumentRange(arguments, formal, in: workspace)
      }
    }
    setting.model.definitions.append(definition)
  }

  /// Whether a time is a letter that runs (t), not the fixed end of a range (T, N).
  private func isRunning(_ time: AffineLetters?) -> Bool {
    guard let time else { return false }
    return time.terms.contains { term in
      page.ranges.contains { $0.letter == term.letter }
        || page.definitions.contains { $0.time?.soleLetter == term.letter }
        || page.notation.lexicon.timeLetters.first == term.letter
    }
  }

  /// Without a range of its own an unknown function is there where its arguments are computed.
  private func argumentRange(
    _ arguments: [Expression], _ formal: TimeSymbol, in workspace: borrowing Workspace
  ) -> (from: Time?, through: Time?) {
    for argument in arguments {
      guard case .variable(let variable) = workspace[argument], variable.time == Time(formal),
        let own = setting.model.definition(of: variable.symbol)
      else { continue }
      let first = setting.model.instances(of: variable.symbol).compactMap { $0.instance?.literal }
        .min()
      return (first.map { Time($0) } ?? own.from, own.through)
    }
    return (nil, nil)
  }

  /// The times over which the page sums a family.
  private func summedRange(
    of symbol: Symbol, in workspace: borrowing Workspace
  ) -> (from: Time, through: Time)? {
    var found: (from: Time, through: Time)?
    for definition in setting.model.definitions {
      workspace.visit(definition.body) { _, node in
        guard case .timeSum(let letter, let from, let through, let body) = node,
          case .variable(let variable) = workspace[body], variable.symbol == symbol,
          variable.time == Time(letter)
        else { return }
        found = (from, through)
      }
    }
    return found
  }

  /// A function of the nodes of all times: first derivatives see no more of it than a sum of
  /// functions, one a step, each unknown.
  private mutating func overAllTimes(
    _ argument: Symbol, _ function: OpaqueFunction,
    _ run: (from: AffineLetters, through: AffineLetters)?, in workspace: inout Workspace
  ) -> Expression {
    let definition = setting.model.definition(of: argument)
    var elaborator = self.elaborator()
    var from = definition?.from ?? Time(1)
    var through =
      definition?.through
      ?? Time(elaborator.timeSymbol("T", in: &workspace))
    if let run {
      from = elaborator.time(run.from, in: &workspace)
      through = elaborator.time(run.through, in: &workspace)
    }
    keep(elaborator)
    let letter = workspace.time(named: "s")
    let node = workspace.variable(argument, at: Time(letter))
    return workspace.expression(
      .timeSum(
        letter, from: from, through: through,
        workspace.expression(.opaque(function, at: Time(letter), [node]))))
  }
}
