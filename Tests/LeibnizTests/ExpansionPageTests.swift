import Testing

@testable import Leibniz

/// An expansion of a standard system that is put back onto a page with the system's equations.
struct ExpansionPage: Sendable, CustomTestStringConvertible {
  var symbol: String
  var node: String
  var model: String
  var form: ExpansionForm

  var testDescription: String { "\(model): \(symbol) by \(node), \(form.rawValue)" }

  static let all: [ExpansionPage] = {
    let questions = [
      ("L", "W_f", "lstm"), ("C_3", "C_1", "lstm"), ("L", "W", "rnn"), ("h_3", "h_1", "rnn"),
      ("L", "b_1", "rnn-linear"), ("L", "W_h", "rnn-row"), ("L", "W", "lstm-gates"),
      ("L", "W", "rnn-scalar"), ("c_3", "c_1", "lstm-scalar"), ("L", "W", "rnn-softmax"),
      ("L", "W_s", "rnn-tanh"), ("L", "W_{hz}", "gru"), ("L", "b_h", "rnn-batch"),
      ("L", "W_{xh}", "mlp"), ("L", "W_{hf}", "lstm-batch"), ("L", "W_f", "lstm-stacked"),
    ]
    var pages: [ExpansionPage] = []
    for (symbol, node, model) in questions {
      for form in ExpansionForm.allCases {
        pages.append(ExpansionPage(symbol: symbol, node: node, model: model, form: form))
      }
    }
    return pages
  }()

  func expansion() throws(Refusal) -> String {
    try expand(
      ExpansionRequest(
        symbol: symbol, node: node, steps: 3, model: .standard(model), form: form, format: .latex,
        isStandalone: false)
    ).text
  }
}

@Suite("Expansions on a page")
struct ExpansionPageTests {
  @Test("are accepted as they are printed", arguments: ExpansionPage.all)
  func accepted(page: ExpansionPage) throws {
    let expansion: String
    do throws(Refusal) {
      expansion = try page.expansion()
    } catch {
      // Not every form is there for every derivative.
      #expect([.power, .copies].contains(page.form))
      return
    }
    let times = page.form == .general ? "" : "Let $T = 3$. Then\n"
    let text =
      try model(named: page.model) + "\n<!-- leibniz: layout numerator -->\n\n" + times
      + "<!-- leibniz: claim -->\n$$\n" + expansion + "$$\n"
    let check = Check([Document(path: "page.md", text: Array(text.utf8))])
    #expect(check.outcome(isStrict: true) == .holds)
    #expect(!check.report(.text).contains("note"))
    #expect(check.report(.text).contains(" claim"))
  }

  @Test("that lack their last term are not accepted")
  func dropped() throws {
    let page = ExpansionPage(symbol: "C_3", node: "C_1", model: "lstm", form: .steps)
    var expansion = try page.expansion()
    let last = try #require(expansion.ranges(of: "+ ").last)
    let end = try #require(expansion.ranges(of: "\n\\end{aligned}").last)
    expansion.removeSubrange(last.lowerBound..<end.lowerBound)
    let text =
      try model(named: "lstm") + "\n<!-- leibniz: layout numerator -->\n\nLet $T = 3$. Then\n"
      + "$$\n" + expansion + "$$\n"
    let check = Check([Document(path: "page.md", text: Array(text.utf8))])
    #expect(check.outcome() == .fails)
  }
}
