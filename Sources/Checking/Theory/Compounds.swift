import Documents
import Expressions

/// Derivatives by what has no name: the node whose definition has the same form, or a fresh node put
/// in its place wherever it occurs.
extension Theory {
  mutating func namingCompounds(_ claim: Claim, in workspace: inout Workspace) -> Claim {
    var claim = claim
    var compounds: [Expression] = []
    for side in [claim.left.expression, claim.right.expression] {
      for derivative in workspace.derivatives(in: side)
      where isCompound(derivative.by, workspace) && !compounds.contains(derivative.by) {
        compounds.append(derivative.by)
      }
    }
    if compounds.isEmpty { return claim }
    var sizes = ShapeInference(rigid: rigidSizes(claim.setting))
    for compound in compounds {
      if (try? sizes.shape(of: compound, in: workspace)) != nil {
        sizes.commit(
          symbols: workspace.variables(in: compound).map { $0.symbol }, occurringIn: [compound],
          to: &workspace)
      }
    }
    var setting = settings[claim.setting]
    for compound in compounds {
      let time = principalTime(of: compound, in: workspace)
      let node = named(compound, time, &setting, in: &workspace)
      func put(_ root: Expression) -> Expression {
        workspace.rewriting(root) { workspace, expression in
          guard case .derivative(let a, let b, let intervention) = workspace[expression],
            b == compound
          else { return nil }
          let numerator = workspace.replacing(compound, by: node, in: a)
          return workspace.expression(.derivative(of: numerator, by: node, intervention))
        }
      }
      let (left, right) = (put(claim.left.expression), put(claim.right.expression))
      claim.left.expression = left
      claim.right.expression = right
    }
    claim.setting = adding(setting)
    return claim
  }

  private func isCompound(_ expression: Expression, _ workspace: borrowing Workspace) -> Bool {
    switch workspace[expression] {
    case .variable: return false
    case .entry(let operand, _), .transpose(let operand), .tensorFunction(.vec, let operand):
      return isCompound(operand, workspace)
    case .stack(_, _, let blocks):
      for block in blocks where isCompound(block, workspace) { return true }
      return false
    default: return true
    }
  }

  /// The time of the step to which an unnamed node belongs: the latest that it reads.
  private func principalTime(
    of expression: Expression, in workspace: borrowing Workspace
  ) -> Time? {
    var latest: Time?
    for variable in workspace.variables(in: expression) {
      guard let time = variable.time else { continue }
      guard let known = latest else {
        latest = time
        continue
      }
      if let difference = (time - known).literal, difference > 0 { latest = time }
    }
    return latest
  }

  private func named(
    _ compound: Expression, _ time: Time?, _ setting: inout Setting,
    in workspace: inout Workspace
  ) -> Expression {
    var formal: TimeSymbol?
    var body = compound
    if let time {
      let step =
        setting.model.definitions.compactMap { $0.time }.first ?? workspace.time(named: "t")
      formal = step
      if let symbol = time.symbol {
        body = workspace.substituting(
          symbol, by: Time(step, plus: -time.constant), in: compound)
      } else if time.literal != nil {
        body = workspace.mappingTimes(compound) { own in
          own.terms.isEmpty ? Time(step, plus: own.constant - time.constant) : own
        }
      }
    }
    for definition in setting.model.definitions where definition.body == body {
      return workspace.variable(definition.symbol, at: definition.time == nil ? nil : time)
    }
    let shape = (try? workspace.shape(of: compound)) ?? .scalar
    let symbol = workspace.symbol(
      SymbolRecord(name: "u", shape: shape, isFamily: time != nil))
    let node = workspace.variable(symbol, at: formal.map { Time($0) })
    var reads: Definition?
    for i in setting.model.definitions.indices {
      let old = setting.model.definitions[i]
      let new = workspace.replacing(body, by: node, in: old.body)
      if new != old.body {
        setting.model.definitions[i].body = new
        reads = old
      }
    }
    if reads == nil { setting.idle.append(symbol) }
    setting.model.definitions.append(
      Definition(
        symbol: symbol, time: formal, from: reads?.from, through: reads?.through, body: body))
    return workspace.variable(symbol, at: time)
  }
}
