import Notation

/// `\delta_{t,k} = \frac{\partial L_t}{\partial h_k}`: a name that bears two steps, and that one equation
/// explains as a derivative between them, is that derivative wherever it stands.
struct TwoStepNames {
  private struct Explained {
    var name: Formula.Identifier
    var steps: [String]
    var relation: Formula
    var derivative: Formula
  }
  private var explained: [Explained] = []

  init(surveying formulas: [Formula]) {
    for relation in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = relation.kind, members.count == 1,
        members[0].sign == .equal || members[0].sign == .defines,
        let (name, places) = Self.use(left), !explained.contains(where: { $0.name == name })
      else { continue }
      let steps = places.compactMap { $0.identifier?.name }
      guard steps.count == 2, steps[0] != steps[1],
        case .fraction(let above, let below) = members[0].formula.kind,
        Self.step(above) == steps[0], Self.step(below) == steps[1]
      else { continue }
      explained.append(
        Explained(
          name: name, steps: steps, relation: relation, derivative: members[0].formula))
    }
    explained.removeAll { one in
      formulas.contains { Self.standsOtherwise(one.name, in: $0) }
    }
  }

  /// A name with two places below.
  private static func use(_ formula: Formula) -> (Formula.Identifier, [Formula])? {
    guard case .scripts(let base, let below?, _, 0) = formula.kind, let name = base.identifier,
      case .list(let places) = below.kind, places.count == 2,
      places.allSatisfy({ AffineLetters($0) != nil })
    else { return nil }
    return (name, places)
  }

  /// The step of the one name that a numerator or a denominator differentiates.
  private static func step(_ formula: Formula) -> String? {
    guard let rest = Elaborator.partialHead(formula)?.rest, rest.count == 1,
      let (_, letter) = Positions.member(rest[0])
    else { return nil }
    return letter
  }

  private static func standsOtherwise(_ name: Formula.Identifier, in formula: Formula) -> Bool {
    if let use = use(formula), use.0 == name { return false }
    if formula.identifier == name { return true }
    return formula.children.contains { standsOtherwise(name, in: $0) }
  }

  func restoring(_ formula: Formula) -> Formula {
    if explained.isEmpty { return formula }
    if let one = explained.first(where: { $0.relation == formula }),
      case .relations(let left, let members) = formula.kind
    {
      // Here the name is explained: it is no claim.
      var name = one.name
      name.step = "_{" + one.steps.joined(separator: ",") + "}"
      return Formula(.relations(Formula(.identifier(name), left.span), members), formula.span)
    }
    if let (name, places) = Self.use(formula),
      let one = explained.first(where: { $0.name == name }),
      case .scripts(_, _, let above, _) = formula.kind
    {
      var meant = one.derivative
      meant = meant.replacingSteps(one.steps, by: places)
      meant.span = formula.span
      guard let above else { return meant }
      let fenced = Formula(.fenced(.parentheses, meant), formula.span)
      return Formula(.scripts(fenced, below: nil, above: above, primes: 0), formula.span)
    }
    return formula.mappingChildren { restoring($0) }
  }
}

extension Formula {
  /// Whether the formula is a name at two steps where an equation explains it.
  var isNameOfTwoSteps: Bool { identifier?.step?.utf8.contains(UInt8(ascii: ",")) == true }

  /// Other steps below the names.
  fileprivate func replacingSteps(_ steps: [String], by places: [Formula]) -> Formula {
    if case .scripts(let base, let below?, let above, let primes) = kind,
      let letter = below.identifier?.name, let i = steps.firstIndex(of: letter)
    {
      return Formula(.scripts(base, below: places[i], above: above, primes: primes), span)
    }
    return mappingChildren { $0.replacingSteps(steps, by: places) }
  }
}
