import Notation

/// `\Sigma'(z^l) = \mathrm{diag}(\sigma'(z^l))`: a capital before an argument that an equation explains as the
/// diagonal matrix of an activation of it is a function, and is that matrix of whatever it is applied to.
struct DiagonalFunctions {
  private var names: [(name: Formula.Identifier, primes: Int)] = []
  /// A letter that the page does not use.
  private let letter: Formula.Identifier

  init(surveying formulas: [Formula]) {
    letter =
      .unused(of: ["z", "u", "v", "q", "r", "s"], in: formulas) ?? Formula.Identifier("zeta")
    for relation in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard let head = Self.defined(relation),
        !names.contains(where: { $0.name == head.name && $0.primes == head.primes })
      else { continue }
      names.append(head)
    }
    names.removeAll { own in
      formulas.contains { Self.standsOtherwise(own.name, own.primes, in: $0) }
    }
  }

  /// `\Sigma'` of `\Sigma'(z^l)`
  private static func head(_ formula: Formula) -> (name: Formula.Identifier, primes: Int)? {
    if case .scripts(let base, nil, nil, let primes) = formula.kind, primes > 0 {
      return base.identifier.map { ($0, primes) }
    }
    return formula.identifier.map { ($0, 0) }
  }

  private static func defined(_ relation: Formula) -> (name: Formula.Identifier, primes: Int)? {
    guard case .relations(let left, let members) = relation.kind, members.count == 1,
      members[0].sign == .equal || members[0].sign == .defines,
      case .juxtaposition(let items) = left.kind, items.count == 2, items[1].isParenthesised,
      let head = head(items[0]), head.name.isUppercase,
      case .juxtaposition(let parts) = members[0].formula.kind, parts.count == 2,
      parts[0].identifier?.name == "diag", parts[1].isParenthesised,
      case .juxtaposition(let inner) = parts[1].unfenced.kind, inner.count == 2,
      let function = inner[0].unfencedScripts.identifier,
      case .elementwise? = StandardFunction(function),
      inner[1].unfenced.spelled == items[1].unfenced.spelled
    else { return nil }
    return head
  }

  private static func standsOtherwise(
    _ name: Formula.Identifier, _ primes: Int, in formula: Formula
  ) -> Bool {
    if case .juxtaposition(let items) = formula.kind {
      return items.indices.contains { i in
        if let head = head(items[i]), head.name == name, head.primes == primes {
          return i + 1 == items.count || !items[i + 1].isParenthesised
        }
        return standsOtherwise(name, primes, in: items[i])
      }
    }
    if let head = head(formula), head.name == name { return true }
    return formula.children.contains { standsOtherwise(name, primes, in: $0) }
  }

  func restoring(_ formula: Formula) -> Formula {
    if names.isEmpty { return formula }
    if Self.defined(formula) != nil, case .relations(let left, let members) = formula.kind,
      case .juxtaposition(let items) = left.kind
    {
      // Said of any argument.
      let argument = items[1].unfenced
      let any = Formula(.identifier(letter), argument.span)
      return applied(
        Formula(.relations(left, members), formula.span).replacing(argument, by: any))
    }
    return applied(formula)
  }

  /// The formula with the functions as names of their own.
  private func applied(_ formula: Formula) -> Formula {
    if let head = Self.head(formula), names.contains(where: { $0 == head }) {
      var name = head.name
      name.name += String(repeating: "'", count: head.primes)
      return Formula(.identifier(name), formula.span)
    }
    return formula.mappingChildren { applied($0) }
  }
}
