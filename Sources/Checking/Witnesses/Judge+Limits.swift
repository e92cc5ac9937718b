import Expressions
import Notation
import Numerics

/// Limits of powers, by the spectrum of what is raised.
extension Judge {
  /// `M^n → L`, `‖M^n‖ → ∞`; undecided for everything that is no power of a known matrix.
  func limit(
    _ variant: Variant, _ claim: Claim, in workspace: inout Workspace
  ) -> Hearing {
    let undecided = Hearing(verdict: .undecided, code: .undecided)
    func hearing(_ holds: Bool?) -> Hearing {
      guard let holds else { return undecided }
      return Hearing(verdict: holds ? .proved : .refuted, code: holds ? nil : .refuted)
    }
    var power = variant.left
    var isMeasured = false
    switch workspace[power] {
    case .tensorFunction(let function, let operand) where function.isNorm:
      (power, isMeasured) = (operand, true)
    case .apply(.absolute, 0, let operand): (power, isMeasured) = (operand, true)
    default: break
    }
    guard case .power(let base, let exponent) = workspace[power],
      case .timeValue(let time) = workspace[exponent], let step = time.symbol,
      !workspace.freeTimes(in: base).contains(step)
    else { return undecided }
    let model = theory[variant.setting].model
    guard let value = workspace.exactValue(of: base, model: model) else {
      let vanishes = vanishes(base, variant, claim, in: workspace)
      if workspace.isZero(variant.right), !claim.diverges { return hearing(vanishes) }
      let other = workspace.exactValue(of: variant.right, model: model)
      let isOther = claim.diverges || other?.entries.contains { !$0.isZero } ?? false
      return vanishes == true && isOther ? hearing(false) : undecided
    }
    guard claim.assumptions.isEmpty, let powers = MatrixPowers(value) else { return undecided }
    if claim.diverges { return hearing(powers.grow) }
    if workspace.isZero(variant.right) { return hearing(powers.vanish) }
    if isMeasured { return undecided }
    if case .identity = workspace[variant.right] {
      return hearing(powers.tend(to: powers.identity))
    }
    guard let value = workspace.exactValue(of: variant.right, model: model),
      let goal = MatrixPowers(value)
    else { return undecided }
    return hearing(powers.tend(to: goal))
  }

  /// Whether the powers of a number vanish that is only known to lie in some range; nil where the
  /// range does not tell.
  private func vanishes(
    _ base: Expression, _ variant: Variant, _ claim: Claim, in workspace: borrowing Workspace
  ) -> Bool? {
    guard (try? workspace.shape(of: base))?.isScalar == true else { return nil }
    let (given, isComplete) = knownRanges(claim, in: workspace)
    var analysis = RangeAnalysis(
      model: theory[variant.setting].model, given: given, domain: variant.domains.first ?? [])
    guard let range = analysis.range(of: base, in: workspace) else { return nil }
    let inside = ValueRange(
      lower: -1, upper: 1, lowerIsAttained: false, upperIsAttained: false)
    // A number of its own lies at a fixed distance below one.
    if range.isContained(in: inside), case .variable(let variable) = workspace[base],
      variable.time == nil, !theory[variant.setting].model.computes(variable.symbol)
    {
      return true
    }
    let isFree = workspace.variables(in: base).allSatisfy {
      workspace[$0.symbol].properties.subtracting([.constant]).isEmpty
    }
    return range.isTight && isComplete && isFree && !range.isContained(in: inside) ? false : nil
  }
}
