import Expressions
import Numerics
import Testing

@Suite struct ExactTests {
  func matrix(_ w: inout Workspace, _ rows: [[Rational]]) -> Expression {
    var blocks: [Expression] = []
    for row in rows { for entry in row { blocks.append(w.number(entry)) } }
    return w.expression(.stack(rows: rows.count, columns: rows[0].count, blocks))
  }
  func decimals(_ w: inout Workspace, _ rows: [[(Int, Int)]]) -> Expression {
    var blocks: [Expression] = []
    for row in rows {
      for (digits, places) in row {
        let value = Rational(BigInteger(digits), over: power(places))
        blocks.append(w.expression(.decimal(value, places: places)))
      }
    }
    return w.expression(.stack(rows: rows.count, columns: rows[0].count, blocks))
  }
  func power(_ places: Int) -> BigInteger {
    (0..<places).reduce(BigInteger.one) { product, _ in product * BigInteger(10) }
  }
  func decimal(_ w: inout Workspace, _ digits: Int, _ places: Int) -> Expression {
    w.expression(.decimal(Rational(BigInteger(digits), over: power(places)), places: places))
  }

  @Test("powers and inverses of matrices of fractions are exact")
  func matrices() {
    var w = Workspace()
    let m = matrix(&w, [[2, 1], [1, 1]].map { $0.map { Rational($0) } })
    let cube = w.expression(.power(m, w.number(3)))
    #expect(
      w.exactValue(of: cube)?.entries == [Rational(13), Rational(8), Rational(8), Rational(5)])
    let inverse = w.expression(.power(cube, w.number(-1)))
    #expect(
      w.exactValue(of: inverse)?.entries
        == [Rational(5), Rational(-8), Rational(-8), Rational(13)])
    let determinant = w.expression(.tensorFunction(.determinant, cube))
    #expect(w.exactValue(of: determinant)?.entries == [Rational(1)])
    let third = w.expression(.quotient(w.number(1), w.number(3)))
    let sum = w.sum([third, third, third])
    #expect(w.exactValue(of: sum)?.entries == [.one])
    let root = w.expression(.apply(.sqrt, derivative: 0, w.number(Rational(9, over: 16))))
    #expect(w.exactValue(of: root)?.entries == [Rational(3, over: 4)])
    #expect(w.exactValue(of: w.expression(.apply(.sqrt, derivative: 0, w.number(2)))) == nil)
    let slope = w.expression(.apply(.sigmoid, derivative: 1, w.number(0)))
    #expect(w.exactValue(of: slope)?.entries == [Rational(1, over: 4)])
    #expect(w.exactValue(of: w.expression(.quotient(w.number(1), w.number(0)))) == nil)
  }

  @Test("printed decimals agree to one unit in the last place, and no further")
  func printed() {
    var w = Workspace()
    let one = w.number(1)
    let logistic = w.expression(.apply(.sigmoid, derivative: 0, one))
    let right = decimal(&w, 7311, 4)
    let wrong = decimal(&w, 7316, 4)
    #expect(w.printedAgreement(of: logistic, and: right).isEqual)
    #expect(!w.printedAgreement(of: logistic, and: wrong).isEqual)
    let nine = w.expression(.power(decimal(&w, 9, 1), w.number(30)))
    #expect(w.printedAgreement(of: nine, and: decimal(&w, 424, 4)).isEqual)
    #expect(w.printedAgreement(of: decimal(&w, 424, 4), and: nine).isEqual)
    #expect(!w.printedAgreement(of: nine, and: decimal(&w, 426, 4)).isEqual)
    let m = decimals(&w, [[(58, 2), (24, 2)], [(24, 2), (72, 2)]])
    let p = decimals(&w, [[(1526, 5), (2035, 5)], [(2035, 5), (2713, 5)]])
    let q = decimals(&w, [[(1526, 5), (2035, 5)], [(2035, 5), (2716, 5)]])
    let thirty = w.expression(.power(m, w.number(30)))
    #expect(w.printedAgreement(of: thirty, and: p).isEqual)
    #expect(!w.printedAgreement(of: thirty, and: q).isEqual)
  }

  @Test("enclosures hold the value and are narrow")
  func enclosures() {
    var w = Workspace()
    let e = w.expression(.apply(.exp, derivative: 0, w.number(1)))
    let enclosed = w.enclosure(of: e)
    #expect(enclosed.map { $0.lower[0] <= 2.718281828459045 } == true)
    #expect(enclosed.map { $0.upper[0] - $0.lower[0] < 1e-14 } == true)
    let tiny = w.sum([e, w.expression(.negative(e))])
    #expect(w.enclosure(of: tiny).map { $0.lower[0] <= 0 && $0.upper[0] >= 0 } == true)
    for function in ElementwiseFunction.standard where function != .sign {
      for derivative in 0..<4 {
        for argument in [-3, -1, 1, 2] {
          let x = w.number(Rational(argument, over: 2))
          let value = w.expression(.apply(function, derivative: derivative, x))
          var laboratory = Laboratory(
            model: Model(), sample: Sample(seed: 1), scale: .fixed(1), in: w)
          guard let measured = try? laboratory.measure(value, in: w) else { continue }
          guard let bounds = w.enclosure(of: value) else {
            #expect((function == .relu || function == .absolute) && derivative > 1)
            continue
          }
          let slack = 1e-14 * max(1, measured.values[0].magnitude)
          #expect(bounds.lower[0] <= measured.values[0] + slack)
          #expect(bounds.upper[0] >= measured.values[0] - slack)
          #expect(bounds.upper[0] - bounds.lower[0] < 1e-9)
        }
      }
    }
  }
}

extension PrintedAgreement {
  var isEqual: Bool {
    if case .equal = self { return true }
    return false
  }
}
