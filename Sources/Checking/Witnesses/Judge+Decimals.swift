import Expressions
import Numerics

/// Numbers that a page prints, by exact values.
extension Judge {
  /// Printed numbers: equal exactly, or to the digits shown; nil where none are printed.
  mutating func decimals(
    _ variant: inout Variant, in workspace: inout Workspace
  ) -> Hearing? {
    let model = theory[variant.setting].model
    guard
      workspace.holds([.decimal, .stack], in: variant.left)
        || workspace.holds([.decimal, .stack], in: variant.right)
        || model.definitions.contains(where: { workspace.isPrinted($0.body) })
    else { return nil }
    let given = variant.claim.assumptions.compactMap { $0.fixing }
    let sides = [variant.left, variant.right].map { side in
      workspace.withPrintedValues(differentiated(side, variant, in: &workspace), of: model)
    }
    guard sides.contains(where: { workspace.printsNumbers($0) }) else { return nil }
    if workspace.exactlyEqual(sides[0], sides[1], model: model, given) == true {
      return Hearing(verdict: .proved, code: nil)
    }
    let agreement = workspace.printedAgreement(
      of: sides[0], and: sides[1], model: model, fixing: given)
    var isDifferent = false
    if case .different = agreement { isDifferent = true }
    guard
      !isDifferent && workspace.agreesPartByPart(sides[0], sides[1], model: model, given)
        || workspace.agreeUpToRounding(sides[0], sides[1], model: model, fixing: given)
    else { return isDifferent ? Hearing(verdict: .refuted, code: .refuted) : nil }
    if !variant.readings.contains(.precision) { variant.readings.append(.precision) }
    return Hearing(verdict: .validated, code: nil)
  }

  /// A side whose derivatives are taken.
  private mutating func differentiated(
    _ side: Expression, _ variant: Variant, in workspace: inout Workspace
  ) -> Expression {
    guard workspace.holds(.derivative, in: side), let domain = variant.domains.first else {
      return side
    }
    let key = SymbolicKey(
      setting: variant.setting, premises: variant.claim.assumptions.map { $0.statement })
    var algebra = algebra(for: key, variant.claim, in: &workspace)
    defer { symbolic[key] = algebra }
    return (try? algebra.derived(side, for: domain, in: &workspace)) ?? side
  }

  /// Whether the sides agree to the digits shown.
  mutating func agreesInPrint(_ variant: Variant, in workspace: inout Workspace) -> Bool {
    var variant = variant
    return decimals(&variant, in: &workspace)?.verdict.isAccepted == true
  }

  /// The digits that should be printed in place of wrong ones, on the right side.
  mutating func printEdits(_ base: Variant, in workspace: inout Workspace) -> [Edit] {
    let model = theory[base.setting].model
    var edits: [Edit] = []
    workspace.collectPrintEdits(
      base.right, at: Path(), beside: workspace.withPrintedValues(base.left, of: model), model,
      &edits)
    return edits
  }
}

extension Workspace {
  /// With the printed numbers in the place of the names that the page gives them to.
  fileprivate mutating func withPrintedValues(_ root: Expression, of model: Model) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .variable(let variable) = workspace[expression], variable.time == nil,
        variable.copy == nil, let body = model.definition(of: variable.symbol)?.body,
        workspace.isPrinted(body)
      else { return nil }
      return body
    }
  }

  /// Whether a decimal or a matrix of numbers stands in the expression.
  fileprivate func printsNumbers(_ root: Expression) -> Bool {
    var found = false
    visit(root) { expression, node in
      switch node {
      case .decimal: found = true
      case .stack: found = found || isPrinted(expression)
      default: break
      }
    }
    return found
  }

  /// Printed matrices whose entries differ from what stands at the same place of another side.
  fileprivate mutating func collectPrintEdits(
    _ root: Expression, at path: Path, beside other: Expression, _ model: Model,
    _ edits: inout [Edit]
  ) {
    if case .product(let a) = self[root], case .product(let b) = self[other], a.count == b.count {
      for (i, factor) in a.enumerated() {
        collectPrintEdits(factor, at: path.appending(i), beside: b[i], model, &edits)
      }
      return
    }
    guard !agreesPartByPart(other, root, model: model, []),
      let mended = reprinted(root, as: other, model: model)
    else { return }
    let changed = zip(self[root].children, self[mended].children).filter { $0 != $1 }.count
    edits.append(
      Edit(
        side: .right, path: path, old: root, new: mended, slip: nil, weight: 24 + 4 * changed))
  }

  /// Whether two closed expressions have the same exact value; nil where one has none.
  fileprivate func exactlyEqual(
    _ lhs: Expression, _ rhs: Expression, model: Model, _ given: [Laboratory.Fixing]
  ) -> Bool? {
    guard let a = exactValue(of: lhs, model: model, fixing: given),
      let b = exactValue(of: rhs, model: model, fixing: given)
    else { return nil }
    return a == b
  }

  /// Whether two expressions agree to the digits shown, or their factors do one by one.
  fileprivate func agreesPartByPart(
    _ lhs: Expression, _ rhs: Expression, model: Model, _ given: [Laboratory.Fixing]
  ) -> Bool {
    if lhs == rhs || exactlyEqual(lhs, rhs, model: model, given) == true { return true }
    if case .equal = printedAgreement(of: lhs, and: rhs, model: model, fixing: given) {
      return true
    }
    switch (self[lhs], self[rhs]) {
    case (.product(let a), .product(let b)):
      return a.count == b.count
        && zip(a, b).allSatisfy { agreesPartByPart($0, $1, model: model, given) }
    case (.transpose(let a), .transpose(let b)), (.negative(let a), .negative(let b)):
      return agreesPartByPart(a, b, model: model, given)
    default: return false
    }
  }
}
