/// What came of a claim.
package enum Verdict: String, Hashable, Sendable, CaseIterable {
  case proved, bounded, validated, refuted
  case illTyped = "ill-typed"
  case undecided
  case notUnderstood = "not-understood"

  package var isAccepted: Bool { self == .proved || self == .bounded || self == .validated }
  package var isRejected: Bool { self == .refuted || self == .illTyped }
}

/// The named kinds of slips; the first row that fits names a mend.
package enum Slip: String, Hashable, Sendable, CaseIterable {
  case offByOneBound = "off-by-one bound"
  case offByOneIndex = "off-by-one index"
  case wrongExponent = "wrong exponent"
  case sign
  case missingTranspose = "missing transpose"
  case extraTranspose = "extra transpose"
  case swappedFactors = "swapped factors"
  case missingDiag = "missing diag"
  case totalForImmediate = "total for immediate"
  case activationAppliedTwice = "activation applied twice"
  case missingFactor = "missing factor"
  case extraFactor = "extra factor"
  case droppedTerm = "dropped term"
  case doubledTerm = "doubled term"
  case wrongGate = "wrong gate"
  case wrongSymbol = "wrong symbol"
}
