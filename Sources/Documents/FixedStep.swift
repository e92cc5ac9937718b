import Notation

/// `e_{t,i} = v^\top \tanh(W s_{t-1} + U h_i)`: what one step t of a sequence gives every position i
/// of another. Where all equations of the page speak of that one step, nothing that they compute is
/// read at another and nothing is summed over steps, the step is part of the names, and what
/// remains of the indices counts positions.
struct FixedStep {
  private var letter = ""
  /// Names that bear the step and a position, as the page writes them.
  private var paired: Set<String> = []
  /// Names that bear the step alone.
  private var single: Set<String> = []
  /// Scalars without a name of their own beside that of the step: a loss.
  private var losses: Set<String> = []

  init(surveying formulas: [Formula]) {
    let parts = formulas.flatMap { formula -> [Formula] in
      if case .list(let items) = formula.kind { return items }
      return [formula]
    }
    // A claim may be misprinted: what the names mean is said by the equations without derivatives.
    let plain = parts.filter { !$0.writesDerivative }
    let uses = plain.flatMap { Self.uses(in: $0) }
    var steps: [String] = []
    for use in uses where use.place != nil {
      if let step = use.step.soleLetter, !steps.contains(step) { steps.append(step) }
    }
    for step in steps where letter.isEmpty { fix(step, parts, plain, uses) }
  }

  private mutating func fix(
    _ step: String, _ parts: [Formula], _ plain: [Formula], _ uses: [Use]
  ) {
    let summed = Set(plain.flatMap { Positions.sums(in: $0) }.map { $0.letter })
    var names: Set<String> = []
    for use in uses where use.step.soleLetter == step && !use.name.isUppercase {
      if let place = use.place, summed.contains(place) { names.insert(use.name.latex) }
    }
    let pairs = uses.filter { $0.place != nil && names.contains($0.name.latex) }
    let places = Set(pairs.compactMap { $0.place })
    // Of `p_{t,i} = e^{z_{t,i}} / \sum_k e^{z_{t,k}}` alone the indices count entries, no positions.
    if !plain.contains(where: { Self.bearsPlace(places.union(summed), $0) }) { return }
    var bare: Set<String> = []
    for part in parts { Positions.noteBare(part, in: &bare) }
    guard !places.contains(step), pairs.allSatisfy({ $0.step.soleLetter == step }),
      names.isDisjoint(with: bare), Self.weighs(names, plain)
    else { return }
    let nodes = Self.nodes(beside: names, step, parts)
    let related = parts.filter { part in
      Self.uses(in: part).contains { nodes.contains($0.name.latex) }
    }
    if related.contains(where: { $0.runs(over: step) }) { return }
    var (stepped, alone): (Set<String>, Set<String>) = ([], [])
    for use in uses where use.place == nil {
      guard let own = use.step.soleLetter else { continue }
      if own == step, nodes.contains(use.name.latex) { stepped.insert(use.name.latex) }
      if places.contains(own) { alone.insert(use.name.latex) }
    }
    guard stepped.isDisjoint(with: alone), names.isDisjoint(with: stepped),
      names.isDisjoint(with: alone), !Self.leavesOpen(stepped, parts, plain, uses)
    else { return }
    switch Self.readsAnotherStep(names.union(stepped), plain, uses, step) {
    case .never: break
    case .earlier:
      let known = Self.names(in: related)
      let asked = parts.filter { !known.isDisjoint(with: Self.names(in: [$0])) }
      guard asked.allSatisfy({ $0.asksOnlyWithin(step, names.union(stepped)) }) else { return }
    case .later: return
    }
    letter = step
    paired = names
    alone.formUnion(names)
    single = nodes.subtracting(alone)
    losses = single.intersection(
      PageReader.lossNames.filter { name in
        let own = parts.flatMap { Self.uses(in: $0) }.filter { $0.name.latex == name }
        return !bare.contains(name) && own.allSatisfy { $0.place == nil && $0.step == own[0].step }
      })
  }

  /// Whether something bears one of these letters and no step.
  private static func bearsPlace(_ letters: Set<String>, _ formula: Formula) -> Bool {
    if let own = Positions.member(formula), letters.contains(own.letter) { return true }
    return formula.children.contains { bearsPlace(letters, $0) }
  }

