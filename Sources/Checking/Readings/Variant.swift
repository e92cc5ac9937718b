import Documents
import Expressions
import Notation

/// A claim under a combination of readings.
struct Variant: Sendable {
  var claim: Claim
  var left: Expression
  var right: Expression
  var domains: [[Time]]
  var setting: Int
  var readings: [Reading]
  /// The assumptions from farther away that were used.
  var borrowed: [Int] = []
}

extension Workspace {
  /// Every derivative for which `change` gives another intervention gets it.
  mutating func changingDerivatives(
    _ root: Expression,
    _ change: (borrowing Workspace, Expression, Expression, Intervention) -> Intervention?
  ) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .derivative(let a, let b, let intervention) = workspace[expression],
        let new = change(workspace, a, b, intervention)
      else { return nil }
      return workspace.expression(.derivative(of: a, by: b, new))
    }
  }

  /// With the total derivatives that are of the same names as some in another mode.
  mutating func marking(
    _ mode: Intervention.Mode,
    like some: [(node: Expression, of: Expression, by: Expression, intervention: Intervention)],
    in root: Expression
  ) -> Expression {
    changingDerivatives(root) { workspace, of, by, intervention in
      guard intervention.mode == .total,
        some.contains(where: { workspace.isOfSameNames(($0.of, $0.by), (of, by)) })
      else { return nil }
      return Intervention(mode: mode, layout: intervention.layout, held: intervention.held)
    }
  }

  /// Whether two derivatives are of one family by another, whatever the steps.
  private func isOfSameNames(
    _ one: (of: Expression, by: Expression), _ other: (of: Expression, by: Expression)
  ) -> Bool {
    guard let above = namedVariable(of: one.of), let below = namedVariable(of: one.by) else {
      return false
    }
    return namedVariable(of: other.of)?.symbol == above.symbol
      && namedVariable(of: other.by)?.symbol == below.symbol
  }

  /// The distinct derivatives that occur, in the order of their first visit.
  func derivatives(
    in root: Expression
  ) -> [(node: Expression, of: Expression, by: Expression, intervention: Intervention)] {
    var found: [(node: Expression, of: Expression, by: Expression, intervention: Intervention)] = []
    visit(root, holding: .derivative) { expression, node in
      if case .derivative(let a, let b, let intervention) = node {
        found.append((expression, a, b, intervention))
      }
    }
    return found
  }
}

/// The readings that a claim could take, each with what it does to the two sides.
struct ReadingOptions {
  let theory: Theory
  let statement: Statement
  let page: Page

  /// One optional reading.
  struct Option {
    var reading: Reading
    var apply: Action
    enum Action {
      /// Quotients of this numerator family by this denominator are immediate.
      case immediate(numerator: Symbol, denominator: Symbol)
      case immediateByNode(Expression)
      /// All of these quotients within the sides: by a node of the numerator's own equation.
      case immediateByNodes([Expression])
      /// One side repeats the whole other side letter by letter, or what is left of it behind the
      /// factors that both begin with.
      case immediateRepeated(Expression, inRight: Bool)
      case held(Expression, [Symbol])
      case initialState(Int)
      /// The recurrence starts at this step, whatever range is stated.
      case restart(Int)
      /// These are held in every derivative of the family by itself.
      case heldEverywhere([Symbol])
      case ordered
      case copy
    }
  }

  /// Which readings the document licenses for a claim.
  func licensed(_ claim: Claim, in workspace: borrowing Workspace) -> [Option] {
    var options: [Option] = []
    let setting = theory[claim.setting]
    let (left, right) = (claim.left.expression, claim.right.expression)
    if hasAscendingProduct(left, workspace) || hasAscendingProduct(right, workspace) {
      options.append(Option(reading: .orderedProduct, apply: .ordered))
    }
    options += immediateOptions(claim, setting, workspace)
    options += heldOptions(claim, setting, workspace)
    if let start = startOption(claim, setting, workspace) { options.append(start) }
    return options
  }

  func hasAscendingProduct(_ root: Expression, _ workspace: borrowing Workspace) -> Bool {
    workspace.contains(root) { node in
      if case .timeProduct(_, _, _, _, .ascending) = node { return true }
      return false
    }
  }

  // MARK: Immediate

