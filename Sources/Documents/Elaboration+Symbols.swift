import Expressions
import Notation

/// Names with their scripts: which script is the time, an entry, a label, a power, a copy.
extension Elaborator {
  mutating func atom(
    _ formula: Formula, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    var (base, below, above, primes): (Formula, Formula?, Formula?, Int) = (formula, nil, nil, 0)
    if case .scripts(let inner, let lower, let upper, let count) = formula.kind {
      (base, below, above, primes) = (inner, lower, upper, count)
    }
    guard let identifier = base.identifier else {
      guard primes == 0 else { throw Unreadable(.noMeaning, formula.span) }
      if case .fenced(.evaluated, let inner) = base.kind, let below {
        var barred = try holding(below, in: inner, formula.span, in: &workspace)
        if barred == nil {
          barred = try contribution(ofStep: below, to: inner, formula.span, in: &workspace)
        }
        if let barred { return try raised(barred, above, formula.span, in: &workspace) }
      }
      if let zero = zero(base, below, formula.span, in: &workspace) {
        return try raised(zero, above, formula.span, in: &workspace)
      }
      var written = try elaborate(base, in: &workspace)
      if let below, case .fenced = base.kind,
        let block = block(of: written, below, formula.span, in: &workspace)
      {
        return try raised(block, above, formula.span, in: &workspace)
      }
      if let below { written = try entry(of: written, below, formula.span, in: &workspace) }
      return try raised(written, above, formula.span, in: &workspace)
    }
    if let special = try constant(identifier, below, formula.span, in: &workspace) {
      return try raised(special, above, formula.span, in: &workspace)
    }
    if identifier.isPlain("e"), below == nil, let above, !above.isTransposeMark,
      table[NameKey("e")] == nil, page.lexicon.declaredOrder(of: "e") == nil
    {
      let exponent = try elaborate(above, in: &workspace)
      return Written(
        workspace.expression(.apply(.exp, derivative: 0, exponent.expression)), formula.span,
        [exponent])
    }
    if let function = functionHead(formula) {
      guard primes > 0, case .elementwise(let kind) = function else {
        throw Unreadable(.arguments, formula.span, identifier.latex)
      }
      let elided = workspace.expression(
        .elided(kind, derivative: primes, site: nextElidedSite()))
      return try raised(Written(elided, formula.span), above, formula.span, in: &workspace)
    }
    guard primes == 0 else { throw Unreadable(.noMeaning, formula.span, identifier.latex) }
    if below == nil, let value = parameter(identifier.latex) {
      return try raised(value, above, formula.span, in: &workspace)
    }
    return try name(identifier, below, above, formula.span, in: &workspace)
  }

  // MARK: Constants

  /// 0_{m × n}.
  private mutating func zero(
    _ base: Formula, _ below: Formula?, _ span: Span, in workspace: inout Workspace
  ) -> Written? {
    guard case .number("0") = base.kind, case .binary(.times, let rows, let columns)? = below?.kind
    else { return nil }
    let shape = Shape.matrix(
      page.dimension(of: rows, in: &workspace), page.dimension(of: columns, in: &workspace))
    return Written(workspace.expression(.zero(shape)), span)
  }

