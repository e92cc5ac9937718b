import Checking
import Documents
import Expressions
import Reporting

/// The version of this library and of the command line.
public let version = Reporting.version

/// A file as it was read.
public struct Document: Sendable {
  public var path: String
  public var text: [UInt8]
  public init(path: String, text: [UInt8]) {
    self.path = path
    self.text = text
  }

  /// The files that its `given` directives name, as written, in order.
  public var givenNames: [String] {
    Manuscript(Source(path: path, text: text)).givens.map { $0.file }
  }
}

/// A document whose declarations, definitions and assumptions another one takes.
public struct GivenDocument: Sendable {
  /// The path of the document whose directive names it; nil: every document takes it.
  public var namedBy: String?
  /// As written in the directive.
  public var name: String
  public var document: Document
  public init(namedBy: String?, name: String, document: Document) {
    self.namedBy = namedBy
    self.name = name
    self.document = document
  }
}

/// What came of a call.
public enum Outcome: Sendable {
  case holds, fails, unreadable, contradicts
}

public enum ReportFormat: String, Sendable, CaseIterable {
  case text, json
}

/// Documents, judged.
extension Check {
  public func report(_ format: ReportFormat, color: Bool = false) -> String {
    switch format {
    case .text: terminal(reports, in: workspace, color: color)
    case .json: json(reports, in: workspace)
    }
  }

  /// - Parameter isStrict: what is undecided fails too.
  public func outcome(isStrict: Bool = false) -> Outcome {
    switch Tally(reports, isStrict: isStrict).outcome {
    case .holds: .holds
    case .fails: .fails
    case .unreadable: .unreadable
    case .contradicts: .contradicts
    }
  }
}
