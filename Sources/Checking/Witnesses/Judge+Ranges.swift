import Calculus
import Expressions
import Notation
import Numerics

/// Inequalities and intervals: ranges prove, or refute where they are tight; a point can only
/// refute, and is searched for.
extension Judge {
  /// `small < large` or `small ≤ large`, entry by entry.
  struct Order {
    var small: Expression
    var large: Expression
    var isStrict: Bool

    /// large − small
    func gap(in workspace: inout Workspace) -> Expression {
      let negative = workspace.expression(.negative(small))
      return workspace.expression(.sum([large, negative]))
    }
  }

  mutating func inequality(
    _ variant: Variant, _ claim: Claim, in workspace: inout Workspace
  ) -> Hearing {
    let orders = orders(variant, claim)
    guard !orders.isEmpty else { return Hearing(verdict: .undecided, code: .undecided) }
    var whole = Hearing(verdict: .proved, code: nil)
    for order in orders {
      var hearing = hear(order, variant, claim, in: &workspace)
      if hearing.verdict != .proved,
        let (spectral, claim) = readingSpectrally(order, claim, in: &workspace)
      {
        // A norm that the page leaves open is refuted in every meaning or not at all.
        let other = hear(spectral, variant, claim, in: &workspace)
        if other.verdict == .proved || hearing.verdict == .refuted { hearing = other }
      }
      if hearing.verdict != .proved { whole = hearing }
      if hearing.verdict == .refuted || hearing.code == .contradiction { return hearing }
      if whole.verdict == .proved { whole.numeric = hearing.numeric }
    }
    return whole
  }

  private func orders(_ variant: Variant, _ claim: Claim) -> [Order] {
    let (left, right) = (variant.left, variant.right)
    switch claim.sign {
    case .less: return [Order(small: left, large: right, isStrict: true)]
    case .lessOrEqual: return [Order(small: left, large: right, isStrict: false)]
    case .greater: return [Order(small: right, large: left, isStrict: true)]
    case .greaterOrEqual: return [Order(small: right, large: left, isStrict: false)]
    case .elementOf:
      guard let interval = claim.interval else { return [] }
      var orders: [Order] = []
      if let lower = interval.lower {
        orders.append(Order(small: lower, large: left, isStrict: !interval.lowerIsClosed))
      }
      if let upper = interval.upper {
        orders.append(Order(small: left, large: upper, isStrict: !interval.upperIsClosed))
      }
      return orders
    default: return []
    }
  }

  private mutating func hear(
    _ order: Order, _ variant: Variant, _ claim: Claim, in workspace: inout Workspace
  ) -> Hearing {
    let gap = order.gap(in: &workspace)
    let isProved =
      isProvedByRange(order, gap, variant, claim, in: workspace)
      || isProvedByNorms(order, variant, claim, in: &workspace)
      || isProvedOfDerivatives(order, variant, claim, in: &workspace)
    // One point that violates an order refutes it; it may be rare.
    let survey = survey(gap, at: isProved ? 24 : 80, variant, claim, in: workspace)
    if survey.isViolated {
      return Hearing(
        verdict: isProved ? .undecided : .refuted, code: isProved ? .contradiction : .refuted,
        counterexample: counterexample(to: order, gap, variant, claim, in: &workspace))
    }
    if isProved {
      guard survey.points > 0 else { return Hearing(verdict: .undecided, code: .noValidPoint) }
      return Hearing(
        verdict: .proved,
        numeric: NumericEvidence(points: survey.points, maximumRelativeError: 0))
    }
    let found = counterexample(to: order, gap, variant, claim, in: &workspace)
    if found != nil || order.isStrict && isAttained(gap, variant, claim, in: &workspace)
      || isRefutedByRange(order, gap, variant, claim, in: workspace)
    {
      return Hearing(verdict: .refuted, code: .refuted, counterexample: found)
    }
    return Hearing(verdict: .undecided, code: .undecided)
  }

  // MARK: Ranges

