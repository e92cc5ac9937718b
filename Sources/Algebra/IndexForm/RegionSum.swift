import Expressions

/// A sum of terms in which every body stands once, with its coefficient on disjoint regions of time.
///
/// All times of a body's factors are abstracted into slots; the region says what they may be. The
/// sum vanishes for all sizes and times exactly if no region with a coefficient is left (as far as
/// factors are taken as independent).
struct RegionSum {
  struct Region {
    var zone: Zone
    var coefficient: Polynomial
  }
  struct Entry {
    /// In canonical order; time slots are the variables -1, -2, ….
    var factors: [Factor]
    var labels: [Label]
    var slotCount: Int
    /// Permutations of the slots under which the body stays the same.
    var symmetries: [[Int]]
    var regions: [Region]
  }
  private(set) var entries: [Entry] = []
  private var places: [[Int32]: Int] = [:]

  var isZero: Bool { entries.allSatisfy { $0.regions.isEmpty } }

  mutating func add(_ term: Term, in table: HeadTable) throws(Failure) {
    for summed in try RegionSum.summingOut(term) { try insert(summed, table) }
  }

  /// The terms whose sum this is; each slot that is not fixed becomes a bound time.
  func terms(freshTime: () -> TimeVariable) -> Form {
    var result: Form = []
    for entry in entries {
      for region in entry.regions {
        var term = Term(region.coefficient, entry.factors, in: region.zone)
        term.labels = entry.labels
        var names: [TimeVariable] = []
        for _ in 0..<entry.slotCount { names.append(freshTime()) }
        func name(_ variable: TimeVariable) -> TimeVariable {
          variable < 0 ? names[Int(-1 - variable)] : variable
        }
        for slot in 0..<entry.slotCount {
          _ = term.substitute(-1 - TimeVariable(slot), by: Moment(names[slot]))
        }
        term.zone = region.zone.renaming(name)
        for variable in names { term.zone.include(variable) }
        term.times = names
        result.append(term)
      }
    }
    return result
  }

  private mutating func insert(_ original: Term, _ table: HeadTable) throws(Failure) {
    var term = original
    RegionSum.reflectExponents(&term)
    // What stood in exponents alone may be gone from them: Σ_t Σ_{k≤t} W^{t-k} = Σ_j (T - j) W^j.
    if term.times.contains(where: { !term.mentions($0) }) {
      for summed in try RegionSum.summingOut(term) { try insert(summed, table) }
      return
    }
    let body = Contraction.body(of: term, in: table)
    var zone = term.zone
    var slots: [Moment] = []
    var factors: [Factor] = []
    for f in body.order {
      var factor = term.factors[f]
      for j in factor.times.indices {
        let slot = -1 - TimeVariable(slots.count)
        zone.include(slot)
        zone.require(Moment(slot), equals: factor.times[j])
        slots.append(factor.times[j])
        factor.times[j] = Moment(slot)
      }
      factors.append(factor)
    }
    let factorSlots = slots.count
    for factor in factors {
      for part in factor.exponent.parts where term.times.contains(part.variable) {
        if slots.contains(where: { $0.base == part.variable }) { continue }
        let shift = part.coefficient == 1 ? 1 : part.coefficient == -1 ? -1 : 0
        let moment = Moment(part.variable, shift * factor.exponent.constant)
        let slot = -1 - TimeVariable(slots.count)
        zone.include(slot)
        zone.require(Moment(slot), equals: moment)
        slots.append(moment)
      }
    }
    var coefficient = term.coefficient
    for variable in term.times {
      guard let s = slots.firstIndex(where: { $0.base == variable }) else {
        throw .unsupported
      }
      let value = Affine(Moment(-1 - TimeVariable(s), -slots[s].offset))
      guard let new = coefficient.substituting(variable, by: Polynomial(value)) else {
        throw .unsupported
      }
      coefficient = new
      for i in factors.indices {
        factors[i].exponent = factors[i].exponent.substituting(variable, by: value)
      }
      zone = zone.removing(variable)
    }
    var code = body.code
    code.append(-7)
    code.append(Int32(slots.count))
    for factor in factors where !factor.exponent.parts.isEmpty {
      code.append(Int32(clamping: factor.exponent.constant))
      for part in factor.exponent.parts {
        code.append(part.variable)
        code.append(Int32(clamping: part.coefficient))
      }
    }
    let place: Int
    if let known = places[code] {
      place = known
    } else {
      place = entries.count
      places[code] = place
      var symmetries: [[Int]] = []
      let isFree = factors.allSatisfy { factor in
        factor.exponent.parts.allSatisfy { $0.variable > 0 }
      }
      if factorSlots == slots.count, isFree {
        let exponents = body.order.map { term.factors[$0].exponent }
        let alike = body.alternatives.filter { order in
          order.map { term.factors[$0].exponent } == exponents
        }
        symmetries = alike.map {
          RegionSum.permutation(from: body.order, to: $0, of: term.factors)
        }.filter { $0 != Array(0..<slots.count) }
      }
      entries.append(
        Entry(
          factors: factors, labels: body.bound, slotCount: slots.count, symmetries: symmetries,
          regions: []))
    }
    fold(Region(zone: zone, coefficient: coefficient), into: place, 0, 0)
  }

