import Algebra
import Documents
import Expressions
import Notation
import Numerics

/// What a reading makes of a claim.
extension Judge {
  mutating func apply(
    _ option: ReadingOptions.Option, to variant: inout Variant, in workspace: inout Workspace
  ) {
    if !variant.readings.contains(option.reading) { variant.readings.append(option.reading) }
    let (left, right) = (variant.left, variant.right)
    switch option.apply {
    case .ordered:
      variant.left = workspace.ordering(.ascending, as: .descending, in: left)
      variant.right = workspace.ordering(.ascending, as: .descending, in: right)
    case .immediate(let numerator, let denominator):
      func change(
        _ root: Expression, isWhole: Bool
      ) -> Expression {
        workspace.rewriting(root) { workspace, expression in
          guard case .derivative(let a, let b, var intervention) = workspace[expression],
            let above = workspace.namedVariable(of: a), above.symbol == numerator,
            let below = workspace.namedVariable(of: b), below.symbol == denominator,
            below.copy == nil, intervention.mode == .total, !(expression == root && isWhole)
          else { return nil }
          intervention.mode = .immediate
          return workspace.expression(.derivative(of: a, by: b, intervention))
        }
      }
      variant.left = change(left, isWhole: true)
      variant.right = change(right, isWhole: true)
    case .immediateByNode(let node): makeImmediate([node], in: &variant, &workspace)
    case .immediateByNodes(let nodes): makeImmediate(nodes, in: &variant, &workspace)
    case .immediateRepeated(let node, let inRight):
      guard case .derivative(let a, let b, var intervention) = workspace[node] else { return }
      intervention.mode = .immediate
      let new = workspace.expression(.derivative(of: a, by: b, intervention))
      if inRight {
        variant.right = workspace.replacing(node, by: new, in: right)
      } else {
        variant.left = workspace.replacing(node, by: new, in: left)
      }
    case .held(let node, let symbols):
      guard case .derivative(let a, let b, var intervention) = workspace[node] else { return }
      intervention = Intervention(
        mode: intervention.mode, layout: intervention.layout, held: symbols)
      let new = workspace.expression(.derivative(of: a, by: b, intervention))
      variant.left = workspace.replacing(node, by: new, in: left)
      variant.right = workspace.replacing(node, by: new, in: right)
    case .initialState(let first):
      start(at: first, overriding: false, &variant, in: &workspace)
    case .restart(let first):
      start(at: first, overriding: true, &variant, in: &workspace)
    case .heldEverywhere(let symbols):
      func change(_ root: Expression) -> Expression {
        workspace.changingDerivatives(root) { _, _, _, intervention in
          Intervention(mode: intervention.mode, layout: intervention.layout, held: symbols)
        }
      }
      variant.left = change(left)
      variant.right = change(right)
    case .copy:
      func change(_ root: Expression, _ other: Expression) -> Expression {
        guard case .derivative(let a, let b, let intervention) = workspace[root],
          case .variable(var variable) = workspace[b],
          let time = workspace.variables(in: other).compactMap({ $0.time }).first(where: {
            $0.symbol != nil && $0.constant == 0
          })
        else { return root }
        variable.copy = time
        return workspace.expression(
          .derivative(of: a, by: workspace.expression(.variable(variable)), intervention))
      }
      variant.left = change(left, right)
      variant.right = change(right, left)
    }
  }

  private func makeImmediate(
    _ derivatives: [Expression], in variant: inout Variant, _ workspace: inout Workspace
  ) {
    for node in derivatives {
      guard case .derivative(let a, let b, var intervention) = workspace[node] else { continue }
      intervention.mode = .immediate
      let new = workspace.expression(.derivative(of: a, by: b, intervention))
      variant.left = workspace.replacing(node, by: new, in: variant.left)
      variant.right = workspace.replacing(node, by: new, in: variant.right)
    }
  }

