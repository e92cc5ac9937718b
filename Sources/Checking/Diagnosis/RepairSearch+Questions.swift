import Documents
import Expressions
import Notation

/// Lines that answer another question than they ask: about the loss of one step, about another step.
extension RepairSearch {
  /// The loss of one step asked for instead of the loss of all, where the other side speaks of that
  /// step alone.
  func questionEdits(
    _ base: Variant, _ setting: Setting, _ symbols: [Symbol], in workspace: inout Workspace
  ) -> [Edit] {
    guard case .derivative(let above, let below, let intervention) = workspace[base.left],
      case .variable(let asked) = workspace[above], workspace[asked.symbol].shape.isScalar
    else { return [] }
    var edits: [Edit] = []
    for written in workspace.derivatives(in: base.right) {
      guard case .variable(let loss) = workspace[written.of], loss != asked,
        workspace[loss.symbol].shape.isScalar,
        let time = loss.time, workspace.freeTimes(in: base.left).isEmpty || asked.time != nil,
        time.terms.allSatisfy({ workspace.freeTimes(in: base.right).contains($0.symbol) })
      else { continue }
      let new = workspace.expression(.derivative(of: written.of, by: below, intervention))
      edits.append(
        Edit(
          side: .left, path: Path(), old: base.left, new: new, slip: .wrongSymbol, weight: 44))
    }
    return edits + lossSumEdits(base, asked, setting, in: &workspace)
  }

  /// Σ_s before what is said of the loss of the last step alone, where the question is about the sum
  /// of all.
  private func lossSumEdits(
    _ base: Variant, _ asked: Variable, _ setting: Setting, in workspace: inout Workspace
  ) -> [Edit] {
    guard asked.time == nil, let definition = setting.model.definition(of: asked.symbol),
      case .timeSum(_, let from, let through, let member) = workspace[definition.body],
      through.constant == 0, let last = through.symbol, through == Time(last),
      workspace.variables(in: base.right).contains(where: { $0.time == through }),
      let step = unusedLetter(base, setting, in: &workspace)
    else { return [] }
    let body = workspace.substituting(last, by: Time(step), in: base.right)
    var bodies = [body]
    if case .variable(let loss) = workspace[member] {
      let (total, own) = (
        workspace.expression(.variable(asked)), workspace.variable(loss.symbol, at: Time(step))
      )
      let ofStep = workspace.rewriting(body) { workspace, expression in
        guard case .derivative(total, let below, let intervention) = workspace[expression] else {
          return nil
        }
        return workspace.expression(.derivative(of: own, by: below, intervention))
      }
      if ofStep != body { bodies.insert(ofStep, at: 0) }
    }
    return bodies.enumerated().map { place, body in
      let sum = workspace.expression(.timeSum(step, from: from, through: through, body))
      return Edit(
        side: .right, path: Path(), old: base.right, new: sum, slip: .droppedTerm,
        weight: 20 + place)
    }
  }

  /// A letter for a step that means nothing else on the page.
  private func unusedLetter(
    _ base: Variant, _ setting: Setting, in workspace: inout Workspace
  ) -> TimeSymbol? {
    var names = setting.table.keys.compactMap { setting.table[$0].map { workspace[$0].name } }
    for side in [base.left, base.right] {
      names += workspace.freeTimes(in: side).map { workspace.name(of: $0) }
      workspace.visit(side) { _, node in
        switch node {
        case .timeSum(let step, _, _, _), .timeProduct(let step, _, _, _, _):
          names.append(workspace.name(of: step))
        default: break
        }
      }
    }
    guard let name = ["s", "k", "j", "r", "\\tau"].first(where: { !names.contains($0) }) else {
      return nil
    }
    return workspace.time(named: name)
  }

  /// ∂L_t/∂a_t of ∂L/∂a_t, where L adds up the losses of all steps.
  func ownLoss(
    _ question: Expression, _ model: Model, in workspace: inout Workspace
  ) -> Expression? {
    guard case .derivative(let above, let below, let intervention) = workspace[question],
      case .variable(let total) = workspace[above], total.time == nil,
      case .variable(let node) = workspace[below], let time = node.time,
      let body = model.definition(of: total.symbol)?.body,
      case .timeSum(let step, _, _, let member) = workspace[body],
      case .variable(let loss) = workspace[member], loss.time == Time(step)
    else { return nil }
    return workspace.expression(
      .derivative(
        of: workspace.variable(loss.symbol, at: time), by: below,
        Intervention(layout: intervention.layout)))
  }

  /// The question about another step, where the other side answers that one, if need be but for the
  /// loss of the step itself.
  func movedQuestion(
    _ base: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> Found? {
    guard judged.mismatch == nil, judged.claim.sign == .equal,
      case .derivative(let above, let below, let intervention) = workspace[base.left],
      case .variable(let asked) = workspace[below], let time = asked.time, time.literal == nil
    else { return nil }
    let model = judge.theory[base.setting].model
    for (other, slip) in [
      (time - 1, Slip.offByOneIndex), (time + 1, .offByOneIndex), (time.mirrored, .sign),
    ] {
      guard let other else { continue }
      var node = asked
      node.time = other
      let below = workspace.expression(.variable(node))
      let left = workspace.expression(.derivative(of: above, by: below, intervention))
      let own = ownLoss(left, model, in: &workspace)
      for added in [nil] + (own.map { [$0] } ?? []) {
        var right = base.right
        if let added { right = workspace.expression(.sum(workspace.terms(of: right) + [added])) }
        guard accepts(left, right, base, &judge, in: &workspace) else { continue }
        // Where a term is missing as well, another step is asked about, not a sign mistaken.
        let edit = Edit(
          side: .left, path: Path(), old: base.left, new: left,
          slip: added == nil ? slip : .offByOneIndex, weight: 20, added: added)
        return Found(
          edit: edit, left: left, right: right, base: (base.left, base.right), remainder: nil)
      }
    }
    return nil
  }

  /// Whether the relation holds with other sides, where these are claimed.
  func accepts(
    _ left: Expression, _ right: Expression, _ base: Variant, _ judge: inout Judge,
    in workspace: inout Workspace
  ) -> Bool {
    var variant = base
    var claim = base.claim
    (variant.left, variant.right) = (left, right)
    (claim.left.expression, claim.right.expression) = (left, right)
    claim.setting = base.setting
    variant.domains = judge.theory.domains(of: claim, statement, in: &workspace)
    return judge.accepting(variant, statement, in: &workspace) != nil
  }
}
