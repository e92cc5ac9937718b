// swift-format-ignore-file: AlwaysUseLowerCamelCase

// Matrices and last times are capital letters here as in the formulas.
import Expressions
import Testing

@testable import Algebra

/// A workspace with short constructors, for writing formulas in tests.
final class Page {
  var w = Workspace()
  var definitions: [Definition] = []
  var domain: [Time] = []
  let n: Dimension
  let d: Dimension

  init() {
    n = Dimension(w.dimension(named: "n"))
    d = Dimension(w.dimension(named: "d"))
  }

  func matrix(
    _ name: String, _ rows: Dimension, _ columns: Dimension, _ properties: Properties = []
  ) -> Symbol {
    w.symbol(
      SymbolRecord(
        name: name, shape: .matrix(rows, columns), isFamily: false, properties: properties))
  }
  func square(_ name: String, _ properties: Properties = []) -> Symbol {
    matrix(name, n, n, properties)
  }
  func vector(_ name: String, _ size: Dimension, _ properties: Properties = []) -> Symbol {
    w.symbol(
      SymbolRecord(name: name, shape: .vector(size), isFamily: false, properties: properties))
  }
  func scalar(_ name: String, _ properties: Properties = []) -> Symbol {
    w.symbol(SymbolRecord(name: name, shape: .scalar, isFamily: false, properties: properties))
  }
  func family(_ name: String, _ shape: Shape) -> Symbol {
    w.symbol(SymbolRecord(name: name, shape: shape, isFamily: true))
  }
  func time(_ name: String) -> TimeSymbol { w.time(named: name) }

  func v(_ symbol: Symbol, _ time: Time? = nil) -> Expression {
    w.variable(symbol, at: time)
  }
  func number(_ value: Int) -> Expression { w.number(value) }
  func e(_ node: Node) -> Expression { w.expression(node) }
  func product(_ factors: Expression...) -> Expression { w.expression(.product(factors)) }
  func hadamard(_ factors: Expression...) -> Expression {
    w.expression(.hadamard(factors))
  }
  func plus(_ terms: Expression...) -> Expression { w.expression(.sum(terms)) }
  func minus(_ a: Expression, _ b: Expression) -> Expression {
    let negative = w.expression(.negative(b))
    return w.expression(.sum([a, negative]))
  }
  func apply(
    _ function: ElementwiseFunction, _ operand: Expression, derivative n: Int = 0
  ) -> Expression {
    w.expression(.apply(function, derivative: n, operand))
  }
  func diag(_ operand: Expression) -> Expression {
    w.expression(.tensorFunction(.diag, operand))
  }
  func transpose(_ operand: Expression) -> Expression {
    w.expression(.transpose(operand))
  }
  func power(_ base: Expression, _ n: Int) -> Expression {
    let exponent = w.number(n)
    return w.expression(.power(base, exponent))
  }
  func power(_ base: Expression, _ time: Time) -> Expression {
    let exponent = w.expression(.timeValue(time))
    return w.expression(.power(base, exponent))
  }
  func quotient(_ a: Expression, _ b: Expression) -> Expression {
    w.expression(.quotient(a, b))
  }
  func sum(
    _ symbol: TimeSymbol, _ from: Time, _ through: Time, _ body: Expression
  ) -> Expression {
    w.expression(.timeSum(symbol, from: from, through: through, body))
  }
  func path(
    _ step: TimeSymbol, _ lower: Time, _ upper: Time, _ block: Expression
  ) -> Expression {
    w.expression(
      .pathProduct(
        PathProduct(
          step: step, lower: lower, upper: upper, row: 0, column: 0, blocks: [block], size: 1)))
  }

  func define(
    _ symbol: Symbol, _ time: TimeSymbol?, from: Time? = nil, through: Time? = nil,
    _ body: Expression
  ) {
    definitions.append(
      Definition(symbol: symbol, time: time, from: from, through: through, body: body))
  }

