import Algebra
import Documents
import Expressions
import Notation
import Numerics

/// One claim under one combination of readings: closed, typed, heard by both witnesses.
extension Judge {
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
    if !setting.repairs.isEmpty || statement.isRepaired || setting.rests(onRepairsOf: theory.page) {
      judged.readings.append(.repaired)
    }
    if let failure = setting.mismatch {
      judged.mismatch = failure.mismatch
      judged.hearing.code = .definitionIllTyped
      return judged
    }
    do throws(ShapeMismatch) {
      try fit(&claim, &variant, in: &workspace)
    } catch {
      judged.mismatch = error
      judged.hearing =
        claim.space == nil && awaitsDefinition(variant, in: workspace)
        ? Hearing(verdict: .undecided, code: .opaqueSetEqual)
        : Hearing(verdict: .illTyped, code: Judge.code(of: error))
      return judged
    }
    judged.left = variant.left
    judged.right = variant.right
    if claim.sign == .elementOf, claim.space == nil, claim.interval == nil { return judged }
    if claim.space != nil {
      judged.hearing = Hearing(verdict: .proved, code: nil)
      return judged
    }
    if isCrossed(variant.left, setting, in: workspace)
      || isCrossed(variant.right, setting, in: workspace)
    {
      return judged
    }
    if workspace.isElided(variant.left) || workspace.isElided(variant.right) {
      judged.hearing.code = .unreadFormula
      return judged
    }
    let isZeroWritten = workspace.isZero(variant.left) || workspace.isZero(variant.right)
    if let absent = absentDenominator(variant, in: workspace),
      !isZeroWritten || theory[variant.setting].idle.contains(absent)
        || hasNamesakes(absent, variant, in: workspace) || isStrange(absent, claim, setting)
    {
      judged.absent = absent
      judged.hearing.code = .absentSymbol
      return judged
    }
    let key = NumericKey(
      setting: variant.setting, domains: variant.domains,
      premises: claim.assumptions.map { $0.statement })
    let whole = HearingKey(
      left: workspace.inOneLayout(variant.left), right: workspace.inOneLayout(variant.right),
      sign: claim.sign, interval: claim.interval, diverges: claim.diverges, numeric: key)
    if let known = heard[whole] ?? (asksOnlyWhether ? rejected[whole] : nil) {
      judged.hearing = known.hearing
      judged.readings += known.readings.filter { $0 == .precision }
      return judged
    }
    judged.hearing = hear(&variant, claim, key, isZeroWritten, in: &workspace)
    if variant.readings.contains(.precision) { judged.readings.append(.precision) }
    if !claim.strangers.isEmpty, !judged.hearing.verdict.isAccepted {
      judged.hearing.verdict = .undecided
      judged.hearing.code = .unknownSymbol
    }
    if judged.hearing.verdict.isAccepted, setting.isCircular,
      !workspace.derivatives(in: variant.left).isEmpty
        || !workspace.derivatives(in: variant.right).isEmpty
    {
      judged.hearing.verdict = .undecided
      judged.hearing.code = .opaqueSetEqual
    }
    if !asksOnlyWhether || judged.hearing.verdict.isAccepted {
      heard[whole] = judged
    } else {
      rejected[whole] = judged
    }
    return judged
  }

  mutating func hear(
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
    case .arrow: return limit(variant, claim, in: &workspace)
    default: return Hearing(verdict: .undecided, code: .undecided)
    }
  }

  mutating func equality(
    _ variant: inout Variant, _ claim: Claim, _ key: NumericKey, _ isZeroWritten: Bool,
    in workspace: inout Workspace
  ) -> Hearing {
    if let exact = decimals(&variant, in: &workspace) { return exact }
    let model = theory[variant.setting].model
    // Taken out, so that nothing is copied when it changes.
    var numbers =
      numeric.removeValue(forKey: key)
      ?? NumericWitness(model: model, domains: variant.domains, premises: claim.assumptions)
    numbers.allowsTies = statesEquality(claim.statement)
    numbers.beginsByReading = variant.readings.contains(.initialState)
    let before = numbers.work
    let testimony = numbers.compare(
      variant.left, variant.right, showing: asksOnlyWhether ? 2 : 3, in: workspace)
    work += max(0, numbers.work - before)
    if asksOnlyWhether, case .disagrees(_, _, let sample) = testimony {
      numeric[key] = numbers
      return Hearing(verdict: .refuted, code: .refuted, sample: sample)
    }
    let premises = SymbolicKey(setting: key.setting, premises: key.premises)
    var algebra = algebra(for: premises, claim, in: &workspace)
    algebra.namesSlopes = namesSlopes([variant.left, variant.right], in: workspace)
    var isRefuted = false
    if case .disagrees = testimony { isRefuted = true }
    let proof = algebra.compare(
      variant.left, variant.right, for: variant.domains, isBrief: isRefuted, in: &workspace)
    let isFormula =
      isRefuted
      && (theory[variant.setting].isAmbiguous || theory[variant.setting].isCircular
        || restsOnAmbiguous(variant, &algebra, in: &workspace)
        || !isZeroWritten && setsOpaqueEqual(variant, &algebra, in: &workspace))
    let hearing = Gate.verdict(
      symbolic: proof, numeric: testimony, isFormulaForOpaque: isFormula,
      isZeroWritten: isZeroWritten,
      isSensitive: { true })
    if hearing.verdict == .validated {
      var strict = numbers
      strict.discardPointsThatLoseToRounding(variant.left, variant.right, in: workspace)
      let testimony = strict.compare(variant.left, variant.right, in: workspace)
      // Beyond kinks that no point lies behind anything may be true.
      var kinked = kinked(variant, in: workspace)
      for side in [variant.left, variant.right] {
        guard
          let plain = try? algebra.derived(
            side, for: variant.domains.first ?? [], in: &workspace)
        else { continue }
        kinked.append(plain)
      }
      let notices =
        strict.seesAllSides(ofKinksIn: kinked, in: &workspace)
        && Sensitivity.isSensitive(
          variant.left, variant.right, &strict, &algebra, for: variant.domains, in: &workspace)
      numeric[key] = numbers
      symbolic[premises] = algebra
      return Gate.verdict(
        symbolic: proof, numeric: testimony, isFormulaForOpaque: isFormula,
        isZeroWritten: isZeroWritten, isSensitive: { notices })
    }
    numeric[key] = numbers
    symbolic[premises] = algebra
    return hearing
  }

  /// The symbolic witness of a claim's premises, taken out, so that nothing is copied when it changes.
  mutating func algebra(
    for key: SymbolicKey, _ claim: Claim, in workspace: inout Workspace
  ) -> SymbolicWitness {
    symbolic.removeValue(forKey: key)
      ?? SymbolicWitness(
        model: theory[key.setting].model, premises: claim.assumptions, in: &workspace)
  }

  /// A quick look at a candidate at some of the claim's points. That both sides are nothing says
  /// something only where a side is written 0.
  mutating func quicklyAgrees(
    _ left: Expression, _ right: Expression, _ judged: Judged, in workspace: borrowing Workspace
  ) -> Bool {
    let isZeroWritten = workspace.isZero(left) || workspace.isZero(right)
    return asking(judged) { numbers in
      numbers.quicklyAgrees(left, right, countsNothing: isZeroWritten, in: workspace)
    }
  }

  /// By which number a part of the right side would have to be multiplied.
  mutating func ratio(
    of left: Expression, to right: Expression, beside rest: Expression?, _ judged: Judged,
    in workspace: borrowing Workspace
  ) -> Rational? {
    asking(judged) { numbers in numbers.ratio(of: left, to: right, beside: rest, in: workspace) }
  }

  /// Keeps what is measured of two sides, so that candidates that share their parts are cheap.
  mutating func keep(
    _ left: Expression, _ right: Expression, _ judged: Judged, in workspace: borrowing Workspace
  ) {
    asking(judged) { numbers in numbers.keep([left, right], in: workspace) }
  }

  private mutating func asking<Answer>(
    _ judged: Judged, _ question: (inout NumericWitness) -> Answer
  ) -> Answer {
    let key = NumericKey(
      setting: judged.setting, domains: judged.domains,
      premises: judged.claim.assumptions.map { $0.statement })
    var numbers =
      numeric.removeValue(forKey: key)
      ?? NumericWitness(
        model: theory[judged.setting].model, domains: judged.domains,
        premises: judged.claim.assumptions)
    let before = numbers.work
    let answer = question(&numbers)
    work += max(0, numbers.work - before)
    numeric[key] = numbers
    return answer
  }

  /// Whether a condition beside a statement fixes one time by another: `k = t`.
  private func statesEquality(_ statement: Int) -> Bool {
    let page = theory.page
    guard page.statements.indices.contains(statement) else { return false }
    let own = page.statements[statement]
    for condition in own.conditions + page.orders.map({ $0.formula }) {
      guard case .relations(_, let members) = condition.kind else { continue }
      if members.contains(where: { $0.sign == .equal && AffineLetters($0.formula) != nil }) {
        return true
      }
    }
    return false
  }

  /// A second derivative first by one node and then by another that is computed from it, or the
  /// other way round: whether the inner one is taken before or after the outer node is cut off is
  /// not told by what is written.
  private func isCrossed(
    _ root: Expression, _ setting: Setting, in workspace: borrowing Workspace
  ) -> Bool {
    for outer in workspace.derivatives(in: root) {
      for inner in workspace.derivatives(in: outer.of) where inner.by != outer.by {
        let computed = (workspace.variables(in: inner.by) + workspace.variables(in: outer.by))
          .contains { setting.model.computes($0.symbol) }
        if computed { return true }
      }
    }
    return false
  }

  /// What a kink could hide in: both sides, and equations without a time.
  private func kinked(_ variant: Variant, in workspace: borrowing Workspace) -> [Expression] {
    [variant.left, variant.right]
      + theory[variant.setting].model.definitions.filter { $0.time == nil }.map { $0.body }
  }
}

extension Workspace {
  /// The derivatives of numbers by numbers are the same in every layout.
  fileprivate mutating func inOneLayout(_ root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .derivative(let above, let below, var intervention) = workspace[expression],
        intervention.layout != .numerator,
        (try? workspace.shape(of: above))?.isScalar == true,
        (try? workspace.shape(of: below))?.isScalar == true
      else { return nil }
      intervention.layout = .numerator
      return workspace.expression(.derivative(of: above, by: below, intervention))
    }
  }
}
