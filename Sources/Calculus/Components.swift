import Expressions

/// Scalars with labels: how the components of tensors are put together. Nil stands for zero.
extension Workspace {
  /// The product, with ones left out and nested products flattened; zero if one factor is. Iversons
  /// come first, before what need not exist where they are zero.
  mutating func times(_ factors: [Expression?]) -> Expression? {
    var flat: [Expression] = []
    for factor in factors {
      guard let factor else { return nil }
      switch self[factor] {
      case .number(let value) where value.isOne: continue
      case .number(let value) where value.isZero: return nil
      case .product(let inner):
        if inner.allSatisfy({ isPlainScalar($0) }) {
          flat += inner
        } else if let first = inner.first, case .iverson = self[first] {
          flat.append(first)
          let rest = Array(inner.dropFirst())
          flat.append(product(rest))
        } else {
          flat.append(factor)
        }
      default: flat.append(factor)
      }
    }
    var guards: [Expression] = []
    var rest: [Expression] = []
    for factor in flat {
      if case .iverson = self[factor] { guards.append(factor) } else { rest.append(factor) }
    }
    return product(guards + rest)
  }

  /// Whether a factor is plainly a scalar, so that its product may be flattened. False where that
  /// is not seen within a few levels.
  private func isPlainScalar(_ expression: Expression, depth: Int = 8) -> Bool {
    if depth == 0 { return false }
    switch self[expression] {
    case .number, .decimal, .delta, .entry, .timeValue, .dimensionValue, .iverson: return true
    case .variable(let variable): return self[variable.symbol].shape.isScalar
    case .opaque(let function, _, _): return self[function].shape.isScalar
    case .tensorFunction(let function, _):
      switch function {
      case .trace, .determinant, .norm, .spectralNorm, .spectralRadius, .total, .maximum:
        return true
      case .diag, .softmax, .vec: return false
      }
    case .negative(let operand), .apply(_, _, let operand), .power(let operand, _),
      .indexSum(_, let operand), .timeSum(_, _, _, let operand):
      return isPlainScalar(operand, depth: depth - 1)
    case .sum(let operands), .product(let operands):
      for operand in operands where !isPlainScalar(operand, depth: depth - 1) { return false }
      return true
    case .quotient(let a, let b):
      return isPlainScalar(a, depth: depth - 1) && isPlainScalar(b, depth: depth - 1)
    default: return false
    }
  }

  mutating func plus(_ terms: [Expression?]) -> Expression? {
    var flat: [Expression] = []
    for term in terms {
      guard let term else { continue }
      if case .sum(let inner) = self[term] { flat += inner } else { flat.append(term) }
    }
    return flat.isEmpty ? nil : sum(flat)
  }

  mutating func minus(_ term: Expression?) -> Expression? {
    guard let term else { return nil }
    if case .negative(let inner) = self[term] { return inner }
    return expression(.negative(term))
  }

  mutating func ratio(_ numerator: Expression?, _ denominator: Expression) -> Expression? {
    guard let numerator else { return nil }
    return expression(.quotient(numerator, denominator))
  }

  /// Kronecker's δ; one or zero where that is plain.
  mutating func delta(_ a: Index, _ b: Index) -> Expression? {
    if a == b { return number(1) }
    if case .literal = a, case .literal = b { return nil }
    return expression(.delta(a, b))
  }

  mutating func delta(_ a: [Index], _ b: [Index]) -> Expression? {
    precondition(a.count == b.count)
    var factors: [Expression?] = []
    for (i, j) in zip(a, b) { factors.append(delta(i, j)) }
    return times(factors)
  }

  /// `guards` ≥ 0 as a factor.
  mutating func guarded(_ term: Expression?, by guards: [Time]) -> Expression? {
    guard let term, !guards.isEmpty else { return term }
    return times([expression(.iverson(guards)), term])
  }

