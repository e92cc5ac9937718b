import Notation

/// A relation that, by its form, says how something is computed: names on its left side, each with
/// its scripts, and no derivative on the right.
struct StepEquation {
  var left: [Formula]
  var right: Formula

  init?(_ relation: Formula) {
    guard case .relations(let left, let members) = relation.kind, let member = members.first,
      member.sign == .equal || member.sign == .defines
    else { return nil }
    let names = left.column ?? [left]
    for name in names where name.identifier == nil && name.unfencedScripts.identifier == nil {
      return nil
    }
    var differentiates = false
    member.formula.visit { part in
      if case .fraction(let above, _) = part.kind, Elaborator.partialHead(above) != nil {
        differentiates = true
      }
    }
    if differentiates { return nil }
    (self.left, right) = (names, member.formula)
  }
}
