import Notation

/// Layers above, `h^{(2)}_t` beside the step, `W^{[2]}` without steps. Where one name bears several
/// numbers so, the number belongs to the name, and what is said with a letter in its place,
/// `h^{(l)}_t`, is said of every layer.
struct Layers {
  private var numbers: [Int] = []
  /// Parameters that the equations of all steps read under numbers only: the numbers tell them apart.
  private var numbered: Set<String> = []
  /// Names whose numbers above tell layers without parentheses.
  private var raised: Set<String> = []

  init(surveying formulas: [Formula]) {
    // A letter that counts steps stands with an offset somewhere: `_{t-1}`.
    var steps: [String] = []
    for formula in formulas {
      formula.visit { part in
        if case .scripts(_, let below?, _, _) = part.kind, let step = AffineLetters(below),
          step.constant != 0, let letter = step.soleLetter, !steps.contains(letter)
        {
          steps.append(letter)
        }
      }
    }
    var found: [(name: String, number: Int)] = []
    for formula in formulas {
      formula.visit { part in
        guard case .scripts(let base, let below?, let above?, _) = part.kind,
          let name = base.identifier?.latex, let letter = AffineLetters(below)?.soleLetter,
          steps.contains(letter),
          let place = Self.layer(above)?.place, place.isLiteral
        else { return }
        found.append((name, place.constant))
      }
    }
    let isLayered = found.contains { a in
      found.contains { $0.name == a.name && $0.number != a.number }
    }
    if isLayered, let least = found.map({ $0.number }).min(),
      let most = found.map({ $0.number }).max()
    {
      numbers = Array(least...most)
    } else {
      numbers = Self.layersWithoutSteps(formulas)
    }
    if !numbers.isEmpty { return }
    numbered = Self.numberedParameters(formulas, steps)
      .union(Self.numberedParameters(formulas))
    raised = Self.raisedNames(formulas)
  }

  /// `ij`, `3`
  private static func countsEntries(_ below: Formula) -> Bool {
    Lexicon.letters(of: below).allSatisfy { part in
      if case .number = part.kind { return true }
      return part.identifier.map { $0.isPlain($0.name) && Lexicon.entryCounters.contains($0.name) }
        ?? false
    }
  }

  /// W of `a = \tanh(W^{(1)} x)`, `z = W^{(2)} a` on a page that never writes it without a number.
  private static func numberedParameters(_ formulas: [Formula]) -> Set<String> {
    var (found, others): (Set<String>, Set<String>) = ([], [])
    /// - Parameter entry: of which entry of a name the equation speaks that reads the formula.
    func collect(_ formula: Formula, _ isRead: Bool, entry: String? = nil) {
      switch formula.kind {
      case .identifier(let name): others.insert(name.latex)
      case .scripts(let base, let below, let above, _):
        guard let name = base.identifier else {
          for child in formula.children { collect(child, isRead, entry: entry) }
          return
        }
        if above.flatMap({ layer($0) })?.place.isLiteral != true {
          others.insert(name.latex)
        } else if isRead, entry.map({ below?.mentions($0) == true }) ?? true {
          found.insert(name.latex)
        }
      case .big(_, _, _, let body): collect(body, isRead, entry: entry)
      default: for child in formula.children { collect(child, isRead, entry: entry) }
      }
    }
    for formula in formulas {
      collect(formula, false)
      for case .relations(let left, let members) in Lexicon.relationsIn(formula).map({ $0.kind }) {
        guard let right = members.first, right.sign == .equal || right.sign == .defines else {
          continue
        }
        if left.identifier != nil { collect(right.formula, true) }
        // `a_j = \sum_i w_{ji}^{(1)} x_i`
        if let (_, letter) = Positions.member(left), Lexicon.indexLetters.contains(letter) {
          collect(right.formula, true, entry: letter)
        }
        if case .scripts(let base, _, _, _) = left.kind, let name = base.identifier {
          others.insert(name.latex)
        }
      }
    }
    return found.subtracting(others)
  }

  /// `a^2`, `a^2_j`, `a^{2T}`
  private static func numberedName(
    _ formula: Formula
  ) -> (name: String, number: Int, rest: Formula?)? {
    guard case .scripts(let base, _, let above?, _) = formula.kind, let name = base.identifier,
      name.font == .italic || name.font == .bold
    else { return nil }
    var (mark, rest): (Formula, Formula?) = (above, nil)
    if case .juxtaposition(let items) = above.kind, items.count == 2,
      items[1].isTransposeMark || items[1].identifier?.isPlain("T") == true
    {
      (mark, rest) = (items[0], items[1])
    }
    guard case .number(let digits) = mark.kind, let number = Int(digits) else { return nil }
    return (name.latex, number, rest)
  }

