import Checking
import Documents
import Expressions
import Notation
import Testing

@testable import Leibniz
@testable import Reporting

@Suite("A mend as it is printed")
struct MendReadingTests {
  /// A mended relation, and where the wrong one stands.
  private struct Printed {
    var text: String
    var span: Span
  }

  private static let pages = Derivation.all.filter { page in
    ["refuted", "rejected", "ill-typed"].contains { page.text.contains($0) }
  }

  private func report(
    _ derivation: Derivation, _ text: String, in workspace: inout Workspace
  ) -> DocumentReport {
    DocumentReport(
      checking: Source(path: derivation.path, text: Array(text.utf8)),
      given: GivenPages(derivation.givens).page(for: derivation.path, in: &workspace),
      models: StandardModels.forGranted, in: &workspace)
  }

  /// The mends of the relations that are written whole, in the order of their places.
  private func mends(_ derivation: Derivation) -> [Printed] {
    var workspace = Workspace()
    let report = report(derivation, derivation.text, in: &workspace)
    var mends: [Printed] = []
    for finding in report.findings {
      guard let mend = finding.mend, finding.statement.previous == nil,
        !finding.statement.continuesFormula
      else { continue }
      let splice = Splice(
        mend, in: finding.statement.source, finding.speaking(report.conventions), in: workspace)
      let text = splice.relation(mend, in: workspace)
      #expect(isBalanced(text), "\(derivation.path): \(text)")
      // `\left.`, whose `\right|` is part of the relation, stands before it.
      let lead = #"\left. "#
      let start = finding.span.start - (text.hasPrefix(lead) ? lead.utf8.count : 0)
      if start >= mends.last?.span.end ?? 0 {
        mends.append(Printed(text: text, span: Span(start, finding.span.end)))
      }
    }
    return mends
  }

  /// Whether every group that is opened is closed, and nothing else.
  private func isBalanced(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var depth = 0
    var fences = 0
    for (i, byte) in bytes.enumerated() {
      let isEscaped = i > 0 && bytes[i - 1] == UInt8(ascii: "\\")
      if byte == UInt8(ascii: "{"), !isEscaped { depth += 1 }
      if byte == UInt8(ascii: "}"), !isEscaped { depth -= 1 }
      if bytes[i...].starts(with: "\\left".utf8), !isLetter(bytes, i + 5) { fences += 1 }
      if bytes[i...].starts(with: "\\right".utf8), !isLetter(bytes, i + 6) { fences -= 1 }
      if depth < 0 || fences < 0 { return false }
    }
    return depth == 0 && fences == 0
  }

  private func isLetter(_ bytes: [UInt8], _ place: Int) -> Bool {
    bytes.indices.contains(place) && (97...122).contains(bytes[place] | 0x20)
  }

  @Test("is no wrong line in the place of the wrong one", arguments: pages)
  func inPlace(derivation: Derivation) {
    let mends = mends(derivation)
    if mends.isEmpty { return }
    let source = Array(derivation.text.utf8)
    var text: [UInt8] = []
    var places: [Int] = []
    var end = 0
    for mend in mends {
      text += source[end..<mend.span.start]
      places.append(text.count)
      text += mend.text.utf8
      end = mend.span.end
    }
    text += source[end...]
    var workspace = Workspace()
    let report = report(derivation, String(decoding: text, as: UTF8.self), in: &workspace)
    for (mend, place) in zip(mends, places) {
      let finding = report.findings.first { [place, place + 7].contains($0.span.start) }
      let verdict = finding?.verdict
      #expect(
        finding != nil && verdict != .refuted && verdict != .illTyped && verdict != .notUnderstood,
        "\(derivation.path): \(mend.text): \(verdict.map { "\($0)" } ?? "not found")")
    }
  }
}
