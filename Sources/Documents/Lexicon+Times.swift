import Notation

/// Which letters are steps of time, and where the families that bear them bear them.
extension Lexicon {
  /// `h_j^{t-1}`, where `h_t` is a family: no number is raised to a running step.
  func isSteppedAbove(_ occurrence: Occurrence) -> Bool {
    guard families[occurrence.base] == .below, let letter = occurrence.below?.identifier?.name,
      ["i", "j", "l", "m", "p", "q"].contains(letter), !timeLetters.contains(letter),
      let time = occurrence.above.flatMap({ AffineLetters($0) }), !time.isLiteral
    else { return false }
    return time.terms.allSatisfy { timeLetters.contains($0.letter) }
  }

  mutating func noteRanges(_ formula: Formula) {
    for part in Lexicon.relationsIn(formula) {
      guard case .relations(let left, let members) = part.kind, let letter = left.identifier,
        letter.isPlain(letter.name), let member = members.last
      else { continue }
      var items: [Formula]
      switch member.formula.kind {
      case .list(let list): items = list
      case .fenced(.braces, let inner) where !member.formula.isPairOfNumbers:
        if case .list(let list) = inner.kind { items = list } else { continue }
      default: continue
      }
      guard items.count >= 2, let last = items.last, let end = AffineLetters(last) else { continue }
      if let sole = end.soleLetter, dimensionLetters.contains(sole), sole != "T" { continue }
      items.removeAll { if case .dots = $0.kind { return true } else { return false } }
      if !timeLetters.contains(letter.name), letter.name != "i", letter.name != "j",
        indexed.isEmpty || !entryLetters.contains(letter.name)
      {
        timeLetters.append(letter.name)
      }
    }
  }

  /// A t or τ that the page computes from something else than steps, `\tau = \sigma(W_\tau x)`, and
  /// that counts nothing, is no step.
  mutating func noteComputedLetters(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    for letter in ["t", "tau"] {
      let isComputed = formulas.flatMap { Lexicon.relationsIn($0) }.contains { relation in
        guard case .relations(let left, let members) = relation.kind,
          left.identifier?.isPlain(letter) == true, let right = members.first,
          right.sign == .equal || right.sign == .defines
        else { return false }
        switch right.formula.kind {
        case .list, .fenced(.braces, _), .dots: return false
        default: return AffineLetters(right.formula) == nil && !right.formula.isRun
        }
      }
      let isStep = occurrences.contains { occurrence in
        [occurrence.below, occurrence.above].contains { script in
          guard let script, let base = occurrence.base.utf8.first else { return false }
          let isLabel =
            script.identifier?.isPlain(letter) == true
            && (base == UInt8(ascii: "b") || base >= 65 && base <= 90)
          return !isLabel && script.mentions(letter)
        }
      }
      let counts = formulas.contains { formula in
        var found = false
        formula.visit { part in
          if case .big(_, let below?, _, _) = part.kind { found = found || below.mentions(letter) }
        }
        return found
      }
      if isStep || counts { continue }
      if isComputed || isVariable(letter, in: formulas) { timeLetters.removeAll { $0 == letter } }
    }
  }

  /// Whether a letter that bears no script and counts nothing is a variable like others: differentiated
  /// by, or a factor, and nowhere bounded, run through or given to a name as its step.
  private func isVariable(_ letter: String, in formulas: [Formula]) -> Bool {
    var (isFactor, isDenominator, isShifted, isArgument) = (false, false, false, false)
    for formula in formulas {
      let sides = Lexicon.relationsIn(formula).flatMap { relation -> [Formula] in
        // `\tau > 0` is said of any number.
        guard !relation.isPositivity, case .relations(let left, let members) = relation.kind
        else { return [] }
        return [left] + members.map { $0.formula }
      }
      // `t \ge 1`, `t = 1, …, T`
      if sides.contains(where: { AffineLetters($0)?.soleLetter == letter }) { return false }
      formula.visit { part in
        switch part.kind {
        case .juxtaposition(let items):
          isFactor = isFactor || items.contains { $0.identifier?.isPlain(letter) == true }
          for (item, next) in zip(items, items.dropFirst()) where item.scriptedBase != nil {
            guard case .fenced(_, let inner) = next.kind,
              let place = AffineLetters(inner), place.soleLetter == letter
            else { continue }
            isArgument = true
            isShifted = isShifted || place.constant != 0
          }
        case .fraction(let above, let below):
          if below.unfencedScripts.identifier?.isPlain(letter) == true { isFactor = true }
          guard Elaborator.partialHead(above) != nil,
            let by = Elaborator.partialHead(below)?.rest, by.count == 1
          else { return }
          isDenominator = isDenominator || by[0].identifier?.isPlain(letter) == true
        default: break
        }
      }
    }
    return isDenominator ? !isShifted : isFactor && !isArgument
  }

