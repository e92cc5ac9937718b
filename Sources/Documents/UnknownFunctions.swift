import Notation

/// `h_t = f(h_{t-1}, x_t; W)`: a letter before names in parentheses that no formula explains is an
/// unknown function, and the equation says only what its left side depends on. The function of the
/// arguments of another step, `f(h_{j-1}, x_j; W)`, is the node of that step; where it is
/// differentiated, its other arguments are held. A value that no equation names, as in `x_{l+1} = x_l
/// + F(x_l, W_l)`, bears the name of the function at the step, `F_l`.
struct UnknownFunctions {
  struct Equation {
    var left: Formula
    /// The letter, its parameters below it included: `f_\theta`.
    fileprivate var head: Formula
    fileprivate var places: [Formula]
    /// All that the left side depends on.
    var arguments: [Formula]
  }

  private(set) var equations: [Equation] = []
  /// Values without an equation of their own.
  private(set) var values: [Equation] = []

  init(surveying formulas: [Formula]) {
    let relations = formulas.flatMap { Lexicon.relationsIn($0) }
    for case .relations(let left, let members) in relations.map({ $0.kind }) {
      guard members[0].sign == .equal || members[0].sign == .defines, Self.isName(left),
        let (head, places) = Self.application(members[0].formula),
        !places.contains(where: { $0.spelled == left.spelled }),
        Self.isUnknown(head, givenTo: left, in: formulas)
      else { continue }
      let parameters = Self.parameters(of: head, in: formulas)
      // A loss is a number, whatever letter makes it of a state: `J = \Phi(h_T)`.
      let isLoss = left.scriptedBase.map { PageReader.lossNames.contains($0.latex) } ?? false
      guard places.count + parameters.count > 1 || Self.isUsual(head) || isLoss else { continue }
      let equation = Equation(
        left: left, head: head, places: places, arguments: places + parameters)
      guard !equations.contains(where: { $0.node(of: head, places)?.spelled == left.spelled })
      else { continue }
      equations.append(equation)
    }
    for formula in formulas { formula.visit { noteValues(in: $0, formulas) } }
  }

  private mutating func noteValues(in part: Formula, _ formulas: [Formula]) {
    guard case .juxtaposition(let items) = part.kind else { return }
    for (item, next) in zip(items, items.dropFirst()) {
      guard item.identifier != nil, let (head, places) = Self.application(item, next),
        places.count > 1 || Self.isOfNode(head, places[0]),
        !(equations + values).contains(where: { $0.head.spelled == head.spelled }),
        Self.isUnknown(head, givenTo: places[0], in: formulas)
      else { continue }
      var left = head
      for place in places where left == head {
        guard case .scripts(_, let below, let above, 0) = place.kind,
          (below == nil) != (above == nil),
          AffineLetters((below ?? above ?? place).unfenced)?.soleLetter != nil
        else { continue }
        left = Formula(.scripts(head, below: below, above: above, primes: 0), head.span)
      }
      values.append(Equation(left: left, head: head, places: places, arguments: places))
    }
  }

  // MARK: What is an unknown function

  /// `F(x_l)`: a capital letter before a node in parentheses, which no product would need.
  private static func isOfNode(_ head: Formula, _ place: Formula) -> Bool {
    guard case .scripts(_, let below, let above, 0) = place.kind, below != nil || above != nil,
      let name = head.identifier?.name, name.utf8.count == 1
    else { return false }
    return name.utf8.first.map { isUppercase($0) } ?? false
  }

  private static func isName(_ formula: Formula) -> Bool {
    formula.unfencedScripts.identifier.map { !$0.isOperator } ?? false
  }

  /// A letter with names in parentheses behind it, and nothing else.
  private static func application(_ formula: Formula) -> (head: Formula, places: [Formula])? {
    guard case .juxtaposition(let items) = formula.kind, items.count == 2 else { return nil }
    return application(items[0], items[1])
  }

