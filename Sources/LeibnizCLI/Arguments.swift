import Leibniz

/// What the command line asks for.
enum Call {
  case check(CheckCall)
  case derive(DeriveCall)
  case expand(ExpandCall)
  case models(String?)
  case validate(ValidateCall)
  case explain(String)
  case help(Command?)
  case version
}

struct CheckCall: Equatable {
  var paths: [String] = []
  var given: [String] = []
  var format = ReportFormat.text
  var output: String?
  var isStrict = false
}

/// Where a derivative's equations come from, as named on the command line.
enum ModelName: Equatable {
  case standard(String)
  case file(String)
}

struct DeriveCall: Equatable {
  var expression: String
  var node: String
  var model: ModelName?
  var held: [String] = []
  var isImmediate = false
  var layout: LayoutName?
  var isExplained = false
}

struct ExpandCall: Equatable {
  var symbol: String
  var node: String
  var steps: Int?
  var model: ModelName?
  var form = ExpansionForm.chain
  var format = ExpansionFormat.latex
  var isStandalone = false
}

struct ValidateCall {
  /// Empty: every standard system.
  var models: [ModelName] = []
  var sizes: [(name: String, value: Int)] = []
  var steps: Int?
  var seed: UInt64?
}

extension Call {
  /// Understands the arguments behind the program's name.
  init(_ arguments: [String]) throws(ArgumentError) {
    switch arguments.first {
    case nil, "--help", "-h", "help":
      self = .help(arguments.dropFirst().first.flatMap { Command(rawValue: $0) })
    case "--version", "-V": self = .version
    case let word?:
      guard let command = Command(rawValue: word) else { throw .unknownCommand(word) }
      self = try Call(try Arguments(arguments.dropFirst(), of: command))
    }
  }

  private init(_ arguments: Arguments) throws(ArgumentError) {
    if arguments.has(.help) {
      self = .help(arguments.command)
      return
    }
    for option in arguments.command.required where !arguments.has(option) {
      throw .missing(option, arguments.command)
    }
    switch arguments.command {
    case .check:
      var call = CheckCall(paths: arguments.words)
      call.given = arguments.all(.given)
      call.format = try arguments.choice(.format, among: ReportFormat.allCases) ?? .text
      call.output = arguments[.output]
      call.isStrict = arguments.has(.strict)
      self = .check(call)
    case .derive:
      var call = DeriveCall(expression: try arguments.word(), node: arguments[.by] ?? "")
      call.model = try arguments.model()
      call.held = Arguments.list(arguments[.hold] ?? "")
      call.isImmediate = arguments.has(.immediate)
      call.layout = try arguments.choice(.layout, among: LayoutName.allCases)
      call.isExplained = arguments.has(.explain)
      self = .derive(call)
    case .expand:
      var call = ExpandCall(
        symbol: try arguments.word(), node: arguments[.by] ?? "",
        steps: try arguments.number(.steps))
      call.model = try arguments.model()
      call.form = try arguments.choice(.form, among: ExpansionForm.allCases) ?? .chain
      call.format = try arguments.choice(.format, among: ExpansionFormat.allCases) ?? .latex
      call.isStandalone = arguments.has(.standalone)
      if call.isStandalone, call.format != .latex {
        throw .standaloneWithout(format: call.format.rawValue)
      }
      self = .expand(call)
    case .models:
      if arguments.words.count > 1 { throw .surplusArgument(arguments.words[1], .models) }
      self = .models(arguments.words.first)
    case .validate:
      var call = ValidateCall(models: arguments.words.map { .standard($0) })
      call.models += arguments.all(.given).map { .file($0) }
      call.sizes = try arguments.sizes()
      call.steps = try arguments.number(.steps)
      call.seed = try arguments.number(.seed)
      self = .validate(call)
    case .explain: self = .explain(try arguments.word())
    }
  }
}