  func outcome(_ lhs: Expression, _ rhs: Expression) -> Outcome {
    var prover = Prover(model: Model(definitions: definitions))
    return prover.compare(lhs, rhs, for: domain, in: &w)
  }
  func equal(_ lhs: Expression, _ rhs: Expression) -> Bool {
    if case .equal = outcome(lhs, rhs) { return true }
    return false
  }
  func different(_ lhs: Expression, _ rhs: Expression) -> Bool {
    if case .different = outcome(lhs, rhs) { return true }
    return false
  }
}

func + (symbol: TimeSymbol, offset: Int) -> Time { Time(symbol, plus: offset) }
func - (symbol: TimeSymbol, offset: Int) -> Time { Time(symbol, plus: -offset) }

/// h_t = f(W h_{t-1} + U x_t), t = from … T, with L_t a function of h_t.
final class Network {
  let page = Page()
  let W: Symbol
  let U: Symbol
  let h: Symbol
  let x: Symbol
  let L: OpaqueFunction
  let t: TimeSymbol
  let k: TimeSymbol
  let s: TimeSymbol
  let T: TimeSymbol
  let own: TimeSymbol
  let function: ElementwiseFunction

  init(_ function: ElementwiseFunction = .tanh, from: Int? = 1) {
    W = page.square("W")
    U = page.matrix("U", page.n, page.d)
    h = page.family("h", .vector(page.n))
    x = page.family("x", .vector(page.d))
    L = page.w.opaque(OpaqueRecord(name: "L", shape: .scalar))
    t = page.time("t")
    k = page.time("k")
    s = page.time("s")
    T = page.time("T")
    own = page.time("τ")
    self.function = function
    let z = argument(Time(own))
    let body = page.apply(function, z)
    page.define(h, own, from: from.map { Time($0) }, through: Time(T), body)
  }

  func argument(_ time: Time) -> Expression {
    let before = page.v(h, time - 1)
    let input = page.v(x, time)
    let first = page.product(page.v(W), before)
    let second = page.product(page.v(U), input)
    return page.plus(first, second)
  }
  /// diag(f′(z_τ)).
  func slope(_ time: Time) -> Expression {
    page.diag(page.apply(function, argument(time), derivative: 1))
  }
  /// diag(1 - h²) or diag(h ⊙ (1 - h)), as a page writes it.
  func writtenSlope(_ time: Time) -> Expression {
    let node = page.v(h, time)
    let one = page.number(1)
    if function == .tanh {
      return page.diag(page.minus(one, page.power(node, 2)))
    }
    let rest = page.minus(one, node)
    return page.diag(page.hadamard(node, rest))
  }
  func step(_ time: Time) -> Expression { page.product(slope(time), page.v(W)) }
  func path(_ lower: Time, _ upper: Time) -> Expression {
    let j = page.time("j")
    let block = step(Time(j))
    return page.path(j, lower, upper, block)
  }
  /// ∂L_τ/∂h_τ, a row.
  func lossSlope(_ time: Time) -> Expression {
    let node = page.v(h, time)
    let column = page.e(.opaquePartial(L, at: time, slots: [0], [node]))
    return page.transpose(column)
  }
  /// The immediate partial of h_k by W as a tensor with three axes.
  func immediate(_ time: Time) -> Expression {
    let i = page.w.index(IndexRecord(name: "i", dimension: page.n))
    let a = page.w.index(IndexRecord(name: "a", dimension: page.n))
    let b = page.w.index(IndexRecord(name: "b", dimension: page.n))
    let slope = page.apply(function, argument(time), derivative: 1)
    let first = page.e(.entry(slope, [.label(i)]))
    let delta = page.e(.delta(.label(i), .label(a)))
    let before = page.v(h, time - 1)
    let last = page.e(.entry(before, [.label(b)]))
    let body = page.product(first, delta, last)
    return page.e(.tabulate([i, a, b], body))
  }
}
