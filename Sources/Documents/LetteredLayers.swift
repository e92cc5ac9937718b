import Notation

/// `\delta_k = y_k - t_k` of the outputs and `\delta_j = (1 - z_j^2) \sum_k w_{kj} \delta_k` of the hidden units: where
/// one equation computes a name under one index from all that it is under another, which a
/// second equation computes otherwise, the letter tells the layer, and there are two names.
struct LetteredLayers {
  private var names: [(name: Formula.Identifier, letters: [String])] = []

  init(surveying formulas: [Formula]) {
    let equations = StepEquation.all(in: formulas)
      .filter { $0.left.count == 1 }
    for equation in equations {
      guard let own = Self.member(equation.left[0]),
        !names.contains(where: { $0.name == own.name })
      else { continue }
      let others = Set(
        Positions.sums(in: equation.right).filter { sum in
          sum.letter != own.letter && Self.reads(own.name, sum.letter, in: sum.body)
        }.map { $0.letter })
      // Read under its own letter too, it would be a recurrence of one layer.
      guard others.count == 1, let other = others.first,
        !Self.reads(own.name, own.letter, in: equation.right),
        equations.contains(where: { equation in
          guard let left = Self.member(equation.left[0]) else { return false }
          return left.name == own.name && left.letter == other
            && !equation.right.mentions(own.name.name)
        })
      else { continue }
      names.append((own.name, [own.letter, other]))
    }
    names.removeAll { name in
      formulas.contains { Self.standsOtherwise(name.name, than: name.letters, in: $0) }
    }
  }

  private static func reads(
    _ name: Formula.Identifier, _ letter: String, in formula: Formula
  ) -> Bool {
    if let own = Positions.member(formula) { return own.name == name && own.letter == letter }
    return formula.children.contains { reads(name, letter, in: $0) }
  }

  private static func member(_ formula: Formula) -> (name: Formula.Identifier, letter: String)? {
    guard let (name, letter) = Positions.member(formula),
      Lexicon.indexLetters.contains(letter), !["t", "tau", "T"].contains(letter)
    else { return nil }
    return (name, letter)
  }

  /// Whether a name stands without one of its letters below.
  private static func standsOtherwise(
    _ name: Formula.Identifier, than letters: [String], in formula: Formula
  ) -> Bool {
    if let own = Positions.member(formula), own.name == name {
      return !letters.contains(own.letter)
    }
    if formula.identifier == name { return true }
    return formula.children.contains { standsOtherwise(name, than: letters, in: $0) }
  }

  func restoring(_ formula: Formula) -> Formula {
    if names.isEmpty { return formula }
    if let (name, letter) = Positions.member(formula), names.contains(where: { $0.name == name }),
      case .scripts(let base, let below, let above, let primes) = formula.kind
    {
      var own = name
      own.layer = "(" + letter + ")"
      let whole = Formula(.identifier(own), base.span)
      return Formula(.scripts(whole, below: below, above: above, primes: primes), formula.span)
    }
    return formula.mappingChildren { restoring($0) }
  }
}