  private static func application(
    _ head: Formula, _ next: Formula
  ) -> (head: Formula, places: [Formula])? {
    guard case .fenced(.parentheses, let inner) = next.kind else { return nil }
    if case .scripts(_, _, let above, let primes) = head.kind, above != nil || primes > 0 {
      return nil
    }
    guard let name = head.unfencedScripts.identifier, !name.isOperator,
      StandardFunction(name) == nil, !PageReader.lossNames.contains(name.latex)
    else { return nil }
    var places = [inner]
    if case .list(let items) = inner.kind { places = items }
    return places.allSatisfy { isName($0) } ? (head, places) : nil
  }

  /// Whether a letter stands nowhere but before parentheses, at most differentiated without them,
  /// and no equation says what it is; its value may bear the same letter.
  private static func isUnknown(
    _ head: Formula, givenTo left: Formula, in formulas: [Formula]
  ) -> Bool {
    let isValue = left.spelled == head.spelled
    var isApplied = true
    func visit(_ formula: Formula) {
      switch formula.kind {
      case .juxtaposition(let items):
        for (i, item) in items.enumerated() {
          let next = i + 1 < items.count && items[i + 1].isParenthesised
          let isDifferentiated = i > 0 && items[i - 1].identifier?.name == "partial"
          if item.spelled != head.spelled || !next && !isDifferentiated { visit(item) }
        }
      case .relations(let left, let members):
        if case .juxtaposition(let items) = left.kind, items.count == 2,
          items[0].spelled == head.spelled, items[1].isParenthesised
        {
          isApplied = false
        }
        visit(left)
        for member in members { visit(member.formula) }
      case .scripts(let base, let below, let above, let primes)
      where base.identifier != nil && formula.spelled != head.spelled:
        if primes > 0, base.identifier == head.unfencedScripts.identifier { isApplied = false }
        for script in [below, above] { script.map(visit) }
      default:
        if formula.spelled == head.spelled, !isValue { isApplied = false }
        for child in formula.children { visit(child) }
      }
    }
    // "a smooth function $f$" is a mere mention.
    for formula in formulas where formula.spelled != head.spelled { visit(formula) }
    return isApplied
  }

  /// `\theta` of `f_\theta`: what stands below a function and elsewhere by itself.
  private static func parameters(of head: Formula, in formulas: [Formula]) -> [Formula] {
    guard case .scripts(_, let below?, _, _) = head.kind else { return [] }
    return Lexicon.letters(of: below).filter { letter in
      guard letter.identifier != nil else { return false }
      var stands = false
      func visit(_ formula: Formula) {
        if formula.spelled == letter.spelled { stands = true }
        if case .scripts(let base, _, _, _) = formula.kind {
          if base.identifier == nil { visit(base) }
        } else {
          for child in formula.children { visit(child) }
        }
      }
      for formula in formulas { visit(formula) }
      return stands
    }
  }

  /// Letters that name functions where nothing else shows it.
  private static func isUsual(_ head: Formula) -> Bool {
    head.identifier.map { ["f", "g", "F", "G"].contains($0.latex) } ?? false
  }

  // MARK: Its value

  /// The equation that a relation is, or is an instance of.
  func equation(_ left: Formula, _ right: Formula) -> Equation? {
    guard let (head, places) = Self.application(right) else { return nil }
    return equations.first { $0.node(of: head, places)?.spelled == left.spelled }
  }

  private func node(_ head: Formula, _ next: Formula) -> Formula? {
    guard let (head, places) = Self.application(head, next) else { return nil }
    for equation in equations + values {
      if let node = equation.node(of: head, places) { return node }
    }
    return nil
  }

  /// The formula with every value of an unknown function as the node that it is.
  func restoring(_ formula: Formula) -> Formula {
    if equations.isEmpty, values.isEmpty { return formula }
    switch formula.kind {
    case .relations(let left, var members) where equation(left, members[0].formula) != nil:
      for i in members.indices.dropFirst() { members[i].formula = restoring(members[i].formula) }
      return Formula(.relations(left, members), formula.span)
    case .fraction(let above, let below):
      return Formula(
        .fraction(numerator(above, by: below) ?? restoring(above), restoring(below)), formula.span)
    case .juxtaposition(let items):
      let new = restoring(items)
      return new.count == 1 ? new[0] : Formula(.juxtaposition(new), formula.span)
    default: return formula.mappingChildren { restoring($0) }
    }
  }

