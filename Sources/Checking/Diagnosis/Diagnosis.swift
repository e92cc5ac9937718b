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
    let search = RepairSearch(judged: judged, statement: statement)
    if let found = judge.repair(search, in: &workspace) {
      if let remainder = found.remainder { difference = remainder }
      explain(found, judged, in: &workspace)
      if !judge.marksImmediate { mend?.unmark(in: &workspace) }
      dot(in: &workspace)
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
    if let added = edit.added {
      message = Message([.words("Missing: "), .maths(added), .words(".")])
      difference = added
      mend = Mend(
        left: found.left, right: found.right, sign: statement.sign, old: nil, new: added,
        edit: Message([.words("add "), .maths(added)]), slip: .droppedTerm,
        origin: origin(judged, found.base))
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
    case (.timeSum(let step, let from, let through, _), .timeSum(_, let newFrom, let newThrough, _)):
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

  /// A bound that is attained (≤ for <, [ for (), or another constant.
  private mutating func mendBound(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    guard let bound = judge.mendedBound(judged, statement, in: &workspace) else { return }
    let right = bound.claim.right.expression
    mend = Mend(
      left: judged.left, right: bound.path == nil ? judged.right : right, sign: bound.claim.sign,
      old: bound.old, new: bound.new,
      edit: Message([.words("the bound itself is allowed")]), slip: nil,
      origin: origin(judged, (judged.left, judged.claim.right.expression)))
    mend?.interval = bound.claim.interval
    code = .refuted
    guard let old = bound.old, let new = bound.new else {
      message = Message([.words("The bound is attained.")])
      return
    }
    mend?.edit = Message([.maths(old), .words(" becomes "), .maths(new)])
  }

  private mutating func replaceWhole(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    if replaceEntries(judged, &judge, in: &workspace) { return }
    guard var whole = judge.simplified(judged.claim.left.expression, judged, in: &workspace),
      whole != judged.claim.left.expression
    else { return }
    // A printed decimal gives way to one with as many places.
    if case .decimal(_, let places) = workspace[judged.claim.right.expression],
      case .number(let value) = workspace[whole],
      let rounded = value.rounded(places: places)
    {
      whole = workspace.expression(.decimal(rounded, places: places))
    } else if !judge.isPresentable(whole, in: workspace)
      || !judge.accepts(whole, for: judged, statement, in: &workspace)
    {
      return
    }
    mend = Mend(
      left: judged.claim.left.expression, right: whole, sign: statement.sign,
      old: judged.claim.right.expression, new: whole,
      edit: Message([.words("the right side becomes "), .maths(whole)]), slip: nil,
      origin: origin(judged, (judged.claim.left.expression, judged.claim.right.expression)))
  }

  /// The entries of a printed matrix as they should be, with as many places as are printed.
  private mutating func replaceEntries(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) -> Bool {
    let (left, right) = (judged.claim.left.expression, judged.claim.right.expression)
    guard case .stack(let rows, let columns, var entries) = workspace[right],
      let exact = judge.exactValue(of: left, judged, in: workspace), exact.count == entries.count
    else { return false }
    var places: Int?
    for entry in entries {
      if case .decimal(_, let own) = workspace[entry] { places = max(places ?? 0, own) }
    }
    var changed: [(old: Expression, new: Expression)] = []
    for (i, value) in exact.enumerated() {
      var new = workspace.number(value)
      if let places, let rounded = value.rounded(places: places) {
        let isWhole = value.isInteger && workspace[entries[i]] == .number(value)
        if !isWhole { new = workspace.expression(.decimal(rounded, places: places)) }
      }
      if new == entries[i] { continue }
      changed.append((entries[i], new))
      entries[i] = new
    }
    let whole = workspace.expression(.stack(rows: rows, columns: columns, entries))
    guard let first = changed.first, judge.accepts(whole, for: judged, statement, in: &workspace)
    else { return false }
    mend = Mend(
      left: left, right: whole, sign: statement.sign, old: first.old, new: first.new,
      edit: changed.count == 1
        ? Message([.maths(first.old), .words(" becomes "), .maths(first.new)])
        : Message([.words("the right side becomes "), .maths(whole)]),
      slip: nil, origin: origin(judged, (left, right)))
    return true
  }

  /// What a mend of a reading of both sides changes in the formula.
  private func origin(_ judged: Judged, _ base: (left: Expression, right: Expression))
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

  /// The sums and products of a mend that the author would write with dots.
  private mutating func dot(in workspace: inout Workspace) {
    guard let mend, statement.source.hasDots else { return }
    var found: [Mend.Dotted] = []
    for root in [mend.left, mend.right] { workspace.dot(root, mend.origin, &found) }
    self.mend?.origin.dotted = found
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
    origin.readLeft = plain(origin.readLeft)
    origin.readRight = plain(origin.readRight)
  }
}

extension FormulaText {
  /// Whether something is left out by dots.
  var hasDots: Bool {
    let bytes = Array("dots".utf8)
    guard text.count >= bytes.count else { return false }
    for start in 0...(text.count - bytes.count)
    where text[start..<(start + bytes.count)].elementsEqual(bytes) {
      return true
    }
    return String(decoding: text, as: UTF8.self).unicodeScalars.contains { $0 == "…" || $0 == "⋯" }
  }
}

extension Workspace {
  /// Which sums and products of an expression are new, inner ones first, with the members that show
  /// what their dots leave out.
  fileprivate mutating func dot(
    _ root: Expression, _ origin: Mend.Origin, _ found: inout [Mend.Dotted]
  ) {
    if occurs(root, in: origin.readLeft) || occurs(root, in: origin.readRight)
      || found.contains(where: { $0.whole == root })
    {
      return
    }
    switch self[root] {
    case .timeSum(let step, let from, let through, let body):
      var grown: (old: Expression, time: Time)?
      for (low, high) in [(from + 1, through), (from, through - 1)] {
        let old = expression(.timeSum(step, from: low, through: high, body))
        if occurs(old, in: origin.readLeft) || occurs(old, in: origin.readRight) {
          grown = (old, low == from ? through : from)
        }
      }
      if let grown {
        let member = substituting(step, by: grown.time, in: body)
        dot(member, origin, &found)
        found.append(
          Mend.Dotted(whole: root, members: [member], isSum: true, grownFrom: grown.old))
      }
    case .timeProduct(let step, let from, let through, let body, let order):
      let times =
        order.isAscending ? [from, from + 1, through] : [through, through - 1, from]
      if let length = (through - from).literal, length < 3 {
        let own = (0...max(0, length)).map { order.isAscending ? from + $0 : through - $0 }
        let members = length < 0 ? [] : own.map { substituting(step, by: $0, in: body) }
        found.append(Mend.Dotted(whole: root, members: members, isSum: false, isComplete: true))
        return
      }
      var members = times.map { substituting(step, by: $0, in: body) }
      // One quotient before the dots shows the next.
      if case .derivative = self[body] { members.remove(at: 1) }
      found.append(Mend.Dotted(whole: root, members: members, isSum: false))
    default:
      let before = found.count
      for child in self[root].children { dot(child, origin, &found) }
      // Factors go on where the dots end.
      if case .product(let factors) = self[root], found.count > before,
        factors.allSatisfy({ isPlainFactor($0) })
      {
        found.append(
          Mend.Dotted(whole: root, members: factors, isSum: false, isComplete: true))
      }
    }
  }

  private func isPlainFactor(_ factor: Expression) -> Bool {
    switch self[factor] {
    case .derivative, .variable, .timeProduct: true
    default: false
    }
  }

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
