import Documents
import Expressions

/// What stands at a wrong place: under another index, in another entry or row of a matrix, beside
/// another factor.
extension EditEnumeration {
  // MARK: Times

  /// `r_{t-1}` for `r_{t+1}`, `C_i` for `C_t` within a product over i: another time of the line.
  mutating func timeEdits(
    _ root: Expression, _ variable: Variable, _ path: Path, in workspace: inout Workspace
  ) {
    guard let time = variable.time else { return }
    func put(_ other: Time, _ slip: Slip?, _ weight: Int) {
      var moved = variable
      moved.time = other
      add(path, root, workspace.expression(.variable(moved)), slip, weight)
    }
    if let mirrored = time.mirrored { put(mirrored, .sign, 2) }
    for other in letters(besides: time) { put(other, .wrongSymbol, 3) }
  }

  /// The other times of the line that may stand at the place at hand, below a sum or product.
  func letters(besides time: Time) -> [Time] {
    if isBound.isEmpty {
      // Of α_i and e_j either may stand for the other.
      return time.isLetter ? times.filter { $0 != time && $0.isLetter } : []
    }
    return (isBound.map { Time($0) } + times).filter { other in
      // A letter has a meaning only below its own sign.
      other != time && other != time.mirrored && (other - time).literal == nil
        && !other.terms.contains { binders.contains($0.symbol) && !isBound.contains($0.symbol) }
    }
  }

  // MARK: Entries

  /// Two labels exchanged throughout: W_{ij} x_j for W_{ji} x_i.
  mutating func labelEdits(_ root: Expression, in workspace: inout Workspace) {
    // The letters of a table stand free in what is said of one entry.
    if case .tabulate(let labels, let body) = workspace[root] {
      exchanges(labels, in: body, Path([0]), in: &workspace)
    }
    var free: [IndexSymbol] = []
    var bound: [IndexSymbol] = []
    workspace.visit(root) { _, node in
      for case .label(let label) in node.ownIndices where !free.contains(label) {
        free.append(label)
      }
      switch node {
      case .indexSum(let label, _): bound.append(label)
      case .tabulate(let labels, _): bound += labels
      default: break
      }
    }
    free.removeAll { bound.contains($0) }
    exchanges(free, in: root, Path(), in: &workspace)
  }

  private mutating func exchanges(
    _ free: [IndexSymbol], in root: Expression, _ path: Path, in workspace: inout Workspace
  ) {
    for (n, a) in free.enumerated() {
      for b in free[..<n] {
        func other(_ index: Index) -> Index {
          index == .label(a) ? .label(b) : index == .label(b) ? .label(a) : index
        }
        let new = workspace.rewriting(root) { workspace, expression in
          switch workspace[expression] {
          case .entry(let tensor, let indices):
            return workspace.expression(.entry(tensor, indices.map(other)))
          case .delta(let i, let j): return workspace.expression(.delta(other(i), other(j)))
          case .unitVector(let i, let dimension):
            return workspace.expression(.unitVector(other(i), dimension))
          default: return nil
          }
        }
        add(path, root, new, .missingTranspose, 3)
      }
    }
  }

  /// Two blocks of a matrix, or two of its rows, in each other's place.
  mutating func stackEdits(
    _ root: Expression, _ rows: Int, _ columns: Int, _ blocks: [Expression], _ path: Path,
    in workspace: inout Workspace
  ) {
    func put(_ new: [Expression], _ weight: Int) {
      add(
        path, root, workspace.expression(.stack(rows: rows, columns: columns, new)), nil, weight)
    }
    if columns > 1 {
      for i in 0..<rows {
        for j in 0..<i {
          var swapped = blocks
          for column in 0..<columns { swapped.swapAt(i * columns + column, j * columns + column) }
          put(swapped, 3)
        }
      }
    }
    guard blocks.count <= 9 else { return }
    for i in blocks.indices {
      for j in blocks[..<i].indices {
        var swapped = blocks
        swapped.swapAt(i, j)
        put(swapped, 3)
      }
    }
  }

  /// x_j for x_i: another letter of the line, at one place.
  mutating func entryEdits(
    _ root: Expression, _ tensor: Expression, _ indices: [Index], _ path: Path,
    in workspace: inout Workspace
  ) {
    for place in indices.indices {
      for label in labels where indices[place] != .label(label) {
        var other = indices
        other[place] = .label(label)
        // Of p_i (δ_{ij} - p_i) the inner one is rather the slip.
        add(
          path, root, workspace.expression(.entry(tensor, other)), .wrongSymbol, 2,
          fine: max(1, 9 - path.steps.count))
      }
    }
  }

