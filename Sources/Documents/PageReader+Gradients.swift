import Expressions
import Notation

/// Gradients by name: which names stand for the derivative of which scalar by which node.
extension PageReader {
  /// Names that stand for a scalar loss by custom.
  static let lossNames = ["L", "E", "J", "\\ell", "\\mathcal{L}", "\\mathcal{E}", "\\mathcal{J}"]

  /// `δ_t` for `∂L/∂z_t`; `du_t` for `∂L/∂u_t`, and so on.
  mutating func noteGradient(
    _ name: Formula, _ gradient: Formula, at statement: Int, in workspace: inout Workspace
  ) {
    noteLoss(gradient)
    var target = name
    if case .juxtaposition(let items) = name.kind {
      if items.first?.identifier?.isPlain("d") == true {
        page.notation.gradientMarks.insert(.d)
        return
      }
      if items.count == 2, items[0].identifier?.isPlain("delta") == true {
        page.notation.gradientMarks.insert(.delta)
        return
      }
      if items.count == 1 { target = items[0] }
    }
    if let marked = target.scriptedBase, let denominator = denominator(of: gradient),
      marked.decorations.first == .bar, marked.unbarred == denominator.scriptedBase
    {
      page.notation.gradientMarks.insert(.bar)
      return
    }
    guard let (key, _) = self.name(of: target, in: &workspace) else { return }
    var explained = gradient
    if case .relations(let left, _) = gradient.kind { explained = left }
    let mentioned = names(in: explained, in: &workspace)
    var numerator: NameKey?
    if let expression = mentioned.expression,
      case .derivative(let above, _, _) = workspace[expression]
    {
      numerator = workspace.namedVariable(of: above).flatMap { scratch.key(of: $0.symbol) }
    }
    page.notation.gradients.append(
      NamedGradient(
        key: key, name: target, gradient: explained, names: mentioned.keys, numerator: numerator,
        statement: statement))
  }

  /// `J_t = ∂h_t/∂h_{t-1}`, `\delta_t = ∂L/∂s_t`, `\delta_{t,i} = ∂L/∂s_{t,i}`: a new name for the
  /// derivative of a computed node or of a loss.
  mutating func namesDerivative(
    _ key: NameKey, _ left: Expression, _ right: Expression?, _ statement: Statement, _ cue: Cue?,
    in workspace: borrowing Workspace
  ) -> Bool {
    guard isName(statement.left),
      let right = right.map({ workspace.withoutSignAndTranspose($0) }),
      case .derivative(let above, let below, _) = workspace[right],
      let numerator = workspace.namedVariable(of: above),
      let denominator = workspace.namedVariable(of: below),
      let node = scratch.key(of: numerator.symbol)
    else { return false }
    var isWhole = false
    if case .variable = workspace[left] { isWhole = true }
    // Of a name without a step and without entries that is computed from all others.
    let isTotal = !isWhole && !node.isFamily && computed.contains(node)
    let isLoss =
      page.scalars.contains(node) || page.notation.loss == node || isTotal
      || PageReader.lossNames.contains(node.name)
    var (name, gradient) = (statement.left, statement.right)
    var entry: (index: Formula, gradient: Formula)?
    if isLoss {
      // The error of a step is named at that step.
      guard let by = scratch.key(of: denominator.symbol),
        computed.contains(by) || cue == .let && known.contains(by) || isComputedBelow(by),
        (denominator.time != nil) == key.isFamily
      else { return false }
      if !isWhole {
        guard let whole = withoutEntry(name, gradient) else { return false }
        (name, gradient) = whole
        entry = entryLetters(of: statement.left).first.map { ($0, statement.right) }
      }
    } else if !isWhole || !computed.contains(node) {
      return false
    }
    page.notation.gradients.append(
      NamedGradient(
        key: key, name: name, gradient: gradient, entry: entry,
        names: statement.names.filter { $0 != key }, numerator: node, statement: statement.index))
    remember(key)
    return true
  }

  /// `\bar v = ∂L/∂v` of a v that stands for any node: what bars mean.
  mutating func explainsBars(
    _ right: Expression?, _ statement: Statement, _ cue: Cue?, in workspace: borrowing Workspace
  ) -> Bool {
    guard words.isNaming || cue == .let, let bar = statement.left.scriptedBase,
      bar.decorations.first == .bar, let right,
      case .derivative(let above, let below, _) = workspace[right],
      let node = workspace.namedVariable(of: above).flatMap({ scratch.key(of: $0.symbol) }),
      let by = workspace.namedVariable(of: below).flatMap({ scratch.key(of: $0.symbol) }),
      bar.unbarred.latex == by.name, !known.contains(by), !computed.contains(by),
      PageReader.lossNames.contains(node.name) || page.notation.loss == node
    else { return false }
    page.notation.gradientMarks.insert(.bar)
    noteLoss(statement.right)
    return true
  }

