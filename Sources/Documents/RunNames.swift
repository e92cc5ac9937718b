import Notation

/// `dhraw_t = (1 - h_t \odot h_t) \odot dh_t`: several small letters in a row that an equation computes, two of
/// which stand nowhere else, are a word and no product: a name as programs write them.
struct RunNames {
  private var words: [String] = []

  init(surveying formulas: [Formula]) {
    var found: [String] = []
    let relations = formulas.flatMap { Lexicon.relationsIn($0) }
    for equation in relations.compactMap({ Self.computed($0) })
    where !found.contains(equation) { found.append(equation) }
    // `dhraw` beside `hraw` is a gradient of it.
    words = found.filter { $0.first != "d" || !found.contains(String($0.dropFirst())) }
    if words.isEmpty { return }
    let others = formulas.map { restoring($0) }
    words = words.filter { word in
      let own = Set(word.map { String($0) }).filter { letter in
        !others.contains { $0.mentions(letter) }
      }
      return own.count > 1
        && [formulas, relations].contains { $0.count { Self.reads(word, in: $0) } > 1 }
    }
  }

  /// The word on the left side of an equation.
  private static func computed(_ relation: Formula) -> String? {
    guard case .relations(let left, let members) = relation.kind,
      members[0].sign == .equal || members[0].sign == .defines,
      case .juxtaposition(var items) = left.kind
    else { return nil }
    // `net_j(t)`
    if items.last?.isParenthesised == true { items.removeLast() }
    guard items.count > 2 else { return nil }
    var word = ""
    for (i, item) in items.enumerated() {
      guard let letter = letter(item, isLast: i + 1 == items.count) else { return nil }
      word += letter
    }
    return word
  }

  /// A small letter; the last of a word may bear scripts.
  private static func letter(_ item: Formula, isLast: Bool) -> String? {
    var base = item
    if isLast, case .scripts(let inner, _, _, 0) = item.kind { base = inner }
    guard let name = base.identifier, name.isPlain(name.name), name.name.utf8.count == 1,
      let byte = name.name.utf8.first, byte >= 97, byte <= 122
    else { return nil }
    return name.name
  }

  private static func stands(_ word: String, at place: Int, in items: [Formula]) -> Bool {
    let letters = word.map { String($0) }
    guard place + letters.count <= items.count else { return false }
    return letters.indices.allSatisfy { i in
      letter(items[place + i], isLast: i + 1 == letters.count) == letters[i]
    }
  }

  private static func reads(_ word: String, in formula: Formula) -> Bool {
    if case .juxtaposition(let items) = formula.kind,
      items.indices.contains(where: { stands(word, at: $0, in: items) })
    {
      return true
    }
    return formula.children.contains { reads(word, in: $0) }
  }

  func restoring(_ formula: Formula) -> Formula {
    if words.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .juxtaposition(let written) = formula.kind else { return formula }
    let items = gathered(written)
    var joined: [Formula] = []
    var place = 0
    while place < items.count {
      guard let word = words.first(where: { Self.stands($0, at: place, in: items) }) else {
        joined.append(items[place])
        place += 1
        continue
      }
      let last = items[place + word.utf8.count - 1]
      let span = items[place].span.union(last.span)
      let name = Formula(.identifier(Formula.Identifier(word, font: .upright)), span)
      if case .scripts(_, let below, let above, _) = last.kind {
        joined.append(Formula(.scripts(name, below: below, above: above, primes: 0), span))
      } else {
        joined.append(name)
      }
      place += word.utf8.count
    }
    if joined.count == 1 { return Formula(joined[0].kind, formula.span) }
    return joined.count == written.count ? formula : Formula(.juxtaposition(joined), formula.span)
  }

  /// `\partial E/\partial net_j`: a slash takes the first letter of the word alone.
  private func gathered(_ items: [Formula]) -> [Formula] {
    for (i, item) in items.enumerated() {
      guard case .fraction(let above, let below) = item.kind,
        case .juxtaposition(let factors) = below.kind, let first = factors.last
      else { continue }
      let tail = [first] + items[(i + 1)...]
      guard let word = words.first(where: { Self.stands($0, at: 0, in: tail) }) else { continue }
      var end = i + word.utf8.count
      if end < items.count, items[end].isParenthesised { end += 1 }
      let span = below.span.union(items[end - 1].span)
      let whole = Formula(.juxtaposition(factors + items[(i + 1)..<end]), span)
      let fraction = Formula(.fraction(above, restoring(whole)), item.span.union(span))
      return items[..<i] + [fraction] + gathered(Array(items[end...]))
    }
    return items
  }
}
