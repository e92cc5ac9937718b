import Glibc
import Testing

@testable import Leibniz

/// The folder of the standard systems, and the file that carries them in the library.
private enum Folder {
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    .dropLast(3).joined(separator: "/")
  static let models = root + "/Derivations/models"
  static let carried = root + "/Sources/Leibniz/Models+Documents.swift"

  /// The documents, sorted by name.
  static var documents: [StandardModel] {
    guard let directory = opendir(models) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".md") { names.append(String(name.dropLast(3))) }
    }
    return names.sorted().map {
      StandardModel(name: $0, text: text(of: models + "/" + $0 + ".md"))
    }
  }

  static func text(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { return }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
  }
}

/// The Swift file that carries documents.
private func carrying(_ documents: [StandardModel]) -> String {
  var text = "extension StandardModels {\n  static let documents: [StandardModel] = [\n"
  for document in documents {
    text += "    StandardModel(\n      name: \"\(document.name)\",\n      text: #\"\"\"\n"
    for line in document.text.split(separator: "\n", omittingEmptySubsequences: false) {
      text += (line.isEmpty ? "" : "        ") + line + "\n"
    }
    text += "        \"\"\"#),\n"
  }
  return text + "  ]\n}\n"
}

@Test("the library carries the documents of Derivations/models; LEIBNIZ_RECORD=1 renews them")
func carriesTheDocuments() {
  let documents = Folder.documents
  if getenv("LEIBNIZ_RECORD") != nil {
    Folder.write(carrying(documents), to: Folder.carried)
    return
  }
  #expect(StandardModels.documents.map { $0.name } == documents.map { $0.name })
  for (carried, document) in zip(StandardModels.documents, documents) {
    #expect(carried.text == document.text, "\(document.name)")
  }
}
