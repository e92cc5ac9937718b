import Expressions

/// The equations through which one symbol reaches a result, one for each way in which they read.
struct Passage {
  /// A term of an equation: of what runs over steps, one step.
  struct Reading {
    var symbol: Symbol
    /// By what a term of a sum is multiplied.
    var weight: Monomial
    /// Runs over the steps from the first to the last of those that count; nil: there is one term.
    var step: TimeSymbol?
    var from: Time?
    var through: Time?
    var body: Expression
  }
  /// An occurrence of a symbol in a term.
  struct Edge {
    var reading: Int
    /// How many steps later it is read; nil: it has no time, or one of its own.
    var delay: Int?
    var fixed: Time?
  }

  private(set) var readings: [Reading] = []
  private var occurrences: [(symbol: Symbol, edge: Edge)] = []
  /// The last times at which symbols reach the result.
  private var ends: [Symbol: Time] = [:]
  private let result: Variable

  init?(
    from source: Symbol, to result: Variable, held: [Symbol], in model: Model,
    _ workspace: borrowing Workspace
  ) {
    self.result = result
    let graph = Graph(model, held: held, in: workspace)
    func lies(_ symbol: Symbol) -> Bool {
      graph.reaches(from: source, to: symbol) && graph.reaches(from: symbol, to: result.symbol)
    }
    for definition in model.definitions
    where lies(definition.symbol) && !held.contains(definition.symbol) {
      let variables = workspace.variables(in: definition.body).filter { lies($0.symbol) }
      if variables.isEmpty { continue }
      if definition.instance != nil || graph.isCircular(definition.symbol) { return nil }
      guard
        Passage.add(
          definition.body, of: definition, Monomial(), to: &readings, in: workspace)
      else { return nil }
    }
    for (place, reading) in readings.enumerated() {
      for variable in workspace.variables(in: reading.body) where lies(variable.symbol) {
        if variable.copy != nil { return nil }
        var edge = Edge(reading: place)
        if let time = variable.time {
          if let delay = reading.step.flatMap({ (Time($0) - time).literal }) {
            if delay < 0 { return nil }
            edge.delay = delay
          } else {
            if reading.step.map({ time.contains($0) }) ?? false { return nil }
            if reading.step != nil { return nil }
            edge.fixed = time
          }
        }
        let isKnown = occurrences.contains {
          $0.symbol == variable.symbol && $0.edge.reading == place && $0.edge.delay == edge.delay
            && $0.edge.fixed == edge.fixed
        }
        if !isKnown { occurrences.append((variable.symbol, edge)) }
      }
    }
    guard findEnds() else { return nil }
  }

  /// What reads the symbol, its own step first.
  func edges(of symbol: Symbol) -> [Edge] {
    let edges = occurrences.filter { $0.symbol == symbol }.map { $0.edge }
    return edges.filter { ($0.delay ?? 0) == 0 } + edges.filter { ($0.delay ?? 0) > 0 }
  }

  /// The first time at which an equation computes the symbol.
  func start(of symbol: Symbol) -> Time? {
    readings.first { $0.symbol == symbol }?.from
  }

  // MARK: Terms of equations

  /// Sums over time and what stands before them taken apart; false where steps are bound otherwise.
  private static func add(
    _ body: Expression, of definition: Definition, _ weight: Monomial,
    to readings: inout [Reading], in workspace: borrowing Workspace
  ) -> Bool {
    let bindsSteps = workspace.contains(body) { node in
      switch node {
      case .timeSum, .timeProduct, .pathProduct, .iverson, .derivative, .differential, .elided,
        .opaquePartial:
        return true
      default: return false
      }
    }
    if !bindsSteps {
      readings.append(
        Reading(
          symbol: definition.symbol, weight: weight, step: definition.time,
          from: definition.from, through: definition.through, body: body))
      return true
    }
    if definition.time != nil { return false }
    switch workspace[body] {
    case .sum(let terms):
      for term in terms
      where !add(term, of: definition, weight, to: &readings, in: workspace) { return false }
      return true
    case .negative(let operand):
      return add(operand, of: definition, weight.negated, to: &readings, in: workspace)
    case .product(let factors):
      guard let last = factors.last else { return false }
      var scaled = weight
      for factor in factors.dropLast() {
        switch workspace[factor] {
        case .number(let value): scaled.coefficient = scaled.coefficient * value
        case .quotient(let above, let below):
          guard case .number(let value) = workspace[above], isConstant(below, workspace) else {
            return false
          }
          scaled.coefficient = scaled.coefficient * value
          scaled.divisors.append(below)
        default: return false
        }
      }
      return add(last, of: definition, scaled, to: &readings, in: workspace)
    case .quotient(let above, let below):
      guard isConstant(below, workspace) else { return false }
      var scaled = weight
      scaled.divisors.append(below)
      return add(above, of: definition, scaled, to: &readings, in: workspace)
    case .timeSum(let step, let from, let through, let inner):
      var own = definition
      (own.time, own.from, own.through) = (step, from, through)
      return add(inner, of: own, weight, to: &readings, in: workspace)
    default: return false
    }
  }

