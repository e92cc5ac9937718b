import Calculus
import Checking
import Documents
import Expressions
import Notation
import Reporting

/// A gradient by backpropagation through time, written out for a number of steps. Nothing is printed
/// that the two witnesses do not find equal to the derivative.
public func expand(_ request: ExpansionRequest) throws(Refusal) -> Answer {
  if request.steps < 0 { throw Refusal("the number of steps cannot be negative") }
  var workspace = Workspace()
  let page = try equations(request.model ?? .standard("rnn"), in: &workspace)
  var inquiry = Inquiry(request.symbol, by: request.node, given: page, in: &workspace)
  let form: Expansion.Form
  switch request.form {
  case .chain: form = .chain
  case .steps: form = .steps
  case .power: form = .power
  case .full: form = .full
  }
  let expansion: Expansion
  let isConfirmed: Bool
  do throws(InquiryProblem) {
    (expansion, isConfirmed) = try inquiry.expansion(
      steps: request.steps, as: form, in: &workspace)
  } catch {
    throw Refusal(error, in: workspace)
  }
  guard isConfirmed else {
    throw Refusal(
      "the expansion could not be shown equal to the derivative, so it is not printed")
  }
  let writing = ExpansionText(expansion, conventions: inquiry.conventions, in: &workspace)
  switch request.format {
  case .latex:
    return Answer(
      request.isStandalone ? writing.standalone(in: workspace) : writing.latex(in: workspace))
  case .markdown: return Answer("$$\n" + writing.latex(in: workspace) + "$$\n")
  case .text: return Answer(writing.unicode(in: workspace))
  case .json: return Answer(writing.json(request, in: workspace))
  }
}

/// An expansion as text: one row for each loss time, the last factor without a mark, as the
/// literature writes it.
private struct ExpansionText {
  let left: Expression
  var groups: [(time: Int, terms: [(use: Int, expression: Expression)])] = []
  let conventions: Conventions

  init(_ expansion: Expansion, conventions: Conventions, in workspace: inout Workspace) {
    left = expansion.derivative
    self.conventions = conventions
    for term in expansion.terms {
      let unmarked = workspace.rewriting(term.expression) { workspace, expression in
        guard case .derivative(let a, let b, var intervention) = workspace[expression] else {
          return nil
        }
        intervention.mode = .total
        return workspace.expression(.derivative(of: a, by: b, intervention))
      }
      if groups.last?.time == term.lossTime {
        groups[groups.count - 1].terms.append((term.useTime, unmarked))
      } else {
        groups.append((term.lossTime, [(term.useTime, unmarked)]))
      }
    }
  }

  private func rows(
    in workspace: borrowing Workspace, _ print: (Expression, borrowing Workspace) -> String,
    open: String, close: String
  ) -> [String] {
    var rows: [String] = []
    for group in groups {
      var row = ""
      for (i, term) in group.terms.enumerated() {
        row += (i > 0 ? " + " : "") + print(term.expression, workspace)
      }
      rows.append(group.terms.count > 1 && groups.count > 1 ? open + row + close : row)
    }
    return rows
  }

  func latex(in workspace: borrowing Workspace) -> String {
    let conventions = self.conventions
    let rows = rows(
      in: workspace,
      { Notation.latex($0, in: $1, conventions: conventions) }, open: "\\Bigl( ",
      close: " \\Bigr)")
    var text = "\\begin{aligned}\n"
    text += Notation.latex(left, in: workspace, conventions: conventions) + " &= "
    text += rows.isEmpty ? "0" : rows[0]
    for row in rows.dropFirst() { text += " \\\\\n&\\quad + " + row }
    return text + "\n\\end{aligned}\n"
  }

  func standalone(in workspace: borrowing Workspace) -> String {
    """
    \\documentclass{article}
    \\usepackage{amsmath,amssymb}
    \\usepackage[landscape,margin=1cm]{geometry}
    \\begin{document}
    \\tiny
    \\[
    \(latex(in: workspace))\\]
    \\end{document}

    """
  }

  func unicode(in workspace: borrowing Workspace) -> String {
    let conventions = self.conventions
    let rows = rows(
      in: workspace,
      { Notation.unicode($0, in: $1, conventions: conventions) }, open: "(", close: ")")
    return Notation.unicode(left, in: workspace, conventions: conventions) + " = "
      + (rows.isEmpty ? "0" : rows.joined(separator: "\n  + ")) + "\n"
  }

  func json(_ request: ExpansionRequest, in workspace: borrowing Workspace) -> String {
    var terms: [JSONValue] = []
    for group in groups {
      for term in group.terms {
        terms.append(
          .object([
            .init("loss", .integer(group.time)), .init("use", .integer(term.use)),
            .init(
              "latex",
              .string(
                Notation.latex(term.expression, in: workspace, conventions: conventions))),
          ]))
      }
    }
    return JSONValue.object([
      .init("leibniz", .string(version)),
      .init("symbol", .string(request.symbol)), .init("by", .string(request.node)),
      .init("steps", .integer(request.steps)), .init("form", .string(request.form.rawValue)),
      .init("reading", .string("immediate")),
      .init("latex", .string(latex(in: workspace))), .init("terms", .array(terms)),
    ]).text + "\n"
  }
}
