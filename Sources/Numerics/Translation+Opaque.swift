import Expressions

/// Unknown smooth functions: drawn as a linear form plus sines and hyperbolic tangents of linear
/// forms of all arguments' entries, with partial derivatives of every order in closed form.
///
/// They grow no faster than linearly, so that an unknown recurrence may be iterated.
extension Laboratory {
  /// The number of the drawn function that an unspecified elementwise function stands for.
  mutating func drawnFunction(
    _ symbol: FunctionSymbol, _ workspace: borrowing Workspace
  ) -> Int {
    let key = Key(kind: .drawnFunction, id: symbol.id, words: [])
    if let slot = known[key] { return slot.start }
    hasDrawn = true
    var generator = RandomGenerator(seed: sample.seed, [3, workspace.ordinal(of: symbol)])
    program.functions.append(DrawnFunction(&generator))
    remember(key, Slot(start: program.functions.count - 1, axes: []))
    return program.functions.count - 1
  }

  /// - Parameter slots: by which arguments it is differentiated; empty for the function itself.
  mutating func opaque(
    _ function: OpaqueFunction, _ time: Int?, slots: [Int], _ arguments: [Expression],
    _ origin: Expression, _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    var places: [Int] = []
    var operands: [Slot] = []
    var blocks: [Range<Int>] = []
    for argument in arguments {
      let slot = try compile(argument, environment, workspace)
      operands.append(slot)
      blocks.append(places.count..<(places.count + slot.count))
      places += slot.cells
    }
    let own = try axes(of: workspace[function].shape)
    var axes = slots.isEmpty ? own : own.filter { !$0.isUnit }
    for slot in slots { axes += operands[slot].squeezed }
    hasDrawn = true
    let drawn = DrawnForm(
      rows: own.reduce(1) { $0 * $1.size }, blocks: blocks,
      seed: RandomGenerator(
        seed: sample.seed,
        [4, workspace.ordinal(of: function), time == nil ? 0 : 1, time ?? 0, places.count]))
    let picks = slots.map { blocks[$0] }
    var result = constant(
      drawn.linearPart(by: picks), [Axis(size: drawn.rows * picks.size, isUnit: false)])
    if !places.isEmpty {
      let width = Axis(size: places.count, isUnit: false)
      let input = try gather(places, [width], origin)
      if slots.isEmpty {
        let matrix = constant(drawn.linear, [result.axes[0], width])
        result = try entrywise(.add, result, try product(matrix, input, origin), origin)
      }
      for layer in drawn.layers {
        let term = try self.term(of: layer, drawn, input, picks, result.axes, origin)
        result = try entrywise(.add, result, term, origin)
      }
    }
    return Slot(start: result.start, axes: Slot.canonical(axes))
  }

  /// C·diag(φ⁽ⁿ⁾(B·u + c))·(B ⊗ … ⊗ B): one layer, differentiated by n blocks of the arguments.
  private mutating func term(
    of layer: DrawnForm.Layer, _ drawn: DrawnForm, _ input: Slot, _ picks: [Range<Int>],
    _ axes: [Axis], _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    let hidden = Axis(size: layer.phases.count, isUnit: false)
    let inner = constant(layer.inner, [hidden, input.axes[0]])
    var argument = try product(inner, input, origin)
    argument = try entrywise(.add, argument, constant(layer.phases, [hidden]), origin)
    let slope = try emit(
      .apply(layer.function, derivative: picks.count), argument.axes, origin, a: argument.start)
    let outer = constant(layer.outer, [Axis(size: drawn.rows, isUnit: false), hidden])
    // The slopes are repeated over the rows of the outer coefficients.
    let scaled = try emit(
      .multiply, outer.axes, origin, a: outer.start, b: slope.start, p: outer.count,
      q: slope.count)
    let factor = constant(
      layer.products(of: picks, columns: drawn.columns),
      [hidden, Axis(size: picks.size, isUnit: false)],
      relativeError: picks.count > 1 ? Double(picks.count) * Bounded.unit : 0)
    return try emit(
      .contract, axes, origin, a: scaled.start, b: factor.start, p: drawn.rows, q: hidden.size,
      r: picks.size)
  }
}

/// The coefficients of one unknown function: c + A·u + Σ C·φ(B·u + b).
private struct DrawnForm {
  struct Layer {
    var function: ElementwiseFunction
    var inner: [Double]
    var phases: [Double]
    var outer: [Double]

    /// For every hidden unit, the products of its inner coefficients over all combinations of
    /// entries of the given blocks.
    func products(of picks: [Range<Int>], columns: Int) -> [Double] {
      var products: [Double] = []
      for unit in phases.indices {
        for number in 0..<picks.size {
          var rest = number
          var product = 1.0
          for pick in picks.reversed() {
            product *= inner[unit * columns + pick.lowerBound + rest % pick.count]
            rest /= pick.count
          }
          products.append(product)
        }
      }
      return products
    }
  }
  var rows: Int
  var columns: Int
  var offset: [Double] = []
  var linear: [Double] = []
  var layers: [Layer] = []
  /// Where each argument's entries lie among all.
  private var blocks: [Range<Int>]
  private var generator: RandomGenerator

  init(rows: Int, blocks: [Range<Int>], seed generator: RandomGenerator) {
    self.rows = rows
    self.blocks = blocks
    self.generator = generator
    columns = blocks.last?.upperBound ?? 0
    linear = matrix(rows, 0.2, 0.8)
    layers = [layer(.sin, 5), layer(.tanh, 4)]
    offset = (0..<rows).map { _ in self.generator.signed(0.2, 1) }
  }

  /// The constant's derivative by nothing, the linear form's by one block, zero beyond.
  func linearPart(by picks: [Range<Int>]) -> [Double] {
    switch picks.count {
    case 0: return offset
    case 1:
      var entries: [Double] = []
      for row in 0..<rows {
        for column in picks[0] { entries.append(linear[row * columns + column]) }
      }
      return entries
    default: return [Double](repeating: 0, count: rows * picks.size)
    }
  }

  private mutating func layer(_ function: ElementwiseFunction, _ width: Int) -> Layer {
    let size = Double(width).squareRoot()
    let inner = matrix(width, 0.4, 1.2)
    return Layer(
      function: function, inner: inner,
      phases: (0..<width).map { _ in generator.uniform(-1.2, 1.2) },
      outer: (0..<(rows * width)).map { _ in generator.signed(0.25, 0.8) / size })
  }

  /// Coefficients of all arguments side by side, each argument weighing about the same.
  private mutating func matrix(_ rows: Int, _ lower: Double, _ upper: Double) -> [Double] {
    let share = min(1, 3 / Double(max(blocks.count, 1))).squareRoot()
    var entries: [Double] = []
    for _ in 0..<rows {
      for block in blocks {
        let factor = share / Double(max(block.count, 1)).squareRoot()
        for _ in block { entries.append(generator.signed(lower, upper) * factor) }
      }
    }
    return entries
  }
}

extension [Range<Int>] {
  /// How many combinations of entries there are.
  fileprivate var size: Int { reduce(1) { $0 * $1.count } }
}
