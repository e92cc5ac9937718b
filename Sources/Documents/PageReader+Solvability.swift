import Expressions
import Notation

/// Whether a supposed equation leaves a name one value: `A x = 0` may hold of other x than 0.
extension PageReader {
  /// Whether a side holds the name by itself, or multiplied by nothing but numbers and what is invertible.
  func isSolvable(_ side: Formula, for key: NameKey) -> Bool {
    switch side.kind {
    case .sum(let terms): return terms.allSatisfy { isSolvable($0.term, for: key) }
    case .fenced(_, let inner) where !isName(side): return isSolvable(inner, for: key)
    case .fraction(let above, let below):
      return !mentions(key, below) && isSolvable(above, for: key)
    case .juxtaposition(let items):
      let (own, others) = (items.filter { mentions(key, $0) }, items.filter { !mentions(key, $0) })
      return own.isEmpty
        || own.count == 1 && isSolvable(own[0], for: key) && others.allSatisfy(isInvertible)
    default: return isName(side) || !mentions(key, side)
    }
  }

  private func mentions(_ key: NameKey, _ formula: Formula) -> Bool {
    var found = false
    formula.visit { part in
      found = found || self.isName(part) && self.nameKeys(part) == [key]
    }
    return found
  }

  private func isInvertible(_ factor: Formula) -> Bool {
    if case .number(let digits) = factor.unfenced.kind {
      return digits.utf8.contains { $0 != UInt8(ascii: "0") && $0 != UInt8(ascii: ".") }
    }
    guard let key = nameKeys(factor.unfenced).first else { return false }
    let properties = page.declarations.filter { $0.key == key }.map { $0.properties }
    return properties.contains {
      !$0.isDisjoint(with: [.invertible, .orthogonal, .positiveDefinite])
    }
  }
}

extension Formula {
  /// Whether it divides by a name: `A^{-1} b`, `\frac ba`.
  var divides: Bool {
    switch kind {
    case .scripts(_, _, let above?, _):
      if case .sum(let terms) = above.unfenced.kind, terms.first?.isNegative == true { return true }
    case .fraction(_, let below): if !below.isClosed { return true }
    default: break
    }
    return children.contains { $0.divides }
  }
}
