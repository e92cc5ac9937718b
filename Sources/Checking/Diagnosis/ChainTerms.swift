import Expressions

/// The terms of the chain rule for a derivative of one node by another: a product of derivatives for
/// every path through the equations of the model.
struct ChainTerms {
  let model: Model
  private let numerator: Variable
  private let denominator: Variable
  private let intervention: Intervention
  /// The time of the result, or the last one that it reads; nil where that is no number.
  private let last: Time?
  private var paths: [[Variable]] = []
  /// What each definition of the model reads.
  private let reads: [[Variable]]
  /// The nodes whose own equations read a node, as far as they have been asked for.
  private var consumers: [Variable: [Variable]] = [:]

  /// How many paths are followed, and how many equations one of them may pass.
  private static let limit = (paths: 64, length: 12)

  /// Nil where the question is not the derivative of a node by a node.
  init?(of question: Expression, in model: Model, _ workspace: borrowing Workspace) {
    guard case .derivative(let above, let below, let intervention) = workspace[question],
      case .variable(let a) = workspace[above], case .variable(let b) = workspace[below]
    else { return nil }
    self.init(from: b, to: a, intervention, in: model, workspace)
  }

  init(
    from node: Variable, to result: Variable, _ intervention: Intervention = Intervention(),
    in model: Model, _ workspace: borrowing Workspace
  ) {
    self.model = model
    numerator = result
    denominator = node
    reads = model.definitions.map { workspace.variables(in: $0.body) }
    self.intervention = intervention
    var last = result.time
    if last == nil, let definition = model.definition(of: result.symbol) {
      var times: [Int] = []
      for read in workspace.variables(in: definition.body) {
        if let time = read.time { times.append(time.literal ?? .max) }
      }
      if let latest = times.max(), latest < .max { last = Time(latest) }
    }
    self.last = last
    follow([node], in: workspace)
  }

  /// Whether some path leads from the node to the result, of one equation alone if that is asked.
  func reaches(isDirect: Bool) -> Bool {
    paths.contains { !isDirect || $0.count == 2 }
  }

  /// Whether other ways than that of one equation lead to the result as well.
  var hasDetour: Bool { reaches(isDirect: true) && paths.contains { $0.count > 2 } }

  func isOfScalar(_ workspace: borrowing Workspace) -> Bool {
    workspace[numerator.symbol].shape.isScalar
  }

  // MARK: Paths

  /// Paths stand from the result down to the node.
  private mutating func follow(_ path: [Variable], in workspace: borrowing Workspace) {
    if paths.count >= ChainTerms.limit.paths || path.count > ChainTerms.limit.length { return }
    let node = path[0]
    let consumers = consumers[node] ?? consumers(of: node)
    self.consumers[node] = consumers
    for consumer in consumers where !path.contains(consumer) {
      if consumer == numerator {
        paths.append([consumer] + path)
      } else if isTotal(numerator, of: consumer, in: workspace) {
        // The loss of one step within the sum of all.
        paths.append([consumer] + path)
      } else if let last, let time = consumer.time {
        if let distance = (last - time).literal, distance >= 0 {
          follow([consumer] + path, in: workspace)
        }
      } else if numerator.time == nil {
        paths.append([numerator, consumer] + path)
      }
    }
  }

  /// Whether the first is defined as the sum of the second over all times, or of it and others.
  private func isTotal(
    _ whole: Variable, of part: Variable, in workspace: borrowing Workspace
  ) -> Bool {
    guard whole.time == nil, part.time != nil,
      let definition = model.definition(of: whole.symbol)
    else { return false }
    switch workspace[definition.body] {
    case .timeSum(let step, _, _, let body):
      return workspace[body] == .variable(Variable(part.symbol, at: Time(step)))
    case .sum(let terms): return terms.contains { workspace[$0] == .variable(part) }
    default: return false
    }
  }

  private func consumers(of node: Variable) -> [Variable] {
    var found: [Variable] = []
    func add(_ consumer: Variable) {
      if !found.contains(consumer) { found.append(consumer) }
    }
    for (definition, reads) in zip(model.definitions, reads) {
      for read in reads where read.symbol == node.symbol {
        guard let formal = definition.time else {
          if read.time == node.time { add(Variable(definition.symbol, at: definition.instance)) }
          continue
        }
        if let time = node.time {
          guard let readTime = read.time, let offset = (readTime - Time(formal)).literal else {
            continue
          }
          let own = time - offset
          let isInstance = model.instances(of: definition.symbol).contains { $0.instance == own }
          let isBefore =
            definition.from.map { first in (own - first).literal.map { $0 < 0 } ?? false } ?? false
          if !isInstance, !isBefore { add(Variable(definition.symbol, at: own)) }
        } else if let copy = node.copy {
          add(Variable(definition.symbol, at: copy))
        } else if let last {
          guard let end = last.literal, let start = (definition.from ?? .zero).literal else {
            add(Variable(definition.symbol, at: last))
            continue
          }
          for time in stride(from: end, through: max(start, end - 6), by: -1) {
            add(Variable(definition.symbol, at: Time(time)))
          }
        }
      }
    }
    return found
  }

  // MARK: Terms

