import Documents
import Expressions
import Notation

/// Looks for the cheapest single edit that makes a rejected relation hold: candidates are weighed
/// numerically, and what agrees is judged like any other claim.
struct RepairSearch {
  let judged: Judged
  let statement: Statement
  /// The names that the line gives to derivatives.
  var names = DerivativeNames()
  /// Whether the left side is what accepted lines of a chain have come to: then it stays.
  var keepsLeft = false

  struct Found {
    var edit: Edit
    var left: Expression
    var right: Expression
    /// Both sides before, as they were read.
    var base: (left: Expression, right: Expression)
    /// What was left of the difference before, under the reading that the mend needs.
    var remainder: Expression?
    /// The derivative that is put right as well, where one edit alone does not do.
    var link: (old: Expression, new: Expression)?
  }

  /// Both sides as an edit leaves them: many edits come to the same.
  struct Candidate: Hashable {
    var left: Expression
    var right: Expression
    var setting: Int
  }

  /// The candidates of a search and what they have cost so far.
  struct Effort {
    /// How much is spent on a line at most: what the numbers run, and the parts of every candidate.
    private static let limit = 50_000_000
    private static let part = 100

    private var seen: Set<Candidate> = []
    private var parts = 0
    private let start: Int

    init(_ judge: borrowing Judge) { start = judge.work }

    /// Whether a candidate of that many parts is to be looked at: it is new.
    mutating func takes(_ candidate: Candidate, of size: Int) -> Bool {
      guard seen.insert(candidate).inserted else { return false }
      parts += size
      return true
    }

    func isSpent(_ judge: borrowing Judge) -> Bool {
      judge.work - start + parts * Effort.part > Effort.limit
    }
  }

  /// The first mend, over the readings under which the relation may have been meant.
  func search(_ judge: inout Judge, in workspace: inout Workspace) -> Found? {
    let grounds = grounds(&judge, in: &workspace)
    var found: [Found] = []
    var effort = Effort(judge)
    var lightest = Int.max
    for ground in grounds {
      let (base, surcharge) = (ground.variant, ground.surcharge)
      judge.keep(base.left, base.right, view(base), in: workspace)
      var dropped = droppedTerm(ground, &judge, in: &workspace)
      func weighed(_ candidate: Found) -> Int {
        let keeps = ground.vanishing.map { workspace.occurs($0, in: candidate.right) } ?? false
        // A chain whose links do not fit together is less likely what was meant.
        let breaks = workspace.gaps(in: candidate.right) > ground.gaps
        return candidate.edit.weight + surcharge + (keeps ? 25 : 0) + (breaks ? 5 : 0)
      }
      /// What is costly to confirm waits until nothing lighter has been found.
      func confirmDropped(before weight: Int) {
        guard var candidate = dropped, candidate.edit.weight <= weight else { return }
        dropped = nil
        candidate.edit.weight = weighed(candidate)
        guard candidate.edit.weight <= lightest,
          confirms(candidate, base, &judge, in: &workspace)
        else { return }
        lightest = candidate.edit.weight
        found.append(candidate)
      }
      for edit in edits(ground, &judge, in: &workspace) {
        confirmDropped(before: edit.weight)
        if edit.weight + surcharge > lightest || effort.isSpent(judge) { break }
        guard var candidate = tried(edit, ground, &effort, &judge, in: &workspace) else { continue }
        candidate.edit.weight = weighed(candidate)
        lightest = min(lightest, candidate.edit.weight)
        found.append(candidate)
      }
      confirmDropped(before: .max)
    }
    if found.isEmpty, let ground = grounds.first {
      if let moved = movedQuestion(ground.variant, &judge, in: &workspace) { return moved }
      if let both = linkAndPath(ground, &effort, &judge, in: &workspace) { return both }
      if let pair = pair(ground, &effort, &judge, in: &workspace) { return pair }
    }
    found.removeAll { $0.edit.weight > lightest }
    func rank(_ candidate: Found) -> Int {
      candidate.edit.rank * 2 + (candidate.edit.side == .right ? 0 : 1)
    }
    return found.min { rank($0) < rank($1) }.map {
      inWriting(gathered($0, in: &workspace), &judge, in: &workspace)
    }
  }

