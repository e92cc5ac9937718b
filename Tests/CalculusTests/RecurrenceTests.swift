import Expressions
import Testing

@testable import Calculus

/// One derivative in one model, at some values of the free times.
struct ModelCase: Sendable, CustomTestStringConvertible {
  let name: String
  let distance: @Sendable (inout Bench) throws(DerivativeProblem) -> Double

  init(
    _ name: String,
    _ distance: @escaping @Sendable (inout Bench) throws(DerivativeProblem) -> Double
  ) {
    self.name = name
    self.distance = distance
  }
  var testDescription: String { name }
}

extension Bench {
  /// All pairs k ≤ t up to T = 4.
  func pairs(from first: Int = 0) -> [[TimeSymbol: Int]] {
    var result: [[TimeSymbol: Int]] = []
    for t in first...4 {
      for k in first...4 { result.append([self.t: t, self.k: k, last: 4]) }
    }
    return result
  }
}

@Suite("Total derivatives of recurrences agree with central differences")
struct RecurrenceTests {
  static let rnn: [ModelCase] = [
    ModelCase("∂h_t/∂h_k for all t and k") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(
        of: b.at(rnn.h, Time(b.t)), by: b.at(rnn.h, Time(b.k)), at: b.pairs())
    },
    ModelCase("∂h_t/∂h_{t-2}") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(
        of: b.at(rnn.h, Time(b.t)), by: b.at(rnn.h, Time(b.t, plus: -2)),
        at: [[b.t: 2], [b.t: 3]])
    },
    ModelCase("∂h_3/∂h_0") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(of: b.at(rnn.h, Time(3)), by: b.at(rnn.h, Time(0)))
    },
    ModelCase("∂h_t/∂x_k") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(
        of: b.at(rnn.h, Time(b.t)), by: b.at(rnn.x, Time(b.k)), at: b.pairs())
    },
    ModelCase("∂h_t/∂W with h_0 given") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(of: b.at(rnn.h, Time(b.t)), by: rnn.weight, at: b.pairs())
    },
    ModelCase("∂h_t/∂W without a first step") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: nil)
      return try b.distance(of: b.at(rnn.h, Time(b.t)), by: rnn.weight, at: b.pairs())
    },
    ModelCase("∂h_3/∂W") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(of: b.at(rnn.h, Time(3)), by: rnn.weight)
    },
    ModelCase("∂L/∂W") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(of: rnn.total, by: rnn.weight, at: b.pairs())
    },
    ModelCase("∂L/∂W, first step 0, gradient layout") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 0)
      return try b.distance(
        of: rnn.total, by: rnn.weight, Intervention(layout: .gradient), at: b.pairs())
    },
    ModelCase("∂L/∂h_t in denominator layout") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(
        of: rnn.total, by: b.at(rnn.h, Time(b.t)), Intervention(layout: .denominator),
        at: b.pairs())
    },
    ModelCase("∂L_t/∂h_k") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(
        of: b.at(rnn.loss, Time(b.t)), by: b.at(rnn.h, Time(b.k)), at: b.pairs())
    },
    ModelCase("by a copy: ∂L/∂W^{(k)}") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      guard case .variable(let W) = b.w[rnn.weight] else { return 1 }
      let copy = b.w.variable(W.symbol, copy: Time(b.k))
      return try b.distance(of: rnn.total, by: copy, at: b.pairs())
    },
    ModelCase("by a copy: ∂h_3/∂U^{(2)}") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      guard case .variable(let U) = b.w[rnn.input] else { return 1 }
      let copy = b.w.variable(U.symbol, copy: Time(2))
      return try b.distance(of: b.at(rnn.h, Time(3)), by: copy)
    },
    ModelCase("immediate: ∂⁺h_t/∂W") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(
        of: b.at(rnn.h, Time(b.t)), by: rnn.weight, Intervention(mode: .immediate), at: b.pairs())
    },
    ModelCase("immediate: ∂⁺L_t/∂W goes through the step's own state") {
      b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      return try b.distance(
        of: b.at(rnn.loss, Time(b.t)), by: rnn.weight, Intervention(mode: .immediate), at: b.pairs()
      )
    },
    ModelCase("by an entry: ∂L/∂W_{12}") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      let entry = b.make(.entry(rnn.weight, [.literal(1), .literal(2)]))
      return try b.distance(of: rnn.total, by: entry, at: b.pairs())
    },
    ModelCase("a computed initial state: ∂L/∂W") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: nil)
      let a = b.vector("a", b.n)
      b.define(rnn.h, instance: 0, b.apply(.tanh, b.times(rnn.weight, a)))
      return try b.distance(of: rnn.total, by: rnn.weight, at: b.pairs())
    },
    ModelCase("a computed initial state: ∂h_t/∂h_0") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      let a = b.vector("a", b.n)
      b.define(rnn.h, instance: 0, b.apply(.tanh, b.times(rnn.weight, a)))
      return try b.distance(
        of: b.at(rnn.h, Time(b.t)), by: b.at(rnn.h, Time(0)), at: b.pairs())
    },
    ModelCase("a computed initial state: by its own input") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      let a = b.vector("a", b.n)
      b.define(rnn.h, instance: 0, b.apply(.tanh, b.times(rnn.weight, a)))
      return try b.distance(of: rnn.total, by: a, at: b.pairs())
    },
    ModelCase("a computed initial state: ∂L/∂W^{(k)}") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      let a = b.vector("a", b.n)
      b.define(rnn.h, instance: 0, b.apply(.tanh, b.times(rnn.weight, a)))
      guard case .variable(let W) = b.w[rnn.weight] else { return 1 }
      let copy = b.w.variable(W.symbol, copy: Time(b.k))
      return try b.distance(of: rnn.total, by: copy, at: b.pairs())
    },
    ModelCase("an expression as numerator: ∂(h_t ⊙ h_{t-1})/∂h_k") {
      b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      let product = b.hadamard(b.at(rnn.h, Time(b.t)), b.at(rnn.h, Time(b.t, plus: -1)))
      return try b.distance(of: product, by: b.at(rnn.h, Time(b.k)), at: b.pairs(from: 1))
    },
    ModelCase("second derivative ∂²h_t/∂h_k∂W") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      let inner = b.derivative(b.at(rnn.h, Time(b.t)), b.at(rnn.h, Time(b.k)))
      return try b.distance(
        of: inner, by: rnn.weight, at: [[b.t: 3, b.k: 1], [b.t: 2, b.k: 2]],
        knowing: [Time(b.t) - Time(b.k)])
    },
  ]

  static let lstm: [ModelCase] = [
    ModelCase("∂C_t/∂C_k") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: b.at(lstm.cell, Time(b.t)), by: b.at(lstm.cell, Time(b.k)), at: b.pairs())
    },
    ModelCase("∂h_t/∂C_k") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: b.at(lstm.h, Time(b.t)), by: b.at(lstm.cell, Time(b.k)), at: b.pairs())
    },
    ModelCase("∂C_t/∂C_{t-1}") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: b.at(lstm.cell, Time(b.t)), by: b.at(lstm.cell, Time(b.t, plus: -1)),
        at: [[b.t: 2], [b.t: 1], [b.t: 3]])
    },
    ModelCase("immediate by a node: ∂⁺C_t/∂C_{t-1}") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: b.at(lstm.cell, Time(b.t)), by: b.at(lstm.cell, Time(b.t, plus: -1)),
        Intervention(mode: .immediate), at: [[b.t: 2], [b.t: 1]])
    },
    ModelCase("gates held: ∂C_t/∂C_k") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: b.at(lstm.cell, Time(b.t)), by: b.at(lstm.cell, Time(b.k)),
        Intervention(held: lstm.gates), at: b.pairs())
    },
    ModelCase("the hidden state held: ∂C_t/∂C_k") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: b.at(lstm.cell, Time(b.t)), by: b.at(lstm.cell, Time(b.k)),
        Intervention(held: [lstm.h]), at: b.pairs())
    },
    ModelCase("the denominator's family itself held: ∂h_t/∂h_k") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: b.at(lstm.h, Time(b.t)), by: b.at(lstm.h, Time(b.k)),
        Intervention(held: [lstm.h]), at: b.pairs())
    },
    ModelCase("∂L/∂f_t, a gate") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: lstm.total, by: b.at(lstm.gates[0], Time(b.t)), at: b.pairs(from: 1))
    },
    ModelCase("∂f_t/∂f_k, gates of different steps") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: b.at(lstm.gates[0], Time(b.t)), by: b.at(lstm.gates[0], Time(b.k)),
        at: b.pairs(from: 1))
    },
    ModelCase("∂L/∂C_0, which h_0 does not read") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(of: lstm.total, by: b.at(lstm.cell, Time(b.k)), at: b.pairs())
    },
    ModelCase("∂L/∂W_f") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(of: lstm.total, by: lstm.weights[0], at: b.pairs())
    },
    ModelCase("∂L/∂U_o^{(k)}") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      guard case .variable(let U) = b.w[lstm.inputs[2]] else { return 1 }
      let copy = b.w.variable(U.symbol, copy: Time(b.k))
      return try b.distance(of: lstm.total, by: copy, at: b.pairs())
    },
    ModelCase("immediate: ∂⁺h_t/∂W_g passes through the cell of the step") {
      b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      return try b.distance(
        of: b.at(lstm.h, Time(b.t)), by: lstm.weights[3], Intervention(mode: .immediate),
        at: b.pairs())
    },
    ModelCase("the pair: ∂(h_t, C_t)/∂(h_k, C_k)") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      let above = b.make(
        .stack(rows: 2, columns: 1, [b.at(lstm.h, Time(b.t)), b.at(lstm.cell, Time(b.t))]))
      let below = b.make(
        .stack(rows: 2, columns: 1, [b.at(lstm.h, Time(b.k)), b.at(lstm.cell, Time(b.k))]))
      return try b.distance(of: above, by: below, at: b.pairs())
    },
    ModelCase("the pair in denominator layout, one step") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      let above = b.make(
        .stack(rows: 2, columns: 1, [b.at(lstm.h, Time(b.t)), b.at(lstm.cell, Time(b.t))]))
      let before = Time(b.t, plus: -1)
      let below = b.make(
        .stack(rows: 2, columns: 1, [b.at(lstm.h, before), b.at(lstm.cell, before)]))
      return try b.distance(
        of: above, by: below, Intervention(layout: .denominator), at: [[b.t: 3], [b.t: 1]])
    },
    ModelCase("a loss by the pair, as a column") { b throws(DerivativeProblem) in
      let lstm = b.addLSTM()
      let below = b.make(
        .stack(rows: 2, columns: 1, [b.at(lstm.h, Time(b.k)), b.at(lstm.cell, Time(b.k))]))
      return try b.distance(
        of: lstm.total, by: below, Intervention(layout: .gradient), at: b.pairs())
    },
  ]

  static let others: [ModelCase] = [
    ModelCase("GRU: ∂h_t/∂h_k") { b throws(DerivativeProblem) in
      let gru = b.addGRU()
      return try b.distance(
        of: b.at(gru.h, Time(b.t)), by: b.at(gru.h, Time(b.k)), at: b.pairs())
    },
    ModelCase("GRU: ∂h_t/∂W_r") { b throws(DerivativeProblem) in
      let gru = b.addGRU()
      return try b.distance(of: b.at(gru.h, Time(b.t)), by: gru.weights[1], at: b.pairs())
    },
    ModelCase("GRU: the update gate held") { b throws(DerivativeProblem) in
      let gru = b.addGRU()
      return try b.distance(
        of: b.at(gru.h, Time(b.t)), by: b.at(gru.h, Time(b.k)), Intervention(held: [gru.z]),
        at: b.pairs())
    },
    ModelCase("two parts that feed each other") { b throws(DerivativeProblem) in
      let (u, v) = (b.family("u", .vector(b.n)), b.family("v", .vector(b.m)))
      let before = Time(b.t, plus: -1)
      let (A, B) = (b.matrix("A", b.n, b.n), b.matrix("B", b.n, b.m))
      let (C, D) = (b.matrix("C", b.m, b.n), b.matrix("D", b.m, b.m))
      b.define(u, b.apply(.tanh, b.plus(b.times(A, b.at(u, before)), b.times(B, b.at(v, before)))))
      b.define(v, b.apply(.tanh, b.plus(b.times(C, b.at(u, before)), b.times(D, b.at(v, before)))))
      return try b.distance(of: b.at(u, Time(b.t)), by: b.at(v, Time(b.k)), at: b.pairs())
    },
    ModelCase("two layers: ∂s_t/∂p_k") { b throws(DerivativeProblem) in
      let (p, s) = (b.family("p", .vector(b.m)), b.family("s", .vector(b.n)))
      let before = Time(b.t, plus: -1)
      let (A, B, V) = (b.matrix("A", b.m, b.m), b.matrix("B", b.n, b.n), b.matrix("V", b.n, b.m))
      b.define(p, from: Time(1), b.apply(.tanh, b.times(A, b.at(p, before))))
      let sum = b.plus(b.times(B, b.at(s, before)), b.times(V, b.at(p, Time(b.t))))
      b.define(s, from: Time(1), b.apply(.tanh, sum))
      let result = try b.distance(of: b.at(s, Time(b.t)), by: b.at(p, Time(b.k)), at: b.pairs())
      return max(result, try b.distance(of: b.at(s, Time(b.t)), by: A, at: b.pairs()))
    },
    ModelCase("outputs y_t = V h_t with a squared loss: ∂L/∂W") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      let (y, V) = (b.family("y", .vector(b.m)), b.matrix("V", b.m, b.n))
      b.define(y, b.times(V, b.at(rnn.h, Time(b.t))))
      let s = b.w.time(named: "r")
      let square = b.power(b.call(.norm, b.at(y, Time(s))), 2)
      let loss = b.make(.timeSum(s, from: Time(1), through: Time(b.last), square))
      let byW = try b.distance(of: loss, by: rnn.weight, at: b.pairs())
      let byV = try b.distance(of: loss, by: V, at: b.pairs())
      return max(byW, byV, try b.distance(of: loss, by: b.at(y, Time(b.k)), at: b.pairs(from: 1)))
    },
    ModelCase("a state that reads two steps back: ∂h_t/∂h_k") { b throws(DerivativeProblem) in
      let (h, x) = (b.family("h", .vector(b.n)), b.family("x", .vector(b.n)))
      let (W, V) = (b.matrix("W", b.n, b.n), b.matrix("V", b.n, b.n))
      let sum = b.plus(
        b.times(W, b.at(h, Time(b.t, plus: -1))), b.times(V, b.at(h, Time(b.t, plus: -2))),
        b.at(x, Time(b.t)))
      b.define(h, from: Time(1), b.apply(.tanh, sum))
      let result = try b.distance(
        of: b.at(h, Time(b.t)), by: b.at(h, Time(b.k)), at: b.pairs())
      let byW = try b.distance(of: b.at(h, Time(b.t)), by: W, at: b.pairs())
      return max(
        result, byW, try b.distance(of: b.at(h, Time(b.t)), by: b.at(x, Time(b.k)), at: b.pairs()))
    },
    ModelCase("an input read one step later: ∂h_t/∂x_k") { b throws(DerivativeProblem) in
      let (h, x) = (b.family("h", .vector(b.n)), b.family("x", .vector(b.d)))
      let (W, U) = (b.matrix("W", b.n, b.n), b.matrix("U", b.n, b.d))
      let sum = b.plus(
        b.times(W, b.at(h, Time(b.t, plus: -1))), b.times(U, b.at(x, Time(b.t, plus: -1))),
        b.times(U, b.at(x, Time(b.t))))
      b.define(h, from: Time(1), b.apply(.tanh, sum))
      return try b.distance(of: b.at(h, Time(b.t)), by: b.at(x, Time(b.k)), at: b.pairs())
    },
    ModelCase("a pre-activation: ∂L/∂a_t") { b throws(DerivativeProblem) in
      let (h, a) = (b.family("h", .vector(b.n)), b.family("a", .vector(b.n)))
      let weight = b.matrix("W", b.n, b.n)
      b.define(a, from: Time(1), b.times(weight, b.at(h, Time(b.t, plus: -1))))
      b.define(h, from: Time(1), b.apply(.tanh, b.at(a, Time(b.t))))
      let (_, total) = b.addLoss(of: h, from: 1)
      let byNode = try b.distance(of: total, by: b.at(a, Time(b.t)), at: b.pairs(from: 1))
      let between = try b.distance(
        of: b.at(a, Time(b.t)), by: b.at(a, Time(b.k)), at: b.pairs(from: 1))
      return max(byNode, between, try b.distance(of: total, by: weight, at: b.pairs()))
    },
    ModelCase("a recurrence that runs backwards: ∂r_t/∂r_k and ∂r_t/∂W") {
      b throws(DerivativeProblem) in
      let (r, x) = (b.family("r", .vector(b.n)), b.family("x", .vector(b.n)))
      let weight = b.matrix("W", b.n, b.n)
      let sum = b.plus(b.times(weight, b.at(r, Time(b.t, plus: 1))), b.at(x, Time(b.t)))
      b.define(r, through: Time(3), b.apply(.tanh, sum))
      let byNode = try b.distance(of: b.at(r, Time(b.t)), by: b.at(r, Time(b.k)), at: b.pairs())
      let byInput = try b.distance(of: b.at(r, Time(b.t)), by: b.at(x, Time(b.k)), at: b.pairs())
      return max(byNode, byInput, try b.distance(of: b.at(r, Time(b.t)), by: weight, at: b.pairs()))
    },
    ModelCase("both directions in one output") { b throws(DerivativeProblem) in
      let (f, r, x) = (
        b.family("f", .vector(b.n)), b.family("r", .vector(b.n)), b.family("x", .vector(b.n))
      )
      let (A, B, y) = (b.matrix("A", b.n, b.n), b.matrix("B", b.n, b.n), b.family("y", .scalar))
      b.define(
        f, b.apply(.tanh, b.plus(b.times(A, b.at(f, Time(b.t, plus: -1))), b.at(x, Time(b.t)))))
      b.define(
        r, b.apply(.tanh, b.plus(b.times(B, b.at(r, Time(b.t, plus: 1))), b.at(x, Time(b.t)))))
      b.define(y, b.times(b.transpose(b.at(f, Time(b.t))), b.at(r, Time(b.t))))
      let byInput = try b.distance(of: b.at(y, Time(b.t)), by: b.at(x, Time(b.k)), at: b.pairs())
      return max(byInput, try b.distance(of: b.at(y, Time(b.t)), by: B, at: b.pairs()))
    },
    ModelCase("rows as examples: ∂L/∂W and ∂L/∂b") { b throws(DerivativeProblem) in
      let (H, X) = (b.family("H", .matrix(b.m, b.n)), b.family("X", .matrix(b.m, b.d)))
      let (W, U, bias) = (b.matrix("W", b.n, b.n), b.matrix("U", b.d, b.n), b.row("b", b.n))
      let sum = b.plus(
        b.times(b.at(X, Time(b.t)), U), b.times(b.at(H, Time(b.t, plus: -1)), W), bias)
      b.define(H, from: Time(1), b.apply(.tanh, sum))
      let (_, total) = b.addLoss(of: H, from: 1)
      let byW = try b.distance(of: total, by: W, at: b.pairs())
      let byState = try b.distance(of: total, by: b.at(H, Time(b.t)), at: b.pairs())
      return max(byW, byState, try b.distance(of: total, by: bias, at: b.pairs()))
    },
    ModelCase("a stacked input [h_{t-1}; x_t]: ∂L/∂W and ∂L/∂v_k") { b throws(DerivativeProblem) in
      let (h, x) = (b.family("h", .vector(b.n)), b.family("x", .vector(b.m)))
      let (v, weight) = (b.family("v", .vector(b.n + b.m)), b.matrix("W", b.n, b.n + b.m))
      let parts = [b.at(h, Time(b.t, plus: -1)), b.at(x, Time(b.t))]
      b.define(v, from: Time(1), b.make(.stack(rows: 2, columns: 1, parts)))
      b.define(h, from: Time(1), b.apply(.tanh, b.times(weight, b.at(v, Time(b.t)))))
      let (_, total) = b.addLoss(of: h, from: 1)
      let byW = try b.distance(of: total, by: weight, at: b.pairs())
      let byNode = try b.distance(of: total, by: b.at(v, Time(b.k)), at: b.pairs(from: 1))
      return max(
        byW, byNode,
        try b.distance(of: b.at(h, Time(b.t)), by: b.at(h, Time(b.k)), at: b.pairs()))
    },
    ModelCase("scalars: s_t = w s_{t-1}") { b throws(DerivativeProblem) in
      let s = b.family("s", .scalar)
      let weight = b.scalar("w")
      b.define(s, from: Time(1), b.times(weight, b.at(s, Time(b.t, plus: -1))))
      let byNode = try b.distance(of: b.at(s, Time(b.t)), by: b.at(s, Time(b.k)), at: b.pairs())
      return max(byNode, try b.distance(of: b.at(s, Time(b.t)), by: weight, at: b.pairs()))
    },
    ModelCase("a computed parameter K = WᵀW") { b throws(DerivativeProblem) in
      let h = b.family("h", .vector(b.n))
      let (W, K) = (b.matrix("W", b.n, b.n), b.symbol("K", .matrix(b.n, b.n)))
      b.define(K, b.times(b.transpose(W), W))
      b.define(
        h, from: Time(1),
        b.apply(.tanh, b.times(b.w.variable(K), b.at(h, Time(b.t, plus: -1)))))
      return try b.distance(of: b.at(h, Time(b.t)), by: W, at: b.pairs())
    },
    ModelCase("without time: a skip connection") { b throws(DerivativeProblem) in
      let (a, y) = (b.symbol("a", .vector(b.n)), b.symbol("y", .vector(b.n)))
      let (W, V, x) = (b.matrix("W", b.n, b.n), b.matrix("V", b.n, b.n), b.vector("x", b.n))
      b.define(a, b.apply(.tanh, b.times(W, x)))
      b.define(y, b.plus(b.w.variable(a), b.times(V, x)))
      let byInput = try b.distance(of: b.w.variable(y), by: x)
      return max(byInput, try b.distance(of: b.w.variable(y), by: b.w.variable(a)))
    },
    ModelCase("instances define the family") { b throws(DerivativeProblem) in
      let s = b.family("s", .vector(b.n))
      let (W, x) = (b.matrix("W", b.n, b.n), b.vector("x", b.n))
      for step in 1...3 {
        let before = b.times(W, b.at(s, Time(step - 1)))
        b.define(s, instance: step, b.apply(.tanh, b.plus(before, x)))
      }
      let byW = try b.distance(of: b.at(s, Time(3)), by: W)
      return max(byW, try b.distance(of: b.at(s, Time(3)), by: b.at(s, Time(1))))
    },
    ModelCase("a definition that holds a derivative") { b throws(DerivativeProblem) in
      let rnn = b.addRNN(from: 1)
      let delta = b.family("δ", .row(b.n))
      b.define(delta, b.derivative(rnn.total, b.at(rnn.h, Time(b.t))))
      let written = b.derivative(b.at(delta, Time(b.t)), b.at(rnn.x, Time(b.k)))
      var differentiation = Differentiation(model: b.model)
      let result = try differentiation.eliminatingDerivatives(written, in: &b.w)
      return b.w.contains(result) { if case .derivative = $0 { true } else { false } } ? 1 : 0
    },
  ]

  @Test("of a simple recurrence", arguments: rnn)
  func simple(_ model: ModelCase) throws { try check(model) }
  @Test("of an LSTM", arguments: lstm)
  func twoStates(_ model: ModelCase) throws { try check(model) }
  @Test("of other systems", arguments: others)
  func other(_ model: ModelCase) throws { try check(model) }

  private func check(_ model: ModelCase) throws {
    var bench = Bench()
    #expect(try model.distance(&bench) < 1e-6)
  }
}
