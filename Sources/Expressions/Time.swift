/// A time variable: `t`, `k`, `T`.
package struct TimeSymbol: Hashable, Comparable, Sendable {
  package let id: UInt32
  package init(id: UInt32) { self.id = id }
  package static func < (lhs: Self, rhs: Self) -> Bool { lhs.id < rhs.id }
}

/// An affine integer expression in time variables: `t-1`, `k+1`, `0`, `t-k`.
package struct Time: Hashable, Sendable {
  package struct Term: Hashable, Sendable {
    package let symbol: TimeSymbol
    package let coefficient: Int
    package init(symbol: TimeSymbol, coefficient: Int) {
      self.symbol = symbol
      self.coefficient = coefficient
    }
  }
  /// Sorted by symbol, no coefficient zero.
  package let terms: [Term]
  package let constant: Int

  package init(terms: [Term], constant: Int) {
    self.constant = constant
    // Nearly all are a variable and an offset.
    if terms.count < 2 {
      self.terms = terms.first?.coefficient == 0 ? [] : terms
      return
    }
    var merged: [Term] = []
    for term in terms.sorted(by: { $0.symbol < $1.symbol }) {
      if let last = merged.last, last.symbol == term.symbol {
        merged[merged.count - 1] = Term(
          symbol: term.symbol, coefficient: last.coefficient + term.coefficient)
      } else {
        merged.append(term)
      }
    }
    self.terms = merged.filter { $0.coefficient != 0 }
  }
  package init(_ constant: Int) { self.init(terms: [], constant: constant) }
  package init(_ symbol: TimeSymbol, plus offset: Int = 0) {
    self.init(terms: [Term(symbol: symbol, coefficient: 1)], constant: offset)
  }

  package static let zero = Time(0)

  /// The value if no variable occurs.
  package var literal: Int? { terms.isEmpty ? constant : nil }
  /// The variable if the expression is one variable plus an offset.
  package var symbol: TimeSymbol? {
    terms.count == 1 && terms[0].coefficient == 1 ? terms[0].symbol : nil
  }
  package func contains(_ symbol: TimeSymbol) -> Bool { terms.contains { $0.symbol == symbol } }
  package func coefficient(of symbol: TimeSymbol) -> Int {
    terms.first { $0.symbol == symbol }?.coefficient ?? 0
  }

  package static func + (lhs: Time, rhs: Time) -> Time {
    Time(terms: lhs.terms + rhs.terms, constant: lhs.constant + rhs.constant)
  }
  package static func + (lhs: Time, rhs: Int) -> Time {
    Time(terms: lhs.terms, constant: lhs.constant + rhs)
  }
  package static func - (lhs: Time, rhs: Time) -> Time { lhs + rhs.scaled(by: -1) }
  package static func - (lhs: Time, rhs: Int) -> Time { lhs + -rhs }
  package func scaled(by factor: Int) -> Time {
    Time(
      terms: terms.map { Term(symbol: $0.symbol, coefficient: $0.coefficient * factor) },
      constant: constant * factor)
  }

  package func substituting(_ symbol: TimeSymbol, by time: Time) -> Time {
    let coefficient = coefficient(of: symbol)
    if coefficient == 0 { return self }
    return Time(terms: terms.filter { $0.symbol != symbol }, constant: constant)
      + time.scaled(by: coefficient)
  }

  /// The integer for given variables; nil where one is missing.
  package func value(_ lookup: (TimeSymbol) -> Int?) -> Int? {
    var sum = constant
    for term in terms {
      guard let value = lookup(term.symbol) else { return nil }
      sum += term.coefficient * value
    }
    return sum
  }
}

extension [Time] {
  /// Whether a time is not negative wherever these are not: by at most two of them.
  package func implies(_ time: Time) -> Bool {
    func isNatural(_ rest: Time) -> Bool { rest.literal.map { $0 >= 0 } ?? false }
    if isNatural(time) { return true }
    for (i, fact) in enumerated() {
      if isNatural(time - fact) { return true }
      for other in self[..<i] where isNatural(time - fact - other) { return true }
    }
    return false
  }
}
