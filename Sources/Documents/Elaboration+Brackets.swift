import Expressions

/// Derivatives of what is written in brackets.
extension Elaborator {
  /// `\partial^+ (W h_{t-1}) / \partial W`: what is written is differentiated as it stands, and every
  /// node in it is held.
  func holdingWritten(
    _ intervention: Intervention, of numerator: Expression, by denominator: Expression,
    in workspace: borrowing Workspace
  ) -> Intervention {
    let written = workspace.variables(in: numerator)
    guard intervention.mode == .immediate, workspace.namedVariable(of: numerator) == nil,
      let parameter = workspace.namedVariable(of: denominator), parameter.time == nil,
      written.contains(where: { $0.symbol == parameter.symbol })
    else { return intervention }
    var held = intervention.held
    for variable in written where variable.time != nil && !held.contains(variable.symbol) {
      held.append(variable.symbol)
    }
    return Intervention(mode: intervention.mode, layout: intervention.layout, held: held)
  }
}
