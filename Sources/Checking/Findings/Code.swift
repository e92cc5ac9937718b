/// The stable code of a finding: L0xx reading, L1xx shapes, L2xx refuted, L3xx undecided,
/// L9xx a defect of Leibniz itself.
package enum Code: String, Hashable, Sendable, CaseIterable {
  /// A token or a formula that could not be read.
  case unreadToken = "L001"
  case missingOperand = "L002"
  case unreadFormula = "L003"
  case notText = "L004"
  case unknownDirective = "L005"
  case unterminatedFormula = "L006"
  case givenNotFound = "L007"

  /// Shapes that cannot fit.
  case sidesDiffer = "L101"
  case factorsCannotMeet = "L102"
  case termsCannotMeet = "L103"
  case wrongShapeForOperation = "L104"
  case definitionIllTyped = "L105"
  case strayIndex = "L106"

  /// Refuted, by the slip that mends it.
  case refuted = "L200"
  case offByOneBound = "L201"
  case offByOneIndex = "L202"
  case wrongExponent = "L203"
  case sign = "L204"
  case missingTranspose = "L205"
  case extraTranspose = "L206"
  case swappedFactors = "L207"
  case missingDiag = "L208"
  case totalForImmediate = "L209"
  case activationAppliedTwice = "L210"
  case missingFactor = "L211"
  case extraFactor = "L212"
  case droppedTerm = "L213"
  case doubledTerm = "L214"
  case wrongGate = "L215"
  case wrongSymbol = "L216"
  case circle = "L217"

  /// Understood, but neither witness can say.
  case undecided = "L300"
  case emptyClaim = "L301"
  case absentSymbol = "L302"
  case unknownSymbol = "L303"
  case noValidPoint = "L304"
  case opaqueSetEqual = "L305"
  case vanishingDenominator = "L306"
  case beyondBudget = "L307"

  /// The two witnesses contradict each other.
  case contradiction = "L900"

  package init(_ slip: Slip?) {
    switch slip {
    case nil: self = .refuted
    case .offByOneBound: self = .offByOneBound
    case .offByOneIndex: self = .offByOneIndex
    case .wrongExponent: self = .wrongExponent
    case .sign: self = .sign
    case .missingTranspose: self = .missingTranspose
    case .extraTranspose: self = .extraTranspose
    case .swappedFactors: self = .swappedFactors
    case .missingDiag: self = .missingDiag
    case .totalForImmediate: self = .totalForImmediate
    case .activationAppliedTwice: self = .activationAppliedTwice
    case .missingFactor: self = .missingFactor
    case .extraFactor: self = .extraFactor
    case .droppedTerm: self = .droppedTerm
    case .doubledTerm: self = .doubledTerm
    case .wrongGate: self = .wrongGate
    case .wrongSymbol: self = .wrongSymbol
    }
  }
}
