import Expressions

/// A model as a graph: which nodes the equation of each symbol reads.
package struct Graph: Sendable {
  /// One occurrence of a symbol in an equation.
  package struct Read: Hashable, Sendable {
    package var symbol: Symbol
    package var when: When
  }
  package enum When: Hashable, Sendable {
    /// A symbol without a time.
    case always
    /// This many steps before the equation's own time; negative for later ones.
    case before(Int)
    /// At a time that is no fixed number of steps away: a constant, or bound by a sum.
    case at(Time)
  }

  /// The symbols that some equation computes, in the order of the document.
  package private(set) var computed: [Symbol] = []
  /// What the general equation of each computed symbol reads, or all of its instances.
  package private(set) var reads: [[Read]] = []
  /// What the equations of single instances read, as steps before the instance where that is fixed.
  private var instanceReads: [[Read]] = []
  /// Who can be reached from whom in one or more steps of general equations and instances.
  private var reaches: [[Bool]] = []
  /// The same through general equations alone.
  private var returns: [[Bool]] = []
  /// The same through reads of the own step alone.
  private var loops: [[Bool]] = []
  /// All symbols that occur: the computed ones first.
  package private(set) var symbols: [Symbol] = []
  private var positions: [Symbol: Int] = [:]

  package init(_ model: Model, in workspace: borrowing Workspace) {
    self.init(model, held: [], in: workspace)
  }

  /// - Parameter held: symbols whose equations count for nothing.
  init(_ model: Model, held: [Symbol], in workspace: borrowing Workspace) {
    for definition in model.definitions
    where !computed.contains(definition.symbol) && !held.contains(definition.symbol) {
      computed.append(definition.symbol)
    }
    symbols = computed
    for (place, symbol) in computed.enumerated() { positions[symbol] = place }
    var edges: [(from: Int, to: Int, isGeneral: Bool, isInstant: Bool)] = []
    reads = [[Read]](repeating: [], count: computed.count)
    instanceReads = reads
    for definition in model.definitions {
      guard let to = positions[definition.symbol], to < computed.count else { continue }
      for variable in workspace.variables(in: definition.body) {
        let when = Graph.when(
          variable.time, from: definition.instance ?? definition.time.map { Time($0) })
        let read = Read(symbol: variable.symbol, when: when)
        if definition.instance == nil {
          if !reads[to].contains(read) { reads[to].append(read) }
        } else if !instanceReads[to].contains(read) {
          instanceReads[to].append(read)
        }
        if positions[variable.symbol] == nil {
          positions[variable.symbol] = symbols.count
          symbols.append(variable.symbol)
        }
        guard let from = positions[variable.symbol] else { continue }
        let isGeneral = definition.instance == nil
        let isInstant = isGeneral && (when == .before(0) || when == .always)
        edges.append((from, to, isGeneral, isInstant))
      }
    }
    reaches = Graph.closure(of: edges.map { ($0.from, $0.to) }, count: symbols.count)
    returns = Graph.closure(
      of: edges.filter { $0.isGeneral }.map { ($0.from, $0.to) }, count: symbols.count)
    loops = Graph.closure(
      of: edges.filter { $0.isInstant }.map { ($0.from, $0.to) }, count: symbols.count)
  }

  private static func when(_ time: Time?, from own: Time?) -> When {
    guard let time else { return .always }
    if let own, let lag = (own - time).literal { return .before(lag) }
    return .at(time)
  }

  private static func closure(of edges: [(Int, Int)], count: Int) -> [[Bool]] {
    var result = [[Bool]](repeating: [Bool](repeating: false, count: count), count: count)
    for (from, to) in edges { result[from][to] = true }
    for middle in 0..<count {
      for from in 0..<count where result[from][middle] {
        for to in 0..<count where result[middle][to] { result[from][to] = true }
      }
    }
    return result
  }

  /// Whether a change of `source` can change `result`. A symbol reaches itself.
  package func reaches(from source: Symbol, to result: Symbol) -> Bool {
    if source == result { return true }
    guard let from = positions[source], let to = positions[result] else { return false }
    return reaches[from][to]
  }

  /// Whether the symbol lies on a cycle of general equations.
  package func isOnCycle(_ symbol: Symbol) -> Bool {
    guard let place = positions[symbol] else { return false }
    return returns[place][place]
  }

  /// Whether the symbol's cycle runs towards earlier times.
  package func isBackward(_ symbol: Symbol) -> Bool {
    guard isOnCycle(symbol) else { return false }
    var isBackward = false
    for other in computed where reaches(from: symbol, to: other) && reaches(from: other, to: symbol)
    {
      for read in reads(of: other) where reaches(from: symbol, to: read.symbol) {
        guard reaches(from: read.symbol, to: symbol), case .before(let lag) = read.when else {
          continue
        }
        if lag > 0 { return false }
        if lag < 0 { isBackward = true }
      }
    }
    return isBackward
  }

  /// Whether the symbol is needed to compute itself at one and the same time.
  package func isCircular(_ symbol: Symbol) -> Bool {
    guard let place = positions[symbol] else { return false }
    return loops[place][place]
  }

  /// What the symbol's equation reads.
  package func reads(of symbol: Symbol) -> [Read] {
    guard let place = positions[symbol], place < computed.count else { return [] }
    return reads[place]
  }

  /// What the symbol's equation or one of its instances reads.
  func allReads(of symbol: Symbol) -> [Read] {
    guard let place = positions[symbol], place < computed.count else { return [] }
    return reads[place] + instanceReads[place]
  }

  /// The families on a cycle that are read at another time than their own.
  package var states: [Symbol] {
    computed.filter { candidate in
      isOnCycle(candidate)
        && reads.contains { list in
          list.contains { read in
            guard read.symbol == candidate, case .before(let lag) = read.when else { return false }
            return lag != 0
          }
        }
    }
  }

  /// The families in an order in which one step computes them: each after those that it reads at its
  /// own time.
  package var stepOrder: [Symbol] {
    var order: [Symbol] = []
    var pending = computed
    while !pending.isEmpty {
      let ready = pending.filter { symbol in
        !reads(of: symbol).contains { read in
          guard pending.contains(read.symbol), read.symbol != symbol else { return false }
          return read.when == .before(0) || read.when == .always
        }
      }
      if ready.isEmpty { return order + pending }
      order += ready
      pending = pending.filter { !ready.contains($0) }
    }
    return order
  }
}
