import Expressions
import Notation

/// Functions with a kink at zero where a number is known to lie on one side of it.
extension Workspace {
  /// Whether `number > bound` makes a number positive, or `number < bound` negative; nil where it
  /// does neither.
  func sign(
    of number: Expression, _ relation: Formula.RelationSign, _ bound: Expression
  ) -> Bool? {
    guard case .number(let value) = self[bound], (try? shape(of: number))?.isScalar == true else {
      return nil
    }
    switch relation {
    case .greater: return value.signum >= 0 ? true : nil
    case .less: return value.signum <= 0 ? false : nil
    default: return nil
    }
  }

  /// The expression with |x|, sgn x and max(0, x), and their slopes, as they are on one side of zero.
  mutating func beyondKinks(
    at number: Expression, _ isPositive: Bool, in root: Expression
  ) -> Expression {
    let zero = self.number(.zero)
    return rewriting(root) { workspace, expression in
      let plain: Expression
      switch workspace[expression] {
      case .apply(.sign, 0, let argument):
        guard let isSame = workspace.isSame(argument, as: number) else { return nil }
        return workspace.number(Rational(isSame == isPositive ? 1 : -1))
      case .apply(.absolute, 0, number):
        return isPositive ? number : workspace.expression(.negative(number))
      case .apply(.absolute, 1, number):
        return workspace.number(Rational(isPositive ? 1 : -1))
      case .apply(.relu, 0, number), .maximum(number, zero), .maximum(zero, number):
        plain = number
      case .apply(.relu, 1, number): plain = workspace.number(.one)
      default: return nil
      }
      return isPositive ? plain : zero
    }
  }

  /// Whether an expression is a number, or its negative, but for zeros that are added; nil where it is
  /// neither.
  private func isSame(_ expression: Expression, as number: Expression) -> Bool? {
    if expression == number { return true }
    switch self[expression] {
    case .negative(let operand): return isSame(operand, as: number).map { !$0 }
    case .sum(let terms):
      let rest = terms.filter { !isNothing($0) }
      return rest.count == 1 ? isSame(rest[0], as: number) : nil
    default: return nil
    }
  }

  private func isNothing(_ expression: Expression) -> Bool {
    if case .negative(let operand) = self[expression] { return isNothing(operand) }
    return isZero(expression)
  }
}
