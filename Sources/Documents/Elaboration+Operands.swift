import Notation

/// What a derivative operator applies to: functions without an argument, whole products.
extension Elaborator {
  /// A function of one number that stands alone, without an argument.
  func loneFunction(_ items: [Formula]) -> StandardFunction? {
    guard items.count == 1, items[0].identifier != nil, let function = functionHead(items[0]),
      case .elementwise = function
    else { return nil }
    return function
  }

  /// Whether nothing says what a bare name is.
  func isUnknown(_ items: [Formula]) -> Bool {
    guard items.count == 1, let name = items[0].identifier?.latex else { return false }
    let lexicon = page.lexicon
    return lexicon.declaredOrder(of: name) == nil && !lexicon.isFamily(name)
      && !lexicon.isExplained(name)
  }

  /// Whether `\nabla_x` differentiates all of the product behind it, `x^\top A x`, not its first factor
  /// alone, as in `\nabla_y L\, W`: a number or what stands below a transpose needs the others.
  func takesProduct(_ first: Formula, _ others: ArraySlice<Formula>) -> Bool {
    let differentiates = others.contains { item in
      if case .fraction(let above, _) = item.kind { return Elaborator.partialHead(above) != nil }
      return item.unfencedScripts.identifier?.name == "nabla"
    }
    if others.isEmpty || differentiates { return false }
    switch first.kind {
    case .number: return true
    case .fraction(let above, let below):
      return AffineLetters(above) != nil && AffineLetters(below) != nil
    case .scripts(let base, _, let above?, 0):
      if isTranspose(above) { return true }
      guard let name = base.identifier?.latex else { return false }
      return page.lexicon.declaredOrder(of: name) != nil && !page.lexicon.isExplained(name)
    case .identifier(let name):
      if PageReader.lossNames.contains(name.latex) || page.lexicon.isExplained(name.latex) {
        return false
      }
      guard let order = page.lexicon.declaredOrder(of: name.latex) else { return false }
      return order > 0 || isNumber(others)
    default: return false
    }
  }

  /// `w^\top w`, `\lVert w \rVert^2`: a number, by which a declared one is multiplied.
  private func isNumber(_ items: ArraySlice<Formula>) -> Bool {
    func isTurned(_ item: Formula) -> Bool {
      guard case .scripts(_, _, let above?, 0) = item.kind else { return false }
      return isTranspose(above)
    }
    guard let first = items.first, let last = items.last else { return false }
    if case .fenced(.doubleBars, _) = first.unfencedScripts.kind { return items.count == 1 }
    return items.count > 1 && isTurned(first) && !isTurned(last)
  }
}

extension Formula {
  /// The x of `x^2`.
  var withoutPower: Formula {
    guard case .scripts(_, _, let above?, 0) = kind, AffineLetters(above)?.isLiteral == true
    else { return self }
    return lowered
  }
}
