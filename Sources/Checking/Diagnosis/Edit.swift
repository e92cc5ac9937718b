import Expressions

/// One change of a written expression: the part at a place becomes another.
struct Edit: Sendable {
  enum Side: Hashable, Sendable { case left, right }
  var side: Side
  var path: Path
  var old: Expression
  var new: Expression
  var slip: Slip
  /// How far the change is from what is written; smaller is likelier.
  var weight: Int
}
