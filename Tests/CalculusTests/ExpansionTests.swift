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
      b.define(h, from: Time(0), b.apply(.sigmoid, sum))
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
      let graph = try ChainGraph(
        of: UnrolledNode(total), by: .parameter(parameter),
        form == .paths ? .nodes : .states, in: b.model(last: last), &b.w)
      return Expansion(form, of: graph, by: Variable(parameter), &b.w)
    }
    mutating func terms(_ form: Expansion.Form, last: Int = 3) throws -> [Expansion.Term] {
      var expansion = try expand(form, last: last)
      var terms: [Expansion.Term] = []
      expansion.forEachTerm(in: &b.w) { term, _ in terms.append(term) }
      return terms
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
    "L to T = 3 has ten terms, four of them of the last loss",
    arguments: [Expansion.Form.chain, .steps, .power, .full])
  func counts(_ form: Expansion.Form) throws {
    var homework = Homework()
    let terms = try homework.terms(form)
    #expect(terms.map { $0.loss } == [0, 1, 1, 2, 2, 2, 3, 3, 3, 3])
    #expect(terms.map { $0.use } == [0, 0, 1, 0, 1, 2, 0, 1, 2, 3])
  }

  @Test("the chain form writes ∂h_0/∂h_0 as well, its last factor is immediate")
  func chain() throws {
    var homework = Homework()
    let terms = try homework.terms(.chain)
    let (L, h) = (homework.lossNode(0), homework.h(0))
    let weight = homework.b.w.variable(homework.parameter)
    let expected = [
      homework.quotient(L, h), homework.quotient(h, h),
      homework.quotient(h, weight, isImmediate: true),
    ]
    #expect(terms[0].factors == expected)
  }

  @Test("the steps form multiplies out ∂h_3/∂h_1")
  func steps() throws {
    var homework = Homework()
    let terms = try homework.terms(.steps)
    let h = (0...3).map { homework.h($0) }
    let weight = homework.b.w.variable(homework.parameter)
    let expected = [
      homework.quotient(homework.lossNode(3), h[3]), homework.quotient(h[3], h[2]),
      homework.quotient(h[2], h[1]), homework.quotient(h[1], weight, isImmediate: true),
    ]
    #expect(terms[7].factors == expected)
  }

  @Test("the copies are those of the steps, the latest first")
  func copies() throws {
    var homework = Homework()
    let terms = try homework.terms(.copies, last: 2)
    #expect(terms.map { $0.use } == [2, 1, 1, 0, 0, 0])
    let copy = homework.b.w.variable(homework.parameter, copy: Time(2))
    let h = homework.h(2)
    #expect(terms[0].factors.last == homework.quotient(h, copy))
  }

  @Test("at T = 0 there is one term, before the first step none")
  func few() throws {
    var homework = Homework()
    #expect(try homework.terms(.chain, last: 0).count == 1)
    #expect(try homework.terms(.chain, last: -1).isEmpty)
  }

  @Test(
    "the whole is ∂L/∂W", arguments: [Expansion.Form.chain, .steps, .nested, .copies, .paths],
    [0, 1, 3])
  func isRight(_ form: Expansion.Form, last: Int) throws {
    var homework = Homework()
    var expansion = try homework.expand(form, last: last)
    let whole = expansion.whole(in: &homework.b.w)
    let model = homework.b.model(last: last)
    var differentiation = Differentiation(model: model)
    let own = try differentiation.eliminatingDerivatives(whole, in: &homework.b.w)
    let other = try differentiation.eliminatingDerivatives(
      expansion.derivative, in: &homework.b.w)
    let world = World(model, sizes: homework.b.sizes)
    var evaluation = Evaluation(world: world)
    let (left, right) = (
      evaluation.value(own, homework.b.w), evaluation.value(other, homework.b.w)
    )
    #expect(left.distance(to: right) < 1e-9)
  }

  @Test("two states: the only way from the parameter of a gate leads through the cell")
  func twoStates() throws {
    var b = Bench()
    let lstm = b.addLSTM()
    guard case .variable(let L) = b.w[lstm.total], case .variable(let W) = b.w[lstm.weights[0]]
    else { return }
    let graph = try ChainGraph(
      of: UnrolledNode(L.symbol), by: .parameter(W.symbol), .states, in: b.model(last: 2), &b.w)
    #expect(graph.states == [lstm.cell, lstm.h])
    for vertex in graph.vertices where !vertex.entries.isEmpty {
      #expect(vertex.node.symbol == lstm.cell)
    }
  }

  @Test("the number of paths is that of an independent count", arguments: 0...6)
  func pathCounts(last: Int) throws {
    var b = Bench()
    let lstm = b.addLSTM()
    guard case .variable(let L) = b.w[lstm.total] else { return }
    let model = b.model(last: last)
    for weight in lstm.weights {
      guard case .variable(let W) = b.w[weight] else { continue }
      let graph = try ChainGraph(
        of: UnrolledNode(L.symbol), by: .parameter(W.symbol), .nodes, in: model, &b.w)
      let expansion = Expansion(.paths, of: graph, by: W, &b.w)
      let walker = PathWalker(model: model, target: W.symbol)
      for use in 0...last {
        let expected = walker.count(from: L.symbol, nil, use: use, b.w)
        #expect(expansion.pathCount(using: use) == BigInteger(expected))
      }
    }
  }

  /// Walks every path of a model one by one.
  private struct PathWalker {
    let model: Model
    let target: Symbol

    func count(
      from symbol: Symbol, _ time: Int?, use: Int, _ workspace: borrowing Workspace
    ) -> Int {
      guard let definition = model.definition(of: symbol) else { return 0 }
      if let time, let from = definition.from?.literal, time < from { return 0 }
      var count = 0
      for (read, at) in reads(definition, time, workspace) {
        if read == target {
          if time == use { count += 1 }
        } else {
          count += self.count(from: read, at, use: use, workspace)
        }
      }
      return count
    }

    private func reads(
      _ definition: Definition, _ time: Int?, _ workspace: borrowing Workspace
    ) -> [(Symbol, Int?)] {
      var reads: [(Symbol, Int?)] = []
      if case .timeSum(let step, let from, let through, let body) = workspace[definition.body],
        let first = from.literal, let last = through.literal
      {
        for value in stride(from: first, through: last, by: 1) {
          for variable in workspace.variables(in: body) {
            reads.append((variable.symbol, variable.time?.value { $0 == step ? value : nil }))
          }
        }
        return reads
      }
      for variable in workspace.variables(in: definition.body) {
        reads.append(
          (variable.symbol, variable.time?.value { $0 == definition.time ? time : nil }))
      }
      return reads
    }
  }

  @Test("what nothing depends on is named with what there is")
  func noPath() throws {
    var homework = Homework()
    let other = homework.b.matrix("V", homework.b.n, homework.b.n)
    guard case .variable(let V) = homework.b.w[other] else { return }
    #expect(throws: ExpansionProblem.self) {
      _ = try ChainGraph(
        of: UnrolledNode(homework.total), by: .parameter(V.symbol), .states,
        in: homework.b.model(last: 2), &homework.b.w)
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

extension Bench {
  /// The model with a number for its last time.
  mutating func model(last value: Int) -> Model {
    var model = self.model
    for place in model.definitions.indices {
      var definition = model.definitions[place]
      definition.body = w.substituting(last, by: Time(value), in: definition.body)
      definition.through = definition.through?.substituting(last, by: Time(value))
      model.definitions[place] = definition
    }
    return model
  }
}
