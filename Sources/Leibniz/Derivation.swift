import Calculus
import Checking
import Documents
import Expressions
import Notation
import Reporting

/// A derivative of an expression or of a node, with its finite-difference error.
public func derive(_ request: DerivativeRequest) throws(Refusal) -> Answer {
  var workspace = Workspace()
  let page = try equations(request.model, in: &workspace)
  var inquiry = Inquiry(
    request.expression, by: request.node, given: page, in: &workspace)
  let result: Inquiry.Derivative
  do throws(InquiryProblem) {
    result = try inquiry.derivative(
      isImmediate: request.isImmediate, held: request.held,
      layout: request.layout.flatMap { Layout($0) }, in: &workspace)
  } catch {
    throw Refusal(error, in: workspace)
  }
  var conventions = inquiry.conventions
  if let layout = request.layout.flatMap({ Layout($0) }) { conventions.layout = layout }
  if request.isExplained, request.model == nil, !result.isContradicted {
    return Answer(
      DerivationDocument(request, result, conventions).text(in: workspace),
      result.numeric == nil ? .fails : .holds)
  }
  let (question, answer) = result.entries ?? (result.question, result.answer)
  func text(_ expression: Expression) -> String {
    unicode(expression, in: workspace, conventions: conventions)
  }
  var lines = text(question) + " = " + text(answer) + "\n"
  lines += latex(answer, in: workspace, conventions: conventions) + "\n"
  lines += "shape: " + shapeText(result.shape, in: workspace) + "\n"
  if !result.domain.isEmpty {
    lines += "for " + (DomainText(result.domain).text(in: workspace) ?? "all times") + "\n"
  }
  if let (domain, answer) = result.exception {
    let times = DomainText(domain).text(in: workspace) ?? "other times"
    lines += "but " + text(answer) + " for " + times + "\n"
  }
  if request.isExplained {
    lines += "\nsteps:\n"
    for step in written(result, in: workspace) {
      lines +=
        "  " + step.rule.label + ": " + text(step.before) + " = " + text(step.after)
        + "   [" + step.rule.source + "]\n"
    }
    lines += "\n"
  }
  if result.isContradicted {
    return Answer(
      lines + "finite differences contradict this: a defect of Leibniz, please report it\n",
      .contradicts)
  }
  if let numeric = result.numeric {
    lines +=
      "finite differences: largest relative error "
      + Figures.rounded(numeric.maximumRelativeError, digits: 2) + " at \(numeric.points) points\n"
  } else {
    lines += "finite differences: no point could be taken\n"
  }
  return Answer(lines)
}

/// The steps, outermost first; what has no matrix notation gives way to the answer.
private func written(
  _ result: Inquiry.Derivative, in workspace: borrowing Workspace
) -> [Step] {
  func isBare(_ expression: Expression) -> Bool {
    workspace.contains(expression) { if case .tabulate = $0 { return true } else { return false } }
  }
  let plain = result.steps.filter { !isBare($0.after) }
  var steps = plain.filter { $0.before == result.question && $0.rule == .chain }
  steps += plain.filter { !($0.before == result.question && $0.rule == .chain) }.reversed()
  steps.append(Step(rule: .chain, before: result.question, after: result.answer))
  return steps
}

/// The page of a model choice; nil where none is made.
func equations(
  _ choice: ModelChoice?, in workspace: inout Workspace
) throws(Refusal) -> Documents.Page? {
  switch choice {
  case nil: return nil
  case .standard(let name):
    let text = try model(named: name)
    let source = Source(path: name, text: Array(text.utf8), format: .markdown)
    return Page(reading: source, Manuscript(source), in: &workspace)
  case .document(let document, let givens):
    let given = GivenPages(givens).page(for: document.path, in: &workspace)
    let source = Source(path: document.path, text: document.text)
    return Page(reading: source, Manuscript(source), given: given, in: &workspace)
  }
}

extension Layout {
  init?(_ name: LayoutName) {
    switch name {
    case .numerator: self = .numerator
    case .denominator: self = .denominator
    case .gradient: self = .gradient
    }
  }
}

extension Rule {
  /// The rule's name in words.
  var label: String {
    switch self {
    case .chain: return "chain rule"
    case .recurrence: return "recurrence"
    case .parameter: return "shared parameter"
    case .sum, .negative, .transpose, .entry, .indexSum, .tabulate, .timeSum, .stack, .total,
      .vec, .diagonal:
      return "linear"
    case .product, .hadamard, .kronecker, .timeProduct, .pathProduct: return "product rule"
    case .quotient: return "quotient rule"
    case .elementwise, .maximum, .exponential: return "elementwise"
    case .power, .matrixPower, .timePower: return "power rule"
    case .opaque, .opaquePartial: return "unknown function"
    case .trace: return "trace"
    case .determinant: return "determinant"
    case .inverse: return "inverse"
    case .norm, .squaredNorm: return "norm"
    case .softmax: return "softmax"
    case .largestEntry: return "largest entry"
    }
  }
}
