import Checking
import Expressions
import Notation
import Reporting
import Testing

@Suite("Messages in words")
struct PhrasingTests {
  @Test("maths is bare where it reads as text, else between dollars")
  func phrasings() {
    var page = Fixture("")
    let (x, w) = (page.variable("x"), page.variable("\\Theta"))
    let message = Message([
      .words("both"), .maths(x), .words("and"), .maths(w), .words(", at step"), .time(Time(3)),
    ])
    func text(_ phrasing: Phrasing) -> String {
      message.text(phrasing, in: page.workspace, conventions: Conventions())
    }
    #expect(text(.delimited) == "both $x$ and $\\Theta$, at step $3$")
    #expect(text(.plain) == "both x and $\\Theta$, at step 3")
  }

  @Test(
    "a sentence begins with a capital and ends with a full stop",
    arguments: [
      ("the sum is empty", "The sum is empty."), ("is it?", "Is it?"), ("", ""),
      ("h is given", "h is given."), ("a term is missing", "A term is missing."),
    ])
  func sentences(words: String, sentence: String) {
    let workspace = Workspace()
    let message = Message(words.isEmpty ? [] : [.words(words)])
    #expect(
      message.sentence(.terminal, in: workspace, conventions: Conventions()) == sentence)
  }

  @Test("blanks stand between parts, but not before punctuation or behind a bracket")
  func blanks() {
    let workspace = Workspace()
    let message = Message([
      .words("see ("), .token("a"), .words("), or"), .token("b"), .words(": "), .token("c"),
    ])
    #expect(
      message.text(.plain, in: workspace, conventions: Conventions()) == "see (a), or b: c")
  }
}
