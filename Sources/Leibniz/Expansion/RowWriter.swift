/// Writes equations in rows, broken before a term where a row grows too long.
struct RowWriter {
  enum Style {
    case latex
    case text
  }
  let style: Style
  /// Rows that stand together; nil: all of them.
  let rowsPerDisplay: Int?
  private let write: (String) -> Void
  private var width = 0
  private var rows = 0
  private var isEmpty = true
  /// The widest row, in letters.
  private(set) var widest = 0

  init(_ style: Style, rowsPerDisplay: Int? = nil, to write: @escaping (String) -> Void) {
    self.style = style
    self.rowsPerDisplay = rowsPerDisplay
    self.write = write
  }

  private var limit: Int { style == .latex ? 72 : 100 }

  /// Starts an equation.
  mutating func begin(_ left: String) {
    switch style {
    case .latex:
      if isEmpty { write("\\begin{aligned}\n") } else { newRow() }
      write(left + " &= ")
    case .text: write((isEmpty ? "" : "\n") + left + " = ")
    }
    width = letters(left) + 3
    isEmpty = false
    isAtStart = true
  }
  private var isAtStart = true

  /// Writes what is not to be broken.
  mutating func add(_ piece: String, breaksBefore: Bool = false, indentation: Int = 0) {
    let length = letters(piece)
    if !isAtStart, breaksBefore || width + length > limit {
      switch style {
      case .latex:
        newRow()
        write("&\\quad " + String(repeating: "\\;", count: min(indentation, 12)))
      case .text: write("\n  " + String(repeating: " ", count: min(indentation, 24)))
      }
      width = 2 + indentation
    } else if !isAtStart {
      write(" ")
    }
    write(piece)
    width += length
    widest = max(widest, width)
    isAtStart = false
  }

  /// The next piece begins a row.
  mutating func breakRow() { width = isAtStart ? width : 2 * limit }

  /// Words in a row of their own.
  mutating func remark(_ words: String) {
    switch style {
    case .latex:
      newRow()
      write("&\\quad \\text{" + words + "}")
    case .text: write("\n  " + words)
    }
    widest = max(widest, letters(words) + 2)
    width = limit
    isAtStart = false
  }

  mutating func end() {
    switch style {
    case .latex: write("\n\\end{aligned}\n")
    case .text: write("\n")
    }
  }

  private mutating func newRow() {
    rows += 1
    if let rowsPerDisplay, rows % rowsPerDisplay == 0 {
      write("\n\\end{aligned}\n\\]\n\\[\n\\begin{aligned}\n")
    } else {
      write(" \\\\\n")
    }
  }

  /// About how many letters wide it is when set.
  private func letters(_ text: String) -> Int {
    if style == .text { return text.unicodeScalars.count }
    var count = 0
    var isCommand = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"):
        count += 1
        isCommand = true
      case 65...90, 97...122: if !isCommand { count += 1 }
      case 32, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "_"), UInt8(ascii: "^"):
        isCommand = false
      default:
        isCommand = false
        count += 1
      }
    }
    return count / 2
  }
}
