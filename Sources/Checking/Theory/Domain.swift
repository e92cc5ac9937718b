import Documents
import Expressions
import Notation

/// For which times a relation is claimed.
extension Theory {
  /// A relation is claimed where every node that it names exists, no sum or product is reversed, no
  /// exponent in times changes its sign, and the later of two free times stands in the numerator. Stated
  /// ranges and conditions narrow that.
  ///
  /// - Parameter givesAll: whether nodes are taken to exist at all times, as if what nothing computes were given.
  func domains(
    of claim: Claim, _ statement: Statement, givesAll: Bool = false,
    in workspace: inout Workspace
  ) -> [[Time]] {
    var survey = DomainSurvey(setting: settings[claim.setting])
    survey.givesAll = givesAll
    let zeroSide =
      workspace.isZero(claim.left.expression) || workspace.isZero(claim.right.expression)
    survey.isOrdered = !zeroSide
    survey.add(claim.left.expression, in: workspace)
    survey.add(claim.right.expression, in: workspace)
    var stated: [Time] = []
    var reader = Elaborator(
      page: page.notation, table: SymbolTable(), layout: .numerator)
    let free =
      workspace.freeTimes(in: claim.left.expression)
      + workspace.freeTimes(in: claim.right.expression)
    for range in page.ranges
    where range.statement <= statement.index || range.block == statement.block {
      guard let known = page.notation.times.first(where: { $0.name == range.letter }),
        free.contains(known.symbol), latestRange(range.letter, statement) == range.statement
      else { continue }
      stated.append(Time(known.symbol) - reader.time(range.from, in: &workspace))
      stated.append(reader.time(range.through, in: &workspace) - Time(known.symbol))
    }
    for order in page.orders where isInForce(order, for: statement) {
      stated += conditions(order.formula, &reader, in: &workspace)
    }
    for condition in statement.conditions {
      stated += conditions(condition, &reader, in: &workspace)
    }
    if let head = statement.head, statement.conditions.isEmpty {
      for condition in page.statements[head].conditions {
        stated += conditions(condition, &reader, in: &workspace)
      }
    }
    for side in [claim.left.expression, claim.right.expression] {
      guard let steps = lossSteps(of: side, settings[claim.setting].model, in: workspace) else {
        continue
      }
      for limit in [steps.at - steps.from, steps.through - steps.at] where limit.literal == nil {
        let sign = limit.coefficient(of: steps.letter).signum()
        if stated.contains(where: { $0.coefficient(of: steps.letter).signum() == sign }) {
          continue
        }
        stated.append(limit)
      }
    }
    var cases = [stated]
    for condition in statement.conditions + statement.cases {
      guard let apart = distance(condition, free, &reader, in: &workspace) else { continue }
      cases = cases.flatMap { [$0 + [apart - 1], $0 + [apart.scaled(by: -1) - 1]] }
    }
    return survey.alternatives.flatMap { alternative in cases.map { (alternative, $0) } }.map {
      alternative, stated in
      var all = stated
      for time in survey.required + alternative where !all.contains(time) && !time.isAlwaysTrue {
        all.append(time)
      }
      return all
    }
  }

  /// A loss that is summed over steps speaks of those: `∂L/∂h_t` as a whole side, for any t, stands
  /// for the steps of the sum.
  private func lossSteps(
    of side: Expression, _ model: Model, in workspace: borrowing Workspace
  ) -> (letter: TimeSymbol, at: Time, from: Time, through: Time)? {
    switch workspace[side] {
    case .transpose(let operand), .negative(let operand), .entry(let operand, _):
      return lossSteps(of: operand, model, in: workspace)
    case .product(let factors):
      for factor in factors {
        if let steps = lossSteps(of: factor, model, in: workspace) { return steps }
      }
      return nil
    default: break
    }
    guard case .derivative(let above, let below, _) = workspace[side],
      case .variable(let total) = workspace[above], total.time == nil,
      case .variable(let node) = workspace[workspace.whole(of: below)], let at = node.time,
      let letter = at.symbol,
      let body = model.definition(of: total.symbol)?.body
    else { return nil }
    var terms = [body]
    if case .sum(let own) = workspace[body] { terms = own }
    var ranges: [(from: Time, through: Time)] = []
    for term in terms {
      if case .timeSum(_, let from, let through, _) = workspace[term] {
        ranges.append((from, through))
      }
    }
    guard ranges.count == 1 else { return nil }
    return (letter, at, ranges[0].from, ranges[0].through)
  }

