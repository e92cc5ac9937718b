import Documents
import Expressions
import Notation

/// Terms that are some number of times what they should be.
extension RepairSearch {
  /// How many terms are looked at.
  private static let limit = 24

  /// Each term of the right side, and that side as a whole, with the number that the other side asks
  /// for.
  func coefficientEdits(
    _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> [Edit] {
    guard judged.mismatch == nil, judged.claim.sign == .equal else { return [] }
    var root = Path()
    if case .tabulate = workspace[base.right] { root = Path([0]) }
    var places: [(path: Path, rest: Expression?)] = [(root, nil)]
    workspace.collectTerms(of: base.right, base.right, Path(), &places)
    var edits: [Edit] = []
    for (path, rest) in places.prefix(RepairSearch.limit) {
      guard let term = workspace.subexpression(of: base.right, at: path),
        !workspace.variables(in: term).isEmpty,
        let ratio = ratio(base, beside: rest, &judge, in: &workspace),
        ratio != .one, ratio != -.one, ratio != .zero
      else { continue }
      let (old, new) = (workspace.coefficient(of: term), workspace.scaled(term, by: ratio))
      let isDropped = [Rational.one, -.one].contains(old * ratio)
      edits.append(
        Edit(
          side: .right, path: path, old: term, new: new,
          slip: ratio.isInteger
            ? .missingFactor
            : Rational.one.divided(by: ratio)?.isInteger == true ? .extraFactor : nil,
          weight: old == .one ? 50 : isDropped ? 39 : 35))
    }
    return edits
  }

  /// The right side with what the page's own numbers make before it: a size or a count, the inverse of a
  /// scalar, the root of either. `1/τ`, `1/√d`, `1/N`; the scalar itself is inserted like any name.
  func lostScalarEdits(
    _ base: Variant, _ setting: Setting, in workspace: inout Workspace
  ) -> [Edit] {
    guard judged.mismatch == nil, judged.claim.sign == .equal else { return [] }
    var root = Path()
    var term = base.right
    if case .tabulate(_, let body) = workspace[term] { (root, term) = (Path([0]), body) }
    if workspace.isZero(term) { return [] }
    var edits: [Edit] = []
    for scalar in scalars(of: setting, in: &workspace) where !workspace.occurs(scalar, in: term) {
      let squareRoot = workspace.expression(.apply(.sqrt, derivative: 0, scalar))
      for (place, factor) in [scalar, squareRoot].enumerated() {
        let quotient = workspace.expression(.quotient(workspace.number(1), factor))
        for (new, weight) in [(quotient, 36), (factor, 37)]
        where workspace.namedVariable(of: new) == nil {
          edits.append(
            Edit(
              side: .right, path: root, old: term, new: workspace.product([new, term]),
              slip: .missingFactor, weight: weight + 4 * place))
        }
      }
    }
    return edits
  }

  /// The scalars, sizes and counts that the equations read.
  private func scalars(of setting: Setting, in workspace: inout Workspace) -> [Expression] {
    var found: [Expression] = []
    for definition in setting.model.definitions {
      workspace.visit(definition.body) { expression, node in
        switch node {
        case .variable(let variable):
          guard variable.time == nil, workspace[variable.symbol].shape.isScalar,
            !setting.model.computes(variable.symbol)
          else { return }
        case .dimensionValue: break
        case .timeValue(let time):
          guard time.constant == 0, let symbol = time.symbol, symbol != definition.time else {
            return
          }
        default: return
        }
        if !found.contains(expression) { found.append(expression) }
      }
    }
    return Array(found.prefix(4))
  }

  private func ratio(
    _ base: Variant, beside rest: Expression?, _ judge: inout Judge,
    in workspace: inout Workspace
  ) -> Rational? {
    var whole = base
    judge.closeElided(&whole, statement, in: &workspace)
    var part = base
    if let rest {
      part.right = rest
      judge.closeElided(&part, statement, in: &workspace)
    }
    return judge.ratio(
      of: whole.left, to: whole.right, beside: rest == nil ? nil : part.right, view(base),
      in: workspace)
  }
}

extension Workspace {
  /// The terms that a side depends on linearly, each with the side as it is without it.
  fileprivate mutating func collectTerms(
    of part: Expression, _ root: Expression, _ path: Path,
    _ places: inout [(path: Path, rest: Expression?)]
  ) {
    let node = self[part]
    switch node {
    case .sum(let terms):
      for i in terms.indices {
        var others = terms
        others.remove(at: i)
        let rest = replacing(at: path, in: root, by: sum(others))
        places.append((path.appending(i), rest))
      }
    case .negative, .timeSum, .indexSum, .tabulate, .transpose: break
    case .product(let factors), .hadamard(let factors):
      if Set(factors).count < factors.count { return }
    default: return
    }
    for (i, child) in node.children.enumerated() {
      collectTerms(of: child, root, path.appending(i), &places)
    }
  }

