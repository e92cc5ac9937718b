import Expressions
import Notation

/// What a relation is about: a constant, a name of an earlier section, something that is new.
extension PageReader {
  /// `W = I` of a parameter that equations above read: looked at, not defined.
  func isParticularValue(
    _ statement: Statement, _ variable: Variable?, _ key: NameKey?, _ rightKeys: [NameKey]
  ) -> Bool {
    guard statement.sign == .equal, let variable, let key, variable.time == nil,
      words.said == nil, rightKeys.isEmpty, !computed.contains(key),
      !statement.right.isPrintedMatrix,
      !fixesInteger(statement)
    else { return false }
    return page.definitions.contains { $0.key != key && $0.names.contains(key) }
  }

  /// `\sigma'(z) = \sigma(z)(1 - \sigma(z))`: what the slope of a function with a fixed meaning comes to is so
  /// or not, whoever supposes it.
  func isIdentityOfFunctions(
    _ statement: Statement, _ left: Expression?, _ right: Expression?,
    in workspace: borrowing Workspace
  ) -> Bool {
    guard let left, let right, statement.names.count < 2,
      statement.names.allSatisfy({ !computed.contains($0) && !$0.isFamily })
    else { return false }
    func applies(_ side: Expression, from order: Int) -> Bool {
      workspace.contains(side) { node in
        guard case .apply(let function, let own, _) = node else { return false }
        if case .generic = function { return false }
        return own >= order
      }
    }
    return applies(left, from: 1) && applies(right, from: 0)
  }

  /// A number, or the identity.
  func isConstant(_ formula: Formula) -> Bool {
    if case .number = formula.kind { return true }
    guard let identifier = formula.unfencedScripts.identifier, identifier.isPlain("I") else {
      return false
    }
    return !known.contains(NameKey("I")) && !page.notation.lexicon.isFamily("I")
  }

  /// Whether a section above gave the name to another derivative.
  func isNameOfEarlierSection(_ key: NameKey) -> Bool {
    let own = page.notation.gradients.filter { $0.key == key }
    return !own.isEmpty && own.allSatisfy { $0.statement < boundary }
  }

  /// Whether a proof by induction supposes something of what is computed already.
  func isSupposedOfStep(_ key: NameKey?) -> Bool {
    openProof != nil && supposesHere && key.map { computed.contains($0) } ?? false
  }

  func isName(_ formula: Formula) -> Bool {
    switch formula.kind {
    case .identifier: return true
    case .scripts(let base, _, _, 0): return base.identifier != nil
    default: return false
    }
  }

  /// The p_i of a computed p.
  func isEntryOfComputed(_ key: NameKey) -> Bool {
    Lexicon.indexed(key.name).map { computed.contains(NameKey($0.base)) } ?? false
  }

  /// A relation between symbols that nothing computes, one of them new: `Mv_i = λ_i v_i`; a bound of
  /// a new one alone: `λ > 0`.
  func bringsInSomethingNew(
    _ statement: Statement, in workspace: borrowing Workspace
  ) -> Bool {
    if statement.names.isEmpty { return false }
    for key in statement.names
    where computed.contains(key) || isEntryOfComputed(key) || page.scalars.contains(key)
      || page.notation.gradients.contains(where: { $0.key == key })
    {
      return false
    }
    if statement.sign.isOrder, statement.names.count == 1,
      isName(statement.left) && statement.right.isClosed
        || isName(statement.right) && statement.left.isClosed,
      !page.statements.contains(where: {
        $0.names == statement.names
          || $0.names.contains(statement.names[0])
            && ($0.block != statement.block || $0.sentence != statement.sentence)
      })
    {
      return true
    }
    guard statement.names.contains(where: { !known.contains($0) }) else { return false }
    return statement.names.contains { known.contains($0) }
      || statement.names.count == 1 && statement.sign.isOrder
        && (statement.left.isClosed || statement.right.isClosed)
  }
}

extension Formula {
  /// `W^\top` of W.
  package func isTransposeOf(_ name: Formula) -> Bool {
    untransposed?.spelled == name.spelled
  }

  /// Whether no name stands in it.
  var isClosed: Bool {
    var found = false
    visit { found = found || $0.identifier != nil }
    return !found
  }
}
