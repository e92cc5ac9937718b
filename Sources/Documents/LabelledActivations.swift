import Notation

/// `h_t = \sigma_h(W_h x_t + U_h h_{t-1})`, `\sigma'_y(z)`: a letter for activations with a label below,
/// which never stands without an argument but as a slope, is a function of its own.
struct LabelledActivations {
  private static let letters = ["sigma", "phi", "varphi", "psi", "rho"]
  private var labels: Set<String> = []

  init(surveying formulas: [Formula]) {
    var (applied, others): (Set<String>, Set<String>) = ([], [])
    for equation in StepEquation.all(in: formulas) {
      // Where it makes a whole equation it is no factor.
      guard case .juxtaposition(let items) = equation.right.kind, items.count == 2,
        items[1].isParenthesised, let name = Self.labelled(items[0])
      else { continue }
      labels.insert(name.name)
    }
    func visit(_ formula: Formula) {
      switch formula.kind {
      case .juxtaposition(let items):
        for (i, item) in items.enumerated() {
          if let name = Self.labelled(item), i + 1 < items.count, items[i + 1].isParenthesised {
            applied.insert(name.name)
          } else {
            visit(item)
          }
        }
      case .scripts(_, _, _, let primes):
        if let name = Self.labelled(formula), primes == 0 { others.insert(name.name) }
        formula.children.forEach(visit)
      default: formula.children.forEach(visit)
      }
    }
    // "where $\sigma_h$ is an activation" is a mere mention.
    for formula in formulas where Self.labelled(formula) == nil {
      if case .list(let items) = formula.kind, items.allSatisfy({ Self.labelled($0) != nil }) {
        continue
      }
      visit(formula)
    }
    labels.formUnion(applied.subtracting(others))
  }

  /// Whether a name is one of a labelled activation.
  static func isLabelled(_ name: Formula.Identifier) -> Bool {
    letters.contains { name.name.utf8.starts(with: ($0 + "_").utf8) }
  }

  /// The letter and its label as one name.
  private static func labelled(_ formula: Formula) -> Formula.Identifier? {
    guard case .scripts(let base, let below?, let above, _) = formula.kind,
      let letter = base.identifier, letter.isPlain(letter.name), letters.contains(letter.name)
    else { return nil }
    if let above, AffineLetters(above)?.isLiteral != true { return nil }
    switch below.kind {
    case .text(let words): if words == "max" || words == "min" { return nil }
    case .identifier(let label):
      if ["t", "tau", "T", "max", "min"].contains(label.name)
        || Lexicon.indexLetters.contains(label.name) && letter.name != "sigma"
      {
        return nil
      }
      if Lexicon.entryCounters.contains(label.name) { return nil }
    default: return nil
    }
    return Formula.Identifier(letter.name + "_" + Elaborator.script(below))
  }

  func restoring(_ formula: Formula) -> Formula {
    if labels.isEmpty { return formula }
    let inner = formula.mappingChildren { restoring($0) }
    guard let name = Self.labelled(inner), labels.contains(name.name),
      case .scripts(let base, _, let above, let primes) = inner.kind
    else { return inner }
    let whole = Formula(.identifier(name), base.span)
    if above == nil, primes == 0 { return Formula(whole.kind, inner.span) }
    return Formula(.scripts(whole, below: nil, above: above, primes: primes), inner.span)
  }
}
