/// How tightly a printed expression holds together, and so where it needs brackets.
enum Precedence: Int, Comparable {
  /// `a + b`, `-a`, `-3`
  case sum
  /// `a \odot b`, `a \otimes b`, with a slash `a / b`
  case binary
  /// `A B`
  case product
  /// A fraction, a function with its argument: one factor, but no base for a script.
  case factor
  /// A name with what scripts it has.
  case scripted
  /// What may get another script.
  case base

  static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A printed expression with what its surroundings must know of it.
struct Printed {
  var text: String
  var precedence: Precedence
  /// Whether it would take in what is written behind it: `\sum_k a_k`, `\mathrm{d} X`.
  var isOpen = false
  /// Whether it is taller than a line, so that its brackets must grow.
  var isTall = false
  /// A single script below, so that a number above is read as a power.
  var takesPower = false

  init(
    _ text: String, _ precedence: Precedence, isOpen: Bool = false, isTall: Bool = false,
    takesPower: Bool = false
  ) {
    self.text = text
    self.precedence = precedence
    self.isOpen = isOpen
    self.isTall = isTall
    self.takesPower = takesPower
  }

  /// The same in the author's words, which may set a sign between factors, and no brackets round an
  /// argument.
  func quoting(_ quote: String) -> Printed {
    var quoted = self
    quoted.text = quote
    quoted.takesPower = takesPower && !quote.utf8.contains(UInt8(ascii: "^"))
    if precedence == .product { quoted.precedence = .binary }
    if precedence == .factor, text.utf8.last == UInt8(ascii: ")"),
      quote.utf8.last != UInt8(ascii: ")")
    {
      quoted.isOpen = true
    }
    return quoted
  }

  /// Whether one pair of round brackets holds all of it.
  static func isBracketed(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.last == UInt8(ascii: ")"), let first = bytes.first,
      first == UInt8(ascii: "(")
        || ["\\left(", "\\big", "\\Big"].contains(where: { text.hasPrefix($0) })
    else { return false }
    var depth = 0
    for (i, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 { return i == bytes.count - 1 }
      }
    }
    return false
  }

  /// Whether it begins with a digit, so that nothing may be put right before it.
  var startsWithDigit: Bool {
    guard let first = text.utf8.first else { return false }
    return first >= 48 && first <= 57
  }
  var startsWithMinus: Bool {
    text.utf8.first == UInt8(ascii: "-") || text.hasPrefix("\u{2212}")
  }
  var startsWithBracket: Bool {
    guard let first = text.utf8.first else { return false }
    return first == UInt8(ascii: "(") || first == UInt8(ascii: "[") || text.hasPrefix("\\left(")
  }
}
