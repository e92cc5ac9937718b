import Expressions

/// Whether the points of a comparison can see a mistake: each term, and the first and last member of
/// each sum, is scaled by one percent in turn, and the comparison must notice, unless the term is
/// proved to be nothing.
enum Sensitivity {
  static func isSensitive(
    _ left: Expression, _ right: Expression, _ witness: inout NumericWitness,
    _ algebra: inout SymbolicWitness, for domains: [[Time]], in workspace: inout Workspace
  ) -> Bool {
    for (side, other) in [(left, right), (right, left)] {
      for changed in perturbed(side, in: &workspace) {
        if witness.quicklyAgrees(changed, other, in: workspace) {
          guard case .agrees = witness.compare(changed, other, in: workspace) else { continue }
          guard case .equal = algebra.compare(changed, side, for: domains, in: &workspace) else {
            return false
          }
        }
      }
    }
    return true
  }

  /// The expression with one term scaled, for every term.
  private static func perturbed(
    _ root: Expression, in workspace: inout Workspace
  ) -> [Expression] {
    let slightly = workspace.number(Rational(101, over: 100))
    func scaled(_ term: Expression) -> Expression {
      workspace.expression(.product([slightly, term]))
    }
    switch workspace[root] {
    case .sum(let terms):
      var all: [Expression] = []
      for i in terms.indices where !workspace.isZero(terms[i]) {
        for changed in perturbed(terms[i], in: &workspace) {
          var new = terms
          new[i] = changed
          all.append(workspace.expression(.sum(new)))
        }
      }
      return all
    case .negative(let operand):
      return perturbed(operand, in: &workspace).map { workspace.expression(.negative($0)) }
    case .timeSum(let step, let from, let through, let body):
      // The member at one end alone: an Iverson bracket singles it out.
      var all: [Expression] = []
      for end in [from, through] {
        let here = workspace.expression(.iverson([Time(step) - end, end - Time(step)]))
        let extra = workspace.expression(
          .product([workspace.number(Rational(1, over: 100)), here, body]))
        all.append(
          workspace.expression(
            .timeSum(
              step, from: from, through: through, workspace.expression(.sum([body, extra])))))
      }
      return all
    default: return workspace.isZero(root) ? [] : [scaled(root)]
    }
  }
}
