import Notation

/// Names of one step that leave the step out: the `u` of `u = h_{t-1} W + x_t U` is `u_t`, and so are
/// on such a page the `c` of `\tanh c` beside `c_t = …`. A product that a derivative is taken by, `d f c`, is the one of these names in the equations.
struct ElidedTimes {
  private var letter: String?
  private var place = TimePlace.below
  /// Names that stand for themselves at the step wherever they stand bare.
  private var names: Set<String> = []
  /// Names that do so beside derivatives.
  private var states: Set<String> = []
  private var products: [(formula: Formula, spelling: [String])] = []

  init(surveying formulas: [Formula]) {
    let equations = StepEquation.all(in: formulas)
    var scripted: Set<String> = []
    for formula in formulas { collectScripted(formula, into: &scripted) }
    for equation in equations {
      let free = stepLetters(of: equation.right)
      guard free.count == 1, let step = free.first, !step.letter.isEmpty,
        letter ?? step.letter == step.letter
      else { continue }
      let bare = equation.left.compactMap { $0.identifier?.latex }
      // `\tau = \sigma(W_\tau x)`: what is computed is no step.
      guard bare.count == equation.left.count,
        !equation.left.contains(where: { $0.identifier?.isPlain(step.letter) == true }),
        bare.allSatisfy({ !scripted.contains($0) && !Self.isReserved($0) })
      else { continue }
      (letter, place) = (step.letter, step.place)
      names.formUnion(bare)
    }
    if !names.isEmpty { noteStates(formulas, equations) }
    for equation in equations {
      restoring(equation.right, inDerivatives: true).visit { part in
        let spelling = factors(of: part).map { Self.spelling($0) }
        if spelling.count > 1, !products.contains(where: { $0.spelling == spelling }) {
          products.append((part, spelling))
        }
      }
    }
  }

  // MARK: What leaves its step out

  /// A loss is no node of a step; `d`, `e`, `T` and the functions have their own meaning.
  private static func isReserved(_ name: String) -> Bool {
    PageReader.lossNames.contains(name) || ["l", "d", "e", "T", "I", "\\partial"].contains(name)
  }

  private func step(_ formula: Formula) -> (letter: String, place: TimePlace)? {
    guard case .scripts(_, let below, let above, _) = formula.kind else { return nil }
    for (script, place) in [(below, TimePlace.below), (above, .above)] {
      guard let script, place == .below || script.isParenthesised,
        let letter = AffineLetters(script)?.soleLetter, letter == "t" || letter == "tau"
      else { continue }
      return (letter, place)
    }
    return nil
  }

  /// The steps at which an equation reads what it reads, bound ones apart; a sum or product among
  /// them has no letter.
  private func stepLetters(of formula: Formula) -> [(letter: String, place: TimePlace)] {
    var found: [(letter: String, place: TimePlace)] = []
    formula.visit { part in
      if let step = self.step(part), !found.contains(where: { $0 == step }) { found.append(step) }
      if case .big = part.kind { found.append(("", .below)) }
    }
    return found
  }

  private func collectScripted(_ formula: Formula, into names: inout Set<String>) {
    formula.visit { part in
      if case .scripts(let base, let below, let above, _) = part.kind,
        let name = base.identifier?.latex, below != nil || above?.isParenthesised == true
      {
        names.insert(name)
      }
    }
  }

  /// What an equation computes at the step, and no equation reads or computes without it.
  private mutating func noteStates(_ formulas: [Formula], _ equations: [StepEquation]) {
    for equation in equations where equation.left.count == 1 {
      guard step(equation.left[0])?.letter == letter,
        let name = equation.left[0].unfencedScripts.identifier?.latex, !Self.isReserved(name)
      else { continue }
      var isOfStep = true
      for formula in formulas {
        formula.visit { part in
          if case .scripts(let base, let below, let above, _) = part.kind,
            base.identifier?.latex == name, below != nil || above?.isParenthesised == true,
            step(part) == nil
          {
            isOfStep = false
          }
        }
      }
      for other in equations {
        for side in other.left + [other.right] {
          visitBare(side) { if $0.latex == name { isOfStep = false } }
        }
      }
      if isOfStep { states.insert(name) }
    }
  }

