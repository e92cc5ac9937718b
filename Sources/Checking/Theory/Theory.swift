import Documents
import Expressions
import Notation

/// A claim ready to be judged: both sides as expressions of one model, and the times for which it
/// is claimed.
package struct Claim: Sendable {
  package var statement: Int
  package var setting: Int
  package var left: Written
  package var right: Written
  package var sign: Formula.RelationSign
  package var layout: Layout
  /// One conjunction of times ≥ 0 for each case; the claim is made in all of them.
  package var domains: [[Time]]
  /// Names that nothing declares, computes or uses elsewhere.
  package var strangers: [Symbol]
  /// What is assumed here.
  package var assumptions: [Premise]
  /// A space, if the claim is a membership.
  package var space: Shape?
  /// The interval, if the claim is that all entries lie in one.
  package var interval: ClaimedInterval?
  /// Whether the claim is that the left side grows beyond all bounds.
  package var diverges = false
  package var shapes: ShapeInference
  package var freeLabels: [IndexSymbol]
  package var isElided: Bool
  /// Whether its derivatives with ∂ are immediate, as d stands beside them for the same.
  package var marksPartials = false
}

/// Between which numbers a claim says that something lies; nil for an end at infinity.
package struct ClaimedInterval: Hashable, Sendable {
  package var lower: Expression?
  package var upper: Expression?
  package var lowerIsClosed: Bool
  package var upperIsClosed: Bool
}

/// An assumption of the page as it bears on a claim.
package struct Premise: Sendable {
  package enum Content: Sendable {
    /// An integer or a size is fixed: `T = 3`.
    case time(TimeSymbol, Time)
    case size(DimensionSymbol, Dimension)
    /// About a computed node: its definition is replaced.
    case pinned(Variable, Expression)
    /// About an input or a parameter: the points are restricted.
    case value(Variable, Expression)
    /// A relation that points must satisfy.
    case condition(Expression, Formula.RelationSign, Expression)
  }
  package var content: Content
  package var statement: Int
  /// Whether a condition on one step holds at all of them.
  package var isOfAllSteps = false
}

