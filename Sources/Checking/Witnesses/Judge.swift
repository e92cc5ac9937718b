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
  /// The index of a sum or product over what does not contain it, free on the other side.
  var stray: TimeSymbol?
  /// For which of several names it was judged, where one of the claim stands for any of them.
  var member: String?
  /// Whether a line above that does not hold says what one of its names is.
  var restsOnRejected = false
}

/// Judges the claims of one page, one at a time.
struct Judge: ~Copyable {
  var theory: Theory
  var symbolic: [SymbolicKey: SymbolicWitness] = [:]
  var numeric: [NumericKey: NumericWitness] = [:]
  var heard: [HearingKey: Judged] = [:]
  /// What was heard only as long as it was open whether it holds.
  var rejected: [HearingKey: Judged] = [:]
  /// Whether it is asked no more than whether a relation holds: of what the numbers refute no
  /// difference is sought.
  var asksOnlyWhether = false
  /// How much the numeric witnesses have run so far.
  var work = 0

  struct SymbolicKey: Hashable {
    var setting: Int
    var premises: [Int]
  }
  struct NumericKey: Hashable {
    var setting: Int
    var domains: [[Time]]
    var premises: [Int]
  }
  struct HearingKey: Hashable {
    var left: Expression
    var right: Expression
    var sign: Formula.RelationSign
    var interval: ClaimedInterval?
    var diverges: Bool
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
      premises += theory.premises(assumption, in: claim.setting, &workspace)
    }
    if !premises.isEmpty { claim = theory.assuming(premises, claim, in: &workspace) }
    claim = merging(claim, statement.conditions + statement.cases, in: &workspace)
    let literal = try evaluate(base(claim), statement, in: &workspace)
    if statement.sign == .notEqual {
      return try mayBeEqual(literal, statement, layout, in: &workspace) ?? literal
    }
    if literal.hearing.verdict.isAccepted { return literal }
    if statement.holdsAllGates, statement.holdsCandidates {
      var narrow = statement
      narrow.holdsCandidates = false
      let judged = try judge(narrow, layout: layout, in: &workspace)
      if judged.hearing.verdict.isAccepted { return judged }
    }
    if statement.isUpToFactor {
      return upToFactor(literal, claim, statement, in: &workspace) ?? literal
    }
    if let judged = inCase(literal, claim, statement, in: &workspace) { return judged }
    if let beyond = try withAllNodes(literal, claim, statement, in: &workspace) { return beyond }
    if let stray = workspace.strayIndex(claim.left.expression, claim.right.expression) {
      return Judged(
        claim: claim, left: claim.left.expression, right: claim.right.expression,
        domains: claim.domains, setting: claim.setting,
        hearing: Hearing(verdict: .illTyped, code: .strayIndex), readings: [], stray: stray)
    }
    if let step = try inductiveStep(claim, statement, in: &workspace) { return step }
    let licensed = ReadingOptions(theory: theory, statement: statement, page: theory.page)
      .licensed(claim, in: workspace)
    // What a reading makes vanish it does not rescue, but `∂h_0/∂W = 0` says where the states start.
    let isNothing =
      workspace.isZero(claim.left.expression) || workspace.isZero(claim.right.expression)
    if isNothing {
      for option in licensed where startsBehind(claim, option, in: workspace) {
        var variant = base(claim)
        apply(option, to: &variant, in: &workspace)
        if let judged = accepting(variant, statement, in: &workspace) { return judged }
      }
      if !claim.sign.isOrder { return literal }
    }
    var options = isNothing ? [] : licensed
    if !isNothing, let copy = copyOption(claim, in: workspace) { options.append(copy) }
    // A derivative that is always 0 is a slip, which a reading would only hide.
    let idleness = Idleness(base(claim), theory[claim.setting].model, in: workspace)
    let isIdle = [claim.left.expression, claim.right.expression].contains {
      idleness.vanishing(in: $0, workspace) != nil
    }
    if isIdle { options.removeAll { $0.reading.isSemantic } }
    for choice in combinations(options) {
      var variant = base(claim)
      for option in choice { apply(option, to: &variant, in: &workspace) }
      if let judged = accepting(variant, statement, in: &workspace) { return judged }
    }
    var placed: Variant?
    if literal.mismatch != nil || addsNumbersToMatrices(claim, in: &workspace) {
      var closed = base(claim)
      closeElided(&closed, statement, in: &workspace)
      var written = claim
      (written.left.expression, written.right.expression) = (closed.left, closed.right)
      for (variant, reading) in placements(written, in: &workspace) {
        for choice in [[]] + combinations(options) {
          var read = variant
          read.readings = closed.readings
          for option in choice { apply(option, to: &read, in: &workspace) }
          read.readings.append(reading)
          placed = placed ?? read
          if let judged = accepting(read, statement, in: &workspace) { return judged }
        }
      }
    }
    var open: Judged?
    for group in leanings(far) {
      var borrowed: [Premise] = []
      var isUsable = true
      for assumption in group {
        let own = theory.premises(assumption, in: claim.setting, &workspace)
        switch own.first?.content {
        case nil, .size: isUsable = false
        case .time(let symbol, let value):
          // A number of steps is no assumption that a line could lean on from afar, unless it writes
          // the steps of its section out up to there.
          isUsable =
            isUsable && assumption.section == statement.section
            && writesOut(claim, symbol, through: value, in: workspace)
          borrowed += own
        default: borrowed += own
        }
      }
      guard isUsable else { continue }
      let leaning = theory.assuming(premises + borrowed, claim, in: &workspace)
      var choices: [[ReadingOptions.Option]] = [[]]
      if case .time = borrowed.first?.content {
        choices += combinations(
          ReadingOptions(theory: theory, statement: statement, page: theory.page)
            .licensed(leaning, in: workspace))
      }
      for choice in choices {
        var variant = base(leaning)
        for option in choice { apply(option, to: &variant, in: &workspace) }
        variant.readings.append(.assumed)
        variant.borrowed = group.map { $0.index }
        if let judged = accepting(variant, statement, in: &workspace) { return judged }
        // What fails only where a range said above is left is not refuted.
        if open == nil, claim.sign.isOrder, literal.hearing.verdict == .refuted,
          knownRanges(leaning, in: workspace).isComplete,
          case let judged = try evaluate(variant, statement, in: &workspace),
          judged.hearing.verdict == .undecided
        {
          open = judged
        }
      }
    }
    // A vector before a matrix is how people write a diagonal one; a vector for a whole Jacobian, or
    // added to a matrix, is a slip of its own.
    if literal.mismatch?.place == .factors, let placed,
      case let judged = try evaluate(placed, statement, in: &workspace),
      judged.hearing.verdict == .refuted
    {
      return judged
    }
    return open ?? literal
  }

  /// `a ≠ b` is left open where `a = b` holds under a reading or in a layout that the page allows.
  private mutating func mayBeEqual(
    _ literal: Judged, _ statement: Statement, _ layout: Layout, in workspace: inout Workspace
  ) throws(Unreadable) -> Judged? {
    guard literal.hearing.verdict.isAccepted else { return nil }
    var equation = statement
    equation.sign = .equal
    for other in theory.page.layout == nil ? Layout.allCases : [layout] {
      guard try judge(equation, layout: other, in: &workspace).hearing.verdict.isAccepted else {
        continue
      }
      var open = literal
      open.hearing = Hearing(verdict: .undecided, code: .undecided)
      return open
    }
    return nil
  }

  /// Whether a side is the derivative of a state that is given if the recurrence starts at a step.
  private func startsBehind(
    _ claim: Claim, _ option: ReadingOptions.Option, in workspace: borrowing Workspace
  ) -> Bool {
    guard case .initialState(let first) = option.apply else { return false }
    return [claim.left.expression, claim.right.expression].contains { side in
      guard case .derivative(let above, let below, _) = workspace[side],
        let state = workspace.namedVariable(of: above),
        let parameter = workspace.namedVariable(of: below),
        let step = state.time?.literal
      else { return false }
      return step == first - 1 && parameter.time == nil
    }
  }

  /// A line that no time serves because it reads a node where nothing computes or gives one is wrong if it
  /// does not hold even with that node given.
  private mutating func withAllNodes(
    _ literal: Judged, _ claim: Claim, _ statement: Statement, in workspace: inout Workspace
  ) throws(Unreadable) -> Judged? {
    guard literal.hearing.code == .noValidPoint, claim.assumptions.isEmpty else { return nil }
    var variant = base(claim)
    variant.domains = theory.domains(of: claim, statement, givesAll: true, in: &workspace)
    if variant.domains == claim.domains { return nil }
    let wide = try evaluate(variant, statement, in: &workspace)
    return wide.hearing.verdict == .refuted ? wide : nil
  }

  /// Whether a claim names its steps by numbers, the last of which is the value of a number of steps
  /// that it does not name itself.
  private func writesOut(
    _ claim: Claim, _ steps: TimeSymbol, through value: Time, in workspace: borrowing Workspace
  ) -> Bool {
    var last: Int?
    for side in [claim.left.expression, claim.right.expression] {
      if workspace.freeTimes(in: side).contains(steps) { return false }
      for time in workspace.variables(in: side).compactMap({ $0.time?.literal }) {
        last = max(last ?? time, time)
      }
    }
    return last != nil && last == value.literal
  }

  /// Assumptions from farther away, each by itself and then those that one sentence makes together;
  /// the nearest first.
  private func leanings(_ far: [Statement]) -> [[Statement]] {
    var together: [[Statement]] = []
    for assumption in far {
      if let last = together.last?.last, last.block == assumption.block,
        last.sentence == assumption.sentence
      {
        together[together.count - 1].append(assumption)
      } else {
        together.append([assumption])
      }
    }
    return far.reversed().map { [$0] } + together.reversed().filter { $0.count > 1 }
  }

  /// What came of a variant, if it holds.
  mutating func accepting(
    _ variant: Variant, _ statement: Statement, in workspace: inout Workspace
  ) -> Judged? {
    let former = asksOnlyWhether
    asksOnlyWhether = true
    defer { asksOnlyWhether = former }
    guard let judged = try? evaluate(variant, statement, in: &workspace),
      judged.hearing.verdict.isAccepted
    else { return nil }
    return judged
  }

  func base(_ claim: Claim) -> Variant {
    Variant(
      claim: claim, left: claim.left.expression, right: claim.right.expression,
      domains: claim.domains, setting: claim.setting,
      readings: claim.marksPartials ? [.immediate] : [])
  }

  /// Fewer first, among equally many the cheaper; at most two semantic ones together.
  func combinations(_ options: [ReadingOptions.Option]) -> [[ReadingOptions.Option]] {
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

}
