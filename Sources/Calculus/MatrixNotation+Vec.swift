import Expressions

/// A factor (nil for the identity) times the Jacobian of an operand.
typealias JacobianPart = (factor: Expression?, operand: Expression)

/// Jacobians of matrices stacked column by column: vec(A X B) = (Bᵀ ⊗ A) vec(X), vec(A ⊙ X) =
/// diag(vec(A)) vec(X) (Magnus and Neudecker, *Matrix Differential Calculus*, chapters 2 and 3).
extension Differentiation {
  /// A matrix by another, both stacked column by column, as a product of matrices; nil where these
  /// rules do not reach.
  ///
  /// - Parameter domain: each is ≥ 0.
  package mutating func columnNotation(
    of question: Expression, for domain: [Time], in workspace: inout Workspace
  ) -> Expression? {
    guard case .derivative(let above, let below, let intervention) = workspace[question],
      case .tensorFunction(.vec, let matrix) = workspace[above],
      case .tensorFunction(.vec, let other) = workspace[below]
    else { return nil }
    knowledge.facts = model.domain + domain
    var root = above
    var unfolding = Unfolding(kept: intervention.held)
    if case .variable(let node) = workspace[matrix], let time = node.time {
      var leaf: Variable?
      if case .variable(let variable) = workspace[other] { leaf = variable }
      if intervention.mode == .immediate, leaf?.time != nil {
        let ways = alternatives(for: node.symbol, at: time, &workspace, generalOnly: true)
        guard ways.count == 1 else { return nil }
        root = workspace.expression(.tensorFunction(.vec, ways[0].body))
      } else {
        (unfolding.first, unfolding.last) = (leaf?.time ?? time, time)
      }
    }
    guard case .matrix(let notation)? = matrixJacobian(of: root, by: below, unfolding, &workspace)
    else { return nil }
    return intervention.layout == .denominator ? workspace.transposed(notation) : notation
  }

  /// The Jacobian of vec of a matrix as a sum of factors times Jacobians of vecs; nil where there is
  /// no matrix notation. The parameters are those of `matrixJacobian`.
  mutating func vecParts(
    of matrix: Expression, by leaf: Expression, _ unfolding: Unfolding, _ workspace: inout Workspace
  ) -> (rule: Rule, parts: [JacobianPart])? {
    guard let shape = try? shape(of: matrix, workspace) else { return nil }
    func vec(_ operand: Expression, _ workspace: inout Workspace) -> Expression {
      workspace.expression(.tensorFunction(.vec, operand))
    }
    func diagonal(_ operand: Expression, _ workspace: inout Workspace) -> Expression {
      let entries = vec(operand, &workspace)
      return workspace.expression(.tensorFunction(.diag, entries))
    }
    switch workspace[matrix] {
    case .variable(let variable):
      guard let time = variable.time, unfolding.reaches(variable) else { return nil }
      let ways = alternatives(for: variable.symbol, at: time, &workspace, generalOnly: true)
      return ways.count == 1 ? (.chain, [(nil, vec(ways[0].body, &workspace))]) : nil
    case .negative(let operand):
      return (.negative, [(workspace.number(-1), vec(operand, &workspace))])
    case .sum(let terms):
      var parts: [JacobianPart] = []
      for term in terms where !isFree(term, of: leaf, unfolding, &workspace) {
        guard (try? self.shape(of: term, workspace)) == shape else { return nil }
        parts.append((nil, vec(term, &workspace)))
      }
      return (.sum, parts)
    case .product(let factors):
      func beside(
        _ rest: ArraySlice<Expression>, _ size: Dimension, _ workspace: inout Workspace
      ) -> Expression {
        rest.isEmpty ? workspace.expression(.identity(size)) : workspace.product(Array(rest))
      }
      var parts: [JacobianPart] = []
      for (place, factor) in factors.enumerated()
      where !isFree(factor, of: leaf, unfolding, &workspace) {
        guard let own = try? self.shape(of: factor, workspace), own.isMatrix else { return nil }
        let before = beside(factors[..<place], own.dimensions[0], &workspace)
        let after = beside(factors[(place + 1)...], own.dimensions[1], &workspace)
        let sides = workspace.expression(.kronecker(workspace.transposed(after), before))
        parts.append((sides, vec(factor, &workspace)))
      }
      return (.product, parts)
    case .power(let base, let exponent) where shape.isMatrix:
      // d X⁻¹ = −X⁻¹ dX X⁻¹
      guard exponent == workspace.number(-1) else { return nil }
      let turned = workspace.transposed(matrix)
      let sides = workspace.expression(.kronecker(turned, matrix))
      return (.inverse, [(workspace.expression(.negative(sides)), vec(base, &workspace))])
    case .hadamard(let factors):
      var parts: [JacobianPart] = []
      for (place, factor) in factors.enumerated() {
        guard (try? self.shape(of: factor, workspace)) == shape else { return nil }
        var others = factors
        others.remove(at: place)
        parts.append((diagonal(workspace.hadamard(others), &workspace), vec(factor, &workspace)))
      }
      return (.hadamard, parts)
    case .apply(let function, let order, let operand):
      guard let slope = workspace.slope(of: function, order: order + 1, at: operand) else {
        return nil
      }
      return (.elementwise, [(diagonal(slope, &workspace), vec(operand, &workspace))])
    default: return nil
    }
  }
}
