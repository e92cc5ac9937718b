import Expressions
import Testing

@testable import Calculus

@Suite("Sums over time, written out")
struct ExpansionTests {

  struct Homework: ~Copyable {
    var b = Bench()
    var h: Symbol
    var loss: Symbol
    var total: Symbol
    var parameter: Symbol

    init() {
      let (h, x) = (b.family("h", .vector(b.n)), b.family("x", .vector(b.d)))
      let (W, U) = (b.matrix("W", b.n, b.n), b.matrix("U", b.n, b.d))
      let sum = b.plus(b.times(W, b.at(h, Time(b.t, plus: -1))), b.times(U, b.at(x, Time(b.t))))
      b.define(h, b.apply(.sigmoid, sum))
      let (loss, total) = b.addLoss(of: h, from: 0)
      self.h = h
      self.loss = loss
      guard case .variable(let L) = b.w[total], case .variable(let weight) = b.w[W] else {
        preconditionFailure("variables")
      }
      self.total = L.symbol
      self.parameter = weight.symbol
    }
    mutating func expand(
      _ form: Expansion.Form, last: Int = 3
    ) throws(ExpansionProblem) -> Expansion {
      let model = b.model
      return try Expansion(of: total, by: parameter, last: last, as: form, in: model, &b.w)
    }
    mutating func quotient(_ a: Expression, _ c: Expression, isImmediate: Bool = false)
      -> Expression
    {
      b.derivative(a, c, Intervention(mode: isImmediate ? .immediate : .total))
    }
    mutating func lossNode(_ time: Int) -> Expression { b.at(loss, Time(time)) }
    mutating func h(_ time: Int) -> Expression { b.at(h, Time(time)) }
  }

  @Test(
    "L to T = 3 has ten terms, four of them of the last loss", arguments: Expansion.Form.allCases)
  func counts(_ form: Expansion.Form) throws {
    var homework = Homework()
    let expansion = try homework.expand(form)
    #expect(expansion.terms.map { $0.lossTime } == [0, 1, 1, 2, 2, 2, 3, 3, 3, 3])
    #expect(expansion.terms.map { $0.useTime } == [0, 0, 1, 0, 1, 2, 0, 1, 2, 3])
  }

  @Test("the chain form writes ∂h_0/∂h_0 as well, its last factor is immediate")
  func chain() throws {
    var homework = Homework()
    let expansion = try homework.expand(.chain)
    let (L, h) = (homework.lossNode(0), homework.h(0))
    let weight = homework.b.w.variable(homework.parameter)
    let expected = homework.b.times(
      homework.quotient(L, h), homework.quotient(h, h),
      homework.quotient(h, weight, isImmediate: true))
    #expect(expansion.terms[0].expression == expected)
  }

  @Test("the steps form multiplies out ∂h_3/∂h_1")
  func steps() throws {
    var homework = Homework()
    let expansion = try homework.expand(.steps)
    let h = (0...3).map { homework.h($0) }
    let weight = homework.b.w.variable(homework.parameter)
    let expected = homework.b.times(
      homework.quotient(homework.lossNode(3), h[3]), homework.quotient(h[3], h[2]),
      homework.quotient(h[2], h[1]), homework.quotient(h[1], weight, isImmediate: true))
    #expect(expansion.terms[7].expression == expected)
  }

  @Test("the power form has (diag(σ′) W)³ in the term of k = 0")
  func power() throws {
    var homework = Homework()
    let expansion = try homework.expand(.power)
    var exponents: [Node] = []
    homework.b.w.visit(expansion.terms[6].expression) { _, node in
      if case .power(_, let exponent) = node { exponents.append(homework.b.w[exponent]) }
    }
    #expect(exponents == [.number(Rational(3))])
  }

  @Test("the full form writes every slope with its argument")
  func full() throws {
    var homework = Homework()
    let expansion = try homework.expand(.full)
    var slopes = 0
    homework.b.w.visit(expansion.terms[6].expression) { _, node in
      if case .apply(.sigmoid, 1, _) = node { slopes += 1 }
    }
    #expect(slopes == 3)
  }

  @Test("the whole is ∂L/∂W", arguments: [Expansion.Form.chain, .steps, .full])
  func isRight(_ form: Expansion.Form) throws {
    var homework = Homework()
    // A start makes both sides finite.
    homework.b.definitions[0].from = Time(0)
    let expansion = try homework.expand(form)
    var differentiation = Differentiation(model: homework.b.model)
    let own = try differentiation.eliminatingDerivatives(expansion.whole, in: &homework.b.w)
    let other = try differentiation.eliminatingDerivatives(
      expansion.derivative, in: &homework.b.w)
    let world = World(homework.b.model, sizes: homework.b.sizes)
    world.times = [homework.b.last: 3]
    var evaluation = Evaluation(world: world)
    let (left, right) = (
      evaluation.value(own, homework.b.w), evaluation.value(other, homework.b.w)
    )
    #expect(left.distance(to: right) < 1e-9)
  }

  @Test("several states are refused")
  func refused() throws {
    var b = Bench()
    let lstm = b.addLSTM()
    guard case .variable(let L) = b.w[lstm.total], case .variable(let W) = b.w[lstm.weights[0]]
    else { return }
    let model = b.model
    #expect(throws: ExpansionProblem.severalStates([lstm.cell, lstm.h])) {
      _ = try Expansion(of: L.symbol, by: W.symbol, last: 2, as: .chain, in: model, &b.w)
    }
  }

  @Test("steps are explained in matrix notation")
  func explained() throws {
    var homework = Homework()
    let h = homework.h(3)
    let before = homework.h(2)
    let written = homework.quotient(h, before)
    var differentiation = Differentiation(model: homework.b.model)
    _ = try differentiation.eliminatingDerivatives(written, in: &homework.b.w)
    let rules = differentiation.steps.map { $0.rule }
    #expect(rules == [.chain, .product, .sum, .elementwise, .chain])
  }
}
