import Expressions

/// Powers of square matrices, inverses among them, and determinants.
extension Prover {
  mutating func matrixPower(
    _ base: Expression, _ exponent: Affine, _ own: Shape, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    if case .kronecker(let a, let b) = workspace[base], let n = exponent.literal, n != 1,
      let (first, second) = try squares(a, b, workspace)
    {
      // (A ⊗ B)ⁿ = Aⁿ ⊗ Bⁿ
      return try kronecker(a, b, labels, workspace) {
        prover, operand, places, workspace throws(Failure) in
        try prover.matrixPower(operand, exponent, operand == a ? first : second, places, workspace)
      }
    }
    let open = [
      table.label(over: own.dimensions[0]), table.label(over: own.dimensions[0]),
    ]
    if exponent == .one { return try component(base, labels, workspace) }
    let form = try component(base, open, workspace)
    if form.isEmpty, exponent.literal.map({ $0 < 0 }) ?? false { throw .vanishingAt(base) }
    return try matrixPower(form, open, exponent, labels)
  }

  /// The shapes of two factors of a Kronecker product that are both square matrices.
  private mutating func squares(
    _ a: Expression, _ b: Expression, _ workspace: borrowing Workspace
  ) throws(Failure) -> (Shape, Shape)? {
    let (first, second) = (try shape(a, workspace), try shape(b, workspace))
    guard first.isMatrix, second.isMatrix, first.dimensions[0] == first.dimensions[1],
      second.dimensions[0] == second.dimensions[1]
    else { return nil }
    return (first, second)
  }

  /// The matrix whose entry at two labels is the form, to a power.
  mutating func matrixPower(
    _ form: Form, _ open: [Label], _ exponent: Affine, _ labels: [Label]
  ) throws(Failure) -> Form {
    if let (number, matrix) = scale(of: form), !number.factors.isEmpty {
      // (cA)ⁿ = cⁿ Aⁿ
      return try simplifiedProduct(
        try power([number], exponent), try matrixPower([matrix], open, exponent, labels))
    }
    try requireWhole(labels)
    let straight = try intern(form, axes: open)
    let stored = table.forms[Int(straight.key)]
    squareDimensions[straight.key] = table.labels[Int(open[0])].dimension
    if isPlain(form), stored.terms.count == 1, stored.terms[0].times.isEmpty,
      let chain = chain(of: stored.terms[0], from: -1, to: -2)
    {
      if let special = try power(
        of: chain, stored.terms[0].coefficient, straight, exponent, labels)
      {
        return try simplifiedAll(special)
      }
    }
    let turned = try intern(form, axes: open.reversed())
    // What is its own transpose has powers that are.
    let isSymmetric = turned.key == straight.key && turned.times == straight.times
    let single = stored.terms
    let isSymbol =
      single.count == 1 && single[0].factors.count == 1 && single[0].coefficient.isOne
      && single[0].times.isEmpty && single[0].zone == .everything
      && single[0].factors[0].exponent == .one && single[0].factors[0].labels.count == 2
      && table.traits(single[0].factors[0]).isDisjoint(with: [.matrixPower, .path, .delta])
    let isTurned =
      !isSymmetric
      && (isSymbol ? single[0].factors[0].labels == [-2, -1] : turned.key < straight.key)
    let base = isTurned ? turned : straight
    squareDimensions[base.key] = squareDimensions[straight.key]
    let head = table.head(
      .matrixPower(base.key), isSymmetric ? [.matrixPower, .symmetric] : .matrixPower)
    if isSymbol {
      table.markPowerBase(single[0].factors[0].head, of: base.key)
    }
    return try simplifiedAll(
      unit([
        Factor(head, isTurned ? labels.reversed() : labels, base.times, exponent: exponent)
      ]))
  }

  /// A single term read as a product of matrices: each factor and whether it is transposed.
  struct Link {
    var factor: Factor
    var isTransposed: Bool
  }

