import Notation

/// `h_\theta(x) = \theta^\top x`: what stands below the name of a function is a parameter that its
/// equation reads, and says nothing more.
struct LabelledFunctions {
  private var functions: [(name: Formula.Identifier, parameter: Formula.Identifier)] = []

  init(surveying formulas: [Formula]) {
    for case .relations(let left, let members) in formulas.flatMap({ Lexicon.relationsIn($0) })
      .map({ $0.kind })
    {
      guard members[0].sign == .equal || members[0].sign == .defines,
        case .juxtaposition(let items) = left.kind, items.count == 2, items[1].isParenthesised,
        items[1].unfenced.identifier != nil, let head = Self.head(items[0]),
        members[0].formula.mentions(head.parameter.name),
        !functions.contains(where: { $0.name == head.name })
      else { continue }
      functions.append(head)
    }
    functions.removeAll { function in
      formulas.contains { Self.bearsOther(function.name, than: function.parameter, in: $0) }
    }
  }

  private static func head(
    _ formula: Formula
  ) -> (name: Formula.Identifier, parameter: Formula.Identifier)? {
    guard case .scripts(let base, let below?, nil, 0) = formula.kind, let name = base.identifier,
      let parameter = below.identifier, parameter.isPlain(parameter.name),
      !["t", "tau", "T"].contains(parameter.name), !Lexicon.indexLetters.contains(parameter.name)
    else { return nil }
    return (name, parameter)
  }

  /// Whether the name stands without the parameter, or with anything else below or above.
  private static func bearsOther(
    _ name: Formula.Identifier, than parameter: Formula.Identifier, in formula: Formula
  ) -> Bool {
    if let head = head(formula), head.name == name { return head.parameter != parameter }
    if formula.identifier == name { return true }
    return formula.children.contains { bearsOther(name, than: parameter, in: $0) }
  }

  func restoring(_ formula: Formula) -> Formula {
    if functions.isEmpty { return formula }
    if let head = Self.head(formula), functions.contains(where: { $0 == head }) {
      return Formula(.identifier(head.name), formula.span)
    }
    return formula.mappingChildren { restoring($0) }
  }
}
