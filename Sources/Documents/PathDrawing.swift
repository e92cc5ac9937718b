import Expressions
import Notation

/// Paths that are drawn with arrows between names and stacks of alternatives, `h_2 \to
/// \begin{cases} o_2 \to h_1 \\ c_2 \to c_1 \end{cases}`: which quantity stands next to which.
struct PathDrawing {
  private(set) var nodes: [Formula] = []
  /// By the nodes' numbers.
  private(set) var arrows: [(from: Int, to: Int)] = []

  init(_ left: Formula, _ members: [Formula.RelationMember]) { _ = read(left, members) }

  /// The first arrows that lead from a node at its step back to it.
  var circle: [Formula]? {
    for start in nodes.indices where nodes[start].isAtStep {
      var trails = [[start]]
      var seen: [Int] = []
      while let trail = trails.first {
        trails.removeFirst()
        for arrow in arrows where arrow.from == trail[trail.count - 1] {
          if arrow.to == start { return (trail + [start]).map { nodes[$0] } }
          guard nodes[arrow.to].isAtStep, !seen.contains(arrow.to) else { continue }
          seen.append(arrow.to)
          trails.append(trail + [arrow.to])
        }
      }
    }
    return nil
  }

  /// Where the arrows lead that leave a node.
  func targets(of node: Formula) -> [Formula] {
    arrows.filter { nodes[$0.from].spelled == node.spelled }.map { nodes[$0.to] }
  }

  // MARK: Reading

  /// - Returns: with which nodes a part begins, and with which it ends.
  private mutating func read(
    _ left: Formula, _ members: [Formula.RelationMember]
  ) -> (first: [Int], last: [Int]) {
    let start = read(left)
    var last = start.last
    for member in members {
      let next = read(member.formula)
      if member.sign == .arrow {
        for from in last {
          // Where a stack ends with what follows it, the two are one.
          for to in next.first where from != to { arrows.append((from, to)) }
        }
      }
      last = next.last
    }
    return (start.first, last)
  }

  private mutating func read(_ part: Formula) -> (first: [Int], last: [Int]) {
    switch part.kind {
    case .relations(let left, let members): return read(left, members)
    case .fenced(_, let inner): return read(inner)
    case .matrix(_, let rows):
      var ends: (first: [Int], last: [Int]) = ([], [])
      for cell in rows.joined() {
        let row = read(cell)
        ends.first += row.first.filter { !ends.first.contains($0) }
        ends.last += row.last.filter { !ends.last.contains($0) }
      }
      return ends
    default:
      guard part.scriptedBase != nil else { return ([], []) }
      if let known = nodes.firstIndex(where: { $0.spelled == part.spelled }) {
        return ([known], [known])
      }
      nodes.append(part)
      return ([nodes.count - 1], [nodes.count - 1])
    }
  }
}

/// Arrows that come back to where they began.
package struct DrawnCircle: Sendable {
  /// As they are written; the first is the last as well.
  package var nodes: [String]
  /// Another target, of the same family as the last, that the drawing gives the node before it.
  package var alternative: String?
  var keys: [NameKey]
}

extension PageReader {
  /// Notes a circle in what a chain of arrows draws, with the statement that shows it.
  mutating func noteCircle(
    _ left: Formula, _ members: [Formula.RelationMember], _ text: FormulaText,
    _ statements: Range<Int>, in workspace: inout Workspace
  ) {
    guard members.contains(where: { $0.sign == .arrow }), let last = statements.last else { return }
    let drawing = PathDrawing(left, members)
    guard let nodes = drawing.circle, let end = nodes.last else { return }
    var keys: [NameKey] = []
    for node in nodes {
      guard let key = name(of: node, in: &workspace)?.key else { return }
      keys.append(key)
    }
    func written(_ node: Formula) -> String {
      String(decoding: text.text[node.span.start..<node.span.end], as: UTF8.self)
    }
    let others = drawing.targets(of: nodes[nodes.count - 2]).filter {
      $0.scriptedBase == end.scriptedBase && $0.spelled != end.spelled
    }
    let place = statements.first { page.statements[$0].problem != nil } ?? last
    page.statements[place].circle = DrawnCircle(
      nodes: nodes.map(written), alternative: others.first.map(written), keys: keys)
  }

  /// Only of what the page computes or differentiates a circle says something false: states of other
  /// kinds may come back.
  mutating func settleCircles() {
    for i in page.statements.indices {
      guard let circle = page.statements[i].circle else { continue }
      let areComputed = circle.keys.allSatisfy { key in
        page.definitions.contains { $0.key == key }
          || page.derivatives.contains { $0.numerator == key || $0.denominator == key }
      }
      if areComputed {
        page.statements[i].role = .claim
      } else {
        page.statements[i].circle = nil
      }
    }
  }
}

extension Formula {
  /// `h_2`, `h_{t-1}`, `h^{(2)}`
  fileprivate var isAtStep: Bool {
    guard case .scripts(_, let below, let above, 0) = kind else { return false }
    return below.map { AffineLetters($0) != nil } ?? above?.isParenthesised ?? false
  }
}
