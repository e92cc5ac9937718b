import Checking
import Documents
import Expressions
import Notation

/// The report for people at a terminal: what is accepted in a line each, everything else with its
/// source line, the wrong part underlined, and what would mend it.
///
/// - Complexity: O(length of what is printed).
package func terminal(
  _ reports: [DocumentReport], in workspace: borrowing Workspace, color: Bool,
  isStrict: Bool = false
) -> String {
  var renderer = Terminal(palette: Palette(isColored: color))
  for report in reports { renderer.append(report, in: workspace) }
  if reports.count > 1 {
    let tally = Tally(reports, isStrict: isStrict)
    renderer.output += renderer.palette(
      .strong, Figures.count(reports.count, "document") + ", " + tally.text + ".")
    renderer.output += "\n"
  }
  return renderer.output
}

private struct Terminal {
  let palette: Palette
  var output = ""

  init(palette: Palette) { self.palette = palette }

  mutating func append(_ report: DocumentReport, in workspace: borrowing Workspace) {
    let path = printable(report.source.path)
    output += palette(.strong, path) + "\n"
    if !report.readings.isEmpty {
      let readings = report.readings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      output += palette(.faint, "  read with " + printable(readings)) + "\n"
    }
    let findings = report.findings.filter { !$0.statement.isHidden }
    var problems = report.problems[...]
    for finding in findings {
      while let problem = problems.first, problem.span.start < finding.span.start {
        append(problem, of: report, in: workspace)
        problems.removeFirst()
      }
      append(finding, of: report, in: workspace)
    }
    for problem in problems { append(problem, of: report, in: workspace) }
    let tally = Tally([report])
    if findings.isEmpty {
      output += "  note: there is no maths to judge in this document.\n"
    } else if tally.claims == 0 {
      output += "  note: this document claims nothing; it only says what holds.\n"
    }
    separate()
    output += palette(.strong, path + ": " + tally.text + ".") + "\n\n"
  }

  /// Leaves one line empty.
  private mutating func separate() {
    if !output.hasSuffix("\n\n") { output += "\n" }
  }

  private mutating func append(
    _ problem: DocumentProblem, of report: DocumentReport, in workspace: borrowing Workspace
  ) {
    separate()
    headline(
      at: problem.span.start, code: problem.code, title: Page.of(problem.code).title, tone: .bad,
      in: report.source)
    excerpt(problem.span, in: report.source)
    let text = problem.message.sentence(.terminal, in: workspace, conventions: report.conventions)
    paragraph(text)
    output += "\n"
  }

  private mutating func append(
    _ finding: Finding, of report: DocumentReport, in workspace: borrowing Workspace
  ) {
    let isAccepted = finding.verdict?.isAccepted ?? (finding.statement.role != .claim)
    if isAccepted, finding.asExpected != false {
      summary(finding, of: report)
    } else {
      detail(finding, of: report, in: workspace)
    }
  }

  // MARK: What is accepted

  /// `  41: proved with immediate  (17)  \frac{…} = …`.
  private mutating func summary(_ finding: Finding, of report: DocumentReport) {
    var line = "\(report.source.position(of: finding.span.start).line): "
    line = String(repeating: " ", count: max(0, 6 - line.utf8.count)) + line
    line += palette(Palette.tone(of: finding.verdict), Terminal.outcome(of: finding))
    if let label = finding.statement.label { line += "  (" + printable(label) + ")" }
    line += "  " + palette(.faint, Terminal.shortened(finding.sourceText, to: 64)) + "\n"
    output += line
    for note in Terminal.notes(on: finding, in: report) {
      output += String(repeating: " ", count: 6) + palette(.open, note) + "\n"
    }
  }

  /// What a step of a chain owes to the others.
  private static func notes(on finding: Finding, in report: DocumentReport) -> [String] {
    var notes: [String] = []
    if let head = finding.head {
      notes.append("Against the first member of its chain it is " + head.rawValue + ".")
    }
    if let index = finding.followsFrom {
      let origin = report.findings.first { $0.statement.index == index }
      let line = origin.map { "\(report.source.position(of: $0.span.start).line)" }
      notes.append(
        "It follows from " + (line.map { "line " + $0 } ?? "an earlier line") + ", which is wrong.")
    }
    return notes
  }

