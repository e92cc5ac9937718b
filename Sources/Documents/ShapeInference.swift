import Expressions

/// Solves for sizes: the most general unifier of the dimensions that equations force together.
package struct ShapeInference: Sendable {
  /// The sizes that a page names are rigid; every other one may be bound.
  private var rigid: Set<DimensionSymbol>
  private var bindings: [DimensionSymbol: Dimension] = [:]
  private var shapes: [Symbol: Shape] = [:]

  /// Which numbers a sum adds to every entry of a vector besides those that are written out.
  package enum Spreading: Sendable {
    case none, names, all

    func includes(_ term: Expression, in workspace: borrowing Workspace) -> Bool {
      switch self {
      case .none: return false
      case .names:
        switch workspace[term] {
        case .variable: return true
        case .negative(let operand): return includes(operand, in: workspace)
        default: return false
        }
      case .all: return true
      }
    }
  }
  private let spreading: Spreading

  package init(rigid: Set<DimensionSymbol>, spreading: Spreading = .none) {
    self.rigid = rigid
    self.spreading = spreading
  }

  /// Takes a symbol's shape from here instead of from its record.
  package mutating func assume(_ shape: Shape, for symbol: Symbol) { shapes[symbol] = shape }

  package func resolved(_ dimension: Dimension) -> Dimension {
    var current = dimension
    for _ in 0..<32 {
      if let symbol = current.symbol {
        guard let value = bindings[symbol] else { return current }
        current = value
        continue
      }
      if current.literal != nil { return current }
      let next = current.substituting { bindings[$0] }
      if next == current { return current }
      current = next
    }
    return current
  }
  package func resolved(_ shape: Shape) -> Shape {
    Shape(shape.dimensions.map { resolved($0) }).canonical
  }
  package func shape(of symbol: Symbol, in workspace: borrowing Workspace) -> Shape {
    resolved(shapes[symbol] ?? workspace[symbol].shape)
  }

  /// Makes two sizes equal; false if they cannot be.
  package mutating func unify(_ a: Dimension, _ b: Dimension) -> Bool {
    let (a, b) = (resolved(a), resolved(b))
    if a == b { return true }
    for (one, other) in [(a, b), (b, a)] {
      if let symbol = one.symbol, !rigid.contains(symbol), !other.symbols.contains(symbol) {
        bindings[symbol] = other
        return true
      }
    }
    if unifyFactor(a, b) || unifyFactor(b, a) { return true }
    // One unknown among other terms: n + ? = n + d, 4? = 4n.
    let difference = a - b
    for monomial in difference.monomials {
      guard monomial.symbols.count == 1, case let symbol = monomial.symbols[0],
        !rigid.contains(symbol)
      else { continue }
      let rest = Dimension(monomials: [monomial]) - difference
      guard let value = rest.divided(by: monomial.coefficient), !value.symbols.contains(symbol),
        !value.monomials.contains(where: { $0.coefficient < 0 }), !value.monomials.isEmpty
      else { continue }
      bindings[symbol] = value
      return true
    }
    return false
  }

  /// One unknown among other factors: n · ? = n · d.
  private mutating func unifyFactor(_ a: Dimension, _ b: Dimension) -> Bool {
    guard a.monomials.count == 1, b.monomials.count == 1,
      a.monomials[0].coefficient == b.monomials[0].coefficient
    else { return false }
    var (left, right) = (a.monomials[0].symbols, b.monomials[0].symbols)
    for symbol in left {
      guard let i = left.firstIndex(of: symbol), let j = right.firstIndex(of: symbol) else {
        continue
      }
      left.remove(at: i)
      right.remove(at: j)
    }
    guard left.count == 1, !rigid.contains(left[0]), !right.contains(left[0]) else { return false }
    bindings[left[0]] = right.reduce(.one) { $0 * Dimension($1) }
    return true
  }

  package mutating func unify(_ a: Shape, _ b: Shape) -> Bool {
    guard a.order == b.order else { return false }
    for (x, y) in zip(a.dimensions, b.dimensions) where !unify(x, y) { return false }
    return true
  }

  /// Makes the shapes of two sides equal. A size that nothing fixes is not one, so that a matrix of
  /// which nothing is said is no row because a gradient stands on the other side.
  package mutating func unifySides(_ a: Shape, _ b: Shape) -> Bool {
    let (own, other) = (resolved(a), resolved(b))
    let makesOne = zip(own.dimensions, other.dimensions).contains { x, y in
      x.literal == 1 && y.symbol != nil || y.literal == 1 && x.symbol != nil
    }
    return !makesOne && unify(own, other)
  }

  /// The shape of an expression, binding what its parts force.
  package mutating func shape(
    of root: Expression, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) -> Shape {
    resolved(try measure(root, in: workspace))
  }

  /// Makes both sides of an equation fit: equal shapes, or a number beside a tensor.
  package mutating func equate(
    _ left: Expression, _ right: Expression, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) {
    let a = try shape(of: left, in: workspace)
    let b = try shape(of: right, in: workspace)
    if a.isScalar, workspace.isNumeric(left) || b.isScalar { return }
    if b.isScalar, workspace.isNumeric(right) { return }
    if !unifySides(a, b) {
      throw ShapeMismatch(.sides, in: left, left, resolved(a), right, resolved(b))
    }
  }

  private mutating func measure(
    _ root: Expression, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) -> Shape {
    switch workspace[root] {
    case .number, .decimal, .timeValue, .dimensionValue, .iverson: return .scalar
    case .delta(let a, let b):
      if case .label(let i) = a, case .label(let j) = b {
        _ = unify(workspace[i].dimension, workspace[j].dimension)
      }
      return .scalar
    case .elided: return .vector(placeholder)
    case .variable(let variable): return shape(of: variable.symbol, in: workspace)
    case .identity(let n): return resolved(.matrix(n, n))
    case .ones(let shape), .zero(let shape): return resolved(shape)
    case .unitVector(let index, let n):
      if case .label(let i) = index { _ = unify(workspace[i].dimension, n) }
      return resolved(.vector(n))
    case .sum(let terms):
      return try joined(terms, root, spreading: spreading, in: workspace)
    case .hadamard(let factors): return try joined(factors, root, scaling: true, in: workspace)
    case .maximum(let a, let b): return try joined([a, b], root, in: workspace)
    case .negative(let operand), .differential(let operand), .apply(_, _, let operand),
      .indexSum(_, let operand), .timeSum(_, _, _, let operand):
      return try shape(of: operand, in: workspace)
    case .product(let factors): return try product(factors, root, in: workspace)
    case .quotient(let a, let b):
      let (above, below) = (try shape(of: a, in: workspace), try shape(of: b, in: workspace))
      if below.isScalar { return above }
      if above.isScalar { return below }
      guard unify(above, below) else {
        throw ShapeMismatch(.quotient, in: root, a, above, b, below)
      }
      return resolved(above)
    case .power(let base, let exponent):
      let shape = try shape(of: base, in: workspace)
      let above = try self.shape(of: exponent, in: workspace)
      guard above.isScalar else {
        throw ShapeMismatch(.exponent, in: root, base, shape, exponent, above)
      }
      if shape.isMatrix, !shape.isRow, !unify(shape.dimensions[0], shape.dimensions[1]) {
        throw ShapeMismatch(.power, in: root, base, shape)
      }
      return resolved(shape)
    case .transpose(let operand):
      let shape = try shape(of: operand, in: workspace)
      switch shape.order {
      case 0: return shape
      case 1: return .row(shape.dimensions[0])
      case 2: return Shape([shape.dimensions[1], shape.dimensions[0]]).canonical
      default: throw ShapeMismatch(.transpose, in: root, operand, shape)
      }
    case .tensorFunction(let function, let operand):
      return try measure(function, operand, root, in: workspace)
    case .kronecker(let a, let b):
      let (left, right) = (try shape(of: a, in: workspace), try shape(of: b, in: workspace))
      guard let (m, n) = left.asMatrix, let (p, q) = right.asMatrix else {
        throw ShapeMismatch(.function, in: root, a, left, b, right)
      }
      return Shape([m * p, n * q]).canonical
    case .stack(let rows, let columns, let blocks):
      return try stacked(rows, columns, blocks, root, in: workspace)
    case .entry(let operand, let indices):
      let shape = try shape(of: operand, in: workspace)
      let axes = indices.count == shape.order ? shape : shape.squeezed
      guard indices.count == axes.order else {
        throw ShapeMismatch(.indices, in: root, operand, shape)
      }
      for (index, axis) in zip(indices, axes.dimensions) {
        switch index {
        case .label(let label):
          if !unify(workspace[label].dimension, axis) {
            throw ShapeMismatch(
              .indices, in: root, operand, shape, nil, Shape([workspace[label].dimension]))
          }
        case .last(let dimension):
          if !unify(dimension, axis) {
            throw ShapeMismatch(.indices, in: root, operand, shape, nil, Shape([dimension]))
          }
        case .literal: break
        }
      }
      return .scalar
    case .tabulate(let labels, let body):
      let entry = try shape(of: body, in: workspace)
      guard entry.canonical.isScalar else {
        throw ShapeMismatch(.indices, in: root, body, entry)
      }
      return resolved(Shape(labels.map { workspace[$0].dimension }))
    case .timeProduct(_, _, _, let body, _):
      let shape = try shape(of: body, in: workspace)
      if shape.isScalar { return shape }
      guard shape.isMatrix, unify(shape.dimensions[0], shape.dimensions[1]) else {
        throw ShapeMismatch(.timeProduct, in: root, body, shape)
      }
      return resolved(shape)
    case .pathProduct(let path):
      return try shape(of: path.blocks[path.row * path.size + path.column], in: workspace)
    case .opaque(let function, _, let arguments):
      for argument in arguments { _ = try shape(of: argument, in: workspace) }
      return resolved(workspace[function].shape)
    case .opaquePartial(let function, _, let slots, let arguments):
      var axes = workspace[function].shape.squeezed.dimensions
      for slot in slots {
        axes += try shape(of: arguments[slot], in: workspace).squeezed.dimensions
      }
      return resolved(Shape(axes))
    case .derivative(let numerator, let denominator, let intervention):
      return try shape(of: numerator, in: workspace).derivative(
        by: try shape(of: denominator, in: workspace), layout: intervention.layout)
    }
  }

  /// The size of a slope whose argument is left out.
  package var placeholder: Dimension = .one

  private mutating func product(
    _ factors: [Expression], _ root: Expression, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) -> Shape {
    guard let first = factors.first else { return .scalar }
    var result = try shape(of: first, in: workspace)
    var last = first
    for factor in factors.dropFirst() {
      let next = try shape(of: factor, in: workspace)
      result = resolved(result)
      if !result.isScalar, !next.isScalar, !result.isVector {
        let end = result.dimensions[result.order - 1]
        try unifyBlocks(last, factor, in: workspace)
        guard unify(end, next.dimensions[0]) else {
          throw ShapeMismatch(.factors, in: root, last, result, factor, next)
        }
        result = resolved(
          Shape(Array(result.dimensions.dropLast()) + Array(next.dimensions.dropFirst())))
      } else if let product = result.product(with: next) {
        result = resolved(product)
      } else {
        throw ShapeMismatch(.factors, in: root, last, result, factor, next)
      }
      last = factor
    }
    return result
  }

  /// `(A \otimes B)(C \otimes D)`: blocks meet blocks, and within them columns rows, where the
  /// sizes are open.
  private mutating func unifyBlocks(
    _ left: Expression, _ right: Expression, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) {
    guard case .kronecker(let a, let b) = workspace[left],
      case .kronecker(let c, let d) = workspace[right]
    else { return }
    var fitting = self
    for (one, other) in [(a, c), (b, d)] {
      guard let columns = try fitting.shape(of: one, in: workspace).asMatrix?.1,
        let rows = try fitting.shape(of: other, in: workspace).asMatrix?.0,
        fitting.unify(columns, rows)
      else { return }
    }
    self = fitting
  }

  private mutating func joined(
    _ operands: [Expression], _ root: Expression, scaling: Bool = false,
    spreading: Spreading = .none, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) -> Shape {
    var result: Shape?
    var last: Expression?
    for operand in operands {
      let next = try shape(of: operand, in: workspace)
      guard let known = result.map({ resolved($0) }), let previous = last else {
        (result, last) = (next, operand)
        continue
      }
      if known.order == next.order, known.isRow == next.isRow || !known.isMatrix {
        guard unify(known, next) else {
          throw ShapeMismatch(.terms, in: root, previous, known, operand, next)
        }
        result = known
      } else if known.isMatrix, next.isMatrix {
        let (row, matrix) = known.isRow ? (known, next) : (next, known)
        guard unify(row.dimensions[1], matrix.dimensions[1]) else {
          throw ShapeMismatch(.terms, in: root, previous, known, operand, next)
        }
        result = matrix
      } else if next.isScalar, scaling || workspace.isNumeric(operand) {
        continue
      } else if known.isScalar, scaling || workspace.isNumeric(previous) {
        result = next
      } else if next.isScalar, known.isVector || known.isRow,
        spreading.includes(operand, in: workspace)
      {
        continue
      } else if known.isScalar, next.isVector || next.isRow,
        spreading.includes(previous, in: workspace)
      {
        result = next
      } else {
        throw ShapeMismatch(.terms, in: root, previous, known, operand, next)
      }
      if !workspace.isNumeric(operand) { last = operand }
    }
    return result ?? .scalar
  }

  private mutating func measure(
    _ function: TensorFunction, _ operand: Expression, _ root: Expression,
    in workspace: borrowing Workspace
  ) throws(ShapeMismatch) -> Shape {
    let shape = try shape(of: operand, in: workspace)
    switch function {
    case .diag:
      if shape.isVector { return .matrix(shape.dimensions[0], shape.dimensions[0]) }
      if shape.isRow { return .matrix(shape.dimensions[1], shape.dimensions[1]) }
      if shape.isScalar { return shape }
      guard shape.isMatrix, unify(shape.dimensions[0], shape.dimensions[1]) else {
        throw ShapeMismatch(.function, in: root, operand, shape)
      }
      return resolved(.vector(shape.dimensions[0]))
    case .trace, .determinant, .spectralRadius:
      guard shape.isScalar || shape.isMatrix && unify(shape.dimensions[0], shape.dimensions[1])
      else { throw ShapeMismatch(.function, in: root, operand, shape) }
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

  private mutating func stacked(
    _ rows: Int, _ columns: Int, _ blocks: [Expression], _ root: Expression,
    in workspace: borrowing Workspace
  ) throws(ShapeMismatch) -> Shape {
    var height = Dimension(0)
    var widths: [Dimension] = []
    for row in 0..<rows {
      var rowHeight: Dimension?
      for column in 0..<columns {
        let block = blocks[row * columns + column]
        let shape = try shape(of: block, in: workspace)
        guard let (m, n) = shape.asMatrix, rowHeight.map({ unify($0, m) }) ?? true,
          row == 0 || unify(widths[column], n)
        else { throw ShapeMismatch(.stack, in: root, block, shape) }
        rowHeight = rowHeight ?? m
        if row == 0 { widths.append(n) }
      }
      height = height + (rowHeight ?? Dimension(0))
    }
    var width = Dimension(0)
    for part in widths { width = width + part }
    return resolved(Shape([height, width]))
  }
}

extension ShapeInference {
  /// Writes the sizes found into the records of symbols, and of the labels and unknown functions
  /// that occur in expressions.
  package func commit(
    symbols: [Symbol], occurringIn roots: [Expression], to workspace: inout Workspace
  ) {
    for symbol in symbols { workspace[symbol].shape = shape(of: symbol, in: workspace) }
    var labels: [IndexSymbol] = []
    var functions: [OpaqueFunction] = []
    for root in roots {
      workspace.visit(root) { _, node in
        switch node {
        case .entry(_, let indices):
          for case .label(let label) in indices { labels.append(label) }
        case .unitVector(.label(let label), _), .indexSum(let label, _): labels.append(label)
        case .delta(let a, let b):
          for case .label(let label) in [a, b] { labels.append(label) }
        case .tabulate(let own, _): labels += own
        case .opaque(let function, _, _), .opaquePartial(let function, _, _, _):
          functions.append(function)
        default: break
        }
      }
    }
    for label in labels { workspace[label].dimension = resolved(workspace[label].dimension) }
    for function in functions { workspace[function].shape = resolved(workspace[function].shape) }
  }

  /// The expression with every size that stands in it replaced by what it was bound to.
  package func resolving(_ root: Expression, in workspace: inout Workspace) -> Expression {
    workspace.rewriting(root) { workspace, expression in
      switch workspace[expression] {
      case .identity(let n): return workspace.expression(.identity(resolved(n)))
      case .ones(let shape): return workspace.expression(.ones(resolved(shape)))
      case .zero(let shape): return workspace.expression(.zero(resolved(shape)))
      case .unitVector(let index, let n):
        return workspace.expression(.unitVector(index, resolved(n)))
      case .dimensionValue(let n): return workspace.expression(.dimensionValue(resolved(n)))
      case .entry(let operand, let indices):
        var changed: [Index] = []
        for index in indices {
          if case .last(let n) = index {
            changed.append(.last(resolved(n)))
          } else {
            changed.append(index)
          }
        }
        return workspace.expression(.entry(operand, changed))
      default: return nil
      }
    }
  }
}
