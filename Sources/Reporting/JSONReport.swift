import Checking
import Documents
import Expressions
import Notation

/// The report for programs. Keys are stable and absent where they do not apply; maths is LaTeX.
///
/// - Complexity: O(length of what is printed).
package func json(_ reports: [DocumentReport], in workspace: borrowing Workspace) -> String {
  var documents: [JSONValue] = []
  for report in reports { documents.append(document(report, in: workspace)) }
  return JSONValue.object([
    .init("leibniz", .string(version)), .init("documents", .array(documents)),
  ]).text
}

private func document(_ report: DocumentReport, in workspace: borrowing Workspace) -> JSONValue {
  var statements: [JSONValue] = []
  for finding in report.findings where !finding.statement.isHidden {
    statements.append(statement(finding, of: report, in: workspace))
  }
  var members: [JSONValue.Member] = [
    .init("path", .string(report.source.path)),
    .init(
      "readings", .object(report.readings.map { JSONValue.Member($0.name, .string($0.value)) })),
    .init("statements", .array(statements)),
  ]
  var problems: [JSONValue] = []
  for problem in report.problems {
    var members = place(problem.span, in: report.source)
    members.append(.init("code", .string(problem.code.rawValue)))
    let text = problem.message.sentence(.plain, in: workspace, conventions: report.conventions)
    if !text.isEmpty { members.append(.init("message", .string(text))) }
    problems.append(.object(members))
  }
  if !problems.isEmpty { members.append(.init("problems", .array(problems))) }
  return .object(members)
}

private func place(_ span: Span, in source: Source) -> [JSONValue.Member] {
  let (start, end) = (source.position(of: span.start), source.position(of: span.end))
  return [
    .init("line", .integer(start.line)), .init("column", .integer(start.column)),
    .init("endLine", .integer(end.line)), .init("endColumn", .integer(end.column)),
  ]
}

private func statement(
  _ finding: Finding, of report: DocumentReport, in workspace: borrowing Workspace
) -> JSONValue {
  let conventions = report.conventions
  let spoken = finding.speaking(conventions)
  let statement = finding.statement
  var members: [JSONValue.Member] = []
  func add(_ key: String, _ value: JSONValue) { members.append(.init(key, value)) }
  func add(_ key: String, _ text: String?) {
    if let text, !text.isEmpty { members.append(.init(key, .string(text))) }
  }

  add("index", .integer(statement.index))
  members += place(finding.span, in: report.source)
  add("label", statement.label)
  add("source", finding.sourceText)
  add("role", statement.role.rawValue)
  add("relation", statement.sign.latex)
  if let left = finding.left {
    add("left", latex(left, in: workspace, conventions: conventions))
  } else {
    add("left", finding.sourceText(of: statement.left))
  }
  if let right = finding.right {
    add("right", latex(right, in: workspace, conventions: conventions))
  } else {
    add("right", finding.sourceText(of: statement.right))
  }
  if let (left, right) = finding.readAs {
    add("readAs", relation(left, statement.sign, right, in: workspace, conventions: conventions))
  }
  add("for", DomainText(finding.domain).text(in: workspace))
  if let model = finding.model { add("model", .integer(model)) }
  if !finding.opaque.isEmpty {
    var names: [JSONValue] = []
    for node in finding.opaque {
      names.append(.string(latex(node, in: workspace, conventions: conventions)))
    }
    add("opaque", .array(names))
  }
  add("verdict", finding.verdict?.rawValue)
  if !finding.readings.isEmpty {
    add("readings", .array(finding.readings.map { .string($0.rawValue) }))
  }
  if let numeric = finding.numeric {
    add(
      "numeric",
      .object([
        .init("points", .integer(numeric.points)),
        .init("maxRelativeError", .number(numeric.maximumRelativeError)),
      ]))
  }
  if let difference = finding.difference {
    add("difference", latex(difference, in: workspace, conventions: spoken))
  }
  if let example = finding.counterexample {
    add("counterexample", counterexample(example, in: workspace, conventions: conventions))
  }
  add("code", finding.stableCode?.rawValue)
  add("head", finding.head?.rawValue)
  if let index = finding.followsFrom { add("followsFrom", .integer(index)) }
  if let mend = finding.mend {
    let splice = Splice(mend, in: statement.source, spoken, in: workspace)
    var parts: [JSONValue.Member] = [
      .init("latex", .string(splice.relation(mend, in: workspace)))
    ]
    let edit = mend.edit.text(.plain, in: workspace, conventions: splice.quoting)
    if !edit.isEmpty { parts.append(.init("edit", .string(edit))) }
    if let slip = mend.slip { parts.append(.init("slip", .string(slip.rawValue))) }
    add("mend", .object(parts))
  }
  add("holdsIf", finding.holdsIf?.text(.plain, in: workspace, conventions: spoken))
  add(
    "message",
    finding.message.sentence(
      .plain, in: workspace,
      conventions: finding.conventions(conventions, for: .plain, in: workspace)))
  if let expectation = statement.expectation {
    add("expected", expectation.text)
    add("asExpected", .boolean(finding.asExpected ?? false))
  }
  return .object(members)
}

private func relation(
  _ left: Expression, _ sign: Formula.RelationSign, _ right: Expression,
  in workspace: borrowing Workspace, conventions: Conventions
) -> String {
  latex(left, in: workspace, conventions: conventions) + " " + sign.latex + " "
    + latex(right, in: workspace, conventions: conventions)
}

private func counterexample(
  _ example: Counterexample, in workspace: borrowing Workspace, conventions: Conventions
) -> JSONValue {
  var members: [JSONValue.Member] = []
  let sizes = example.distinctSizes
  if !sizes.isEmpty {
    members.append(
      .init("sizes", .object(sizes.map { JSONValue.Member($0.name, .integer($0.value)) })))
  }
  if !example.times.isEmpty {
    members.append(
      .init("times", .object(example.times.map { JSONValue.Member($0.name, .integer($0.value)) })))
  }
  var values: [JSONValue.Member] = []
  for value in example.values {
    var name = value.name(isLaTeX: true, in: workspace, conventions: conventions)
    while values.contains(where: { $0.key == name }) { name += "'" }
    values.append(
      .init(
        name,
        tensor(value.dimensions[...], value.entries[...])))
  }
  members.append(.init("values", .object(values)))
  members.append(.init("left", tensor(example.left.dimensions[...], example.left.entries[...])))
  members.append(.init("right", tensor(example.right.dimensions[...], example.right.entries[...])))
  return .object(members)
}

/// Nested arrays, row by row; a scalar is a bare number.
private func tensor(_ dimensions: ArraySlice<Int>, _ entries: ArraySlice<Double>) -> JSONValue {
  guard let count = dimensions.first else { return .number(entries.first ?? .nan) }
  let size = count == 0 ? 0 : entries.count / count
  return .array(
    (0..<count).map { i in
      let start = entries.startIndex + i * size
      return tensor(dimensions.dropFirst(), entries[start..<(start + size)])
    })
}
