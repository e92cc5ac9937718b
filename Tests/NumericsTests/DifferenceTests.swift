import Expressions
import Numerics
import Testing

/// Derivatives whose closed forms are in every collection (Petersen, Pedersen: Matrix Cookbook).
@Suite struct DifferenceTests {
  /// Square matrices A, X and vectors a, b, x of size n over the world's model.
  struct Letters {
    var constant: Expression
    var matrix: Expression
    var a: Expression
    var b: Expression
    var x: Expression
  }

  func letters(_ w: inout World, _ properties: Properties = []) -> Letters {
    let n = Dimension(w.n)
    let constant = w.symbol("A", .matrix(n, n))
    let matrix = w.symbol("X", .matrix(n, n), properties)
    let (a, b) = (w.symbol("a", .vector(n)), w.symbol("b", .vector(n)))
    let x = w.symbol("v", .vector(n))
    return Letters(
      constant: w.of(constant), matrix: w.of(matrix), a: w.of(a), b: w.of(b), x: w.of(x))
  }

  @Test("a quadratic form")
  func quadraticForm() throws {
    var w = World()
    let l = letters(&w)
    let row = w.node(.transpose(l.x))
    let form = w.workspace.product([row, l.constant, l.x])
    let sum = w.workspace.sum([l.constant, w.node(.transpose(l.constant))])
    let claim = w.workspace.product([row, sum])
    let wrong = w.workspace.product([w.workspace.number(2), row, l.constant])
    #expect(try w.compare(w.derivative(form, l.x), claim).isAgreement)
    #expect(try w.compare(w.derivative(form, l.x), wrong).isDisagreement)
  }

  @Test(
    "determinant, trace of an inverse, logarithm of a determinant",
    arguments: 1...4 as ClosedRange<UInt64>)
  func matrixFunctions(seed: UInt64) throws {
    var w = World()
    let l = letters(&w, [.positiveDeterminant])
    let inverse = w.node(.power(l.matrix, w.workspace.number(-1)))
    let turned = w.node(.transpose(inverse))
    let determinant = w.node(.tensorFunction(.determinant, l.matrix))
    let scaled = w.workspace.product([determinant, turned])
    #expect(try w.compare(w.derivative(determinant, l.matrix), scaled, seed: seed).isAgreement)
    let logarithm = w.node(.apply(.log, derivative: 0, determinant))
    #expect(try w.compare(w.derivative(logarithm, l.matrix), turned, seed: seed).isAgreement)
    let trace = w.node(.tensorFunction(.trace, w.workspace.product([l.constant, inverse])))
    let claim = w.node(
      .negative(w.node(.transpose(w.workspace.product([inverse, l.constant, inverse])))))
    #expect(try w.compare(w.derivative(trace, l.matrix), claim, seed: seed).isAgreement)
  }

  @Test("softmax has the Jacobian diag(p) − p pᵀ")
  func softmax() throws {
    var w = World()
    let l = letters(&w)
    let p = w.node(.tensorFunction(.softmax, l.x))
    let outer = w.workspace.product([p, w.node(.transpose(p))])
    let claim = w.workspace.sum([w.diag(p), w.node(.negative(outer))])
    #expect(try w.compare(w.derivative(p, l.x), claim).isAgreement)
  }

  @Test(
    "every standard function has the slope that its derivative of order one states",
    arguments: [0, 1, 2, 3])
  func slopes(order: Int) throws {
    for function in ElementwiseFunction.standard {
      var w = World()
      let v = w.symbol("v", .vector(Dimension(w.n)), .positive)
      let value = w.node(.apply(function, derivative: order, w.of(v)))
      let slope = w.node(.apply(function, derivative: order + 1, w.of(v)))
      let agreement = try w.compare(w.derivative(value, w.of(v)), w.diag(slope))
      #expect(agreement.isAgreement, "\(function): \(agreement)")
    }
  }

  @Test("drawn functions have the slopes they state", arguments: [0, 1, 2])
  func drawn(order: Int) throws {
    var w = World()
    let f = ElementwiseFunction.generic(w.workspace.function(named: "f"))
    let x = w.at(w.x, 1)
    let value = w.node(.apply(f, derivative: order, x))
    let slope = w.diag(w.node(.apply(f, derivative: order + 1, x)))
    #expect(try w.compare(w.derivative(value, x), slope).isAgreement)
  }