  private mutating func constant(
    _ identifier: Formula.Identifier, _ below: Formula?, _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    if let step = try indicator(identifier, below: below, span, in: &workspace) { return step }
    let isDeclared =
      page.lexicon.declaredOrder(of: identifier.latex) != nil
      || table[NameKey(identifier.latex)] != nil
      || page.lexicon.isFamily(identifier.latex)
    // Beside an input gate I_t a size below still says that the identity is meant.
    let isSized = below?.identifier.map { size in
      page.lexicon.dimensionLetters.contains(size.latex) && !page.lexicon.isTimeLetter(size.latex)
        && !page.lexicon.labelled.contains(identifier.latex + "_" + size.latex)
    }
    switch identifier.name {
    case "I" where (!isDeclared || isSized == true) && identifier.decorations.isEmpty,
      "mathbbm1" where !isDeclared:
      let n: Dimension
      if let below {
        n = page.dimension(of: below, in: &workspace)
      } else {
        n = Dimension(workspace.dimension(named: "n"))
      }
      return Written(workspace.expression(.identity(n)), span)
    case "1" where identifier.font != .italic:
      let n =
        below.map { page.dimension(of: $0, in: &workspace) }
        ?? Dimension(workspace.dimension(named: "n"))
      return Written(workspace.expression(.ones(.vector(n))), span)
    case "0" where identifier.font != .italic:
      return Written(workspace.expression(.number(.zero)), span)
    case "delta" where below.map({ Lexicon.letters(of: $0).count == 2 }) == true && !isDeclared:
      guard let below, case let parts = Lexicon.letters(of: below) else { return nil }
      return try kronecker(parts[0], parts[1], span, in: &workspace)
    case "e" where below != nil && !isDeclared && identifier.decorations.isEmpty:
      guard let below, Lexicon.letters(of: below).count == 1, !page.lexicon.isExplained("e"),
        !page.lexicon.indexed.contains(identifier.latex)
      else { return nil }
      if let letter = below.identifier?.name, isClass(letter) {
        return Written(unitVector(of: letter, in: &workspace), span)
      }
      let place = try index(below, in: &workspace)
      return Written(
        workspace.expression(.unitVector(place, Dimension(workspace.dimension(named: "n")))), span)
    default: return nil
    }
  }

  // MARK: Names

  /// What the scripts of a name say once they are told apart.
  private struct Scripts {
    var label: Formula?
    var time: AffineLetters?
    var entries: [Formula] = []
    var copy: AffineLetters?
    /// Powers and transposes, in order.
    var rest: [Formula] = []
  }

  private mutating func name(
    _ identifier: Formula.Identifier, _ below: Formula?, _ above: Formula?, _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    let base = identifier.latex
    var scripts = Scripts()
    if !readSteppedAbove(base, below, above, &scripts) {
      readLower(base, below, above, &scripts)
      readUpper(base, above, isAlone: below == nil, &scripts)
    }
    if scripts.time == nil, let below, isMemberUnderEntries(base, below) {
      throw Unreadable(.index, span, identifier.latex)
    }
    if let gradient = try barredGradient(identifier, below, above, scripts, span, in: &workspace) {
      return try raised(gradient, scripts.rest, span, in: &workspace)
    }
    let labelled = scripts.label.map { base + "_" + Elaborator.script($0) } ?? base
    let key = NameKey(labelled, isFamily: scripts.time != nil)
    if scripts.time == nil, scripts.label == nil, scripts.entries.isEmpty, scripts.copy == nil,
      table[key] == nil, page.lexicon.declaredOrder(of: base) == nil
    {
      if let number = try integerOrDimension(identifier, span, in: &workspace) {
        return try raised(number, scripts.rest, span, in: &workspace)
      }
    }
    if let gradient = try namedGradient(
      key, scripts.time, scripts.entries, span, in: &workspace)
    {
      return try raised(gradient, scripts.rest, span, in: &workspace)
    }
    var resolved = key
    if scripts.entries.count == 2, table[key] == nil, !page.lexicon.isBare(base),
      page.lexicon.declaredOrder(of: base) == nil
    {
      // w_{ij} are the entries of W.
      let upper = Elaborator.uppercased(base)
      if table[NameKey(upper)] != nil || page.lexicon.declaredOrder(of: upper) == 2 {
        resolved = NameKey(upper)
      }
    }
    let symbol = symbol(resolved, in: &workspace)
    let time: Time?
    if let affine = scripts.time { time = self.time(affine, in: &workspace) } else { time = nil }
    let copy: Time?
    if let affine = scripts.copy { copy = self.time(affine, in: &workspace) } else { copy = nil }
    let variable = Written(workspace.variable(symbol, at: time, copy: copy), span)
    return try raised(
      try withEntries(variable, scripts.entries, span, in: &workspace), scripts.rest, span,
      in: &workspace)
  }

  /// The h_i of `\alpha_{t,i} h_i` where i counts entries of α_t and h_i is a whole vector.
  private func isMemberUnderEntries(_ base: String, _ below: Formula) -> Bool {
    guard let letter = below.identifier?.name, base != "b",
      base.utf8.first.map({ $0 < 65 || $0 > 90 }) == true,
      labels.contains(where: { $0.letter == letter })
    else { return false }
    let lexicon = page.lexicon
    return lexicon.labelled.contains(base + "_" + letter)
      || (lexicon.listed.contains(base) || lexicon.vectorMembers.contains(base))
        && !lexicon.isBare(base)
  }

