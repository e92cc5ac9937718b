import Documents
import Expressions
import Notation
import Testing

import class Foundation.FileManager
import struct Foundation.URL

@testable import Checking
@testable import Leibniz

/// A document that comes with Leibniz, with all that it names as given.
struct Derivation: Sendable, CustomTestStringConvertible {
  var path: String
  var text: String
  var givens: [GivenDocument] = []
  /// Readings of meaning that the page licenses for a line that is wrong as it stands.
  var licensed: [Reading] = []

  var testDescription: String { path }

  /// The top folder of the package.
  private static let top = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// All Markdown documents below `Derivations`, in the order of their paths.
  static let all: [Derivation] = {
    let folder = top.appendingPathComponent("Derivations")
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    else { return [] }
    var found: [Derivation] = []
    for case let url as URL in files where url.pathExtension == "md" {
      guard let text = try? String(contentsOf: url, encoding: .utf8) else { continue }
      var derivation = Derivation(path: url.lastPathComponent, text: text)
      derivation.licensed = Reading.allCases.filter {
        $0.isSemantic && text.contains("with \($0.rawValue)")
      }
      derivation.collectGivens(of: derivation.document, beside: url)
      found.append(derivation)
    }
    return found.sorted { $0.path < $1.path }
  }()

  /// Those that claim something.
  static let claiming: [Derivation] = all.filter { $0.text.contains("expect proved") }

  static func named(_ path: String) -> Derivation {
    (all + systems).first { $0.path == path } ?? Derivation(path: path, text: "")
  }

  var document: Document { Document(path: path, text: Array(text.utf8)) }

  private mutating func collectGivens(of document: Document, beside url: URL) {
    for name in document.givenNames {
      let other = url.deletingLastPathComponent().appendingPathComponent(name)
      guard let text = try? String(contentsOf: other, encoding: .utf8),
        !givens.contains(where: { $0.name == name && $0.namedBy == document.path })
      else { continue }
      let given = Document(path: name, text: Array(text.utf8))
      givens.append(GivenDocument(namedBy: document.path, name: name, document: given))
      collectGivens(of: given, beside: other)
    }
  }

  /// The document read, not judged.
  func page(in workspace: inout Workspace) -> Page {
    let given = GivenPages(givens).page(for: path, in: &workspace)
    let source = Source(path: path, text: Array(text.utf8))
    return Page(reading: source, Manuscript(source), given: given, in: &workspace)
  }

  /// The same document with another text.
  func with(_ text: String) -> Derivation {
    var other = self
    other.text = text
    return other
  }
}

/// An accepted claim as both witnesses were told it.
struct Line {
  var statement: Statement
  var left: Expression
  var right: Expression
  /// As the page writes it, where that is read as something else.
  var written: (left: Expression, right: Expression)?
  var domains: [[Time]]
  var model: Model
  /// In which the document is judged.
  var layout: Layout
}

extension Derivation {
  /// The equations accepted as more than equal to the digits shown, without diagnosis of the others.
  func acceptedLines(in workspace: inout Workspace) -> [Line] {
    let judge = DocumentJudge(Theory(page(in: &workspace)), in: &workspace)
    var lines: [Line] = []
    for statement in judge.judge.theory.page.statements
    where statement.role == .claim && !statement.isHidden {
      guard statement.sign == .equal || statement.sign == .defines,
        let judged = judge.result(of: statement), judged.hearing.verdict.isAccepted,
        !judged.readings.contains(.precision),
        judged.claim.space == nil, !judged.claim.assumptions.contains(where: { $0.restrictsPoints })
      else { continue }
      var line = Line(
        statement: statement, left: judged.left, right: judged.right, domains: judged.domains,
        model: judge.judge.theory[judged.setting].model, layout: judge.layout)
      if judged.readings == [.immediate] {
        line.written = (judged.claim.left.expression, judged.claim.right.expression)
      }
      lines.append(line)
    }
    return lines
  }
}

extension Premise {
  /// Whether it restricts what is drawn; what it pins is in the model.
  var restrictsPoints: Bool {
    switch content {
    case .value, .condition, .size: true
    default: false
    }
  }
}

/// What came of one claim, without its diagnosis.
struct ClaimVerdict: Hashable, CustomStringConvertible {
  var verdict: Verdict
  var readings: [Reading] = []
  var code: Code?

  var description: String {
    readings.isEmpty ? verdict.rawValue : "\(verdict.rawValue) with \(readings.map { $0.rawValue })"
  }
}

extension Derivation {
  /// The verdicts of all claims, in their order.
  func verdicts(in workspace: inout Workspace) -> [ClaimVerdict] {
    let judge = DocumentJudge(Theory(page(in: &workspace)), in: &workspace)
    var verdicts: [ClaimVerdict] = []
    for statement in judge.judge.theory.page.statements
    where statement.role == .claim && !statement.isHidden {
      guard let judged = judge.result(of: statement) else {
        verdicts.append(ClaimVerdict(verdict: .notUnderstood))
        continue
      }
      let hearing = judged.hearing
      verdicts.append(
        ClaimVerdict(
          verdict: hearing.verdict,
          readings: hearing.verdict.isAccepted ? judged.readings.inOrder : [],
          code: hearing.code))
    }
    return verdicts
  }
}