  @Test("opaque functions have the partials they state, another function at every time")
  func opaque() throws {
    var w = World()
    let n = Dimension(w.n)
    let g = w.workspace.opaque(OpaqueRecord(name: "g", shape: .vector(n)))
    let (x, y) = (w.at(w.x, 1), w.of(w.weights))
    let value = w.node(.opaque(g, at: Time(2), [x, y]))
    let byX = w.node(.opaquePartial(g, at: Time(2), slots: [0], [x, y]))
    let byY = w.node(.opaquePartial(g, at: Time(2), slots: [1], [x, y]))
    let both = w.node(.opaquePartial(g, at: Time(2), slots: [1, 0], [x, y]))
    let later = w.node(.opaquePartial(g, at: Time(3), slots: [0], [x, y]))
    #expect(try w.compare(w.derivative(value, x), byX).isAgreement)
    #expect(try w.compare(w.derivative(value, y), byY).isAgreement)
    #expect(try w.compare(w.derivative(byY, x), both).isAgreement)
    #expect(try w.compare(w.derivative(value, x), later).isDisagreement)
  }

  @Test("second derivatives by differences of differences")
  func second() throws {
    var w = World()
    let l = letters(&w)
    let row = w.node(.transpose(l.x))
    let form = w.workspace.product([row, l.constant, l.x])
    let cube = w.node(.power(form, w.workspace.number(2)))
    let gradient = w.derivative(cube, l.x, .total, .gradient)
    let hessian = w.derivative(gradient, l.x)
    let sum = w.workspace.sum([l.constant, w.node(.transpose(l.constant))])
    let step = w.workspace.product([sum, l.x])
    let two = w.workspace.number(2)
    let claim = w.workspace.sum([
      w.workspace.product([two, step, w.node(.transpose(step))]),
      w.workspace.product([two, form, sum]),
    ])
    guard case .agree(let error) = try w.compare(hessian, claim) else {
      Issue.record("no agreement")
      return
    }
    #expect(error < 1e-8)
  }

  @Test("a path product is the derivative of a state by an earlier one")
  func pathProduct() throws {
    var w = World()
    let i = w.workspace.time(named: "i")
    let slope = w.diag(w.tanhSlope(w.at(w.z, Time(i))))
    let jacobian = w.workspace.product([slope, w.of(w.weights)])
    let path = w.node(
      .pathProduct(
        PathProduct(
          step: i, lower: Time(w.k), upper: Time(w.t), row: 0, column: 0, blocks: [jacobian],
          size: 1)))
    let derivative = w.derivative(w.at(w.h, Time(w.t)), w.at(w.h, Time(w.k)))
    #expect(try w.compare(derivative, path).isAgreement)
    // Guarded by a condition that does not hold, it need not exist.
    let guarded = w.workspace.product([
      w.node(.iverson([Time(w.k) - Time(w.t)])),
      w.node(
        .pathProduct(
          PathProduct(
            step: i, lower: Time(w.t), upper: Time(w.k), row: 0, column: 0, blocks: [jacobian],
            size: 1))),
    ])
    var laboratory = w.laboratory()
    let nothing = try laboratory.measure(guarded, in: w.workspace)
    #expect(nothing.dimensions == [3, 3])
    #expect(nothing.vanishes)
  }

  @Test("d(XᵀX) is (dX)ᵀX + XᵀdX, and d of a node goes through its definition")
  func differentials() throws {
    var w = World()
    let l = letters(&w)
    let turned = w.node(.transpose(l.matrix))
    let whole = w.node(.differential(w.workspace.product([turned, l.matrix])))
    let dX = w.node(.differential(l.matrix))
    let right = w.workspace.product([turned, dX])
    let left = w.workspace.product([w.node(.transpose(dX)), l.matrix])
    #expect(try w.compare(whole, w.workspace.sum([left, right])).isAgreement)
    let two = w.workspace.product([w.workspace.number(2), right])
    #expect(try w.compare(whole, two).isDisagreement)
    let node = w.node(.differential(w.at(w.z, 1)))
    let parts = w.workspace.sum([
      w.workspace.product([w.node(.differential(w.of(w.weights))), w.at(w.h, 0)]),
      w.workspace.product([w.of(w.weights), w.node(.differential(w.at(w.h, 0)))]),
      w.workspace.product([w.node(.differential(w.of(w.entrance))), w.at(w.x, 1)]),
      w.workspace.product([w.of(w.entrance), w.node(.differential(w.at(w.x, 1)))]),
    ])
    #expect(try w.compare(node, parts).isAgreement)
  }