  /// `h_j^t` on a page that writes `h_t` as well.
  private func readSteppedAbove(
    _ base: String, _ below: Formula?, _ above: Formula?, _ scripts: inout Scripts
  ) -> Bool {
    guard page.lexicon.steppedAbove.contains(base), let below, let above,
      let time = AffineLetters(above), !time.isLiteral, isTimeHere(time)
    else { return false }
    let parts = places(of: base, below)
    guard parts.count == 1, isEntryPlace(parts[0]) else { return false }
    scripts.time = time
    scripts.entries = parts
    return true
  }

  private func readLower(
    _ base: String, _ below: Formula?, _ above: Formula?, _ scripts: inout Scripts
  ) {
    guard let below else { return }
    let family = page.lexicon.families[base]
    // A loss has no entries that a number could count.
    let isStepOfLoss =
      family != nil && above == nil && PageReader.lossNames.contains(base)
      && AffineLetters(below).map { isTimeHere($0) } == true
    let isLabel = page.lexicon.isLabelBesideFamily(base, below)
    if family == .below && !isLabel || isStepOfLoss {
      let parts = Lexicon.timeCandidates(below)
      for part in parts {
        if scripts.time == nil, let affine = AffineLetters(part), isTimeHere(affine) {
          scripts.time = affine
        } else {
          scripts.entries.append(part)
        }
      }
      if scripts.time != nil { return }
      scripts.entries = []
    }
    let parts = places(of: base, below)
    if !isLabel, parts.allSatisfy({ isEntryPlace($0) }), isIndexed(base, parts, below) {
      scripts.entries = parts
    } else {
      scripts.label = below
    }
  }

  /// The places that a lower script names: of a declared matrix `12` is row 1, column 2.
  private func places(of base: String, _ below: Formula) -> [Formula] {
    if case .number(let digits) = below.kind, digits.utf8.count == 2, !digits.utf8.contains(48),
      page.lexicon.declaredOrder(of: base) == 2
        || page.lexicon.isBare(base) && page.lexicon.countedEntries.contains(base)
    {
      return digits.map { Formula(.number(String($0)), below.span) }
    }
    return Lexicon.letters(of: below)
  }

  func isTimeHere(_ affine: AffineLetters) -> Bool {
    for term in affine.terms {
      if isBoundTime(term.letter) { continue }
      if labels.contains(where: { $0.letter == term.letter })
        || !page.lexicon.isTimeLetter(term.letter)
      {
        return false
      }
    }
    return true
  }

  /// Whether a number in brackets above a parameter can be a step.
  func isStep(_ affine: AffineLetters) -> Bool {
    for term in affine.terms
    where page.lexicon.dimensionLetters.contains(term.letter) && !isBoundTime(term.letter) {
      return false
    }
    return true
  }

  private func isEntryPlace(_ part: Formula) -> Bool {
    switch part.kind {
    case .number: return true
    case .identifier(let identifier):
      guard identifier.decorations.isEmpty, identifier.font == .italic else { return false }
      return labels.contains { $0.letter == identifier.name }
        || Lexicon.indexLetters.contains(identifier.name)
        || page.lexicon.dimensionLetters.contains(identifier.name)
    default: return false
    }
  }

