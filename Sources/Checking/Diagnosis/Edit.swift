import Expressions

/// One change of a written expression: the part at a place becomes another.
struct Edit: Sendable {
  enum Side: Hashable, Sendable { case left, right }
  var side: Side
  var path: Path
  var old: Expression
  var new: Expression
  /// Nil where none of the named ones fits.
  var slip: Slip?
  /// How far the change is from what is written; smaller is likelier.
  var weight: Int
  /// The term that is added to a sum.
  var added: Expression?

  /// The place of its slip in the table of slips; last where it has none.
  var rank: Int {
    slip.flatMap { Slip.allCases.firstIndex(of: $0) } ?? Slip.allCases.count
  }
}
