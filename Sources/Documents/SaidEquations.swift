import Notation

/// Relations whose sign is a word: `the derivative $\partial h_t/\partial h_{t-1}$ is $W$`, `differentiating $s$ with
/// respect to $x$ gives $2x$`, `$a$ is at most $1$`.
enum SaidEquations {
  /// The parts, each that words set against an expression before it as a relation with that.
  static func joining(
    _ parts: [ParsedPart], in manuscript: Manuscript, _ macros: MacroTable
  ) -> [ParsedPart] {
    var joined = parts
    for (i, part) in parts.enumerated() {
      let sentence = manuscript.blocks[part.block].sentences[part.sentence]
      guard !part.formula.isRelation, !part.formula.isListLike, !part.text.isStruck,
        !sentence.isQuestion,
        let said = Reader(sentence, part.part).relation()
      else { continue }
      func formula(_ place: Int) -> (formula: Formula, text: String)? {
        let other = parts[..<i].last {
          $0.block == part.block && $0.sentence == part.sentence && $0.part == place
        }
        guard let other else { return nil }
        if said.isRelative, case .relations(_, let members) = other.formula.kind,
          let last = members.last, [.equal, .defines].contains(last.sign)
        {
          let span = last.formula.span
          return (
            last.formula, String(decoding: other.text.text[span.start..<span.end], as: UTF8.self)
          )
        }
        guard !other.formula.isRelation, !other.formula.isListLike else { return nil }
        return (other.formula, String(decoding: other.text.text, as: UTF8.self))
      }
      let (left, written): (Formula, String)
      switch said.subject {
      case .formula(let place):
        guard let found = formula(place), said.isPlain || found.formula.isCalculated else {
          continue
        }
        (left, written) = found
      case .derivative(let above, let below):
        guard let above = formula(above), let below = formula(below),
          below.formula.namesSomething
        else { continue }
        left = Formula.partial(of: above.formula, by: below.formula, macros)
        written = "\\frac{\\partial " + above.text + "}{\\partial " + below.text + "}"
      }
      // A new name for it is no claim.
      if said.sign == .equal, part.formula.namesSomething, !isKnown(part.formula, parts[..<i]) {
        continue
      }
      let start = Span(part.formula.span.start, part.formula.span.start)
      joined[i].formula = Formula(
        .relations(
          left.placed(at: start),
          [Formula.RelationMember(sign: said.sign, signSpan: start, formula: part.formula)]),
        part.formula.span)
      joined[i].said = written
    }
    return joined
  }

  /// Whether a name stands in formulas before.
  private static func isKnown(_ name: Formula, _ parts: ArraySlice<ParsedPart>) -> Bool {
    func base(_ formula: Formula) -> Formula.Identifier? {
      if case .scripts(let base, _, _, _) = formula.kind { return base.identifier }
      return formula.identifier
    }
    guard let identifier = base(name) else { return false }
    if identifier.isPlain("I") { return true }
    return parts.contains { part in
      guard part.formula.isRelation else { return false }
      var isThere = false
      part.formula.visit { if $0.identifier == identifier { isThere = true } }
      return isThere
    }
  }

  private struct Said {
    enum Subject {
      case formula(Int)
      case derivative(of: Int, by: Int)
    }
    var subject: Subject
    var sign: Formula.RelationSign
    /// Whether the words leave no doubt that two values are compared, whatever the first one is.
    var isPlain: Bool
    /// `$J = ∂h/∂x$, which equals $W$`: it is said of the value.
    var isRelative = false
  }

  /// The words before a formula, and the formulas that they join to it.
  private struct Reader {
    private enum Item: Equatable {
      case word(String)
      case formula(Int)
    }
    private var before: [Item] = []
    private var behind: [Item] = []

    init(_ sentence: Sentence, _ place: Int) {
      for (i, part) in sentence.parts.enumerated() where i != place {
        var items: [Item] = []
        switch part {
        case .text(let words, _):
          items = Wording.tokens(of: Array(words.utf8)).map { .word($0.text) }
        case .formula: items = [.formula(i)]
        case .directive: break
        }
        if i < place { before += items } else { behind += items }
      }
    }

