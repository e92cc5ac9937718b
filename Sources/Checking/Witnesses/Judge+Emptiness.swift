import Algebra
import Documents
import Expressions
import Notation
import Numerics

/// Claims about which there is nothing to say.
extension Judge {
  /// A denominator that no equation of the model contains.
  func absentDenominator(
    _ variant: Variant, in workspace: borrowing Workspace
  ) -> Symbol? {
    let model = theory[variant.setting].model
    let idle = theory[variant.setting].idle
    for side in [variant.left, variant.right] {
      for derivative in workspace.derivatives(in: side) {
        for variable in workspace.variables(in: derivative.by) {
          if model.computes(variable.symbol), !idle.contains(variable.symbol) { continue }
          let isRead =
            model.definitions.contains { definition in
              workspace.variables(in: definition.body).contains { $0.symbol == variable.symbol }
            }
            || workspace.variables(in: derivative.of).contains { $0.symbol == variable.symbol }
          if !isRead { return variable.symbol }
        }
      }
    }
    return nil
  }

  /// Whether the page says nothing of a name but in the claim itself: a misprint, perhaps.
  func isStrange(_ symbol: Symbol, _ claim: Claim, _ setting: Setting) -> Bool {
    guard let key = setting.table.key(of: symbol) else { return false }
    let page = theory.page
    return !page.declarations.contains { $0.key == key }
      && page.statements.allSatisfy { $0.index == claim.statement || !$0.names.contains(key) }
  }

  /// Whether a name with an index is one of several of its base, `x_j` beside `x_i`, which for some indices may be
  /// the same.
  func hasNamesakes(
    _ symbol: Symbol, _ variant: Variant, in workspace: borrowing Workspace
  ) -> Bool {
    guard let own = Lexicon.indexed(workspace[symbol].name, byAny: true) else { return false }
    let roots =
      [variant.left, variant.right]
      + theory[variant.setting].model.definitions.map { $0.body }
    return roots.contains { root in
      workspace.variables(in: root).contains { variable in
        let name = workspace[variable.symbol].name
        if name == own.base { return workspace[variable.symbol].isFamily }
        return Lexicon.indexed(name, byAny: true).map {
          $0.base == own.base && $0.letter != own.letter
        } ?? false
      }
    }
  }

  /// One side holds an unknown function's derivative in the place of which the other has a formula, or the value of
  /// a node is written that only unknown functions read or compute.
  func setsOpaqueEqual(
    _ variant: Variant, _ algebra: inout SymbolicWitness, in workspace: inout Workspace
  ) -> Bool {
    if writesUnsized(variant, in: workspace) { return true }
    let domain = variant.domains.first ?? []
    guard let a = try? algebra.derived(variant.left, for: domain, in: &workspace),
      let b = try? algebra.derived(variant.right, for: domain, in: &workspace)
    else { return false }
    let named = [variant.left, variant.right].map { side in
      namedGradients(in: side, theory[variant.setting].model, workspace).compactMap {
        try? algebra.derived($0, for: [], in: &workspace)
      }
    }
    let left = workspace.slopedFunctions(in: [a] + named[0])
    let right = workspace.slopedFunctions(in: [b] + named[1])
    if left.isEmpty != right.isEmpty { return true }
    // A formula in the place of one of several unknown functions.
    return left.contains { !right.contains($0) } && writesFormula(variant.right, in: workspace)
      || right.contains { !left.contains($0) } && writesFormula(variant.left, in: workspace)
  }

  /// Whether slopes of what may or may not read its own step before are part of a side.
  func restsOnAmbiguous(
    _ variant: Variant, _ algebra: inout SymbolicWitness, in workspace: inout Workspace
  ) -> Bool {
    let ambiguous = theory[variant.setting].ambiguous
    if ambiguous.isEmpty { return false }
    let domain = variant.domains.first ?? []
    guard let left = try? algebra.derived(variant.left, for: domain, in: &workspace),
      let right = try? algebra.derived(variant.right, for: domain, in: &workspace)
    else { return true }
    return workspace.slopedFunctions(in: [left, right]).contains { ambiguous.contains($0) }
  }

  /// The equations with derivatives in them that a side reads by their names: `\delta_t` of
  /// `\delta_t = \frac{\partial E}{\partial h_t} \odot h_t`.
  private func namedGradients(
    in side: Expression, _ model: Model, _ workspace: borrowing Workspace
  ) -> [Expression] {
    var found: [Expression] = []
    var (open, seen) = (workspace.variables(in: side).map { $0.symbol }, Set<Symbol>())
    while let symbol = open.popLast() {
      guard seen.insert(symbol).inserted, let body = model.definition(of: symbol)?.body else {
        continue
      }
      if workspace.derivatives(in: body).isEmpty {
        open += workspace.variables(in: body).map { $0.symbol }
      } else {
        found.append(body)
      }
    }
    return found
  }

  /// Whether a line that applies a function would fit if a node that nothing defines had another size.
  func awaitsDefinition(_ variant: Variant, in workspace: borrowing Workspace) -> Bool {
    let applies = [variant.left, variant.right].contains { side in
      workspace.contains(side) { node in
        if case .apply = node { return true }
        return false
      }
    }
    let setting = theory[variant.setting]
    guard applies, !setting.opaque.isEmpty else { return false }
    var rigid = theory.rigidSizes(variant.setting)
    for symbol in setting.opaque {
      for dimension in workspace[symbol].shape.dimensions {
        for size in dimension.symbols
        where !theory.page.notation.dimensions.contains(where: { $0.symbol == size }) {
          rigid.remove(size)
        }
      }
    }
    return (try? measured(variant, rigid, in: workspace)) != nil
  }

  /// Whether something but quotients is written.
  private func writesFormula(_ side: Expression, in workspace: borrowing Workspace) -> Bool {
    switch workspace[side] {
    case .derivative: false
    case .variable, .apply: true
    default:
      workspace[side].children.contains { writesFormula($0, in: workspace) }
    }
  }

  private func writesUnsized(_ variant: Variant, in workspace: borrowing Workspace) -> Bool {
    let unsized = theory[variant.setting].unsized
    var (rest, seen) = ([variant.left, variant.right], Set<Expression>())
    while let expression = rest.popLast() {
      guard seen.insert(expression).inserted else { continue }
      switch workspace[expression] {
      case .derivative: continue
      case .variable(let variable) where unsized.contains(variable.symbol): return true
      default: rest += workspace[expression].children
      }
    }
    return false
  }
}

extension Workspace {
  /// The unknown functions of which slopes stand in formulas.
  fileprivate func slopedFunctions(in roots: [Expression]) -> [OpaqueFunction] {
    var found: [OpaqueFunction] = []
    for root in roots {
      visit(root) { _, node in
        if case .opaquePartial(let function, _, _, _) = node, !found.contains(function) {
          found.append(function)
        }
      }
    }
    return found
  }
}
