import Calculus
import Checking
import Documents
import Expressions
import Notation
import Reporting

/// What is said of a question that cannot be answered.
extension Refusal {
  init(_ problem: InquiryProblem, in workspace: borrowing Workspace) {
    func name(_ symbol: Symbol) -> String { workspace[symbol].name }
    func text(_ expression: Expression) -> String {
      unicode(expression, in: workspace, conventions: Conventions())
    }
    func words(_ message: Message) -> String {
      message.sentence(.terminal, in: workspace, conventions: Conventions())
    }
    switch problem {
    case .unreadable(let unreadable): self.init(words(Message(unreadable: unreadable)))
    case .unknownName(let name, let known):
      self.init("nothing is called \(name) here; there are: " + known.joined(separator: ", "))
    case .mismatch(let mismatch): self.init(words(Message(mismatch: mismatch)))
    case .derivative(let problem):
      switch problem {
      case .denominatorIsNoNode(let expression):
        self.init("one cannot differentiate by \(text(expression)): it is no name")
      case .elidedSlope: self.init("a slope lacks its argument")
      case .unsupported(let expression):
        self.init("there is no rule for the derivative of \(text(expression))")
      case .circular(let symbol): self.init("\(name(symbol)) is defined by itself")
      case .mixedDirections(let symbols):
        self.init(
          "these feed one another forwards and backwards in time: "
            + symbols.map(name).joined(separator: ", "))
      case .mixedTimes(let expression):
        self.init("the members of \(text(expression)) stand at different times")
      case .illTyped(let expression): self.init("the shapes in \(text(expression)) do not fit")
      }
    case .expansion(let problem):
      switch problem {
      case .noSumOverTime(let symbol):
        self.init("\(name(symbol)) is neither a family nor a sum of one over time")
      case .noState: self.init("no recurrence leads from the parameter to the result")
      case .severalStates(let symbols):
        self.init(
          "there is more than one recurrent state: " + symbols.map(name).joined(separator: ", "))
      case .noMatrixNotation(let symbol):
        self.init("the one-step Jacobian of \(name(symbol)) has no matrix notation")
      case .noPower(let symbol):
        self.init("the one-step Jacobians of \(name(symbol)) differ in more than their slopes")
      case .unknownTime(let time):
        self.init("the time " + timeText(time, in: workspace) + " is no number for these steps")
      }
    }
  }
}
