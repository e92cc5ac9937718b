import Algebra
import Documents
import Expressions
import Notation
import Numerics

/// What came of a claim under the readings that were chosen for it.
struct Judged: Sendable {
  var claim: Claim
  /// Both sides as the witnesses were told them.
  var left: Expression
  var right: Expression
  var domains: [[Time]]
  var setting: Int
  var hearing: Hearing
  var readings: [Reading]
  var mismatch: ShapeMismatch?
  var borrowed: [Int] = []
  /// A name that no equation of the model contains.
  var absent: Symbol?
}

/// Judges the claims of one page, one at a time.
struct Judge: ~Copyable {
  var theory: Theory
  private var symbolic: [Int: SymbolicWitness] = [:]
  private var numeric: [NumericKey: NumericWitness] = [:]
  private var heard: [HearingKey: Judged] = [:]

  private struct NumericKey: Hashable {
    var setting: Int
    var domains: [[Time]]
    var premises: [Int]
  }
  private struct HearingKey: Hashable {
    var left: Expression
    var right: Expression
    var sign: Formula.RelationSign
    var numeric: NumericKey
  }

  init(_ theory: consuming Theory) { self.theory = theory }

  // MARK: Readings

  /// The verdict under the cheapest licensed readings.
  mutating func judge(
    _ statement: Statement, layout: Layout, in workspace: inout Workspace
  ) throws(Unreadable) -> Judged {
    var claim = try theory.claim(statement, layout: layout, in: &workspace)
    claim = theory.namingCompounds(claim, in: &workspace)
    let (local, far) = theory.assumptions(for: statement)
    var premises: [Premise] = []
    for assumption in local {
      if let premise = theory.premise(assumption, in: claim.setting, &workspace) {
        premises.append(premise)
      }
    }
    if !premises.isEmpty { claim = theory.assuming(premises, claim, in: &workspace) }
    let literal = try evaluate(base(claim), statement, in: &workspace)
    if literal.hearing.verdict.isAccepted { return literal }
    let licensed = ReadingOptions(theory: theory, statement: statement, page: theory.page)
      .licensed(claim, in: workspace)
    var options = licensed
    if let copy = copyOption(claim, in: workspace) { options.append(copy) }
    for choice in combinations(options) {
      var variant = base(claim)
      for option in choice { apply(option, to: &variant, in: &workspace) }
      let judged = try evaluate(variant, statement, in: &workspace)
      if judged.hearing.verdict.isAccepted { return judged }
    }
    if literal.mismatch != nil {
      for (variant, reading) in placements(claim, in: &workspace) {
        var read = variant
        read.readings.append(reading)
        let judged = try evaluate(read, statement, in: &workspace)
        if judged.hearing.verdict.isAccepted { return judged }
      }
    }
    for assumption in far.reversed() {
      guard let premise = theory.premise(assumption, in: claim.setting, &workspace) else {
        continue
      }
      // A number of steps or a size is no assumption that a line could lean on from afar.
      switch premise.content {
      case .time, .size: continue
      default: break
      }
      var variant = base(theory.assuming(premises + [premise], claim, in: &workspace))
      variant.readings.append(.assumed)
      variant.borrowed = [assumption.index]
      let judged = try evaluate(variant, statement, in: &workspace)
      if judged.hearing.verdict.isAccepted { return judged }
    }
    return literal
  }

  func base(_ claim: Claim) -> Variant {
    Variant(
      claim: claim, left: claim.left.expression, right: claim.right.expression,
      domains: claim.domains, setting: claim.setting, readings: [])
  }

  /// Fewer first, among equally many the cheaper; at most two semantic ones together.
  private func combinations(_ options: [ReadingOptions.Option]) -> [[ReadingOptions.Option]] {
    var subsets: [[ReadingOptions.Option]] = [[]]
    for option in options.prefix(6) { subsets += subsets.map { $0 + [option] } }
    subsets.removeFirst()
    let usable = subsets.filter { subset in
      var kinds: [Reading] = []
      for option in subset where option.reading.isSemantic && !kinds.contains(option.reading) {
        kinds.append(option.reading)
      }
      return kinds.count <= 2
    }
    func rank(_ subset: [ReadingOptions.Option]) -> [Int] {
      [subset.count] + subset.map { Reading.allCases.firstIndex(of: $0.reading) ?? 0 }
    }
    return usable.sorted { rank($0).lexicographicallyPrecedes(rank($1)) }
  }

