import Expressions
import Numerics

/// Printed decimals, by exact values.
extension Judge {
  /// Printed decimals: equal to the digits shown; nil where none are printed.
  mutating func decimals(
    _ variant: inout Variant, in workspace: inout Workspace
  ) -> Hearing? {
    let isPrinted = [variant.left, variant.right].contains { side in
      workspace.contains(side) { if case .decimal = $0 { return true } else { return false } }
    }
    guard isPrinted else { return nil }
    let model = theory[variant.setting].model
    if let a = workspace.exactValue(of: variant.left, model: model),
      let b = workspace.exactValue(of: variant.right, model: model), a.entries == b.entries,
      a.dimensions == b.dimensions
    {
      return Hearing(verdict: .proved, code: nil)
    }
    switch workspace.printedAgreement(of: variant.left, and: variant.right, model: model) {
    case .equal:
      if !variant.readings.contains(.precision) { variant.readings.append(.precision) }
      return Hearing(verdict: .validated, code: nil)
    case .different: return Hearing(verdict: .refuted, code: .refuted)
    case .unclear: return nil
    }
  }
}
