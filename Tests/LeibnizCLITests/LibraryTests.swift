import Glibc
import Leibniz
import Testing

@testable import LeibnizCLI

/// A folder of its own that goes with the test.
final class Folder {
  let path: String

  init() {
    var template = Array((P_tmpdir + "/leibniz-test-XXXXXX").utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? P_tmpdir
  }

  deinit { Folder.remove(path) }

  func add(_ name: String, _ text: String = "$a = a$\n") {
    add(name, bytes: Array(text.utf8))
  }

  func add(_ name: String, bytes: [UInt8]) {
    var folder = path
    for part in name.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o777)
    }
    guard let file = fopen(path + "/" + name, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func text(_ name: String) -> String? {
    guard let file = fopen(path + "/" + name, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }

  var names: [String] { Folder.names(path) }

  private static func names(_ path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func remove(_ path: String) {
    for name in names(path) { remove(path + "/" + name) }
    Glibc.remove(path)
  }
}

@Suite("The library of documents")
struct LibraryTests {
  @Test("a folder is searched through, in the order of its paths, hidden files left out")
  func folders() {
    let folder = Folder()
    for name in ["b.md", "a.tex", "c/z.txt", "c/a.ipynb", ".git/x.md", "README.md", "d.swift"] {
      folder.add(name)
    }
    let library = Library.loading([folder.path], given: [])
    let names = library.documents.map { String($0.path.dropFirst(folder.path.count + 1)) }
    #expect(names == ["README.md", "a.tex", "b.md", "c/a.ipynb", "c/z.txt"])
    #expect(library.problems.isEmpty)
  }

  @Test("what cannot be read is named, and the rest is read")
  func unreadable() {
    let folder = Folder()
    folder.add("good.md")
    folder.add("binary.md", bytes: [97, 0, 98])
    folder.add("latin.md", bytes: [97, 0xE9, 98])
    folder.add("wide.md", bytes: [0xFF, 0xFE, 97, 0])
    let names = ["missing.md", "binary.md", "latin.md", "wide.md", "good.md"]
    let library = Library.loading(names.map { folder.path + "/" + $0 }, given: [])
    #expect(library.documents.map { $0.path } == [folder.path + "/good.md"])
    #expect(
      library.problems.map { $0.reason } == [
        "there is no such file or folder", "is not a text but a binary file",
        "is not UTF-8; save it as UTF-8", "is UTF-16; save it as UTF-8",
      ])
  }

  @Test("a given document is found beside the one that names it, and cycles end")
  func givens() {
    let folder = Folder()
    folder.add("a.md", "<!-- leibniz: given sub/b.md -->\n")
    folder.add("sub/b.md", "<!-- leibniz: given ../a.md -->\n<!-- leibniz: given none.md -->\n")
    let library = Library.loading([folder.path + "/a.md"], given: [])
    #expect(library.documents.count == 1)
    #expect(library.givens.map { $0.name } == ["sub/b.md", "../a.md"])
    #expect(library.problems.count == 1)
    #expect(library.problems.first?.reason.contains("(given in ") == true)
  }

  @Test(
    "paths of given documents",
    arguments: [
      ("rnn.md", "a.md", "rnn.md"), ("rnn.md", "x/a.md", "x/rnn.md"), ("/r.md", "x/a.md", "/r.md"),
      ("../r.md", "x/y/a.md", "x/y/../r.md"), ("r.md", "-", "r.md"),
    ])
  func paths(name: String, namedBy: String, path: String) {
    #expect(Library.path(name, namedBy: namedBy) == path)
  }
}

@Suite("Output files")
struct OutputTests {
  @Test("a file is replaced in one step and nothing is left behind")
  func replaced() {
    let folder = Folder()
    folder.add("report.json", "old")
    #expect(write("new", toFile: folder.path + "/report.json") == nil)
    #expect(folder.text("report.json") == "new")
    #expect(folder.names == ["report.json"])
  }

  @Test("a link keeps pointing to its file")
  func linked() {
    let folder = Folder()
    folder.add("real.json", "old")
    symlink(folder.path + "/real.json", folder.path + "/link.json")
    #expect(write("new", toFile: folder.path + "/link.json") == nil)
    #expect(folder.text("real.json") == "new")
    var status = stat()
    #expect(lstat(folder.path + "/link.json", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test("where nothing can be written, the reason is said and what stood there stays")
  func refused() {
    let folder = Folder()
    folder.add("sub/report.json", "old")
    #expect(write("new", toFile: folder.path + "/sub")?.reason == "is a folder")
    #expect(write("new", toFile: folder.path + "/none/report.json") != nil)
    #expect(folder.text("sub/report.json") == "old")
    #expect(folder.names == ["sub"])
  }
}
