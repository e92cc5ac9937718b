import Documents
import Expressions
import Notation

/// What an assumption says of a function at whatever it is applied to.
extension Theory {
  /// `|σ'(z)| ≤ γ` with a z that is nothing else on the page, or `|σ'| ≤ γ`: the slope at every argument that an equation
  /// gives σ.
  func slopes(
    of premise: Premise, in setting: Int, _ workspace: inout Workspace
  ) -> [Premise] {
    guard case .condition(let left, let sign, let right) = premise.content, sign.isOrder else {
      return []
    }
    let isUpper = sign == .less || sign == .lessOrEqual
    let (lesser, greater) = isUpper ? (left, right) : (right, left)
    guard case .apply(.absolute, 0, let slope) = workspace[lesser] else { return [] }
    let model = settings[setting].model
    let (function, derivative): (ElementwiseFunction, Int)
    var any: Symbol?
    switch workspace[slope] {
    case .apply(let own, let order, let argument) where order > 0:
      guard case .variable(let variable) = workspace[argument], variable.time == nil,
        !workspace.variables(in: greater).contains(variable), !model.computes(variable.symbol)
      else { return [] }
      (function, derivative, any) = (own, order, variable.symbol)
    case .elided(let own, let order, _): (function, derivative) = (own, order)
    default: return []
    }
    var arguments: [Expression] = []
    var isNode = false
    for definition in model.definitions {
      isNode =
        isNode || workspace.variables(in: definition.body).contains { $0.symbol == any }
      workspace.visit(definition.body) { _, node in
        if case .apply(function, 0, let argument) = node, !arguments.contains(argument) {
          arguments.append(argument)
        }
      }
    }
    if isNode { return [] }
    var found: [Premise] = []
    for argument in arguments {
      guard let shape = try? workspace.shape(of: argument), shape.isScalar || shape.isVector else {
        continue
      }
      let own = workspace.expression(.apply(function, derivative: derivative, argument))
      // The norm of a diagonal matrix is its largest entry.
      let size =
        shape.isScalar
        ? workspace.expression(.apply(.absolute, derivative: 0, own))
        : workspace.expression(
          .tensorFunction(.spectralNorm, workspace.expression(.tensorFunction(.diag, own))))
      found.append(
        Premise(
          content: .condition(isUpper ? size : greater, sign, isUpper ? greater : size),
          statement: premise.statement))
    }
    return found
  }
}