  func chain(of term: Term, from start: Label, to end: Label) -> [Link]? {
    var rest = term.factors
    var links: [Link] = []
    var current = start
    while !rest.isEmpty {
      guard
        let at = rest.firstIndex(where: { $0.labels.count == 2 && $0.labels.contains(current) })
      else { return nil }
      let factor = rest.remove(at: at)
      let isTransposed = factor.labels[1] == current
      links.append(Link(factor: factor, isTransposed: isTransposed))
      current = factor.labels[isTransposed ? 0 : 1]
      if current == end { break }
      if !term.labels.contains(current) || term.occurrences(of: current) != 2 { return nil }
    }
    return rest.isEmpty && current == end ? links : nil
  }

  /// (cA)^n = c^n A^n; (QXQ^{-1})^n = QX^nQ^{-1}; (AB)^{-1} = B^{-1}A^{-1}; inverse of an inverse
  /// and of an orthogonal matrix. Nil where none applies.
  private mutating func power(
    of chain: [Link], _ coefficient: Polynomial, _ base: Interned, _ exponent: Affine,
    _ labels: [Label]
  ) throws(Failure) -> Form? {
    if !coefficient.isOne {
      var coefficient = coefficient
      for (s, time) in base.times.enumerated() {
        guard
          let value = coefficient.substituting(
            -1 - TimeVariable(s), by: Polynomial(Affine(time)))
        else { return nil }
        coefficient = value
      }
      let outer = try power([Term(coefficient, in: context)], exponent)
      let inner = try link(chain, base, exponent, labels)
      return try multiplied(outer, inner)
    }
    if chain.count == 1 {
      let factor = chain[0].factor
      let places = chain[0].isTransposed ? [labels[1], labels[0]] : labels
      if table.traits(factor).contains(.delta) { return unit([Factor(table.delta, labels)]) }
      let times = factor.times.map { slot($0, base) }
      if case .matrixPower = table.kind(factor) {
        let product: Affine
        if let n = factor.exponent.literal {
          product = exponent.scaled(by: n)
        } else if let n = exponent.literal {
          product = slots(factor.exponent, base).scaled(by: n)
        } else {
          return nil
        }
        return unit([Factor(factor.head, places, times, exponent: product)])
      }
      if table.traits(factor).contains(.orthogonal), let n = exponent.literal, n < 0 {
        let straight = try link([chain[0]], base, Affine(-n), [labels[1], labels[0]])
        return straight
      }
      return nil
    }
    if let first = chain.first, let last = chain.last, isInverse(first, last) {
      let left = freshLabel(like: base.key)
      let right = freshLabel(like: base.key)
      let inner = Array(chain.dropFirst().dropLast())
      var form = unit(
        [
          placed(first, [labels[0], left], base), placed(last, [right, labels[1]], base),
        ])
      form[0].labels = [left, right]
      if inner.isEmpty {
        form[0].factors.append(Factor(table.delta, [left, right]))
        return form
      }
      return try multiplied(form, try link(inner, base, exponent, [left, right]))
    }
    if let n = exponent.literal, n < 0, isSquareThroughout(base.key) {
      var form = unit([])
      var left = labels[0]
      for step in 1...(-n) {
        for (i, one) in chain.reversed().enumerated() {
          let isLast = step == -n && i == chain.count - 1
          let right = isLast ? labels[1] : freshLabel(like: base.key)
          if !isLast { form[0].labels.append(right) }
          form = try multiplied(form, try link([one], base, Affine(-1), [left, right]))
          left = right
        }
      }
      return form
    }
    return nil
  }

  /// Whether every matrix of the form's only term is as large as the whole.
  private func isSquareThroughout(_ key: FormKey) -> Bool {
    table.forms[Int(key)].terms[0].labels.allSatisfy {
      table.labels[Int($0)].dimension == squareDimensions[key]
    }
  }