  /// `proved with immediate`, `validated at 8 points`, `definition`.
  private static func outcome(of finding: Finding) -> String {
    guard let verdict = finding.verdict else { return finding.statement.role.rawValue }
    var text = verdict.rawValue
    if verdict == .validated, let numeric = finding.numeric {
      text += " at " + Figures.count(numeric.points, "point")
      text += " (to " + Figures.rounded(numeric.maximumRelativeError, digits: 1) + ")"
    }
    if !finding.readings.isEmpty {
      text += " with " + finding.readings.map { $0.rawValue }.joined(separator: ", ")
    }
    if finding.asExpected == true { text += ", as expected" }
    return text
  }

  /// On one line, cut where it is long.
  private static func shortened(_ text: String, to most: Int) -> String {
    var words: [String] = []
    for word in text.unicodeScalars.split(whereSeparator: { $0.value <= 32 }) {
      words.append(printable(String(word)))
    }
    let line = words.joined(separator: " ")
    if line.unicodeScalars.count <= most { return line }
    var short = String.UnicodeScalarView()
    short.append(contentsOf: line.unicodeScalars.prefix(most - 1))
    return String(short) + "…"
  }

  // MARK: What is not

  private mutating func detail(
    _ finding: Finding, of report: DocumentReport, in workspace: borrowing Workspace
  ) {
    let conventions = finding.conventions(report.conventions, for: .terminal, in: workspace)
    separate()
    var title = Terminal.outcome(of: finding)
    if let code = finding.stableCode { title += ": " + Page.of(code).title }
    if let label = finding.statement.label { title += "  (" + printable(label) + ")" }
    let part = finding.underlined
    headline(
      at: part.start, code: finding.stableCode, title: title,
      tone: Palette.tone(of: finding.verdict), in: report.source)
    excerpt(part, in: report.source)

    paragraph(finding.message.sentence(.terminal, in: workspace, conventions: conventions))
    if finding.asExpected == false, let expectation = finding.statement.expectation {
      paragraph("The document expects “" + printable(expectation.text) + "” here.", tone: .bad)
    }
    for note in Terminal.notes(on: finding, in: report) { paragraph(note) }
    if let mend = finding.mend {
      let relation = Terminal.relation(mend, in: workspace, conventions: conventions)
      labelled("did you mean", relation)
      let edit = mend.edit.text(.terminal, in: workspace, conventions: conventions)
      // What replaces a whole side was just shown.
      if !edit.isEmpty, edit.unicodeScalars.count < relation.unicodeScalars.count {
        labelled("", edit)
      }
    }
    if let condition = finding.holdsIf {
      labelled("holds if", condition.text(.terminal, in: workspace, conventions: conventions))
    }
    if let difference = finding.difference {
      labelled(
        "left − right", Phrasing.terminal.maths(difference, in: workspace, conventions: conventions)
      )
    }
    if let example = finding.counterexample {
      counterexample(example, in: workspace, conventions: conventions)
    }
    if !finding.opaque.isEmpty {
      var names: [String] = []
      for node in finding.opaque {
        names.append(Phrasing.terminal.maths(node, in: workspace, conventions: conventions))
      }
      labelled("not defined", names.joined(separator: ", "))
    }
    if let range = DomainText(finding.domain).text(in: workspace) { labelled("for", range) }
    output += "\n"
  }

  private mutating func headline(
    at offset: Int, code: Code?, title: String, tone: Palette.Tone, in source: Source
  ) {
    let (line, column) = source.position(of: offset)
    output += palette(.strong, printable(source.path) + ":\(line):\(column):") + " "
    output += palette(tone, (code.map { $0.rawValue + " " } ?? "") + title) + "\n"
  }

