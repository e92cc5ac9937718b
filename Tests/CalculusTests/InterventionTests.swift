import Expressions
import Testing

@testable import Calculus

@Suite("What is decided leaves no trace")
struct InterventionTests {
  static func eliminated(
    _ bench: inout Bench, _ a: Expression, _ c: Expression,
    _ intervention: Intervention = Intervention(), _ facts: [Time] = []
  ) throws -> Expression {
    var differentiation = Differentiation(model: bench.model)
    let written = bench.derivative(a, c, intervention)
    return try differentiation.eliminatingDerivatives(written, for: facts, in: &bench.w)
  }

  /// Whether a path product and an iverson are left.
  static func traces(_ root: Expression, _ w: borrowing Workspace) -> [String] {
    var (hasPath, hasIverson) = (false, false)
    w.visit(root) { _, node in
      if case .pathProduct = node { hasPath = true }
      if case .iverson = node { hasIverson = true }
    }
    return (hasPath ? ["path"] : []) + (hasIverson ? ["iverson"] : [])
  }

  @Test("the past does not depend on the future")
  func past() throws {
    var b = Bench()
    let rnn = b.addRNN(from: 1)
    let result = try Self.eliminated(
      &b, b.at(rnn.h, Time(b.t, plus: -1)), b.at(rnn.h, Time(b.t)))
    #expect(result == b.make(.zero(.matrix(b.n, b.n))))
    let decided = try Self.eliminated(
      &b, b.at(rnn.h, Time(b.t)), b.at(rnn.h, Time(b.k)), Intervention(),
      [Time(b.k) - Time(b.t) - 1])
    #expect(decided == b.make(.zero(.matrix(b.n, b.n))))
  }

  @Test("a given start does not depend on the weights")
  func start() throws {
    var b = Bench()
    let rnn = b.addRNN(from: 1)
    let result = try Self.eliminated(&b, b.at(rnn.h, Time(0)), rnn.weight)
    let isZero = Self.isZero(result, b.w)
    #expect(isZero)
  }
  static func isZero(_ root: Expression, _ w: borrowing Workspace) -> Bool {
    if case .zero = w[root] { true } else { false }
  }

  @Test("two steps are multiplied out, k ≤ t leaves a bare path product")
  func steps() throws {
    var b = Bench()
    let rnn = b.addRNN(from: 1)
    let h = b.at(rnn.h, Time(b.t))
    let two = try Self.eliminated(
      &b, h, b.at(rnn.h, Time(b.t, plus: -2)), Intervention(), [Time(b.t) - 2])
    #expect(Self.traces(two, b.w) == [])
    let path = try Self.eliminated(
      &b, h, b.at(rnn.h, Time(b.k)), Intervention(), [Time(b.t) - Time(b.k), Time(b.k)])
    #expect(Self.traces(path, b.w) == ["path"])
    let open = try Self.eliminated(&b, h, b.at(rnn.h, Time(b.k)))
    #expect(Self.traces(open, b.w) == ["path", "iverson"])
  }

  @Test("a sum over losses starts where the node is")
  func narrowed() throws {
    var b = Bench()
    let rnn = b.addRNN(from: 1)
    let result = try Self.eliminated(
      &b, rnn.total, b.at(rnn.h, Time(b.t)), Intervention(),
      [Time(b.t) - 1, Time(b.last) - Time(b.t)])
    #expect(Self.traces(result, b.w) == ["path"])
    var starts: [Time] = []
    b.w.visit(result) { _, node in
      if case .timeSum(_, let from, _, _) = node { starts.append(from) }
    }
    #expect(starts == [Time(b.t)])
  }

  @Test("held gates leave a path product of one part")
  func held() throws {
    var b = Bench()
    let lstm = b.addLSTM()
    let result = try Self.eliminated(
      &b, b.at(lstm.cell, Time(b.t)), b.at(lstm.cell, Time(b.k)),
      Intervention(held: lstm.gates + [lstm.h]), [Time(b.t) - Time(b.k)])
    var sizes: [Int] = []
    b.w.visit(result) { _, node in
      if case .pathProduct(let path) = node { sizes.append(path.size) }
    }
    #expect(sizes == [1])
  }

  @Test("the lower layer's own path product has one part, whoever asks")
  func layers() throws {
    var b = Bench()
    let (p, s) = (b.family("p", .vector(b.m)), b.family("s", .vector(b.n)))
    let before = Time(b.t, plus: -1)
    let (A, V) = (b.matrix("A", b.m, b.m), b.matrix("V", b.n, b.m))
    b.define(p, from: Time(1), b.apply(.tanh, b.times(A, b.at(p, before))))
    b.define(
      s, from: Time(1), b.apply(.tanh, b.plus(b.at(s, before), b.times(V, b.at(p, Time(b.t))))))
    let facts = [Time(b.t) - Time(b.k)]
    let own = try Self.eliminated(
      &b, b.at(s, Time(b.t)), b.at(s, Time(b.k)), Intervention(), facts)
    var paths: [PathProduct] = []
    b.w.visit(own) { _, node in if case .pathProduct(let path) = node { paths.append(path) } }
    #expect(paths.map { $0.size } == [1])
  }

  @Test("what is no node cannot be differentiated by")
  func refusals() throws {
    var b = Bench()
    let (x, y) = (b.vector("x", b.n), b.vector("y", b.n))
    let sum = b.plus(x, y)
    #expect(throws: DerivativeProblem.denominatorIsNoNode(sum)) {
      _ = try Self.eliminated(&b, x, sum)
    }
    let elided = b.make(.elided(.sigmoid, derivative: 1, site: 0))
    #expect(throws: DerivativeProblem.elidedSlope(elided)) {
      _ = try Self.eliminated(&b, b.times(elided, x), x)
    }
  }

  @Test("the shape is that of the layout", arguments: Layout.allCases)
  func shapes(_ layout: Layout) throws {
    var b = Bench()
    let rnn = b.addRNN(from: 1)
    let row = b.row("r", b.d)
    let denominators = [
      b.at(rnn.h, Time(b.k)), b.at(rnn.x, Time(b.k)), rnn.weight, row,
      b.transpose(b.at(rnn.h, Time(1))),
      b.call(.vec, rnn.weight), b.make(.entry(rnn.weight, [.literal(1), .literal(1)])),
    ]
    let numerators = [rnn.total, b.at(rnn.h, Time(b.t)), b.times(rnn.weight, rnn.input), row]
    for a in numerators {
      for c in denominators {
        let written = b.derivative(a, c, Intervention(layout: layout))
        var differentiation = Differentiation(model: b.model)
        let result = try differentiation.eliminatingDerivatives(written, in: &b.w)
        let (own, other) = (try b.w.shape(of: result), try b.w.shape(of: written))
        #expect(own == other)
      }
    }
  }

  @Test(
    "recurrence, sum over steps and chain are each missed when knocked out",
    arguments: [Rule.recurrence, .parameter, .chain])
  func sabotage(_ rule: Rule) throws {
    var b = Bench()
    let rnn = b.addRNN(from: 1)
    let distance = try b.distance(of: rnn.total, by: rnn.weight, at: [[b.last: 3]], disabling: rule)
    #expect(distance > 1e-3)
  }
}
