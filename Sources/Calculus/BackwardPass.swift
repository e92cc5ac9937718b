import Expressions

/// The derivative of a result by a node or a parameter as textbooks write backpropagation: a sum over
/// the steps that use the parameter, and for each node that several equations read the recursion of
/// its own derivative. It proposes; each equation is to be proved before it is used.
package struct BackwardPass {
  package struct Equation: Hashable, Sendable {
    package var left: Expression
    package var right: Expression
    /// Where it is claimed: each is ≥ 0.
    package var domain: [Time] = []
  }

  /// What is asked comes first, then the derivatives that it names, each in all its cases.
  package private(set) var equations: [Equation] = []

  private let result: Variable
  /// Of the entry of the result that is meant; empty: all of it.
  package let labels: [IndexSymbol]
  private let intervention: Intervention
  private let passage: Passage
  private let named: [Symbol]
  /// Runs over the steps.
  private let step: TimeSymbol
  private var pending: [Variable] = []
  private var done: [Variable] = []

  /// Nil where the equations have no such form in matrix notation.
  ///
  /// - Parameters:
  ///   - result: a scalar, or a column by columns; of anything else one entry, (h_t)_i, is meant.
  ///   - variable: a node or a parameter.
  ///   - held: families whose nodes are cut off as well.
  package init?(
    of result: Variable, by variable: Variable, layout: Layout, held: [Symbol] = [],
    in model: Model, _ workspace: inout Workspace
  ) {
    guard variable.copy == nil, result.copy == nil, variable != result else { return nil }
    let shape = workspace[result.symbol].shape
    guard
      let passage = Passage(
        from: variable.symbol, to: result, held: held, in: model, workspace)
    else { return nil }
    self.result = result
    var labels: [IndexSymbol] = []
    if !shape.isScalar, !shape.isVector || !workspace[variable.symbol].shape.isVector {
      for (name, dimension) in zip(["i", "j"], shape.squeezed.dimensions) {
        labels.append(workspace.index(IndexRecord(name: name, dimension: dimension)))
      }
    }
    self.labels = labels
    self.passage = passage
    intervention = Intervention(layout: layout, held: held)
    named = passage.named(besides: variable.symbol)
    let taken =
      (result.time?.terms.map { workspace.name(of: $0.symbol) } ?? [])
      + labels.map { workspace[$0].name }
    var step = variable.time?.symbol
    if step.map({ taken.contains(workspace.name(of: $0)) }) ?? true {
      let own = passage.readings.compactMap { $0.step }.map { workspace.name(of: $0) }
      let name = (own + ["k", "s", "j"]).first { !taken.contains($0) }
      step = name.map { workspace.time(named: $0) }
    }
    guard let step else { return nil }
    self.step = step
    pending = [variable]
    while let next = pending.first {
      pending.removeFirst()
      done.append(next)
      guard append(next, in: &workspace) else { return nil }
      if equations.count > 24 { return nil }
    }
    if equations.isEmpty { return nil }
  }

  // MARK: Equations

  private mutating func append(_ variable: Variable, in workspace: inout Workspace) -> Bool {
    let edges = passage.edges(of: variable.symbol)
    guard let time = variable.time else {
      return appendSum(variable, edges, in: &workspace)
    }
    if time.symbol == step, time.constant == 0, !isFixed(time) {
      return appendCases(variable.symbol, edges, in: &workspace)
    }
    var active: [Passage.Edge] = []
    var domain: [Time] = []
    for edge in edges {
      if let own = edge.fixed {
        guard let distance = (own - time).literal else { return false }
        if distance == 0 { active.append(edge) }
        continue
      }
      var conditions: [Time] = []
      if let first = passage.first(of: edge, named) { conditions.append(time - first) }
      if let last = passage.last(of: edge) { conditions.append(last - time) }
      if conditions.contains(where: { ($0.literal ?? 0) < 0 }) { continue }
      active.append(edge)
      for condition in conditions where condition.literal == nil && !domain.contains(condition) {
        domain.append(condition)
      }
    }
    return append(variable, through: active, for: domain, in: &workspace)
  }

  private func isFixed(_ time: Time) -> Bool {
    result.time.map { ($0 - time).literal != nil } ?? false
  }

  /// ∂a/∂v_t where all equations that read v_t count, then at the first and the last times.
  private mutating func appendCases(
    _ symbol: Symbol, _ edges: [Passage.Edge], in workspace: inout Workspace
  ) -> Bool {
    let time = Time(step)
    let running = edges.filter { $0.fixed == nil }
    guard let last = Passage.bounds(running.map { passage.last(of: $0) }),
      let first = Passage.bounds(running.map { passage.first(of: $0, named) })
    else { return false }
    var (ending, beginning): ([Time], [Time]) = ([], [])
    if let least = last.least, let most = last.most, let length = (most - least).literal {
      if length > 3 { return false }
      for distance in stride(from: length, to: 0, by: -1) { ending.append(least + distance) }
    }
    if let least = first.least, let most = first.most, let length = (most - least).literal {
      if length > 3 { return false }
      // Of what is not asked for, only what an equation computes.
      let start = equations.isEmpty ? nil : passage.start(of: symbol)
      for distance in 0..<length {
        let own = least + distance
        if equations.isEmpty || start.flatMap({ (own - $0).literal }).map({ $0 >= 0 }) ?? false {
          beginning.append(own)
        }
      }
    }
    for edge in edges {
      guard let fixed = edge.fixed, !ending.contains(fixed) else { continue }
      if !running.isEmpty {
        guard let least = last.least, let distance = (fixed - least).literal, distance > 0 else {
          return false
        }
      }
      ending.insert(fixed, at: 0)
    }
    var domain: [Time] = []
    if let most = first.most { domain.append(time - most) }
    if let least = last.least { domain.append(least - time) }
    if !running.isEmpty,
      !append(Variable(symbol, at: time), through: running, for: domain, in: &workspace)
    {
      return false
    }
    for own in ending {
      let active = edges.filter { edge in
        if let fixed = edge.fixed { return fixed == own }
        return passage.last(of: edge).map { (($0 - own).literal ?? -1) >= 0 } ?? true
      }
      let domain = first.most.map { [own - $0] } ?? []
      if !append(Variable(symbol, at: own), through: active, for: domain, in: &workspace) {
        return false
      }
    }
    for own in beginning {
      let active = running.filter { edge in
        passage.first(of: edge, named).map { ((own - $0).literal ?? -1) >= 0 } ?? true
      }
      let domain = last.least.map { [$0 - own] } ?? []
      if !append(Variable(symbol, at: own), through: active, for: domain, in: &workspace) {
        return false
      }
    }
    return true
  }

  private mutating func append(
    _ variable: Variable, through edges: [Passage.Edge], for domain: [Time],
    in workspace: inout Workspace
  ) -> Bool {
    let left = derivative(by: variable, in: &workspace)
    if domain.contains(where: { ($0.literal ?? 0) < 0 })
      || equations.contains(where: { $0.left == left })
    {
      return true
    }
    let isTurned = isTurned(variable.symbol, workspace)
    guard
      let terms = contributions(
        to: variable, through: edges, asRows: isTurned, in: &workspace)
    else { return false }
    let turned = isTurned ? terms.map { workspace.transposed($0) } : terms
    guard let right = workspace.sum(of: turned), right != left else { return true }
    equations.append(
      Equation(
        left: left, right: right,
        domain: domain.filter { $0.literal == nil }))
    return true
  }

  /// ∂a/∂W = Σ_t …, for what has no time.
  private mutating func appendSum(
    _ variable: Variable, _ edges: [Passage.Edge], in workspace: inout Workspace
  ) -> Bool {
    var groups: [(from: Time?, through: Time?, terms: [Monomial])] = []
    let isTurned = isTurned(variable.symbol, workspace)
    for edge in edges {
      let reading = passage.readings[edge.reading]
      var (from, through): (Time?, Time?) = (nil, nil)
      var only: Time?
      if reading.step != nil, let time = passage.onlyTime(of: reading.symbol) {
        only = time
      } else if reading.step != nil {
        guard let first = passage.first(of: edge, named), let last = passage.last(of: edge) else {
          return false
        }
        (from, through) = (first, last)
      }
      guard
        let terms = contributions(
          to: variable, through: [edge], at: only, asRows: isTurned, in: &workspace)
      else { return false }
      if let place = groups.firstIndex(where: { $0.from == from && $0.through == through }) {
        groups[place].terms += terms
      } else {
        groups.append((from, through, terms))
      }
    }
    var sums: [Expression] = []
    for group in groups {
      let turned = isTurned ? group.terms.map { workspace.transposed($0) } : group.terms
      guard let body = workspace.sum(of: turned) else { continue }
      if let from = group.from, let through = group.through {
        sums.append(workspace.expression(.timeSum(step, from: from, through: through, body)))
      } else {
        sums.append(body)
      }
    }
    if sums.isEmpty { return true }
    equations.append(
      Equation(left: derivative(by: variable, in: &workspace), right: workspace.sum(sums)))
    return true
  }

  private func derivative(by variable: Variable, in workspace: inout Workspace) -> Expression {
    var above = workspace.expression(.variable(result))
    if !labels.isEmpty {
      above = workspace.expression(.entry(above, labels.map { .label($0) }))
    }
    let below = workspace.expression(.variable(variable))
    return workspace.expression(.derivative(of: above, by: below, intervention))
  }

  /// Whether the layout wants the transpose of what has the shape of the variable.
  private func isTurned(_ symbol: Symbol, _ workspace: borrowing Workspace) -> Bool {
    guard workspace[symbol].shape.isVector else { return false }
    return isScalar(workspace)
      ? intervention.layout.givesRows : intervention.layout != .denominator
  }

  private func isScalar(_ workspace: borrowing Workspace) -> Bool {
    !labels.isEmpty || workspace[result.symbol].shape.isScalar
  }

  /// The derivative of the result by itself.
  private func unit(in workspace: inout Workspace) -> Monomial {
    let shape = workspace[result.symbol].shape
    if shape.isScalar { return Monomial() }
    if labels.isEmpty {
      return Monomial(chain: [workspace.expression(.identity(shape.dimensions[0]))])
    }
    var units: [Expression] = []
    for (label, dimension) in zip(labels, shape.squeezed.dimensions) {
      units.append(workspace.expression(.unitVector(.label(label), dimension)))
    }
    if units.count == 2 || shape.isRow {
      let last = units.removeLast()
      units.append(workspace.expression(.transpose(last)))
    }
    return Monomial(chain: units)
  }

  // MARK: Terms

  /// What each equation that reads the variable contributes, in the variable's shape.
  ///
  /// - Parameter only: the step of the equations, where the variable has no time; nil: the one that runs.
  private mutating func contributions(
    to variable: Variable, through edges: [Passage.Edge], at only: Time? = nil, asRows: Bool,
    in workspace: inout Workspace
  ) -> [Monomial]? {
    var all: [Monomial] = []
    let target = workspace.expression(.variable(variable))
    for edge in edges {
      let reading = passage.readings[edge.reading]
      var own: Time?
      var body = reading.body
      if let running = reading.step {
        let time =
          edge.delay.flatMap { delay in variable.time.map { $0 + delay } } ?? only ?? Time(step)
        own = time
        body = workspace.substituting(running, by: time, in: body)
      }
      let reader = Variable(reading.symbol, at: workspace[reading.symbol].isFamily ? own : nil)
      guard let seeds = seeds(at: reader, asRows: asRows, in: &workspace) else { return nil }
      let node = workspace.expression(.variable(reader))
      for seed in seeds {
        var scaled = seed
        scaled.coefficient = scaled.coefficient * reading.weight.coefficient
        scaled.scalars += reading.weight.scalars
        scaled.divisors += reading.weight.divisors
        if case .opaque(_, _, let arguments) = workspace[body] {
          guard workspace[reader.symbol].shape.isScalar, arguments.contains(target) else {
            return nil
          }
          let partial = workspace.expression(
            .derivative(
              of: node, by: target,
              Intervention(
                mode: passage.reachesOtherwise(variable.symbol, reader.symbol)
                  ? .immediate : .total,
                layout: intervention.layout)))
          let shape = workspace[variable.symbol].shape
          if shape.isScalar {
            workspace.multiply(&scaled, by: partial)
          } else {
            let isRow = shape.isVector && intervention.layout.givesRows
            scaled.chain = [isRow ? workspace.expression(.transpose(partial)) : partial]
          }
          all.append(scaled)
          continue
        }
        guard
          let terms = MatrixDerivative.adjoints(
            of: body, named: node, scaled, by: target, asRows: asRows, in: &workspace)
        else { return nil }
        all += terms
      }
    }
    return all
  }

  /// The derivative by a node that is read, in its own shape.
  private mutating func seeds(
    at node: Variable, asRows: Bool, in workspace: inout Workspace
  ) -> [Monomial]? {
    let shape = workspace[node.symbol].shape
    if node == result { return [unit(in: &workspace)] }
    if !named.contains(node.symbol) {
      let edges = passage.edges(of: node.symbol)
      return contributions(to: node, through: edges, asRows: asRows, in: &workspace)
    }
    var wanted = node
    if let time = node.time, !isFixed(time) { wanted.time = Time(step) }
    if !done.contains(wanted), !pending.contains(wanted) { pending.append(wanted) }
    let value = derivative(by: node, in: &workspace)
    if shape.isScalar {
      return isScalar(workspace) ? [Monomial(scalars: [value])] : nil
    }
    let isTurned = isTurned(node.symbol, workspace)
    return [Monomial(chain: [isTurned ? workspace.expression(.transpose(value)) : value])]
  }
}
