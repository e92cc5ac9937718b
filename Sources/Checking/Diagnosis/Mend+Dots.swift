import Documents
import Expressions
import Notation

/// How a mend is written as the author writes.
extension Finding {
  /// The sums and products of a mend that the author would write with dots.
  mutating func dot(in workspace: inout Workspace) {
    guard let mend, statement.source.hasDots else { return }
    var found: [Mend.Dotted] = []
    for root in [mend.left, mend.right] { workspace.dot(root, mend.origin, &found) }
    self.mend?.origin.dotted = found
  }

  /// Writes d where ∂ would be immediate, in the mend and in what is said of it.
  mutating func markWholes(_ judged: Judged, in workspace: inout Workspace) {
    let old = mend?.new
    mend?.markWholes(judged, in: &workspace)
    if let old, let new = mend?.new { message = message.replacing(old, by: new) }
  }
}

extension Mend {
  /// Writes immediate derivatives as the page does that has no mark for them.
  mutating func unmark(in workspace: inout Workspace) {
    let marked = self
    rewrite { root in
      workspace.changingDerivatives(root) { _, _, _, intervention in
        intervention.mode == .immediate
          ? Intervention(mode: .total, layout: intervention.layout, held: intervention.held) : nil
      }
    }
    // Where the mark is all that is changed it stays.
    if left == origin.readLeft, right == origin.readRight { self = marked }
  }

  /// Writes d where ∂ would be immediate: beside a d of the same.
  mutating func markWholes(_ judged: Judged, in workspace: inout Workspace) {
    let sides = [judged.claim.left.expression, judged.claim.right.expression]
    let partials = sides.flatMap { workspace.derivatives(in: $0) }
      .filter { $0.intervention.mode == .immediate }
    let old = new
    rewrite { workspace.marking(.whole, like: partials, in: $0) }
    if let old, let new { edit = edit.replacing(old, by: new) }
  }

  /// Writes products over steps from the first step on, as the line does.
  mutating func ascend(in workspace: inout Workspace) {
    rewrite { workspace.ordering(.descending, as: .ascending, in: $0) }
  }

  private mutating func rewrite(_ change: (Expression) -> Expression) {
    left = change(left)
    right = change(right)
    old = old.map(change)
    new = new.map(change)
    origin.readLeft = change(origin.readLeft)
    origin.readRight = change(origin.readRight)
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
}
