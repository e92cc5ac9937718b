import Expressions

/// A node at a concrete time.
struct NodeKey: Hashable {
  var symbol: Symbol
  var time: Int?
}

/// An unrolled model with values: inputs and parameters are drawn, the rest is computed. With a
/// base it is that world after an intervention.
final class World {
  let model: Model
  let sizes: [DimensionSymbol: Int]
  /// The first step of recurrences that state none, and the last one of those that run backwards.
  let start: Int
  let end: Int
  let base: World?
  /// The free times of the model, such as T.
  var times: [TimeSymbol: Int] = [:]
  /// The families that `start` and `end` bound: those on a cycle.
  var recurrent: [Symbol] = []
  /// Nodes that are cut off.
  var pinned: [NodeKey: Tensor] = [:]
  var held: [Symbol] = []
  /// A parameter's other value, in all equations or in those of one time.
  var parameter: (symbol: Symbol, value: Tensor, copy: Int?)?
  /// Only equations of this time are computed anew.
  var onlyStep: Int?
  /// No equation is computed anew.
  var isFrozen = false
  private var known: [NodeKey: Tensor] = [:]

  init(
    _ model: Model, sizes: [DimensionSymbol: Int], start: Int = -2, end: Int = 6,
    base: World? = nil
  ) {
    self.model = model
    self.sizes = sizes
    self.start = start
    self.end = end
    self.base = base
  }

  func intervened() -> World {
    let other = World(model, sizes: sizes, start: start, end: end, base: self)
    other.times = times
    other.recurrent = recurrent
    return other
  }

  func value(
    _ symbol: Symbol, _ time: Int?, copy: Int?, owner: Int?, _ workspace: borrowing Workspace
  ) -> Tensor {
    let key = NodeKey(symbol: symbol, time: time)
    if let pinned = pinned[key] { return pinned }
    if let parameter, parameter.symbol == symbol, time == nil,
      parameter.copy == nil || parameter.copy == (copy ?? owner)
    {
      return parameter.value
    }
    if let base {
      let isKept =
        held.contains(symbol) || isFrozen || onlyStep != nil && time != nil && time != onlyStep
      if isKept { return base.value(symbol, time, copy: copy, owner: owner, workspace) }
    }
    if let known = known[key] { return known }
    let value: Tensor
    if let (body, own) = equation(symbol, time) {
      var evaluation = Evaluation(world: self)
      evaluation.owner = time
      if let own, let time { evaluation.times[own] = time }
      value = evaluation.value(body, workspace)
    } else {
      value = drawn(key, workspace)
    }
    known[key] = value
    return value
  }

  /// The equation that computes a node.
  func equation(_ symbol: Symbol, _ time: Int?) -> (Expression, TimeSymbol?)? {
    for definition in model.instances(of: symbol)
    where definition.instance?.literal == time { return (definition.body, nil) }
    guard let general = model.definition(of: symbol) else { return nil }
    guard let time else { return general.time == nil ? (general.body, nil) : nil }
    if let from = general.from?.literal, time < from { return nil }
    if let through = general.through?.literal, time > through { return nil }
    if recurrent.contains(symbol), time < start || time > end { return nil }
    return (general.body, general.time)
  }

  private func drawn(_ key: NodeKey, _ workspace: borrowing Workspace) -> Tensor {
    let record = workspace[key.symbol]
    let sizes = record.shape.dimensions.map { size($0) }
    var values: [Double] = []
    let count = sizes.reduce(1, *)
    for place in 0..<count {
      let number = pseudorandom(
        UInt64(key.symbol.id), UInt64(bitPattern: Int64(key.time ?? 99)), UInt64(place))
      values.append(
        record.properties.contains(.positive) ? 0.4 + abs(number) : number)
    }
    if sizes.count == 2, sizes[0] == sizes[1], record.properties.contains(.invertible) {
      for i in 0..<sizes[0] { values[i * sizes[0] + i] += 2 }
    }
    return Tensor(sizes, values)
  }

  func size(_ dimension: Dimension) -> Int { dimension.value { sizes[$0] } ?? 0 }
}

/// A number between −1 and 1 that depends on nothing but its arguments.
func pseudorandom(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> Double {
  var x =
    a &* 0x9E37_79B9_7F4A_7C15 ^ b &* 0xBF58_476D_1CE4_E5B9 ^ (c &+ 7)
    &* 0x94D0_49BB_1331_11EB
  for _ in 0..<3 {
    x ^= x >> 31
    x = x &* 0x7FB5_D329_728E_A185
    x ^= x >> 27
    x = x &+ 0x1234_5678_9ABC_DEF1
  }
  return Double(x >> 11) / Double(1 << 52) - 1
}
