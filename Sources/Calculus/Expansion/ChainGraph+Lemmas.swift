import Expressions

/// An equation from which an expansion follows, for all times of its domain.
package struct Lemma: Sendable {
  package var left: Expression
  package var right: Expression
  /// Each is ≥ 0.
  package var domain: [Time]
  package init(left: Expression, right: Expression, domain: [Time]) {
    self.left = left
    self.right = right
    self.domain = domain
  }
}

extension ChainGraph {
  /// What one step of d(v) = Σ F d(u) + E looks like from the vertex itself.
  private struct Signature: Hashable {
    var symbol: Symbol
    var factors: [Factor]
    /// Set where the source's own time is in it, so that no other step is alike.
    var time: Int?
  }

  private func signature(of vertex: Vertex) -> Signature {
    var signature = Signature(symbol: vertex.node.symbol, factors: [], time: nil)
    for factor in vertex.edges.map({ $0.factor }) + vertex.entries.map({ $0.factor }) {
      if .node(factor.denominator) == unrolling.source { signature.time = vertex.node.time }
      signature.factors.append(factor.shifted(by: -(vertex.node.time ?? 0)))
    }
    return signature
  }

  /// The equations d(v) = Σ F d(u) + E of all vertices, those that repeat from step to step once for
  /// all steps; nil where that would be too much. By induction along the graph d(result) is then the
  /// sum over all paths.
  ///
  /// - Parameter horizon: how the last time is written: as T, or as the number it is.
  /// - Returns: for every equation one or two statements, of which either suffices.
  package func lemmas(
    by denominator: Expression, horizon: Horizon, in workspace: inout Workspace
  ) -> [[Lemma]]? {
    var runs: [(signature: Signature, first: Int, last: Int, place: Int)] = []
    var current: [Signature: Int] = [:]
    var length = 0
    for (place, vertex) in vertices.enumerated() {
      if unrolling.source == .node(vertex.node) { continue }
      let signature = signature(of: vertex)
      let time = vertex.node.time ?? 0
      if let run = current[signature], vertex.node.time != nil, signature.time == nil,
        abs(runs[run].last - time) == 1 || abs(runs[run].first - time) == 1
      {
        runs[run].first = min(runs[run].first, time)
        runs[run].last = max(runs[run].last, time)
        continue
      }
      current[signature] = runs.count
      runs.append((signature: signature, first: time, last: time, place: place))
      length += vertex.node.time == nil ? 0 : vertex.edges.count
    }
    if length > 2_000 { return nil }
    let start = runs.compactMap { vertices[$0.place].node.time == nil ? nil : $0.first }.min()
    var lemmas: [[Lemma]] = []
    for run in runs {
      let literal = lemma(
        at: run.place, from: run.first, through: Time(run.last), horizon, by: denominator,
        &workspace)
      if vertices[run.place].node.time == nil {
        var exact = literal
        exact.domain.append(Time(horizon.literal) - horizon.written)
        lemmas.append([literal, exact])
        continue
      }
      if run.first == run.last && run.first == start {
        lemmas.append([literal])
        continue
      }
      // What holds at one time often holds from there on, and is then shown without unrolling.
      let through = run.first == run.last ? horizon.written : horizon.time(run.last)
      lemmas.append([
        lemma(
          at: run.place, from: run.first, through: through, horizon, by: denominator, &workspace),
        literal,
      ])
    }
    return lemmas
  }

  private func lemma(
    at place: Int, from first: Int, through last: Time, _ horizon: Horizon,
    by denominator: Expression, _ workspace: inout Workspace
  ) -> Lemma {
    let vertex = vertices[place]
    var clock = Clock()
    // The last time is no less than it is here.
    var domain = horizon.written.literal == nil ? [horizon.written - horizon.literal] : []
    if last != Time(first), let literal = vertex.node.time {
      let time = Time(workspace.time(named: "t"))
      clock = Clock(at: literal, as: time)
      domain = [time - first, last - time]
      if last.literal != nil, horizon.written.literal == nil {
        domain.append(horizon.written - last)
      }
    }
    let left = effect(on: vertex.node, at: clock, by: denominator, &workspace)
    var terms: [Expression] = []
    if vertex.node.time == nil {
      terms = sums(over: vertex.edges, horizon, by: denominator, &workspace)
    } else {
      for edge in vertex.edges {
        terms.append(product(of: edge, at: clock, by: denominator, &workspace))
      }
    }
    for entry in vertex.entries {
      if let factor = expression(of: entry.factor, at: clock, &workspace) { terms.append(factor) }
    }
    return Lemma(left: left, right: workspace.sum(terms), domain: domain)
  }

  func expression(
    of factor: Factor, at clock: Clock, _ workspace: inout Workspace
  ) -> Expression? {
    workspace.expression(
      of: factor, at: clock, source: unrolling.source, isVectorized: isVectorized)
  }

  /// d(v) as it is written.
  private func effect(
    on node: UnrolledNode, at clock: Clock, by denominator: Expression,
    _ workspace: inout Workspace
  ) -> Expression {
    let numerator = workspace.variable(of: node, at: clock, isVectorized: isVectorized)
    return workspace.expression(.derivative(of: numerator, by: denominator, Intervention()))
  }

