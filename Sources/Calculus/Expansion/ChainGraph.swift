import Expressions

/// The unrolled model with only some of its nodes as vertices: what lies between them is in the
/// factors on the edges. With d(v) the derivative of a vertex by the source,
/// d(v) = Σ_u F(v, u) d(u) + E(v), and so d(result) is the sum over all paths.
package struct ChainGraph: Sendable {
  /// Which nodes are vertices, apart from the result and the losses that it sums.
  package enum Level: Sendable {
    /// The states of recurrences.
    case states
    /// All.
    case nodes
  }
  package struct Edge: Sendable {
    /// A vertex.
    package var target: Int
    package var factor: Factor
  }
  /// Where the source enters.
  package struct Entry: Sendable {
    /// The step of the use, or the source's own time.
    package var step: Int?
    package var factor: Factor
  }
  package struct Vertex: Sendable {
    package var node: UnrolledNode
    package var isState: Bool
    package var edges: [Edge] = []
    package var entries: [Entry] = []
  }

  package let unrolling: Unrolling
  package let level: Level
  /// Each after those that its edges lead to; the result is last. Empty if no path leads there.
  package private(set) var vertices: [Vertex] = []
  /// The families whose nodes are vertices because they recur.
  package private(set) var states: [Symbol] = []
  /// Whether matrices are written as columns.
  package private(set) var isVectorized = false

  private var vertexOf: [Int: Int] = [:]

  init(
    _ unrolling: Unrolling, _ level: Level, in equations: Equations,
    _ workspace: borrowing Workspace
  ) throws(ExpansionProblem) {
    self.unrolling = unrolling
    self.level = level
    if unrolling.isEmpty { return }
    states = ChainGraph.states(of: unrolling, equations.graph)
    let last = unrolling.nodes.count - 1
    var summands: [Int] = []
    if unrolling.result.time == nil {
      summands = try equations.plainSummands(of: unrolling.result, workspace).compactMap {
        unrolling.places[$0]
      }
    }
    for (place, node) in unrolling.nodes.enumerated() {
      let isState = states.contains(node.symbol)
      let isSource = unrolling.source == .node(node)
      guard
        isState || place == last || summands.contains(place)
          || level == .nodes && (!isSource || place == last)
      else { continue }
      vertexOf[place] = vertices.count
      vertices.append(Vertex(node: node, isState: isState))
    }
    for place in unrolling.nodes.indices {
      if let vertex = vertexOf[place] { connect(vertex, place, summands) }
    }
    isVectorized = needsColumns(workspace)
  }

  /// Families on a cycle that are read at another time than their own.
  private static func states(of unrolling: Unrolling, _ graph: Graph) -> [Symbol] {
    var states: [Symbol] = []
    for (place, node) in unrolling.nodes.enumerated() {
      for read in unrolling.reads[place] {
        let other = unrolling.nodes[read]
        if other.time != node.time, !states.contains(other.symbol),
          graph.isOnCycle(other.symbol), graph.reaches(from: node.symbol, to: other.symbol)
        {
          states.append(other.symbol)
        }
      }
    }
    // A single step has no two times; its state is the source or was found above.
    for node in unrolling.nodes
    where !states.contains(node.symbol) && graph.states.contains(node.symbol) {
      states.append(node.symbol)
    }
    func first(_ symbol: Symbol) -> Int {
      unrolling.nodes.firstIndex { $0.symbol == symbol } ?? 0
    }
    return states.sorted { first($0) < first($1) }
  }

  private mutating func connect(_ vertex: Int, _ place: Int, _ summands: [Int]) {
    if unrolling.source == .node(unrolling.nodes[place]) {
      let node = unrolling.nodes[place]
      vertices[vertex].entries = [
        Entry(
          step: node.time,
          factor: Factor(
            numerator: node, denominator: node, isByParameter: false, form: .identity))
      ]
      return
    }
    // Backwards from the vertex, to the next vertices and to the source.
    var ends: [Int] = []
    var uses: [Int] = []
    var seen: Set<Int> = [place]
    var work = [place]
    while !work.isEmpty {
      let current = work.removeFirst()
      if unrolling.isUse[current] { uses.append(current) }
      for read in unrolling.reads[current] where seen.insert(read).inserted {
        if vertexOf[read] != nil || unrolling.source == .node(unrolling.nodes[read]) {
          ends.append(read)
        } else {
          work.append(read)
        }
      }
    }
    for end in ends {
      var factor = self.factor(from: end, to: place, ends)
      if unrolling.isResult(place), summands.contains(end) { factor.form = .identity }
      if let target = vertexOf[end] {
        vertices[vertex].edges.append(Edge(target: target, factor: factor))
      } else {
        vertices[vertex].entries.append(
          Entry(step: unrolling.nodes[end].time, factor: factor))
      }
    }
    var steps: [Int?] = []
    for use in uses where !steps.contains(unrolling.nodes[use].time) {
      steps.append(unrolling.nodes[use].time)
    }
    for step in steps {
      let own = uses.filter { unrolling.nodes[$0].time == step }
      vertices[vertex].entries.append(
        Entry(step: step, factor: self.factor(using: own, at: step, to: place, ends)))
    }
  }

  /// The vertices from which a path leads to one, that one included.
  func ancestors(of place: Int) -> [Bool] {
    var reached = [Bool](repeating: false, count: vertices.count)
    reached[place] = true
    for vertex in stride(from: place, through: 0, by: -1) where reached[vertex] {
      for edge in vertices[vertex].edges { reached[edge.target] = true }
    }
    return reached
  }

  /// Whether some product fits only with matrices written as columns: a vertex is a matrix, or the
  /// derivative of a number by a matrix would be multiplied by a vector.
  private func needsColumns(_ workspace: borrowing Workspace) -> Bool {
    func order(_ symbol: Symbol) -> Int { workspace[symbol].shape.squeezed.order }
    let source: Symbol
    switch unrolling.source {
    case .node(let node): source = node.symbol
    case .parameter(let symbol): source = symbol
    }
    for vertex in vertices {
      if order(vertex.node.symbol) > 1 { return true }
      if order(source) > 1, order(vertex.node.symbol) == 1,
        vertex.edges.contains(where: { order(vertices[$0.target].node.symbol) == 0 })
      {
        return true
      }
    }
    return false
  }

  /// Whether the only state steps on from each time to the next, and nothing else leads on.
  package var isPlain: Bool {
    guard unrolling.isCausal, states.count <= 1 else { return false }
    for vertex in vertices where vertex.isState {
      let steps = vertex.edges.filter { vertices[$0.target].isState }
      if steps.count > 1 { return false }
      for step in steps {
        guard let now = vertex.node.time, let then = vertices[step.target].node.time,
          now - then == 1, step.factor.form == .total, step.factor.held.isEmpty
        else { return false }
      }
    }
    return true
  }

  /// ∂a_end/∂a_start as the product of its steps; nil where the state does not go on plainly.
  package func plainProduct(
    of last: Symbol, _ end: Time, by first: Symbol, _ start: Time, in workspace: inout Workspace
  ) -> Expression? {
    guard isPlain, last == first else { return nil }
    let step = workspace.time(named: "i")
    let above = workspace.vectorized(Variable(last, at: Time(step)), if: isVectorized)
    let below = workspace.vectorized(Variable(last, at: Time(step, plus: -1)), if: isVectorized)
    let quotient = workspace.expression(.derivative(of: above, by: below, Intervention()))
    return workspace.expression(
      .timeProduct(step, from: start + 1, through: end, quotient, .descending))
  }

  private func isVertex(_ place: Int) -> Bool { vertexOf[place] != nil }

  /// The families of the vertices right below that lie on other paths.
  private func families(of inner: [Int], among ends: [Int]) -> [Symbol] {
    var held: [Symbol] = []
    for end in ends where inner.contains(end) {
      let symbol = unrolling.nodes[end].symbol
      if !held.contains(symbol) { held.append(symbol) }
    }
    return held.sorted()
  }

  private func factor(from start: Int, to end: Int, _ ends: [Int]) -> Factor {
    var factor = Factor(
      numerator: unrolling.nodes[end], denominator: unrolling.nodes[start], isByParameter: false,
      form: .immediate)
    let free = unrolling.between(start, end, isWall: isVertex)
    let isDirect = free.isEmpty
    if level == .nodes, isDirect { return factor }
    let others = unrolling.between(start, end) { _ in false }.filter(isVertex)
    if others.isEmpty {
      factor.form = .total
      return factor
    }
    if isDirect { return factor }
    let held = families(of: others, among: ends)
    if !held.contains(factor.numerator.symbol) {
      factor.form = .total
      factor.held = held
      return factor
    }
    factor.form = .sum(paths(from: start, to: end, through: free))
    return factor
  }

  private func factor(
    using uses: [Int], at step: Int?, to end: Int, _ ends: [Int]
  ) -> Factor {
    let node = unrolling.nodes[end]
    guard case .parameter(let parameter) = unrolling.source else { preconditionFailure("no use") }
    var factor = Factor(
      numerator: node, denominator: UnrolledNode(parameter, at: step), isByParameter: true,
      form: node.time == step ? .immediate : .copy)
    // All paths that the plain sign would count.
    let all = unrolling.nodes.indices.filter {
      unrolling.isUse[$0] && (node.time == nil || unrolling.nodes[$0].time == step)
    }
    let isOwnStep = node.time == step && node.time != nil
    let inner = unrolling.between(uses: all, end) { place in
      isOwnStep && unrolling.nodes[place].time != step
    }
    let others = inner.filter(isVertex)
    if others.isEmpty { return factor }
    let held = families(of: others, among: ends)
    if !held.contains(node.symbol) {
      factor.held = held
      return factor
    }
    var sum: [[Factor]] = []
    for use in uses {
      let last = Factor(
        numerator: unrolling.nodes[use], denominator: factor.denominator, isByParameter: true,
        form: .immediate, held: families(of: unrolling.reads[use], among: unrolling.reads[use]))
      if use == end {
        sum.append([last])
        continue
      }
      let free = unrolling.between(use, end, isWall: isVertex)
      for path in paths(from: use, to: end, through: free) { sum.append(path + [last]) }
    }
    factor.form = .sum(sum)
    return factor
  }

  /// Every path through the given nodes, as ∂⁺ from node to node.
  private func paths(from start: Int, to end: Int, through free: [Int]) -> [[Factor]] {
    var result: [[Factor]] = []
    for read in unrolling.reads[end] where read == start || free.contains(read) {
      let edge = Factor(
        numerator: unrolling.nodes[end], denominator: unrolling.nodes[read], isByParameter: false,
        form: .immediate)
      if read == start {
        result.append([edge])
      } else {
        for rest in paths(from: start, to: read, through: free) { result.append([edge] + rest) }
      }
    }
    return result
  }
}

