import Checking

/// What `explain` says of a code: what it means, and a wrong and a right example.
package struct Page: Hashable, Sendable {
  package var code: Code
  /// A few words that also stand in every finding.
  package var title: String
  /// For a student, in whole sentences.
  package var meaning: String
  /// What both examples take for granted; Markdown, as a document would have it.
  package var context: String
  package var wrong: String
  package var right: String

  /// - Complexity: O(1).
  package static func of(_ code: Code) -> Page {
    let (title, meaning, context, wrong, right) = code.explanation
    return Page(
      code: code, title: title, meaning: meaning, context: context, wrong: wrong, right: right)
  }

  /// The examples as documents of their own.
  package var documents: (wrong: String, right: String) {
    (wrong: context + "\n\n" + wrong + "\n", right: context + "\n\n" + right + "\n")
  }

  /// The page as text.
  package var text: String {
    var text = code.rawValue + ": " + title + "\n\n" + meaning + "\n\n"
    if !context.isEmpty { text += Page.indented(context) + "\n\n" }
    text += (context.isEmpty ? "This" : "Then this") + " is " + adjective + ":\n\n"
    text += Page.indented(wrong) + "\n\n"
    text += "and this is right:\n\n" + Page.indented(right) + "\n"
    return text
  }

  private var adjective: String {
    switch code.family {
    case .reading: "not understood"
    case .shapes: "ill-typed"
    case .refuted: "rejected"
    case .undecided: "left undecided"
    case .defect: "what should never be printed"
    }
  }

  private static func indented(_ text: String) -> String {
    text.utf8.split(separator: 10, omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    " + String(decoding: Array($0), as: UTF8.self) }
      .joined(separator: "\n")
  }
}

extension Code {
  typealias Explanation = (
    title: String, meaning: String, context: String, wrong: String, right: String
  )

  package enum Family: Hashable, Sendable, CaseIterable {
    case reading, shapes, refuted, undecided, defect
  }

  /// By the digit behind the L.
  package var family: Family {
    switch Array(rawValue.utf8)[1] {
    case UInt8(ascii: "0"): .reading
    case UInt8(ascii: "1"): .shapes
    case UInt8(ascii: "2"): .refuted
    case UInt8(ascii: "3"): .undecided
    default: .defect
    }
  }

  var explanation: Explanation {
    switch self {
    case .unreadToken, .missingOperand, .unreadFormula, .notText, .unknownDirective,
      .unterminatedFormula, .givenNotFound:
      readingExplanation
    case .sidesDiffer, .factorsCannotMeet, .termsCannotMeet, .wrongShapeForOperation,
      .definitionIllTyped, .strayIndex:
      shapeExplanation
    case .refuted, .offByOneBound, .offByOneIndex, .wrongExponent, .sign, .missingTranspose,
      .extraTranspose, .swappedFactors, .missingDiag, .totalForImmediate, .activationAppliedTwice,
      .missingFactor, .extraFactor, .droppedTerm, .doubledTerm, .wrongGate, .wrongSymbol,
      .circle:
      refutedExplanation
    case .undecided, .emptyClaim, .absentSymbol, .unknownSymbol, .noValidPoint, .opaqueSetEqual,
      .vanishingDenominator, .beyondBudget, .contradiction:
      undecidedExplanation
    }
  }
}

/// The page about a code as a person types it (`l204`); nil if there is none.
package func explanation(of text: String) -> String? {
  let name = String(
    decoding: text.utf8.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 }, as: UTF8.self)
  return Code(rawValue: name).map { Page.of($0).text }
}

/// Every code with its title, a line each.
package var explanations: String {
  Code.allCases.map { $0.rawValue + "  " + Page.of($0).title + "\n" }.joined()
}
