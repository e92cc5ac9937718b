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
      var message = "nothing is called \(name) here; "
      // Only the case differs: c_0 for C_t.
      func bare(_ name: String) -> String { String(name.prefix { $0 != "_" }).lowercased() }
      let near = known.first { other in
        other.lowercased() == name.lowercased()
          || other.hasSuffix("_t") && bare(other) == bare(name)
      }
      if let near {
        message += "did you mean \(near)? There are: "
      } else {
        message += "there are: "
      }
      self.init(message + known.joined(separator: ", "))
    case .differentVariables:
      self.init("a second derivative is taken by one variable twice: --by x,x")
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
    case .notName(let expression):
      self.init(
        "only a name can be written out, by a name; \(text(expression)) is none: such as L, h_3, W")
    case .constantDenominator(let expression, let known):
      self.init(
        "\(text(expression)) holds no variable, so that nothing can be differentiated by it; "
          + "there are: " + known.joined(separator: ", "))
    case .braces(let written, let meant):
      self.init("\(written) lacks braces: a script of more than one letter is written \(meant)")
    case .stepsMissing: self.init("how many steps? --steps T is due, such as --steps 3")
    case .expansion(let problem): self.init(problem, in: workspace)
    }
  }

  /// `W`, `h_t`
  static func name(of symbol: Symbol, in workspace: borrowing Workspace) -> String {
    let record = workspace[symbol]
    return unicodeName(record.name) + (record.isFamily ? "_t" : "")
  }

  private init(_ problem: ExpansionProblem, in workspace: borrowing Workspace) {
    func name(_ symbol: Symbol) -> String { Refusal.name(of: symbol, in: workspace) }
    func node(_ symbol: Symbol, _ time: Int?) -> String {
      unicodeName(workspace[symbol].name)
        + (time.map { "_" + ($0 < 0 ? "{\($0)}" : "\($0)") } ?? "")
    }
    switch problem {
    case .unsupported(let expression):
      self.init(
        "an equation holds \(unicode(expression, in: workspace)), so that it cannot be unrolled")
    case .circular(let symbol): self.init("\(name(symbol)) is defined by itself")
    case .unknownStart(let symbol):
      self.init(
        "nothing says where \(name(symbol)) starts: give the range of its equation, such as "
          + "t = 1, …, T, or its first state")
    case .unknownTime(let time):
      self.init(
        "the time " + timeText(time, in: workspace)
          + " is no number here: name one time, such as h_1, or the last one")
    case .needsTime(let symbol):
      self.init("at which time? \(node(symbol, 1)), say, for \(name(symbol))")
    case .beyond(let symbol, let time, let last):
      self.init("\(node(symbol, time)) lies beyond the last time, \(last): give more --steps")
    case .noNode(let symbol, let time, let range):
      self.init(
        "nothing depends on \(node(symbol, time)); there are "
          + "\(node(symbol, range.lowerBound)) to \(node(symbol, range.upperBound))")
    case .notComputed(let symbol, let time, nil):
      self.init("\(node(symbol, time)) is given: no equation computes it")
    case .notComputed(let symbol, let time, let range?):
      self.init(
        "no equation computes \(node(symbol, time)); there are "
          + "\(node(symbol, range.lowerBound)) to \(node(symbol, range.upperBound))")
    case .noPath(let symbols):
      self.init(
        "no path leads there; there are: "
          + symbols.map(name).joined(separator: ", "))
    case .noCopies(let symbol):
      self.init("\(name(symbol)) is no parameter: only a parameter has a copy for each step")
    case .noMatrixNotation(let symbol):
      self.init("the one-step Jacobian of \(name(symbol)) cannot be written out")
    case .noPower(let symbol):
      self.init(
        "the one-step Jacobians of \(name(symbol)) differ in more than the arguments of slopes, so "
          + "that there is no power: use --form full, nested or general")
    case .tooMany(let terms):
      let digits = "\(terms)"
      let number = digits.utf8.count > 12 ? "about 10^\(digits.utf8.count - 1)" : digits
      self.init(
        "there are \(number) terms, too many to be written: use --form nested or general")
    case .irregular:
      self.init("the terms follow no rule in T that could be written: use --form nested")
    }
  }
}
