import Expressions

/// Rewriting one term until no rule fits: δ's contracted, times that are fixed put in, inverse
/// factors cancelled, neighbouring powers and path products joined.
extension Prover {
  /// What one rule did to a term.
  enum Progress {
    case done
    case again
    case split(Form)
  }

  mutating func simplified(_ term: Term) throws(Failure) -> Form {
    var work = [term]
    var done: Form = []
    while var term = work.popLast() {
      switch try simplify(&term) {
      case .done: done.append(term)
      case .again: work.append(term)
      case .split(let terms): work += terms
      }
      try spend(1)
    }
    return done
  }

  mutating func spend(_ count: Int) throws(Failure) {
    spent += count
    if spent > budget { throw .budget }
  }

  private mutating func simplify(_ term: inout Term) throws(Failure) -> Progress {
    if term.coefficient.isZero || term.zone.isEmpty { return .split([]) }
    fixTimes(&term)
    if !contractDeltas(&term) { return .split([]) }
    for label in term.labels where term.occurrences(of: label) == 0 {
      term.labels.removeAll { $0 == label }
      let dimension = table.dimensions[Int(table.labels[Int(label)].dimension)]
      term.coefficient = term.coefficient * Polynomial(dimension)
    }
    var union: Traits = []
    var hasExponent = false
    for (i, factor) in term.factors.enumerated() {
      let traits = table.traits(factor)
      union.formUnion(traits)
      if traits.contains(.symmetric), factor.labels.count == 2,
        factor.labels[0] > factor.labels[1]
      {
        term.factors[i].labels.swapAt(0, 1)
      }
      if factor.exponent != .one { hasExponent = true }
    }
    if hasExponent, mergeExponents(&term) { return .again }
    if union.isDisjoint(with: .special), !hasExponent { return .done }
    for i in term.factors.indices {
      let outcome = try simplify(factor: i, of: &term)
      guard case .done = outcome else { return outcome }
    }
    return .done
  }

  /// Bound times that the zone fixes disappear; free ones are written by the least equal variable.
  private func fixTimes(_ term: inout Term) {
    for variable in term.times {
      for other in [Moment.origin] + term.zone.variables where other != variable {
        if let value = term.zone.difference(Moment(variable), Moment(other)),
          term.substitute(variable, by: Moment(other, value))
        {
          term.zone = term.zone.removing(variable)
          term.times.removeAll { $0 == variable }
          break
        }
      }
    }
    if term.zone == plainContext { return }
    for (n, variable) in term.zone.variables.enumerated()
    where variable > 0 && !term.times.contains(variable) {
      for other in term.zone.variables[..<n] where other >= 0 && !term.times.contains(other) {
        if let value = term.zone.difference(Moment(variable), Moment(other)) {
          _ = term.substitute(variable, by: Moment(other, value))
          break
        }
      }
    }
  }

  /// False if the term is zero.
  private func contractDeltas(_ term: inout Term) -> Bool {
    var i = 0
    while i < term.factors.count {
      guard term.factors[i].head == table.delta else {
        i += 1
        continue
      }
      let (a, b) = (term.factors[i].labels[0], term.factors[i].labels[1])
      if a == b, !(term.labels.contains(a) && term.occurrences(of: a) == 2) {
        term.factors.remove(at: i)
        continue
      }
      if a == b {
        // δ_aa summed over a: the dimension.
        term.factors.remove(at: i)
        continue
      }
      if let x = table.literal(of: a), let y = table.literal(of: b) {
        if case .literal(let p) = x, case .literal(let q) = y, p != q { return false }
      }
      if term.labels.contains(b) {
        term.factors.remove(at: i)
        term.replace(b, by: a)
        i = 0
        continue
      }
      if term.labels.contains(a) {
        term.factors.remove(at: i)
        term.replace(a, by: b)
        i = 0
        continue
      }
      // Both fixed: the rest speaks of the lesser one only.
      let (low, high) = a < b ? (a, b) : (b, a)
      term.factors[i].labels = [low, high]
      for f in term.factors.indices where f != i && term.factors[f].head != table.delta {
        for p in term.factors[f].labels.indices where term.factors[f].labels[p] == high {
          term.factors[f].labels[p] = low
        }
      }
      if term.factors[..<i].contains(term.factors[i]) {
        term.factors.remove(at: i)
        continue
      }
      i += 1
    }
    return true
  }