  /// `a^1 = \sigma(z^1)`, `z^2 = w^2 a^1 + b^2`: where equations compute one name under several numbers
  /// above, one after the other, no number above it or beside it is a power, and none of the names
  /// stands without one.
  private static func raisedNames(_ formulas: [Formula]) -> Set<String> {
    var computed: [String: Set<Int>] = [:]
    var names: Set<String> = []
    var isChained = false
    for case .relations(let left, let members) in formulas.flatMap({ Lexicon.relationsIn($0) })
      .map({ $0.kind })
    {
      guard let right = members.first, right.sign == .equal || right.sign == .defines,
        let own = Self.numberedName(left)
      else { continue }
      computed[own.name, default: []].insert(own.number)
      names.insert(own.name)
      right.formula.visit { part in
        guard let read = Self.numberedName(part) else { return }
        names.insert(read.name)
        isChained = isChained || read.number == own.number - 1
      }
    }
    let layered = computed.filter { $0.value.count > 1 }.map { $0.key }
    guard isChained, !layered.isEmpty else { return [] }
    var others: Set<String> = []
    func collect(_ formula: Formula) {
      // The sizes of a space are no names beside others.
      if Space(formula) != nil { return }
      switch formula.kind {
      case .identifier(let name): others.insert(name.latex)
      case .scripts(let base, _, let above, _):
        if Self.numberedName(formula) != nil { return }
        if let name = base.identifier { others.insert(name.latex) } else { collect(base) }
        if let above { collect(above) }
      default: formula.children.forEach(collect)
      }
    }
    formulas.forEach(collect)
    return others.isDisjoint(with: layered) ? names.subtracting(others) : []
  }

  /// W of `a_t = \\tanh(W^{(1)} a_{t-1})`, `b_t = \\tanh(W^{(2)} b_{t-1})`.
  private static func numberedParameters(
    _ formulas: [Formula], _ steps: [String]
  ) -> Set<String> {
    var (found, others): (Set<String>, Set<String>) = ([], [])
    func collect(_ formula: Formula) {
      switch formula.kind {
      case .identifier(let name): others.insert(name.latex)
      case .scripts(let base, let below, let above, _):
        guard let name = base.identifier else { return collect(base) }
        if below == nil, let above, layer(above)?.place.isLiteral == true, name.isUppercase {
          found.insert(name.latex)
        } else {
          others.insert(name.latex)
        }
      default: for child in formula.children { collect(child) }
      }
    }
    for formula in formulas {
      for case .relations(let left, let members) in Lexicon.relationsIn(formula).map({ $0.kind }) {
        guard case .scripts(let base, let below, let above, _) = left.kind,
          let name = base.identifier?.latex,
          [below, above].contains(where: { script in
            script.flatMap { AffineLetters($0.unfenced)?.soleLetter }.map(steps.contains) ?? false
          })
        else { continue }
        others.insert(name)
        for member in members { collect(member.formula) }
      }
    }
    return found.subtracting(others)
  }

  /// The numbers above the names of `a^{[2]} = \tanh(W^{[2]} a^{[1]} + b^{[2]})`: steps share
  /// their parameters, layers have their own.
  private static func layersWithoutSteps(_ formulas: [Formula]) -> [Int] {
    var numbers: [Int] = []
    var (runs, computed, parameters): (Bool, [String], [String]) = (false, [], [])
    var readers: [(name: String, number: Int)] = []
    var isShared = false
    for formula in formulas {
      formula.visit { part in
        guard case .scripts(let base, let below, let above?, _) = part.kind,
          let name = base.identifier, let layer = Self.layer(above)
        else { return }
        runs = runs || below.map { !Self.countsEntries($0) } == true || !layer.place.isLiteral
        let number = layer.place.constant
        if !numbers.contains(number) { numbers.append(number) }
        if name.isUppercase { parameters.append(name.latex) }
      }
      for case .relations(let left, let members) in Lexicon.relationsIn(formula).map({ $0.kind }) {
        guard case .scripts(let base, nil, let above?, 0) = left.kind,
          let name = base.identifier?.latex, let number = Self.layer(above)?.place.constant,
          let right = members.first, right.sign == .equal || right.sign == .defines
        else { continue }
        computed.append(name)
        for read in Self.unnumbered(right.formula) {
          isShared = isShared || readers.contains { $0.name == read && $0.number != number }
          readers.append((read, number))
        }
      }
    }
    let areLayers =
      !runs && !isShared && numbers.count > 1 && !computed.isEmpty
      && parameters.contains { !computed.contains($0) }
    return areLayers ? numbers.sorted() : []
  }

