import Expressions

// Inverses of sums and of products that are not square factor by factor, (A + UCV)^{-1} and
// (XᵀX)^{-1}, stand for themselves in the index form. Of the matrix K = c L + R beneath, L its
// longest product of matrices, L K^{-1} = (I - R K^{-1}) / c and K^{-1} L = (I - K^{-1} R) / c take L
// away beside the inverse; and where an inverse stands at an open axis, both sides are multiplied by
// its matrix, which changes nothing where the inverse exists.

extension Prover {
  /// What is left of a difference once inverses are cancelled, or multiplied away at its axes: zero
  /// only if the difference is.
  mutating func clearingInverses(_ residual: Form) throws(Failure) -> Form? {
    guard isPlain(residual) else { return nil }
    var budget = 16
    return try clearing(try cancellingInverses(residual), [], &budget)
  }

  /// Which of several inverses is multiplied away first may decide, so all are tried in turn.
  private mutating func clearing(
    _ form: Form, _ cleared: [Cleared], _ budget: inout Int
  ) throws(Failure) -> Form? {
    if form.isEmpty { return form }
    if let simpler = try clearingDenominators(form) { return simpler }
    guard cleared.count < 4 else { return nil }
    for next in openInverses(form, but: cleared) {
      if budget == 0 { return nil }
      budget -= 1
      var product: Form = []
      for term in form {
        var term = term
        let label = freshLabel(like: next.inverse.key)
        term.replace(next.label, by: label)
        let block = try instantiate(
          next.inverse.key, next.inverse.isLeft ? [next.label, label] : [label, next.label],
          next.times)
        var parts = try multiplied(block, [term])
        for i in parts.indices { parts[i].labels.append(label) }
        product += parts
      }
      let simpler = try cancellingInverses(try reduced(try simplifiedAll(product)))
      if let empty = try clearing(simpler, cleared + [next.inverse], &budget) { return empty }
    }
    return nil
  }

  private struct Cleared: Equatable {
    var key: FormKey
    var isLeft: Bool
  }

  /// The inverses of matrices at open axes: the axis, and on which side of it the inverse stands.
  private func openInverses(
    _ form: Form, but cleared: [Cleared]
  ) -> [(inverse: Cleared, label: Label, times: [Moment])] {
    var found: [(inverse: Cleared, label: Label, times: [Moment])] = []
    for term in form {
      for factor in term.factors {
        guard let key = inverse(factor), let size = squareDimensions[key] else { continue }
        for (place, label) in factor.labels.enumerated()
        where label >= 0 && !term.labels.contains(label) && isWhole(label, size) {
          let inverse = Cleared(key: key, isLeft: place == 0)
          if cleared.contains(inverse) || found.contains(where: { $0.inverse == inverse }) {
            continue
          }
          found.append((inverse, label, factor.times))
        }
      }
    }
    return found
  }

  /// The form of which the factor is the inverse, if its terms are plain.
  private func inverse(_ factor: Factor) -> FormKey? {
    guard case .matrixPower(let key) = table.kind(factor), factor.exponent == Affine(-1),
      table.forms[Int(key)].terms.allSatisfy({ $0.times.isEmpty && $0.zone == .everything })
    else { return nil }
    return key
  }

  /// Every longest product beside the inverse of its sum taken away.
  private mutating func cancellingInverses(_ form: Form) throws(Failure) -> Form {
    var form = form
    for _ in 0..<24 {
      var changed = false
      var result: Form = []
      for term in form {
        if let rewritten = try cancellingInverse(in: term) {
          result += rewritten
          changed = true
        } else {
          result.append(term)
        }
      }
      if !changed { break }
      form = try reduced(result)
    }
    return form
  }

