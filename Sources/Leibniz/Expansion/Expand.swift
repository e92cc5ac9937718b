import Calculus
import Checking
import Documents
import Expressions
import Notation
import Reporting

/// A derivative by backpropagation through time, written out. Nothing is written that finite
/// differences do not confirm; whether it is proved as well, the remark says.
///
/// - Parameter write: takes the text piece by piece, so that long sums need no memory.
/// - Returns: what the two witnesses say, and what came of it.
public func expand(
  _ request: ExpansionRequest, to write: @escaping (String) -> Void
) throws(Refusal) -> Answer {
  if let steps = request.steps, steps < 0 {
    throw Refusal("the number of steps cannot be negative")
  }
  var workspace = Workspace()
  let page = try equations(request.model ?? .standard("rnn"), in: &workspace)
  var inquiry = Inquiry(request.symbol, by: request.node, given: page, in: &workspace)
  let result: Inquiry.Expanded
  do throws(InquiryProblem) {
    result = try inquiry.expanded(
      steps: request.steps, as: Expansion.Form(request.form), in: &workspace)
  } catch .expansion(.noPath(let symbols)) {
    let names = symbols.map { Refusal.name(of: $0, in: workspace) }.joined(separator: ", ")
    throw Refusal(
      "\(request.symbol) does not depend on \(request.node); "
        + (names.isEmpty
          ? "with these steps it depends on nothing: give more --steps"
          : "it depends on: " + names))
  } catch {
    throw Refusal(error, in: workspace)
  }
  if result.isContradicted {
    return Answer(
      "finite differences contradict this expansion: a defect of Leibniz, please report it",
      .contradicts)
  }
  guard result.numeric != nil else {
    throw Refusal("no point could be taken to validate the expansion, so it is not written")
  }
  var text = ExpansionText(result, conventions: inquiry.conventions)
  switch request.format {
  case .latex where request.isStandalone:
    var rows = RowWriter(.latex, rowsPerDisplay: 18, to: { _ in })
    text.writeRows(to: &rows, in: &workspace)
    write(standaloneOpening(letters: rows.widest))
    rows = RowWriter(.latex, rowsPerDisplay: 18, to: write)
    text.writeRows(to: &rows, in: &workspace)
    write("\\]\n\\end{document}\n")
  case .latex, .markdown:
    if request.format == .markdown { write("$$\n") }
    var rows = RowWriter(.latex, to: write)
    text.writeRows(to: &rows, in: &workspace)
    if request.format == .markdown { write("$$\n") }
  case .text:
    var rows = RowWriter(.text, to: write)
    text.writeRows(to: &rows, in: &workspace)
  case .json: text.writeJSON(request, to: write, in: &workspace)
  }
  return Answer(text.remark(in: workspace))
}

/// The same as one text.
public func expand(_ request: ExpansionRequest) throws(Refusal) -> (text: String, remark: Answer) {
  final class Pieces { var text = "" }
  let pieces = Pieces()
  let remark = try expand(request) { pieces.text += $0 }
  return (pieces.text, remark)
}

/// What stands before the first row; the paper is as wide as the widest row.
private func standaloneOpening(letters: Int) -> String {
  """
  \\documentclass{article}
  \\usepackage{amsmath,amssymb,bm}
  \\usepackage[paperwidth=\(max(842, 200 + 8 * letters))pt,paperheight=595pt,margin=1cm]{geometry}
  \\pagestyle{empty}
  \\begin{document}
  \\[

  """
}

extension Expansion.Form {
  fileprivate init(_ form: ExpansionForm) {
    switch form {
    case .chain: self = .chain
    case .steps: self = .steps
    case .power: self = .power
    case .full: self = .full
    case .nested: self = .nested
    case .copies: self = .copies
    case .paths: self = .paths
    case .general: self = .general
    }
  }
}
