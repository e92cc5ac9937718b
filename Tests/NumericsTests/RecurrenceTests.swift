import Expressions
import Numerics
import Testing

@Suite struct RecurrenceTests {
  @Test("an equation for one instance is used before the general one, and has its own copy")
  func instances() throws {
    var w = World()
    let a = w.symbol("a", .vector(Dimension(w.n)))
    let start = w.node(
      .apply(.tanh, derivative: 0, w.workspace.product([w.of(w.weights), w.of(a)])))
    w.model.definitions.append(Definition(symbol: w.h, instance: Time(0), body: start))
    let loss = w.at(w.loss, 2)
    let total = w.derivative(loss, w.of(w.weights))
    let copies = (0...2).map { w.derivative(loss, w.workspace.variable(w.weights, copy: Time($0))) }
    #expect(try w.compare(total, w.workspace.sum(copies)).isAgreement)
    #expect(try w.compare(total, w.workspace.sum(Array(copies.dropFirst()))).isDisagreement)
    let initial = w.derivative(w.at(w.h, 0), w.of(w.weights))
    var laboratory = w.laboratory()
    #expect(try !laboratory.measure(initial, in: w.workspace).vanishes)
  }

  @Test("outside of its range a node is an input: h_0 does not depend on W")
  func inputs() throws {
    var w = World()
    let initial = w.derivative(w.at(w.h, 0), w.of(w.weights))
    let backwards = w.derivative(w.at(w.h, 1), w.at(w.h, 2))
    var laboratory = w.laboratory()
    let zero = try laboratory.measure(initial, in: w.workspace)
    #expect(zero.dimensions == [3, 3, 3] && zero.size == 0)
    #expect(try laboratory.measure(backwards, in: w.workspace).size == 0)
    let first = w.derivative(w.at(w.h, 1), w.at(w.h, 0))
    #expect(try laboratory.measure(first, in: w.workspace).size > 0)
  }

  @Test("recurrences without ends start before, or end after, all times in use")
  func open() throws {
    var w = World()
    let g = w.symbol("g", .vector(Dimension(w.n)), family: true)
    for i in w.model.definitions.indices {
      w.model.definitions[i].from = nil
      w.model.definitions[i].through = nil
    }
    // g_t = W g_{t+1} runs towards the past.
    let body = w.workspace.product([w.of(w.weights), w.at(g, Time(w.s, plus: 1))])
    w.model.definitions.append(Definition(symbol: g, time: w.s, body: body))
    var laboratory = w.laboratory()
    #expect(laboratory.earliest == -2 && laboratory.latest == 6)
    let past = w.derivative(w.at(w.h, 0), w.at(w.h, -2))
    #expect(try laboratory.measure(past, in: w.workspace).size > 0)
    let future = w.derivative(w.at(g, 2), w.at(g, 4))
    let square = w.node(.power(w.of(w.weights), w.workspace.number(2)))
    #expect(try w.compare(future, square).isAgreement)
  }

  @Test("a state of two parts: the path product of blocks holds the derivatives of the pair")
  func blocks() throws {
    var w = World()
    let n = Dimension(w.n)
    let c = w.symbol("c", .vector(n), family: true)
    let (s, i) = (w.s, w.workspace.time(named: "i"))
    let before = w.workspace.product([w.of(w.weights), w.at(w.h, Time(s, plus: -1))])
    let cell = w.workspace.sum([
      w.node(.apply(.sin, derivative: 0, w.at(c, Time(s, plus: -1)))), before,
    ])
    let state = w.node(.apply(.tanh, derivative: 0, w.at(c, Time(s))))
    w.model.definitions = [
      Definition(symbol: c, time: s, body: cell), Definition(symbol: w.h, time: s, body: state),
    ]
    // Blocks (h, c) × (h, c) of one step, both earlier parts moved apart.
    let last = Time(i, plus: -1)
    let slope = w.diag(w.tanhSlope(w.at(c, Time(i))))
    let wave = w.diag(w.node(.apply(.sin, derivative: 1, w.at(c, last))))
    let blocks = [
      w.workspace.product([slope, w.of(w.weights)]), w.workspace.product([slope, wave]),
      w.of(w.weights), wave,
    ]
    func path(_ w: inout World, _ row: Int, _ column: Int) -> Expression {
      w.node(
        .pathProduct(
          PathProduct(
            step: i, lower: Time(w.k), upper: Time(w.t), row: row, column: column, blocks: blocks,
            size: 2)))
    }
    let cc = path(&w, 1, 1)
    let ch = path(&w, 1, 0)
    let (now, past) = (w.at(c, Time(w.t)), w.at(c, Time(w.k)))
    let bridge = w.derivative(w.at(w.h, Time(w.k)), past)
    let total = w.workspace.sum([cc, w.workspace.product([ch, bridge])])
    #expect(try w.compare(w.derivative(now, past), total).isAgreement)
    #expect(try w.compare(w.derivative(now, past), cc).isDisagreement)
    let both = w.node(.stack(rows: 2, columns: 1, [w.at(w.h, Time(w.k)), past]))
    let wide = w.node(.stack(rows: 1, columns: 2, [ch, cc]))
    #expect(try w.compare(w.derivative(now, both), wide).isAgreement)
  }