  private func immediateOptions(
    _ claim: Claim, _ setting: Setting, _ workspace: borrowing Workspace
  ) -> [Option] {
    let (left, right) = (claim.left.expression, claim.right.expression)
    var options: [Option] = []
    var groups: [(Symbol, Symbol)] = []
    var inner: [Expression] = []
    // Where a line marks one of its derivatives (∂⁺, a bar with what is held), those that it leaves
    // unmarked are total.
    let marksImmediate = [left, right].contains { side in
      workspace.derivatives(in: side).contains {
        $0.intervention.mode == .immediate || !$0.intervention.held.isEmpty
      }
    }
    let lost = lostDependences([left, right], setting, workspace)
    for side in [left, right] {
      for derivative in workspace.derivatives(in: side) where derivative.intervention.mode == .total
      {
        guard let numerator = workspace.namedVariable(of: derivative.of),
          let denominator = workspace.namedVariable(of: derivative.by)
        else { continue }
        var isOfEntries = true
        if case .variable = workspace[derivative.of], case .variable = workspace[derivative.by] {
          isOfEntries = false
        }
        let isParameter =
          denominator.time == nil && denominator.copy == nil
          && !setting.model.computes(denominator.symbol)
        let isNode =
          !isOfEntries && denominator.time != nil && setting.model.computes(denominator.symbol)
          && reads(numerator, denominator, setting, workspace)
        // Of a page that calls all of them total none is immediate.
        if statement.hasTotalDerivatives { continue }
        if isParameter || isNode {
          let (leftRest, rightRest) = behindCommonFactors(left, right, workspace)
          let repeats =
            leftRest == [derivative.node]
            && rightRest.contains { contains(derivative.node, in: $0, workspace) }
          let isRepeated =
            rightRest == [derivative.node]
            && leftRest.contains { contains(derivative.node, in: $0, workspace) }
          if repeats != isRepeated {
            options.append(
              Option(
                reading: .immediate,
                apply: .immediateRepeated(derivative.node, inRight: repeats)))
            continue
          }
        }
        let isWhole = [left, right].contains { workspace.measured(in: $0) == derivative.node }
        if isParameter {
          guard !isWhole, !page.marksImmediate,
            readsDirectly(numerator.symbol, denominator.symbol, setting, workspace),
            !lost.contains(where: { $0 == (numerator.symbol, denominator.symbol) }),
            !groups.contains(where: { $0 == (numerator.symbol, denominator.symbol) })
          else { continue }
          groups.append((numerator.symbol, denominator.symbol))
          options.append(
            Option(
              reading: .immediate,
              apply: .immediate(numerator: numerator.symbol, denominator: denominator.symbol)))
        } else if isNode, derivative.node == left || derivative.node == right, !marksImmediate,
          !statement.saysTotal
        {
          options.append(
            Option(reading: .immediate, apply: .immediateByNode(derivative.node)))
        } else if isNode, !isWhole, !marksImmediate, !page.marksImmediate, !statement.saysTotal,
          ChainTerms(from: denominator, to: numerator, in: setting.model, workspace).hasDetour
        {
          inner.append(derivative.node)
        }
      }
    }
    // In a sum over ways through the model its links are partials of one equation each.
    if !inner.isEmpty {
      options.append(Option(reading: .immediate, apply: .immediateByNodes(inner)))
    }
    return options
  }

  /// The factors of both sides without those that both begin with.
  private func behindCommonFactors(
    _ left: Expression, _ right: Expression, _ workspace: borrowing Workspace
  ) -> (left: [Expression], right: [Expression]) {
    func factors(_ side: Expression) -> [Expression] {
      if case .product(let factors) = workspace[side] { return factors }
      return [side]
    }
    let (a, b) = (factors(left), factors(right))
    let common = zip(a, b).prefix { $0 == $1 && $0 != a.last && $0 != b.last }.count
    return (Array(a.dropFirst(common)), Array(b.dropFirst(common)))
  }

  private func contains(
    _ whole: Expression, in side: Expression, _ workspace: borrowing Workspace
  ) -> Bool {
    var found = false
    workspace.visit(side) { expression, _ in if expression == whole { found = true } }
    return found
  }

  /// Whether the node's own step reads the parameter: otherwise its immediate partial is empty.
  private func readsDirectly(
    _ numerator: Symbol, _ parameter: Symbol, _ setting: Setting, _ workspace: borrowing Workspace
  ) -> Bool {
    var queue = [numerator]
    var seen: Set<Symbol> = []
    while let next = queue.popLast() {
      guard seen.insert(next).inserted else { continue }
      for definition in setting.model.definitions where definition.symbol == next {
        if case .opaque = workspace[definition.body], workspace[next].shape.isScalar { continue }
        for variable in workspace.variables(in: definition.body) {
          if variable.symbol == parameter { return true }
          if let time = variable.time, let own = definition.time, time == Time(own) {
            queue.append(variable.symbol)
          }
        }
      }
    }
    return false
  }

