import Expressions

/// A term's factors as a network: labels are its nodes, matrices its edges, vectors hang on nodes.
extension Prover {
  private struct Edge {
    var a: Label
    var b: Label
    /// Axes in the order a, b.
    var matrix: Expression
  }

  /// The term without its time sums.
  mutating func body(
    of term: Term, axes: [Label], shape: Shape, _ workspace: inout Workspace
  ) -> Expression? {
    let term = joiningSoftmax(term)
    let isClosed = term.factors.allSatisfy { factor in
      factor.labels.allSatisfy {
        axes.contains($0) || term.labels.contains($0) || table.literal(of: $0) != nil
      }
    }
    if isClosed, axes.count <= 2, let written = network(term, axes, shape, &workspace) {
      return written
    }
    return indexNotation(term, axes, shape, &workspace)
  }

  /// e^{z_i} / Σ_j e^{z_j} as one factor: the node that is defined so, or the softmax of z.
  private mutating func joiningSoftmax(_ term: Term) -> Term {
    var term = term
    var i = 0
    while i < term.factors.count {
      let bracket = term.factors[i]
      i += 1
      guard case .bracket(let key) = table.kind(bracket), let n = bracket.exponent.literal, n < 0,
        bracket.labels.isEmpty, case let stored = table.forms[Int(key)].terms, stored.count == 1,
        stored[0].coefficient.isOne, stored[0].times.isEmpty, stored[0].labels.count == 1,
        stored[0].factors.count == 1, case let member = stored[0].factors[0],
        member.labels == stored[0].labels, member.exponent == .one,
        case .apply(.exp, 0, let argument) = table.kind(member)
      else { continue }
      let times = member.times.map { time in
        time.base < 0 ? bracket.times[Int(-1 - time.base)] + time.offset : time
      }
      guard
        let j = term.factors.firstIndex(where: {
          $0.head == member.head && $0.times == times && $0.exponent == .one
        })
      else { continue }
      let labels = term.factors[j].labels
      term.factors[j] =
        distribution(argument, labels, times, term.zone)
        ?? Factor(table.head(.softmax(argument)), labels, times)
      let place = i - 1
      term.factors[place].exponent = Affine(n + 1)
      if n == -1 { term.factors.remove(at: place) }
      i = 0
    }
    return term
  }

  private mutating func network(
    _ term: Term, _ axes: [Label], _ shape: Shape, _ workspace: inout Workspace
  ) -> Expression? {
    var scalars: [Expression] = []
    var divisors: [Expression] = []
    var hanging: [(label: Label, vector: Expression)] = []
    var edges: [Edge] = []
    for factor in term.factors {
      if let n = factor.exponent.literal, n < 0, factor.labels.isEmpty {
        var base = factor
        base.exponent = Affine(-n)
        guard let divisor = tensor(base, &workspace) else { return nil }
        divisors.append(divisor)
        continue
      }
      if factor.labels.contains(where: { $0 <= -1000 }) {
        if let (label, vector) = unitVector(factor, &workspace) {
          hanging.append((label, vector))
        } else if let n = factor.exponent.literal, n < 0 {
          guard let divisor = entry(factor, -n, &workspace) else { return nil }
          divisors.append(divisor)
        } else {
          guard let n = factor.exponent.literal, let entry = entry(factor, n, &workspace) else {
            return nil
          }
          scalars.append(entry)
        }
        continue
      }
      if factor.labels.count > 2 { return nil }
      guard let tensor = tensor(factor, &workspace) else { return nil }
      switch factor.labels.count {
      case 0: scalars.append(tensor)
      case 1: hanging.append((factor.labels[0], column(tensor, workspace: &workspace)))
      default:
        let (a, b) = (factor.labels[0], factor.labels[1])
        if a == b {
          hanging.append((a, workspace.expression(.tensorFunction(.diag, tensor))))
        } else if let at = edges.firstIndex(where: { $0.a == a && $0.b == b }) {
          edges[at].matrix = workspace.expression(.hadamard([edges[at].matrix, tensor]))
        } else if let at = edges.firstIndex(where: { $0.a == b && $0.b == a }) {
          let turned = transposed(tensor, &workspace)
          edges[at].matrix = workspace.expression(.hadamard([edges[at].matrix, turned]))
        } else {
          edges.append(Edge(a: a, b: b, matrix: tensor))
        }
      }
    }
    var result: [Expression]
    switch axes.count {
    case 0: result = []
    case 1:
      guard let entries = column(at: axes[0], &hanging, &edges, &workspace) else { return nil }
      result = entries.isEmpty ? [ones(axes[0], &workspace)] : entries
      if shape.isRow { result = transposedProduct(result, &workspace) }
    default:
      guard let entries = matrix(axes[0], axes[1], &hanging, &edges, &workspace) else {
        return nil
      }
      result = entries
    }
    while !hanging.isEmpty || !edges.isEmpty {
      guard let scalar = closed(&hanging, &edges, &workspace) else { return nil }
      scalars.append(scalar)
    }
    if !term.coefficient.isOne || scalars.isEmpty && result.isEmpty {
      guard let number = expression(of: term.coefficient, &workspace) else { return nil }
      scalars.insert(number, at: 0)
    }
    if divisors.isEmpty { return workspace.product(scalars + result) }
    let dividend = workspace.product(scalars + result)
    return workspace.expression(.quotient(dividend, workspace.product(divisors)))
  }

