/// A JSON value whose members keep their order.
package enum JSONValue: Hashable, Sendable {
  case string(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case array([JSONValue])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package var key: String
    package var value: JSONValue
    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// As text, ending in a line feed; what is short and holds no object stands on one line.
  ///
  /// - Complexity: O(length × depth).
  package var text: String {
    var output: [UInt8] = []
    write(into: &output, indentation: 0)
    output.append(UInt8(ascii: "\n"))
    return String(decoding: output, as: UTF8.self)
  }

  /// As text on one line.
  package var line: String {
    var output: [UInt8] = []
    writeCompactly(into: &output)
    return String(decoding: output, as: UTF8.self)
  }

  private static let width = 100

  private func write(into output: inout [UInt8], indentation: Int) {
    let (open, close, count): (StaticString, StaticString, Int)
    switch self {
    case .array(let elements): (open, close, count) = ("[", "]", elements.count)
    case .object(let members): (open, close, count) = ("{", "}", members.count)
    default:
      writeCompactly(into: &output)
      return
    }
    if count == 0 || isFlat {
      var line: [UInt8] = []
      writeCompactly(into: &line)
      if count == 0 || line.count + indentation <= JSONValue.width {
        output += line
        return
      }
    }
    output.append(ascii: open)
    for i in 0..<count {
      output.append(ascii: i == 0 ? "\n" : ",\n")
      output += [UInt8](repeating: 32, count: indentation + 2)
      switch self {
      case .object(let members):
        JSONValue.writeString(members[i].key, into: &output)
        output.append(ascii: ": ")
        members[i].value.write(into: &output, indentation: indentation + 2)
      case .array(let elements):
        elements[i].write(into: &output, indentation: indentation + 2)
      default: break
      }
    }
    output.append(ascii: "\n")
    output += [UInt8](repeating: 32, count: indentation)
    output.append(ascii: close)
  }

  /// Whether it holds no object below itself.
  private var isFlat: Bool {
    switch self {
    case .array(let elements): elements.allSatisfy { $0.isFlat && !$0.isObject }
    case .object(let members): members.allSatisfy { $0.value.isFlat && !$0.value.isObject }
    default: true
    }
  }

  private var isObject: Bool {
    if case .object = self { return true }
    return false
  }

  private func writeCompactly(into output: inout [UInt8]) {
    switch self {
    case .string(let text): JSONValue.writeString(text, into: &output)
    case .integer(let value): output += Array("\(value)".utf8)
    case .number(let value): JSONValue.writeNumber(value, into: &output)
    case .boolean(let value): output.append(ascii: value ? "true" : "false")
    case .array(let elements):
      output.append(ascii: "[")
      for (i, element) in elements.enumerated() {
        if i > 0 { output.append(ascii: ", ") }
        element.writeCompactly(into: &output)
      }
      output.append(ascii: "]")
    case .object(let members):
      output.append(ascii: "{")
      for (i, member) in members.enumerated() {
        if i > 0 { output.append(ascii: ", ") }
        JSONValue.writeString(member.key, into: &output)
        output.append(ascii: ": ")
        member.value.writeCompactly(into: &output)
      }
      output.append(ascii: "}")
    }
  }

  /// The shortest digits that give the number back; JSON has no infinities, they become `null`.
  private static func writeNumber(_ value: Double, into output: inout [UInt8]) {
    guard value.isFinite else {
      output.append(ascii: "null")
      return
    }
    var text = Array("\(value)".utf8)
    if text.suffix(2) == [UInt8(ascii: "."), UInt8(ascii: "0")] { text.removeLast(2) }
    output += text
  }

  private static func writeString(_ text: String, into output: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): output.append(ascii: "\\\"")
      case UInt8(ascii: "\\"): output.append(ascii: "\\\\")
      case UInt8(ascii: "\n"): output.append(ascii: "\\n")
      case UInt8(ascii: "\r"): output.append(ascii: "\\r")
      case UInt8(ascii: "\t"): output.append(ascii: "\\t")
      case 0..<32, 127:
        output.append(ascii: "\\u00")
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}

extension [UInt8] {
  fileprivate mutating func append(ascii text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }
}
