import Notation

/// `\ell(W, b) = …`: a name whose equation lists what it depends on. With the same list behind it the
/// name stands for what the equation computes.
struct ListedArguments {
  private var lists: [(name: Formula.Identifier, arguments: String)] = []

  init(surveying formulas: [Formula]) {
    for relation in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = relation.kind,
        members[0].sign == .equal || members[0].sign == .defines,
        case .juxtaposition(let items) = left.kind, items.count == 2,
        let (name, arguments) = Self.use(items[0], items[1]),
        !lists.contains(where: { $0.name == name })
      else { continue }
      lists.append((name, arguments))
    }
  }

  /// A name and two or more names in parentheses.
  private static func use(_ item: Formula, _ next: Formula) -> (Formula.Identifier, String)? {
    guard let name = item.identifier, StandardFunction(name) == nil, name.font != .upright,
      case .fenced(.parentheses, let inner) = next.kind, case .list(let items) = inner.kind,
      items.count > 1, items.allSatisfy({ $0.isEllipsis || $0.unfencedScripts.identifier != nil })
    else { return nil }
    return (name, Elaborator.script(inner))
  }

  func restoring(_ formula: Formula) -> Formula {
    if lists.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .juxtaposition(let items) = formula.kind else { return formula }
    var new: [Formula] = []
    for item in items {
      if let last = new.last, let use = Self.use(last, item),
        lists.contains(where: { $0 == use })
      {
        new[new.count - 1].span = last.span.union(item.span)
      } else {
        new.append(item)
      }
    }
    return new.count == 1 ? new[0] : Formula(.juxtaposition(new), formula.span)
  }
}
