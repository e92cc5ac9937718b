import Notation
import Testing

@testable import Documents

private let paper = #"""
  \documentclass{article}
  \newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} % $no$
  \begin{document}
  \section{On $x$} Let $a = b$. % a remark with $c$
  \begin{equation}\label{eq:one}
    u = v % inside
  \end{equation}
  % leibniz: expect proved
  \[ p = q \]
  \begin{itemize}
  \item first $i$
  \item second \emph{and $j$}
  \end{itemize}
  \begin{proof} Here $k$.

  There $l$. \end{proof}
  \begin{verbatim} $no$ \end{verbatim}
  \sout{$s$} costs 3\$
  \begin{align*} a &= b \\ &= c \tag{4} \end{align*}
  \end{document}
  $no$
  """#

@Test("a paper's formulas, in order, without preamble, comments and listings")
func paperFormulas() {
  let page = page(paper, as: "p.tex")
  #expect(
    page.strings.map { squeeze($0) } == [
      "x", "a = b", "u = v", "p = q", "i", "j", "k", "l", "s", #"a &= b \\ &= c"#,
    ])
  #expect(page.formulas[2].environment == "equation")
  #expect(page.formulas[2].label == "eq:one")
  #expect(page.formulas[9].label == "4")
  #expect(page.formulas[8].isStruck)
  #expect(page.directives.count == 1)
  #expect(!page.macros.isEmpty)
  #expect(page.problems.isEmpty)
}

@Test("a proof's blocks know that they are one")
func proofs() {
  let page = page(paper, as: "p.tex")
  #expect(page.blocks.filter { $0.proof == 1 }.count == 2)
  #expect(page.blocks.filter { $0.kind == .listItem }.count == 2)
  #expect(page.blocks[0].kind == .heading(level: 2))
}

@Test("German accents become letters")
func accents() {
  #expect(page(#"h\"angt f\"{u}r wei\ss"#, as: "a.tex").prose == "hängt für weiß")
}

private func squeeze(_ text: String) -> String {
  String(decoding: squeezed(Array(text.utf8)), as: UTF8.self)
}
