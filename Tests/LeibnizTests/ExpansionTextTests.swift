import Glibc
import Testing

@testable import Leibniz

/// Expansions as they are printed.
@Suite("The text of expansions")
struct ExpansionTextTests {
  private static func expansion(
    _ symbol: String, by node: String, _ model: String, _ form: ExpansionForm,
    _ format: ExpansionFormat, isStandalone: Bool = false
  ) throws -> (text: String, remark: Answer) {
    try expand(
      ExpansionRequest(
        symbol: symbol, node: node, steps: 3, model: .standard(model), form: form,
        format: format, isStandalone: isStandalone))
  }

  @Test(
    "is as it was; LEIBNIZ_RECORD=1 writes it anew, to be reviewed",
    arguments: ExpansionForm.allCases)
  func golden(form: ExpansionForm) throws {
    var text = ""
    for (symbol, node, model) in [
      ("L", "W", "rnn"), ("L", "W_f", "lstm"), ("C_3", "C_1", "lstm"), ("L", "W_s", "rnn-linear"),
      ("L", "W_{hh}", "rnn-batch"),
    ] {
      for format in [ExpansionFormat.text, .latex] {
        text += "\(model): \(symbol) by \(node), \(format.rawValue)\n"
        do throws(Refusal) {
          text += try expand(
            ExpansionRequest(
              symbol: symbol, node: node, steps: 3, model: .standard(model), form: form,
              format: format, isStandalone: false)
          ).text
        } catch {
          text += error.message + "\n"
        }
        text += "\n"
      }
    }
    let path = Files.root + "/Tests/LeibnizTests/Golden/" + form.rawValue + ".text"
    if getenv("LEIBNIZ_RECORD") != nil { Files.write(text, to: path) }
    #expect(text == Files.text(of: path))
  }

  @Test(
    "fits its paper",
    .enabled(
      if: PDFLaTeX.isInstalled,
      "pdflatex is not installed: the standalone documents are not compiled"),
    arguments: ExpansionForm.allCases.filter { $0 != .power })
  func standalone(form: ExpansionForm) throws {
    let text = try Self.expansion("L", by: "W_f", "lstm", form, .latex, isStandalone: true).text
    let log = try #require(PDFLaTeX.log(of: text, named: form.rawValue))
    #expect(log.contains("Output written"))
    #expect(!log.contains("Overfull"))
  }

  @Test("of a thousand steps is written without its terms")
  func thousand() throws {
    for form in [ExpansionForm.general, .nested] {
      let answer = try expand(
        ExpansionRequest(
          symbol: "L", node: "W", steps: 1000, model: .standard("rnn"), form: form, format: .json,
          isStandalone: false))
      #expect(answer.remark.outcome == .holds)
      #expect(answer.text.utf8.count < 1_000_000)
    }
  }
}
