import Reporting
import Testing

@Suite("What a terminal shows")
struct TerminalTests {
  @Test("every kind of finding has its lines")
  func golden() {
    let page = Fixture.homework()
    expectGolden(terminal([page.report], in: page.workspace, color: false), "homework.text")
  }

  @Test("colours add escape sequences and change nothing else")
  func colors() {
    let page = Fixture.homework()
    let plain = terminal([page.report], in: page.workspace, color: false)
    let colored = terminal([page.report], in: page.workspace, color: true)
    var (stripped, isEscape) = ("", false)
    for character in colored.unicodeScalars {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape { stripped.unicodeScalars.append(character) }
      if character == "m" { isEscape = false }
    }
    #expect(stripped == plain)
    #expect(colored != plain)
  }

  @Test("a document without maths is noted, and several are summed up")
  func empty() {
    let page = Fixture("nothing\n", path: "empty.md")
    let text = terminal([page.report, page.report], in: page.workspace, color: false)
    #expect(text.contains("note: there is no maths to judge in this document."))
    #expect(text.hasSuffix("2 documents, 0 claims.\n"))
  }

  @Test("a document cannot steer the terminal")
  func control() {
    var page = Fixture("$a = \u{1B}[31m b$\n", path: "evil\u{1B}[2J.md")
    page.add("a = \u{1B}[31m b", verdict: .notUnderstood) {
      $0.message = .init([.token("\u{1B}[31m")])
    }
    let text = terminal([page.report], in: page.workspace, color: false)
    #expect(!text.contains("\u{1B}"))
  }

  @Test("a part that lies outside of its relation is not underlined")
  func outside() {
    var page = Fixture("$a = b$ and $c = d$\n")
    let wrong = page.span("a")
    page.add("c = d", verdict: .refuted) { $0.blame = wrong }
    let text = terminal([page.report], in: page.workspace, color: false)
    #expect(text.contains("homework.md:1:14: L200"))
    #expect(text.contains("     │              ^~~~~\n"))
  }

  @Test("a mend longer than a few lines is cut, and its edit is not said twice")
  func long() {
    var page = Fixture("$a = b$\n")
    let name = String(repeating: "x", count: 400)
    let (left, right) = (page.variable("a"), page.variable(name))
    page.add("a = b", verdict: .refuted) {
      $0.mend = .init(
        left: left, right: right, sign: .equal, old: nil, new: nil,
        edit: .init([.words("the right side becomes"), .maths(right)]), slip: nil)
    }
    let text = terminal([page.report], in: page.workspace, color: false)
    #expect(text.contains("did you mean  a = xxx"))
    #expect(!text.contains("the right side becomes"))
    #expect(!text.contains(name))
  }
}
