import Reporting

/// Where the equations of a derivative come from.
public enum ModelChoice: Sendable {
  /// A standard system by its name.
  case standard(String)
  /// A document, with those that it takes in its turn.
  case document(Document, givens: [GivenDocument])
}

public enum LayoutName: String, Sendable, CaseIterable {
  case numerator, denominator, gradient
}

public struct DerivativeRequest: Sendable {
  public var expression: String
  public var node: String
  public var model: ModelChoice?
  public var held: [String]
  public var isImmediate: Bool
  public var layout: LayoutName?
  public var isExplained: Bool
  public init(
    expression: String, node: String, model: ModelChoice?, held: [String], isImmediate: Bool,
    layout: LayoutName?, isExplained: Bool
  ) {
    self.expression = expression
    self.node = node
    self.model = model
    self.held = held
    self.isImmediate = isImmediate
    self.layout = layout
    self.isExplained = isExplained
  }
}

public enum ExpansionForm: String, Sendable, CaseIterable {
  case chain, steps, power, full, nested, copies, paths, general
}

public enum ExpansionFormat: String, Sendable, CaseIterable {
  case latex, markdown, text, json
}

public struct ExpansionRequest: Sendable {
  public var symbol: String
  public var node: String
  /// The last time T; nil where the symbol names its own time, or the form is general.
  public var steps: Int?
  public var model: ModelChoice?
  public var form: ExpansionForm
  public var format: ExpansionFormat
  /// A whole LaTeX document.
  public var isStandalone: Bool
  public init(
    symbol: String, node: String, steps: Int?, model: ModelChoice?, form: ExpansionForm,
    format: ExpansionFormat, isStandalone: Bool
  ) {
    self.symbol = symbol
    self.node = node
    self.steps = steps
    self.model = model
    self.form = form
    self.format = format
    self.isStandalone = isStandalone
  }
}

public struct ValidationRequest: Sendable {
  /// Empty: every standard system.
  public var models: [ModelChoice]
  /// The others are drawn.
  public var sizes: [(name: String, value: Int)]
  /// The last time T.
  public var steps: Int
  public var seed: UInt64
  public init(
    models: [ModelChoice] = [], sizes: [(name: String, value: Int)] = [], steps: Int = 3,
    seed: UInt64 = 1
  ) {
    self.models = models
    self.sizes = sizes
    self.steps = steps
    self.seed = seed
  }
}

/// How far a validation has come.
public struct ValidationProgress: Sendable {
  public var model: String
  /// How many derivatives of the model have been looked at, of how many.
  public var done: Int
  public var count: Int
}

/// Text to print, and what came of it.
public struct Answer: Sendable {
  public var text: String
  public var outcome: Outcome
  public init(_ text: String, _ outcome: Outcome = .holds) {
    self.text = text
    self.outcome = outcome
  }
}

/// Why a request cannot be answered, for a person.
public struct Refusal: Error {
  public var message: String
  public init(_ message: String) { self.message = message }
}

/// The page about a code (`L204`).
public func explain(_ code: String) throws(Refusal) -> String {
  guard let page = explanation(of: code) else {
    throw Refusal("there is no code \(code); there are\n" + explanations)
  }
  return page
}
