import Expressions
import Notation

/// Formulas that state a layout.
extension PageReader {
  /// `(∂y/∂x)_{ij} = ∂y_i/∂x_j` states the numerator layout, with i and j swapped the other. For a
  /// scalar by a matrix, `∂f/∂X_{ij}` says only that the shape is the matrix's, which it is in
  /// every layout, and `∂f/∂X_{ji}` that it is its transpose's.
  func convention(_ formula: Formula) -> Convention? {
    for relation in Lexicon.relationsIn(formula) {
      guard case .relations(let left, let members) = relation.kind, let member = members.first,
        case .scripts(_, let below?, _, _) = left.kind,
        case .fraction(let above, let under) = member.formula.kind
      else { continue }
      let order = Lexicon.letters(of: below).compactMap { $0.identifier?.name }
      if let layout = layout(order: order, above, under) { return Convention(layout: layout) }
      let (top, bottom) = (subscripts(above), subscripts(under))
      if order.count == 2, order[0] != order[1], top.isEmpty, isPlaceholder(above) {
        if bottom == order { return Convention(layout: nil) }
        if bottom == order.reversed() { return Convention(layout: .transposed) }
      }
    }
    return nil
  }

  /// The layout in which an entry stands in the row and the column of these letters.
  func layout(order: [String], _ above: Formula, _ below: Formula) -> Layout? {
    let (top, bottom) = (subscripts(above), subscripts(below))
    guard order.count == 2, top.count == 1, bottom.count == 1 else { return nil }
    return order == [top[0], bottom[0]] ? .numerator : .denominator
  }

  /// The letters below the names in a formula.
  private func subscripts(_ part: Formula) -> [String] {
    var found: [String] = []
    part.visit { inner in
      if case .scripts(_, let script?, _, _) = inner.kind {
        found += Lexicon.letters(of: script).compactMap { $0.identifier?.name }
      }
    }
    return found
  }

  struct Convention {
    var layout: Layout?
  }

  /// ∂f of a name that the page says nothing else of: it stands for any scalar.
  private func isPlaceholder(_ above: Formula) -> Bool {
    guard let head = Elaborator.partialHead(above), head.rest.count == 1,
      let name = head.rest[0].identifier
    else { return false }
    return !parsed.contains { part in
      Lexicon.relationsIn(part.formula).contains { relation in
        guard case .relations(let left, _) = relation.kind else { return false }
        return left.identifier == name
      }
    }
  }
}
