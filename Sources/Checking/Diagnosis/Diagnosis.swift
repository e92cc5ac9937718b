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
    if let key = judge.judge.theory[judged.setting].table.key(of: stranger),
      judge.judge.theory.page.unread.contains(key)
    {
      verdict = .undecided
      message = Message([
        .words("What "), .maths(name),
        .words(
          " is stands in an equation that is not understood; until then nothing is said here."),
      ])
      return true
    }
    let search = RepairSearch(judged: judged, statement: statement)
    if let found = judge.replacingStranger(search, in: &workspace) {
      verdict = .refuted
      code = .wrongSymbol
      mend = Mend(
        left: found.left, right: found.right, sign: statement.sign, old: name,
        new: found.edit.new,
        edit: Message([.maths(name), .words(" becomes "), .maths(found.edit.new)]),
        slip: .wrongSymbol, origin: origin(judged, found.base))
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
      if judged.restsOnRejected {
        message = Message([
          .words("This rests on a line above that says what a name is, and that does not hold.")
        ])
        break
      }
      if statement.isInsufficient {
        message = Message([
          .words(
            "The words say what this name is; that its formula is that is more than is judged here."
          )
        ])
        break
      }
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
    if let stray = judged.stray {
      message = Message([
        .words("Nothing behind the sum or product over "), .token(workspace.name(of: stray)),
        .words(" contains it, and on the other side it stands free: does the sum belong there?"),
      ])
      blame = statement.source.sourceSpan(statement.right.span)
      moveSum(over: stray, judged, &judge, in: &workspace)
      return
    }
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
    if statement.solved != nil || statement.isUpToFactor {
      message = Message([
        .words(
          statement.isUpToFactor
            ? "The gradient that is set to zero is no multiple of the difference of these two sides."
            : "Put into the equation that it is said to solve, this does not make its sides equal.")
      ])
      blame = statement.source.sourceSpan(statement.span)
      return
    }
    blame = statement.source.sourceSpan(statement.right.span)
    if judged.claim.sign.isOrder || judged.claim.sign == .arrow, judged.mismatch == nil {
      mendBound(judged, &judge, in: &workspace)
      return
    }
    if judged.claim.space != nil, let shape = judged.mismatch?.firstShape {
      mend = Mend(
        left: judged.left, right: judged.left, sign: statement.sign, old: nil, new: nil,
        edit: Message([.words("the shape is "), .shape(shape)]), slip: nil,
        origin: origin(judged, (judged.left, judged.right)))
      mend?.space = shape
      return
    }
    if blameLineBefore(judged, judge) { return }
    let search = RepairSearch(
      judged: judged, statement: statement, names: derivativeNames,
      keepsLeft: statement.previous != nil && judge.holdsUp(to: statement.index))
    if let found = judge.instanceOfMend(judged, statement, in: &workspace)
      ?? judge.repair(search, in: &workspace)
    {
      if let remainder = found.remainder, !judge.showsDrawn(remainder, judged, in: workspace) {
        difference = remainder
      }
      explain(found, judged, in: &workspace)
      if judged.claim.marksPartials { markWholes(judged, in: &workspace) }
      if !judge.marksImmediate { mend?.unmark(in: &workspace) }
      if judge.writesOnlyAscending(judged.claim, in: workspace) { mend?.ascend(in: &workspace) }
      dot(in: &workspace)
    } else {
      replaceWhole(judged, &judge, in: &workspace)
      if mend == nil { explainVanishing(judged, judge, in: workspace) }
    }
    elideSlopes(judged, &judge, in: &workspace)
    if let difference, !isTelling(difference, beside: judged, in: workspace) {
      self.difference = nil
    }
    if let mend { judge.mended[statement.index] = (mend, statement.source) }
    code = judged.mismatch == nil ? Code(mend?.slip) : code
    holdsIf = judge.rescue(judged, statement, in: &workspace)
  }

  /// Whether a difference is short enough to be read; where a mend says what is wrong, no longer
  /// than the line.
  private func isTelling(
    _ difference: Expression, beside judged: Judged, in workspace: borrowing Workspace
  ) -> Bool {
    // What is said of single entries is not explained by all of them.
    if mend != nil, case .tabulate = workspace[judged.left] { return false }
    if mend != nil, workspace.holds(.iverson, in: difference) { return false }
    let size = workspace.treeSize(difference)
    let line = workspace.treeSize(judged.left) + workspace.treeSize(judged.right)
    return size <= 150 && (mend == nil || size <= line + 10)
  }

  /// A step to what the head of its chain is, from a line that is wrong: what mends that line mends
  /// the step.
  private mutating func blameLineBefore(
    _ judged: Judged, _ judge: borrowing DocumentJudge
  ) -> Bool {
    guard head?.isAccepted == true, let previous = statement.previous, let first = statement.head,
      let before = judge.mended[previous], before.mend.left == before.mend.origin.readLeft,
      let chain = judge.member(first), judge.holdsUp(to: previous)
    else { return false }
    var origin = origin(judged, (before.mend.origin.readRight, judged.right))
    origin.left = before.mend.origin.right
    origin.leftSource = before.source
    origin.dotted = before.mend.origin.dotted
    mend = before.mend
    mend?.left = before.mend.right
    mend?.right = judged.right
    mend?.origin = origin
    message = Message([
      .words("This is what "), .maths(chain.claim.left.expression),
      .words(" is; wrong is the line before, and with its mend this step holds."),
    ])
    code = Code(mend?.slip)
    return true
  }

  /// Says which derivative on the right is always 0.
  private mutating func explainVanishing(
    _ judged: Judged, _ judge: borrowing DocumentJudge, in workspace: borrowing Workspace
  ) {
    guard judged.mismatch == nil, let vanishing = judge.vanishing(judged, in: workspace),
      case .derivative(let above, let below, _) = workspace[vanishing]
    else { return }
    message = Message([
      .maths(vanishing), .words(" is 0: no equation of this page leads from "), .maths(below),
      .words(" to "), .maths(above), .words("."),
    ])
  }

  private mutating func explain(
    _ found: RepairSearch.Found, _ judged: Judged, in workspace: inout Workspace
  ) {
    let edit = found.edit
    if let added = edit.added {
      mend = Mend(
        left: found.left, right: found.right, sign: statement.sign, old: nil, new: added,
        edit: Message([.words("add "), .maths(added)]), slip: edit.slip,
        origin: origin(judged, found.base))
      guard found.left == found.base.left else {
        mend?.edit = Message([
          .maths(found.base.left), .words(" becomes "), .maths(found.left), .words("; add "),
          .maths(added),
        ])
        message = Message([
          .words("The right side belongs to "), .maths(found.left), .words(", to which the step "),
          .words("itself adds "), .maths(added), .words("."),
        ])
        return
      }
      let isInBracket = !edit.path.steps.isEmpty
      message = Message([
        .words(isInBracket ? "Missing in the bracket: " : "Missing: "), .maths(added), .words("."),
      ])
      if !isInBracket { difference = added }
      if let link = found.link {
        mend?.edit = Message([
          .maths(link.old), .words(" becomes "), .maths(link.new), .words("; add "),
          .maths(added),
        ])
        message = Message([
          .words("A chain does not link: "), .maths(link.old), .words(" has to be "),
          .maths(link.new), .words("; and "), .maths(added), .words(" is missing."),
        ])
      }
      return
    }
    mend = Mend(
      left: found.left, right: found.right, sign: statement.sign, old: edit.old, new: edit.new,
      edit: Message([.maths(edit.old), .words(" becomes "), .maths(edit.new)]), slip: edit.slip,
      origin: origin(judged, found.base))
    let written = edit.side == .left ? judged.claim.left : judged.claim.right
    let original = edit.side == .left ? judged.left : judged.right
    if original == written.expression, edit.side == .right || !statement.continuesFormula {
      blame = statement.source.sourceSpan(written.span(at: edit.path))
    }
    switch (workspace[edit.old], workspace[edit.new]) {
    case (
      .timeSum(let step, let from, let through, _),
      .timeSum(let newStep, let newFrom, let newThrough, _)
    ) where step == newStep:
      explainBound(step, from, newFrom, through, newThrough, "terms", in: workspace)
    case (
      .timeProduct(let step, let from, let through, _, _),
      .timeProduct(_, let newFrom, let newThrough, _, _)
    ):
      explainBound(step, from, newFrom, through, newThrough, "factors", in: workspace)
    case (.sum(let terms), _) where edit.slip == .doubledTerm:
      var kept: [Expression] = [edit.new]
      if case .sum(let rest) = workspace[edit.new] { kept = rest }
      for term in terms {
        if let place = kept.firstIndex(of: term) {
          kept.remove(at: place)
        } else {
          message = Message([.words("Too much: "), .maths(term), .words(".")])
          mend?.edit = Message([.words("take away "), .maths(term)])
        }
      }
    case (.stack(let rows, let columns, let old), .stack(_, _, let new))
    where old.count == new.count:
      func row(_ i: Int, _ blocks: [Expression]) -> [Expression] {
        Array(blocks[(i * columns)..<((i + 1) * columns)])
      }
      let changed = (0..<rows).filter { row($0, old) != row($0, new) }
      if changed.count == 2, row(changed[0], old) == row(changed[1], new),
        row(changed[1], old) == row(changed[0], new)
      {
        mend?.edit = Message([
          .words("rows \(changed[0] + 1) and \(changed[1] + 1) change places")
        ])
      }
    case (.timeSum(let step, _, _, _), .timeSum) where edit.slip == .doubledTerm:
      message = Message([
        .words(
          "A derivative of the whole loss holds already what the later steps add to it: the sum over "
        ),
        .time(Time(step)), .words(" counts that again."),
      ])
    case (_, .timeSum(let step, let from, let through, _)) where edit.path.steps.isEmpty:
      message = Message([.words("The terms of the other steps are missing.")])
      mend?.edit = Message([
        .words("sum over "), .time(Time(step)), .words(" = "), .time(from), .words(", …, "),
        .time(through),
      ])
    default: break
    }
  }

  private mutating func explainBound(
    _ step: TimeSymbol, _ from: Time, _ newFrom: Time, _ through: Time, _ newThrough: Time,
    _ members: String, in workspace: borrowing Workspace
  ) {
    if from == newFrom, through == newThrough { return }
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

  /// What a mend of a reading of both sides changes in the formula.
  func origin(_ judged: Judged, _ base: (left: Expression, right: Expression))
    -> Mend.Origin
  {
    Mend.Origin(
      left: statement.continuesFormula ? nil : whole(judged.claim.left, statement.left),
      right: whole(judged.claim.right, statement.right), readLeft: base.left, readRight: base.right)
  }

  /// A side that fills its place in the formula: the sign of its first term stands there, and all
  /// terms that dots join.
  private func whole(_ written: Written, _ side: Formula) -> Written {
    let text = statement.source.text
    func isBlank(_ start: Int, _ end: Int) -> Bool {
      start >= end || text[start..<end].allSatisfy { $0 <= 32 }
    }
    let (own, full) = (written.span, side.span)
    guard full.start >= 0, full.end <= text.count, full.start <= own.start, own.end <= full.end,
      !isBlank(full.start, own.start) || !isBlank(own.end, full.end)
    else { return written }
    var filled = written
    filled.span = full
    return filled
  }
}
