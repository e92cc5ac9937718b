/// Why arguments cannot be used; the wording is apart from the cases.
enum ArgumentError: Error, Equatable {
  case unknownCommand(String)
  case unknownOption(String, Command)
  case missingValue(Option)
  case surplusValue(Option)
  case repeated(Option)
  case missing(Option, Command)
  case missingArgument(Command)
  case surplusArgument(String, Command)
  case notAmong(Option, String, [String])
  case notNumber(Option, String)
  case notSizes(String)
  case exclude(Option, Option)
  case standaloneWithout(format: String)

  var message: String {
    switch self {
    case .unknownCommand(let word):
      let names = Command.allCases.map { $0.rawValue }
      if let near = nearest(word, names) {
        return "there is no command \(word); did you mean \(near)?"
      }
      if word.utf8.contains(UInt8(ascii: ".")) || word.utf8.contains(UInt8(ascii: "/")) {
        return "there is no command \(word); did you mean leibniz check \(word)?"
      }
      return "there is no command \(word); there are \(listed(names))"
    case .unknownOption(let word, let command):
      let names = command.options.map { $0.spelling }
      if let near = nearest(word, names) {
        return "\(command.rawValue) has no option \(word); did you mean \(near)?"
      }
      let hint = command == .derive ? " (an expression that begins with - stands behind --)" : ""
      return "\(command.rawValue) has no option \(word); there are \(listed(names))\(hint)"
    case .missingValue(let option):
      return "\(option.spelling) needs a value: \(option.spelling) \(option.value ?? "")"
    case .surplusValue(let option): return "\(option.spelling) takes no value"
    case .repeated(let option): return "\(option.spelling) is given twice"
    case .missing(let option, let command):
      return "\(command.rawValue) needs \(option.spelling) \(option.value ?? "")\n\(usage(command))"
    case .missingArgument(let command):
      return "\(command.rawValue) needs \(command.positional)\n\(usage(command))"
    case .surplusArgument(let word, let command):
      return "\(command.rawValue) has no use for \(word)\n\(usage(command))"
    case .notAmong(let option, let word, let names):
      if let near = nearest(word, names) {
        return "there is no \(option.spelling) \(word); did you mean \(near)?"
      }
      return "there is no \(option.spelling) \(word); there are \(listed(names))"
    case .notNumber(let option, let word) where Int(word).map({ $0 < 0 }) ?? false:
      return "\(option.spelling) \(word): the number cannot be negative"
    case .notNumber(let option, let word):
      return "\(option.spelling) \(word): a whole number is due, such as \(option.spelling) 3"
    case .notSizes(let word):
      return "--sizes \(word): sizes are written n=3,d=2, each at least 1"
    case .exclude(let one, let other):
      return "\(one.spelling) and \(other.spelling) exclude each other"
    case .standaloneWithout(let format):
      return "--standalone makes a LaTeX document; it does not go with --format \(format)"
    }
  }

  private func usage(_ command: Command) -> String { "usage: " + command.usage }

  private func listed(_ names: [String]) -> String {
    names.count < 2
      ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}

/// The name at an edit distance of at most two (and less than half the word), if one is nearest.
///
/// - Complexity: O(length of the word × length of all names).
func nearest(_ word: String, _ names: [String]) -> String? {
  let wanted = Array(word.utf8)
  var best: (name: String, distance: Int)?
  for name in names {
    let distance = editDistance(wanted, Array(name.utf8))
    if distance * 2 < max(3, wanted.count), distance <= 2, distance < best?.distance ?? .max {
      best = (name: name, distance: distance)
    }
  }
  return best?.name
}

private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let next = min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1)
      diagonal = row[j + 1]
      row[j + 1] = next
    }
  }
  return row[b.count]
}
