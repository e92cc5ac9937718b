import Notation

/// Steps that stand as arguments behind names, whatever letter counts them. In brackets a name that
/// stands at two steps of one letter shows it: `s[n]` beside `s[n-1]`. In parentheses, where every
/// function looks so, only an equation does that computes a name from the same name at another
/// step, `h(n) = f(h(n-1))`, and reads its letter nowhere else.
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
    letters += relations.compactMap { relation in
      Self.recurrence(relation).map { (.parentheses, $0) }
    }
    // `a(n-1)` may be a product, `a(n)` is none.
    names = uses.filter { use, steps in
      steps.contains { step in
        letters.contains { $0.fence == use.fence && $0.letter == step.soleLetter }
          && (use.fence == .brackets || step.constant == 0)
      }
    }.map { $0.use }
    // One that reads its letter itself is a function.
    for case .relations(let left, let members) in relations.map({ $0.kind }) {
      guard let (use, step) = Self.use(left), use.fence == .parentheses,
        let letter = step.soleLetter,
        members.contains(where: { Self.readsBare(letter, $0.formula) })
      else { continue }
      names.removeAll { $0 == use }
    }
  }

  /// The letter of an equation that computes a name from itself at another step, in parentheses.
  private static func recurrence(_ relation: Formula) -> String? {
    guard case .relations(let left, let members) = relation.kind,
      members[0].sign == .equal || members[0].sign == .defines, let (use, step) = use(left),
      use.fence == .parentheses, let letter = step.soleLetter,
      !readsBare(letter, members[0].formula)
    else { return nil }
    var isRead = false
    visitUses(members[0].formula) { other, at in
      isRead = isRead || other == use && at.soleLetter == letter && at.constant != step.constant
    }
    return isRead ? letter : nil
  }

  /// A formula that is nothing but a name with its argument.
  private static func use(_ formula: Formula) -> (Use, AffineLetters)? {
    guard case .juxtaposition(let items) = formula.kind, items.count == 2 else { return nil }
    return use(items[0], items[1])
  }

  private static func use(_ item: Formula, _ next: Formula) -> (Use, AffineLetters)? {
    var base = item
    if case .scripts(let inner, _, nil, 0) = item.kind { base = inner }
    guard let name = base.identifier, StandardFunction(name) == nil, name.font != .upright,
      !["d", "partial", "nabla", "Delta"].contains(name.name),
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
