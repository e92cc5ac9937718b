import Documents
import Expressions
import Notation

/// What is said of formulas that cannot be read and of shapes that cannot fit.
extension Message {
  package init(unreadable problem: Unreadable) {
    switch problem.reason {
    case .token(let reason): self.init(token: problem.token, reason: reason.reason)
    case .missingOperand:
      self.init([
        .words("Something is missing here: a side, a numerator or a denominator is empty.")
      ])
    case .noMeaning:
      self.init(
        problem.token.isEmpty
          ? [.words("This has no meaning as mathematics here.")]
          : [.words("This has no meaning as mathematics here: "), .token(problem.token)])
    case .dots:
      self.init([.words("What the dots leave out cannot be told.")])
    case .derivative:
      self.init([.words("This is no derivative: what is it taken by?")])
    case .index:
      self.init([.words("This cannot be an index or a time.")])
    case .sumBounds:
      self.init([
        .words(
          "The bounds of this sum or product cannot be read: write both ends, as in k=0 and t.")
      ])
    case .exponent:
      self.init([.words("This exponent cannot be read: "), .token(problem.token)])
    case .arguments:
      self.init([.words("This function lacks its argument.")])
    case .unknownFunction:
      self.init([
        .words("No function "), .token(problem.token),
        .words(" is known here: say what it is, as in f(x) = …."),
      ])
    case .operatorSign:
      self.init([.words("This sign has no meaning between numbers, vectors or matrices.")])
    case .tooDeep:
      self.init([.words("This is nested too deeply to be read.")])
    }
  }

  init(_ circle: DrawnCircle) {
    func path(_ nodes: ArraySlice<String>) -> [Part] {
      nodes.enumerated().flatMap { i, node in
        i == 0 ? [Part.token(node)] : [.words(" → "), .token(node)]
      }
    }
    self.init(
      [.words("These arrows lead in a circle, and nothing depends on itself: ")]
        + path(circle.nodes[...]) + [.words(".")])
    if let other = circle.alternative {
      parts +=
        [.words(" Is ")] + path([circle.nodes[circle.nodes.count - 2], other])
        + [.words(" meant, which is drawn as well?")]
    }
  }

  private init(token: String, reason: Formula.UnreadReason) {
    switch reason {
    case .unknownCommand:
      self.init([
        .words("The command "), .token(token),
        .words(" is unknown. If it is a macro of yours, define it on the page."),
      ])
    case .missingClosing(let sign):
      self.init([
        .words("A closing "), .token(sign), .words(" is missing for what opens here."),
      ])
    case .unexpectedClosing:
      self.init([.words("Nothing was opened that "), .token(token), .words(" could close.")])
    case .missingOperand:
      self.init(
        token.isEmpty
          ? [.words("The formula breaks off here: something is missing.")]
          : [.words("Something is missing beside "), .token(token), .words(".")])
    case .missingArgument:
      self.init([.words("The command "), .token(token), .words(" lacks an argument.")])
    case .tooDeep: self.init([.words("This is nested too deeply to be read.")])
    case .unexpectedCharacter:
      self.init([.words("The character "), .token(token), .words(" cannot be read here.")])
    }
  }

  package init(mismatch: ShapeMismatch) {
    var parts: [Part]
    switch mismatch.place {
    case .factors: parts = [.words("These two factors cannot be multiplied: ")]
    case .terms: parts = [.words("These two cannot be added: ")]
    case .sides: parts = [.words("The two sides have different shapes: ")]
    case .power: parts = [.words("Only a square matrix has powers: ")]
    case .transpose: parts = [.words("This has more than two axes and no transpose: ")]
    case .function: parts = [.words("This function does not take an argument of this shape: ")]
    case .quotient: parts = [.words("These two cannot be divided: ")]
    case .indices: parts = [.words("The indices do not fit: ")]
    case .stack: parts = [.words("The blocks of this matrix do not fit together: ")]
    case .timeProduct: parts = [.words("Only square matrices can be multiplied along times: ")]
    case .exponent: parts = [.words("An exponent is a number: ")]
    }
    parts += [.maths(mismatch.first), .words(" is "), .shape(mismatch.firstShape)]
    if let second = mismatch.second, let shape = mismatch.secondShape {
      parts += [.words(", "), .maths(second), .words(" is "), .shape(shape)]
    } else if let shape = mismatch.secondShape {
      parts += [.words(", where "), .shape(shape), .words(" is due")]
    }
    parts.append(.words("."))
    self.init(parts)
  }
}
