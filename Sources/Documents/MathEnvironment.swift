/// A LaTeX environment that holds maths and needs no other delimiters.
struct MathEnvironment {
  /// With its star: `align*`.
  var name: String
  /// The first byte of the content.
  var content: Int
  /// Where `\end` stands; nil if it is missing.
  var close: Int?
  /// Behind it.
  var end: Int

  static let names: [String] = [
    "equation", "align", "alignat", "aligned", "alignedat", "flalign", "gather", "gathered",
    "multline", "multlined", "split", "eqnarray", "displaymath", "math", "dmath", "subequations",
    "empheq", "IEEEeqnarray",
  ]

  /// Nil if none begins at the place. O(length of the environment).
  init?(_ text: [UInt8], at place: Int) {
    guard matches(text, at: place, "\\begin{"), let name = MathEnvironment.name(text, at: place + 7)
    else { return nil }
    let plain = name.last == UInt8(ascii: "*") ? Array(name.dropLast()) : name
    guard MathEnvironment.names.contains(where: { Array($0.utf8) == plain }) else { return nil }
    self.name = String(decoding: name, as: UTF8.self)
    content = place + 8 + name.count
    (close, end) = (nil, content)
    skipArguments(of: String(decoding: plain, as: UTF8.self), in: text)
    var depth = 1
    var i = content
    while i < text.count {
      if text[i] != UInt8(ascii: "\\") {
        i += 1
        continue
      }
      if matches(text, at: i, "\\begin{"), MathEnvironment.name(text, at: i + 7) == name {
        depth += 1
      } else if matches(text, at: i, "\\end{"), MathEnvironment.name(text, at: i + 5) == name {
        depth -= 1
        if depth == 0 {
          close = i
          end = i + 6 + name.count
          return
        }
      } else if matches(text, at: i, "\\end{document}") {
        break
      }
      i += 2
    }
    close = nil
    end = content
  }

  /// How the columns stand, and what is set beside the lines: no part of the content.
  private mutating func skipArguments(of name: String, in text: [UInt8]) {
    guard ["alignat", "empheq", "IEEEeqnarray"].contains(name) else { return }
    if name != "alignat", matches(text, at: content, "[") {
      var i = content
      while i < text.count, text[i] != UInt8(ascii: "]") { i += 1 }
      content = min(i + 1, text.count)
    }
    if matches(text, at: content, "{"), let close = TeXScanner.closing(text, at: content) {
      content = close + 1
    }
  }

  /// The name in braces that begins at the place.
  static func name(_ text: [UInt8], at place: Int) -> [UInt8]? {
    var i = place
    while i < text.count, isLetter(text[i]) || text[i] == UInt8(ascii: "*") { i += 1 }
    return i > place && i < text.count && text[i] == UInt8(ascii: "}")
      ? Array(text[place..<i]) : nil
  }
}