  private func isProvedByRange(
    _ order: Order, _ gap: Expression, _ variant: Variant, _ claim: Claim,
    in workspace: borrowing Workspace
  ) -> Bool {
    let (given, _) = knownRanges(claim, in: workspace)
    return !variant.domains.isEmpty
      && variant.domains.allSatisfy { domain in
        guard let range = range(order, gap, variant, domain, given, in: workspace) else {
          return false
        }
        return order.isStrict ? range.isPositive : range.lower >= 0
      }
  }

  /// Whether the range proves the order once its derivatives are taken.
  private mutating func isProvedOfDerivatives(
    _ order: Order, _ variant: Variant, _ claim: Claim, in workspace: inout Workspace
  ) -> Bool {
    guard [order.small, order.large].contains(where: { workspace.holds(.derivative, in: $0) }),
      variant.domains.count == 1
    else { return false }
    let key = SymbolicKey(
      setting: variant.setting, premises: claim.assumptions.map { $0.statement })
    var algebra = algebra(for: key, claim, in: &workspace)
    defer { symbolic[key] = algebra }
    var plain = order
    do throws(DerivativeProblem) {
      plain.small = try algebra.derived(order.small, for: variant.domains[0], in: &workspace)
      plain.large = try algebra.derived(order.large, for: variant.domains[0], in: &workspace)
    } catch {
      return false
    }
    return isProvedByRange(plain, plain.gap(in: &workspace), variant, claim, in: workspace)
  }

  private func isRefutedByRange(
    _ order: Order, _ gap: Expression, _ variant: Variant, _ claim: Claim,
    in workspace: borrowing Workspace
  ) -> Bool {
    let (given, isComplete) = knownRanges(claim, in: workspace)
    // A range knows nothing of properties: then a point must show the violation.
    let isFree = (workspace.variables(in: order.small) + workspace.variables(in: order.large))
      .allSatisfy { workspace[$0.symbol].properties.subtracting([.loss, .constant]).isEmpty }
    guard isFree, isComplete, let domain = variant.domains.first,
      let range = range(order, gap, variant, domain, given, in: workspace), range.isTight
    else { return false }
    return range.lower < 0 || order.isStrict && range.lower == 0 && range.lowerIsAttained
  }

  /// Whether the two sides meet, without any error, where all that is free is zero or one.
  private func isAttained(
    _ gap: Expression, _ variant: Variant, _ claim: Claim, in workspace: inout Workspace
  ) -> Bool {
    guard claim.assumptions.isEmpty else { return false }
    let model = theory[variant.setting].model
    var free: [Symbol] = []
    for root in [gap] + model.definitions.map({ $0.body }) {
      for variable in workspace.variables(in: root)
      where !model.computes(variable.symbol) && !free.contains(variable.symbol) {
        free.append(variable.symbol)
      }
    }
    guard free.allSatisfy({ workspace[$0].properties.subtracting([.loss, .constant]).isEmpty })
    else { return false }
    var witness = NumericWitness(model: model, domains: variant.domains, premises: [])
    witness.prepare([gap], in: workspace)
    guard var sample = witness.laboratories.first?.sample else { return false }
    sample.setSizes(of: Sample.dimensions(of: model, and: [gap], in: workspace), to: 1)
    var variables = free.map { Variable($0) }
    for definition in model.definitions where definition.time != nil {
      // What comes before a recurrence's first step.
      for back in 1...2 {
        if let first = definition.from {
          variables.append(Variable(definition.symbol, at: first - back))
        }
      }
    }
    return [0, 1].contains { value in
      let fixings = variables.map { variable in
        let shape = workspace[variable.symbol].shape
        let tensor = workspace.expression(value == 0 ? .zero(shape) : .ones(shape))
        return Laboratory.Fixing(
          variable, to: shape.isScalar ? workspace.number(value) : tensor)
      }
      let exact = workspace.exactValue(of: gap, at: sample, model: model, fixing: fixings)
      return exact?.entries.contains { $0.signum <= 0 } ?? false
    }
  }

