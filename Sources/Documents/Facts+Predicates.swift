import Expressions

/// Whether a clause plainly says what it says: no word that is not understood stands beside it.
extension FactReader {
  /// Whether the adjective at a place is the whole predicate of names, or stands right before them:
  /// `A is symmetric`, `a symmetric matrix A`; neither `A is block diagonal` nor `diagonal entries`.
  func isAffirmed(_ properties: Properties, at i: Int) -> Bool {
    let isPredicate = isCopula(i - 1) || term(i - 1) == .letting || formula(i - 1) != nil
    if !isPredicate {
      var j = i + 1
      while let term = term(j), term == .noun || isAdjective(term) { j += 1 }
      if formula(j) != nil { return isAttribute(at: i, endingAt: list(from: j).end) }
    }
    guard endsPredicate(behind: i, isOneHot: properties == .oneHot),
      let subject = subject(of: properties, at: i)
    else {
      return false
    }
    // Each row of a matrix may be one-hot.
    let isOfRows = term(subject - 1) == .rowsOf && properties == .oneHot
    return isPlainLeadIn(before: isOfRows ? subject - 1 : subject)
  }

  /// `y (a one-hot vector)`: the name before the brackets that hold the adjective and its noun alone.
  func subjectOfAside(_ properties: Properties, at i: Int) -> Int? {
    let open = term(i - 1) == .article ? i - 2 : i - 1
    guard open > 0, items[open] == .open, let part = formula(open - 1), isPlain(part) else {
      return nil
    }
    var end = i + 1
    while term(end) == .noun { end += 1 }
    guard items.indices.contains(end), items[end] == .close else { return nil }
    switch term(open - 2) {
    case .rowsOf, .columnsOf, .not, .insteadOf: return nil
    // The square of a name may have what the name has not.
    case .of, .genitive: return properties == .oneHot ? open - 1 : nil
    default: return open - 1
    }
  }

  /// Where the list begins of which an adjective at a place is said.
  private func subject(of properties: Properties, at i: Int) -> Int? {
    let isMeasure = properties == .unitNorm || properties.contains(.positiveDeterminant)
    var j = i - 1
    skip: while j >= 0 {
      switch items[j] {
      case .term(let term):
        switch term {
        case .article, .filler, .ours, .real, .all, .squares, .be, .are, .was, .noun: break
        case .letting, .and: break
        case .has, .of, .with: if !isMeasure { return nil }
        default: if !isAdjective(term) { return nil }
        }
      case .comma: break
      case .close: while j > 0, items[j] != .open { j -= 1 }
      case .formula: break skip
      default: return nil
      }
      j -= 1
    }
    if j < 0 { return nil }
    while j > 0 {
      var k = j - 1
      while k >= 0, items[k] == .term(.and) || items[k] == .comma { k -= 1 }
      guard k < j - 1, formula(k) != nil else { break }
      j = k
    }
    return j
  }

  /// Whether nothing restricts or turns an adjective behind it: `symmetric up to`, `one-hot vectors`
  /// of a sum.
  private func endsPredicate(behind i: Int, isOneHot: Bool) -> Bool {
    var j = i + 1
    while let term = term(j), isAdjective(term) || [.noun, .and, .real, .squares].contains(term) {
      j += 1
    }
    guard items.indices.contains(j) else { return true }
    switch items[j] {
    case .word: return false
    // `A is symmetric, they say`; `(but only in the limit)`
    case .comma, .open: return !endsInWords(behind: j)
    case .term(let term):
      switch term {
      // `and does not depend on`; not `or not`
      case .not where self.term(j - 1) == .and && j + 1 < items.count: return items[j + 1] != .stop
      // `the one-hot vector of the target`
      case .of, .for: return isOneHot && self.term(j - 1) == .noun && self.term(j + 1) == .article
      case .condition, .derivative, .withRespectTo, .has, .use, .only, .not, .inRow,
        .layout:
        return false
      case .with: return j + 1 == items.count || items[j + 1] != .word
      // `dass A symmetrisch ist`; not `"A is symmetric" is what they say`
      case .be, .are: return j + 1 == items.count || [.comma, .stop].contains(items[j + 1])
      default: return true
      }
    default: return true
    }
  }

  /// Whether words that end the sentence may take back what was said.
  private func endsInWords(behind place: Int) -> Bool {
    var hasWords = false
    scan: for item in items[(place + 1)...] {
      switch item {
      case .formula: return false
      case .semicolon, .stop, .colon: break scan
      case .word, .term(.hedge), .term(.wrong), .term(.becoming), .term(.not), .term(.only):
        hasWords = true
      case .term(let term):
        switch term {
        case .consequence where items[place] == .open, .reason where items[place] == .open:
          hasWords = true
        case .consequence, .reason, .whereCue, .with, .property, .real, .noun, .given,
          .constantValue:
          return false
        default: break
        }
      default: break
      }
    }
    return hasWords
  }