  /// Whether an equation that is still to be read computes a name.
  private func isComputedBelow(_ key: NameKey) -> Bool {
    page.surveyed.contains { formula in
      Lexicon.relationsIn(formula).contains { relation in
        guard case .relations(let left, let members) = relation.kind,
          members.first?.sign == .equal
        else { return false }
        return left.scriptedBase?.latex == key.name
      }
    }
  }

  /// `\delta^t` and `∂L/∂h^t` of `\delta_j^t` and `∂L/∂h_j^t`: the same entry of both.
  private func withoutEntry(_ name: Formula, _ gradient: Formula) -> (Formula, Formula)? {
    if case .sum(var terms) = gradient.kind, terms.count == 1,
      let (whole, node) = withoutEntry(name, terms[0].term)
    {
      terms[0].term = node
      return (whole, Formula(.sum(terms), gradient.span))
    }
    let letters = entryLetters(of: name)
    guard letters.count == 1, let letter = letters[0].identifier,
      case .fraction(let above, let below) = gradient.kind,
      let whole = name.withoutScript(letter), let node = below.withoutScript(letter)
    else { return nil }
    return (whole, Formula(.fraction(above, node), gradient.span))
  }

  private func denominator(of gradient: Formula) -> Formula? {
    guard case .fraction(_, let below) = gradient.kind,
      let head = Elaborator.partialHead(below), head.rest.count == 1
    else { return nil }
    return head.rest[0]
  }

  /// The scalar of which a gradient is taken is the loss of gradients by name.
  private mutating func noteLoss(_ gradient: Formula) {
    gradient.visit { part in
      guard case .fraction(let above, _) = part.kind, let head = Elaborator.partialHead(above),
        head.rest.count == 1, let name = head.rest[0].identifier
      else { return }
      page.notation.loss = page.notation.loss ?? NameKey(name.latex)
    }
  }

  /// Decides, once all sentences are read, what the loss is and which names are its gradients.
  mutating func settleGradients(in workspace: inout Workspace) {
    adoptLoss()
    let survey = GradientSurvey(page.surveyed, lexicon: page.notation.lexicon)
    // `The Jacobian of a by x is J`: no loss.
    let derivatives = wordedGradients.compactMap { name(of: $0.name, in: &workspace)?.key.name }
    let losses = survey.losses.filter { !derivatives.contains($0) }
    if page.notation.loss == nil, losses.count == 1 {
      page.notation.loss = NameKey(losses[0])
    }
    let speaksOfGradients = page.notation.loss != nil || mentionsGradients
    if survey.prefixed.contains(.d), !page.notation.gradientMarks.contains(.d) {
      if survey.differentiatesLoss || !speaksOfGradients {
        page.notation.writesItalicDifferentials = true
      } else {
        page.notation.gradientMarks.insert(.d)
      }
    }
    if survey.prefixed.contains(.delta), speaksOfGradients {
      page.notation.gradientMarks.insert(.delta)
    }
    if survey.barsAreGradients, page.notation.loss != nil, !saysMean {
      page.notation.gradientMarks.insert(.bar)
    }
    if !page.notation.gradientMarks.isEmpty, page.notation.loss == nil {
      // The backward pass of a loss without a name.
      page.notation.loss = NameKey("L")
    }
    for (name, loss, node, statement) in wordedGradients {
      guard let numerator = loss?.scriptedBase.map({ _ in loss }) ?? lossFormula else { continue }
      noteGradient(
        name, Formula.partialDerivative(of: numerator, by: node), at: statement, in: &workspace)
    }
  }

  private var lossFormula: Formula? {
    guard let loss = page.notation.loss else { return nil }
    return Formula(parsing: Array(loss.name.utf8), macros: macros)
  }

  /// Without a gradient explained by name the only scalar of the page is the loss.
  private mutating func adoptLoss() {
    if page.notation.loss != nil { return }
    let bare = page.scalars.filter { !$0.isFamily && !page.bounds.contains($0) }
    if bare.count == 1 {
      page.notation.loss = bare[0]
    } else if let named = ["L", "E", "J", "\\ell", "\\mathcal{L}"].first(where: { name in
      bare.contains(NameKey(name))
    }) {
      page.notation.loss = NameKey(named)
    }
  }

  private var mentionsGradients: Bool {
    for block in manuscript.blocks {
      for sentence in block.sentences {
        for item in Wording(sentence).items where item == .term(.derivative) || item == .term(.loss)
        { return true }
        if says(sentence, ["backward", "backprop", "rückwärts", "反向"]) { return true }
      }
    }
    return false
  }

  /// Whether a sentence with a formula speaks of means: then bars are those.
  private var saysMean: Bool {
    for block in manuscript.blocks {
      for sentence in block.sentences
      where says(sentence, ["mean", "average", "mittel", "durchschnitt", "平均", "均值"]) {
        return true
      }
    }
    return false
  }

  private func says(_ sentence: Sentence, _ words: [String]) -> Bool {
    for case .text(let text, _) in sentence.parts {
      let lower = text.lowercased()
      for word in words where contains(word, in: lower) { return true }
    }
    return false
  }
}

