import Notation

/// `\ell(W, b) = …`: a name whose equation lists what it depends on. With the same list behind it the
/// name stands for what the equation computes; with one of the list below it, `\ell_b = …`, for the
/// partial derivative by that.
struct ListedArguments {
  private var lists: [(name: Formula.Identifier, arguments: String, letters: [Formula])] = []
  /// The names with letters of their lists below them of which equations say what they are.
  private var slopes: [Formula.Kind] = []

  init(surveying formulas: [Formula]) {
    let relations = formulas.flatMap { Lexicon.relationsIn($0) }
    for relation in relations {
      guard case .relations(let left, let members) = relation.kind,
        members[0].sign == .equal || members[0].sign == .defines,
        case .juxtaposition(let items) = left.kind, items.count == 2,
        let (name, arguments, letters) = Self.use(items[0], items[1]),
        !lists.contains(where: { $0.name == name })
      else { continue }
      lists.append((name, arguments, letters))
    }
    for relation in relations {
      guard case .relations(let left, let members) = relation.kind, members[0].sign == .equal,
        slope(left) != nil
      else { continue }
      slopes.append(left.spelled)
    }
  }

  /// A name and two or more names in parentheses.
  private static func use(
    _ item: Formula, _ next: Formula
  ) -> (name: Formula.Identifier, arguments: String, letters: [Formula])? {
    guard let name = item.identifier, StandardFunction(name) == nil, name.font != .upright,
      case .fenced(.parentheses, let inner) = next.kind, case .list(let items) = inner.kind,
      items.count > 1, items.allSatisfy({ $0.isEllipsis || $0.unfencedScripts.identifier != nil })
    else { return nil }
    return (name, Elaborator.script(inner), items)
  }

  /// `f_x`, `f_{xy}` of an f that lists x and y; letters that count are no arguments.
  private func slope(_ formula: Formula) -> Formula? {
    guard case .scripts(let base, let below?, nil, 0) = formula.kind,
      let list = lists.first(where: { $0.name == base.identifier })
    else { return nil }
    let letters = Lexicon.letters(of: below)
    guard (1...2).contains(letters.count),
      letters.allSatisfy({ letter in
        letter.identifier.map { !Self.counting.contains($0.latex) } ?? false
          && list.letters.contains { $0.spelled == letter.spelled }
      })
    else { return nil }
    let partial = Formula(.identifier(Formula.Identifier("partial")), formula.span)
    if letters.count == 1 {
      var slope = Formula.partialDerivative(of: base, by: letters[0])
      slope.span = formula.span
      return slope
    }
    let two = Formula(.number("2"), formula.span)
    let twice = Formula(.scripts(partial, below: nil, above: two, primes: 0), formula.span)
    return Formula(
      .fraction(
        Formula(.juxtaposition([twice, base]), formula.span),
        Formula(
          .juxtaposition([partial, letters[1], partial, letters[0]]), formula.span)),
      formula.span)
  }

  private static let counting: Set<String> = [
    "i", "j", "k", "l", "m", "n", "r", "s", "t", "T", "N", "K", "\\ell", "\\tau",
  ]

  func restoring(_ formula: Formula) -> Formula {
    if lists.isEmpty { return formula }
    if slopes.contains(formula.spelled), let slope = slope(formula) { return slope }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .juxtaposition(let items) = formula.kind else { return formula }
    var new: [Formula] = []
    for item in items {
      if let last = new.last, let use = Self.use(last, item),
        lists.contains(where: { $0.name == use.name && $0.arguments == use.arguments })
      {
        new[new.count - 1].span = last.span.union(item.span)
      } else {
        new.append(item)
      }
    }
    return new.count == 1 ? new[0] : Formula(.juxtaposition(new), formula.span)
  }
}
