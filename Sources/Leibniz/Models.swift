import Documents
import Expressions

/// The standard systems: documents, with the equations as a textbook shows them. Nothing else knows
/// what they are.
enum StandardModels {
  static let documents: [(name: String, text: String)] = [("rnn", rnn)]

  static func document(named name: String) -> String? {
    documents.first { $0.name == name }?.text
  }
}

/// A list of the standard systems, one a line.
public func models() -> String {
  var lines = ""
  for document in StandardModels.documents {
    let title = document.text.split(separator: "\n").first.map { String($0.dropFirst(2)) } ?? ""
    lines += document.name + "  " + title + "\n"
  }
  return lines
}

/// The document of a standard system.
public func model(named name: String) throws(Refusal) -> String {
  guard let text = StandardModels.document(named: name) else {
    throw Refusal(
      "there is no model \(name); there are: "
        + StandardModels.documents.map { $0.name }.joined(separator: ", "))
  }
  return text
}