  /// The range of large − small; a bound that is a number keeps the other side's range tight.
  private func range(
    _ order: Order, _ gap: Expression, _ variant: Variant, _ domain: [Time],
    _ given: [RangeAnalysis.Known], in workspace: borrowing Workspace
  ) -> ValueRange? {
    var analysis = RangeAnalysis(
      model: theory[variant.setting].model, given: given, domain: domain)
    func number(_ side: Expression) -> Double? {
      guard let value = workspace.enclosure(of: side), value.dimensions.isEmpty,
        value.lower == value.upper
      else { return nil }
      return value.lower[0]
    }
    if let bound = number(order.large) {
      return analysis.range(of: order.small, in: workspace).map { .point(bound) - $0 }
    }
    if let bound = number(order.small) {
      return analysis.range(of: order.large, in: workspace).map { $0 - .point(bound) }
    }
    return analysis.range(of: gap, in: workspace)
  }

  /// What the assumptions say of the entries of symbols; whether they say nothing else.
  func knownRanges(
    _ claim: Claim, in workspace: borrowing Workspace
  ) -> (given: [RangeAnalysis.Known], isComplete: Bool) {
    var given: [RangeAnalysis.Known] = []
    var isComplete = true
    for premise in claim.assumptions {
      if case .time = premise.content { continue }
      guard case .condition(let left, let sign, let right) = premise.content,
        let (variable, range) = workspace.rangeStated(left, sign, right)
      else {
        isComplete = false
        continue
      }
      let time = premise.isOfAllSteps ? nil : variable.time
      let isKnown = { (known: RangeAnalysis.Known) in
        known.symbol == variable.symbol && known.time == time
      }
      if let known = given.firstIndex(where: isKnown) {
        given[known].range = given[known].range.intersection(range)
      } else {
        given.append(RangeAnalysis.Known(variable.symbol, at: time, range))
      }
    }
    return (given, isComplete)
  }

  // MARK: Points

  /// At how many sampled points the order holds; whether it is violated at one of them, by more
  /// than the error of the numbers.
  private func survey(
    _ gap: Expression, at wanted: Int, _ variant: Variant, _ claim: Claim,
    in workspace: borrowing Workspace
  ) -> (points: Int, isViolated: Bool) {
    var witness = NumericWitness(
      model: theory[variant.setting].model, domains: variant.domains, premises: claim.assumptions)
    witness.wanted = wanted
    witness.prepare([gap], in: workspace)
    var points = 0
    for var laboratory in witness.laboratories {
      guard let measured = try? laboratory.measure(gap, in: workspace) else { continue }
      points += 1
      for (value, error) in zip(measured.values, measured.errors) where value < -1000 * error {
        return (points, true)
      }
    }
    return (points, false)
  }

  /// A point at which the order is violated: at the smallest sizes where one can be found.
  private func counterexample(
    to order: Order, _ gap: Expression, _ variant: Variant, _ claim: Claim,
    in workspace: inout Workspace
  ) -> Counterexample? {
    // A search leaves what is assumed, but for numbers that it lets stand where they may.
    guard let fixings = fixingNumbers(claim, in: &workspace) else { return nil }
    let model = theory[variant.setting].model
    var witness = NumericWitness(model: model, domains: variant.domains, premises: [])
    witness.wanted = 4
    witness.prepare([gap], in: workspace)
    let dimensions = Sample.dimensions(of: model, and: [gap], in: workspace)
    let bound = order.small == variant.left ? order.large : order.small
    let beside = [variant.left, claim.interval == nil ? variant.right : bound]
    for (size, fixing) in (dimensions.isEmpty ? [1] : [1, 2]).flatMap({ size in
      fixings.map { (size, $0) }
    }) {
      for laboratory in witness.laboratories.prefix(2) {
        var sample = laboratory.sample
        sample.drawing = .round
        sample.setSizes(of: dimensions, to: size)
        let start = Laboratory(model: model, sample: sample, fixing: fixing, in: workspace)
        guard
          let found = try? start.extreme(
            of: gap, upwards: false, goal: 0.05, beside: beside, in: workspace),
          found.value < -1000 * found.error, found.value < -1e-9
        else { continue }
        return Counterexample(found, sample, in: workspace)
      }
    }
    return nil
  }
}