  private mutating func excerpt(_ span: Span, in source: Source) {
    let excerpt = Excerpt(of: span, in: source)
    let margin = max(4, "\(excerpt.lines.last?.number ?? 0)".utf8.count + 1)
    for line in excerpt.lines {
      let number = "\(line.number)"
      output += String(repeating: " ", count: margin - number.utf8.count)
      output += palette(.faint, number + " │") + (line.text.isEmpty ? "" : " " + line.text) + "\n"
      if !line.underline.isEmpty {
        let blanks = line.underline.utf8.prefix { $0 == 32 }.count
        output += String(repeating: " ", count: margin + 1) + palette(.faint, "│") + " "
        output += String(repeating: " ", count: blanks)
        output += palette(.mark, String(line.underline.dropFirst(blanks))) + "\n"
      }
    }
    if excerpt.omitted > 0 {
      output += String(repeating: " ", count: margin + 1) + palette(.faint, "│") + " … "
      output += Figures.count(excerpt.omitted, "more line") + "\n"
    }
  }

  private mutating func paragraph(_ text: String, tone: Palette.Tone? = nil) {
    if text.isEmpty { return }
    for line in Terminal.wrapped(text, to: 94) {
      output += "  " + (tone.map { palette($0, line) } ?? line) + "\n"
    }
  }

  /// A line that says what stands in it: `did you mean  ∂L/∂W = …`.
  private mutating func labelled(_ label: String, _ text: String) {
    let width = 14
    let padding = String(repeating: " ", count: max(0, width - label.unicodeScalars.count))
    let shown = Terminal.shortened(text, to: 240)
    output += "  " + palette(.advice, label) + padding + shown + "\n"
  }

  private static func wrapped(_ text: String, to width: Int) -> [String] {
    var (lines, line, length): ([String], String, Int) = ([], "", 0)
    for word in text.unicodeScalars.split(separator: " ") {
      if length > 0, length + 1 + word.count > width {
        lines.append(line)
        (line, length) = ("", 0)
      }
      if length > 0 { line += " " }
      line += String(word)
      length += word.count + (length > 0 ? 1 : 0)
    }
    if length > 0 { lines.append(line) }
    return lines
  }

  private static func relation(
    _ mend: Mend, in workspace: borrowing Workspace, conventions: Conventions
  ) -> String {
    // What is said of all entries is written for one.
    if case .tabulate(let axes, let left) = workspace[mend.left],
      case .tabulate(axes, let right) = workspace[mend.right], mend.interval == nil
    {
      return Phrasing.terminal.maths(left, in: workspace, conventions: conventions) + " "
        + mend.sign.unicode + " "
        + Phrasing.terminal.maths(right, in: workspace, conventions: conventions) + "?"
    }
    let right =
      mend.interval.map {
        Phrasing.terminal.interval($0, in: workspace, conventions: conventions)
      } ?? mend.space.map { Phrasing.terminal.space($0, in: workspace) }
      ?? Phrasing.terminal.maths(mend.right, in: workspace, conventions: conventions)
    return Phrasing.terminal.maths(mend.left, in: workspace, conventions: conventions) + " "
      + mend.sign.unicode + " " + right + "?"
  }

  private mutating func counterexample(
    _ example: Counterexample, in workspace: borrowing Workspace, conventions: Conventions
  ) {
    let choices = (example.distinctSizes + example.times).map { "\($0.name) = \($0.value)" }
    var values: [String] = []
    for value in example.values {
      values.append(
        value.name(isLaTeX: false, in: workspace, conventions: conventions) + " = "
          + Figures.tensor(dimensions: value.dimensions, entries: value.entries))
    }
    var lines: [String] = []
    if !choices.isEmpty { lines.append(choices.joined(separator: ", ")) }
    lines += Terminal.wrapped(values.joined(separator: ", "), to: 80)
    // Sides that agree in the figures shown are shown with more.
    var digits = 6
    var left = Figures.tensor(
      dimensions: example.left.dimensions, entries: example.left.entries, digits: digits)
    var right = Figures.tensor(
      dimensions: example.right.dimensions, entries: example.right.entries, digits: digits)
    while left == right, digits < 17 {
      digits += 3
      left = Figures.tensor(
        dimensions: example.left.dimensions, entries: example.left.entries, digits: digits)
      right = Figures.tensor(
        dimensions: example.right.dimensions, entries: example.right.entries, digits: digits)
    }
    for (i, line) in lines.enumerated() { labelled(i == 0 ? "for example" : "", line) }
    labelled(lines.isEmpty ? "for example" : "", "left side " + left + ", right side " + right)
  }
}
