import Expressions
import Notation

/// An expression together with where each part of it stands: spans live here, not in shared nodes.
package struct Written: Sendable {
  package var expression: Expression
  /// In the formula's text.
  package var span: Span
  /// As many as the node has children and in their order, or none where the parts have no place.
  package var children: [Written]

  package init(_ expression: Expression, _ span: Span, _ children: [Written] = []) {
    self.expression = expression
    self.span = span
    self.children = children
  }

  /// The span of the smallest written part that contains the place.
  package func span(at path: Path) -> Span {
    var current = self
    for step in path.steps {
      guard current.children.indices.contains(step) else { return current.span }
      current = current.children[step]
    }
    return current.span
  }
}

/// Why a formula has no meaning.
package struct Unreadable: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case token(UnreadReasonText)
    case missingOperand
    case noMeaning
    case dots
    case derivative
    case index
    case sumBounds
    case exponent
    case arguments
    /// A function of which nothing is known.
    case unknownFunction
    case operatorSign
    case tooDeep
  }
  package var reason: Reason
  package var span: Span
  /// The token as written.
  package var token: String
  package init(_ reason: Reason, _ span: Span, _ token: String = "") {
    self.reason = reason
    self.span = span
    self.token = token
  }
}

/// A parser's reason, kept as it is.
package struct UnreadReasonText: Hashable, Sendable {
  package var reason: Formula.UnreadReason
  package init(_ reason: Formula.UnreadReason) { self.reason = reason }
}

/// The names of one model: which symbol a name stands for.
package struct SymbolTable: Sendable {
  package private(set) var keys: [NameKey] = []
  private var symbols: [NameKey: Symbol] = [:]

  package init() {}
  package subscript(key: NameKey) -> Symbol? { symbols[key] }
  package mutating func insert(_ key: NameKey, _ symbol: Symbol) {
    if symbols[key] == nil { keys.append(key) }
    symbols[key] = symbol
  }
  package mutating func remove(_ key: NameKey) {
    symbols[key] = nil
    keys.removeAll { $0 == key }
  }
  /// The name of a symbol.
  package func key(of symbol: Symbol) -> NameKey? {
    for key in keys where symbols[key] == symbol { return key }
    return nil
  }
}
