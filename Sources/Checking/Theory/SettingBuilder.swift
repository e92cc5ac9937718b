import Documents
import Expressions
import Notation

/// Collects the definitions that a claim's names reach, nearest above first, and gives them shapes.
struct SettingBuilder {
  let page: Page
  /// Where the claim stands.
  let position: Int
  /// What the claim differentiates though nothing computes it.
  private var numerators: [NameKey]

  /// What the claim names.
  private(set) var names: [NameKey] = []
  private(set) var chosen: [Int] = []
  private(set) var opaqueKeys: [NameKey] = []
  /// Undefined states that an unknown loss reads.
  private var states: Set<NameKey> = []
  /// Printed values that do not serve here.
  private var unused: Set<Int> = []

  init(page: Page, position: Int, numerators: [NameKey]) {
    self.page = page
    self.position = position
    self.numerators = numerators
  }

  // MARK: Choice of definitions

  /// The definitions that serve a name here.
  func definitions(of key: NameKey) -> [Int] {
    var general: [Int] = []
    var instances: [Int] = []
    for (i, definition) in page.definitions.enumerated()
    where definition.key == key && !unused.contains(i) && !isPoint(definition) {
      if definition.time?.isLiteral == true {
        if definition.statement <= position || isNear(definition.statement) { instances.append(i) }
      } else {
        general.append(i)
      }
    }
    guard !general.isEmpty else { return instances }
    let above = general.last { page.definitions[$0].statement <= position }
    // A definition behind a claim serves it only within its sentence ("…, where …").
    guard
      let main = above ?? general.first(where: { isNear(page.definitions[$0].statement) })
        ?? general.first(where: { isBelow(page.definitions[$0]) })
    else { return instances }
    // Steps that a later section writes one by one are computed there anew.
    let later = instances.filter {
      page.definitions[$0].section > page.definitions[main].section
        && page.definitions[$0].statement <= position
    }
    if let section = later.last.map({ page.definitions[$0].section }),
      page.definitions.contains(where: {
        $0.key == key && $0.section == section && ($0.time?.constant ?? 0) > 1
          && $0.time?.isLiteral == true
      })
    {
      return later
    }
    // Steps of a recurrence that an equation for all steps replaces are of another model.
    let replaced = instances.filter {
      page.definitions[$0].statement < page.definitions[main].statement
        && page.definitions[$0].names.contains(key)
    }
    if replaced.count > 1 { instances.removeAll { replaced.contains($0) } }
    // Instances belong to the version of the equation that they stand nearest to.
    if general.count > 1 {
      let place = general.firstIndex(of: main) ?? 0
      let start = place == 0 ? Int.min : page.definitions[general[place - 1]].statement
      let end =
        place + 1 < general.count ? page.definitions[general[place + 1]].statement : Int.max
      instances = instances.filter {
        let at = page.definitions[$0].statement
        return at > start && at < end
      }
    }
    return [main] + instances
  }

  /// Whether an equation says at what point something vanishes, where a claim differentiates.
  private func isPoint(_ definition: DefinitionStatement) -> Bool {
    guard definition.statement >= 0, definition.statement != position,
      page.statements.indices.contains(definition.statement),
      page.statements.indices.contains(position),
      page.statements[definition.statement].solved == definition.key
    else { return false }
    let own = page.statements[position]
    return own.isUpToFactor || own.differentiates
      || own.head.map { page.statements[$0].differentiates } ?? false
  }

  /// Whether an equation for any step stands further down in the section of a claim: a gate that a
  /// recurrence above reads is no input because the page computes it later.
  private func isBelow(_ definition: DefinitionStatement) -> Bool {
    page.statements.indices.contains(position) && definition.time != nil
      && definition.section == page.statements[position].section
      && page.definitions.contains { reader in
        reader.key != definition.key
          && reader.section == definition.section && reader.names.contains(definition.key)
          && reader.names.contains(reader.key)
      }
  }

  private func isNear(_ statement: Int) -> Bool {
    guard page.statements.indices.contains(statement), page.statements.indices.contains(position)
    else { return statement < 0 }
    let (own, other) = (page.statements[position], page.statements[statement])
    return own.block == other.block && own.sentence == other.sentence
  }

  /// Families of which the claim writes other steps than those that the page computes one by one.
  var goingOn: [String] {
    var names: [String] = []
    for i in chosen where page.definitions[i].time?.isLiteral == true {
      let name = page.definitions[i].key.name
      if !names.contains(name), goesOn(name) { names.append(name) }
    }
    return names
  }