  /// Σ over a label: taken term by term, a δ at the label taken out by substitution.
  mutating func contraction(over label: IndexSymbol, _ body: Expression?) -> Expression? {
    guard let body else { return nil }
    switch self[body] {
    case .sum(let terms):
      var new: [Expression?] = []
      for term in terms { new.append(contraction(over: label, term)) }
      return plus(new)
    case .negative(let operand): return minus(contraction(over: label, operand))
    case .quotient(let a, let b) where !mentions(label, in: b):
      return ratio(contraction(over: label, a), b)
    case .delta(let a, let b) where a == .label(label) || b == .label(label):
      return number(1)
    case .indexSum(let inner, let operand):
      guard let reduced = contraction(over: label, operand) else { return nil }
      return expression(.indexSum(inner, reduced))
    case .product(let factors):
      for (place, factor) in factors.enumerated() {
        guard case .delta(let a, let b) = self[factor] else { continue }
        guard a == .label(label) || b == .label(label) else { continue }
        let other = a == .label(label) ? b : a
        var rest: [Expression?] = []
        for (i, kept) in factors.enumerated() where i != place {
          rest.append(substituting(label, by: other, in: kept))
        }
        return times(rest)
      }
      let outside = factors.filter { !mentions(label, in: $0) }
      let inside = factors.filter { mentions(label, in: $0) }
      if inside.isEmpty { break }
      if outside.isEmpty { return expression(.indexSum(label, body)) }
      let inner =
        inside.count == 1
        ? contraction(over: label, inside[0])
        : contraction(over: label, product(inside))
      var all: [Expression?] = [inner]
      for (place, factor) in outside.enumerated() { all.insert(factor, at: place) }
      return times(all)
    default: break
    }
    if mentions(label, in: body) { return expression(.indexSum(label, body)) }
    return times([expression(.dimensionValue(self[label].dimension)), body])
  }

  mutating func contraction(over labels: [IndexSymbol], _ body: Expression?) -> Expression? {
    var result = body
    for label in labels.reversed() { result = contraction(over: label, result) }
    return result
  }

  mutating func freshLabel(_ dimension: Dimension) -> IndexSymbol {
    index(IndexRecord(name: "i", dimension: dimension))
  }
  /// One label per axis that is not of size one.
  mutating func freshLabels(for shape: Shape) -> [IndexSymbol] {
    var labels: [IndexSymbol] = []
    for dimension in shape.squeezed.dimensions { labels.append(freshLabel(dimension)) }
    return labels
  }

  /// The entry of a tensor at indices for its axes of size other than one.
  mutating func component(_ tensor: Expression, at indices: [Index]) -> Expression {
    if indices.isEmpty { return tensor }
    switch self[tensor] {
    case .transpose(let operand):
      return component(operand, at: Array(indices.reversed()))
    case .identity where indices.count == 2:
      return delta(indices[0], indices[1]) ?? number(0)
    case .ones: return number(1)
    case .zero: return number(0)
    case .unitVector(let place, _) where indices.count == 1:
      return delta(place, indices[0]) ?? number(0)
    case .tabulate(let labels, let body) where labels.count == indices.count && isSmall(body):
      var result = body
      for (label, index) in zip(labels, indices) {
        result = substituting(label, by: index, in: result)
      }
      return result
    default: return expression(.entry(tensor, indices))
    }
  }

  private func isSmall(_ root: Expression) -> Bool {
    var size = 0
    visit(root) { _, _ in size += 1 }
    return size <= 256
  }

  /// The tensor of a scalar with labels; the scalar itself if there are none.
  mutating func tensor(_ labels: [IndexSymbol], _ body: Expression) -> Expression {
    labels.isEmpty ? body : expression(.tabulate(labels, body))
  }
}

extension [IndexSymbol] {
  var asIndices: [Expressions.Index] {
    var result: [Expressions.Index] = []
    for label in self { result.append(.label(label)) }
    return result
  }
}
