import Notation

/// What dots leave out: the rule that the members written around them share.
///
/// Members are compared place by place. Where they differ they must hold integers (`1`, `t-1`, `n`)
/// that run in steps of one size; one place sets the pace, all others keep it. Members that have
/// another form stay as they are; where a member has the form but not the pace, there is no rule.
struct Ellipsis {
  /// A member with its running places filled with a letter.
  struct Rule {
    var letter: String
    /// The values of the letter at the first and the last member.
    var first: AffineLetters
    var last: AffineLetters
    /// Whether the letter falls from member to member.
    var isFalling: Bool
    var body: Formula
    /// How many written members before and after the dots it covers.
    var before: Int
    var after: Int
  }

  /// The late letters of a page: at equal evidence a progression runs between them and the others.
  var lateness: (String) -> Int

  private static let reach = 8

  // MARK: Progressions

  /// The rule of members with dots between `before` and `after`, each a list of factors; nil where
  /// none fits or more than one does.
  func rule(before: [[Formula]], after: [[Formula]], avoiding taken: Set<String>) -> Rule? {
    let (b, a) = (min(before.count, Ellipsis.reach), min(after.count, Ellipsis.reach))
    guard b > 0, a > 0 else { return nil }
    for total in stride(from: b + a, through: 2, by: -1) {
      for own in stride(from: min(b, total - 1), through: max(1, total - a), by: -1) {
        let chosenBefore = Array(before.suffix(own))
        let chosenAfter = Array(after.prefix(total - own))
        guard
          var rule = progression(
            chosenBefore + chosenAfter, count: own, avoiding: taken)
        else { continue }
        let others = before.dropLast(own) + after.dropFirst(total - own)
        let form = chosenBefore[own - 1]
        if others.contains(where: { hasForm($0, of: form) }) { return nil }
        (rule.before, rule.after) = (own, total - own)
        return rule
      }
    }
    return nil
  }

  private func hasForm(_ member: [Formula], of other: [Formula]) -> Bool {
    var template = Template()
    return template.unify(lists: [member, other]) != nil
  }

  /// The common rule of all members, of which `count` stand before the dots.
  private func progression(
    _ members: [[Formula]], count: Int, avoiding taken: Set<String>
  ) -> Rule? {
    var template = Template()
    guard let body = template.unify(lists: members) ?? unifyRuns(members, &template) else {
      return nil
    }
    guard let pace = pace(template.sites, count: count) else { return nil }
    let letter = Ellipsis.freshLetter(avoiding: taken.union(Ellipsis.letters(of: members)))
    let values = template.sites.enumerated().map { k, _ in pace.value(k, letter) }
    let lead = pace.sites[pace.lead]
    return Rule(
      letter: letter, first: lead.first, last: lead.last, isFalling: lead.step < 0,
      body: Ellipsis.joined(body).filling(values), before: count, after: members.count - count)
  }

  /// How the places run: the value at the first member, the step, the value at the last.
  struct Pace {
    struct Site {
      var first: AffineLetters
      var last: AffineLetters
      var step: Int
    }
    var sites: [Site]
    /// The place whose value the letter is.
    var lead: Int

    /// The value of a place where the leading one has the value of the letter.
    func value(_ site: Int, _ letter: String) -> AffineLetters {
      let (own, lead) = (sites[site], sites[lead])
      if own.step == 0 { return own.first }
      let running = AffineLetters(terms: [(letter, 1)], constant: 0)
      return own.first.adding((running.adding(lead.first, times: -1)), times: own.step * lead.step)
    }
  }

