import Expressions

/// Stacked axes: contraction goes block by block.
extension Prover {
  /// One fresh label for an axis, or one for each block of a stacked one.
  mutating func contractionLabels(
    over dimension: Dimension, _ blocks: [Dimension]?
  ) -> [Label] {
    guard let blocks else { return [table.label(over: dimension)] }
    let partition = table.partition(blocks)
    var labels: [Label] = []
    for (b, block) in blocks.enumerated() {
      labels.append(table.label(over: block, block: Int32(b), partition: partition))
    }
    return labels
  }

  /// The sum over a label. A block's own axes have a plain label, which is the one that counts unless
  /// the whole axis is met as well.
  func bound(_ label: Label, _ form: Form) -> Form {
    var form = form
    for i in form.indices {
      if let plain = plainLabels[label], form[i].occurrences(of: label) == 0 {
        form[i].labels.append(plain)
      } else {
        form[i].labels.append(label)
        if let plain = plainLabels[label] { form[i].replace(plain, by: label) }
      }
    }
    return form
  }

  /// How the first or last axis is put together from blocks; nil if it is not stacked.
  func partition(
    _ expression: Expression, last: Bool, _ workspace: borrowing Workspace
  ) throws(Failure) -> [Dimension]? {
    let own = try shape(expression, workspace)
    let isVector = own.isVector
    switch workspace[expression] {
    case .stack(let rows, let columns, let blocks):
      if rows > 1, !last || isVector {
        var heights: [Dimension] = []
        for r in 0..<rows {
          let shape = try shape(blocks[r * columns], workspace)
          heights.append(shape.isScalar ? .one : shape.dimensions[0])
        }
        return heights
      }
      if columns > 1, last {
        var widths: [Dimension] = []
        for c in 0..<columns {
          let shape = try shape(blocks[c], workspace)
          widths.append(shape.order < 2 ? .one : shape.dimensions[1])
        }
        return widths
      }
      if rows == 1, columns == 1 { return try partition(blocks[0], last: last, workspace) }
      return nil
    case .transpose(let operand):
      let flipped = try shape(operand, workspace).isMatrix && !own.isVector && !own.isRow
      return try partition(operand, last: flipped ? !last : true, workspace)
    case .product(let factors):
      let ordered = last ? Array(factors.reversed()) : factors
      for factor in ordered {
        let shape = try shape(factor, workspace)
        if shape.isScalar { continue }
        if isVector, !shape.isVector, last { continue }
        return try partition(factor, last: last, workspace)
      }
      return nil
    case .sum(let operands), .hadamard(let operands):
      for operand in operands {
        if try shape(operand, workspace).squeezed.order != own.squeezed.order { continue }
        if let found = try partition(operand, last: last, workspace) { return found }
      }
      return nil
    case .negative(let operand), .apply(_, _, let operand), .quotient(let operand, _),
      .timeSum(_, _, _, let operand):
      return try partition(operand, last: last, workspace)
    case .tensorFunction(.diag, let operand):
      return try partition(operand, last: last, workspace)
    case .variable(let variable):
      guard case .unfolded = treatments[variable.symbol] ?? .atom else { return nil }
      for definition in model.definitions where definition.symbol == variable.symbol {
        return try partition(definition.body, last: last, workspace)
      }
      return nil
    default: return nil
    }
  }

  mutating func stack(
    _ rows: Int, _ columns: Int, _ blocks: [Expression], _ expression: Expression,
    _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    let own = try shape(expression, workspace)
    var rest = labels
    var rowLabel: Label?
    var columnLabel: Label?
    if !own.isRow, !own.isScalar { rowLabel = rest.removeFirst() }
    if own.isMatrix, !rest.isEmpty { columnLabel = rest.removeFirst() }
    let heights = rows > 1 ? try partition(expression, last: false, workspace) : nil
    let widths = columns > 1 ? try partition(expression, last: true, workspace) : nil
    let (row, innerRow) = try block(rowLabel, heights, expression)
    let (column, innerColumn) = try block(columnLabel, widths, expression)
    let chosen = blocks[row * columns + column]
    let shape = try shape(chosen, workspace)
    var inner: [Label] = []
    if shape.order >= 1, !shape.isRow, let innerRow { inner.append(innerRow) }
    if shape.order == 2, let innerColumn { inner.append(innerColumn) }
    guard inner.count == shape.squeezed.order else { throw .at(expression) }
    return try component(chosen, inner, workspace)
  }

  /// The block of a stacked axis that a label means, and its place within.
  private mutating func block(
    _ label: Label?, _ sizes: [Dimension]?, _ expression: Expression
  ) throws(Failure) -> (Int, Label?) {
    guard let label, let sizes else { return (0, label) }
    if label >= 0 {
      let record = table.labels[Int(label)]
      guard record.block >= 0, table.partitions[Int(record.partition)] == sizes else {
        throw .at(expression)
      }
      if let plain = plainLabels[label] { return (Int(record.block), plain) }
      let plain = table.label(overNumber: record.dimension)
      plainLabels[label] = plain
      return (Int(record.block), plain)
    }
    guard let index = table.literal(of: label) else { throw .at(expression) }
    switch index {
    case .literal(var place):
      for (b, size) in sizes.enumerated() {
        guard let size = size.literal else { throw .at(expression) }
        if place <= size { return (b, table.literal(.literal(place))) }
        place -= size
      }
    case .last: return (sizes.count - 1, table.literal(.last(sizes[sizes.count - 1])))
    case .label: break
    }
    throw .at(expression)
  }
}