  /// Whether these scripts count entries of the name rather than label it.
  private func isIndexed(_ base: String, _ parts: [Formula], _ whole: Formula?) -> Bool {
    let lexicon = page.lexicon
    // Entries count from 1: `h_0` beside `h(t)` is a name.
    if whole?.kind == .number("0") { return false }
    if let whole, lexicon.labelled.contains(base + "_" + Elaborator.script(whole)) { return false }
    if lexicon.indexed.contains(base) { return true }
    let known = lexicon.isBare(base) || lexicon.declaredOrder(of: base) != nil
    if lexicon.families[base] != nil, lexicon.families[base] != .below { return true }
    if parts.count == 2 {
      return known || lexicon.isBare(Elaborator.uppercased(base))
        || lexicon.declaredOrder(of: Elaborator.uppercased(base)) == 2
        || parts.allSatisfy({ part in
          labels.contains { part.identifier?.isPlain($0.letter) == true }
        })
        || parts.contains { $0.identifier?.isPlain("i") == true }
          && parts.contains { $0.identifier?.isPlain("j") == true }
    }
    guard parts.count == 1 else { return known && lexicon.declaredOrder(of: base) == parts.count }
    if lexicon.isDeclaredLine(base) { return true }
    if let order = lexicon.declaredOrder(of: base), order != 1 { return false }
    if lexicon.declaredOrder(of: base) == 1 { return true }
    if let first = base.utf8.first, first >= 65, first <= 90 { return false }
    if labels.contains(where: { parts[0].identifier?.isPlain($0.letter) == true }) { return true }
    guard known else { return false }
    return parts[0].identifier.map { letter in
      lexicon.entryLetters.contains(letter.name)
        || lexicon.computed.contains(base) && Lexicon.entryCounters.contains(letter.name)
    } ?? lexicon.countedEntries.contains(base)
  }

  /// - Parameter isAlone: whether nothing stands below.
  private func readUpper(
    _ base: String, _ above: Formula?, isAlone: Bool, _ scripts: inout Scripts
  ) {
    guard let above else { return }
    var parts = [above]
    if case .juxtaposition(let items) = above.kind { parts = items }
    if case .list(let items) = above.kind { parts = items }
    let family = page.lexicon.families[base]
    for part in parts {
      var inner: Formula?
      if case .fenced(let fence, let content) = part.kind, fence != .bars { inner = content }
      let affine = AffineLetters(part) ?? inner.flatMap { AffineLetters($0) }
      if scripts.time == nil, family != nil, family != .below || isAlone && part.isParenthesised,
        family != .parentheses, let affine, isTimeHere(affine), inner != nil || family == .above
      {
        scripts.time = affine
      } else if family == nil, inner != nil, page.lexicon.labelledAbove.contains(base) {
        scripts.label = scripts.label ?? part
      } else if family == nil, scripts.copy == nil, inner != nil, let affine, isStep(affine) {
        scripts.copy = affine
      } else if family == .below, scripts.time != nil, inner == nil,
        let letter = part.identifier, !letter.isPlain("T"), !part.isTransposeMark,
        !page.lexicon.isIntegerLetter(letter.name), letter.font == .italic
      {
        // An upper letter that is no index labels the family: a^f_t.
        scripts.label = scripts.label ?? part
      } else {
        scripts.rest.append(part)
      }
    }
  }

  /// A letter that is no symbol: an integer (the t of t·w^{t-1}), a size.
  private mutating func integerOrDimension(
    _ identifier: Formula.Identifier, _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard identifier.font == .italic, identifier.decorations.isEmpty else { return nil }
    let letter = identifier.name
    if isBoundTime(letter)
      || page.lexicon.isIntegerLetter(letter) && !page.lexicon.isDifferentiated(letter)
    {
      return Written(
        workspace.expression(.timeValue(Time(timeSymbol(letter, in: &workspace)))), span)
    }
    if page.lexicon.dimensionLetters.contains(letter),
      !labels.contains(where: { $0.letter == letter })
    {
      let symbol = page.dimensionSymbol(letter, in: &workspace)
      return Written(workspace.expression(.dimensionValue(Dimension(symbol))), span)
    }
    return nil
  }

  /// `\bar h_t` where bars stand for gradients.
  private mutating func barredGradient(
    _ identifier: Formula.Identifier, _ below: Formula?, _ above: Formula?, _ scripts: Scripts,
    _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard page.gradientMarks.contains(.bar), identifier.decorations.first == .bar else {
      return nil
    }
    var node = identifier
    node.decorations.removeFirst()
    var upper = above
    if case .juxtaposition(let parts)? = above?.kind {
      let kept = parts.filter { !scripts.rest.contains($0) }
      upper = kept.first.map { kept.count == 1 ? $0 : Formula(.juxtaposition(kept), $0.span) }
    } else if let above, scripts.rest.contains(above) {
      upper = nil
    }
    let variable = try name(node, below, upper, span, in: &workspace)
    return gradient(by: variable, span, in: &workspace)
  }