  /// The names that bear the step, reached from some by the formulas that they share.
  private static func nodes(
    beside names: Set<String>, _ step: String, _ parts: [Formula]
  ) -> Set<String> {
    let groups = parts.map { part in
      Set(
        uses(in: part).filter { use in
          use.step.soleLetter == step && (use.place == nil || names.contains(use.name.latex))
        }.map { $0.name.latex })
    }
    var found = names
    var before = -1
    while before != found.count {
      before = found.count
      for group in groups where !group.isDisjoint(with: found) { found.formUnion(group) }
    }
    return found
  }

  /// The names of formulas, functions apart.
  private static func names(in formulas: [Formula]) -> Set<String> {
    var found: Set<String> = []
    for formula in formulas {
      formula.visit { part in
        guard let name = part.identifier, StandardFunction(name) == nil,
          !["partial", "nabla", "d", "top"].contains(name.name)
        else { return }
        found.insert(name.latex)
      }
    }
    return found
  }

  fileprivate struct Use {
    var name: Formula.Identifier
    var step: AffineLetters
    /// The letter of the position.
    var place: String?
    /// The step as it stands, with its place; what else stands above.
    var mark: String
    var above: Formula?
  }

  /// The names of a formula with a step, a position or both.
  private static func uses(in formula: Formula) -> [Use] {
    var found: [Use] = []
    formula.visit { part in
      if let use = use(part) { found.append(use) }
    }
    return found
  }

  /// `\alpha_{t,i}`, `\alpha_i^{(t)}`, `\alpha_i^t`, `s_t`, `s^{(t)}`
  fileprivate static func use(_ formula: Formula) -> Use? {
    guard case .scripts(let base, let below, let above, _) = formula.kind,
      let name = base.identifier, name.step == nil,
      !["delta", "partial", "nabla"].contains(name.name)
    else { return nil }
    let parts = below.map { Lexicon.letters(of: $0) } ?? []
    if let (mark, step, rest) = above.flatMap({ raised($0) }) {
      if parts.isEmpty {
        return Use(name: name, step: step, place: nil, mark: "^" + mark, above: rest)
      }
      guard parts.count == 1, let place = parts[0].identifier, place.isPlain(place.name) else {
        return nil
      }
      return Use(name: name, step: step, place: place.name, mark: "^" + mark, above: rest)
    }
    guard let first = parts.first, parts.count < 3, let step = AffineLetters(first) else {
      return nil
    }
    let mark = "_" + Elaborator.script(first)
    if parts.count == 1 {
      return Use(name: name, step: step, place: nil, mark: mark, above: above)
    }
    guard let place = parts[1].identifier, place.isPlain(place.name) else { return nil }
    return Use(name: name, step: step, place: place.name, mark: mark, above: above)
  }

  /// The step that stands above, and what else does: `(t-1)`, `t`.
  private static func raised(
    _ above: Formula
  ) -> (mark: String, step: AffineLetters, rest: Formula?)? {
    var items = [above]
    if case .juxtaposition(let parts) = above.kind { items = parts }
    guard let step = AffineLetters(items[0]), let letter = step.soleLetter,
      items[0].isParenthesised || letter == "t"
    else { return nil }
    let rest = Array(items.dropFirst())
    return (
      Elaborator.script(items[0]), step,
      rest.count > 1 ? Formula(.juxtaposition(rest), above.span) : rest.first
    )
  }

  /// Whether the names are weights: normalised over the positions, or beside vectors that bear a
  /// position alone.
  private static func weighs(_ names: Set<String>, _ formulas: [Formula]) -> Bool {
    let vectors = Positions.vectors(in: formulas)
    func bears(_ formula: Formula, _ letter: String) -> Bool {
      uses(in: formula).contains { $0.place == letter && names.contains($0.name.latex) }
    }
    for formula in formulas {
      for sum in Positions.sums(in: formula) where bears(sum.body, sum.letter) {
        if Positions.bearers(of: sum.letter, in: sum.body).contains(where: {
          vectors.contains($0.latex)
        }) {
          return true
        }
      }
      var isNormalised = false
      formula.visit { part in
        guard case .fraction(_, let below) = part.kind, case .big = below.kind else { return }
        isNormalised =
          isNormalised
          || Positions.sums(in: below).contains {
            bears($0.body, $0.letter) && $0.body.isExponential
          }
      }
      if isNormalised { return true }
    }
    return false
  }

