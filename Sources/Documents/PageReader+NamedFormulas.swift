import Expressions
import Notation

/// Names that a page gives to formulas with derivatives in them.
extension PageReader {
  /// `Let \delta_t = ∂E/∂h_t ⊙ (1 - h_t^2)`: a new name for a formula with derivatives in it.
  mutating func namesFormula(
    _ key: NameKey, _ left: Expression,
    _ right: (keys: [NameKey], expression: Expression?, problem: Unreadable?),
    _ statement: Statement, in workspace: borrowing Workspace
  ) -> Bool {
    guard isName(statement.left), case .variable(let variable) = workspace[left],
      variable.copy == nil, let body = right.expression, !namesUsed(by: right.keys).contains(key),
      page.notation.gradients.allSatisfy({ $0.key != key || $0.statement < boundary })
    else { return false }
    let time = variable.time.map { affine($0, in: workspace) }
    // The name stands for the same formula at every step; what is said of the last says nothing of
    // the others.
    var own: String?
    if let time {
      guard let letter = time.soleLetter, isRunning(letter) else { return false }
      own = letter
    }
    for step in workspace.freeTimes(in: body) {
      let letter = workspace.name(of: step)
      if letter != own, isRunning(letter) { return false }
    }
    var numerator: NameKey?
    workspace.visit(body) { _, node in
      guard numerator == nil, case .derivative(let above, _, _) = node else { return }
      numerator = workspace.namedVariable(of: above).flatMap { scratch.key(of: $0.symbol) }
    }
    page.notation.gradients.append(
      NamedGradient(
        key: key, name: statement.left, gradient: statement.right, names: right.keys,
        numerator: numerator, statement: statement.index))
    remember(key)
    return true
  }

  /// `Let \lambda^\top = ∂J/∂s`: a new name for the transpose of a formula.
  func transposedName(
    _ left: Formula, _ members: [Formula.RelationMember], _ cue: Cue?
  ) -> (Formula, Formula.RelationMember)? {
    guard members[0].sign == .equal || members[0].sign == .defines,
      members[0].sign == .defines || cue == .let || cue == .where || words.isNaming,
      case .scripts(let base, _, let above?, 0) = left.kind, above.isTransposeMark,
      let name = base.identifier, let key = nameKeys(left).first, !known.contains(key),
      !computed.contains(key), !page.declarations.contains(where: { $0.key == key }),
      StandardFunction(name) == nil
    else { return nil }
    var value = members[0]
    let span = value.formula.span
    value.formula = Formula(
      .scripts(
        Formula(.fenced(.parentheses, value.formula), span), below: nil, above: above, primes: 0),
      span)
    return (left.lowered, value)
  }

  /// `… = \sum_t p_t x_t^\top where p_t = …`: a name that stands nowhere but in claims of its paragraph.
  func isOfParagraph(_ key: NameKey, _ statement: Statement) -> Bool {
    !computed.contains(key) && !page.declarations.contains { $0.key == key }
      && page.statements.allSatisfy { other in
        !other.names.contains(key)
          || other.role == .claim && other.block == statement.block
      }
  }

  /// `g_t = (1 - h_t^2) \odot ∂L/∂h_t` without a word, where the other equations of the section read g and nothing
  /// else says what it is. A δ is an error, of which equations are claimed.
  func isReadByOthers(_ key: NameKey, _ statement: Statement) -> Bool {
    guard let name = statement.left.scriptedBase, name.decorations.isEmpty, name.name != "delta",
      !PageReader.lossNames.contains(key.name), !computed.contains(key),
      !page.declarations.contains(where: { $0.key == key }),
      page.statements.allSatisfy({ other in
        !other.names.contains(key) || other.role == .claim && other.section == boundary
      })
    else { return false }
    var computing = 0
    var reading = 0
    for case .relations(let left, let members) in page.surveyed
      .flatMap({ Lexicon.relationsIn($0) }).map({ $0.kind })
    {
      if left.scriptedBase == name { computing += 1 }
      if members.contains(where: { $0.formula.bears(name) }) { reading += 1 }
    }
    return computing == 1 && reading > 0
  }

  /// Names and those that the formulas read for which they stand.
  private func namesUsed(by names: [NameKey]) -> Set<NameKey> {
    var found: Set<NameKey> = []
    var queue = names
    while let name = queue.popLast() {
      guard found.insert(name).inserted else { continue }
      for gradient in page.notation.gradients where gradient.key == name { queue += gradient.names }
    }
    return found
  }

  /// Whether a letter counts steps, and is not the last of them.
  func isRunning(_ letter: String) -> Bool {
    if page.ranges.contains(where: { $0.letter == letter })
      || page.definitions.contains(where: { $0.time?.soleLetter == letter })
    {
      return true
    }
    return letter.utf8.first.map { !isUppercase($0) } == true && !["n", "m", "l"].contains(letter)
  }
}

extension Formula {
  fileprivate func bears(_ name: Identifier) -> Bool {
    var found = false
    visit { found = found || $0.identifier == name }
    return found
  }
}
