import Notation

/// Maths in words without delimiters, as plain text and lossy converters leave it: a letter with an
/// index (`h_t`, `s_j^t`), an equation of one (`T = 3`, `t = Wx`), or what declares some
/// (`X ∈ ℝ^{N×d}`).
extension MarkdownScanner {
  /// The end of the formula that begins at `start`; nil where none does.
  func bareFormula(at start: Int, before limit: Int) -> Int? {
    guard start < limit, isBoundary(before: start), let name = name(at: start, before: limit) else {
      return nil
    }
    if let end = membership(after: name.end, before: limit) { return end }
    if let end = equation(after: name.end, before: limit) { return end }
    return name.hasIndex && isBoundary(after: name.end, limit) ? name.end : nil
  }

  private func isBoundary(before place: Int) -> Bool {
    guard place > 0 else { return true }
    let byte = text[place - 1]
    return isSpace(byte) || byte >= 0x80
  }

  /// A blank, another script, punctuation that ends a clause.
  private func isBoundary(after place: Int, _ limit: Int) -> Bool {
    guard place < limit else { return true }
    let byte = text[place]
    if isSpace(byte) || byte >= 0x80 { return true }
    guard byte == 44 || byte == 46 || byte == 58 || byte == 59 || byte == 41 else { return false }
    return place + 1 == limit || isSpace(text[place + 1]) || text[place + 1] >= 0x80
  }

  /// `∈ ℝ^{N×d}`, perhaps behind further names: `, y ∈ ℝ^d`.
  private func membership(after name: Int, before limit: Int) -> Int? {
    func blanks(_ start: Int) -> Int {
      var place = start
      while place < limit, text[place] == 32 { place += 1 }
      return place
    }
    func behind(_ signs: [StaticString], _ start: Int) -> Int? {
      let place = blanks(start)
      guard let sign = signs.first(where: { matches(text, at: place, $0) }) else { return nil }
      let end = place + sign.utf8CodeUnitCount
      return end <= limit ? end : nil
    }
    var place = name
    while let comma = behind([","], place),
      let next = self.name(at: blanks(comma), before: limit)
    {
      place = next.end
    }
    guard let sign = behind(["∈", "\\in "], place),
      let space = behind(["ℝ", "\\mathbb{R}", "\\mathbb R"], sign)
    else { return nil }
    var end = space
    if end < limit, text[end] == UInt8(ascii: "^") {
      if end + 1 < limit, text[end + 1] == UInt8(ascii: "{") {
        guard let close = group(at: end + 1, before: limit) else { return nil }
        return close
      }
      end += 1
    }
    while end < limit, isLetter(text[end]) || isDigit(text[end]) || isPartOfSize(end) { end += 1 }
    return end
  }

  /// `×`, or a raised letter or digit: `ⁿˣᵈ`, `²`.
  private func isPartOfSize(_ place: Int) -> Bool {
    guard text[place] >= 0x80 else { return false }
    var start = place
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    switch text[start] {
    case 0xC2, 0xC3, 0xCA, 0xCB: return true
    case 0xE1: return start + 1 < text.count && [0xB4, 0xB5, 0xB6].contains(text[start + 1])
    case 0xE2: return start + 1 < text.count && text[start + 1] == 0x81
    default: return false
    }
  }

