import Documents
import Expressions

/// The readings `identity` and `diagonal`: where the shapes cannot fit literally and exactly one
/// placement makes them fit.
extension Judge {
  func placements(
    _ claim: Claim, in workspace: inout Workspace
  ) -> [(Variant, Reading)] {
    var found: [(Variant, Reading)] = []
    for (reading, candidates) in [
      (Reading.identity, identities(claim, in: &workspace)),
      (
        Reading.diagonal,
        diagonals(claim.left.expression, claim.right.expression, in: &workspace)
      ),
    ] {
      var fitting: [Variant] = []
      for (left, right) in candidates {
        var variant = base(claim)
        variant.left = left
        variant.right = right
        if fits(variant, in: workspace) { fitting.append(variant) }
      }
      if fitting.isEmpty, reading == .diagonal {
        var variant = base(claim)
        if isMatrix(variant.left, in: workspace) {
          variant.right = diagonalRuns(variant.right, in: &workspace)
        } else if isMatrix(variant.right, in: workspace) {
          variant.left = diagonalRuns(variant.left, in: &workspace)
        }
        if fits(variant, in: workspace) { fitting.append(variant) }
      }
      if fitting.isEmpty, reading == .diagonal {
        fitting = nestedEntrywise(claim, in: &workspace)
      }
      // diag(a) b is a ⊙ b: one placement, written in two ways.
      var distinct: [(left: Expression, right: Expression)] = []
      for variant in fitting {
        let (left, right) = (
          workspace.entrywiseProducts(in: variant.left),
          workspace.entrywiseProducts(in: variant.right)
        )
        if !distinct.contains(where: { $0.left == left && $0.right == right }) {
          distinct.append((left, right))
        }
      }
      if distinct.count == 1, var variant = fitting.first {
        if fitting.count > 1 { (variant.left, variant.right) = distinct[0] }
        found.append((variant, reading))
      }
    }
    return found
  }

  /// `dh * (1 - h * h)`: products of nothing but columns, one within the other, all of them entry by
  /// entry, and whatever else is left out then.
  private func nestedEntrywise(_ claim: Claim, in workspace: inout Workspace) -> [Variant] {
    let sides = (
      workspace.columnsEntrywise(in: claim.left.expression),
      workspace.columnsEntrywise(in: claim.right.expression)
    )
    if sides == (claim.left.expression, claim.right.expression) { return [] }
    var fitting: [Variant] = []
    for (left, right) in [sides] + diagonals(sides.0, sides.1, in: &workspace) {
      var variant = base(claim)
      variant.left = left
      variant.right = right
      if fits(variant, in: workspace) { fitting.append(variant) }
      if left == sides.0, right == sides.1, !fitting.isEmpty { break }
    }
    return fitting
  }

  private func fits(_ variant: Variant, in workspace: borrowing Workspace) -> Bool {
    var shapes = ShapeInference(rigid: Set(theory.page.notation.dimensions.map { $0.symbol }))
    do throws(ShapeMismatch) {
      try shapes.equate(variant.left, variant.right, in: workspace)
      // What fits only where a vector has one entry does not fit.
      return [variant.left, variant.right].allSatisfy { side in
        workspace.variables(in: side).allSatisfy { variable in
          !workspace[variable.symbol].shape.dimensions.contains {
            $0.symbol != nil && shapes.resolved($0).literal == 1
          }
        }
      }
    } catch {
      return false
    }
  }

  /// A number that stands for that multiple of the identity.
  private func identities(
    _ claim: Claim, in workspace: inout Workspace
  ) -> [(Expression, Expression)] {
    let (left, right) = (claim.left.expression, claim.right.expression)
    let n = Dimension(workspace.dimension(named: "n"))
    let identity = workspace.expression(.identity(n))
    let scaled = (
      besideMatrices(left, identity, in: &workspace),
      besideMatrices(right, identity, in: &workspace)
    )
    if scaled != (left, right) { return [scaled] }
    var results: [(Expression, Expression)] = []
    for (isLeft, side) in [(true, left), (false, right)] {
      for path in numericPlaces(side, Path(), in: workspace) {
        guard let number = workspace.subexpression(of: side, at: path) else { continue }
        let new = workspace.replacing(
          at: path, in: side, by: multiple(number, of: identity, in: &workspace))
        results.append(isLeft ? (new, right) : (left, new))
      }
    }
    return results
  }

