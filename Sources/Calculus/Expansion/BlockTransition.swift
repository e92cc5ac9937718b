import Expressions

/// ∂a_t/∂b_k of a state of several parts as blocks of J_t ⋯ J_{k+1}, with J_i written out.
package struct BlockTransition: Sendable {
  /// The parts of the state in the order of the blocks; a part may be some steps old.
  package let parts: [(symbol: Symbol, delay: Int)]
  /// Runs over the steps.
  package let step: TimeSymbol
  /// The blocks of J at that step, row by row; nil is zero.
  package let blocks: [Expression?]
  /// Whether the parts are matrices, stacked column by column.
  package var isVectorized: Bool { graph.isVectorized }
  private let graph: ChainGraph
  private let time: Int

  /// - Parameter graph: an unrolled model with at least one step in the middle of which nothing
  ///   begins or ends; nil where there is none or where the state runs backwards.
  package init?(_ graph: ChainGraph, in workspace: inout Workspace) {
    guard graph.unrolling.isCausal else { return nil }
    self.graph = graph
    let times = graph.vertices.filter { $0.isState }.compactMap { $0.node.time }
    guard let first = times.min(), let last = times.max() else { return nil }
    time = (first + last + 1) / 2
    var parts: [(symbol: Symbol, delay: Int)] = []
    for state in graph.states { parts.append((symbol: state, delay: 0)) }
    for vertex in graph.vertices where vertex.isState && vertex.node.time == time {
      for edge in vertex.edges {
        guard let then = graph.vertices[edge.target].node.time, time - then > 1 else { continue }
        for delay in 1..<(time - then) {
          let symbol = graph.vertices[edge.target].node.symbol
          if !parts.contains(where: { $0.symbol == symbol && $0.delay == delay }) {
            parts.append((symbol: symbol, delay: delay))
          }
        }
      }
    }
    self.parts = parts
    let step = workspace.time(named: "i")
    self.step = step
    var blocks: [Expression?] = []
    for row in parts {
      for column in parts {
        if row.delay > 0 {
          let isSame = row.symbol == column.symbol && row.delay == column.delay + 1
          blocks.append(isSame ? workspace.unit(of: row.symbol) : nil)
          continue
        }
        let clock = Clock(at: time, as: Time(step))
        blocks.append(
          graph.effect(
            on: UnrolledNode(row.symbol, at: time),
            of: UnrolledNode(column.symbol, at: time - 1 - column.delay), at: clock, &workspace))
      }
    }
    self.blocks = blocks
  }

  /// ∂a_t/∂b_k: what b_k does to each part at step k, carried on to t.
  /// - Parameter product: [J_t ⋯ J_{k+1}] in the given row and column.
  package func terms(
    of last: Symbol, at end: Time, by first: Symbol, at use: Time, in workspace: inout Workspace
  ) -> [(row: Int, column: Int, factor: Expression?)] {
    guard let row = parts.firstIndex(where: { $0.symbol == last && $0.delay == 0 }) else {
      return []
    }
    var terms: [(row: Int, column: Int, factor: Expression?)] = []
    for (column, part) in parts.enumerated() where part.delay == 0 {
      if part.symbol == first {
        terms.append((row: row, column: column, factor: nil))
      } else if let effect = graph.effect(
        on: UnrolledNode(part.symbol, at: time), of: UnrolledNode(first, at: time),
        at: Clock(at: time, as: use), &workspace)
      {
        terms.append((row: row, column: column, factor: effect))
      }
    }
    return terms
  }

  /// From which the blocks' formula follows by induction over t: ∂a_k/∂b_k, and one step of
  /// ∂a_t/∂b_k for t > k.
  package func lemmas(
    by first: Symbol, from start: Int, last: Time, in workspace: inout Workspace
  ) -> [Lemma] {
    let (t, k) = (Time(workspace.time(named: "t")), Time(workspace.time(named: "k")))
    let below = workspace.vectorized(Variable(first, at: k), if: graph.isVectorized)
    func quotient(_ symbol: Symbol, _ time: Time, _ workspace: inout Workspace) -> Expression {
      let above = workspace.vectorized(Variable(symbol, at: time), if: graph.isVectorized)
      return workspace.expression(.derivative(of: above, by: below, Intervention()))
    }
    var lemmas: [Lemma] = []
    for (row, part) in parts.enumerated() where part.delay == 0 {
      if part.symbol != first {
        let effect = graph.effect(
          on: UnrolledNode(part.symbol, at: time), of: UnrolledNode(first, at: time),
          at: Clock(at: time, as: k), &workspace)
        let left = quotient(part.symbol, k, &workspace)
        // Before the first step a state is given, and no other state leads to it.
        lemmas.append(
          Lemma(
            left: left, right: effect ?? workspace.number(0),
            domain: [k - start, last - k]))
      }
      var terms: [Expression] = []
      for (column, other) in parts.enumerated() {
        guard let block = blocks[row * parts.count + column] else { continue }
        let placed = workspace.substituting(step, by: t, in: block)
        let inner = quotient(other.symbol, t - 1 - other.delay, &workspace)
        terms.append(workspace.product([placed, inner]))
      }
      lemmas.append(
        Lemma(
          left: quotient(part.symbol, t, &workspace), right: workspace.sum(terms),
          domain: [t - k - 1, k - start, last - t]))
    }
    return lemmas
  }

  /// The block of J_upper ⋯ J_{lower+1}.
  package func product(
    row: Int, column: Int, lower: Time, upper: Time, in workspace: inout Workspace
  ) -> Expression {
    var full: [Expression] = []
    for (place, block) in blocks.enumerated() {
      if let block {
        full.append(block)
      } else {
        let rows = workspace[parts[place / parts.count].symbol].shape.squeezed.dimensions
        let columns = workspace[parts[place % parts.count].symbol].shape.squeezed.dimensions
        let axes = graph.isVectorized ? [rows.product, columns.product] : rows + columns
        full.append(
          axes.isEmpty ? workspace.number(0) : workspace.expression(.zero(Shape(axes))))
      }
    }
    return workspace.expression(
      .pathProduct(
        PathProduct(
          step: step, lower: lower, upper: upper, row: row, column: column, blocks: full,
          size: parts.count)))
  }
}

extension [Dimension] {
  /// The number of entries.
  fileprivate var product: Dimension { reduce(.one) { $0 * $1 } }
}

extension ChainGraph {
  /// The effect of one state on another through one step: the states between are passed.
  fileprivate func effect(
    on node: UnrolledNode, of source: UnrolledNode, at clock: Clock, _ workspace: inout Workspace
  ) -> Expression? {
    guard let vertex = vertices.first(where: { $0.node == node }) else { return nil }
    var terms: [Expression] = []
    for edge in vertex.edges {
      let target = vertices[edge.target].node
      let factor = expression(of: edge.factor, at: clock, &workspace)
      if target == source {
        if let factor { terms.append(factor) }
      } else if target.time == node.time,
        let inner = effect(on: target, of: source, at: clock, &workspace)
      {
        terms.append(factor.map { workspace.product([$0, inner]) } ?? inner)
      }
    }
    return terms.isEmpty ? nil : workspace.sum(terms)
  }
}

extension Workspace {
  /// The derivative of a symbol by itself.
  package mutating func unit(of symbol: Symbol) -> Expression {
    let axes = self[symbol].shape.squeezed.dimensions
    return axes.isEmpty ? number(1) : expression(.identity(axes.reduce(.one) { $0 * $1 }))
  }
}