  /// The names without scripts, those within scripts apart.
  private func visitBare(_ formula: Formula, _ body: (Formula.Identifier) -> Void) {
    switch formula.kind {
    case .identifier(let identifier): body(identifier)
    case .scripts(let base, let below, let above, _):
      if base.identifier == nil || below == nil && above?.isParenthesised != true {
        visitBare(base, body)
      }
    default: for child in formula.children { visitBare(child, body) }
    }
  }

  // MARK: Putting it back

  /// The formula with every step that it leaves out.
  func restoring(_ formula: Formula) -> Formula {
    if names.isEmpty, products.isEmpty { return formula }
    var isDerivative = false
    formula.visit { part in
      if case .fraction(let above, let below) = part.kind, Elaborator.partialHead(above) != nil,
        Elaborator.partialHead(below) != nil
      {
        isDerivative = true
      }
    }
    return restoring(formula, inDerivatives: isDerivative)
  }

  private func restoring(_ formula: Formula, inDerivatives: Bool) -> Formula {
    func inner(_ formula: Formula) -> Formula { restoring(formula, inDerivatives: inDerivatives) }
    switch formula.kind {
    case .identifier(let identifier):
      guard
        names.contains(identifier.latex) || inDerivatives && states.contains(identifier.latex)
      else { return formula }
      return atStep(formula, above: nil, primes: 0, formula.span)
    case .scripts(let base, let below, let above, let primes):
      guard let identifier = base.identifier else {
        return Formula(
          .scripts(inner(base), below: below, above: above, primes: primes), formula.span)
      }
      guard below == nil, above?.isParenthesised != true,
        names.contains(identifier.latex) || inDerivatives && states.contains(identifier.latex)
      else { return formula }
      return atStep(base, above: above, primes: primes, formula.span)
    case .big(let sign, let below, let above, let body):
      return Formula(.big(sign, below: below, above: above, inner(body)), formula.span)
    case .fraction(let above, let below):
      if let head = Elaborator.partialHead(below), let node = product(named: head.rest) {
        let items = [Formula(.identifier(Formula.Identifier("d")), head.span), node]
        return Formula(
          .fraction(inner(above), Formula(.juxtaposition(items), below.span)), formula.span)
      }
      return formula.mappingChildren(inner)
    default: return formula.mappingChildren(inner)
    }
  }

  private func atStep(_ base: Formula, above: Formula?, primes: Int, _ span: Span) -> Formula {
    let time = Formula(.identifier(Formula.Identifier(letter ?? "t")), base.span)
    if place == .below {
      return Formula(.scripts(base, below: time, above: above, primes: primes), span)
    }
    let script = Formula(.fenced(.parentheses, time), base.span)
    let named = Formula(.scripts(base, below: nil, above: script, primes: primes), base.span)
    guard let above else { return named }
    return Formula(
      .scripts(
        Formula(.fenced(.parentheses, named), base.span), below: nil, above: above, primes: 0),
      span)
  }

  /// The one product in the equations whose factors bear these names in this order.
  private func product(named items: [Formula]) -> Formula? {
    let written = items.flatMap { item in
      let parts = factors(of: item)
      return parts.isEmpty ? [item] : parts
    }
    guard written.count > 1, written.allSatisfy({ $0.unfencedScripts.identifier != nil }) else {
      return nil
    }
    let found = products.filter { product in
      let own = factors(of: product.formula)
      return own.count == written.count
        && zip(own, written).allSatisfy { own, written in
          written.identifier == nil
            ? Self.spelling(own) == Self.spelling(written)
            : own.unfencedScripts.identifier == written.identifier
        }
    }
    return found.count == 1 ? found[0].formula : nil
  }

  private static func spelling(_ name: Formula) -> String {
    guard case .scripts(let base, let below, let above, _) = name.kind else {
      return name.identifier?.latex ?? ""
    }
    return (base.identifier?.latex ?? "") + "_" + (below.map { Elaborator.script($0) } ?? "")
      + "^" + (above.map { Elaborator.script($0) } ?? "")
  }

  /// The names that a product multiplies entry by entry; none if it has other factors.
  private func factors(of formula: Formula) -> [Formula] {
    guard case .binary(let sign, let a, let b) = formula.unfenced.kind,
      sign == .hadamard || sign == .asterisk
    else { return [] }
    var names: [Formula] = []
    for side in [a, b] {
      if side.unfencedScripts.identifier != nil {
        names.append(side)
      } else {
        let inner = factors(of: side)
        if inner.isEmpty { return [] }
        names += inner
      }
    }
    return names
  }
}