  mutating func apply(
    _ option: ReadingOptions.Option, to variant: inout Variant, in workspace: inout Workspace
  ) {
    if !variant.readings.contains(option.reading) { variant.readings.append(option.reading) }
    let (left, right) = (variant.left, variant.right)
    switch option.apply {
    case .ordered:
      func descending(_ root: Expression) -> Expression {
        workspace.rewriting(root) { workspace, expression in
          guard
            case .timeProduct(let step, let from, let through, let body, .ascending) =
              workspace[expression]
          else { return nil }
          return workspace.expression(
            .timeProduct(step, from: from, through: through, body, .descending))
        }
      }
      variant.left = descending(left)
      variant.right = descending(right)
    case .immediate(let numerator, let denominator):
      func change(
        _ root: Expression, isWhole: Bool
      ) -> Expression {
        workspace.rewriting(root) { workspace, expression in
          guard case .derivative(let a, let b, var intervention) = workspace[expression],
            case .variable(let above) = workspace[a], above.symbol == numerator,
            case .variable(let below) = workspace[b], below.symbol == denominator,
            below.copy == nil, intervention.mode == .total, !(expression == root && isWhole)
          else { return nil }
          intervention.mode = .immediate
          return workspace.expression(.derivative(of: a, by: b, intervention))
        }
      }
      variant.left = change(left, isWhole: true)
      variant.right = change(right, isWhole: true)
    case .immediateByNode(let node):
      guard case .derivative(let a, let b, var intervention) = workspace[node] else { return }
      intervention.mode = .immediate
      let new = workspace.expression(.derivative(of: a, by: b, intervention))
      variant.left = workspace.replacing(node, by: new, in: left)
      variant.right = workspace.replacing(node, by: new, in: right)
    case .immediateRepeated(let node):
      guard case .derivative(let a, let b, var intervention) = workspace[node] else { return }
      intervention.mode = .immediate
      let new = workspace.expression(.derivative(of: a, by: b, intervention))
      if left == node { variant.right = workspace.replacing(node, by: new, in: right) }
      if right == node { variant.left = workspace.replacing(node, by: new, in: left) }
    case .held(let node, let symbols):
      guard case .derivative(let a, let b, var intervention) = workspace[node] else { return }
      intervention = Intervention(
        mode: intervention.mode, layout: intervention.layout, held: symbols)
      let new = workspace.expression(.derivative(of: a, by: b, intervention))
      variant.left = workspace.replacing(node, by: new, in: left)
      variant.right = workspace.replacing(node, by: new, in: right)
    case .initialState(let first):
      start(at: first, overriding: false, &variant, in: &workspace)
    case .restart(let first):
      start(at: first, overriding: true, &variant, in: &workspace)
    case .heldEverywhere(let family, let symbols):
      func change(_ root: Expression) -> Expression {
        workspace.changingDerivatives(root) { _, _, intervention in
          Intervention(mode: intervention.mode, layout: intervention.layout, held: symbols)
        }
      }
      _ = family
      variant.left = change(left)
      variant.right = change(right)
    case .copy:
      func change(_ root: Expression, _ other: Expression) -> Expression {
        guard case .derivative(let a, let b, let intervention) = workspace[root],
          case .variable(var variable) = workspace[b],
          let time = workspace.variables(in: other).compactMap({ $0.time }).first(where: {
            $0.symbol != nil && $0.constant == 0
          })
        else { return root }
        variable.copy = time
        return workspace.expression(
          .derivative(of: a, by: workspace.expression(.variable(variable)), intervention))
      }
      variant.left = change(left, right)
      variant.right = change(right, left)
    case .layout, .assumed: break
    }
  }