/// A page's models and claims.
package struct Theory: Sendable {
  package var page: Page
  package private(set) var settings: [Setting] = []
  private var known: [SettingRequest: Int] = [:]
  /// The names that nothing explains, of all statements that were read.
  private var strangers: Set<Symbol> = []
  /// The symbols that claims and assumptions brought in, with the properties that they had there.
  private var given: Set<Symbol> = []
  /// Where the page's sums over time begin, each with what the relation it stands in speaks of.
  private var sumStarts: [(first: Int, definitions: [Int], opaqueKeys: [NameKey])] = []

  package init(_ page: Page) {
    self.page = page
    for (first, statement) in page.sumStarts where page.statements.indices.contains(statement) {
      let builder = builder(for: page.statements[statement])
      sumStarts.append((first, builder.chosen, builder.opaqueKeys))
    }
  }

  package subscript(setting: Int) -> Setting { settings[setting] }

  // MARK: Claims

  /// The claim that a statement makes under a layout.
  package mutating func claim(
    _ statement: Statement, layout: Layout, in workspace: inout Workspace
  ) throws(Unreadable) -> Claim {
    if let problem = statement.problem { throw problem }
    let setting = self.setting(for: statement, in: &workspace)
    // What has other properties here than where it was met before is another symbol.
    for key in statement.names {
      guard let symbol = settings[setting].table[key], given.contains(symbol),
        workspace[symbol].properties != page.properties(of: key, at: statement.index)
      else { continue }
      settings[setting].table.remove(key)
    }
    var elaborator = Elaborator(
      page: page.notation, table: settings[setting].table, layout: layout)
    elaborator.openRange =
      (page.ranges.isEmpty ? settings[setting].lossRange(in: workspace) : nil)
      ?? elaborator.range(page.summedRange, in: &workspace)
    elaborator.knowsShapes = true
    elaborator.setsTotalsApart =
      statement.left.writesTotals && statement.right.writesPartials
      || statement.right.writesTotals
        && (statement.left.writesPartials || statement.right.writesPartials)
    elaborator.position = statement.index
    elaborator.looksAhead = page.derivatives.contains { derivative in
      guard derivative.statement == statement.index,
        let chain = settings[setting].table[derivative.numerator]
      else { return false }
      return settings[setting].model.direction(from: chain, to: chain, in: workspace) == .future
    }
    elaborator.held = heldSymbols(statement, setting, in: workspace)
    elaborator.heldBefore = statement.heldBefore.compactMap { settings[setting].table[$0] }
    var left = try elaborator.elaborate(statement.left, in: &workspace)
    var right: Written
    var space: Shape?
    var interval: ClaimedInterval?
    if statement.sign == .elementOf, let written = Space(statement.right), written.isWhole {
      var dimensions: [Dimension] = []
      for factor in written.factors {
        dimensions.append(elaborator.page.dimension(of: factor, in: &workspace))
      }
      space = Shape(dimensions).canonical
      right = Written(left.expression, statement.right.span)
    } else if statement.sign == .elementOf, let written = RealInterval(statement.right) {
      interval = try elaborator.elaborate(written, in: &workspace)
      right = Written(left.expression, statement.right.span)
    } else if statement.sign == .arrow, statement.right.isInfinity {
      right = Written(left.expression, statement.right.span)
    } else {
      right = try elaborator.elaborate(statement.right, in: &workspace)
    }
    let (plainLeft, plainRight) = (left.expression, right.expression)
    if elaborator.setsTotalsApart {
      workspace.markPartials(&left.expression, &right.expression)
    }
    page.notation.times = elaborator.page.times
    page.notation.dimensions = elaborator.page.dimensions
    let introduced = elaborator.introduced
    settings[setting].table = elaborator.table
    var strangers: [Symbol] = []
    let shapes = ShapeInference(rigid: Set(page.notation.dimensions.map { $0.symbol }))
    for key in introduced {
      guard let symbol = elaborator.table[key] else { continue }
      give(symbol, key, at: statement.index, in: &workspace)
    }
    giveNumbers(introduced, (left, right), setting, statement, in: &workspace)
    // Read again, or in a later line, they are found in the table.
    // What a relation says of one name alone it says of any value.
    for key in introduced + statement.names
    where isStranger(key, statement) && (statement.names.count > 1 || !statement.sign.isOrder) {
      guard let symbol = elaborator.table[key], !strangers.contains(symbol),
        introduced.contains(key) || self.strangers.contains(symbol),
        !isOnBothSides(symbol, left, right, workspace)
      else { continue }
      strangers.append(symbol)
      self.strangers.insert(symbol)
    }
    for key in statement.names where page.unread.contains(key) && isStranger(key, statement) {
      guard let symbol = elaborator.table[key], !strangers.contains(symbol) else { continue }
      strangers.append(symbol)
    }
    var claim = Claim(
      statement: statement.index, setting: setting, left: left, right: right,
      sign: statement.sign, layout: layout, domains: [], strangers: strangers, assumptions: [],
      space: space, interval: interval, shapes: shapes, freeLabels: elaborator.freeLabels,
      isElided: elaborator.elidedCount > 0)
    claim.diverges = statement.sign == .arrow && statement.right.isInfinity
    claim.marksPartials = left.expression != plainLeft || right.expression != plainRight
    claim.domains = domains(of: claim, statement, in: &workspace)
    return claim
  }

  /// What an identity speaks of on both sides is no misprint of something else.
  private func isOnBothSides(
    _ symbol: Symbol, _ left: Written, _ right: Written, _ workspace: borrowing Workspace
  ) -> Bool {
    [left, right].allSatisfy { side in
      workspace.variables(in: side.expression).contains { $0.symbol == symbol }
    }
  }

  private func heldSymbols(
    _ statement: Statement, _ setting: Int, in workspace: borrowing Workspace
  ) -> [Symbol] {
    var held = statement.held.compactMap { settings[setting].table[$0] }
    if statement.holdsAllGates {
      for definition in settings[setting].model.definitions
      where !settings[setting].isState(definition.symbol) && !held.contains(definition.symbol)
        && definition.time != nil && !settings[setting].opaque.contains(definition.symbol)
        && (statement.holdsCandidates || workspace.isLogistic(definition.body))
      {
        held.append(definition.symbol)
      }
    }
    // What is held is not held in its own derivative.
    let numerators = page.derivatives.filter { $0.statement == statement.index }
      .compactMap { settings[setting].table[$0.numerator] }
    if !numerators.isEmpty, numerators.allSatisfy({ held.contains($0) }),
      !statement.left.isZero, !statement.right.isZero
    {
      held.removeAll { numerators.contains($0) }
    }
    return held
  }

  /// Gives a name that only claims mention its shape: what is declared, else what custom says.
  mutating func give(
    _ symbol: Symbol, _ key: NameKey, at position: Int, in workspace: inout Workspace
  ) {
    if page.isScalar { return }
    given.insert(symbol)
    workspace[symbol].properties.formUnion(page.properties(of: key, at: position))
    if let shape = page.shapeDeclaration(of: key, at: position)?.shape {
      workspace[symbol].shape = shape
      return
    }
    if page.scalars.contains(key) || page.notation.loss == key { return }
    let n = Dimension(workspace.freshSize())
    if key.isMatrixLike, !key.isFamily, workspace[symbol].properties.areOfSquares {
      workspace[symbol].shape = .matrix(n, n)
    } else if key.isMatrixLike, !key.isFamily, !page.isNumberedNode(key) {
      workspace[symbol].shape = .matrix(Dimension(workspace.freshSize()), n)
    } else if page.scalarNames(key) {
      return
    } else {
      workspace[symbol].shape = .vector(n)
    }
  }

  /// Whether nothing declares, computes or uses the name elsewhere.
  func isStranger(_ key: NameKey, _ statement: Statement) -> Bool {
    if page.declarations.contains(where: { $0.key == key }) { return false }
    if page.definitions.contains(where: { $0.key == key || $0.names.contains(key) }) {
      return false
    }
    // What a function of the page is computed from is known by it, the c of `f(x) = b^\top x + c`.
    let isPartOfFunction = page.notation.functions.contains { function in
      var isRead = false
      function.body.visit { isRead = isRead || $0.identifier?.latex == key.name }
      return isRead
    }
    if isPartOfFunction { return false }
    if page.dependences.contains(where: { $0.key == key }) || page.scalars.contains(key)
      || page.given.contains(where: { $0.key == key })
    {
      return false
    }
    return !page.statements.contains {
      $0.names.contains(key) && $0.role == .assumption
    }
  }

  /// Sizes that a claim cannot bind: those that the page names and those of the model.
  func rigidSizes(_ setting: Int) -> Set<DimensionSymbol> {
    settings[setting].sizes.union(page.notation.dimensions.map { $0.symbol })
  }

  // MARK: Settings

  /// The least number at which a sum over time begins that speaks of one of these states.
  func firstSum(over states: [Symbol], _ setting: Setting) -> Int? {
    let keys = states.compactMap { setting.table.key(of: $0) }
    let own = setting.definitions.filter { keys.contains(page.definitions[$0].key) }
    let opaque = keys.filter { key in !own.contains { page.definitions[$0].key == key } }
    return sumStarts.filter { sum in
      sum.definitions.contains { own.contains($0) }
        || sum.opaqueKeys.contains { opaque.contains($0) }
    }.map { $0.first }.min()
  }

  /// The definitions that a statement's names reach.
  private func builder(for statement: Statement) -> SettingBuilder {
    var numerators: [NameKey] = []
    for derivative in page.derivatives where derivative.statement == statement.index {
      if !numerators.contains(derivative.numerator) { numerators.append(derivative.numerator) }
    }
    var names = statement.names
    if let head = statement.head {
      // The members of a chain speak of one model.
      for other in page.statements where other.head == head || other.index == head {
        for key in other.names where !names.contains(key) { names.append(key) }
      }
    } else {
      for other in page.statements where other.head == statement.index {
        for key in other.names where !names.contains(key) { names.append(key) }
      }
    }
    if let loss = page.notation.loss, !page.notation.gradientMarks.isEmpty, !names.contains(loss) {
      names.append(loss)
    }
    var builder = SettingBuilder(
      page: page, position: statement.index, numerators: numerators)
    builder.collect(names)
    return builder
  }

  /// The model that a statement is judged in.
  package mutating func setting(
    for statement: Statement, in workspace: inout Workspace
  ) -> Int {
    let builder = builder(for: statement)
    let request = SettingRequest(
      definitions: builder.chosen, opaqueKeys: builder.opaqueKeys,
      said: said(of: builder.names, builder.chosen, at: statement.index), goingOn: builder.goingOn,
      functions: page.notation.functions.indices.filter { i in
        let function = page.notation.functions[i]
        return (function.isSupposed || function.end != nil)
          && function.start <= statement.index
          && function.end.map { statement.index < $0 } ?? true
      })
    if let known = known[request] { return known }
    var setting = Setting.building(builder, page: &page, in: &workspace)
    if !setting.isScalar, isOfOneUnit(builder, in: &workspace) {
      page.isScalar = true
      setting = Setting.building(builder, page: &page, in: &workspace)
      page.isScalar = false
    }
    settings.append(setting)
    known[request] = settings.count - 1
    return settings.count - 1
  }

  /// Whether the loss that the section computes from these nodes is one of numbers only.
  private mutating func isOfOneUnit(
    _ builder: SettingBuilder, in workspace: inout Workspace
  ) -> Bool {
    var wider = builder
    guard wider.collectLosses() else { return false }
    return Setting.building(wider, page: &page, in: &workspace).isScalar
  }

  /// What the page declares, where a statement stands, of all names that its model may hold.
  private func said(
    of names: [NameKey], _ definitions: [Int], at position: Int
  ) -> [SettingRequest.Said] {
    var keys = names
    for i in definitions {
      for key in [page.definitions[i].key] + page.definitions[i].names where !keys.contains(key) {
        keys.append(key)
      }
    }
    return keys.compactMap { key in
      let properties = page.properties(of: key, at: position)
      let declarations = page.declarations.filter { $0.key == key && $0.shape != nil }
      guard
        declarations.count > 1 || declarations.contains(where: { $0.isLocal })
          || !properties.isEmpty
      else { return nil }
      return SettingRequest.Said(
        key: key, properties: properties.rawValue,
        declaration: page.shapeDeclaration(of: key, at: position)?.statement)
    }
  }

  mutating func replaceTable(_ setting: Int, _ table: SymbolTable) {
    settings[setting].table = table
  }

  mutating func replace(_ setting: Int, with new: Setting) { settings[setting] = new }

  /// A copy of a setting with its own model.
  mutating func adding(_ setting: Setting) -> Int {
    settings.append(setting)
    return settings.count - 1
  }
}