extension Unrolling {
  func isResult(_ place: Int) -> Bool { place == nodes.count - 1 }
}

extension Equations {
  /// The nodes that a symbol's equation adds up as they are, once each.
  func plainSummands(
    of node: UnrolledNode, _ workspace: borrowing Workspace
  ) throws(ExpansionProblem) -> [UnrolledNode] {
    guard let equation = try equation(of: node), equation.time == nil else { return [] }
    var pending = [equation.body]
    var plain: [UnrolledNode] = []
    var others: [Expression] = []
    while let term = pending.popLast() {
      switch workspace[term] {
      case .sum(let terms): pending += terms
      case .variable(let variable):
        plain.append(UnrolledNode(variable.symbol, at: try variable.time.map(number)))
      case .timeSum(let time, let from, let through, let body):
        guard case .variable(let variable) = workspace[body], let own = variable.time,
          own.coefficient(of: time).magnitude == 1
        else {
          others.append(term)
          continue
        }
        for value in stride(from: try number(from), through: try number(through), by: 1) {
          plain.append(
            UnrolledNode(
              variable.symbol, at: try number(own.substituting(time, by: Time(value)))))
        }
      default: others.append(term)
      }
    }
    for term in others {
      let elsewhere = workspace.variables(in: term).map { $0.symbol }
      plain.removeAll { elsewhere.contains($0.symbol) }
    }
    var seen: Set<UnrolledNode> = []
    var twice: Set<UnrolledNode> = []
    for node in plain where !seen.insert(node).inserted { twice.insert(node) }
    return plain.filter { !twice.contains($0) }
  }
}

