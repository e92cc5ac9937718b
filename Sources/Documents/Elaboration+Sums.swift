import Expressions
import Notation

/// Sums and products over a letter: a time or an index.
extension Elaborator {
  mutating func big(
    _ sign: Formula.BigOperator, _ below: Formula?, _ above: Formula?, _ body: Formula,
    _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    let isShown = sign == .risingFactors || sign == .fallingFactors
    guard sign == .sum || sign == .product || isShown else {
      if sign == .maximum, below == nil {
        return try application(.maximum, power: nil, primes: 0, body, span, in: &workspace)
      }
      throw Unreadable(.noMeaning, span)
    }
    guard let below else { throw Unreadable(.sumBounds, span) }
    let body = body.withoutLeadingDot
    if below.identifier != nil {
      return try openSum(sign, below, body, span, in: &workspace)
    }
    guard case .relations(let left, let members) = below.kind, members.count == 1,
      let letter = left.identifier, members[0].sign == .equal
    else { throw Unreadable(.sumBounds, below.span) }
    var upper = above
    if let top = above, case .relations(_, let topMembers) = top.kind, let last = topMembers.last {
      upper = last.formula
    }
    guard let upper else { throw Unreadable(.sumBounds, span) }
    let from = members[0].formula
    if isLabel(letter.name, from, upper, body) {
      guard sign == .sum, AffineLetters(from)?.isLiteral == true,
        AffineLetters(from)?.constant == 1
      else { throw Unreadable(.sumBounds, below.span) }
      let index = workspace.index(
        IndexRecord(
          name: page.written(letter.name), dimension: dimension(of: upper, in: &workspace)))
      labels.insert((letter.name, index), at: 0)
      defer { labels.removeFirst() }
      let inner = try elaborate(body, in: &workspace)
      return Written(workspace.expression(.indexSum(index, inner.expression)), span, [inner])
    }
    let start = try time(from, in: &workspace)
    let end = try time(upper, in: &workspace)
    let symbol = workspace.time(named: page.written(letter.name))
    boundTimes.insert((letter.name, symbol), at: 0)
    if sign == .sum { boundRanges.append((symbol, start, end)) }
    defer {
      boundTimes.removeFirst()
      if sign == .sum { boundRanges.removeLast() }
    }
    let inner = try elaborate(body, in: &workspace)
    if sign == .sum {
      return Written(
        workspace.expression(.timeSum(symbol, from: start, through: end, inner.expression)), span,
        [inner])
    }
    if isShown ? sign == .fallingFactors : runsDown(from: start, to: end) {
      return Written(
        workspace.expression(
          .timeProduct(symbol, from: end, through: start, inner.expression, .descending)),
        span, [inner])
    }
    return Written(
      workspace.expression(
        .timeProduct(
          symbol, from: start, through: end, inner.expression,
          isShown ? .ascendingAsShown : .ascending)),
      span, [inner])
  }

  /// A product written from the later time down: `\prod_{i=t}^{k+1}`, `\prod_{i=T}^{1}`.
  func runsDown(from start: Time, to end: Time) -> Bool {
    let difference = end - start
    if let literal = difference.literal { return literal < -1 }
    // A sum around it that says which end is the later one: from k down to t+1 where k ≥ t.
    for range in boundRanges.reversed() {
      func least(_ time: Time) -> Int? {
        let coefficient = time.coefficient(of: range.symbol)
        if coefficient == 0 { return nil }
        return time.substituting(range.symbol, by: coefficient > 0 ? range.from : range.through)
          .literal
      }
      if let least = least(difference), least >= -1 { return false }
      if let least = least(difference.scaled(by: -1)), least >= -1 { return true }
    }
    // By custom capitals, t and n are late times, other letters early ones.
    func isLate(_ time: Time) -> Int? {
      guard let symbol = time.terms.first(where: { $0.coefficient > 0 })?.symbol else { return nil }
      let name = page.times.first { $0.symbol == symbol }?.name ?? ""
      let isCapital = name.utf8.count == 1 && name.utf8.allSatisfy { $0 >= 65 && $0 <= 90 }
      return isCapital ? 2 : name == "t" || name == "n" ? 1 : 0
    }
    if looksAhead { return end.constant > 0 && start.constant == 0 }
    switch (isLate(start), isLate(end)) {
    case (let late?, nil): return late > 0
    case (let first?, let last?):
      // Between letters of one rank the end with the +1 is the earlier one: from m down to k+1.
      return last < first || last == first && end.constant > 0 && start.constant == 0
    default: return false
    }
  }

  /// `\sum_t`, `\sum_i`: over all times, over the whole axis.
  mutating func openSum(
    _ sign: Formula.BigOperator, _ below: Formula, _ body: Formula, _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    guard sign == .sum, let letter = below.identifier else {
      throw Unreadable(.sumBounds, below.span)
    }
    if page.lexicon.isTimeLetter(letter.name), usesAsTime(letter.name, body) {
      guard let range = openRange else { throw Unreadable(.sumBounds, below.span) }
      let symbol = workspace.time(named: page.written(letter.name))
      boundTimes.insert((letter.name, symbol), at: 0)
      defer { boundTimes.removeFirst() }
      let inner = try elaborate(body, in: &workspace)
      // `\sum_t \bar z_{t+1} h_t^\top`: the latest node that is read runs over the steps.
      let ahead =
        workspace.variables(in: inner.expression)
        .compactMap { $0.time.flatMap { ($0 - Time(symbol)).literal } }.max() ?? 0
      let shift = max(0, ahead)
      return Written(
        workspace.expression(
          .timeSum(
            symbol, from: range.from - shift, through: range.through - shift, inner.expression)),
        span, [inner])
    }
    let dimension = workspace.dimension(named: letter.name)
    let index = workspace.index(
      IndexRecord(name: page.written(letter.name), dimension: Dimension(dimension)))
    labels.insert((letter.name, index), at: 0)
    defer { labels.removeFirst() }
    let inner = try elaborate(body, in: &workspace)
    return Written(workspace.expression(.indexSum(index, inner.expression)), span, [inner])
  }

