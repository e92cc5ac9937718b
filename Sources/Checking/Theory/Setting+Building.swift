import Documents
import Expressions
import Notation

extension Setting {
  /// Builds the model that a builder has chosen: definitions become expressions, shapes are solved.
  static func building(
    _ builder: SettingBuilder, page: inout Page, in workspace: inout Workspace
  ) -> Setting {
    var assembly = Assembly(builder, page: page)
    assembly.elaborate(in: &workspace)
    assembly.addOpaques(in: &workspace)
    assembly.nameParts(in: &workspace)
    assembly.solveShapes(in: &workspace)
    assembly.findStates(in: workspace)
    page.notation = assembly.notation
    assembly.fixSizes(in: workspace)
    assembly.setting.endWithLoss(in: workspace)
    return assembly.setting
  }
}

/// A model under construction.
struct Assembly {
  let builder: SettingBuilder
  let page: Page
  var notation: PageNotation
  var setting: Setting
  let step: String
  private var stepSymbol: TimeSymbol?

  init(_ builder: SettingBuilder, page: Page) {
    self.builder = builder
    self.page = page
    notation = page.notation
    step = "t"
    setting = Setting(
      model: Model(), table: SymbolTable(), definitions: builder.chosen, opaque: [], detached: [],
      repairs: [], isScalar: page.isScalar, statements: [])
  }

  func elaborator() -> Elaborator {
    var elaborator = Elaborator(page: notation, table: setting.table, layout: .numerator)
    elaborator.position = builder.position
    return elaborator
  }

  mutating func keep(_ elaborator: Elaborator) {
    notation.times = elaborator.page.times
    notation.dimensions = elaborator.page.dimensions
    setting.table = elaborator.table
  }

  mutating func formalStep(in workspace: inout Workspace) -> TimeSymbol {
    if let stepSymbol { return stepSymbol }
    let symbol = workspace.time(named: step)
    stepSymbol = symbol
    return symbol
  }

  // MARK: Definitions

  mutating func elaborate(in workspace: inout Workspace) {
    for i in builder.chosen {
      let definition = page.definitions[i]
      var elaborator = self.elaborator()
      elaborator.openRange = elaborator.range(page.summedRange, in: &workspace)
      let (left, right): (Written, Written)
      do throws(Unreadable) {
        try elaborator.count(definition.entries, in: &workspace)
        right = try elaborator.elaborate(definition.right, in: &workspace)
        left = try elaborator.elaborate(definition.left, in: &workspace)
      } catch {
        setting.unread.append((definition.statement, error))
        continue
      }
      guard let variable = workspace.namedVariable(of: left.expression) else { continue }
      var body = right.expression
      if let block = definition.block {
        body = elaborator.blocks(block.count, of: body, in: &workspace)[block.place]
      }
      if case .entry(_, let indices) = workspace[left.expression] {
        var labels: [IndexSymbol] = []
        for index in indices { if case .label(let label) = index { labels.append(label) } }
        body = workspace.expression(.tabulate(labels, body))
      }
      keep(elaborator)
      if !setting.statements.contains(where: { $0.symbol == variable.symbol }) {
        setting.statements.append((variable.symbol, definition.statement))
      }
      add(variable, body, definition.range, in: &workspace)
    }
    generalizeInstances(in: &workspace)
    generalizeParts(in: &workspace)
    generalizeLoss(in: &workspace)
    startAfterInstances()
    startBehindStates(in: workspace)
    boundByInputs(in: &workspace)
    endBeforeGiven(in: &workspace)
  }

  /// A recurrence beside an equation for its first state starts right after it.
  private mutating func startAfterInstances() {
    for i in setting.model.definitions.indices {
      let definition = setting.model.definitions[i]
      guard definition.time != nil, definition.from == nil else { continue }
      let times = setting.model.instances(of: definition.symbol).compactMap { $0.instance?.literal }
      if let last = times.max() { setting.model.definitions[i].from = Time(last + 1) }
    }
  }

