// swift-format-ignore-file: AlwaysUseLowerCamelCase

// Matrices and last times are capital letters here as in the formulas.
import Expressions
import Testing

@testable import Algebra

@Suite("All writings of one expression reach one normal form")
struct ShuffleTests {
  /// A sum of contractions over random heads, written twice: terms, factors, names of labels and
  /// the order of the sums are shuffled.
  @Test("order of terms, factors, sums and names of labels", arguments: 0..<60)
  func shuffled(seed: Int) {
    var random = Seeded(state: UInt64(seed) &* 31 &+ 5)
    let p = Page()
    let matrices = ["A", "B"].map { p.square($0) } + [p.square("S", .symmetric)]
    let vector = p.vector("v", p.n)
    struct Slot {
      var head: Int
      var labels: [Int]
    }
    var terms: [[Slot]] = []
    for _ in 0..<(1 + random.next(3)) {
      let count = 2 + random.next(4)
      terms.append(
        (0..<count).map { _ in
          let head = random.next(4)
          return Slot(
            head: head, labels: (0..<(head == 3 ? 1 : 2)).map { _ in random.next(3) })
        })
    }
    func written(_ shuffle: inout Seeded) -> Expression {
      func permuted<Element>(_ elements: [Element], _ random: inout Seeded) -> [Element] {
        var rest = elements
        var result: [Element] = []
        while !rest.isEmpty { result.append(rest.remove(at: random.next(rest.count))) }
        return result
      }
      var sums: [Expression] = []
      for term in permuted(terms, &shuffle) {
        let labels = (0..<3).map { _ in
          p.w.index(IndexRecord(name: "i", dimension: p.n))
        }
        var factors: [Expression] = []
        for slot in permuted(term, &shuffle) {
          let head = p.v(slot.head == 3 ? vector : matrices[slot.head])
          var places = slot.labels.map { Index.label(labels[$0]) }
          if slot.head == 2, shuffle.next(2) == 0 { places.reverse() }
          factors.append(p.e(.entry(head, places)))
        }
        var body = p.e(.product(factors))
        for label in permuted(labels, &shuffle) { body = p.e(.indexSum(label, body)) }
        sums.append(body)
      }
      return p.w.sum(sums)
    }
    var shuffle = Seeded(state: UInt64(seed) &+ 99)
    let (first, second) = (written(&shuffle), written(&shuffle))
    #expect(p.equal(first, second), "seed \(seed)")
    if case .equal(let proof) = p.outcome(first, second) {
      #expect(proof.laws == [.normalForm], "seed \(seed)")
    }
    let doubled = p.plus(first, second)
    #expect(p.different(first, doubled), "seed \(seed)")
  }
}
