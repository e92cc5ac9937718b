import Expressions

/// A derivative by backpropagation through time, written out for a number of steps.
package struct Expansion: Sendable {
  package enum Form: String, Hashable, Sendable, CaseIterable {
    /// ∂L_t/∂h_t ∂h_t/∂h_k ∂⁺h_k/∂W, for k = t as well.
    case chain
    /// ∂h_t/∂h_k multiplied out into steps, through every state; nothing for k = t.
    case steps
    /// (diag(σ′) W)^{t−k}, slopes without arguments.
    case power
    /// Every slope with its argument.
    case full
    /// ∂⁺h_3/∂W + ∂h_3/∂h_2 (∂⁺h_2/∂W + ∂h_2/∂h_1 (…)).
    case nested
    /// By each step's copy of the parameter.
    case copies
    /// Every path from node to node.
    case paths
    /// The sum for all T.
    case general
  }

  /// One summand.
  package struct Term: Sendable {
    /// The time of the summed loss.
    package var loss: Int?
    /// The step whose use of the parameter is meant, or the source's own time.
    package var use: Int?
    package var factors: [Expression]
    /// The vertices on the way, the result first; the source is not among them.
    package var vertices: [Int] = []
  }

  package let form: Form
  package let graph: ChainGraph
  /// What is expanded.
  package let derivative: Expression
  /// The denominator as it stands in the derivative.
  package let denominator: Expression
  /// What stands for a step's Jacobian where a form writes it out.
  private var written: [Expression: Expression] = [:]
  private var stepsWritten: Set<Expression> = []

  private var factors: [Factor: Expression?] = [:]

  /// The greatest number of factors that are written.
  package static let capacity = 5_000_000.0

  package init(
    _ form: Form, of graph: ChainGraph, by denominator: Variable, _ workspace: inout Workspace
  ) {
    self.form = form
    self.graph = graph
    let isVectorized = graph.isVectorized
    self.denominator = workspace.vectorized(denominator, if: isVectorized)
    let result = workspace.variable(
      of: graph.unrolling.result, at: Clock(), isVectorized: isVectorized)
    derivative = workspace.expression(
      .derivative(of: result, by: self.denominator, Intervention()))
  }

  /// A factor as it is written; nil for the identity.
  package mutating func expression(
    of factor: Factor, in workspace: inout Workspace
  ) -> Expression? {
    if let known = factors[factor] { return known }
    var made = workspace.expression(
      of: factor, at: Clock(), source: graph.unrolling.source, isVectorized: graph.isVectorized)
    if let plain = made, let written = written[plain] { made = written }
    factors[factor] = .some(made)
    return made
  }

  /// Whether it is a step's Jacobian written out.
  package func isWrittenOut(_ factor: Expression) -> Bool { stepsWritten.contains(factor) }

  mutating func write(_ quotient: Expression, as written: Expression) {
    self.written[quotient] = written
    stepsWritten.insert(written)
    factors = [:]
  }

  /// The factor by the source; a step's use is that of its copy, where copies are written.
  package mutating func expression(
    of entry: ChainGraph.Entry, in workspace: inout Workspace
  ) -> Expression? {
    expression(of: form == .copies ? graph.byCopy(entry.factor) : entry.factor, in: &workspace)
  }

  // MARK: Counting

  /// The number of paths to each vertex, and of the factors along them.
  private func counts(
    where isIncluded: (ChainGraph.Entry) -> Bool
  ) -> (paths: [BigInteger], factors: [Double]) {
    var paths: [BigInteger] = []
    var factors: [Double] = []
    for vertex in graph.vertices {
      var (count, length) = (BigInteger(0), 0.0)
      for entry in vertex.entries where isIncluded(entry) {
        count = count + BigInteger(1)
        length += 1
      }
      for edge in vertex.edges {
        count = count + paths[edge.target]
        length += factors[edge.target] + paths[edge.target].approximation
      }
      paths.append(count)
      factors.append(length)
    }
    return (paths, factors)
  }

  /// The number of paths from the source's use at one step to the result, or from all.
  package func pathCount(using step: Int? = nil) -> BigInteger {
    counts { step == nil || $0.step == step }.paths.last ?? BigInteger(0)
  }

  /// The steps at which the source enters, ascending.
  package var uses: [Int?] {
    var uses: [Int?] = []
    for vertex in graph.vertices {
      for entry in vertex.entries where !uses.contains(entry.step) { uses.append(entry.step) }
    }
    return uses.sorted { ($0 ?? .min) < ($1 ?? .min) }
  }

  /// Fails where the terms would be too many.
  package func checkSize() throws(ExpansionProblem) {
    switch form {
    case .nested, .general: return
    case .chain, .copies:
      if form == .copies, isSteps { break }
      return
    case .steps, .power, .full, .paths: break
    }
    let (paths, factors) = counts { _ in true }
    if let all = factors.last, all > Expansion.capacity, let count = paths.last {
      throw .tooMany(terms: count)
    }
  }

  /// Whether the copies are written step by step: through one state there is one way.
  package var isSteps: Bool { graph.states.count <= 1 }

  // MARK: Terms

  /// Every term, by loss and then by use.
  package mutating func forEachTerm(
    in workspace: inout Workspace, _ body: (Term, inout Workspace) -> Void
  ) {
    switch form {
    case .chain: chain(in: &workspace, body)
    case .copies:
      // By copy, the latest first.
      for step in uses.reversed() {
        let own = isSteps ? terms(using: step, in: &workspace) : []
        for term in own { body(term, &workspace) }
        if !isSteps {
          chain(in: &workspace) { term, workspace in
            if term.use == step { body(term, &workspace) }
          }
        }
      }
    case .paths:
      for step in uses.reversed() {
        for term in terms(using: step, in: &workspace) { body(term, &workspace) }
      }
    case .steps, .power, .full:
      for prefix in prefixes(in: &workspace) {
        var all: [Term] = []
        walk(prefix, in: &workspace) { term, _ in all.append(term) }
        for use in uses { for term in all where term.use == use { body(term, &workspace) } }
      }
    case .nested, .general: break
    }
  }

  /// The first factors up to a state, or to the vertex where the source enters.
  private struct Prefix {
    var loss: Int?
    var factors: [Expression] = []
    var vertices: [Int]
    /// What is still to be followed from the last vertex.
    var entry: ChainGraph.Entry?
  }

  private mutating func prefixes(in workspace: inout Workspace) -> [Prefix] {
    guard !graph.vertices.isEmpty else { return [] }
    var result: [Prefix] = []
    var work = [Prefix(vertices: [graph.vertices.count - 1])]
    while let prefix = work.popLast() {
      let place = prefix.vertices[prefix.vertices.count - 1]
      let vertex = graph.vertices[place]
      if vertex.isState {
        result.append(prefix)
        continue
      }
      for entry in vertex.entries {
        var longer = prefix
        longer.entry = entry
        result.append(longer)
      }
      for edge in vertex.edges.reversed() {
        var longer = prefix
        longer.vertices.append(edge.target)
        if let factor = expression(of: edge.factor, in: &workspace) {
          longer.factors.append(factor)
        } else if prefix.vertices.count == 1 {
          longer.loss = graph.vertices[edge.target].node.time
        }
        work.append(longer)
      }
    }
    return result
  }

  /// Every path that begins with a prefix.
  private mutating func walk(
    _ prefix: Prefix, using step: Int?? = nil, in workspace: inout Workspace,
    _ body: (Term, inout Workspace) -> Void
  ) {
    func term(_ prefix: Prefix, _ entry: ChainGraph.Entry, _ last: Expression?) -> Term {
      Term(
        loss: prefix.loss, use: entry.step, factors: prefix.factors + (last.map { [$0] } ?? []),
        vertices: prefix.vertices)
    }
    if let entry = prefix.entry {
      if let step, step != entry.step { return }
      body(term(prefix, entry, expression(of: entry, in: &workspace)), &workspace)
      return
    }
    var work = [prefix]
    while let prefix = work.popLast() {
      let vertex = graph.vertices[prefix.vertices[prefix.vertices.count - 1]]
      for entry in vertex.entries {
        if let step, step != entry.step { continue }
        body(term(prefix, entry, expression(of: entry, in: &workspace)), &workspace)
      }
      for edge in vertex.edges.reversed() {
        if let step, let step, let time = graph.vertices[edge.target].node.time,
          graph.unrolling.isCausal, time < step
        {
          continue
        }
        var longer = prefix
        longer.vertices.append(edge.target)
        if let factor = expression(of: edge.factor, in: &workspace) {
          longer.factors.append(factor)
        }
        work.append(longer)
      }
    }
  }

  private mutating func terms(using step: Int?, in workspace: inout Workspace) -> [Term] {
    var terms: [Term] = []
    for prefix in prefixes(in: &workspace) {
      walk(prefix, using: .some(step), in: &workspace) { term, _ in terms.append(term) }
    }
    return terms
  }

  private mutating func chain(
    in workspace: inout Workspace, _ body: (Term, inout Workspace) -> Void
  ) {
    var entries: [(place: Int, entry: ChainGraph.Entry)] = []
    for (place, vertex) in graph.vertices.enumerated() where vertex.isState {
      for entry in vertex.entries { entries.append((place, entry)) }
    }
    let order = uses
    entries = order.flatMap { use in entries.filter { $0.entry.step == use } }
    for prefix in prefixes(in: &workspace) {
      let place = prefix.vertices[prefix.vertices.count - 1]
      if prefix.entry != nil {
        walk(prefix, in: &workspace, body)
        continue
      }
      let below = graph.ancestors(of: place)
      let last = node(place, in: &workspace)
      for (first, entry) in entries where below[first] {
        var term = Term(
          loss: prefix.loss, use: entry.step, factors: prefix.factors,
          vertices: prefix.vertices + [first])
        let used = node(first, in: &workspace)
        term.factors.append(
          workspace.expression(.derivative(of: last, by: used, Intervention())))
        if let factor = expression(of: entry, in: &workspace) {
          term.factors.append(factor)
        }
        body(term, &workspace)
      }
    }
  }

  func node(_ vertex: Int, in workspace: inout Workspace) -> Expression {
    workspace.variable(
      of: graph.vertices[vertex].node, at: Clock(), isVectorized: graph.isVectorized)
  }

  // MARK: As one expression

  /// The sum of all terms; for the nested form with every d(v) shared.
  package mutating func whole(in workspace: inout Workspace) -> Expression {
    if form == .nested { return recursion(in: &workspace) }
    let unit = graph.unrolling.result.symbol
    var groups: [(loss: Int?, terms: [Expression])] = []
    forEachTerm(in: &workspace) { term, workspace in
      let product =
        term.factors.isEmpty
        ? workspace.unit(of: unit) : workspace.product(term.factors)
      if let last = groups.last, last.loss == term.loss {
        groups[groups.count - 1].terms.append(product)
      } else {
        groups.append((loss: term.loss, terms: [product]))
      }
    }
    var sums: [Expression] = []
    for group in groups { sums.append(workspace.sum(group.terms)) }
    return workspace.sum(sums)
  }

  /// d(result) with every d(v) in it once.
  package mutating func recursion(in workspace: inout Workspace) -> Expression {
    var effects: [Expression] = []
    for vertex in graph.vertices {
      var terms: [Expression] = []
      for entry in vertex.entries {
        let factor = expression(of: entry, in: &workspace)
        terms.append(factor ?? workspace.unit(of: vertex.node.symbol))
      }
      for edge in vertex.edges {
        let inner = effects[edge.target]
        guard let factor = expression(of: edge.factor, in: &workspace) else {
          terms.append(inner)
          continue
        }
        let isStart = graph.vertices[edge.target].node == start
        terms.append(isStart ? factor : workspace.product([factor, inner]))
      }
      effects.append(workspace.sum(terms))
    }
    return effects.last ?? workspace.number(0)
  }

  /// The source, if it is a node.
  package var start: UnrolledNode? {
    if case .node(let node) = graph.unrolling.source { return node }
    return nil
  }
}
