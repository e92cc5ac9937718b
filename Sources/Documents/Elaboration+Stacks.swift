import Expressions
import Notation

/// Stacks of functions, `(σ; σ; tanh) W v`, and the blocks of stacks.
extension Elaborator {
  /// The functions that a column holds, one a row, each for its block of what follows.
  func functionStack(_ item: Formula) -> [ElementwiseFunction]? {
    guard let cells = item.column, cells.count > 1 else { return nil }
    var functions: [ElementwiseFunction] = []
    for cell in cells {
      guard cell.identifier != nil, case .elementwise(let function)? = functionHead(cell) else {
        return nil
      }
      functions.append(function)
    }
    return functions
  }

  /// Each function applied to its block of a vector of as many blocks of one size.
  func applying(
    _ functions: [ElementwiseFunction], to argument: Written, _ span: Span,
    in workspace: inout Workspace
  ) -> Written {
    let blocks = blocks(functions.count, of: argument.expression, in: &workspace)
    return Written(
      workspace.expression(
        .stack(
          rows: functions.count, columns: 1,
          zip(functions, blocks).map {
            workspace.expression(.apply($0, derivative: 0, $1))
          })), span)
  }

  /// The blocks of a stack; of any other vector, which has as many blocks of one size, by what
  /// selects them: (0, I, 0) u.
  package func blocks(
    _ count: Int, of expression: Expression, in workspace: inout Workspace
  ) -> [Expression] {
    if case .stack(count, columns: 1, let blocks) = workspace[expression] { return blocks }
    let size = Dimension(workspace.dimension(named: "?"))
    let one = workspace.expression(.identity(size))
    let none = workspace.expression(.zero(.matrix(size, size)))
    return (0..<count).map { place in
      let selector = workspace.expression(
        .stack(rows: 1, columns: count, (0..<count).map { $0 == place ? one : none }))
      return workspace.expression(.product([selector, expression]))
    }
  }
}

extension Formula {
  /// The cells of a matrix of one column.
  var column: [Formula]? {
    guard case .matrix(let style, let rows) = unfenced.kind,
      style == .brackets || style == .parentheses || style == .plain,
      rows.allSatisfy({ $0.count == 1 })
    else { return nil }
    return rows.map { $0[0] }
  }
}