/// What the formulas of a page show of gradients by name.
private struct GradientSurvey {
  /// Scalars by custom that the page computes or differentiates.
  private(set) var losses: [String] = []
  /// The marks before a name that equations of the page compute.
  private(set) var prefixed: GradientMarks = []
  /// Whether `dL = …` stands on the page.
  private(set) var differentiatesLoss = false
  /// Whether barred names are computed from one another, and no other equation reads them.
  private(set) var barsAreGradients = false

  init(_ formulas: [Formula], lexicon: Lexicon) {
    var names: Set<String> = []
    var isDeltaUsed = false
    var barredLefts: [Formula.Identifier] = []
    var (readsBars, differentiatesBars, chains) = (false, false, false)
    for formula in formulas {
      formula.visit { part in
        if let base = part.scriptedBase { names.insert(base.latex) }
        if case .scripts(let base, _, _, _) = part.kind, base.identifier?.isPlain("delta") == true {
          isDeltaUsed = true
        }
        if case .fraction(let above, let below) = part.kind,
          let head = Elaborator.partialHead(above), let bottom = Elaborator.partialHead(below)
        {
          for item in head.rest + bottom.rest where item.mentionsBar { differentiatesBars = true }
          if head.rest.count == 1 { note(head.rest[0], lexicon) }
        }
      }
    }
    for formula in formulas {
      for relation in Lexicon.relationsIn(formula) {
        guard case .relations(let left, let members) = relation.kind,
          members.first?.sign == .equal
        else { continue }
        note(left, lexicon)
        let isBarred = left.scriptedBase?.decorations.first == .bar
        if case .juxtaposition(let items) = left.kind, items.count == 2,
          let prefix = items[0].identifier, prefix.font == .italic,
          let base = items[1].scriptedBase, names.contains(base.latex),
          lexicon.declaredOrder(of: prefix.latex) == nil
        {
          if prefix.isPlain("d") {
            prefixed.insert(.d)
            if PageReader.lossNames.contains(base.latex) { differentiatesLoss = true }
          }
          if prefix.isPlain("delta"), !isDeltaUsed { prefixed.insert(.delta) }
        }
        if let base = left.scriptedBase, isBarred { barredLefts.append(base) }
        for member in members where member.formula.mentionsBar {
          if isBarred { chains = true } else if left.isNode { readsBars = true }
        }
      }
    }
    barsAreGradients =
      chains && !readsBars && !differentiatesBars
      && barredLefts.allSatisfy { names.contains($0.unbarred.latex) }
  }

  private mutating func note(_ formula: Formula, _ lexicon: Lexicon) {
    guard let name = formula.identifier?.latex, PageReader.lossNames.contains(name),
      (lexicon.declaredOrder(of: name) ?? 0) == 0, !losses.contains(name)
    else { return }
    losses.append(name)
  }
}

extension Formula {
  /// The identifier of a name, with or without scripts.
  var scriptedBase: Identifier? {
    if case .scripts(let base, _, _, 0) = kind { return base.identifier }
    return identifier
  }

  /// Whether it is a name: what an equation can compute.
  fileprivate var isNode: Bool { scriptedBase != nil }

  fileprivate var mentionsBar: Bool {
    var found = false
    visit { if $0.identifier?.decorations.first == .bar { found = true } }
    return found
  }

  static func partialDerivative(of above: Formula, by below: Formula) -> Formula {
    let partial = Formula(.identifier(Identifier("partial")), above.span)
    return Formula(
      .fraction(
        Formula(.juxtaposition([partial, above]), above.span),
        Formula(.juxtaposition([partial, below]), below.span)), above.span)
  }
}

extension Formula.Identifier {
  fileprivate var unbarred: Formula.Identifier {
    var plain = self
    if plain.decorations.first == .bar { plain.decorations.removeFirst() }
    return plain
  }
}

extension Workspace {
  /// `-\partial L/\partial v`, as errors are often named.
  fileprivate func withoutSignAndTranspose(_ expression: Expression) -> Expression {
    switch self[expression] {
    case .transpose(let inner), .negative(let inner): withoutSignAndTranspose(inner)
    default: expression
    }
  }
}

extension Formula {
  /// Without a letter that stands below the name once, alone or among other places; nil where it
  /// does not.
  fileprivate func withoutScript(_ letter: Identifier) -> Formula? {
    switch kind {
    case .scripts(let base, let below?, let above, let primes):
      let places: [Formula]
      switch below.kind {
      case .list(let items), .juxtaposition(let items): places = items
      default: places = [below]
      }
      let rest = places.filter { $0.identifier != letter }
      guard rest.count == places.count - 1 else { return nil }
      if rest.isEmpty, above == nil, primes == 0 { return base }
      let lower =
        rest.isEmpty ? nil : rest.count == 1 ? rest[0] : Formula(.list(rest), below.span)
      return Formula(.scripts(base, below: lower, above: above, primes: primes), span)
    case .juxtaposition(let items):
      guard let last = items.last, let bare = last.withoutScript(letter) else { return nil }
      return Formula(.juxtaposition(items.dropLast() + [bare]), span)
    default: return nil
    }
  }
}