  /// - Parameter sites: the values of each place at the members, in their order.
  func pace(_ sites: [Template.Site], count: Int) -> Pace? {
    var found: [Pace.Site?] = []
    var length: AffineLetters?
    for site in sites {
      guard let step = site.step(count: count) else { return nil }
      guard let first = site.values[0], let last = site.values[site.values.count - 1] else {
        return nil
      }
      switch step {
      case .unknown: found.append(nil)
      case .known(let step):
        found.append(Pace.Site(first: first, last: last, step: step))
        guard step != 0 else { continue }
        let distance = last.adding(first, times: -1)
        guard let own = distance.divided(by: step) else { return nil }
        if let length, !length.isSame(as: own) { return nil }
        length = own
      }
    }
    for (k, site) in sites.enumerated() where found[k] == nil {
      guard site.isScript, let first = site.values[0],
        let last = site.values[site.values.count - 1]
      else { return nil }
      let distance = last.adding(first, times: -1)
      let own: (length: AffineLetters, step: Int)
      if let length {
        let isRising = length.isSame(as: distance)
        guard isRising || length.isSame(as: distance.negated) else { return nil }
        own = (length, isRising ? 1 : -1)
      } else if let step = chained(sites, found) ?? direction(distance) {
        own = (step > 0 ? distance : distance.negated, step)
      } else {
        return nil
      }
      length = own.length
      found[k] = Pace.Site(first: first, last: last, step: own.step)
    }
    guard let length, length.literal.map({ $0 > 0 }) ?? true else { return nil }
    let known = found.compactMap { $0 }
    guard known.count == sites.count,
      let lead = known.firstIndex(where: { abs($0.step) == 1 })
    else { return nil }
    return Pace(sites: known, lead: lead)
  }

  /// `∂h_t/∂h_{t-1} ⋯ ∂h_{k+1}/∂h_k`: each member begins where the one before it ends.
  private func chained(_ sites: [Template.Site], _ found: [Pace.Site?]) -> Int? {
    guard sites.count == 2, found.allSatisfy({ $0 == nil }), let a = sites[0].values[0],
      let b = sites[1].values[0], let step = b.adding(a, times: -1).literal, abs(step) == 1
    else { return nil }
    return step
  }

  /// Which way a distance points: towards a later letter, or up between numbers.
  private func direction(_ distance: AffineLetters) -> Int? {
    if let literal = distance.literal { return literal == 0 ? nil : literal.signum() }
    let ranked = distance.terms.map { (rank: lateness($0.letter), sign: $0.coefficient.signum()) }
    let latest = ranked.map { $0.rank }.max() ?? 0
    let signs = ranked.filter { $0.rank == latest }.map { $0.sign }
    if signs.allSatisfy({ $0 == signs[0] }) { return signs[0] }
    // Between letters of one rank the end with the +1 is the earlier one.
    guard distance.constant != 0 else { return nil }
    return -distance.constant.signum()
  }

  // MARK: Products that grow

  /// `A B_t`, `A J_t B_{t-1}`, `A J_t J_{t-1} B_{t-2}`: between common ends a run of one factor.
  private func unifyRuns(_ members: [[Formula]], _ template: inout Template) -> [Formula]? {
    let shortest = members.map { $0.count }.min() ?? 0
    guard shortest > 0 else { return nil }
    for ends in stride(from: shortest, through: 1, by: -1) {
      for lead in stride(from: ends, through: 0, by: -1) {
        var trial = Template()
        if let body = run(members, lead, ends - lead, &trial) {
          template = trial
          return body
        }
      }
    }
    return nil
  }