  /// What is computed from states alone that have a first step begins where these exist: with h_0 given,
  /// `z_t = W h_{t-1}` begins at z_1.
  private mutating func startBehindStates(in workspace: borrowing Workspace) {
    /// The first steps of families; nil: without one.
    var firsts: [(symbol: Symbol, step: Int?)] = []
    for definition in setting.model.definitions where definition.time != nil {
      let steps = setting.model.instances(of: definition.symbol).compactMap {
        $0.instance?.literal
      }
      if let first = steps.min(), !firsts.contains(where: { $0.symbol == definition.symbol }) {
        firsts.append((definition.symbol, first))
      }
    }
    if firsts.isEmpty { return }
    var open = setting.model.definitions.indices.filter {
      setting.model.definitions[$0].time != nil && setting.model.definitions[$0].from == nil
    }
    while true {
      let known = firsts.count
      open.removeAll { i in
        let definition = setting.model.definitions[i]
        var first: Int?
        for read in workspace.variables(in: definition.body)
        where setting.model.computes(read.symbol) && read.time != nil {
          guard read.symbol != definition.symbol, let time = read.time,
            time.symbol == definition.time,
            let own = firsts.first(where: { $0.symbol == read.symbol })
          else { return false }
          if let step = own.step { first = max(first ?? .min, step - time.constant) }
        }
        firsts.append((definition.symbol, first))
        if let first { setting.model.definitions[i].from = Time(first) }
        return true
      }
      if firsts.count == known { return }
    }
  }

  /// An equation without a range of its own holds where the listed inputs that it reads are.
  private mutating func boundByInputs(in workspace: inout Workspace) {
    var bounds: [(symbol: Symbol, from: Time?, through: Time?)] = []
    for key in setting.table.keys {
      guard let symbol = setting.table[key], !setting.model.computes(symbol),
        let steps = page.shapeDeclaration(of: key, at: builder.position)?.steps
      else { continue }
      var elaborator = self.elaborator()
      bounds.append(
        (
          symbol, elaborator.time(steps.from, in: &workspace),
          elaborator.time(steps.through, in: &workspace)
        ))
      keep(elaborator)
    }
    bounds += summedBounds(in: workspace)
    if bounds.isEmpty { return }
    for i in setting.model.definitions.indices {
      if let bound = bounds.first(where: { $0.symbol == setting.model.definitions[i].symbol }),
        setting.model.definitions[i].time != nil, setting.model.definitions[i].from == nil,
        setting.model.definitions[i].through == nil
      {
        setting.model.definitions[i].from = bound.from
        setting.model.definitions[i].through = bound.through
      }
      guard let formal = setting.model.definitions[i].time else { continue }
      for variable in workspace.variables(in: setting.model.definitions[i].body) {
        guard let time = variable.time, time.symbol == formal,
          let bound = bounds.first(where: { $0.symbol == variable.symbol })
        else { continue }
        if setting.model.definitions[i].from == nil, let from = bound.from {
          setting.model.definitions[i].from = from - time.constant
        }
        if setting.model.definitions[i].through == nil, let through = bound.through {
          setting.model.definitions[i].through = through - time.constant
        }
      }
      let own = setting.model.definitions[i]
      if !isReadAtOtherSteps(own.symbol, in: workspace) {
        bounds.append((own.symbol, own.from, own.through))
      }
    }
  }

  /// Members that a sum runs over are those of the sum: `Z = \sum_{k=1}^K e^{s_k}`.
  private func summedBounds(
    in workspace: borrowing Workspace
  ) -> [(symbol: Symbol, from: Time?, through: Time?)] {
    var found: [(symbol: Symbol, from: Time?, through: Time?)] = []
    for definition in setting.model.definitions where definition.time == nil {
      workspace.visit(definition.body) { _, node in
        guard case .timeSum(let letter, let from, let through, let body) = node else { return }
        for read in workspace.variables(in: body)
        where read.time == Time(letter)
          && page.notation.lexicon.summedMembers.contains(workspace[read.symbol].name)
        {
          if let i = found.firstIndex(where: { $0.symbol == read.symbol }) {
            if found[i].from != from || found[i].through != through {
              found[i] = (read.symbol, nil, nil)
            }
          } else {
            found.append((read.symbol, from, through))
          }
        }
      }
    }
    return found
  }

  private func isReadAtOtherSteps(_ symbol: Symbol, in workspace: borrowing Workspace) -> Bool {
    setting.model.definitions.contains { definition in
      workspace.variables(in: definition.body).contains { variable in
        guard variable.symbol == symbol, let time = variable.time else { return false }
        return time.symbol == definition.time && time.constant != 0
      }
    }
  }

