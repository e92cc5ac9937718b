import Notation

/// ℝ^{n×d} as written.
package struct Space: Sendable {
  package var factors: [Formula]
  package var order: Int { factors.count }

  /// Nil unless the formula is a real space.
  package init?(_ formula: Formula) {
    switch formula.kind {
    case .identifier(let identifier):
      guard Space.isReal(identifier) else { return nil }
      factors = []
    case .scripts(let base, nil, let above?, 0):
      guard let identifier = base.identifier, Space.isReal(identifier) else { return nil }
      factors = Space.factors(of: above)
    default: return nil
    }
  }

  static func isReal(_ identifier: Formula.Identifier) -> Bool {
    identifier.name == "R" && identifier.decorations.isEmpty
  }

  private static func factors(of formula: Formula) -> [Formula] {
    if case .binary(.times, let a, let b) = formula.unfenced.kind {
      return factors(of: a) + factors(of: b)
    }
    return [formula]
  }

  var letters: [String] {
    var found: [String] = []
    for factor in factors {
      factor.visit { part in
        if let identifier = part.identifier { found.append(identifier.name) }
      }
    }
    return found
  }
}