  /// The last step, where another letter than T stands for it: N in `t = 1, …, N`, in `\\sum_{t=1}^N`
  /// and `h_N`.
  mutating func noteEnds(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    var steps: Set<String> = ["t"]
    for occurrence in occurrences {
      for script in [occurrence.below, occurrence.above] {
        guard let step = script.flatMap({ AffineLetters($0) }), step.constant != 0,
          let letter = step.soleLetter
        else { continue }
        steps.insert(letter)
      }
    }
    var (ends, numbers): ([String], [String]) = ([], [])
    func note(_ letter: String?, _ end: Formula?) {
      guard let letter, let last = end.flatMap({ AffineLetters($0)?.soleLetter }), last != "T",
        last.utf8.count == 1
      else { return }
      let isCapital = last.utf8.allSatisfy { $0 >= 65 && $0 <= 90 }
      if isCapital, steps.contains(letter), timeLetters.contains(letter) {
        ends.append(last)
      } else if isCapital || timeLetters.contains(letter) {
        numbers.append(last)
      }
    }
    for formula in formulas {
      formula.visit { part in
        switch part.kind {
        case .relations(let left, let members):
          if case .list(let items)? = members.last?.formula.kind, items.count > 1 {
            note(left.identifier?.name, items.last)
          }
        case .big(_, let below?, let above, _):
          if case .relations(let left, let members) = below.kind {
            note(left.identifier?.name, above)
            note(left.identifier?.name, members.last?.formula)
          }
        default: break
        }
      }
    }
    func isName(_ end: String) -> Bool {
      declaredSpaces[end] != nil || differentiated.contains(end)
        || occurrences.contains { occurrence in
          // `N^{-1}` is a number as well.
          let isPower = occurrence.above.map { AffineLetters($0)?.isLiteral == true } ?? true
          return occurrence.base == end && (occurrence.below != nil || !isPower)
        }
    }
    for end in ends where !isName(end) { addTime(end) }
    // The n of `\frac1n \sum_{t=1}^n` is a number, and so is the N of `\frac1N \sum_{i=1}^N`.
    for end in numbers where !isName(end) { addInteger(end) }
  }

  /// An integer above, which may be a power or a time.
  static func mayBeTime(_ above: Formula) -> Bool {
    guard !above.isParenthesised, let affine = AffineLetters(above) else { return false }
    return affine.soleLetter != "T"
  }

  /// `h^0` beside `h_i^t` is of a family whose time stands above; `W^{30}` and `a^k` are powers.
  func timedAbove(
    _ occurrences: [Occurrence], _ prescribed: TimePlace?
  ) -> Set<String> {
    var timed: Set<String> = []
    for occurrence in occurrences {
      guard let above = occurrence.above, !above.isParenthesised,
        let affine = AffineLetters(above), !affine.isLiteral, affine.soleLetter != "T",
        occurrence.below != nil || prescribed == .above, !affine.isDistance,
        declaredOrder(of: occurrence.base) != 2
      else { continue }
      timed.insert(occurrence.base)
    }
    return timed
  }

