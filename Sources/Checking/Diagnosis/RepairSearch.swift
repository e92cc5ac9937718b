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
    /// What was left of the difference before, under the reading that the mend needs.
    var remainder: Expression?
  }

  /// The first mend, over the readings under which the relation may have been meant.
  func search(_ judge: inout Judge, in workspace: inout Workspace) -> Found? {
    var bases = [judge.base(judged.claim)]
    bases[0].left = judged.left
    bases[0].right = judged.right
    bases[0].setting = judged.setting
    bases[0].domains = judged.domains
    let options = ReadingOptions(
      theory: judge.theory, statement: statement, page: judge.theory.page
    ).licensed(judged.claim, in: workspace)
    for option in options.prefix(3) where judged.mismatch == nil {
      var variant = bases[0]
      judge.apply(option, to: &variant, in: &workspace)
      if variant.left != bases[0].left || variant.right != bases[0].right
        || variant.setting != bases[0].setting
      {
        bases.append(variant)
      }
    }
    var found: [Found] = []
    var lightest = Int.max
    for base in bases {
      if let dropped = droppedTerm(base, &judge, in: &workspace) {
        lightest = min(lightest, dropped.edit.weight)
        found.append(dropped)
      }
      for edit in edits(base, judge, in: &workspace) {
        if edit.weight > lightest { break }
        guard let candidate = tried(edit, base, &judge, in: &workspace) else { continue }
        lightest = edit.weight
        found.append(candidate)
      }
    }
    found.removeAll { $0.edit.weight > lightest }
    func rank(_ candidate: Found) -> Int {
      (Slip.allCases.firstIndex(of: candidate.edit.slip) ?? 0) * 2
        + (candidate.edit.side == .right ? 0 : 1)
    }
    return found.min { rank($0) < rank($1) }
  }

  /// What is left of the difference, if everything that is written belongs to the truth: then the
  /// terms of both sides, written out at some times, count up.
  private func droppedTerm(
    _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found? {
    guard judged.mismatch == nil, judged.claim.sign == .equal,
      let hearing = try? judge.evaluate(base, statement, in: &workspace).hearing,
      hearing.verdict == .refuted, let remainder = hearing.remainder,
      let sample = hearing.sample
    else { return nil }
    guard judge.onlyMissesTerms(base, near: sample, in: &workspace) else { return nil }
    let right = workspace.expression(.sum([base.right, remainder]))
    var variant = base
    variant.right = right
    guard let verdict = try? judge.evaluate(variant, statement, in: &workspace),
      verdict.hearing.verdict.isAccepted
    else { return nil }
    return Found(
      edit: Edit(
        side: .right, path: Path(), old: base.right, new: remainder, slip: .droppedTerm, weight: 3),
      left: base.left, right: right, remainder: remainder)
  }

  private func edits(
    _ base: Variant, _ judge: borrowing Judge, in workspace: inout Workspace
  ) -> [Edit] {
    let setting = judge.theory[base.setting]
    let symbols = setting.table.keys.compactMap { setting.table[$0] }
    var all: [Edit] = []
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
      enumeration.enumerate(
        root, beside: side == .right ? base.left : base.right, in: &workspace)
      all += enumeration.edits
    }
    return all.sorted { a, b in
      a.weight != b.weight
        ? a.weight < b.weight
        : (Slip.allCases.firstIndex(of: a.slip) ?? 0) < (Slip.allCases.firstIndex(of: b.slip) ?? 0)
    }
  }

  private func tried(
    _ edit: Edit, _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found? {
    var (left, right) = (base.left, base.right)
    if edit.side == .left {
      left = workspace.replacing(at: edit.path, in: left, by: edit.new)
    } else {
      right = workspace.replacing(at: edit.path, in: right, by: edit.new)
    }
    guard let a = try? workspace.shape(of: left), let b = try? workspace.shape(of: right),
      a == b || workspace.isNumeric(left) || workspace.isNumeric(right)
    else { return nil }
    var view = judged
    view.setting = base.setting
    view.domains = base.domains
    guard judged.claim.sign == .equal,
      judge.quicklyAgrees(left, right, view, in: &workspace)
    else { return nil }
    // A mend that repeats the question answers nothing.
    let (edited, other) = edit.side == .right ? (right, left) : (left, right)
    if workspace.occurs(other, in: edited), edited != other || workspace[other].children.count < 2 {
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
    guard let verdict = try? judge.evaluate(variant, statement, in: &workspace),
      verdict.hearing.verdict.isAccepted
    else { return nil }
    let before = try? judge.evaluate(base, statement, in: &workspace)
    return Found(
      edit: edit, left: left, right: right, remainder: before?.hearing.remainder)
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
        left: variant.left, right: variant.right, remainder: nil)
    }
    return nil
  }
}
