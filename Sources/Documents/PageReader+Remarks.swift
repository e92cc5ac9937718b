import Expressions
import Notation

/// Relations by which a sentence says what something is, or where it looks at it, and claims nothing.
extension PageReader {
  /// `where ε > 0`, `(here ε > 0)`, `Here ε > 0`, `ε > 0 is a constant`.
  func isRemark(_ part: Int, _ cue: Cue?, in sentence: Sentence) -> Bool {
    if cue == .where || cue == .with { return true }
    let items = Wording(sentence).items
    guard let place = items.firstIndex(of: .formula(part)) else { return false }
    let behind = items[(place + 1)...]
    if let verb = behind.first, verb == .term(.be) || verb == .term(.are),
      behind.dropFirst().first == .term(.article)
    {
      return true
    }
    var start = place
    while start > 0, items[start - 1] == .term(.ours) || items[start - 1] == .term(.filler) {
      start -= 1
    }
    if start == 0 { return place > 0 }
    return items[start - 1] == .open && behind.first == .close
  }

  /// `W = Q D Q^{-1} with Q = …`: whether a name that nothing declares was first said in front of the
  /// statement, in its own sentence.
  func isNewToSentence(_ key: NameKey?, _ statement: Statement) -> Bool {
    guard let key, !page.declarations.contains(where: { $0.key == key }) else { return false }
    let others = page.statements.filter {
      $0.index < statement.index && ($0.names.contains(key) || $0.defined == key)
    }
    return !others.isEmpty
      && others.allSatisfy { $0.block == statement.block && $0.sentence == statement.sentence }
  }

  /// Whether a relation bounds names that nothing computes by a number: `ε > 0`, `β, γ < 1`.
  func boundsInputs(_ statement: Statement, _ left: [NameKey], _ right: [NameKey]) -> Bool {
    guard statement.sign.isOrder, left.isEmpty != right.isEmpty else { return false }
    return areInputs(left.isEmpty ? statement.right : statement.left, left + right)
  }

  /// `|φ'(z)| ≤ γ`: whether an order bounds the slope of a function of which the page says nothing else;
  /// outside of a remark, at any argument.
  func boundsUnknownSlope(
    _ sign: Formula.RelationSign, _ left: Expression?, _ right: Expression?, isRemark: Bool,
    in workspace: borrowing Workspace
  ) -> Bool {
    guard sign.isOrder, let left, let right else { return false }
    func isAny(_ argument: Expression) -> Bool {
      guard case .variable(let variable) = workspace[argument], variable.time == nil,
        let key = scratch.key(of: variable.symbol)
      else { return false }
      return !computed.contains(key) && !known.contains(key)
    }
    func readsSlope(_ side: Expression) -> Bool {
      var found = false
      workspace.visit(side) { _, node in
        switch node {
        case .apply(.generic, let order, let argument) where order > 0:
          found = found || isRemark || isAny(argument)
        case .elided(.generic, _, _): found = true
        default: break
        }
      }
      return found
    }
    return readsSlope(left) != readsSlope(right)
      && ![left, right].contains { workspace.holds(.derivative, in: $0) }
  }

  /// Whether a formula is a name or a list of names that nothing computes.
  func areInputs(_ formula: Formula, _ keys: [NameKey]) -> Bool {
    var names = [formula]
    if case .list(let several) = formula.kind { names = several }
    return names.count == keys.count && names.allSatisfy { isName($0) }
      && !keys.contains { key in
        computed.contains(key) || isEntryOfComputed(key) || page.scalars.contains(key)
          || page.notation.gradients.contains { $0.key == key }
      }
  }

  /// Whether a name that is called a scalar is a number put in, `let c be a scalar`: no loss, nothing that
  /// an equation computes, that is differentiated or that the sentence makes a function of others.
  func isInput(_ key: NameKey, _ part: Int, _ block: Int, _ sentence: Int) -> Bool {
    if key.isFamily || isLossName(key) || page.notation.loss == key { return false }
    func names(_ formula: Formula) -> Bool {
      formula.unfencedScripts.identifier?.latex == key.name
    }
    for fact in facts(of: manuscript.blocks[block].sentences[sentence]) {
      if case .dependsOn(part, _) = fact { return false }
    }
    var isInput = true
    for formula in page.surveyed {
      formula.visit { inner in
        switch inner.kind {
        case .relations(let left, let members):
          let computes = [.equal, .defines].contains(members[0].sign)
          if computes, names(left) { isInput = false }
        case .fraction(let above, _):
          if let head = Elaborator.partialHead(above), head.rest.contains(where: names) {
            isInput = false
          }
        case .juxtaposition(let items):
          for (item, next) in zip(items, items.dropFirst())
          where names(next) && item.unfencedScripts.identifier?.name == "nabla"
            || names(item) && next.isParenthesised
          {
            isInput = false
          }
        default: break
        }
      }
    }
    return isInput
  }
}
