import Documents
import Expressions
import Notation

/// Looks for the cheapest single edit that makes a rejected relation hold: candidates are weighed
/// numerically, and what agrees is judged like any other claim.
struct RepairSearch {
  let judged: Judged
  let statement: Statement

  struct Found {
    var edit: Edit
    var left: Expression
    var right: Expression
    /// Both sides before, as they were read.
    var base: (left: Expression, right: Expression)
    /// What was left of the difference before, under the reading that the mend needs.
    var remainder: Expression?
  }

  /// A reading under which mends are looked for.
  struct Ground {
    var variant: Variant
    /// A mend that needs a reading as well is less likely.
    var surcharge: Int
    var idleness: Idleness
    /// The times that a mend may speak of; a letter has a meaning only below its own sign.
    var times: Set<TimeSymbol> = []
    /// A derivative on the right that is always 0: what leaves it there hardly mends the line.
    var vanishing: Expression?
    /// How many parts both sides have.
    let size: Int
    /// Where the sums of a mended line have to begin, if the line as it is begins elsewhere.
    var start: Int?

    init(_ variant: Variant, surcharge: Int, _ model: Model, in workspace: borrowing Workspace) {
      self.variant = variant
      self.surcharge = surcharge
      idleness = Idleness(variant, model, in: workspace)
      size = workspace.treeSize(variant.left) + workspace.treeSize(variant.right)
      vanishing = idleness.vanishing(in: variant.right, workspace)
      for side in [variant.left, variant.right] { times.formUnion(workspace.freeTimes(in: side)) }
      for bound in variant.domains.joined() + model.domain {
        times.formUnion(bound.terms.map { $0.symbol })
      }
      for definition in model.definitions {
        times.formUnion(workspace.freeTimes(in: definition.body).filter { $0 != definition.time })
        for bound in [definition.from, definition.through, definition.instance] {
          if let bound { times.formUnion(bound.terms.map { $0.symbol }) }
        }
      }
    }

    func knowsTimes(of side: Expression, in workspace: borrowing Workspace) -> Bool {
      workspace.freeTimes(in: side).allSatisfy { times.contains($0) }
    }
  }

  /// Both sides as an edit leaves them: many edits come to the same.
  private struct Candidate: Hashable {
    var left: Expression
    var right: Expression
    var setting: Int
  }

