import Checking
import Documents
import Expressions
import Reporting

/// Compares every derivative of the standard systems with finite differences: a table of the
/// derivative, the largest relative error and the number of points.
public func validate(_ request: ValidationRequest) throws(Refusal) -> Answer {
  var names = request.names
  if names.isEmpty { names = StandardModels.documents.map { $0.name } }
  let steps = request.steps ?? 3
  if steps < 0 { throw Refusal("the number of steps cannot be negative") }
  let points = ValidationPoints(sizes: request.sizes, steps: steps, seed: request.seed ?? 1)
  var table = ""
  var outcome = Outcome.holds
  for name in names {
    table += name + "\n"
    for question in try questions(name) {
      var workspace = Workspace()
      let page = try equations(.standard(name), in: &workspace)
      var inquiry = Inquiry(question.of, by: question.by, given: page, in: &workspace)
      let label = "  ∂" + question.of + "/∂" + question.by
      do throws(InquiryProblem) {
        let derivative = try inquiry.derivative(
          isImmediate: false, held: [], layout: nil, in: &workspace)
        let result = inquiry.validation(of: derivative, at: points, in: workspace)
        if result.isContradicted {
          outcome = .contradicts
          table += label + "  CONTRADICTED\n"
        } else {
          table +=
            label + "  " + Figures.rounded(result.maximumRelativeError, digits: 2)
            + "  \(result.points) points\n"
        }
      } catch {
        throw Refusal(error, in: workspace)
      }
    }
  }
  return Answer(table, outcome)
}

private func questions(_ name: String) throws(Refusal) -> [(of: String, by: String)] {
  var workspace = Workspace()
  let page = try equations(.standard(name), in: &workspace)
  return Inquiry("0", by: "0", given: page, in: &workspace).questions(in: workspace)
}
