import Notation

/// Families that show themselves in quotients alone, `\frac{\partial s_3}{\partial s_2}`: no letter
/// runs, the steps are numbers.
extension Lexicon {
  /// A quotient of two names that both stand at a numbered place.
  private struct NumberedQuotient {
    var above: NumberedName
    var below: NumberedName
    var distance: Int { above.number - below.number }
    func concerns(_ name: String) -> Bool { above.base == name || below.base == name }
  }

  private struct NumberedName {
    var base: String
    var number: Int
    var place: TimePlace

    /// - Parameter counted: the letters that sums and products count with, each of which stands for
    ///   the number before.
    init?(_ formula: Formula, before number: Int? = nil, counted: Set<String> = []) {
      guard case .scripts(let base, let below, let above, 0) = formula.kind,
        let name = base.identifier?.latex
      else { return nil }
      let script: Formula
      switch (below, above) {
      case (let below?, nil): (script, place) = (below, .below)
      case (nil, let above?) where above.isParenthesised: (script, place) = (above.unfenced, .above)
      default: return nil
      }
      guard let affine = AffineLetters(script) else { return nil }
      self.base = name
      if affine.isLiteral {
        self.number = affine.constant
      } else if let number, let letter = affine.soleLetter, counted.contains(letter) {
        self.number = number - 1
      } else {
        return nil
      }
    }
  }

  /// The letters that sums and products of a formula count with.
  private static func countingLetters(of formula: Formula) -> Set<String> {
    var letters: Set<String> = []
    formula.visit { part in
      if case .big(_, let below?, _, _) = part.kind, case .relations(let left, _) = below.kind,
        let letter = left.identifier
      {
        letters.insert(letter.name)
      }
    }
    return letters
  }

  /// A name that the page differentiates by the same name one number earlier, and that no equation
  /// computes, is a family; so is what is differentiated by it, or by which it is, at the same number.
  mutating func noteNumberedQuotients(_ formulas: [Formula]) {
    var quotients: [NumberedQuotient] = []
    var ofWholes: Set<String> = []
    var raisedNodes: Set<String> = []
    for formula in formulas {
      let counted = Lexicon.countingLetters(of: formula)
      formula.visit { part in
        guard case .fraction(let above, let below) = part.kind,
          let top = Elaborator.partialHead(above)?.rest, top.count == 1,
          let bottom = Elaborator.partialHead(below)?.rest, bottom.count == 1
        else { return }
        let numerator = NumberedName(top[0])
        if let numerator, numerator.place == .above { raisedNodes.insert(numerator.base) }
        guard
          let denominator = NumberedName(bottom[0], before: numerator?.number, counted: counted)
        else { return }
        guard let numerator else {
          ofWholes.insert(denominator.base)
          return
        }
        quotients.append(NumberedQuotient(above: numerator, below: denominator))
      }
    }
    let computed = Set(
      StepEquation.all(in: formulas)
        .flatMap { $0.left }.compactMap { NumberedName($0)?.base })
    // What an equation computes is none of them, nor what is known through it alone.
    quotients.removeAll { computed.contains($0.above.base) || computed.contains($0.below.base) }
    var found: [String: TimePlace] = [:]
    for quotient in quotients {
      let (above, below) = (quotient.above, quotient.below)
      if above.base == below.base, quotient.distance == 1, above.place == below.place {
        found[above.base] = above.place
      }
    }
    let states = Set(found.keys)
    var before = -1
    while before != found.count {
      before = found.count
      for quotient in quotients where quotient.distance == 0 {
        let (above, below) = (quotient.above, quotient.below)
        if let place = found[below.base], place == above.place {
          found[above.base] = place
        } else if let place = found[above.base], place == below.place {
          found[below.base] = place
        }
      }
    }
    // A mention in the words, "the gate $f$", is no use of the name without its step.
    var occurrences: [Occurrence] = []
    for formula in formulas where formula.identifier == nil {
      Lexicon.collect(formula, into: &occurrences)
    }
    let used = Set(occurrences.filter { $0.below == nil && $0.above == nil }.map { $0.base })
    func isFamily(_ name: String) -> Bool {
      !used.contains(name) && declaredOrder(of: name) == nil
        && (families[name] ?? found[name]) == found[name] && !indexed.contains(name)
        && 2 * quotients.count { $0.concerns(name) && $0.distance < 0 }
          < quotients.count { $0.concerns(name) }
    }
    // What is differentiated or computed is no copy of a parameter, whatever stands above it in
    // parentheses.
    for case .relations(let left, let members) in formulas.flatMap({ Lexicon.relationsIn($0) })
      .map({ $0.kind })
    {
      // Nor is what has a shape of its own for each number.
      guard let name = NumberedName(left), name.place == .above, let member = members.first,
        member.sign == .equal || member.sign == .defines || member.sign == .elementOf,
        member.formula.scriptedBase?.latex != name.base
      else { continue }
      raisedNodes.insert(name.base)
      // A copy stands in quotients alone.
      if StepEquation(Formula(.relations(left, members), left.span)) == nil { continue }
      member.formula.visit { part in
        if let read = NumberedName(part), read.place == .above { raisedNodes.insert(read.base) }
      }
    }
    labelledAbove = raisedNodes.filter { !used.contains($0) && families[$0] == nil }
    // Numbers of what is never computed from anything may be labels: W_1 and W_2 of one step.
    let nodes = Set(quotients.map { $0.above.base })
    let mayBeLabels = quotients.contains { quotient in
      quotient.distance != 0 && states.contains(quotient.above.base)
        && found[quotient.below.base] != nil && !nodes.contains(quotient.below.base)
    }
    // Where the loss bears no number, the numbers may be those of layers.
    guard !mayBeLabels, ofWholes.isDisjoint(with: states), found.keys.allSatisfy({ isFamily($0) })
    else { return }
    for (name, place) in found {
      families[name] = place
      countedEntries.remove(name)
    }
  }
}