  /// Whether a side adds a number to a square matrix, which is no sum as it stands.
  func addsNumbersToMatrices(_ claim: Claim, in workspace: inout Workspace) -> Bool {
    let identity = workspace.expression(.identity(Dimension(workspace.dimension(named: "n"))))
    return [claim.left.expression, claim.right.expression].contains { side in
      besideMatrices(side, identity, in: &workspace) != side
    }
  }

  /// `1 + \mathrm{diag}(s) W`: every number beside square matrices as that multiple of the identity.
  private func besideMatrices(
    _ root: Expression, _ identity: Expression, in workspace: inout Workspace
  ) -> Expression {
    let node = workspace[root]
    switch node {
    case .sum(let terms):
      let isSquare = terms.contains { term in
        guard !workspace.isNumeric(term), let shape = try? workspace.shape(of: term) else {
          return false
        }
        return shape.isMatrix && shape.dimensions[0] == shape.dimensions[1]
      }
      var new: [Expression] = []
      for term in terms {
        if isSquare, workspace.isNumeric(term), !workspace.isZero(term) {
          new.append(multiple(term, of: identity, in: &workspace))
        } else {
          new.append(besideMatrices(term, identity, in: &workspace))
        }
      }
      return new == terms ? root : workspace.expression(.sum(new))
    case .product, .negative, .timeProduct, .timeSum:
      var children: [Expression] = []
      for child in node.children {
        children.append(besideMatrices(child, identity, in: &workspace))
      }
      return children == node.children
        ? root : workspace.expression(node.replacingChildren(children))
    default: return root
    }
  }

  private func multiple(
    _ number: Expression, of identity: Expression, in workspace: inout Workspace
  ) -> Expression {
    if case .number(let value) = workspace[number], value.isOne { return identity }
    return workspace.expression(.product([number, identity]))
  }

  /// Where a number stands alone as a side, a term or a member of a product over times.
  private func numericPlaces(
    _ root: Expression, _ path: Path, in workspace: borrowing Workspace
  ) -> [Path] {
    if workspace.isNumeric(root) { return workspace.isZero(root) ? [] : [path] }
    var places: [Path] = []
    switch workspace[root] {
    case .sum(let terms):
      for (i, term) in terms.enumerated() {
        places += numericPlaces(term, path.appending(i), in: workspace)
      }
    case .negative(let operand), .timeProduct(_, _, _, let operand, _),
      .timeSum(_, _, _, let operand):
      places += numericPlaces(operand, path.appending(0), in: workspace)
    default: break
    }
    return places
  }

  /// A vector that stands for the diagonal matrix of its entries, a product of two vectors that is
  /// meant entry by entry.
  private func diagonals(
    _ left: Expression, _ right: Expression, in workspace: inout Workspace
  ) -> [(Expression, Expression)] {
    let (others, more) = (diagonalized(left, in: &workspace), diagonalized(right, in: &workspace))
    let results = others.map { ($0, right) } + more.map { (left, $0) }
    guard !isTyped(left, in: workspace), !isTyped(right, in: workspace) else { return results }
    // The same is left out on both sides.
    return others.filter { isTyped($0, in: workspace) }.flatMap { other in
      more.filter { isTyped($0, in: workspace) }.map { (other, $0) }
    }
  }

  /// `c \, \sigma' W o \, \tanh' + f`, a sum of matrices: whatever vectors stand between the matrices of
  /// a term are multiplied entry by entry and scale rows or columns.
  private func diagonalRuns(_ root: Expression, in workspace: inout Workspace) -> Expression {
    if (try? workspace.shape(of: root))?.isVector == true {
      return workspace.expression(.tensorFunction(.diag, root))
    }
    switch workspace[root] {
    case .product(let factors):
      var new: [Expression] = []
      var run: [Expression] = []
      func close() {
        if run.isEmpty { return }
        let whole = run.count == 1 ? run[0] : workspace.expression(.hadamard(run))
        new.append(workspace.expression(.tensorFunction(.diag, whole)))
        run = []
      }
      for factor in factors {
        if (try? workspace.shape(of: factor))?.isVector == true {
          run.append(factor)
        } else {
          close()
          new.append(diagonalRuns(factor, in: &workspace))
        }
      }
      close()
      return workspace.product(new)
    case .sum(let terms):
      var new: [Expression] = []
      for term in terms { new.append(diagonalRuns(term, in: &workspace)) }
      return workspace.expression(.sum(new))
    case .negative(let operand), .timeProduct(_, _, _, let operand, _),
      .timeSum(_, _, _, let operand):
      let inner = diagonalRuns(operand, in: &workspace)
      return workspace.expression(workspace[root].replacingChildren([inner]))
    default: return root
    }
  }