  /// A number as it is written: `3`, `1/2`, `0.5`.
  private func written(_ expression: Expression) -> Rational? {
    switch self[expression] {
    case .number(let value), .decimal(let value, _): return value
    case .quotient(let above, let below):
      guard let a = written(above), let b = written(below) else { return nil }
      return a.divided(by: b)
    default: return nil
    }
  }

  /// The number by which a term is multiplied.
  fileprivate func coefficient(of term: Expression) -> Rational {
    if let own = written(term) { return own }
    switch self[term] {
    case .negative(let operand): return -coefficient(of: operand)
    case .product(let factors), .hadamard(let factors):
      return factors.reduce(.one) { $0 * coefficient(of: $1) }
    case .quotient(let above, let below):
      return (written(above) ?? .one).divided(by: written(below) ?? .one) ?? .one
    default: return .one
    }
  }

  /// A term with another number before it; one that is written already is changed.
  fileprivate mutating func scaled(_ term: Expression, by ratio: Rational) -> Expression {
    if ratio.signum < 0 {
      let positive = scaled(term, by: -ratio)
      if case .negative(let operand) = self[positive] { return operand }
      return expression(.negative(positive))
    }
    if let own = written(term) { return number(own * ratio, like: term) }
    switch self[term] {
    case .negative(let operand): return expression(.negative(scaled(operand, by: ratio)))
    case .product(let factors):
      let counts = factors.map { coefficient(of: $0) != .one || isShare($0) }
      guard let place = counts.firstIndex(of: true) else { break }
      var new = factors
      new[place] = scaled(factors[place], by: ratio)
      if self[new[place]] == .number(.one) { new.remove(at: place) }
      return product(new)
    case .quotient(let above, let below):
      let value = (written(above) ?? .one) * ratio
      if let own = written(below), let share = value.divided(by: own) {
        let (top, bottom): (Rational, Rational) = (
          Rational(share.numerator, over: .one), Rational(share.denominator, over: .one)
        )
        let factor: Expression = number(top)
        let numerator =
          written(above) != nil ? factor : top == .one ? above : product([factor, above])
        if bottom == .one { return numerator }
        return expression(.quotient(numerator, number(bottom)))
      }
      return expression(.quotient(scaled(above, by: ratio), below))
    default: break
    }
    let own: Expression = number(ratio)
    if case .product(let factors) = self[term] { return product([own] + factors) }
    return product([own, term])
  }

  /// `1/m`
  private func isShare(_ factor: Expression) -> Bool {
    if case .quotient(let above, _) = self[factor] { return written(above) != nil }
    return false
  }

  /// A number written as another one was: with a point or without.
  private mutating func number(_ value: Rational, like old: Expression) -> Expression {
    if case .decimal(_, let places) = self[old] {
      for places in places...(places + 2) {
        let scale = Rational(10).raised(to: places) ?? .one
        if (value * scale).isInteger { return expression(.decimal(value, places: places)) }
      }
    }
    return number(value)
  }
}