  private func run(
    _ members: [[Formula]], _ lead: Int, _ tail: Int, _ template: inout Template
  ) -> [Formula]? {
    let middles = members.map { Array($0[lead..<($0.count - tail)]) }
    guard middles.contains(where: { !$0.isEmpty }), middles.contains(where: { $0.count != 1 })
    else { return nil }
    let written = middles.flatMap { $0.filter { !$0.isEllipsis } }
    // One factor serves all places of all runs.
    var factor = Template()
    guard let form = factor.unify(written), !factor.sites.isEmpty else { return nil }
    var places = 0
    var spans: [(first: [AffineLetters], last: [AffineLetters])?] = []
    var step: Int?
    for middle in middles {
      let dots = middle.firstIndex { $0.isEllipsis }
      let own = middle.count - (dots == nil ? 0 : 1)
      guard own > 0 else {
        if dots != nil { return nil }
        spans.append(nil)
        continue
      }
      let values = (places..<(places + own)).map { at in factor.sites.map { $0.values[at] } }
      places += own
      let numbers = values.map { $0.compactMap { $0 } }
      guard let first = numbers.first, let last = numbers.last,
        numbers.allSatisfy({ $0.count == factor.sites.count })
      else { return nil }
      for k in factor.sites.indices where own > 1 {
        let edge = dots ?? own
        guard dots == nil || edge > 0 && edge < own else { return nil }
        for i in 1..<own where i != edge {
          guard let difference = numbers[i][k].adding(numbers[i - 1][k], times: -1).literal,
            abs(difference) == 1, step == nil || step == difference
          else { return nil }
          step = difference
        }
      }
      spans.append((first, last))
    }
    // All places of the factor keep one distance; the first one counts.
    let offsets = factor.sites.map { site in
      (site.values[0] ?? AffineLetters(terms: [], constant: 0))
        .adding(factor.sites[0].values[0] ?? AffineLetters(terms: [], constant: 0), times: -1)
    }
    if step == nil { step = self.step(of: offsets, spans) }
    guard let step else { return nil }
    var starts: [AffineLetters?] = []
    var ends: [AffineLetters?] = []
    for span in spans {
      guard let span else {
        starts.append(nil)
        ends.append(nil)
        continue
      }
      for k in offsets.indices {
        guard span.first[k].adding(span.first[0], times: -1).isSame(as: offsets[k]),
          span.last[k].adding(span.last[0], times: -1).isSame(as: offsets[k])
        else { return nil }
      }
      starts.append(span.first[0])
      ends.append(span.last[0])
    }
    // An empty run ends one step before it begins.
    let begin = starts.compactMap { $0 }.first
    guard let begin, starts.allSatisfy({ $0?.isSame(as: begin) ?? true }) else { return nil }
    for i in ends.indices where ends[i] == nil {
      ends[i] = AffineLetters(terms: begin.terms, constant: begin.constant - step)
    }
    guard let leading = template.unify(lists: members.map { Array($0.prefix(lead)) }),
      let trailing = template.unify(lists: members.map { Array($0.suffix(tail)) })
    else { return nil }
    let end = template.site(ends)
    let letter = Ellipsis.freshLetter(avoiding: Ellipsis.letters(of: members).union(["i"]))
    let running = AffineLetters(terms: [(letter, 1)], constant: 0)
    let body = form.filling(offsets.map { running.adding($0) })
    let product = Ellipsis.product(
      letter, from: Formula(begin, form.span), through: end, body, isFalling: step < 0)
    return leading + [product] + trailing
  }

  /// The step of a run that shows only its ends: its factors meet, or its ends say which is later.
  private func step(
    of offsets: [AffineLetters], _ spans: [(first: [AffineLetters], last: [AffineLetters])?]
  ) -> Int? {
    if offsets.count == 2, let literal = offsets[1].literal, abs(literal) == 1 { return literal }
    for case .some(let span) in spans where !span.first[0].isSame(as: span.last[0]) {
      return direction(span.last[0].adding(span.first[0], times: -1))
    }
    return nil
  }

  // MARK: Spelling

  /// A product whose factors are shown in their order.
  static func product(
    _ letter: String, from: Formula, through: Formula, _ body: Formula, isFalling: Bool
  ) -> Formula {
    let name = Formula(.identifier(Formula.Identifier(letter)), body.span)
    let below = Formula(
      .relations(
        name, [Formula.RelationMember(sign: .equal, signSpan: body.span, formula: from)]),
      body.span)
    return Formula(
      .big(isFalling ? .fallingFactors : .risingFactors, below: below, above: through, body),
      body.span)
  }

