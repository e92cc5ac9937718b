import Expressions
import Numerics
import Testing

@Suite struct LaboratoryTests {
  @Test("∂h_t/∂h_{t-1} is diag(tanh') W", arguments: [1, 2, 3] as [UInt64])
  func oneStep(seed: UInt64) throws {
    var w = World()
    let before = w.at(w.h, Time(w.t, plus: -1))
    let now = w.at(w.h, Time(w.t))
    let z = w.at(w.z, Time(w.t))
    let slope = w.diag(w.tanhSlope(z))
    let claim = w.workspace.product([slope, w.of(w.weights)])
    let agreement = try w.compare(w.derivative(now, before), claim, seed: seed)
    guard case .agree(let error) = agreement else {
      Issue.record("\(agreement)")
      return
    }
    #expect(error < 1e-10)
  }

  @Test("dL/dW by hand-written reverse mode")
  func reverseMode() throws {
    var w = World()
    var laboratory = w.laboratory()
    let gradient = try laboratory.measure(
      w.derivative(w.of(w.total), w.of(w.weights)), in: w.workspace)
    let (n, end) = (3, 4)
    let weights = try laboratory.measure(w.weights, in: w.workspace).values
    let h = try (0...end).map { try laboratory.measure(w.h, at: $0, in: w.workspace).values }
    var result = [Double](repeating: 0, count: n * n)
    var carried = [Double](repeating: 0, count: n)
    for t in stride(from: end, through: 1, by: -1) {
      // The partial of the one loss by its own argument.
      let own = w.derivative(w.at(w.loss, t), w.at(w.h, t), .immediate)
      let partial = try laboratory.measure(own, in: w.workspace).values
      var delta = [Double](repeating: 0, count: n)
      for i in 0..<n { delta[i] = (carried[i] + partial[i]) * (1 - h[t][i] * h[t][i]) }
      for i in 0..<n { for j in 0..<n { result[i * n + j] += delta[i] * h[t - 1][j] } }
      carried = (0..<n).map { j in (0..<n).reduce(0) { $0 + delta[$1] * weights[$1 * n + j] } }
    }
    let expected = Measurement(
      dimensions: [n, n], values: result, errors: result.map { _ in 1e-12 })
    #expect(gradient.dimensions == [3, 3])
    #expect(Agreement.of(gradient, expected).isAgreement)
    for (value, error) in zip(gradient.values, gradient.errors) {
      #expect(error < 1e-9 * max(1, value.magnitude))
    }
  }

  @Test("the total derivative is the sum over all steps of immediate ones, from k = 1")
  func doubleSum() throws {
    var w = World()
    let (t, k) = (w.workspace.time(named: "i"), w.workspace.time(named: "j"))
    let loss = w.derivative(w.at(w.loss, Time(t)), w.at(w.h, Time(t)))
    let path = w.derivative(w.at(w.h, Time(t)), w.at(w.h, Time(k)))
    let term = w.derivative(w.at(w.h, Time(k)), w.of(w.weights), .immediate)
    let product = w.workspace.product([loss, path, term])
    func sum(_ w: inout World, from: Int, _ product: Expression) -> Expression {
      let inner = w.node(.timeSum(k, from: Time(from), through: Time(t), product))
      return w.node(.timeSum(t, from: Time(1), through: Time(w.end), inner))
    }
    let gradient = w.derivative(w.of(w.total), w.of(w.weights))
    let right = sum(&w, from: 1, product)
    let short = sum(&w, from: 2, product)
    let again = w.derivative(w.at(w.h, Time(k)), w.of(w.weights))
    let totals = sum(&w, from: 1, w.workspace.product([loss, path, again]))
    #expect(try w.compare(gradient, right).isAgreement)
    #expect(try w.compare(gradient, short).isDisagreement)
    #expect(try w.compare(gradient, totals).isDisagreement)
  }

