import Expressions

/// Whether a node reads what comes before it, after it, or both.
enum Direction: Hashable {
  case past, future, both

  /// - Parameter span: by how many steps at least and at most what is read comes later; nil where
  ///   that has no bound.
  fileprivate init?(_ span: (least: Int?, most: Int?)) {
    if span.least == 0, span.most == 0 { return nil }
    if let most = span.most, most <= 0 {
      self = .past
    } else if let least = span.least, least >= 0 {
      self = .future
    } else {
      self = .both
    }
  }
}

extension Model {
  /// In which direction of time the equations lead from one family to another; where none lead
  /// there, to the past.
  func direction(
    from reader: Symbol, to read: Symbol, in workspace: borrowing Workspace
  ) -> Direction {
    /// A family that was reached, and in which direction; nil at the same step.
    struct Place: Hashable {
      var symbol: Symbol
      var direction: Direction?
    }
    var seen = [Place(symbol: reader)]
    var next = 0
    while next < seen.count {
      let place = seen[next]
      next += 1
      for definition in definitions where definition.symbol == place.symbol {
        for variable in workspace.variables(in: definition.body) {
          let step = Direction(definition.span(of: variable, in: workspace))
          let whole = [place.direction, step].compactMap { $0 }
          let direction = whole.first.map { $0 == whole.last ? $0 : .both }
          let found = Place(symbol: variable.symbol, direction: direction)
          if !seen.contains(found) { seen.append(found) }
        }
      }
    }
    let ways = seen.dropFirst().filter { $0.symbol == read }.map { $0.direction }
    if ways.contains(.both) || ways.contains(.past) && ways.contains(.future) { return .both }
    return ways.contains(.future) ? .future : .past
  }
}

extension Definition {
  /// By how many steps at least and at most a node that is read comes later than the one defined.
  fileprivate func span(
    of variable: Variable, in workspace: borrowing Workspace
  ) -> (least: Int?, most: Int?) {
    guard let own = time.map({ Time($0) }) ?? instance, let read = variable.time else {
      return (nil, nil)
    }
    // The first steps come before all others.
    if read.literal != nil, time != nil { return (nil, 0) }
    var (first, last): (Time, Time) = (read, read)
    workspace.visit(body) { _, node in
      switch node {
      case .timeSum(let step, let from, let through, _),
        .timeProduct(let step, let from, let through, _, _):
        if read.symbol == step {
          first = from + read.constant
          last = through + read.constant
        }
      default: break
      }
    }
    return ((first - own).literal, (last - own).literal)
  }
}