  /// The families and parameters of quotients of which some immediate partial would leave everything
  /// out.
  private func lostDependences(
    _ sides: [Expression], _ setting: Setting, _ workspace: borrowing Workspace
  ) -> [(Symbol, Symbol)] {
    var lost: [(Symbol, Symbol)] = []
    for side in sides {
      for derivative in workspace.derivatives(in: side) {
        guard let numerator = workspace.namedVariable(of: derivative.of),
          let parameter = workspace.namedVariable(of: derivative.by), parameter.time == nil,
          !setting.model.computes(parameter.symbol),
          losesAll(numerator, parameter, setting, workspace)
        else { continue }
        lost.append((numerator.symbol, parameter.symbol))
      }
    }
    return lost
  }

  /// Whether a node depends on a parameter by earlier ones alone, which its immediate partial leaves
  /// out.
  private func losesAll(
    _ numerator: Variable, _ parameter: Variable, _ setting: Setting,
    _ workspace: borrowing Workspace
  ) -> Bool {
    guard let own = setting.model.equation(of: numerator) else { return false }
    var (queue, seen) = ([own], [numerator])
    while let equation = queue.popLast() {
      for read in workspace.variables(in: equation.body) {
        if read.symbol == parameter.symbol { return false }
        guard read.time == equation.time.map({ Time($0) }) ?? equation.instance else { continue }
        var node = read
        node.time = numerator.time
        guard !seen.contains(node), let next = setting.model.equation(of: node) else { continue }
        seen.append(node)
        queue.append(next)
      }
    }
    return ChainTerms(from: parameter, to: numerator, in: setting.model, workspace)
      .reaches(isDirect: false)
  }

  /// Whether the denominator stands in the numerator's own equation.
  private func reads(
    _ numerator: Variable, _ denominator: Variable, _ setting: Setting,
    _ workspace: borrowing Workspace
  ) -> Bool {
    guard let definition = setting.model.definition(of: numerator.symbol),
      let formal = definition.time, let t = numerator.time, let k = denominator.time
    else { return false }
    for variable in workspace.variables(in: definition.body)
    where variable.symbol == denominator.symbol {
      if variable.time?.substituting(formal, by: t) == k { return true }
    }
    return false
  }

  // MARK: Held

  private func heldOptions(
    _ claim: Claim, _ setting: Setting, _ workspace: borrowing Workspace
  ) -> [Option] {
    if statement.saysTotal { return [] }
    let (left, right) = (claim.left.expression, claim.right.expression)
    for (whole, other) in [(left, right), (right, left)] {
      guard case .derivative(let a, let b, let intervention) = workspace[whole],
        intervention.held.isEmpty, intervention.mode == .total,
        case .variable(let numerator) = workspace[a],
        case .variable(let denominator) = workspace[b],
        numerator.symbol == denominator.symbol, numerator.time != nil, denominator.time != nil,
        !workspace.derivatives(in: other).contains(where: {
          (workspace.variables(in: $0.of) + workspace.variables(in: $0.by)).contains {
            $0.symbol == numerator.symbol
          }
        }),
        // Without a direct edge nothing is left between two steps.
        setting.model.definitions.contains(where: { definition in
          definition.symbol == numerator.symbol
            && workspace.variables(in: definition.body).contains {
              $0.symbol == numerator.symbol
            }
        })
      else { continue }
      let held = setting.model.definitions.filter {
        $0.symbol != numerator.symbol && $0.time != nil
          && !setting.opaque.contains($0.symbol)
      }.map { $0.symbol }
      if held.isEmpty { continue }
      return [Option(reading: .held, apply: .held(whole, held))]
    }
    return []
  }

  // MARK: Initial state

  /// h_0 given: where nothing computes it from the parameter and no stated range reaches it.
  private func startOption(
    _ claim: Claim, _ setting: Setting, _ workspace: borrowing Workspace
  ) -> Option? {
    let sides = [claim.left.expression, claim.right.expression]
    // What speaks of no parameter, no sum and no first step holds from whatever state it begins.
    guard !setting.opaque.isEmpty || sides.contains(where: { speaksOfStart($0, workspace) }) else {
      return nil
    }
    let lowest = workspace.lowestStart(in: sides)
    guard let start = givenStart(setting), start >= 0,
      lowest ?? start == start || stepBehindGiven(setting) == start,
      !deniesStart(start, claim, setting, workspace)
    else { return nil }
    return Option(reading: .initialState, apply: .initialState(start))
  }

