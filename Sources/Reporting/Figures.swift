/// Numbers as people read them.
package enum Figures {
  /// A number to at most so many significant digits: `2`, `0.333333`, `3.1e-11`.
  package static func rounded(_ value: Double, digits: Int = 6) -> String {
    if value.isNaN { return "not a number" }
    if value.isInfinite { return value < 0 ? "-∞" : "∞" }
    if value == 0 { return "0" }
    var (figures, exponent) = decimal(value.magnitude)
    if figures.count > digits {
      let isUp = figures[digits] >= 5
      figures.removeLast(figures.count - digits)
      if isUp {
        var i = digits - 1
        while i >= 0, figures[i] == 9 { i -= 1 }
        if i < 0 {
          (figures, exponent) = ([1], exponent + 1)
        } else {
          figures[i] += 1
          figures.removeLast(figures.count - i - 1)
        }
      }
    }
    while figures.count > 1, figures.last == 0 { figures.removeLast() }
    let sign = value < 0 ? "-" : ""
    func string(_ slice: ArraySlice<UInt8>) -> String {
      String(decoding: slice.map { $0 + 48 }, as: UTF8.self)
    }
    if exponent < -4 || exponent >= max(digits, 6) {
      let rest = figures.count > 1 ? "." + string(figures[1...]) : ""
      return sign + string(figures[..<1]) + rest + "e" + (exponent < 0 ? "" : "+") + "\(exponent)"
    }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + string(figures[...])
    }
    if figures.count <= exponent + 1 {
      return sign + string(figures[...])
        + String(repeating: "0", count: exponent + 1 - figures.count)
    }
    return sign + string(figures[...exponent]) + "." + string(figures[(exponent + 1)...])
  }

  /// A tensor's entries, row by row: `2`, `(1, -2)`, `[1 2; 3 4]`; higher orders nest.
  static func tensor(dimensions: [Int], entries: [Double], digits: Int = 6) -> String {
    let shown = 24
    if entries.count > shown { return "\(entries.count) numbers" }
    func part(_ axes: ArraySlice<Int>, _ range: Range<Int>) -> String {
      guard let count = axes.first else {
        return rounded(entries[range.lowerBound], digits: digits)
      }
      let size = count == 0 ? 0 : range.count / count
      let parts = (0..<count).map {
        part(
          axes.dropFirst(), (range.lowerBound + $0 * size)..<(range.lowerBound + ($0 + 1) * size))
      }
      switch axes.count {
      case 1 where dimensions.count == 1: return "(" + parts.joined(separator: ", ") + ")"
      case 1: return parts.joined(separator: " ")
      case 2: return "[" + parts.joined(separator: "; ") + "]"
      default: return "{" + parts.joined(separator: ", ") + "}"
      }
    }
    guard dimensions.reduce(1, *) == entries.count else { return "\(entries.count) numbers" }
    return part(dimensions[...], 0..<entries.count)
  }

  /// A count with its noun: `1 claim`, `3 claims`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)" + (number == 1 ? "" : "s")
  }

  /// The significant digits of a positive finite number and the power of ten of the first.
  private static func decimal(_ value: Double) -> (figures: [UInt8], exponent: Int) {
    var (figures, exponent): ([UInt8], Int) = ([], -1)
    var (hasPoint, isExponent, written, isNegative) = (false, false, 0, false)
    for byte in "\(value)".utf8 {
      switch byte {
      case UInt8(ascii: "."): hasPoint = true
      case UInt8(ascii: "e"): isExponent = true
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "+"): break
      default:
        if isExponent {
          written = written * 10 + Int(byte - 48)
        } else {
          figures.append(byte - 48)
          if !hasPoint { exponent += 1 }
        }
      }
    }
    while figures.count > 1, figures.first == 0 {
      figures.removeFirst()
      exponent -= 1
    }
    return (figures: figures, exponent: exponent + (isNegative ? -written : written))
  }
}
