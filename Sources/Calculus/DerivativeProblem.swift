import Expressions

/// Why a derivative could not be taken. Holds no wording.
package enum DerivativeProblem: Error, Hashable, Sendable {
  /// What is differentiated by is neither a node nor an entry, transpose, vec or stack of nodes.
  case denominatorIsNoNode(Expression)
  /// A slope written without its argument stands in what is differentiated.
  case elidedSlope(Expression)
  /// No rule for this node.
  case unsupported(Expression)
  /// A computed symbol depends on itself other than through a recurrence step by step.
  case circular(Symbol)
  /// Families that feed one another, some forwards and some backwards in time.
  case mixedDirections([Symbol])
  /// The members of a stacked denominator do not stand at one time.
  case mixedTimes(Expression)
  /// The shapes of a subexpression do not fit.
  case illTyped(Expression)
}
