import Documents
import Expressions

/// Where the steps of a model end.
extension Assembly {
  /// A recurrence that reads later steps ends before the state that is given: `s_{T+1}`.
  mutating func endBeforeGiven(in workspace: inout Workspace) {
    for (key, time) in page.given {
      guard let time, time.soleLetter != nil, let symbol = setting.table[key] else { continue }
      var elaborator = self.elaborator()
      let end = elaborator.time(time, in: &workspace)
      keep(elaborator)
      guard
        let i = setting.model.definitions.firstIndex(where: {
          $0.symbol == symbol && $0.time != nil && $0.through == nil
        }), let formal = setting.model.definitions[i].time
      else { continue }
      let own = workspace.variables(in: setting.model.definitions[i].body).filter {
        $0.symbol == symbol
      }
      guard !own.isEmpty,
        own.allSatisfy({ ($0.time.flatMap { ($0 - Time(formal)).literal } ?? 0) > 0 })
      else { continue }
      setting.model.definitions[i].through = end - 1
    }
  }
}

extension Setting {
  /// The steps over which the losses of a model are summed, if they are the same wherever one is.
  func lossRange(in workspace: borrowing Workspace) -> (from: Time, through: Time)? {
    var ranges: [(from: Time, through: Time)] = []
    for loss in model.definitions
    where loss.time == nil && loss.instance == nil && workspace[loss.symbol].shape.isScalar {
      workspace.visit(loss.body) { _, node in
        if case .timeSum(_, let from, let through, _) = node { ranges.append((from, through)) }
      }
    }
    guard let first = ranges.first, ranges.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  /// A loss of the last state, `L = \ell(h_T)`, ends recurrences for which no range is stated at that
  /// step; one that adds up steps, `L = \sum_{t=1}^T L_t`, has at least one to add.
  mutating func endWithLoss(in workspace: borrowing Workspace) {
    var ends: [Time] = []
    for loss in model.definitions
    where loss.time == nil && loss.instance == nil && workspace[loss.symbol].shape.isScalar {
      var lengths: [Time] = []
      workspace.visit(loss.body) { _, node in
        if case .timeSum(_, let from, let through, _) = node { lengths.append(through - from) }
      }
      for length in lengths where length.literal == nil && !model.domain.contains(length) {
        let free = workspace.freeTimes(in: loss.body)
        if length.terms.allSatisfy({ free.contains($0.symbol) }) { model.domain.append(length) }
      }
      guard lengths.isEmpty else { continue }
      let read = workspace.variables(in: loss.body).compactMap { read in
        model.definition(of: read.symbol)?.time == nil ? nil : read.time
      }
      if let last = read.first, last.symbol != nil, last.constant == 0,
        read.allSatisfy({ $0 == last }), !ends.contains(last)
      {
        ends.append(last)
      }
    }
    guard let end = ends.first, ends.count == 1 else { return }
    for i in model.definitions.indices
    where model.definitions[i].time != nil && model.definitions[i].through == nil {
      model.definitions[i].through = end
    }
  }
}
