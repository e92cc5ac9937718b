import Documents
import Expressions

extension ShapeSolver {
  /// What a loss squares without a norm or a sum, `J = \frac12 (\hat y - y)^2`, as numbers, where that
  /// types and leaves every capital as it is.
  func squaresOfNumbers(
    _ candidates: [Candidate], insteadOf found: ShapeInference, in workspace: borrowing Workspace
  ) -> ShapeInference? {
    var squared: [Symbol] = []
    for definition in model.definitions
    where candidates.contains(where: { $0.symbol == definition.symbol && isLoss($0.key) }) {
      workspace.visit(definition.body) { _, node in
        guard case .power(let base, let exponent) = node,
          workspace[exponent] == .number(Rational(2)), case .sum(let terms) = workspace[base]
        else { return }
        for term in terms {
          if let variable = workspace.signedVariable(term) {
            squared += [variable.symbol, definition.symbol]
          }
        }
      }
    }
    var numbers = candidates
    var isChanged = false
    for i in numbers.indices where squared.contains(numbers[i].symbol) && !numbers[i].isDeclared {
      let isNumber = found.shape(of: numbers[i].symbol, in: workspace).isScalar
      isChanged = isChanged || !isNumber
      numbers[i].shapes = [.scalar]
    }
    guard isChanged, let inference = search(numbers, model, in: workspace),
      candidates.allSatisfy({ candidate in
        !candidate.key.isMatrixLike || candidate.isDeclared || squared.contains(candidate.symbol)
          || inference.shape(of: candidate.symbol, in: workspace).dimensions.count
            == found.shape(of: candidate.symbol, in: workspace).dimensions.count
      })
    else { return nil }
    return inference
  }

  /// `L`, and `J` or `E` if it is differentiated.
  private func isLoss(_ key: NameKey) -> Bool {
    key.isLossLike
      || ["E", "J"].contains(key.name) && page.derivatives.contains { $0.numerator == key }
  }
}

extension Workspace {
  /// The x of `x` and `-x`.
  fileprivate func signedVariable(_ term: Expression) -> Variable? {
    switch self[term] {
    case .variable(let variable): return variable
    case .negative(let operand): return signedVariable(operand)
    default: return nil
    }
  }
}
