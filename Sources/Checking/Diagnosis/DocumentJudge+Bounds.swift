import Documents
import Expressions
import Notation

/// Bounds that would hold in the place of one that does not: allowed to be attained, or another of
/// the constants that bounds have.
extension DocumentJudge {
  /// A bound as it should be, and the number that was changed for it.
  struct MendedBound {
    var claim: Claim
    var path: Path?
    var old: Expression?
    var new: Expression?
    /// Whether greater stands for less, or the other way round.
    var isTurned = false
  }

  /// The constants of slopes and their products, the least first.
  private static var constants: [Rational] {
    [Rational(1, over: 16), Rational(1, over: 8), Rational(1, over: 4), Rational(1, over: 2)]
      + [1, 2, 4].map { Rational($0) }
  }

  /// The claim with its bounds allowed to be attained, or with the closest constant for which it
  /// holds. At most a few dozen are tried.
  mutating func mendedBound(
    _ judged: Judged, _ statement: Statement, in workspace: inout Workspace
  ) -> MendedBound? {
    for claim in attained(judged.claim) where holds(claim, statement, in: &workspace) {
      return MendedBound(claim: claim)
    }
    if judged.claim.sign == .elementOf {
      return mendedInterval(judged.claim, statement, in: &workspace)
    }
    if let turned = turned(judged.claim) {
      for claim in [turned] + attained(turned) where holds(claim, statement, in: &workspace) {
        return MendedBound(claim: claim, isTurned: true)
      }
    }
    let right = judged.claim.right.expression
    guard let path = workspace.coefficient(of: right),
      let old = workspace.subexpression(of: right, at: path), let value = workspace.value(of: old)
    else { return nil }
    let isUpper = judged.claim.sign == .less || judged.claim.sign == .lessOrEqual
    for constant in DocumentJudge.candidates(beyond: value, isUpper: isUpper) {
      let new = workspace.number(constant, like: old)
      var claim = judged.claim
      claim.right.expression = workspace.replacing(at: path, in: right, by: new)
      for claim in [claim] + attained(claim) where holds(claim, statement, in: &workspace) {
        return MendedBound(claim: claim, path: path, old: old, new: new)
      }
    }
    return nil
  }

  private static func candidates(beyond value: Rational, isUpper: Bool) -> [Rational] {
    let all = constants.reversed().map { -$0 } + [.zero] + constants
    func exceeds(_ a: Rational, _ b: Rational) -> Bool { (a - b).signum > 0 }
    return isUpper
      ? all.filter { exceeds($0, value) } : all.filter { exceeds(value, $0) }.reversed()
  }

  /// Each end that does not hold by itself gets another.
  private mutating func mendedInterval(
    _ claim: Claim, _ statement: Statement, in workspace: inout Workspace
  ) -> MendedBound? {
    guard var interval = claim.interval else { return nil }
    var changed: (old: Expression, new: Expression)?
    for isUpper in [false, true] {
      guard let end = isUpper ? interval.upper : interval.lower,
        let value = workspace.value(of: end)
      else { continue }
      var alone = claim
      if isUpper { alone.interval?.lower = nil } else { alone.interval?.upper = nil }
      if holds(alone, statement, in: &workspace) { continue }
      var found = attained(alone).first { holds($0, statement, in: &workspace) }
      for constant in DocumentJudge.candidates(beyond: value, isUpper: isUpper) where found == nil {
        let new = workspace.number(constant, like: end)
        if isUpper { alone.interval?.upper = new } else { alone.interval?.lower = new }
        found = ([alone] + attained(alone)).first { holds($0, statement, in: &workspace) }
        if found != nil { changed = changed ?? (end, new) }
      }
      guard let mended = found?.interval else { return nil }
      if isUpper {
        interval.upper = mended.upper
        interval.upperIsClosed = mended.upperIsClosed
      } else {
        interval.lower = mended.lower
        interval.lowerIsClosed = mended.lowerIsClosed
      }
    }
    var mended = claim
    mended.interval = interval
    guard let changed, holds(mended, statement, in: &workspace) else { return nil }
    return MendedBound(claim: mended, old: changed.old, new: changed.new)
  }

  private mutating func holds(
    _ claim: Claim, _ statement: Statement, in workspace: inout Workspace
  ) -> Bool {
    judge.accepting(judge.base(claim), statement, in: &workspace) != nil
  }

  /// a > b for a < b; nil for an interval.
  private func turned(_ claim: Claim) -> Claim? {
    var claim = claim
    switch claim.sign {
    case .less: claim.sign = .greater
    case .greater: claim.sign = .less
    case .lessOrEqual: claim.sign = .greaterOrEqual
    case .greaterOrEqual: claim.sign = .lessOrEqual
    default: return nil
    }
    return claim
  }

  /// The claim with one of its bounds, or both, allowed to be attained.
  private func attained(_ claim: Claim) -> [Claim] {
    var claim = claim
    switch claim.sign {
    case .less:
      claim.sign = .lessOrEqual
      return [claim]
    case .greater:
      claim.sign = .greaterOrEqual
      return [claim]
    case .elementOf:
      guard let interval = claim.interval else { return [] }
      var claims: [Claim] = []
      for (lower, upper) in [(false, true), (true, false), (true, true)] {
        claim.interval?.lowerIsClosed = interval.lower != nil && (interval.lowerIsClosed || lower)
        claim.interval?.upperIsClosed = interval.upper != nil && (interval.upperIsClosed || upper)
        claims.append(claim)
      }
      return claims
    default: return []
    }
  }
}

extension Workspace {
  /// The number that is written: `3`, `-1`, `1/4`.
  fileprivate func value(of root: Expression) -> Rational? {
    switch self[root] {
    case .number(let value), .decimal(let value, _): return value
    case .negative(let operand): return value(of: operand).map { -$0 }
    case .quotient(let a, let b):
      guard let above = value(of: a), let below = value(of: b) else { return nil }
      return above.divided(by: below)
    default: return nil
    }
  }

  /// Where the only number stands by which a side is multiplied; nil if there is none.
  fileprivate func coefficient(of root: Expression) -> Path? {
    if value(of: root) != nil { return Path() }
    guard case .product(let factors) = self[root],
      let place = factors.firstIndex(where: { value(of: $0) != nil })
    else { return nil }
    return Path([place])
  }

  /// A number, as a quotient where another was written as one.
  fileprivate mutating func number(_ value: Rational, like old: Expression) -> Expression {
    guard case .quotient = self[old], !value.isInteger, value.signum > 0 else {
      return number(value)
    }
    let above = number(Rational(value.numerator, over: .one))
    return expression(.quotient(above, number(Rational(value.denominator, over: .one))))
  }
}
