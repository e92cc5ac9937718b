import Expressions

/// One axis of a tensor: its size, and whether it is literally one (so that it may be dropped).
struct Axis: Hashable, Sendable {
  var size: Int
  var isUnit: Bool
  static let unit = Axis(size: 1, isUnit: true)
}

/// Where a tensor lies in a program's memory, row by row.
struct Slot: Hashable, Sendable {
  var start: Int
  var axes: [Axis]
  var count: Int { axes.reduce(1) { $0 * $1.size } }
  var cells: Range<Int> { start..<(start + count) }
  var isScalar: Bool { axes.isEmpty }
  var isRow: Bool { axes.count == 2 && axes[0].isUnit }
  var isVector: Bool { axes.count == 1 }
  var isMatrix: Bool { axes.count == 2 }
  var isSquare: Bool { axes.count == 2 && axes[0] == axes[1] }
  /// The axes that are not literally one.
  var squeezed: [Axis] { axes.filter { !$0.isUnit } }

  /// The axes as an expression's shape has them (see `Shape.canonical`).
  static func canonical(_ axes: [Axis]) -> [Axis] {
    switch axes.count {
    case 0: return axes
    case 1: return axes[0].isUnit ? [] : axes
    case 2: return axes[1].isUnit ? canonical([axes[0]]) : axes
    default:
      let rest = axes.filter { !$0.isUnit }
      return rest.count == axes.count ? axes : canonical(rest)
    }
  }
}

/// One step of a straight-line program over a flat memory. `a` and `b` are places of operands.
struct Instruction: Sendable {
  enum Operation: Sendable {
    /// target[i] = a[i]; p cells of a are repeated.
    case copy
    /// target[i] = memory[table[a + i]]; -1 is zero.
    case gather
    /// Entry by entry; p cells of a and q cells of b are repeated.
    case add, subtract, multiply, divide, larger
    case negate
    case apply(ElementwiseFunction, derivative: Int)
    /// The drawn function with number b.
    case drawn(derivative: Int)
    /// p×q times q×r.
    case contract
    /// The exponent is p.
    case integerPower
    case realPower
    /// Of p cells.
    case total, norm, largest
    /// Of p rows of q.
    case softmax, spectralNorm
    /// Of a p×p matrix.
    case inverse, determinant, spectralRadius
    /// Finite differences by specification a.
    case difference
  }
  var operation: Operation
  var target: Int
  var count: Int
  var a: Int
  var b = 0
  var p = 0
  var q = 0
  var r = 0

  /// About how long it takes; most of it is finding it, and products run several entries at once.
  var cost: Int {
    if case .contract = operation { return 4 + p * q * r / 32 }
    return 4 + count
  }
}

/// How a derivative intervenes in the program: which cells move, what is run again, what is read.
struct Difference: Sendable {
  /// The cells that are read, and how many.
  var numerator: Range<Int>
  /// The cells that are moved.
  var cells: [Int]
  /// Where the weights lie with which all cells are moved at once; nil to move one after the other.
  var weights: [Int]?
  /// The instructions between the moved cells and the numerator, in order.
  var instructions: [Int]
  /// The instructions that the intervention cuts off, sorted.
  var cuts: [Int]
  /// The cells from which everything is computed that the difference needs.
  var inputs: [Range<Int>]
  /// All cells lie below.
  var extent: Int
  /// Whether something on the way has a kink.
  var hasKink: Bool
  /// Whether there are differences on the way.
  var isNested: Bool
  /// Bounds of the rounding errors of what is read, once known.
  var noise: [Double] = []

  var directions: Int { weights == nil ? cells.count : 1 }
}

/// A straight-line program in single assignment: every cell is written by one instruction, or by
/// none (a constant). Earlier instructions never read later cells.
struct Program: Sendable {
  var instructions: [Instruction] = []
  /// The expression for whose sake an instruction stands here.
  var origins: [Expression] = []
  var tables: [Int] = []
  var differences: [Difference] = []
  var functions: [DrawnFunction] = []
  /// Instructions that run but that nothing flows through: pinned nodes and fixed values.
  var frozen: [Int] = []
  /// Constants that floating-point numbers may not represent.
  var exact: [(cell: Int, value: Rational)] = []

  /// The ranges of cells that an instruction reads.
  func inputs(of index: Int, _ body: (Range<Int>) -> Void) {
    let step = instructions[index]
    func range(_ start: Int, _ count: Int) -> Range<Int> { start..<(start + count) }
    switch step.operation {
    case .copy: body(range(step.a, step.p))
    case .gather:
      for place in tables[range(step.a, step.count)] where place >= 0 { body(range(place, 1)) }
    case .add, .subtract, .multiply, .divide, .larger:
      body(range(step.a, step.p))
      body(range(step.b, step.q))
    case .negate, .apply, .drawn, .integerPower: body(range(step.a, step.count))
    case .contract:
      body(range(step.a, step.p * step.q))
      body(range(step.b, step.q * step.r))
    case .realPower:
      body(range(step.a, step.count))
      body(range(step.b, 1))
    case .total, .norm, .largest: body(range(step.a, step.p))
    case .softmax: body(range(step.a, step.count))
    case .spectralNorm: body(range(step.a, step.p * step.q))
    case .inverse, .determinant, .spectralRadius: body(range(step.a, step.p * step.p))
    case .difference: for input in differences[step.a].inputs { body(input) }
    }
  }

  func hasKink(_ index: Int) -> Bool {
    switch instructions[index].operation {
    case .apply(let function, _): return function.hasKink
    case .larger, .largest: return true
    case .difference: return differences[instructions[index].a].hasKink
    default: return false
    }
  }
}
