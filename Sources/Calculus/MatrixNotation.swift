import Expressions

/// The Jacobian of a vector by a vector in matrix notation, numerator layout.
enum MatrixJacobian {
  case zero, identity
  case matrix(Expression)
}

/// Which equations are written out below the expression that is differentiated.
struct Unfolding {
  /// Those of these steps; nil keeps every variable.
  var first: Time?
  var last: Time?
  /// Families whose equations are not written out, though they are of those steps.
  var kept: [Symbol] = []

  static let none = Unfolding()

  func reaches(_ variable: Variable) -> Bool {
    guard let first, let last, let time = variable.time, !kept.contains(variable.symbol),
      let after = (time - first).literal, let before = (last - time).literal
    else { return false }
    return after >= 0 && before >= 0
  }
}

extension Differentiation {
  /// The Jacobian of what is written, other variables held; nil where there is no matrix notation.
  ///
  /// - Parameter leaf: the vector by which is differentiated.
  mutating func matrixJacobian(
    of expression: Expression, by leaf: Expression, _ unfolding: Unfolding = .none,
    recording intervention: Intervention? = nil, _ workspace: inout Workspace
  ) -> MatrixJacobian? {
    if expression == leaf { return .identity }
    guard let shape = try? shape(of: expression, workspace), shape.isVector else {
      return isFree(expression, of: leaf, unfolding, &workspace) ? .zero : nil
    }
    if isFree(expression, of: leaf, unfolding, &workspace) { return .zero }
    let result: MatrixJacobian?
    var rule = Rule.chain
    var parts: [JacobianPart] = []
    switch workspace[expression] {
    case .variable(let variable):
      guard let time = variable.time, unfolding.reaches(variable) else { return .zero }
      let ways = alternatives(for: variable.symbol, at: time, &workspace, generalOnly: true)
      guard ways.count == 1 else { return nil }
      return matrixJacobian(
        of: ways[0].body, by: leaf, unfolding, recording: intervention, &workspace)
    case .sum(let terms):
      rule = .sum
      for term in terms { parts.append((nil, term)) }
    case .negative(let operand):
      rule = .negative
      parts = [(workspace.number(-1), operand)]
    case .product(let factors):
      guard let last = factors.last else { return nil }
      for factor in factors.dropLast() where !isFree(factor, of: leaf, unfolding, &workspace) {
        return nil
      }
      rule = .product
      let rest = Array(factors.dropLast())
      parts = [(workspace.product(rest), last)]
    case .hadamard(let factors):
      rule = .hadamard
      for (place, factor) in factors.enumerated() {
        guard let own = try? self.shape(of: factor, workspace), own == shape else { return nil }
        var others = factors
        others.remove(at: place)
        let product = workspace.hadamard(others)
        parts.append((workspace.expression(.tensorFunction(.diag, product)), factor))
      }
    case .apply(let function, let order, let operand):
      rule = .elementwise
      guard let slope = workspace.slope(of: function, order: order + 1, at: operand) else {
        return .zero
      }
      parts = [(workspace.expression(.tensorFunction(.diag, slope)), operand)]
    case .tensorFunction(.vec, let matrix):
      guard let vectorized = vecParts(of: matrix, by: leaf, unfolding, &workspace) else {
        return nil
      }
      (rule, parts) = vectorized
    default: return nil
    }
    var terms: [Expression] = []
    var written: [Expression] = []
    var isIdentity = false
    for part in parts {
      guard
        let inner = matrixJacobian(
          of: part.operand, by: leaf, unfolding, recording: intervention, &workspace)
      else { return nil }
      if let intervention, !isFree(part.operand, of: leaf, unfolding, &workspace) {
        let quotient = workspace.expression(
          .derivative(of: part.operand, by: leaf, intervention))
        written.append(scaled(part.factor, quotient, &workspace))
      }
      switch inner {
      case .zero: continue
      case .identity:
        if let factor = part.factor {
          terms.append(factor)
        } else {
          isIdentity = parts.count == 1
          terms.append(workspace.expression(.identity(shape.dimensions[0])))
        }
      case .matrix(let matrix):
        if part.factor == nil, case .sum(let inner) = workspace[matrix] {
          terms += inner
        } else {
          terms.append(scaled(part.factor, matrix, &workspace))
        }
      }
    }
    if terms.isEmpty {
      result = .zero
    } else {
      result = isIdentity ? .identity : .matrix(workspace.sum(counted(terms, &workspace)))
    }
    if let intervention, !written.isEmpty {
      let before = workspace.expression(.derivative(of: expression, by: leaf, intervention))
      note(rule, before, workspace.sum(written))
    }
    return result
  }

  /// The terms with those that stand more than once as a multiple.
  private func counted(
    _ terms: [Expression], _ workspace: inout Workspace
  ) -> [Expression] {
    var kinds: [(term: Expression, count: Int)] = []
    for term in terms {
      if let place = kinds.firstIndex(where: { $0.term == term }) {
        kinds[place].count += 1
      } else {
        kinds.append((term: term, count: 1))
      }
    }
    var result: [Expression] = []
    for (term, count) in kinds {
      let number = workspace.number(count)
      result.append(count == 1 ? term : scaled(number, term, &workspace))
    }
    return result
  }

  private func scaled(
    _ factor: Expression?, _ matrix: Expression, _ workspace: inout Workspace
  ) -> Expression {
    guard let factor else { return matrix }
    if factor == workspace.number(-1) { return workspace.expression(.negative(matrix)) }
    if case .negative(let positive) = workspace[factor] {
      return workspace.expression(.negative(scaled(positive, matrix, &workspace)))
    }
    var factors = [factor]
    if case .product(let inner) = workspace[factor] { factors = inner }
    if case .product(let inner) = workspace[matrix] {
      factors += inner
    } else {
      factors.append(matrix)
    }
    return workspace.product(factors)
  }

  /// Whether an expression cannot change with the leaf, through the unfolded equations at most.
  mutating func isFree(
    _ expression: Expression, of leaf: Expression, _ unfolding: Unfolding,
    _ workspace: inout Workspace
  ) -> Bool {
    var leaf = leaf
    if case .tensorFunction(.vec, let matrix) = workspace[leaf] { leaf = matrix }
    for variable in workspace.variables(in: expression) {
      let node = workspace.expression(.variable(variable))
      if node == leaf { return false }
      guard let time = variable.time, unfolding.reaches(variable) else { continue }
      for way in alternatives(for: variable.symbol, at: time, &workspace, generalOnly: true)
      where !isFree(way.body, of: leaf, unfolding, &workspace) {
        return false
      }
    }
    return true
  }
}