  /// A single letter with its scripts, or one in a font.
  private func name(at start: Int, before limit: Int) -> (end: Int, hasIndex: Bool)? {
    var end = start
    if start < limit, text[start] == UInt8(ascii: "\\") {
      guard
        let command = MarkdownScanner.fonts.first(where: { matches(text, at: start, $0) }),
        let close = group(at: start + command.utf8CodeUnitCount - 1, before: limit)
      else { return nil }
      end = close
    } else {
      guard start < limit else { return nil }
      let isGreek = text[start] == 0xCE || text[start] == 0xCF
      guard isLetter(text[start]) || isGreek && start + 1 < limit else { return nil }
      end = start + (isGreek ? 2 : 1)
    }
    let bare = end
    while end + 1 < limit, text[end] == UInt8(ascii: "_") || text[end] == UInt8(ascii: "^") {
      if text[end + 1] == UInt8(ascii: "{") {
        guard let close = group(at: end + 1, before: limit) else { return nil }
        end = close
      } else {
        guard isLetter(text[end + 1]) || isDigit(text[end + 1]) else { return nil }
        end += 2
      }
    }
    guard end == limit || !isLetter(text[end]) && !isDigit(text[end]) else { return nil }
    return (end, end > bare)
  }

  private static let fonts: [StaticString] = [
    "\\mathbf{", "\\mathrm{", "\\boldsymbol{", "\\bm{", "\\tilde{", "\\hat{", "\\bar{",
  ]

  /// The end of the braces that open at a place, on one line.
  private func group(at open: Int, before limit: Int) -> Int? {
    var depth = 0
    for place in open..<min(limit, open + 40) {
      switch text[place] {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return place + 1 }
      case UInt8(ascii: "\n"), UInt8(ascii: "$"): return nil
      default: break
      }
    }
    return nil
  }

  /// `= Wx + b`: operands and operators in turn, up to the first word.
  private func equation(after name: Int, before limit: Int) -> Int? {
    var place = name
    while place < limit, text[place] == 32 { place += 1 }
    guard place < limit, text[place] == UInt8(ascii: "=") else { return nil }
    var end: Int?
    while place < limit, isOperator(text[place]) {
      place += 1
      while place < limit, text[place] == 32 { place += 1 }
      guard let operand = operand(at: place, before: limit) else { break }
      end = operand
      place = operand
      while place < limit, text[place] == 32 { place += 1 }
    }
    guard var end else { return nil }
    if let last = rangeEnd(after: end, before: limit) { end = last }
    // A product as programs write it goes on.
    if place < limit, text[place] == UInt8(ascii: "@") { return nil }
    return isBoundary(after: end, limit) ? end : nil
  }

  /// `, ..., T`, `..T`, `, …, T` behind a number.
  private func rangeEnd(after number: Int, before limit: Int) -> Int? {
    guard isDigit(text[number - 1]) else { return nil }
    var place = number
    var hasDots = false
    while place < limit {
      if text[place] == 32 || text[place] == UInt8(ascii: ",") {
        place += 1
      } else if matches(text, at: place, "...") || matches(text, at: place, "…") {
        hasDots = true
        place += 3
      } else if matches(text, at: place, "..") {
        hasDots = true
        place += 2
      } else {
        break
      }
    }
    guard hasDots, place < limit, isLetter(text[place]) || isDigit(text[place]) else { return nil }
    return operand(at: place, before: limit)
  }

  private func isOperator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "=") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "/")
  }

  /// A number, or names side by side: `3`, `Wx`, `Uh_{t-1}`. A run of small letters is a word.
  private func operand(at start: Int, before limit: Int) -> Int? {
    var end = start
    if end < limit, isDigit(text[end]) {
      while end < limit,
        isDigit(text[end]) || text[end] == 46 && end + 1 < limit && isDigit(text[end + 1])
      {
        end += 1
      }
      return end
    }
    var names = 0
    var hasCapital = false
    while end < limit, isLetter(text[end]) {
      names += 1
      hasCapital = hasCapital || text[end] < UInt8(ascii: "a")
      end += 1
      while end + 1 < limit, text[end] == UInt8(ascii: "_") || text[end] == UInt8(ascii: "^") {
        if text[end + 1] == UInt8(ascii: "{") {
          guard let close = group(at: end + 1, before: limit) else { return nil }
          end = close
        } else {
          end += 2
        }
      }
    }
    return names == 1 || names > 1 && names <= 4 && hasCapital ? end : nil
  }
}
