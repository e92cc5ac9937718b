import Notation

/// Steps that stand as arguments behind names, whatever letter counts them. In brackets a name that
/// stands at two steps of one letter shows it: `s[n]` beside `s[n-1]`. In parentheses, where every
/// function looks so, only an equation does that computes a name from one that is computed at another
/// step, `h(n) = f(h(n-1))`, and reads its letter nowhere else; or one that computes a name from
/// entries of two at its own step, `E(t) = \sum_i (y_i(t) - a_i(t))^2`, on a page that reads the letter
/// nowhere else.
struct SteppedArguments {
  private struct Use: Equatable {
    var name: Formula.Identifier
    var fence: Formula.Fence
  }
  /// The names that bear steps.
  private var names: [Use] = []

  init(surveying formulas: [Formula]) {
    var uses: [(use: Use, steps: [AffineLetters])] = []
    for formula in formulas {
      Self.visitUses(formula) { use, step in
        if let i = uses.firstIndex(where: { $0.use == use }) {
          uses[i].steps.append(step)
        } else {
          uses.append((use, [step]))
        }
      }
    }
    var letters: [(fence: Formula.Fence, letter: String)] = []
    for (use, steps) in uses where use.fence == .brackets {
      for step in steps {
        guard let letter = step.soleLetter else { continue }
        let stands = steps.contains { $0.soleLetter == letter && $0.constant != step.constant }
        if stands { letters.append((.brackets, letter)) }
      }
    }
    let relations = formulas.flatMap { Lexicon.relationsIn($0) }
    let computed = relations.compactMap { Self.computed($0) }
    letters += relations.compactMap { relation in
      Self.recurrence(relation, computed).map { (.parentheses, $0) }
    }
    letters += relations.compactMap { relation in
      Self.entriesOfStep(relation, formulas).map { (.parentheses, $0) }
    }
    // `a(n-1)` may be a product, `a(n)` is none.
    names = uses.filter { use, steps in
      steps.contains { step in
        letters.contains { $0.fence == use.fence && $0.letter == step.soleLetter }
          && (use.fence == .brackets || step.constant == 0)
      }
    }.map { $0.use }
    // One that reads its letter itself is a function, unless another equation computes it step by step.
    let recurrent = relations.compactMap { relation in
      Self.recurrence(relation, computed).flatMap { _ in Self.computed(relation)?.use }
    }
    for case .relations(let left, let members) in relations.map({ $0.kind }) {
      guard let (use, step) = Self.use(left), use.fence == .parentheses,
        let letter = step.soleLetter, !recurrent.contains(use),
        members.contains(where: { Self.readsBare(letter, $0.formula) })
      else { continue }
      names.removeAll { $0 == use }
    }
  }

  /// What an equation computes at a step in parentheses from something else than the step itself.
  private static func computed(_ relation: Formula) -> (use: Use, step: AffineLetters)? {
    guard case .relations(let left, let members) = relation.kind,
      members[0].sign == .equal || members[0].sign == .defines, let (use, step) = use(left),
      use.fence == .parentheses, let letter = step.soleLetter,
      !readsBare(letter, members[0].formula)
    else { return nil }
    return (use, step)
  }

  /// The letter of an equation that computes a name from one that is computed itself, at another
  /// step: `h(t) = f(h(t-1))`, or `a(t) = W h(t-1)` beside `h(t) = f(a(t))`.
  private static func recurrence(
    _ relation: Formula, _ computed: [(use: Use, step: AffineLetters)]
  ) -> String? {
    guard let own = Self.computed(relation), let letter = own.step.soleLetter,
      case .relations(_, let members) = relation.kind
    else { return nil }
    var isRead = false
    visitUses(members[0].formula) { other, at in
      let isComputed = computed.contains { $0.use == other && $0.step.soleLetter == letter }
      isRead =
        isRead || isComputed && at.soleLetter == letter && at.constant != own.step.constant
    }
    return isRead ? letter : nil
  }