/// Words and options, sorted out but not yet understood.
private struct Arguments {
  let command: Command
  private(set) var words: [String] = []
  private var options: [(option: Option, value: String)] = []

  init(_ arguments: ArraySlice<String>, of command: Command) throws(ArgumentError) {
    self.command = command
    var rest = arguments
    while let argument = rest.popFirst() {
      if argument == "--" {
        words += rest
        break
      }
      guard argument != "-", argument.utf8.first == UInt8(ascii: "-") else {
        words.append(argument)
        continue
      }
      let equals = argument.utf8.firstIndex(of: UInt8(ascii: "="))
      let name = equals.map { String(argument[..<$0]) } ?? argument
      let spelling = name == "-h" ? "--help" : name
      guard let option = command.options.first(where: { $0.spelling == spelling }) else {
        throw .unknownOption(name, command)
      }
      if has(option), option != .given || !command.takesSeveralFiles { throw .repeated(option) }
      var value = equals.map { String(argument[argument.utf8.index(after: $0)...]) }
      if option.value == nil {
        if value != nil { throw .surplusValue(option) }
      } else if value == nil {
        guard let next = rest.first, next == "-" || !next.hasPrefix("--") else {
          throw .missingValue(option)
        }
        value = next
        rest.removeFirst()
      }
      if option.value != nil, value?.isEmpty != false { throw .missingValue(option) }
      options.append((option: option, value: value ?? ""))
    }
  }

  func has(_ option: Option) -> Bool { options.contains { $0.option == option } }
  subscript(option: Option) -> String? { options.first { $0.option == option }?.value }
  func all(_ option: Option) -> [String] {
    options.filter { $0.option == option }.map { $0.value }
  }

  /// The one word that the command takes.
  func word() throws(ArgumentError) -> String {
    guard let word = words.first, !word.isEmpty else { throw .missingArgument(command) }
    if words.count > 1 { throw .surplusArgument(words[1], command) }
    return word
  }

  func choice<Choice: RawRepresentable<String>>(
    _ option: Option, among all: [Choice]
  ) throws(ArgumentError) -> Choice? {
    guard let word = self[option] else { return nil }
    guard let choice = Choice(rawValue: word) else {
      throw .notAmong(option, word, all.map { $0.rawValue })
    }
    return choice
  }

  func number<Number: FixedWidthInteger>(_ option: Option) throws(ArgumentError) -> Number? {
    guard let word = self[option] else { return nil }
    guard let number = Number(word), number >= 0 else { throw .notNumber(option, word) }
    return number
  }

  func sizes() throws(ArgumentError) -> [(name: String, value: Int)] {
    guard let text = self[.sizes] else { return [] }
    var sizes: [(name: String, value: Int)] = []
    for part in Arguments.list(text) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty, let value = Int(sides[1]), value >= 1,
        !sizes.contains(where: { $0.name == sides[0] })
      else { throw .notSizes(text) }
      sizes.append((name: String(sides[0]), value: value))
    }
    if sizes.isEmpty { throw .notSizes(text) }
    return sizes
  }

  func model() throws(ArgumentError) -> ModelName? {
    if has(.model), has(.given) { throw .exclude(.model, .given) }
    if let name = self[.model] { return .standard(name) }
    return self[.given].map { .file($0) }
  }

  /// Parts between commas; a comma in brackets separates nothing.
  static func list(_ text: String) -> [String] {
    var (parts, part, depth): ([String], [UInt8], Int) = ([], [], 0)
    func close() {
      var bytes = part[...]
      while bytes.first == 32 { bytes.removeFirst() }
      while bytes.last == 32 { bytes.removeLast() }
      if !bytes.isEmpty { parts.append(String(decoding: bytes, as: UTF8.self)) }
      part = []
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      if byte == UInt8(ascii: ","), depth <= 0 { close() } else { part.append(byte) }
    }
    close()
    return parts
  }
}
