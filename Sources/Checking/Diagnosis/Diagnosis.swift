import Calculus
import Documents
import Expressions
import Notation
import Numerics

/// Explains what was not accepted: where, what is missing, a witness, a mend, what would save it.
extension Finding {
  mutating func diagnose(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    if judged.hearing.code == .contradiction {
      message = Message([
        .words(
          "The two witnesses contradict each other: the index form proves this line, finite differences refute it. This is a defect of Leibniz; please report the document."
        )
      ])
      return
    }
    if code == .unknownSymbol, explainStranger(judged, &judge, in: &workspace) { return }
    switch judged.hearing.verdict {
    case .undecided: explainSilence(judged, judge, in: workspace)
    case .refuted, .illTyped: explainRejection(judged, &judge, in: &workspace)
    default: break
    }
  }

  // MARK: Undecided

  private mutating func explainStranger(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) -> Bool {
    guard let stranger = judged.claim.strangers.first else { return false }
    let name = workspace.variable(stranger)
    let search = RepairSearch(judged: judged, statement: statement)
    if let found = judge.replacingStranger(search, in: &workspace) {
      verdict = .refuted
      code = .wrongSymbol
      mend = Mend(
        left: found.left, right: found.right, sign: statement.sign, old: name,
        new: found.edit.new,
        edit: Message([.maths(name), .words(" becomes "), .maths(found.edit.new)]),
        slip: .wrongSymbol)
      message = Message([
        .words("Nothing on this page says what "), .maths(name),
        .words(" is; with "), .maths(found.edit.new), .words(" in its place the line holds."),
      ])
      return true
    }
    verdict = .undecided
    code = .unknownSymbol
    message = Message([
      .words("Nothing on this page says what "), .maths(name),
      .words(" is, and no known symbol makes the line hold in its place."),
    ])
    return true
  }

  private mutating func explainSilence(
    _ judged: Judged, _ judge: borrowing DocumentJudge, in workspace: borrowing Workspace
  ) {
    switch judged.hearing.code {
    case .emptyClaim:
      message = Message([
        .words(
          "Both sides vanish identically, so there is nothing that this line could be right about.")
      ])
    case .absentSymbol:
      message = Message([
        .words("No equation of this page contains "),
        .token(judged.absent.map { workspace[$0].name } ?? "that symbol"),
        .words(", so whatever is said of a derivative by it is empty."),
      ])
    case .noValidPoint:
      message = Message([
        .words(
          judged.claim.assumptions.isEmpty
            ? "There are no times for which this line says anything."
            : "No point satisfies the assumptions together, so they prove nothing.")
      ])
    case .opaqueSetEqual:
      message = Message([
        .words(
          "One side is the derivative of a function that the page never defines, the other a formula: without a definition that can be neither proved nor refuted."
        )
      ])
    case .vanishingDenominator:
      var parts: [Message.Part] = [.words("A denominator vanishes identically")]
      if case .vanishingDenominator(let expression) = judged.hearing.obstacle {
        parts += [.words(": "), .maths(expression)]
      }
      message = Message(parts + [.words(".")])
    case .definitionIllTyped:
      message = Message([
        .words("A definition that this line rests on cannot be typed. ")
      ])
      if let mismatch = judged.mismatch {
        message.parts += Message(mismatch: mismatch).parts
      }
    case .unreadFormula:
      message = Message([
        .words(
          "A slope is written without its argument, and the place does not tell which is meant.")
      ])
    default:
      if judged.hearing.silence == .rounding {
        message = Message([
          .words(
            "A part of this line is too small to be seen beside the rest: rounding hides it, so the numbers would agree whatever stood there, and no proof was found."
          )
        ])
        break
      }
      message = Message([
        .words("Understood, but neither a proof nor the numbers can say whether this holds.")
      ])
    }
  }

  // MARK: Rejected

  private mutating func explainRejection(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    if let mismatch = judged.mismatch {
      message = Message(mismatch: mismatch)
    } else {
      if judged.claim.sign.isOrder {
        counterexample = judged.hearing.counterexample
        message = Message([.words("This does not always hold.")])
      } else if judged.claim.sign == .arrow {
        message = Message([.words("The eigenvalues speak against it.")])
      } else {
        message = Message([.words("The two sides differ.")])
        counterexample = judge.counterexample(judged, in: &workspace)
      }
    }
    blame = statement.source.sourceSpan(statement.right.span)
    if judged.claim.sign.isOrder || judged.claim.sign == .arrow, judged.mismatch == nil { return }
    let search = RepairSearch(judged: judged, statement: statement)
    if let found = judge.repair(search, in: &workspace) {
      if let remainder = found.remainder { difference = remainder }
      explain(found, judged, in: &workspace)
      if !judge.marksImmediate { mend?.unmark(in: &workspace) }
    } else {
      replaceWhole(judged, &judge, in: &workspace)
    }
    code = judged.mismatch == nil ? Code(mend?.slip) : code
    holdsIf = judge.rescue(judged, statement, in: &workspace)
  }