  /// The candidates of a search and what they have cost so far.
  private struct Effort {
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
        return candidate.edit.weight + surcharge + (keeps ? 25 : 0)
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
      if let pair = pair(ground, &effort, &judge, in: &workspace) { return pair }
    }
    found.removeAll { $0.edit.weight > lightest }
    func rank(_ candidate: Found) -> Int {
      candidate.edit.rank * 2 + (candidate.edit.side == .right ? 0 : 1)
    }
    return found.min { rank($0) < rank($1) }.map {
      inWriting(gathered($0, &judge, in: &workspace), &judge, in: &workspace)
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

  /// The line as it was read, then under each reading that it could take.
  private func grounds(_ judge: inout Judge, in workspace: inout Workspace) -> [Ground] {
    var read = judge.base(judged.claim)
    read.left = judged.left
    read.right = judged.right
    read.setting = judged.setting
    read.domains = judged.domains
    let options = ReadingOptions(
      theory: judge.theory, statement: statement, page: judge.theory.page
    ).licensed(judged.claim, in: workspace)
    // Whatever else is read in, the later factor of a product over steps stands on the left.
    let ordered = options.filter { $0.reading == .orderedProduct }
    var choices = options.prefix(3).map { option in
      option.reading == .orderedProduct ? [option] : ordered + [option]
    }
    // What a backpropagated sum needs together: partials through one step, from a given state on.
    let together = options.filter {
      if case .immediateByNodes = $0.apply { return false }
      return $0.reading == .immediate || $0.reading == .initialState
    }
    if Set(together.map { $0.reading }).count == 2 { choices.append(ordered + together) }
    var plain = [read]
    if judged.mismatch != nil {
      // What the line lacks beside its diagonals.
      var closed = read
      judge.closeElided(&closed, statement, in: &workspace)
      var claim = judged.claim
      (claim.left.expression, claim.right.expression) = (closed.left, closed.right)
      plain += judge.placements(claim, in: &workspace).map { $0.0 }
    }
    var variants = plain
    for choice in choices {
      for var variant in plain {
        for option in choice { judge.apply(option, to: &variant, in: &workspace) }
        let isKnown = variants.contains {
          $0.left == variant.left && $0.right == variant.right && $0.setting == variant.setting
        }
        if !isKnown { variants.append(variant) }
      }
    }
    // Partials through one step are what a backpropagated sum is made of.
    var weighed = variants.map { variant in
      let readings = variant.readings.filter { $0 != .orderedProduct }
      return (variant, readings.isEmpty ? 0 : readings == [.immediate] ? 5 : 15)
    }
    if judged.claim.isElided {
      // Slopes stay as they are written; what stands at their place is found anew for every change.
      var literal = read
      literal.left = judged.claim.left.expression
      literal.right = judged.claim.right.expression
      weighed = [(literal, 0)] + weighed.map { ($0.0, $0.1 + 11) }
    }
    let grounds = weighed.map {
      Ground($0.0, surcharge: $0.1, judge.theory[$0.0.setting].model, in: workspace)
    }
    return grounds + startGround(read, &judge, in: &workspace)
  }

  /// The line with the state before the first step given, where its sums begin one step off.
  private func startGround(
    _ read: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> [Ground] {
    let options = ReadingOptions(
      theory: judge.theory, statement: statement, page: judge.theory.page)
    guard let start = options.givenStart(judge.theory[read.setting]),
      let lowest = workspace.lowestStart(in: [read.left, read.right]), abs(lowest - start) == 1,
      !options.deniesStart(start, read.claim, judge.theory[read.setting], workspace)
    else { return [] }
    let option = ReadingOptions.Option(
      reading: .initialState, apply: .initialState(start))
    let partials = options.licensed(judged.claim, in: workspace).filter {
      if case .immediate = $0.apply { true } else { false }
    }
    return (partials.isEmpty ? [[option]] : [[option], [option] + partials]).map { readings in
      var variant = read
      for reading in readings { judge.apply(reading, to: &variant, in: &workspace) }
      var ground = Ground(
        variant, surcharge: 15, judge.theory[variant.setting].model, in: workspace)
      ground.start = start
      return ground
    }
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

  private func edits(
    _ ground: Ground, _ judge: inout Judge, in workspace: inout Workspace
  ) -> [Edit] {
    let base = ground.variant
    let setting = judge.theory[base.setting]
    let symbols = setting.table.keys.compactMap { setting.table[$0] }
    var all: [Edit] = []
    var asked: (of: Expression, by: Expression, layout: Layout)?
    for side in [base.right, base.left] {
      if case .derivative(let above, let below, let intervention) = workspace[side] {
        asked = (above, below, intervention.layout)
      }
    }
    for (side, root) in [(Edit.Side.right, base.right), (.left, base.left)] {
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
    all += questionEdits(base, setting, symbols, in: &workspace)
    let ranks = all.enumerated().map { ($1.weight, $1.rank, $0) }
    return ranks.sorted(by: <).map { all[$0.2] }
  }

  private func tried(
    _ edit: Edit, _ ground: Ground, _ effort: inout Effort, _ judge: inout Judge,
    in workspace: inout Workspace
  ) -> Found? {
    let base = ground.variant
    var (left, right) = (base.left, base.right)
    if edit.side == .left {
      left = workspace.replacing(at: edit.path, in: left, by: edit.new)
    } else {
      right = workspace.replacing(at: edit.path, in: right, by: edit.new)
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