  /// The same edit of what is written, where the line leaves diagonals out that the mend leaves out
  /// as well.
  private func inWriting(
    _ found: Found, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found {
    let edit = found.edit
    let isRight = edit.side == .right
    var claim = judged.claim
    let written = isRight ? claim.right.expression : claim.left.expression
    guard edit.added == nil, written != (isRight ? found.base.right : found.base.left),
      workspace.diagonals(in: written)
        < workspace.diagonals(in: isRight ? found.base.right : found.base.left),
      let path = workspace.onlyPlace(of: edit.old, in: written)
    else { return found }
    let new = workspace.replacing(at: path, in: written, by: edit.new)
    if isRight { claim.right.expression = new } else { claim.left.expression = new }
    var closed = judge.base(claim)
    judge.closeElided(&closed, statement, in: &workspace)
    (claim.left.expression, claim.right.expression) = (closed.left, closed.right)
    for (variant, _) in judge.placements(claim, in: &workspace)
    where judge.accepting(variant, statement, in: &workspace) != nil {
      var result = found
      result.edit.path = path
      result.base = (judged.claim.left.expression, judged.claim.right.expression)
      result.left = isRight ? result.base.left : new
      result.right = isRight ? new : result.base.right
      return result
    }
    return found
  }

  /// Two light edits together, in short lines where no single one helps.
  private func pair(
    _ ground: Ground, _ effort: inout Effort, _ judge: inout Judge,
    in workspace: inout Workspace
  ) -> Found? {
    let base = ground.variant
    guard judged.mismatch == nil, workspace.treeSize(base.right) <= 60 else { return nil }
    let light = edits(ground, &judge, in: &workspace).filter {
      $0.side == .right && $0.weight <= 41 && $0.slip != .wrongSymbol && $0.added == nil
        && !$0.path.steps.isEmpty
    }.prefix(90)
    for (i, first) in light.enumerated() {
      for second in light.prefix(i) {
        if effort.isSpent(judge) { return nil }
        guard let both = together(first, second, in: base.right, &workspace) else { continue }
        let slip = first.rank < second.rank ? first.slip : second.slip
        let edit = Edit(
          side: .right, path: Path(), old: base.right, new: both, slip: slip,
          weight: first.weight + second.weight)
        if let found = tried(edit, ground, &effort, &judge, in: &workspace) { return found }
      }
    }
    return nil
  }

  /// A side with two edits; nil where one undoes what the other does.
  private func together(
    _ first: Edit, _ second: Edit, in root: Expression, _ workspace: inout Workspace
  ) -> Expression? {
    if first.path.meets(second.path) {
      if first.path == second.path { return nil }
      let (outer, inner) =
        first.path.steps.count < second.path.steps.count ? (first, second) : (second, first)
      let new = workspace.replacing(inner.old, by: inner.new, in: outer.new)
      return new == outer.new ? nil : workspace.replacing(at: outer.path, in: root, by: new)
    }
    let one = workspace.replacing(at: first.path, in: root, by: first.new)
    return workspace.replacing(at: second.path, in: one, by: second.new)
  }

  /// How candidates of a reading are looked at numerically.
  func view(_ base: Variant) -> Judged {
    var view = judged
    view.setting = base.setting
    view.domains = base.domains
    return view
  }

  func edits(
    _ ground: Ground, _ judge: inout Judge, in workspace: inout Workspace
  ) -> [Edit] {
    let base = ground.variant
    let setting = judge.theory[base.setting]
    let symbols = setting.table.keys.compactMap { setting.table[$0] }
    var all: [Edit] = []
    var asked: EditEnumeration.Question?
    for side in [base.right, base.left] {
      if case .derivative(let above, let below, let intervention) = workspace[side] {
        asked = EditEnumeration.Question(
          of: above, by: below, layout: intervention.layout,
          isWhole: intervention.mode == .whole)
      }
    }
    for (side, root) in [(Edit.Side.right, base.right), (.left, base.left)]
    where side == .right || !keepsLeft {
      // A derivative that is a whole side says what is asked; it is not edited.
      var question = root
      while case .tabulate(_, let inner) = workspace[question] { question = inner }
      if case .entry(let inner, _) = workspace[question] { question = inner }
      if case .derivative = workspace[question], side == .left { continue }
      if case .variable = workspace[question], side == .left { continue }
      var enumeration = EditEnumeration(
        setting: setting, side: side, marksImmediate: judge.theory.page.marksImmediate,
        symbols: symbols)
      enumeration.ignoresSizes = judged.mismatch != nil
      enumeration.writesSlopes = !judge.namesSlopes([base.left, base.right], in: workspace)
      enumeration.names = names
      enumeration.question = asked
      enumeration.writesDiagonals =
        [base.left, base.right].contains { workspace.writesDiagonals($0) }
      enumeration.enumerate(
        root, beside: side == .right ? base.left : base.right, in: &workspace)
      all += enumeration.edits
    }
    all += pathEdits(ground, &judge, in: &workspace)
    all += judge.printEdits(base, in: &workspace)
    all += coefficientEdits(base, &judge, in: &workspace)
    all += lostScalarEdits(base, setting, in: &workspace)
    all += questionEdits(base, setting, symbols, in: &workspace)
    let ranks = all.enumerated().map { ($1.weight, $1.rank, $0) }
    return ranks.sorted(by: <).map { all[$0.2] }
  }

  func tried(
    _ edit: Edit, _ ground: Ground, _ effort: inout Effort, _ judge: inout Judge,
    in workspace: inout Workspace
  ) -> Found? {
    let base = ground.variant
    // In the place of something stands no nothing: that would be taken away.
    if ground.zeros.contains(edit.new) { return nil }
    var edit = edit
    var (left, right) = (base.left, base.right)
    let letters = judged.claim.freeLabels
    if edit.side == .left {
      left = workspace.replacing(at: edit.path, in: left, by: edit.new)
      guard let own = workspace.entrywise(left, like: base.left, writing: letters) else {
        return nil
      }
      left = own
    } else {
      right = workspace.replacing(at: edit.path, in: right, by: edit.new)
      guard let own = workspace.entrywise(right, like: base.right, writing: letters) else {
        return nil
      }
      right = own
    }
    if edit.path.steps.isEmpty {
      let (old, new) = edit.side == .left ? (base.left, left) : (base.right, right)
      edit.old = workspace.tabulated(old, writing: letters)
      edit.new = workspace.tabulated(new, writing: letters)
      if let added = edit.added {
        edit.added = workspace.entrywise(added, like: old, writing: letters).map {
          workspace.tabulated($0, writing: letters)
        }
      }
    }
    let candidate = Candidate(left: left, right: right, setting: base.setting)
    guard effort.takes(candidate, of: ground.size) else { return nil }
    guard ground.knowsTimes(of: edit.side == .left ? left : right, in: workspace),
      !ground.idleness.holds(right, before: base.right, in: workspace),
      !ground.idleness.holds(left, before: base.left, in: workspace)
    else { return nil }
    if let start = ground.start, workspace.lowestStart(in: [left, right]) != start { return nil }
    var shown = base
    shown.left = left
    shown.right = right
    judge.closeElided(&shown, statement, in: &workspace)
    guard let a = try? workspace.shape(of: shown.left),
      let b = try? workspace.shape(of: shown.right),
      a == b || workspace.isNumeric(left) || workspace.isNumeric(right)
    else { return nil }
    guard judged.claim.sign == .equal else { return nil }
    if judged.mismatch != nil, !judged.claim.freeLabels.isEmpty {
      // Labels that no table binds have no values.
      var claim = judged.claim
      guard (try? judge.fit(&claim, &shown, in: &workspace)) != nil else { return nil }
    }
    if !judge.quicklyAgrees(shown.left, shown.right, view(base), in: workspace),
      !judge.agreesInPrint(shown, in: &workspace)
    {
      return nil
    }
    // A mend that repeats the question answers nothing.
    let (edited, other) = edit.side == .right ? (right, left) : (left, right)
    if left == right, edit.side == .left || edit.slip != .swappedFactors { return nil }
    if case .derivative(let above, let below, let asked) = workspace[other] {
      let repeats = workspace.derivatives(in: edited).contains {
        $0.of == above && $0.by == below && $0.intervention.mode == asked.mode
          && $0.intervention.held == asked.held
      }
      if repeats { return nil }
      // Nor is it an answer but for a sign of how it is meant.
      if case .derivative(above, below, _) = workspace[edited], edit.slip != .totalForImmediate {
        return nil
      }
    } else if workspace.occurs(other, in: edited), edited != other {
      return nil
    }
    var variant = base
    variant.left = left
    variant.right = right
    var claim = base.claim
    claim.setting = base.setting
    claim.left.expression = left
    claim.right.expression = right
    variant.domains = judge.theory.domains(of: claim, statement, in: &workspace)
    guard judge.accepting(variant, statement, in: &workspace) != nil else { return nil }
    let before = try? judge.evaluate(base, statement, in: &workspace)
    return Found(
      edit: edit, left: left, right: right, base: (base.left, base.right),
      remainder: before?.hearing.remainder)
  }

  /// One known symbol in the place of one that nothing explains.
  func replacingStranger(
    _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found? {
    guard judged.claim.strangers.count == 1, let stranger = judged.claim.strangers.first else {
      return nil
    }
    let setting = judge.theory[judged.setting]
    for key in setting.table.keys {
      guard let symbol = setting.table[key], symbol != stranger,
        workspace[symbol].isFamily == workspace[stranger].isFamily
      else { continue }
      var variant = judge.base(judged.claim)
      func put(_ root: Expression) -> Expression {
        workspace.rewriting(root) { workspace, expression in
          guard case .variable(var variable) = workspace[expression], variable.symbol == stranger
          else { return nil }
          variable.symbol = symbol
          return workspace.expression(.variable(variable))
        }
      }
      variant.left = put(variant.left)
      variant.right = put(variant.right)
      variant.claim.strangers = []
      guard let verdict = try? judge.evaluate(variant, statement, in: &workspace),
        verdict.hearing.verdict.isAccepted
      else { continue }
      return Found(
        edit: Edit(
          side: .right, path: Path(), old: workspace.variable(stranger),
          new: workspace.variable(symbol), slip: .wrongSymbol, weight: 1),
        left: variant.left, right: variant.right,
        base: (judged.claim.left.expression, judged.claim.right.expression), remainder: nil)
    }
    return nil
  }
}

extension Workspace {
  /// How many diagonal matrices are written.
  fileprivate func diagonals(in root: Expression) -> Int {
    var count = 0
    visit(root) { _, node in if case .tensorFunction(.diag, _) = node { count += 1 } }
    return count
  }

  /// Where an expression stands in another; nil where it stands at several places or at none.
  fileprivate func onlyPlace(of part: Expression, in root: Expression) -> Path? {
    var found: [Path] = []
    func search(_ expression: Expression, _ path: Path) {
      if expression == part { found.append(path) }
      for (i, child) in self[expression].children.enumerated() {
        if found.count > 1 { return }
        search(child, path.appending(i))
      }
    }
    search(root, Path())
    return found.count == 1 ? found[0] : nil
  }

  /// Whether slopes stand on diagonals.
  fileprivate func writesDiagonals(_ root: Expression) -> Bool {
    contains(root) { if case .tensorFunction(.diag, _) = $0 { true } else { false } }
  }
}

extension Path {
  /// Whether one place lies within the other.
  fileprivate func meets(_ other: Path) -> Bool {
    zip(steps, other.steps).allSatisfy { $0 == $1 }
  }
}
