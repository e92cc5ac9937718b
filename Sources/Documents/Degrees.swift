import Expressions

/// The degree of expressions as polynomials in a name.
struct Degrees {
  let key: NameKey
  /// What the page computes, by names alone.
  let bodies: [NameKey: Expression]
  /// Numbers above 0 and positive definite matrices.
  let positive: Set<NameKey>
  var open: [NameKey] = []

  mutating func degree(
    of root: Expression, _ table: SymbolTable, in workspace: borrowing Workspace
  ) -> Int? {
    func greatest(_ parts: [Expression], _ degrees: inout Degrees) -> Int? {
      var found = 0
      for part in parts {
        guard let own = degrees.degree(of: part, table, in: workspace) else { return nil }
        found = max(found, own)
      }
      return found
    }
    func total(_ parts: [Expression], _ degrees: inout Degrees) -> Int? {
      var found = 0
      for part in parts {
        guard let own = degrees.degree(of: part, table, in: workspace) else { return nil }
        found += own
      }
      return found
    }
    switch workspace[root] {
    case .variable(let variable):
      guard let name = table.key(of: variable.symbol) else { return nil }
      if name == key { return 1 }
      guard let body = bodies[name] else { return 0 }
      if open.contains(name) { return nil }
      open.append(name)
      defer { open.removeLast() }
      return degree(of: body, table, in: workspace)
    case .sum(let terms): return greatest(terms, &self)
    case .negative(let part), .transpose(let part), .entry(let part, _), .indexSum(_, let part),
      .tabulate(_, let part):
      return degree(of: part, table, in: workspace)
    case .product(let factors), .hadamard(let factors): return total(factors, &self)
    case .quotient(let above, let below):
      return degree(of: below, table, in: workspace) == 0
        ? degree(of: above, table, in: workspace) : nil
    case .power(let base, let exponent):
      guard let own = degree(of: base, table, in: workspace) else {
        // `\|u\|^2` is a sum of squares.
        if case .tensorFunction(.norm, let inner) = workspace[base],
          workspace[exponent] == .number(Rational(2))
        {
          return degree(of: inner, table, in: workspace).map { 2 * $0 }
        }
        return nil
      }
      if own == 0 { return degree(of: exponent, table, in: workspace) == 0 ? 0 : nil }
      guard case .number(let number) = workspace[exponent], let power = number.exactInt, power > 0
      else { return nil }
      return own * power
    case .tensorFunction(.trace, let part), .tensorFunction(.diag, let part),
      .tensorFunction(.total, let part), .tensorFunction(.vec, let part):
      return degree(of: part, table, in: workspace)
    case .tensorFunction(_, let part), .apply(_, _, let part):
      return degree(of: part, table, in: workspace) == 0 ? 0 : nil
    case .derivative(let above, let below, _):
      guard case .variable(let variable) = workspace[below], table.key(of: variable.symbol) == key,
        let own = degree(of: above, table, in: workspace)
      else { return nil }
      return max(0, own - 1)
    case .number, .decimal, .timeValue, .dimensionValue, .identity, .ones, .zero, .unitVector,
      .delta:
      return 0
    default: return nil
    }
  }

  /// 1 where it is convex in the name at sight, a sum of squares; -1 where it is concave, 0 where it is
  /// neither; nil where that cannot be seen.
  mutating func curvature(
    of root: Expression, _ table: SymbolTable, in workspace: borrowing Workspace
  ) -> Int? {
    switch workspace[root] {
    case .variable(let variable):
      guard let name = table.key(of: variable.symbol), name != key, let body = bodies[name],
        !open.contains(name)
      else { break }
      open.append(name)
      defer { open.removeLast() }
      return curvature(of: body, table, in: workspace)
    case .negative(let part): return curvature(of: part, table, in: workspace).map { -$0 }
    case .sum(let terms):
      var found = 0
      for term in terms {
        guard let own = curvature(of: term, table, in: workspace), own * found >= 0 else {
          return nil
        }
        if own != 0 { found = own }
      }
      return found
    case .indexSum(_, let part), .timeSum(_, _, _, let part), .tensorFunction(.total, let part):
      return curvature(of: part, table, in: workspace)
    case .quotient(let above, let below):
      guard let sign = sign(of: below, table, in: workspace) else { break }
      return curvature(of: above, table, in: workspace).map { sign * $0 }
    case .product(let factors):
      var sign = 1
      var rest: [Expression] = []
      for factor in factors {
        if let own = self.sign(of: factor, table, in: workspace) {
          sign *= own
        } else {
          rest.append(factor)
        }
      }
      if rest.count == 1 { return curvature(of: rest[0], table, in: workspace).map { sign * $0 } }
      // `u^\top u`, `x^\top A x`
      guard let last = rest.last, workspace[rest[0]] == .transpose(last),
        degree(of: last, table, in: workspace) == 1
      else { break }
      if rest.count == 2 { return sign }
      let middle = rest.count == 3 ? self.sign(of: rest[1], table, in: workspace) : nil
      return middle == 1 ? sign : nil
    case .power(let base, let exponent):
      guard workspace[exponent] == .number(Rational(2)) else { break }
      var inner = base
      if case .tensorFunction(.norm, let measured) = workspace[base] { inner = measured }
      if degree(of: inner, table, in: workspace) == 1 { return 1 }
    default: break
    }
    return degree(of: root, table, in: workspace).flatMap { $0 <= 1 ? 0 : nil }
  }

  /// The sign of a number.
  private func sign(
    of root: Expression, _ table: SymbolTable, in workspace: borrowing Workspace
  ) -> Int? {
    switch workspace[root] {
    case .number(let number): number.isZero ? nil : number < .zero ? -1 : 1
    case .dimensionValue: 1
    case .variable(let variable):
      table.key(of: variable.symbol).map { positive.contains($0) } == true ? 1 : nil
    case .quotient(let above, let below):
      sign(of: above, table, in: workspace).flatMap { one in
        sign(of: below, table, in: workspace).map { one * $0 }
      }
    case .negative(let part): sign(of: part, table, in: workspace).map { -$0 }
    default: nil
    }
  }
}