  private func freshLabelDimension(of key: FormKey) -> Int32? {
    for term in table.forms[Int(key)].terms {
      for factor in term.factors {
        if let at = factor.labels.firstIndex(of: -1) {
          if factor.labels.count == 2, factor.labels[1 - at] >= 0 {
            return table.labels[Int(factor.labels[1 - at])].dimension
          }
        }
      }
    }
    return nil
  }

  /// A label over the rows of a square matrix form.
  mutating func freshLabel(like key: FormKey) -> Label {
    table.label(overNumber: squareDimensions[key] ?? freshLabelDimension(of: key) ?? 0)
  }

  private func slot(_ time: Moment, _ base: Interned) -> Moment {
    time.base < 0 ? base.times[Int(-1 - time.base)] + time.offset : time
  }
  private func slots(_ exponent: Affine, _ base: Interned) -> Affine {
    var result = exponent
    for (s, time) in base.times.enumerated() {
      result = result.substituting(-1 - TimeVariable(s), by: Affine(time))
    }
    return result
  }

  private func placed(_ link: Link, _ labels: [Label], _ base: Interned) -> Factor {
    var factor = link.factor
    factor.labels = link.isTransposed ? labels.reversed() : labels
    factor.times = factor.times.map { slot($0, base) }
    factor.exponent = slots(factor.exponent, base)
    return factor
  }

  /// The power of a chain of matrices, as a form at two labels.
  private mutating func link(
    _ chain: [Link], _ base: Interned, _ exponent: Affine, _ labels: [Label]
  ) throws(Failure) -> Form {
    let dimension = squareDimensions[base.key] ?? freshLabelDimension(of: base.key) ?? 0
    let ends = [table.label(overNumber: dimension), table.label(overNumber: dimension)]
    var term = unit([])[0]
    var left = ends[0]
    for (i, one) in chain.enumerated() {
      let right = i == chain.count - 1 ? ends[1] : table.label(overNumber: dimension)
      if i < chain.count - 1 { term.labels.append(right) }
      term.factors.append(placed(one, [left, right], base))
      left = right
    }
    if exponent == .one {
      term.replace(ends[0], by: labels[0])
      term.replace(ends[1], by: labels[1])
      return [term]
    }
    return try matrixPower([term], ends, exponent, labels)
  }

  private func isInverse(_ first: Link, _ last: Link) -> Bool {
    let (a, b) = (first.factor, last.factor)
    if a.times != b.times { return false }
    if a.head == b.head, table.traits(a).contains(.orthogonal) {
      return first.isTransposed != last.isTransposed
    }
    func opposes(_ power: Link, _ symbol: Link) -> Bool {
      guard case .matrixPower(let key) = table.kind(power.factor),
        power.factor.exponent == Affine(-1)
      else { return false }
      return table.powerBases[symbol.factor.head] == key
        && symbol.factor.exponent == .one && power.isTransposed == symbol.isTransposed
    }
    return opposes(first, last) || opposes(last, first)
  }

  mutating func determinant(
    _ operand: Expression, _ own: Shape, _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    let open = [table.label(over: own.dimensions[0]), table.label(over: own.dimensions[0])]
    let form = try component(operand, open, workspace)
    if form.isEmpty { return [] }
    if case .kronecker(let a, let b) = workspace[operand],
      let (first, second) = try squares(a, b, workspace),
      let m = Prover.affine(first.dimensions[0]), let n = Prover.affine(second.dimensions[0])
    {
      // det(A ⊗ B) = det(A)ⁿ det(B)ᵐ
      let left = try power(try determinant(a, first, workspace), n)
      let right = try power(try determinant(b, second, workspace), m)
      return try simplifiedProduct(left, right)
    }
    if let split = try scaledDeterminant(form, open, own.dimensions[0]) { return split }
    return try determinant(form, open, own.dimensions[0])
  }

