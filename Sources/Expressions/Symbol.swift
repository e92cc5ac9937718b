/// A name of the document with a shape: a parameter, an input, a state, a loss.
package struct Symbol: Hashable, Comparable, Sendable {
  package let id: UInt32
  package init(id: UInt32) { self.id = id }
  package static func < (lhs: Self, rhs: Self) -> Bool { lhs.id < rhs.id }
}

/// What restricts how a symbol is drawn, and what may be used of it.
package struct Properties: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }
  package static let symmetric = Properties(rawValue: 1)
  package static let invertible = Properties(rawValue: 2)
  package static let orthogonal = Properties(rawValue: 4)
  package static let diagonal = Properties(rawValue: 8)
  package static let positiveDefinite = Properties(rawValue: 16)
  /// A vector, or a matrix in each of its rows.
  package static let oneHot = Properties(rawValue: 32)
  package static let unitNorm = Properties(rawValue: 64)
  package static let constant = Properties(rawValue: 128)
  package static let positive = Properties(rawValue: 256)
  package static let positiveDeterminant = Properties(rawValue: 512)
  /// A scalar quantity that gradients are taken of.
  package static let loss = Properties(rawValue: 1024)
  /// Each entry is 0 or 1.
  package static let bits = Properties(rawValue: 2048)
  /// Each entry is −1 or 1.
  package static let signs = Properties(rawValue: 4096)
}

/// What is known of a symbol apart from its definition.
package struct SymbolRecord: Sendable {
  /// As LaTeX, decoration and labels included: `W`, `\tilde C`, `W_f`.
  package var name: String
  package var shape: Shape
  /// Whether the symbol carries a time index.
  package var isFamily: Bool
  package var properties: Properties
  package init(name: String, shape: Shape, isFamily: Bool, properties: Properties = []) {
    self.name = name
    self.shape = shape
    self.isFamily = isFamily
    self.properties = properties
  }
}

/// An occurrence of a symbol: at a time if it is a family, as a copy if it is a parameter's copy.
package struct Variable: Hashable, Sendable {
  package var symbol: Symbol
  package var time: Time?
  /// The step whose use of a parameter is meant: `U^{(2)}`.
  package var copy: Time?
  package init(_ symbol: Symbol, at time: Time? = nil, copy: Time? = nil) {
    self.symbol = symbol
    self.time = time
    self.copy = copy
  }
}

/// A label of index notation, such as i in `W_{ij}`; it runs over one dimension.
package struct IndexSymbol: Hashable, Comparable, Sendable {
  package let id: UInt32
  package init(id: UInt32) { self.id = id }
  package static func < (lhs: Self, rhs: Self) -> Bool { lhs.id < rhs.id }
}

package struct IndexRecord: Sendable {
  package var name: String
  package var dimension: Dimension
  package init(name: String, dimension: Dimension) {
    self.name = name
    self.dimension = dimension
  }
}

/// A place along an axis, counted from one.
package enum Index: Hashable, Sendable {
  case label(IndexSymbol)
  case literal(Int)
  /// The last place of the axis (`w_{1d}`).
  case last(Dimension)
}

/// A smooth function of one variable that the document leaves unspecified (`f`, `φ`).
package struct FunctionSymbol: Hashable, Sendable {
  package let id: UInt32
  package init(id: UInt32) { self.id = id }
}

/// An unknown smooth function of named arguments: a loss `L_t(h_t)`, an undefined state.
package struct OpaqueFunction: Hashable, Comparable, Sendable {
  package let id: UInt32
  package init(id: UInt32) { self.id = id }
  package static func < (lhs: Self, rhs: Self) -> Bool { lhs.id < rhs.id }
}

package struct OpaqueRecord: Sendable {
  package var name: String
  package var shape: Shape
  package init(name: String, shape: Shape) {
    self.name = name
    self.shape = shape
  }
}