  /// Lets the recurrences of a variant's model start at a step: what comes before is given.
  mutating func start(
    at first: Int, overriding: Bool, _ variant: inout Variant, in workspace: inout Workspace
  ) {
    var setting = theory[variant.setting]
    for i in setting.model.definitions.indices {
      let definition = setting.model.definitions[i]
      guard !setting.opaque.contains(definition.symbol) || setting.isState(definition.symbol)
      else { continue }
      if definition.time != nil, definition.from == nil || overriding {
        setting.model.definitions[i].from = Time(first)
      }
    }
    if overriding {
      setting.model.definitions.removeAll { definition in
        definition.instance?.literal.map { $0 < first } == true
          && !setting.opaque.contains(definition.symbol)
      }
    }
    variant.setting = theory.adding(setting)
    var claim = variant.claim
    claim.setting = variant.setting
    claim.left.expression = variant.left
    claim.right.expression = variant.right
    variant.domains = theory.domains(
      of: claim, theory.page.statements[claim.statement], in: &workspace)
  }

  /// A step's contribution to the gradient of a loss by a parameter, on a page that never sums.
  func copyOption(
    _ claim: Claim, in workspace: borrowing Workspace
  ) -> ReadingOptions.Option? {
    let page = theory.page
    guard page.copies || !page.sumsOverTime && !page.statements[claim.statement].speaksOfWhole
    else { return nil }
    for (side, other) in [
      (claim.left.expression, claim.right.expression),
      (claim.right.expression, claim.left.expression),
    ] {
      guard case .derivative(let a, let b, _) = workspace[side],
        case .variable(let loss) = workspace[a], loss.time == nil,
        workspace[loss.symbol].shape.isScalar, case .variable(let parameter) = workspace[b],
        parameter.time == nil, !theory[claim.setting].model.computes(parameter.symbol),
        !workspace.freeTimes(in: other).isEmpty
      else { continue }
      return ReadingOptions.Option(reading: .copy, apply: .copy)
    }
    return nil
  }
}

extension Workspace {
  /// With the products over steps of one order in another.
  mutating func ordering(
    _ old: ProductOrder, as new: ProductOrder, in root: Expression
  ) -> Expression {
    rewriting(root) { workspace, expression in
      guard
        case .timeProduct(let step, let from, let through, let body, old) = workspace[expression]
      else { return nil }
      return workspace.expression(.timeProduct(step, from: from, through: through, body, new))
    }
  }

  /// An index over which one side sums (or multiplies) what does not contain it, while it stands
  /// free on the other side.
  func strayIndex(_ left: Expression, _ right: Expression) -> TimeSymbol? {
    for (side, other) in [(left, right), (right, left)] {
      var found: TimeSymbol?
      visit(side) { _, node in
        switch node {
        case .timeSum(let step, _, _, let body), .timeProduct(let step, _, _, let body, _):
          let letter = name(of: step)
          if !freeTimes(in: body).contains(step),
            freeTimes(in: other).contains(where: { name(of: $0) == letter })
          {
            found = step
          }
        default: break
        }
      }
      if let found { return found }
    }
    return nil
  }

  /// The node whose derivative a side begins with.
  func leading(_ root: Expression, reversed: Bool) -> ElidedSlopes.Cursor {
    switch self[root] {
    case .derivative(let numerator, _, _):
      if case .variable(let variable) = self[numerator] { return .node(variable) }
      return .expression(numerator)
    case .product(let factors):
      guard let first = reversed ? factors.last : factors.first else { return .nowhere }
      return leading(first, reversed: reversed)
    case .sum(let terms):
      return terms.first.map { leading($0, reversed: reversed) } ?? .nowhere
    case .negative(let operand), .timeSum(_, _, _, let operand):
      return leading(operand, reversed: reversed)
    case .timeProduct(_, _, let through, let body, _):
      if case .derivative(let numerator, _, _) = self[body],
        case .variable(let variable) = self[numerator], let time = variable.time,
        time.symbol != nil
      {
        return .node(Variable(variable.symbol, at: through + time.constant))
      }
      return .nowhere
    default: return .nowhere
    }
  }
}
