import Expressions

/// A node of the unrolled model: a symbol at a time, or a symbol without one.
struct Place: Hashable {
  var symbol: Symbol
  var time: Int?
}

/// What an intervention changes, on top of another run (nil: the model as it is).
final class Run {
  let base: Run?
  /// Nodes cut off from their equations.
  var cut: [Place: Box] = [:]
  /// Changed parameters, and the one step whose equations read the change.
  var parameters: [Symbol: Box] = [:]
  var step: Int?
  /// Nodes of all other times keep their values.
  var keepsOtherSteps = false
  /// All nodes that are not cut keep their values.
  var keepsAll = false
  var held: [Symbol] = []
  /// How far all that is drawn has moved along its direction.
  var distance: Double?
  /// What has been computed so far.
  var known: [Place: Box] = [:]

  init(on base: Run?) { self.base = base }
}

/// The names that are bound where an expression is evaluated.
struct Scope {
  var labels: [IndexSymbol: Int] = [:]
  var times: [TimeSymbol: Int] = [:]
  /// The step of the equation that is being computed.
  var step: Int?
  /// Whether the expression is a claim's rather than an equation's: its nodes must exist.
  var isClaim = false
}

/// A model unrolled for one choice of sizes, times and numbers, evaluated by plain loops.
///
/// It knows definitions and what an intervention is, and nothing of derivatives: those are central
/// differences of whole recomputations.
final class World {
  let model: Model
  let times: [TimeSymbol: Int]
  let seed: UInt64
  private var sizes: [DimensionSymbol: Int] = [:]
  let root = Run(on: nil)
  /// Recurrences without a first step begin here.
  let origin = -3
  /// Up to which time equations are unrolled to see which nodes exist.
  let horizon = 8
  private var existing: Set<Place>?
  private var recording: Set<Place>?
  var differences: [[Int]: Box] = [:]
  private var freeTimes: [Expression: [TimeSymbol]] = [:]

  init(model: Model, times: [TimeSymbol: Int], seed: UInt64) {
    self.model = model
    self.times = times
    self.seed = seed
  }

  /// Distinct sizes of at least two, in the order in which they are asked for.
  func size(_ dimension: Dimension) throws(Undefined) -> Int {
    for symbol in dimension.symbols where sizes[symbol] == nil { sizes[symbol] = 2 + sizes.count }
    guard let value = dimension.value({ sizes[$0] }), value > 0 else { throw .shapes }
    return value
  }

  func time(_ time: Time, _ scope: Scope) throws(Undefined) -> Int {
    guard let value = time.value({ scope.times[$0] ?? times[$0] }) else {
      throw .unsupported("a time without a value")
    }
    return value
  }

  func free(_ expression: Expression, in workspace: borrowing Workspace) -> [TimeSymbol] {
    if let known = freeTimes[expression] { return known }
    let found = workspace.freeTimes(in: expression)
    freeTimes[expression] = found
    return found
  }

  // MARK: Nodes

  /// The equation of a node, with the time symbol that stands for its time.
  func equation(of place: Place) throws(Undefined) -> Definition? {
    for definition in model.definitions where definition.symbol == place.symbol {
      if let instance = definition.instance {
        if try time(instance, Scope()) == place.time { return definition }
      }
    }
    for definition in model.definitions
    where definition.symbol == place.symbol && definition.instance == nil {
      guard let own = place.time else { return definition }
      if let from = definition.from { if own < (try time(from, Scope())) { continue } }
      if let through = definition.through { if own > (try time(through, Scope())) { continue } }
      if definition.from == nil, own < origin { continue }
      return definition
    }
    return nil
  }

  func isParameter(_ symbol: Symbol) -> Bool {
    !model.definitions.contains { $0.symbol == symbol }
  }

  func value(
    of variable: Variable, _ scope: Scope, _ run: Run, in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    let at = try variable.time.map { t throws(Undefined) in try time(t, scope) }
    let place = Place(symbol: variable.symbol, time: at)
    if scope.isClaim, at != nil, !(try exists(place, in: workspace)) { throw .missingNode }
    recording?.insert(place)
    let step = try variable.copy.map { t throws(Undefined) in try time(t, scope) } ?? scope.step
    return try value(place, step, run, in: workspace)
  }

  func value(
    _ place: Place, _ step: Int?, _ run: Run, in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    if let own = run.cut[place] { return own }
    if place.time == nil, isParameter(place.symbol), run.distance == nil {
      if let own = run.parameters[place.symbol], run.step == nil || run.step == step { return own }
      if let base = run.base { return try value(place, step, base, in: workspace) }
    }
    if let own = run.known[place] { return own }
    var result: Box
    if let base = run.base, keeps(place, run), run.distance == nil {
      result = try value(place, step, base, in: workspace)
    } else if let definition = try equation(of: place) {
      var scope = Scope(step: place.time)
      if let formal = definition.time, let own = place.time { scope.times[formal] = own }
      result = try evaluate(definition.body, scope, run, in: workspace)
      let own = try shape(of: place.symbol, in: workspace)
      if result.isScalar, !own.isEmpty {
        result = Box(own, [Double](repeating: result.values[0], count: own.reduce(1, *)))
      }
    } else {
      result = try drawn(place, in: workspace)
      if let distance = run.distance, !workspace[place.symbol].properties.contains(.constant) {
        let direction = try self.direction(of: place, in: workspace)
        result = try result.joined(direction) { $0 + distance * $1 }
      }
    }
    run.known[place] = result
    return result
  }

