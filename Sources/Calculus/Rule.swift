import Expressions

/// The rows of the rule tables: one per kind of node, or per special form of one.
package enum Rule: UInt8, Hashable, Sendable, CaseIterable {
  // Of the model.
  case chain, recurrence, parameter
  // LinearRules
  case sum, negative, transpose, entry, indexSum, tabulate, timeSum, stack, total, vec, diagonal
  // ProductRules
  case product, hadamard, quotient, kronecker, timeProduct, pathProduct
  // ElementwiseRules
  case elementwise, maximum, power, exponential, opaque, opaquePartial
  // MatrixRules
  case trace, determinant, matrixPower, inverse, timePower
  // NormalizationRules
  case norm, squaredNorm, softmax, largestEntry

  /// Where the rule is published.
  package var source: String {
    switch self {
    case .chain: return "Goodfellow, Bengio, Courville 2016, eq. 6.44"
    case .recurrence: return "Goodfellow, Bengio, Courville 2016, section 10.2.2"
    case .parameter: return "Pascanu, Mikolov, Bengio 2013, eq. 4"
    case .sum: return "Petersen, Pedersen 2012, eq. 35"
    case .negative: return "Petersen, Pedersen 2012, eq. 34"
    case .transpose: return "Petersen, Pedersen 2012, eq. 44"
    case .entry, .indexSum, .tabulate: return "Laue, Mitterreiter, Giesen 2018, section 3"
    case .timeSum: return "Petersen, Pedersen 2012, eq. 35"
    case .stack: return "Magnus, Neudecker 2019, section 9.3"
    case .total: return "Laue, Mitterreiter, Giesen 2018, section 3"
    case .vec: return "Magnus, Neudecker 2019, section 9.3"
    case .diagonal: return "Laue, Mitterreiter, Giesen 2018, section 3"
    case .product: return "Petersen, Pedersen 2012, eq. 37"
    case .hadamard: return "Petersen, Pedersen 2012, eq. 38"
    case .quotient: return "Laue, Mitterreiter, Giesen 2018, theorem 8"
    case .kronecker: return "Petersen, Pedersen 2012, eq. 39"
    case .timeProduct: return "Petersen, Pedersen 2012, eq. 37"
    case .pathProduct: return "Petersen, Pedersen 2012, eq. 37"
    case .elementwise: return "Laue, Mitterreiter, Giesen 2018, theorem 9"
    case .maximum: return "Goodfellow, Bengio, Courville 2016, section 6.3.1"
    case .power, .exponential: return "Laue, Mitterreiter, Giesen 2018, theorem 9"
    case .opaque, .opaquePartial: return "Laue, Mitterreiter, Giesen 2018, theorem 8"
    case .trace: return "Petersen, Pedersen 2012, eq. 36"
    case .determinant: return "Petersen, Pedersen 2012, eq. 41"
    case .matrixPower: return "Petersen, Pedersen 2012, eq. 90"
    case .inverse: return "Petersen, Pedersen 2012, eq. 40"
    case .timePower: return "Petersen, Pedersen 2012, eq. 90"
    case .norm: return "Petersen, Pedersen 2012, eq. 129"
    case .squaredNorm: return "Petersen, Pedersen 2012, eq. 131"
    case .softmax: return "Goodfellow, Bengio, Courville 2016, section 6.2.2.3"
    case .largestEntry: return "Laue, Mitterreiter, Giesen 2018, theorem 9"
    }
  }
}

/// One step of a derivation, for people.
package struct Step: Hashable, Sendable {
  package var rule: Rule
  package var before: Expression
  package var after: Expression
  package init(rule: Rule, before: Expression, after: Expression) {
    self.rule = rule
    self.before = before
    self.after = after
  }
}
