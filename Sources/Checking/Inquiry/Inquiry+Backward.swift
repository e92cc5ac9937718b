import Calculus
import Expressions

extension Inquiry {
  /// An equation of a derivation, and the times for which it is claimed.
  package struct DerivedEquation: Sendable {
    package var left: Expression
    package var right: Expression
    /// What is said beside it.
    package var condition: [Time]
    /// All that its nodes demand as well.
    package var domain: [Time]
    package var numeric: NumericEvidence
  }

  /// The derivative as a backward pass, every equation of it proved or validated, and none without
  /// finite differences that agree; empty where there is none.
  func backwardPass(
    of question: Expression, in setting: Int, _ witness: inout SymbolicWitness,
    _ workspace: inout Workspace
  ) -> [DerivedEquation] {
    guard case .derivative(let above, let below, let intervention) = workspace[question],
      intervention.mode == .total,
      case .variable(let result) = workspace[above],
      case .variable(let variable) = workspace[below],
      let pass = BackwardPass(
        of: result, by: variable, layout: intervention.layout, held: intervention.held,
        in: theory[setting].model, &workspace)
    else { return [] }
    var equations: [DerivedEquation] = []
    for equation in pass.equations {
      var survey = DomainSurvey(setting: theory[setting])
      survey.add(equation.left, in: workspace)
      survey.add(equation.right, in: workspace)
      let required = survey.required + equation.domain
      let domains = survey.alternatives.map { required + $0 }
      var (left, right) = (equation.left, equation.right)
      if !pass.labels.isEmpty {
        guard let shape = try? workspace.shape(of: left) else { return [] }
        (left, right) = Judge.tabulated(
          (left, right), of: shape, by: pass.labels, in: &workspace)
      }
      switch witness.compare(left, right, for: domains, in: &workspace) {
      case .equal, .unable: break
      case .notShown, .noDerivative: return []
      }
      var numbers = NumericWitness(
        model: theory[setting].model, domains: domains, premises: [])
      guard
        case .agrees(let points, let error, _) = numbers.compare(left, right, in: workspace)
      else { return [] }
      // What the nodes say by themselves need not be said, but for the range of a recursion.
      let running = workspace.freeTimes(in: equation.left)
      let condition = equation.domain.filter { time in
        time.terms.contains { running.contains($0.symbol) } && time.terms.count + running.count > 2
          || !survey.required.implies(time)
      }
      equations.append(
        DerivedEquation(
          left: equation.left, right: equation.right, condition: condition, domain: required,
          numeric: NumericEvidence(points: points, maximumRelativeError: error)))
    }
    return equations
  }
}
