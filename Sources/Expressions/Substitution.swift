/// Replacing times, labels and variables throughout an expression.
extension Workspace {
  /// Every free occurrence of `symbol` replaced by `time`. Bound variables are expected to be
  /// distinct from the symbols of `time` (every binder has its own).
  package mutating func substituting(
    _ symbol: TimeSymbol, by time: Time, in root: Expression
  ) -> Expression {
    mappingTimes(root, bound: symbol) { $0.substituting(symbol, by: time) }
  }

  /// Every time replaced; binders of `bound` are left alone with all that is below them.
  package mutating func mappingTimes(
    _ root: Expression, bound: TimeSymbol? = nil, _ change: (Time) -> Time
  ) -> Expression {
    var done: [Expression: Expression] = [:]
    return mapTimes(root, bound, &done, change)
  }

  private mutating func mapTimes(
    _ root: Expression, _ bound: TimeSymbol?, _ done: inout [Expression: Expression],
    _ change: (Time) -> Time
  ) -> Expression {
    if let known = done[root] { return known }
    let node = self[root]
    let result: Expression
    switch node {
    case .timeSum(let symbol, let from, let through, let body) where symbol == bound:
      result = expression(.timeSum(symbol, from: change(from), through: change(through), body))
    case .timeProduct(let symbol, let from, let through, let body, let order)
    where symbol == bound:
      result = expression(
        .timeProduct(symbol, from: change(from), through: change(through), body, order))
    case .pathProduct(var path) where path.step == bound:
      path.lower = change(path.lower)
      path.upper = change(path.upper)
      result = expression(.pathProduct(path))
    default:
      var new: [Expression] = []
      for child in node.children { new.append(mapTimes(child, bound, &done, change)) }
      result = expression(node.mappingOwnTimes(change).replacingChildren(new))
    }
    done[root] = result
    return result
  }

  /// Every label replaced by what `change` gives; binders are expected to be distinct.
  package mutating func substituting(
    _ label: IndexSymbol, by index: Index, in root: Expression
  ) -> Expression {
    rewriting(root) { workspace, expression in
      func change(_ old: Index) -> Index { old == .label(label) ? index : old }
      switch workspace[expression] {
      case .unitVector(let old, let dimension) where old == .label(label):
        return workspace.expression(.unitVector(index, dimension))
      case .delta(let a, let b): return workspace.expression(.delta(change(a), change(b)))
      case .entry(let operand, let indices) where indices.contains(.label(label)):
        return workspace.expression(.entry(operand, indices.map(change)))
      default: return nil
      }
    }
  }

  /// All occurrences of one expression replaced by another.
  package mutating func replacing(
    _ old: Expression, by new: Expression, in root: Expression
  ) -> Expression {
    rewriting(root) { _, expression in expression == old ? new : nil }
  }

  /// The distinct variables that occur, in the order of their first visit.
  package func variables(in root: Expression) -> [Variable] {
    var found: [Variable] = []
    visit(root) { _, node in
      if case .variable(let variable) = node, !found.contains(variable) { found.append(variable) }
    }
    return found
  }

  /// The time variables that occur free, in the order of their first visit.
  package func freeTimes(in root: Expression) -> [TimeSymbol] {
    var found: [TimeSymbol] = []
    var seen: Set<Expression> = []
    collectFreeTimes(root, [], &found, &seen)
    return found
  }

  /// - Parameter seen: what was visited below the same binders.
  private func collectFreeTimes(
    _ root: Expression, _ bound: [TimeSymbol], _ found: inout [TimeSymbol],
    _ seen: inout Set<Expression>
  ) {
    if !seen.insert(root).inserted { return }
    let node = self[root]
    for time in node.ownTimes {
      for term in time.terms where !bound.contains(term.symbol) && !found.contains(term.symbol) {
        found.append(term.symbol)
      }
    }
    var inner = bound
    switch node {
    case .timeSum(let symbol, _, _, _), .timeProduct(let symbol, _, _, _, _):
      inner.append(symbol)
    case .pathProduct(let path): inner.append(path.step)
    default: break
    }
    if inner.count == bound.count {
      for child in node.children { collectFreeTimes(child, bound, &found, &seen) }
    } else {
      var below: Set<Expression> = []
      for child in node.children { collectFreeTimes(child, inner, &found, &below) }
    }
  }
}

extension Node {
  /// The times that stand in this node itself, not in its children.
  package var ownTimes: [Time] {
    switch self {
    case .variable(let variable):
      return [variable.time, variable.copy].compactMap { $0 }
    case .timeValue(let time): return [time]
    case .timeSum(_, let from, let through, _), .timeProduct(_, let from, let through, _, _):
      return [from, through]
    case .iverson(let conditions): return conditions
    case .pathProduct(let path): return [path.lower, path.upper]
    case .opaque(_, let time, _), .opaquePartial(_, let time, _, _):
      return [time].compactMap { $0 }
    default: return []
    }
  }

  /// The indices that stand in this node itself, not in its children.
  package var ownIndices: [Index] {
    switch self {
    case .entry(_, let indices): return indices
    case .delta(let a, let b): return [a, b]
    case .unitVector(let index, _): return [index]
    default: return []
    }
  }

  func mappingOwnTimes(_ change: (Time) -> Time) -> Node {
    switch self {
    case .variable(let variable):
      return .variable(
        Variable(variable.symbol, at: variable.time.map(change), copy: variable.copy.map(change)))
    case .timeValue(let time): return .timeValue(change(time))
    case .timeSum(let symbol, let from, let through, let body):
      return .timeSum(symbol, from: change(from), through: change(through), body)
    case .timeProduct(let symbol, let from, let through, let body, let order):
      return .timeProduct(symbol, from: change(from), through: change(through), body, order)
    case .iverson(let conditions): return .iverson(conditions.map(change))
    case .pathProduct(var path):
      path.lower = change(path.lower)
      path.upper = change(path.upper)
      return .pathProduct(path)
    case .opaque(let function, let time, let arguments):
      return .opaque(function, at: time.map(change), arguments)
    case .opaquePartial(let function, let time, let slots, let arguments):
      return .opaquePartial(function, at: time.map(change), slots: slots, arguments)
    default: return self
    }
  }
}
