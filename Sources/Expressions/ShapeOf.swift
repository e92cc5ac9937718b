/// Two shapes that cannot stand together, and where.
package struct ShapeMismatch: Error, Hashable, Sendable {
  package enum Place: Hashable, Sendable {
    /// Terms of a sum, or factors of an elementwise product.
    case terms
    /// The last axis of one factor and the first of the next.
    case factors
    case power, transpose, function, quotient, indices, stack, timeProduct, exponent
    /// The two sides of a relation.
    case sides
  }
  package var place: Place
  /// The node that holds both.
  package var expression: Expression
  package var first: Expression
  package var second: Expression?
  package var firstShape: Shape
  package var secondShape: Shape?

  package init(
    _ place: Place, in expression: Expression, _ first: Expression, _ firstShape: Shape,
    _ second: Expression? = nil, _ secondShape: Shape? = nil
  ) {
    self.place = place
    self.expression = expression
    self.first = first
    self.second = second
    self.firstShape = firstShape
    self.secondShape = secondShape
  }
}

extension Shape {
  /// The shape with 1×1 read as a scalar, n×1 as a column, and no unit axes in order three and up.
  package var canonical: Shape {
    switch order {
    case 0: return self
    case 1: return dimensions[0] == .one ? .scalar : self
    case 2:
      if dimensions[1] == .one { return Shape([dimensions[0]]).canonical }
      return self
    default:
      let rest = squeezed
      return rest.order == order ? self : rest.canonical
    }
  }

  /// The axes of a product of two tensors; nil if they cannot meet.
  package func product(with other: Shape) -> Shape? {
    if isScalar { return other }
    if other.isScalar { return self }
    if isVector {
      return other.isRow ? Shape([dimensions[0], other.dimensions[1]]).canonical : nil
    }
    guard dimensions[order - 1] == other.dimensions[0] else { return nil }
    return Shape(Array(dimensions.dropLast()) + Array(other.dimensions.dropFirst())).canonical
  }

  /// The shape of two tensors joined entry by entry: a row is repeated over a matrix's rows.
  package func joined(with other: Shape) -> Shape? {
    if self == other { return self }
    if isRow, other.isMatrix, dimensions[1] == other.dimensions[1] { return other }
    if other.isRow, isMatrix, dimensions[1] == other.dimensions[1] { return self }
    return nil
  }

  /// The shape of ∂(tensor of this shape)/∂(tensor of the other).
  package func derivative(by variable: Shape, layout: Layout) -> Shape {
    let (own, other) = (squeezed, variable.squeezed)
    if own.isScalar {
      if variable.isVector, layout.givesRows { return .row(variable.dimensions[0]) }
      if variable.isMatrix, layout == .transposed {
        return Shape([variable.dimensions[1], variable.dimensions[0]]).canonical
      }
      return variable
    }
    if other.isScalar {
      return layout == .denominator && isVector ? .row(dimensions[0]) : self
    }
    return layout == .denominator
      ? Shape(other.dimensions + own.dimensions) : Shape(own.dimensions + other.dimensions)
  }
}

extension Workspace {
  /// The shape of an expression's value, from the shapes of its symbols.
  ///
  /// Shared subexpressions are measured once a call: O(distinct nodes).
  package func shape(of root: Expression) throws(ShapeMismatch) -> Shape {
    var known: [Expression: Shape] = [:]
    return try shape(of: root, &known)
  }

  package func shape(
    of root: Expression, _ known: inout [Expression: Shape]
  ) throws(ShapeMismatch) -> Shape {
    if let shape = known[root] { return shape }
    let shape = try measure(root, &known).canonical
    known[root] = shape
    return shape
  }

