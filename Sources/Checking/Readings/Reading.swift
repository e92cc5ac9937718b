/// What authors leave out, and the checker may fill in where the document licenses it. In the order
/// of cost: among equally many the earlier is cheaper.
package enum Reading: String, Hashable, Sendable, CaseIterable {
  case layout
  case elidedArgument = "elided-argument"
  case shorthandPower = "shorthand-power"
  case orderedProduct = "ordered-product"
  case precision
  case immediate
  case held
  case initialState = "initial-state"
  case identity
  case diagonal
  case scalar
  case copy
  case model
  case assumed
  case repaired

  /// Those of which at most two may be combined.
  package var isSemantic: Bool {
    switch self {
    case .immediate, .held, .copy, .initialState, .scalar: return true
    default: return false
    }
  }
}
