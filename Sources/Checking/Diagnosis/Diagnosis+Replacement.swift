import Documents
import Expressions
import Notation

/// Mends that no edit gives: another bound, the value of a side.
extension Finding {
  /// A bound that is attained (≤ for <, [ for (), or another constant.
  mutating func mendBound(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    guard let bound = judge.mendedBound(judged, statement, in: &workspace) else { return }
    let right = bound.claim.right.expression
    mend = Mend(
      left: judged.claim.left.expression, right: right,
      sign: statement.writesLimit ? .equal : bound.claim.sign,
      old: bound.old, new: bound.new,
      edit: Message([.words("the bound itself is allowed")]), slip: nil,
      origin: origin(
        judged, (judged.claim.left.expression, judged.claim.right.expression)))
    mend?.interval = bound.claim.interval
    code = .refuted
    if bound.isTurned {
      mend?.edit = Message([.words("the relation is the other way round")])
      return
    }
    guard let old = bound.old, let new = bound.new else {
      message = Message([.words("The bound is attained.")])
      return
    }
    mend?.edit = Message([.maths(old), .words(" becomes "), .maths(new)])
  }

  /// A sum sign that stands on the wrong side.
  mutating func moveSum(
    over stray: TimeSymbol, _ judged: Judged, _ judge: inout DocumentJudge,
    in workspace: inout Workspace
  ) {
    guard case .timeSum(stray, let from, let through, let body) = workspace[judged.left],
      let free = workspace.freeTimes(in: judged.right).first(where: {
        workspace.name(of: $0) == workspace.name(of: stray)
      })
    else { return }
    let sum = workspace.expression(
      .timeSum(free, from: from, through: through, judged.right))
    guard judge.accepts(body, sum, for: judged, statement, in: &workspace) else { return }
    mend = Mend(
      left: body, right: sum, sign: statement.sign, old: nil, new: nil,
      edit: Message([
        .words("sum over "), .time(Time(free)), .words(" on the other side"),
      ]), slip: nil, origin: origin(judged, (judged.left, judged.right)))
  }

  mutating func replaceWhole(
    _ judged: Judged, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    if replaceEntries(judged, &judge, in: &workspace) { return }
    let left = judged.claim.left.expression
    if let value = judge.writtenValue(of: left, judged, in: &workspace), value != left,
      judge.accepts(value, for: judged, statement, in: &workspace)
    {
      replaceRight(by: value, judged)
      return
    }
    guard var whole = judge.simplified(judged.claim.left.expression, judged, in: &workspace),
      whole != judged.claim.left.expression, !judge.showsDrawn(whole, judged, in: workspace),
      !workspace.sums(overNamesOf: judged.claim.freeLabels, in: whole)
    else { return }
    // A printed decimal gives way to one with as many places.
    if case .decimal(_, let places) = workspace[judged.claim.right.expression],
      case .number(let value) = workspace[whole],
      let rounded = value.rounded(places: places)
    {
      whole = workspace.expression(.decimal(rounded, places: places))
    } else if !judge.isPresentable(
      whole, beside: judged.claim.right.expression, isEntry: judged.claim.freeLabels.count > 1,
      in: workspace)
      || !judge.accepts(whole, for: judged, statement, in: &workspace)
    {
      return
    }
    whole = workspace.arranged(workspace.tidied(whole), like: judged.claim.right.expression)
    whole = workspace.regathered(whole, like: judge.writtenSums(judged, in: workspace))
    replaceRight(by: whole, judged)
  }

  private mutating func replaceRight(by whole: Expression, _ judged: Judged) {
    let (left, right) = (judged.claim.left.expression, judged.claim.right.expression)
    mend = Mend(
      left: left, right: whole, sign: statement.sign, old: right, new: whole,
      edit: Message([.words("the right side becomes "), .maths(whole)]), slip: nil,
      origin: origin(judged, (left, right)))
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
}

extension Workspace {
  /// Whether a sum runs over a letter that stands free around it.
  fileprivate func sums(overNamesOf labels: [IndexSymbol], in expression: Expression) -> Bool {
    let free = labels.map { self[$0].name }
    return contains(expression) { node in
      if case .indexSum(let label, _) = node { free.contains(self[label].name) } else { false }
    }
  }

  /// A sum with its terms in the order of those that they resemble; what resembles none stands last,
  /// and no sum begins with a sign that another term could follow.
  fileprivate mutating func arranged(_ root: Expression, like written: Expression) -> Expression {
    guard case .sum(let terms) = self[root] else { return root }
    var rest: [Expression] = []
    for term in terms {
      // What cancels out is not written.
      var opposite = expression(.negative(term))
      if case .negative(let operand) = self[term] { opposite = operand }
      if let place = rest.firstIndex(of: opposite) {
        rest.remove(at: place)
      } else {
        rest.append(term)
      }
    }
    if rest.count < 2 { return sum(rest) }
    var ordered: [Expression] = []
    for old in self.terms(of: written) {
      let names = variables(in: old)
      var best: (place: Int, likeness: Int)?
      for (place, term) in rest.enumerated() {
        let own = variables(in: term)
        let shared = own.filter { names.contains($0) }.count
        let likeness = 3 * shared - own.count - names.count
        if shared > 0, likeness > best?.likeness ?? .min { best = (place, likeness) }
      }
      if let best { ordered.append(rest.remove(at: best.place)) }
    }
    ordered += rest
    func isNegative(_ term: Expression) -> Bool {
      if case .negative = self[term] { true } else { false }
    }
    if isNegative(ordered[0]), !isNegative(self.terms(of: written)[0]),
      let first = ordered.firstIndex(where: { !isNegative($0) })
    {
      ordered.insert(ordered.remove(at: first), at: 0)
    }
    return expression(.sum(ordered))
  }
}
