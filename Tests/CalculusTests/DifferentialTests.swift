import Expressions
import Testing

@testable import Calculus

@Suite("Differentials")
struct DifferentialTests {
  /// Everything that the tables of rules differentiate, but for times that are left open.
  @Test("agree with the derivative along a direction", arguments: RuleCase.all)
  func agreesWithDifferences(_ rule: RuleCase) throws {
    var bench = Bench()
    let (numerator, _) = rule.build(&bench)
    var differentiation = Differentiation(model: bench.model)
    let written = bench.make(.differential(numerator))
    let result = try differentiation.eliminatingDerivatives(written, in: &bench.w)
    let times = [bench.t: 4, bench.k: 1]
    let world = World(bench.model, sizes: bench.sizes)
    var evaluation = Evaluation(world: world)
    evaluation.times = times
    let own = evaluation.value(result, bench.w)

    func moved(by step: Double, _ w: borrowing Workspace) -> Tensor {
      let other = world.intervened()
      for variable in w.variables(in: numerator) {
        let leaf = evaluation.leaf(variable, w)
        var value = world.value(variable.symbol, nil, copy: nil, owner: nil, w)
        for place in value.values.indices { value.values[place] += step * leaf.values[place] }
        other.pinned[NodeKey(symbol: variable.symbol, time: nil)] = value
      }
      var inner = Evaluation(world: other)
      inner.times = times
      return inner.value(numerator, w)
    }
    let width = 1e-5
    let (up, down) = (moved(by: width, bench.w), moved(by: -width, bench.w))
    let other = Tensor(
      up.sizes, zip(up.values, down.values).map { ($0 - $1) / (2 * width) })
    #expect(own.distance(to: other) < 1e-6)
  }

  @Test("d(AB) = dA B + A dB")
  func product() throws {
    var b = Bench()
    let (A, B) = (b.matrix("A", b.m, b.n), b.matrix("B", b.n, b.d))
    let (dA, dB) = (b.make(.differential(A)), b.make(.differential(B)))
    let written = b.make(.differential(b.times(A, B)))
    var differentiation = Differentiation(model: b.model)
    let result = try differentiation.eliminatingDerivatives(written, in: &b.w)
    #expect(result == b.plus(b.times(dA, B), b.times(A, dB)))
  }

  @Test("d X⁻¹ = −X⁻¹ dX X⁻¹")
  func inverse() throws {
    var b = Bench()
    let matrix = b.matrix("X", b.n, b.n)
    let inverse = b.power(matrix, -1)
    let written = b.make(.differential(inverse))
    var differentiation = Differentiation(model: b.model)
    let result = try differentiation.eliminatingDerivatives(written, in: &b.w)
    let product = b.times(inverse, b.make(.differential(matrix)), inverse)
    #expect(result == b.make(.negative(product)))
  }

  @Test("a constant has none, a computed symbol that of its definition")
  func constants() throws {
    var b = Bench()
    let factor = b.matrix("A", b.n, b.n, .constant)
    let (matrix, y) = (b.matrix("X", b.n, b.n), b.symbol("Y", .matrix(b.n, b.n)))
    b.define(y, b.times(factor, matrix))
    let written = b.make(.differential(b.w.variable(y)))
    var differentiation = Differentiation(model: b.model)
    let result = try differentiation.eliminatingDerivatives(written, in: &b.w)
    #expect(result == b.times(factor, b.make(.differential(matrix))))
  }
}

extension Evaluation {
  /// The drawn differential of a leaf.
  func leaf(_ variable: Variable, _ w: borrowing Workspace) -> Tensor {
    let value = world.value(variable.symbol, nil, copy: nil, owner: nil, w)
    return Tensor(
      value.sizes,
      value.values.indices.map { pseudorandom(UInt64(variable.symbol.id) + 1000, 77, UInt64($0)) })
  }
}
