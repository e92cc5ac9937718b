import Expressions

/// An exact fraction, or nothing where a value is irrational, undefined or too long.
struct Exact: Quantity {
  var value: Rational?

  /// The most 32-bit digits of a numerator or a denominator.
  static let budget = 160

  private init(_ value: Rational?) {
    guard let value, value.numerator.digitCount <= Exact.budget,
      value.denominator.digitCount <= Exact.budget
    else {
      self.value = nil
      return
    }
    self.value = value
  }
  init(_ value: Rational) { self.init(Optional(value)) }
  init(_ value: Double) { self.init(Int(exactly: value).map { Rational($0) }) }

  var approximation: Double { value?.approximation ?? .nan }
  var isSound: Bool { value != nil }
  var isUnsettled: Bool { value.map { $0.isZero } ?? true }

  private static func combining(
    _ lhs: Exact, _ rhs: Exact, _ operation: (Rational, Rational) -> Rational?
  ) -> Exact {
    guard let a = lhs.value, let b = rhs.value else { return Exact(nil) }
    return Exact(operation(a, b))
  }
  static prefix func - (value: Exact) -> Exact { Exact(value.value.map { -$0 }) }
  static func + (lhs: Exact, rhs: Exact) -> Exact { combining(lhs, rhs) { $0 + $1 } }
  static func - (lhs: Exact, rhs: Exact) -> Exact { combining(lhs, rhs) { $0 - $1 } }
  static func * (lhs: Exact, rhs: Exact) -> Exact { combining(lhs, rhs) { $0 * $1 } }
  static func / (lhs: Exact, rhs: Exact) -> Exact {
    combining(lhs, rhs) { $0.divided(by: $1) }
  }
  func raised(to exponent: Int) -> Exact {
    guard let value else { return self }
    let digits = max(value.numerator.digitCount, value.denominator.digitCount)
    if !value.isOne, Int(exponent.magnitude) > Exact.budget * 32 / max(digits - 1, 1) {
      return Exact(nil)
    }
    return Exact(value.raised(to: exponent))
  }
  func raised(to exponent: Exact) -> Exact {
    guard let power = exponent.value else { return exponent }
    if let whole = power.exactInt { return raised(to: whole) }
    if power == Rational(1, over: 2) { return squareRoot() }
    return Exact(nil)
  }
  func squareRoot() -> Exact {
    guard let value, value.signum >= 0, let above = Exact.root(value.numerator),
      let below = Exact.root(value.denominator)
    else { return Exact(nil) }
    return Exact(Rational(above, over: below))
  }
  func larger(_ other: Exact) -> Exact { Exact.combining(self, other) { $0 < $1 ? $1 : $0 } }

  func applying(_ function: ElementwiseFunction, derivative: Int) -> Exact {
    guard let value else { return self }
    switch (function, derivative) {
    case (.sigmoid, 0) where value.isZero, (.softplus, 1) where value.isZero:
      return Exact(Rational(1, over: 2))
    case (.sigmoid, 1) where value.isZero: return Exact(Rational(1, over: 4))
    case (.tanh, 0) where value.isZero, (.sin, 0) where value.isZero,
      (.log, 0) where value.isOne:
      return Exact(.zero)
    case (.tanh, 1) where value.isZero, (.cos, 0) where value.isZero, (.exp, _) where value.isZero:
      return Exact(.one)
    case (.sqrt, 0): return squareRoot()
    case (.relu, 0): return Exact(value.signum > 0 ? value : .zero)
    case (.absolute, 0): return Exact(value.signum < 0 ? -value : value)
    case (.sign, 0) where !value.isZero, (.absolute, 1) where !value.isZero:
      return Exact(Rational(value.signum))
    case (.relu, 1) where !value.isZero: return Exact(Rational(value.signum > 0 ? 1 : 0))
    default: return Exact(nil)
    }
  }
  func applying(_ function: DrawnFunction, derivative: Int) -> Exact { Exact(nil) }

  /// The root of a square number; nil for others (Newton on integers).
  private static func root(_ square: BigInteger) -> BigInteger? {
    if square.isZero { return .zero }
    var guess = BigInteger.one
    while guess * guess < square { guess = guess * BigInteger(65_536) }
    while true {
      let next = (guess + square.quotientAndRemainder(dividingBy: guess).quotient)
        .quotientAndRemainder(dividingBy: BigInteger(2)).quotient
      if next < guess { guess = next } else { break }
    }
    return guess * guess == square ? guess : nil
  }
}

/// The exact entries of an expression in which nothing is free.
package struct ExactValue: Hashable, Sendable {
  package var dimensions: [Int]
  package var entries: [Rational]
}

/// Between which numbers the entries of an expression lie in which nothing is free.
package struct EnclosedValue: Hashable, Sendable {
  package var dimensions: [Int]
  package var lower: [Double]
  package var upper: [Double]
}

/// The value of an expression in which nothing is free but what is given, without floating-point
/// error.
extension Workspace {
  /// The exact value; nil if something is free, irrational, or too long.
  ///
  /// - Parameters:
  ///   - model: what computes variables that occur.
  ///   - fixings: what fixes others.
  package func exactValue(
    of expression: Expression, at sample: Sample = Sample(seed: 0), model: Model = Model(),
    fixing fixings: [Laboratory.Fixing] = []
  ) -> ExactValue? {
    guard
      let (slot, memory): (Slot, [Exact]) = evaluate(expression, sample, model, fixings)
    else { return nil }
    var entries: [Rational] = []
    for quantity in memory {
      guard let value = quantity.value else { return nil }
      entries.append(value)
    }
    return ExactValue(dimensions: slot.axes.map { $0.size }, entries: entries)
  }

  /// Guaranteed bounds of the value; nil if something is free or undefined.
  package func enclosure(
    of expression: Expression, at sample: Sample = Sample(seed: 0), model: Model = Model(),
    fixing fixings: [Laboratory.Fixing] = []
  ) -> EnclosedValue? {
    guard
      let (slot, memory): (Slot, [Interval]) = evaluate(expression, sample, model, fixings)
    else { return nil }
    for quantity in memory where !quantity.isSound { return nil }
    return EnclosedValue(
      dimensions: slot.axes.map { $0.size }, lower: memory.map { $0.lower },
      upper: memory.map { $0.upper })
  }

  /// Runs the program of a closed expression over any kind of number: the slot and its cells.
  private func evaluate<Number: Quantity>(
    _ expression: Expression, _ sample: Sample, _ model: Model, _ fixings: [Laboratory.Fixing]
  ) -> (Slot, [Number])? {
    var laboratory = Laboratory(
      model: model, sample: sample, fixing: fixings, scale: .fixed(1), in: self)
    guard let slot = try? laboratory.compile(expression, Environment(), self),
      !laboratory.hasDrawn
    else { return nil }
    let program = laboratory.program
    if !program.differences.isEmpty { return nil }
    var memory = laboratory.values.map { Number($0) }
    for constant in program.exact { memory[constant.cell] = Number(constant.value) }
    let isDefined = memory.withUnsafeMutableBufferPointer { buffer in
      guard let cells = buffer.baseAddress else { return false }
      for index in program.instructions.indices
      where !program.execute(index, cells, base: nil) { return false }
      return true
    }
    return isDefined ? (slot, Array(memory[slot.cells])) : nil
  }
}