    func relation() -> Said? {
      guard endsClause, let (verb, words) = verb() else { return nil }
      var rest = words
      if let last = rest.last, [.word("which"), .word("was")].contains(last), verb.isOfValue {
        rest.removeLast()
        if rest.last == .word(",") { rest.removeLast() }
        guard case .formula(let place)? = rest.last else { return nil }
        return Said(subject: .formula(place), sign: verb.sign, isPlain: true, isRelative: true)
      }
      if case .formula(let place)? = rest.last, verb.isOfValue {
        if let pair = derivative(rest) {
          return Said(subject: pair, sign: verb.sign, isPlain: true)
        }
        guard isSubject(rest.dropLast()) else { return nil }
        return Said(subject: .formula(place), sign: verb.sign, isPlain: verb.isPlain)
      }
      if let pair = derivative(rest) { return Said(subject: pair, sign: verb.sign, isPlain: true) }
      return nil
    }

    /// Nothing behind goes on with what is set equal: no noun that it counts, no unit.
    private var endsClause: Bool {
      guard case .word(let next)? = behind.first else { return behind.isEmpty }
      return [
        ",", ";", ":", ".", ")", "for", "if", "when", "whenever", "since", "because", "as", "and",
        "which",
        "where", "so", "while", "whereas", "provided", "by", "but", "at", "again", "too", "here",
        "für",
        "wenn", "falls", "da", "weil", "und",
      ].contains(next)
    }

    private typealias Verb = (sign: Formula.RelationSign, isPlain: Bool, isOfValue: Bool)

    /// The words right before: what they say of the two sides, and what stands before them.
    private func verb() -> (Verb, ArraySlice<Item>)? {
      var rest = before[...]
      while case .word(let word)? = rest.last, Reader.adverbs.contains(word) { rest.removeLast() }
      for (phrase, verb) in Reader.verbs where ends(rest, phrase) {
        rest.removeLast(phrase.count)
        while case .word(let word)? = rest.last, Reader.adverbs.contains(word) { rest.removeLast() }
        // Of an apposition: `the slope, $\sigma'(z)$, is`.
        if rest.last == .word(",") { rest.removeLast() }
        return (verb, rest)
      }
      return nil
    }

    private static let adverbs = [
      "simply", "just", "then", "thus", "therefore", "hence", "also", "exactly", "again", "now",
      "always", "still",
      "nothing", "but", "clearly", "indeed", "immediately", "einfach", "also", "dann",
    ]

    private static let verbs: [(phrase: [String], verb: Verb)] = [
      (["is", "equal", "to"], (.equal, true, true)), (["equals"], (.equal, true, true)),
      (["is", "given", "by"], (.equal, false, true)), (["becomes"], (.equal, false, true)),
      (["reduces", "to"], (.equal, false, true)), (["simplifies", "to"], (.equal, false, true)),
      (["evaluates", "to"], (.equal, true, true)), (["amounts", "to"], (.equal, false, true)),
      (["is", "at", "most"], (.lessOrEqual, true, true)),
      (["does", "not", "exceed"], (.lessOrEqual, true, true)),
      (["never", "exceeds"], (.lessOrEqual, true, true)),
      (["is", "bounded", "above", "by"], (.lessOrEqual, true, true)),
      (["is", "bounded", "by"], (.lessOrEqual, false, true)),
      (["is", "at", "least"], (.greaterOrEqual, true, true)),
      (["is", "bounded", "below", "by"], (.greaterOrEqual, true, true)),
      (["is", "less", "than"], (.less, true, true)),
      (["is", "smaller", "than"], (.less, true, true)),
      (["is", "strictly", "less", "than"], (.less, true, true)),
      (["is", "greater", "than"], (.greater, true, true)),
      (["is", "larger", "than"], (.greater, true, true)),
      (["is"], (.equal, false, true)), (["gives"], (.equal, false, false)),
      (["yields"], (.equal, false, false)), (["we", "get"], (.equal, false, false)),
      (["we", "obtain"], (.equal, false, false)), (["ist", "gleich"], (.equal, true, true)),
      (["ist"], (.equal, false, true)), (["ergibt"], (.equal, false, false)),
    ]

