import Notation

/// `\sum_{j=1}^{T_x}`: a letter with a script that bounds a sum is one number, and its name is the
/// whole.
struct NamedBounds {
  private var bounds: [Formula.Kind] = []

  init(surveying formulas: [Formula]) {
    for formula in formulas {
      formula.visit { part in
        if case .big(_, .some, let above?, _) = part.kind, Self.name(above) != nil {
          bounds.append(above.spelled)
        }
      }
    }
  }

  /// `T_x`
  private static func name(_ formula: Formula) -> String? {
    guard case .scripts(let base, let below?, nil, 0) = formula.kind,
      let letter = base.identifier, letter.isPlain(letter.name), letter.name.utf8.count == 1,
      let label = below.identifier, label.isPlain(label.name), label.name.utf8.count == 1
    else { return nil }
    return letter.name + "_" + label.name
  }

  func restoring(_ formula: Formula) -> Formula {
    if bounds.isEmpty { return formula }
    if let name = Self.name(formula), bounds.contains(formula.spelled) {
      return Formula(.identifier(Formula.Identifier(name)), formula.span)
    }
    return formula.mappingChildren { restoring($0) }
  }
}