  /// Whether an expression is a number that no variable enters.
  package func isNumeric(_ root: Expression) -> Bool {
    switch self[root] {
    case .number, .decimal, .timeValue, .dimensionValue: return true
    case .negative(let operand): return isNumeric(operand)
    case .sum(let operands), .product(let operands):
      for operand in operands where !isNumeric(operand) { return false }
      return true
    case .quotient(let a, let b), .power(let a, let b): return isNumeric(a) && isNumeric(b)
    case .apply(_, _, let operand): return isNumeric(operand)
    default: return false
    }
  }

  private func measure(
    _ root: Expression, _ known: inout [Expression: Shape]
  ) throws(ShapeMismatch) -> Shape {
    switch self[root] {
    case .number, .decimal, .timeValue, .dimensionValue, .delta, .iverson: return .scalar
    case .variable(let variable): return self[variable.symbol].shape
    case .identity(let n): return .matrix(n, n)
    case .ones(let shape), .zero(let shape): return shape
    case .unitVector(_, let n): return .vector(n)
    case .sum(let terms): return try joined(terms, root, &known)
    case .hadamard(let factors): return try joined(factors, root, &known, scaling: true)
    case .negative(let operand), .differential(let operand):
      return try shape(of: operand, &known)
    case .product(let factors):
      guard let first = factors.first else { return .scalar }
      var result = try shape(of: first, &known)
      var last = first
      for factor in factors.dropFirst() {
        let next = try shape(of: factor, &known)
        guard let product = result.product(with: next) else {
          throw ShapeMismatch(.factors, in: root, last, result, factor, next)
        }
        result = product
        last = factor
      }
      return result
    case .quotient(let a, let b):
      let (above, below) = (try shape(of: a, &known), try shape(of: b, &known))
      if below.isScalar { return above }
      if above.isScalar { return below }
      guard let shape = above.joined(with: below) else {
        throw ShapeMismatch(.quotient, in: root, a, above, b, below)
      }
      return shape
    case .power(let base, let exponent):
      let shape = try shape(of: base, &known)
      let above = try self.shape(of: exponent, &known)
      guard above.isScalar else {
        throw ShapeMismatch(.exponent, in: root, base, shape, exponent, above)
      }
      if shape.isMatrix, !shape.isRow, shape.dimensions[0] != shape.dimensions[1] {
        throw ShapeMismatch(.power, in: root, base, shape)
      }
      if shape.order > 2 { throw ShapeMismatch(.power, in: root, base, shape) }
      return shape
    case .transpose(let operand):
      let shape = try shape(of: operand, &known)
      switch shape.order {
      case 0: return shape
      case 1: return .row(shape.dimensions[0])
      case 2: return Shape([shape.dimensions[1], shape.dimensions[0]])
      default: throw ShapeMismatch(.transpose, in: root, operand, shape)
      }
    case .apply(_, _, let operand): return try shape(of: operand, &known)
    case .maximum(let a, let b): return try joined([a, b], root, &known)
    case .tensorFunction(let function, let operand):
      let shape = try shape(of: operand, &known)
      return try measure(function, of: operand, shape, in: root)
    case .kronecker(let a, let b):
      let (left, right) = (try shape(of: a, &known), try shape(of: b, &known))
      guard let (m, n) = left.asMatrix, let (p, q) = right.asMatrix else {
        throw ShapeMismatch(.function, in: root, a, left, b, right)
      }
      return Shape([m * p, n * q])
    case .stack(let rows, let columns, let blocks):
      return try stacked(rows, columns, blocks, root, &known)
    case .entry(let operand, let indices):
      let shape = try shape(of: operand, &known)
      guard indices.count == shape.order || indices.count == shape.squeezed.order else {
        throw ShapeMismatch(.indices, in: root, operand, shape)
      }
      return .scalar
    case .indexSum(_, let body), .timeSum(_, _, _, let body):
      return try shape(of: body, &known)
    case .tabulate(let labels, let body):
      _ = try shape(of: body, &known)
      return Shape(labels.map { self[$0].dimension })
    case .timeProduct(_, _, _, let body, _):
      let shape = try shape(of: body, &known)
      guard shape.isScalar || shape.isMatrix && shape.dimensions[0] == shape.dimensions[1] else {
        throw ShapeMismatch(.timeProduct, in: root, body, shape)
      }
      return shape
    case .pathProduct(let path):
      return try shape(of: path.blocks[path.row * path.size + path.column], &known)
    case .opaque(let function, _, _): return self[function].shape
    case .opaquePartial(let function, _, let slots, let arguments):
      var axes = self[function].shape.squeezed.dimensions
      for slot in slots { axes += try shape(of: arguments[slot], &known).squeezed.dimensions }
      return Shape(axes)
    case .derivative(let numerator, let denominator, let intervention):
      return try shape(of: numerator, &known).derivative(
        by: try shape(of: denominator, &known), layout: intervention.layout)
    case .elided: return .scalar
    }
  }

