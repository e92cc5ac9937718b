import Glibc

import class Foundation.FileManager

/// The LaTeX of the machine, where there is one.
enum PDFLaTeX {
  static let isInstalled = system("command -v pdflatex >/dev/null") == 0

  /// What pdflatex reports of a document, compiled in a folder of its own; nil if it fails.
  static func log(of document: String, named name: String) -> String? {
    let folder =
      FileManager.default.temporaryDirectory.path + "/leibniz-\(getpid())-" + name
    defer { _ = system("rm -rf '\(folder)'") }
    guard mkdir(folder, 0o700) == 0 else { return nil }
    Files.write(document, to: folder + "/document.tex")
    let status = system(
      "cd '\(folder)' && pdflatex -interaction=nonstopmode -halt-on-error document.tex >/dev/null")
    return status == 0 ? Files.text(of: folder + "/document.log") : nil
  }
}