extension Judge {
  /// Values of the numbers that assumptions leave a range, within it; nil where they say anything else.
  private func fixingNumbers(
    _ claim: Claim, in workspace: inout Workspace
  ) -> [[Laboratory.Fixing]]? {
    if claim.assumptions.isEmpty { return [[]] }
    let (given, isComplete) = knownRanges(claim, in: workspace)
    let model = theory[claim.setting].model
    guard isComplete,
      given.allSatisfy({
        $0.time == nil && workspace[$0.symbol].shape.isScalar && !model.computes($0.symbol)
      })
    else { return nil }
    var choices: [[Laboratory.Fixing]] = []
    for quarter in [1, 3] {
      var fixings: [Laboratory.Fixing] = []
      for known in given {
        let lower = max(known.range.lower, min(known.range.upper, 1) - 1)
        let upper = min(known.range.upper, lower + 1)
        let inner = lower + (upper - lower) * Double(quarter) / 4
        guard let scaled = Int(exactly: (inner * 1024).rounded()),
          case let value = Double(scaled) / 1024, value > known.range.lower,
          value < known.range.upper
        else { return nil }
        fixings.append(
          Laboratory.Fixing(
            Variable(known.symbol), to: workspace.number(Rational(scaled, over: 1024))))
      }
      choices.append(fixings)
    }
    return choices
  }
}

extension Counterexample {
  /// What a search found, with both sides beside it.
  init(_ found: Extreme, _ sample: Sample, in workspace: borrowing Workspace) {
    self.init(
      sizes: sample.sizes.map { (workspace.name(of: $0.symbol), $0.value) },
      times: sample.times.map { (workspace.name(of: $0.symbol), $0.value) },
      values: found.point.map { coordinate in
        Value(
          symbol: coordinate.symbol, time: coordinate.time, dimensions: coordinate.dimensions,
          entries: coordinate.values)
      },
      left: (found.beside[0].dimensions, found.beside[0].values),
      right: (found.beside[1].dimensions, found.beside[1].values))
  }
}

extension Workspace {
  /// `x > 0`, `0 \le x`, `|x| < 1`: the range that a relation leaves the entries of a symbol.
  fileprivate func rangeStated(
    _ left: Expression, _ sign: Formula.RelationSign, _ right: Expression
  ) -> (Variable, ValueRange)? {
    let turned: Formula.RelationSign
    switch sign {
    case .less: turned = .greater
    case .lessOrEqual: turned = .greaterOrEqual
    case .greater: turned = .less
    case .greaterOrEqual: turned = .lessOrEqual
    default: return nil
    }
    guard let bound = enclosure(of: right), bound.dimensions.isEmpty else {
      return enclosure(of: left) == nil ? nil : rangeStated(right, turned, left)
    }
    let isClosed = sign == .lessOrEqual || sign == .greaterOrEqual
    let isUpper = sign == .less || sign == .lessOrEqual
    switch self[left] {
    case .variable(let variable):
      return isUpper
        ? (
          variable,
          ValueRange(lower: -.infinity, upper: bound.upper[0], upperIsAttained: isClosed)
        )
        : (
          variable,
          ValueRange(lower: bound.lower[0], upper: .infinity, lowerIsAttained: isClosed)
        )
    case .apply(.absolute, 0, let argument) where isUpper:
      guard case .variable(let variable) = self[argument] else { return nil }
      return (
        variable,
        ValueRange(
          lower: -bound.upper[0], upper: bound.upper[0], lowerIsAttained: isClosed,
          upperIsAttained: isClosed)
      )
    default: return nil
    }
  }
}
