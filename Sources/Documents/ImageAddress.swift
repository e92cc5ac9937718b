/// The formula that an image's address carries: `…/equation?tex=h_t+%3D+W`, `…/svg.latex?x%5E2`.
struct ImageAddress {
  /// Decoded: `+` is a blank, `%5C` a backslash.
  var text: [UInt8] = []
  /// From offsets in `text` to offsets in what holds the address.
  var map = OffsetMap.identity
  /// Where the coded formula stands.
  var content: Range<Int>

  /// Nil if the address in the range carries none.
  init?(_ bytes: [UInt8], in range: Range<Int>) {
    guard let start = ImageAddress.start(bytes, in: range) else { return nil }
    var end = start
    while end < range.upperBound, bytes[end] != UInt8(ascii: "&"), !isSpace(bytes[end]),
      bytes[end] != UInt8(ascii: "\"")
    {
      end += 1
    }
    content = start..<end
    var i = start
    while i < end {
      map.mark(text.count, at: i)
      if bytes[i] == UInt8(ascii: "%"), i + 2 < end, let high = ImageAddress.digit(bytes[i + 1]),
        let low = ImageAddress.digit(bytes[i + 2])
      {
        text.append(high << 4 | low)
        i += 3
      } else {
        text.append(bytes[i] == UInt8(ascii: "+") ? 32 : bytes[i])
        i += 1
      }
    }
    map.mark(text.count, at: end)
    if firstOffsetThatIsNoText(text) != nil { return nil }
  }

  private static func start(_ bytes: [UInt8], in range: Range<Int>) -> Int? {
    var i = range.lowerBound
    while i < range.upperBound {
      if bytes[i] == UInt8(ascii: "?") || bytes[i] == UInt8(ascii: "&") {
        for name: StaticString in ["tex=", "latex=", "math="] where matches(bytes, at: i + 1, name)
        {
          return i + 1 + name.utf8CodeUnitCount
        }
        if i > range.lowerBound + 5, matches(bytes, at: i - 5, "latex") { return i + 1 }
      }
      i += 1
    }
    return nil
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: return byte - 48
    case 65...70: return byte - 55
    case 97...102: return byte - 87
    default: return nil
    }
  }
}
