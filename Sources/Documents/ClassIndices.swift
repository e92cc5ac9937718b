import Notation

/// Letters that name one entry of a vector throughout the page, as the class c of `L = -\log p_c`: the
/// equation of a name without an index reads the entry, and nothing binds the letter there.
struct ClassIndices {
  private(set) var letters: [String] = []
  /// The names of whole vectors: declared so, what softmax gives, be it written out, or what a sum
  /// counts the entries of.
  private(set) var vectors: Set<String> = []

  init(surveying formulas: [Formula]) {
    let relations = formulas.flatMap { Lexicon.relationsIn($0) }
    let counted = Self.countedNames(in: formulas)
    vectors = Self.vectors(in: relations).union(Self.declared(in: relations).intersection(counted))
      .subtracting(Positions.vectors(in: formulas))
    if vectors.isEmpty { return }
    let logarithms = Self.logarithms(in: relations)
    // What computes a name comes first, be there claims of it behind.
    var computed: [Formula.Identifier] = []
    for case .relations(let left, let members) in relations.map({ $0.kind })
    where members[0].sign == .equal || members[0].sign == .defines {
      guard let name = left.identifier, !computed.contains(name) else { continue }
      computed.append(name)
      for (name, letter) in Self.entries(in: members[0].formula, bound: [])
      where vectors.contains(name) && !letters.contains(letter) {
        letters.append(letter)
      }
    }
    let general = relations.filter { Self.isGeneral($0) }.compactMap { $0.leftMember }
    let nodes = Set(computed.map { $0.latex } + general)
    var wholes = vectors.union(nodes)
    var bare: Set<String> = []
    for formula in formulas { Positions.noteBare(formula, in: &bare) }
    wholes.formUnion(bare)
    letters = letters.filter { letter in
      !["t", "tau", "T"].contains(letter)
        && (!Lexicon.indexLetters.contains(letter) || logarithms.contains(letter))
        && !formulas.contains { formula in
          formula.identifier == nil && Self.stands(letter, in: formula)
        }
        && !relations.contains { Self.names($0, by: letter, besides: nodes) }
        && Self.areEntries(letter, of: wholes, in: formulas)
    }
  }

  // MARK: Vectors

  private static func vectors(in relations: [Formula]) -> Set<String> {
    var found: Set<String> = []
    for relation in relations {
      guard case .relations(let left, let members) = relation.kind else { continue }
      let right = members[0].formula
      switch members[0].sign {
      case .equal, .defines:
        if let name = left.identifier, right.appliesSoftmax,
          case .juxtaposition(let items) = right.kind
        {
          found.insert(name.latex)
          if let argument = items.last?.unfenced.identifier { found.insert(argument.latex) }
        }
        for sum in Positions.sums(in: right) {
          found.formUnion(
            Positions.bearers(of: sum.letter, in: sum.body).filter { !$0.isUppercase }
              .map { $0.latex })
        }
        if isGeneral(relation), let name = relation.leftMember { found.insert(name) }
      default: break
      }
    }
    return found
  }

  static func declared(in relations: [Formula]) -> Set<String> {
    var found: Set<String> = []
    for case .relations(let left, let members) in relations.map({ $0.kind })
    where members[0].sign == .elementOf && Space(members[0].formula)?.order == 1 {
      found.formUnion(left.listed.compactMap { $0.identifier?.latex })
    }
    return found
  }

  /// The names that bear a letter which counts entries by custom.
  private static func countedNames(in formulas: [Formula]) -> Set<String> {
    var found: Set<String> = []
    for formula in formulas {
      formula.visit { part in
        if let (name, letter) = Positions.member(part), Lexicon.entryCounters.contains(letter) {
          found.insert(name.latex)
        }
      }
    }
    return found
  }

  /// `p_k = e^{z_k} / \sum_j e^{z_j}`, said of every k.
  private static func isGeneral(_ relation: Formula) -> Bool {
    guard case .relations(let left, let members) = relation.kind,
      members[0].sign == .equal || members[0].sign == .defines,
      case .fraction(let above, let below) = members[0].formula.kind,
      case .big(.sum, _, _, _) = below.kind, let (_, letter) = Positions.member(left),
      case let read = entries(in: above, bound: [])
    else { return false }
    return !read.isEmpty && read.allSatisfy { $0.letter == letter }
  }

  /// The names that bear one letter which no sum around them binds.
  private static func entries(
    in formula: Formula, bound: [String]
  ) -> [(name: String, letter: String)] {
    if let (name, letter) = Positions.member(formula) {
      return bound.contains(letter) ? [] : [(name.latex, letter)]
    }
    var bound = bound
    if case .big(_, let below?, _, let body) = formula.kind {
      if let counter = below.counter { bound.append(counter.name) }
      return entries(in: body, bound: bound)
    }
    return formula.children.flatMap { entries(in: $0, bound: bound) }
  }

