/// A function of one number, applied entry by entry.
package enum ElementwiseFunction: Hashable, Sendable {
  case sigmoid, tanh, exp, log, sin, cos, sqrt, relu, softplus, absolute, sign
  /// A smooth function that the document leaves unspecified.
  case generic(FunctionSymbol)

  /// Those with a fixed meaning.
  package static let standard: [ElementwiseFunction] = [
    .sigmoid, .tanh, .exp, .log, .sin, .cos, .sqrt, .relu, .softplus, .absolute, .sign,
  ]
}

/// A function of a whole vector or matrix.
package enum TensorFunction: UInt32, Hashable, Sendable, CaseIterable {
  /// Vector to diagonal matrix, square matrix to its diagonal.
  case diag
  case trace, determinant
  /// Euclidean for vectors, Frobenius for matrices.
  case norm
  case softmax
  /// Columns stacked.
  case vec
  /// The sum of all entries.
  case total
  /// The largest entry.
  case maximum
  /// The largest singular value of a matrix; Euclidean for vectors.
  case spectralNorm
  /// The largest modulus of an eigenvalue.
  case spectralRadius

  /// Whether it measures how large a tensor is.
  package var isNorm: Bool { self == .norm || self == .spectralNorm }
}

package enum Layout: UInt32, Hashable, Sendable, CaseIterable {
  /// Indices of the numerator, then of the denominator; a scalar by a vector is a row.
  case numerator
  /// Jacobians transposed; a scalar by a vector is a column.
  case denominator
  /// A scalar's derivative has its variable's shape; Jacobians as in numerator layout.
  case gradient
  /// As numerator, and a scalar by a matrix has the shape of the matrix's transpose.
  case transposed

  /// Whether a scalar by a vector is a row.
  package var givesRows: Bool { self == .numerator || self == .transposed }
}

/// How a written derivative intervenes in the model (design: cut the node off, recompute downstream).
package struct Intervention: Hashable, Sendable {
  package enum Mode: UInt32, Hashable, Sendable {
    /// Along all paths.
    case total
    /// By a parameter: through the equations of the numerator's own step. By a node: the one written
    /// equation of the numerator, all its other arguments held.
    case immediate
    /// Along all paths under every reading: written `d` in a line that writes `∂` as well.
    case whole
  }
  package var mode: Mode
  package var layout: Layout
  /// Families whose nodes are cut off as well, at all times; sorted.
  package var held: [Symbol]

  package init(mode: Mode = .total, layout: Layout = .numerator, held: [Symbol] = []) {
    self.mode = mode
    self.layout = layout
    self.held = held.sorted()
  }
}

/// The ordered product J_upper ⋯ J_{lower+1} of one-step Jacobians of a state of several parts, of
/// which one block is meant; the identity (or zero, off the diagonal) for lower = upper.
package struct PathProduct: Hashable, Sendable {
  /// Runs over the steps in `steps`.
  package var step: TimeSymbol
  package var lower: Time
  package var upper: Time
  package var row: Int
  package var column: Int
  /// The blocks of J_step, row by row, size² of them. Each is a tensor: the axes of the part it
  /// leads to, then those of the part it comes from.
  package var blocks: [Expression]
  package var size: Int

  package init(
    step: TimeSymbol, lower: Time, upper: Time, row: Int, column: Int, blocks: [Expression],
    size: Int
  ) {
    precondition(blocks.count == size * size)
    self.step = step
    self.lower = lower
    self.upper = upper
    self.row = row
    self.column = column
    self.blocks = blocks
    self.size = size
  }
}

package enum ProductOrder: UInt32, Hashable, Sendable {
  /// The first index leftmost.
  case ascending
  /// The latest index leftmost.
  case descending
  /// The first index leftmost, each factor shown in its place, so that no other order can be meant.
  case ascendingAsShown

  package var isAscending: Bool { self != .descending }
}