  /// `z^l = w^l a^{l-1} + b^l`: an equation of one letter above that reads a name one step
  /// before beside another counts its steps there, where none of the names stands bare.
  mutating func layered(
    _ formulas: [Formula], _ occurrences: [Occurrence], _ prescribed: TimePlace?
  ) -> Set<String> {
    guard prescribed == nil || prescribed == .above else { return [] }
    let unraised = Set(occurrences.filter { $0.above == nil }.map { $0.base })
    var names: Set<String> = []
    for formula in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = formula.kind,
        case .scripts(let base, nil, let above?, 0) = left.kind, let name = base.identifier?.latex,
        let letter = above.identifier?.name, AffineLetters(above)?.soleLetter == letter,
        letter != "T", let right = members.first?.formula
      else { continue }
      var isRecurrence = false
      var own: Set<String> = [name]
      right.visit { part in
        guard case .scripts(let base, nil, let script?, _) = part.kind,
          let read = base.identifier?.latex, let step = AffineLetters(script),
          step.soleLetter == letter
        else { return }
        own.insert(read)
        isRecurrence = isRecurrence || step.constant != 0
      }
      guard isRecurrence, own.count > 1, own.isDisjoint(with: unraised) else { continue }
      names.formUnion(own)
      addTime(letter)
    }
    if names.isEmpty { return [] }
    // Whatever else bears the letter above, and never stands without, runs with it.
    for occurrence in occurrences
    where occurrence.below == nil && !unraised.contains(occurrence.base) {
      if let letter = occurrence.above.flatMap({ AffineLetters($0)?.soleLetter }),
        letter != "T", timeLetters.contains(letter)
      {
        names.insert(occurrence.base)
      }
    }
    return names
  }

  mutating func noteRaised(_ occurrences: [Occurrence], _ timed: Set<String>) {
    let letters = timeLetters
    for occurrence in occurrences where occurrence.below == nil {
      guard let above = occurrence.above, let letter = AffineLetters(above)?.soleLetter,
        Lexicon.mayBeTime(above), !timed.isEmpty, letters.contains(letter),
        declaredOrder(of: occurrence.base) != 2,
        !bare.contains(occurrence.base) || totals.contains(occurrence.base)
      else { continue }
      raised.insert(occurrence.base)
    }
    for occurrence in occurrences where occurrence.below == nil {
      guard let above = occurrence.above, Lexicon.mayBeTime(above),
        !timed.contains(occurrence.base), !raised.contains(occurrence.base)
      else { continue }
      bare.insert(occurrence.base)
    }
  }

  static func isStarredTime(_ above: Formula) -> Bool {
    if case .juxtaposition(let items) = above.kind { return items.contains { $0.isParenthesised } }
    return false
  }

  /// The single letters and numbers of a script, in order: `ij`, `i,j`, `1d`.
  package static func letters(of script: Formula) -> [Formula] {
    switch script.kind {
    case .juxtaposition(let items), .list(let items): return items
    default: return [script]
    }
  }

  mutating func noteOffsets(_ occurrence: Occurrence, _ prescribed: TimePlace?) {
    func offsetLetter(_ script: Formula?) -> String? {
      guard let script, let affine = AffineLetters(script), affine.constant != 0,
        let letter = affine.soleLetter
      else { return nil }
      return letter
    }
    if let letter = offsetLetter(occurrence.below) { addTime(letter) }
    // `x_{t-k}`: a distance between steps.
    if let terms = occurrence.below.flatMap({ AffineLetters($0) })?.terms, terms.count == 2,
      terms.contains(where: { isTimeLetter($0.letter) })
    {
      for term in terms { addTime(term.letter) }
    }
    // What e is raised to is a number of any kind.
    let isExponential =
      occurrence.base == "e" && occurrence.below == nil && declaredOrder(of: "e") == nil
    if let written = occurrence.above, !isExponential {
      let step = written.bracketedStep
      let above = step ?? written
      let timed =
        above.isParenthesised || step != nil
        || (occurrence.below != nil && declaredOrder(of: occurrence.base) == nil)
        || prescribed == .above
      if let letter = offsetLetter(above) {
        if timed { addTime(letter) } else { addInteger(letter) }
      } else if let affine = AffineLetters(above), !timed {
        for term in affine.terms where term.letter != "T" { addInteger(term.letter) }
      }
    }
  }

  mutating func addTime(_ letter: String) {
    if letter != "T", !timeLetters.contains(letter), !dimensionLetters.contains(letter) {
      timeLetters.append(letter)
    }
  }

  mutating func addInteger(_ letter: String) {
    if !integerLetters.contains(letter), !dimensionLetters.contains(letter) {
      integerLetters.append(letter)
    }
  }

  /// `t`, `t-1`, `(t)`, `(t, i)`
  func bearsStep(_ script: Formula) -> Bool {
    Lexicon.timeCandidates(script).contains { part in
      AffineLetters(part)?.terms.contains { timeLetters.contains($0.letter) } ?? false
    }
  }

  /// What bears `t`, a shifted step or a time beside an entry is a family, though it stand bare
  /// elsewhere; by other letters a name that stands bare counts its entries.
  mutating func noteRunning(_ occurrence: Occurrence) {
    guard let below = occurrence.below else { return }
    for part in Lexicon.timeCandidates(below) {
      guard let affine = AffineLetters(part), !affine.terms.isEmpty, isTime(affine) else {
        continue
      }
      let isEntryLetter = affine.soleLetter.map { Lexicon.entryCounters.contains($0) } ?? false
      if !isEntryLetter || affine.constant != 0 { runs.insert(occurrence.base) }
    }
  }

  mutating func noteFamily(_ occurrence: Occurrence, _ prescribed: TimePlace?) {
    let base = occurrence.base
    if base == "\\sum" || base == "\\prod" || base == "\\partial" || base == "\\nabla"
      || base == "\\delta" && occurrence.below.map({ Lexicon.letters(of: $0).count == 2 }) == true
    {
      return
    }
    if let above = occurrence.above {
      var time: Formula? = above
      if case .juxtaposition(let items) = above.kind {
        time = items.first { $0.isParenthesised }
      }
      // A lone T above is a transpose unless other upper scripts of the name are times.
      let mayBeTranspose =
        time?.identifier?.isPlain("T") == true && prescribed != .above && families[base] != .above
      if let time, let affine = AffineLetters(time), !affine.terms.isEmpty, isTime(affine),
        !mayBeTranspose, time.isParenthesised || families[base] == .above || !affine.isDistance,
        families[base] != .below,
        !bare.contains(base) || totals.contains(base)
          || time.isParenthesised && dimensionLetters.contains(base),
        time.isParenthesised || prescribed == .above || occurrence.below != nil
          || raised.contains(base)
      {
        families[base] = .above
        if time.isParenthesised { writesTimeInParentheses = true }
        for term in affine.terms { addTime(term.letter) }
        return
      }
    }
    if families[base] == .above, !bare.contains(base), let above = occurrence.above,
      let letter = AffineLetters(above)?.soleLetter
    {
      addTime(letter)
    }
    guard families[base] != .above, prescribed != .above, !distinguished.contains(base),
      !indexed.contains(base),
      let below = occurrence.below, !isSteppedAbove(occurrence),
      !listed.contains(base) || !labelled.contains(base + "_" + Elaborator.script(below))
    else { return }
    let parts = Lexicon.timeCandidates(below)
    for part in parts {
      guard let affine = AffineLetters(part), !affine.terms.isEmpty else { continue }
      // Beside the step of `y_{t,i}` the i counts entries.
      if let letter = affine.soleLetter, countsBesideStep(letter),
        parts.contains(where: { $0 != part && (AffineLetters($0).map { countsSteps($0) } ?? false) }
        )
      {
        continue
      }
      if families[base] == .below {
        if let letter = affine.soleLetter, !bare.contains(base) || listedVectors.contains(base),
          declaredOrder(of: base) == nil
            || affine.constant != 0 || letter == "k" || letter == "s"
        {
          addTime(letter)
        }
        continue
      }
      if isTime(affine), !bare.contains(base) || runs.contains(base) { families[base] = .below }
    }
  }

  /// Whether a letter counts entries where it stands beside a step.
  func countsBesideStep(_ letter: String) -> Bool {
    Lexicon.entryCounters.contains(letter)
      || ["m", "n", "p", "q", "r"].contains(letter) && !isTimeLetter(letter)
        && !dimensionLetters.contains(letter)
  }

  /// Whether a place is known to count steps.
  func countsSteps(_ affine: AffineLetters) -> Bool {
    !affine.terms.isEmpty && isTime(affine)
      && affine.terms.allSatisfy { !Lexicon.entryCounters.contains($0.letter) }
  }

  /// What of a lower script may be the time: the whole of it, or one member of a list.
  package static func timeCandidates(_ below: Formula) -> [Formula] {
    if case .list(let items) = below.kind { return items }
    return [below]
  }

  /// Times as arguments: `h(t)`, `h[t]`, `h^{⟨t⟩}`.
  mutating func noteArgumentTimes(_ formula: Formula, _ prescribed: TimePlace?) {
    formula.visit { part in
      if case .scripts(let base, _, let above?, _) = part.kind,
        let name = base.identifier?.latex, case .fenced(let fence, _) = above.kind,
        let affine = above.bracketedStep.flatMap({ AffineLetters($0) })
      {
        if isTime(affine) { families[name] = fence == .angle ? .angle : .brackets }
        if families[name] == .angle || families[name] == .brackets {
          for term in affine.terms { addTime(term.letter) }
        }
      }
      guard case .juxtaposition(let items) = part.kind else { return }
      for (i, item) in items.enumerated().dropLast() {
        guard let identifier = item.identifier, !functions.contains(identifier.latex),
          case .fenced(let fence, let inner) = items[i + 1].kind,
          fence == .parentheses || fence == .brackets, let affine = AffineLetters(inner),
          !affine.terms.isEmpty, isTime(affine), identifier.font == .italic,
          !inner.mentions(identifier.name),
          StandardFunction(identifier) == nil
        else { continue }
        if prescribed == nil || prescribed == .parentheses || prescribed == .brackets {
          families[identifier.latex] = fence == .parentheses ? .parentheses : .brackets
        }
      }
    }
  }
}

