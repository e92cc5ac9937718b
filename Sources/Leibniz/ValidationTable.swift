import Checking
import Expressions
import Notation
import Numerics
import Reporting

/// One line a derivative: its name, its largest relative error, its points.
struct ValidationTable {
  struct Row {
    var derivative: String
    var error: String
    var points: String
    var remark = ""

    init(
      _ question: DerivativeQuestion, _ result: ValidationResult, _ conventions: Conventions,
      in workspace: borrowing Workspace
    ) {
      derivative = unicode(question.derivative, in: workspace, conventions: conventions)
      switch result {
      case .agrees(let points, let error):
        self.error = Figures.rounded(error, digits: 2)
        self.points = "\(points)"
      case .disagrees(let points, let error):
        self.error = Figures.rounded(error, digits: 2)
        self.points = "\(points)"
        remark = "the formula does not agree"
      case .noPoint(let failure):
        (error, points) = ("–", "0")
        switch failure {
        case .tooLarge, .tooManyEntries: remark = "too large for these sizes"
        default: remark = "no point could be taken"
        }
      case .noFormula:
        (error, points) = ("–", "0")
        remark = "there is no formula"
      }
    }
  }

  var rows: [Row] = []

  var text: String {
    let (first, second, third) = ("derivative", "largest relative error", "points")
    let width = max(first.count, rows.map { columns($0.derivative) }.max() ?? 0)
    var text = "  " + padded(first, to: width) + "  " + second + "  " + third + "\n"
    for row in rows {
      text += "  " + padded(row.derivative, to: width) + "  "
      text += padded(row.error, to: second.count) + "  "
      text += row.remark.isEmpty ? row.points : padded(row.points, to: third.count)
      text += (row.remark.isEmpty ? "" : "  " + row.remark) + "\n"
    }
    return text
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - columns(text)))
  }

  /// How many columns of a terminal a text takes: combining marks take none.
  private func columns(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + (0x300..<0x370 ~= $1.value ? 0 : 1) }
  }
}

/// How many derivatives agree, and how well.
struct ValidationTally {
  private(set) var derivatives = 0
  private(set) var failures = 0
  private(set) var maximumRelativeError = 0.0

  mutating func add(_ result: ValidationResult) {
    derivatives += 1
    switch result {
    case .agrees(_, let error): maximumRelativeError = max(maximumRelativeError, error)
    case .disagrees(_, let error):
      maximumRelativeError = max(maximumRelativeError, error)
      failures += 1
    case .noPoint, .noFormula: failures += 1
    }
  }

  mutating func add(_ other: ValidationTally) {
    derivatives += other.derivatives
    failures += other.failures
    maximumRelativeError = max(maximumRelativeError, other.maximumRelativeError)
  }

  var text: String {
    let error = Figures.rounded(maximumRelativeError, digits: 2)
    return failures == 0
      ? "all \(derivatives) derivatives agree with finite differences; largest relative error \(error)"
      : "\(failures) of \(derivatives) derivatives are not confirmed by finite differences"
  }
}
