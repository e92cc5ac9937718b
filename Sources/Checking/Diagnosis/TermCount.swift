import Expressions

extension Workspace {
  /// How many terms an expression has when its sums over numbers of steps are written out.
  /// - Parameter adding: whether `2 A` counts as `A + A`.
  func termCount(
    _ expression: Expression, adding: Bool = false, _ times: [(TimeSymbol, Int)] = []
  ) -> Int {
    func value(_ time: Time) -> Int? {
      time.value { symbol in times.last { $0.0 == symbol }?.1 }
    }
    switch self[expression] {
    case .sum(let terms):
      var count = 0
      for term in terms { count += termCount(term, adding: adding, times) }
      return count
    case .negative(let operand), .transpose(let operand), .tabulate(_, let operand),
      .indexSum(_, let operand):
      return termCount(operand, adding: adding, times)
    case .iverson(let conditions):
      return conditions.allSatisfy { value($0).map { $0 >= 0 } ?? true } ? 1 : 0
    case .product(let factors), .hadamard(let factors):
      var count = 1
      for factor in factors {
        if holdsTimes(factor) { count *= termCount(factor, adding: adding, times) }
        if adding, case .number(let value) = self[factor], let whole = value.exactInt, whole > 1 {
          count *= whole
        }
      }
      return count
    case .timeSum(let symbol, let from, let through, let body):
      guard let first = value(from), let last = value(through), last - first < 64 else { return 1 }
      var count = 0
      for time in stride(from: first, through: last, by: 1) {
        count += termCount(body, adding: adding, times + [(symbol, time)])
      }
      return count
    default: return isZero(expression) ? 0 : 1
    }
  }

  private func holdsTimes(_ factor: Expression) -> Bool {
    switch self[factor] {
    case .timeSum, .iverson: return true
    case .transpose(let operand): return holdsTimes(operand)
    default: return false
    }
  }
}
