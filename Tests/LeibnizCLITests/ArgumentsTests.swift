import Leibniz
import Testing

@testable import LeibnizCLI

/// A call as text, so that tables can hold it.
private func shown(_ line: String) -> String {
  do throws(ArgumentError) {
    switch try Call(line.split(separator: " ").map { String($0) }) {
    case .check(let call):
      var text = "check \(call.paths) \(call.given) \(call.format)"
      if let output = call.output { text += " to " + output }
      return text + (call.isStrict ? " strict" : "")
    case .derive(let call):
      var text = "derive \(call.expression) by \(call.node)"
      if let model = call.model { text += " \(model)" }
      if !call.held.isEmpty { text += " held \(call.held)" }
      if let layout = call.layout { text += " \(layout)" }
      return text + (call.isImmediate ? " immediate" : "") + (call.isExplained ? " explained" : "")
    case .expand(let call):
      var text =
        "expand \(call.symbol) by \(call.node) to \(call.steps.map { "\($0)" } ?? "?") \(call.form) \(call.format)"
      if let model = call.model { text += " \(model)" }
      return text + (call.isStandalone ? " standalone" : "")
    case .models(let name): return "models \(name ?? "all")"
    case .validate(let call):
      var text = "validate"
      for model in call.models { text += " \(model)" }
      for size in call.sizes { text += " \(size.name)=\(size.value)" }
      if let steps = call.steps { text += " to \(steps)" }
      if let seed = call.seed { text += " seed \(seed)" }
      return text
    case .explain(let code): return "explain \(code)"
    case .help(let command): return "help \(command?.rawValue ?? "")"
    case .version: return "version"
    }
  } catch {
    return "! " + error.message
  }
}

@Suite("Arguments")
struct ArgumentsTests {
  @Test(
    "are understood",
    arguments: [
      ("", "help "), ("--help", "help "), ("help check", "help check"), ("--version", "version"),
      ("check", "check [] [] text"),
      ("check a.md - b", #"check ["a.md", "-", "b"] [] text"#),
      ("check --format json --strict a", #"check ["a"] [] json strict"#),
      (
        "check a --output=o.json --given g.md --given h.md",
        #"check ["a"] ["g.md", "h.md"] text to o.json"#
      ),
      ("check -- --odd", #"check ["--odd"] [] text"#),
      ("check --help", "help check"), ("expand -h", "help expand"),
      ("derive y --by x", "derive y by x"),
      (
        "derive h_t --by h_{t-1} --hold f_t,a_{1,2} --immediate --layout denominator --explain",
        #"derive h_t by h_{t-1} held ["f_t", "a_{1,2}"] denominator immediate explained"#
      ),
      ("derive y --by x --model rnn", #"derive y by x standard("rnn")"#),
      ("derive --by x -- -y", "derive -y by x"),
      ("expand L --by W --steps 3", "expand L by W to 3 chain latex"),
      ("expand L --by W --form general", "expand L by W to ? general latex"),
      (
        "expand L --by W --steps 0 --given m.md --form full --format markdown",
        #"expand L by W to 0 full markdown file("m.md")"#
      ),
      ("expand L --by W --steps 3 --standalone", "expand L by W to 3 chain latex standalone"),
      ("models", "models all"), ("models lstm", "models lstm"),
      ("validate", "validate"),
      (
        "validate --given a.md lstm --given=b.md",
        #"validate standard("lstm") file("a.md") file("b.md")"#
      ),
      (
        "validate rnn gru --sizes n=3,d=2 --steps 4 --seed 7",
        #"validate standard("rnn") standard("gru") n=3 d=2 to 4 seed 7"#
      ),
      ("explain L204", "explain L204"),
    ])
  func understood(line: String, call: String) {
    #expect(shown(line) == call)
  }

  @Test(
    "that cannot be used are answered with what there is",
    arguments: [
      ("chek", "there is no command chek; did you mean check?"),
      ("a.md", "there is no command a.md; did you mean leibniz check a.md?"),
      (
        "frobnicate",
        "there is no command frobnicate; there are check, derive, expand, models, validate and explain"
      ),
      ("check --formt json", "check has no option --formt; did you mean --format?"),
      (
        "check --by x",
        "check has no option --by; there are --given, --format, --output, --strict and --help"
      ),
      ("check --format", "--format needs a value: --format FORMAT"),
      ("check --format=", "--format needs a value: --format FORMAT"),
      ("check --output --strict", "--output needs a value: --output FILE"),
      ("check --strict=yes", "--strict takes no value"),
      ("check --strict --strict", "--strict is given twice"),
      ("check --format xml", "there is no --format xml; there are text and json"),
      ("check --format jsn", "there is no --format jsn; did you mean json?"),
      ("derive x --by y --model a --given b", "--model and --given exclude each other"),
      (
        "derive x --by y --layout rows",
        "there is no --layout rows; there are numerator, denominator and gradient"
      ),
      ("derive x y --by z", "derive has no use for y\nusage: \(Command.derive.usage)"),
      ("derive --by z", "derive needs EXPRESSION\nusage: \(Command.derive.usage)"),
      ("derive x", "derive needs --by NODE\nusage: \(Command.derive.usage)"),
      ("expand L --steps 3", "expand needs --by NODE\nusage: \(Command.expand.usage)"),
      ("expand L --by W --steps -1", "--steps -1: the number cannot be negative"),
      ("expand L --by W --steps three", "--steps three: a whole number is due, such as --steps 3"),
      (
        "expand L --by W --steps 99999999999999999999",
        "--steps 99999999999999999999: a whole number is due, such as --steps 3"
      ),
      (
        "expand L --by W --steps 3 --standalone --format text",
        "--standalone makes a LaTeX document; it does not go with --format text"
      ),
      ("validate --sizes n=0", "--sizes n=0: sizes are written n=3,d=2, each at least 1"),
      ("validate --sizes n=1,n=2", "--sizes n=1,n=2: sizes are written n=3,d=2, each at least 1"),
      ("explain", "explain needs CODE\nusage: leibniz explain CODE"),
    ])
  func unusable(line: String, message: String) {
    #expect(shown(line) == "! " + message)
  }

  @Test("every command's help names each of its options", arguments: Command.allCases)
  func help(command: Command) {
    for option in command.options { #expect(command.help.contains(option.spelling)) }
    #expect(Command.overview.contains("leibniz " + command.rawValue))
  }
}
