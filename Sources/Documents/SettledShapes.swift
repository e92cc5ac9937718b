import Expressions

/// What an expression means once the shapes in it are known.
extension Workspace {
  package mutating func settlingShapes(_ root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      switch workspace[expression] {
      case .tensorFunction(.spectralNorm, let operand):
        // Where a vector stands between the bars the norm is the Euclidean one.
        guard let shape = try? workspace.shape(of: operand), shape.squeezed.order < 2
        else { return nil }
        return workspace.expression(.tensorFunction(.norm, operand))
      case .sum(let terms): return workspace.spreading(terms)
      default: return nil
      }
    }
  }

  /// A number in a sum of vectors stands for as many: `x - μ` is `x - μ 𝟏`.
  private mutating func spreading(_ terms: [Expression]) -> Expression? {
    var shape: Shape?
    var numbers: [Int] = []
    for (i, term) in terms.enumerated() where !isNumeric(term) {
      guard let own = try? self.shape(of: term) else { return nil }
      if own.isScalar { numbers.append(i) } else { shape = shape ?? own }
    }
    guard let shape, shape.isVector || shape.isRow, !numbers.isEmpty else { return nil }
    var spread = terms
    for i in numbers {
      let ones = expression(.ones(shape))
      if case .negative(let number) = self[terms[i]] {
        spread[i] = expression(.negative(expression(.product([number, ones]))))
      } else {
        spread[i] = expression(.product([terms[i], ones]))
      }
    }
    return expression(.sum(spread))
  }
}