  private mutating func explain(
    _ found: RepairSearch.Found, _ judged: Judged, in workspace: inout Workspace
  ) {
    let edit = found.edit
    if edit.slip == .droppedTerm {
      message = Message([.words("Missing: "), .maths(edit.new), .words(".")])
      mend = Mend(
        left: found.left, right: found.right, sign: statement.sign, old: nil, new: edit.new,
        edit: Message([.words("add "), .maths(edit.new)]), slip: .droppedTerm)
      return
    }
    mend = Mend(
      left: found.left, right: found.right, sign: statement.sign, old: edit.old, new: edit.new,
      edit: Message([.maths(edit.old), .words(" becomes "), .maths(edit.new)]), slip: edit.slip)
    let written = edit.side == .left ? judged.claim.left : judged.claim.right
    let original = edit.side == .left ? judged.left : judged.right
    if original == written.expression, edit.side == .right || !statement.continuesFormula {
      blame = statement.source.sourceSpan(written.span(at: edit.path))
    }
    guard edit.slip == .offByOneBound else { return }
    switch (workspace[edit.old], workspace[edit.new]) {
    case (.timeSum(let step, let from, let through, _), .timeSum(_, let newFrom, let newThrough, _)):
      explainBound(step, from, newFrom, through, newThrough, "terms", in: workspace)
    case (
      .timeProduct(let step, let from, let through, _, _),
      .timeProduct(_, let newFrom, let newThrough, _, _)
    ):
      explainBound(step, from, newFrom, through, newThrough, "factors", in: workspace)
    default: break
    }
  }

  private mutating func explainBound(
    _ step: TimeSymbol, _ from: Time, _ newFrom: Time, _ through: Time, _ newThrough: Time,
    _ members: String, in workspace: borrowing Workspace
  ) {
    let letter = Time(step)
    if from != newFrom {
      let isMissing = (newFrom - from).literal.map { $0 < 0 } ?? true
      let place = isMissing ? newFrom : from
      message = Message([
        .words("The "), .time(letter), .words(" = "), .time(place),
        .words(isMissing ? " \(members) are missing." : " \(members) are too many."),
      ])
      mend?.edit = Message([
        .words("lower bound "), .time(letter), .words(" = "), .time(from), .words(" becomes "),
        .time(letter), .words(" = "), .time(newFrom),
      ])
    } else {
      let isMissing = (newThrough - through).literal.map { $0 > 0 } ?? true
      let place = isMissing ? newThrough : through
      message = Message([
        .words("The "), .time(letter), .words(" = "), .time(place),
        .words(isMissing ? " \(members) are missing." : " \(members) are too many."),
      ])
      mend?.edit = Message([
        .words("upper bound "), .time(through), .words(" becomes "), .time(newThrough),
      ])
    }
  }

  private mutating func replaceWhole(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    guard let whole = judge.simplified(judged.claim.left.expression, judged, in: &workspace),
      whole != judged.claim.left.expression
    else { return }
    mend = Mend(
      left: judged.claim.left.expression, right: whole, sign: statement.sign,
      old: judged.claim.right.expression, new: whole,
      edit: Message([.words("the right side becomes "), .maths(whole)]), slip: nil)
  }
}

extension Mend {
  /// Writes immediate derivatives as the page does that has no mark for them.
  mutating func unmark(in workspace: inout Workspace) {
    func plain(_ root: Expression) -> Expression {
      workspace.changingDerivatives(root) { _, _, intervention in
        Intervention(
          mode: .total, layout: intervention.layout, held: intervention.held)
      }
    }
    left = plain(left)
    right = plain(right)
    old = old.map(plain)
    new = new.map(plain)
  }
}

extension Workspace {
  /// How many terms an expression has when its sums over numbers of steps are written out.
  func termCount(_ expression: Expression, _ times: [(TimeSymbol, Int)] = []) -> Int {
    func value(_ time: Time) -> Int? {
      time.value { symbol in times.last { $0.0 == symbol }?.1 }
    }
    switch self[expression] {
    case .sum(let terms):
      var count = 0
      for term in terms { count += termCount(term, times) }
      return count
    case .negative(let operand), .transpose(let operand), .tabulate(_, let operand),
      .indexSum(_, let operand):
      return termCount(operand, times)
    case .iverson(let conditions):
      return conditions.allSatisfy { value($0).map { $0 >= 0 } ?? true } ? 1 : 0
    case .product(let factors), .hadamard(let factors):
      var count = 1
      for factor in factors where holdsTimes(factor) { count *= termCount(factor, times) }
      return count
    case .timeSum(let symbol, let from, let through, let body):
      guard let first = value(from), let last = value(through), last - first < 64 else { return 1 }
      var count = 0
      for time in stride(from: first, through: last, by: 1) {
        count += termCount(body, times + [(symbol, time)])
      }
      return count
    default: return isZero(expression) ? 0 : 1
    }
  }

  private func holdsTimes(_ factor: Expression) -> Bool {
    switch self[factor] {
    case .timeSum, .iverson: return true
    case .transpose(let operand): return holdsTimes(operand)
    default: return false
    }
  }

  /// Whether an expression stands within another.
  func occurs(_ part: Expression, in whole: Expression) -> Bool {
    var found = false
    visit(whole) { expression, _ in if expression == part { found = true } }
    return found
  }
}
