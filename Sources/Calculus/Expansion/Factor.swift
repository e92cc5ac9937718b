import Expressions

/// The derivative of one vertex by another, or by the source, along the paths that pass no third
/// vertex: one factor of an expansion.
package struct Factor: Hashable, Sendable {
  package enum Form: Hashable, Sendable {
    /// A summed loss is its own summand, a source its own start.
    case identity
    /// Along all paths, for there are no others.
    case total
    /// ∂⁺, where that is all.
    case immediate
    /// By a parameter's copy, as another step's equations use it.
    case copy
    /// Paths written out, each a product.
    case sum([[Factor]])
  }
  package var numerator: UnrolledNode
  /// A parameter has the step of its use as its time.
  package var denominator: UnrolledNode
  package var isByParameter: Bool
  package var form: Form
  /// Families that are held, so that no other path counts.
  package var held: [Symbol] = []

  /// The same, so many steps later.
  func shifted(by steps: Int) -> Factor {
    var factor = self
    factor.numerator.time = numerator.time.map { $0 + steps }
    factor.denominator.time = denominator.time.map { $0 + steps }
    if case .sum(let paths) = form {
      factor.form = .sum(paths.map { $0.map { $0.shifted(by: steps) } })
    }
    return factor
  }
}

/// Where the literal times of an unrolled model stand in a written formula.
package struct Clock: Sendable {
  /// What a literal time is written as.
  var shift = Time.zero
  /// The source's own time does not run with the others.
  var sourceTime: Time?

  package init() {}
  /// A clock on which `literal` is written as `time`.
  package init(at literal: Int, as time: Time, sourceTime: Time? = nil) {
    shift = time - literal
    self.sourceTime = sourceTime
  }
  func time(_ literal: Int) -> Time { shift + literal }
}

extension Workspace {
  /// A factor as a derivative; nil for the identity.
  mutating func expression(
    of factor: Factor, at clock: Clock, source: UnrolledSource, isVectorized: Bool
  ) -> Expression? {
    var intervention = Intervention(held: factor.held)
    switch factor.form {
    case .identity: return nil
    case .total, .copy: break
    case .immediate: intervention.mode = .immediate
    case .sum(let paths):
      var terms: [Expression] = []
      for path in paths {
        var factors: [Expression] = []
        for factor in path {
          if let factor = expression(
            of: factor, at: clock, source: source, isVectorized: isVectorized)
          {
            factors.append(factor)
          }
        }
        terms.append(product(factors))
      }
      return sum(terms)
    }
    let numerator = variable(of: factor.numerator, at: clock, isVectorized: isVectorized)
    let denominator: Expression
    if factor.isByParameter {
      var variable = Variable(factor.denominator.symbol)
      if factor.form == .copy { variable.copy = factor.denominator.time.map(clock.time) }
      denominator = vectorized(expression(.variable(variable)), if: isVectorized)
    } else {
      var own = clock
      if source == .node(factor.denominator), let fixed = clock.sourceTime,
        let time = factor.denominator.time
      {
        own = Clock(at: time, as: fixed)
      }
      denominator = variable(of: factor.denominator, at: own, isVectorized: isVectorized)
    }
    return expression(.derivative(of: numerator, by: denominator, intervention))
  }

  /// A node as a variable.
  mutating func variable(
    of node: UnrolledNode, at clock: Clock, isVectorized: Bool
  ) -> Expression {
    vectorized(variable(node.symbol, at: node.time.map(clock.time)), if: isVectorized)
  }

  /// The same for a variable.
  package mutating func vectorized(_ variable: Variable, if isVectorized: Bool) -> Expression {
    vectorized(expression(.variable(variable)), if: isVectorized)
  }

  /// Matrices as columns, so that Jacobians are matrices and multiply.
  mutating func vectorized(_ node: Expression, if isVectorized: Bool) -> Expression {
    guard isVectorized, case .variable(let variable) = self[node],
      self[variable.symbol].shape.squeezed.order > 1
    else { return node }
    return expression(.tensorFunction(.vec, node))
  }
}
