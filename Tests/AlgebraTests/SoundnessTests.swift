// swift-format-ignore-file: AlwaysUseLowerCamelCase

// Matrices and last times are capital letters here as in the formulas.
import Expressions
import Testing

@testable import Algebra

/// Random expressions over scalars, vectors and matrices of two recurrences, with time sums, path
/// products and powers.
final class RandomFormulas {
  let p = Page()
  var random: Seeded
  let A: Symbol
  let B: Symbol
  let S: Symbol
  let v: Symbol
  let x: Symbol
  let c: Symbol
  let F: Symbol
  let h: Symbol
  let q: Symbol
  let t: TimeSymbol
  let k: TimeSymbol
  let own: TimeSymbol
  var depth = 0

  enum Kind { case scalar, vector, matrix }

  init(seed: Int) {
    random = Seeded(state: UInt64(seed) &* 7919 &+ 13)
    A = p.square("A")
    B = p.square("B")
    S = p.square("S", .symmetric)
    v = p.vector("v", p.n)
    x = p.family("x", .vector(p.n))
    c = p.family("c", .scalar)
    F = p.family("F", .matrix(p.n, p.n))
    h = p.family("h", .vector(p.n))
    q = p.scalar("q")
    t = p.time("t")
    k = p.time("k")
    own = p.time("τ")
    let before = p.v(h, own - 1)
    let input = p.v(x, Time(own))
    let body = p.apply(.tanh, p.plus(p.product(p.v(A), before), input))
    p.define(h, own, from: Time(1), body)
    p.domain = [Time(k), Time(t) - Time(k)]
  }

  func time(_ bound: [TimeSymbol]) -> Time {
    let choices = [t, k] + bound + bound
    return choices[random.next(choices.count)] + (random.next(4) == 0 ? 1 : 0)
  }

  func make(_ kind: Kind, _ depth: Int, _ bound: [TimeSymbol] = []) -> Expression {
    let leaf = depth <= 0
    switch kind {
    case .scalar:
      switch random.next(leaf ? 4 : 19) {
      case 0: return p.v(q)
      case 1, 2: return p.v(c, time(bound))
      case 3: return p.number(random.next(3) + 1)
      case 4:
        return p.product(
          p.transpose(make(.vector, depth - 1, bound)), make(.vector, depth - 1, bound))
      case 5: return p.e(.tensorFunction(.trace, make(.matrix, depth - 1, bound)))
      case 6: return p.product(make(.scalar, depth - 1, bound), make(.scalar, depth - 1, bound))
      case 7: return p.plus(make(.scalar, depth - 1, bound), make(.scalar, depth - 1, bound))
      case 8: return p.power(make(.scalar, depth - 1, bound), 2)
      case 9: return p.power(p.v(q), Time(t) - Time(k) + random.next(2))
      case 10: return p.apply(.tanh, make(.scalar, depth - 1, bound))
      case 14:
        let i = p.w.index(IndexRecord(name: "i", dimension: p.n))
        let first = p.e(.entry(make(.vector, depth - 1, bound), [.label(i)]))
        let second = p.e(.entry(make(.vector, depth - 1, bound), [.label(i)]))
        return p.e(.indexSum(i, p.product(p.apply(.tanh, first), second)))
      case 15:
        let below = p.plus(p.number(1), p.power(make(.scalar, depth - 2, bound), 2))
        return p.quotient(make(.scalar, depth - 1, bound), below)
      case 16:
        let condition = Time(t) - Time(k) - random.next(3)
        return p.product(p.e(.iverson([condition])), make(.scalar, depth - 1, bound))
      case 17:
        let one = p.apply(.sigmoid, p.v(c, time(bound)))
        return p.hadamard(one, p.minus(p.number(1), one))
      case 18:
        return p.e(.maximum(make(.scalar, depth - 1, bound), make(.scalar, depth - 2, bound)))
      case 11: return p.minus(p.number(1), p.power(p.apply(.tanh, p.v(c, time(bound))), 2))
      default: return sum(.scalar, depth, bound)
      }
    case .vector:
      switch random.next(leaf ? 4 : 15) {
      case 0: return p.v(v)
      case 1, 2: return p.v(x, time(bound))
      case 3: return p.v(h, time(bound))
      case 4, 5: return p.product(make(.matrix, depth - 1, bound), make(.vector, depth - 1, bound))
      case 6: return p.hadamard(make(.vector, depth - 1, bound), make(.vector, depth - 1, bound))
      case 7: return p.plus(make(.vector, depth - 1, bound), make(.vector, depth - 1, bound))
      case 8: return p.apply(.tanh, make(.vector, depth - 1, bound))
      case 9: return p.product(make(.scalar, depth - 1, bound), make(.vector, depth - 1, bound))
      case 12: return p.e(.tensorFunction(.softmax, make(.vector, depth - 1, bound)))
      case 13:
        let i = p.w.index(IndexRecord(name: "i", dimension: p.n))
        let matrix = make(.matrix, depth - 1, bound)
        let entry = p.e(.entry(matrix, [.label(i), random.next(2) == 0 ? .label(i) : .literal(1)]))
        return p.e(.tabulate([i], p.apply(.sigmoid, entry)))
      case 14:
        let below = p.plus(p.number(1), p.power(make(.vector, depth - 2, bound), 2))
        return p.quotient(make(.vector, depth - 1, bound), below)
      case 10: return p.e(.tensorFunction(.diag, make(.matrix, depth - 1, bound)))
      default: return sum(.vector, depth, bound)
      }
    case .matrix:
      switch random.next(leaf ? 4 : 13) {
      case 0: return p.v(A)
      case 1: return p.v(random.next(2) == 0 ? B : S)
      case 2, 3: return p.v(F, time(bound))
      case 4, 5: return p.product(make(.matrix, depth - 1, bound), make(.matrix, depth - 1, bound))
      case 6: return p.transpose(make(.matrix, depth - 1, bound))
      case 7: return p.diag(make(.vector, depth - 1, bound))
      case 8: return p.plus(make(.matrix, depth - 1, bound), make(.matrix, depth - 1, bound))
      case 9: return p.power(p.v(A), Time(t) - Time(k) + random.next(2))
      case 10, 11:
        let step = p.time("i")
        let lower = Time(k)
        let block = make(.matrix, 1, [step])
        return random.next(2) == 0
          ? p.path(step, lower, Time(t) + random.next(2), block)
          : p.e(
            .timeProduct(
              step, from: lower + random.next(2), through: Time(t), block,
              random.next(2) == 0 ? .ascending : .descending))
      default: return sum(.matrix, depth, bound)
      }
    }
  }