  private func keeps(_ place: Place, _ run: Run) -> Bool {
    if run.keepsAll || run.held.contains(place.symbol) { return true }
    return run.keepsOtherSteps && place.time != nil && place.time != run.step
  }

  private func shape(
    of symbol: Symbol, in workspace: borrowing Workspace
  ) throws(Undefined) -> [Int] {
    var dims: [Int] = []
    for dimension in workspace[symbol].shape.dimensions {
      dims.append(dimension == .one ? 1 : try size(dimension))
    }
    return dims
  }

  /// An input or a parameter: both signs, weights large enough for every step to be seen.
  private func drawn(
    _ place: Place, in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    let properties = workspace[place.symbol].properties
    let dims = try shape(of: place.symbol, in: workspace)
    let name = [Int(place.symbol.id), place.time ?? 1000]
    let (least, spread) = dims.count >= 2 ? (0.6, 1.0) : (0.3, 0.9)
    func entry(_ i: Int) -> Double {
      let size = least + spread * LeibnizTests.drawn(seed, name + [i])
      let isPositive =
        properties.contains(.positive) || LeibnizTests.drawn(seed, name + [i, 1]) < 0.5
      return isPositive ? size : -size
    }
    var box = Box(dims, (0..<dims.reduce(1, *)).map(entry))
    if properties.contains(.symmetric) { box = try box.symmetrised() }
    if properties.contains(.diagonal) { box = try box.diagonalPart() }
    if dims.count == 2, dims[0] == dims[1] {
      let n = dims[0]
      if properties.contains(.positiveDefinite) {
        let square = try box.times(try box.transposed())
        box = try Box(dims) { square[$0] / Double(n) + ($0[0] == $0[1] ? 0.5 : 0) }
      } else if !properties.isDisjoint(with: [.invertible, .positiveDeterminant]) {
        box = try Box(dims) { 0.3 * box[$0] + ($0[0] == $0[1] ? 1.5 : 0) }
      }
      if properties.contains(.orthogonal) { box = try box.orthonormalised() }
    }
    if properties.contains(.unitNorm) {
      let length = box.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      box = box.map { $0 / length }
    }
    if properties.contains(.oneHot) {
      // A matrix in each of its rows.
      let width = dims.last ?? 1
      let places = (0..<(box.values.count / width)).map {
        Int(LeibnizTests.drawn(seed, name + [$0, 2]) * Double(width))
      }
      box.values = box.values.indices.map { $0 % width == places[$0 / width] ? 1 : 0 }
    }
    return box
  }

  /// Where a differential takes what is drawn; what keeps it symmetric or diagonal.
  private func direction(
    of place: Place, in workspace: borrowing Workspace
  ) throws(Undefined) -> Box {
    let properties = workspace[place.symbol].properties
    let dims = try shape(of: place.symbol, in: workspace)
    let name = [Int(place.symbol.id), place.time ?? 1000, 77]
    let box = Box(
      dims, (0..<dims.reduce(1, *)).map { 2 * LeibnizTests.drawn(seed, name + [$0]) - 1 })
    if properties.contains(.diagonal) { return try box.diagonalPart() }
    if !properties.isDisjoint(with: [.symmetric, .positiveDefinite]) {
      return try box.symmetrised()
    }
    if !properties.isDisjoint(with: [.orthogonal, .oneHot, .unitNorm]) {
      throw .unsupported("a direction")
    }
    return box
  }

  // MARK: Existence

  /// A node exists where an equation computes it, or where an equation in its range reads it.
  func exists(_ place: Place, in workspace: borrowing Workspace) throws(Undefined) -> Bool {
    if let existing { return existing.contains(place) || !speaks(of: place.symbol, in: workspace) }
    var found: Set<Place> = []
    recording = []
    for definition in model.definitions {
      var range: [Int?] = [nil]
      if let instance = definition.instance {
        range = [try time(instance, Scope())]
      } else if definition.time != nil {
        let from = try definition.from.map { t throws(Undefined) in try time(t, Scope()) }
        let through = try definition.through.map { t throws(Undefined) in try time(t, Scope()) }
        range = []
        for step in (from ?? origin)...max(from ?? origin, through ?? horizon)
        where
          step <= through ?? horizon
        {
          range.append(step)
        }
      }
      for step in range {
        found.insert(Place(symbol: definition.symbol, time: step))
        var scope = Scope(step: step)
        if let formal = definition.time, let step { scope.times[formal] = step }
        _ = try evaluate(definition.body, scope, root, in: workspace)
      }
    }
    let all = found.union(recording ?? [])
    recording = nil
    existing = all
    return try exists(place, in: workspace)
  }

  /// Whether some equation computes or reads the symbol; what none mentions may stand at any time.
  private func speaks(of symbol: Symbol, in workspace: borrowing Workspace) -> Bool {
    for definition in model.definitions {
      if definition.symbol == symbol { return true }
      for variable in workspace.variables(in: definition.body) where variable.symbol == symbol {
        return true
      }
    }
    return false
  }
}
