import Expressions
import Testing

@testable import Calculus

@Suite("The model as a graph")
struct GraphTests {
  @Test("an LSTM has two states; gates come before the cell, the cell before the state")
  func lstm() {
    var b = Bench()
    let lstm = b.addLSTM()
    let graph = Graph(b.model, in: b.w)
    #expect(graph.states == [lstm.cell, lstm.h])
    let family = lstm.gates + [lstm.cell, lstm.h]
    #expect(graph.stepOrder.filter { family.contains($0) } == family)
    #expect(graph.isOnCycle(lstm.gates[0]) && !graph.isOnCycle(lstm.loss))
    #expect(graph.reaches(from: lstm.x, to: lstm.loss))
    #expect(!graph.reaches(from: lstm.loss, to: lstm.h))
  }

  @Test("reads say how many steps before")
  func reads() {
    var b = Bench()
    let rnn = b.addRNN(from: 1)
    let graph = Graph(b.model, in: b.w)
    let read = graph.reads(of: rnn.h).filter { $0.symbol == rnn.h || $0.symbol == rnn.x }
    #expect(read.map { $0.when } == [.before(1), .before(0)])
  }

  @Test("held symbols close no cycle")
  func held() {
    var b = Bench()
    let lstm = b.addLSTM()
    let graph = Graph(b.model, held: lstm.gates, in: b.w)
    #expect(graph.isOnCycle(lstm.cell) && !graph.isOnCycle(lstm.h))
  }

  @Test("a recurrence towards earlier times is backward")
  func backward() {
    var b = Bench()
    let r = b.family("r", .vector(b.n))
    b.define(r, b.apply(.tanh, b.at(r, Time(b.t, plus: 1))))
    let graph = Graph(b.model, in: b.w)
    #expect(graph.isBackward(r) && graph.isOnCycle(r))
  }

  @Test("what needs itself at its own time is refused")
  func circular() throws {
    var b = Bench()
    let (u, v) = (b.family("u", .scalar), b.family("v", .scalar))
    let x = b.scalar("x")
    b.define(u, b.times(x, b.at(v, Time(b.t))))
    b.define(v, b.plus(x, b.at(u, Time(b.t))))
    #expect(throws: DerivativeProblem.circular(u)) {
      _ = try b.distance(of: b.at(u, Time(2)), by: x)
    }
  }

  @Test("a state that reads all earlier ones is refused")
  func unbounded() throws {
    var b = Bench()
    let h = b.family("h", .scalar)
    let x = b.scalar("x")
    let s = b.w.time(named: "s")
    let sum = b.make(
      .timeSum(s, from: Time(0), through: Time(b.t, plus: -1), b.at(h, Time(s))))
    b.define(h, from: Time(1), b.times(x, sum))
    #expect(throws: DerivativeProblem.circular(h)) {
      _ = try b.distance(of: b.at(h, Time(2)), by: x)
    }
  }
}