  /// Whether the page says that the state before a step is not given, or depends on what a claim
  /// differentiates by.
  func deniesStart(
    _ start: Int, _ claim: Claim, _ setting: Setting, _ workspace: borrowing Workspace
  ) -> Bool {
    let parameters = [claim.left.expression, claim.right.expression].flatMap { side in
      workspace.derivatives(in: side).flatMap { workspace.variables(in: $0.by) }
        .filter { $0.time == nil }.map { $0.symbol }
    }
    func isBefore(_ key: NameKey, _ step: Int) -> Bool {
      step < start && setting.table[key].map { setting.isState($0) } ?? false
    }
    func isOfParameter(_ key: NameKey) -> Bool {
      setting.table[key].map { parameters.contains($0) || setting.model.computes($0) } ?? false
    }
    // `h_0 = g(W)` with an unknown g, `h_0 = h_0(W)`
    let isFunction = page.dependences.contains { dependence in
      guard let time = dependence.time, time.isLiteral else { return false }
      return isBefore(dependence.key, time.constant)
        && dependence.arguments.contains { isOfParameter($0.key) }
    }
    return isFunction || isReached(start, setting)
      || page.startDependences.contains { dependence in
        if let key = dependence.key, !isBefore(key, dependence.step ?? 0) { return false }
        return dependence.arguments.isEmpty
          || dependence.arguments.contains { $0 != dependence.key && isOfParameter($0) }
      }
  }

  /// Whether the page computes the state before a step as well: `for t = 0, …, T`.
  private func isReached(_ start: Int, _ setting: Setting) -> Bool {
    page.definitions.contains { definition in
      guard let time = definition.time, let letter = time.soleLetter,
        let symbol = setting.table[definition.key], setting.isState(symbol),
        !page.given.contains(where: {
          $0.key == definition.key && ($0.time?.isLiteral ?? false)
        })
      else { return false }
      return page.statedSteps(of: letter).contains { $0 + time.constant < start }
    }
  }

  private func speaksOfStart(_ side: Expression, _ workspace: borrowing Workspace) -> Bool {
    workspace.contains(side) { node in
      switch node {
      case .timeSum, .timeProduct: return true
      case .variable(let variable): return variable.time?.literal != nil
      case .derivative(_, let by, _):
        return workspace.variables(in: by).contains { $0.time == nil || $0.copy != nil }
      default: return false
      }
    }
  }

  /// The first computed step where the state before it may be taken as given. It is one for all that
  /// is said of the model: the one behind the state that the page gives, else the least at which its
  /// sums begin, h_0 or h_{-1} being given.
  func givenStart(_ setting: Setting) -> Int? {
    let open = setting.model.definitions.filter {
      $0.time != nil && $0.from == nil && setting.isState($0.symbol)
        && setting.model.instances(of: $0.symbol).isEmpty
    }.map { $0.symbol }
    if open.isEmpty { return nil }
    return stepBehindGiven(setting) ?? min(theory.firstSum(over: open, setting) ?? 1, 1)
  }

  /// The step behind the last state of the model that the page says is given, h_0.
  private func stepBehindGiven(_ setting: Setting) -> Int? {
    let given = page.given.filter { given in
      setting.table[given.key].map { setting.isState($0) } ?? false
    }.compactMap { $0.time }.filter { $0.isLiteral }.map { $0.constant }
    return given.max().map { $0 + 1 }
  }
}

extension Workspace {
  /// What a norm, a modulus, a factor or a sign around a whole side is taken of.
  fileprivate func measured(in side: Expression) -> Expression {
    switch self[side] {
    case .negative(let operand), .transpose(let operand), .apply(.absolute, 0, let operand),
      .power(let operand, _), .entry(let operand, _), .tabulate(_, let operand):
      return measured(in: operand)
    case .tensorFunction(let function, let operand) where function.isNorm:
      return measured(in: operand)
    case .product(let factors):
      let others = factors.filter { !isNumeric($0) }
      return others.count == 1 ? measured(in: others[0]) : side
    default: return side
    }
  }

  /// The least step at which sums over time begin.
  func lowestStart(in sides: [Expression]) -> Int? {
    var lowest: Int?
    for side in sides {
      visit(side) { _, node in
        if case .timeSum = node, let first = firstStep(ofSum: node) {
          lowest = min(lowest ?? first, first)
        }
      }
    }
    return lowest
  }
}