  /// δ_{2i} as e_2, and the label i.
  private func unitVector(
    _ factor: Factor, _ workspace: inout Workspace
  ) -> (label: Label, vector: Expression)? {
    guard factor.head == table.delta, factor.exponent == .one, let label = factor.labels.max(),
      label >= 0, let place = factor.labels.lazy.compactMap({ table.literal(of: $0) }).first
    else { return nil }
    let dimension = table.dimensions[Int(table.labels[Int(label)].dimension)]
    return (label, workspace.expression(.unitVector(place, dimension)))
  }

  /// The power of an entry at a place that numbers give; nil for a whole row or column.
  private mutating func entry(
    _ factor: Factor, _ exponent: Int, _ workspace: inout Workspace
  ) -> Expression? {
    let places = factor.labels.compactMap { table.literal(of: $0) }
    guard places.count == factor.labels.count, factor.head != table.delta,
      !table.traits(factor).contains(.matrixPower)
    else { return nil }
    var base = factor
    base.exponent = .one
    guard let tensor = tensor(base, &workspace) else { return nil }
    let entry = workspace.expression(.entry(tensor, places))
    return exponent == 1 ? entry : workspace.expression(.power(entry, workspace.number(exponent)))
  }

  private func column(_ vector: Expression, workspace: inout Workspace) -> Expression {
    if let shape = try? workspace.shape(of: vector), shape.isRow {
      return transposed(vector, &workspace)
    }
    return vector
  }

  private func ones(_ label: Label, _ workspace: inout Workspace) -> Expression {
    let dimension = table.dimensions[Int(table.labels[Int(label)].dimension)]
    return workspace.expression(.ones(.vector(dimension)))
  }

  func transposed(_ matrix: Expression, _ workspace: inout Workspace) -> Expression {
    switch workspace[matrix] {
    case .transpose(let operand): return operand
    case .identity: return matrix
    case .tensorFunction(.diag, _):
      if let shape = try? workspace.shape(of: matrix), shape.isMatrix { return matrix }
      return workspace.expression(.transpose(matrix))
    default:
      return untransposed(matrix, &workspace) ?? workspace.expression(.transpose(matrix))
    }
  }

  /// The transpose of what is put together from transposes alone; nil of anything else.
  private func untransposed(
    _ matrix: Expression, _ workspace: inout Workspace
  ) -> Expression? {
    func all(_ operands: [Expression], _ workspace: inout Workspace) -> [Expression]? {
      var plain: [Expression] = []
      for operand in operands {
        guard let inner = untransposed(operand, &workspace) else { return nil }
        plain.append(inner)
      }
      return plain
    }
    switch workspace[matrix] {
    case .transpose(let operand): return operand
    case .number: return matrix
    case .opaquePartial where (try? workspace.shape(of: matrix))?.isVector == true:
      return workspace.expression(.transpose(matrix))
    case .negative(let operand):
      return untransposed(operand, &workspace).map { workspace.expression(.negative($0)) }
    case .apply(let function, let n, let operand):
      return untransposed(operand, &workspace).map {
        workspace.expression(.apply(function, derivative: n, $0))
      }
    case .sum(let operands): return all(operands, &workspace).map { workspace.sum($0) }
    case .hadamard(let operands):
      return all(operands, &workspace).map { workspace.expression(.hadamard($0)) }
    case .product(let factors):
      return all(factors, &workspace).map { workspace.product($0.reversed()) }
    default: return nil
    }
  }

