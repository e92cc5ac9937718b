import Expressions

/// One model at one point: the unrolled model compiled into a straight-line program, and what has
/// been measured with it so far.
///
/// All values follow from the sample's seed. Whatever an expression needs of the model is compiled
/// and run when it is first asked for; Jacobians are kept, so that thousands of candidates over the
/// same nodes are cheap. A copy is independent and shares its storage until it is changed.
package struct Laboratory: Sendable {
  /// A node or a parameter whose value is fixed: as an assumption about a computed node it replaces
  /// the definition, of an input or a parameter it restricts the point. Nothing flows through it.
  package struct Fixing: Hashable, Sendable {
    /// At the given time; at all times if a family is named without a time, or at a time variable
    /// that the sample does not fix (it may then occur in the value).
    package var variable: Variable
    package var value: Expression
    package init(_ variable: Variable, to value: Expression) {
      self.variable = variable
      self.value = value
    }
  }

  /// Between which numbers the entries of a parameter or an input are drawn.
  package struct Bounds: Hashable, Sendable {
    package var symbol: Symbol
    package var lower: Double?
    package var upper: Double?
    package init(_ symbol: Symbol, lower: Double? = nil, upper: Double? = nil) {
      self.symbol = symbol
      self.lower = lower
      self.upper = upper
    }
  }

  package enum Scale: Hashable, Sendable {
    /// State-transition matrices scaled until one-step Jacobians have a norm near one.
    case automatic
    case fixed(Double)
  }

  package let model: Model
  package let sample: Sample
  /// By which state-transition matrices are multiplied when drawn; nil before the first is.
  var knownScale: Double?
  /// A recurrence without a stated start starts here: earlier nodes are inputs.
  package let earliest: Int
  /// A recurrence towards the past without a stated end ends here: later nodes are inputs.
  package let latest: Int

  let fixings: [Fixing]
  let bounds: [Bounds]
  var general: [Symbol: Int] = [:]
  var instances: [Symbol: [Int]] = [:]
  /// Computed families that some definition reads at an earlier time.
  var states: [Symbol] = []
  /// Families computed from later times.
  var ascending: [Symbol] = []
  /// Dimensions of the states.
  var stateDimensions: [Dimension] = []

  var program = Program()
  var memory: [Bounded] = []
  /// The values in `memory`, for finite differences.
  var values: [Double] = []
  /// How many instructions of the program have been run.
  var executed = 0
  /// How much has been done so far: what was compiled, and what was run, differences as often as they
  /// are run.
  package var work: Int { ran + compiled * Laboratory.compilingCost }
  /// What the compilation of an instruction costs beside running one cell.
  private static let compilingCost = 20
  private var ran = 0
  /// How many instructions it has.
  package var size: Int { program.instructions.count }
  var compiled = 0
  var known: [Key: Slot] = [:]
  /// The keys of `known` in the order of their arrival, to take them back.
  var arrivals: [Key] = []
  var nodes: [NodeRecord] = []
  var underway: [Key] = []
  var scopes: [Expression: Scope] = [:]
  /// Whether anything in the program was drawn at random.
  var hasDrawn = false

  /// What a slot holds.
  struct Key: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      case expression, node, use, jacobian, direction, drawnFunction
    }
    var kind: Kind
    var id: UInt32
    var words: [Int]
  }

  /// A node (symbol, time) of the unrolled model.
  struct NodeRecord: Sendable {
    var symbol: Symbol
    var time: Int?
    var slot: Slot
    /// What writes it; nil if it was drawn.
    var instruction: Int?
    /// Whether it is computed by a definition (perhaps overruled by a fixing).
    var isComputed: Bool
  }

  /// What occurs free in an expression.
  struct Scope: Sendable {
    var times: [TimeSymbol]
    var labels: [IndexSymbol]
    var readsParameters: Bool
  }

  /// - Parameters:
  ///   - fixings: the first that fits a node wins.
  ///   - earliest: by default two steps before the first time of the sample, or before zero.
  package init(
    model: Model, sample: Sample, fixing fixings: [Fixing] = [], bounds: [Bounds] = [],
    scale: Scale = .automatic, earliest: Int? = nil, in workspace: borrowing Workspace
  ) {
    self.model = model
    self.sample = sample
    self.fixings = fixings
    self.bounds = bounds
    var first = 0
    var last = 1
    for instant in sample.times {
      first = min(first, instant.value)
      last = max(last, instant.value)
    }
    for definition in model.definitions {
      for time in [definition.from, definition.through, definition.instance] {
        if let value = time?.value({ sample[$0] }) {
          first = min(first, value)
          last = max(last, value)
        }
      }
    }
    self.earliest = earliest ?? first - 2
    self.latest = last + 2
    survey(workspace)
    switch scale {
    case .fixed(let factor): knownScale = factor
    case .automatic: if sample.drawing != .general { knownScale = 1 }
    }
  }

  /// Which families are states, and which run towards the past.
  private mutating func survey(_ workspace: borrowing Workspace) {
    for (i, definition) in model.definitions.enumerated() {
      if definition.instance != nil {
        instances[definition.symbol, default: []].append(i)
      } else if general[definition.symbol] == nil {
        general[definition.symbol] = i
      }
    }
    for definition in model.definitions {
      guard let own = definition.time, definition.instance == nil else { continue }
      for variable in workspace.variables(in: definition.body) {
        guard let time = variable.time, model.computes(variable.symbol),
          let offset = (time - Time(own)).literal
        else { continue }
        if offset < 0, !states.contains(variable.symbol), general[variable.symbol] != nil {
          states.append(variable.symbol)
        }
        if offset > 0, !ascending.contains(definition.symbol) {
          ascending.append(definition.symbol)
        }
      }
    }
    states.sort()
    for state in states {
      for dimension in workspace[state].shape.squeezed.dimensions
      where !stateDimensions.contains(dimension) { stateDimensions.append(dimension) }
    }
  }

  /// The values of an expression as it is written, with error bounds.
  ///
  /// - Parameter labels: labels that are free in the expression; they become the first axes.
  package mutating func measure(
    _ expression: Expression, over labels: [IndexSymbol] = [], in workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Measurement {
    try measure(expression, over: labels, Environment(), isKept: false, in: workspace)
  }

  /// The values of an expression at another value of a time than the sample's.
  package mutating func measure(
    _ expression: Expression, at time: TimeSymbol, _ value: Int,
    in workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Measurement {
    try measure(
      expression, over: [], Environment().binding(time, to: value), isKept: false, in: workspace)
  }

  /// Compiles an expression once for all that hold it or parts of it.
  package mutating func keep(_ expression: Expression, in workspace: borrowing Workspace) {
    _ = try? measure(expression, over: [], Environment(), isKept: true, in: workspace)
  }

  private mutating func measure(
    _ expression: Expression, over labels: [IndexSymbol], _ environment: Environment,
    isKept: Bool, in workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Measurement {
    let mark = checkpoint
    do throws(MeasurementFailure) {
      let slot = try tabulated(labels, expression, environment, workspace)
      try advance()
      let result = measurement(of: slot)
      // What only this expression needed is not kept.
      if !isKept, nodes.count == mark.nodes, program.differences.count == mark.differences {
        rewind(to: mark)
      }
      return result
    } catch {
      rewind(to: mark)
      throw error
    }
  }

  /// The value of a node, a parameter or an input at this point.
  package mutating func measure(
    _ symbol: Symbol, at time: Int? = nil, in workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Measurement {
    let mark = checkpoint
    do throws(MeasurementFailure) {
      let slot = try node(symbol, time, workspace)
      try advance()
      return measurement(of: slot)
    } catch {
      rewind(to: mark)
      throw error
    }
  }

  /// What stands in a slot; the memory is not shared any more when this returns.
  private func measurement(of slot: Slot) -> Measurement {
    let cells = memory[slot.cells]
    return Measurement(
      dimensions: slot.axes.map { $0.size }, values: cells.map { $0.value },
      errors: cells.map { $0.error })
  }

  /// The parameters and inputs that have been drawn so far, by symbol and time.
  package var drawn: [(symbol: Symbol, time: Int?)] {
    nodes.filter { $0.instruction == nil }.map { ($0.symbol, $0.time) }
      .sorted { ($0.0, $0.1 ?? .min) < ($1.0, $1.1 ?? .min) }
  }
}

/// Taking back what was compiled.
extension Laboratory {
  struct Checkpoint {
    var instructions: Int
    var tables: Int
    var differences: Int
    var functions: Int
    var frozen: Int
    var exact: Int
    var cells: Int
    var arrivals: Int
    var nodes: Int
  }

  var checkpoint: Checkpoint {
    Checkpoint(
      instructions: program.instructions.count, tables: program.tables.count,
      differences: program.differences.count, functions: program.functions.count,
      frozen: program.frozen.count, exact: program.exact.count, cells: memory.count,
      arrivals: arrivals.count, nodes: nodes.count)
  }

  mutating func rewind(to mark: Checkpoint) {
    for key in arrivals[mark.arrivals...] { known[key] = nil }
    arrivals.removeSubrange(mark.arrivals...)
    program.instructions.removeSubrange(mark.instructions...)
    program.origins.removeSubrange(mark.instructions...)
    program.tables.removeSubrange(mark.tables...)
    program.differences.removeSubrange(mark.differences...)
    program.functions.removeSubrange(mark.functions...)
    program.frozen.removeSubrange(mark.frozen...)
    program.exact.removeSubrange(mark.exact...)
    memory.removeSubrange(mark.cells...)
    values.removeSubrange(mark.cells...)
    nodes.removeSubrange(mark.nodes...)
    underway.removeAll()
    executed = min(executed, mark.instructions)
  }

  /// Runs what has been compiled but not yet run.
  mutating func advance() throws(MeasurementFailure) {
    while executed < program.instructions.count {
      let step = program.instructions[executed]
      let origin = program.origins[executed]
      if case .difference = step.operation {
        program.differences[step.a].noise = program.noise(ofDifference: step.a, at: memory)
        let index = step.a
        let program = program
        ran += program.work(ofDifference: index)
        let outcome = values.withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map { program.slopes(index, at: $0) }
        }
        switch outcome {
        case .success(let slopes):
          for i in 0..<step.count {
            memory[step.target + i] = Bounded(slopes.values[i], error: slopes.errors[i])
          }
        case .failure(.kink): throw .nearKink(origin)
        case .failure(.undefined), nil: throw .undefined(origin)
        }
      } else {
        let index = executed
        let program = program
        let isSmooth = memory.withUnsafeMutableBufferPointer { buffer in
          buffer.baseAddress.map { program.execute(index, $0, base: nil) } ?? true
        }
        if !isSmooth { throw .nearKink(origin) }
      }
      for i in step.target..<(step.target + step.count) {
        let quantity = memory[i]
        if quantity.value.isNaN { throw .undefined(origin) }
        if !quantity.isSound { throw .overflow(origin) }
        values[i] = quantity.value
      }
      executed += 1
      ran += step.cost
    }
  }
}