  /// Another letter at every entry of one tensor.
  mutating func entriesEdits(_ root: Expression, in workspace: inout Workspace) {
    var entries: [(tensor: Expression, label: IndexSymbol)] = []
    workspace.visit(root) { _, node in
      guard case .entry(let tensor, let indices) = node else { return }
      for case .label(let label) in indices
      where !entries.contains(where: { $0.tensor == tensor && $0.label == label }) {
        entries.append((tensor, label))
      }
    }
    for entry in entries {
      for label in labels where label != entry.label {
        let new = workspace.rewriting(root) { workspace, expression in
          guard case .entry(entry.tensor, let indices) = workspace[expression] else { return nil }
          return workspace.expression(
            .entry(
              entry.tensor, indices.map { $0 == .label(entry.label) ? .label(label) : $0 }))
        }
        add(Path(), root, new, .wrongSymbol, 3)
      }
    }
  }

  // MARK: Factors

  /// (a − b)ᵀ stays in its brackets.
  private func bracketedTranspose(
    _ factor: Expression, _ workspace: inout Workspace
  ) -> Expression {
    if case .sum = workspace[factor] { return workspace.expression(.transpose(factor)) }
    return workspace.turned(factor)
  }

  /// a bᵀ for aᵀ b, and Aᵀ 𝟏 for A 𝟏: the transpose stands at another factor, or the ones have the
  /// size of the other side.
  mutating func turnedFactorEdits(
    _ root: Expression, _ factors: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    for i in factors.indices.dropLast() {
      guard let before = shape(of: factors[i], in: workspace),
        let after = shape(of: factors[i + 1], in: workspace)
      else { continue }
      var new = factors
      if case .transpose(let inner) = workspace[factors[i]], before.isRow, after.isVector {
        new[i] = inner
        new[i + 1] = workspace.expression(.transpose(factors[i + 1]))
        add(path, root, workspace.product(new), .missingTranspose, 2)
      } else if case .ones = workspace[factors[i + 1]], before.isMatrix {
        new[i] = workspace.turned(factors[i])
        new[i + 1] = workspace.expression(.ones(.vector(before.dimensions[0])))
        add(path, root, workspace.product(new), .missingTranspose, 2)
      }
      // What does not fit stands on the other side, turned: X Wᵀ for W X.
      if ignoresSizes, before.order > 0, after.order > 0 {
        let (a, b) = (factors[i], factors[i + 1])
        let (turnedA, turnedB) = (
          bracketedTranspose(a, &workspace), bracketedTranspose(b, &workspace)
        )
        let pairs = [[b, turnedA], [turnedB, a], [turnedB, turnedA]]
        for pair in pairs {
          new = factors
          new.replaceSubrange(i...(i + 1), with: pair)
          add(path, root, workspace.product(new), .swappedFactors, 3)
        }
      }
    }
  }

  /// (a ⊙ r) bᵀ for a (r ⊙ b)ᵀ: what multiplies one factor entry by entry belongs to its neighbour.
  mutating func movedFactorEdits(
    _ root: Expression, _ factors: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    for (from, to) in factors.indices.dropFirst().flatMap({ [($0, $0 - 1), ($0 - 1, $0)] }) {
      let (source, sourceIsTurned) = workspace.untransposed(factors[from])
      guard case .hadamard(let parts) = workspace[source] else { continue }
      let (target, targetIsTurned) = workspace.untransposed(factors[to])
      for place in parts.indices {
        guard let shape = shape(of: parts[place], in: workspace),
          shape == self.shape(of: target, in: workspace)
        else { continue }
        var rest = parts
        rest.remove(at: place)
        let left = workspace.hadamard(rest)
        let grown = workspace.hadamard([target, parts[place]])
        var new = factors
        new[from] = sourceIsTurned ? workspace.expression(.transpose(left)) : left
        new[to] = targetIsTurned ? workspace.expression(.transpose(grown)) : grown
        add(path, root, workspace.product(new), nil, 4)
      }
    }
  }

  /// 𝟏ᵀ A and A 𝟏 for a matrix A where a row or a column is due: a bias is used by all rows of a batch.
  mutating func summedEdits(
    _ root: Expression, _ shape: Shape, _ path: Path, in workspace: inout Workspace
  ) {
    guard ignoresSizes, shape.isMatrix, !shape.isRow else { return }
    // A sum over times of such sums is written with the sum over times outside.
    if case .timeSum = workspace[root] { return }
    let above = workspace.expression(.ones(.vector(shape.dimensions[0])))
    let row = workspace.expression(.transpose(above))
    let column = workspace.expression(.ones(.vector(shape.dimensions[1])))
    var factors = [root]
    if case .product(let own) = workspace[root] { factors = own }
    add(path, root, workspace.product([row] + factors), .missingFactor, 3)
    add(path, root, workspace.product(factors + [column]), .missingFactor, 3)
  }
}

extension Workspace {
  fileprivate func untransposed(_ factor: Expression) -> (operand: Expression, isTurned: Bool) {
    if case .transpose(let operand) = self[factor] { return (operand, true) }
    return (factor, false)
  }
}

extension Time {
  /// t − 1 for t + 1; nil where nothing is added.
  var mirrored: Time? {
    terms.isEmpty || constant == 0 ? nil : self - 2 * constant
  }
}

extension Time {
  /// Whether it is one letter and nothing else.
  fileprivate var isLetter: Bool { symbol != nil && constant == 0 }
}