  private func transposedProduct(
    _ factors: [Expression], _ workspace: inout Workspace
  ) -> [Expression] {
    var result: [Expression] = []
    for factor in factors.reversed() {
      if let shape = try? workspace.shape(of: factor), shape.isScalar {
        result.append(factor)
      } else {
        result.append(transposed(factor, &workspace))
      }
    }
    return result
  }

  /// All that hangs on the label as one column: the factors of a product, empty for ones. Nil for a
  /// cycle.
  private func column(
    at label: Label, _ hanging: inout [(label: Label, vector: Expression)],
    _ edges: inout [Edge], _ workspace: inout Workspace, visited: [Label] = []
  ) -> [Expression]? {
    var branches: [[Expression]] = []
    while let at = hanging.firstIndex(where: { $0.label == label }) {
      branches.append([hanging.remove(at: at).vector])
    }
    while let at = edges.firstIndex(where: { $0.a == label || $0.b == label }) {
      let edge = edges.remove(at: at)
      let other = edge.a == label ? edge.b : edge.a
      let matrix = edge.a == label ? edge.matrix : transposed(edge.matrix, &workspace)
      if other == label || visited.contains(other) { return nil }
      guard
        let rest = column(
          at: other, &hanging, &edges, &workspace, visited: visited + [label])
      else { return nil }
      branches.append([matrix] + (rest.isEmpty ? [ones(other, &workspace)] : rest))
    }
    if branches.count <= 1 { return branches.first ?? [] }
    var factors: [Expression] = []
    for branch in branches { factors.append(workspace.product(branch)) }
    return [workspace.hadamard(factors)]
  }

  private func matrix(
    _ row: Label, _ column: Label, _ hanging: inout [(label: Label, vector: Expression)],
    _ edges: inout [Edge], _ workspace: inout Workspace
  ) -> [Expression]? {
    guard let way = way(from: row, to: column, edges) else {
      guard let left = self.column(at: row, &hanging, &edges, &workspace),
        let right = self.column(at: column, &hanging, &edges, &workspace)
      else { return nil }
      let first = left.isEmpty ? [ones(row, &workspace)] : left
      let second = right.isEmpty ? [ones(column, &workspace)] : right
      return first + transposedProduct(second, &workspace)
    }
    var taken: [Edge] = []
    for place in way { taken.append(edges[place]) }
    for place in way.sorted(by: >) { edges.remove(at: place) }
    var factors: [Expression] = []
    var current = row
    var onWay = [row]
    for edge in taken { onWay.append(edge.a == onWay[onWay.count - 1] ? edge.b : edge.a) }
    func diagonal(
      _ label: Label, _ hanging: inout [(label: Label, vector: Expression)],
      _ edges: inout [Edge], _ workspace: inout Workspace
    ) -> Bool {
      guard
        let entries = self.column(at: label, &hanging, &edges, &workspace, visited: onWay)
      else { return false }
      if !entries.isEmpty {
        let vector = workspace.product(entries)
        factors.append(workspace.expression(.tensorFunction(.diag, vector)))
      }
      return true
    }
    if !diagonal(current, &hanging, &edges, &workspace) { return nil }
    for edge in taken {
      let matrix = edge.a == current ? edge.matrix : transposed(edge.matrix, &workspace)
      if case .identity = workspace[matrix], taken.count > 1 || !factors.isEmpty {
        // δ beside a diagonal says nothing more.
      } else {
        factors.append(matrix)
      }
      current = edge.a == current ? edge.b : edge.a
      if !diagonal(current, &hanging, &edges, &workspace) { return nil }
    }
    if factors.count > 1 {
      factors.removeAll { if case .identity = workspace[$0] { return true } else { return false } }
    }
    return factors
  }

  /// The numbers of the edges on a shortest way between two labels.
  private func way(from start: Label, to end: Label, _ edges: [Edge]) -> [Int]? {
    var reached: [(label: Label, edges: [Int])] = [(start, [])]
    var next = 0
    while next < reached.count {
      let (label, taken) = reached[next]
      if label == end { return taken }
      next += 1
      for (e, edge) in edges.enumerated() where edge.a == label || edge.b == label {
        let other = edge.a == label ? edge.b : edge.a
        if !reached.contains(where: { $0.label == other }) {
          reached.append((other, taken + [e]))
        }
      }
    }
    return nil
  }

