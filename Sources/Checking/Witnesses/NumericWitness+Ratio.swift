import Expressions
import Numerics

/// By which number a part of a side would have to be multiplied.
extension NumericWitness {
  /// The number r for which `left` is `rest + r (right - rest)` at all points; nil where there is
  /// none that a person would write.
  /// - Parameter rest: the right side without the part in question; nil if that is all of it.
  mutating func ratio(
    of left: Expression, to right: Expression, beside rest: Expression?,
    in workspace: borrowing Workspace
  ) -> Rational? {
    prepare([left, right], in: workspace)
    var found: Rational?
    var points = 0
    for i in laboratories.indices.reversed() {
      guard let a = try? laboratories[i].measure(left, in: workspace),
        let b = try? laboratories[i].measure(right, in: workspace)
      else { continue }
      var beside: Measurement?
      if let rest {
        guard let c = try? laboratories[i].measure(rest, in: workspace) else { continue }
        beside = c
      }
      guard a.values.count == b.values.count, let part = a.over(b, beside) else { return nil }
      if part.below == 0 { continue }
      let bound = part.noise / part.below.magnitude
      guard let ratio = Rational(plain: part.above / part.below, within: bound),
        found == nil || found == ratio
      else { return nil }
      found = ratio
      points += 1
      if points == 2 { break }
    }
    return points == 2 || laboratories.count == points ? found : nil
  }
}

extension Measurement {
  /// The entry of this less `rest` where that of `other` less `rest` is largest, both differences
  /// and a bound on their errors.
  fileprivate func over(
    _ other: Measurement, _ rest: Measurement?
  ) -> (above: Double, below: Double, noise: Double)? {
    if let rest, rest.values.count != values.count, rest.values.count != 1 { return nil }
    var best = (above: 0.0, below: 0.0, noise: 0.0)
    for i in values.indices {
      let place = rest.map { i % $0.values.count } ?? 0
      let (own, noise): (Double, Double) =
        rest.map { ($0.values[place], $0.errors[place]) } ?? (0, 0)
      let below = other.values[i] - own
      if below.magnitude > best.below.magnitude {
        best = (
          values[i] - own, below, 16 * (errors[i] + other.errors[i] + 2 * noise)
        )
      }
    }
    return best
  }
}

extension Rational {
  /// The number with a small denominator, or with few decimal places, that lies within a bound;
  /// nil where the bound is too wide to tell.
  fileprivate init?(plain value: Double, within bound: Double) {
    let slack = max(bound, 1e-12 * value.magnitude)
    guard slack < 1e-6, value.magnitude < 1e6 else { return nil }
    for denominator in Array(1...24) + [25, 32, 48, 50, 64, 100, 1000] {
      let scaled = value * Double(denominator)
      let nearest = scaled.rounded()
      if (scaled - nearest).magnitude <= slack * Double(denominator) {
        self.init(Int(nearest), over: denominator)
        return
      }
    }
    return nil
  }
}
