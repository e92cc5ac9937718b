import Documents
import Expressions
import Notation

/// One misprinted symbol of an equation, where no shapes make it type.
extension ShapeSolver {
  /// The only declared symbol that can stand for one occurrence so that everything types, if it
  /// occurs nowhere else.
  func repair(
    _ candidates: [Candidate], in workspace: inout Workspace
  ) -> Solution? {
    var found: [(Int, NameKey, Symbol, Expression, Expression, Expression, ShapeInference)] = []
    let declared = page.declarations.filter { $0.shape != nil }
    for (i, definition) in model.definitions.enumerated() {
      let places = occurrences(in: definition.body, workspace)
      // One symbol mends no more than one equation.
      var others = model
      others.definitions.remove(at: i)
      if search(candidates, others, in: workspace) == nil { continue }
      for (path, variable) in places where variable.time == nil {
        for declaration in declared {
          guard table[declaration.key] == nil, !declaration.key.isFamily else { continue }
          let symbol = workspace.symbol(
            SymbolRecord(
              name: declaration.key.name, shape: declaration.shape ?? .scalar, isFamily: false))
          let new = workspace.variable(symbol)
          let body = workspace.replacing(at: path, in: definition.body, by: new)
          var changed = model
          changed.definitions[i].body = body
          var more = candidates
          more.append(
            Candidate(
              key: declaration.key, symbol: symbol, shapes: [declaration.shape ?? .scalar],
              isDeclared: true))
          if let inference = search(more, changed, in: workspace) {
            found.append(
              (
                i, declaration.key, symbol, workspace.variable(variable.symbol), new, body,
                inference
              ))
          }
        }
      }
    }
    guard found.count == 1, let (i, key, symbol, old, new, body, inference) = found.first else {
      return nil
    }
    var solution = Solution(inference: inference)
    solution.repairs = [(i, key, symbol, old, new, body)]
    return solution
  }

  private func occurrences(
    in root: Expression, _ workspace: borrowing Workspace, _ path: Path = Path()
  ) -> [(Path, Variable)] {
    let node = workspace[root]
    if case .variable(let variable) = node { return [(path, variable)] }
    var found: [(Path, Variable)] = []
    for (i, child) in node.children.enumerated() {
      found += occurrences(in: child, workspace, path.appending(i))
    }
    return found
  }
}