extension ChainGraph {
  /// The graph of paths from a denominator to a result.
  ///
  /// - Parameter model: with the last time a number.
  package init(
    of result: UnrolledNode, by source: UnrolledSource, _ level: Level, in model: Model,
    _ workspace: inout Workspace
  ) throws(ExpansionProblem) {
    let equations = try Equations(model, in: &workspace)
    if source != .node(result), try equations.equation(of: result) == nil {
      throw .notComputed(
        result.symbol, at: result.time, among: try equations.times(of: result.symbol))
    }
    let unrolling = try Unrolling(of: result, by: source, in: equations, workspace)
    try self.init(unrolling, level, in: equations, workspace)
    if !unrolling.isEmpty { return }
    // At few steps a parameter may not be used yet.
    if case .parameter(let parameter) = source,
      equations.graph.reaches(from: parameter, to: result.symbol)
    {
      return
    }
    let visited = try Unrolling.ancestors(of: result, in: equations, workspace)
    if case .node(let node) = source, let time = node.time {
      let times = visited.filter { $0.symbol == node.symbol }.compactMap { $0.time }
      if let first = times.min(), let last = times.max(), !(first...last).contains(time) {
        throw .noNode(node.symbol, at: time, among: first...last)
      }
    }
    var symbols: [Symbol] = []
    for node in visited where node != result && !symbols.contains(node.symbol) {
      symbols.append(node.symbol)
    }
    throw .noPath(among: symbols)
  }
}

extension Unrolling {
  /// All nodes and parameters that a node is computed from, itself included.
  fileprivate static func ancestors(
    of result: UnrolledNode, in equations: Equations, _ workspace: borrowing Workspace
  ) throws(ExpansionProblem) -> [UnrolledNode] {
    var found = [result]
    var seen: Set<UnrolledNode> = [result]
    var next = 0
    while next < found.count {
      for read in try equations.reads(of: found[next], workspace) where seen.insert(read).inserted {
        found.append(read)
      }
      next += 1
    }
    return found
  }
}
