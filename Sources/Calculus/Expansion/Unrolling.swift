import Expressions

/// A symbol at a literal time; no time for a symbol without one.
package struct UnrolledNode: Hashable, Sendable {
  package var symbol: Symbol
  package var time: Int?
  package init(_ symbol: Symbol, at time: Int? = nil) {
    self.symbol = symbol
    self.time = time
  }
}

/// By what is differentiated.
package enum UnrolledSource: Hashable, Sendable {
  case node(UnrolledNode)
  /// All uses of a symbol that has no time and no equation.
  case parameter(Symbol)
}

/// A model written out step by step: the nodes on paths from a source to a result.
package struct Unrolling: Sendable {
  package let source: UnrolledSource
  package let result: UnrolledNode
  /// Each after those that it reads, the result last; empty if no path leads there. A source that is
  /// a node comes first.
  package private(set) var nodes: [UnrolledNode] = []
  /// Which of `nodes` the equation of each reads.
  package private(set) var reads: [[Int]] = []
  /// Which of `nodes` have an equation that reads each.
  package private(set) var readers: [[Int]] = []
  /// Whether the equation reads the parameter itself.
  package private(set) var isUse: [Bool] = []
  private(set) var places: [UnrolledNode: Int] = [:]
  /// Whether no equation reads a later node.
  package private(set) var isCausal = true

  package var isEmpty: Bool { nodes.isEmpty }

  /// - Parameter model: with the last time a number.
  init(
    of result: UnrolledNode, by source: UnrolledSource, in equations: Equations,
    _ workspace: borrowing Workspace
  ) throws(ExpansionProblem) {
    self.source = source
    self.result = result
    var order: [UnrolledNode] = []
    var known: [UnrolledNode: [UnrolledNode]] = [:]
    var isReader: [UnrolledNode: Bool] = [:]
    var stack: [(node: UnrolledNode, next: Int)] = []
    var underway: Set<UnrolledNode> = []
    func enter(_ node: UnrolledNode) throws(ExpansionProblem) {
      var list: [UnrolledNode] = []
      var isUse = false
      if source != .node(node) {
        for read in try equations.reads(of: node, workspace) {
          if case .parameter(read.symbol) = source {
            isUse = true
          } else {
            list.append(read)
          }
        }
      }
      known[node] = list
      isReader[node] = isUse
      underway.insert(node)
      stack.append((node: node, next: 0))
    }
    try enter(result)
    while let top = stack.last {
      let list = known[top.node] ?? []
      if top.next == list.count {
        order.append(top.node)
        underway.remove(top.node)
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next += 1
      let next = list[top.next]
      if known[next] == nil {
        try enter(next)
      } else if underway.contains(next) {
        throw .circular(next.symbol)
      }
    }
    keepReached(order, known, isReader)
  }

  private mutating func keepReached(
    _ order: [UnrolledNode], _ known: [UnrolledNode: [UnrolledNode]],
    _ isReader: [UnrolledNode: Bool]
  ) {
    for node in order {
      let list = (known[node] ?? []).compactMap { places[$0] }
      let uses = isReader[node] ?? false
      if list.isEmpty, !uses, source != .node(node) { continue }
      places[node] = nodes.count
      for read in list { readers[read].append(nodes.count) }
      nodes.append(node)
      reads.append(list)
      readers.append([])
      isUse.append(uses)
      for read in list {
        if let now = node.time, let then = nodes[read].time, then > now { isCausal = false }
      }
    }
    if places[result] == nil { (nodes, reads, readers, isUse, places) = ([], [], [], [], [:]) }
    // A source is first where it is found, so that its place is known.
    precondition(isEmpty || nodes.last == result)
  }

  /// The nodes on paths from `start` to `end`, without these two; those that `isWall` holds are not
  /// passed.
  func between(_ start: Int, _ end: Int, isWall: (Int) -> Bool) -> [Int] {
    between([start], end, isWall: isWall)
  }

  /// The same from several places, which count as between if they are not the end.
  func between(uses: [Int], _ end: Int, isWall: (Int) -> Bool) -> [Int] {
    let open = uses.filter { $0 == end || !isWall($0) }
    var inner = between(open, end, isWall: isWall)
    for use in open where use != end && !inner.contains(use) {
      if reads[end].contains(use) || inner.contains(where: { reads[$0].contains(use) }) {
        inner.append(use)
      }
    }
    return inner.sorted()
  }

  private func between(_ starts: [Int], _ end: Int, isWall: (Int) -> Bool) -> [Int] {
    var above: Set<Int> = []
    var work = starts
    let limit = isCausal ? nodes[end].time : nil
    while let place = work.popLast() {
      for reader in readers[place] where reader < end && !isWall(reader) {
        if let limit, let time = nodes[reader].time, time > limit { continue }
        if !above.contains(reader) {
          above.insert(reader)
          work.append(reader)
        }
      }
    }
    var below: Set<Int> = []
    work = [end]
    while let place = work.popLast() {
      for read in reads[place] where above.contains(read) && !below.contains(read) {
        below.insert(read)
        work.append(read)
      }
    }
    return below.subtracting(starts).sorted()
  }
}

/// A model's equations at literal times.
struct Equations {
  let model: Model
  let differentiation: Differentiation
  let graph: Graph

  init(_ model: Model, in workspace: inout Workspace) throws(ExpansionProblem) {
    var differentiation = Differentiation(model: model)
    do throws(DerivativeProblem) {
      _ = try differentiation.eliminatingDerivatives(workspace.number(0), in: &workspace)
    } catch {
      throw .irregular
    }
    self.differentiation = differentiation
    self.model = differentiation.model
    graph = Graph(differentiation.model, in: workspace)
  }

  /// What the equation of a node reads, parameters included; nothing for an input.
  func reads(
    of node: UnrolledNode, _ workspace: borrowing Workspace
  ) throws(ExpansionProblem) -> [UnrolledNode] {
    guard let equation = try equation(of: node) else { return [] }
    var found: [UnrolledNode] = []
    var seen: Set<UnrolledNode> = []
    var times: [TimeSymbol: Int] = [:]
    if let own = equation.time { times[own] = node.time }
    try collect(equation.body, &times, &found, &seen, workspace)
    return found
  }

  /// Which equation computes a node; nil for inputs and parameters.
  func equation(of node: UnrolledNode) throws(ExpansionProblem) -> Definition? {
    guard let time = node.time else { return model.definition(of: node.symbol) }
    for definition in model.instances(of: node.symbol) {
      guard let instance = definition.instance else { continue }
      if try number(instance) == time { return definition }
    }
    guard let general = model.definition(of: node.symbol) else { return nil }
    if let first = differentiation.firstStep(of: node.symbol) {
      if time < (try number(first)) { return nil }
    } else if graph.isOnCycle(node.symbol), !graph.isBackward(node.symbol) {
      throw .unknownStart(node.symbol)
    }
    if let last = differentiation.lastStep(of: node.symbol) {
      if time > (try number(last)) { return nil }
    } else if graph.isBackward(node.symbol) {
      throw .unknownStart(node.symbol)
    }
    return general
  }

  /// The times at which a family's equations hold, as far as they are stated.
  func times(of symbol: Symbol) throws(ExpansionProblem) -> ClosedRange<Int>? {
    var ends: [Int] = []
    for definition in model.instances(of: symbol) {
      if let instance = definition.instance { ends.append(try number(instance)) }
    }
    if let from = differentiation.firstStep(of: symbol) { ends.append(try number(from)) }
    if let through = differentiation.lastStep(of: symbol) { ends.append(try number(through)) }
    guard let first = ends.min(), let last = ends.max() else { return nil }
    return first...last
  }

  func number(_ time: Time) throws(ExpansionProblem) -> Int {
    guard let value = time.literal else { throw .unknownTime(time) }
    return value
  }

  private func collect(
    _ expression: Expression, _ times: inout [TimeSymbol: Int], _ found: inout [UnrolledNode],
    _ seen: inout Set<UnrolledNode>, _ workspace: borrowing Workspace
  ) throws(ExpansionProblem) {
    func value(_ time: Time) throws(ExpansionProblem) -> Int {
      guard let value = time.value({ times[$0] }) else { throw .unknownTime(time) }
      return value
    }
    let node = workspace[expression]
    var bound: (symbol: TimeSymbol, from: Int, through: Int)?
    switch node {
    case .variable(let variable):
      if variable.copy != nil { throw .unsupported(expression) }
      var time: Int?
      if let written = variable.time { time = try value(written) }
      let read = UnrolledNode(variable.symbol, at: time)
      if seen.insert(read).inserted { found.append(read) }
    case .timeSum(let symbol, let from, let through, _),
      .timeProduct(let symbol, let from, let through, _, _):
      bound = (symbol, try value(from), try value(through))
    case .pathProduct(let path):
      bound = (path.step, try value(path.lower) + 1, try value(path.upper))
    case .derivative, .differential: throw .unsupported(expression)
    default: break
    }
    guard let bound else {
      for child in node.children { try collect(child, &times, &found, &seen, workspace) }
      return
    }
    for time in stride(from: bound.from, through: bound.through, by: 1) {
      times[bound.symbol] = time
      for child in node.children { try collect(child, &times, &found, &seen, workspace) }
    }
    times[bound.symbol] = nil
  }
}
