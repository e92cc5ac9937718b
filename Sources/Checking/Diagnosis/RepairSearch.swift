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

  /// Both sides as an edit leaves them: many edits come to the same.
  private struct Candidate: Hashable {
    var left: Expression
    var right: Expression
    var setting: Int
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
    var choices = options.prefix(3).map { [$0] }
    // What a backpropagated sum needs together: partials through one step, from a given state on.
    let together = options.filter { $0.reading == .immediate || $0.reading == .initialState }
    if Set(together.map { $0.reading }).count == 2 { choices.append(together) }
    for choice in choices where judged.mismatch == nil {
      var variant = bases[0]
      for option in choice { judge.apply(option, to: &variant, in: &workspace) }
      if variant.left != bases[0].left || variant.right != bases[0].right
        || variant.setting != bases[0].setting
      {
        bases.append(variant)
      }
    }
    // A mend that needs a reading as well is less likely.
    var surcharges = bases.indices.map { $0 == 0 ? 0 : 15 }
    if judged.claim.isElided {
      // Slopes stay as they are written; what stands at their place is found anew for every change.
      var literal = bases[0]
      literal.left = judged.claim.left.expression
      literal.right = judged.claim.right.expression
      bases.insert(literal, at: 0)
      surcharges = [0] + surcharges.map { $0 + 11 }
    }
    var found: [Found] = []
    var seen: Set<Candidate> = []
    var lightest = Int.max
    for (base, surcharge) in zip(bases, surcharges) {
      judge.keep(base.left, base.right, view(base), in: workspace)
      let idleness = Idleness(base, judge.theory[base.setting].model, in: workspace)
      var dropped = droppedTerm(base, &judge, in: &workspace)
      /// What is costly to confirm waits until nothing lighter has been found.
      func confirmDropped(before weight: Int) {
        guard var candidate = dropped, candidate.edit.weight <= weight else { return }
        dropped = nil
        candidate.edit.weight += surcharge
        guard candidate.edit.weight <= lightest,
          confirms(candidate, base, &judge, in: &workspace)
        else { return }
        lightest = candidate.edit.weight
        found.append(candidate)
      }
      for edit in edits(base, &judge, in: &workspace) {
        confirmDropped(before: edit.weight)
        if edit.weight + surcharge > lightest { break }
        guard var candidate = tried(edit, base, idleness, &seen, &judge, in: &workspace)
        else {
          continue
        }
        candidate.edit.weight += surcharge
        lightest = candidate.edit.weight
        found.append(candidate)
      }
      confirmDropped(before: .max)
    }
    if found.isEmpty, let base = bases.first,
      let pair = pair(base, &judge, in: &workspace)
    {
      return pair
    }
    found.removeAll { $0.edit.weight > lightest }
    func rank(_ candidate: Found) -> Int {
      candidate.edit.rank * 2 + (candidate.edit.side == .right ? 0 : 1)
    }
    return found.min { rank($0) < rank($1) }.map { gathered($0, &judge, in: &workspace) }
  }

  /// Two light edits together, in short lines where no single one helps.
  private func pair(
    _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found? {
    guard judged.mismatch == nil, workspace.treeSize(base.right) <= 60 else { return nil }
    let idleness = Idleness(base, judge.theory[base.setting].model, in: workspace)
    var seen: Set<Candidate> = []
    let light = edits(base, &judge, in: &workspace).filter {
      $0.side == .right && $0.weight <= 41 && $0.slip != .wrongSymbol && $0.added == nil
        && !$0.path.steps.isEmpty
    }.prefix(90)
    for (i, first) in light.enumerated() {
      for second in light.prefix(i) {
        guard let both = together(first, second, in: base.right, &workspace) else { continue }
        let slip = first.rank < second.rank ? first.slip : second.slip
        let edit = Edit(
          side: .right, path: Path(), old: base.right, new: both, slip: slip,
          weight: first.weight + second.weight)
        if let found = tried(edit, base, idleness, &seen, &judge, in: &workspace) {
          return found
        }
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

  /// What is left of the difference, if everything that is written belongs to the truth: then the
  /// terms of both sides, written out at some times, count up.
  private func droppedTerm(
    _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found? {
    guard judged.mismatch == nil, judged.claim.sign == .equal,
      let hearing = try? judge.evaluate(base, statement, in: &workspace).hearing,
      hearing.verdict == .refuted, let remainder = hearing.remainder, hearing.sample != nil
    else { return nil }
    // What takes a written term away adds none.
    var written: [Expression] = [base.right]
    if case .sum(let terms) = workspace[base.right] { written = terms }
    if case .sum(let terms) = workspace[remainder] {
      for term in terms {
        if case .negative(let operand) = workspace[term], written.contains(operand) { return nil }
      }
    }
    var added = remainder
    let right = workspace.adding(&added, to: base.right)
    return Found(
      edit: Edit(
        side: .right, path: Path(), old: base.right, new: right, slip: .droppedTerm,
        weight: 36 + min(40, workspace.treeSize(remainder) / 4)
          + (workspace.multipliesSteps(remainder) ? 20 : 0), added: added),
      left: base.left, right: right, base: (base.left, base.right), remainder: remainder)
  }

  /// A dropped term `P X S` beside `P Y S` within that term: `P (Y + X) S`.
  private func gathered(
    _ found: Found, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found {
    guard let added = found.edit.added, found.edit.side == .right, found.edit.path.steps.isEmpty,
      case .product(let new) = workspace[added], case .sum(let terms) = workspace[found.right],
      workspace.derivatives(in: added).isEmpty
    else { return found }
    var best: (place: Int, factor: Int, rest: Range<Int>, shared: Int)?
    for (place, term) in terms.enumerated() where term != added {
      guard case .product(let own) = workspace[term] else { continue }
      let before = zip(own, new).prefix { $0 == $1 }.count
      let after = zip(own.reversed(), new.reversed()).prefix { $0 == $1 }.count
      guard before + after == own.count - 1, before + after < new.count,
        before + after > best?.shared ?? 0
      else { continue }
      best = (place, before, before..<(new.count - after), before + after)
    }
    guard let best, case .product(var factors) = workspace[terms[best.place]] else { return found }
    let old = factors[best.factor]
    let beside = workspace.product(Array(new[best.rest]))
    guard let shape = try? workspace.shape(of: old), shape == (try? workspace.shape(of: beside))
    else { return found }
    factors[best.factor] = workspace.expression(.sum(workspace.terms(of: old) + [beside]))
    var rest = terms
    rest[best.place] = workspace.product(factors)
    guard let last = rest.lastIndex(of: added) else { return found }
    rest.remove(at: last)
    var result = found
    result.right = workspace.sum(rest)
    guard workspace.treeSize(result.right) < workspace.treeSize(found.right) else { return found }
    var path = Path([best.place, best.factor])
    if rest.count == 1 { path = Path([best.factor]) }
    result.edit = Edit(
      side: .right, path: path, old: old, new: factors[best.factor], slip: .droppedTerm,
      weight: found.edit.weight)
    return result
  }

  /// Whether the dropped terms count up, and the sum with them holds.
  private func confirms(
    _ dropped: Found, _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Bool {
    guard let sample = try? judge.evaluate(base, statement, in: &workspace).hearing.sample,
      judge.onlyMissesTerms(base, near: sample, in: &workspace)
    else { return false }
    var variant = base
    variant.right = dropped.right
    return judge.accepting(variant, statement, in: &workspace) != nil
  }

  /// How candidates of a reading are looked at numerically.
  private func view(_ base: Variant) -> Judged {
    var view = judged
    view.setting = base.setting
    view.domains = base.domains
    return view
  }

  private func edits(
    _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
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
      enumeration.ignoresSizes = judged.mismatch != nil
      enumeration.writesDiagonals =
        [base.left, base.right].contains { workspace.writesDiagonals($0) }
      enumeration.enumerate(
        root, beside: side == .right ? base.left : base.right, in: &workspace)
      all += enumeration.edits
    }
    all += pathEdits(base, &judge, in: &workspace)
    all += judge.printEdits(base, in: &workspace)
    all += questionEdits(base, setting, symbols, in: &workspace)
    let places = all.indices.sorted { i, j in
      let (a, b) = (all[i], all[j])
      return (a.weight, a.rank, i) < (b.weight, b.rank, j)
    }
    return places.map { all[$0] }
  }

  /// The loss of one step asked for instead of the loss of all, where the other side speaks of that
  /// step alone.
  private func questionEdits(
    _ base: Variant, _ setting: Setting, _ symbols: [Symbol], in workspace: inout Workspace
  ) -> [Edit] {
    guard case .derivative(let above, let below, let intervention) = workspace[base.left],
      case .variable(let asked) = workspace[above], workspace[asked.symbol].shape.isScalar
    else { return [] }
    var edits: [Edit] = []
    for written in workspace.derivatives(in: base.right) {
      guard case .variable(let loss) = workspace[written.of], loss != asked,
        workspace[loss.symbol].shape.isScalar,
        let time = loss.time, workspace.freeTimes(in: base.left).isEmpty || asked.time != nil,
        time.terms.allSatisfy({ workspace.freeTimes(in: base.right).contains($0.symbol) })
      else { continue }
      let new = workspace.expression(.derivative(of: written.of, by: below, intervention))
      edits.append(
        Edit(
          side: .left, path: Path(), old: base.left, new: new, slip: .wrongSymbol, weight: 44))
    }
    return edits
  }

  /// A path of the chain rule that the written sum leaves out, added to it or to one of its blocks.
  private func pathEdits(
    _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> [Edit] {
    guard judged.mismatch == nil else { return [] }
    let model = judge.theory[base.setting].model
    var named: [Symbol] = []
    for variable in workspace.variables(in: base.right) where !named.contains(variable.symbol) {
      named.append(variable.symbol)
    }
    let isQuotient =
      workspace.isOfDerivatives(base.right)
      || workspace.derivatives(in: base.right).contains { written in
        (try? workspace.shape(of: written.of))?.isScalar == false
      }
    var edits: [Edit] = []
    func add(_ terms: [Expression], at path: Path, _ root: Expression, _ weight: Int) {
      for term in terms {
        let longer: [Expression]
        if case .sum(let known) = workspace[root] {
          longer = known + [term]
        } else {
          longer = [root, term]
        }
        edits.append(
          Edit(
            side: .right, path: path, old: root, new: workspace.expression(.sum(longer)),
            slip: .droppedTerm, weight: weight, added: term))
      }
    }
    func explicit(_ term: Expression, _ workspace: inout Workspace) -> Expression? {
      judge.simplified(term, judged, in: &workspace).map { workspace.tidied($0) }
    }
    if let chain = ChainTerms(of: base.left, in: model, workspace) {
      let terms = chain.terms(named: named, in: &workspace)
      if isQuotient { add(terms, at: Path(), base.right, 30) }
      if (try? workspace.shape(of: base.left))?.isMatrix != true || chain.isOfScalar(workspace) {
        add(
          chain.firstSteps(in: &workspace, jacobian: explicit), at: Path(), base.right,
          isQuotient ? 32 : 31)
      }
      add(
        terms.prefix(24).compactMap { explicit($0, &workspace) }, at: Path(), base.right,
        isQuotient ? 33 : 31)
    }
    // One block of a matrix of derivatives.
    if case .stack(let rows, let columns, let blocks) = workspace[base.right],
      case .derivative(let above, let below, let intervention) = workspace[base.left],
      case .stack(_, _, let tops) = workspace[above], tops.count == rows,
      case .stack(_, _, let bottoms) = workspace[below], bottoms.count == columns
    {
      for (i, block) in blocks.enumerated() {
        let question = workspace.expression(
          .derivative(
            of: tops[i / columns], by: bottoms[i % columns],
            Intervention(layout: intervention.layout)))
        guard let chain = ChainTerms(of: question, in: model, workspace) else { continue }
        let terms = chain.terms(named: named, in: &workspace)
        add(terms.prefix(24).compactMap { explicit($0, &workspace) }, at: Path([i]), block, 31)
      }
    }
    return edits
  }

  private func tried(
    _ edit: Edit, _ base: Variant, _ idleness: Idleness, _ seen: inout Set<Candidate>,
    _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found? {
    var (left, right) = (base.left, base.right)
    if edit.side == .left {
      left = workspace.replacing(at: edit.path, in: left, by: edit.new)
    } else {
      right = workspace.replacing(at: edit.path, in: right, by: edit.new)
    }
    let candidate = Candidate(left: left, right: right, setting: base.setting)
    guard seen.insert(candidate).inserted else { return nil }
    if idleness.holds(right, before: base.right, in: workspace)
      || idleness.holds(left, before: base.left, in: workspace)
    {
      return nil
    }
    var shown = base
    shown.left = left
    shown.right = right
    judge.closeElided(&shown, statement, in: &workspace)
    guard let a = try? workspace.shape(of: shown.left),
      let b = try? workspace.shape(of: shown.right),
      a == b || workspace.isNumeric(left) || workspace.isNumeric(right)
    else { return nil }
    guard judged.claim.sign == .equal else { return nil }
    // Labels that no table binds yet have no values.
    let isOpen = judged.mismatch != nil && !judged.claim.freeLabels.isEmpty
    if !isOpen, !judge.quicklyAgrees(shown.left, shown.right, view(base), in: workspace),
      !judge.agreesInPrint(shown, in: &workspace)
    {
      return nil
    }
    // A mend that repeats the question answers nothing.
    let (edited, other) = edit.side == .right ? (right, left) : (left, right)
    if edit.side == .left, left == right { return nil }
    if workspace.occurs(other, in: edited) {
      if case .derivative = workspace[other] { return nil }
      if edited != other || workspace[other].children.count < 2 { return nil }
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
  /// A sum; of two tables of entries the table of the sums.
  fileprivate mutating func adding(
    _ term: inout Expression, to root: Expression
  ) -> Expression {
    guard case .tabulate(let labels, let body) = self[root],
      case .tabulate(let own, var added) = self[term], own.count == labels.count
    else {
      return expression(.sum(terms(of: root) + terms(of: term)))
    }
    for (old, new) in zip(own, labels) where old != new {
      added = substituting(old, by: .label(new), in: added)
    }
    let terms = terms(of: body) + [added]
    term = added
    return expression(.tabulate(labels, expression(.sum(terms))))
  }

  /// The terms of a sum, or the one that it is.
  fileprivate func terms(of root: Expression) -> [Expression] {
    if case .sum(let terms) = self[root] { return terms }
    return [root]
  }

  /// Whether a product over steps is written out: nothing that a person would add.
  fileprivate func multipliesSteps(_ root: Expression) -> Bool {
    contains(root) { node in
      switch node {
      case .timeProduct, .pathProduct: true
      default: false
      }
    }
  }

  /// Whether nothing but derivatives is added and multiplied.
  fileprivate func isOfDerivatives(_ root: Expression) -> Bool {
    switch self[root] {
    case .derivative: return true
    case .sum(let operands), .product(let operands):
      return operands.allSatisfy { isOfDerivatives($0) }
    case .transpose(let operand), .negative(let operand): return isOfDerivatives(operand)
    default: return false
    }
  }

  /// Whether slopes stand on diagonals.
  fileprivate func writesDiagonals(_ root: Expression) -> Bool {
    contains(root) { if case .tensorFunction(.diag, _) = $0 { true } else { false } }
  }

  /// Without the conditions on times that factors of products are, and without brackets that group
  /// nothing.
  fileprivate mutating func tidied(_ root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      switch workspace[expression] {
      case .product(let factors):
        var rest: [Expression] = []
        for factor in factors {
          if case .iverson = workspace[factor] { continue }
          rest.append(factor)
        }
        return rest.count == factors.count ? nil : workspace.product(rest)
      case .hadamard(let factors):
        var flat: [Expression] = []
        for factor in factors {
          if case .hadamard(let inner) = workspace[factor], inner[0] != inner[1] {
            flat += inner
          } else {
            flat.append(factor)
          }
        }
        return flat.count == factors.count ? nil : workspace.expression(.hadamard(flat))
      default: return nil
      }
    }
  }
}

extension Path {
  /// Whether one place lies within the other.
  fileprivate func meets(_ other: Path) -> Bool {
    zip(steps, other.steps).allSatisfy { $0 == $1 }
  }
}
