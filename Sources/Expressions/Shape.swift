/// The sizes of a tensor's axes. Order 0 is a scalar, 1 a column vector, 2 a matrix; a row vector is
/// a 1×d matrix; order 3 and more appear when vectors are differentiated by matrices.
package struct Shape: Hashable, Sendable {
  package let dimensions: [Dimension]

  package init(_ dimensions: [Dimension]) { self.dimensions = dimensions }

  package static let scalar = Shape([])
  package static func vector(_ n: Dimension) -> Shape { Shape([n]) }
  package static func row(_ n: Dimension) -> Shape { Shape([.one, n]) }
  package static func matrix(_ m: Dimension, _ n: Dimension) -> Shape { Shape([m, n]) }

  package var order: Int { dimensions.count }
  package var isScalar: Bool { dimensions.isEmpty }
  package var isVector: Bool { order == 1 }
  package var isMatrix: Bool { order == 2 }
  package var isRow: Bool { order == 2 && dimensions[0] == .one }

  /// The shape with every literal axis of size one taken out: what is left of 1×1 is a scalar.
  package var squeezed: Shape { Shape(dimensions.filter { $0 != .one }) }

  package func substituting(_ value: (DimensionSymbol) -> Dimension?) -> Shape {
    Shape(dimensions.map { $0.substituting(value) })
  }
}