  @Test("index notation: ∂y_i/∂W_jk of y = W tanh(W x)")
  func indices() throws {
    var w = World()
    let l = letters(&w)
    let n = Dimension(w.n)
    func label(_ w: inout World, _ name: String) -> IndexSymbol {
      w.workspace.index(IndexRecord(name: name, dimension: n))
    }
    let (i, j, k) = (label(&w, "i"), label(&w, "j"), label(&w, "k"))
    let inner = w.workspace.product([l.matrix, l.x])
    let y = w.workspace.product([l.matrix, w.node(.apply(.tanh, derivative: 0, inner))])
    let lhs = w.derivative(
      w.node(.entry(y, [.label(i)])), w.node(.entry(l.matrix, [.label(j), .label(k)])))
    let first = w.workspace.product([
      w.node(.delta(.label(i), .label(j))),
      w.node(.apply(.tanh, derivative: 0, w.node(.entry(inner, [.label(k)])))),
    ])
    let second = w.workspace.product([
      w.node(.entry(l.matrix, [.label(i), .label(j)])),
      w.tanhSlope(w.node(.entry(inner, [.label(j)]))),
      w.node(.entry(l.x, [.label(k)])),
    ])
    let rhs = w.workspace.sum([first, second])
    var laboratory = w.laboratory()
    let a = try laboratory.measure(lhs, over: [i, j, k], in: w.workspace)
    let b = try laboratory.measure(rhs, over: [i, j, k], in: w.workspace)
    let short = try laboratory.measure(first, over: [i, j, k], in: w.workspace)
    #expect(a.dimensions == [3, 3, 3])
    #expect(Agreement.of(a, b).isAgreement)
    #expect(Agreement.of(a, short).isDisagreement)
  }

  @Test("a mixed derivative respects what the outer one has cut off")
  func mixed() throws {
    var w = World()
    let (t, k) = (Time(w.t), Time(w.k))
    // ∂/∂h_k of ∂L_t/∂W is ∂/∂W of ∂L_t/∂h_k with h_k cut off: neither sees W before step k.
    let loss = w.at(w.loss, t)
    let before = w.at(w.h, k)
    let inner = w.derivative(loss, w.of(w.weights), .total, .gradient)
    let mixed = w.derivative(inner, before)
    let state = w.symbol("g", .vector(Dimension(w.n)), family: true)
    // The same network started at step k from an input g_k.
    var other = w.model
    other.definitions[1].symbol = w.h
    let start = Definition(symbol: w.h, instance: k, body: w.at(state, k))
    other.definitions.append(start)
    let again = w.derivative(
      w.derivative(loss, w.of(w.weights), .total, .gradient), w.at(state, k))
    var laboratory = w.laboratory()
    let value = try laboratory.measure(before, in: w.workspace)
    let lhs = try laboratory.measure(mixed, in: w.workspace)
    var entries: [Expression] = []
    for entry in value.values {
      // The drawn start is the other network's state, to the last bit.
      let scaled = BigInteger(Int(entry * 0x1p52))
      entries.append(
        w.workspace.number(Rational(scaled, over: BigInteger(Int(0x1p52)))))
    }
    let column = w.node(.stack(rows: 3, columns: 1, entries))
    var second = Laboratory(
      model: other, sample: laboratory.sample,
      fixing: [.init(Variable(state, at: k), to: column)],
      scale: .fixed(laboratory.scale(in: w.workspace)), in: w.workspace)
    let rhs = try second.measure(again, in: w.workspace)
    #expect(lhs.dimensions == [3, 3, 3])
    #expect(Agreement.of(lhs, rhs).isAgreement, "\(lhs) \(rhs)")
  }

  @Test("small magnitudes and steep functions are differentiated as well")
  func steep() throws {
    var w = World()
    let a = w.symbol("a", .scalar)
    for (numerator, denominator) in [(1, 1000), (1, 50), (40, 1), (-300, 1)] {
      let fixing = Laboratory.Fixing(
        Variable(a), to: w.workspace.number(Rational(numerator, over: denominator)))
      var laboratory = w.laboratory(fixing: [fixing])
      let inverse = w.node(.quotient(w.workspace.number(1), w.of(a)))
      let square = w.node(.power(w.of(a), w.workspace.number(-2)))
      let lhs = try laboratory.measure(w.derivative(inverse, w.of(a)), in: w.workspace)
      let rhs = try laboratory.measure(w.node(.negative(square)), in: w.workspace)
      #expect(Agreement.of(lhs, rhs).isAgreement, "\(numerator)/\(denominator): \(lhs) \(rhs)")
    }
  }
}