  /// Powers of one thing become one power; x·x^{-1} = 1.
  private func mergeExponents(_ term: inout Term) -> Bool {
    let unmergeable: Traits = [.matrixPower, .path, .delta, .pairing]
    for i in term.factors.indices where term.factors[i].exponent != .one {
      if !table.traits(term.factors[i]).isDisjoint(with: unmergeable) { continue }
      if term.factors[i].exponent.literal == 0 {
        term.factors.remove(at: i)
        return true
      }
      for j in term.factors.indices
      where j != i && term.factors[j].isSame(as: term.factors[i]) {
        let sum = term.factors[i].exponent + term.factors[j].exponent
        term.factors[i].exponent = sum
        term.factors.remove(at: j)
        return true
      }
      if let n = term.factors[i].exponent.literal, n > 1, n <= 8,
        !table.traits(term.factors[i]).contains(.bracket)
      {
        term.factors[i].exponent = .one
        for _ in 1..<n { term.factors.append(term.factors[i]) }
        return true
      }
      // 2^{t-1} = ½ · 2^t
      if case .bracket(let key) = table.kind(term.factors[i]),
        table.forms[Int(key)].terms.count == 1,
        table.forms[Int(key)].terms[0].factors.isEmpty, term.factors[i].exponent.constant != 0,
        table.forms[Int(key)].terms[0].zone == .everything, term.factors[i].times.isEmpty,
        !term.factors[i].exponent.parts.isEmpty,
        let power = table.forms[Int(key)].terms[0].coefficient
          .raised(to: term.factors[i].exponent.constant)
      {
        term.coefficient = term.coefficient * power
        term.factors[i].exponent.constant = 0
        return true
      }
    }
    return false
  }

  private mutating func simplify(factor i: Int, of term: inout Term) throws(Failure) -> Progress {
    let factor = term.factors[i]
    let traits = table.traits(factor)
    if traits.contains(.matrixPower) { return try simplify(matrixPower: i, of: &term) }
    if traits.contains(.path) { return try simplify(path: i, of: &term) }
    if traits.contains(.pairing) { return simplify(pairing: i, of: &term) }
    if traits.contains(.powerBase), factor.exponent == .one {
      if let key = table.powerBases[factor.head] {
        for j in term.factors.indices {
          guard case .matrixPower(let other) = table.kind(term.factors[j]), other == key else {
            continue
          }
          let power = term.factors[j]
          if power.exponent.literal.map({ $0 > 0 }) ?? false { continue }
          if join(i, j, exponent: power.exponent + .one, head: power.head, in: &term) {
            return .again
          }
        }
      }
    }
    if traits.contains(.orthogonal), factor.labels.isEmpty {
      // A determinant of an orthogonal matrix is its own inverse.
      if let n = factor.exponent.literal, n < 0 {
        term.factors[i].exponent = Affine(-n)
        return .again
      }
      for j in term.factors.indices where j > i && term.factors[j] == factor {
        term.factors.remove(at: j)
        term.factors.remove(at: i)
        return .again
      }
      return .done
    }
    if traits.contains(.orthogonal) {
      for j in term.factors.indices where j != i && term.factors[j].head == factor.head {
        let other = term.factors[j]
        if other.times != factor.times { continue }
        for p in 0...1 where other.labels[p] == factor.labels[p] {
          let label = factor.labels[p]
          if term.labels.contains(label), term.occurrences(of: label) == 2 {
            term.factors[i] = Factor(table.delta, [factor.labels[1 - p], other.labels[1 - p]])
            term.factors.remove(at: j)
            term.labels.removeAll { $0 == label }
            return .again
          }
        }
      }
    }
    if traits.contains(.unitNorm), factor.labels.count == 1,
      term.labels.contains(factor.labels[0]), term.occurrences(of: factor.labels[0]) == 2
    {
      for j in term.factors.indices where j > i && term.factors[j] == factor {
        term.factors.remove(at: j)
        term.factors.remove(at: i)
        term.labels.removeAll { $0 == factor.labels[0] }
        return .again
      }
    }
    // y_i y_j = δ_ij y_i and Σ_i y_i = 1; of a matrix so for each row.
    if traits.contains(.oneHot), let place = factor.labels.last, factor.labels.count <= 2 {
      for j in term.factors.indices
      where j > i && term.factors[j].head == factor.head && term.factors[j].times == factor.times
        && term.factors[j].labels.dropLast() == factor.labels.dropLast()
      {
        guard let other = term.factors[j].labels.last else { continue }
        term.factors.remove(at: j)
        if other != place { term.factors.append(Factor(table.delta, [place, other])) }
        return .again
      }
      if term.labels.contains(place), term.occurrences(of: place) == 1 {
        term.labels.removeAll { $0 == place }
        term.factors.remove(at: i)
        return .again
      }
    }
    if traits.contains(.function) { return try simplify(function: i, of: &term) }
    if traits.contains(.bracket), cancelSum(i, of: &term) { return .again }
    return .done
  }

