import Expressions
import Notation

/// What an author tells Leibniz in a comment.
package enum Directive: Hashable, Sendable {
  case given(String)
  case declare(String)
  case define(String)
  case assume(String)
  case claim
  case ignore
  case layout(Layout)
  case time(TimeNotation)
  case scalar
  case copy
  case hold([String])
  case inductionBegin(String)
  case inductionEnd
  case expect([Expectation])
  case unknown(String)

  /// Reads what stands behind `leibniz:`.
  package init(_ source: String) {
    let text = squeezed(Array(source.utf8))
    let word = text.prefix { !isBlank($0) }
    let rest = Array(text.dropFirst(word.count + 1))
    let string = String(decoding: rest, as: UTF8.self)
    switch String(decoding: word, as: UTF8.self) {
    case "given" where !rest.isEmpty: self = .given(string)
    case "declare" where !rest.isEmpty: self = .declare(string)
    case "define" where !rest.isEmpty: self = .define(string)
    case "assume" where !rest.isEmpty: self = .assume(string)
    case "claim" where rest.isEmpty: self = .claim
    case "ignore" where rest.isEmpty: self = .ignore
    case "scalar" where rest.isEmpty: self = .scalar
    case "copy" where rest.isEmpty: self = .copy
    case "end" where rest.isEmpty: self = .inductionEnd
    case "hold" where !rest.isEmpty: self = .hold(Directive.names(rest))
    case "layout":
      switch string {
      case "numerator": self = .layout(.numerator)
      case "denominator": self = .layout(.denominator)
      case "gradient": self = .layout(.gradient)
      default: self = .unknown(String(decoding: text, as: UTF8.self))
      }
    case "time":
      if let notation = TimeNotation(rawValue: string) {
        self = .time(notation)
      } else {
        self = .unknown(String(decoding: text, as: UTF8.self))
      }
    case "induction" where matches(rest, at: 0, "on ") && rest.count > 3:
      self = .inductionBegin(String(decoding: trimmed(rest[3...]), as: UTF8.self))
    case "expect":
      var expectations: [Expectation] = []
      for part in rest.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
        guard let expectation = Expectation(Array(part)) else {
          self = .unknown(String(decoding: text, as: UTF8.self))
          return
        }
        expectations.append(expectation)
      }
      self = .expect(expectations)
    default: self = .unknown(String(decoding: text, as: UTF8.self))
    }
  }

  /// Names separated by commas; a comma in braces or brackets separates nothing.
  private static func names(_ text: [UInt8]) -> [String] {
    var (names, current, depth): ([String], [UInt8], Int) = ([], [], 0)
    for byte in text where byte != UInt8(ascii: "$") {
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: "}") || byte == UInt8(ascii: ")") { depth -= 1 }
      if byte == UInt8(ascii: ","), depth <= 0 {
        names.append(String(decoding: trimmed(current[...]), as: UTF8.self))
        current = []
      } else {
        current.append(byte)
      }
    }
    names.append(String(decoding: trimmed(current[...]), as: UTF8.self))
    return names.filter { !$0.isEmpty }
  }
}

/// What the next statement must come out as:
/// `VERDICT [with READING, …] [as SLIP] [head VERDICT]`.
package struct Expectation: Hashable, Sendable {
  /// As written, whitespace squeezed.
  package var text: String
  /// A verdict, `accepted`, `rejected` or a role.
  package var word: String
  /// The readings that the verdict must name.
  package var readings: [String]
  /// The name of the first mend.
  package var slip: String?
  /// The verdict against the chain's first member.
  package var head: String?

  /// The words that may be expected.
  package static let words = [
    "proved", "bounded", "validated", "refuted", "ill-typed", "undecided", "not-understood",
    "accepted", "rejected", "declaration", "definition", "assumption", "claim",
  ]

  /// Nil if it is none.
  init?(_ source: [UInt8]) {
    let text = squeezed(source)
    let words = text.split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
    guard let first = words.first, Expectation.words.contains(first) else { return nil }
    self.text = String(decoding: text, as: UTF8.self)
    word = first
    readings = []
    var i = 1
    func phrase(from start: Int, until stops: [String]) -> (words: [String], next: Int) {
      var end = start
      while end < words.count, !stops.contains(words[end]) { end += 1 }
      return (words: Array(words[start..<end]), next: end)
    }
    if i < words.count, words[i] == "with" {
      let (listed, next) = phrase(from: i + 1, until: ["as", "head"])
      for group in listed {
        for name in group.utf8.split(separator: UInt8(ascii: ",")) {
          readings.append(String(decoding: Array(name), as: UTF8.self))
        }
      }
      if readings.isEmpty { return nil }
      i = next
    }
    if i < words.count, words[i] == "as" {
      let (named, next) = phrase(from: i + 1, until: ["head"])
      if named.isEmpty { return nil }
      slip = named.joined(separator: " ")
      i = next
    }
    if i + 1 < words.count, words[i] == "head", Expectation.words.contains(words[i + 1]) {
      head = words[i + 1]
      i += 2
    }
    if i != words.count { return nil }
  }
}

/// Runs of white space as one blank, none at the ends.
func squeezed(_ text: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  var isPending = false
  for byte in text {
    if isSpace(byte) {
      isPending = !result.isEmpty
    } else {
      if isPending { result.append(32) }
      isPending = false
      result.append(byte)
    }
  }
  return result
}

/// White space taken off both ends.
func trimmed(_ text: ArraySlice<UInt8>) -> [UInt8] {
  var slice = text
  while let first = slice.first, isSpace(first) { slice.removeFirst() }
  while let last = slice.last, isSpace(last) { slice.removeLast() }
  return Array(slice)
}
