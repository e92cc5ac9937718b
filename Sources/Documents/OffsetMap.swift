/// Where the bytes of a decoded text stand in what it was decoded from: piecewise a shift.
package struct OffsetMap: Hashable, Sendable {
  struct Run: Hashable, Sendable {
    var offset: Int
    var target: Int
  }
  /// Rising in both; the first begins at offset 0.
  private(set) var runs: [Run]

  /// Every offset moved by the same amount.
  package init(shift: Int = 0) { runs = [Run(offset: 0, target: shift)] }

  /// Every offset stays what it is.
  package static let identity = OffsetMap()

  /// Whether the map is a mere shift.
  package var isShift: Bool { runs.count == 1 }

  /// O(log runs).
  package subscript(offset: Int) -> Int {
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].offset <= offset { low = middle } else { high = middle }
    }
    return runs[low].target + offset - runs[low].offset
  }

  /// From here on the text stands at the target; offsets must rise.
  mutating func mark(_ offset: Int, at target: Int) {
    let last = runs[runs.count - 1]
    if last.target + offset - last.offset == target { return }
    if last.offset == offset {
      runs[runs.count - 1].target = target
    } else {
      runs.append(Run(offset: offset, target: target))
    }
  }

  /// What another map says, for a text that begins at the offset.
  mutating func append(_ other: OffsetMap, at offset: Int) {
    for run in other.runs { mark(offset + run.offset, at: run.target) }
  }

  /// The map of a part of the text, its offsets counted from the part's start; exact up to and
  /// including the part's end.
  func slice(_ range: Range<Int>) -> OffsetMap {
    var result = OffsetMap(shift: self[range.lowerBound])
    if isShift { return result }
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].offset <= range.lowerBound { low = middle } else { high = middle }
    }
    var i = low + 1
    while i < runs.count, runs[i].offset <= range.upperBound {
      result.mark(runs[i].offset - range.lowerBound, at: runs[i].target)
      i += 1
    }
    return result
  }

  /// This map followed by `outer`, for a text of `count` bytes.
  func followed(by outer: OffsetMap, count: Int) -> OffsetMap {
    if outer.isShift {
      var result = self
      let shift = outer[0]
      for i in 0..<result.runs.count { result.runs[i].target += shift }
      return result
    }
    var result = OffsetMap(shift: outer[self[0]])
    for (i, run) in runs.enumerated() {
      let end = i + 1 < runs.count ? runs[i + 1].offset : count
      result.mark(run.offset, at: outer[run.target])
      let part = outer.slice(run.target..<max(run.target, run.target + end - run.offset))
      for inner in part.runs.dropFirst() where run.offset + inner.offset < end {
        result.mark(run.offset + inner.offset, at: inner.target)
      }
    }
    result.mark(count, at: outer[self[count]])
    return result
  }
}
