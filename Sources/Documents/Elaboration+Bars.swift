import Expressions
import Notation

/// `|…|` of a square matrix is its determinant, of anything else the absolute value entry by entry.
/// Which it is must be known before shapes are solved, so it goes by the spaces that are declared.
extension Elaborator {
  mutating func bars(
    _ inner: Formula, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    let a = try elaborate(inner, in: &workspace)
    if let sides = sides(of: a.expression, in: workspace), let rows = sides.rows,
      rows == sides.columns
    {
      return Written(workspace.expression(.tensorFunction(.determinant, a.expression)), span, [a])
    }
    return Written(
      workspace.expression(.apply(.absolute, derivative: 0, a.expression)), span, [a])
  }

  /// A declared size as written; nil is one.
  private struct Sides {
    var rows: Formula.Kind?
    var columns: Formula.Kind?
    var isScalar: Bool { rows == nil && columns == nil }
    var transposed: Sides { Sides(rows: columns, columns: rows) }
  }

  /// Rows and columns of an expression whose names are all declared; nil where one is not.
  private func sides(
    of root: Expression, in workspace: borrowing Workspace
  ) -> Sides? {
    switch workspace[root] {
    case .number, .decimal, .timeValue, .dimensionValue, .entry, .delta: return Sides()
    case .tensorFunction(.trace, _), .tensorFunction(.determinant, _), .tensorFunction(.norm, _),
      .tensorFunction(.total, _):
      return Sides()
    case .variable(let variable):
      guard let space = page.lexicon.declaredSpaces[workspace[variable.symbol].name] else {
        return nil
      }
      var sizes: [Formula.Kind?] = []
      for factor in space.factors {
        if case .number("1") = factor.kind {
          sizes.append(nil)
        } else {
          sizes.append(factor.spelled)
        }
      }
      switch sizes.count {
      case 0: return Sides()
      case 1: return Sides(rows: sizes[0])
      case 2: return Sides(rows: sizes[0], columns: sizes[1])
      default: return nil
      }
    case .negative(let operand), .differential(let operand), .apply(_, _, let operand),
      .power(let operand, _):
      return sides(of: operand, in: workspace)
    case .quotient(let above, let below):
      guard sides(of: below, in: workspace)?.isScalar == true else { return nil }
      return sides(of: above, in: workspace)
    case .transpose(let operand): return sides(of: operand, in: workspace)?.transposed
    case .tensorFunction(.diag, let operand):
      guard let inner = sides(of: operand, in: workspace) else { return nil }
      if inner.rows != nil, inner.columns != nil { return Sides(rows: inner.rows) }
      let size = inner.rows ?? inner.columns
      return Sides(rows: size, columns: size)
    case .sum(let terms), .hadamard(let terms):
      // An identity without a size takes that of its neighbours.
      for term in terms {
        if case .identity = workspace[term] { continue }
        if let found = sides(of: term, in: workspace), !found.isScalar { return found }
      }
      return terms.allSatisfy { sides(of: $0, in: workspace)?.isScalar == true } ? Sides() : nil
    case .product(let factors):
      var ends: Sides?
      for factor in factors {
        guard let next = sides(of: factor, in: workspace) else { return nil }
        if next.isScalar { continue }
        ends = Sides(rows: ends == nil ? next.rows : ends?.rows, columns: next.columns)
      }
      return ends ?? Sides()
    default: return nil
    }
  }
}
