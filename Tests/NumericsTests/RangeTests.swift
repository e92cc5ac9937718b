import Expressions
import Numerics
import Testing

@Suite struct RangeTests {
  struct Case: Sendable {
    var name: String
    var build: @Sendable (inout World, Expression) -> Expression
    var range: ValueRange
  }
  static func open(_ lower: Double, _ upper: Double) -> ValueRange {
    ValueRange(lower: lower, upper: upper, lowerIsAttained: false, upperIsAttained: false)
  }
  static func apply(_ f: ElementwiseFunction, _ n: Int = 0)
    -> @Sendable (inout World, Expression) -> Expression
  {
    { w, x in w.node(.apply(f, derivative: n, x)) }
  }
  static let cases: [Case] = [
    Case(name: "σ", build: apply(.sigmoid), range: open(0, 1)),
    Case(
      name: "σ'", build: apply(.sigmoid, 1),
      range: ValueRange(lower: 0, upper: 0.25, lowerIsAttained: false)),
    Case(name: "tanh", build: apply(.tanh), range: open(-1, 1)),
    Case(
      name: "tanh'", build: apply(.tanh, 1),
      range: ValueRange(lower: 0, upper: 1, lowerIsAttained: false)),
    Case(name: "exp", build: apply(.exp), range: open(0, .infinity)),
    Case(name: "relu", build: apply(.relu), range: ValueRange(lower: 0, upper: .infinity)),
    Case(name: "abs", build: apply(.absolute), range: ValueRange(lower: 0, upper: .infinity)),
    Case(name: "softplus", build: apply(.softplus), range: open(0, .infinity)),
    Case(name: "sin", build: apply(.sin), range: ValueRange(lower: -1, upper: 1)),
    Case(
      name: "x²", build: { w, x in w.node(.power(x, w.workspace.number(2))) },
      range: ValueRange(lower: 0, upper: .infinity)),
    Case(
      name: "σ(1 − σ)",
      build: { w, x in
        let s = w.node(.apply(.sigmoid, derivative: 0, x))
        let rest = w.workspace.sum([w.workspace.number(1), w.node(.negative(s))])
        return w.workspace.product([s, rest])
      },
      range: ValueRange(lower: 0, upper: 0.25, lowerIsAttained: false)),
    Case(
      name: "1 − tanh²",
      build: { w, x in
        let h = w.node(.apply(.tanh, derivative: 0, x))
        let square = w.node(.power(h, w.workspace.number(2)))
        return w.workspace.sum([w.workspace.number(1), w.node(.negative(square))])
      },
      range: ValueRange(lower: 0, upper: 1, lowerIsAttained: false)),
    Case(
      name: "1/(1 + e^{-x})",
      build: { w, x in
        let e = w.node(.apply(.exp, derivative: 0, w.node(.negative(x))))
        let below = w.workspace.sum([w.workspace.number(1), e])
        return w.node(.quotient(w.workspace.number(1), below))
      }, range: open(0, 1)),
  ]

  @Test("ranges over all reals, with ends attained or not", arguments: cases.indices)
  func ranges(number: Int) {
    let one = RangeTests.cases[number]
    var w = World()
    let x = w.symbol("x", .scalar)
    let e = one.build(&w, w.of(x))
    var analysis = RangeAnalysis()
    let range = analysis.range(of: e, in: w.workspace)
    #expect(range == one.range, "\(one.name): \(String(describing: range))")
  }

  @Test("gates of a network lie strictly between zero and one")
  func gates() {
    var w = World(function: .sigmoid)
    let (t, k, end) = (Time(w.t), Time(w.k), Time(w.end))
    var analysis = RangeAnalysis(model: w.model, domain: [t - 1, end - t, k - 1, end - k])
    let range = analysis.range(of: w.at(w.h, Time(w.t)), in: w.workspace)
    #expect(range?.lower == 0 && range?.upper == 1)
    #expect(range?.isPositive == true)
    let gates = w.workspace.hadamard([w.at(w.h, Time(w.t)), w.at(w.h, Time(w.k))])
    let product = analysis.range(of: gates, in: w.workspace)
    #expect(product.map { $0.isContained(in: RangeTests.open(0, 1)) } == true)
    #expect(product?.isTight == false)
  }