    private func ends(_ items: ArraySlice<Item>, _ words: [String]) -> Bool {
      items.count >= words.count
        && zip(items.suffix(words.count), words).allSatisfy { $0 == .word($1) }
    }

    /// Whether a formula behind these words is what the sentence speaks of.
    private func isSubject(_ words: ArraySlice<Item>) -> Bool {
      guard case .word(let last)? = words.last else { return words.isEmpty }
      return [
        ",", ":", ";", "the", "derivative", "derivatives", "gradient", "jacobian", "slope",
        "partial", "partials",
        "factor", "term", "product", "sum", "quotient", "sensitivity", "quantity", "expression",
        "norm",
        "value", "that", "hence", "thus", "so", "then", "therefore", "and", "where", "because",
        "since", "means",
        "case", "also", "now", "here", "die", "ableitung", "dass", "also",
      ].contains(last) && !words.dropLast().suffix(3).contains(.word("not"))
    }

    /// `the derivative of $f$ with respect to $x$`, `differentiating $f$ with respect to $x$`.
    private func derivative(_ items: ArraySlice<Item>) -> Said.Subject? {
      guard case .formula(let below)? = items.last else { return nil }
      var rest = items.dropLast()
      let signs = [
        ["with", "respect", "to"], ["w", ".", "r", ".", "t", "."], ["wrt"], ["wrt", "."], ["by"],
        ["nach"],
      ]
      guard let sign = signs.first(where: { ends(rest, $0) }) else { return nil }
      rest.removeLast(sign.count)
      guard case .formula(let above)? = rest.last else { return nil }
      rest.removeLast()
      let heads = [
        ["derivative", "of"], ["gradient", "of"], ["jacobian", "of"], ["derivative", "for"],
        ["differentiating"], ["ableitung", "von"],
      ]
      guard heads.contains(where: { ends(rest, $0) }) else { return nil }
      // `the second derivative`, `the time derivative`: not of the first order, or not by that.
      let former = rest.suffix(3).dropLast()
      let others = [
        "second", "third", "mixed", "directional", "norm", "time", "transpose", "sign", "negative",
      ]
      if former.contains(where: {
        if case .word(let word) = $0 { others.contains(word) } else { false }
      }) {
        return nil
      }
      return .derivative(of: above, by: below)
    }
  }
}

extension Formula {
  fileprivate var isRelation: Bool {
    if case .relations = kind { return true } else { return false }
  }

  /// Several things, a matrix's size, an order of growth, or nothing that could be a value.
  fileprivate var isListLike: Bool {
    switch kind {
    case .list, .text, .empty, .unread, .dots: return true
    case .binary(let sign, _, _) where sign == .times: return true
    default: return !Lexicon.relationsIn(self).isEmpty
    }
  }

  /// Whether it is more than a name: a derivative, a norm, a power, an applied function.
  fileprivate var isCalculated: Bool {
    switch kind {
    case .fraction(let above, let below):
      return Elaborator.partialHead(above) != nil && Elaborator.partialHead(below) != nil
    case .fenced(let fence, let inner):
      return fence == .doubleBars || fence == .bars || inner.isCalculated
    case .scripts(let base, _, _, let primes): return primes > 0 || base.isCalculated
    case .juxtaposition(let items): return items.first?.isCalculated == true
    default: return false
    }
  }

  /// A letter, with scripts or without.
  fileprivate var namesSomething: Bool {
    switch kind {
    case .identifier: return true
    case .scripts(let base, _, _, 0): return base.identifier != nil
    default: return false
    }
  }

  fileprivate static func partial(
    of above: Formula, by below: Formula, _ macros: MacroTable
  ) -> Formula {
    let partial = Formula(parsing: Array("\\partial".utf8), macros: macros)
    let whole = above.namesSomething ? above : Formula(.fenced(.parentheses, above), above.span)
    func juxtaposed(_ item: Formula) -> Formula {
      Formula(.juxtaposition([partial, item]), item.span)
    }
    return Formula(.fraction(juxtaposed(whole), juxtaposed(below)), above.span)
  }
}