  /// One connected part of the network as a scalar: uᵀMv, a trace, or a total.
  private func closed(
    _ hanging: inout [(label: Label, vector: Expression)], _ edges: inout [Edge],
    _ workspace: inout Workspace
  ) -> Expression? {
    if !hanging.isEmpty {
      let leaves = hanging.indices.filter { n in
        let label = hanging[n].label
        return edges.filter { $0.a == label || $0.b == label }.count
          + hanging.filter { $0.label == label }.count <= 2
      }
      let first = hanging.remove(at: leaves.first ?? 0)
      guard let rest = column(at: first.label, &hanging, &edges, &workspace) else { return nil }
      if rest.isEmpty {
        let row = workspace.expression(.transpose(ones(first.label, &workspace)))
        return workspace.product([row, first.vector])
      }
      return workspace.product([transposed(first.vector, &workspace)] + rest)
    }
    let edge = edges.removeLast()
    if way(from: edge.b, to: edge.a, edges) != nil {
      guard let rest = matrix(edge.b, edge.a, &hanging, &edges, &workspace) else { return nil }
      return workspace.expression(
        .tensorFunction(.trace, workspace.product([edge.matrix] + rest)))
    }
    guard let left = column(at: edge.a, &hanging, &edges, &workspace),
      let right = column(at: edge.b, &hanging, &edges, &workspace)
    else { return nil }
    let first = left.isEmpty ? [ones(edge.a, &workspace)] : left
    let second = right.isEmpty ? [ones(edge.b, &workspace)] : right
    return workspace.product(transposedProduct(first, &workspace) + [edge.matrix] + second)
  }

  /// Entries, index sums and a table of the open labels.
  private mutating func indexNotation(
    _ term: Term, _ axes: [Label], _ shape: Shape, _ workspace: inout Workspace
  ) -> Expression? {
    var names: [Label: IndexSymbol] = [:]
    var letters = ["i", "j", "k", "l", "m", "p", "q", "r"]
    for label in axes + term.labels where label >= 0 {
      let name = letters.isEmpty ? "i" : letters.removeFirst()
      names[label] = workspace.index(
        IndexRecord(
          name: name, dimension: table.dimensions[Int(table.labels[Int(label)].dimension)]))
    }
    func index(_ label: Label) -> Index? {
      if let literal = table.literal(of: label) { return literal }
      if let name = names[label] { return .label(name) }
      for (symbol, known) in labelEnvironment.sorted(by: { $0.key < $1.key }) where known == label {
        return .label(symbol)
      }
      return nil
    }
    var factors: [Expression] = []
    if !term.coefficient.isOne || term.factors.isEmpty {
      guard let number = expression(of: term.coefficient, &workspace) else { return nil }
      factors.append(number)
    }
    for factor in term.factors {
      var places: [Index] = []
      for label in factor.labels {
        guard let place = index(label) else { return nil }
        places.append(place)
      }
      if factor.head == table.delta {
        factors.append(workspace.expression(.delta(places[0], places[1])))
        continue
      }
      var base = factor
      let isEntrywise = factor.exponent != .one && factor.labels.count >= 2
      if isEntrywise, !table.traits(factor).contains(.matrixPower) { base.exponent = .one }
      guard var tensor = tensor(base, &workspace) else { return nil }
      if places.count == 2, let plain = untransposed(tensor, &workspace) {
        tensor = plain
        places.reverse()
      }
      var entry = places.isEmpty ? tensor : workspace.expression(.entry(tensor, places))
      if base.exponent != factor.exponent {
        guard let n = factor.exponent.literal else { return nil }
        let exponent = workspace.number(n)
        entry = workspace.expression(.power(entry, exponent))
      }
      factors.append(entry)
    }
    var body = workspace.product(factors)
    for label in term.labels {
      guard let name = names[label] else { return nil }
      body = workspace.expression(.indexSum(name, body))
    }
    if axes.isEmpty { return body }
    var open: [IndexSymbol] = []
    for axis in axes {
      guard let name = names[axis] else { return nil }
      open.append(name)
    }
    let entries = workspace.expression(.tabulate(open, body))
    return shape.isRow ? transposed(entries, &workspace) : entries
  }
}
