import Algebra
import Expressions
import Numerics

/// Where the two witnesses meet: the one place that turns what they say into a verdict. It fails
/// closed: what could not be evaluated is not agreement.
struct Hearing: Sendable {
  var verdict: Verdict
  var code: Code? = nil
  var numeric: NumericEvidence?
  /// Where the sides differ.
  var sample: Sample?
  /// Where an inequality is violated.
  var counterexample: Counterexample?
  var silence: NumericSilence?
  /// What is left of the difference after simplification.
  var remainder: Expression?
  var obstacle: Obstacle?
}

enum Gate {
  /// - Parameters:
  ///   - isFormulaForOpaque: one side is the derivative of an unknown function, the other a formula
  ///     that knows nothing of it.
  ///   - isZeroWritten: a side is written 0, so that vanishing is the claim.
  ///   - isSensitive: whether the points notice a change of each term; asked only where the numbers
  ///     stand alone.
  static func verdict(
    symbolic: SymbolicTestimony, numeric: NumericTestimony, isFormulaForOpaque: Bool,
    isZeroWritten: Bool, isSensitive: () -> Bool
  ) -> Hearing {
    var hearing = Hearing(verdict: .undecided, code: .undecided)
    if case .notShown(let remainder) = symbolic { hearing.remainder = remainder }
    if case .unable(let obstacle) = symbolic { hearing.obstacle = obstacle }
    switch numeric {
    case .silent(let silence):
      hearing.silence = silence
      hearing.code = silence == .noPoint ? .noValidPoint : .undecided
      if case .unable(.vanishingDenominator) = symbolic { hearing.code = .vanishingDenominator }
      return hearing
    case .disagrees(_, _, let sample):
      hearing.sample = sample
      if case .equal = symbolic {
        hearing.code = .contradiction
        return hearing
      }
      if isFormulaForOpaque {
        hearing.code = .opaqueSetEqual
        return hearing
      }
      hearing.verdict = .refuted
      hearing.code = .refuted
      return hearing
    case .agrees(let points, let error, let vanishes):
      hearing.numeric = NumericEvidence(points: points, maximumRelativeError: error)
      if vanishes, !isZeroWritten {
        hearing.code = .emptyClaim
        return hearing
      }
      if case .equal = symbolic {
        hearing.verdict = .proved
        hearing.code = nil
        return hearing
      }
      if case .unable(.vanishingDenominator) = symbolic {
        hearing.code = .vanishingDenominator
        return hearing
      }
      if isSensitive() {
        hearing.verdict = .validated
        hearing.code = nil
      }
      return hearing
    }
  }
}