  private func sum(_ kind: Kind, _ depth: Int, _ bound: [TimeSymbol]) -> Expression {
    if bound.count >= 2 { return make(kind, 0, bound) }
    let variable = p.time("j")
    let from = random.next(2) == 0 ? Time(k) : Time(0)
    let through = bound.last.map { random.next(2) == 0 ? Time($0) : Time(t) } ?? Time(t)
    if bound.count > 0, from == Time(k) { return make(kind, 0, bound) }
    return p.sum(variable, from, through, make(kind, depth - 1, bound + [variable]))
  }

  /// The formula changed at one place, in a way that often, but not always, changes its value.
  func mutated(_ e: Expression) -> Expression {
    var done = false
    let target = random.next(6)
    let pick = random.next(4)
    var seen = 0
    return p.w.rewriting(e) { w, e in
      if done { return nil }
      seen += 1
      if seen <= pick { return nil }
      switch (w[e], target) {
      case (.product(let f), 0) where f.count == 2:
        done = true
        return w.expression(.product([f[1], f[0]]))
      case (.timeSum(let s, let from, let through, let body), 1):
        done = true
        return w.expression(.timeSum(s, from: from + 1, through: through, body))
      case (.transpose(let operand), 2):
        done = true
        return operand
      case (.variable(let variable), 3):
        guard let time = variable.time else { return nil }
        done = true
        return w.variable(variable.symbol, at: time + 1)
      case (.timeSum(let s, let from, let through, let body), 4):
        // The same members, counted from one.
        done = true
        let shifted = w.substituting(s, by: Time(s) - 1, in: body)
        return w.expression(.timeSum(s, from: from + 1, through: through + 1, shifted))
      case (.sum(let terms), 5):
        done = true
        return w.expression(.sum(terms.reversed()))
      default: return nil
      }
    }
  }

  func distance(_ a: Expression, _ b: Expression) -> Double {
    var worst = 0.0
    for (n, seed) in [(2, 1), (3, 2)] {
      for tValue in 0...3 {
        for kValue in 0...tValue {
          let evaluator = Evaluator(
            page: p, sizes: [p.n.symbol!: n, p.d.symbol!: 4],
            times: [t: tValue, k: kValue], seed: seed)
          worst = max(worst, evaluator.distance(a, b))
        }
      }
    }
    return worst
  }

  func shapesFit(_ e: Expression) -> Bool { (try? p.w.shape(of: e)) != nil }
}

@Suite("What is called equal is equal")
struct SoundnessTests {
  @Test("no random formula is called equal to another of other value", arguments: 0..<120)
  func mutations(seed: Int) {
    let formulas = RandomFormulas(seed: seed)
    let kinds: [RandomFormulas.Kind] = [.scalar, .vector, .matrix]
    let e = formulas.make(kinds[seed % 3], 3)
    let other = formulas.mutated(e)
    guard formulas.shapesFit(e), formulas.shapesFit(other) else { return }
    let distance = formulas.distance(e, other)
    let texts = "seed \(seed): \(formulas.p.text(e)) | \(formulas.p.text(other))"
    switch formulas.p.outcome(e, other) {
    case .equal: #expect(distance < 1e-8, "\(texts)")
    case .different: #expect(!(distance < 1e-10), "\(texts)")
    case .unknown(let obstacle):
      #expect(obstacle == .budget || obstacle == .shapes, "\(texts): \(obstacle)")
    }
  }

  @Test("a formula written again has the same value and the same index form", arguments: 0..<120)
  func writtenAgain(seed: Int) {
    let formulas = RandomFormulas(seed: seed + 1000)
    let kinds: [RandomFormulas.Kind] = [.scalar, .vector, .matrix]
    let e = formulas.make(kinds[seed % 3], 2 + seed % 2)
    guard formulas.shapesFit(e) else { return }
    var prover = Prover(model: Model(definitions: formulas.p.definitions))
    guard let again = prover.written(e, for: formulas.p.domain, in: &formulas.p.w) else {
      Issue.record("seed \(seed): \(formulas.p.text(e))")
      return
    }
    let short = prover.simplified(e, for: formulas.p.domain, in: &formulas.p.w)
    #expect(formulas.distance(e, short) < 1e-8, "seed \(seed)")
    let texts = "seed \(seed): \(formulas.p.text(e)) | \(formulas.p.text(again))"
    guard formulas.shapesFit(again) else {
      Issue.record("\(texts)")
      return
    }
    #expect(formulas.distance(e, again) < 1e-8, "\(texts)")
    #expect(formulas.p.equal(e, again), "\(texts)")
  }
}
