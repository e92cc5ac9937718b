import Expressions

/// Nodes that are linear in their operand: the derivative goes inside.
extension Differentiation {
  mutating func linear(
    _ rule: Rule, _ node: Node, _ place: Place, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let indices = place.indices
    switch node {
    case .sum(let terms):
      let whole = try shape(of: place.expression, workspace)
      var derivatives: [Expression?] = []
      for term in terms {
        let own = self.indices(indices, of: try shape(of: term, workspace), in: whole)
        derivatives.append(try derivative(term, at: own, place.pass, &workspace))
      }
      return workspace.plus(derivatives)
    case .negative(let operand):
      return workspace.minus(try derivative(operand, at: indices, place.pass, &workspace))
    case .transpose(let operand):
      return try derivative(operand, at: Array(indices.reversed()), place.pass, &workspace)
    case .entry(let operand, let written):
      let shape = try shape(of: operand, workspace)
      var own = written
      if written.count == shape.order, shape.squeezed.order != shape.order {
        own = []
        for (index, dimension) in zip(written, shape.dimensions) where dimension != .one {
          own.append(index)
        }
      }
      return try derivative(operand, at: own, place.pass, &workspace)
    case .indexSum(let label, let body):
      let fresh = workspace.freshLabel(workspace[label].dimension)
      let renamed = workspace.substituting(label, by: .label(fresh), in: body)
      let term = try derivative(renamed, at: indices, place.pass, &workspace)
      return workspace.contraction(over: fresh, term)
    case .tabulate(let labels, let body):
      var placed = body
      var rest = indices[...]
      for label in labels {
        let isUnit = workspace[label].dimension == .one
        guard let index = isUnit ? .literal(1) : rest.popFirst() else { continue }
        placed = workspace.substituting(label, by: index, in: placed)
      }
      return try derivative(placed, at: [], place.pass, &workspace)
    case .timeSum(let time, let from, let through, let body):
      let fresh = workspace.time(named: workspace.name(of: time))
      let renamed = workspace.substituting(time, by: Time(fresh), in: body)
      let outside = knowledge.facts
      defer { knowledge.facts = outside }
      knowledge.facts += [Time(fresh) - from, through - Time(fresh)]
      let term = try derivative(renamed, at: indices, place.pass, &workspace)
      knowledge.facts = outside
      return narrowedSum(fresh, from, through, term, &workspace)
    case .stack(let rows, let columns, let blocks):
      var new: [Expression] = []
      var isZero = true
      for block in blocks {
        let shape = try shape(of: block, workspace)
        if let tensor = try jacobian(of: block, shape, place.pass, &workspace) {
          new.append(tensor)
          isZero = false
        } else {
          new.append(workspace.zero(shape))
        }
      }
      if isZero { return nil }
      return workspace.component(
        workspace.expression(.stack(rows: rows, columns: columns, new)), at: indices)
    case .tensorFunction(let function, let operand):
      return try linear(function, operand, place, &workspace)
    default: throw .unsupported(place.expression)
    }
  }

  private mutating func linear(
    _ function: TensorFunction, _ operand: Expression, _ place: Place,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let indices = place.indices
    let shape = try shape(of: operand, workspace)
    switch function {
    case .diag:
      if shape.isScalar { return try derivative(operand, at: indices, place.pass, &workspace) }
      if indices.count == 1 {
        return try derivative(operand, at: indices + indices, place.pass, &workspace)
      }
      let slope = try derivative(operand, at: [indices[0]], place.pass, &workspace)
      return workspace.times([workspace.delta(indices[0], indices[1]), slope])
    case .vec:
      if shape.squeezed.order < 2 {
        return try derivative(operand, at: indices, place.pass, &workspace)
      }
      guard let tensor = try jacobian(of: operand, shape, place.pass, &workspace) else {
        return nil
      }
      return workspace.component(
        workspace.expression(.tensorFunction(.vec, tensor)), at: indices)
    case .total:
      let labels = workspace.freshLabels(for: shape)
      let term = try derivative(operand, at: labels.asIndices, place.pass, &workspace)
      return workspace.contraction(over: labels, term)
    default: throw .unsupported(place.expression)
    }
  }

  /// The derivatives of all components as a tensor of the operand's own shape, the target's component
  /// left open; nil is zero.
  mutating func jacobian(
    of operand: Expression, _ shape: Shape, _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let labels = workspace.freshLabels(for: shape)
    guard let entry = try derivative(operand, at: labels.asIndices, pass, &workspace) else {
      return nil
    }
    let tensor = workspace.tensor(labels, entry)
    return shape.isRow ? workspace.expression(.transpose(tensor)) : tensor
  }
}

extension Workspace {
  /// Zero of a shape.
  mutating func zero(_ shape: Shape) -> Expression {
    shape.isScalar ? number(0) : expression(.zero(shape))
  }
}
