import Checking
import Expressions
import Glibc
import Testing

@testable import Leibniz

/// A row of the README's table of systems.
private struct SystemRow: Equatable {
  var name: String
  var equations: String
  var derivatives: String
  /// The power of ten that no relative error exceeds.
  var bound: String
  var expansions: String

  var text: String {
    "| [`\(name)`](Derivations/models/\(name).md) | \(equations) | \(derivatives) | \(bound) | "
      + "\(expansions) |"
  }

  init(name: String, _ validation: SystemValidation, expansions: Int) {
    self.name = name
    equations = "\(validation.equations)"
    derivatives = "\(validation.tally.derivatives)"
    var exponent = -7
    while validation.tally.maximumRelativeError < pow(10, Double(exponent - 1)), exponent > -15 {
      exponent -= 1
    }
    bound = "1e\(exponent)"
    self.expansions = "\(expansions)"
  }

  init?(line: Substring) {
    let cells = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
    guard cells.count == 5, let open = cells[0].firstIndex(of: "`"),
      let close = cells[0].lastIndex(of: "`"), open < close
    else { return nil }
    name = String(cells[0][cells[0].index(after: open)..<close])
    (equations, derivatives, bound, expansions) = (cells[1], cells[2], cells[3], cells[4])
  }
}

private enum Readme {
  static let path = Files.root + "/README.md"
  static let opening = "| system | equations | derivatives | relative error below | expansions |\n"
  static let rule = "| --- | --- | --- | --- | --- |\n"

  static var rows: [SystemRow] {
    let text = Files.text(of: path)
    guard let start = text.range(of: opening) else { return [] }
    return text[start...].split(separator: "\n", omittingEmptySubsequences: false)
      .dropFirst(2).prefix { $0.utf8.first == UInt8(ascii: "|") }.compactMap { SystemRow(line: $0) }
  }

  /// Puts rows in the place of those of the same names, keeping the order of the models.
  static func renew(_ rows: [SystemRow]) {
    let text = Files.text(of: path)
    guard let start = text.range(of: opening) else { return }
    let head = text[..<start]
    let tail = text[start...].split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0.utf8.first == UInt8(ascii: "|") }
    let table = opening + rule + rows.map { $0.text + "\n" }.joined()
    Files.write(head + table + tail.joined(separator: "\n"), to: path)
  }
}

extension String {
  /// Where a text begins in this one.
  fileprivate func range(of other: String) -> Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(other) { return index }
      formIndex(after: &index)
    }
    return nil
  }
}

/// The expansions of the loss by the first parameter, in every form that there is, as LaTeX
/// documents.
private func expansions(of name: String) throws -> [String] {
  var workspace = Workspace()
  let page = try #require(try equations(.standard(name), in: &workspace))
  let validation = try ModelValidation(of: page, in: &workspace)
  let parameter = try #require(validation.parameters(in: workspace).first)
  return ExpansionForm.allCases.compactMap { form in
    try? expand(
      ExpansionRequest(
        symbol: "L", node: parameter, steps: 2, model: .standard(name), form: form,
        format: .latex, isStandalone: true)
    ).text
  }
}

/// Whether pdflatex compiles documents, those of one preamble together.
private func isCompiled(_ documents: [String], named name: String) -> Bool {
  let (begin, end) = ("\\begin{document}", "\\end{document}")
  var groups: [(preamble: Substring, body: String)] = []
  for document in documents {
    guard let start = document.range(of: begin), let stop = document.range(of: end) else {
      return false
    }
    let (preamble, body) = (document[..<start], document[start..<stop].dropFirst(begin.count))
    if let i = groups.firstIndex(where: { $0.preamble == preamble }) {
      groups[i].body += body
    } else {
      groups.append((preamble, String(body)))
    }
  }
  return groups.enumerated().allSatisfy { number, group in
    let text = "\(group.preamble)\(begin)\(group.body)\(end)\n"
    return PDFLaTeX.log(of: text, named: "\(name)-\(number)") != nil
  }
}

@Suite("The README's table of systems")
struct SystemsTableTests {
  private static func row(of name: String) throws -> SystemRow {
    let validation = try SystemValidation(
      of: .standard(name), at: ValidationPoints(sizes: [], steps: 2, seed: 1))
    #expect(validation.tally.failures == 0)
    #expect(validation.tally.maximumRelativeError < 1e-7)
    let documents = try expansions(of: name)
    if PDFLaTeX.isInstalled { #expect(isCompiled(documents, named: name)) }
    return SystemRow(name: name, validation, expansions: documents.count)
  }

  @Test("has a row for every system; LEIBNIZ_RECORD=1 renews them all")
  func rows() throws {
    if getenv("LEIBNIZ_RECORD") != nil {
      Readme.renew(try StandardModels.documents.map { try Self.row(of: $0.name) })
    }
    #expect(Readme.rows.map { $0.name } == StandardModels.documents.map { $0.name })
  }

  @Test(
    "says what validation and pdflatex say",
    .enabled(if: getenv("LEIBNIZ_RECORD") == nil),
    arguments: StandardModels.documents.map { $0.name })
  func row(name: String) throws {
    let written = try #require(Readme.rows.first { $0.name == name })
    var measured = try Self.row(of: name)
    let (stated, found) = (Double(written.bound) ?? .infinity, Double(measured.bound) ?? 0)
    #expect(stated <= 1e-7)
    // The last digits depend on the machine.
    if found < stated, found >= stated / 100 { measured.bound = written.bound }
    #expect(measured == written)
  }
}
