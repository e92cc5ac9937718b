import Expressions
import Notation

/// `L_t = -\log p_t[k_t]` where softmax gives p: which entry it is, a name says that stands nowhere but where it
/// picks one. It is read as the one-hot vector of that index, `-k_t^\top \log p_t`, and
/// `\mathbf{1}_{k_t}`, `e_{k_t}` are the same vector, and so is the k_t of `p_t - k_t`.
struct PickedEntries {
  private(set) var indices: [Formula.Identifier] = []
  /// The vectors whose entries are picked.
  private var vectors: Set<String> = []

  init(surveying formulas: [Formula]) {
    for equation in StepEquation.all(in: formulas)
    where equation.left.count == 1 && equation.right.isSoftmax {
      if let name = equation.left[0].unfencedScripts.identifier { vectors.insert(name.latex) }
    }
    if vectors.isEmpty { return }
    var found: [Formula.Identifier] = []
    for formula in formulas {
      formula.visit { part in
        for (_, index) in self.picks(in: part) {
          guard let name = index.unfencedScripts.identifier, !found.contains(name) else { continue }
          found.append(name)
        }
      }
    }
    indices = found
    // Whatever else the name does, it is no index of one entry.
    indices = found.filter { name in
      !formulas.contains { formula in
        if formula.unfencedScripts.identifier == name { return false }
        let relations = Lexicon.relationsIn(formula)
        if relations.contains(where: { Self.declares(name, $0) }) { return false }
        return restoring(formula, marking: Self.mark).usesWithin(name)
          || relations.contains { computes($0, by: name) }
      }
    }
  }

  private static let mark = Formula.Identifier("index", font: .upright)

  /// `k_t \in \{1, \dots, K\}`
  private static func declares(_ name: Formula.Identifier, _ relation: Formula) -> Bool {
    guard case .relations(let left, let members) = relation.kind else { return false }
    return members[0].sign == .elementOf && left.unfencedScripts.identifier == name
  }

  /// `p_t[k_t] = …` says what each entry is.
  private func computes(_ relation: Formula, by name: Formula.Identifier) -> Bool {
    guard case .relations(let left, _) = relation.kind else { return false }
    return picks(in: left).contains { $0.index.unfencedScripts.identifier == name }
  }

  /// The entries that are picked right in a formula: the vector, and which entry.
  private func picks(in formula: Formula) -> [(vector: Formula, index: Formula)] {
    switch formula.kind {
    case .scripts:
      return entryBelow(formula).map { [$0] } ?? []
    case .juxtaposition(let items):
      return zip(items, items.dropFirst()).compactMap { entryBehind($0, $1) }
    default: return []
    }
  }

  /// `p_t[k_t]`, `p_t(k_t)`, `p[y]`
  private func entryBehind(
    _ vector: Formula, _ brackets: Formula
  ) -> (vector: Formula, index: Formula)? {
    guard let name = vector.unfencedScripts.identifier, vectors.contains(name.latex),
      case .fenced(let fence, let index) = brackets.kind, Self.isIndex(index)
    else { return nil }
    let isMarked: Bool
    if case .scripts = index.kind { isMarked = true } else { isMarked = false }
    return fence == .brackets || fence == .parentheses && isMarked ? (vector, index) : nil
  }

  /// `p_{t,k_t}`, `p_{k_t}`
  private func entryBelow(_ formula: Formula) -> (vector: Formula, index: Formula)? {
    guard case .scripts(let base, let below?, let above, 0) = formula.kind,
      let name = base.identifier, vectors.contains(name.latex)
    else { return nil }
    var places = [below]
    if case .list(let items) = below.kind { places = items }
    guard let index = places.last, case .scripts = index.kind, Self.isIndex(index) else {
      return nil
    }
    places.removeLast()
    if places.isEmpty, above == nil { return (base, index) }
    let rest = places.count > 1 ? Formula(.list(places), below.span) : places.first
    return (Formula(.scripts(base, below: rest, above: above, primes: 0), formula.span), index)
  }

  /// A small letter that is no step, alone or with its own step.
  private static func isIndex(_ formula: Formula) -> Bool {
    if case .scripts(_, let below?, nil, 0) = formula.kind, AffineLetters(below) == nil {
      return false
    }
    guard let name = formula.unfencedScripts.identifier, name.isPlain(name.name),
      !name.isUppercase
    else { return false }
    switch formula.kind {
    case .identifier:
      return !["t", "tau"].contains(name.name) && !Lexicon.entryCounters.contains(name.name)
    case .scripts(_, _, nil, 0): return true
    default: return false
    }
  }

  /// `\mathbf{1}_{k_t}`, `e_y`
  private static func mark(_ formula: Formula, of name: Formula.Identifier) -> Formula? {
    guard case .scripts(let base, let index?, nil, 0) = formula.kind,
      index.unfencedScripts.identifier == name
    else { return nil }
    if let unit = base.identifier {
      let isUnit = unit.name == "e" || unit.name == "1" || unit.name == "delta"
      return isUnit && unit.decorations.isEmpty ? index : nil
    }
    if case .number("1") = base.kind { return index }
    return nil
  }

