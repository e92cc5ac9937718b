import Notation

/// Reads the Markdown cells of a notebook: JSON of which only these texts are kept, with the place of
/// every byte in the file.
struct NotebookReader {
  private let json: [UInt8]
  private var i = 0
  /// The cells' texts, blank lines between them.
  private(set) var text: [UInt8] = []
  private(set) var map = OffsetMap.identity
  private(set) var problems: [Manuscript.Problem] = []

  init(_ json: [UInt8]) { self.json = json }

  private struct Malformed: Error {}

  mutating func run() {
    do throws(Malformed) {
      skipSpaces()
      if matches(json, at: i, "\u{FEFF}") { i += 3 }
      try readObject(depth: 0) { (reader, key) throws(Malformed) in
        if key == Array("cells".utf8) {
          try reader.readArray(depth: 1) { (reader) throws(Malformed) in try reader.readCell() }
        } else {
          try reader.skipValue(depth: 1)
        }
      }
    } catch {
      problems.append(.notNotebook(min(i, json.count)))
    }
    map.mark(text.count, at: min(i, json.count))
  }

  /// A string of decoded bytes, each with its place in the file.
  private struct Decoded {
    var text: [UInt8] = []
    var places: [Int] = []
  }

  private mutating func readCell() throws(Malformed) {
    var isMarkdown = false
    var source: [Decoded] = []
    guard i < json.count, json[i] == UInt8(ascii: "{") else { return try skipValue(depth: 2) }
    try readObject(depth: 2) { (reader, key) throws(Malformed) in
      if key == Array("cell_type".utf8), reader.isAt(UInt8(ascii: "\"")) {
        isMarkdown = try reader.readString().text == Array("markdown".utf8)
      } else if key == Array("source".utf8), reader.isAt(UInt8(ascii: "\"")) {
        source.append(try reader.readString())
      } else if key == Array("source".utf8), reader.isAt(UInt8(ascii: "[")) {
        try reader.readArray(depth: 3) { (reader) throws(Malformed) in
          if reader.isAt(UInt8(ascii: "\"")) {
            source.append(try reader.readString())
          } else {
            try reader.skipValue(depth: 4)
          }
        }
      } else {
        try reader.skipValue(depth: 3)
      }
    }
    if !isMarkdown { return }
    for part in source {
      for (byte, place) in zip(part.text, part.places) {
        map.mark(text.count, at: place)
        text.append(byte)
      }
    }
    text += [10, 10]
  }

  private func isAt(_ byte: UInt8) -> Bool { i < json.count && json[i] == byte }

  private mutating func skipSpaces() {
    while i < json.count, isSpace(json[i]) { i += 1 }
  }

  private mutating func readObject(
    depth: Int, _ member: (inout NotebookReader, [UInt8]) throws(Malformed) -> Void
  ) throws(Malformed) {
    try readList(UInt8(ascii: "{"), UInt8(ascii: "}"), depth: depth) { (reader) throws(Malformed) in
      let key = try reader.readString().text
      reader.skipSpaces()
      guard reader.isAt(UInt8(ascii: ":")) else { throw Malformed() }
      reader.i += 1
      reader.skipSpaces()
      try member(&reader, key)
    }
  }

  private mutating func readArray(
    depth: Int, _ element: (inout NotebookReader) throws(Malformed) -> Void
  ) throws(Malformed) {
    try readList(UInt8(ascii: "["), UInt8(ascii: "]"), depth: depth, element)
  }

  private mutating func readList(
    _ open: UInt8, _ close: UInt8, depth: Int,
    _ element: (inout NotebookReader) throws(Malformed) -> Void
  ) throws(Malformed) {
    guard isAt(open), depth < 200 else { throw Malformed() }
    i += 1
    skipSpaces()
    if isAt(close) {
      i += 1
      return
    }
    while true {
      skipSpaces()
      try element(&self)
      skipSpaces()
      if isAt(close) {
        i += 1
        return
      }
      guard isAt(UInt8(ascii: ",")) else { throw Malformed() }
      i += 1
    }
  }

  private mutating func skipValue(depth: Int) throws(Malformed) {
    guard i < json.count else { throw Malformed() }
    switch json[i] {
    case UInt8(ascii: "\""): _ = try readString()
    case UInt8(ascii: "{"):
      try readObject(depth: depth) { (reader, _) throws(Malformed) in
        try reader.skipValue(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      try readArray(depth: depth) { (reader) throws(Malformed) in
        try reader.skipValue(depth: depth + 1)
      }
    default:
      let start = i
      while i < json.count,
        isLetter(json[i]) || isDigit(json[i]) || json[i] == 43 || json[i] == 45
          || json[i] == 46
      {
        i += 1
      }
      if i == start { throw Malformed() }
    }
  }

  private mutating func readString() throws(Malformed) -> Decoded {
    guard isAt(UInt8(ascii: "\"")) else { throw Malformed() }
    i += 1
    var result = Decoded()
    while i < json.count {
      let byte = json[i]
      if byte == UInt8(ascii: "\"") {
        i += 1
        return result
      }
      if byte != UInt8(ascii: "\\") {
        result.text.append(byte)
        result.places.append(i)
        i += 1
        continue
      }
      let place = i
      for decoded in try readEscape() {
        result.text.append(decoded)
        result.places.append(place)
      }
    }
    throw Malformed()
  }

  private mutating func readEscape() throws(Malformed) -> [UInt8] {
    guard i + 1 < json.count else { throw Malformed() }
    let sign = json[i + 1]
    i += 2
    switch sign {
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "b"), UInt8(ascii: "f"): return [32]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [sign]
    case UInt8(ascii: "u"):
      var value = try readHexadecimal()
      if (0xD800..<0xDC00).contains(value), matches(json, at: i, "\\u") {
        i += 2
        let low = try readHexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw Malformed() }
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(value), value != 0 else { return [32] }
      return Array(String(Character(scalar)).utf8)
    default: throw Malformed()
    }
  }

  private mutating func readHexadecimal() throws(Malformed) -> UInt32 {
    guard i + 4 <= json.count else { throw Malformed() }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = json[i]
      i += 1
      switch byte {
      case 48...57: value = value << 4 | UInt32(byte - 48)
      case 65...70: value = value << 4 | UInt32(byte - 55)
      case 97...102: value = value << 4 | UInt32(byte - 87)
      default: throw Malformed()
      }
    }
    return value
  }
}
