import Documents
import Expressions
import Glibc

@testable import Checking

/// The documents that the repository judges itself by.
enum Derivations {
  private static func root(_ file: String) -> String {
    file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
      + "/Derivations/"
  }

  /// The names of a folder's documents without their ending, sorted.
  static func names(in folder: String, file: String = #filePath) -> [String] {
    guard let directory = opendir(root(file) + folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".md") { names.append(folder + "/" + name.dropLast(3)) }
    }
    return names.sorted()
  }

  static func source(_ name: String, file: String = #filePath) -> Source {
    var bytes: [UInt8] = []
    if let stream = fopen(root(file) + name + ".md", "r") {
      while case let byte = fgetc(stream), byte != EOF { bytes.append(UInt8(byte)) }
      fclose(stream)
    }
    return Source(path: name + ".md", text: bytes)
  }
}

extension Derivations {
  /// What a page may take for granted.
  static let models = names(in: "models").map { name in
    GrantedModel(name: String(name.dropFirst("models/".count)), source: source(name))
  }
}

/// The report on a page, and the workspace that it speaks of.
struct Checked: ~Copyable {
  var w = Workspace()
  let report: DocumentReport

  init(_ source: Source) {
    report = DocumentReport(checking: source, models: Derivations.models, in: &w)
  }
  init(_ text: String, given other: String? = nil) {
    var page: Page?
    if let other {
      let source = Source(path: "given.md", text: Array(other.utf8))
      page = Page(reading: source, Manuscript(source), in: &w)
    }
    report = DocumentReport(
      checking: Source(path: "page.md", text: Array(text.utf8)), given: page, in: &w)
  }

  /// What is said of the claims, in order.
  var claims: [Finding] { report.findings.filter { $0.statement.role == .claim } }
  var verdicts: [Verdict?] { claims.map { $0.verdict } }
}
