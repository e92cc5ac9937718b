import Documents
import Notation

/// What the quotients that a page writes tell of nodes that it never defines.
extension Page {
  /// Whether a statement takes derivatives of a name by one that nothing computes and no step
  /// counts, and does not say that they vanish.
  func differentiatesByParameter(_ key: NameKey, at statement: Int) -> Bool {
    guard statements.indices.contains(statement) else { return false }
    let sides = [statements[statement].left, statements[statement].right]
    if sides.contains(where: { $0.kind == .number("0") }) { return false }
    return derivatives.contains { derivative in
      derivative.statement == statement && derivative.numerator == key
        && !derivative.denominator.isFamily
        && !definitions.contains { $0.key == derivative.denominator }
    }
  }

  /// Whether a statement takes derivatives of a family by another of its steps, and does not say that
  /// they vanish.
  func differentiatesByItself(_ key: NameKey, at statement: Int) -> Bool {
    guard key.isFamily, statements.indices.contains(statement) else { return false }
    let sides = [statements[statement].left, statements[statement].right]
    if sides.contains(where: { $0.kind == .number("0") }) { return false }
    return derivatives.contains {
      $0.statement == statement && $0.numerator == key && $0.denominator == key
    }
  }

  /// The names by which the page differentiates an undefined one.
  func differentiatedBy(_ key: NameKey) -> [NameKey] {
    var names: [NameKey] = []
    for derivative in derivatives
    where derivative.numerator == key && !names.contains(derivative.denominator) {
      names.append(derivative.denominator)
    }
    return names
  }

  /// What an undefined node reads, as far as quotients tell: what the page differentiates it by, how
  /// many steps earlier, unless other quotients lead there one after the other. A family that reads
  /// no other goes on from its own step before.
  /// - Parameter isKnown: whether a node may stand there, defined or not.
  func readings(
    ofUndefined key: NameKey, _ isKnown: (NameKey) -> Bool
  ) -> [(key: NameKey, steps: Int)] {
    let links = quotients(of: key).filter { isKnown($0.key) && !returns($0, to: key) }
    var found = links.filter { link in
      !links.contains { way in
        way != link && way.key != key && leads(from: way, to: link, visited: [key])
      }
    }.map { (key: $0.key, steps: $0.steps) }
    if key.isFamily, goesOn(key) || !found.contains(where: { $0.key.isFamily }) {
      found.insert((key, 1), at: 0)
    }
    return found
  }

  /// Whether nobody can tell which of two nodes is computed from the other, as each is differentiated by it.
  func isCircular(_ key: NameKey) -> Bool {
    quotients(of: key).contains { returns($0, to: key) }
  }

  /// Whether the page differentiates an undefined family by its own earlier steps, and also names
  /// another way from one to the next: nobody can tell whether the one is part of the other, unless a
  /// sum writes the two side by side.
  func hasTwoWays(_ key: NameKey) -> Bool {
    guard goesOn(key), !parallelWays.contains(key) else { return false }
    let back = WrittenLink(key: key, steps: 1)
    return quotients(of: key).contains { leads(from: $0, to: back, visited: []) }
  }

  /// Whether quotients lead from what a node is differentiated by back to the node itself.
  private func returns(_ link: WrittenLink, to key: NameKey) -> Bool {
    leads(from: link, to: WrittenLink(key: key, steps: 0), visited: [])
  }

  private func goesOn(_ key: NameKey) -> Bool {
    derivatives.contains { $0.numerator == key && $0.denominator == key && $0.steps != 0 }
  }

  /// The other names by which the page differentiates a name, each at its nearest step; of steps that
  /// stand in no fixed relation nothing is known.
  private func quotients(of key: NameKey) -> [WrittenLink] {
    var links: [WrittenLink] = []
    for derivative in derivatives
    where derivative.numerator == key && derivative.denominator != key {
      guard !(key.isFamily && derivative.denominator.isFamily) || derivative.steps != nil,
        case let steps = derivative.steps ?? 0, steps >= 0
      else { continue }
      if let i = links.firstIndex(where: { $0.key == derivative.denominator }) {
        links[i].steps = min(links[i].steps, steps)
      } else {
        links.append(WrittenLink(key: derivative.denominator, steps: steps))
      }
    }
    return links
  }

  /// Whether quotients lead from one node to another.
  private func leads(
    from way: WrittenLink, to goal: WrittenLink, visited: [NameKey]
  ) -> Bool {
    if way.steps > goal.steps && goal.key.isFamily || visited.contains(way.key) { return false }
    return quotients(of: way.key).contains { link in
      let next = WrittenLink(key: link.key, steps: way.steps + link.steps)
      if next.key == goal.key, !goal.key.isFamily || next.steps <= goal.steps { return true }
      return leads(from: next, to: goal, visited: visited + [way.key])
    }
  }
}

/// A node so many steps earlier.
private struct WrittenLink: Equatable {
  var key: NameKey
  var steps: Int
}
