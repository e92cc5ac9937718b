import Expressions

/// Numbers that were rounded before a page went on computing with them.
extension Workspace {
  /// Whether two closed numbers agree as far as the decimals in them can tell: every decimal of three
  /// digits and more may be off by one unit of its last place; shorter ones are taken as they stand.
  ///
  /// - Parameters:
  ///   - model: what computes variables that occur.
  ///   - fixings: what fixes others.
  package mutating func agreeUpToRounding(
    _ lhs: Expression, _ rhs: Expression, model: Model, fixing fixings: [Laboratory.Fixing]
  ) -> Bool {
    let difference = expression(.sum([lhs, expression(.negative(rhs))]))
    let rounded = roundedDecimals(in: difference)
    // Between two printed numbers nothing is computed.
    guard !rounded.isEmpty, !isPrinted(lhs) || !isPrinted(rhs) else { return false }
    func value(_ root: Expression, _ workspace: borrowing Workspace) -> Double? {
      guard
        let found = workspace.enclosure(of: root, model: model, fixing: fixings),
        found.dimensions.isEmpty
      else { return nil }
      return found.lower[0] / 2 + found.upper[0] / 2
    }
    guard let gap = value(difference, self) else { return false }
    var tolerance = 0.0
    for decimal in rounded {
      guard case .decimal(let number, let places) = self[decimal],
        let unit = Rational(10).raised(to: -places)
      else { return false }
      var largest = 0.0
      for shift in [unit, -unit] {
        let moved = replacing(decimal, by: self.number(number + shift), in: difference)
        guard let other = value(moved, self) else { return false }
        largest = max(largest, (other - gap).magnitude)
      }
      tolerance += largest
    }
    return gap.magnitude <= tolerance
  }

  private func roundedDecimals(in root: Expression) -> [Expression] {
    var found: [Expression] = []
    visit(root) { expression, node in
      guard case .decimal(let value, let places) = node,
        let scale = Rational(10).raised(to: places)
      else { return }
      let digits = value * scale
      if Rational(100) < (digits.signum < 0 ? -digits : digits), !found.contains(expression) {
        found.append(expression)
      }
    }
    return found
  }
}
