import Calculus
import Checking
import Expressions
import Notation
import Reporting

/// A derivative with its steps as a document that can be checked: what the names are, how the
/// differential comes about rule by rule, the derivative, its finite-difference error.
struct DerivationDocument {
  private let request: DerivativeRequest
  private let result: Inquiry.Derivative
  private let conventions: Conventions
  /// The equations of the model; nil where there is none.
  private let equations: String?

  init(
    _ request: DerivativeRequest, _ result: Inquiry.Derivative, _ conventions: Conventions,
    equations: String?
  ) {
    self.request = request
    self.result = result
    self.conventions = conventions
    self.equations = equations
  }

  func text(in workspace: borrowing Workspace) -> String {
    var text = "# The derivative of `" + request.expression + "` by `" + request.node + "`\n\n"
    text += equations.map { lowered($0) } ?? declarations(in: workspace)
    text += "\n<!-- leibniz: layout " + conventions.layout.directive + " -->\n"
    if equations != nil { text += "\n## Derivation\n" }
    for step in result.differentials {
      text += claim(
        step.rule.label + " (" + step.rule.source + ")", step.before, step.after, in: workspace)
    }
    let (question, answer) = result.entries ?? (result.question, result.answer)
    if !result.isRecursive { text += between(in: workspace) }
    text += claim(
      result.differentials.isEmpty ? "The derivative" : "What stands before the differential",
      question, answer, for: condition, in: workspace)
    if let (domain, answer) = result.exception {
      text += claim("In the other case", question, answer, for: domain, in: workspace)
    }
    if result.isRecursive { text += between(in: workspace) }
    if let numeric = result.numeric {
      text += "\nFinite differences: largest relative error "
      text += Figures.rounded(numeric.maximumRelativeError, digits: 2)
      text += " at \(numeric.points) points.\n"
    } else {
      text += "\nFinite differences: no point could be taken.\n"
    }
    return text
  }

  /// For which times a single answer is claimed, where another holds for others.
  private var condition: [Time] {
    result.isRecursive ? result.condition : result.exception == nil ? [] : result.domain
  }

  /// The derivatives by what lies between, one after the other.
  private func between(in workspace: borrowing Workspace) -> String {
    var text = ""
    for equation in result.equations {
      text += claim(
        "The equations that read it (chain rule, \(Rule.chain.source))", equation.left,
        equation.right, for: equation.condition, in: workspace)
    }
    return text
  }

  /// A document under a heading of another.
  private func lowered(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      lines.append(line.hasPrefix("#") ? "#" + line : String(line))
    }
    return lines.joined(separator: "\n")
  }

  private func claim(
    _ reason: String, _ left: Expression, _ right: Expression, for domain: [Time] = [],
    in workspace: borrowing Workspace
  ) -> String {
    func maths(_ expression: Expression) -> String {
      latex(expression, in: workspace, conventions: conventions)
    }
    return "\n" + reason
      + ":\n\n<!-- leibniz: expect accepted -->\n$$" + maths(left) + " = " + maths(right)
      + (DomainText(domain).latex(in: workspace).map { ", \\quad " + $0 } ?? "") + "$$\n"
  }

  /// What varies and what is constant, with shapes whose letters are no names.
  private func declarations(in workspace: borrowing Workspace) -> String {
    var symbols: [Symbol] = []
    for variable in workspace.variables(in: result.question)
    where !symbols.contains(variable.symbol) {
      symbols.append(variable.symbol)
    }
    var varying: [Symbol] = []
    if case .derivative(_, let below, _) = workspace[result.question] {
      varying = workspace.variables(in: below).map { $0.symbol }
    }
    let names = symbols.map { workspace[$0].name }
    var letters: [(symbol: DimensionSymbol, letter: String)] = []
    var unused = ["n", "m", "p", "q", "d", "r", "s", "l"].filter { !names.contains($0) }
    for symbol in symbols {
      for dimension in workspace[symbol].shape.dimensions {
        guard let name = dimension.symbol, !letters.contains(where: { $0.symbol == name }),
          !unused.isEmpty
        else { continue }
        letters.append((name, unused.removeFirst()))
      }
    }
    var text = ""
    for symbol in symbols {
      var sizes: [String] = []
      for dimension in workspace[symbol].shape.dimensions {
        let letter = letters.first { $0.symbol == dimension.symbol }?.letter
        sizes.append(letter ?? dimensionText(dimension, in: workspace))
      }
      text += "$" + workspace[symbol].name + " \\in \\mathbb{R}"
      if !sizes.isEmpty { text += "^{" + sizes.joined(separator: " \\times ") + "}" }
      text += varying.contains(symbol) ? "$ varies.\n" : "$ is constant.\n"
    }
    return text
  }
}

extension Layout {
  /// As the directive names it.
  fileprivate var directive: String {
    switch self {
    case .numerator, .transposed: return LayoutName.numerator.rawValue
    case .denominator: return LayoutName.denominator.rawValue
    case .gradient: return LayoutName.gradient.rawValue
    }
  }
}