  private func joined(
    _ operands: [Expression], _ root: Expression, _ known: inout [Expression: Shape],
    scaling: Bool = false
  ) throws(ShapeMismatch) -> Shape {
    var result: Shape?
    var last: Expression?
    for operand in operands {
      let next = try shape(of: operand, &known)
      guard let shape = result, let previous = last else {
        (result, last) = (next, operand)
        continue
      }
      if let both = shape.joined(with: next) {
        result = both
      } else if next.isScalar, scaling || isNumeric(operand) {
        continue
      } else if shape.isScalar, scaling || isNumeric(previous) {
        result = next
      } else {
        throw ShapeMismatch(.terms, in: root, previous, shape, operand, next)
      }
      if !isNumeric(operand) { last = operand }
    }
    return result ?? .scalar
  }

  private func measure(
    _ function: TensorFunction, of operand: Expression, _ shape: Shape, in root: Expression
  ) throws(ShapeMismatch) -> Shape {
    func square() throws(ShapeMismatch) -> Dimension {
      guard let (m, n) = shape.asMatrix, shape.isScalar || shape.isMatrix, m == n else {
        throw ShapeMismatch(.function, in: root, operand, shape)
      }
      return n
    }
    switch function {
    case .diag:
      if shape.isVector { return .matrix(shape.dimensions[0], shape.dimensions[0]) }
      if shape.isRow { return .matrix(shape.dimensions[1], shape.dimensions[1]) }
      if shape.isScalar { return shape }
      return .vector(try square())
    case .trace, .determinant, .spectralRadius:
      _ = try square()
      return .scalar
    case .norm, .spectralNorm, .total, .maximum: return .scalar
    case .softmax: return shape
    case .vec:
      guard let (m, n) = shape.asMatrix else {
        throw ShapeMismatch(.function, in: root, operand, shape)
      }
      return .vector(m * n)
    }
  }

  private func stacked(
    _ rows: Int, _ columns: Int, _ blocks: [Expression], _ root: Expression,
    _ known: inout [Expression: Shape]
  ) throws(ShapeMismatch) -> Shape {
    var height = Dimension(0)
    var width = Dimension(0)
    var columnWidths: [Dimension] = []
    for row in 0..<rows {
      var rowHeight: Dimension?
      for column in 0..<columns {
        let block = blocks[row * columns + column]
        let shape = try shape(of: block, &known)
        guard let (m, n) = shape.asMatrix, rowHeight == nil || rowHeight == m,
          row == 0 || columnWidths[column] == n
        else { throw ShapeMismatch(.stack, in: root, block, shape) }
        rowHeight = m
        if row == 0 {
          columnWidths.append(n)
          width = width + n
        }
      }
      height = height + (rowHeight ?? Dimension(0))
    }
    return Shape([height, width])
  }
}

extension Shape {
  /// Rows and columns, a scalar being 1×1 and a vector n×1; nil for higher orders.
  package var asMatrix: (Dimension, Dimension)? {
    switch order {
    case 0: return (.one, .one)
    case 1: return (dimensions[0], .one)
    case 2: return (dimensions[0], dimensions[1])
    default: return nil
    }
  }
}
