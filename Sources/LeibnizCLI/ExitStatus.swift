import Leibniz

/// What the command tells its caller.
enum ExitStatus: Int32 {
  /// Every claim holds or is undecided, or is as expected.
  case good = 0
  /// Some claim is refuted, ill-typed or not understood and not expected to be.
  case rejected = 1
  /// The arguments or a file cannot be used.
  case unusable = 2
  /// The two witnesses contradict each other.
  case contradiction = 70

  init(_ outcome: Outcome) {
    switch outcome {
    case .holds: self = .good
    case .fails: self = .rejected
    case .unreadable: self = .unusable
    case .contradicts: self = .contradiction
    }
  }

  /// The graver of two.
  func joined(with other: ExitStatus) -> ExitStatus { rawValue >= other.rawValue ? self : other }
}