  /// Whether the claim, or an equation of another name, writes the family at a running step or behind
  /// the last that is computed.
  func goesOn(_ name: String) -> Bool {
    guard page.statements.indices.contains(position) else { return false }
    let own = chosen.map { page.definitions[$0] }.filter { $0.key.name == name }
    guard let last = own.compactMap({ $0.time?.isLiteral == true ? $0.time?.constant : nil }).max()
    else { return false }
    var found = false
    let equations = chosen.filter { page.definitions[$0].key.name != name }
    for side in [page.statements[position].left, page.statements[position].right]
      + equations.map({ page.definitions[$0].right })
    {
      side.visit { part in
        guard case .scripts(let base, let below, let above, _) = part.kind,
          base.identifier?.latex == name, let script = below ?? above,
          let time = AffineLetters(script)
        else { return }
        found = found || !time.isLiteral || time.constant > last
      }
    }
    return found
  }

  mutating func collect(_ names: [NameKey]) {
    self.names = names
    reach(names)
    // What is said in letters of an equation holds for any value, one printed afterwards included.
    let values = printsNumbers ? [] : chosen.filter(isPrintedAfterwards)
    if !values.isEmpty {
      unused = Set(values)
      (chosen, opaqueKeys) = ([], [])
      reach(names)
    }
    chosen.sort()
    // A part of an equation that was named afterwards is a node of the same model.
    for i in page.definitions.indices where !chosen.contains(i) {
      let definition = page.definitions[i]
      guard !definition.names.isEmpty, definition.key.isFamily || definition.time == nil,
        self.definitions(of: definition.key).contains(i),
        names.contains(definition.key), !isOfAnotherModel(i, names)
      else { continue }
      chosen.append(i)
    }
  }

  /// Whether a chosen equation that stands above reads the name to which the value is given.
  private func isPrintedAfterwards(_ value: Int) -> Bool {
    let own = page.definitions[value]
    return own.isValue
      && chosen.contains {
        page.definitions[$0].names.contains(own.key)
          && page.definitions[$0].statement < own.statement
      }
  }

  /// Whether the claim's chain writes numbers out: matrices or decimals.
  private var printsNumbers: Bool {
    guard page.statements.indices.contains(position) else { return false }
    let head = page.statements[position].head ?? position
    var found = false
    for statement in page.statements where statement.index == head || statement.head == head {
      for side in [statement.left, statement.right] {
        side.visit { part in
          if case .number(let digits) = part.kind, digits.utf8.contains(46) { found = true }
          found = found || part.isPrintedMatrix
        }
      }
    }
    return found
  }

  private mutating func reach(_ names: [NameKey]) {
    var queue = names
    var seen: Set<NameKey> = []
    while !queue.isEmpty {
      let key = queue.removeFirst()
      guard seen.insert(key).inserted else { continue }
      if let gradient = page.notation.gradient(of: key, at: position) {
        queue += gradient.names
        if let numerator = gradient.numerator, !numerators.contains(numerator) {
          numerators.append(numerator)
          seen.remove(numerator)
        }
      }
      let own = definitions(of: key).filter { !isOfAnotherModel($0, names) }
      for i in own where !chosen.contains(i) {
        chosen.append(i)
        queue += page.definitions[i].names
      }
      if own.isEmpty, isOpaque(key) {
        if !opaqueKeys.contains(key) { opaqueKeys.append(key) }
        queue += arguments(of: key).map { $0.key }
        states.formUnion(stateArguments(of: key))
      }
    }
  }

  /// Whether a loss was computed in an earlier section from nodes that neither the claim names nor
  /// anything in the claim's own section reads or computes; or the claim links nodes alone to it that
  /// no equation speaks of.
  private func isOfAnotherModel(_ i: Int, _ names: [NameKey]) -> Bool {
    let loss = page.definitions[i]
    let isLast =
      !page.derivatives.contains { $0.denominator == loss.key }
      && !page.definitions.contains { $0.names.contains(loss.key) }
    if isLast, numerators.contains(loss.key), numerators.count > 2,
      names.allSatisfy({ name in
        name == loss.key
          || !page.definitions.contains { $0.key == name || $0.names.contains(name) }
      })
    {
      return true
    }
    let above = page.definitions.filter { $0.statement <= position }
    guard loss.key.isFamily, isScalar(loss.key), let here = above.map({ $0.section }).max(),
      loss.section < here
    else { return false }
    func nodes(_ names: [NameKey], in section: Int) -> [NameKey] {
      let equations = above.filter { $0.section == section && !isScalar($0.key) }
      var found: [NameKey] = []
      var queue = names + (section == here ? equations.map { $0.key } : [])
      while let key = queue.popLast() {
        let own = equations.filter { $0.key == key }
        if own.isEmpty || found.contains(key) { continue }
        found.append(key)
        queue += own.flatMap { $0.names }
      }
      return found
    }
    let (own, present) = (nodes(loss.names, in: loss.section), nodes([], in: here) + names)
    return !own.isEmpty && !present.isEmpty && !own.contains { present.contains($0) }
  }