  /// Whether an order above speaks of a claim: one made in passing holds in its paragraph, until the
  /// same steps are ordered anew or behind the claim itself.
  private func isInForce(_ order: Page.Order, for statement: Statement) -> Bool {
    guard order.statement <= statement.index else { return false }
    guard order.isPassing else { return true }
    guard order.block == statement.block else { return false }
    let steps = order.formula.orderedLetters
    if statement.conditions.contains(where: { $0.orderedLetters == steps }) { return false }
    return !page.orders.contains { later in
      later.statement > order.statement && later.statement <= statement.index && later.isPassing
        && later.block == order.block && later.formula.orderedLetters == steps
        && page.statements[order.statement..<later.statement].contains { $0.role == .claim }
    }
  }

  private func latestRange(_ letter: String, _ statement: Statement) -> Int? {
    let own = page.ranges.filter { $0.letter == letter }
    return (own.last { $0.statement <= statement.index } ?? own.first)?.statement
  }

  /// `j ≠ i` for two free times: how far they lie apart.
  private func distance(
    _ condition: Formula, _ free: [TimeSymbol], _ reader: inout Elaborator,
    in workspace: inout Workspace
  ) -> Time? {
    guard case .relations(let left, let members) = condition.unfenced.kind, members.count == 1,
      members[0].sign == .notEqual, let a = AffineLetters(left),
      let b = AffineLetters(members[0].formula), isTimeCondition(a), isTimeCondition(b)
    else { return nil }
    let apart = reader.time(a, in: &workspace) - reader.time(b, in: &workspace)
    return apart.terms.count == 2 && apart.terms.allSatisfy({ free.contains($0.symbol) })
      ? apart : nil
  }

  /// `k > t`, `t ≥ 2`, `1 ≤ k < t` as times that are ≥ 0.
  private func conditions(
    _ formula: Formula, _ reader: inout Elaborator, in workspace: inout Workspace
  ) -> [Time] {
    guard case .relations(let first, let members) = formula.kind else { return [] }
    var result: [Time] = []
    var sides = [first]
    if case .list(let items) = first.kind { sides = items }
    for member in members {
      var right = [member.formula]
      if case .list(let items) = member.formula.kind {
        if items.contains(where: { if case .dots = $0.kind { return true } else { return false } }),
          let low = items.first, let high = items.last, let a = AffineLetters(low),
          let b = AffineLetters(high), let left = sides.first.flatMap({ AffineLetters($0) }),
          isTimeCondition(left)
        {
          let time = reader.time(left, in: &workspace)
          result.append(time - reader.time(a, in: &workspace))
          result.append(reader.time(b, in: &workspace) - time)
          continue
        }
        right = items
      }
      for left in sides {
        for side in right {
          guard let a = AffineLetters(left), let b = AffineLetters(side), isTimeCondition(a),
            isTimeCondition(b)
          else { continue }
          let difference = reader.time(b, in: &workspace) - reader.time(a, in: &workspace)
          switch member.sign {
          case .less: result.append(difference - 1)
          case .lessOrEqual: result.append(difference)
          case .greater: result.append(difference.scaled(by: -1) - 1)
          case .greaterOrEqual: result.append(difference.scaled(by: -1))
          case .equal: result += [difference, difference.scaled(by: -1)]
          default: break
          }
        }
      }
      sides = right
    }
    return result
  }

  private func isTimeCondition(_ affine: AffineLetters) -> Bool {
    for term in affine.terms where !page.notation.lexicon.isIntegerLetter(term.letter) {
      return false
    }
    return true
  }
}

/// What an expression demands of its free times.
struct DomainSurvey {
  let setting: Setting
  var isOrdered = true
  var givesAll = false
  private(set) var required: [Time] = []
  /// Cases: where a sum has members, and where it is empty.
  private(set) var alternatives: [[Time]] = [[]]

  init(setting: Setting) { self.setting = setting }

  mutating func add(_ root: Expression, in workspace: borrowing Workspace) {
    walk(root, [], in: workspace)
  }

  private mutating func require(_ time: Time, _ bound: [TimeSymbol]) {
    for term in time.terms where bound.contains(term.symbol) { return }
    if !required.contains(time) { required.append(time) }
  }

