/// A conjunction of difference constraints over integer time variables, kept closed: every limit is
/// the tightest that follows (a difference-bound matrix).
///
/// Over the integers closure, emptiness, intersection, projection and subtraction are exact.
struct Zone: Hashable {
  /// Sorted; the origin is always among them.
  private(set) var variables: [TimeVariable]
  /// Row i, column j: the greatest value of variable i minus variable j.
  private var limits: [Int32]
  private(set) var isEmpty = false

  private static let unlimited: Int32 = 1 << 28

  /// No constraint at all.
  static let everything = Zone(variables: [Moment.origin], limits: [0])

  private init(variables: [TimeVariable], limits: [Int32]) {
    self.variables = variables
    self.limits = limits
  }

  private func place(of variable: TimeVariable) -> Int? {
    for i in variables.indices where variables[i] == variable { return i }
    return nil
  }

  /// The greatest value of a - b; nil if there is none.
  func limit(_ a: TimeVariable, _ b: TimeVariable) -> Int? {
    if a == b { return 0 }
    guard let i = place(of: a), let j = place(of: b) else { return nil }
    let value = limits[i * variables.count + j]
    return value >= Zone.unlimited ? nil : Int(value)
  }

  /// The value of a - b if it is fixed.
  func difference(_ a: Moment, _ b: Moment) -> Int? {
    if a.base == b.base { return a.offset - b.offset }
    guard let above = limit(a.base, b.base), let below = limit(b.base, a.base), above == -below
    else { return nil }
    return above + a.offset - b.offset
  }

  /// Whether a ≤ b follows.
  func implies(_ a: Moment, atMost b: Moment) -> Bool {
    if isEmpty { return true }
    guard let limit = limit(a.base, b.base) else { return false }
    return limit <= b.offset - a.offset
  }

  mutating func include(_ variable: TimeVariable) {
    if place(of: variable) != nil { return }
    let old = variables.count
    var at = 0
    while at < old, variables[at] < variable { at += 1 }
    variables.insert(variable, at: at)
    let new = old + 1
    var grown = [Int32](repeating: Zone.unlimited, count: new * new)
    for i in 0..<new {
      grown[i * new + i] = 0
      if i == at { continue }
      for j in 0..<new where j != at {
        grown[i * new + j] = limits[(i > at ? i - 1 : i) * old + (j > at ? j - 1 : j)]
      }
    }
    limits = grown
  }

  /// Adds a - b ≤ c. O(n²).
  mutating func require(_ a: TimeVariable, minus b: TimeVariable, atMost c: Int) {
    if isEmpty { return }
    if a == b {
      if c < 0 { isEmpty = true }
      return
    }
    include(a)
    include(b)
    guard let i = place(of: a), let j = place(of: b) else { return }
    let n = variables.count
    let c = Int32(clamping: c)
    if limits[i * n + j] <= c { return }
    if limits[j * n + i] < Zone.unlimited, limits[j * n + i] + c < 0 {
      isEmpty = true
      return
    }
    limits[i * n + j] = c
    for p in 0..<n {
      let head = limits[p * n + i]
      if head >= Zone.unlimited { continue }
      for q in 0..<n {
        let tail = limits[j * n + q]
        if tail >= Zone.unlimited { continue }
        let through = head + c + tail
        if through < limits[p * n + q] { limits[p * n + q] = through }
      }
    }
  }
  mutating func require(_ a: Moment, atMost b: Moment) {
    require(a.base, minus: b.base, atMost: b.offset - a.offset)
  }
  mutating func require(_ a: Moment, equals b: Moment) {
    require(a, atMost: b)
    require(b, atMost: a)
  }

  func intersection(_ other: Zone) -> Zone {
    if isEmpty || self == other { return self }
    if other.isEmpty { return other }
    var result = variables.count >= other.variables.count ? self : other
    let added = variables.count >= other.variables.count ? other : self
    let n = added.variables.count
    for variable in added.variables { result.include(variable) }
    for i in 0..<n {
      for j in 0..<n where i != j && added.limits[i * n + j] < Zone.unlimited {
        result.require(
          added.variables[i], minus: added.variables[j], atMost: Int(added.limits[i * n + j]))
      }
    }
    return result
  }

  /// Without the variable: all values of the others for which it has one.
  func removing(_ variable: TimeVariable) -> Zone {
    guard let at = place(of: variable) else { return self }
    let old = variables.count
    var result = self
    result.variables.remove(at: at)
    var kept: [Int32] = []
    kept.reserveCapacity((old - 1) * (old - 1))
    for i in 0..<old where i != at {
      for j in 0..<old where j != at { kept.append(limits[i * old + j]) }
    }
    result.limits = kept
    return result
  }

  /// The variables renamed; those without a new name stay.
  func renaming(_ name: (TimeVariable) -> TimeVariable) -> Zone {
    var renamed = Zone.everything
    renamed.isEmpty = isEmpty
    for variable in variables { renamed.include(name(variable)) }
    let (old, new) = (variables.count, renamed.variables.count)
    var places: [Int] = []
    for variable in variables { places.append(renamed.place(of: name(variable)) ?? 0) }
    for i in 0..<old {
      for j in 0..<old { renamed.limits[places[i] * new + places[j]] = limits[i * old + j] }
    }
    return renamed
  }

  /// The points of this zone that are not in the other, as disjoint zones.
  func subtracting(_ other: Zone) -> [Zone] {
    if isEmpty { return [] }
    if other.isEmpty { return [self] }
    var pieces: [Zone] = []
    var rest = self
    for constraint in other.essentials(beyond: self) {
      if rest.isEmpty { break }
      if rest.implies(Moment(constraint.a), atMost: Moment(constraint.b, constraint.limit)) {
        continue
      }
      var outside = rest
      outside.require(constraint.b, minus: constraint.a, atMost: -constraint.limit - 1)
      if !outside.isEmpty { pieces.append(outside) }
      rest.require(constraint.a, minus: constraint.b, atMost: constraint.limit)
    }
    return pieces
  }

  struct Constraint: Hashable {
    var a: TimeVariable
    var b: TimeVariable
    /// a - b ≤ limit
    var limit: Int
  }

  /// All finite limits, row by row.
  var constraints: [Constraint] {
    var found: [Constraint] = []
    let n = variables.count
    for i in 0..<n {
      for j in 0..<n where i != j && limits[i * n + j] < Zone.unlimited {
        found.append(
          Constraint(a: variables[i], b: variables[j], limit: Int(limits[i * n + j])))
      }
    }
    return found
  }

  /// Enough constraints to imply all the others, given those of `context`.
  func essentials(beyond context: Zone) -> [Constraint] {
    var kept = constraints.filter {
      !context.implies(Moment($0.a), atMost: Moment($0.b, $0.limit))
    }
    var i = 0
    while i < kept.count {
      var rest = context
      for (j, other) in kept.enumerated() where j != i {
        rest.require(other.a, minus: other.b, atMost: other.limit)
      }
      if rest.implies(Moment(kept[i].a), atMost: Moment(kept[i].b, kept[i].limit)) {
        kept.remove(at: i)
      } else {
        i += 1
      }
    }
    return kept
  }
}