  func isLabel(
    _ letter: String, _ from: Formula, _ upper: Formula, _ body: Formula
  ) -> Bool {
    let isSize =
      AffineLetters(upper)?.soleLetter.map { page.lexicon.dimensionLetters.contains($0) } ?? false
    if usesAsTime(letter, body), !(isSize && usesAsEntry(letter, body, ofVectors: true)),
      !countsColumns(letter, body)
    {
      return false
    }
    if let sole = AffineLetters(upper)?.soleLetter, page.lexicon.dimensionLetters.contains(sole) {
      return true
    }
    return usesAsEntry(letter, body)
  }

  /// Whether a letter stands where a family has its time, or in an exponent.
  func usesAsTime(_ letter: String, _ body: Formula) -> Bool {
    var found = false
    body.visit { part in
      guard case .scripts(let base, let below, let above, _) = part.kind else {
        if case .juxtaposition(let items) = part.kind {
          for (i, item) in items.enumerated().dropLast() {
            if let name = item.identifier?.latex,
              page.lexicon.families[name] == .parentheses
                || page.lexicon.families[name] == .brackets,
              case .fenced(_, let inner) = items[i + 1].kind,
              let affine = AffineLetters(inner),
              affine.terms.contains(where: { $0.letter == letter })
            {
              found = true
            }
          }
        }
        return
      }
      let name = base.identifier?.latex ?? ""
      let place = page.lexicon.families[name]
      func mentions(_ script: Formula?) -> Bool {
        guard let script else { return false }
        for candidate in Lexicon.timeCandidates(script) {
          if let affine = AffineLetters(candidate),
            affine.terms.contains(where: { $0.letter == letter })
          {
            return true
          }
        }
        return false
      }
      // Beside the step of `y_{t,i}` the i counts entries.
      let isBesideStep =
        page.lexicon.countsBesideStep(letter)
        && below.map { Lexicon.timeCandidates($0) }?.contains {
          AffineLetters($0).map { page.lexicon.countsSteps($0) } ?? false
        } ?? false
      if place == .below, mentions(below), !isBesideStep { found = true }
      if place != nil, place != .below || below == nil, mentions(above) { found = true }
      if place == nil, let above {
        if mentions(above) { found = true }
        if case .juxtaposition(let items) = above.kind, items.contains(where: { mentions($0) }) {
          found = true
        }
      }
      if let above, case .juxtaposition(let items) = above.kind,
        items.contains(where: { mentions($0) })
      {
        found = true
      }
    }
    return found
  }

  /// Whether a letter stands beside another one below a matrix of the page, and otherwise only below
  /// names that stand for a whole vector elsewhere: `W_{ij} x_j`.
  private func countsColumns(_ letter: String, _ body: Formula) -> Bool {
    var isColumn = false
    var isEntry = true
    body.visit { part in
      guard case .scripts(let base, let below?, _, _) = part.kind,
        case let letters = Lexicon.letters(of: below),
        letters.contains(where: { $0.identifier?.isPlain(letter) == true })
      else { return }
      let name = base.identifier?.latex ?? ""
      if letters.count == 1 {
        isEntry = isEntry && page.lexicon.isBare(name)
      } else {
        let names = [name, Elaborator.uppercased(name)]
        isColumn = isColumn || names.contains { page.lexicon.isBare($0) }
      }
    }
    return isColumn && isEntry
  }

  /// - Parameter ofVectors: only at names that stand for a whole vector or matrix elsewhere, or
  ///   beside another index.
  func usesAsEntry(_ letter: String, _ body: Formula, ofVectors: Bool = false) -> Bool {
    var found = false
    body.visit { part in
      guard case .scripts(let base, let below?, _, _) = part.kind else { return }
      if ofVectors, Lexicon.letters(of: below).count < 2,
        base.identifier.map({ page.lexicon.isBare($0.latex) }) != true
      {
        return
      }
      for item in Lexicon.letters(of: below) where item.identifier?.isPlain(letter) == true {
        found = true
      }
    }
    return found
  }
}

extension Formula {
  /// A product without the dot that stands in front of it: `\sum_k \cdot a_k`.
  var withoutLeadingDot: Formula {
    switch kind {
    case .binary(.dot, let a, let b):
      if case .empty = a.kind { return b }
      return Formula(.binary(.dot, a.withoutLeadingDot, b), span)
    case .juxtaposition(let items):
      guard let first = items.first else { return self }
      return Formula(.juxtaposition([first.withoutLeadingDot] + items.dropFirst()), span)
    default: return self
    }
  }
}