  /// Whether a derivative is of a node that no equation computes, or of or by one that stands at
  /// several steps without an equation that connects them.
  private static func leavesOpen(
    _ stepped: Set<String>, _ parts: [Formula], _ plain: [Formula], _ uses: [Use]
  ) -> Bool {
    var computed: Set<String> = []
    for relation in plain.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = relation.kind,
        members[0].sign == .equal || members[0].sign == .defines, let name = use(left)?.name
      else { continue }
      computed.insert(name.latex)
    }
    let open = stepped.subtracting(computed).subtracting(PageReader.lossNames)
    let wandering = open.filter { name in
      let steps = uses.filter { $0.name.latex == name }.map { $0.step }
      return steps.contains { $0 != steps[0] }
    }
    var found = false
    for part in parts {
      part.visit { inner in
        guard case .fraction(let above, let below) = inner.kind,
          Elaborator.partialHead(above) != nil, Elaborator.partialHead(below) != nil
        else { return }
        let (of, by) = (Self.uses(in: above), Self.uses(in: below))
        found =
          found || of.contains { open.contains($0.name.latex) }
          || by.contains { wandering.contains($0.name.latex) }
      }
    }
    return found
  }

  private enum Reads { case never, earlier, later }

  /// Whether an equation computes at one step what another reads at another.
  private static func readsAnotherStep(
    _ names: Set<String>, _ formulas: [Formula], _ uses: [Use], _ letter: String
  ) -> Reads {
    var result = Reads.never
    for relation in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = relation.kind,
        members[0].sign == .equal || members[0].sign == .defines, let computed = use(left),
        names.contains(computed.name.latex)
      else { continue }
      if computed.step.soleLetter != letter { return .later }
      for use in uses where use.name == computed.name && use.step != computed.step {
        guard use.step.soleLetter == letter, use.step.constant == computed.step.constant - 1 else {
          return .later
        }
        result = .earlier
      }
    }
    return result
  }

  /// The formula with the step as part of the names.
  func restoring(_ formula: Formula) -> Formula {
    if letter.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .scripts(let base, let below, _, let primes) = formula.kind,
      let use = Self.use(formula), use.step.soleLetter == letter,
      use.place != nil ? paired.contains(use.name.latex) : single.contains(use.name.latex)
    else { return formula }
    var name = use.name
    if use.place != nil || !losses.contains(name.latex) { name.step = use.mark }
    let whole = Formula(.identifier(name), base.span)
    let place = use.place == nil ? nil : below.flatMap { Lexicon.letters(of: $0).last }
    if place == nil, use.above == nil, primes == 0 { return Formula(whole.kind, formula.span) }
    return Formula(.scripts(whole, below: place, above: use.above, primes: primes), formula.span)
  }
}

extension Formula {
  /// Whether it speaks of derivatives.
  fileprivate var writesDerivative: Bool {
    var found = false
    visit { part in
      if let name = part.identifier?.name { found = found || name == "partial" || name == "nabla" }
      if case .fraction(let above, let below) = part.kind {
        found =
          found
          || Elaborator.partialHead(above) != nil && Elaborator.partialHead(below) != nil
      }
    }
    return found
  }

  /// Whether every derivative is of a node of the step and by one, or immediate: what reaches the
  /// step through earlier ones is then out of question.
  fileprivate func asksOnlyWithin(_ letter: String, _ names: Set<String>) -> Bool {
    func isOfStep(_ rest: [Formula]) -> Bool {
      guard rest.count == 1, let use = FixedStep.use(rest[0]) else { return false }
      return use.step.soleLetter == letter && names.contains(use.name.latex)
    }
    var (signs, quotients) = (0, 0)
    visit { part in
      if let name = part.identifier?.name, ["partial", "nabla", "d"].contains(name) { signs += 1 }
      guard case .fraction(let above, let below) = part.kind,
        let numerator = Elaborator.partialHead(above),
        let denominator = Elaborator.partialHead(below),
        numerator.isImmediate || isOfStep(numerator.rest) && isOfStep(denominator.rest)
      else { return }
      quotients += 1
    }
    return signs == 2 * quotients
  }

  /// Whether a sum or a product in it runs over the letter.
  fileprivate func runs(over letter: String) -> Bool {
    var found = false
    visit { part in
      guard case .big(_, let below?, _, _) = part.kind else { return }
      below.visit { found = found || $0.identifier?.isPlain(letter) == true }
    }
    return found
  }

  /// `\exp(e_j)`, `e^{e_j}`
  fileprivate var isExponential: Bool {
    var found = false
    visit { part in
      found = found || part.identifier?.name == "exp"
      if case .scripts(let base, nil, .some, _) = part.kind {
        found = found || base.identifier?.isPlain("e") == true
      }
    }
    return found
  }
}