  /// The product along each path, over the nodes whose symbols are named; with each, which way it is
  /// written in other layouts.
  ///
  /// - Parameter named: symbols of the line; what else lies on the way is passed over, one further
  ///   symbol at most excepted.
  func terms(named: [Symbol], in workspace: inout Workspace) -> [Expression] {
    var terms: [Expression] = []
    var seen: [[Variable]] = []
    for path in paths {
      var choices: [[Variable]] = []
      let inner = path.dropFirst().dropLast()
      let others = inner.filter { !named.contains($0.symbol) }
      for extra in [nil] + others.map({ Optional($0.symbol) }) {
        let kept =
          path.prefix(1)
          + inner.filter { named.contains($0.symbol) || $0.symbol == extra } + path.suffix(1)
        choices.append(Array(kept))
      }
      choices.append(path)
      for choice in choices where !seen.contains(choice) {
        seen.append(choice)
        terms += products(along: choice, in: &workspace)
      }
    }
    return terms
  }

  private func products(along path: [Variable], in workspace: inout Workspace) -> [Expression] {
    var factors: [Expression] = []
    for (above, below) in zip(path, path.dropFirst()) {
      let direct = paths.filter { way in
        guard let i = way.firstIndex(of: above), let j = way.firstIndex(of: below) else {
          return false
        }
        return i < j
      }
      var between: [[Variable]] = []
      for way in direct {
        guard let i = way.firstIndex(of: above), let j = way.firstIndex(of: below) else { continue }
        let part = Array(way[i...j])
        if !between.contains(part) { between.append(part) }
      }
      var own = intervention
      own.mode = between.count > 1 && between.contains([above, below]) ? .immediate : .total
      factors.append(
        workspace.expression(
          .derivative(
            of: workspace.expression(.variable(above)), by: workspace.expression(.variable(below)),
            own)))
    }
    if factors.count == 1 { return factors }
    var turned = [factors[0]]
    for factor in factors.dropFirst() {
      turned.insert(workspace.turned(factor), at: 0)
    }
    return [
      workspace.product(factors), workspace.product(factors.reversed()), workspace.product(turned),
    ]
  }

  /// ∂a_t/∂b_{t-1} ∂b_{t-1}/∂x for each node that the result's own equation reads.
  func lastSteps(in workspace: inout Workspace) -> [Expression] {
    guard let definition = model.definition(of: numerator.symbol), let formal = definition.time,
      let time = numerator.time
    else { return [] }
    var terms: [Expression] = []
    for read in workspace.variables(in: definition.body) where model.computes(read.symbol) {
      guard let own = read.time?.substituting(formal, by: time) else { continue }
      let node = Variable(read.symbol, at: own)
      let ways = ChainTerms(from: node, to: numerator, in: model, workspace).paths.count
      let (above, between, below) = (
        workspace.expression(.variable(numerator)), workspace.expression(.variable(node)),
        workspace.expression(.variable(denominator))
      )
      let outer = workspace.expression(
        .derivative(
          of: above, by: between,
          Intervention(mode: ways > 1 ? .immediate : .total, layout: intervention.layout)))
      let inner = workspace.expression(
        .derivative(of: between, by: below, Intervention(layout: intervention.layout)))
      terms += [workspace.product([outer, inner]), workspace.product([inner, outer])]
    }
    return terms
  }

  /// The last step of each path written out by `jacobian`, before the derivative by its end, and as
  /// a product entry by entry where it is diagonal.
  func firstSteps(
    in workspace: inout Workspace, jacobian: (Expression, inout Workspace) -> Expression?
  ) -> [Expression] {
    var terms: [Expression] = []
    var seen: [Variable] = []
    for path in paths where path.count > 2 {
      let node = path[path.count - 1]
      let consumer = path[path.count - 2]
      if seen.contains(consumer) { continue }
      seen.append(consumer)
      let above = workspace.expression(.variable(consumer))
      let outer = workspace.expression(
        .derivative(
          of: workspace.expression(.variable(numerator)), by: above,
          Intervention(layout: intervention.layout)))
      let inner = workspace.expression(
        .derivative(
          of: above, by: workspace.expression(.variable(node)),
          Intervention(mode: node.time == nil ? .total : .immediate)))
      guard let own = jacobian(inner, &workspace) else { continue }
      let turned = workspace.turned(own)
      if case .tensorFunction(.diag, let slope) = workspace[own] {
        terms.append(workspace.hadamard([outer, slope]))
      }
      let (ahead, behind) = (workspace.factors(of: own), workspace.factors(of: turned))
      terms += [
        workspace.product([outer] + ahead), workspace.product(behind + [outer]),
        workspace.product(ahead + [outer]), workspace.product([outer] + behind),
      ]
    }
    return terms
  }
}

extension Workspace {
  /// The transpose, carried into products and sums: (A B)ᵀ is Bᵀ Aᵀ, and two of them cancel.
  mutating func turned(_ root: Expression) -> Expression {
    let order = (try? shape(of: root))?.order
    if order == 0 { return root }
    switch self[root] {
    case .transpose(let operand): return operand
    case .negative(let operand): return expression(.negative(turned(operand)))
    case .tensorFunction(.diag, _) where order == 2: return root
    case .identity: return root
    case .sum(let terms):
      let new = terms.map { turned($0) }
      return Set(new) == Set(terms) ? root : sum(new)
    case .product(let factors):
      let numbers = factors.filter { isScalar($0) }
      let rest = factors.filter { !isScalar($0) }
      if rest.count == 1, numbers.isEmpty { break }
      return product(numbers + rest.reversed().map { turned($0) })
    default: break
    }
    return expression(.transpose(root))
  }

  /// The factors of a product, or the one that it is.
  func factors(of expression: Expression) -> [Expression] {
    if case .product(let factors) = self[expression] { return factors }
    return [expression]
  }

  private func isScalar(_ expression: Expression) -> Bool {
    (try? shape(of: expression))?.isScalar ?? false
  }
}