  private func restoring(_ items: [Formula]) -> [Formula] {
    var new: [Formula] = []
    var rest = items[...]
    while let item = rest.popFirst() {
      guard let next = rest.first.map({ restoring($0) }), let node = node(item, next) else {
        new.append(restoring(item))
        continue
      }
      rest.removeFirst()
      let span = item.span.union(next.span)
      if let last = new.last, case .fraction(let above, let below) = last.kind, above.isPartial {
        new[new.count - 1] = Formula(.fraction(above.immediate, below), last.span)
      }
      new.append(node.placed(at: span))
    }
    return new
  }

  /// `\partial f(x_t, w)`, and `\partial f` where what it is taken by tells the step.
  private func numerator(_ above: Formula, by below: Formula) -> Formula? {
    guard case .juxtaposition(let items) = above.kind, items[0].isPartial else { return nil }
    var found: Formula?
    if items.count == 3 {
      found = node(items[1], items[2])
    } else if items.count == 2, case .juxtaposition(let by) = below.kind, by.count == 2 {
      let own = equations.filter { $0.head.spelled == items[1].spelled }
      found = own.count == 1 ? own[0].node(reading: by[1]) : nil
    }
    return found.map {
      Formula(.juxtaposition([items[0].immediate, $0.placed(at: above.span)]), above.span)
    }
  }
}

extension UnknownFunctions.Equation {
  /// The letter that counts the steps.
  private var letter: String? {
    guard case .scripts(_, let below, let above, _) = left.kind else { return nil }
    return [below, above].compactMap { $0.flatMap { AffineLetters($0)?.soleLetter } }.first
  }

  /// What the function of these arguments is.
  fileprivate func node(of head: Formula, _ places: [Formula]) -> Formula? {
    guard head.spelled == self.head.spelled, places.count == self.places.count else { return nil }
    var step: AffineLetters?
    for (own, other) in zip(self.places, places) where !fits(own, other, &step) { return nil }
    return step.map { left.moving(letter ?? "", to: $0) } ?? left
  }

  /// What the function is that reads a node as one of its arguments.
  fileprivate func node(reading argument: Formula) -> Formula? {
    for own in arguments {
      var step: AffineLetters?
      guard fits(own, argument, &step), step != nil || letter == nil else { continue }
      return step.map { left.moving(letter ?? "", to: $0) } ?? left
    }
    return nil
  }

  /// Whether two formulas are the same but for the step.
  private func fits(_ own: Formula, _ other: Formula, _ step: inout AffineLetters?) -> Bool {
    if let letter, let place = AffineLetters(own), place.soleLetter == letter {
      guard var found = AffineLetters(other) else { return false }
      found.constant -= place.constant
      defer { step = found }
      return step.map { $0.isSame(as: found) } ?? true
    }
    guard case .scripts(let base, let below, let above, let primes) = own.kind,
      case .scripts(let otherBase, let otherBelow, let otherAbove, let otherPrimes) = other.kind,
      primes == otherPrimes, (below == nil) == (otherBelow == nil),
      (above == nil) == (otherAbove == nil), base.spelled == otherBase.spelled
    else { return own.spelled == other.spelled }
    for (script, other) in [(below, otherBelow), (above, otherAbove)] {
      if let script, let other, !fits(script, other, &step) { return false }
    }
    return true
  }
}

extension Formula {
  fileprivate var isPartial: Bool { identifier?.name == "partial" }

  /// `\partial^+` for `\partial`.
  fileprivate var immediate: Formula {
    Formula(
      .scripts(
        self, below: nil, above: Formula(.identifier(Identifier("+")), span), primes: 0), span)
  }

  /// The formula with another step for a letter.
  fileprivate func moving(_ letter: String, to step: AffineLetters) -> Formula {
    if case .fenced = kind { return mappingChildren { $0.moving(letter, to: step) } }
    guard let place = AffineLetters(self), place.soleLetter == letter else {
      return mappingChildren { $0.moving(letter, to: step) }
    }
    var moved = step
    moved.constant += place.constant
    return Formula(moved, span)
  }
}

extension Formula.Identifier {
  /// Signs of differentiation, which no parentheses make a function.
  fileprivate var isOperator: Bool {
    ["d", "partial", "nabla", "Delta", "delta", "+"].contains(name)
  }
}
