import Notation

/// `Case 1: i = j`, `for i ≠ j`: cases of two letters that count entries, and the lines that are of
/// them.
extension PageReader {
  /// Whether a relation between two such letters says of which case the page speaks.
  mutating func noteCase(
    _ formula: Formula, of statement: Statement, _ cue: Cue?
  ) -> Bool {
    guard let a = countedBy(statement.left), let b = countedBy(statement.right), a != b else {
      return false
    }
    let lexicon = page.notation.lexicon
    if statement.sign == .equal, lexicon.isIntegerLetter(a) || lexicon.isIntegerLetter(b) {
      return false
    }
    let isBehind = cue == .suppose || cue == .with || cue == .range
    page.cases.append(
      (formula, statement.index, isBehind && words.condition?.isDirect == true))
    return true
  }

  private func countedBy(_ formula: Formula) -> String? {
    guard let letter = formula.identifier, letter.isPlain(letter.name),
      !known.contains(NameKey(letter.name)),
      Lexicon.entryCounters.contains(letter.name)
        || page.notation.lexicon.entryLetters.contains(letter.name)
    else { return nil }
    return letter.name
  }

  /// Gives the claims of a page the cases that they are of.
  mutating func settleCases() {
    var taken: Set<Int> = []
    for n in page.cases.indices where page.cases[n].isBehind {
      taken.formUnion(claims(ofCase: n, []).own)
    }
    for n in page.cases.indices {
      let formula = page.cases[n].formula
      let (own, perhaps) = claims(ofCase: n, page.cases[n].isBehind ? [] : taken)
      for i in own { page.statements[i].cases.append(formula) }
      if let last = own.last, let i = otherwise(behind: last),
        case .relations(let a, var members) = formula.kind
      {
        members[0].sign = members[0].sign == .equal ? .notEqual : .equal
        page.statements[i].cases.append(Formula(.relations(a, members), formula.span))
      }
      for i in perhaps { page.statements[i].perhapsCases.append(formula) }
    }
  }

  /// The claims that a case is said of, and those behind them that may go on with it or sum up.
  /// - Parameter taken: claims of cases that are said behind them.
  private func claims(
    ofCase n: Int, _ taken: Set<Int>
  ) -> (own: [Int], perhaps: [Int]) {
    let place = page.statements[page.cases[n].statement]
    let cases = page.cases.map { $0.statement }
    let claims = page.statements.indices.filter {
      page.statements[$0].role == .claim && !taken.contains($0)
    }
    func isOfSentence(_ i: Int) -> Bool {
      page.statements[i].block == place.block && page.statements[i].sentence == place.sentence
    }
    if page.cases[n].isBehind {
      let own = page.statements[..<place.index].reversed().prefix {
        $0.block == place.block && $0.sentence == place.sentence && $0.role == .claim
      }
      if !own.isEmpty { return (own.reversed().map { $0.index }, []) }
    }
    // `… if i = j, and … if i ≠ j`
    let beside = claims.filter(isOfSentence)
    if let last = beside.last, let end = cases.last(where: isOfSentence), last < end {
      let start = cases.last { $0 < place.index } ?? -1
      return (beside.filter { $0 > start && $0 < place.index }, [])
    }
    // Two conditions in one sentence with no claim between them are of one case.
    let next =
      cases.first { other in
        other > place.index
          && !(isOfSentence(other) && !claims.contains { $0 > place.index && $0 < other })
      } ?? page.statements.count
    var (own, perhaps): ([Int], [Int]) = ([], [])
    for i in claims where i > place.index && i < next {
      let claim = page.statements[i]
      guard claim.clause == place.clause, claim.section == place.section, claim.part == place.part
      else { break }
      let last = own.last.map { page.statements[$0] } ?? place
      let goesOn =
        own.isEmpty
        ? isNext(claim, behind: place) : isWordless(from: last, to: claim)
      if goesOn, perhaps.isEmpty {
        own.append(i)
      } else if claim.block <= last.block + 1 {
        perhaps.append(i)
      }
    }
    return (own, perhaps)
  }

  /// `…, and otherwise …`: the first claim of the case that is left.
  private func otherwise(behind last: Int) -> Int? {
    let first = page.statements[last]
    guard
      let i = page.statements.indices.first(where: {
        $0 > last && page.statements[$0].role == .claim
          && page.statements[$0].head != (first.head ?? last)
      }), page.statements[i].block == first.block, page.statements[i].clause == first.clause + 1
    else { return nil }
    let words = manuscript.blocks[first.block].sentences[page.statements[i].sentence].parts
      .flatMap { part in
        if case .text(let text, _) = part {
          Wording.tokens(of: Array(text.utf8)).map { $0.text }
        } else {
          [String]()
        }
      }
    let isOtherwise = ["otherwise", "else", "sonst", "andernfalls"].contains { words.contains($0) }
    return isOtherwise || words.indices.dropLast().contains { words[$0] + words[$0 + 1] == "否则" }
      ? i : nil
  }

  /// Whether a claim stands in the paragraph of a case, or right behind it.
  private func isNext(_ claim: Statement, behind place: Statement) -> Bool {
    claim.block == place.block
      || manuscript.blocks[(place.block + 1)..<claim.block].allSatisfy { $0.sentences.isEmpty }
  }

  /// Whether nothing but formulas stands from one claim to another.
  private func isWordless(from first: Statement, to second: Statement) -> Bool {
    if first.block == second.block, first.sentence == second.sentence { return true }
    for block in first.block...second.block {
      for (s, sentence) in manuscript.blocks[block].sentences.enumerated()
      where (first.block, first.sentence) < (block, s)
        && (block, s) <= (second.block, second.sentence)
      {
        if Wording(sentence).items.contains(where: { item in
          switch item {
          case .word, .term: true
          default: false
          }
        }) {
          return false
        }
      }
    }
    return true
  }
}