  @Test("dependent sums and products are enclosed, never claimed tight")
  func dependence() {
    var w = World()
    let x = w.symbol("x", .scalar)
    let s = w.node(.apply(.sigmoid, derivative: 0, w.of(x)))
    let t = w.node(.apply(.tanh, derivative: 0, w.of(x)))
    var analysis = RangeAnalysis()
    let sum = analysis.range(of: w.workspace.sum([s, t]), in: w.workspace)
    #expect(sum?.lower == -1 && sum?.upper == 2 && sum?.isTight == false)
    let given = ValueRange(lower: 0, upper: 1)
    var bounded = RangeAnalysis(given: [RangeAnalysis.Known(x, given)])
    let value = bounded.range(of: s, in: w.workspace)
    #expect(value?.lower == 0.5 && value?.lowerIsAttained == true && value?.isTight == true)
    #expect(value.map { $0.upper >= 0.7310585786300048 && $0.upper < 0.73105857863001 } == true)
  }

  @Test("what is known of one step says nothing of the next")
  func oneStep() {
    var w = World()
    let symbol = w.symbol("y", .scalar, family: true)
    let y = w.at(symbol, Time(w.t))
    let next = w.at(symbol, Time(w.t, plus: 1))
    let positive = ValueRange(lower: 0, upper: .infinity, lowerIsAttained: false)
    var ofOne = RangeAnalysis(given: [RangeAnalysis.Known(symbol, at: Time(w.t), positive)])
    #expect(ofOne.range(of: y, in: w.workspace)?.isPositive == true)
    #expect(ofOne.range(of: next, in: w.workspace)?.isPositive == false)
    var ofAll = RangeAnalysis(given: [RangeAnalysis.Known(symbol, positive)])
    #expect(ofAll.range(of: next, in: w.workspace)?.isPositive == true)
  }

  /// A random expression in the given scalars.
  func random(
    _ w: inout World, _ generator: inout RandomGenerator, _ leaves: [Expression], _ depth: Int
  ) -> Expression {
    if depth == 0 || generator.unit() < 0.15 {
      let place = generator.index(below: leaves.count + 1)
      return place < leaves.count
        ? leaves[place] : w.workspace.number(generator.index(below: 5) - 2)
    }
    func operand(_ w: inout World) -> Expression { random(&w, &generator, leaves, depth - 1) }
    let functions: [ElementwiseFunction] = [
      .sigmoid, .tanh, .relu, .absolute, .softplus, .sin, .cos, .exp,
    ]
    switch generator.index(below: 7) {
    case 0: return w.workspace.sum([operand(&w), operand(&w)])
    case 1: return w.workspace.product([operand(&w), operand(&w)])
    case 2:
      return w.node(.power(operand(&w), w.workspace.number(1 + generator.index(below: 3))))
    case 3: return w.node(.negative(operand(&w)))
    case 4: return w.node(.maximum(operand(&w), operand(&w)))
    default:
      let function = functions[generator.index(below: functions.count)]
      let order = function == .sigmoid || function == .tanh ? generator.index(below: 4) : 0
      return w.node(.apply(function, derivative: order, operand(&w)))
    }
  }

  @Test("no value ever leaves the range that the analysis states")
  func soundness() {
    var generator = RandomGenerator(seed: 11)
    var stated = 0
    for number in 0..<200 {
      var w = World()
      let (x, y) = (w.symbol("x", .scalar), w.symbol("y", .scalar))
      let e = random(&w, &generator, [w.of(x), w.of(y)], 4)
      var analysis = RangeAnalysis()
      guard let range = analysis.range(of: e, in: w.workspace) else { continue }
      if range != .reals { stated += 1 }
      for seed in 1...4 as ClosedRange<UInt64> {
        var laboratory = Laboratory(
          model: Model(), sample: Sample(seed: seed), scale: .fixed(1), in: w.workspace)
        guard let value = try? laboratory.measure(e, in: w.workspace) else { continue }
        let slack = value.errors[0]
        #expect(
          value.values[0] >= range.lower - slack && value.values[0] <= range.upper + slack,
          "\(number), \(seed): \(value.values[0]) outside of \(range)")
      }
    }
    #expect(stated > 50)
  }

  @Test("a witness shows that the bound of a slope is attained")
  func witness() throws {
    var w = World()
    let x = w.symbol("x", .scalar)
    let slope = w.node(.apply(.sigmoid, derivative: 1, w.of(x)))
    let laboratory = w.laboratory()
    let top = try laboratory.extreme(of: slope, upwards: true, in: w.workspace)
    #expect(top.value == 0.25)
    #expect(top.point.count == 1 && top.point[0].symbol == x && top.point[0].values == [0])
    // Also for the entries of a computed gate.
    let gate = w.tanhSlope(w.at(w.z, 2))
    let high = try laboratory.extreme(of: gate, upwards: true, in: w.workspace)
    #expect(high.value > 1 - 1e-12)
  }
}
