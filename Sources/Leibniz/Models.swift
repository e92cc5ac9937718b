import Checking
import Documents

/// The standard systems: documents, with the equations as a textbook shows them. Nothing else knows
/// what they are.
enum StandardModels {
  /// As what a page may take for granted.
  static let forGranted = documents.map {
    GrantedModel(
      name: $0.name, source: Source(path: $0.name + ".md", text: Array($0.text.utf8)))
  }

  static func document(named name: String) -> StandardModel? {
    documents.first { $0.name == name }
  }
}

/// A document of `Derivations/models`, carried in the library.
struct StandardModel: Sendable {
  /// The file's name without its ending.
  var name: String
  var text: String

  var title: String {
    text.split(separator: "\n").first.map { String($0.dropFirst(2)) } ?? ""
  }
}

/// A list of the standard systems, one a line.
public func models() -> String {
  let width = (StandardModels.documents.map { $0.name.count }.max() ?? 0) + 2
  return StandardModels.documents.map {
    $0.name + String(repeating: " ", count: width - $0.name.count) + $0.title + "\n"
  }.joined()
}

/// The document of a standard system.
public func model(named name: String) throws(Refusal) -> String {
  guard let document = StandardModels.document(named: name) else {
    throw Refusal(
      "there is no model \(name); there are: "
        + StandardModels.documents.map { $0.name }.joined(separator: ", "))
  }
  return document.text
}