  /// `let the symmetric matrix A`, `with orthogonal Q`
  private func isAttribute(at i: Int, endingAt end: Int) -> Bool {
    var j = i - 1
    while let term = term(j), isAdjective(term) || isSmall(term) || term == .and { j -= 1 }
    guard items.indices.contains(j) else { return !opensPredicate(end) }
    switch items[j] {
    case .comma, .semicolon, .stop, .colon, .open, .formula: return !opensPredicate(end)
    case .term(let term):
      switch term {
      case .letting, .taking, .supposing, .given, .whereCue: return true
      // `for symmetric A this is easy` says it of its own sentence.
      case .for, .ranging, .condition: return formulaAfter(end - 1) != nil
      // `we initialise with` says what is done, not what is so.
      case .with: return items[..<j].last != .word || isPlainLeadIn(before: j)
      case .use, .be, .are, .consequence, .reason, .goal: return isPlainLeadIn(before: j)
      default: return false
      }
    default: return false
    }
  }

  /// Whether a name goes on to be spoken of.
  private func opensPredicate(_ place: Int) -> Bool {
    guard items.indices.contains(place) else { return false }
    return items[place] == .word || isCopula(place) || term(place) == .has
      || term(place) == .hedge || term(place) == .wrong || term(place) == .becoming
  }

  private func isSmall(_ term: Term) -> Bool {
    [.article, .filler, .ours, .noun, .real, .all, .squares, .scalar, .arbitrary].contains(term)
  }

  /// Whether all words between the beginning of a clause and a place are understood, but for what
  /// an article introduces: `where the weight matrix`; not `at initialisation`, `the rows of`.
  func isPlainLeadIn(before place: Int) -> Bool {
    var j = place - 1
    var hasWord = false
    // Behind a comma or `and`, what follows a formula is of another clause.
    var isJoined = false
    var isReported = false
    while j >= 0 {
      switch items[j] {
      case .word: hasWord = true
      case .formula: return isJoined || !hasWord
      case .semicolon, .stop, .colon, .open: return !hasWord
      case .comma, .term(.and):
        if hasWord { return isJoined && hasFormula(before: j) }
        // `…, and A is`: a clause of its own.
        if items[j] != .comma, j > 0, items[j - 1] == .comma { return true }
        isJoined = true
      case .close:
        while j > 0, items[j] != .open { j -= 1 }
      case .term(let term):
        switch term {
        // `a student claims that`
        case .article:
          if isReported, hasWord { return false }
          hasWord = false
        case .that: isReported = true
        case .condition: return !hasWord
        case .of, .genitive, .columnsOf, .rowsOf, .hedge, .wrong, .becoming, .insteadOf, .not:
          return false
        default: if hasWord, !isSmall(term), !isAdjective(term) { return false }
        }
      }
      j -= 1
    }
    return !hasWord
  }

  private func hasFormula(before place: Int) -> Bool {
    items[..<place].contains { if case .formula = $0 { true } else { false } }
  }

  /// `the gates are held constant`, `treating the gates as constants`; not `Smith treats the gates`
  func holdsPlainly(at i: Int, from end: Int) -> Bool {
    if isCopula(i + 1) || items[i...].contains(.term(.vary)) { return false }
    if i + 1 < items.count, items[i + 1] == .comma, endsInWords(behind: i + 1) { return false }
    var j = end - 1
    while j >= 0 {
      switch items[j] {
      case .formula, .term(.gate), .term(.and): break
      case .comma where formula(j - 1) != nil || term(j - 1) == .gate: break
      case .word where items[..<j].last == .term(.article): break
      case .term(let term) where isSmall(term) || isCopula(j): break
      case .term(.with): return true
      default: return isPlainLeadIn(before: j + 1)
      }
      j -= 1
    }
    return true
  }

  /// `denominator layout is not used`
  func isDeniedBehind(_ i: Int) -> Bool {
    for item in items[(i + 1)...] {
      switch item {
      case .comma, .semicolon, .stop, .colon, .formula, .term(.and): return false
      case .term(.not), .term(.nothing): return true
      default: break
      }
    }
    return false
  }

  /// Whether the clause around a place says that it speaks for the page.
  func speaksForItself(at i: Int) -> Bool {
    let ends: [Wording.Item] = [.comma, .semicolon, .stop, .colon]
    let from = items[..<i].lastIndex { ends.contains($0) } ?? -1
    let through = items[i...].firstIndex { ends.contains($0) } ?? items.count
    return items[(from + 1)..<through].contains {
      $0 == .term(.ours) || $0 == .term(.everywhere) || $0 == .term(.throughout)
    }
  }
}

extension Sentence {
  /// Whether it asks: then it states nothing.
  var isQuestion: Bool {
    guard case .text(let words, _)? = parts.last else { return false }
    let text = words.utf8.reversed().first { byte in
      byte != 0x20 && byte != 0x29 && byte != 0x22 && byte != 0x0A
    }
    if text == UInt8(ascii: "?") { return true }
    let bytes = Array(words.utf8)
    return bytes.count >= 3 && matches(bytes, at: bytes.count - 3, "\u{FF1F}")
  }
}
