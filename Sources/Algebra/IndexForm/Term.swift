import Expressions

// The index form, which decides equality.
//
//   form   = term + … + term
//   term   = Σ over bound times and bound labels, within a zone, of coefficient · factor ⋯ factor
//   factor = head, one label for each of its axes, one moment for each of its time slots, exponent
//   head   = symbol | δ | f(form) | bracket of a form | power or determinant of a matrix form
//          | path product of a system of forms | opaque function or partial of forms
//
// Forms inside heads are interned after their open labels and times have been abstracted, so that
// tanh'(W h_{t-1} + U x_t) at t and at a bound k is one head with another moment in its slot.
// Terms are compared by head, labels and exponents alone; where the same body stands with different
// zones, the zones are subtracted from each other (`RegionSum`).

/// The place of an axis: bound or free if ≥ 0; an axis of a stored form from -1 down; a literal
/// place of an axis from -1000 down.
typealias Label = Int32

/// What stands in a product, without its labels and times: a number in the table of heads.
typealias Head = Int32

struct Factor: Hashable {
  var head: Head
  var labels: [Label]
  var times: [Moment]
  var exponent: Affine

  init(_ head: Head, _ labels: [Label] = [], _ times: [Moment] = [], exponent: Affine = .one) {
    self.head = head
    self.labels = labels
    self.times = times
    self.exponent = exponent
  }

  func isSame(as other: Factor) -> Bool {
    head == other.head && labels == other.labels && times == other.times
  }
}

struct Term: Hashable {
  var coefficient: Polynomial
  var factors: [Factor]
  var zone: Zone
  /// Bound times: the term is summed over all their values in the zone.
  var times: [TimeVariable] = []
  /// Bound labels.
  var labels: [Label] = []

  init(_ coefficient: Polynomial, _ factors: [Factor] = [], in zone: Zone) {
    self.coefficient = coefficient
    self.factors = factors
    self.zone = zone
  }

  static func * (lhs: Term, rhs: Term) -> Term {
    var product = lhs
    product.coefficient = lhs.coefficient * rhs.coefficient
    product.factors += rhs.factors
    product.zone = lhs.zone.intersection(rhs.zone)
    product.times += rhs.times
    product.labels += rhs.labels
    return product
  }

  /// In how many places of the factors the label stands.
  func occurrences(of label: Label) -> Int {
    var count = 0
    for factor in factors {
      for other in factor.labels where other == label { count += 1 }
    }
    return count
  }

  mutating func replace(_ label: Label, by new: Label) {
    for i in factors.indices {
      for j in factors[i].labels.indices where factors[i].labels[j] == label {
        factors[i].labels[j] = new
      }
    }
    labels.removeAll { $0 == label }
  }

  /// Whether a factor's times or exponent speak of the variable.
  func mentions(_ variable: TimeVariable) -> Bool {
    for factor in factors {
      for time in factor.times where time.base == variable { return true }
      if factor.exponent.coefficient(of: variable) != 0 { return true }
    }
    return false
  }

  /// The variable replaced everywhere but in the zone; false where the coefficient does not allow it.
  mutating func substitute(_ variable: TimeVariable, by moment: Moment) -> Bool {
    for i in factors.indices {
      for j in factors[i].times.indices where factors[i].times[j].base == variable {
        factors[i].times[j] = moment + factors[i].times[j].offset
      }
      factors[i].exponent = factors[i].exponent.substituting(variable, by: Affine(moment))
    }
    guard let new = coefficient.substituting(variable, by: Polynomial(Affine(moment))) else {
      return false
    }
    coefficient = new
    return true
  }
}

typealias Form = [Term]

/// Why a comparison came to no result.
package enum Obstacle: Error, Hashable, Sendable {
  /// More terms than the budget allows.
  case budget
  /// A kind of node, a time or a size that the algebra does not know.
  case unsupported(Expression)
  /// The sides have different shapes.
  case shapes
  /// The domain contains no time at all.
  case emptyDomain
  /// A denominator that is zero at every point.
  case vanishingDenominator(Expression)
}

/// An obstacle met below the level at which the expression is known.
enum Failure: Error {
  case budget
  case unsupported
  case at(Expression)
  case shapes
  case emptyDomain
  case vanishing(Form)
  case vanishingAt(Expression)
}
