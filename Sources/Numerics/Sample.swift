import Expressions

/// Which point a model is looked at: sizes, times and the seed from which all values follow.
package struct Sample: Hashable, Sendable {
  package enum Drawing: Hashable, Sendable {
    /// Reals of both signs, properties in all their generality.
    case general
    /// Small round numbers, for counterexamples that people read.
    case round
  }
  package private(set) var sizes: [Size]
  package private(set) var times: [Instant]
  package var seed: UInt64
  package var drawing: Drawing

  package struct Size: Hashable, Sendable {
    package var symbol: DimensionSymbol
    package var value: Int
  }
  package struct Instant: Hashable, Sendable {
    package var symbol: TimeSymbol
    package var value: Int
  }

  package init(
    sizes: [(DimensionSymbol, Int)] = [], times: [(TimeSymbol, Int)] = [], seed: UInt64,
    drawing: Drawing = .general
  ) {
    self.sizes = []
    self.times = []
    self.seed = seed
    self.drawing = drawing
    for (symbol, value) in sizes { self[symbol] = value }
    for (symbol, value) in times { self[symbol] = value }
  }

  package subscript(symbol: DimensionSymbol) -> Int? {
    get { sizes.first { $0.symbol == symbol }?.value }
    set {
      sizes.removeAll { $0.symbol == symbol }
      if let newValue { sizes.append(Size(symbol: symbol, value: newValue)) }
      sizes.sort { $0.symbol < $1.symbol }
    }
  }
  package subscript(symbol: TimeSymbol) -> Int? {
    get { times.first { $0.symbol == symbol }?.value }
    set {
      times.removeAll { $0.symbol == symbol }
      if let newValue { times.append(Instant(symbol: symbol, value: newValue)) }
      times.sort { $0.symbol < $1.symbol }
    }
  }

  /// Distinct sizes of at least two for the given names; another assignment for every variant.
  package mutating func drawSizes(of symbols: [DimensionSymbol], variant: Int = 0) {
    let count = symbols.count
    for (i, symbol) in symbols.enumerated() {
      self[symbol] = 2 + (i + variant) % max(count, 2) + (count < 2 ? variant / 2 % 2 : 0)
    }
  }

  /// The same size for all the given names: one, for the smallest counterexample.
  package mutating func setSizes(of symbols: [DimensionSymbol], to value: Int) {
    for symbol in symbols { self[symbol] = value }
  }

  /// The names of sizes that a model, and the given expressions, can depend on, sorted.
  package static func dimensions(
    of model: Model, and expressions: [Expression], in workspace: borrowing Workspace
  ) -> [DimensionSymbol] {
    var found: [DimensionSymbol] = []
    func add(_ dimensions: [Dimension]) {
      for dimension in dimensions {
        for symbol in dimension.symbols where !found.contains(symbol) { found.append(symbol) }
      }
    }
    let roots = expressions + model.definitions.map { $0.body }
    for definition in model.definitions {
      add(workspace[definition.symbol].shape.dimensions)
    }
    var seen: Set<Expression> = []
    var pending = roots
    while let expression = pending.popLast() {
      if !seen.insert(expression).inserted { continue }
      let node = workspace[expression]
      pending += node.children
      switch node {
      case .variable(let variable): add(workspace[variable.symbol].shape.dimensions)
      case .dimensionValue(let dimension), .identity(let dimension),
        .unitVector(_, let dimension):
        add([dimension])
      case .ones(let shape), .zero(let shape): add(shape.dimensions)
      case .indexSum(let label, _): add([workspace[label].dimension])
      case .tabulate(let labels, _): for label in labels { add([workspace[label].dimension]) }
      case .opaque(let function, _, _), .opaquePartial(let function, _, _, _):
        add(workspace[function].shape.dimensions)
      default: break
      }
    }
    return found.sorted()
  }
}