  private static func isConstant(
    _ expression: Expression, _ workspace: borrowing Workspace
  ) -> Bool {
    (try? workspace.shape(of: expression))?.isScalar == true
      && workspace.variables(in: expression).isEmpty
  }

  // MARK: Ranges

  /// Follows what is read back from the result; false where two times cannot be compared.
  private mutating func findEnds() -> Bool {
    if let time = result.time { ends[result.symbol] = time }
    var hasChanged = true
    var rounds = 0
    while hasChanged {
      hasChanged = false
      rounds += 1
      if rounds > 64 { return false }
      for (symbol, edge) in occurrences {
        var end = edge.fixed
        if let delay = edge.delay {
          let reading = readings[edge.reading]
          if reading.symbol != result.symbol || result.time != nil, ends[reading.symbol] == nil {
            continue
          }
          end = last(of: reading).map { $0 - delay }
        }
        guard let end else { continue }
        guard let known = ends[symbol] else {
          ends[symbol] = end
          hasChanged = true
          continue
        }
        guard let distance = (end - known).literal else { return false }
        if distance > 0 {
          ends[symbol] = end
          hasChanged = true
        }
      }
    }
    return true
  }

  /// The last time at which what is read so counts; nil: there is no last one.
  func last(of edge: Edge) -> Time? {
    last(of: readings[edge.reading]).map { $0 - (edge.delay ?? 0) }
  }

  /// The last step that counts: where that cannot be compared with the last one that there is, the
  /// result's own.
  private func last(of reading: Reading) -> Time? {
    guard let through = reading.through, let end = ends[reading.symbol] else {
      return ends[reading.symbol] ?? reading.through
    }
    return ((end - through).literal ?? 0) > 0 ? through : end
  }

  /// The one time at which a symbol counts, where there is just one.
  func onlyTime(of symbol: Symbol) -> Time? {
    guard let end = ends[symbol], let longest = longestDelay(of: symbol, []),
      result.time.map({ $0 - longest }) == end
    else { return nil }
    return end
  }

  /// How many steps it takes at most to the result; nil: any number.
  private func longestDelay(of symbol: Symbol, _ path: [Symbol]) -> Int? {
    if path.contains(symbol) { return nil }
    var longest = 0
    for edge in edges(of: symbol) {
      guard let delay = edge.delay,
        let rest = longestDelay(of: readings[edge.reading].symbol, path + [symbol])
      else { return nil }
      longest = max(longest, delay + rest)
    }
    return longest
  }

  /// The first time, where the readers that are not named are read in their turn.
  func first(of edge: Edge, _ named: [Symbol]) -> Time? {
    let reading = readings[edge.reading]
    var firsts: [Time?] = []
    if let from = reading.from { firsts.append(from) }
    if reading.symbol != result.symbol, !named.contains(reading.symbol) {
      for next in edges(of: reading.symbol) {
        if let first = first(of: next, named) { firsts.append(first) }
      }
    }
    return Passage.bounds(firsts)?.most.map { $0 - (edge.delay ?? 0) }
  }

  /// The least and the largest of times; nil where two cannot be compared. A missing time bounds
  /// nothing.
  static func bounds(_ times: [Time?]) -> (least: Time?, most: Time?)? {
    var bounds: (least: Time?, most: Time?) = (nil, nil)
    for case let time? in times {
      guard let least = bounds.least, let most = bounds.most else {
        bounds = (time, time)
        continue
      }
      guard let below = (time - least).literal, let above = (time - most).literal else {
        return nil
      }
      if below < 0 { bounds.least = time }
      if above > 0 { bounds.most = time }
    }
    return bounds
  }

  // MARK: Names

  /// The symbols by which the result is differentiated by name: those that several equations read or
  /// one reads at several times, and one of each circle.
  func named(besides asked: Symbol) -> [Symbol] {
    var named: [Symbol] = []
    var symbols: [Symbol] = []
    for (symbol, _) in occurrences where !symbols.contains(symbol) { symbols.append(symbol) }
    // The result itself is where a circle of it ends.
    for symbol in symbols where edges(of: symbol).count > 1 || symbol == result.symbol {
      named.append(symbol)
    }
    for symbol in symbols where !named.contains(symbol) {
      var seen: [Symbol] = []
      var current = symbol
      while !named.contains(current) {
        if seen.contains(current) {
          named.append(current)
          break
        }
        seen.append(current)
        guard let edge = edges(of: current).first else { break }
        current = readings[edge.reading].symbol
      }
    }
    return named
  }

  /// Whether a node reaches another of the same step on another way than by its equation.
  func reachesOtherwise(_ symbol: Symbol, _ reader: Symbol) -> Bool {
    var reached: [Symbol] = []
    var work = [symbol]
    while let next = work.popLast() {
      for edge in edges(of: next) where (edge.delay ?? 0) == 0 {
        let other = readings[edge.reading].symbol
        if other == reader, next != symbol { return true }
        if other == reader || reached.contains(other) { continue }
        reached.append(other)
        work.append(other)
      }
    }
    return false
  }
}