  /// The customary letter of an equation that computes a name from entries at its own step,
  /// `E(t) = \sum_i (y_i(t) - d_i(t))^2`, and that no formula of the page reads but as an argument.
  private static func entriesOfStep(_ relation: Formula, _ formulas: [Formula]) -> String? {
    guard let own = computed(relation), let letter = own.step.soleLetter, own.step.constant == 0,
      ["t", "n", "k", "tau"].contains(letter), case .relations(_, let members) = relation.kind
    else { return nil }
    var entries: [Formula.Identifier] = []
    members[0].formula.visit { part in
      guard case .juxtaposition(let items) = part.kind else { return }
      for (item, next) in zip(items, items.dropFirst()) {
        guard let (other, at) = use(item, next), at == own.step, other.fence == .parentheses,
          case .scripts(_, let below?, nil, 0) = item.kind, below.identifier != nil,
          !entries.contains(other.name)
        else { continue }
        entries.append(other.name)
      }
    }
    let isRead = formulas.contains { readsBare(letter, withoutSteps($0)) }
    return entries.count > 1 && !isRead ? letter : nil
  }

  /// The formula without what stands below its names: there a letter counts as well.
  private static func withoutSteps(_ formula: Formula) -> Formula {
    let formula = formula.mappingChildren { withoutSteps($0) }
    guard case .scripts(let base, let below?, let above, let primes) = formula.kind,
      AffineLetters(below) != nil
    else { return formula }
    return Formula(.scripts(base, below: nil, above: above, primes: primes), formula.span)
  }

  /// A formula that is nothing but a name with its argument.
  private static func use(_ formula: Formula) -> (Use, AffineLetters)? {
    guard case .juxtaposition(let items) = formula.kind, items.count == 2 else { return nil }
    return use(items[0], items[1])
  }

  private static func use(_ item: Formula, _ next: Formula) -> (Use, AffineLetters)? {
    var base = item
    if case .scripts(let inner, _, nil, 0) = item.kind { base = inner }
    guard let name = base.identifier, StandardFunction(name) == nil,
      name.font != .upright || item.identifier == nil,
      !["partial", "nabla", "Delta"].contains(name.name),
      name.name != "d" || item.identifier == nil,
      case .fenced(let fence, let inner) = next.unfencedScripts.kind,
      fence == .brackets || fence == .parentheses, let step = AffineLetters(inner),
      step.terms.count < 2
    else { return nil }
    return (Use(name: name, fence: fence), step)
  }

  private static func visitUses(_ formula: Formula, _ body: (Use, AffineLetters) -> Void) {
    formula.visit { part in
      guard case .juxtaposition(let items) = part.kind else { return }
      for (item, next) in zip(items, items.dropFirst()) {
        if let (use, step) = use(item, next) { body(use, step) }
      }
    }
  }

  /// Whether a letter stands anywhere but in an argument.
  private static func readsBare(_ letter: String, _ formula: Formula) -> Bool {
    if let name = formula.identifier { return name.isPlain(letter) }
    // `W_{in}`: letters side by side are a label.
    if case .scripts(let base, let below?, let above, _) = formula.kind,
      case .juxtaposition = below.kind
    {
      return readsBare(letter, base) || above.map { readsBare(letter, $0) } ?? false
    }
    guard case .juxtaposition(let items) = formula.kind else {
      return formula.children.contains { readsBare(letter, $0) }
    }
    return items.enumerated().contains { i, item in
      (i == 0 || use(items[i - 1], item) == nil) && readsBare(letter, item)
    }
  }

  /// The formula with every step above its name: `s^{[n-1]}`.
  func restoring(_ formula: Formula) -> Formula {
    if names.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .juxtaposition(let items) = formula.kind else { return formula }
    var new: [Formula] = []
    var i = 0
    while i < items.count {
      if i + 1 < items.count, let (use, _) = Self.use(items[i], items[i + 1]),
        names.contains(use)
      {
        new.append(Self.atStep(items[i], items[i + 1]))
        i += 2
      } else {
        new.append(items[i])
        i += 1
      }
    }
    return new.count == 1 ? new[0] : Formula(.juxtaposition(new), formula.span)
  }

  private static func atStep(_ item: Formula, _ argument: Formula) -> Formula {
    let span = item.span.union(argument.span)
    var (base, label) = (item, nil as Formula?)
    if case .scripts(let inner, let below, nil, 0) = item.kind { (base, label) = (inner, below) }
    guard case .scripts(let step, let below, let above, 0) = argument.kind else {
      return Formula(.scripts(base, below: label, above: argument, primes: 0), span)
    }
    let named = Formula(
      .scripts(base, below: label ?? below, above: step, primes: 0), span)
    guard let above else { return named }
    return Formula(
      .scripts(
        Formula(.fenced(.parentheses, named), span), below: label == nil ? nil : below,
        above: above, primes: 0), span)
  }
}
