import Expressions

/// All that one slip of the pen makes of an expression: an enumeration of the tests' own.
struct SingleEdits {
  /// What a name may be mistaken for.
  let symbols: [Symbol]

  /// The changed expressions, each once, in the order of their places.
  func variants(of root: Expression, in workspace: inout Workspace) -> [Expression] {
    var found: [Expression] = []
    var seen: Set<Expression> = [root]
    for variant in places(root, isNamed: false, in: &workspace)
    where seen.insert(variant).inserted {
      found.append(variant)
    }
    let negative = workspace.expression(.negative(root))
    if case .negative = workspace[root] {
    } else if seen.insert(negative).inserted {
      found.append(negative)
    }
    return found
  }

  /// - Parameter isNamed: whether the expression names a node in a derivative.
  private func places(
    _ root: Expression, isNamed: Bool, in workspace: inout Workspace
  ) -> [Expression] {
    var variants = here(root, isNamed: isNamed, in: &workspace)
    let node = workspace[root]
    var isNumerator = false
    if case .derivative = node { isNumerator = true }
    let children = node.children
    for (i, child) in children.enumerated() {
      for changed in places(child, isNamed: isNamed || isNumerator, in: &workspace) {
        var new = children
        new[i] = changed
        variants.append(workspace.expression(node.replacingChildren(new)))
      }
    }
    return variants
  }

  private func here(
    _ root: Expression, isNamed: Bool, in workspace: inout Workspace
  ) -> [Expression] {
    var new: [Expression] = []
    let node = workspace[root]
    switch node {
    case .variable(let variable):
      for delta in [-1, 1] {
        guard let time = variable.time else { break }
        new.append(workspace.variable(variable.symbol, at: time + delta, copy: variable.copy))
      }
      for other in alternatives(to: variable.symbol, in: workspace) {
        new.append(workspace.variable(other, at: variable.time, copy: variable.copy))
      }
    case .number(let value):
      for delta in [-1, 1] { new.append(workspace.number(value + Rational(delta))) }
    case .timeValue(let time):
      for delta in [-1, 1] { new.append(workspace.expression(.timeValue(time + delta))) }
    case .sum(let terms):
      for i in terms.indices {
        var others = terms
        others.remove(at: i)
        new.append(workspace.sum(others))
        new.append(workspace.expression(.sum(terms + [terms[i]])))
        others = terms
        if case .negative(let operand) = workspace[terms[i]] {
          others[i] = operand
        } else {
          others[i] = workspace.expression(.negative(terms[i]))
        }
        new.append(workspace.expression(.sum(others)))
      }
    case .negative(let operand): new.append(operand)
    case .product(let factors):
      for other in factorEdits(factors, isOrdered: true) { new.append(workspace.product(other)) }
    case .hadamard(let factors):
      for other in factorEdits(factors, isOrdered: false) { new.append(workspace.hadamard(other)) }
    case .transpose(let operand): new.append(operand)
    case .apply(let function, let derivative, let argument):
      new.append(
        workspace.expression(.apply(function, derivative: derivative == 0 ? 1 : 0, argument)))
      if derivative == 0 { new.append(argument) }
      if function == .sigmoid || function == .tanh {
        let other: ElementwiseFunction = function == .sigmoid ? .tanh : .sigmoid
        new.append(workspace.expression(.apply(other, derivative: derivative, argument)))
      }
    case .entry(let operand, let indices) where indices.count == 2:
      new.append(workspace.expression(.entry(operand, [indices[1], indices[0]])))
      new.append(workspace.expression(.entry(operand, [indices[0], indices[0]])))
    case .timeSum(let step, let from, let through, let body):
      for (a, b) in bounds(from, through) {
        new.append(workspace.expression(.timeSum(step, from: a, through: b, body)))
      }
    case .timeProduct(let step, let from, let through, let body, let order):
      for (a, b) in bounds(from, through) {
        new.append(workspace.expression(.timeProduct(step, from: a, through: b, body, order)))
      }
    case .derivative(let a, let b, var intervention):
      intervention.mode = intervention.mode == .total ? .immediate : .total
      new.append(workspace.expression(.derivative(of: a, by: b, intervention)))
    default: break
    }
    if !isNamed, let shape = try? workspace.shape(of: root), shape.isVector || shape.isMatrix {
      if case .transpose = node {} else { new.append(workspace.expression(.transpose(root))) }
    }
    return new
  }

  private func factorEdits(_ factors: [Expression], isOrdered: Bool) -> [[Expression]] {
    var edits: [[Expression]] = []
    for i in factors.indices {
      var others = factors
      others.remove(at: i)
      edits.append(others)
      others = factors
      others.insert(factors[i], at: i)
      edits.append(others)
      for j in factors.indices where isOrdered && j > i {
        others = factors
        others.swapAt(i, j)
        edits.append(others)
      }
    }
    return edits
  }

  private func bounds(_ from: Time, _ through: Time) -> [(Time, Time)] {
    [(from - 1, through), (from + 1, through), (from, through - 1), (from, through + 1)]
  }

  private func alternatives(
    to symbol: Symbol, in workspace: borrowing Workspace
  ) -> [Symbol] {
    let (shape, isFamily) = (workspace[symbol].shape, workspace[symbol].isFamily)
    return symbols.filter { other in
      other != symbol && workspace[other].shape == shape && workspace[other].isFamily == isFamily
    }
  }
}