  /// Adds an equation, its body rewritten in the time of its own node.
  private mutating func add(
    _ variable: Variable, _ body: Expression, _ range: StatedRange?, in workspace: inout Workspace
  ) {
    guard let time = variable.time else {
      setting.model.definitions.append(Definition(symbol: variable.symbol, body: body))
      return
    }
    guard let letter = time.symbol else {
      setting.model.definitions.append(
        Definition(symbol: variable.symbol, instance: time, body: body))
      return
    }
    let formal = formalStep(in: &workspace)
    let shift = time.constant
    var definition = Definition(symbol: variable.symbol, time: formal, body: body)
    definition.body = workspace.substituting(letter, by: Time(formal, plus: -shift), in: body)
    if let range, page.notation.written(range.letter) == workspace.name(of: letter) {
      var elaborator = self.elaborator()
      definition.from = elaborator.time(range.from, in: &workspace) + shift
      definition.through = elaborator.time(range.through, in: &workspace) + shift
      keep(elaborator)
    }
    setting.model.definitions.append(definition)
  }

  /// `S_1 = …`, `S_2 = …` of one form are one equation.
  private mutating func generalizeInstances(in workspace: inout Workspace) {
    let definitions = setting.model.definitions
    var done: [Symbol] = []
    for definition in definitions where definition.instance != nil {
      let symbol = definition.symbol
      guard !done.contains(symbol), setting.model.definition(of: symbol) == nil else { continue }
      done.append(symbol)
      let formal = formalStep(in: &workspace)
      var forms: [(time: Int, body: Expression)] = []
      for instance in setting.model.instances(of: symbol) {
        guard let at = instance.instance?.literal else { continue }
        guard let body = generalized(instance, in: &workspace) else { continue }
        forms.append((at, body))
      }
      var best: (body: Expression, times: [Int])?
      for form in forms {
        let times = forms.filter { $0.body == form.body }.map { $0.time }.sorted()
        if times.count >= 2, times.count > (best?.times.count ?? 0) { best = (form.body, times) }
      }
      guard let best, let first = best.times.first, let last = best.times.last,
        !forms.contains(where: {
          first < $0.time && $0.time < last && !best.times.contains($0.time)
        })
      else { continue }
      let place = setting.model.definitions.firstIndex { $0.symbol == symbol } ?? 0
      setting.model.definitions.removeAll {
        $0.symbol == symbol && $0.instance?.literal.map { best.times.contains($0) } == true
      }
      setting.model.definitions.insert(
        Definition(
          symbol: symbol, time: formal, from: Time(first),
          through: builder.goesOn(workspace[symbol].name) ? nil : Time(last), body: best.body),
        at: min(place, setting.model.definitions.count))
    }
  }

  /// The body of an equation of one step, in the formal step.
  private mutating func generalized(
    _ instance: Definition, in workspace: inout Workspace
  ) -> Expression? {
    guard let at = instance.instance?.literal else { return nil }
    let formal = formalStep(in: &workspace)
    return workspace.mappingTimes(instance.body) { time in
      time.terms.isEmpty ? Time(formal, plus: time.constant - at) : time
    }
  }

  /// `\theta_3 = W s_2 + U x_3`, a part of the equation of s at its third step, names that part at
  /// every step.
  private mutating func generalizeParts(in workspace: inout Workspace) {
    for i in setting.model.definitions.indices {
      let part = setting.model.definitions[i]
      guard setting.model.definition(of: part.symbol) == nil,
        setting.model.instances(of: part.symbol).count == 1,
        let body = generalized(part, in: &workspace)
      else { continue }
      let whole = setting.model.definitions.first { other in
        guard other.time != nil, other.symbol != part.symbol, other.body != body else {
          return false
        }
        var contains = false
        workspace.visit(other.body) { expression, _ in contains = contains || expression == body }
        return contains
      }
      guard let whole else { continue }
      setting.model.definitions[i] = Definition(
        symbol: part.symbol, time: whole.time, from: whole.from, through: whole.through,
        body: body)
    }
  }

  /// `L_3 = ½(y_3 − o_3)²` is the loss of every step where the claim takes that of another.
  private mutating func generalizeLoss(in workspace: inout Workspace) {
    for i in setting.model.definitions.indices {
      let loss = setting.model.definitions[i]
      guard let at = loss.instance?.literal, let key = setting.table.key(of: loss.symbol),
        key.isLossLike, builder.goesOn(key.name),
        setting.model.definition(of: loss.symbol) == nil,
        setting.model.instances(of: loss.symbol).count == 1
      else { continue }
      let times = workspace.variables(in: loss.body).compactMap { $0.time }
      guard !times.isEmpty, times.allSatisfy({ $0 == Time(at) }),
        let body = generalized(loss, in: &workspace)
      else { continue }
      setting.model.definitions[i] = Definition(
        symbol: loss.symbol, time: formalStep(in: &workspace), body: body)
    }
  }