extension AffineLetters {
  /// `t-k`, `t-k-1`: a number of steps, as in `\gamma_W^{t-k}`.
  fileprivate var isDistance: Bool {
    terms.count == 2 && terms[0].coefficient == -terms[1].coefficient
  }
}

extension Formula {
  func mentions(_ letter: String) -> Bool {
    var found = false
    visit { found = found || $0.identifier?.isPlain(letter) == true }
    return found
  }

  /// `\{0, 1\}`, `\{-1, 1\}`: two values, and no run of numbers.
  package var isPairOfNumbers: Bool {
    guard case .fenced(.braces, let inner) = kind, case .list(let items) = inner.kind,
      items.count == 2
    else { return false }
    let values = items.compactMap { AffineLetters($0) }.filter { $0.isLiteral }
      .map { $0.constant }
    return values.count == 2 && values[0] < 1 && values[1] == 1
  }

  /// `1 … T`
  fileprivate var isRun: Bool {
    var found = false
    visit { if case .dots = $0.kind { found = true } }
    return found
  }

  /// The n of `[n]`, `⟨n⟩` above a name.
  fileprivate var bracketedStep: Formula? {
    guard case .fenced(let fence, let inner) = kind, fence == .brackets || fence == .angle else {
      return nil
    }
    return inner
  }
}

extension Formula {
  /// `\tau > 0`, `0 < \tau`
  fileprivate var isPositivity: Bool {
    guard case .relations(let left, let members) = kind, members.count == 1 else { return false }
    switch members[0].sign {
    case .greater: return left.identifier != nil && members[0].formula.kind == .number("0")
    case .less: return left.kind == .number("0") && members[0].formula.identifier != nil
    default: return false
    }
  }
}