  /// Lets the recurrences of a variant's model start at a step: what comes before is given.
  private mutating func start(
    at first: Int, overriding: Bool, _ variant: inout Variant, in workspace: inout Workspace
  ) {
    var setting = theory[variant.setting]
    for i in setting.model.definitions.indices {
      let definition = setting.model.definitions[i]
      guard !setting.opaque.contains(definition.symbol) else { continue }
      if definition.time != nil, definition.from == nil || overriding {
        setting.model.definitions[i].from = Time(first)
      }
    }
    if overriding {
      setting.model.definitions.removeAll { definition in
        definition.instance?.literal.map { $0 < first } == true
          && !setting.opaque.contains(definition.symbol)
      }
    }
    variant.setting = theory.adding(setting)
    var claim = variant.claim
    claim.setting = variant.setting
    claim.left.expression = variant.left
    claim.right.expression = variant.right
    variant.domains = theory.domains(
      of: claim, theory.page.statements[claim.statement], in: &workspace)
  }

  /// A step's contribution to the gradient of a loss by a parameter, on a page that never sums.
  private func copyOption(
    _ claim: Claim, in workspace: borrowing Workspace
  ) -> ReadingOptions.Option? {
    let page = theory.page
    guard page.copies || !page.sumsOverTime else { return nil }
    for (side, other) in [
      (claim.left.expression, claim.right.expression),
      (claim.right.expression, claim.left.expression),
    ] {
      guard case .derivative(let a, let b, _) = workspace[side],
        case .variable(let loss) = workspace[a], loss.time == nil,
        workspace[loss.symbol].shape.isScalar, case .variable(let parameter) = workspace[b],
        parameter.time == nil, !theory[claim.setting].model.computes(parameter.symbol),
        !workspace.freeTimes(in: other).isEmpty
      else { continue }
      return ReadingOptions.Option(reading: .copy, apply: .copy)
    }
    return nil
  }

  // MARK: One variant

  mutating func evaluate(
    _ variant: Variant, _ statement: Statement, in workspace: inout Workspace
  ) throws(Unreadable) -> Judged {
    var variant = variant
    var claim = variant.claim
    closeElided(&variant, statement, in: &workspace)
    var judged = Judged(
      claim: claim, left: variant.left, right: variant.right, domains: variant.domains,
      setting: variant.setting, hearing: Hearing(verdict: .undecided, code: .undecided),
      readings: variant.readings, borrowed: variant.borrowed)
    let setting = theory[variant.setting]
    if setting.isScalar || theory.page.isScalar { judged.readings.insert(.scalar, at: 0) }
    if !setting.repairs.isEmpty { judged.readings.append(.repaired) }
    if let failure = setting.mismatch {
      judged.mismatch = failure.mismatch
      judged.hearing.code = .definitionIllTyped
      return judged
    }
    do throws(ShapeMismatch) {
      try fit(&claim, &variant, in: &workspace)
    } catch {
      judged.mismatch = error
      judged.hearing = Hearing(verdict: .illTyped, code: Judge.code(of: error))
      return judged
    }
    judged.left = variant.left
    judged.right = variant.right
    if claim.space != nil {
      judged.hearing = Hearing(verdict: .proved, code: nil)
      return judged
    }
    if workspace.isElided(variant.left) || workspace.isElided(variant.right) {
      judged.hearing.code = .unreadFormula
      return judged
    }
    let isZeroWritten = workspace.isZero(variant.left) || workspace.isZero(variant.right)
    if !isZeroWritten, let absent = absentDenominator(variant, in: workspace) {
      judged.absent = absent
      judged.hearing.code = .absentSymbol
      return judged
    }
    let key = NumericKey(
      setting: variant.setting, domains: variant.domains,
      premises: claim.assumptions.map { $0.statement })
    let whole = HearingKey(
      left: variant.left, right: variant.right, sign: claim.sign, numeric: key)
    if var known = heard[whole] {
      known.readings = judged.readings + known.readings.filter { $0 == .precision }
      known.borrowed = judged.borrowed
      return known
    }
    judged.hearing = hear(&variant, claim, key, isZeroWritten, in: &workspace)
    if variant.readings.contains(.precision) { judged.readings.append(.precision) }
    if !claim.strangers.isEmpty, !judged.hearing.verdict.isAccepted {
      judged.hearing.verdict = .undecided
      judged.hearing.code = .unknownSymbol
    }
    heard[whole] = judged
    return judged
  }