  private mutating func namedGradient(
    _ key: NameKey, _ time: AffineLetters?, _ entries: [Formula], _ span: Span,
    in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard !isScratch, let entry = page.gradient(of: key, at: position) else { return nil }
    var (gradient, entries) = (entry.gradient, entries)
    if let one = entry.entry, entries.count == 1 {
      gradient = one.gradient.replacing(one.index, by: entries.removeFirst())
    }
    var written = try elaborate(gradient, in: &workspace)
    if let time, let formal = formalTime(of: entry.name, in: &workspace),
      let letter = formal.symbol
    {
      let actual = self.time(time, in: &workspace) - formal.constant
      written = Written(workspace.substituting(letter, by: actual, in: written.expression), span)
    } else if let time, !entry.name.steps.contains(time) {
      // What is said of one step says nothing of another.
      return nil
    }
    return try withEntries(Written(written.expression, span), entries, span, in: &workspace)
  }

  /// The time at which a name is explained: a letter, or one with a number.
  package mutating func formalTime(
    of name: Formula, in workspace: inout Workspace
  ) -> Time? {
    for formal in name.steps {
      guard let letter = formal.soleLetter, isTimeHere(formal) else { continue }
      return Time(timeSymbol(letter, in: &workspace)) + formal.constant
    }
    return nil
  }

  // MARK: Spelling

  /// A script as LaTeX, braced if it is longer than one letter.
  static func script(_ formula: Formula) -> String {
    let text = plain(formula)
    return text.utf8.count == 1 ? text : "{" + text + "}"
  }

  private static func plain(_ formula: Formula) -> String {
    switch formula.kind {
    case .number(let digits): return digits
    case .identifier(let identifier): return identifier.latex
    case .text(let words): return "\\mathrm{" + words + "}"
    case .juxtaposition(let items):
      var text = ""
      for item in items {
        let next = plain(item)
        if text.last?.isLetter == true, text.utf8.contains(92), next.first?.isLetter == true {
          text += " "
        }
        text += next
      }
      return text
    case .list(let items):
      var text = ""
      for (i, item) in items.enumerated() { text += (i > 0 ? "," : "") + plain(item) }
      return text
    case .fenced(.parentheses, let inner): return "(" + plain(inner) + ")"
    case .fenced(.brackets, let inner): return "[" + plain(inner) + "]"
    case .sum(let terms):
      var text = ""
      for (i, term) in terms.enumerated() {
        text += (term.isNegative ? "-" : i > 0 ? "+" : "") + plain(term.term)
      }
      return text
    case .scripts(let base, let below, let above, _):
      return plain(base) + (below.map { "_" + script($0) } ?? "")
        + (above.map { "^" + script($0) } ?? "")
    default: return "?"
    }
  }

  /// The same Latin letter as a capital.
  static func uppercased(_ base: String) -> String {
    guard let first = base.utf8.first, first >= 97, first <= 122,
      base.utf8.dropFirst().allSatisfy({ $0 == 39 })
    else { return base }
    return String(decoding: [first - 32] + base.utf8.dropFirst(), as: UTF8.self)
  }
}

extension Formula {
  /// The steps that a name bears, wherever they stand: `δ_t`, `δ^{[t]}`, `δ(t)`.
  fileprivate var steps: [AffineLetters] {
    func step(_ script: Formula) -> AffineLetters? {
      if case .fenced(_, let inner) = script.kind { return AffineLetters(inner) }
      return AffineLetters(script)
    }
    switch kind {
    case .scripts(_, let below, let above, _):
      return [below, above].compactMap { $0 }.flatMap { Lexicon.timeCandidates($0) }
        .compactMap { step($0) }
    case .juxtaposition(let items):
      return items.count == 2 ? [step(items[1])].compactMap { $0 } : []
    default: return []
    }
  }

  /// The formula with another one in the place of a part of it.
  package func replacing(_ old: Formula, by new: Formula) -> Formula {
    spelled == old.spelled ? new : mappingChildren { $0.replacing(old, by: new) }
  }
}