  private mutating func cancellingInverse(in term: Term) throws(Failure) -> Form? {
    for i in term.factors.indices {
      guard let key = inverse(term.factors[i]), let size = squareDimensions[key],
        let lead = lead(of: key)
      else { continue }
      let power = term.factors[i]
      let isSymmetric = table.traits(power).contains(.symmetric)
      for isLeft in [true, false] {
        for isTurned in isSymmetric ? [false, true] : [false] {
          // K^{-1} from `near`, where L may stand, to `far`.
          let near = power.labels[isLeft != isTurned ? 0 : 1]
          let far = power.labels[isLeft != isTurned ? 1 : 0]
          guard isWhole(near, size),
            let match = match(
              lead.chain, endingAt: near, isLeft: isLeft, of: term, beside: i, power.times)
          else { continue }
          var rest = term
          for at in match.factors.sorted(by: >) { rest.factors.remove(at: at) }
          rest.labels.removeAll { match.labels.contains($0) }
          rest.coefficient = rest.coefficient * Polynomial(lead.reciprocal)
          var unit = rest
          unit.factors.append(Factor(table.delta, [match.start, far]))
          var result = [unit]
          let middle = freshLabel(like: key)
          let block = try instantiate(
            key, isLeft ? [match.start, middle] : [middle, match.start], power.times)
          for (n, other) in block.enumerated() where n != lead.place {
            var product = rest * other
            product.coefficient = -product.coefficient
            product.factors.append(
              Factor(
                power.head, isLeft ? [middle, far] : [far, middle], power.times,
                exponent: power.exponent))
            product.labels.append(middle)
            result.append(product)
          }
          return try simplifiedAll(result)
        }
      }
    }
    return nil
  }

  /// Whether the label runs over all of an axis, not over a block of a stacked one.
  private func isWhole(_ label: Label, _ size: Int32) -> Bool {
    label >= 0 && table.labels[Int(label)].block < 0 && table.labels[Int(label)].dimension == size
  }

  private struct Lead {
    /// Which term of the form.
    var place: Int
    var chain: [Link]
    var reciprocal: Rational
  }

  /// The longest product of matrices among a form's terms, the identity apart.
  private func lead(of key: FormKey) -> Lead? {
    var best: Lead?
    for (place, term) in table.forms[Int(key)].terms.enumerated() {
      guard let coefficient = term.coefficient.rational,
        let reciprocal = Rational.one.divided(by: coefficient),
        let chain = chain(of: term, from: -1, to: -2),
        !chain.contains(where: { table.traits($0.factor).contains(.delta) }),
        chain.count > best?.chain.count ?? 0
      else { continue }
      best = Lead(place: place, chain: chain, reciprocal: reciprocal)
    }
    return best
  }

  /// The factors of a term that are the chain, its end (for the left of a power) or its beginning (for
  /// the right) at the given label; every label but the other end is bound and met nowhere else.
  private func match(
    _ chain: [Link], endingAt end: Label, isLeft: Bool, of term: Term, beside power: Int,
    _ times: [Moment]
  ) -> (factors: [Int], labels: [Label], start: Label)? {
    var used = [power]
    var bound: [Label] = []
    var current = end
    for link in isLeft ? chain.reversed() : chain {
      guard term.labels.contains(current), term.occurrences(of: current) == 2 else { return nil }
      let own = link.factor.times.map { time in
        time.base < 0 ? times[Int(-1 - time.base)] + time.offset : time
      }
      let isSymmetric = table.traits(link.factor).contains(.symmetric)
      // Which of the factor's labels is nearer to the power.
      let near = isLeft != link.isTransposed ? 1 : 0
      var found: (Int, Label)?
      for (f, factor) in term.factors.enumerated()
      where !used.contains(f) && factor.head == link.factor.head
        && factor.exponent == link.factor.exponent && factor.times == own
        && factor.labels.count == 2
      {
        if factor.labels[near] == current { found = (f, factor.labels[1 - near]) }
        if isSymmetric, factor.labels[1 - near] == current { found = (f, factor.labels[near]) }
        if found != nil { break }
      }
      guard let (f, next) = found else { return nil }
      if link.factor.labels.contains(where: { $0 >= 0 && table.labels[Int($0)].block >= 0 }) {
        return nil
      }
      used.append(f)
      bound.append(current)
      current = next
    }
    return (used, bound, current)
  }
}
