/// A named size such as `n`, or an unknown one that inference has still to fix.
package struct DimensionSymbol: Hashable, Comparable, Sendable {
  package let id: UInt32
  package init(id: UInt32) { self.id = id }
  package static func < (lhs: Self, rhs: Self) -> Bool { lhs.id < rhs.id }
}

/// A positive integer as a polynomial in named sizes: `3`, `n`, `n+d` (stacking), `n·p` (vec, ⊗).
package struct Dimension: Hashable, Sendable {
  package struct Monomial: Hashable, Sendable {
    /// Sorted, with repetition; empty for the constant.
    package let symbols: [DimensionSymbol]
    package let coefficient: Int
  }
  /// Sorted by their symbols, no coefficient zero.
  package let monomials: [Monomial]

  package init(monomials: [Monomial]) {
    var merged: [Monomial] = []
    for monomial in monomials.sorted(by: { Dimension.precedes($0.symbols, $1.symbols) }) {
      if let last = merged.last, last.symbols == monomial.symbols {
        merged[merged.count - 1] = Monomial(
          symbols: last.symbols, coefficient: last.coefficient + monomial.coefficient)
      } else {
        merged.append(monomial)
      }
    }
    self.monomials = merged.filter { $0.coefficient != 0 }
  }

  package init(_ value: Int) {
    self.init(monomials: [Monomial(symbols: [], coefficient: value)])
  }
  package init(_ symbol: DimensionSymbol) {
    self.init(monomials: [Monomial(symbols: [symbol], coefficient: 1)])
  }

  package static let one = Dimension(1)

  /// The value if no name occurs.
  package var literal: Int? {
    if monomials.isEmpty { return 0 }
    return monomials.count == 1 && monomials[0].symbols.isEmpty ? monomials[0].coefficient : nil
  }
  /// The name if the dimension is nothing else.
  package var symbol: DimensionSymbol? {
    monomials.count == 1 && monomials[0].symbols.count == 1 && monomials[0].coefficient == 1
      ? monomials[0].symbols[0] : nil
  }
  package var symbols: [DimensionSymbol] {
    var found: [DimensionSymbol] = []
    for monomial in monomials {
      for symbol in monomial.symbols where !found.contains(symbol) { found.append(symbol) }
    }
    return found
  }

  package static func + (lhs: Dimension, rhs: Dimension) -> Dimension {
    Dimension(monomials: lhs.monomials + rhs.monomials)
  }
  package static func - (lhs: Dimension, rhs: Dimension) -> Dimension {
    Dimension(
      monomials: lhs.monomials
        + rhs.monomials.map { Monomial(symbols: $0.symbols, coefficient: -$0.coefficient) })
  }
  package static func * (lhs: Dimension, rhs: Dimension) -> Dimension {
    var products: [Monomial] = []
    for a in lhs.monomials {
      for b in rhs.monomials {
        products.append(
          Monomial(
            symbols: (a.symbols + b.symbols).sorted(), coefficient: a.coefficient * b.coefficient))
      }
    }
    return Dimension(monomials: products)
  }

  /// The quotient by a number other than zero, if it is whole.
  package func divided(by divisor: Int) -> Dimension? {
    var quotients: [Monomial] = []
    for monomial in monomials {
      guard monomial.coefficient % divisor == 0 else { return nil }
      quotients.append(
        Monomial(symbols: monomial.symbols, coefficient: monomial.coefficient / divisor))
    }
    return Dimension(monomials: quotients)
  }

  /// Every symbol replaced by what `value` gives for it; nil keeps it.
  package func substituting(_ value: (DimensionSymbol) -> Dimension?) -> Dimension {
    var result = Dimension(0)
    for monomial in monomials {
      var product = Dimension(monomial.coefficient)
      for symbol in monomial.symbols { product = product * (value(symbol) ?? Dimension(symbol)) }
      result = result + product
    }
    return result
  }

  /// The integer for given sizes; nil where one is missing.
  package func value(_ size: (DimensionSymbol) -> Int?) -> Int? {
    var sum = 0
    for monomial in monomials {
      var product = monomial.coefficient
      for symbol in monomial.symbols {
        guard let factor = size(symbol) else { return nil }
        product *= factor
      }
      sum += product
    }
    return sum
  }

  private static func precedes(_ lhs: [DimensionSymbol], _ rhs: [DimensionSymbol]) -> Bool {
    if lhs.count != rhs.count { return lhs.count > rhs.count }
    for (a, b) in zip(lhs, rhs) where a != b { return a < b }
    return false
  }
}