  /// The k of `-\log p_k` where softmax gives p: by custom it would count entries.
  private static func logarithms(in relations: [Formula]) -> Set<String> {
    var given: Set<String> = []
    for relation in relations {
      guard case .relations(let left, let members) = relation.kind else { continue }
      if let name = left.identifier, members[0].formula.appliesSoftmax { given.insert(name.latex) }
      if isGeneral(relation), let name = relation.leftMember { given.insert(name) }
    }
    var found: Set<String> = []
    for relation in relations {
      relation.visit { part in
        guard case .juxtaposition(let items) = part.kind else { return }
        for (item, next) in zip(items, items.dropFirst()) where item.identifier?.name == "log" {
          if let (name, letter) = Positions.member(next.unfenced), given.contains(name.latex) {
            found.insert(letter)
          }
        }
      }
    }
    return found
  }

  // MARK: Other uses

  /// Whether a relation gives a name with the letter below a meaning of its own.
  private static func names(
    _ relation: Formula, by letter: String, besides nodes: Set<String>
  ) -> Bool {
    guard case .relations(let left, let members) = relation.kind, !isGeneral(relation),
      case .scripts(let base, let below?, _, _) = left.kind, below.mentions(letter)
    else { return false }
    return !nodes.contains(base.identifier?.latex ?? "") || members[0].sign == .elementOf
  }

  /// Whether a letter is more than an index somewhere: a step or a symbol.
  private static func stands(_ letter: String, in formula: Formula) -> Bool {
    switch formula.kind {
    case .identifier(let name): return name.isPlain(letter)
    case .relations(let left, let members):
      // `c \in \{1, …, K\}`, `i = c`, `i \neq c`
      let right = members[0].formula
      if left.identifier?.isPlain(letter) == true, members[0].sign == .elementOf { return false }
      if members.count == 1, let a = left.identifier, let b = right.identifier, a != b {
        return false
      }
      return formula.children.contains { stands(letter, in: $0) }
    case .scripts(let base, let below, let above, _):
      let isStep = below.map { below in
        Lexicon.letters(of: below).contains { $0.identifier == nil && $0.mentions(letter) }
      }
      return isStep == true || stands(letter, in: base)
        || above.map { stands(letter, in: $0) } == true
    case .big(_, _, let above, let body):
      return stands(letter, in: body) || above.map { stands(letter, in: $0) } == true
    default: return formula.children.contains { stands(letter, in: $0) }
    }
  }

  /// Whether whatever bears the letter alone is one of the vectors.
  private static func areEntries(
    _ letter: String, of vectors: Set<String>, in formulas: [Formula]
  ) -> Bool {
    formulas.flatMap { Positions.bearers(of: letter, in: $0) }.allSatisfy { name in
      vectors.contains(name.latex) || name.isPlain("e")
    }
  }

  // MARK: General equations

  /// The formula with another index where `p_c = e^{z_c} / \sum_k e^{z_k}` is said of every c.
  func restoring(_ formula: Formula) -> Formula {
    if letters.isEmpty { return formula }
    if case .list(let items) = formula.kind {
      return Formula(.list(items.map { restoring($0) }), formula.span)
    }
    guard Self.isGeneral(formula), case .relations(let left, _) = formula.kind,
      let (_, letter) = Positions.member(left), letters.contains(letter),
      let other = ["i", "j", "k", "l"].first(where: { !letters.contains($0) && !formula.uses($0) })
    else { return formula }
    return formula.renaming(letter, to: other)
  }
}

extension Formula {
  /// The p of `p_k = …`.
  fileprivate var leftMember: String? {
    guard case .relations(let left, _) = kind else { return nil }
    return Positions.member(left)?.name.latex
  }

  fileprivate var listed: [Formula] {
    if case .list(let items) = kind { return items }
    return [self]
  }

  fileprivate var appliesSoftmax: Bool {
    guard case .juxtaposition(let items) = kind else { return false }
    return items.first?.identifier?.name == "softmax"
  }

  fileprivate func uses(_ letter: String) -> Bool {
    var found = false
    visit { found = found || $0.identifier?.isPlain(letter) == true }
    return found
  }

  fileprivate func renaming(_ letter: String, to other: String) -> Formula {
    if identifier?.isPlain(letter) == true {
      return Formula(.identifier(Identifier(other)), span)
    }
    return mappingChildren { $0.renaming(letter, to: other) }
  }
}
