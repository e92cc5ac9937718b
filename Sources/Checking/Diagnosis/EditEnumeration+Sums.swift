import Expressions
import Notation

/// Changes of sums over steps beyond a bound that is one off.
extension EditEnumeration {
  /// An end that is another time: a sum that was cut short.
  mutating func farBoundEdits(
    _ root: Expression, _ path: Path, _ step: TimeSymbol, _ from: Time, _ through: Time,
    _ body: Expression, in workspace: inout Workspace
  ) {
    var starts: [Time] = []
    for definition in setting.model.definitions where definition.time != nil {
      if let first = definition.from, !starts.contains(first) { starts.append(first) }
    }
    for start in [Time(0), Time(1)] where !starts.contains(start) { starts.append(start) }
    for start in starts where from != start {
      add(
        path, root,
        workspace.expression(.timeSum(step, from: start, through: through, body)),
        nil, 2, fine: 5)
    }
  }

  /// `\sum_k \frac{\partial L}{\partial h_k} B_k` for
  /// `\sum_t \sum_{k \le t} \frac{\partial L}{\partial h_t} \frac{\partial h_t}{\partial h_k} B_k`:
  /// a derivative of the whole loss holds already what the later steps add to it.
  mutating func accumulatedEdits(
    _ root: Expression, _ path: Path, _ step: TimeSymbol, _ from: Time, _ through: Time,
    _ body: Expression, in workspace: inout Workspace
  ) {
    guard case .timeSum(let inner, let low, let high, let summand) = workspace[body],
      high == Time(step), case .product(var factors) = workspace[summand]
    else { return }
    for i in factors.indices.dropLast() {
      for (gradient, link) in [(i, i + 1), (i + 1, i)] {
        guard case .derivative(let loss, let node, let intervention) = workspace[factors[gradient]],
          case .derivative(node, let source, _) = workspace[factors[link]],
          case .variable(let late) = workspace[node], late.time == Time(step),
          case .variable(let early) = workspace[source],
          early.symbol == late.symbol, early.time == Time(inner),
          !workspace.freeTimes(in: loss).contains(step)
        else { continue }
        factors[gradient] = workspace.expression(
          .derivative(of: loss, by: source, intervention))
        factors.remove(at: link)
        let new = workspace.product(factors)
        if workspace.freeTimes(in: new).contains(step) { return }
        for start in [low, from] {
          add(
            path, root, workspace.expression(.timeSum(inner, from: start, through: through, new)),
            .doubledTerm, 3, fine: start == low ? 0 : 1)
        }
        return
      }
    }
  }
}
