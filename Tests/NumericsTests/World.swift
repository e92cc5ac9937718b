import Expressions
import Numerics

/// A workspace with a recurrent network in it, and short names for building expressions.
struct World: ~Copyable {
  var workspace = Workspace()
  var model = Model()
  let n: DimensionSymbol
  let d: DimensionSymbol
  /// The time variable of the definitions, the last time, and two free times.
  let s: TimeSymbol
  let end: TimeSymbol
  let t: TimeSymbol
  let k: TimeSymbol
  let weights: Symbol
  let entrance: Symbol
  let h: Symbol
  let z: Symbol
  let x: Symbol
  let loss: Symbol
  /// The sum of all losses.
  let total: Symbol

  /// z_t = W h_{t-1} + U x_t, h_t = tanh(z_t) for 1 ≤ t ≤ T, L_t unknown in h_t, L = Σ L_t.
  init(function: ElementwiseFunction = .tanh) {
    n = workspace.dimension(named: "n")
    d = workspace.dimension(named: "d")
    s = workspace.time(named: "s")
    end = workspace.time(named: "T")
    t = workspace.time(named: "t")
    k = workspace.time(named: "k")
    let (rows, columns) = (Dimension(n), Dimension(d))
    weights = workspace.symbol(
      SymbolRecord(name: "W", shape: .matrix(rows, rows), isFamily: false))
    entrance = workspace.symbol(
      SymbolRecord(name: "U", shape: .matrix(rows, columns), isFamily: false))
    h = workspace.symbol(SymbolRecord(name: "h", shape: .vector(rows), isFamily: true))
    z = workspace.symbol(SymbolRecord(name: "z", shape: .vector(rows), isFamily: true))
    x = workspace.symbol(SymbolRecord(name: "x", shape: .vector(columns), isFamily: true))
    loss = workspace.symbol(SymbolRecord(name: "L", shape: .scalar, isFamily: true))
    total = workspace.symbol(SymbolRecord(name: "L", shape: .scalar, isFamily: false))
    let unknown = workspace.opaque(OpaqueRecord(name: "L", shape: .scalar))
    let before = workspace.product([
      workspace.variable(weights), workspace.variable(h, at: Time(s, plus: -1)),
    ])
    let input = workspace.product([
      workspace.variable(entrance), workspace.variable(x, at: Time(s)),
    ])
    let z = workspace.variable(z, at: Time(s))
    let h = workspace.variable(h, at: Time(s))
    let own = workspace.variable(loss, at: Time(s))
    let (from, through) = (Time(1), Time(end))
    model.definitions = [
      Definition(
        symbol: self.z, time: s, from: from, through: through,
        body: workspace.sum([before, input])),
      Definition(
        symbol: self.h, time: s, from: from, through: through,
        body: workspace.expression(.apply(function, derivative: 0, z))),
      Definition(
        symbol: loss, time: s, from: from, through: through,
        body: workspace.expression(.opaque(unknown, at: Time(s), [h]))),
      Definition(
        symbol: total,
        body: workspace.expression(.timeSum(s, from: from, through: through, own))),
    ]
  }

  /// Declares a symbol.
  mutating func symbol(
    _ name: String, _ shape: Shape, family: Bool = false, _ properties: Properties = []
  ) -> Symbol {
    workspace.symbol(
      SymbolRecord(name: name, shape: shape, isFamily: family, properties: properties))
  }
  mutating func at(_ symbol: Symbol, _ time: Time) -> Expression {
    workspace.variable(symbol, at: time)
  }
  mutating func at(_ symbol: Symbol, _ time: Int) -> Expression {
    workspace.variable(symbol, at: Time(time))
  }
  mutating func of(_ symbol: Symbol) -> Expression { workspace.variable(symbol) }
  mutating func derivative(
    _ a: Expression, _ b: Expression, _ mode: Intervention.Mode = .total,
    _ layout: Layout = .numerator, held: [Symbol] = []
  ) -> Expression {
    workspace.expression(
      .derivative(of: a, by: b, Intervention(mode: mode, layout: layout, held: held)))
  }
  mutating func node(_ node: Node) -> Expression { workspace.expression(node) }
  mutating func diag(_ e: Expression) -> Expression {
    workspace.expression(.tensorFunction(.diag, e))
  }
  mutating func tanhSlope(_ e: Expression) -> Expression {
    workspace.expression(.apply(.tanh, derivative: 1, e))
  }

  func sample(seed: UInt64 = 1, n: Int = 3, d: Int = 2, end: Int = 4, t: Int = 3, k: Int = 1)
    -> Sample
  {
    Sample(
      sizes: [(self.n, n), (self.d, d)], times: [(self.end, end), (self.t, t), (self.k, k)],
      seed: seed)
  }
  func laboratory(seed: UInt64 = 1, fixing: [Laboratory.Fixing] = []) -> Laboratory {
    Laboratory(model: model, sample: sample(seed: seed), fixing: fixing, in: workspace)
  }

  /// How two expressions compare at a point.
  func compare(
    _ a: Expression, _ b: Expression, seed: UInt64 = 1
  ) throws(MeasurementFailure) -> Agreement {
    var laboratory = laboratory(seed: seed)
    let lhs = try laboratory.measure(a, in: workspace)
    let rhs = try laboratory.measure(b, in: workspace)
    return .of(lhs, rhs)
  }
}

extension Agreement {
  static func of(_ lhs: Measurement, _ rhs: Measurement) -> Agreement {
    Measurement.agreement(of: lhs, and: rhs)
  }
  var isAgreement: Bool {
    if case .agree = self { return true }
    return false
  }
  var isDisagreement: Bool {
    if case .disagree = self { return true }
    return false
  }
}
