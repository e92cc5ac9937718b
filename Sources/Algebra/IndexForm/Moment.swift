import Expressions

/// A time inside an index form: the origin is 0, free and bound variables are positive, the time
/// slots of a stored form negative.
typealias TimeVariable = Int32

/// A time variable plus a constant; the constant alone over the origin.
struct Moment: Hashable {
  var base: TimeVariable
  var offset: Int

  init(_ base: TimeVariable, _ offset: Int = 0) {
    self.base = base
    self.offset = offset
  }

  static let origin: TimeVariable = 0
  static func + (lhs: Moment, rhs: Int) -> Moment { Moment(lhs.base, lhs.offset + rhs) }
}

/// An affine integer expression in time variables: the exponent t - k.
struct Affine: Hashable {
  struct Part: Hashable {
    var variable: TimeVariable
    var coefficient: Int
  }
  /// Sorted by variable; no coefficient is zero, the origin does not occur.
  private(set) var parts: [Part]
  var constant: Int

  init(_ constant: Int) {
    parts = []
    self.constant = constant
  }
  init(_ moment: Moment) {
    parts = moment.base == Moment.origin ? [] : [Part(variable: moment.base, coefficient: 1)]
    constant = moment.offset
  }

  static let one = Affine(1)
  var literal: Int? { parts.isEmpty ? constant : nil }
  /// The moment if there is at most one variable, with the coefficient one.
  var moment: Moment? {
    if parts.isEmpty { return Moment(Moment.origin, constant) }
    return parts.count == 1 && parts[0].coefficient == 1 ? Moment(parts[0].variable, constant) : nil
  }
  func coefficient(of variable: TimeVariable) -> Int {
    for part in parts where part.variable == variable { return part.coefficient }
    return 0
  }

  private mutating func add(_ variable: TimeVariable, _ coefficient: Int) {
    var place = 0
    while place < parts.count, parts[place].variable < variable { place += 1 }
    if place < parts.count, parts[place].variable == variable {
      parts[place].coefficient += coefficient
      if parts[place].coefficient == 0 { parts.remove(at: place) }
    } else if coefficient != 0 {
      parts.insert(Part(variable: variable, coefficient: coefficient), at: place)
    }
  }

  static func + (lhs: Affine, rhs: Affine) -> Affine {
    var sum = lhs
    sum.constant += rhs.constant
    for part in rhs.parts { sum.add(part.variable, part.coefficient) }
    return sum
  }
  static func - (lhs: Affine, rhs: Affine) -> Affine { lhs + rhs.scaled(by: -1) }
  func scaled(by factor: Int) -> Affine {
    if factor == 0 { return Affine(0) }
    var result = self
    result.constant *= factor
    for i in result.parts.indices { result.parts[i].coefficient *= factor }
    return result
  }
  func substituting(_ variable: TimeVariable, by value: Affine) -> Affine {
    let factor = coefficient(of: variable)
    if factor == 0 { return self }
    var result = self
    result.add(variable, -factor)
    return result + value.scaled(by: factor)
  }
}