  private func product(
    of edge: Edge, at clock: Clock, by denominator: Expression, _ workspace: inout Workspace
  ) -> Expression {
    var factors: [Expression] = []
    if let factor = expression(of: edge.factor, at: clock, &workspace) { factors.append(factor) }
    let node = vertices[edge.target].node
    if unrolling.source != .node(node) {
      factors.append(effect(on: node, at: clock, by: denominator, &workspace))
    }
    return workspace.product(factors)
  }

  /// Edges from a vertex without a time, those to one family as a sum over time.
  private func sums(
    over edges: [Edge], _ horizon: Horizon, by denominator: Expression,
    _ workspace: inout Workspace
  ) -> [Expression] {
    var runs: [(factor: Factor, first: Int, last: Int, edge: Edge)] = []
    for edge in edges {
      let time = vertices[edge.target].node.time ?? 0
      let factor = edge.factor.shifted(by: -time)
      let isSource = unrolling.source == .node(edge.factor.denominator)
      if let run = runs.indices.last(where: { runs[$0].factor == factor }), !isSource,
        runs[run].last == time - 1
      {
        runs[run].last = time
      } else {
        runs.append((factor: factor, first: time, last: time, edge: edge))
      }
    }
    var terms: [Expression] = []
    for run in runs {
      guard run.first < run.last else {
        terms.append(product(of: run.edge, at: Clock(), by: denominator, &workspace))
        continue
      }
      let symbol = workspace.time(named: "t")
      let clock = Clock(at: run.first, as: Time(symbol))
      let body = product(of: run.edge, at: clock, by: denominator, &workspace)
      terms.append(
        workspace.expression(
          .timeSum(symbol, from: Time(run.first), through: horizon.time(run.last), body)))
    }
    return terms
  }
}

extension ChainGraph {
  /// ∂⁺ by a parameter as the derivative by the copy that the step uses; no path leads back to it.
  func byCopy(_ factor: Factor) -> Factor {
    var factor = factor
    if unrolling.isCausal, factor.isByParameter, factor.form == .immediate,
      factor.denominator.time != nil
    {
      factor.form = .copy
    }
    return factor
  }
}

extension ChainGraph {
  /// ∂a_t/∂a_k = ∂a_t/∂a_{t−1} ∂a_{t−1}/∂a_k for t > k, from which it is the product of its steps.
  package func stepLemmas(
    of sum: GeneralSum, last: Time, in workspace: inout Workspace
  ) -> [Lemma] {
    guard let first = vertices.filter({ $0.isState }).compactMap({ $0.node.time }).min() else {
      return []
    }
    let (t, k) = (Time(workspace.time(named: "t")), Time(workspace.time(named: "k")))
    var lemmas: [Lemma] = []
    for state in states where sum.transitions.contains(where: { $0.last == state }) {
      func quotient(_ a: Time, _ b: Time, _ workspace: inout Workspace) -> Expression {
        let above = workspace.vectorized(Variable(state, at: a), if: isVectorized)
        let below = workspace.vectorized(Variable(state, at: b), if: isVectorized)
        return workspace.expression(.derivative(of: above, by: below, Intervention()))
      }
      let step = quotient(t, t - 1, &workspace)
      let rest = quotient(t - 1, k, &workspace)
      lemmas.append(
        Lemma(
          left: quotient(t, k, &workspace), right: workspace.product([step, rest]),
          domain: [t - k - 1, k - first, last - t]))
    }
    return lemmas
  }
}

extension Expansion {
  /// The equations from which the chain form and the copies follow, with the sums over time as
  /// sums; nil where they follow no rule.
  ///
  /// - Parameters:
  ///   - last: as the last time is written.
  ///   - result: what is differentiated, as it is written.
  package func sums(
    _ general: GeneralSum, last: Time, of result: Expression, by denominator: Expression,
    sourceTime: Time?, in workspace: inout Workspace
  ) -> [Lemma]? {
    var domain: [Time] = []
    if last.literal == nil { domain = [last - general.leastLast] }
    let derivative = workspace.expression(
      .derivative(of: result, by: denominator, Intervention()))
    if form != .copies {
      let sum = general.expression(
        last: last, sourceTime: sourceTime, in: &workspace, product: { _, _, _, _, _ in nil })
      return [Lemma(left: derivative, right: sum, domain: domain)]
    }
    guard case .parameter(let parameter) = graph.unrolling.source,
      let copies = general.copies(last: last, in: &workspace)
    else { return nil }
    let k = workspace.time(named: "k")
    func copy(_ time: Time) -> Expression {
      let copy = workspace.vectorized(
        Variable(parameter, copy: time), if: graph.isVectorized)
      return workspace.expression(.derivative(of: result, by: copy, Intervention()))
    }
    let whole =
      copies.first == copies.last
      ? copy(copies.first)
      : workspace.expression(
        .timeSum(k, from: copies.first, through: copies.last, copy(Time(k))))
    let step = Time(copies.step)
    return [
      Lemma(left: derivative, right: whole, domain: domain),
      Lemma(
        left: copy(step), right: copies.term,
        domain: domain + [step - copies.first, copies.last - step]),
    ]
  }
}

/// The last time of an unrolled model, and how it is written.
package struct Horizon: Sendable {
  let literal: Int
  let written: Time
  package init(_ literal: Int, as written: Time) {
    self.literal = literal
    self.written = written
  }
  /// The last time as it is written, others as they are.
  func time(_ value: Int) -> Time { value == literal ? written : Time(value) }
}
