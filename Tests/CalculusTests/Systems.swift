import Expressions

/// The recurrences of the tests. Each adds its equations to a bench.
struct Recurrent {
  var h: Symbol
  var x: Symbol
  var weight: Expression
  var input: Expression
  var loss: Symbol
  var total: Expression
}

extension Bench {
  /// L_t an unknown function of h_t, L their sum.
  mutating func addLoss(of h: Symbol, from first: Int) -> (Symbol, Expression) {
    let loss = family("L", .scalar)
    let unknown = w.opaque(OpaqueRecord(name: "L", shape: .scalar))
    define(loss, make(.opaque(unknown, at: Time(t), [at(h, Time(t))])))
    let total = symbol("L", .scalar)
    let s = w.time(named: "s")
    define(total, make(.timeSum(s, from: Time(first), through: Time(last), at(loss, Time(s)))))
    return (loss, w.variable(total))
  }

  /// h_t = tanh(W h_{t-1} + U x_t), t ≥ from.
  mutating func addRNN(from: Int?) -> Recurrent {
    let (h, x) = (family("h", .vector(n)), family("x", .vector(d)))
    let (W, U) = (matrix("W", n, n), matrix("U", n, d))
    let sum = plus(times(W, at(h, Time(t, plus: -1))), times(U, at(x, Time(t))))
    define(h, from: from.map { Time($0) }, apply(.tanh, sum))
    let (loss, total) = addLoss(of: h, from: from ?? 0)
    return Recurrent(h: h, x: x, weight: W, input: U, loss: loss, total: total)
  }
}

struct LSTM {
  var h: Symbol
  var cell: Symbol
  var x: Symbol
  var gates: [Symbol]
  var weights: [Expression]
  var inputs: [Expression]
  var loss: Symbol
  var total: Expression
}

extension Bench {
  /// The LSTM with gates f, i, o, g, all from step 1.
  mutating func addLSTM() -> LSTM {
    let (h, C, x) = (family("h", .vector(n)), family("C", .vector(n)), family("x", .vector(d)))
    var gates: [Symbol] = []
    var weights: [Expression] = []
    var inputs: [Expression] = []
    for name in ["f", "i", "o", "g"] {
      let gate = family(name, .vector(n))
      let (W, U) = (matrix("W_\(name)", n, n), matrix("U_\(name)", n, d))
      let sum = plus(times(W, at(h, Time(t, plus: -1))), times(U, at(x, Time(t))))
      define(gate, from: Time(1), apply(name == "g" ? .tanh : .sigmoid, sum))
      gates.append(gate)
      weights.append(W)
      inputs.append(U)
    }
    let now = Time(t)
    define(
      C, from: Time(1),
      plus(
        hadamard(at(gates[0], now), at(C, Time(t, plus: -1))),
        hadamard(at(gates[1], now), at(gates[3], now))))
    define(h, from: Time(1), hadamard(at(gates[2], now), apply(.tanh, at(C, now))))
    let (loss, total) = addLoss(of: h, from: 1)
    return LSTM(
      h: h, cell: C, x: x, gates: gates, weights: weights, inputs: inputs, loss: loss, total: total)
  }

  /// The GRU: update and reset gates, candidate, state. The parameters in the order W_z, W_r, W.
  mutating func addGRU() -> (h: Symbol, z: Symbol, r: Symbol, g: Symbol, weights: [Expression]) {
    let (h, x) = (family("h", .vector(n)), family("x", .vector(d)))
    let (z, r, g) = (family("z", .vector(n)), family("r", .vector(n)), family("g", .vector(n)))
    let weights = [matrix("W_z", n, n), matrix("W_r", n, n), matrix("W", n, n)]
    let inputs = [matrix("U_z", n, d), matrix("U_r", n, d), matrix("U", n, d)]
    let (now, before) = (at(x, Time(t)), at(h, Time(t, plus: -1)))
    define(z, apply(.sigmoid, plus(times(weights[0], before), times(inputs[0], now))))
    define(r, apply(.sigmoid, plus(times(weights[1], before), times(inputs[1], now))))
    let gated = hadamard(at(r, Time(t)), before)
    define(g, apply(.tanh, plus(times(weights[2], gated), times(inputs[2], now))))
    define(
      h, from: Time(1),
      plus(
        hadamard(oneMinus(at(z, Time(t))), before), hadamard(at(z, Time(t)), at(g, Time(t)))))
    return (h, z, r, g, weights)
  }
}
