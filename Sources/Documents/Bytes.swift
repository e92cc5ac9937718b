// What the scanners of this room ask of single bytes and short runs of UTF-8.

func isContinuationByte(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
func isUppercase(_ byte: UInt8) -> Bool { byte >= 65 && byte <= 90 }
func isLowercase(_ byte: UInt8) -> Bool { byte >= 97 && byte <= 122 }
func isLetter(_ byte: UInt8) -> Bool { isUppercase(byte) || isLowercase(byte) }
func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

/// Whether the ASCII text stands at the place.
func matches(_ bytes: [UInt8], at place: Int, _ text: StaticString) -> Bool {
  let count = text.utf8CodeUnitCount
  guard place >= 0, place + count <= bytes.count else { return false }
  let start = text.utf8Start
  for i in 0..<count where bytes[place + i] != start[i] { return false }
  return true
}

/// Whether the word stands in the text, and not within a longer Latin word.
func contains(_ word: String, in text: String) -> Bool {
  contains(Array(word.utf8), in: Array(text.utf8)[...])
}

private func contains(_ word: [UInt8], in text: ArraySlice<UInt8>) -> Bool {
  guard let first = word.first, text.count >= word.count else { return false }
  return (text.startIndex...(text.endIndex - word.count)).contains { start in
    let end = start + word.count
    guard text[start] == first, text[start..<end].elementsEqual(word) else { return false }
    let continues = start > text.startIndex && isLetter(first) && isLetter(text[start - 1])
    let goesOn = end < text.endIndex && isLetter(word[word.count - 1]) && isLetter(text[end])
    return !continues && !goesOn
  }
}

/// The sentences of a text in small letters.
package struct Sentences {
  private let sentences: [[UInt8]]

  package init(of source: Source) {
    let ends: [Character] = [".", ";", "\n", "。", "；", "?", "？"]
    sentences = String(decoding: source.text, as: UTF8.self).lowercased()
      .split { ends.contains($0) }.map { Array($0.utf8) }
  }

  /// Whether one of the phrases stands in one of them, in letters of any case.
  ///
  /// - Parameter turns: words that, in the same sentence, make the mention one of something else.
  package func mention(_ phrases: [String], without turns: [String]) -> Bool {
    let phrases = phrases.map { Array($0.lowercased().utf8) }
    let turns = turns.map { Array($0.utf8) }
    return sentences.contains { sentence in
      phrases.contains { contains($0, in: sentence[...]) }
        && !turns.contains { contains($0, in: sentence[...]) }
    }
  }
}

/// The scalar that begins at the place, and its length in bytes.
func scalar(_ bytes: [UInt8], at place: Int) -> (value: UInt32, length: Int) {
  let first = UInt32(bytes[place])
  func next(_ i: Int) -> UInt32 { place + i < bytes.count ? UInt32(bytes[place + i]) & 0x3F : 0 }
  if first < 0x80 { return (first, 1) }
  if first < 0xE0 { return ((first & 0x1F) << 6 | next(1), 2) }
  if first < 0xF0 { return ((first & 0x0F) << 12 | next(1) << 6 | next(2), 3) }
  return ((first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
}

/// Chinese and Japanese characters and their punctuation: no blanks stand between words.
func isIdeographic(_ scalar: UInt32) -> Bool {
  (0x2E80...0x9FFF).contains(scalar) || (0xAC00...0xD7AF).contains(scalar)
    || (0xF900...0xFAFF).contains(scalar) || (0xFF00...0xFFEF).contains(scalar)
    || (0x20000...0x3FFFF).contains(scalar)
}

/// The first offset at which the bytes are no UTF-8 text: a byte out of place, or a NUL.
func firstOffsetThatIsNoText(_ bytes: [UInt8]) -> Int? {
  var i = 0
  let count = bytes.count
  while i < count {
    let byte = bytes[i]
    if byte == 0 { return i }
    if byte < 0x80 {
      i += 1
      continue
    }
    let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
    guard byte >= 0xC2, byte <= 0xF4, i + length <= count else { return i }
    for j in 1..<length where !isContinuationByte(bytes[i + j]) { return i }
    let second = bytes[i + 1]
    if byte == 0xE0 && second < 0xA0 || byte == 0xED && second > 0x9F
      || byte == 0xF0 && second < 0x90 || byte == 0xF4 && second > 0x8F
    {
      return i
    }
    i += length
  }
  return nil
}