  private mutating func walk(
    _ root: Expression, _ bound: [TimeSymbol], in workspace: borrowing Workspace
  ) {
    let node = workspace[root]
    switch node {
    case .variable(let variable):
      if let time = variable.time {
        for limit in existence(of: variable.symbol, at: time, in: workspace) {
          require(limit, bound)
        }
      }
      if let copy = variable.copy {
        for limit in copyExistence(of: variable.symbol, at: copy, in: workspace) {
          require(limit, bound)
        }
      }
    case .power(_, let exponent):
      if case .timeValue(let time) = workspace[exponent] {
        // W^{-t} is written of an inverse.
        let falls =
          !time.terms.isEmpty && time.terms.allSatisfy { time.coefficient(of: $0.symbol) < 0 }
        if !falls {
          require(time, bound)
        } else if time.constant <= 0 {
          require(time.scaled(by: -1), bound)
        }
      }
    case .timeSum(let symbol, let from, let through, let body),
      .timeProduct(let symbol, let from, let through, let body, _):
      require(through - from + 1, bound)
      if bound.isEmpty { branch(symbol, from, through, body, in: workspace) }
      walk(body, bound + [symbol], in: workspace)
      return
    case .derivative(let a, let b, _):
      if isOrdered, case .variable(let later) = workspace[workspace.whole(of: a)],
        case .variable(let earlier) = workspace[workspace.whole(of: b)], let t = later.time,
        let k = earlier.time ?? earlier.copy, let second = k.symbol,
        t.symbol != nil || t.literal != nil
      {
        let isOfOneLetter = t.symbol == second
        if isOfOneLetter, (t - k).literal.map({ $0 > 1 }) == true, earlier.copy == nil,
          let last = lastGiven(of: earlier.symbol, in: workspace)
        {
          require(k - last, bound)
        }
        // `∂h_t/∂z_t` speaks of the equation of h_t, not of a start that is given instead.
        if isOfOneLetter, earlier.copy == nil, !setting.model.instances(of: later.symbol).isEmpty,
          let from = setting.model.definition(of: later.symbol)?.from
        {
          require(t - from, bound)
        }
        if isOfOneLetter { break }
        switch setting.model.direction(from: later.symbol, to: earlier.symbol, in: workspace) {
        case .past: require(t - k, bound)
        case .future: require(k - t, bound)
        case .both: break
        }
      }
    default: break
    }
    for child in node.children { walk(child, bound, in: workspace) }
  }

  /// Where a sum has members its first and last must exist.
  private mutating func branch(
    _ symbol: TimeSymbol, _ from: Time, _ through: Time, _ body: Expression,
    in workspace: borrowing Workspace
  ) {
    var limits: [Time] = []
    for variable in workspace.variables(in: body) {
      for (time, isCopy) in [(variable.time, false), (variable.copy, true)] {
        guard let time, time.contains(symbol) else { continue }
        for end in [from, through] {
          let at = time.substituting(symbol, by: end)
          let own =
            isCopy
            ? copyExistence(of: variable.symbol, at: at, in: workspace)
            : existence(of: variable.symbol, at: at, in: workspace)
          for limit in own where !limits.contains(limit) && !limit.isAlwaysTrue {
            var isFree = true
            for term in limit.terms where isBound(term.symbol, body, in: workspace) {
              isFree = false
            }
            if isFree { limits.append(limit) }
          }
        }
      }
    }
    if limits.isEmpty { return }
    let members = through - from
    let empty = [members + 1, members.scaled(by: -1) - 1]
    if members.literal.map({ $0 >= 0 }) == true || alternatives.count >= 4 {
      alternatives = alternatives.map { $0 + limits }
      return
    }
    alternatives = alternatives.map { $0 + [members] + limits } + alternatives.map { $0 + empty }
  }

  private func isBound(
    _ symbol: TimeSymbol, _ body: Expression, in workspace: borrowing Workspace
  ) -> Bool {
    !workspace.freeTimes(in: body).contains(symbol)
      && workspace.contains(body) { node in
        switch node {
        case .timeSum(let own, _, _, _), .timeProduct(let own, _, _, _, _): return own == symbol
        default: return false
        }
      }
  }