  /// The names that a formula reads without a number above: neither functions nor constants.
  private static func unnumbered(_ formula: Formula) -> [String] {
    switch formula.kind {
    case .identifier(let name):
      return name.font == .italic && StandardFunction(name) == nil ? [name.latex] : []
    case .scripts(let base, _, let above, _):
      return above.flatMap { layer($0) } == nil ? unnumbered(base) : []
    case .juxtaposition(let items):
      return items.indices.flatMap { i in
        i + 1 < items.count && items[i].identifier != nil && items[i + 1].isParenthesised
          ? [] : unnumbered(items[i])
      }
    default: return formula.children.flatMap { unnumbered($0) }
    }
  }

  /// What stands in parentheses or brackets above, in which of them, and what else does.
  private static func layer(
    _ above: Formula
  ) -> (place: AffineLetters, fence: Formula.Fence, rest: [Formula])? {
    var items = [above]
    if case .juxtaposition(let parts) = above.kind { items = parts }
    guard case .fenced(let fence, let inner) = items[0].kind,
      fence == .parentheses || fence == .brackets, let place = AffineLetters(inner)
    else { return nil }
    return (place, fence, Array(items.dropFirst()))
  }

  /// The formula with layers as parts of the names; a relation of any layer as those of all.
  func restoring(_ formula: Formula) -> Formula {
    if !numbered.isEmpty || !raised.isEmpty { return withNumbers(formula) }
    if numbers.isEmpty { return formula }
    if case .list(let items) = formula.kind {
      let all = items.flatMap { item -> [Formula] in
        let restored = restoring(item)
        if case .relations = item.kind, case .list(let own) = restored.kind { return own }
        return [restored]
      }
      return Formula(.list(all), formula.span)
    }
    if case .relations(let left, _) = formula.kind,
      let letter = places(in: left).compactMap({ $0.soleLetter }).first
    {
      let places = places(in: formula).filter { $0.soleLetter == letter }
      let all = numbers.filter { number in
        places.allSatisfy { numbers.contains(number + $0.constant) }
      }.map { named(formula, letter, $0) }
      return all.count == 1 ? all[0] : Formula(.list(all), formula.span)
    }
    return named(formula, nil, 0)
  }

  private func withNumbers(_ formula: Formula) -> Formula {
    if case .scripts(let base, _, _, _) = formula.kind, let name = base.identifier?.latex,
      numbered.contains(name)
    {
      return named(formula, nil, 0)
    }
    if let read = Self.numberedName(formula), raised.contains(read.name),
      case .scripts(let base, let below, _, let primes) = formula.kind, var name = base.identifier
    {
      name.layer = "\(read.number)"
      let whole = Formula(.identifier(name), base.span)
      if below == nil, read.rest == nil, primes == 0 { return Formula(whole.kind, formula.span) }
      return Formula(
        .scripts(whole, below: below, above: read.rest, primes: primes), formula.span)
    }
    return formula.mappingChildren { withNumbers($0) }
  }

  /// The layers that a formula names.
  private func places(in formula: Formula) -> [AffineLetters] {
    var found: [AffineLetters] = []
    formula.visit { part in
      if case .scripts(let base, _, let above?, _) = part.kind, base.identifier != nil,
        let layer = Self.layer(above)
      {
        found.append(layer.place)
      }
    }
    return found
  }

  private func named(_ formula: Formula, _ letter: String?, _ number: Int) -> Formula {
    guard case .scripts(let base, let below, let above?, let primes) = formula.kind,
      var name = base.identifier, let layer = Self.layer(above)
    else { return formula.mappingChildren { named($0, letter, number) } }
    let value: Int
    if layer.place.isLiteral {
      value = layer.place.constant
    } else if let letter, layer.place.soleLetter == letter {
      value = number + layer.place.constant
    } else {
      return formula
    }
    name.layer = layer.fence == .brackets ? "[\(value)]" : "(\(value))"
    let whole = Formula(.identifier(name), base.span)
    let rest =
      layer.rest.count > 1 ? Formula(.juxtaposition(layer.rest), above.span) : layer.rest.first
    if below == nil, rest == nil, primes == 0 { return Formula(whole.kind, formula.span) }
    return Formula(.scripts(whole, below: below, above: rest, primes: primes), formula.span)
  }
}