  /// Σ_j e_j · (Σ_j e_j)^{-1} = 1, also where the sum stands under others.
  private func cancelSum(_ i: Int, of term: inout Term) -> Bool {
    let bracket = term.factors[i]
    guard case .bracket(let key) = table.kind(bracket), let n = bracket.exponent.literal, n < 0,
      table.forms[Int(key)].terms.count == 1
    else { return false }
    let stored = table.forms[Int(key)].terms[0]
    guard stored.factors.count == 1, stored.times.isEmpty, stored.coefficient.isOne,
      stored.zone == .everything,
      !stored.labels.isEmpty
    else { return false }
    let member = stored.factors[0]
    let times = member.times.map { time in
      time.base < 0 ? bracket.times[Int(-1 - time.base)] + time.offset : time
    }
    for (j, factor) in term.factors.enumerated()
    where factor.head == member.head && factor.exponent == member.exponent
      && factor.times == times
    {
      var summed: [Label] = []
      var isMember = true
      for (own, inner) in zip(factor.labels, member.labels) {
        if inner < 0, inner > -1000 {
          if own != bracket.labels[Int(-1 - inner)] { isMember = false }
        } else if inner <= -1000 {
          if own != inner { isMember = false }
        } else if term.labels.contains(own), term.occurrences(of: own) == 1 {
          summed.append(own)
        } else {
          isMember = false
        }
      }
      if !isMember || summed.count != stored.labels.count { continue }
      term.factors[i].exponent = Affine(n + 1)
      if n == -1 { term.factors.remove(at: i) }
      term.factors.remove(at: n == -1 && i < j ? j - 1 : j)
      term.labels.removeAll { summed.contains($0) }
      return true
    }
    return false
  }

  /// Two factors that share a bound label met nowhere else become one with the given head, the one
  /// at `i` being the neighbour on either side of the power at `j`.
  func join(
    _ i: Int, _ j: Int, exponent: Affine, head: Head, in term: inout Term
  ) -> Bool {
    let (a, b) = (term.factors[i], term.factors[j])
    if a.times != b.times { return false }
    let isSymmetric = table.traits(b).contains(.symmetric)
    for (p, q) in [(1, 0), (0, 1), (0, 0), (1, 1)]
    where (p != q || isSymmetric) && a.labels[p] == b.labels[q] {
      let label = a.labels[p]
      guard term.labels.contains(label), term.occurrences(of: label) == 2 else { continue }
      let labels = q == 0 ? [a.labels[1 - p], b.labels[1]] : [b.labels[0], a.labels[1 - p]]
      term.factors[j] = Factor(head, labels, b.times, exponent: exponent)
      term.factors.remove(at: i)
      term.labels.removeAll { $0 == label }
      return true
    }
    return false
  }

  private mutating func simplify(
    matrixPower i: Int, of term: inout Term
  ) throws(Failure) -> Progress {
    let factor = term.factors[i]
    guard case .matrixPower(let key) = table.kind(factor) else { return .done }
    for j in term.factors.indices where j != i && term.factors[j].head == factor.head {
      let other = term.factors[j]
      let isOpposite =
        factor.exponent.literal.map { a in other.exponent.literal.map { a * $0 < 0 } ?? true }
        ?? true
      if isOpposite,
        join(i, j, exponent: factor.exponent + other.exponent, head: factor.head, in: &term)
      {
        return .again
      }
    }
    guard let n = factor.exponent.literal else { return .done }
    if n == 0 {
      term.factors[i] = Factor(table.delta, factor.labels)
      return .again
    }
    let count = table.forms[Int(key)].terms.count
    if n < -1 || n > 0 && n <= 64 && (count == 1 || n == 1 || n <= 3 && count <= 4) {
      term.factors.remove(at: i)
      var product: Form = [term]
      var left = factor.labels[0]
      for step in 1...abs(n) {
        let right: Label
        if step == abs(n) {
          right = factor.labels[1]
        } else {
          right = freshLabel(like: key)
          for t in product.indices { product[t].labels.append(right) }
        }
        let block: Form
        if n < 0 {
          block = [
            Term(
              .one,
              [Factor(factor.head, [left, right], factor.times, exponent: Affine(-1))],
              in: .everything)
          ]
        } else {
          block = try instantiate(key, [left, right], factor.times)
        }
        product = try multiplied(product, block)
        left = right
      }
      return .split(product)
    }
    return .done
  }

