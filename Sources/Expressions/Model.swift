/// One equation of a model: how the nodes of a symbol are computed.
package struct Definition: Hashable, Sendable {
  package var symbol: Symbol
  /// The variable that stands for the node's time in `body`; nil for a symbol without a time, and
  /// for an equation of one instance.
  package var time: TimeSymbol?
  /// The one time an instance's equation is for (`h_0 = …`).
  package var instance: Time?
  /// The first and last times at which the equation holds; nil where none is stated.
  package var from: Time?
  package var through: Time?
  package var body: Expression

  package init(
    symbol: Symbol, time: TimeSymbol? = nil, instance: Time? = nil, from: Time? = nil,
    through: Time? = nil, body: Expression
  ) {
    self.symbol = symbol
    self.time = time
    self.instance = instance
    self.from = from
    self.through = through
    self.body = body
  }
}

/// Definitions that feed one another: a directed graph over nodes (symbol, time), with parameters
/// shared by all times. What no definition computes is a parameter (no time) or an input (a time).
package struct Model: Sendable {
  /// In the order of the document. A symbol has at most one general equation, and instances.
  package var definitions: [Definition]
  /// Times that hold for the whole model, such as 1 ≤ T: each is ≥ 0.
  package var domain: [Time]

  package init(definitions: [Definition] = [], domain: [Time] = []) {
    self.definitions = definitions
    self.domain = domain
  }

  /// The general equation of a symbol.
  package func definition(of symbol: Symbol) -> Definition? {
    definitions.first { $0.symbol == symbol && $0.instance == nil }
  }
  package func instances(of symbol: Symbol) -> [Definition] {
    definitions.filter { $0.symbol == symbol && $0.instance != nil }
  }
  /// The equation of a node: its own, if it has one, else the general one of its symbol.
  package func equation(of node: Variable) -> Definition? {
    instances(of: node.symbol).first { $0.instance == node.time } ?? definition(of: node.symbol)
  }
  package func computes(_ symbol: Symbol) -> Bool {
    definitions.contains { $0.symbol == symbol }
  }
}

/// What a claim says of its two sides.
package enum Relation: String, Hashable, Sendable, CaseIterable {
  case equal = "="
  case notEqual = "≠"
  case less = "<"
  case lessOrEqual = "≤"
  case greater = ">"
  case greaterOrEqual = "≥"
  case approximately = "≈"
  case proportional = "∝"
  case tendsTo = "→"
  case elementOf = "∈"
}
