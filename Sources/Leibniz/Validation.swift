import Checking
import Documents
import Expressions
import Notation
import Numerics
import Reporting

/// Compares every derivative of the standard systems with finite differences of their equations: a
/// table of the derivative, the largest relative error and the number of points.
///
/// - Parameter progress: is told after each derivative.
public func validate(
  _ request: ValidationRequest, progress: (ValidationProgress) -> Void = { _ in }
) throws(Refusal) -> Answer {
  let points = ValidationPoints(
    sizes: request.sizes, steps: request.steps, seed: request.seed)
  if points.steps < 0 { throw Refusal("the number of steps cannot be negative") }
  var choices = request.models
  if choices.isEmpty { choices = StandardModels.documents.map { .standard($0.name) } }
  try check(points, for: choices)
  var text = ""
  var total = ValidationTally()
  for choice in choices {
    let system = try SystemValidation(of: choice, at: points, progress: progress)
    text += system.text + "\n"
    total.add(system.tally)
  }
  if choices.count > 1 { text += "\(choices.count) systems: " + total.text + "\n" }
  return Answer(text, total.failures == 0 ? .holds : .fails)
}

/// Every derivative of one system against finite differences.
struct SystemValidation {
  /// How many equations its document writes.
  let equations: Int
  let tally: ValidationTally
  /// A heading, the table, and what came of it.
  let text: String

  init(
    of choice: ModelChoice, at points: ValidationPoints,
    progress: (ValidationProgress) -> Void = { _ in }
  ) throws(Refusal) {
    var workspace = Workspace()
    let validation = try validation(of: choice, in: &workspace)
    var table = ValidationTable()
    var tally = ValidationTally()
    validation.run(at: points, in: &workspace) { question, result, workspace in
      table.rows.append(
        ValidationTable.Row(question, result, validation.conventions, in: workspace))
      tally.add(result)
      progress(
        ValidationProgress(
          model: choice.name, done: table.rows.count, count: validation.questions.count))
    }
    equations = validation.equations
    self.tally = tally
    text =
      choice.name + (choice.title.isEmpty ? "" : ": " + choice.title) + "\n  "
      + validation.settings(at: points, in: workspace) + "\n\n" + table.text + "  " + tally.text
      + "\n"
  }
}

private func validation(
  of choice: ModelChoice, in workspace: inout Workspace
) throws(Refusal) -> ModelValidation {
  guard let page = try equations(choice, in: &workspace) else {
    throw Refusal("\(choice.name) holds no equations")
  }
  do throws(InquiryProblem) {
    return try ModelValidation(of: page, in: &workspace)
  } catch {
    throw Refusal(error, in: workspace)
  }
}

/// Refuses sizes that no system has, and a last time at which a system has no step.
private func check(_ points: ValidationPoints, for choices: [ModelChoice]) throws(Refusal) {
  var known: [String] = []
  for choice in choices {
    var workspace = Workspace()
    let validation = try validation(of: choice, in: &workspace)
    for size in validation.sizes {
      let name = workspace.name(of: size)
      if !known.contains(name) { known.append(name) }
    }
    if let first = validation.missingFirstStep(at: points) {
      throw Refusal(
        "\(choice.name) has no step up to \(points.steps): its first is \(first)")
    }
    if validation.questions.isEmpty {
      throw Refusal("\(choice.name) holds no equations with a derivative")
    }
  }
  for size in points.sizes where !known.contains(size.name) {
    throw Refusal(
      "no size is called \(size.name) here; "
        + (known.isEmpty ? "there is none" : "there are: " + known.joined(separator: ", ")))
  }
}

extension ModelChoice {
  var name: String {
    switch self {
    case .standard(let name): name
    case .document(let document, _): document.path
    }
  }
  fileprivate var title: String {
    switch self {
    case .standard(let name): StandardModels.document(named: name)?.title ?? ""
    case .document: ""
    }
  }
}

extension ModelValidation {
  /// `n = 2, d = 3, T = 3`
  fileprivate func settings(
    at points: ValidationPoints, in workspace: borrowing Workspace
  ) -> String {
    let sample = sample(at: points, in: workspace)
    var parts: [String] = []
    for size in sizes {
      if let value = sample[size] { parts.append(workspace.name(of: size) + " = \(value)") }
    }
    for end in ends { parts.append(workspace.name(of: end) + " = \(points.steps)") }
    return (parts + ["seed \(points.seed)"]).joined(separator: ", ")
  }
}