  private mutating func hear(
    _ variant: inout Variant, _ claim: Claim, _ key: NumericKey, _ isZeroWritten: Bool,
    in workspace: inout Workspace
  ) -> Hearing {
    switch claim.sign {
    case .equal, .defines:
      return equality(&variant, claim, key, isZeroWritten, in: &workspace)
    case .approximately:
      let hearing = decimals(&variant, in: &workspace)
      return hearing ?? Hearing(verdict: .undecided, code: .undecided)
    case .notEqual:
      var hearing = equality(&variant, claim, key, isZeroWritten, in: &workspace)
      switch hearing.verdict {
      case .refuted:
        hearing.verdict = .validated
        hearing.code = nil
        hearing.numeric = hearing.numeric ?? NumericEvidence(points: 2, maximumRelativeError: 0)
      case .proved:
        hearing.verdict = .refuted
        hearing.code = .refuted
      default:
        hearing.verdict = .undecided
        hearing.code = .undecided
      }
      return hearing
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .elementOf:
      return inequality(variant, claim, in: &workspace)
    default: return Hearing(verdict: .undecided, code: .undecided)
    }
  }

  private mutating func equality(
    _ variant: inout Variant, _ claim: Claim, _ key: NumericKey, _ isZeroWritten: Bool,
    in workspace: inout Workspace
  ) -> Hearing {
    if let exact = decimals(&variant, in: &workspace) { return exact }
    let model = theory[variant.setting].model
    var numbers =
      numeric[key]
      ?? NumericWitness(model: model, domains: variant.domains, premises: claim.assumptions)
    let testimony = numbers.compare(variant.left, variant.right, in: workspace)
    var algebra =
      symbolic[variant.setting]
      ?? SymbolicWitness(
        model: model, premises: claim.assumptions, in: &workspace)
    var isRefuted = false
    if case .disagrees = testimony { isRefuted = true }
    let proof = algebra.compare(
      variant.left, variant.right, for: variant.domains, isBrief: isRefuted, in: &workspace)
    let isFormula =
      isRefuted && !isZeroWritten && setsOpaqueEqual(variant, &algebra, in: &workspace)
    symbolic[variant.setting] = algebra
    let hearing = Gate.verdict(
      symbolic: proof, numeric: testimony, isFormulaForOpaque: isFormula,
      isZeroWritten: isZeroWritten,
      isSensitive: { true })
    if hearing.verdict == .validated {
      let notices = Sensitivity.isSensitive(variant.left, variant.right, &numbers, in: &workspace)
      numeric[key] = numbers
      if !notices {
        return Gate.verdict(
          symbolic: proof, numeric: testimony, isFormulaForOpaque: isFormula,
          isZeroWritten: isZeroWritten, isSensitive: { false })
      }
      return hearing
    }
    numeric[key] = numbers
    return hearing
  }

  /// A quick look at a candidate at some of the claim's points.
  mutating func quicklyAgrees(
    _ left: Expression, _ right: Expression, _ judged: Judged, in workspace: inout Workspace
  ) -> Bool {
    let key = NumericKey(
      setting: judged.setting, domains: judged.domains,
      premises: judged.claim.assumptions.map { $0.statement })
    var numbers =
      numeric[key]
      ?? NumericWitness(
        model: theory[judged.setting].model, domains: judged.domains,
        premises: judged.claim.assumptions)
    let result = numbers.quicklyAgrees(left, right, in: workspace)
    numeric[key] = numbers
    return result
  }

