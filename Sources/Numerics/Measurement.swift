import Expressions

/// The values of an expression at one point, each with a bound on its error.
package struct Measurement: Hashable, Sendable {
  /// The sizes of the axes; a row is 1×n.
  package var dimensions: [Int]
  /// Row by row.
  package var values: [Double]
  package var errors: [Double]

  package init(dimensions: [Int], values: [Double], errors: [Double]) {
    self.dimensions = dimensions
    self.values = values
    self.errors = errors
  }

  /// The largest magnitude of an entry.
  package var size: Double { values.reduce(0) { max($0, $1.magnitude) } }
  /// Whether no entry differs from zero by more than its error bound.
  package var vanishes: Bool {
    for (value, error) in zip(values, errors) where value.magnitude > 4 * error { return false }
    return true
  }
}

/// Why an expression has no value at a point, and for whose sake.
package enum MeasurementFailure: Error, Hashable, Sendable {
  /// An argument lies within ten steps of a kink: take another point.
  case nearKink(Expression)
  /// A logarithm of a negative number, a division by zero, an inverse of a singular matrix.
  case undefined(Expression)
  case overflow(Expression)
  /// A node that needs itself.
  case cycle(Symbol, time: Int?)
  case unknownTime(TimeSymbol)
  case unknownSize(DimensionSymbol)
  /// A label that nothing binds.
  case freeLabel(IndexSymbol)
  /// The sizes do not fit.
  case shapes(Expression)
  case mismatch(ShapeMismatch)
  /// An index beyond the axis.
  case indexOutOfRange(Expression)
  /// A slope without an argument, a derivative by what is no variable, a fractional matrix power.
  case unsupported(Expression)
  case tooLarge(Expression)
  /// A tensor of a shape that has too many entries at these sizes.
  case tooManyEntries(Shape)

  /// Whether the expression, or an equation that it reads, has no value; not only at this point.
  package var isOfExpression: Bool {
    switch self {
    case .cycle, .unknownTime, .unknownSize, .freeLabel, .shapes, .mismatch, .unsupported: true
    case .nearKink, .undefined, .overflow, .indexOutOfRange, .tooLarge, .tooManyEntries: false
    }
  }
}

/// What two measurements say of an equality.
package enum Agreement: Hashable, Sendable {
  /// The largest difference, relative to the largest entry.
  case agree(relativeError: Double)
  /// The worst entry: its difference and its error bound.
  case disagree(entry: Int, difference: Double, bound: Double)
  /// The shapes differ.
  case mismatched
  /// Neither equal nor different for certain.
  case unclear
}

extension Measurement {
  /// Compares two measurements entry by entry.
  ///
  /// They disagree where some entry differs by more than a thousand error bounds, agree where every
  /// entry differs by at most twenty and the bounds are small beside the entries.
  /// - Parameter broadcasting: whether a number may stand for a tensor of equal entries.
  package static func agreement(
    of lhs: Measurement, and rhs: Measurement, broadcasting: Bool = false
  ) -> Agreement {
    if lhs.dimensions != rhs.dimensions {
      guard broadcasting, lhs.dimensions.isEmpty || rhs.dimensions.isEmpty else {
        return .mismatched
      }
    }
    let count = max(lhs.values.count, rhs.values.count)
    guard !lhs.values.isEmpty, !rhs.values.isEmpty else { return .agree(relativeError: 0) }
    let size = max(lhs.size, rhs.size)
    var worst = (ratio: 0.0, entry: 0, difference: 0.0, bound: 0.0)
    var largestDifference = 0.0
    var largestBound = 0.0
    for entry in 0..<count {
      let (i, j) = (entry % lhs.values.count, entry % rhs.values.count)
      let difference = (lhs.values[i] - rhs.values[j]).magnitude
      let bound = lhs.errors[i] + rhs.errors[j] + Bounded.unit * size * 0x1p-10
      if !difference.isFinite || !bound.isFinite { return .unclear }
      largestDifference = max(largestDifference, difference)
      largestBound = max(largestBound, bound)
      let ratio = difference == 0 ? 0 : difference / max(bound, .leastNormalMagnitude)
      if ratio > worst.ratio { worst = (ratio, entry, difference, bound) }
    }
    if worst.ratio > 1000 {
      return .disagree(entry: worst.entry, difference: worst.difference, bound: worst.bound)
    }
    if worst.ratio <= 20, largestBound <= max(1e-5 * size, 1e-9) {
      return .agree(relativeError: size > 0 ? largestDifference / size : 0)
    }
    return .unclear
  }
}