  func restoring(_ formula: Formula) -> Formula {
    indices.isEmpty ? formula : restoring(formula, marking: nil)
  }

  /// - Parameter mark: what to write in the place of the vectors, to see what else is there.
  private func restoring(_ formula: Formula, marking mark: Formula.Identifier?) -> Formula {
    func oneHot(_ index: Formula) -> Formula {
      mark.map { Formula(.identifier($0), index.span) } ?? index
    }
    for name in indices {
      if let index = Self.mark(formula, of: name) {
        return Formula(oneHot(index).kind, formula.span)
      }
    }
    if let (vector, index) = entryBelow(formula), isKnown(index) {
      return Self.inner(oneHot(index), vector, formula.span)
    }
    guard case .juxtaposition(let items) = formula.kind else {
      return formula.mappingChildren { restoring($0, marking: mark) }
    }
    var new: [Formula] = []
    var place = 0
    while place < items.count {
      let item = items[place]
      if Self.isLogarithm(item), place + 1 < items.count,
        let (vector, index, count) = entry(at: place + 1, of: items)
      {
        let span = item.span.union(items[place + count].span)
        let logarithm = Formula(
          .juxtaposition([Formula(item.kind, item.span), vector]), span)
        new.append(Self.inner(oneHot(index), logarithm, span))
        place += count + 1
      } else if place + 1 < items.count, let (vector, index) = entryBehind(item, items[place + 1]),
        isKnown(index)
      {
        new.append(Self.inner(oneHot(index), vector, item.span.union(items[place + 1].span)))
        place += 2
      } else {
        new.append(restoring(item, marking: mark))
        place += 1
      }
    }
    return new.count == 1
      ? Formula(new[0].kind, formula.span) : Formula(.juxtaposition(new), formula.span)
  }

  private func isKnown(_ index: Formula) -> Bool {
    index.unfencedScripts.identifier.map { indices.contains($0) } ?? false
  }

  private static func isLogarithm(_ item: Formula) -> Bool {
    item.identifier.map { $0.name == "log" || $0.name == "ln" } ?? false
  }

  /// The entry that stands at a place of a product, and how many items write it.
  private func entry(
    at place: Int, of items: [Formula]
  ) -> (vector: Formula, index: Formula, count: Int)? {
    let item = items[place]
    if let (vector, index) = entryBelow(item), isKnown(index) { return (vector, index, 1) }
    if place + 1 < items.count, let (vector, index) = entryBehind(item, items[place + 1]),
      isKnown(index)
    {
      return (vector, index, 2)
    }
    guard case .fenced(.parentheses, let inner) = item.kind else { return nil }
    if let (vector, index) = entryBelow(inner), isKnown(index) { return (vector, index, 1) }
    if case .juxtaposition(let parts) = inner.kind, parts.count == 2,
      let (vector, index) = entryBehind(parts[0], parts[1]), isKnown(index)
    {
      return (vector, index, 1)
    }
    return nil
  }

  /// `(k^\top p)`
  private static func inner(_ index: Formula, _ vector: Formula, _ span: Span) -> Formula {
    let top = Formula(.identifier(Formula.Identifier("top")), index.span)
    let turned: Formula
    if case .scripts(let base, let below, _, _) = index.kind {
      turned = Formula(.scripts(base, below: below, above: top, primes: 0), index.span)
    } else {
      turned = Formula(.scripts(index, below: nil, above: top, primes: 0), index.span)
    }
    var factors = [vector]
    if case .juxtaposition(let items) = vector.kind { factors = items }
    return Formula(
      .fenced(.parentheses, Formula(.juxtaposition([turned] + factors), span)), span)
  }
}

extension Formula {
  fileprivate var isSoftmax: Bool {
    guard case .juxtaposition(let items) = kind else { return false }
    return items.first?.identifier?.name == "softmax"
  }

  /// Whether a name is more than a whole term beside others.
  fileprivate func usesWithin(_ name: Identifier) -> Bool {
    if identifier == name { return true }
    guard case .sum(let terms) = kind, terms.count > 1 else {
      return children.contains { $0.usesWithin(name) }
    }
    return terms.contains { signed in
      signed.term.unfencedScripts.identifier != name && signed.term.usesWithin(name)
    }
  }
}

extension PageReader {
  /// What picks an entry is one-hot.
  mutating func note(_ picked: PickedEntries) {
    for name in picked.indices {
      let isFamily = page.notation.lexicon.families[name.latex] != nil
      let key = NameKey(name.latex, isFamily: isFamily)
      page.declarations.append(
        Declaration(key: key, shape: nil, properties: .oneHot, statement: -1, block: -1))
      remember(key)
    }
  }
}
