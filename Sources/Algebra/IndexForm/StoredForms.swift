import Expressions

/// Interning forms, and putting labels and times back in.
extension Prover {
  struct Interned {
    var key: FormKey
    /// The labels that stand for the stored form's -1, -2, ….
    var labels: [Label]
    var times: [Moment]
  }

  /// The stored form put to other labels and times, with fresh bound variables.
  mutating func instantiate(
    _ key: FormKey, _ labels: [Label], _ times: [Moment]
  ) throws(Failure) -> Form {
    let stored = table.forms[Int(key)]
    var result: Form = []
    for term in stored.terms {
      var term = term
      var names: [Label] = []
      for label in term.labels { names.append(table.label(like: label)) }
      for f in term.factors.indices {
        for p in term.factors[f].labels.indices {
          let label = term.factors[f].labels[p]
          if label < 0, label > -1000 {
            term.factors[f].labels[p] = labels[Int(-1 - label)]
          } else if let at = term.labels.firstIndex(of: label) {
            term.factors[f].labels[p] = names[at]
          }
        }
      }
      term.labels = names
      let bound = term.times
      var fresh: [TimeVariable] = []
      for variable in bound {
        let new = table.freshTime()
        fresh.append(new)
        if !term.substitute(variable, by: Moment(new)) { throw .unsupported }
      }
      var zone = Zone.everything
      func moment(_ variable: TimeVariable) -> Moment {
        if let at = bound.firstIndex(of: variable) { return Moment(fresh[at]) }
        return variable < 0 ? times[Int(-1 - variable)] : Moment(variable)
      }
      for constraint in term.zone.constraints {
        zone.require(
          moment(constraint.a), atMost: moment(constraint.b) + constraint.limit)
      }
      for variable in fresh { zone.include(variable) }
      for slot in 0..<stored.slotCount {
        if !term.substitute(-1 - TimeVariable(slot), by: times[slot]) { throw .unsupported }
      }
      term.zone = zone
      term.times = fresh
      result.append(term)
    }
    return result
  }

  /// Like terms added up.
  mutating func collected(_ form: Form) throws(Failure) -> Form {
    if form.isEmpty || form.count == 1 && form[0].times.isEmpty { return form }
    var isPlain = true
    for term in form where !term.times.isEmpty || term.zone != form[0].zone { isPlain = false }
    if !isPlain {
      var sum = RegionSum()
      for term in form { try sum.add(term, in: table) }
      var result: Form = []
      for term in terms(of: sum) { result += try simplified(term) }
      return result
    }
    var result: Form = []
    var places: [[Int32]: Int] = [:]
    for term in form {
      let body = settledBody(of: term)
      var code = body.code
      for f in body.order {
        for time in term.factors[f].times {
          code.append(time.base)
          code.append(Int32(clamping: time.offset))
        }
        encode(term.factors[f].exponent, &code)
      }
      if let place = places[code] {
        result[place].coefficient = result[place].coefficient + term.coefficient
      } else {
        places[code] = result.count
        result.append(term)
      }
    }
    return result.filter { !$0.coefficient.isZero }
  }

  mutating func terms(of sum: RegionSum) -> Form { sum.terms { table.freshTime() } }

  private func encode(_ exponent: Affine, _ code: inout [Int32]) {
    code.append(Int32(clamping: exponent.constant))
    code.append(Int32(exponent.parts.count))
    for part in exponent.parts {
      code.append(part.variable)
      code.append(Int32(clamping: part.coefficient))
    }
  }

  private func encode(_ coefficient: Polynomial, _ code: inout [Int32]) {
    if case .integer(let value) = coefficient {
      code.append(0)
      code.append(Int32(clamping: value))
      return
    }
    code.append(Int32(coefficient.monomials.count))
    for monomial in coefficient.monomials {
      code.append(Int32(1 + monomial.powers.count))
      for power in monomial.powers {
        code.append(power.variable)
        code.append(Int32(clamping: power.exponent))
      }
      let digits = Array(monomial.coefficient.description.utf8)
      code.append(Int32(digits.count))
      for digit in digits { code.append(Int32(digit)) }
    }
  }

  /// The labels that are not bound in their terms, in the order of their first appearance.
  private func openLabels(of form: Form) -> [Label] {
    var found: [Label] = []
    for term in form {
      for factor in term.factors {
        for label in factor.labels
        where label >= 0 && !found.contains(label) && !term.labels.contains(label) {
          found.append(label)
        }
      }
    }
    return found
  }

  /// The form's number once its labels and times are abstracted, the labels in the order of their
  /// first appearance.
  mutating func intern(_ form: Form) throws(Failure) -> Interned {
    try intern(try collected(form), [], isOrdered: false)
  }

  /// The form's number as a tensor with the given axes. It may depend on no other label.
  mutating func intern(_ form: Form, axes: [Label]) throws(Failure) -> Interned {
    let terms = try collected(form)
    if openLabels(of: terms).contains(where: { !axes.contains($0) }) { throw .unsupported }
    return try intern(terms, axes, isOrdered: true)
  }

