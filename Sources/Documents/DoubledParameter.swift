import Notation

/// A misprint: `W x_t + W s_{t-1}` on a page that differentiates s by U, which no equation
/// contains. In one of the two places U was meant; which, the page's claims must say.
package struct DoubledParameter: Hashable, Sendable {
  /// What is printed twice.
  var printed: Formula.Identifier
  /// What was meant in one of the places.
  var meant: Formula.Identifier
  /// The family in front of which it was meant.
  var place: Formula.Identifier
  /// The family in front of which the print is right.
  var other: Formula.Identifier

  /// Both ways to read the equations; none unless one parameter is doubled, in the same way
  /// wherever it is, and one is missing.
  static func candidates(surveying formulas: [Formula]) -> [DoubledParameter] {
    let relations = formulas.flatMap { Lexicon.relationsIn($0) }
    let equations = relations.compactMap { StepEquation($0) }
    var doubled: [Doubling] = []
    var computed: [Formula.Identifier] = []
    var known: [Formula.Identifier] = []
    for equation in equations {
      equation.right.visit { part in
        if let identifier = part.identifier { known.append(identifier) }
        guard let doubling = Doubling(part) else { return }
        computed += equation.left.compactMap { $0.unfencedScripts.identifier }
        if !doubled.contains(doubling) { doubled.append(doubling) }
      }
      known += equation.left.compactMap { $0.unfencedScripts.identifier }
    }
    guard doubled.count == 1, let doubling = doubled.first else { return [] }
    var missing: [Formula.Identifier] = []
    for formula in formulas {
      formula.visit { part in
        guard case .fraction(let above, let below) = part.kind,
          let numerator = Elaborator.partialHead(above)?.rest.first?.unfencedScripts.identifier,
          computed.contains(numerator), let rest = Elaborator.partialHead(below)?.rest,
          rest.count == 1, let parameter = bareOrCopy(rest[0]), !known.contains(parameter),
          !missing.contains(parameter)
        else { return }
        missing.append(parameter)
      }
    }
    guard missing.count == 1 else { return [] }
    return [(doubling.first, doubling.second), (doubling.second, doubling.first)].map {
      DoubledParameter(
        printed: doubling.parameter, meant: missing[0], place: $0.0, other: $0.1)
    }
  }

  /// `U`, `U^{(3)}`
  private static func bareOrCopy(_ formula: Formula) -> Formula.Identifier? {
    if case .scripts(let base, nil, let above?, 0) = formula.kind, above.isParenthesised {
      return base.identifier
    }
    return formula.identifier
  }

  /// One parameter before nodes of two families in one sum.
  private struct Doubling: Hashable {
    var parameter: Formula.Identifier
    var first: Formula.Identifier
    var second: Formula.Identifier

    init?(_ formula: Formula) {
      guard case .sum(let terms) = formula.kind else { return nil }
      let products = terms.compactMap { DoubledParameter.product($0.term) }
      var found: [Doubling] = []
      for (i, a) in products.enumerated() {
        for b in products[(i + 1)...] where a.parameter == b.parameter && a.node != b.node {
          found.append(Doubling(parameter: a.parameter, first: a.node, second: b.node))
        }
      }
      guard found.count == 1, let only = found.first else { return nil }
      self = only
    }

    private init(
      parameter: Formula.Identifier, first: Formula.Identifier, second: Formula.Identifier
    ) {
      (self.parameter, self.first, self.second) = (parameter, first, second)
    }
  }

  /// `W x_t`: a parameter before a node at its step.
  private static func product(
    _ formula: Formula
  ) -> (parameter: Formula.Identifier, node: Formula.Identifier)? {
    guard case .juxtaposition(let items) = formula.kind, items.count == 2,
      let parameter = items[0].identifier,
      case .scripts(let base, let below, let above, 0) = items[1].kind,
      let script = below ?? above, AffineLetters(script) != nil, let node = base.identifier
    else { return nil }
    return (parameter, node)
  }

  /// The formula with what was meant, in every sum that is misprinted.
  func mending(_ formula: Formula) -> Formula {
    let formula = formula.mappingChildren { mending($0) }
    guard case .sum(let terms) = formula.kind, let doubling = Doubling(formula),
      doubling.parameter == printed, [doubling.first, doubling.second].contains(place),
      [doubling.first, doubling.second].contains(other)
    else { return formula }
    let mended = terms.map { term -> Formula.SignedTerm in
      guard let product = Self.product(term.term), product.parameter == printed,
        product.node == place, case .juxtaposition(let items) = term.term.kind
      else { return term }
      let parameter = Formula(.identifier(meant), items[0].span)
      return Formula.SignedTerm(
        isNegative: term.isNegative,
        term: Formula(.juxtaposition([parameter, items[1]]), term.term.span))
    }
    return Formula(.sum(mended), formula.span)
  }
}