  /// det(cA) = cⁿ det A; nil where no number stands before the matrix.
  private mutating func scaledDeterminant(
    _ form: Form, _ open: [Label], _ size: Dimension
  ) throws(Failure) -> Form? {
    guard let (number, matrix) = scale(of: form), let exponent = Prover.affine(size) else {
      return nil
    }
    let scale = try power([number], exponent)
    return try simplifiedProduct(scale, try determinant([matrix], open, size))
  }

  /// The number before a matrix of one term, and the matrix; nil if the number is one.
  private func scale(of form: Form) -> (number: Term, matrix: Term)? {
    guard isPlain(form), form.count == 1 else { return nil }
    var (number, matrix) = (form[0], form[0])
    number.factors.removeAll { !$0.labels.isEmpty }
    number.labels = []
    matrix.factors.removeAll { $0.labels.isEmpty }
    matrix.coefficient = .one
    return number.factors.isEmpty && number.coefficient.isOne ? nil : (number, matrix)
  }

  /// A size as an exponent; nil for products of sizes.
  static func affine(_ size: Dimension) -> Affine? {
    var sum = Affine(0)
    for monomial in size.monomials {
      if monomial.symbols.isEmpty {
        sum.constant += monomial.coefficient
      } else if monomial.symbols.count == 1 {
        let variable = Polynomial.dimensions + TimeVariable(monomial.symbols[0].id)
        sum = sum + Affine(Moment(variable)).scaled(by: monomial.coefficient)
      } else {
        return nil
      }
    }
    return sum
  }

  private func determinantTraits(_ key: FormKey) -> Traits {
    let terms = table.forms[Int(key)].terms
    guard terms.count == 1, terms[0].factors.count == 1, terms[0].coefficient.isOne,
      terms[0].times.isEmpty, terms[0].factors[0].exponent == .one,
      table.traits(terms[0].factors[0]).contains(.orthogonal)
    else { return [] }
    return .orthogonal
  }

  private mutating func determinant(
    _ form: Form, _ open: [Label], _ size: Dimension
  ) throws(Failure) -> Form {
    let straight = try intern(form, axes: open)
    squareDimensions[straight.key] = table.number(of: size)
    let stored = table.forms[Int(straight.key)]
    if isPlain(form), stored.terms.count == 1, stored.terms[0].times.isEmpty,
      stored.terms[0].coefficient.isOne,
      isSquareThroughout(straight.key),
      let chain = chain(of: stored.terms[0], from: -1, to: -2)
    {
      var result = unit([])
      for one in chain {
        if table.traits(one.factor).contains(.delta) { continue }
        let exponent: Affine
        var factor = one.factor
        if case .matrixPower(let key) = table.kind(one.factor) {
          exponent = slots(one.factor.exponent, straight)
          let base = table.forms[Int(key)]
          guard base.terms.count == 1, base.terms[0].factors.count == 1 else {
            let head = table.head(.determinant(key), determinantTraits(key))
            result = try multiplied(
              result,
              unit([Factor(head, [], factor.times.map { slot($0, straight) }, exponent: exponent)]))
            continue
          }
          factor = base.terms[0].factors[0]
          factor.times = one.factor.times
        } else {
          exponent = .one
        }
        let ends = [table.label(over: size), table.label(over: size)]
        factor.labels = ends
        factor.times = factor.times.map { slot($0, straight) }
        let key = try intern(unit([factor]), axes: ends)
        let head = table.head(.determinant(key.key), determinantTraits(key.key))
        result = try multiplied(
          result, unit([Factor(head, [], key.times, exponent: exponent)]))
      }
      return try simplifiedAll(result)
    }
    let turned = try intern(form, axes: open.reversed())
    let base = turned.key < straight.key ? turned : straight
    return unit([
      Factor(table.head(.determinant(base.key), determinantTraits(base.key)), [], base.times)
    ])
  }
}
