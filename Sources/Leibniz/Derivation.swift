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
  if result.isUnknown, case .derivative(let above, let below, _) = workspace[result.question] {
    func name(_ expression: Expression) -> String {
      unicode(expression, in: workspace, conventions: conventions)
    }
    return Answer(
      name(result.question) + " stays as it is: \(name(above)) is an unknown function of "
        + name(below) + "\n")
  }
  if request.isExplained, !result.isContradicted {
    let equations = request.model.flatMap { writtenOut($0, page) }
    return Answer(
      DerivationDocument(request, result, conventions, equations: equations).text(in: workspace),
      result.numeric == nil ? .fails : .holds)
  }
  let (question, answer) = result.entries ?? (result.question, result.answer)
  func text(_ expression: Expression) -> String {
    unicode(expression, in: workspace, conventions: conventions)
  }
  func times(_ domain: [Time]) -> String? { DomainText(domain).text(in: workspace) }
  func sides(_ left: Expression, _ right: Expression, for domain: [Time]) -> String {
    text(left) + " = " + text(right) + (times(domain).map { "   for " + $0 } ?? "") + "\n"
  }
  var lines: String
  if result.isRecursive {
    lines = sides(question, answer, for: result.condition)
    for (place, equation) in result.equations.enumerated() {
      lines += place == 0 ? "with\n  " : "  "
      lines += sides(equation.left, equation.right, for: equation.condition)
    }
    lines += aligned(result, in: workspace, conventions: conventions)
  } else {
    lines = sides(question, answer, for: [])
    lines += latex(answer, in: workspace, conventions: conventions) + "\n"
  }
  lines += "shape: " + shapeText(result.shape, in: workspace) + "\n"
  if !result.isRecursive, !result.domain.isEmpty {
    lines += "for " + (times(result.domain) ?? "all times") + "\n"
  }
  if let (domain, answer) = result.exception {
    lines += "but " + text(answer) + " for " + (times(domain) ?? "other times") + "\n"
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

/// The answer and the derivatives that it names as a LaTeX display.
private func aligned(
  _ result: Inquiry.Derivative, in workspace: borrowing Workspace, conventions: Conventions
) -> String {
  func maths(_ expression: Expression) -> String {
    latex(expression, in: workspace, conventions: conventions)
  }
  if result.equations.isEmpty { return maths(result.answer) + "\n" }
  var rows: [String] = []
  func add(_ left: Expression, _ right: Expression, for domain: [Time]) {
    let condition = DomainText(domain).latex(in: workspace).map { ", \\quad " + $0 } ?? ""
    rows.append(maths(left) + " &= " + maths(right) + condition)
  }
  add(result.question, result.answer, for: result.condition)
  for equation in result.equations {
    add(equation.left, equation.right, for: equation.condition)
  }
  return "\\begin{aligned}\n" + rows.joined(separator: " \\\\\n") + "\n\\end{aligned}\n"
}

/// The equations of a model as they are written, where nothing but them is; else how they are given.
private func writtenOut(_ choice: ModelChoice, _ page: Documents.Page?) -> String? {
  switch choice {
  case .standard(let name): return try? model(named: name)
  case .document(let document, let givens):
    let claims = page?.statements.contains { $0.role == .claim && !$0.isHidden } ?? false
    if claims || !givens.isEmpty || !document.path.hasSuffix(".md") {
      return "<!-- leibniz: given " + document.path + " -->\n"
    }
    return String(decoding: document.text, as: UTF8.self)
  }
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
