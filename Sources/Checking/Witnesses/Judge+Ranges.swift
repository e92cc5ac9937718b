import Expressions
import Notation
import Numerics

/// Inequalities by ranges, printed decimals by exact values.
extension Judge {
  /// Ranges prove, or refute where they are tight; points can only refute.
  mutating func inequality(
    _ variant: Variant, _ claim: Claim, in workspace: inout Workspace
  ) -> Hearing {
    var given: [(symbol: Symbol, range: ValueRange)] = []
    for premise in claim.assumptions {
      guard case .condition(let left, let sign, let right) = premise.content,
        case .variable(let variable) = workspace[left], case .number(let value) = workspace[right]
      else { continue }
      let number = value.approximation
      var range = ValueRange.reals
      switch sign {
      case .less: range = ValueRange(lower: -.infinity, upper: number, upperIsAttained: false)
      case .lessOrEqual: range = ValueRange(lower: -.infinity, upper: number)
      case .greater: range = ValueRange(lower: number, upper: .infinity, lowerIsAttained: false)
      case .greaterOrEqual: range = ValueRange(lower: number, upper: .infinity)
      default: continue
      }
      given.append((variable.symbol, range))
    }
    let (small, large, isStrict): (Expression, Expression, Bool)
    switch claim.sign {
    case .less: (small, large, isStrict) = (variant.left, variant.right, true)
    case .lessOrEqual: (small, large, isStrict) = (variant.left, variant.right, false)
    case .greater: (small, large, isStrict) = (variant.right, variant.left, true)
    case .greaterOrEqual: (small, large, isStrict) = (variant.right, variant.left, false)
    default: return Hearing(verdict: .undecided, code: .undecided)
    }
    var analysis = RangeAnalysis(model: theory[variant.setting].model, given: given)
    let gap = workspace.expression(
      .sum([large, workspace.expression(.negative(small))]))
    // A bound that is a number keeps the other side's range tight.
    let range: ValueRange?
    if workspace.isNumeric(large), let own = analysis.range(of: small, in: workspace),
      let bound = analysis.range(of: large, in: workspace), bound.lower == bound.upper
    {
      range = ValueRange(
        lower: bound.lower - own.upper, upper: bound.lower - own.lower,
        lowerIsAttained: own.upperIsAttained, upperIsAttained: own.lowerIsAttained,
        isTight: own.isTight)
    } else if workspace.isNumeric(small), let own = analysis.range(of: large, in: workspace),
      let bound = analysis.range(of: small, in: workspace), bound.lower == bound.upper
    {
      range = ValueRange(
        lower: own.lower - bound.lower, upper: own.upper - bound.lower,
        lowerIsAttained: own.lowerIsAttained, upperIsAttained: own.upperIsAttained,
        isTight: own.isTight)
    } else {
      range = analysis.range(of: gap, in: workspace)
    }
    guard let range else { return Hearing(verdict: .undecided, code: .undecided) }
    let holds = isStrict ? range.isPositive : range.lower >= 0
    if holds { return Hearing(verdict: .proved, code: nil) }
    let fails =
      isStrict ? range.lower <= 0 && range.lowerIsAttained || range.lower < 0 : range.lower < 0
    // A range knows nothing of properties: then a point must show the violation.
    let isFree = (workspace.variables(in: small) + workspace.variables(in: large)).allSatisfy {
      workspace[$0.symbol].properties.subtracting([.loss, .constant]).isEmpty
    }
    if fails,
      range.isTight && isFree && claim.assumptions.isEmpty
        || violates(gap, isStrict, variant, claim, in: workspace)
    {
      return Hearing(verdict: .refuted, code: .refuted)
    }
    return Hearing(verdict: .undecided, code: .undecided)
  }

  /// Whether some sampled point is on the wrong side, by more than the error of the numbers.
  private func violates(
    _ gap: Expression, _ isStrict: Bool, _ variant: Variant, _ claim: Claim,
    in workspace: borrowing Workspace
  ) -> Bool {
    var witness = NumericWitness(
      model: theory[variant.setting].model, domains: variant.domains, premises: claim.assumptions)
    witness.prepare([gap], in: workspace)
    for var laboratory in witness.laboratories {
      guard let measured = try? laboratory.measure(gap, in: workspace) else { continue }
      for (value, error) in zip(measured.values, measured.errors) where value < -1000 * error {
        return true
      }
    }
    return false
  }

  /// Printed decimals: equal to the digits shown; nil where none are printed.
  mutating func decimals(
    _ variant: inout Variant, in workspace: inout Workspace
  ) -> Hearing? {
    let isPrinted = [variant.left, variant.right].contains { side in
      workspace.contains(side) { if case .decimal = $0 { return true } else { return false } }
    }
    guard isPrinted else { return nil }
    let model = theory[variant.setting].model
    if let a = workspace.exactValue(of: variant.left, model: model),
      let b = workspace.exactValue(of: variant.right, model: model), a.entries == b.entries,
      a.dimensions == b.dimensions
    {
      return Hearing(verdict: .proved, code: nil)
    }
    switch workspace.printedAgreement(of: variant.left, and: variant.right, model: model) {
    case .equal:
      if !variant.readings.contains(.precision) { variant.readings.append(.precision) }
      return Hearing(verdict: .validated, code: nil)
    case .different: return Hearing(verdict: .refuted, code: .refuted)
    case .unclear: return nil
    }
  }
}
