import Expressions

extension Model {
  /// How the axes of a dimension are put together, where all stacks of the definitions agree on it.
  package func stackPartitions(in workspace: borrowing Workspace) -> [Dimension: [Dimension]] {
    var found: [Dimension: [Dimension]] = [:]
    var ambiguous: Set<Dimension> = []
    func add(_ sizes: [Dimension]) {
      let whole = sizes.reduce(Dimension(0)) { $0 + $1 }
      if sizes.count < 2 || whole.literal != nil { return }
      if let other = found[whole], other != sizes { ambiguous.insert(whole) }
      found[whole] = sizes
    }
    for definition in definitions {
      workspace.visit(definition.body) { _, node in
        guard case .stack(let rows, let columns, let blocks) = node else { return }
        let shapes = blocks.map { (try? workspace.shape(of: $0)) ?? .scalar }
        add((0..<rows).map { shapes[$0 * columns].dimensions.first ?? .one })
        add((0..<columns).map { shapes[$0].order < 2 ? .one : shapes[$0].dimensions[1] })
      }
    }
    return found.filter { !ambiguous.contains($0.key) }
  }
}

/// Stacked axes: contraction goes block by block.
extension Prover {
  /// One fresh label for an axis, or one for each block of a stacked one.
  mutating func contractionLabels(
    over dimension: Dimension, _ blocks: [Dimension]?
  ) -> [Label] {
    guard let blocks = blocks ?? partitions[dimension] else {
      return [table.label(over: dimension)]
    }
    return blocks.indices.map { number in
      table.label(over: HeadTable.AxisBlock(partition: blocks, number: number))
    }
  }

  /// The sum over a label.
  func bound(_ label: Label, _ form: Form) -> Form {
    var form = form
    for i in form.indices { form[i].labels.append(table.plain(label)) }
    return form
  }

  /// Kronecker's δ: two blocks of one axis have places in common only if they are the same.
  mutating func delta(_ a: Label, _ b: Label) throws(Failure) -> Form {
    let (first, second) = (table.block(of: a), table.block(of: b))
    guard first?.partition == second?.partition else { throw .unsupported }
    if first != second { return [] }
    return unit([Factor(table.delta, [table.plain(a), table.plain(b)])])
  }

  /// A symbol's entry: in blocks of its axes it is a tensor of its own.
  mutating func entry(_ head: Head, _ labels: [Label], _ times: [Moment]) -> Form {
    if labels.allSatisfy({ table.block(of: $0) == nil }) {
      return unit([Factor(head, labels, times)])
    }
    var blocks = labels.map { $0 >= 0 ? table.labels[Int($0)].block : -1 }
    var places = labels.map { table.plain($0) }
    var traits: Traits = []
    if labels.count == 2, table.traits[Int(head)].contains(.symmetric) {
      if blocks[0] == blocks[1] {
        traits = .symmetric
      } else if blocks[0] > blocks[1] {
        blocks.swapAt(0, 1)
        places.swapAt(0, 1)
      }
    }
    return unit([Factor(table.head(.part(head, blocks), traits), places, times)])
  }

  /// Whether no label means a block only.
  func requireWhole(_ labels: [Label]) throws(Failure) {
    if labels.contains(where: { table.block(of: $0) != nil }) { throw .unsupported }
  }

  /// How one of several axes is put together from blocks; nil if it is not stacked.
  mutating func partition(
    _ expression: Expression, axis: Int, of order: Int, _ workspace: borrowing Workspace
  ) throws(Failure) -> [Dimension]? {
    if axis == order - 1 || axis == 0 {
      return try partition(expression, last: axis == order - 1, workspace)
    }
    switch workspace[expression] {
    case .sum(let operands), .hadamard(let operands):
      for operand in operands {
        if let found = try partition(operand, axis: axis, of: order, workspace) { return found }
      }
      return nil
    case .negative(let operand), .quotient(let operand, _), .timeSum(_, _, _, let operand):
      return try partition(operand, axis: axis, of: order, workspace)
    case .tabulate(let symbols, let body) where symbols.count == order:
      return try partition(along: symbols[axis], in: body, workspace)
    default: return nil
    }
  }

  /// How the first or last axis is put together from blocks; nil if it is not stacked.
  mutating func partition(
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
      let ordered = last && !isVector ? Array(factors.reversed()) : factors
      for factor in ordered {
        let shape = try shape(factor, workspace)
        if shape.isScalar { continue }
        return try partition(factor, last: last && (!isVector || shape.isVector), workspace)
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
    case .timeProduct(_, _, _, let body, _): return try partition(body, last: last, workspace)
    case .tabulate(let symbols, let body):
      guard let symbol = last ? symbols.last : symbols.first else { return nil }
      return try partition(along: symbol, in: body, workspace)
    case .variable(let variable):
      guard case .unfolded = treatments[variable.symbol] ?? .atom else { return nil }
      for definition in model.definitions where definition.symbol == variable.symbol {
        return try partition(definition.body, last: last, workspace)
      }
      return nil
    default: return nil
    }
  }

  /// How an axis that a label runs along is put together from blocks; nil if it is not stacked.
  mutating func partition(
    along symbol: IndexSymbol, in body: Expression, _ workspace: borrowing Workspace
  ) throws(Failure) -> [Dimension]? {
    if workspace[symbol].dimension.symbol != nil || workspace[symbol].dimension == .one {
      return nil
    }
    var work = [body]
    var seen: Set<Expression> = []
    while let next = work.popLast() {
      if !seen.insert(next).inserted { continue }
      if case .entry(let operand, let indices) = workspace[next] {
        for (axis, index) in indices.enumerated() where index == .label(symbol) {
          let isLast = axis == indices.count - 1
          if axis > 0, !isLast { continue }
          if let found = try partition(operand, last: isLast, workspace) { return found }
        }
      }
      work += workspace[next].children
    }
    return nil
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
  mutating func block(
    _ label: Label?, _ sizes: [Dimension]?, _ expression: Expression
  ) throws(Failure) -> (Int, Label?) {
    guard let label, let sizes else { return (0, label) }
    if label >= 0 {
      guard let block = table.block(of: label), block.partition == sizes else {
        throw .at(expression)
      }
      return (block.number, table.plain(label))
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
