import Documents
import Expressions

/// Relations whose sides need agree only up to a factor: `X^\top X v = X^\top y` where `∇J(v) = \frac2N X^\top (X v
/// − y)` vanishes.
extension Judge {
  /// The relation with the factor that makes it hold: a number, and perhaps a size that the sides name.
  mutating func upToFactor(
    _ literal: Judged, _ claim: Claim, _ statement: Statement, in workspace: inout Workspace
  ) -> Judged? {
    var sizes: [Expression] = []
    for side in [literal.left, literal.right] {
      workspace.visit(side) { expression, node in
        switch node {
        case .dimensionValue, .timeValue:
          if !sizes.contains(expression) { sizes.append(expression) }
        default: break
        }
      }
    }
    var scaled = [literal.right]
    for size in sizes {
      scaled.append(workspace.expression(.product([size, literal.right])))
      scaled.append(workspace.expression(.quotient(literal.right, size)))
    }
    for right in scaled {
      guard let factor = ratio(of: literal.left, to: right, beside: nil, literal, in: workspace),
        factor != .zero
      else { continue }
      var variant = base(claim)
      variant.left = literal.left
      variant.right = workspace.expression(.product([workspace.number(factor), right]))
      if let judged = accepting(variant, statement, in: &workspace) { return judged }
    }
    return nil
  }
}
