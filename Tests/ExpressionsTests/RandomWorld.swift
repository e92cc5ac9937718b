@testable import Expressions

/// Random well-typed expressions over a few symbols; the seed fixes all of them.
struct RandomWorld: ~Copyable {
  var w = Workspace()
  private var source: RandomSource
  let (m, n): (Dimension, Dimension)
  let t: TimeSymbol
  /// A vector of n entries that has no time.
  let x: Expression
  let xNode: Node
  private let (h, c, a): (Symbol, Symbol, Symbol)
  /// Parameters by rows and columns: m×m, m×n, n×m, n×n.
  private let matrices: [Symbol]

  init(seed: UInt64) {
    source = RandomSource(seed: seed)
    m = Dimension(w.dimension(named: "m"))
    n = Dimension(w.dimension(named: "n"))
    t = w.time(named: "t")
    func symbol(_ name: String, _ shape: Shape, _ isFamily: Bool, _ w: inout Workspace) -> Symbol {
      w.symbol(SymbolRecord(name: name, shape: shape, isFamily: isFamily))
    }
    x = w.variable(symbol("x", .vector(n), false, &w))
    xNode = w[x]
    h = symbol("h", .vector(n), true, &w)
    c = symbol("c", .vector(m), true, &w)
    a = symbol("a", .scalar, true, &w)
    matrices = [
      symbol("M", .matrix(m, m), false, &w), symbol("W", .matrix(m, n), false, &w),
      symbol("U", .matrix(n, m), false, &w), symbol("V", .matrix(n, n), false, &w),
    ]
  }

  /// An expression of the shape: scalar, vector, row or matrix over m and n.
  mutating func expression(of shape: Shape, depth: Int) -> Expression {
    if depth == 0 { return leaf(shape) }
    switch source.below(9) {
    case 0: return leaf(shape)
    case 1: return w.expression(.sum(several(shape, depth)))
    case 2:
      let operand = expression(of: shape, depth: depth - 1)
      return w.expression(.negative(operand))
    case 3: return w.expression(.hadamard(several(shape, depth)))
    case 4:
      let operand = expression(of: shape.transposed, depth: depth - 1)
      return w.expression(.transpose(operand))
    case 5:
      let functions: [ElementwiseFunction] = [.sigmoid, .tanh, .exp, .sin]
      let function = functions[source.below(functions.count)]
      let order = source.below(2)
      let operand = expression(of: shape, depth: depth - 1)
      return w.expression(.apply(function, derivative: order, operand))
    case 6: return timeSum(of: shape, depth)
    case 7:
      let above = expression(of: shape, depth: depth - 1)
      let below = expression(of: .scalar, depth: depth - 1)
      return w.expression(.quotient(above, below))
    default: return product(of: shape, depth)
    }
  }

  private mutating func several(_ shape: Shape, _ depth: Int) -> [Expression] {
    var operands: [Expression] = []
    for _ in 0...(1 + source.below(2)) { operands.append(expression(of: shape, depth: depth - 1)) }
    return operands
  }

  private mutating func timeSum(of shape: Shape, _ depth: Int) -> Expression {
    let step = w.time(named: "k")
    let body = expression(of: shape, depth: depth - 1)
    let scale = w.variable(a, at: Time(step))
    let scaled = w.product([scale, body])
    return w.expression(.timeSum(step, from: .zero, through: Time(t), scaled))
  }

  private mutating func product(of shape: Shape, _ depth: Int) -> Expression {
    let inner = source.below(2) == 0 ? m : n
    let (left, right): (Shape, Shape)
    switch shape.order {
    case 0:
      if source.below(2) == 0 {
        let square = expression(of: .matrix(inner, inner), depth: depth - 1)
        return w.expression(.tensorFunction(source.below(2) == 0 ? .trace : .norm, square))
      }
      (left, right) = (.row(inner), .vector(inner))
    case 1: (left, right) = (.matrix(shape.dimensions[0], inner), .vector(inner))
    default:
      let (rows, columns) = (shape.dimensions[0], shape.dimensions[1])
      if rows == columns, source.below(3) == 0 {
        let diagonal = expression(of: .vector(rows), depth: depth - 1)
        return w.expression(.tensorFunction(.diag, diagonal))
      }
      if rows != .one, source.below(3) == 0 {
        (left, right) = (.vector(rows), .row(columns))
      } else {
        (left, right) = (shape.isRow ? .row(inner) : .matrix(rows, inner), .matrix(inner, columns))
      }
    }
    let (first, second) = (
      expression(of: left, depth: depth - 1), expression(of: right, depth: depth - 1)
    )
    return w.product([first, second])
  }

  private mutating func leaf(_ shape: Shape) -> Expression {
    let time = Time(t, plus: -source.below(3))
    switch shape.order {
    case 0:
      return source.below(2) == 0
        ? w.number(source.rational()) : w.variable(a, at: time)
    case 1:
      if shape.dimensions[0] == m { return w.variable(c, at: time) }
      return source.below(2) == 0 ? x : w.variable(h, at: time)
    default:
      if shape.isRow {
        let column = leaf(.vector(shape.dimensions[1]))
        return w.expression(.transpose(column))
      }
      let (row, column) = (shape.dimensions[0] == m ? 0 : 2, shape.dimensions[1] == m ? 0 : 1)
      return source.below(4) == 0
        ? w.expression(.zero(shape)) : w.variable(matrices[row + column])
    }
  }
}

extension Shape {
  fileprivate var transposed: Shape {
    switch order {
    case 0: return self
    case 1: return .row(dimensions[0])
    default: return isRow ? .vector(dimensions[1]) : .matrix(dimensions[1], dimensions[0])
    }
  }
}