extension Elaborator {
  mutating func elaborate(
    _ interval: RealInterval, in workspace: inout Workspace
  ) throws(Unreadable) -> ClaimedInterval {
    var ends: [Expression?] = []
    for end in [interval.lower, interval.upper] {
      if let end {
        ends.append(try elaborate(end, in: &workspace).expression)
      } else {
        ends.append(nil)
      }
    }
    return ClaimedInterval(
      lower: ends[0], upper: ends[1], lowerIsClosed: interval.lowerIsClosed,
      upperIsClosed: interval.upperIsClosed)
  }
}

extension Formula {
  fileprivate var isZero: Bool { kind == .number("0") }
}

extension Setting {
  /// Whether the family is read at another time than its own.
  func isState(_ symbol: Symbol) -> Bool { states.contains(symbol) }

  var states: [Symbol] { stateSymbols }
}

extension Workspace {
  /// Where a line writes one derivative with d and with ∂, those with ∂ are immediate: nobody writes two
  /// signs for one thing.
  fileprivate mutating func markPartials(_ left: inout Expression, _ right: inout Expression) {
    let derivatives = derivatives(in: left) + derivatives(in: right)
    let partials = derivatives.filter { partial in
      partial.intervention.mode == .total
        && derivatives.contains {
          $0.intervention.mode == .whole && $0.of == partial.of && $0.by == partial.by
        }
    }
    left = marking(.immediate, like: partials, in: left)
    right = marking(.immediate, like: partials, in: right)
  }
}

extension Workspace {
  fileprivate func isLogistic(_ expression: Expression) -> Bool {
    if case .apply(.sigmoid, 0, _) = self[expression] { return true } else { return false }
  }
}
