import Documents
import Notation

/// Lines of a source with a part of them underlined, as `^~~~`.
struct Excerpt {
  struct Line {
    /// Counted from one.
    var number: Int
    /// Tabs as blanks, control characters left out; cut to the width with `…`.
    var text: String
    /// Blanks and `^~~~` of the same width; empty where nothing of the line is meant.
    var underline: String
  }

  private(set) var lines: [Line] = []
  /// How many further lines the part covers.
  private(set) var omitted = 0

  private static let width = 96
  private static let lead = 24
  private static let mostLines = 6

  /// - Complexity: O(length of the lines).
  init(of span: Span, in source: Source) {
    let count = source.text.count
    let start = max(0, min(span.start, count))
    var end = max(start, min(span.end, count))
    while end > start, source.text[end - 1] <= 32 { end -= 1 }
    let first = source.position(of: start).line
    let last = max(first, source.position(of: end > start ? end - 1 : start).line)
    omitted = max(0, last - first + 1 - Excerpt.mostLines)
    var isMarked = false
    for number in first...(last - omitted) {
      let line = Excerpt.line(number, start: start, end: end, in: source)
      lines.append(Excerpt.clipped(line, number: number, isContinued: isMarked))
      if line.marked != nil { isMarked = true }
    }
  }

  /// One character with the columns that it takes.
  private struct Cell {
    var text: Unicode.Scalar
    var width: Int
  }

  private struct Cells {
    var cells: [Cell] = []
    /// The cells that are meant.
    var marked: Range<Int>?
  }

  private static func line(_ number: Int, start: Int, end: Int, in source: Source) -> Cells {
    let from = source.lineStarts[number - 1]
    let through = number < source.lineStarts.count ? source.lineStarts[number] : source.text.count
    var result = Cells()
    var offset = from
    var column = 0
    var (firstCell, lastCell): (Int?, Int) = (nil, 0)
    for scalar in String(decoding: source.text[from..<through], as: UTF8.self).unicodeScalars {
      let isMeant = offset >= start && offset < end || offset == start
      let isBlank = scalar.value <= 32
      let before = result.cells.count
      if scalar.value == 9 {
        let width = 4 - column % 4
        for _ in 0..<width { result.cells.append(Cell(text: " ", width: 1)) }
        column += width
      } else if scalar.value >= 32, !(127..<160).contains(scalar.value) {
        let width = columns(of: scalar)
        result.cells.append(Cell(text: scalar, width: width))
        column += width
      }
      // Blanks at a line's ends are not underlined.
      if isMeant, !isBlank || offset == start, result.cells.count > before {
        if firstCell == nil { firstCell = before }
        lastCell = result.cells.count
      }
      offset += UTF8.width(scalar)
    }
    if let firstCell {
      result.marked = firstCell..<lastCell
    } else if start >= from, start <= through, start == end || start == through {
      result.marked = result.cells.count..<result.cells.count
    }
    while let last = result.cells.last, last.text == " ",
      result.cells.count > result.marked?.upperBound ?? 0
    {
      result.cells.removeLast()
    }
    return result
  }

  private static func clipped(_ line: Cells, number: Int, isContinued: Bool) -> Line {
    let cells = line.cells
    var (from, through) = (0, cells.count)
    if cells.reduce(0, { $0 + $1.width }) > width {
      let end = fitting(cells, from: 0)
      if let marked = line.marked, marked.upperBound > end {
        from = max(0, marked.lowerBound - lead)
        // What fits after the part is shown of what precedes it.
        while from > 0, fitting(cells, from: from - 1) == cells.count { from -= 1 }
      }
      through = fitting(cells, from: from)
    }
    var text = from > 0 ? "…" : ""
    text.unicodeScalars.append(contentsOf: cells[from..<through].map { $0.text })
    if through < cells.count { text += "…" }
    var underline = ""
    if let marked = line.marked {
      let indentation = cells[from..<max(from, min(marked.lowerBound, through))]
        .reduce(from > 0 ? 1 : 0) { $0 + $1.width }
      let length = cells[
        max(from, marked.lowerBound)..<max(marked.lowerBound, from, min(marked.upperBound, through))
      ]
      .reduce(0) { $0 + $1.width }
      underline = String(repeating: " ", count: indentation)
      underline += isContinued ? "~" : "^"
      underline += String(repeating: "~", count: max(0, length - 1))
    }
    return Line(number: number, text: text, underline: underline)
  }

  /// The end of the longest run of cells that is not too wide.
  private static func fitting(_ cells: [Cell], from start: Int) -> Int {
    var (end, total) = (start, 0)
    while end < cells.count, total + cells[end].width <= width {
      total += cells[end].width
      end += 1
    }
    return end
  }

  /// How many columns of a terminal a character takes: none if it combines, two if it is wide.
  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x200B...0x200F, 0x20D0...0x20FF,
      0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFEFF:
      0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
