import Leibniz

/// The options of all commands.
enum Option: String, CaseIterable {
  case given, format, output, strict, by, model, hold, immediate, layout, explain, steps, form
  case standalone, sizes, seed, help

  /// As it is typed.
  var spelling: String { "--" + rawValue }

  /// What stands behind it; nil for a mere switch.
  var value: String? {
    switch self {
    case .given, .output: "FILE"
    case .format, .form: rawValue.uppercased()
    case .by: "NODE"
    case .model: "NAME"
    case .hold: "A,B"
    case .layout: "LAYOUT"
    case .steps: "T"
    case .sizes: "n=3,d=2"
    case .seed: "N"
    case .strict, .immediate, .explain, .standalone, .help: nil
    }
  }

  func meaning(for command: Command) -> String {
    switch self {
    case .given where command == .check:
      "take the declarations, definitions and assumptions of FILE"
    case .given where command == .validate: "validate the equations of FILE"
    case .given: "take the equations from FILE"
    case .format where command == .check: Option.choices(ReportFormat.allCases)
    case .format: Option.choices(ExpansionFormat.allCases)
    case .output: "write the report to FILE"
    case .strict: "what is undecided counts as failing too"
    case .by: "the node or parameter by which is differentiated"
    case .model: "take the equations of a standard system (see leibniz models)"
    case .hold: "nodes that are held"
    case .immediate: "through one step alone, ∂⁺"
    case .layout: Option.choices(LayoutName.allCases)
    case .explain: "show every step with its rule"
    case .steps where command == .validate: "the last time step"
    case .steps: "write the sum out for the last time step T"
    case .form: Option.choices(ExpansionForm.allCases)
    case .standalone: "a whole LaTeX document"
    case .sizes: "the sizes to be tried"
    case .seed: "where the random numbers begin"
    case .help: "show this"
    }
  }

  private static func choices<Choice: RawRepresentable<String>>(_ all: [Choice]) -> String {
    all.map { $0.rawValue }.joined(separator: ", ")
  }
}

/// What `leibniz` can be asked for.
enum Command: String, CaseIterable {
  case check, derive, expand, models, validate, explain

  /// What may follow, apart from options.
  var positional: String {
    switch self {
    case .check: "[PATH…]"
    case .derive: "EXPRESSION"
    case .expand: "SYMBOL"
    case .models: "[NAME]"
    case .validate: "[NAME…]"
    case .explain: "CODE"
    }
  }

  var options: [Option] {
    switch self {
    case .check: [.given, .format, .output, .strict, .help]
    case .derive: [.by, .model, .given, .hold, .immediate, .layout, .explain, .help]
    case .expand: [.by, .steps, .model, .given, .form, .format, .standalone, .help]
    case .models, .explain: [.help]
    case .validate: [.given, .sizes, .steps, .seed, .help]
    }
  }

  /// Whether `--given` may stand more than once.
  var takesSeveralFiles: Bool { self == .check || self == .validate }

  /// Those that must be there.
  var required: [Option] {
    switch self {
    case .derive, .expand: [.by]
    case .check, .models, .validate, .explain: []
    }
  }

  var summary: String {
    switch self {
    case .check: "judges every line of files, folders and - (standard input)"
    case .derive: "a derivative, its steps and its finite-difference error"
    case .expand: "a sum of backpropagation through time, written out"
    case .models: "lists or prints the standard systems"
    case .validate: "every derivative of every system against finite differences"
    case .explain: "what a finding means, with a wrong and a right example"
    }
  }

  /// The line that shows how it is called.
  var usage: String {
    var parts = ["leibniz", rawValue, positional]
    for option in options where option != .help {
      let text = [option.spelling, option.value ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
      parts.append(required.contains(option) ? text : "[" + text + "]")
    }
    return parts.joined(separator: " ")
  }

  var help: String {
    var text = "usage: " + usage + "\n\n  " + summary + "\n"
    if self == .check {
      text += "\n  Without a path the folder Derivations is judged. Folders are searched for\n"
      text += "  " + Library.endings.joined(separator: ", ") + ".\n"
    }
    text += "\n"
    for option in options {
      let name = [option.spelling, option.value ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
      text += "  " + Command.padded(name, to: 18) + option.meaning(for: self) + "\n"
    }
    if self == .check {
      text +=
        "\n  Exit status: 0 every claim holds, is undecided or is as expected; 1 some claim is\n"
      text += "  not; 2 the arguments or a file cannot be used; 70 the witnesses contradict.\n"
    }
    return text
  }

  static var overview: String {
    var text = "Leibniz judges derivations line by line.\n\n"
    for command in Command.allCases {
      let call = "leibniz " + command.rawValue + " " + command.positional
      text += "  " + padded(call, to: 30) + command.summary + "\n"
    }
    return text + "\n  " + padded("leibniz COMMAND --help", to: 30) + "the options of a command\n"
      + "  " + padded("leibniz --version", to: 30) + "the version\n"
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(2, width - text.unicodeScalars.count))
  }
}
