import Expressions

/// Why a derivative cannot be written out. Holds no wording.
package enum ExpansionProblem: Error, Hashable, Sendable {
  /// The equations hold no derivative of their own.
  case unsupported(Expression)
  /// A node that is needed to compute itself.
  case circular(Symbol)
  /// Nothing says where the recurrence starts (or, backwards in time, ends).
  case unknownStart(Symbol)
  /// A time of an equation or of what is asked is no number for this many steps.
  case unknownTime(Time)
  /// A family is meant at one time, and which has not been said.
  case needsTime(Symbol)
  /// A time behind the last one.
  case beyond(Symbol, at: Int, last: Int)
  /// Nothing reads the node at this time; the times at which there is one that is read.
  case noNode(Symbol, at: Int, among: ClosedRange<Int>)
  /// No equation computes the node; the times at which there is one.
  case notComputed(Symbol, at: Int?, among: ClosedRange<Int>?)
  /// No path leads from the denominator to the result; from what paths lead.
  case noPath(among: [Symbol])
  /// Only a parameter has copies.
  case noCopies(Symbol)
  /// The one-step Jacobian has no matrix notation.
  case noMatrixNotation(Symbol)
  /// The one-step Jacobians differ in more than the arguments of slopes.
  case noPower(Symbol)
  /// So many terms are too many to be written.
  case tooMany(terms: BigInteger)
  /// The terms follow no one rule in T.
  case irregular
}
