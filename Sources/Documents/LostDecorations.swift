import Notation

/// A node printed without its hat: `∂y_t/∂o_t` on a page that computes `\hat y_t` from o_t and
/// says nothing of y but by derivatives.
struct LostDecorations {
  private var known: [(stranger: Formula.Identifier, node: Formula.Identifier)] = []

  init(surveying formulas: [Formula]) {
    let equations = StepEquation.all(in: formulas)
    let computed = equations.flatMap { $0.left }.compactMap { $0.unfencedScripts.identifier }
    var (within, outside): ([Formula.Identifier], [Formula.Identifier]) = ([], [])
    for formula in formulas { Self.collect(formula, &within, &outside) }
    for name in within where name.decorations.isEmpty && !outside.contains(name) {
      var nodes: [Formula.Identifier] = []
      for node in computed where node.name == name.name && node.font == name.font {
        if node.decorations == [.hat], !nodes.contains(node) { nodes.append(node) }
      }
      if nodes.count == 1, !known.contains(where: { $0.stranger == name }) {
        known.append((name, nodes[0]))
      }
    }
  }

  /// The names in quotients of derivatives, and those anywhere else.
  private static func collect(
    _ formula: Formula, _ within: inout [Formula.Identifier], _ outside: inout [Formula.Identifier]
  ) {
    if case .fraction(let above, let below) = formula.kind,
      let top = Elaborator.partialHead(above)?.rest,
      let bottom = Elaborator.partialHead(below)?.rest
    {
      for part in top + bottom {
        if let name = part.unfencedScripts.identifier {
          within.append(name)
        } else {
          collect(part, &within, &outside)
        }
      }
      return
    }
    if let name = formula.identifier { outside.append(name) }
    for child in formula.children { collect(child, &within, &outside) }
  }

  func restoring(_ formula: Formula) -> Formula {
    if known.isEmpty { return formula }
    if let node = known.first(where: { $0.stranger == formula.identifier })?.node {
      return Formula(.identifier(node), formula.span)
    }
    return formula.mappingChildren { restoring($0) }
  }
}