  // MARK: Parts of equations that have a name

  /// A name given to a part of another equation of the same step is that part.
  mutating func nameParts(in workspace: inout Workspace) {
    for (i, part) in setting.model.definitions.enumerated() where part.instance == nil {
      switch workspace[part.body] {
      case .variable, .number, .opaque: continue
      default: break
      }
      let node = workspace.variable(part.symbol, at: part.time.map { Time($0) })
      for j in setting.model.definitions.indices where j != i {
        let other = setting.model.definitions[j]
        guard other.body != part.body, other.instance == nil || part.time == nil else { continue }
        setting.model.definitions[j].body = workspace.replacing(
          part.body, by: node, in: other.body)
      }
    }
  }

  /// The sizes that the model's own names have: claims cannot change them, but for those that only
  /// unknown functions have.
  mutating func fixSizes(in workspace: borrowing Workspace) {
    var shaped: Set<Symbol> = []
    for definition in setting.model.definitions where !setting.opaque.contains(definition.symbol) {
      shaped.insert(definition.symbol)
      for variable in workspace.variables(in: definition.body) { shaped.insert(variable.symbol) }
    }
    for key in setting.table.keys {
      guard let symbol = setting.table[key] else { continue }
      guard shaped.contains(symbol) || page.shapeDeclaration(of: key, at: builder.position) != nil
      else {
        setting.unsized.append(symbol)
        continue
      }
      for dimension in workspace[symbol].shape.dimensions {
        for name in dimension.symbols { setting.sizes.insert(name) }
      }
    }
  }

  mutating func findStates(in workspace: borrowing Workspace) {
    for definition in setting.model.definitions {
      for variable in workspace.variables(in: definition.body) {
        guard let time = variable.time, setting.model.computes(variable.symbol),
          !setting.stateSymbols.contains(variable.symbol), let formal = definition.time,
          time.symbol == formal, time.constant != 0
        else { continue }
        setting.stateSymbols.append(variable.symbol)
      }
    }
  }

  // MARK: Shapes

  mutating func solveShapes(in workspace: inout Workspace) {
    var solver = ShapeSolver(
      page: page, position: builder.position, table: setting.table, model: setting.model,
      chosen: builder.chosen,
      rigid: Set(notation.dimensions.map { $0.symbol }), isScalar: page.isScalar,
      scalars: setting.table.keys.filter { builder.isScalar($0) && !isComputedTensor($0) })
    let solution = solver.solve(in: &workspace)
    setting.detached = solution.detached
    setting.mismatch = solution.mismatch.map { failure in
      (
        failure.mismatch,
        setting.statements.first {
          $0.symbol == setting.model.definitions[failure.definition].symbol
        }?.statement ?? -1
      )
    }
    setting.isScalar = setting.isScalar || solution.isScalar
    for repair in solution.repairs {
      let definition = setting.model.definitions[repair.definition]
      let statement =
        setting.statements.first { $0.symbol == definition.symbol }?.statement ?? -1
      setting.repairs.append(
        Setting.Repair(statement: statement, old: repair.old, new: repair.new))
      setting.model.definitions[repair.definition].body = repair.body
      setting.table.insert(repair.key, repair.symbol)
    }
    solution.inference.commit(
      symbols: setting.table.keys.compactMap { setting.table[$0] },
      occurringIn: setting.model.definitions.map { $0.body }, to: &workspace)
    for i in setting.model.definitions.indices {
      let body = solution.inference.resolving(
        setting.model.definitions[i].body, in: &workspace)
      setting.model.definitions[i].body = workspace.settlingShapes(body)
    }
    for symbol in setting.opaque {
      for definition in setting.model.definitions where definition.symbol == symbol {
        if case .opaque(let function, _, _) = workspace[definition.body] {
          workspace[function].shape = workspace[symbol].shape
        }
      }
    }
    for key in setting.table.keys {
      guard let symbol = setting.table[key] else { continue }
      workspace[symbol].properties.formUnion(
        page.properties(of: key, at: builder.position))
    }
  }

  private func isComputedTensor(_ key: NameKey) -> Bool {
    page.definitions.contains { $0.key == key }
  }
}

extension Elaborator {
  mutating func symbolNamed(_ key: NameKey, in workspace: inout Workspace) -> Symbol {
    if let known = table[key] { return known }
    let symbol = workspace.symbol(
      SymbolRecord(name: key.name, shape: .scalar, isFamily: key.isFamily))
    table.insert(key, symbol)
    return symbol
  }
}
