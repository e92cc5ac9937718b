import Expressions

/// The names that a document gives to derivatives: `δ_t` for ∂L/∂h_t, `dW` for ∂L/∂W.
package struct DerivativeNames: Hashable, Sendable {
  /// What a name looks like.
  package enum Name: Hashable, Sendable {
    /// A name of its own, at a time.
    case own(String, Time?)
    /// What stands before the name of the node: `d`, `\\delta`.
    case prefix(String)
    /// A bar above the name of the node.
    case bar
    /// `\nabla_W L`, of whatever is differentiated.
    case nabla
  }

  package struct Entry: Hashable, Sendable {
    /// Nil for a name of the derivatives of all nodes.
    package var numerator: Variable?
    /// Nil for a name of the derivatives by all nodes.
    package var denominator: Variable?
    package var layout: Layout
    /// Whether the transpose of the derivative bears the name.
    package var isTransposed: Bool
    package var name: Name

    package init(
      of numerator: Variable?, by denominator: Variable?, layout: Layout,
      isTransposed: Bool = false,
      name: Name
    ) {
      self.numerator = numerator
      self.denominator = denominator
      self.layout = layout
      self.isTransposed = isTransposed
      self.name = name
    }
  }

  package var entries: [Entry] = []
  /// Derivatives that stay quotients.
  package var spelledOut: [Expression] = []

  package init() {}
}

extension DerivativeNames.Entry {
  /// The name's time where the entry names a derivative; nil where it does not.
  package func time(
    of numerator: Variable, by denominator: Variable
  ) -> (isNamed: Bool, time: Time?) {
    guard let top = self.numerator else { return (true, nil) }
    guard let own = self.denominator else { return (numerator == top, nil) }
    guard numerator.symbol == top.symbol, denominator.symbol == own.symbol,
      numerator.copy == nil, denominator.copy == nil
    else { return (false, nil) }
    guard let pattern = own.time, let letter = pattern.symbol, let time = denominator.time else {
      return (numerator == top && denominator == own, nil)
    }
    let value = time - pattern.constant
    guard numerator.time == top.time?.substituting(letter, by: value) else {
      return (false, nil)
    }
    if case .own(_, let formal) = name { return (true, formal?.substituting(letter, by: value)) }
    return (true, nil)
  }
}

extension DerivativeNames {
  /// The name of a derivative, its time, and what is differentiated by what.
  package typealias Use = (name: Name, time: Time?, of: Expression, by: Variable)

  /// How a derivative is named, if it has a name.
  package func use(for expression: Expression, in workspace: borrowing Workspace) -> Use? {
    if entries.isEmpty { return nil }
    var (derivative, isTransposed) = (expression, false)
    if case .transpose(let operand) = workspace[expression] {
      (derivative, isTransposed) = (operand, true)
    }
    guard case .derivative(let above, let below, let intervention) = workspace[derivative],
      intervention.mode != .immediate, intervention.held.isEmpty,
      case .variable(let numerator) = workspace[above],
      case .variable(let denominator) = workspace[below], !spelledOut.contains(derivative)
    else { return nil }
    for entry in entries
    where entry.isTransposed == isTransposed && entry.layout == intervention.layout {
      let (isNamed, time) = entry.time(of: numerator, by: denominator)
      if isNamed { return (entry.name, time, above, denominator) }
    }
    return nil
  }
}

extension Printer {
  /// A derivative by its name, if it has one.
  func named(_ expression: Expression, in workspace: borrowing Workspace) -> Printed? {
    conventions.derivativeNames.use(for: expression, in: workspace).map {
      printed($0.name, $0.time, of: $0.of, by: $0.by, in: workspace)
    }
  }

  private func printed(
    _ name: DerivativeNames.Name, _ time: Time?, of numerator: Expression, by node: Variable,
    in workspace: borrowing Workspace
  ) -> Printed {
    switch name {
    case .own(let base, _):
      let text = self.name(base)
      return Printed(time.map { timed(text, $0, in: workspace) } ?? text, .scripted)
    case .prefix(let mark):
      let sign = self.name(mark)
      let blank = form == .latex && sign.utf8.first == UInt8(ascii: "\\") ? " " : ""
      return Printed(sign + blank + variable(node, in: workspace).text, .scripted)
    case .nabla: return nabla(of: numerator, variable(node, in: workspace).text, in: workspace)
    case .bar:
      let base = self.name("\\bar{" + workspace[node.symbol].name + "}")
      return Printed(node.time.map { timed(base, $0, in: workspace) } ?? base, .scripted)
    }
  }
}