  /// Adds the losses of the same section that the chosen equations lead to.
  mutating func collectLosses() -> Bool {
    let sections = chosen.map { page.definitions[$0].section }
    var reached = chosen.map { page.definitions[$0].key }
    var before = 0
    while before < reached.count {
      before = reached.count
      for definition in page.definitions
      where definition.statement <= position && sections.contains(definition.section)
        && !reached.contains(definition.key)
        && definition.names.contains(where: { reached.contains($0) })
      {
        reached.append(definition.key)
      }
    }
    let new = reached.filter { key in !chosen.contains { page.definitions[$0].key == key } }
    guard new.contains(where: { $0.isLossLike }) else { return false }
    collect(reached)
    return true
  }

  func dependence(of key: NameKey) -> Dependence? {
    let own = page.dependences.filter { $0.key == key }
    return own.last { $0.statement <= position } ?? own.first
  }

  private func isOpaque(_ key: NameKey) -> Bool {
    if dependence(of: key) != nil || page.notation.loss == key { return true }
    if page.scalars.contains(key), !isNumberRead(key) { return true }
    // The losses of the steps that the page adds up; a number that it says more of is an input.
    if key.isFamily, isScalar(key),
      page.definitions.contains(where: {
        $0.key != key && $0.names.contains(key) && isScalar($0.key)
          && (hasNameOfLoss(key) && !isNumberRead(key) || addsUp(key, $0.right))
      })
    {
      return true
    }
    // What an equation reads and nothing computes is an input, differentiated or not; but a state
    // that the page differentiates by a parameter or by another step of it, or computes further
    // below, is no input.
    if states.contains(key) { return true }
    return numerators.contains(key)
      && (isScalar(key) || !page.definitions.contains { $0.names.contains(key) }
        || page.definitions.contains { $0.key == key }
        || page.differentiatesByItself(key, at: position)
        || key.isFamily && page.differentiatesByParameter(key, at: position))
  }

  /// What an opaque name depends on: what the page says; else, for a scalar, the nodes that feed
  /// nothing else; for a state the state before and what the page differentiates it by.
  func arguments(of key: NameKey) -> [(key: NameKey, time: AffineLetters?)] {
    if let stated = dependence(of: key), !stated.arguments.isEmpty {
      return stated.arguments + (previousStep(of: key, stated).map { [(key, $0)] } ?? [])
    }
    if isTotal(key) { return [(NameKey(key.name, isFamily: true), nil)] }
    // What the page computes only further below is not there yet.
    var read = page.readings(ofUndefined: key) { !isComputed($0) || !definitions(of: $0).isEmpty }
    if page.definitions.contains(where: { $0.key != key && $0.names.contains(key) }) {
      // What equations read does not come from what they compute by the mere quotient, unless that
      // is computed at the same step without it.
      read.removeAll { link in
        link.key != key && isComputed(link.key)
          && (link.steps != 0 || isRead(key, by: link.key, beyond: [key]))
      }
    }
    if !isScalar(key) {
      return read.map { ($0.key, key.isFamily ? AffineLetters.step(minus: $0.steps) : nil) }
    }
    let nodes = read.map { $0.key }.filter { $0 != key && !isScalar($0) }
    // Of what is differentiated itself, though nothing computes it; else it is an input.
    let unknown = nodes.filter { name in
      name.isFamily && !isComputed(name) && !page.differentiatedBy(name).isEmpty
    }
    let last = unknown.isEmpty ? lastNodes(ofStep: key.isFamily) : unknown
    var seen: Set<NameKey> = []
    // A loss of parameters alone would say nothing of the steps between.
    let between = nodes.filter { $0.isFamily || !page.differentiatedBy($0).isEmpty }
    return (last.isEmpty ? between : last).filter { seen.insert($0).inserted }
      .map { ($0, key.isFamily ? AffineLetters.step(minus: 0) : nil) }
  }

  /// `L` beside `L_t`: by custom the sum of the losses of all steps, where nothing says what it is.
  func isTotal(_ key: NameKey) -> Bool {
    mayBeTotal(key) && !page.speaksOfMeans
  }

  /// Where the page speaks of means, one of which it may be, nothing is taken for granted.
  func mayBeTotal(_ key: NameKey) -> Bool {
    !key.isFamily && isScalar(key) && dependence(of: key) == nil && !isComputed(key)
      && page.knownKeys.contains(NameKey(key.name, isFamily: true))
  }

  private func isComputed(_ name: NameKey) -> Bool {
    page.definitions.contains { $0.key == name }
  }

  /// What an unknown node reads and the page differentiates, though nothing computes it, is no input.
  private func stateArguments(of key: NameKey) -> [NameKey] {
    arguments(of: key).map { $0.key }.filter { name in
      name != key && !isComputed(name) && !page.differentiatedBy(name).isEmpty
    }
  }

