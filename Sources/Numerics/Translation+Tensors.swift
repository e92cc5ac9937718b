import Expressions

/// Functions of whole tensors, and taking tensors apart and together.
extension Laboratory {
  mutating func apply(
    _ function: TensorFunction, _ slot: Slot, _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    switch function {
    case .diag: return try diagonal(slot, origin)
    case .trace:
      if slot.isScalar { return slot }
      guard slot.isSquare else { throw .shapes(origin) }
      let n = slot.axes[0].size
      let entries = try gather(
        (0..<n).map { slot.start + $0 * n + $0 }, [slot.axes[0]], origin)
      return try emit(.total, [], origin, a: entries.start, p: n)
    case .determinant:
      if slot.isScalar { return slot }
      guard slot.isSquare else { throw .shapes(origin) }
      return try emit(.determinant, [], origin, a: slot.start, p: slot.axes[0].size)
    case .spectralNorm:
      if slot.axes.count > 2 { throw .shapes(origin) }
      let columns = slot.axes.count == 2 ? slot.axes[1].size : 1
      return try emit(
        .spectralNorm, [], origin, a: slot.start, p: slot.count / max(columns, 1), q: columns)
    case .spectralRadius:
      guard slot.isScalar || slot.isSquare else { throw .shapes(origin) }
      return try emit(
        .spectralRadius, [], origin, a: slot.start, p: slot.isScalar ? 1 : slot.axes[0].size)
    case .norm: return try emit(.norm, [], origin, a: slot.start, p: slot.count)
    case .softmax:
      if slot.axes.count > 2 { throw .shapes(origin) }
      let columns = slot.axes.last?.size ?? 1
      return try emit(
        .softmax, slot.axes, origin, a: slot.start, p: slot.count / max(columns, 1), q: columns)
    case .vec:
      switch slot.axes.count {
      case 0, 1: return slot
      case 2:
        let (m, n) = (slot.axes[0], slot.axes[1])
        let axis = Axis(size: m.size * n.size, isUnit: m.isUnit && n.isUnit)
        return try gather(
          (0..<axis.size).map { slot.start + $0 % m.size * n.size + $0 / m.size },
          Slot.canonical([axis]), origin)
      default: throw .shapes(origin)
      }
    case .total: return try emit(.total, [], origin, a: slot.start, p: slot.count)
    case .maximum: return try emit(.largest, [], origin, a: slot.start, p: slot.count)
    }
  }

  private mutating func diagonal(
    _ slot: Slot, _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    if slot.isScalar { return slot }
    if slot.isVector || slot.isRow {
      let axis = slot.axes[slot.axes.count - 1]
      let n = axis.size
      let places = (0..<(n * n)).map { $0 / n == $0 % n ? slot.start + $0 / n : -1 }
      return try gather(places, [axis, axis], origin)
    }
    guard slot.isSquare else { throw .shapes(origin) }
    let n = slot.axes[0].size
    return try gather((0..<n).map { slot.start + $0 * n + $0 }, [slot.axes[0]], origin)
  }

  /// Rows and columns, a vector being n×1.
  private func matrix(
    _ slot: Slot, _ origin: Expression
  ) throws(MeasurementFailure) -> (Axis, Axis) {
    switch slot.axes.count {
    case 0: return (.unit, .unit)
    case 1: return (slot.axes[0], .unit)
    case 2: return (slot.axes[0], slot.axes[1])
    default: throw .shapes(origin)
    }
  }

  mutating func kronecker(
    _ lhs: Slot, _ rhs: Slot, _ origin: Expression
  ) throws(MeasurementFailure) -> Slot {
    let (m, n) = try matrix(lhs, origin)
    let (p, q) = try matrix(rhs, origin)
    let axes = [
      Axis(size: m.size * p.size, isUnit: m.isUnit && p.isUnit),
      Axis(size: n.size * q.size, isUnit: n.isUnit && q.isUnit),
    ]
    var left: [Int] = []
    var right: [Int] = []
    for i in 0..<axes[0].size {
      for j in 0..<axes[1].size {
        left.append(lhs.start + i / p.size * n.size + j / q.size)
        right.append(rhs.start + i % p.size * q.size + j % q.size)
      }
    }
    let canonical = Slot.canonical(axes)
    let first = try gather(left, canonical, origin)
    return try entrywise(.multiply, first, try gather(right, canonical, origin), origin)
  }

  /// Blocks put together; a scalar zero fills a block of any size.
  mutating func stack(
    _ rows: Int, _ columns: Int, _ blocks: [Expression], _ origin: Expression,
    _ environment: Environment, _ workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> Slot {
    var slots: [Slot] = []
    for block in blocks { slots.append(try compile(block, environment, workspace)) }
    guard slots.count == rows * columns else { throw .shapes(origin) }
    var heights = [Axis](repeating: .unit, count: rows)
    var widths = [Axis](repeating: .unit, count: columns)
    for (i, slot) in slots.enumerated() {
      let (m, n) = try matrix(slot, origin)
      if !m.isUnit { heights[i / columns] = m }
      if !n.isUnit { widths[i % columns] = n }
    }
    let width = widths.reduce(0) { $0 + $1.size }
    let height = heights.reduce(0) { $0 + $1.size }
    var places = [Int](repeating: -1, count: width * height)
    var top = 0
    for row in 0..<rows {
      var left = 0
      for column in 0..<columns {
        let block = blocks[row * columns + column]
        let slot = slots[row * columns + column]
        let (m, n) = try matrix(slot, origin)
        if m == heights[row], n == widths[column] {
          for i in 0..<m.size {
            for j in 0..<n.size {
              places[(top + i) * width + left + j] = slot.start + i * n.size + j
            }
          }
        } else if workspace[block] != .number(.zero) {
          throw .shapes(origin)
        }
        left += widths[column].size
      }
      top += heights[row].size
    }
    let axes = [
      Axis(size: height, isUnit: rows == 1 && heights[0].isUnit),
      Axis(size: width, isUnit: columns == 1 && widths[0].isUnit),
    ]
    return try gather(places, Slot.canonical(axes), origin)
  }

  /// The place of an entry within a tensor.
  func cell(
    of indices: [Index], in slot: Slot, _ origin: Expression, _ environment: Environment
  ) throws(MeasurementFailure) -> Int {
    let axes: [Axis]
    if indices.count == slot.axes.count {
      axes = slot.axes
    } else if indices.count == slot.squeezed.count {
      axes = slot.squeezed
    } else if slot.isScalar {
      axes = [Axis](repeating: .unit, count: indices.count)
    } else if slot.isVector, indices.count == 2 {
      axes = slot.axes + [.unit]
    } else {
      throw .shapes(origin)
    }
    var cell = 0
    for (index, axis) in zip(indices, axes) {
      cell =
        cell * axis.size + (try place(of: index, environment, within: axis.size, in: origin))
    }
    return cell
  }
}
