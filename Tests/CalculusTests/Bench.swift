import Expressions
import Testing

@testable import Calculus

/// A workspace with sizes, and short words for building expressions.
struct Bench: ~Copyable {
  var w = Workspace()
  var sizes: [DimensionSymbol: Int] = [:]
  var definitions: [Definition] = []
  var domain: [Time] = []
  let n: Dimension
  let m: Dimension
  let d: Dimension
  let t: TimeSymbol
  let k: TimeSymbol
  let last: TimeSymbol

  init() {
    func size(_ name: String, _ value: Int, _ w: inout Workspace) -> (Dimension, DimensionSymbol) {
      let symbol = w.dimension(named: name)
      return (Dimension(symbol), symbol)
    }
    let (n, m, d) = (size("n", 2, &w), size("m", 3, &w), size("d", 2, &w))
    (self.n, self.m, self.d) = (n.0, m.0, d.0)
    sizes = [n.1: 2, m.1: 3, d.1: 2]
    t = w.time(named: "t")
    k = w.time(named: "k")
    last = w.time(named: "T")
  }

  mutating func symbol(
    _ name: String, _ shape: Shape, isFamily: Bool = false, _ properties: Properties = []
  ) -> Symbol {
    w.symbol(SymbolRecord(name: name, shape: shape, isFamily: isFamily, properties: properties))
  }
  mutating func scalar(_ name: String, _ properties: Properties = []) -> Expression {
    let symbol = symbol(name, .scalar, properties)
    return w.variable(symbol)
  }
  mutating func vector(
    _ name: String, _ n: Dimension, _ properties: Properties = []
  ) -> Expression {
    let symbol = symbol(name, .vector(n), properties)
    return w.variable(symbol)
  }
  mutating func row(_ name: String, _ n: Dimension) -> Expression {
    let symbol = symbol(name, .row(n))
    return w.variable(symbol)
  }
  mutating func matrix(
    _ name: String, _ m: Dimension, _ n: Dimension, _ properties: Properties = []
  ) -> Expression {
    let symbol = symbol(name, .matrix(m, n), properties)
    return w.variable(symbol)
  }
  mutating func family(_ name: String, _ shape: Shape) -> Symbol {
    symbol(name, shape, isFamily: true)
  }
  mutating func at(_ symbol: Symbol, _ time: Time) -> Expression { w.variable(symbol, at: time) }
  mutating func make(_ node: Node) -> Expression { w.expression(node) }
  mutating func apply(_ f: ElementwiseFunction, _ e: Expression, _ order: Int = 0) -> Expression {
    w.expression(.apply(f, derivative: order, e))
  }
  mutating func call(_ f: TensorFunction, _ e: Expression) -> Expression {
    w.expression(.tensorFunction(f, e))
  }
  mutating func times(_ factors: Expression...) -> Expression { w.product(factors) }
  mutating func plus(_ terms: Expression...) -> Expression { w.sum(terms) }
  mutating func hadamard(_ factors: Expression...) -> Expression { w.hadamard(factors) }
  mutating func transpose(_ e: Expression) -> Expression { w.expression(.transpose(e)) }
  mutating func power(_ e: Expression, _ exponent: Int) -> Expression {
    let exponent = w.number(exponent)
    return w.expression(.power(e, exponent))
  }
  mutating func oneMinus(_ e: Expression) -> Expression {
    let minus = w.expression(.negative(e))
    return w.sum([w.number(1), minus])
  }
  mutating func derivative(
    _ a: Expression, _ b: Expression, _ intervention: Intervention = Intervention()
  ) -> Expression {
    w.expression(.derivative(of: a, by: b, intervention))
  }
  /// h_t = body for t from…through.
  mutating func define(
    _ symbol: Symbol, from: Time? = nil, through: Time? = nil, _ body: Expression
  ) {
    let general = Definition(
      symbol: symbol, time: w[symbol].isFamily ? t : nil, from: from, through: through, body: body)
    definitions.append(general)
  }
  mutating func define(_ symbol: Symbol, instance: Int, _ body: Expression) {
    definitions.append(Definition(symbol: symbol, instance: Time(instance), body: body))
  }

  var model: Model { Model(definitions: definitions, domain: domain) }

  /// How far the derivative by rules is from the one by differences.
  mutating func distance(
    of numerator: Expression, by denominator: Expression,
    _ intervention: Intervention = Intervention(), at times: [[TimeSymbol: Int]] = [[:]],
    knowing facts: [Time] = [], disabling rule: Rule? = nil, start: Int = -2, end: Int = 6
  ) throws(DerivativeProblem) -> Double {
    var differentiation = Differentiation(model: model)
    differentiation.disabled = rule
    let written = derivative(numerator, denominator, intervention)
    let plain = try differentiation.eliminatingDerivatives(numerator, in: &w)
    let result = try differentiation.eliminatingDerivatives(written, for: facts, in: &w)
    var worst = 0.0
    for times in times {
      let world = World(differentiation.model, sizes: sizes, start: start, end: end)
      world.times = times
      let graph = Graph(differentiation.model, in: w)
      world.recurrent = graph.computed.filter { graph.isOnCycle($0) }
      var evaluation = Evaluation(world: world)
      if let unknown = differentiation.unknownStart { evaluation.times[unknown] = start }
      if let unknown = differentiation.unknownEnd { evaluation.times[unknown] = end }
      let own = evaluation.value(result, w)
      let differences = Differences(world, times: evaluation.times)
      let other = differences.derivative(of: plain, by: denominator, intervention, w)
      let distance = own.distance(to: other)
      worst = max(worst, distance)
    }
    return worst
  }
}
