import Documents
import Expressions

/// What is said of one entry is mended as such: `2 X_{ij}`, not `2 (X_{ij})_{ij}`.
extension Workspace {
  /// A side as the entry that it has in the place of another; nil where that cannot be written.
  ///
  /// - Parameter letters: those of the labels that the line itself writes; the others count the entries of a side that
  ///   is written as a whole.
  mutating func entrywise(
    _ side: Expression, like base: Expression, writing letters: [IndexSymbol]
  ) -> Expression? {
    guard !letters.isEmpty, side != base, case .tabulate(let labels, let old) = self[base] else {
      return side
    }
    var body = entry(of: side, at: labels.map { .label($0) })
    let axes = labels.filter { !letters.contains($0) }
    if !axes.isEmpty, isEntry(old, at: axes) {
      guard let whole = whole(body, of: axes) else { return nil }
      body = expression(.entry(whole, axes.map { .label($0) }))
    }
    return expression(.tabulate(labels, body))
  }

  /// What a table tabulates, without the letters of the entries of a whole side.
  func tabulated(_ root: Expression, writing letters: [IndexSymbol]) -> Expression {
    guard !letters.isEmpty, case .tabulate(let labels, let body) = self[root] else { return root }
    let axes = labels.filter { !letters.contains($0) }
    if !axes.isEmpty, case .entry(let whole, let indices) = self[body],
      indices == axes.map({ .label($0) })
    {
      return whole
    }
    return body
  }

  private func isEntry(_ root: Expression, at axes: [IndexSymbol]) -> Bool {
    guard case .entry(_, let indices) = self[root] else { return false }
    return indices == axes.map { .label($0) }
  }

  /// X if the entry is that of X at the letters.
  private mutating func whole(_ root: Expression, of axes: [IndexSymbol]) -> Expression? {
    let places = axes.map { Index.label($0) }
    switch self[root] {
    case .entry(let whole, let indices):
      if indices == places { return whole }
      return axes.count == 2 && indices == places.reversed() ? turned(whole) : nil
    case .negative(let operand):
      return whole(operand, of: axes).map { expression(.negative($0)) }
    case .sum(let terms):
      var new: [Expression] = []
      for term in terms {
        guard let whole = whole(term, of: axes) else { return nil }
        new.append(whole)
      }
      return expression(.sum(new))
    case .product(var factors):
      guard let place = factors.lastIndex(where: { mentions(axes, in: $0) }),
        !factors[..<place].contains(where: { mentions(axes, in: $0) }),
        let whole = whole(factors[place], of: axes)
      else { return nil }
      factors.replaceSubrange(place...place, with: self.factors(of: whole))
      return product(factors)
    default: return nil
    }
  }

  private func mentions(_ axes: [IndexSymbol], in root: Expression) -> Bool {
    contains(root) { node in
      node.ownIndices.contains { index in axes.contains { index == .label($0) } }
    }
  }

  /// The entry of an expression at a place.
  mutating func entry(of root: Expression, at places: [Index]) -> Expression {
    if (try? shape(of: root))?.isScalar == true { return root }
    switch self[root] {
    case .number, .decimal, .timeValue, .dimensionValue: return root
    case .ones: return number(1)
    case .identity where places.count == 2: return expression(.delta(places[0], places[1]))
    case .tabulate(let labels, let body) where labels.count == places.count:
      return relabelling(body, labels, by: places)
    case .negative(let operand): return expression(.negative(entry(of: operand, at: places)))
    case .sum(let terms):
      var new: [Expression] = []
      for term in terms { new.append(entry(of: term, at: places)) }
      return expression(.sum(new))
    case .transpose(let operand) where places.count == 2:
      return entry(of: operand, at: places.reversed())
    case .transpose(let operand): return entry(of: operand, at: places)
    case .hadamard(let factors):
      var new: [Expression] = []
      for factor in factors { new += self.factors(of: entry(of: factor, at: places)) }
      return new.count == 2 && new[0] == new[1] ? squared(new[0]) : product(new)
    case .apply(let function, let derivative, let argument):
      return expression(
        .apply(function, derivative: derivative, entry(of: argument, at: places)))
    case .tensorFunction(.diag, let inner) where places.count == 2:
      return product([
        entry(of: inner, at: [places[0]]), expression(.delta(places[0], places[1])),
      ])
    case .quotient(let above, let below) where (try? shape(of: below))?.isScalar == true:
      return expression(.quotient(entry(of: above, at: places), below))
    case .product(let factors): return entry(ofProduct: factors, at: places)
    default: return expression(.entry(root, places))
    }
  }

  private mutating func entry(ofProduct factors: [Expression], at places: [Index]) -> Expression {
    let numbers = factors.filter { (try? shape(of: $0))?.isScalar == true }
    let others = factors.filter { !numbers.contains($0) }
    func gathered(_ parts: [Expression]) -> Expression {
      product(numbers + parts.flatMap { self.factors(of: $0) })
    }
    if others.count == 1 { return gathered([entry(of: others[0], at: places)]) }
    guard others.count == 2, let first = places.first, let last = places.last else {
      return expression(.entry(product(factors), places))
    }
    if case .tensorFunction(.diag, let inner) = self[others[0]] {
      let (slope, rest) = (entry(of: inner, at: [first]), entry(of: others[1], at: places))
      return gathered([slope, rest])
    }
    if case .tensorFunction(.diag, let inner) = self[others[1]] {
      let (rest, slope) = (entry(of: others[0], at: places), entry(of: inner, at: [last]))
      return gathered([rest, slope])
    }
    if case .transpose(let row) = self[others[1]], places.count == 2,
      (try? shape(of: row))?.isVector == true, (try? shape(of: others[0]))?.isVector == true
    {
      let (above, beside) = (entry(of: others[0], at: [first]), entry(of: row, at: [last]))
      return gathered([above, beside])
    }
    return expression(.entry(product(factors), places))
  }

  /// Several letters replaced at once.
  private mutating func relabelling(
    _ root: Expression, _ labels: [IndexSymbol], by places: [Index]
  ) -> Expression {
    if places == labels.map({ .label($0) }) { return root }
    func other(_ index: Index) -> Index {
      labels.firstIndex { index == .label($0) }.map { places[$0] } ?? index
    }
    return rewriting(root) { workspace, expression in
      switch workspace[expression] {
      case .entry(let tensor, let indices):
        return workspace.expression(.entry(tensor, indices.map(other)))
      case .delta(let i, let j): return workspace.expression(.delta(other(i), other(j)))
      case .unitVector(let i, let size): return workspace.expression(.unitVector(other(i), size))
      default: return nil
      }
    }
  }
}