  @Test("copies add up to the total, and one copy is one step's contribution")
  func copies() throws {
    var w = World()
    let loss = w.at(w.loss, 3)
    let copies = (1...3).map { time in
      let copy = w.workspace.variable(w.entrance, copy: Time(time))
      return w.derivative(loss, copy)
    }
    let total = w.derivative(loss, w.of(w.entrance))
    let sum = w.workspace.sum(copies)
    let two = w.workspace.sum(Array(copies.dropFirst()))
    #expect(try w.compare(total, sum).isAgreement)
    #expect(try w.compare(total, two).isDisagreement)
    let copy = w.workspace.variable(w.entrance, copy: Time(2))
    let factors = [
      w.derivative(loss, w.at(w.h, 3)), w.derivative(w.at(w.h, 3), w.at(w.h, 2)),
      w.derivative(w.at(w.h, 2), copy),
    ]
    #expect(try w.compare(copies[1], w.workspace.product(factors)).isAgreement)
    // What comes after the last step has no part in it.
    let late = w.derivative(loss, w.workspace.variable(w.entrance, copy: Time(4)))
    var laboratory = w.laboratory()
    #expect(try laboratory.measure(late, in: w.workspace).values == [0, 0, 0, 0, 0, 0])
  }

  @Test("∂⁺ by a parameter holds earlier steps but not this step's pre-activation")
  func immediate() throws {
    var w = World()
    let h = w.at(w.h, Time(w.t))
    let before = w.at(w.h, Time(w.t, plus: -1))
    let total = w.derivative(h, w.of(w.weights))
    let immediate = w.derivative(h, w.of(w.weights), .immediate)
    let rest = w.workspace.product([
      w.derivative(h, before), w.derivative(before, w.of(w.weights)),
    ])
    #expect(try w.compare(total, w.workspace.sum([immediate, rest])).isAgreement)
    let slope = w.diag(w.tanhSlope(w.at(w.z, Time(w.t))))
    let inner = w.derivative(w.at(w.z, Time(w.t)), w.of(w.weights), .immediate)
    #expect(try w.compare(immediate, w.workspace.product([slope, inner])).isAgreement)
    #expect(try w.compare(total, immediate).isDisagreement)
  }

  @Test("different interventions at one quotient are kept apart, in whatever order they are asked")
  func interventions() throws {
    var w = World()
    let (h, x) = (w.at(w.h, 3), w.of(w.weights))
    let kinds = [
      w.derivative(h, x), w.derivative(h, x, .immediate), w.derivative(h, x, held: [w.z]),
      w.derivative(h, w.workspace.variable(w.weights, copy: Time(2))),
      w.derivative(h, w.workspace.variable(w.weights, copy: Time(3))),
    ]
    let alone = try kinds.map { kind in
      var laboratory = w.laboratory()
      return try laboratory.measure(kind, in: w.workspace)
    }
    #expect(alone[1] == alone[4] && alone[2].size == 0)
    #expect(Agreement.of(alone[0], alone[1]).isDisagreement)
    for rotation in kinds.indices {
      var laboratory = w.laboratory()
      for i in kinds.indices {
        let place = (i + rotation) % kinds.count
        let together = try laboratory.measure(kinds[place], in: w.workspace)
        #expect(together.values == alone[place].values)
      }
    }
  }

