import Expressions

/// A factor between two states, for all the steps at which it looks the same.
package struct StepFactor: Sendable {
  package let factor: Factor
  /// Stands for the later state's time.
  package let step: TimeSymbol
  package let times: ClosedRange<Int>
  /// As a derivative.
  package let quotient: Expression
  /// In matrix notation, where it has one; to be confirmed.
  package let matrix: Expression?
  /// Each is ≥ 0.
  package var domain: [Time] {
    [Time(step) - times.lowerBound, Time(times.upperBound) - Time(step)]
  }
}

extension ChainGraph {
  /// The factors between states.
  package func stepFactors(of model: Model, in workspace: inout Workspace) -> [StepFactor] {
    var runs: [(relative: Factor, factor: Factor, time: Int, first: Int, last: Int)] = []
    for vertex in vertices where vertex.isState {
      guard let time = vertex.node.time else { continue }
      for edge in vertex.edges where vertices[edge.target].isState {
        let relative = edge.factor.shifted(by: -time)
        if let run = runs.firstIndex(where: { $0.relative == relative }) {
          runs[run].first = min(runs[run].first, time)
          runs[run].last = max(runs[run].last, time)
        } else {
          runs.append((relative, edge.factor, time, time, time))
        }
      }
    }
    var differentiation = Differentiation(model: model)
    _ = try? differentiation.eliminatingDerivatives(workspace.number(0), in: &workspace)
    var result: [StepFactor] = []
    for run in runs {
      let step = workspace.time(named: "t")
      let clock = Clock(at: run.time, as: Time(step))
      guard let quotient = expression(of: run.factor, at: clock, &workspace) else { continue }
      differentiation.knowledge.facts =
        differentiation.model.domain + [Time(step) - run.first, Time(run.last) - Time(step)]
      let above = workspace.variable(
        of: run.factor.numerator, at: clock, isVectorized: isVectorized)
      let below = workspace.variable(
        of: run.factor.denominator, at: clock, isVectorized: isVectorized)
      let jacobian = differentiation.matrixJacobian(
        of: above, by: below,
        Unfolding(
          first: Time(step), last: Time(step),
          kept: states.filter { $0 != run.factor.numerator.symbol }), &workspace)
      var matrix: Expression?
      if case .matrix(let found)? = jacobian { matrix = found }
      result.append(
        StepFactor(
          factor: run.factor, step: step, times: run.first...run.last, quotient: quotient,
          matrix: matrix))
    }
    return result
  }
}

extension Expansion {
  /// Writes a step's factor in another way wherever it occurs.
  package mutating func write(
    _ step: StepFactor, as written: Expression, in workspace: inout Workspace
  ) {
    guard let time = step.factor.numerator.time else { return }
    for vertex in graph.vertices where vertex.isState {
      guard let now = vertex.node.time else { continue }
      for edge in vertex.edges
      where graph.vertices[edge.target].isState
        && edge.factor.shifted(by: time - now) == step.factor
      {
        let quotient = workspace.substituting(step.step, by: Time(now), in: step.quotient)
        write(quotient, as: workspace.substituting(step.step, by: Time(now), in: written))
      }
    }
  }

  /// The slopes of a step without their arguments; nil where something else differs from step to
  /// step.
  package static func elidingArguments(
    of matrix: Expression, in workspace: inout Workspace
  ) -> Expression? {
    var sites = 0
    let elided = workspace.rewriting(matrix) { workspace, expression in
      guard case .apply(let function, let order, _) = workspace[expression], order > 0 else {
        return nil
      }
      sites += 1
      return workspace.expression(.elided(function, derivative: order, site: sites - 1))
    }
    return workspace.variables(in: elided).contains { $0.time != nil } ? nil : elided
  }
}
