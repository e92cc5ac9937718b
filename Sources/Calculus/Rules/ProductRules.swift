import Expressions

/// Nodes that are linear in each of several operands: a sum with one of them differentiated.
extension Differentiation {
  mutating func bilinear(
    _ rule: Rule, _ node: Node, _ place: Place, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let indices = place.indices
    switch node {
    case .product(let factors):
      guard let last = factors.last else { return nil }
      if factors.count == 1 { return try derivative(last, at: indices, place.pass, &workspace) }
      let left = workspace.product(Array(factors.dropLast()))
      return try product(left, last, indices, place.pass, &workspace)
    case .hadamard(let factors):
      let whole = try shape(of: place.expression, workspace)
      var terms: [Expression?] = []
      for differentiated in factors.indices {
        var new: [Expression?] = []
        for (i, factor) in factors.enumerated() {
          let own = self.indices(indices, of: try shape(of: factor, workspace), in: whole)
          new.append(
            i == differentiated
              ? try derivative(factor, at: own, place.pass, &workspace)
              : workspace.component(factor, at: own))
        }
        terms.append(workspace.times(new))
      }
      return workspace.plus(terms)
    case .quotient(let above, let below):
      let whole = try shape(of: place.expression, workspace)
      let upper = self.indices(indices, of: try shape(of: above, workspace), in: whole)
      let lower = self.indices(indices, of: try shape(of: below, workspace), in: whole)
      let a = workspace.component(above, at: upper)
      let b = workspace.component(below, at: lower)
      let da = try derivative(above, at: upper, place.pass, &workspace)
      let db = try derivative(below, at: lower, place.pass, &workspace)
      let two = workspace.number(2)
      let square = workspace.expression(.power(b, two))
      return workspace.plus([
        workspace.ratio(da, b),
        workspace.minus(workspace.ratio(workspace.times([a, db]), square)),
      ])
    case .kronecker(let a, let b):
      var terms: [Expression?] = []
      if let da = try jacobian(of: a, try shape(of: a, workspace), place.pass, &workspace) {
        terms.append(workspace.component(workspace.expression(.kronecker(da, b)), at: indices))
      }
      if let db = try jacobian(of: b, try shape(of: b, workspace), place.pass, &workspace) {
        terms.append(workspace.component(workspace.expression(.kronecker(a, db)), at: indices))
      }
      return workspace.plus(terms)
    case .timeProduct(let time, let from, let through, let body, let order):
      return try timeProduct(
        time, from, through, body, order, indices, place.pass, &workspace)
    case .pathProduct(let path):
      return try pathProduct(path, indices, place.pass, &workspace)
    default: throw .unsupported(place.expression)
    }
  }

  private mutating func product(
    _ left: Expression, _ right: Expression, _ indices: [Index], _ pass: Pass,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let (before, after) = (try shape(of: left, workspace), try shape(of: right, workspace))
    var (own, other) = (indices, indices)
    var labels: [IndexSymbol] = []
    if before.isScalar {
      own = []
    } else if after.isScalar {
      other = []
    } else {
      let kept = Shape(Array(before.dimensions.dropLast(before.isVector ? 0 : 1)))
      let count = min(kept.squeezed.order, indices.count)
      own = Array(indices.prefix(count))
      other = Array(indices.dropFirst(count))
      if !before.isVector, let dimension = before.dimensions.last, dimension != .one {
        labels = [workspace.freshLabel(dimension)]
        own += labels.asIndices
        other = labels.asIndices + other
      }
    }
    let first = workspace.times([
      try derivative(left, at: own, pass, &workspace), workspace.component(right, at: other),
    ])
    let second = workspace.times([
      workspace.component(left, at: own), try derivative(right, at: other, pass, &workspace),
    ])
    return workspace.plus([
      workspace.contraction(over: labels, first), workspace.contraction(over: labels, second),
    ])
  }

  /// Σ_m Π_{later} · dE_m · Π_{earlier}.
  private mutating func timeProduct(
    _ time: TimeSymbol, _ from: Time, _ through: Time, _ body: Expression, _ order: ProductOrder,
    _ indices: [Index], _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let shape = try shape(of: body, workspace)
    let middle = workspace.time(named: workspace.name(of: time))
    let outside = knowledge.facts
    defer { knowledge.facts = outside }
    knowledge.facts += [Time(middle) - from, through - Time(middle)]
    let factor = workspace.substituting(time, by: Time(middle), in: body)
    let later = workspace.expression(
      .timeProduct(time, from: Time(middle) + 1, through: through, body, order))
    let earlier = workspace.expression(
      .timeProduct(time, from: from, through: Time(middle) - 1, body, order))
    let left = order == .descending ? later : earlier
    let right = order == .descending ? earlier : later
    let term: Expression?
    if shape.isScalar {
      term = workspace.times([left, try derivative(factor, at: [], pass, &workspace), right])
    } else {
      let labels = workspace.freshLabels(for: shape)
      term = workspace.contraction(
        over: labels,
        workspace.times([
          workspace.component(left, at: [indices[0], .label(labels[0])]),
          try derivative(factor, at: labels.asIndices, pass, &workspace),
          workspace.component(right, at: [.label(labels[1]), indices[1]]),
        ]))
    }
    guard let term else { return nil }
    return workspace.expression(.timeSum(middle, from: from, through: through, term))
  }

  /// Σ_m P(m, upper) · dJ_m · P(lower, m−1).
  private mutating func pathProduct(
    _ path: PathProduct, _ indices: [Index], _ pass: Pass, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let middle = workspace.time(named: workspace.name(of: path.step))
    let outside = knowledge.facts
    defer { knowledge.facts = outside }
    knowledge.facts += [Time(middle) - path.lower - 1, path.upper - Time(middle)]
    var orders: [[Dimension]] = []
    for part in 0..<path.size {
      // A diagonal block holds the axes of its part twice.
      let block = path.blocks[part * path.size + part]
      let axes = try shape(of: block, workspace).squeezed.dimensions
      orders.append(Array(axes.prefix(axes.count / 2)))
    }
    let split = orders[path.row].count
    var terms: [Expression?] = []
    for row in 0..<path.size {
      for column in 0..<path.size {
        let rows = workspace.freshLabels(for: Shape(orders[row]))
        let columns = workspace.freshLabels(for: Shape(orders[column]))
        let block = workspace.substituting(
          path.step, by: Time(middle), in: path.blocks[row * path.size + column])
        let slope = try derivative(
          block, at: rows.asIndices + columns.asIndices, pass, &workspace)
        guard let slope else { continue }
        var (later, earlier) = (path, path)
        later.lower = Time(middle)
        later.column = row
        earlier.upper = Time(middle) - 1
        earlier.row = column
        let before = workspace.expression(.pathProduct(later))
        let after = workspace.expression(.pathProduct(earlier))
        terms.append(
          workspace.contraction(
            over: rows + columns,
            workspace.times([
              workspace.component(before, at: Array(indices.prefix(split)) + rows.asIndices),
              slope,
              workspace.component(after, at: columns.asIndices + Array(indices.dropFirst(split))),
            ])))
      }
    }
    guard let sum = workspace.plus(terms) else { return nil }
    return workspace.expression(
      .timeSum(middle, from: path.lower + 1, through: path.upper, sum))
  }
}
