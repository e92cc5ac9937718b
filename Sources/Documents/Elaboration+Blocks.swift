import Expressions
import Notation

/// Derivatives of which a part is meant: with something held, or one block of several.
extension Elaborator {
  /// What the use of a parameter at one step adds to a derivative, `\left. ∂L/∂W \right|_t`.
  mutating func contribution(
    ofStep step: Formula, to derivative: Formula, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard let affine = AffineLetters(step), !affine.terms.isEmpty, isStep(affine),
      affine.terms.allSatisfy({ page.lexicon.timeLetters.contains($0.letter) }),
      case .fraction = derivative.kind
    else { return nil }
    let written = try elaborate(derivative, in: &workspace)
    guard case .derivative(let above, let below, let intervention) = workspace[written.expression],
      case .variable(let parameter) = workspace[below], parameter.time == nil, parameter.copy == nil
    else { return nil }
    let copy = workspace.variable(parameter.symbol, copy: time(affine, in: &workspace))
    return Written(
      workspace.expression(.derivative(of: above, by: copy, intervention)), span, [written])
  }

  /// A derivative with what is named beside its bar held: a family, `\left. ∂h_t/∂h_{t-1} \right|_C`,
  /// or a node beside the denominator, `\left. ∂C_t/∂C_k \right|_{h_k}`. What the derivative itself
  /// names is a point, and not held.
  mutating func holding(
    _ names: Formula, in derivative: Formula, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    var items = [names]
    if case .list(let several) = names.kind { items = several }
    var families: [Symbol] = []
    var nodes: [Variable] = []
    for item in items {
      guard let identifier = item.unfencedScripts.identifier,
        page.lexicon.isFamily(identifier.latex)
      else { return nil }
      if item.identifier != nil {
        guard let symbol = table[NameKey(identifier.latex, isFamily: true)] else { return nil }
        families.append(symbol)
      } else {
        guard case .variable(let node) = workspace[try elaborate(item, in: &workspace).expression]
        else { return nil }
        nodes.append(node)
      }
    }
    var written = try elaborate(derivative, in: &workspace)
    guard case .derivative(let above, let below, _) = workspace[written.expression] else {
      return nil
    }
    let own = workspace.variables(in: above) + workspace.variables(in: below)
    let isPoint = own.contains { nodes.contains($0) || families.contains($0.symbol) }
    if isPoint { return nil }
    var beside: [Expression] = []
    for node in nodes {
      guard case .variable(let variable) = workspace[below], let time = node.time,
        let start = variable.time
      else { return nil }
      if time == start {
        beside.append(workspace.expression(.variable(node)))
      } else if case .variable(let result) = workspace[above], result.time == time,
        time == start + 1
      {
        // Within one step the family has no other node on the way.
        families.append(node.symbol)
      } else {
        return nil
      }
    }
    let before = held
    defer { held = before }
    held += families.filter { !held.contains($0) }
    written = try elaborate(derivative, in: &workspace)
    written.span = span
    if beside.isEmpty { return written }
    return partial(written, by: below, beside: beside, span, in: &workspace)
  }

  /// A block of the Jacobian of several nodes by several, or of a product of such: `[∏ J_i]_{12}`.
  func block(
    of written: Written, _ below: Formula, _ span: Span, in workspace: inout Workspace
  ) -> Written? {
    var factor = written.expression
    if case .timeProduct(_, _, _, let body, _) = workspace[factor] { factor = body }
    guard case .number(let digits) = below.kind, digits.utf8.count == 2,
      let place = Int(digits), case .derivative(let above, let under, _) = workspace[factor],
      let rows = sizes(of: above, in: workspace), let columns = sizes(of: under, in: workspace)
    else { return nil }
    let (row, column) = (place / 10 - 1, place % 10 - 1)
    guard rows.indices.contains(row), columns.indices.contains(column) else { return nil }
    let (first, last) = layout == .denominator ? (columns, rows) : (rows, columns)
    guard first.indices.contains(row), last.indices.contains(column) else { return nil }
    let left = selector(of: row, first, in: &workspace)
    let right = selector(of: column, last, in: &workspace)
    return Written(
      workspace.product([workspace.expression(.transpose(left)), written.expression, right]), span)
  }

  /// The sizes of the columns that a stack holds, or one for each number; nil where it holds
  /// anything else.
  private func sizes(
    of stack: Expression, in workspace: borrowing Workspace
  ) -> [Dimension]? {
    guard case .stack(let count, 1, let members) = workspace[stack], count == members.count else {
      return nil
    }
    var sizes: [Dimension] = []
    for member in members {
      var node = member
      if case .tensorFunction(.vec, let matrix) = workspace[member] { node = matrix }
      guard case .variable = workspace[node], let shape = try? workspace.shape(of: member),
        shape.isScalar || shape.isVector
      else { return nil }
      sizes.append(shape.isScalar ? .one : shape.dimensions[0])
    }
    return sizes
  }

  /// The columns of the identity that belong to one part of a stack.
  private func selector(
    of place: Int, _ sizes: [Dimension], in workspace: inout Workspace
  ) -> Expression {
    var blocks: [Expression] = []
    let areNumbers = sizes.allSatisfy { $0 == .one }
    for (other, size) in sizes.enumerated() {
      if areNumbers {
        blocks.append(workspace.number(other == place ? 1 : 0))
      } else {
        blocks.append(
          workspace.expression(
            other == place ? .identity(size) : .zero(.matrix(size, sizes[place]))))
      }
    }
    return workspace.expression(.stack(rows: blocks.count, columns: 1, blocks))
  }

  /// The block of a derivative by several nodes at once that belongs to the first of them.
  private func partial(
    _ written: Written, by below: Expression, beside others: [Expression], _ span: Span,
    in workspace: inout Workspace
  ) -> Written? {
    guard case .derivative(let above, _, let intervention) = workspace[written.expression] else {
      return nil
    }
    let stack = workspace.expression(
      .stack(rows: others.count + 1, columns: 1, [below] + others))
    let whole = workspace.expression(.derivative(of: above, by: stack, intervention))
    guard let sizes = sizes(of: stack, in: workspace) else {
      return knowsShapes ? nil : Written(whole, span)
    }
    let own = selector(of: 0, sizes, in: &workspace)
    let standsInRows: Bool
    switch intervention.layout {
    case .numerator, .transposed: standsInRows = false
    case .denominator: standsInRows = true
    case .gradient:
      guard let variable = workspace.namedVariable(of: above) else { return nil }
      standsInRows = workspace[variable.symbol].shape.isScalar
    }
    return Written(
      workspace.product(
        standsInRows ? [workspace.expression(.transpose(own)), whole] : [whole, own]), span)
  }
}
