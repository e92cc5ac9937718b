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

  init(
    _ request: DerivativeRequest, _ result: Inquiry.Derivative, _ conventions: Conventions
  ) {
    self.request = request
    self.result = result
    self.conventions = conventions
  }

  func text(in workspace: borrowing Workspace) -> String {
    var text = "# The derivative of `" + request.expression + "` by `" + request.node + "`\n\n"
    text += declarations(in: workspace)
    text += "\n<!-- leibniz: layout " + (request.layout ?? .numerator).rawValue + " -->\n"
    for step in result.differentials {
      text += claim(
        step.rule.label + " (" + step.rule.source + ")", step.before, step.after, in: workspace)
    }
    let (question, answer) = result.entries ?? (result.question, result.answer)
    text += claim(
      result.differentials.isEmpty ? "The derivative" : "What stands before the differential",
      question, answer, in: workspace)
    if let numeric = result.numeric {
      text += "\nFinite differences: largest relative error "
      text += Figures.rounded(numeric.maximumRelativeError, digits: 2)
      text += " at \(numeric.points) points.\n"
    } else {
      text += "\nFinite differences: no point could be taken.\n"
    }
    return text
  }

  private func claim(
    _ reason: String, _ left: Expression, _ right: Expression, in workspace: borrowing Workspace
  ) -> String {
    func maths(_ expression: Expression) -> String {
      latex(expression, in: workspace, conventions: conventions)
    }
    return "\n" + reason
      + ":\n\n<!-- leibniz: expect accepted -->\n$$" + maths(left) + " = " + maths(right)
      + "$$\n"
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
