import Expressions
import Notation

/// Equations that say what follows from the equations above: closed forms, equations solved for a
/// name that they read. Whoever writes one claims it, below a heading as well.
extension PageReader {
  /// - Parameters:
  ///   - key: the name on the left side.
  ///   - body: the right side, by names alone.
  func solves(
    _ variable: Variable, _ key: NameKey, _ rightKeys: [NameKey], _ body: Expression, _ cue: Cue?,
    in workspace: borrowing Workspace
  ) -> Bool {
    guard let time = variable.time else { return false }
    let own = workspace.variables(in: body).filter { $0.symbol == variable.symbol }
    if let first = time.literal {
      return isStepped(key)
        && own.contains { $0.time.map { $0.literal.map { $0 > first } ?? true } ?? false }
    }
    if cue == .claim, isSolvedFor(variable, key, rightKeys, body, in: workspace) { return true }
    guard cue == nil || cue == .claim, let letter = time.symbol, followsFromAbove(key, rightKeys)
    else { return false }
    let isStep = own.contains { ($0.time?.coefficient(of: letter) ?? 0) != 0 }
    return cue == .claim
      || !isStep
        && (own.contains { $0.time?.literal != nil } || workspace.counts(letter, in: body))
  }

  /// `h_2` where an equation computes any h_t from the step before.
  func isStepOfRecurrence(_ key: NameKey?, _ variable: Variable?) -> Bool {
    guard let key, let step = variable?.time?.literal else { return false }
    return step > 0 && isStepped(key)
  }

  /// Whether an equation for any step reads the step before.
  private func isStepped(_ key: NameKey) -> Bool {
    page.definitions.contains {
      $0.key == key && $0.time?.isLiteral == false && $0.names.contains(key)
    }
  }

  /// Whether a recurrence of a section above, of which this section computes nothing anew, reads all
  /// that the right side does.
  private func followsFromAbove(_ key: NameKey, _ rightKeys: [NameKey]) -> Bool {
    guard
      let last = page.definitions.last(where: { $0.key == key && $0.time?.isLiteral == false }),
      last.statement >= 0, last.section < boundary, last.names.contains(key),
      !redeclared.contains(key)
    else { return false }
    let reach = upstream(of: [key])
    return reach.isSuperset(of: rightKeys)
      && !page.definitions.contains {
        $0.section == boundary && reach.contains($0.key) && $0.time?.isLiteral != true
      }
  }

  /// `g_t = (c_t - f_t c_{t-1}) / i_t` where the last equation for c_t computes it from g_t.
  private func isSolvedFor(
    _ variable: Variable, _ key: NameKey, _ rightKeys: [NameKey], _ body: Expression,
    in workspace: borrowing Workspace
  ) -> Bool {
    let read = workspace.variables(in: body)
    return rightKeys.contains { name in
      guard name != key, let other = page.definitions.last(where: { $0.key == name }),
        let left = other.spelledLeft, let right = other.spelledRight,
        case .variable(let computed) = workspace[left]
      else { return false }
      return read.contains(computed) && workspace.variables(in: right).contains(variable)
    }
  }
}

extension Workspace {
  /// Whether a step stands as a number or as a bound: `a^t`, `\sum_{k=1}^t`.
  fileprivate func counts(_ letter: TimeSymbol, in root: Expression) -> Bool {
    func holds(_ time: Time) -> Bool { time.coefficient(of: letter) != 0 }
    var found = false
    visit(root) { _, node in
      switch node {
      case .timeValue(let time): found = found || holds(time)
      case .timeSum(_, let from, let through, _), .timeProduct(_, let from, let through, _, _):
        found = found || holds(from) || holds(through)
      default: break
      }
    }
    return found
  }
}
