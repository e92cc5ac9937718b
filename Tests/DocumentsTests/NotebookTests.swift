import Notation
import Testing

@testable import Documents

private let notebook = #"""
  {"cells": [
    {"cell_type": "markdown", "metadata": {"a": [1, -2.5e3, null]}, "source": ["# T\n", "$\\tanh x$"]},
    {"cell_type": "code", "outputs": [], "source": ["$no$"]},
    {"source": "$$\u03b1 = b$$", "cell_type": "markdown"}
  ], "nbformat": 4}
  """#

@Test("Markdown cells are read, code cells are not")
func cells() {
  let page = page(notebook, as: "a.ipynb")
  #expect(page.strings == [#"\tanh x"#, "α = b"])
  #expect(page.problems.isEmpty)
}

@Test("places in a cell are places in the file")
func cellPlaces() {
  let source = Source(path: "a.ipynb", text: Array(notebook.utf8))
  let formulas = Manuscript(source).formulas
  #expect(source.string(formulas[0].span) == #"$\\tanh x$"#)
  #expect(source.string(formulas[0].sourceSpan(Span(0, 5))) == #"\\tanh"#)
  #expect(source.string(formulas[1].sourceSpan(Span(0, 2))) == #"\u03b1"#)
  #expect(source.position(of: formulas[1].span.start).line == 4)
}

@Test(
  "a broken notebook gives what was read and a problem",
  arguments: [
    "", "{", "[1]", #"{"cells": [{"cell_type": "markdown", "source": "$x$"}, {"#,
  ])
func brokenNotebook(text: String) {
  let page = page(text, as: "a.ipynb")
  #expect(page.problems.count == 1)
  #expect(page.strings == (text.contains("$x$") ? ["x"] : []))
}
