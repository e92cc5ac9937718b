import Glibc
import Leibniz

/// A file that cannot be used, and why.
struct FileProblem: Error {
  var path: String
  var reason: String
  var message: String { path + ": " + reason }
}

/// Reads documents, and those that they take in their turn.
struct Library {
  private(set) var documents: [Document] = []
  private(set) var givens: [GivenDocument] = []
  private(set) var problems: [FileProblem] = []
  /// By resolved path: what was found once is not read again.
  private var read: [String: Document] = [:]

  /// What a folder is searched for.
  static let endings = [".md", ".txt", ".tex", ".ipynb"]
  private static let mostBytes = 64 << 20

  /// Reads files, folders and `-`, in the order given; a folder in the order of its paths.
  static func loading(_ paths: [String], given: [String]) -> Library {
    var library = Library()
    for path in given {
      if let document = library.document(at: path) {
        library.givens.append(GivenDocument(namedBy: nil, name: path, document: document))
        library.addGivens(of: document)
      }
    }
    for path in paths {
      for file in library.files(at: path) {
        guard let document = library.document(at: file) else { continue }
        library.documents.append(document)
        library.addGivens(of: document)
      }
    }
    return library
  }

  /// The closure of `given`: paths count from the folder of the document that names them.
  private mutating func addGivens(of document: Document) {
    for name in document.givenNames {
      if givens.contains(where: { $0.namedBy == document.path && $0.name == name }) { continue }
      let path = Library.path(name, namedBy: document.path)
      guard let other = self.document(at: path) else {
        problems[problems.count - 1].reason += " (given in " + document.path + ")"
        continue
      }
      givens.append(GivenDocument(namedBy: document.path, name: name, document: other))
      addGivens(of: other)
    }
  }

  static func path(_ name: String, namedBy path: String) -> String {
    if name.utf8.first == UInt8(ascii: "/") { return name }
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return name }
    return String(path[...slash]) + name
  }

  // MARK: Folders

  private mutating func files(at path: String) -> [String] {
    var status = stat()
    guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return [path]
    }
    let found = contents(of: path)
    if found.isEmpty {
      complain(
        "note: " + path + " holds no documents (" + Library.endings.joined(separator: ", ") + ")")
    }
    return found
  }

  /// Hidden files and links to folders are passed over.
  private mutating func contents(of folder: String) -> [String] {
    guard let stream = opendir(folder) else {
      problems.append(FileProblem(path: folder, reason: lastError()))
      return []
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.utf8.first != UInt8(ascii: ".") { names.append(name) }
    }
    let start = folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/"
    var found: [String] = []
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      var status = stat()
      guard lstat(start + name, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        found += contents(of: start + name)
      } else if Library.endings.contains(where: { name.hasSuffix($0) }) {
        found.append(start + name)
      }
    }
    return found
  }

  // MARK: Files

  private mutating func document(at path: String) -> Document? {
    // Two ways to one file are one document, so that documents that name each other come to an end.
    let key = resolved(path) ?? path
    if let known = read[key] { return known }
    do throws(FileProblem) {
      let document = Document(path: path, text: try Library.text(at: path))
      read[key] = document
      return document
    } catch {
      problems.append(error)
      return nil
    }
  }

  /// The bytes of a text; `-` is standard input.
  private static func text(at path: String) throws(FileProblem) -> [UInt8] {
    let bytes = try bytes(at: path)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw FileProblem(path: path, reason: "is UTF-16; save it as UTF-8")
    }
    if bytes.contains(0) {
      throw FileProblem(path: path, reason: "is not a text but a binary file")
    }
    if String(validating: bytes, as: UTF8.self) == nil {
      throw FileProblem(path: path, reason: "is not UTF-8; save it as UTF-8")
    }
    return bytes
  }

  private static func bytes(at path: String) throws(FileProblem) -> [UInt8] {
    var descriptor = STDIN_FILENO
    if path != "-" {
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        throw FileProblem(path: path, reason: "is a folder, not a document")
      }
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw FileProblem(path: path, reason: lastError()) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileProblem(path: path, reason: lastError())
      }
      bytes += buffer[..<count]
      if bytes.count > mostBytes {
        throw FileProblem(path: path, reason: "is larger than \(mostBytes >> 20) MB")
      }
    }
  }
}
