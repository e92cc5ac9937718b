import Expressions

/// What a written denominator stands for.
private struct Denominator {
  var target: Target
  /// Of the node that is cut.
  var node: Shape
  /// Of the denominator as written.
  var written: Shape
  var form: Form

  enum Form {
    case plain, transposed, vec
    case entry([Index])
  }
}

extension Differentiation {
  /// A derivative as a tensor with its axes in the order of its layout.
  mutating func arranged(
    _ numerator: Expression, by denominator: Expression, _ intervention: Intervention,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression {
    if case .stack(let rows, let columns, let members) = workspace[denominator] {
      return try arranged(
        numerator, byStack: denominator, rows, columns, members, intervention, &workspace)
    }
    let by = try denominated(denominator, intervention, &workspace)
    let shape = try shape(of: numerator, workspace)
    return try arranged(numerator, shape, by, intervention, &workspace)
  }

  private func denominated(
    _ written: Expression, _ intervention: Intervention, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Denominator {
    var form = Denominator.Form.plain
    var inner = written
    switch workspace[written] {
    case .entry(let operand, let indices): (inner, form) = (operand, .entry(indices))
    case .transpose(let operand): (inner, form) = (operand, .transposed)
    case .tensorFunction(.vec, let operand): (inner, form) = (operand, .vec)
    default: break
    }
    guard case .variable(let variable) = workspace[inner] else {
      throw .denominatorIsNoNode(written)
    }
    let target = Target(
      members: [CutNode(symbol: variable.symbol, time: variable.copy ?? variable.time)],
      active: 0, held: intervention.held, isCopy: variable.copy != nil)
    let node = workspace[variable.symbol].shape.canonical
    var shape = node
    switch form {
    case .entry(let indices):
      shape = .scalar
      if indices.count == node.order, node.squeezed.order != node.order {
        var own: [Index] = []
        for (index, dimension) in zip(indices, node.dimensions) where dimension != .one {
          own.append(index)
        }
        form = .entry(own)
      } else if indices.count != node.squeezed.order {
        throw .illTyped(written)
      }
    case .transposed:
      if node.isVector { shape = .row(node.dimensions[0]) }
      if node.isMatrix { shape = Shape([node.dimensions[1], node.dimensions[0]]).canonical }
    case .vec:
      if let (m, n) = node.asMatrix { shape = Shape([m * n]).canonical }
    case .plain: break
    }
    return Denominator(target: target, node: node, written: shape, form: form)
  }

  private mutating func arranged(
    _ numerator: Expression, _ shape: Shape, _ by: Denominator, _ intervention: Intervention,
    _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression {
    let own = workspace.freshLabels(for: shape)
    let other = workspace.freshLabels(for: by.written)
    let scalar = try component(
      of: numerator, at: own.asIndices, by, other, intervention, &workspace)
    guard let scalar else {
      return workspace.zero(
        shape.derivative(by: by.written, layout: intervention.layout))
    }
    if own.isEmpty {
      let isTurned = intervention.layout == .transposed && by.written.isMatrix
      let tensor = workspace.tensor(isTurned ? other.reversed() : other, scalar)
      let isRow =
        by.written.isRow && !isTurned || by.written.isVector && intervention.layout.givesRows
      return isRow ? workspace.expression(.transpose(tensor)) : tensor
    }
    if other.isEmpty {
      let tensor = workspace.tensor(own, scalar)
      let isRow = shape.isRow || shape.isVector && intervention.layout == .denominator
      return isRow ? workspace.expression(.transpose(tensor)) : tensor
    }
    return workspace.tensor(
      intervention.layout == .denominator ? other + own : own + other, scalar)
  }

  /// One component of the numerator by one of the denominator as written.
  private mutating func component(
    of numerator: Expression, at indices: [Index], _ by: Denominator, _ labels: [IndexSymbol],
    _ intervention: Intervention, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    switch by.form {
    case .plain:
      return try component(
        of: numerator, at: indices, by.target, labels.asIndices, intervention, &workspace)
    case .transposed:
      return try component(
        of: numerator, at: indices, by.target, labels.asIndices.reversed(), intervention,
        &workspace)
    case .entry(let chosen):
      return try component(
        of: numerator, at: indices, by.target, chosen, intervention, &workspace)
    case .vec:
      if by.node.squeezed.order < 2 {
        return try component(
          of: numerator, at: indices, by.target, labels.asIndices, intervention, &workspace)
      }
      let inner = workspace.freshLabels(for: by.node)
      let scalar = try component(
        of: numerator, at: indices, by.target, inner.asIndices, intervention, &workspace)
      guard let scalar else { return nil }
      let matrix = workspace.tensor(inner, scalar)
      return workspace.component(
        workspace.expression(.tensorFunction(.vec, matrix)), at: labels.asIndices)
    }
  }

  /// One component of the numerator by one component of a node.
  private mutating func component(
    of numerator: Expression, at indices: [Index], _ target: Target, _ component: [Index],
    _ intervention: Intervention, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression? {
    let outside = knowledge.facts
    defer { knowledge.facts = outside }
    assumeExistence(of: target)
    var pass = Pass(reach: .total, target: target, component: component, owner: nil)
    let isByParameter =
      target.isCopy || target.source.time == nil && !model.computes(target.source.symbol)
    guard intervention.mode == .immediate else {
      return try derivative(numerator, at: indices, pass, &workspace)
    }
    if isByParameter {
      guard let step = try latestTime(in: numerator, workspace) else {
        return try derivative(numerator, at: indices, pass, &workspace)
      }
      pass.reach = .ownStep(step)
      return try derivative(numerator, at: indices, pass, &workspace)
    }
    // By a node: the one written equation of the numerator.
    pass.reach = .equation
    var (node, own) = (numerator, indices)
    if case .entry(let operand, let chosen) = workspace[numerator] {
      (node, own) = (operand, chosen)
    }
    var isColumn = false
    if case .tensorFunction(.vec, let operand) = workspace[node] {
      (node, isColumn) = (operand, true)
    }
    guard case .variable(let variable) = workspace[node] else {
      return try derivative(numerator, at: indices, pass, &workspace)
    }
    let identity =
      try isColumn
      ? derivative(numerator, at: indices, pass, &workspace)
      : derivative(of: variable, at: own, pass, &workspace)
    // Where the times do not compare, it may be the node itself or may read it.
    if identity != nil, !isOpen(variable, against: target) { return identity }
    func equation(_ body: Expression, _ workspace: inout Workspace) -> Expression {
      isColumn ? workspace.expression(.tensorFunction(.vec, body)) : body
    }
    var terms = [identity]
    if let time = variable.time {
      for way in alternatives(for: variable.symbol, at: time, &workspace) {
        let body = equation(way.body, &workspace)
        let term = try derivative(body, at: own, pass, &workspace)
        terms.append(workspace.guarded(term, by: way.guards))
      }
    } else if let definition = model.definition(of: variable.symbol) {
      let body = equation(definition.body, &workspace)
      terms.append(try derivative(body, at: own, pass, &workspace))
    }
    return workspace.plus(terms)
  }

  /// Whether a variable is the target at some times and another node at others.
  private func isOpen(_ variable: Variable, against target: Target) -> Bool {
    guard let time = variable.time else { return false }
    return target.members.contains { member in
      member.symbol == variable.symbol
        && member.time.map { knowledge.areEqual(time, $0) == .open } ?? false
    }
  }

  /// A computed node that is named exists: its equation holds there, or the next one reads it.
  private mutating func assumeExistence(of target: Target) {
    let source = target.source
    guard !target.isCopy, let time = source.time, time.literal == nil,
      model.computes(source.symbol), let graph = graphs[[]]
    else { return }
    let reach = graph.isOnCycle(source.symbol) ? 1 : 0
    if let first = firstStep(of: source.symbol) {
      let exists = time - first + reach
      if knowledge.isNonnegative(exists) == .open { knowledge.facts.append(exists) }
    }
  }

  /// The latest of the times at which an expression's variables stand, as far as they compare. A sum
  /// over steps has no step of its own.
  private func latestTime(
    in root: Expression, _ workspace: borrowing Workspace
  ) throws(DerivativeProblem) -> Time? {
    let free = workspace.freeTimes(in: root)
    var latest: Time?
    for variable in workspace.variables(in: root) {
      guard let time = variable.time else { continue }
      if !time.terms.allSatisfy({ free.contains($0.symbol) }) { throw .unsupported(root) }
      if let known = latest, let gap = (time - known).literal, gap <= 0 { continue }
      latest = time
    }
    return latest
  }

  /// By several nodes cut off together: blocks side by side.
  private mutating func arranged(
    _ numerator: Expression, byStack written: Expression, _ rows: Int, _ columns: Int,
    _ members: [Expression], _ intervention: Intervention, _ workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression {
    guard rows == 1 || columns == 1 else { throw .denominatorIsNoNode(written) }
    var nodes: [CutNode] = []
    for member in members {
      guard case .variable(let variable) = workspace[member], variable.copy == nil else {
        throw .denominatorIsNoNode(written)
      }
      if let first = nodes.first, first.time != variable.time { throw .mixedTimes(written) }
      nodes.append(CutNode(symbol: variable.symbol, time: variable.time))
    }
    var parts = [numerator]
    if case .stack(let height, 1, let blocks) = workspace[numerator], height == blocks.count {
      parts = blocks
    }
    let isScalar = parts.count == 1 ? try shape(of: numerator, workspace).isScalar : false
    let layout = intervention.layout
    // Blocks in numerator layout: the parts downwards, the members across.
    var blocks: [Expression] = []
    for part in parts {
      for (place, member) in members.enumerated() {
        let node = try shape(of: member, workspace)
        let shape = try shape(of: part, workspace)
        guard node.order <= 1, shape.order <= 1 else { throw .unsupported(written) }
        let by = Denominator(
          target: Target(members: nodes, active: place, held: intervention.held, isCopy: false),
          node: node, written: node, form: .plain)
        var inner = intervention
        // A scalar part among others counts as a row of numbers.
        if layout == .gradient, !isScalar { inner.layout = .numerator }
        blocks.append(try arranged(part, shape, by, inner, &workspace))
      }
    }
    let isTransposed = layout == .denominator || layout == .gradient && isScalar
    if !isTransposed {
      return workspace.expression(.stack(rows: parts.count, columns: members.count, blocks))
    }
    var turned: [Expression] = []
    for place in members.indices {
      for part in parts.indices { turned.append(blocks[part * members.count + place]) }
    }
    return workspace.expression(.stack(rows: members.count, columns: parts.count, turned))
  }
}
