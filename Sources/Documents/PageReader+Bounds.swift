import Expressions
import Notation

extension PageReader {
  /// `Suppose \|∂h_t/∂h_{t-1}\| \le β`: what is supposed of the size of a derivative is given, however it
  /// could be computed.
  func supposesNorm(
    _ statement: Statement, _ left: Expression?, _ right: Expression?,
    in workspace: borrowing Workspace
  ) -> Bool {
    guard statement.sign.isOrder, statement.problem == nil, let left, let right else {
      return false
    }
    return [left, right].allSatisfy { side in
      !workspace.holds(.derivative, in: side) || workspace.isMeasureAlone(side)
    }
  }

  /// `\|W\| \le \gamma_W`, `\|J_t\| \le \gamma_W \gamma_\sigma`: what norms are compared with is a number, and so is
  /// each factor of it.
  mutating func noteBounds(in workspace: inout Workspace) {
    for case .relations(let left, let members) in page.surveyed
      .flatMap({ Lexicon.relationsIn($0) }).map({ $0.kind })
    {
      guard members.allSatisfy({ $0.sign.isOrder || $0.sign == .equal }),
        members.contains(where: { $0.sign.isOrder })
      else { continue }
      let sides = [left] + members.map { $0.formula }
      guard sides.contains(where: { $0.isNorm }) else { continue }
      for name in sides.flatMap({ $0.factorNames }) {
        guard let (key, _) = self.name(of: name, in: &workspace), !page.scalars.contains(key),
          page.notation.lexicon.declaredOrder(of: key.name) == nil
        else { continue }
        page.scalars.append(key)
        page.bounds.append(key)
      }
    }
  }
}

extension Workspace {
  fileprivate func isMeasureAlone(_ side: Expression) -> Bool {
    switch self[side] {
    case .tensorFunction(let function, _): function.isNorm || function == .spectralRadius
    case .apply(.absolute, 0, _): true
    default: false
    }
  }
}

extension Formula {
  /// `\|W\|`, or norms side by side.
  fileprivate var isNorm: Bool {
    switch kind {
    case .fenced(.doubleBars, _): return true
    case .scripts(let base, _, _, _): return base.isNorm
    case .juxtaposition(let items): return items.contains { $0.isNorm }
    default: return false
    }
  }

  /// The names of a product of nothing but names, numbers, norms and powers of such; none of another formula.
  fileprivate var factorNames: [Formula] {
    switch kind {
    case .identifier(let name): return StandardFunction(name) == nil ? [self] : []
    case .scripts(let base, let below, let above, 0):
      if base.isNorm { return [] }
      if base.identifier == nil { return below == nil ? base.unfenced.factorNames : [] }
      return above?.mayTranspose == true ? [] : [lowered]
    case .juxtaposition(let items):
      let areFactors = items.allSatisfy { item in
        if case .number = item.kind { return true }
        return item.isNorm || !item.factorNames.isEmpty
      }
      return areFactors ? items.flatMap { $0.factorNames } : []
    case .binary(.dot, let a, let b): return a.factorNames + b.factorNames
    default: return []
    }
  }
}
