import Notation

/// `\nabla_a C` where the equation of C reads one layer of a alone, `C = \tfrac12 \|y - a^L\|^2`: by that
/// layer, on a page that never leaves a without one.
struct LayerGradients {
  private var instances: [(function: Formula.Identifier, base: Formula.Identifier, Formula)] = []

  init(surveying formulas: [Formula]) {
    let equations = StepEquation.all(in: formulas)
      .filter { $0.left.count == 1 }
    for formula in formulas {
      formula.visit { part in
        guard case .juxtaposition(let items) = part.kind else { return }
        for (item, next) in zip(items, items.dropFirst()) {
          guard let base = Self.variable(item), let function = next.identifier,
            !instances.contains(where: { $0.function == function && $0.base == base }),
            !formulas.contains(where: { Self.standsBare(base, in: $0) })
          else { continue }
          let own = equations.filter { $0.left[0].identifier == function }
          var read: [Formula] = []
          for equation in own { Self.collect(base, in: equation.right, into: &read) }
          guard let only = read.first, read.allSatisfy({ $0.spelled == only.spelled }) else {
            continue
          }
          instances.append((function, base, only))
        }
      }
    }
  }

  /// The a of `\nabla_a`.
  private static func variable(_ formula: Formula) -> Formula.Identifier? {
    guard case .scripts(let base, let below?, nil, 0) = formula.kind,
      base.identifier?.isPlain("nabla") == true
    else { return nil }
    return below.identifier
  }

  /// Whether the name stands without scripts anywhere but below ∇.
  private static func standsBare(_ name: Formula.Identifier, in formula: Formula) -> Bool {
    if variable(formula) == name { return false }
    switch formula.kind {
    case .identifier(let own): return own == name
    case .scripts(let base, let below, let above, _):
      return base.identifier == nil && standsBare(name, in: base)
        || [below, above].compactMap { $0 }.contains { standsBare(name, in: $0) }
    default: return formula.children.contains { standsBare(name, in: $0) }
    }
  }

  /// The name with its scripts wherever it stands, entries apart.
  private static func collect(
    _ name: Formula.Identifier, in formula: Formula, into found: inout [Formula]
  ) {
    if case .scripts(let base, let below, let above?, 0) = formula.kind, base.identifier == name {
      let isEntry = below.flatMap { Lexicon.entryCounter($0) } != nil
      found.append(
        isEntry
          ? Formula(.scripts(base, below: nil, above: above, primes: 0), formula.span) : formula)
      return
    }
    for child in formula.children { collect(name, in: child, into: &found) }
  }

  func restoring(_ formula: Formula) -> Formula {
    if instances.isEmpty { return formula }
    let formula = formula.mappingChildren { restoring($0) }
    guard case .juxtaposition(var items) = formula.kind else { return formula }
    for i in items.indices.dropLast() {
      guard let base = Self.variable(items[i]), let function = items[i + 1].identifier,
        let own = instances.first(where: { $0.function == function && $0.base == base }),
        case .scripts(let nabla, _, _, _) = items[i].kind
      else { continue }
      items[i] = Formula(
        .scripts(nabla, below: own.2, above: nil, primes: 0), items[i].span)
    }
    return Formula(.juxtaposition(items), formula.span)
  }
}