  // MARK: Shapes

  /// Solves what the claim leaves open of its sizes; its model's sizes are not touched.
  private mutating func fit(
    _ claim: inout Claim, _ variant: inout Variant, in workspace: inout Workspace
  ) throws(ShapeMismatch) {
    if let space = claim.space {
      try fitSpace(variant.left, space, variant.setting, in: workspace)
      return
    }
    let rigid = theory.rigidSizes(variant.setting)
    var shapes = ShapeInference(rigid: rigid)
    let a = try shapes.shape(of: variant.left, in: workspace)
    let b = try shapes.shape(of: variant.right, in: workspace)
    try Judge.fitSides(
      variant.left, shapes.resolved(a), variant.right, shapes.resolved(b), &shapes, in: workspace)
    let symbols = (workspace.variables(in: variant.left) + workspace.variables(in: variant.right))
      .map { $0.symbol }
    shapes.commit(
      symbols: symbols, occurringIn: [variant.left, variant.right], to: &workspace)
    variant.left = shapes.resolving(variant.left, in: &workspace)
    variant.right = shapes.resolving(variant.right, in: &workspace)
    let labels = claim.freeLabels
    if !labels.isEmpty {
      let used = labels.filter { label in
        workspace.mentions(label, in: variant.left) || workspace.mentions(label, in: variant.right)
      }
      if !used.isEmpty {
        variant.left = workspace.expression(.tabulate(used, variant.left))
        variant.right = workspace.expression(.tabulate(used, variant.right))
      }
    }
  }

  /// A membership may name sizes that nothing else has fixed, each by a name of its own.
  private func fitSpace(
    _ side: Expression, _ space: Shape, _ setting: Int, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) {
    let named = Set(theory.page.notation.dimensions.map { $0.symbol })
    var shapes = ShapeInference(rigid: named)
    let shape = try shapes.shape(of: side, in: workspace)
    let plain = shapes.resolved(shape)
    guard shapes.unify(plain, space) else {
      throw ShapeMismatch(.sides, in: side, side, plain, nil, space)
    }
    // Two sizes of the model must not become one by the claim alone.
    var known: [(Dimension, Dimension)] = []
    for dimension in plain.dimensions where !known.contains(where: { $0.0 == dimension }) {
      let value = shapes.resolved(dimension)
      if known.contains(where: { $0.1 == value }) {
        throw ShapeMismatch(.sides, in: side, side, plain, nil, space)
      }
      known.append((dimension, value))
    }
  }

  /// 0 fits every shape, another number a vector or a row entry by entry.
  private static func fitSides(
    _ left: Expression, _ a: Shape, _ right: Expression, _ b: Shape,
    _ shapes: inout ShapeInference, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) {
    if workspace.isZero(left) || workspace.isZero(right) { return }
    if workspace.isNumeric(left), b.isVector || b.isRow { return }
    if workspace.isNumeric(right), a.isVector || a.isRow { return }
    if !shapes.unify(a, b) {
      throw ShapeMismatch(.sides, in: left, left, a, right, b)
    }
  }

  static func code(of mismatch: ShapeMismatch) -> Code {
    switch mismatch.place {
    case .sides: return .sidesDiffer
    case .factors: return .factorsCannotMeet
    case .terms: return .termsCannotMeet
    default: return .wrongShapeForOperation
    }
  }

  // MARK: Slopes without argument

  private func closeElided(
    _ variant: inout Variant, _ statement: Statement, in workspace: inout Workspace
  ) {
    guard workspace.isElided(variant.left) || workspace.isElided(variant.right) else { return }
    let model = theory[variant.setting].model
    var head: Expression?
    if let first = statement.head {
      head = try? elaborated(theory.page.statements[first].left, variant, in: &workspace)
    }
    let starts = [variant.left, variant.right, head].compactMap { $0 }
    func start(_ side: Expression) -> ElidedSlopes.Cursor {
      for candidate in starts {
        let cursor = workspace.leading(candidate, reversed: variant.claim.layout == .denominator)
        if cursor != .nowhere { return cursor }
      }
      return .nowhere
    }
    var closing = ElidedSlopes(model: model, layout: variant.claim.layout)
    variant.left = closing.close(variant.left, from: start(variant.left), in: &workspace)
    variant.right = closing.close(variant.right, from: start(variant.right), in: &workspace)
    variant.readings.insert(.elidedArgument, at: 0)
    if closing.usedShorthand { variant.readings.insert(.shorthandPower, at: 1) }
  }