  private func isMatrix(_ side: Expression, in workspace: borrowing Workspace) -> Bool {
    var shapes = ShapeInference(rigid: Set(theory.page.notation.dimensions.map { $0.symbol }))
    guard let shape = try? shapes.shape(of: side, in: workspace) else { return false }
    return shapes.resolved(shape).squeezed.order == 2
  }

  private func isTyped(_ side: Expression, in workspace: borrowing Workspace) -> Bool {
    var shapes = ShapeInference(rigid: Set(theory.page.notation.dimensions.map { $0.symbol }))
    return (try? shapes.shape(of: side, in: workspace)) != nil
  }

  private func diagonalized(
    _ root: Expression, in workspace: inout Workspace
  ) -> [Expression] {
    var results: [Expression] = []
    let node = workspace[root]
    switch node {
    case .transpose, .ones: return []
    default: break
    }
    if let shape = try? workspace.shape(of: root), shape.isVector {
      results.append(workspace.expression(.tensorFunction(.diag, root)))
    }
    switch node {
    case .product(let factors):
      for (i, factor) in factors.enumerated() {
        for new in diagonalized(factor, in: &workspace) {
          var changed = factors
          changed[i] = new
          results.append(workspace.expression(.product(changed)))
        }
      }
      // Runs of factors that make a vector.
      for start in factors.indices {
        for end in (start + 1)..<max(start + 1, factors.count) where end - start + 1 < factors.count
        {
          let run = workspace.product(Array(factors[start...end]))
          guard let shape = try? workspace.shape(of: run), shape.isVector else { continue }
          let diagonal = workspace.expression(.tensorFunction(.diag, run))
          results.append(
            workspace.product(
              Array(factors[..<start]) + [diagonal] + Array(factors[(end + 1)...])))
        }
      }
      // Several columns in a row.
      var columns: [Expression] = []
      for factor in factors
      where !workspace.isTransposed(factor) && (try? workspace.shape(of: factor))?.isVector == true
      {
        columns.append(factor)
      }
      if columns.count > 2, columns.count == factors.count {
        results.append(workspace.expression(.hadamard(factors)))
      }
      for i in factors.indices.dropFirst()
      where !workspace.isTransposed(factors[i - 1]) && !workspace.isTransposed(factors[i]) {
        let joined = workspace.expression(.hadamard([factors[i - 1], factors[i]]))
        results.append(
          workspace.product(
            Array(factors[..<(i - 1)]) + [joined] + Array(factors[(i + 1)...])))
      }
    case .sum(let terms):
      for (i, term) in terms.enumerated() {
        for new in diagonalized(term, in: &workspace) {
          var changed = terms
          changed[i] = new
          results.append(workspace.expression(.sum(changed)))
        }
      }
    case .negative(let operand):
      results += diagonalized(operand, in: &workspace).map {
        workspace.expression(.negative($0))
      }
    case .timeProduct(_, _, _, let body, _), .timeSum(_, _, _, let body):
      results += diagonalized(body, in: &workspace).map {
        workspace.expression(node.replacingChildren([$0]))
      }
    default: break
    }
    return results
  }
}

extension Workspace {
  /// a ⊙ b for a b where both are columns, the innermost first.
  fileprivate mutating func columnsEntrywise(in root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .product(let factors) = workspace[expression],
        factors.allSatisfy({ factor in
          !workspace.isTransposed(factor) && (try? workspace.shape(of: factor))?.isVector == true
        })
      else { return nil }
      return workspace.expression(.hadamard(factors))
    }
  }

  /// a ⊙ b for diag(a) b with a column b.
  fileprivate mutating func entrywiseProducts(in root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .product(let factors) = workspace[expression], factors.count == 2,
        case .tensorFunction(.diag, let slope) = workspace[factors[0]],
        (try? workspace.shape(of: factors[1]))?.isVector == true
      else { return nil }
      return workspace.expression(.hadamard([slope, factors[1]]))
    }
  }

  func isTransposed(_ expression: Expression) -> Bool {
    if case .transpose = self[expression] { return true }
    return false
  }
}