  @Test("an unknown recurrence neither dies out nor explodes, and obeys the chain rule")
  func unknown() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      var w = World()
      let f = w.workspace.opaque(OpaqueRecord(name: "h", shape: .vector(Dimension(w.n))))
      let arguments = [
        w.at(w.h, Time(w.s, plus: -1)), w.at(w.x, Time(w.s)), w.of(w.weights),
      ]
      w.model.definitions[1].body = w.node(.opaque(f, at: Time(w.s), arguments))
      w.model.definitions[1].from = nil
      w.model.definitions[1].through = nil
      let far = w.derivative(w.at(w.h, 8), w.at(w.h, 0))
      var laboratory = w.laboratory(seed: seed)
      let size = try laboratory.measure(far, in: w.workspace).size
      #expect(size > 1e-4 && size < 1e3, "seed \(seed): \(size)")
      let k = w.workspace.time(named: "j")
      let term = w.workspace.product([
        w.derivative(w.at(w.h, 3), w.at(w.h, Time(k))),
        w.derivative(w.at(w.h, Time(k)), w.of(w.weights), .immediate),
      ])
      let sum = w.node(.timeSum(k, from: Time(-2), through: Time(3), term))
      let short = w.node(.timeSum(k, from: Time(-1), through: Time(3), term))
      let total = w.derivative(w.at(w.h, 3), w.of(w.weights))
      let agreement = try w.compare(total, sum, seed: seed)
      #expect(agreement.isAgreement, "seed \(seed): \(agreement)")
      #expect(try w.compare(total, short, seed: seed).isDisagreement)
    }
  }

  @Test("batches of rows: a bias row is broadcast")
  func rows() throws {
    var w = World()
    let (n, m) = (Dimension(w.n), Dimension(w.d))
    let b = w.symbol("b", .row(n))
    let h = w.symbol("H", .matrix(m, n))
    let z = w.workspace.sum([w.workspace.product([w.of(h), w.of(w.weights)]), w.of(b)])
    let total = w.node(.tensorFunction(.total, w.node(.apply(.tanh, derivative: 0, z))))
    let slope = w.tanhSlope(z)
    let ones = w.node(.ones(.row(m)))
    let turned = w.node(.transpose(w.of(h)))
    #expect(
      try w.compare(w.derivative(total, w.of(b)), w.workspace.product([ones, slope])).isAgreement)
    #expect(
      try w.compare(w.derivative(total, w.of(w.weights)), w.workspace.product([turned, slope]))
        .isAgreement)
  }

  @Test("one unit and round numbers give a counterexample that people can read")
  func small() throws {
    var w = World()
    var sample = Sample(seed: 3, drawing: .round)
    sample.setSizes(of: [w.n, w.d], to: 1)
    sample[w.end] = 2
    sample[w.t] = 2
    sample[w.k] = 1
    var laboratory = Laboratory(model: w.model, sample: sample, in: w.workspace)
    #expect(laboratory.scale(in: w.workspace) == 1)
    let e = w.derivative(w.at(w.h, 2), w.at(w.h, 1))
    let claim = w.workspace.product([w.diag(w.tanhSlope(w.at(w.z, 2))), w.of(w.weights)])
    let a = try laboratory.measure(e, in: w.workspace)
    let b = try laboratory.measure(claim, in: w.workspace)
    #expect(a.dimensions == [1, 1] && Agreement.of(a, b).isAgreement)
    #expect(Sample.dimensions(of: w.model, and: [e], in: w.workspace) == [w.n, w.d])
  }

  @Test("a rectifier written as a maximum")
  func rectifier() throws {
    var w = World()
    let z = w.symbol("z", .scalar)
    let r = w.node(.maximum(w.workspace.number(0), w.of(z)))
    let half = w.workspace.number(Rational(1, over: 2))
    let size = w.node(.apply(.absolute, derivative: 0, w.of(z)))
    let sign = w.node(.apply(.sign, derivative: 0, w.of(z)))
    let mean = w.workspace.product([half, w.workspace.sum([w.of(z), size])])
    let slope = w.workspace.product([half, w.workspace.sum([w.workspace.number(1), sign])])
    var signs: Set<Double> = []
    for seed in 1...8 as ClosedRange<UInt64> {
      #expect(try w.compare(r, mean, seed: seed).isAgreement)
      #expect(try w.compare(w.derivative(r, w.of(z)), slope, seed: seed).isAgreement)
      var laboratory = w.laboratory(seed: seed)
      signs.insert(try laboratory.measure(sign, in: w.workspace).values[0])
    }
    #expect(signs == [1, -1])
  }

  @Test("a thousand steps are no deeper than one")
  func long() throws {
    var w = World()
    var sample = w.sample()
    sample[w.end] = 1500
    var laboratory = Laboratory(
      model: w.model, sample: sample, scale: .fixed(0.3), in: w.workspace)
    #expect(try laboratory.measure(w.at(w.loss, 1500), in: w.workspace).values.count == 1)
  }
}
