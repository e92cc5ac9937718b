import Expressions
import Numerics
import Testing

@Suite struct SamplingTests {
  func draw(
    _ shape: Int, _ properties: Properties, _ seed: UInt64, round: Bool = false
  ) throws -> Measurement {
    var w = World()
    let n = Dimension(w.n)
    let shapes: [Shape] = [.vector(n), .matrix(n, n), .scalar]
    let a = w.symbol("A", shapes[shape], properties)
    var sample = w.sample(seed: seed)
    if round { sample.drawing = .round }
    var laboratory = Laboratory(model: w.model, sample: sample, in: w.workspace)
    return try laboratory.measure(a, in: w.workspace)
  }
  func entry(_ m: Measurement, _ i: Int, _ j: Int) -> Double { m.values[i * 3 + j] }

  @Test("properties hold, in all their generality")
  func properties() throws {
    var determinants = (positive: 0, negative: 0)
    for seed in 1...20 as ClosedRange<UInt64> {
      let symmetric = try draw(1, .symmetric, seed)
      for i in 0..<3 {
        for j in 0..<i { #expect(entry(symmetric, i, j) == entry(symmetric, j, i)) }
      }
      let q = try draw(1, .orthogonal, seed)
      for i in 0..<3 {
        for j in 0..<3 {
          let dot = (0..<3).reduce(0.0) { $0 + entry(q, i, $1) * entry(q, j, $1) }
          #expect((dot - (i == j ? 1 : 0)).magnitude < 1e-14)
        }
      }
      #expect(entry(q, 0, 1) != entry(q, 1, 0))
      let determinant =
        entry(q, 0, 0) * (entry(q, 1, 1) * entry(q, 2, 2) - entry(q, 1, 2) * entry(q, 2, 1))
        - entry(q, 0, 1) * (entry(q, 1, 0) * entry(q, 2, 2) - entry(q, 1, 2) * entry(q, 2, 0))
        + entry(q, 0, 2) * (entry(q, 1, 0) * entry(q, 2, 1) - entry(q, 1, 1) * entry(q, 2, 0))
      if determinant > 0 { determinants.positive += 1 } else { determinants.negative += 1 }
      let diagonal = try draw(1, .diagonal, seed)
      #expect(entry(diagonal, 0, 1) == 0 && entry(diagonal, 0, 0) != 0)
      let hot = try draw(0, .oneHot, seed)
      #expect(hot.values.sorted() == [0, 0, 1])
      let rows = try draw(1, .oneHot, seed)
      for i in 0..<3 { #expect((0..<3).map { entry(rows, i, $0) }.sorted() == [0, 0, 1]) }
      let unit = try draw(0, .unitNorm, seed)
      #expect((unit.values.reduce(0) { $0 + $1 * $1 } - 1).magnitude < 1e-14)
      #expect(try draw(0, .positive, seed).values.allSatisfy { $0 > 0 })
      let round = try draw(1, [], seed, round: true)
      #expect(round.values.allSatisfy { $0 == $0.rounded() && $0.magnitude <= 3 })
    }
    #expect(determinants.positive > 2 && determinants.negative > 2)
  }

  @Test("sizes are distinct and at least two")
  func sizes() {
    var w = Workspace()
    let names = ["a", "b", "c", "d"].map { w.dimension(named: $0) }
    for variant in 0..<5 {
      var sample = Sample(seed: 1)
      sample.drawSizes(of: names, variant: variant)
      let sizes = names.compactMap { sample[$0] }
      #expect(Set(sizes).count == 4 && sizes.allSatisfy { $0 >= 2 })
    }
  }

  @Test("bounds restrict what is drawn")
  func bounds() throws {
    var w = World()
    let a = w.symbol("a", .scalar)
    for seed in 1...10 as ClosedRange<UInt64> {
      var laboratory = Laboratory(
        model: w.model, sample: w.sample(seed: seed), bounds: [.init(a, lower: 1, upper: 2)],
        in: w.workspace)
      let value = try laboratory.measure(a, in: w.workspace).values[0]
      #expect(value > 1 && value < 2)
    }
  }
}