  /// A state of which the page names only parameters, and which it differentiates by itself, goes on
  /// from the step before.
  private func previousStep(of key: NameKey, _ stated: Dependence) -> AffineLetters? {
    guard key.isFamily, !isScalar(key), stated.arguments.allSatisfy({ !$0.key.isFamily }),
      var time = stated.time, !time.isLiteral, page.differentiatedBy(key).contains(key)
    else { return nil }
    time.constant -= 1
    return time
  }

  func isScalar(_ key: NameKey) -> Bool {
    if page.scalars.contains(key) || page.notation.loss == key { return true }
    if let stated = dependence(of: key) { return stated.isScalar }
    if let order = page.shapeDeclaration(of: key, at: position)?.shape { return order.isScalar }
    return hasNameOfLoss(key)
  }

  /// Whether a scalar that is not called a loss is but read, "of $m$ scalars $x_1, …, x_m$", or is what
  /// norms are compared with.
  private func isNumberRead(_ key: NameKey) -> Bool {
    !page.losses.contains(key) && !Self.lossNames.contains(key.name)
      && !page.derivatives.contains { $0.numerator == key }
      && (page.bounds.contains(key)
        || page.definitions.contains {
          $0.key != key && $0.names.contains(key) && !addsUp(key, $0.right)
        })
  }

  private static let lossNames = [
    "L", "E", "J", "\\ell", "\\mathcal{L}", "\\mathcal{E}", "\\mathcal{J}", "l",
  ]

  private func hasNameOfLoss(_ key: NameKey) -> Bool {
    page.scalars.contains(key) || page.notation.loss == key
      || Self.lossNames.contains(key.name) && !page.notation.lexicon.matrices.contains(key.name)
  }

  /// Whether an equation adds the members of a family up, `\sum_t c_t`.
  private func addsUp(_ key: NameKey, _ right: Formula) -> Bool {
    var found = false
    right.visit { part in
      guard case .big(.sum, _, _, let body) = part.kind,
        case .scripts(let base, _, _, 0) = body.kind
      else { return }
      found = found || base.identifier?.latex == key.name
    }
    return found
  }

  /// The families that no other node of their own time reads; on a page without steps the nodes.
  private func lastNodes(ofStep isFamily: Bool) -> [NameKey] {
    var families: [NameKey] = []
    for definition in page.definitions where !families.contains(definition.key) {
      families.append(definition.key)
    }
    func isRead(_ key: NameKey) -> Bool {
      page.definitions.contains { other in
        other.key != key
          && (other.names.contains(key) && (!key.isFamily || readsNow(other, key))
            || writesOut(key, in: other))
      }
    }
    let hasSteps = isFamily || families.contains { $0.isFamily }
    return families.filter { $0.isFamily == hasSteps && !isRead($0) && !isScalar($0) }
  }

  /// Whether an equation writes what another names: `h_t = \tanh(U h_{t-1})` beside `a_t = U h_{t-1}`.
  private func writesOut(_ key: NameKey, in other: DefinitionStatement) -> Bool {
    page.definitions.contains { definition in
      guard definition.key == key, definition.time == other.time else { return false }
      switch definition.right.kind {
      case .identifier, .number, .scripts: return false
      default: break
      }
      let (named, whole) = (definition.right.spelled, Formula(other.right.spelled, Span(0, 0)))
      var isPart = false
      whole.visit { isPart = isPart || $0.kind == named }
      return isPart && whole.kind != named
    }
  }

  /// Whether the equation of a node reads another one of its own step, itself or through others.
  private func isRead(_ key: NameKey, by node: NameKey, beyond seen: [NameKey]) -> Bool {
    page.definitions.contains { definition in
      guard definition.key == node else { return false }
      func reads(_ name: NameKey) -> Bool {
        definition.names.contains(name)
          && (!name.isFamily || !node.isFamily || readsNow(definition, name))
      }
      return reads(key)
        || definition.names.contains {
          !seen.contains($0) && reads($0) && isRead(key, by: $0, beyond: seen + [$0])
        }
    }
  }

  private func readsNow(_ definition: DefinitionStatement, _ key: NameKey) -> Bool {
    var found = false
    definition.right.visit { part in
      guard case .scripts(let base, let below, let above, _) = part.kind,
        base.identifier?.latex == key.name
      else { return }
      for script in [below, above] {
        guard let script else { continue }
        for candidate in Lexicon.timeCandidates(script) {
          if let time = AffineLetters(candidate), time == definition.time { found = true }
        }
      }
    }
    return found
  }
}

extension AffineLetters {
  /// So many steps before the formal step t of a family taken as opaque.
  static func step(minus steps: Int) -> AffineLetters {
    AffineLetters(terms: [("t", 1)], constant: -steps)
  }
}
