import Expressions
import Notation

/// ℝ^{n×d} as written, or its part with certain numbers as entries, {0, 1}^n.
package struct Space: Sendable {
  package var factors: [Formula]
  package var order: Int { factors.count }
  /// The entries that are allowed, where not all are.
  var entries: Set<Int>?
  /// Whether it is all of the real space.
  package var isWhole: Bool { entries == nil }

  /// What is said of tensors with such entries.
  var properties: Properties {
    entries.map { Properties(ofEntries: $0) } ?? []
  }

  /// Nil unless the formula is a real space, or a power of a set of numbers.
  package init?(_ formula: Formula) {
    switch formula.kind {
    case .identifier(let identifier):
      guard Space.isReal(identifier) else { return nil }
      factors = []
    case .scripts(let base, nil, let above?, 0):
      factors = above.sizes
      if case .fenced(.braces, let inner) = base.kind, case .list(let items) = inner.kind {
        let values = items.compactMap { AffineLetters($0) }.filter { $0.isLiteral }
        guard values.count == items.count else { return nil }
        entries = Set(values.map { $0.constant })
        return
      }
      guard let identifier = base.identifier, Space.isReal(identifier) else { return nil }
    default: return nil
    }
  }

  static func isReal(_ identifier: Formula.Identifier) -> Bool {
    identifier.name == "R" && identifier.decorations.isEmpty
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

extension Formula {
  /// `n`, `n \times d`: the sizes in the exponent of a space.
  var sizes: [Formula] {
    if case .binary(.times, let a, let b) = unfenced.kind { return a.sizes + b.sizes }
    return [self]
  }
}

extension Properties {
  /// What is said of tensors whose entries are one of some numbers.
  init(ofEntries values: Set<Int>) {
    self = values == [0, 1] ? .bits : values == [-1, 1] ? .signs : []
  }
}
