import Expressions
import Notation

/// For which times a relation is claimed, as chains of inequalities: `0 ≤ k ≤ t ≤ T`.
package struct DomainText {
  /// A time variable or the number zero, from which the bounds by numbers are counted.
  private typealias Corner = TimeSymbol?

  /// `upper ≥ lower + gap`.
  private struct Bound {
    var lower: Corner
    var upper: Corner
    var gap: Int
  }

  private var bounds: [Bound] = []
  /// Conditions between more than two variables.
  private var others: [Time] = []
  private(set) var isEmpty = false

  /// - Parameter domain: each is ≥ 0.
  package init(_ domain: [Time]) {
    for time in domain {
      let positive = time.terms.filter { $0.coefficient == 1 }
      let negative = time.terms.filter { $0.coefficient == -1 }
      if time.terms.isEmpty {
        if time.constant < 0 { isEmpty = true }
      } else if positive.count + negative.count == time.terms.count, positive.count < 2,
        negative.count < 2
      {
        bounds.append(
          Bound(
            lower: negative.first?.symbol, upper: positive.first?.symbol, gap: -time.constant))
      } else if !others.contains(time) {
        others.append(time)
      }
    }
    dropWhatFollows()
  }

  /// The text; nil if every time is meant.
  package func text(in workspace: borrowing Workspace) -> String? {
    if isEmpty { return "never" }
    var parts: [String] = []
    var left = bounds
    while !left.isEmpty { parts.append(nextChain(&left, in: workspace)) }
    for time in others { parts.append(DomainText.inequality(time, in: workspace)) }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// The same in LaTeX.
  package func latex(in workspace: borrowing Workspace) -> String? {
    text(in: workspace).map { text in
      var words: [String] = []
      for word in text.split(separator: " ") {
        words.append(word == "≤" ? "\\le" : String(word))
      }
      return words.joined(separator: " ")
    }
  }

  /// Takes a longest run of bounds that can stand in one line.
  private func nextChain(_ left: inout [Bound], in workspace: borrowing Workspace) -> String {
    // A chain begins where nothing leads to: at a number, else at a variable without lower bound.
    let bounds = left
    let start =
      bounds.firstIndex { $0.lower == nil }
      ?? bounds.firstIndex { bound in !bounds.contains { $0.upper == bound.lower } } ?? 0
    var bound = left.remove(at: start)
    var text = DomainText.beginning(bound, in: workspace)
    while let upper = bound.upper {
      // Of several ways on, the one that leads farthest; a bound with an offset ends the line.
      let ways = left.indices.filter { left[$0].lower == upper }
      guard
        let next = ways.max(by: {
          DomainText.length(from: left[$0], left) < DomainText.length(from: left[$1], left)
        })
      else { break }
      let following = left[next]
      let isPlain = following.upper == nil || following.gap == 0 || following.gap == 1
      guard isPlain || following.gap < 0 else { break }
      bound = left.remove(at: next)
      text += DomainText.relation(bound, in: workspace)
      if !isPlain { break }
    }
    return text
  }

  private static func length(from bound: Bound, _ bounds: [Bound]) -> Int {
    guard let upper = bound.upper else { return 1 }
    var longest = 0
    let rest = bounds.filter { $0.lower != bound.lower }
    for next in rest where next.lower == upper {
      longest = max(longest, length(from: next, rest))
    }
    return longest + 1
  }

  /// A bound that begins a line: `0 ≤ k`, `k+2 ≤ t`.
  private static func beginning(_ bound: Bound, in workspace: borrowing Workspace) -> String {
    guard let lower = bound.lower else {
      guard let upper = bound.upper else { return "" }
      return "\(bound.gap) ≤ " + unicodeText(Time(upper), in: workspace)
    }
    let name = unicodeText(Time(lower), in: workspace)
    if bound.upper != nil, bound.gap > 1 {
      return name + "+\(bound.gap)" + relation(bound, in: workspace)
    }
    return name + relation(bound, in: workspace)
  }

  /// What follows the lower end: ` ≤ t`, ` < t`, ` ≤ t+2`.
  private static func relation(_ bound: Bound, in workspace: borrowing Workspace) -> String {
    guard let upper = bound.upper else { return " ≤ \(-bound.gap)" }
    let name = unicodeText(Time(upper), in: workspace)
    if bound.gap == 1 { return " < " + name }
    return " ≤ " + name + (bound.gap < 0 ? "+\(-bound.gap)" : "")
  }

  private static func inequality(_ time: Time, in workspace: borrowing Workspace) -> String {
    let positive = Time(
      terms: time.terms.filter { $0.coefficient > 0 }, constant: max(0, time.constant))
    let negative = Time(
      terms: time.terms.filter { $0.coefficient < 0 }, constant: min(0, time.constant))
    return unicodeText(negative.scaled(by: -1), in: workspace) + " ≤ "
      + unicodeText(positive, in: workspace)
  }

  /// Takes out every bound that the others imply.
  private mutating func dropWhatFollows() {
    var i = bounds.count - 1
    while i >= 0 {
      let bound = bounds[i]
      var rest = bounds
      rest.remove(at: i)
      if DomainText.implies(rest, bound) { bounds = rest }
      i -= 1
    }
  }

  /// Longest paths (Bellman and Ford): whether the bounds force the one given.
  private static func implies(_ bounds: [Bound], _ wanted: Bound) -> Bool {
    if wanted.lower == wanted.upper { return wanted.gap <= 0 }
    var known: [(corner: Corner, gap: Int)] = [(corner: wanted.lower, gap: 0)]
    for _ in 0...bounds.count {
      var isChanged = false
      for bound in bounds {
        guard let from = known.first(where: { $0.corner == bound.lower }) else { continue }
        let gap = from.gap + bound.gap
        if let at = known.firstIndex(where: { $0.corner == bound.upper }) {
          if known[at].gap < gap {
            known[at].gap = gap
            isChanged = true
          }
        } else {
          known.append((corner: bound.upper, gap: gap))
          isChanged = true
        }
      }
      if !isChanged { break }
    }
    return known.contains { $0.corner == wanted.upper && $0.gap >= wanted.gap }
  }
}