  /// For each slot of the first order: the slot that takes its place in the second.
  private static func permutation(
    from first: [Int], to second: [Int], of factors: [Factor]
  ) -> [Int] {
    var starts = [Int](repeating: 0, count: factors.count)
    var next = 0
    for f in first {
      starts[f] = next
      next += factors[f].times.count
    }
    var result: [Int] = []
    for f in second {
      for j in factors[f].times.indices { result.append(starts[f] + j) }
    }
    return result
  }

  /// Moves the region into the fundamental domain of the body's symmetries: the slots are, in
  /// lexicographic order, the least among their images.
  private mutating func fold(
    _ region: Region, into place: Int, _ symmetry: Int, _ slot: Int
  ) {
    if region.zone.isEmpty { return }
    guard symmetry < entries[place].symmetries.count else {
      merge(region, into: place)
      return
    }
    let permutation = entries[place].symmetries[symmetry]
    guard slot < permutation.count else {
      fold(region, into: place, symmetry + 1, 0)
      return
    }
    let image = permutation[slot]
    if image == slot {
      fold(region, into: place, symmetry, slot + 1)
      return
    }
    let (a, b) = (-1 - TimeVariable(slot), -1 - TimeVariable(image))
    var less = region
    less.zone.require(a, minus: b, atMost: -1)
    if !less.zone.isEmpty { fold(less, into: place, symmetry + 1, 0) }
    var equal = region
    equal.zone.require(Moment(a), equals: Moment(b))
    if !equal.zone.isEmpty { fold(equal, into: place, symmetry, slot + 1) }
    var greater = region
    greater.zone.require(b, minus: a, atMost: -1)
    if greater.zone.isEmpty { return }
    var target = [TimeVariable](repeating: 0, count: permutation.count)
    for (i, from) in permutation.enumerated() { target[from] = -1 - TimeVariable(i) }
    greater.zone = greater.zone.renaming { $0 < 0 ? target[Int(-1 - $0)] : $0 }
    let temporary: TimeVariable = -1_000_000
    for (i, new) in target.enumerated() {
      let value = Polynomial(variable: temporary + new)
      greater.coefficient =
        greater.coefficient.substituting(-1 - TimeVariable(i), by: value) ?? greater.coefficient
    }
    for i in permutation.indices {
      let value = Polynomial(variable: -1 - TimeVariable(i))
      greater.coefficient =
        greater.coefficient.substituting(temporary - 1 - TimeVariable(i), by: value)
        ?? greater.coefficient
    }
    fold(greater, into: place, 0, 0)
  }

  private mutating func merge(_ region: Region, into place: Int) {
    var regions: [Region] = []
    var rest = [region.zone]
    for known in entries[place].regions {
      if rest.isEmpty {
        regions.append(known)
        continue
      }
      if rest.count == 1, rest[0] == known.zone {
        let sum = Region(zone: known.zone, coefficient: known.coefficient + region.coefficient)
        if !RegionSum.vanishes(sum) { regions.append(sum) }
        rest = []
        continue
      }
      var outside = [known.zone]
      var left: [Zone] = []
      for piece in rest {
        let common = piece.intersection(known.zone)
        if common.isEmpty {
          left.append(piece)
          continue
        }
        let sum = Region(zone: common, coefficient: known.coefficient + region.coefficient)
        if !RegionSum.vanishes(sum) { regions.append(sum) }
        left += piece.subtracting(common)
        outside = outside.flatMap { $0.subtracting(common) }
      }
      for zone in outside { regions.append(Region(zone: zone, coefficient: known.coefficient)) }
      rest = left
    }
    for zone in rest where !zone.isEmpty {
      let new = Region(zone: zone, coefficient: region.coefficient)
      if !RegionSum.vanishes(new) { regions.append(new) }
    }
    entries[place].regions = regions
  }

  /// Whether the coefficient is zero once the region's equalities are put in.
  private static func vanishes(_ region: Region) -> Bool {
    if region.coefficient.isZero { return true }
    guard case .general = region.coefficient else { return false }
    var coefficient = region.coefficient
    for variable in coefficient.variables where variable < Polynomial.dimensions {
      let candidates = [Moment.origin] + region.zone.variables.filter { $0 < variable }
      for other in candidates where other != variable {
        if let value = region.zone.difference(Moment(variable), Moment(other)) {
          coefficient =
            coefficient.substituting(variable, by: Polynomial(Affine(Moment(other, value))))
            ?? coefficient
          break
        }
      }
    }
    return coefficient.isZero
  }

