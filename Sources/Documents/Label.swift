import Notation

/// The numbers that authors put beside their formulas. They are blanked out of the formula, so that
/// offsets stay what they were.
extension FormulaText {
  /// Finds `\tag{…}`, `\label{…}`, `\quad (17)` at the end of a row, `1>`, `\textcircled{4}` and
  /// circled digits at the beginning of one.
  mutating func extractLabels() {
    var i = 0
    var isRowStart = true
    var rowStart = 0
    while i < text.count {
      let byte = text[i]
      if byte == UInt8(ascii: "\\") {
        if matches(text, at: i, "\\tag") || matches(text, at: i, "\\label") {
          if let end = takeCommand(at: i) {
            i = end
            continue
          }
        }
        if isRowStart, matches(text, at: i, "\\textcircled"), let end = takeCommand(at: i) {
          blankSpacing(from: end)
          i = end
          isRowStart = false
          continue
        }
        if matches(text, at: i, "\\begin{") {
          i = skipEnvironmentHead(at: i)
          (isRowStart, rowStart) = (true, i)
          continue
        }
        if i + 1 < text.count, text[i + 1] == UInt8(ascii: "\\") {
          if isDisplay { takeTrailingNumber(from: rowStart, to: i) }
          i += 2
          (isRowStart, rowStart) = (true, i)
          continue
        }
        isRowStart = false
        i += 2
        continue
      }
      if isSpace(byte) || byte == UInt8(ascii: "&") && isRowStart {
        i += 1
        continue
      }
      if isRowStart {
        isRowStart = false
        if isDisplay, let end = takeLeadingNumber(at: i) {
          i = end
          continue
        }
      }
      i += 1
    }
    if isDisplay { takeTrailingNumber(from: rowStart, to: text.count) }
  }

  /// A command with one braced argument becomes a label; nil if the brace does not close.
  private mutating func takeCommand(at start: Int) -> Int? {
    var i = start + 1
    while i < text.count, isLetter(text[i]) { i += 1 }
    if i < text.count, text[i] == UInt8(ascii: "*") { i += 1 }
    while i < text.count, isSpace(text[i]) { i += 1 }
    guard i < text.count, text[i] == UInt8(ascii: "{") else { return nil }
    let open = i
    var depth = 0
    while i < text.count {
      if text[i] == UInt8(ascii: "{") { depth += 1 }
      if text[i] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { break }
      }
      i += 1
    }
    guard i < text.count else { return nil }
    take(trimmed(text[(open + 1)..<i]), from: start, to: i + 1)
    return i + 1
  }

  private mutating func take(_ name: [UInt8], from start: Int, to end: Int) {
    labels.append(Label(text: String(decoding: name, as: UTF8.self), offset: start))
    for i in start..<end where text[i] != UInt8(ascii: "\n") { text[i] = 32 }
  }

  private mutating func blankSpacing(from start: Int) {
    var i = start
    while i < text.count, isSpace(text[i]) { i += 1 }
    let length = matches(text, at: i, "\\qquad") ? 6 : matches(text, at: i, "\\quad") ? 5 : 0
    for j in i..<(i + length) { text[j] = 32 }
  }

  private func skipEnvironmentHead(at start: Int) -> Int {
    var i = start
    while i < text.count, text[i] != UInt8(ascii: "}") { i += 1 }
    i = min(i + 1, text.count)
    // The columns of an array.
    if matches(text, at: start, "\\begin{array}") || matches(text, at: start, "\\begin{alignat") {
      var next = i
      while next < text.count, isSpace(text[next]) { next += 1 }
      if next < text.count, text[next] == UInt8(ascii: "{") {
        while next < text.count, text[next] != UInt8(ascii: "}") { next += 1 }
        i = min(next + 1, text.count)
      }
    }
    return i
  }

  /// `1>` before an equation, `①`…`⑳` before anything.
  private mutating func takeLeadingNumber(at start: Int) -> Int? {
    let (value, length) = scalar(text, at: start)
    if (0x2460...0x2473).contains(value) {
      take(Array("\(value - 0x245F)".utf8), from: start, to: start + length)
      blankSpacing(from: start + length)
      return start + length
    }
    var i = start
    while i < text.count, isDigit(text[i]) { i += 1 }
    guard i > start, i + 1 < text.count, text[i] == UInt8(ascii: ">"), isSpace(text[i + 1]),
      text[i...].contains(UInt8(ascii: "="))
    else { return nil }
    take(Array(text[start..<i]), from: start, to: i + 1)
    blankSpacing(from: i + 1)
    return i + 1
  }

  /// `\quad (17)` at the end.
  private mutating func takeTrailingNumber(from start: Int, to limit: Int) {
    var end = limit
    while end > start, isSpace(text[end - 1]) { end -= 1 }
    guard end > start, text[end - 1] == UInt8(ascii: ")") else { return }
    var open = end - 2
    while open > start, isNumbering(text[open]) { open -= 1 }
    guard open > start, text[open] == UInt8(ascii: "("), open + 2 < end, isDigit(text[open + 1])
    else { return }
    var before = open
    while before > start, isSpace(text[before - 1]) { before -= 1 }
    for command in ["\\qquad", "\\quad", "\\hfill", "\\eqno"] {
      let length = command.utf8.count
      guard before - length >= start, Array(text[(before - length)..<before]) == Array(command.utf8)
      else { continue }
      take(Array(text[(open + 1)..<(end - 1)]), from: before - length, to: end)
      return
    }
  }

  private func isNumbering(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "'")
  }
}
