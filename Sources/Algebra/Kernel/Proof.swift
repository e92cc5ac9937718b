/// What a proof made use of.
package enum Law: String, Hashable, Sendable, CaseIterable {
  /// Both sides have one index form.
  case normalForm
  /// Nodes were replaced by their definitions.
  case unfolding
  /// tanh′ = 1 - tanh², σ′ = σ - σ².
  case slopes
  /// P(k,t) = J_t P(k,t-1) = P(k+1,t) J_{k+1} at ends that a time sum binds.
  case peeling
  /// A linear recurrence solved by its path products.
  case solvedRecurrence
  /// Both sides multiplied by a denominator.
  case clearedDenominator
  /// K K⁻¹ = K⁻¹ K = I for a sum K, and both sides multiplied by it.
  case clearedInverse
  /// σ and tanh written by exponentials.
  case exponentials
  /// Equal at the first time, and with equal increments.
  case induction
}

/// That two expressions are equal for all sizes and all times of a domain. Only the functions in this
/// file can make one.
package struct Proof: Hashable, Sendable {
  /// The laws beyond rewriting into the index form, in the order of their use.
  package let laws: [Law]

  fileprivate init(laws: [Law]) { self.laws = laws }
}

extension Proof {
  /// Equal because the difference, brought into index form, has no term left in any region.
  static func vanishing(_ difference: RegionSum, by laws: [Law]) -> Proof? {
    difference.isZero ? Proof(laws: laws) : nil
  }

  /// Equal because the difference vanishes at the first time, and so does its increment from each
  /// time to the next.
  static func induced(first: Proof, increment: Proof) -> Proof {
    var laws: [Law] = [.induction]
    for law in first.laws + increment.laws where !laws.contains(law) { laws.append(law) }
    return Proof(laws: laws)
  }

  /// Equal because every block of a partition of the axes is.
  static func blockwise(_ blocks: [Proof]) -> Proof? {
    if blocks.isEmpty { return nil }
    var laws: [Law] = []
    for block in blocks {
      for law in block.laws where !laws.contains(law) { laws.append(law) }
    }
    return Proof(laws: laws)
  }
}