  private mutating func intern(
    _ form: Form, _ axes: [Label], isOrdered ordered: Bool
  ) throws(Failure) -> Interned {
    var terms = form
    var order = axes
    if ordered {
      rename(&terms, axes)
    } else {
      let open = openLabels(of: terms)
      let bodies = terms.map { Contraction.body(of: $0, in: table, anonymous: open) }
      let sorted = terms.indices.sorted { precedes(bodies[$0], terms[$0], bodies[$1], terms[$1]) }
      order = []
      for t in sorted {
        for f in bodies[t].order {
          for label in terms[t].factors[f].labels
          where open.contains(label) && !order.contains(label) {
            order.append(label)
          }
        }
      }
      rename(&terms, order)
    }
    let bodies = terms.map { settledBody(of: $0) }
    let sorted = terms.indices.sorted { precedes(bodies[$0], terms[$0], bodies[$1], terms[$1]) }
    var slots: [Moment] = []
    func note(_ time: Moment, bound: [TimeVariable]) {
      if bound.contains(time.base) || slots.contains(where: { $0.base == time.base }) { return }
      slots.append(time)
    }
    var constraints: [[Zone.Constraint]] = []
    for t in sorted {
      let term = terms[t]
      for f in bodies[t].order {
        for time in term.factors[f].times { note(time, bound: term.times) }
      }
    }
    for t in sorted {
      let term = terms[t]
      for f in bodies[t].order {
        for part in term.factors[f].exponent.parts {
          note(Moment(part.variable), bound: term.times)
        }
      }
      for variable in term.coefficient.variables where variable < Polynomial.dimensions {
        note(Moment(variable), bound: term.times)
      }
      let own =
        term.zone == context && term.times.isEmpty
        ? [] : term.zone.essentials(beyond: context)
      for constraint in own {
        if constraint.a != Moment.origin { note(Moment(constraint.a), bound: term.times) }
        if constraint.b != Moment.origin { note(Moment(constraint.b), bound: term.times) }
      }
      constraints.append(own)
    }
    var code: [Int32] = [Int32(order.count), ordered ? 1 : 0, Int32(slots.count)]
    for label in order {
      code.append(label >= 0 ? table.labels[Int(label)].dimension : label)
    }
    var stored: [Term] = []
    for (n, t) in sorted.enumerated() {
      var term = terms[t]
      term.factors = bodies[t].order.map { terms[t].factors[$0] }
      term.labels = bodies[t].bound
      var names: [TimeVariable] = []
      for i in term.times.indices { names.append((1 << 27) + TimeVariable(i)) }
      for (i, variable) in term.times.enumerated() {
        _ = term.substitute(variable, by: Moment(names[i]))
      }
      // Slots are put in by way of numbers that cannot be mistaken for the times they replace.
      for (s, slot) in slots.enumerated() {
        let value = Moment(-1 - TimeVariable(s), -slot.offset)
        if slot.base == Moment.origin {
          for f in term.factors.indices {
            for j in term.factors[f].times.indices
            where term.factors[f].times[j].base == Moment.origin {
              term.factors[f].times[j] = value + term.factors[f].times[j].offset
            }
          }
        } else if !term.substitute(slot.base, by: value) {
          throw .unsupported
        }
      }
      func moment(_ variable: TimeVariable) -> Moment {
        if let at = terms[t].times.firstIndex(of: variable) { return Moment(names[at]) }
        if variable == Moment.origin { return Moment(Moment.origin) }
        if let s = slots.firstIndex(where: { $0.base == variable }) {
          return Moment(-1 - TimeVariable(s), -slots[s].offset)
        }
        return Moment(variable)
      }
      var zone = Zone.everything
      for constraint in constraints[n] {
        zone.require(moment(constraint.a), atMost: moment(constraint.b) + constraint.limit)
      }
      term.zone = zone
      term.times = names
      code.append(-9)
      code += bodies[t].code
      for factor in term.factors {
        for time in factor.times {
          code.append(time.base)
          code.append(Int32(clamping: time.offset))
        }
        encode(factor.exponent, &code)
      }
      encode(term.coefficient, &code)
      code.append(Int32(term.times.count))
      code.append(Int32(zone.constraints.count))
      for constraint in zone.constraints {
        code += [constraint.a, constraint.b, Int32(clamping: constraint.limit)]
      }
      stored.append(term)
    }
    let key = table.form(code: code) {
      StoredForm(terms: stored, labelCount: order.count, slotCount: slots.count)
    }
    return Interned(key: key, labels: order, times: slots)
  }

  private func rename(_ terms: inout Form, _ order: [Label]) {
    for t in terms.indices {
      for f in terms[t].factors.indices {
        for p in terms[t].factors[f].labels.indices {
          if let at = order.firstIndex(of: terms[t].factors[f].labels[p]) {
            terms[t].factors[f].labels[p] = -1 - Label(at)
          }
        }
      }
    }
  }

  /// The term's body, of its symmetric orders the one with the least times.
  private func settledBody(of term: Term) -> Body {
    var body = Contraction.body(of: term, in: table)
    for order in body.alternatives {
      search: for (f, g) in zip(order, body.order) {
        for (x, y) in zip(term.factors[f].times, term.factors[g].times) where x != y {
          if x.base != y.base ? x.base < y.base : x.offset < y.offset { body.order = order }
          break search
        }
      }
    }
    return body
  }

  /// The order of terms in a stored form: by body, then by times.
  private func precedes(_ a: Body, _ first: Term, _ b: Body, _ second: Term) -> Bool {
    if a.code != b.code { return Contraction.isLess(a.code, b.code) }
    for (f, g) in zip(a.order, b.order) {
      for (x, y) in zip(first.factors[f].times, second.factors[g].times) where x != y {
        return x.base != y.base ? x.base < y.base : x.offset < y.offset
      }
    }
    return false
  }

  /// The form times a form, terms that vanish left out.
  mutating func multiplied(_ a: Form, _ b: Form) throws(Failure) -> Form {
    var product: Form = []
    for x in a {
      for y in b {
        let term = x * y
        if !term.zone.isEmpty { product.append(term) }
      }
    }
    try spend(product.count)
    return product
  }
}