  static func sum(_ rule: Rule) -> Formula {
    let span = rule.body.span
    let (low, high) = rule.isFalling ? (rule.last, rule.first) : (rule.first, rule.last)
    let name = Formula(.identifier(Formula.Identifier(rule.letter)), span)
    let below = Formula(
      .relations(
        name,
        [Formula.RelationMember(sign: .equal, signSpan: span, formula: Formula(low, span))]), span)
    return Formula(.big(.sum, below: below, above: Formula(high, span), rule.body), span)
  }

  static func joined(_ factors: [Formula]) -> Formula {
    guard let first = factors.first, let last = factors.last, factors.count > 1 else {
      return factors.first ?? Formula(.empty, Span(0, 0))
    }
    return Formula(.juxtaposition(factors), first.span.union(last.span))
  }

  static func freshLetter(avoiding taken: Set<String>) -> String {
    ["i", "j", "l", "m", "p", "q", "r", "s", "u", "v"].first { !taken.contains($0) } ?? "\\iota"
  }

  static func letters(of members: [[Formula]]) -> Set<String> {
    var found: Set<String> = []
    for member in members {
      for factor in member {
        factor.visit { if let identifier = $0.identifier { found.insert(identifier.name) } }
      }
    }
    return found
  }
}

extension Formula {
  /// Dots, or a sign that stands for them in a column.
  var isEllipsis: Bool {
    switch kind {
    case .dots: return true
    case .identifier(let identifier): return identifier.name == "cdot"
    case .juxtaposition(let items), .list(let items):
      return !items.isEmpty && items.allSatisfy { $0.isEllipsis }
    default: return false
    }
  }

  /// The factors of a term, brackets around the whole taken off.
  var factorList: [Formula] {
    switch unfenced.kind {
    case .juxtaposition(let items): return items
    case .binary(.dot, let a, let b): return a.factorList + b.factorList
    default: return [unfenced]
    }
  }

  /// `t-1`, `2k`, `0`.
  init(_ affine: AffineLetters, _ span: Span) {
    var terms: [SignedTerm] = []
    for term in affine.terms {
      let letter = Formula(.identifier(Identifier(term.letter)), span)
      let size = abs(term.coefficient)
      let scaled =
        size == 1
        ? letter
        : Formula(.juxtaposition([Formula(.number(String(size)), span), letter]), span)
      terms.append(SignedTerm(isNegative: term.coefficient < 0, term: scaled))
    }
    if affine.constant != 0 || terms.isEmpty {
      terms.append(
        SignedTerm(
          isNegative: affine.constant < 0,
          term: Formula(.number(String(abs(affine.constant))), span)))
    }
    self = terms.count == 1 && !terms[0].isNegative ? terms[0].term : Formula(.sum(terms), span)
  }
}

extension AffineLetters {
  var literal: Int? { terms.isEmpty ? constant : nil }
  func isSame(as other: AffineLetters) -> Bool { adding(other, times: -1).literal == 0 }
  var negated: AffineLetters { AffineLetters(terms: [], constant: 0).adding(self, times: -1) }

  func adding(_ other: AffineLetters, times factor: Int = 1) -> AffineLetters {
    var sum = self
    sum.constant += factor * other.constant
    for term in other.terms {
      if let i = sum.terms.firstIndex(where: { $0.letter == term.letter }) {
        sum.terms[i].coefficient += factor * term.coefficient
        if sum.terms[i].coefficient == 0 { sum.terms.remove(at: i) }
      } else if factor * term.coefficient != 0 {
        sum.terms.append((term.letter, factor * term.coefficient))
      }
    }
    return sum
  }

  /// Nil where the division leaves a remainder.
  func divided(by divisor: Int) -> AffineLetters? {
    guard divisor != 0, constant.isMultiple(of: divisor),
      terms.allSatisfy({ $0.coefficient.isMultiple(of: divisor) })
    else { return nil }
    return AffineLetters(
      terms: terms.map { ($0.letter, $0.coefficient / divisor) }, constant: constant / divisor)
  }
}