  private func elaborated(
    _ formula: Formula, _ variant: Variant, in workspace: inout Workspace
  ) throws(Unreadable) -> Expression {
    var elaborator = Elaborator(
      page: theory.page.notation, table: theory[variant.setting].table,
      layout: variant.claim.layout)
    return try elaborator.elaborate(formula, in: &workspace).expression
  }

  // MARK: Empty claims

  /// A denominator that no equation of the model contains.
  private func absentDenominator(
    _ variant: Variant, in workspace: borrowing Workspace
  ) -> Symbol? {
    let model = theory[variant.setting].model
    for side in [variant.left, variant.right] {
      for derivative in workspace.derivatives(in: side) {
        for variable in workspace.variables(in: derivative.by) {
          if model.computes(variable.symbol) { continue }
          let isRead =
            model.definitions.contains { definition in
              workspace.variables(in: definition.body).contains { $0.symbol == variable.symbol }
            }
            || workspace.variables(in: derivative.of).contains { $0.symbol == variable.symbol }
          if !isRead { return variable.symbol }
        }
      }
    }
    return nil
  }

  /// One side holds an unknown function's derivative that the other knows nothing of.
  private func setsOpaqueEqual(
    _ variant: Variant, _ algebra: inout SymbolicWitness, in workspace: inout Workspace
  ) -> Bool {
    let domain = variant.domains.first ?? []
    guard let a = try? algebra.derived(variant.left, for: domain, in: &workspace),
      let b = try? algebra.derived(variant.right, for: domain, in: &workspace)
    else { return false }
    func functions(_ root: Expression) -> [OpaqueFunction] {
      var found: [OpaqueFunction] = []
      workspace.visit(root) { _, node in
        if case .opaquePartial(let function, _, _, _) = node, !found.contains(function) {
          found.append(function)
        }
      }
      return found
    }
    let (left, right) = (functions(a), functions(b))
    return left.isEmpty != right.isEmpty
  }
}

extension Workspace {
  /// Whether a label occurs free.
  func mentions(_ label: IndexSymbol, in root: Expression) -> Bool {
    let node = self[root]
    switch node {
    case .entry(_, let indices): if indices.contains(.label(label)) { return true }
    case .delta(let a, let b): return a == .label(label) || b == .label(label)
    case .unitVector(let index, _): return index == .label(label)
    case .tabulate(let labels, _): if labels.contains(label) { return false }
    default: break
    }
    for child in node.children where mentions(label, in: child) { return true }
    return false
  }

  /// The node whose derivative a side begins with.
  func leading(_ root: Expression, reversed: Bool) -> ElidedSlopes.Cursor {
    switch self[root] {
    case .derivative(let numerator, _, _):
      if case .variable(let variable) = self[numerator] { return .node(variable) }
      return .expression(numerator)
    case .product(let factors):
      guard let first = reversed ? factors.last : factors.first else { return .nowhere }
      return leading(first, reversed: reversed)
    case .sum(let terms):
      return terms.first.map { leading($0, reversed: reversed) } ?? .nowhere
    case .negative(let operand), .timeSum(_, _, _, let operand):
      return leading(operand, reversed: reversed)
    case .timeProduct(_, _, let through, let body, _):
      if case .derivative(let numerator, _, _) = self[body],
        case .variable(let variable) = self[numerator], let time = variable.time,
        time.symbol != nil
      {
        return .node(Variable(variable.symbol, at: through + time.constant))
      }
      return .nowhere
    default: return .nowhere
    }
  }
}