  /// A bound time that stands in exponents alone, first as t - k, is counted backwards: t - k
  /// becomes the new variable.
  private static func reflectExponents(_ term: inout Term) {
    for variable in term.times {
      if term.factors.contains(where: { $0.times.contains { $0.base == variable } }) { continue }
      guard
        let exponent = term.factors.first(where: { $0.exponent.coefficient(of: variable) == -1 })?
          .exponent, exponent.parts.count == 2,
        let other = exponent.parts.first(where: { $0.variable != variable }),
        other.coefficient == 1
      else { continue }
      let allowed = [variable, other.variable, Moment.origin]
      var rest = term.zone
      let constraints = rest.constraints.filter { $0.a == variable || $0.b == variable }
      rest = rest.removing(variable)
      var reflected = rest
      var isPossible = true
      for constraint in constraints {
        // variable = other - new, so variable - 0 ≤ c becomes other - new ≤ c, and so on.
        let partner = constraint.a == variable ? constraint.b : constraint.a
        let (first, second): (TimeVariable, TimeVariable)
        switch partner {
        case Moment.origin: (first, second) = (other.variable, variable)
        case other.variable: (first, second) = (Moment.origin, variable)
        default:
          // Only what already follows from the constraints to the two allowed variables.
          var implied = Zone.everything
          for known in constraints where allowed.contains(known.a) && allowed.contains(known.b) {
            implied.require(known.a, minus: known.b, atMost: known.limit)
          }
          implied = implied.intersection(rest)
          if !implied.implies(
            Moment(constraint.a), atMost: Moment(constraint.b, constraint.limit))
          {
            isPossible = false
          }
          continue
        }
        if constraint.a == variable {
          reflected.require(first, minus: second, atMost: constraint.limit)
        } else {
          reflected.require(second, minus: first, atMost: constraint.limit)
        }
      }
      if !isPossible { continue }
      let value = Affine(Moment(other.variable)) - Affine(Moment(variable))
      guard let coefficient = term.coefficient.substituting(variable, by: Polynomial(value)) else {
        continue
      }
      term.coefficient = coefficient
      for i in term.factors.indices {
        term.factors[i].exponent = term.factors[i].exponent.substituting(variable, by: value)
      }
      term.zone = reflected
    }
  }

  /// Bound times that no factor speaks of are summed: Σ_{k=1}^t c = t·c. The zone is split where it
  /// is open which end counts.
  static func summingOut(_ term: Term) throws(Failure) -> Form {
    if term.zone.isEmpty { return [] }
    guard let variable = term.times.first(where: { !term.mentions($0) }) else { return [term] }
    var below: [Moment] = []
    var above: [Moment] = []
    for other in term.zone.variables where other != variable {
      if let limit = term.zone.limit(variable, other) { above.append(Moment(other, limit)) }
      if let limit = term.zone.limit(other, variable) { below.append(Moment(other, -limit)) }
    }
    if let split = RegionSum.reduce(&below, in: term.zone, greatest: true) {
      return try summingOut(split, of: term)
    }
    if let split = RegionSum.reduce(&above, in: term.zone, greatest: false) {
      return try summingOut(split, of: term)
    }
    guard let first = below.first, let last = above.first else { throw .unsupported }
    var rest = term
    guard
      let sum = term.coefficient.summed(
        over: variable, from: Affine(first), through: Affine(last))
    else { throw .unsupported }
    rest.coefficient = sum
    rest.times.removeAll { $0 == variable }
    rest.zone = term.zone.removing(variable)
    return try summingOut(rest)
  }

  private static func summingOut(
    _ split: (Moment, Moment), of term: Term
  ) throws(Failure) -> Form {
    var (low, high) = (term, term)
    low.zone.require(split.0, atMost: split.1)
    high.zone.require(split.1 + 1, atMost: split.0)
    return try summingOut(low) + summingOut(high)
  }

  /// Leaves the one bound that counts, or gives two between which it is open.
  private static func reduce(
    _ bounds: inout [Moment], in zone: Zone, greatest: Bool
  ) -> (Moment, Moment)? {
    while bounds.count > 1 {
      let (a, b) = (bounds[0], bounds[1])
      if zone.implies(a, atMost: b) {
        bounds.remove(at: greatest ? 0 : 1)
      } else if zone.implies(b, atMost: a) {
        bounds.remove(at: greatest ? 1 : 0)
      } else {
        return (a, b)
      }
    }
    return nil
  }
}