  @Test("held families are cut off, and a pair of states moves together")
  func held() throws {
    var w = World()
    let f = w.symbol("f", .vector(Dimension(w.n)), family: true)
    let c = w.symbol("c", .vector(Dimension(w.n)), family: true)
    let before = w.at(w.h, Time(w.s, plus: -1))
    let gate = w.node(
      .apply(.sigmoid, derivative: 0, w.workspace.product([w.of(w.weights), before])))
    let cell = w.workspace.sum([
      w.workspace.hadamard([w.at(f, Time(w.s)), w.at(c, Time(w.s, plus: -1))]),
      w.node(.apply(.tanh, derivative: 0, w.at(w.h, Time(w.s, plus: -1)))),
    ])
    let output = w.node(.apply(.tanh, derivative: 0, w.at(c, Time(w.s))))
    w.model.definitions = [
      Definition(symbol: f, time: w.s, body: gate), Definition(symbol: c, time: w.s, body: cell),
      Definition(symbol: w.h, time: w.s, body: output),
    ]
    let (now, past) = (w.at(c, Time(w.t)), w.at(c, Time(w.k)))
    let i = w.workspace.time(named: "i")
    let forget = w.diag(w.at(f, Time(i)))
    let product = w.node(
      .timeProduct(i, from: Time(w.k, plus: 1), through: Time(w.t), forget, .descending))
    #expect(try w.compare(w.derivative(now, past, held: [w.h, f]), product).isAgreement)
    #expect(try w.compare(w.derivative(now, past), product).isDisagreement)
    // ∂c_t/∂c_{t-1} with h_{t-1} moved apart is diag f; the total is the block sum.
    let last = w.at(c, Time(w.t, plus: -1))
    let lastOutput = w.at(w.h, Time(w.t, plus: -1))
    let immediate = w.derivative(now, last, .immediate)
    #expect(try w.compare(immediate, w.diag(w.at(f, Time(w.t)))).isAgreement)
    let pair = w.node(.stack(rows: 2, columns: 1, [last, lastOutput]))
    let both = w.derivative(now, pair)
    let identity = w.node(.identity(Dimension(w.n)))
    let lift = w.node(
      .stack(rows: 2, columns: 1, [identity, w.derivative(lastOutput, last)]))
    #expect(
      try w.compare(w.derivative(now, last), w.workspace.product([both, lift])).isAgreement)
  }

  @Test("layouts and entries pick the same numbers from one Jacobian")
  func layouts() throws {
    var w = World()
    let (y, b) = (w.at(w.h, 2), w.at(w.x, 2))
    let numerator = w.derivative(y, b)
    let denominator = w.derivative(y, b, .total, .denominator)
    #expect(try w.compare(w.node(.transpose(numerator)), denominator) == .agree(relativeError: 0))
    let entry = w.derivative(
      w.node(.entry(y, [.literal(3)])), w.node(.entry(b, [.literal(2)])))
    #expect(
      try w.compare(entry, w.node(.entry(numerator, [.literal(3), .literal(2)])))
        == .agree(relativeError: 0))
    let row = w.derivative(w.at(w.loss, 2), w.at(w.h, 2))
    let column = w.derivative(w.at(w.loss, 2), w.at(w.h, 2), .total, .gradient)
    var laboratory = w.laboratory()
    #expect(try laboratory.measure(row, in: w.workspace).dimensions == [1, 3])
    #expect(try laboratory.measure(column, in: w.workspace).dimensions == [3])
    let cube = w.derivative(y, w.of(w.entrance))
    #expect(try laboratory.measure(cube, in: w.workspace).dimensions == [3, 3, 2])
  }

  @Test("what is written entry by entry ends at some length, and the point stays as it was")
  func longProgram() throws {
    var w = World()
    var labels: [IndexSymbol] = []
    for name in ["a", "b", "c", "d"] {
      labels.append(w.workspace.index(IndexRecord(name: name, dimension: Dimension(24))))
    }
    let deltas = zip(labels, labels.dropFirst()).map { a, b in
      w.node(.delta(.label(a), .label(b)))
    }
    let table = w.node(.tabulate(labels, w.workspace.product(deltas)))
    var laboratory = w.laboratory()
    let before = try laboratory.measure(w.at(w.h, 2), in: w.workspace)
    #expect(throws: MeasurementFailure.self) { try laboratory.measure(table, in: w.workspace) }
    #expect(try laboratory.measure(w.at(w.h, 2), in: w.workspace).values == before.values)
  }

  @Test("work is the same every time, and differences cost as often as they are run")
  func work() throws {
    var w = World()
    let state = w.at(w.h, 3)
    let jacobian = w.derivative(state, w.at(w.h, 1))
    var (one, other) = (w.laboratory(), w.laboratory())
    _ = try one.measure(state, in: w.workspace)
    let forward = one.work
    _ = try one.measure(jacobian, in: w.workspace)
    _ = try other.measure(state, in: w.workspace)
    _ = try other.measure(jacobian, in: w.workspace)
    #expect(forward > 0)
    #expect(one.work > 4 * forward)
    #expect(other.work == one.work)
    let spent = one.work
    _ = try one.measure(jacobian, in: w.workspace)
    #expect(one.work - spent < forward)
  }

  @Test("seeds are reproducible, other seeds are other points")
  func seeds() throws {
    var w = World()
    let e = w.derivative(w.of(w.total), w.of(w.entrance))
    var (a, b, c) = (w.laboratory(seed: 5), w.laboratory(seed: 5), w.laboratory(seed: 6))
    // What was asked before must not matter.
    _ = try b.measure(w.at(w.h, 4), in: w.workspace)
    let first = try a.measure(e, in: w.workspace)
    #expect(try b.measure(e, in: w.workspace) == first)
    #expect(try c.measure(e, in: w.workspace) != first)
    #expect(try a.measure(e, in: w.workspace) == first)
  }

  @Test("one-step Jacobians have norms near one, for sigmoid networks too")
  func scale() throws {
    for function in [ElementwiseFunction.tanh, .sigmoid] {
      for seed in 1...5 as ClosedRange<UInt64> {
        var w = World(function: function)
        var laboratory = w.laboratory(seed: seed)
        let e = w.node(
          .tensorFunction(.norm, w.derivative(w.at(w.h, 2), w.at(w.h, 1))))
        let norm = try laboratory.measure(e, in: w.workspace).values[0]
        #expect(norm > 0.3 && norm < 3, "seed \(seed): \(norm)")
      }
    }
  }

  @Test("nothing flows through what is fixed")
  func fixings() throws {
    var w = World()
    let ones = w.node(.ones(.vector(Dimension(w.n))))
    let pinned = Laboratory.Fixing(Variable(w.z, at: Time(2)), to: ones)
    let identity = Laboratory.Fixing(
      Variable(w.weights), to: w.node(.identity(Dimension(w.n))))
    let e = w.derivative(w.at(w.h, 3), w.at(w.h, 1))
    var laboratory = w.laboratory(fixing: [pinned])
    #expect(try laboratory.measure(e, in: w.workspace).vanishes)
    var other = w.laboratory(fixing: [identity])
    #expect(
      try other.measure(w.weights, in: w.workspace).values == [1, 0, 0, 0, 1, 0, 0, 0, 1])
    // A restricted parameter is still a variable.
    let byW = w.derivative(w.at(w.h, 3), w.of(w.weights))
    #expect(try !other.measure(byW, in: w.workspace).vanishes)
    let numbers = Laboratory.Fixing(Variable(w.h, at: Time(w.s)), to: w.workspace.number(1))
    var third = w.laboratory(fixing: [numbers])
    #expect(try third.measure(w.at(w.h, 3), in: w.workspace).values == [1, 1, 1])
  }

  @Test("points near a kink are refused, others are differentiated exactly")
  func kinks() throws {
    var w = World()
    let a = w.symbol("a", .scalar)
    let relu = w.node(.apply(.relu, derivative: 0, w.of(a)))
    let e = w.derivative(relu, w.of(a))
    for (value, expected) in [(2, 1.0), (-1, 0.0)] {
      let fixing = Laboratory.Fixing(Variable(a), to: w.workspace.number(value))
      var laboratory = w.laboratory(fixing: [fixing])
      #expect(try laboratory.measure(e, in: w.workspace).values == [expected])
    }
    let near = Laboratory.Fixing(
      Variable(a), to: w.workspace.number(Rational(1, over: 100_000)))
    var laboratory = w.laboratory(fixing: [near])
    #expect(throws: MeasurementFailure.nearKink(e)) {
      try laboratory.measure(e, in: w.workspace)
    }
    #expect(try laboratory.measure(relu, in: w.workspace).values[0] > 0)
  }

  @Test("what is undefined is refused and named")
  func undefined() throws {
    var w = World()
    let a = w.symbol("a", .scalar)
    let zero = w.workspace.sum([
      w.node(.power(w.of(a), w.workspace.number(2))),
      w.node(.negative(w.workspace.product([w.of(a), w.of(a)]))),
    ])
    let quotient = w.node(.quotient(w.of(a), zero))
    let logarithm = w.node(
      .apply(.log, derivative: 0, w.node(.negative(w.node(.apply(.exp, derivative: 0, w.of(a)))))))
    let label = w.workspace.index(IndexRecord(name: "i", dimension: Dimension(w.n)))
    let free = w.node(.entry(w.at(w.h, 1), [.label(label)]))
    var laboratory = w.laboratory()
    #expect(throws: MeasurementFailure.undefined(quotient)) {
      try laboratory.measure(quotient, in: w.workspace)
    }
    #expect(throws: MeasurementFailure.undefined(logarithm)) {
      try laboratory.measure(logarithm, in: w.workspace)
    }
    #expect(throws: MeasurementFailure.freeLabel(label)) {
      try laboratory.measure(free, in: w.workspace)
    }
    #expect(
      try laboratory.measure(free, over: [label], in: w.workspace)
        == laboratory.measure(w.at(w.h, 1), in: w.workspace))
  }

  @Test("a node that needs itself is refused")
  func cycle() throws {
    var w = World()
    w.model.definitions.append(
      Definition(symbol: w.x, time: w.s, body: w.at(w.h, Time(w.s))))
    w.model.definitions[1].body = w.at(w.x, Time(w.s))
    w.model.definitions[0].body = w.at(w.h, Time(w.s))
    var laboratory = Laboratory(
      model: w.model, sample: w.sample(), scale: .fixed(1), in: w.workspace)
    let e = w.at(w.h, 2)
    #expect(throws: MeasurementFailure.self) { try laboratory.measure(e, in: w.workspace) }
  }
}
