import Expressions
import Testing

@testable import Calculus

/// A derivative and the formula that a book gives for it.
struct PublishedFormula: Sendable, CustomTestStringConvertible {
  let source: String
  let layout: Layout
  /// The expression, the variable, and the formula.
  let build: @Sendable (inout Bench) -> (Expression, Expression, Expression)

  init(
    _ source: String, _ layout: Layout = .gradient,
    _ build: @escaping @Sendable (inout Bench) -> (Expression, Expression, Expression)
  ) {
    self.source = source
    self.layout = layout
    self.build = build
  }
  var testDescription: String { source }

  static let all: [PublishedFormula] = [
    PublishedFormula("Petersen, Pedersen 2012, eq. 49: ∂ det X = det X · X⁻ᵀ") { b in
      let x = b.matrix("X", b.n, b.n, .invertible)
      let determinant = b.call(.determinant, x)
      return (determinant, x, b.times(determinant, b.transpose(b.power(x, -1))))
    },
    PublishedFormula("Petersen, Pedersen 2012, eq. 57: ∂ log det X = X⁻ᵀ") { b in
      let x = b.matrix("X", b.n, b.n, [.invertible, .positive])
      return (b.apply(.log, b.call(.determinant, x)), x, b.transpose(b.power(x, -1)))
    },
    PublishedFormula("Petersen, Pedersen 2012, eq. 61: ∂ aᵀX⁻¹b = −X⁻ᵀabᵀX⁻ᵀ") { b in
      let x = b.matrix("X", b.n, b.n, .invertible)
      let (a, c) = (b.vector("a", b.n), b.vector("b", b.n))
      let inverse = b.transpose(b.power(x, -1))
      let formula = b.times(inverse, a, b.transpose(c), inverse)
      return (b.times(b.transpose(a), b.power(x, -1), c), x, b.make(.negative(formula)))
    },
    PublishedFormula("Petersen, Pedersen 2012, eq. 70: ∂ aᵀXb = abᵀ") { b in
      let x = b.matrix("X", b.m, b.n)
      let (a, c) = (b.vector("a", b.m), b.vector("b", b.n))
      return (b.times(b.transpose(a), x, c), x, b.times(a, b.transpose(c)))
    },
    PublishedFormula("Petersen, Pedersen 2012, eq. 81: ∂ xᵀAx = (A + Aᵀ) x") { b in
      let (x, a) = (b.vector("x", b.n), b.matrix("A", b.n, b.n))
      return (b.times(b.transpose(x), a, x), x, b.times(b.plus(a, b.transpose(a)), x))
    },
    PublishedFormula("Petersen, Pedersen 2012, eq. 101: ∂ tr(AXB) = AᵀBᵀ") { b in
      let (a, x) = (b.matrix("A", b.n, b.m), b.matrix("X", b.m, b.d))
      let c = b.matrix("B", b.d, b.n)
      return (b.call(.trace, b.times(a, x, c)), x, b.times(b.transpose(a), b.transpose(c)))
    },
    PublishedFormula("Petersen, Pedersen 2012, eq. 108: ∂ tr(XᵀAX) = (A + Aᵀ) X") { b in
      let (x, a) = (b.matrix("X", b.m, b.n), b.matrix("A", b.m, b.m))
      return (
        b.call(.trace, b.times(b.transpose(x), a, x)), x,
        b.times(b.plus(a, b.transpose(a)), x)
      )
    },
    PublishedFormula("Petersen, Pedersen 2012, eq. 121: ∂ tr(X³) = 3 (X²)ᵀ") { b in
      let x = b.matrix("X", b.n, b.n)
      return (
        b.call(.trace, b.power(x, 3)), x, b.times(b.w.number(3), b.transpose(b.power(x, 2)))
      )
    },
    PublishedFormula("Petersen, Pedersen 2012, eq. 129: ∂ ‖x − a‖ = (x − a)/‖x − a‖") { b in
      let (x, a) = (b.vector("x", b.n), b.vector("a", b.n))
      let difference = b.plus(x, b.make(.negative(a)))
      let norm = b.call(.norm, difference)
      return (norm, x, b.make(.quotient(difference, norm)))
    },
    PublishedFormula("Petersen, Pedersen 2012, eq. 132: ∂ ‖X‖² = 2X") { b in
      let x = b.matrix("X", b.m, b.n)
      return (b.power(b.call(.norm, x), 2), x, b.times(b.w.number(2), x))
    },
    PublishedFormula("Magnus, Neudecker 2019: ∂ vec(AXB)/∂ vec(X) = Bᵀ ⊗ A", .numerator) { b in
      let (a, x) = (b.matrix("A", b.d, b.m), b.matrix("X", b.m, b.n))
      let c = b.matrix("B", b.n, b.m)
      return (
        b.call(.vec, b.times(a, x, c)), b.call(.vec, x),
        b.make(.kronecker(b.transpose(c), a))
      )
    },
    PublishedFormula("Goodfellow et al. 2016: softmax′ = diag(s) − ssᵀ", .numerator) { b in
      let x = b.vector("x", b.m)
      let s = b.call(.softmax, x)
      let outer = b.times(s, b.transpose(s))
      return (s, x, b.plus(b.call(.diag, s), b.make(.negative(outer))))
    },
    PublishedFormula("Goodfellow et al. 2016: ∂ log Σ exp(x) = softmax(x)") { b in
      let x = b.vector("x", b.m)
      return (b.apply(.log, b.call(.total, b.apply(.exp, x))), x, b.call(.softmax, x))
    },
  ]
}

@Suite("Published formulas")
struct PublishedFormulaTests {
  @Test("come out of the rules", arguments: PublishedFormula.all)
  func agrees(_ formula: PublishedFormula) throws {
    var b = Bench()
    let (numerator, denominator, expected) = formula.build(&b)
    let written = b.derivative(numerator, denominator, Intervention(layout: formula.layout))
    var differentiation = Differentiation(model: b.model)
    let result = try differentiation.eliminatingDerivatives(written, in: &b.w)
    var evaluation = Evaluation(world: World(b.model, sizes: b.sizes))
    let (own, other) = (evaluation.value(result, b.w), evaluation.value(expected, b.w))
    #expect(own.distance(to: other) < 1e-12)
  }

  @Test("second derivative of log-sum-exp by x and xᵀ is diag(p) − ppᵀ")
  func hessian() throws {
    var b = Bench()
    let x = b.vector("x", b.m)
    let value = b.apply(.log, b.call(.total, b.apply(.exp, x)))
    let gradient = b.derivative(value, x, Intervention(layout: .gradient))
    let written = b.derivative(gradient, b.transpose(x))
    let p = b.call(.softmax, x)
    let outer = b.times(p, b.transpose(p))
    let expected = b.plus(b.call(.diag, p), b.make(.negative(outer)))
    var differentiation = Differentiation(model: b.model)
    let result = try differentiation.eliminatingDerivatives(written, in: &b.w)
    var evaluation = Evaluation(world: World(b.model, sizes: b.sizes))
    let (own, other) = (evaluation.value(result, b.w), evaluation.value(expected, b.w))
    #expect(own.distance(to: other) < 1e-12)
  }
}