/// The closed set of what an expression can be. What a node means depends on its children's shapes:
/// a product contracts neighbouring axes, a power is elementwise for vectors and a matrix power for
/// square matrices.
package enum Node: Hashable, Sendable {
  case number(Rational)
  /// A printed decimal with this many digits after the point.
  case decimal(Rational, places: Int)
  case variable(Variable)
  /// A time as a number: the t of t·w^{t-1}.
  case timeValue(Time)
  case dimensionValue(Dimension)
  case identity(Dimension)
  case ones(Shape)
  case zero(Shape)
  /// The place is an index of the axis of the given dimension.
  case unitVector(Index, Dimension)
  /// Kronecker's δ of two labels.
  case delta(Index, Index)

  case sum([Expression])
  case negative(Expression)
  /// Juxtaposition: scalars scale, else the last axis of each factor meets the first of the next.
  case product([Expression])
  case hadamard([Expression])
  /// By a scalar, or entry by entry by a tensor of the same shape.
  case quotient(Expression, Expression)
  /// The exponent is a scalar expression; -1 of a square matrix is its inverse.
  case power(Expression, Expression)
  case transpose(Expression)
  /// The n-th derivative of an elementwise function at the argument.
  case apply(ElementwiseFunction, derivative: Int, Expression)
  /// The larger of two numbers, entry by entry.
  case maximum(Expression, Expression)
  case tensorFunction(TensorFunction, Expression)
  case kronecker(Expression, Expression)
  /// A block matrix, row by row; one column of vectors stacks them.
  case stack(rows: Int, columns: Int, [Expression])

  /// One entry of a tensor: a scalar.
  case entry(Expression, [Index])
  /// Sum over all values of a label.
  case indexSum(IndexSymbol, Expression)
  /// The tensor whose entry at the labels is the given scalar.
  case tabulate([IndexSymbol], Expression)

  /// Empty, hence zero, if `through` is one below `from`.
  case timeSum(TimeSymbol, from: Time, through: Time, Expression)
  /// The identity if `through` is one below `from`.
  case timeProduct(TimeSymbol, from: Time, through: Time, Expression, ProductOrder)
  /// One where all the times are ≥ 0, else zero.
  case iverson([Time])
  case pathProduct(PathProduct)

  /// An unknown smooth function; a family's function is another one at every time.
  case opaque(OpaqueFunction, at: Time?, [Expression])
  /// Its partial derivative by the arguments at the given slots, in order: a tensor with the
  /// function's axes first, then those of each slot's argument.
  case opaquePartial(OpaqueFunction, at: Time?, slots: [Int], [Expression])

  /// ∂a/∂b: the second is a variable, an entry of one, or a stack of them.
  case derivative(of: Expression, by: Expression, Intervention)
  /// d of an expression; of a variable it is the variable's own differential.
  case differential(Expression)
  /// A slope written without its argument, to be closed before anything is judged.
  case elided(ElementwiseFunction, derivative: Int, site: Int)
}

/// A node of a workspace's arena: equality is one compare.
package struct Expression: Hashable, Sendable {
  package let id: UInt32
  package init(id: UInt32) { self.id = id }

  /// Handles are dense: spreading their bits once suffices, and every visit keeps a set of them.
  package func _rawHashValue(seed: Int) -> Int {
    let spread = UInt64(id) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: spread ^ spread &>> 32) ^ seed
  }
}

/// Kinds of nodes, by the tags under which they are interned.
package struct NodeKinds: OptionSet, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package static let all = NodeKinds(rawValue: .max)
  package static let decimal = NodeKinds(tag: 1)
  package static let timeValue = NodeKinds(tag: 3)
  package static let unitVector = NodeKinds(tag: 8)
  package static let delta = NodeKinds(tag: 9)
  package static let power = NodeKinds(tag: 15)
  package static let stack = NodeKinds(tag: 21)
  package static let tabulate = NodeKinds(tag: 24)
  package static let timeProduct = NodeKinds(tag: 26)
  package static let iverson = NodeKinds(tag: 27)
  package static let pathProduct = NodeKinds(tag: 28)
  package static let derivative = NodeKinds(tag: 31)
  package static let elided = NodeKinds(tag: 33)

  init(tag: UInt32) { rawValue = 1 << UInt64(tag) }
}