  /// Equal pairs have equal parts, and equal parts make equal pairs; any two parts make one pair.
  private mutating func simplify(pairing i: Int, of term: inout Term) -> Progress {
    let factor = term.factors[i]
    if term.labels.contains(factor.labels[0]), term.occurrences(of: factor.labels[0]) == 1 {
      term.labels.removeAll { $0 == factor.labels[0] }
      term.factors.remove(at: i)
      return .again
    }
    for j in term.factors.indices where j != i && term.factors[j].head == factor.head {
      let other = term.factors[j]
      if other.labels[0] == factor.labels[0] {
        term.factors[j] = Factor(table.delta, [factor.labels[1], other.labels[1]])
        term.factors.append(Factor(table.delta, [factor.labels[2], other.labels[2]]))
        return .again
      }
      // ((a, b), c) is (a, (b, c)).
      if other.labels[1] == factor.labels[0], term.labels.contains(factor.labels[0]),
        term.occurrences(of: factor.labels[0]) == 2
      {
        let inner = table.label(
          over: dimension(of: factor.labels[2]) * dimension(of: other.labels[2]))
        term.labels.removeAll { $0 == factor.labels[0] }
        term.labels.append(inner)
        term.factors[i] = Factor(table.pairing, [other.labels[0], factor.labels[1], inner])
        term.factors[j] = Factor(table.pairing, [inner, factor.labels[2], other.labels[2]])
        return .again
      }
      if other.labels[1...] == factor.labels[1...] {
        term.factors[j] = Factor(table.delta, [factor.labels[0], other.labels[0]])
        // Some pair has these parts.
        if factor.labels[1...].allSatisfy({
          term.labels.contains($0) && term.occurrences(of: $0) == 1
        }) {
          term.labels.removeAll { factor.labels[1...].contains($0) }
          term.factors.remove(at: i)
        }
        return .again
      }
    }
    return .done
  }

  private func dimension(of label: Label) -> Dimension {
    label < 0 ? .one : table.dimensions[Int(table.labels[Int(label)].dimension)]
  }

  private mutating func simplify(path i: Int, of term: inout Term) throws(Failure) -> Progress {
    let factor = term.factors[i]
    guard case .path(let system, let row, let column) = table.kind(factor) else { return .done }
    let stored = table.systems[Int(system)]
    let width = factor.labels.count / 2
    if term.zone.difference(factor.times[1], factor.times[0]) == 0 {
      if row != column { return .split([]) }
      term.factors.remove(at: i)
      if !stored.isDiagonal {
        for axis in 0..<width {
          term.factors.append(
            Factor(table.delta, [factor.labels[axis], factor.labels[width + axis]]))
        }
      }
      return .again
    }
    if stored.size > 1 {
      guard let smaller = try restricted(factor, in: term.zone) else { return .done }
      term.factors.remove(at: i)
      return .split(try multiplied([term], smaller))
    }
    for j in term.factors.indices where j != i && term.factors[j].head == factor.head {
      let later = term.factors[j]
      guard later.times[2...] == factor.times[2...],
        term.zone.difference(later.times[0], factor.times[1]) == 0,
        term.zone.implies(factor.times[0], atMost: factor.times[1]),
        term.zone.implies(later.times[0], atMost: later.times[1])
      else { continue }
      var joined = later
      joined.times[0] = factor.times[0]
      if stored.isDiagonal {
        if later.labels != factor.labels { continue }
      } else {
        var isAdjacent = true
        for axis in 0..<width {
          let label = factor.labels[axis]
          if later.labels[width + axis] != label || !term.labels.contains(label)
            || term.occurrences(of: label) != 2
          {
            isAdjacent = false
          }
        }
        if !isAdjacent { continue }
        for axis in 0..<width {
          let label = factor.labels[axis]
          term.labels.removeAll { $0 == label }
          joined.labels[width + axis] = factor.labels[width + axis]
        }
      }
      term.factors[j] = joined
      term.factors.remove(at: i)
      return .again
    }
    return .done
  }
}