  /// A node exists where its equation computes it, or where an equation inside its range reads it.
  private func existence(
    of symbol: Symbol, at time: Time, in workspace: borrowing Workspace
  ) -> [Time] {
    for instance in setting.model.instances(of: symbol) where instance.instance == time {
      return []
    }
    var lows: [Time] = []
    var highs: [Time] = []
    var isOpenBelow = false
    var isOpenAbove = false
    var isMentioned = false
    if givesAll { return [] }
    if let own = setting.model.definition(of: symbol) {
      isMentioned = true
      if let from = own.from { lows.append(from) } else { isOpenBelow = true }
      if let through = own.through { highs.append(through) } else { isOpenAbove = true }
    }
    for instance in setting.model.instances(of: symbol) {
      if let at = instance.instance {
        lows.append(at)
        highs.append(at)
        isMentioned = true
      }
    }
    for definition in setting.model.definitions {
      if let formal = definition.time {
        for variable in workspace.variables(in: definition.body) where variable.symbol == symbol {
          guard let at = variable.time else { continue }
          if at.symbol == formal {
            isMentioned = true
            if let from = definition.from {
              lows.append(from + at.constant)
            } else {
              isOpenBelow = true
            }
            if let through = definition.through {
              highs.append(through + at.constant)
            } else {
              isOpenAbove = true
            }
          }
        }
      } else if definition.instance != nil {
        for variable in workspace.variables(in: definition.body) where variable.symbol == symbol {
          if let at = variable.time, at.literal != nil {
            lows.append(at)
            highs.append(at)
            isMentioned = true
          }
        }
      } else {
        // What is only summed exists where the sum runs.
        let free = workspace.freeTimes(in: definition.body)
        workspace.visit(definition.body) { _, node in
          guard case .timeSum(let letter, let from, let through, let body) = node,
            (from.terms + through.terms).allSatisfy({ free.contains($0.symbol) })
          else { return }
          for variable in workspace.variables(in: body) where variable.symbol == symbol {
            guard let at = variable.time, at.symbol == letter else { continue }
            lows.append(from + at.constant)
            highs.append(through + at.constant)
            isMentioned = true
          }
        }
      }
    }
    guard isMentioned else { return [] }
    var limits: [Time] = []
    if !isOpenBelow, let low = least(lows) { limits.append(time - low) }
    if !isOpenAbove, let high = greatest(highs) { limits.append(high - time) }
    return limits
  }

  /// The last of several states before the first computed one: what lies before it reaches a later
  /// state past the given ones between them.
  private func lastGiven(of symbol: Symbol, in workspace: borrowing Workspace) -> Time? {
    guard let own = setting.model.definition(of: symbol), let formal = own.time,
      let from = own.from
    else { return nil }
    let isGivenTwice = workspace.variables(in: own.body).contains { variable in
      guard variable.symbol == symbol, let time = variable.time else { return false }
      return (time - Time(formal)).literal.map { $0 < -1 } ?? false
    }
    return isGivenTwice ? from - 1 : nil
  }

  private func copyExistence(
    of symbol: Symbol, at time: Time, in workspace: borrowing Workspace
  ) -> [Time] {
    var limits: [Time] = []
    for definition in setting.model.definitions where definition.time != nil {
      guard workspace.variables(in: definition.body).contains(where: { $0.symbol == symbol })
      else { continue }
      if let from = definition.from { limits.append(time - from) }
      if let through = definition.through { limits.append(through - time) }
    }
    return limits
  }

  /// The least of times that differ by constants; nil if they cannot be compared.
  private func least(_ times: [Time]) -> Time? {
    guard var best = times.first else { return nil }
    for time in times.dropFirst() {
      guard let difference = (time - best).literal else { continue }
      if difference < 0 { best = time }
    }
    return best
  }
  private func greatest(_ times: [Time]) -> Time? {
    guard var best = times.first else { return nil }
    for time in times.dropFirst() {
      guard let difference = (time - best).literal else { continue }
      if difference > 0 { best = time }
    }
    return best
  }
}

extension Workspace {
  /// What an entry is one of.
  fileprivate func whole(of expression: Expression) -> Expression {
    if case .entry(let operand, _) = self[expression] { return operand }
    return expression
  }
}

extension Time {
  var isAlwaysTrue: Bool { literal.map { $0 >= 0 } ?? false }
}
