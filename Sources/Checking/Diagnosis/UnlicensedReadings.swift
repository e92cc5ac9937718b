import Documents
import Expressions

extension Workspace {
  /// `h_0`, `h_{-1}`.
  fileprivate func given(_ symbol: Symbol, at time: Int) -> String {
    let script = (0...9).contains(time) ? "\(time)" : "{\(time)}"
    return self[symbol].name + "_" + script
  }
}

extension ReadingOptions {
  /// Readings that nothing licenses, with what each would say.
  func unlicensed(
    _ claim: Claim, in workspace: borrowing Workspace
  ) -> [(Option, Message)] {
    var options: [(Option, Message)] = []
    let setting = theory[claim.setting]
    var starts: [Int] = []
    var parameter: Symbol?
    for side in [claim.left.expression, claim.right.expression] {
      workspace.visit(side) { _, node in
        if case .timeSum(_, let from, _, _) = node, let literal = from.literal,
          !starts.contains(literal)
        {
          starts.append(literal)
        }
      }
      for derivative in workspace.derivatives(in: side) {
        if case .variable(let variable) = workspace[derivative.by], variable.time == nil {
          parameter = parameter ?? variable.symbol
        }
      }
    }
    let state = setting.model.definitions.first { setting.isState($0.symbol) && $0.time != nil }
    if let state, let parameter, setting.model.reads(parameter, onlyFor: state, in: workspace) {
      for start in starts.sorted() where state.from != Time(start) {
        let given = workspace.given(state.symbol, at: start - 1)
        options.append(
          (
            Option(reading: .initialState, apply: .restart(start)),
            Message([
              .token(given), .words(" does not depend on "),
              .token(workspace[parameter].name),
            ])
          ))
      }
    }
    for side in [claim.left.expression, claim.right.expression] {
      guard case .derivative(let a, let b, let intervention) = workspace[side],
        intervention.mode == .total, workspace.namedVariable(of: a)?.time != nil,
        let below = workspace.namedVariable(of: b), below.time == nil,
        !setting.model.computes(below.symbol)
      else { continue }
      options.append(
        (
          Option(
            reading: .immediate,
            apply: .immediateRepeated(side, inRight: side == claim.right.expression)),
          Message([.words("the states of earlier steps are held constant")])
        ))
    }
    let held = setting.model.definitions.filter {
      $0.time != nil && !setting.opaque.contains($0.symbol)
    }.map { $0.symbol }
    for side in [claim.left.expression, claim.right.expression] {
      guard case .derivative(let a, let b, _) = workspace[side],
        case .variable(let numerator) = workspace[a],
        case .variable(let denominator) = workspace[b],
        numerator.symbol == denominator.symbol, denominator.time != nil
      else { continue }
      let others = held.filter { $0 != numerator.symbol }
      if others.isEmpty { continue }
      var parts: [Message.Part] = []
      for (i, other) in others.enumerated() {
        if i > 0 { parts.append(.words(i == others.count - 1 ? " and " : ", ")) }
        parts.append(.token(workspace[other].name))
      }
      parts.append(.words(others.count == 1 ? " is held constant" : " are held constant"))
      options.append(
        (Option(reading: .held, apply: .heldEverywhere(others)), Message(parts)))
    }
    return options
  }
}

extension Model {
  /// Whether a parameter is read by nothing but what a recurrence is computed from.
  fileprivate func reads(
    _ parameter: Symbol, onlyFor state: Definition, in workspace: borrowing Workspace
  ) -> Bool {
    var upstream = [state.symbol]
    var next = 0
    while next < upstream.count {
      for own in definitions where own.symbol == upstream[next] {
        for variable in workspace.variables(in: own.body)
        where computes(variable.symbol) && !upstream.contains(variable.symbol) {
          upstream.append(variable.symbol)
        }
      }
      next += 1
    }
    return definitions.allSatisfy { own in
      upstream.contains(own.symbol)
        || !workspace.variables(in: own.body).contains { $0.symbol == parameter }
    }
  }
}
