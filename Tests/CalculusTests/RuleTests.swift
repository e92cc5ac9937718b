import Expressions
import Testing

@testable import Calculus

/// An expression, a node in it, and the row of the tables that differentiates it.
struct RuleCase: Sendable, CustomTestStringConvertible {
  let rule: Rule
  let name: String
  let build: @Sendable (inout Bench) -> (Expression, Expression)

  init(
    _ rule: Rule, _ name: String,
    _ build: @escaping @Sendable (inout Bench) -> (Expression, Expression)
  ) {
    self.rule = rule
    self.name = name
    self.build = build
  }
  var testDescription: String { "\(rule): \(name)" }

  static let all: [RuleCase] =
    [
      RuleCase(.sum, "x + 1 + b") { b in
        let x = b.vector("x", b.n)
        return (b.plus(x, b.w.number(1), x), x)
      },
      RuleCase(.sum, "a row in every row") { b in
        let (x, r) = (b.matrix("X", b.m, b.n), b.row("b", b.n))
        return (b.plus(x, r), r)
      },
      RuleCase(.negative, "−x") { b in
        let x = b.vector("x", b.n)
        return (b.make(.negative(x)), x)
      },
      RuleCase(.transpose, "Xᵀ") { b in
        let x = b.matrix("X", b.m, b.n)
        return (b.transpose(x), x)
      },
      RuleCase(.entry, "X_{21}") { b in
        let x = b.matrix("X", b.m, b.n)
        return (b.make(.entry(x, [.literal(2), .literal(1)])), x)
      },
      RuleCase(.entry, "the last of a row") { b in
        let x = b.row("x", b.n)
        return (b.make(.entry(x, [.literal(1), .last(b.n)])), x)
      },
      RuleCase(.indexSum, "Σ_i x_i²") { b in
        let x = b.vector("x", b.n)
        let i = b.w.index(IndexRecord(name: "i", dimension: b.n))
        let entry = b.make(.entry(x, [.label(i)]))
        return (b.make(.indexSum(i, b.power(entry, 2))), x)
      },
      RuleCase(.tabulate, "(x_i y_j)_{ji}") { b in
        let (x, y) = (b.vector("x", b.n), b.vector("y", b.m))
        let i = b.w.index(IndexRecord(name: "i", dimension: b.n))
        let j = b.w.index(IndexRecord(name: "j", dimension: b.m))
        let product = b.times(
          b.make(.entry(x, [.label(i)])), b.make(.entry(y, [.label(j)])))
        return (b.make(.tabulate([j, i], product)), x)
      },
      RuleCase(.timeSum, "Σ_s s x") { b in
        let x = b.vector("x", b.n)
        let s = b.w.time(named: "s")
        let body = b.times(b.make(.timeValue(Time(s))), x)
        return (b.make(.timeSum(s, from: Time(1), through: Time(3), body)), x)
      },
      RuleCase(.stack, "[x; Ax]") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.m, b.n))
        return (b.make(.stack(rows: 2, columns: 1, [x, b.times(a, x)])), x)
      },
      RuleCase(.stack, "[A X; X 0]") { b in
        let (x, a) = (b.matrix("X", b.n, b.n), b.matrix("A", b.n, b.n))
        let zero = b.make(.zero(.matrix(b.n, b.n)))
        return (b.make(.stack(rows: 2, columns: 2, [a, x, x, zero])), x)
      },
      RuleCase(.total, "sum of all entries") { b in
        let x = b.matrix("X", b.m, b.n)
        return (b.call(.total, b.hadamard(x, x)), x)
      },
      RuleCase(.vec, "vec(AX)") { b in
        let (x, a) = (b.matrix("X", b.n, b.d), b.matrix("A", b.m, b.n))
        return (b.call(.vec, b.times(a, x)), x)
      },
      RuleCase(.diagonal, "diag(x) as a matrix") { b in
        let x = b.vector("x", b.n)
        return (b.call(.diag, x), x)
      },
      RuleCase(.diagonal, "diag(X) as a vector") { b in
        let x = b.matrix("X", b.n, b.n)
        return (b.call(.diag, x), x)
      },
      RuleCase(.product, "A x") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.m, b.n))
        return (b.times(a, x), x)
      },
      RuleCase(.product, "W x by W") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.m, b.n))
        return (b.times(a, x), a)
      },
      RuleCase(.product, "xᵀ A x") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.n, b.n))
        return (b.times(b.transpose(x), a, x), x)
      },
      RuleCase(.product, "x yᵀ") { b in
        let (x, y) = (b.vector("x", b.n), b.vector("y", b.m))
        return (b.times(x, b.transpose(y)), x)
      },
      RuleCase(.product, "A X B") { b in
        let (x, a) = (b.matrix("X", b.n, b.n), b.matrix("A", b.m, b.n))
        return (b.times(a, x, b.matrix("B", b.n, b.d)), x)
      },
      RuleCase(.product, "row times matrix") { b in
        let (x, a) = (b.row("x", b.m), b.matrix("A", b.m, b.n))
        return (b.times(x, a), x)
      },
      RuleCase(.product, "s² x by s") { b in
        let (s, x) = (b.scalar("s"), b.vector("x", b.n))
        return (b.times(b.times(s, s), x), s)
      },
      RuleCase(.product, "matrix times third-order tensor") { b in
        let (x, a) = (b.matrix("X", b.n, b.m), b.matrix("A", b.d, b.n))
        let i = b.w.index(IndexRecord(name: "i", dimension: b.n))
        let j = b.w.index(IndexRecord(name: "j", dimension: b.m))
        let k = b.w.index(IndexRecord(name: "k", dimension: b.d))
        let entry = b.make(.entry(x, [.label(i), .label(j)]))
        let other = b.make(.entry(a, [.label(k), .label(i)]))
        let tensor = b.make(.tabulate([i, j, k], b.times(entry, other)))
        return (b.times(a, tensor), x)
      },
      RuleCase(.hadamard, "x ⊙ Ax") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.n, b.n))
        return (b.hadamard(x, b.times(a, x)), x)
      },
      RuleCase(.hadamard, "a row in every row, scaled") { b in
        let (x, r) = (b.matrix("X", b.m, b.n), b.row("b", b.n))
        return (b.hadamard(b.scalar("s"), x, r), r)
      },
      RuleCase(.quotient, "x / xᵀx") { b in
        let x = b.vector("x", b.n)
        return (b.make(.quotient(x, b.times(b.transpose(x), x))), x)
      },
      RuleCase(.quotient, "entry by entry") { b in
        let x = b.vector("x", b.n)
        return (b.make(.quotient(x, b.apply(.exp, x))), x)
      },
      RuleCase(.kronecker, "X ⊗ A X") { b in
        let (x, a) = (b.matrix("X", b.n, b.m), b.matrix("A", b.d, b.n))
        return (b.make(.kronecker(x, b.times(a, x))), x)
      },
      RuleCase(.timeProduct, "Π_s (s A + X)") { b in
        let (x, a) = (b.matrix("X", b.n, b.n), b.matrix("A", b.n, b.n))
        let s = b.w.time(named: "s")
        let body = b.plus(b.times(b.make(.timeValue(Time(s))), a), x)
        return (b.make(.timeProduct(s, from: Time(1), through: Time(3), body, .descending)), x)
      },
      RuleCase(.timeProduct, "ascending scalars") { b in
        let x = b.scalar("x")
        let s = b.w.time(named: "s")
        let body = b.plus(b.make(.timeValue(Time(s))), x)
        return (b.make(.timeProduct(s, from: Time(1), through: Time(3), body, .ascending)), x)
      },
      RuleCase(.pathProduct, "two parts") { b in
        let (x, a) = (b.matrix("X", b.n, b.n), b.matrix("A", b.n, b.d))
        let s = b.w.time(named: "s")
        let scaled = b.times(b.make(.timeValue(Time(s))), x)
        let blocks = [scaled, b.times(x, a), a, b.times(b.transpose(a), x, a)]
        let path = PathProduct(
          step: s, lower: Time(0), upper: Time(3), row: 0, column: 1, blocks: blocks, size: 2)
        return (b.make(.pathProduct(path)), x)
      },
      RuleCase(.maximum, "max(x, y)") { b in
        let (x, y) = (b.vector("x", b.m), b.vector("y", b.m))
        return (b.plus(b.make(.maximum(x, y)), b.make(.maximum(b.w.number(0), x))), x)
      },
      RuleCase(.power, "x³ entry by entry") { b in
        let x = b.vector("x", b.n)
        return (b.power(x, 3), x)
      },
      RuleCase(.power, "x^{−2} of a scalar") { b in
        let x = b.scalar("x")
        return (b.power(x, -2), x)
      },
      RuleCase(.power, "x^{t−k}") { b in
        let x = b.scalar("x")
        return (b.make(.power(x, b.make(.timeValue(Time(b.t) - Time(b.k))))), x)
      },
      RuleCase(.exponential, "x^a by a") { b in
        let (x, a) = (b.vector("x", b.n, .positive), b.scalar("a"))
        return (b.make(.power(x, a)), a)
      },
      RuleCase(.exponential, "x^x") { b in
        let x = b.scalar("x", .positive)
        return (b.make(.power(x, x)), x)
      },
      RuleCase(.opaque, "f(x, Ax)") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.m, b.n))
        let f = b.w.opaque(OpaqueRecord(name: "f", shape: .vector(b.d)))
        return (b.make(.opaque(f, at: nil, [x, b.times(a, x)])), x)
      },
      RuleCase(.opaquePartial, "∂f/∂(second)") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.m, b.n))
        let f = b.w.opaque(OpaqueRecord(name: "f", shape: .vector(b.d)))
        let partial = b.make(
          .opaquePartial(f, at: nil, slots: [1], [x, b.times(a, x), b.scalar("s")]))
        return (partial, x)
      },
      RuleCase(.trace, "tr(A X)") { b in
        let (x, a) = (b.matrix("X", b.n, b.n), b.matrix("A", b.n, b.n))
        return (b.call(.trace, b.times(a, x)), x)
      },
      RuleCase(.determinant, "det(A X)") { b in
        let x = b.matrix("X", b.n, b.n, .invertible)
        return (b.call(.determinant, b.times(b.matrix("A", b.n, b.n, .invertible), x)), x)
      },
      RuleCase(.matrixPower, "X³") { b in
        let x = b.matrix("X", b.n, b.n)
        return (b.power(x, 3), x)
      },
      RuleCase(.matrixPower, "X^{−2}") { b in
        let x = b.matrix("X", b.n, b.n, .invertible)
        return (b.power(x, -2), x)
      },
      RuleCase(.inverse, "X^{−1}") { b in
        let x = b.matrix("X", b.n, b.n, .invertible)
        return (b.power(x, -1), x)
      },
      RuleCase(.timePower, "X^{t−k}") { b in
        let x = b.matrix("X", b.n, b.n)
        return (b.make(.power(x, b.make(.timeValue(Time(b.t) - Time(b.k))))), x)
      },
      RuleCase(.norm, "‖Ax‖") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.m, b.n))
        return (b.call(.norm, b.times(a, x)), x)
      },
      RuleCase(.squaredNorm, "‖AX‖²") { b in
        let (x, a) = (b.matrix("X", b.n, b.d), b.matrix("A", b.m, b.n))
        return (b.power(b.call(.norm, b.times(a, x)), 2), x)
      },
      RuleCase(.softmax, "softmax(Ax)") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.m, b.n))
        return (b.call(.softmax, b.times(a, x)), x)
      },
      RuleCase(.softmax, "of a matrix, row by row") { b in
        let (x, a) = (b.matrix("X", b.n, b.d), b.matrix("A", b.m, b.n))
        return (b.call(.softmax, b.times(a, x)), x)
      },
      RuleCase(.softmax, "of a row") { b in
        let x = b.row("x", b.m)
        return (b.call(.softmax, x), x)
      },
      RuleCase(.largestEntry, "max_i x_i") { b in
        let (x, a) = (b.vector("x", b.n), b.matrix("A", b.m, b.n))
        return (b.call(.maximum, b.times(a, x)), x)
      },
    ]
    + ElementwiseFunction.standard.flatMap { function in
      // A slope of sign is zero everywhere: nothing to see.
      (function == .sign ? [] : [0, 1]).filter { $0 == 0 || !isPiecewiseLinear(function) }.map {
        n in
        RuleCase(.elementwise, "\(function), derivative \(n)") { b in
          let x = b.matrix("X", b.m, b.n, .positive)
          return (b.apply(function, x, n), x)
        }
      }
    } + [
      RuleCase(.elementwise, "an unspecified f, third derivative") { b in
        let x = b.vector("x", b.n)
        let f = b.w.function(named: "f")
        return (b.apply(.generic(f), x, 2), x)
      }
    ]

  static func isPiecewiseLinear(_ function: ElementwiseFunction) -> Bool {
    function == .relu || function == .absolute
  }

  func distance(
    _ layout: Layout, disabling rule: Rule? = nil
  ) throws(DerivativeProblem) -> Double {
    var bench = Bench()
    let (numerator, denominator) = build(&bench)
    return try bench.distance(
      of: numerator, by: denominator, Intervention(layout: layout),
      at: [[bench.t: 4, bench.k: 1]], disabling: rule)
  }
}

@Suite("Every rule of the tables")
struct RuleTests {
  @Test("agrees with central differences in every layout", arguments: RuleCase.all)
  func agrees(_ rule: RuleCase) throws {
    for layout in Layout.allCases {
      #expect(try rule.distance(layout) < 1e-6, "\(layout)")
    }
  }

  @Test("is missed when it is knocked out", arguments: RuleCase.all)
  func isMissed(_ rule: RuleCase) throws {
    #expect(try rule.distance(.numerator, disabling: rule.rule) > 1e-3)
  }

  @Test("has a case and a source", arguments: Rule.allCases)
  func isCovered(_ rule: Rule) {
    #expect(!rule.source.isEmpty)
    let ofTheModel: [Rule] = [.chain, .recurrence, .parameter]
    #expect(ofTheModel.contains(rule) || RuleCase.all.contains { $0.rule == rule })
  }
}
